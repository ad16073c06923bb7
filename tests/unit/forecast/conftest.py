"""Made-up weekly panels and quick fits for the tests of this room."""

import numpy as np
import pytest

from sixparty.compute import Key
from sixparty.excitation import OWN, MarkFit, MarkStructure, fit_mark
from sixparty.forecast.structure import TARGET_STRUCTURE, mark_data
from sixparty.tension.panel import EXPOSURES, CountPanel

MARKS = ("weapons_test_days", "border_kinetic", "nuclear_test")
RATES = (0.35, 0.05, 0.004)


@pytest.fixture(scope="session")
def panel() -> CountPanel:
    weeks, generator = 500, np.random.default_rng(5)
    counts = np.column_stack([generator.negative_binomial(1.0, 1 / (1 + rate), weeks) for rate in RATES])
    exposures = np.zeros((weeks, len(MARKS), len(EXPOSURES)))
    exposures[::26, :, 0] = 1.0
    return CountPanel(
        marks=MARKS,
        period_ends=np.datetime64("2024-06-29") - 7 * np.arange(weeks)[::-1],
        weeks=1,
        counts=counts.astype(np.int64),
        covered=np.ones((weeks, len(MARKS)), dtype=bool),
        exposure_names=EXPOSURES,
        exposures=exposures,
    )


@pytest.fixture(scope="session")
def fits(panel: CountPanel) -> dict[str, MarkFit]:
    drilled = MarkStructure(level="walk", links=(OWN,), exposures=("scheduled", "responsive", "moratorium"))
    structures = {"weapons_test_days": drilled, "border_kinetic": TARGET_STRUCTURE["border_kinetic"]}
    return {
        mark: fit_mark(
            Key.from_seed(1).child(mark),
            mark_data(panel, mark, structure=structure),
            structure=structure,
            draws=200,
        )
        for mark, structure in structures.items()
    }
