"""The regressions against statsmodels, where it is installed (it comes with the rivals)."""

import numpy as np
import pytest
from tests.rate_examples import World, drawn_question

from sixparty.compute import Key
from sixparty.evidence.designs._days import lay_out
from sixparty.evidence.designs._log_linear import fit_log_linear
from sixparty.evidence.designs._weeks import gather, season, steps
from sixparty.evidence.designs.case_series import case_series

models = pytest.importorskip("statsmodels.api", reason="statsmodels is not installed; it comes with the rivals")


def test_the_regression_is_statsmodels_negative_binomial_at_the_same_dispersion():
    laid = lay_out(drawn_question(World(), seed=1), lead_days=28)
    weeks = gather(laid)
    busy = np.isin(weeks.years, np.unique(weeks.years[weeks.counts > 0]))
    terms = np.column_stack([weeks.share(laid.exposed), season(weeks.middles, harmonics=2), np.ones(len(weeks.days))])[
        busy
    ]
    counts, exposure = weeks.counts[busy], weeks.days[busy] / 7
    ours = fit_log_linear(counts, terms, exposure=exposure, penalty=np.zeros((terms.shape[1],) * 2))
    family = models.families.NegativeBinomial(alpha=ours.dispersion)
    theirs = models.GLM(counts, terms, family=family, offset=np.log(exposure)).fit()
    assert ours.values == pytest.approx(theirs.params, abs=1e-5)
    assert ours.means == pytest.approx(theirs.fittedvalues, rel=1e-4)


def test_the_case_series_is_a_poisson_regression_with_a_level_for_each_year():
    """Conditional and unconditional Poisson likelihoods have their maximum at the same place."""
    question = drawn_question(World(), seed=2, options={"lead_weeks": 0})
    laid = lay_out(question, lead_days=0)
    busy = np.isin(laid.years, np.unique(laid.years[laid.counts > 0]))
    terms = np.column_stack([laid.exposed, season(laid.dates, harmonics=2), steps(laid.years)])[busy]
    terms = terms[:, terms.any(axis=0)]
    theirs = models.GLM(laid.counts[busy], terms, family=models.families.Poisson()).fit()
    assert np.log(case_series(Key.from_seed(1), question).ratio.value) == pytest.approx(theirs.params[0], abs=1e-5)
