"""How soon the next outcome comes under an exposure, by the time since the last one."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool, Float, Int

from sixparty.compute import Key
from sixparty.evidence.designs._clusters import answer, jackknife
from sixparty.evidence.designs._days import LEAD_WEEKS, Days, lay_out, require_answerable
from sixparty.evidence.designs._survival import AtRisk, fit_hazard
from sixparty.evidence.designs._weeks import Weeks, drift, gather, season, smoothness, steps
from sixparty.evidence.estimate import Estimate, NotTestable
from sixparty.evidence.question import Question

_GAPS = (1, 2, 5, 9, 27)
_FEWEST_IN_A_BIN = 5
_FEWEST_EVENTS = 30
_FEWEST_EXPECTED = 5.0
_FEWEST_YEARS = 3
_CONTROLS = ("drift", "years", "none")
_YEARLY_SPREAD = 1.0
_GAP_SPREAD = 2.0
_STEADY = 1e-9


def hazard(key: Key, question: Question) -> Estimate:
    r"""Estimate by how much the exposure raises or lowers the hazard of the next outcome.

    A week *t* that is *g* weeks after the last week with an outcome has one itself with the chance
    :math:`1 - \exp(-e^{\eta_t})`, :math:`\eta_t = b x_t + c l_t + a_{\text{bin}(g)} + s(t) + h_t`: *x* is the share of
    its days under the exposure, *l* the share in the weeks before one, the bins are 1, 2-4, 5-8, 9-26 and 27 or more
    weeks, *s* a smooth drift and *h* the season. The ratio is :math:`e^b`, the lead :math:`e^c`. Standard errors leave
    one calendar year out at a time.

    Parameters
    ----------
    key
        Not used: nothing is drawn.
    question
        Options: `from_week`, `to_week`: the exposure acts in these weeks after its dates; without them on the days of
        its spells. `lead_weeks` = 4 (0: none); `control` (``drift``: a spline with a knot every `knot_years` = 2, held
        smooth; ``years``: a level for each calendar year; ``none``); `harmonics` = 2 of the year. Exposures held apart
        enter beside.

    Raises
    ------
    NotTestable
        If fewer than 30 weeks have an outcome, exposed days lie in fewer than 3 years, fewer than 5 outcomes are
        expected on them, or they hold none or all.

    References
    ----------
    Rodríguez, *Generalized Linear Models*, lecture notes, chapter 7 (piecewise exponential and complementary log-log
    models of survival), https://grodri.github.io/glms/notes/c7.pdf.
    """
    days = lay_out(question, lead_days=7 * question.whole("lead_weeks", LEAD_WEEKS))
    require_answerable(days, fewest_events=_FEWEST_EVENTS, fewest_expected=_FEWEST_EXPECTED, fewest_years=_FEWEST_YEARS)
    days = _without_rare_lead(days)
    weeks = gather(days)
    since = _weeks_since(weeks)
    at_risk = since > 0
    _require_weeks(weeks.counts[at_risk] > 0)
    terms, penalty = _terms(question, days, weeks, since=since)
    risk = AtRisk(happened=weeks.counts[at_risk] > 0, terms=terms[at_risk])
    fit = fit_hazard(risk, penalty=penalty)
    scores, informations = fit.by_piece(risk, weeks.years[at_risk])
    sure = jackknife(scores, informations, penalty=penalty, terms=1 + days.has_lead)
    details = {
        "weeks_at_risk": float(at_risk.sum()),
        "weeks_with_outcome": float(risk.happened.sum()),
        "exposed_weeks": float(terms[at_risk, 0].sum()),
    }
    return answer(days, fit.values, sure, details=MappingProxyType(details))


def _without_rare_lead(days: Days) -> Days:
    """Look at no time before the exposure if its outcomes lie in too few years: its hazard would run away."""
    years = np.unique(days.years[days.lead & (days.counts > 0)]).size
    return replace(days, lead=np.zeros_like(days.lead)) if years < _FEWEST_YEARS else days


def _terms(
    question: Question, days: Days, weeks: Weeks, *, since: Int[np.ndarray, " week"]
) -> tuple[Float[np.ndarray, "week term"], Float[np.ndarray, "term term"]]:
    """Terms of the regression, and the penalty that holds the drift smooth."""
    shares = np.stack([weeks.share(flags) for flags in days.columns], axis=1)
    seasonal = season(weeks.middles, harmonics=question.whole("harmonics", 2))
    level, held = _level(question, weeks)
    free = [shares, seasonal, _gap_bins(since, weeks.counts > 0)]
    terms = np.concatenate([*free, level], axis=1)
    penalty = np.eye(terms.shape[1]) * _STEADY
    bins = np.arange(shares.shape[1] + seasonal.shape[1], terms.shape[1] - level.shape[1])
    penalty[bins, bins] = 1.0 / _GAP_SPREAD**2
    penalty[-level.shape[1] :, -level.shape[1] :] += held
    return terms, penalty


def _level(question: Question, weeks: Weeks) -> tuple[Float[np.ndarray, "week term"], Float[np.ndarray, "term term"]]:
    control, knot_years = question.option("control", "drift"), question.number("knot_years", 2)
    if control == "none":
        return np.ones((len(weeks.middles), 1)), np.zeros((1, 1))
    if control == "years":
        columns = steps(weeks.years)
        return columns, smoothness(columns.shape[1], spread=_YEARLY_SPREAD)
    if control == "drift":
        columns = drift(weeks.middles, knot_years=knot_years)
        return columns, smoothness(columns.shape[1], spread=_YEARLY_SPREAD * knot_years**0.5)
    raise NotTestable(
        f"option control must be one of {', '.join(_CONTROLS)}, got {control!r}. Correct the claim's file."
    )


def _weeks_since(weeks: Weeks) -> Int[np.ndarray, " week"]:
    """Weeks since the last one with an outcome; 0 where days since then are left out, and in weeks of a few days."""
    places = np.arange(len(weeks.counts))
    number = (weeks.middles - weeks.middles[0]).astype(np.int64) // 7
    is_broken = (weeks.days < 7) | (np.diff(number, prepend=-1) > 1)
    last = np.maximum.accumulate(np.where(weeks.counts > 0, places, -1))
    broken = np.maximum.accumulate(np.where(is_broken, places, -1))
    before = np.concatenate([[-1], last[:-1]])
    return np.asarray(np.where((before >= 0) & (before >= broken), number - number[before], 0))


def _gap_bins(since: Int[np.ndarray, " week"], happened: Bool[np.ndarray, " week"]) -> Float[np.ndarray, "week bin"]:
    """One column for each bin of the weeks since the last outcome but the first; bins with few outcomes are joined."""
    edges = list(_GAPS)
    for edge in _GAPS[:0:-1]:
        beyond = since >= edge
        if edges[-1] > edge:
            beyond &= since < edges[edges.index(edge) + 1]
        if (beyond & happened).sum() < _FEWEST_IN_A_BIN:
            edges.remove(edge)
    bins = np.searchsorted(edges, since, side="right") - 1
    return np.asarray(bins[:, None] == np.arange(1, len(edges)), dtype=float)


def _require_weeks(happened: Bool[np.ndarray, " week"]) -> None:
    if happened.sum() < _FEWEST_EVENTS:
        raise NotTestable(
            f"at least {_FEWEST_EVENTS} weeks at risk must have an outcome, got {int(happened.sum())}. Widen the "
            "window or choose an outcome with more events."
        )
