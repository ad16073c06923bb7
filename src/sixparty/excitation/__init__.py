"""Rates that drift, excite themselves and answer to drivers: fit, condition, simulate. Arrays only."""

from sixparty.excitation.calibrate import (
    CalibrationRanks,
    calibration_ranks,
    uniformity_band,
    uniformity_chances,
)
from sixparty.excitation.condition import MarkState, condition, condition_at
from sixparty.excitation.data import MarkData, season_terms
from sixparty.excitation.diagnose import FitDiagnosis
from sixparty.excitation.drivers import DeclaredState, Drivers, Trigger, undisturbed
from sixparty.excitation.exact import expected_counts
from sixparty.excitation.fit import fit_mark, importance_fit
from sixparty.excitation.hawkes import EventTimes, Hawkes, hawkes_counts
from sixparty.excitation.joint import JointModel, assemble_marks, branching_ratio
from sixparty.excitation.mark_fit import MarkFit
from sixparty.excitation.nuts import nuts_reference
from sixparty.excitation.priors import MarkPriors, Normal, default_priors
from sixparty.excitation.replicate import prior_draws, replicate_blocks, replicate_series
from sixparty.excitation.simulate import SimulatedFutures, simulate
from sixparty.excitation.structure import OWN, LevelGrid, MarkStructure

__all__ = [
    "OWN",
    "CalibrationRanks",
    "DeclaredState",
    "Drivers",
    "EventTimes",
    "FitDiagnosis",
    "Hawkes",
    "JointModel",
    "LevelGrid",
    "MarkData",
    "MarkFit",
    "MarkPriors",
    "MarkState",
    "MarkStructure",
    "Normal",
    "SimulatedFutures",
    "Trigger",
    "assemble_marks",
    "branching_ratio",
    "calibration_ranks",
    "condition",
    "condition_at",
    "default_priors",
    "expected_counts",
    "fit_mark",
    "hawkes_counts",
    "importance_fit",
    "nuts_reference",
    "prior_draws",
    "replicate_blocks",
    "replicate_series",
    "season_terms",
    "simulate",
    "undisturbed",
    "uniformity_band",
    "uniformity_chances",
]
