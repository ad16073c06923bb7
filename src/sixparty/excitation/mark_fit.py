"""What a fit leaves behind: draws, evidence and a judgement of its quality."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float

from sixparty.errors import ModelRefused
from sixparty.excitation.diagnose import FitDiagnosis
from sixparty.excitation.priors import MarkPriors
from sixparty.excitation.structure import MarkStructure


@dataclass(frozen=True)
class MarkFit:
    """Equal-weight posterior draws of one mark's parameters.

    Parameters
    ----------
    parameter_names
        `drift` (sd of a four-weekly move of the log level), `dispersion`, `level_mean` (log rate per period),
        `half_life_weeks`, `renewal` (chance that a move draws the level anew), `level_spread` (sd of what is drawn
        anew), `excitation:LINK`, `memory:LINK`, `effect:EXPOSURE`, `season:sin`, `season:cos`.
    draws
        In natural units, one column a name.
    log_evidence
        Log probability of the counts under structure and priors; None after NUTS.
    """

    structure: MarkStructure
    priors: MarkPriors
    parameter_names: tuple[str, ...]
    draws: Float[np.ndarray, "draw parameter"]
    log_evidence: float | None
    diagnosis: FitDiagnosis

    @cached_property
    def _columns(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.parameter_names)}

    def values(self, name: str) -> Float[np.ndarray, " draw"]:
        """Return the draws of one parameter, in natural units."""
        if name not in self._columns:
            raise ModelRefused(
                f"parameter must be one of {', '.join(self.parameter_names)}, got {name!r}. Choose one of these."
            )
        return self.draws[:, self._columns[name]]
