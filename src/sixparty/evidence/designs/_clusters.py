"""Standard errors from whole years: how far an estimate moves when one year at a time is taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Float
from scipy import stats

from sixparty.evidence.designs._days import Days
from sixparty.evidence.estimate import POWER, SIGNIFICANCE, Estimate, NotTestable, Ratio

Pieces = Float[np.ndarray, "piece term"]
Informations = Float[np.ndarray, "piece term term"]

_FARTHEST, _CANDIDATES = 7.0, 1401
_LEAST_OWN, _WIDEST, _FEWEST_FREEDOM = 0.01, 2.0, 2.0


@dataclass(frozen=True, eq=False)
class Uncertainty:
    """How sure each term of a fit is.

    Parameters
    ----------
    standard_errors
        Of each term, by the jackknife over pieces.
    freedoms
        Degrees of freedom of each standard error.
    own_shares
        Share of each term's information that no other term holds, from 0 to 1.
    """

    standard_errors: Float[np.ndarray, " term"]
    freedoms: Float[np.ndarray, " term"]
    own_shares: Float[np.ndarray, " term"]


def jackknife(
    scores: Pieces, informations: Informations, *, penalty: Float[np.ndarray, "term term"], terms: int
) -> Uncertainty:
    r"""Leave one piece of the record out at a time, by one Newton step from the whole fit.

    With scores :math:`s_g` and informations :math:`I_g` of the pieces and :math:`H = \sum_g I_g + P`, the fit without
    piece *g* moves by :math:`d_g = -(H - I_g)^{-1} s_g`; the variance is :math:`\frac{G-1}{G} \sum_g d_g d_g^\top`, and
    the degrees of freedom :math:`(\sum_g v_g)^2 / \sum_g v_g^2` with :math:`v_g` the share of piece *g* in the variance
    that the model expects (Satterthwaite's rule).

    Parameters
    ----------
    scores, informations
        By piece, at the fit.
    penalty
        *P*: what the fit adds to the information.
    terms
        How many leading terms are asked for.
    """
    whole = informations.sum(axis=0) + penalty
    own = 1.0 / (np.diag(whole) * np.diag(np.linalg.inv(whole)))
    without = whole - informations
    rows = np.linalg.inv(without)[:, :terms, :]
    moves = np.einsum("gij,gj->gi", rows, scores)
    expected = np.einsum("gij,gjk,gik->gi", rows, informations, rows)
    pieces = len(scores)
    errors = np.sqrt((pieces - 1) / pieces * (moves**2).sum(axis=0))
    freedoms = expected.sum(axis=0) ** 2 / np.maximum((expected**2).sum(axis=0), 1e-300)
    return Uncertainty(errors, np.maximum(freedoms, 1.0), own[:terms])


@dataclass(frozen=True)
class LogRatio:
    """An estimated log ratio, and the outcomes on which it rests.

    Parameters
    ----------
    value, standard_error, freedom
        The log ratio, its standard error and its degrees of freedom.
    exposed, others
        Outcomes on exposed and on other days.
    """

    value: float
    standard_error: float
    freedom: float
    exposed: int
    others: int

    @property
    def ratio(self) -> Ratio:
        """The ratio with its 95 % interval by Student's law."""
        reach = float(stats.t.ppf(1 - SIGNIFICANCE / 2, self.freedom)) * self.standard_error
        low, value, high = np.exp(np.clip([self.value - reach, self.value, self.value + reach], -700.0, 700.0))
        return Ratio(float(value), float(low), float(high))

    @property
    def p_value(self) -> float:
        """Two-sided, against a ratio of 1."""
        return float(2 * stats.t.sf(abs(self.value) / self.standard_error, self.freedom))

    def detectable(self, *, above: bool = True) -> float:
        r"""Return the ratio above (or below) 1 that is seen with 80 % power.

        It solves :math:`|b| = (t_{.975} + t_{.8})\, s(b)`, with :math:`s(b)^2` the Poisson part
        :math:`1/(E_1 e^b) + 1/E_0`, :math:`E_1` and :math:`E_0` being the outcomes expected without an effect on
        exposed and on other days, and the rest of the variance found, which changes half as much as that part. Where no
        fall could be seen, 0 is returned.
        """
        reach = float(stats.t.ppf(1 - SIGNIFICANCE / 2, self.freedom) + stats.t.ppf(POWER, self.freedom))
        logs = np.linspace(0.0, _FARTHEST, _CANDIDATES)[1:] * (1 if above else -1)
        seen = np.abs(logs) >= reach * np.sqrt(self._variance(logs))
        if not seen.any():
            return float(np.exp(_FARTHEST)) if above else 0.0
        return float(np.exp(logs[np.argmax(seen)]))

    def _variance(self, logs: Float[np.ndarray, " candidate"]) -> Float[np.ndarray, " candidate"]:
        """Variance of the log ratio if it were one of these."""
        found = 1.0 / self.exposed + 1.0 / self.others
        poisson = np.exp(self.value - logs) / self.exposed + 1.0 / self.others
        rest = max(0.0, self.standard_error**2 - found)
        return np.asarray(poisson + rest * (1.0 + poisson / found) / 2)


def answer(
    days: Days, values: Float[np.ndarray, " term"], sure: Uncertainty, *, details: Mapping[str, float]
) -> Estimate:
    """Return the estimate of a fit whose first term is the exposure and whose second is the lead, if days have one.

    Raises
    ------
    NotTestable
        If the other terms hold all that the exposure says, or outcomes are too few or crowd into too few years.
    """
    _require_sure(sure)
    main = _term(days, values, sure, place=0)
    return Estimate(
        ratio=main.ratio,
        p_value=main.p_value,
        episodes=days.episodes,
        exposed_days=int(days.exposed.sum()),
        events=days.events,
        exposed_events=days.exposed_events,
        minimum_detectable=main.detectable(),
        lead=_term(days, values, sure, place=1).ratio if days.has_lead else None,
        details=MappingProxyType(
            {
                "standard_error": main.standard_error,
                "degrees_of_freedom": main.freedom,
                "detectable_below_one": main.detectable(above=False),
            }
            | dict(details)
        ),
    )


def _require_sure(sure: Uncertainty) -> None:
    if sure.own_shares[0] < _LEAST_OWN:
        raise NotTestable(
            f"the exposure must differ from season, level and what is held apart, got {sure.own_shares[0]:.1%} of its "
            "own. Leave out the exposure that coincides with it, or use fewer harmonics."
        )
    if not sure.standard_errors[0] < _WIDEST or sure.freedoms[0] < _FEWEST_FREEDOM:
        raise NotTestable(
            f"the log ratio must have a standard error below {_WIDEST:g} and {_FEWEST_FREEDOM:g} degrees of freedom, "
            f"got {sure.standard_errors[0]:.2g} and {sure.freedoms[0]:.2g}. Widen the window or ask of a more "
            "frequent outcome."
        )


def _term(days: Days, values: Float[np.ndarray, " term"], sure: Uncertainty, *, place: int) -> LogRatio:
    return LogRatio(
        value=float(values[place]),
        standard_error=float(sure.standard_errors[place]),
        freedom=float(sure.freedoms[place]),
        exposed=days.exposed_events,
        others=days.events - days.exposed_events,
    )
