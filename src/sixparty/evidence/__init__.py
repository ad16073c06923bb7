"""Claims put to the test: a claim's file, a design, an estimate, its checks, a verdict by rule."""

from sixparty.evidence.claim import MECHANISMS, VERIFIED, WITHOUT_TURN, Claim, Series, Test, read_claim
from sixparty.evidence.designs.registry import DESIGNS, design_called
from sixparty.evidence.estimate import POWER, SIGNIFICANCE, Estimate, NotTestable, Ratio
from sixparty.evidence.question import OPTIONS, Question, Stock
from sixparty.evidence.run import TURN, ClaimResult, question_of, test_claim
from sixparty.evidence.tables import EFFECT_COLUMNS, effects_table, expected_false_positives
from sixparty.evidence.verdict import Judgement, grade, judge, lead_passes, reading

__all__ = [
    "DESIGNS",
    "EFFECT_COLUMNS",
    "MECHANISMS",
    "OPTIONS",
    "POWER",
    "SIGNIFICANCE",
    "TURN",
    "VERIFIED",
    "WITHOUT_TURN",
    "Claim",
    "ClaimResult",
    "Estimate",
    "Judgement",
    "NotTestable",
    "Question",
    "Ratio",
    "Series",
    "Stock",
    "Test",
    "design_called",
    "effects_table",
    "expected_false_positives",
    "grade",
    "judge",
    "lead_passes",
    "question_of",
    "read_claim",
    "reading",
    "test_claim",
]
