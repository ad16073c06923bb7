from dataclasses import replace

import numpy as np
import pytest

from sixparty.compute import Key
from sixparty.excitation import (
    OWN,
    Drivers,
    MarkFit,
    MarkStructure,
    assemble_marks,
    default_priors,
    expected_counts,
)
from sixparty.forecast import RateSource, Standpoint, condition_panel, rate_sources
from sixparty.tension.panel import EXPOSURES, CountPanel, year_fraction

KEY = Key.from_seed(4)
TESTS, FIRE = "weapons_test_days", "border_kinetic"
FULL = MarkStructure(links=(OWN, FIRE), exposures=("scheduled", "moratorium"), season=True)
NAMES = (
    "drift",
    "dispersion",
    f"excitation:{OWN}",
    f"memory:{OWN}",
    f"excitation:{FIRE}",
    f"memory:{FIRE}",
    "effect:scheduled",
    "effect:moratorium",
    "season:sin",
    "season:cos",
)


@pytest.fixture(scope="module")
def linked(fits: dict[str, MarkFit]) -> dict[str, MarkFit]:
    """Fits of 200 draws in which tests read season, drills, a moratorium, themselves and fire; levels do not move."""
    rows = np.tile([0.0, 1.0, 0.3, 0.4, 0.2, 0.6, 0.5, -0.4, 0.2, 0.1], (200, 1))
    rows[:, 2] = np.linspace(0.1, 0.4, 200)
    fire = fits[FIRE]
    still = fire.draws.copy()
    still[:, [fire.parameter_names.index(name) for name in ("drift", "renewal")]] = 0.0
    full = replace(fire, structure=FULL, priors=default_priors(FULL), parameter_names=NAMES, draws=rows)
    return {TESTS: full, FIRE: replace(fire, draws=still)}


@pytest.fixture(scope="module")
def now(panel: CountPanel, fits: dict[str, MarkFit], linked: dict[str, MarkFit]) -> Standpoint:
    (state,) = condition_panel(KEY, panel, fits=fits, ends=(len(panel.period_ends),))
    memory = np.column_stack([np.full(200, 1.5), np.full(200, 0.5)])
    exposures = np.zeros((13, len(panel.marks), len(EXPOSURES)))
    exposures[2:4, :, 0] = 1.0
    exposures[:, :, 3] = 0.5
    return Standpoint(panel, exposures, {**state, TESTS: replace(state[TESTS], memory=memory)})


def test_the_sources_add_up_to_the_mean(now, linked):
    sources = rate_sources(TESTS, now, fits=linked, horizon=13, mean=9.0)
    assert sum(source.number for source in sources) == pytest.approx(9.0, abs=1e-12)
    assert [source.name for source in sources] == ["level", "season", "drills", "status", "excitation", "moves"]


def test_with_levels_that_stay_the_sum_is_the_exact_expectation(now, linked):
    """Against the recursion of the excitation room, draw by draw."""
    model = assemble_marks(linked)
    laid_out = np.zeros((13, 2, 2))
    laid_out[:, 0] = now.exposures[:, 0][:, [0, 3]]
    days = now.panel.period_ends[-1] + 7 * np.arange(1, 14) - 3
    drivers = Drivers(laid_out, np.zeros((13, 2)), year_fraction(days))
    exact = [
        expected_counts(model, now.state, drivers=drivers, periods=13, draw=draw)[0][:, 0].sum() for draw in range(200)
    ]
    sources = rate_sources(TESTS, now, fits=linked, horizon=13, mean=float(np.mean(exact)))
    assert sources[-1].number == pytest.approx(0.0, abs=1e-9)
    assert all(source.is_read for source in sources)


def test_factors_are_what_each_source_multiplies(now, linked):
    sources: dict[str, RateSource] = {
        source.name: source for source in rate_sources(TESTS, now, fits=linked, horizon=13, mean=9.0)
    }
    assert sources["status"].factor == pytest.approx(np.exp(-0.4 * 0.5))
    assert 1.0 < sources["drills"].factor < np.exp(0.5)
    assert sources["excitation"].factor_low < sources["excitation"].factor < sources["excitation"].factor_high
    assert sources["level"].factor is None


def test_what_is_not_read_adds_nothing(now, linked):
    sources = rate_sources(FIRE, now, fits=linked, horizon=13, mean=1.0)
    unread = {source.name: source.number for source in sources if not source.is_read}
    assert unread == dict.fromkeys(("season", "drills", "status", "excitation"), 0.0)
