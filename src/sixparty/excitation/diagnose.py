"""Whether a fit may be used, and what to do when it may not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LARGEST_K_HAT = 0.7
LARGEST_R_HAT = 1.01
SMALLEST_SAMPLE = 400.0
SMALLEST_WEIGHTED_SHARE = 0.1

Method = Literal["importance", "nuts"]


@dataclass(frozen=True)
class FitDiagnosis:
    """What is known about the quality of a fit.

    Parameters
    ----------
    method
        ``importance`` (Laplace with Pareto-smoothed importance sampling) or ``nuts``.
    k_hat
        Shape of the tail of the importance weights; None for NUTS.
    effective_draws
        Independent draws that the sample is worth (the smallest over the parameters, for NUTS).
    r_hat, divergences
        Largest split R-hat and number of divergent transitions; None for importance sampling.
    is_accepted
        Whether all limits are met.
    advice
        What to do; empty for an accepted fit.
    """

    method: Method
    k_hat: float | None
    effective_draws: float
    r_hat: float | None
    divergences: int | None
    is_accepted: bool
    advice: str


def diagnose_importance(k_hat: float, effective_draws: float, *, proposals: int) -> FitDiagnosis:
    """Judge importance sampling: k-hat below .7 and at least a tenth of the proposals effective.

    References
    ----------
    Vehtari, Simpson, Gelman, Yao and Gabry (2024), "Pareto smoothed importance sampling", JMLR 25(72).
    """
    is_accepted = k_hat < LARGEST_K_HAT and effective_draws >= SMALLEST_WEIGHTED_SHARE * proposals
    advice = (
        ""
        if is_accepted
        else (
            f"Expected k-hat below {LARGEST_K_HAT} and at least {SMALLEST_WEIGHTED_SHARE:.0%} of {proposals} "
            f"proposals effective, got {k_hat:.2f} and {effective_draws:.0f}. Fit this mark by NUTS."
        )
    )
    return FitDiagnosis("importance", k_hat, effective_draws, None, None, is_accepted, advice)


def diagnose_chains(r_hat: float, effective_draws: float, *, divergences: int) -> FitDiagnosis:
    """Judge NUTS: R-hat at most 1.01, at least 400 effective draws of everything reported, no divergence."""
    is_accepted = r_hat <= LARGEST_R_HAT and effective_draws >= SMALLEST_SAMPLE and divergences == 0
    advice = (
        ""
        if is_accepted
        else (
            f"Expected R-hat at most {LARGEST_R_HAT}, at least {SMALLEST_SAMPLE:.0f} effective draws and no "
            f"divergence, got {r_hat:.3f}, {effective_draws:.0f} and {divergences}. Draw longer chains, or choose "
            "a stationary level or fewer links for this mark."
        )
    )
    return FitDiagnosis("nuts", None, effective_draws, r_hat, divergences, is_accepted, advice)
