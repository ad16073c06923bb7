"""Time 10,000 ten-year weekly futures of 12 marks with drift, beside the same model in vectorised NumPy.

Run: python benchmarks/simulator.py
"""

import json
import time
from collections.abc import Callable

import numpy as np

from sixparty.compute import Key
from sixparty.excitation import (
    OWN,
    Drivers,
    FitDiagnosis,
    JointModel,
    MarkFit,
    MarkState,
    MarkStructure,
    assemble_marks,
    default_priors,
    simulate,
)

FUTURES, WEEKS, DRAWS = 10_000, 522, 1_000
RATES = (0.01, 0.02, 0.03, 0.05, 0.05, 0.1, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7)
NAMES = ("drift", "dispersion", "excitation:own", "memory:own", "effect:scheduled", "effect:responsive")
ACCEPTED = FitDiagnosis("importance", 0.1, 1000.0, None, None, True, "")


def invented() -> tuple[JointModel, dict[str, MarkState], Drivers]:
    structure = MarkStructure(links=(OWN,), exposures=("scheduled", "responsive"))
    generator = np.random.default_rng(1)
    middles = np.array([0.12, 0.7, 0.2, 0.33, 0.3, 0.3])
    fits, states = {}, {}
    for place, rate in enumerate(RATES):
        draws = middles * np.exp(0.2 * generator.standard_normal((DRAWS, middles.size)))
        name = f"mark {place}"
        fits[name] = MarkFit(structure, default_priors(structure), NAMES, draws, None, ACCEPTED)
        states[name] = MarkState(np.log(rate) + 0.3 * generator.standard_normal(DRAWS), np.zeros((DRAWS, 1)), 4)
    exposures = np.zeros((WEEKS, len(RATES), 2))
    exposures[::8, :, 0] = exposures[4::16, :, 1] = 1.0
    drivers = Drivers(exposures, np.zeros((WEEKS, len(RATES))), np.arange(WEEKS) / 52.18 % 1.0)
    return assemble_marks(fits), states, drivers


def in_numpy(model: JointModel, states: dict[str, MarkState], drivers: Drivers, *, seed: int) -> np.ndarray:
    """Advance all futures together, one week at a time, the best that NumPy does without compiled code."""
    generator = np.random.default_rng(seed)
    draw = np.arange(FUTURES) % model.draws
    drift, dispersion = model.drift[draw], model.dispersion[draw]
    excitation, kept, effects = model.excitation[draw, :, 0], model.memory[draw, :, 0], model.effects[draw]
    levels = np.column_stack([states[mark].level for mark in model.marks])[draw]
    remembered = np.zeros_like(levels)
    counts = np.empty((FUTURES, WEEKS, len(model.marks)), dtype=np.int16)
    for week in range(WEEKS):
        if week % 4 == 0:
            levels = np.clip(levels + drift * generator.standard_normal(levels.shape), model.lowest, model.highest)
            rates = np.exp(levels)
        exposed = drivers.exposures[week]
        mean = rates * np.exp((effects * exposed).sum(axis=2)) if exposed.any() else rates
        mean = mean + excitation * remembered
        counts[:, week] = generator.poisson(generator.gamma(dispersion, mean / dispersion))
        remembered = kept * remembered + (1.0 - kept) * counts[:, week]
    return counts


def timed(work: Callable[[], np.ndarray], *, times: int) -> tuple[float, float]:
    seconds = []
    for _ in range(times):
        begin = time.perf_counter()
        counts = work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds), float(counts.mean())


def main() -> None:
    model, states, drivers = invented()
    key = Key.from_seed(1)

    def ours(workers: int) -> Callable[[], np.ndarray]:
        return lambda: (
            simulate(key, model, states, drivers=drivers, periods=WEEKS, futures=FUTURES, workers=workers).counts
        )

    begin = time.perf_counter()
    simulate(key, model, states, drivers=drivers, periods=2, futures=2)
    first_call = time.perf_counter() - begin
    numpy_seconds, numpy_mean = timed(lambda: in_numpy(model, states, drivers, seed=1), times=1)
    one, mean = timed(ours(1), times=3)
    two, _ = timed(ours(2), times=3)
    print(
        json.dumps(
            {
                "first_call_seconds": round(first_call, 2),
                "one_thread_seconds": round(one, 2),
                "two_threads_seconds": round(two, 2),
                "numpy_seconds": round(numpy_seconds, 2),
                "times_numpy_two_threads": round(numpy_seconds / two, 1),
                "mean_count": round(mean, 4),
                "numpy_mean_count": round(numpy_mean, 4),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
