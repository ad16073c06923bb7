"""The likelihood of the exponential Hawkes process by tick (Bacry, Bompaire, Deegan, Gaïffas and Poulsen 2018).

tick 0.8 runs in an environment of its own (`make check-anchors`), from which only numbers come back. Its loss is
minus (log likelihood + length of the record), divided by the number of events.
"""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from tests.hawkes_examples import grown_histories, record

from sixparty.excitation import Hawkes

TICK = Path(__file__).parents[2] / ".venv" / "tick" / "bin" / "python"
ASKED = """
import json, sys
import numpy as np
from tick.hawkes import ModelHawkesExpKernLogLik

answers = []
for case in json.load(sys.stdin):
    times = np.array(case["times"])
    model = ModelHawkesExpKernLogLik(case["decay"])
    model.fit([times], end_times=case["until"])
    loss = model.loss(np.array([case["baseline"], case["excitation"]]))
    answers.append(-loss * len(times) - case["until"])
print(json.dumps(answers))
"""
PROCESSES = [
    Hawkes(baseline, excitation, decay)
    for baseline in (0.01, 0.1)
    for excitation in (0.2, 0.7, 1.1)
    for decay in (0.02, 0.3, 2.0)
]


def grown_times(place: int, *, until: float) -> np.ndarray:
    grown = grown_histories(np.random.default_rng(place), Hawkes(0.05, 0.5, 0.1), until=until, number=1)
    return np.sort(grown.times)


@pytest.mark.skipif(not TICK.exists(), reason="tick is not installed; `make check-anchors` installs it")
def test_the_likelihood_agrees_with_tick_to_nine_digits():
    until = 2000.0
    times = [grown_times(place, until=until) for place in range(len(PROCESSES))]
    cases = [
        {
            "times": each.tolist(),
            "until": until,
            "baseline": one.baseline,
            "excitation": one.excitation,
            "decay": one.decay,
        }
        for one, each in zip(PROCESSES, times, strict=True)
    ]
    told = subprocess.run([TICK, "-c", ASKED], input=json.dumps(cases), capture_output=True, text=True, check=True)
    theirs = np.array(json.loads(told.stdout))
    ours = [one.log_likelihood(record(each, until=until))[0] for one, each in zip(PROCESSES, times, strict=True)]
    assert min(len(each) for each in times) > 50
    assert np.abs(theirs).min() > 10
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-9)
