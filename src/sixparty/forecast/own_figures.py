"""A reader's own figures as hub rows: from a chance, from quantiles, from probabilities, from a sheet filled in."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from sixparty.errors import FileRefused, InputRefused, UsageError
from sixparty.forecast.archive import read_forecast_file
from sixparty.forecast.hub import HUB_SCHEMA, check_hub_table, hub_rows
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.rounds import is_ours
from sixparty.forecast.targets import TARGETS, require_target
from sixparty.periods import HORIZONS, window_end

SHEET_COLUMNS: tuple[str, ...] = (
    "target",
    "horizon",
    "closes",
    "question",
    "chance",
    "q05",
    "q25",
    "q50",
    "q75",
    "q95",
)
"""Columns of the sheet to fill in."""

FEWEST_QUANTILES, LARGEST_COUNT = 3, 1000
_CLOSE = 1e-6
_MODEL_ID = re.compile(r"[A-Za-z0-9_]+-[A-Za-z0-9_]+")
_QUANTILE_COLUMN = re.compile(r"q(\d\d(?:\.\d)?)")
_CATEGORY = re.compile(r"\d+\+?")


@dataclass(frozen=True)
class OwnRound:
    """For which round figures are entered, and under which name."""

    reference_date: dt.date
    as_of: dt.date
    model_id: str

    def __post_init__(self) -> None:
        if not _MODEL_ID.fullmatch(self.model_id):
            raise UsageError(f"model-id must be team-model, like desk-kim, got {self.model_id!r}.")
        if is_ours(self.model_id):
            raise UsageError(
                f"model-id must not begin like a model of ours, got {self.model_id!r}. Choose another team."
            )

    def chance_rows(self, target: str, horizon: int, *, chance: float) -> pl.DataFrame:
        """Return the hub rows of a chance of at least one: probabilities of ``0`` and ``1+``, and nothing else."""
        require_target(target)
        if not 0 < chance < 1:
            raise UsageError(f"chance must lie between 0 and 1 (0.2 for one in five), neither included, got {chance}.")
        end = window_end(self.reference_date, horizon)
        fixed, mine = (self.reference_date, horizon, target, end, "pmf"), (self.model_id, self.as_of)
        said = round(chance, 9)
        rows = [(*fixed, "0", round(1 - said, 9), *mine), (*fixed, "1+", said, *mine)]
        return pl.DataFrame(rows, schema=dict(HUB_SCHEMA), orient="row")

    def law_rows(self, target: str, horizon: int, *, law: CountPredictive) -> pl.DataFrame:
        """Return the hub rows of a whole law of a count."""
        if require_target(target).kind == "binary":
            raise UsageError(f"{target} is a question of yes or no, got a law of counts. Enter a chance.")
        return hub_rows(
            law,
            target,
            horizon=horizon,
            reference_date=self.reference_date,
            model_id=self.model_id,
            as_of=self.as_of,
        )


def law_from_quantiles(quantiles: Mapping[float, int]) -> CountPredictive:
    r"""Return a law that has these quantiles.

    At each count given, :math:`F` is its (highest) level; between two of them it rises in a straight line, from 0 just
    below the count 0; beyond the last one :math:`1 - F` falls geometrically, as it fell between the last two.

    Parameters
    ----------
    quantiles
        Level (between 0 and 1) -> smallest count whose cumulative probability reaches it; at least three.

    Examples
    --------
    >>> law = law_from_quantiles({0.25: 0, 0.5: 1, 0.95: 4})
    >>> [law.quantile(level) for level in (0.25, 0.5, 0.95)]
    [0, 1, 4]
    """
    levels = sorted(quantiles)
    counts = [quantiles[level] for level in levels]
    if len(levels) < FEWEST_QUANTILES or not all(0 < level < 1 for level in levels):
        raise UsageError(
            f"quantiles must be at least {FEWEST_QUANTILES}, levels between 0 and 1, got {dict(quantiles)}."
        )
    if counts[0] < 0 or counts != sorted(counts) or counts[-1] > LARGEST_COUNT:
        raise UsageError(
            f"quantiles must be counts from 0 to {LARGEST_COUNT} that do not fall as the level rises, got "
            f"{dict(quantiles)}."
        )
    points = [(-1, 0.0, 0.0)]
    for count in dict.fromkeys(counts):
        here = [level for level in levels if quantiles[level] == count]
        points.append((count, here[0], here[-1]))
    cumulative = _between(points)
    (before, _, under), (last, _, upto) = points[-2:]
    ratio = ((1 - upto) / (1 - under)) ** (1 / (last - before))
    return CountPredictive(np.diff(cumulative, prepend=0.0), 1 - upto, ratio)


def law_from_probabilities(said: Mapping[str, float]) -> CountPredictive:
    """Return the law that gives each count its probability; what a last ``K+`` holds falls off geometrically.

    The ratio is that of K and more to K - 1 and more, and at most .98.

    Parameters
    ----------
    said
        Count as text -> probability; the counts run from 0 without a gap, the last one may be ``K+``.
    """
    names = list(said)
    expected = [str(count) for count in range(len(names))]
    if not names or [name.removesuffix("+") for name in names] != expected or "+" in "".join(names[:-1]):
        raise UsageError(f"counts must run from 0 without a gap, the last one K or K+, got {', '.join(names)}.")
    values = np.array([said[name] for name in names])
    if values.min() < 0 or abs(values.sum() - 1) > _CLOSE:
        raise UsageError(f"probabilities must be 0 or more and add up to 1, got a sum of {values.sum():g}.")
    values = values / values.sum()
    if not names[-1].endswith("+"):
        return CountPredictive(values, 0.0, 0.0)
    beyond = float(values[-1])
    from_before = beyond + float(values[-2]) if len(values) > 1 else 0.0
    ratio = min(beyond / from_before, 0.98) if from_before else 0.0
    return CountPredictive(values[:-1], 1 - float(values[:-1].sum()), ratio)


def read_probabilities(path: Path) -> CountPredictive:
    """Read a CSV file with the columns `count` (``0``, ``1``, ..., last ``K+``) and `chance`.

    Raises
    ------
    FileRefused
        If it is another file.
    """
    table = _read_csv(path)
    if table.columns != ["count", "chance"]:
        raise FileRefused(f"{path} must have the columns count,chance, got {','.join(table.columns)}.")
    rows = [(str(name).strip(), _number(value, path)) for name, value in table.iter_rows()]
    if any(not _CATEGORY.fullmatch(name) for name, _ in rows):
        raise FileRefused(f"{path} must hold counts like 0, 1, 2+, got {', '.join(name for name, _ in rows)}.")
    return law_from_probabilities(dict(rows))


def parse_quantiles(text: str) -> dict[float, int]:
    """Read quantiles written as ``0.05=0,0.5=2,0.95=9``.

    Raises
    ------
    UsageError
        If the text has another form.
    """
    try:
        pairs = [part.split("=") for part in text.split(",")]
        return {float(level): int(count) for level, count in pairs}
    except ValueError:
        raise UsageError(f"quantiles must look like 0.05=0,0.5=2,0.95=9, got {text!r}.") from None


def sheet(reference_date: dt.date, *, targets: tuple[str, ...] = (), horizons: tuple[int, ...] = ()) -> pl.DataFrame:
    """Return a sheet to fill in: one row a question, with empty cells for a chance or for quantiles."""
    rows = [
        (name, horizon, window_end(reference_date, horizon), TARGETS[name].question)
        for name in targets or tuple(TARGETS)
        for horizon in horizons or HORIZONS
    ]
    table = pl.DataFrame(rows, schema=list(SHEET_COLUMNS[:4]), orient="row")
    return table.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in SHEET_COLUMNS[4:])


def read_figures(path: Path, entry: OwnRound) -> pl.DataFrame:
    """Read a file of figures, a filled sheet or a hub table, as the hub rows of `entry`.

    Of a hub table every row must be for the reference date; its own `model_id` stands. A forecast that has
    quantiles and no probabilities gets those of `law_from_quantiles`.

    Raises
    ------
    FileRefused, InputRefused, UsageError
        If the file is neither, is for another week, or holds a figure that cannot be meant.
    """
    columns = _read_csv(path).columns
    if columns == list(HUB_SCHEMA):
        return _hub_figures(path, entry)
    if columns[:2] != ["target", "horizon"] or "chance" not in columns:
        raise FileRefused(
            f"{path} must be a hub table or a sheet of `sixparty forecast own --template`, got the columns "
            f"{', '.join(columns)}."
        )
    return _sheet_figures(path, entry)


def _between(points: list[tuple[int, float, float]]) -> list[float]:
    """Cumulative probabilities of 0, 1, ... up to the last point."""
    cumulative: list[float] = []
    for (before, _, under), (count, low, high) in itertools.pairwise(points):
        steps = range(before + 1, count)
        cumulative += [under + (low - under) * (k - before) / (count - before) for k in steps]
        cumulative.append(high)
    return cumulative


def _read_csv(path: Path) -> pl.DataFrame:
    try:
        return pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise FileRefused(f"{path} must be a readable CSV file, got: {error}.") from None


def _number(text: str | None, path: Path) -> float:
    try:
        return float(text or "")
    except ValueError:
        raise FileRefused(f"{path} must hold numbers where figures stand, got {text!r}.") from None


def _whole(text: str | None, path: Path) -> int:
    number = _number(text, path)
    if not number.is_integer():
        raise InputRefused(f"{path} must hold whole numbers as windows and quantiles, got {text!r}.")
    return int(number)


def _sheet_figures(path: Path, entry: OwnRound) -> pl.DataFrame:
    table = _read_csv(path)
    filled = [row for row in table.iter_rows(named=True) if _figures(row)]
    if not filled:
        raise InputRefused(f"{path} must hold at least one figure, got none. Fill in a chance or quantiles.")
    return pl.concat(_row_figures(row, path, entry) for row in filled)


def _figures(row: Mapping[str, str | None]) -> dict[str, str]:
    """Cells of a row that were filled in."""
    cells = {name: (text or "").strip() for name, text in row.items()}
    return {
        name: text for name, text in cells.items() if text and (name == "chance" or _QUANTILE_COLUMN.fullmatch(name))
    }


def _row_figures(row: Mapping[str, str | None], path: Path, entry: OwnRound) -> pl.DataFrame:
    target, horizon = require_target(str(row["target"])).name, _whole(row["horizon"], path)
    cells = _figures(row)
    if "chance" in cells:
        if len(cells) > 1:
            raise InputRefused(
                f"{path} must hold a chance or quantiles in a row, got both for {target}, {horizon} weeks."
            )
        return entry.chance_rows(target, horizon, chance=_number(cells["chance"], path))
    counts = {float(name[1:]) / 100: _whole(text, path) for name, text in cells.items()}
    return entry.law_rows(target, horizon, law=law_from_quantiles(counts))


def _hub_figures(path: Path, entry: OwnRound) -> pl.DataFrame:
    table = read_forecast_file(path)
    days = [day for day in table["reference_date"].unique() if day != entry.reference_date]
    if days or table["reference_date"].has_nulls():
        raise InputRefused(f"{path} must be for the reference date {entry.reference_date}, got {days}.")
    ours = [name for name in table["model_id"].unique().drop_nulls() if is_ours(name)]
    if ours:
        raise InputRefused(f"{path} must not hold models named like ours, got {', '.join(ours)}.")
    cells = table.partition_by("model_id", "target", "horizon", maintain_order=True)
    return pl.concat(_with_probabilities(cell, path) for cell in cells)


def _with_probabilities(cell: pl.DataFrame, path: Path) -> pl.DataFrame:
    faults = check_hub_table(cell)
    if len(faults):
        raise InputRefused(f"{path} must be in hub layout; the first row that is not: {faults['fault'][0]}.")
    if "pmf" in cell["output_type"]:
        return cell
    first = cell.row(0, named=True)
    told = cell.filter(pl.col("output_type") == "quantile").select("output_type_id", "value").rows()
    if len(told) < FEWEST_QUANTILES or require_target(first["target"]).kind == "binary":
        raise InputRefused(
            f"{path} must hold pmf rows, or for a count at least {FEWEST_QUANTILES} quantiles, for each question; "
            f"{first['target']}, {first['horizon']} weeks, has neither."
        )
    law = law_from_quantiles({float(level): int(np.ceil(value)) for level, value in told})
    entry = OwnRound(first["reference_date"], first["as_of"], first["model_id"])
    rows = entry.law_rows(first["target"], first["horizon"], law=law)
    return pl.concat([rows.filter(pl.col("output_type") == "pmf"), cell])
