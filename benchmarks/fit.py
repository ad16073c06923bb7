"""Time the routine fit of five marks on 1,850 weeks with two threads.

Run: python benchmarks/fit.py
"""

import json
import time

import numpy as np

from sixparty.compute import Key, run_tasks
from sixparty.excitation import OWN, MarkData, MarkFit, MarkStructure, condition, fit_mark

WEEKS = 1_850
RATES = {"weapons": 0.45, "ballistic": 0.3, "border": 0.1, "inter_korean_talks": 0.35, "us_prk_talks": 0.15}
STRUCTURE = MarkStructure(links=(OWN,), exposures=("scheduled", "responsive", "political"))


def invented(rate: float, *, seed: int) -> MarkData:
    """Counts from a drifting, self-exciting series that stays near `rate`."""
    generator = np.random.default_rng(seed)
    exposures = (generator.random((WEEKS, 3)) < (0.15, 0.03, 0.03)).astype(float)
    level, remembered = 0.0, 0.0
    counts = np.zeros(WEEKS, dtype=np.int64)
    for week in range(WEEKS):
        if week % 4 == 0:
            level = 0.985 * level + 0.2 * generator.standard_normal()
        mean = 0.75 * rate * np.exp(level - 0.6 + 0.3 * exposures[week].sum()) + 0.2 * remembered
        counts[week] = generator.negative_binomial(0.7, 0.7 / (0.7 + mean))
        remembered = 0.33 * remembered + 0.67 * counts[week]
    year = np.arange(WEEKS) / 52.18 % 1.0
    return MarkData(counts, counts[:, None].copy(), exposures, year, np.ones(WEEKS, dtype=bool))


def main() -> None:
    series = {name: invented(rate, seed=place) for place, (name, rate) in enumerate(RATES.items())}
    begin = time.perf_counter()
    fit_mark(Key.from_seed(1), series["border"].until(60), structure=STRUCTURE, draws=100)
    compiling = time.perf_counter() - begin

    def fitted(name: str) -> tuple[MarkFit, float]:
        start = time.perf_counter()
        return fit_mark(Key.from_seed(1).child(name), series[name], structure=STRUCTURE), time.perf_counter() - start

    begin = time.perf_counter()
    fits = dict(zip(series, run_tasks(fitted, list(series), workers=2), strict=True))
    total = time.perf_counter() - begin
    begin = time.perf_counter()
    condition(Key.from_seed(2), fits["border"][0], series["border"])
    conditioning = time.perf_counter() - begin
    marks = {
        name: {
            "events_a_week": round(float(series[name].counts.mean()), 3),
            "seconds": round(seconds, 2),
            "method": fit.diagnosis.method,
            "k_hat": None if fit.diagnosis.k_hat is None else round(fit.diagnosis.k_hat, 2),
            "effective_of_2000": round(fit.diagnosis.effective_draws),
        }
        for name, (fit, seconds) in fits.items()
    }
    figures = {"first_call_seconds": compiling, "five_marks_seconds": total, "condition_seconds": conditioning}
    print(json.dumps({name: round(value, 2) for name, value in figures.items()} | {"marks": marks}, indent=2))


if __name__ == "__main__":
    main()
