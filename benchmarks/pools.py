"""Score pools of our model with simple rivals on the forecasts of a backtest, without forecasting anew.

    sixparty forecast backtest --first-origin 2005-01 --last-origin 2018-12 --until 2018-12 --monthly --out FOLDER
    python benchmarks/pools.py FOLDER

A pool of share w is (1 - w) times our probabilities plus w times those of the others, shared equally among them. Its
log score follows from the log scores of its members, for the probability of what came is pooled alike. *learnt* pools
start at share .3 and multiply every weight at each origin by the probability that the member gave to what came in all
windows closed by then, discounted with a half-life of two years and by how much monthly windows overlap. Our forecasts
of tests hold a share of the last year already, which is taken out first.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from sixparty.forecast import LAST_YEAR_SHARE, MODEL_ID, MODELLED_TARGETS
from sixparty.periods import HORIZONS

RIVALS = ("plain-nb36", "plain-nb12", "plain-climatology", "plain-ingarch")
POOLS = [*[(rival,) for rival in RIVALS], ("plain-nb36", "plain-climatology"), ("plain-nb12", "plain-nb36")]
SHARES = (0.1, 0.2, 0.3, 0.5)
HALF_LIFE_YEARS = 2.0
WEEKS_A_MONTH = 4.345


@dataclass(frozen=True)
class Cell:
    """One target and window: days since the first origin, and what each model gave to what came."""

    target: str
    horizon: int
    days: np.ndarray
    given: dict[str, np.ndarray]


def cells(folder: Path) -> list[Cell]:
    scored = pl.read_parquet(folder / "forecasts.parquet").filter(pl.col("is_monthly"))
    missing = set(MODELLED_TARGETS) - set(scored["target"])
    if missing:
        raise SystemExit(f"the backtest must hold all modelled targets, got none of {', '.join(sorted(missing))}")
    return [_cell(scored, target, horizon) for target in MODELLED_TARGETS for horizon in HORIZONS]


def _cell(scored: pl.DataFrame, target: str, horizon: int) -> Cell:
    rows = scored.filter((pl.col("target") == target) & (pl.col("horizon") == horizon))
    wide = rows.pivot(on="model_id", index="reference_date", values="log_score").sort("reference_date")
    given = {name: np.exp(-wide[name].to_numpy()) for name in (MODEL_ID, *RIVALS)}
    share = LAST_YEAR_SHARE.get(target, 0.0)
    given[MODEL_ID] = (given[MODEL_ID] - share * given["plain-nb12"]) / (1 - share)
    days = (wide["reference_date"] - wide["reference_date"][0]).dt.total_days().to_numpy()
    return Cell(target, horizon, days, given)


def fixed(cell: Cell, others: Sequence[str], share: float) -> float:
    pooled = (1 - share) * cell.given[MODEL_ID] + share * np.mean([cell.given[name] for name in others], axis=0)
    return float(-np.log(pooled).mean())


def learnt(cell: Cell, others: Sequence[str]) -> float:
    given = np.column_stack([cell.given[name] for name in (MODEL_ID, *others)])
    logs, first = np.log(given), np.log([0.7, *[0.3 / len(others)] * len(others)])
    overlap = max(1.0, cell.horizon / WEEKS_A_MONTH)
    scores = []
    for place, day in enumerate(cell.days):
        age = (day - cell.days - 7 * cell.horizon) / 365.25
        closed = age >= 0
        weights = first + (0.5 ** (age[closed] / HALF_LIFE_YEARS)) @ logs[closed] / overlap
        weights = np.exp(weights - weights.max())
        scores.append(-np.log(given[place] @ weights / weights.sum()))
    return float(np.mean(scores))


def line(name: str, found: Sequence[Cell], scores: Sequence[float]) -> str:
    sums = [sum(s for cell, s in zip(found, scores, strict=True) if cell.target == t) for t in MODELLED_TARGETS]
    return f"{name:44s}" + "".join(f"{value:8.3f}" for value in (*sums, sum(sums)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the --out folder of a backtest")
    found = cells(parser.parse_args().folder)
    print("sum of mean log scores over the windows; " + ", ".join(MODELLED_TARGETS) + ", all")
    print(line(MODEL_ID, found, [fixed(cell, RIVALS[:1], 0.0) for cell in found]))
    for others in POOLS:
        for share in SHARES:
            print(line(f"{share} {' '.join(others)}", found, [fixed(cell, others, share) for cell in found]))
        print(line(f"learnt {' '.join(others)}", found, [learnt(cell, others) for cell in found]))


if __name__ == "__main__":
    main()
