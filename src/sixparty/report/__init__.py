"""Results in, pages out: the brief as a document, and its renderings as HTML, Markdown and terminal text.

Pure: no clock, no chance, no files but the room's own templates, messages and styles. Drawing and templating
libraries are loaded when a page is rendered, not when the room is imported.
"""

from sixparty.report.document import brief_document, json_ready, look_up
from sixparty.report.evidence_sheet import claim_drawing, claim_sheet, claims_drawing, claims_index, sheet_name
from sixparty.report.evidence_standing import ClaimsStanding, ClaimTouched
from sixparty.report.evidence_terminal import evidence_terminal
from sixparty.report.evidence_words import LANGUAGES as CLAIM_LANGUAGES
from sixparty.report.explain_terminal import explain_terminal
from sixparty.report.inputs import (
    BriefInputs,
    Change,
    ClassStanding,
    Coverage,
    DateAhead,
    Expectation,
    FitSummary,
    ForecastCell,
    Header,
    IndexPoint,
    IndexStanding,
    MonthlyCount,
    PhaseLength,
    PhaseStanding,
    Reason,
    RowUsed,
    Signpost,
    SourceUsed,
    Trust,
    UnusualRule,
)
from sixparty.report.ledger_terminal import ledger_terminal
from sixparty.report.messages import PARTY_NAMES, languages, read_messages
from sixparty.report.past import (
    Against,
    ArchivedKind,
    ArchiveStanding,
    PastCell,
    PastPeriod,
    PastStanding,
    Reliability,
    ReliabilityBin,
    Tally,
    TrackRecord,
)
from sixparty.report.promises import EndedBy, PartyPromises, PromiseCounts, PromiseDue, PromiseStanding, StepsHeld
from sixparty.report.render import brief_html, brief_markdown
from sixparty.report.terminal import brief_terminal

__all__ = [
    "CLAIM_LANGUAGES",
    "PARTY_NAMES",
    "Against",
    "ArchiveStanding",
    "ArchivedKind",
    "BriefInputs",
    "Change",
    "ClaimTouched",
    "ClaimsStanding",
    "ClassStanding",
    "Coverage",
    "DateAhead",
    "EndedBy",
    "Expectation",
    "FitSummary",
    "ForecastCell",
    "Header",
    "IndexPoint",
    "IndexStanding",
    "MonthlyCount",
    "PartyPromises",
    "PastCell",
    "PastPeriod",
    "PastStanding",
    "PhaseLength",
    "PhaseStanding",
    "PromiseCounts",
    "PromiseDue",
    "PromiseStanding",
    "Reason",
    "Reliability",
    "ReliabilityBin",
    "RowUsed",
    "Signpost",
    "SourceUsed",
    "StepsHeld",
    "Tally",
    "TrackRecord",
    "Trust",
    "UnusualRule",
    "brief_document",
    "brief_html",
    "brief_markdown",
    "brief_terminal",
    "claim_drawing",
    "claim_sheet",
    "claims_drawing",
    "claims_index",
    "evidence_terminal",
    "explain_terminal",
    "json_ready",
    "languages",
    "ledger_terminal",
    "look_up",
    "read_messages",
    "sheet_name",
]
