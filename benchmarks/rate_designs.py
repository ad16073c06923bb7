"""False alarms, coverage and power of the designs on rates, on simulated records of 35 years.

Run from the repository: ``OPENBLAS_NUM_THREADS=1 python -m benchmarks.rate_designs --runs 400 --design rates``. Prints
the rows of the table in docs/explanation/designs-on-rates.md; a share of 400 runs has a standard error of 1.1 points at
5 %, 1.5 at 90 % and 2 at 80 %.
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np
from tests.rate_examples import NULLS, World, drawn_growth, drawn_question, seen_at_stated, studied

from sixparty.evidence import design_called

PLANTED = 2.0
GROWTH = {"3 spells, years apart": (3, 0.0), "6 spells, memory .3": (6, 0.3), "6 spells, memory .6": (6, 0.6)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--design", default="count_regression,case_series,rates,growth")
    asked = parser.parse_args()
    print(
        "| design | simulated record | called under the null | median ratio | lead called | coverage of 2 |"
        " median at 2 | stated | seen at stated |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for name in asked.design.split(","):
        if name == "growth":
            growth_rows(asked.runs)
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


if __name__ == "__main__":
    main()
