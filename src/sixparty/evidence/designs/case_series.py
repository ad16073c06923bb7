"""Each year its own control: days under an exposure against the other days of the same year."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float, Int

from sixparty.compute import Key
from sixparty.evidence.designs._clusters import answer, jackknife
from sixparty.evidence.designs._days import LEAD_WEEKS, Days, lay_out, require_answerable
from sixparty.evidence.designs._weeks import season
from sixparty.evidence.estimate import Estimate, NotTestable
from sixparty.evidence.question import Question

FEWEST_EVENTS, FEWEST_EXPECTED, FEWEST_YEARS = 20, 3.0, 5
"""Below these counts the stated false-alarm rate was not reached in simulations, and nothing is estimated."""

_STEPS, _TOLERANCE, _FAINT = 60, 1e-8, 1e-9


def case_series(key: Key, question: Question) -> Estimate:
    r"""Return the ratio of daily rates under the exposure and on other days of the same calendar year.

    Given the number :math:`n_y` of outcomes in year *y*, each falls on day *i* with the chance

    .. math:: p_i = \frac{e^{b x_i + c l_i + \sum_k g_k z_{ki} + h_i}}{\sum_{j \in y} e^{b x_j + c l_j + \dots}}

    so that whatever is the same all year, its level above all, drops out. The season *h* is common to all years.
    Standard errors come from leaving out whole years.

    Parameters
    ----------
    key
        Not used: nothing is drawn.
    question
        Options: `harmonics` = 2 yearly waves, `lead_weeks` = 4 (0: none), `from_week` and `to_week` for windows after
        dates.

    Raises
    ------
    NotTestable
        If fewer than 20 outcomes, 3 expected ones on either side, or 5 years with exposure and 5 with outcomes are
        there, all outcomes fall on one side, or other terms hold all that the exposure says.

    References
    ----------
    Whitaker, Farrington, Spiessens and Musonda (2006), Tutorial in biostatistics: the self-controlled case series
    method, Statistics in Medicine 25, 1768-1797; Armstrong, Gasparrini and Tobias (2014), Conditional
    Poisson models, BMC Medical Research Methodology 14:122.
    """
    days = lay_out(question, lead_days=7 * question.whole("lead_weeks", LEAD_WEEKS))
    require_answerable(
        days,
        fewest_events=FEWEST_EVENTS,
        fewest_expected=FEWEST_EXPECTED,
        fewest_years=FEWEST_YEARS,
        fewest_outcome_years=FEWEST_YEARS,
    )
    likelihood = _likelihood(question, days)
    values = _settled(likelihood)
    scores, informations = likelihood.at(values)
    sure = jackknife(scores, informations, penalty=_faint(values), terms=1 + days.has_lead)
    return answer(days, values, sure, details={"years_used": float(len(scores))})


@dataclass(frozen=True, eq=False)
class _Likelihood:
    """Conditional likelihood of the days on which outcomes fell, given how many fell in each year."""

    counts: Float[np.ndarray, " day"]
    terms: Float[np.ndarray, "day term"]
    firsts: Int[np.ndarray, " year"]

    def at(
        self, values: Float[np.ndarray, " term"]
    ) -> tuple[Float[np.ndarray, "year term"], Float[np.ndarray, "year term term"]]:
        """Score and information by year."""
        weights = np.exp(self.terms @ values)
        sums = np.add.reduceat(weights, self.firsts)
        number = np.add.reduceat(self.counts, self.firsts)
        weighted = self.terms * weights[:, None]
        means = np.add.reduceat(weighted, self.firsts) / sums[:, None]
        seen = np.add.reduceat(self.terms * self.counts[:, None], self.firsts)
        squares = self._squares(weighted) / sums[:, None, None] - means[:, :, None] * means[:, None, :]
        return seen - number[:, None] * means, number[:, None, None] * squares

    def _squares(self, weighted: Float[np.ndarray, "day term"]) -> Float[np.ndarray, "year term term"]:
        bounds = [*self.firsts, len(self.counts)]
        spans = pairwise(bounds)
        return np.stack([self.terms[begin:end].T @ weighted[begin:end] for begin, end in spans])


def _likelihood(question: Question, days: Days) -> _Likelihood:
    """Only years in which something happened say anything."""
    years = days.years
    held = np.isin(years, np.unique(years[days.counts > 0]))
    waves = season(days.dates, harmonics=question.whole("harmonics", 2))
    terms = np.column_stack([*(flags.astype(float) for flags in days.columns), waves])[held]
    firsts = np.unique(years[held], return_index=True)[1]
    return _Likelihood(days.counts[held].astype(float), terms, firsts)


def _settled(likelihood: _Likelihood) -> Float[np.ndarray, " term"]:
    values = np.zeros(likelihood.terms.shape[1])
    for _ in range(_STEPS):
        scores, informations = likelihood.at(values)
        step = np.linalg.solve(informations.sum(axis=0) + _faint(values), scores.sum(axis=0))
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        values = values + step
        if np.abs(step).max() < _TOLERANCE:
            return values
    raise NotTestable(
        f"the likelihood must settle within {_STEPS} steps, got a last step of {np.abs(step).max():.2g}: within years "
        "outcomes stand on one side alone. Widen the window or ask of a more frequent outcome."
    )


def _faint(values: Float[np.ndarray, " term"]) -> Float[np.ndarray, "term term"]:
    return np.eye(len(values)) * _FAINT
