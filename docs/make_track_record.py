"""Write the track record that ships with the product from the files of a backtest's run.

`python docs/make_track_record.py FOLDER [--kept-from 2019-01-01]`: FOLDER is the run's own folder, or what
`sixparty forecast backtest --out FOLDER` wrote.
"""

import argparse
import datetime as dt
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from sixparty.compute import Key
from sixparty.forecast import MODEL_ID, RIVALS, reliability_table
from sixparty.forecast.track_record import KEPT_FROM, our_model, track_record_table
from sixparty.service.files import write_whole
from sixparty.service.result import to_json
from sixparty.service.track_record import PASSPORT, RELIABILITY, TABLE, results_folder, structures_digest

_DECIMALS = 4


def main() -> int:
    """Write the three files and say where."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="files of the backtest")
    parser.add_argument("--kept-from", type=dt.date.fromisoformat, default=KEPT_FROM, help="first day not chosen on")
    parser.add_argument("--out", type=Path, default=results_folder())
    asked = parser.parse_args()
    answer = json.loads((asked.folder / "backtest.json").read_text(encoding="utf-8"))
    scored = pl.read_parquet(asked.folder / "forecasts.parquet")
    scored = scored.filter(pl.col("is_monthly") & pl.col("model_id").is_in([MODEL_ID, *RIVALS]))
    key = Key.from_seed(answer["spec"]["seed"]).child("track record")
    files = {
        TABLE: track_record_table(key, scored, kept_from=asked.kept_from).write_csv(),
        RELIABILITY: ours_by_tenth(scored).write_csv(),
        PASSPORT: to_json(passport(answer, scored, kept_from=asked.kept_from)),
    }
    for name, content in files.items():
        sys.stdout.write(f"{write_whole(asked.out / name, content)}\n")
    return 0


def ours_by_tenth(scored: pl.DataFrame) -> pl.DataFrame:
    """Return how often any event came by tenth of our own chances, all origins."""
    ours = pl.struct("target", "model_id").map_elements(
        lambda row: row["model_id"] == our_model(row["target"]), return_dtype=pl.Boolean
    )
    table = reliability_table(scored.filter(ours)).drop("model_id")
    return table.with_columns(pl.col("bin", "mean_chance", "share_happened").round(_DECIMALS))


def passport(answer: Mapping[str, Any], scored: pl.DataFrame, *, kept_from: dt.date) -> dict[str, Any]:
    """Return what the scores were made from."""
    days = scored["reference_date"].unique() + dt.timedelta(days=1)
    ends = scored.select((pl.col("reference_date") + pl.duration(weeks=1) * pl.col("horizon")).max()).item()
    return {
        "data_version": answer["provenance"]["data_version"],
        "data_digest": answer["provenance"]["data_digest"],
        "package_version": answer["provenance"]["package_version"],
        "structures": structures_digest(),
        "models": scored["model_id"].unique().sort().to_list(),
        "command": command(answer["spec"]),
        "seed": answer["spec"]["seed"],
        "first_origin": days.min(),
        "last_origin": days.max(),
        "last_outcome": ends,
        "kept_from": kept_from,
        "origins": len(days),
        "rows": answer["result"]["dates"]["rows"],
        "rows_by_rule": answer["result"]["dates"]["rows_by_rule"],
        "fits": answer["result"]["refitted"],
        "stand_ins": answer["result"]["stand_ins"],
    }


def command(spec: Mapping[str, Any]) -> str:
    """Return the command of the backtest."""
    words = ["sixparty", "forecast", "backtest"]
    for name in ("first_origin", "last_origin", "until"):
        words += [f"--{name.replace('_', '-')}", spec[name]] if spec[name] else []
    return " ".join([*words, *(["--monthly"] if spec["is_monthly_only"] else []), "--seed", str(spec["seed"])])


if __name__ == "__main__":
    sys.exit(main())
