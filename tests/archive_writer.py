"""A process that enters rounds again and again until it is killed; it prints each once that is in the archive.

Run as ``python archive_writer.py HUB``, it begins when it is sent a line. Round n is for the n-th Saturday and holds
what two models say; figures of a third are entered question by question into one file.
"""

import datetime as dt
import sys
import types
from pathlib import Path

import polars as pl

import sixparty

if __name__ == "__main__":
    # the rooms without their own __init__, which load compiled code that no writer needs: writers start faster
    for name in ("forecast", "chronicle"):
        room = types.ModuleType(f"sixparty.{name}")
        room.__path__ = [str(Path(sixparty.__file__).parent / name)]
        sys.modules[f"sixparty.{name}"] = room

from sixparty.forecast.hub import hub_rows
from sixparty.forecast.own_figures import OwnRound
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.rounds import Making, enter_round, read_rounds
from sixparty.periods import HORIZONS

FIRST = dt.date(2010, 1, 2)
TARGETS = ("border_kinetic", "us_prk_talks", "inter_korean_talks", "ballistic_days")
MODELS = ("sixparty-level", "plain-nb12")
QUESTIONS = [(target, horizon) for target in TARGETS for horizon in HORIZONS]
MAKING = Making("issued", "2010-01-03T00:00:00+00:00", FIRST, "0", "digest", 1, "sixparty forecast issue --seed 1")


def round_table(number: int) -> pl.DataFrame:
    """What two models say in the n-th round."""
    day, law = FIRST + dt.timedelta(weeks=number), CountPredictive.negative_binomial(1.0 + number % 3, 2.0)
    return pl.concat(
        hub_rows(law, target, horizon=horizon, reference_date=day, model_id=model_id, as_of=day)
        for model_id in MODELS
        for target, horizon in QUESTIONS[:4]
    )


def own_table(number: int) -> pl.DataFrame:
    """The n-th figure of a reader; twenty go into one file."""
    day = FIRST + dt.timedelta(weeks=number // len(QUESTIONS))
    target, horizon = QUESTIONS[number % len(QUESTIONS)]
    return OwnRound(day, day, "desk-kim").chance_rows(target, horizon, chance=0.25)


def main(hub: Path) -> None:
    """Enter rounds until killed."""
    book = read_rounds(hub)
    number = int((book["model_id"] == "desk-kim").sum())
    while True:
        enter_round(hub, round_table(number), MAKING)
        enter_round(hub, own_table(number), MAKING, is_growing=True)
        number += 1
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.stdin.readline()
    main(Path(sys.argv[1]))
