"""Weekly counts under an exposure, with drift and season held apart."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from sixparty.compute import Key
from sixparty.evidence.designs._clusters import Uncertainty, answer, jackknife
from sixparty.evidence.designs._days import LEAD_WEEKS, Days, lay_out, require_answerable
from sixparty.evidence.designs._log_linear import LogLinear, fit_log_linear
from sixparty.evidence.designs._weeks import Weeks, drift, gather, season, smoothness, steps
from sixparty.evidence.estimate import Estimate, NotTestable
from sixparty.evidence.question import Question

FEWEST_EVENTS, FEWEST_EXPECTED, FEWEST_YEARS = 20, 3.0, 5
"""Below these counts the stated false-alarm rate was not reached in simulations, and nothing is estimated."""

_SPREAD = 1.0
_FAINT = 1e-3
_STEADY = 1e-9
CONTROLS = ("drift", "years", "leaders")


def count_regression(key: Key, question: Question) -> Estimate:
    r"""Return the ratio of weekly rates under the exposure and without it.

    Counts of a week are negative binomial with mean

    .. math:: \mu_t = \frac{D_t}{7} \exp\bigl(b\,x_t + c\,l_t + \textstyle\sum_k g_k z_{kt} + s(t) + h(t)\bigr)

    where :math:`x_t` is the share of the week's :math:`D_t` days under the exposure, :math:`l_t` the share that lies up
    to `lead_weeks` weeks before one, :math:`z_{kt}` the shares under exposures held apart, :math:`s` the drift and
    :math:`h` the season; the ratio is :math:`e^b`, the lead :math:`e^c`. Standard errors come from leaving out whole
    calendar years.

    Parameters
    ----------
    key
        Not used: nothing is drawn.
    question
        Options: `control` (``drift``: cubic splines with a knot every `knot_years` = 2 years; ``years``: a level for
        each calendar year; ``leaders``: a level between the dates listed in `changes`, parted by semicolons),
        `harmonics` = 2 yearly waves, `lead_weeks` = 4 (0: none), `from_week`, `to_week` for windows after dates, and
        `against`: the name of an exposure held apart, against which the ratio is then taken instead of against none.

    Raises
    ------
    NotTestable
        If fewer than 20 outcomes, 3 expected ones on either side, or 5 years with exposure and 5 with outcomes are
        there, all outcomes fall on one side, or other terms hold all that the exposure says.

    References
    ----------
    Cameron and Trivedi (1998), *Regression Analysis of Count Data*, ch. 3 and 7; MacKinnon, Nielsen and Webb (2023),
    Fast and reliable jackknife and bootstrap methods for cluster-robust inference, section 3 (arXiv 2301.04527), and
    its linear form in the same authors' arXiv 2406.00650.
    """
    days = _against(question, lay_out(question, lead_days=7 * question.whole("lead_weeks", LEAD_WEEKS)))
    require_answerable(
        days,
        fewest_events=FEWEST_EVENTS,
        fewest_expected=FEWEST_EXPECTED,
        fewest_years=FEWEST_YEARS,
        fewest_outcome_years=FEWEST_YEARS,
    )
    weeks = gather(days)
    layout = _terms(question, days, weeks)
    fit = fit_log_linear(weeks.counts, layout.terms, exposure=weeks.days / 7, penalty=layout.penalty)
    sure = _by_year(fit, weeks, layout, terms=1 + days.has_lead)
    return answer(days, fit.values, sure, details={"dispersion": fit.dispersion})


def _against(question: Question, days: Days) -> Days:
    """Let the exposure held apart that is named by `against` hold the exposure's days too.

    The coefficient of the exposure is then what it has beyond the other, for both enter on its own days.
    """
    name = str(question.option("against", ""))
    if not name:
        return days
    if name not in days.apart:
        raise NotTestable(
            f"against must name one of the exposures held apart ({', '.join(days.apart) or 'none'}), got {name!r}. "
            "Correct the claim's file."
        )
    return replace(days, apart={**days.apart, name: days.apart[name] | days.exposed})


@dataclass(frozen=True, eq=False)
class _Layout:
    terms: Float[np.ndarray, "week term"]
    penalty: Float[np.ndarray, "term term"]


def _terms(question: Question, days: Days, weeks: Weeks) -> _Layout:
    """Shares under exposures, then season, then level."""
    shares = [weeks.share(flags) for flags in days.columns]
    waves = season(weeks.middles, harmonics=question.whole("harmonics", 2))
    level, penalty = _level(question, weeks)
    terms = np.column_stack([*shares, waves, level])
    whole = np.eye(terms.shape[1]) * _STEADY
    whole[-level.shape[1] :, -level.shape[1] :] += penalty
    return _Layout(terms, whole)


def _level(question: Question, weeks: Weeks) -> tuple[Float[np.ndarray, "week term"], Float[np.ndarray, "term term"]]:
    control = question.option("control", "drift")
    if control == "drift":
        knot_years = question.number("knot_years", 2.0)
        splines = drift(weeks.middles, knot_years=knot_years)
        return splines, smoothness(splines.shape[1], spread=_SPREAD)
    if control == "years":
        levels = steps(weeks.years)
    elif control == "leaders":
        levels = steps(_between(question, weeks))
    else:
        raise NotTestable(f"option control must be one of {', '.join(CONTROLS)}, got {control!r}. Correct the file.")
    return levels, smoothness(levels.shape[1], spread=1 / _FAINT**0.5)


def _between(question: Question, weeks: Weeks) -> Int[np.ndarray, " week"]:
    listed = str(question.option("changes", ""))
    if not listed:
        raise NotTestable("control 'leaders' must list the dates of `changes`, got none. Add them, parted by ';'.")
    changes = np.array(sorted(day.strip() for day in listed.split(";")), dtype="datetime64[D]")
    return np.searchsorted(changes, weeks.middles, side="right")


def _by_year(fit: LogLinear, weeks: Weeks, layout: _Layout, *, terms: int) -> Uncertainty:
    piece = np.unique(weeks.years, return_inverse=True)[1]
    pieces, width = int(piece.max()) + 1, layout.terms.shape[1]
    scores, informations = np.zeros((pieces, width)), np.zeros((pieces, width, width))
    each = fit.scores(weeks.counts, layout.terms)
    for number in range(pieces):
        held = piece == number
        scores[number] = each[held].sum(axis=0)
        informations[number] = (layout.terms[held] * fit.weights[held, None]).T @ layout.terms[held]
    return jackknife(scores, informations, penalty=layout.penalty, terms=terms)
