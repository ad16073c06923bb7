"""False alarms, coverage and power of the designs on rates, on simulated records of 35 years.

Run from the repository: ``OPENBLAS_NUM_THREADS=1 python -m benchmarks.rate_designs --runs 400 --design rates``. Prints
the rows of the table in docs/explanation/designs-on-rates.md; a share of 400 runs has a standard error of 1.1 points at
5 %, 1.5 at 90 % and 2 at 80 %. ``--design claims`` lays the exposed years of the product's own claims on growth on
series without an effect and prints how often they are called.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from itertools import product

import numpy as np
from scipy.signal import lfilter
from tests.rate_examples import NULLS, World, drawn_growth, drawn_question, seen_at_stated, studied

from sixparty.chronicle import read_chronicle
from sixparty.compute import Key
from sixparty.evidence import SIGNIFICANCE, NotTestable, Question, Stock, design_called, question_of
from sixparty.evidence.designs.registry import Design
from sixparty.service.evidence import shipped_claims

PLANTED = 2.0
HEADER = (
    "| design | simulated record | called under the null | median ratio | lead called | coverage of 2 | "
    "median at 2 | stated | seen at stated |\n"
    "|---|---|---|---|---|---|---|---|---|"
)
GROWTH = {"3 spells, years apart": (3, 0.0), "6 spells, memory .3": (6, 0.3), "6 spells, memory .6": (6, 0.6)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--design", default="count_regression,case_series,rates,growth")
    asked = parser.parse_args()
    names = asked.design.split(",")
    if names != ["claims"]:
        print(HEADER)
    for name in names:
        if name == "growth":
            growth_rows(asked.runs)
        elif name == "claims":
            claim_rows(asked.runs)
        else:
            for words, world in NULLS[name].items():
                print(row(name, words, world, runs=asked.runs), flush=True)


def row(name: str, words: str, world: World, *, runs: int) -> str:
    design = design_called(name)
    null = studied(design, (drawn_question(world, seed=seed) for seed in range(runs)))
    doubled = replace(world, ratio=PLANTED)
    planted = studied(design, (drawn_question(doubled, seed=seed) for seed in range(runs)), ratio=PLANTED)
    seen = seen_at_stated(design, world, seeds=range(runs))
    median, at_two = np.exp(np.median(null.log_ratios)), np.exp(np.median(planted.log_ratios))
    return (
        f"| `{name}` | {words} | {null.called:.1%} | {median:.2f} | {np.nanmean(null.lead_found):.1%} | "
        f"{planted.covered.mean():.1%} | {at_two:.2f} | {np.median(null.detectable):.2f} | {seen:.0%} |"
    )


def growth_rows(runs: int) -> None:
    design = design_called("growth")
    for words, (number, memory) in GROWTH.items():
        null = studied(design, (drawn_growth(seed=seed, number=number, memory=memory) for seed in range(runs)))
        stated = float(np.median(null.detectable))
        drawn = (
            drawn_growth(seed=seed, number=number, memory=memory, effect=float(np.log(stated)))
            for seed in range(runs, 2 * runs)
        )
        planted = studied(design, drawn, ratio=stated)
        median, at_stated = np.exp(np.median(null.log_ratios)), np.exp(np.median(planted.log_ratios))
        print(
            f"| `growth` | {words} | {null.called:.1%} | {median:.2f} | | {planted.covered.mean():.1%} | "
            f"{at_stated:.3f} | {stated:.3f} | {planted.called:.0%} |",
            flush=True,
        )


def claim_rows(runs: int) -> None:
    design, record = design_called("growth"), read_chronicle()
    for name, claim in shipped_claims().items():
        if claim.test is None or claim.test.design != "growth":
            continue
        question = question_of(record, claim.test)
        for memory, kind in product((-0.3, 0.0, 0.3, 0.6), ("normal", "heavy tails", "drifting")):
            called = share_called(design, question, runs=runs, memory=memory, kind=kind)
            words = "refused" if called is None else f"{called:.1%}"
            print(f"| `{name}` | growth keeps {memory} of the year before, {kind} | {words} |", flush=True)


def share_called(design: Design, question: Question, *, runs: int, memory: float, kind: str) -> float | None:
    """Share called where stocks without an effect stand in for that of a question; None if the design refuses."""
    if question.stock is None:
        return None
    stocks = (grown(question.stock.years, seed=seed, memory=memory, kind=kind) for seed in range(runs))
    try:
        found = [design(Key.from_seed(0), replace(question, stock=stock)).p_value for stock in stocks]
    except NotTestable:
        return None
    return float((np.array(found) < SIGNIFICANCE).mean())


def grown(years: np.ndarray, *, seed: int, memory: float, kind: str) -> Stock:
    generator, number = np.random.default_rng([seed, 7]), len(years) - 1
    shocks = generator.standard_t(3, number + 20) if kind == "heavy tails" else generator.standard_normal(number + 20)
    departure = lfilter([1.0], [1.0, -memory], shocks)[20:]
    drift = 0.05 * np.cumsum(generator.standard_normal(number)) if kind == "drifting" else 0.0
    return Stock(years, np.exp(np.concatenate([[0.0], np.cumsum(0.05 + 0.2 * departure + drift)])))


if __name__ == "__main__":
    main()
