"""How far two coders agree who coded the same rows from their sources, the second blind to the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from sixparty.chronicle.completeness import Interval, wilson
from sixparty.chronicle.read import Chronicle

TYPE_COLUMNS = ("event_type", "spell_type")
DATE_COLUMNS = ("event_date", "start_date")
_NORMAL_95 = 1.959964
_NOTHING = ""


@dataclass(frozen=True)
class CoderAgreement:
    """Agreement of two coders on one column, or on one class of it.

    Parameters
    ----------
    name
        The column, or a class of the type.
    cells
        Cells that at least one of the two filled.
    agreed
        Cells that both filled alike.
    kappa
        Cohen's kappa with its 95 % interval; None where one word alone was used, since chance then explains all.
    """

    name: str
    cells: int
    agreed: int
    kappa: Interval | None


def cohen_kappa(first: Sequence[str], second: Sequence[str]) -> Interval | None:
    r"""Return Cohen's kappa of two codings of the same cells, with a 95 % interval.

    .. math:: \kappa = \frac{p_o - p_e}{1 - p_e}

    with :math:`p_o` the share of cells coded alike and :math:`p_e` the share expected if both drew their words
    independently. The interval is :math:`\kappa \pm 1.96\,s`, s the large-sample error of Fleiss, Cohen and Everitt
    (1969), *Large sample standard errors of kappa and weighted kappa*, Psychological Bulletin 72, 323-327, cut at 1.

    Examples
    --------
    >>> found = cohen_kappa(["a"] * 25 + ["b"] * 25, ["a"] * 20 + ["b"] * 5 + ["a"] * 10 + ["b"] * 15)
    >>> round(found.estimate, 2)
    0.4
    """
    words = sorted(set(first) | set(second))
    if len(words) < 2:
        return None
    place = {word: number for number, word in enumerate(words)}
    table = np.zeros((len(words), len(words)))
    for one, other in zip(first, second, strict=True):
        table[place[one], place[other]] += 1
    table /= len(first)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    alike, expected = float(np.trace(table)), float(rows @ columns)
    kappa = (alike - expected) / (1 - expected)
    error = np.sqrt(_kappa_variance(table, kappa, expected) / len(first))
    return Interval(kappa, kappa - _NORMAL_95 * float(error), min(1.0, kappa + _NORMAL_95 * float(error)))


def _kappa_variance(table: np.ndarray, kappa: float, expected: float) -> float:
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    both = rows[None, :] + columns[:, None]
    on = float((np.diag(table) * (1 - (rows + columns) * (1 - kappa)) ** 2).sum())
    off = float((table * both**2).sum() - (np.diag(table) * np.diag(both) ** 2).sum()) * (1 - kappa) ** 2
    return max(0.0, (on + off - (kappa - expected * (1 - kappa)) ** 2) / (1 - expected) ** 2)


def agreement_by_column(chronicle: Chronicle) -> list[CoderAgreement]:
    """Return how far the coders agreed on each column, types and dates first."""
    cells = _cells(chronicle)
    return [_agreement(name, cells.filter(pl.col("column") == name)) for name in _columns(cells)]


def agreement_by_class(chronicle: Chronicle) -> list[CoderAgreement]:
    """Return how far the coders agreed on each type: that it is this type, against all others."""
    types = _cells(chronicle).filter(pl.col("column").is_in(TYPE_COLUMNS))
    answers = []
    for word in sorted(set(types["first"]) | set(types["second"])):
        one, other = (["yes" if cell == word else "no" for cell in types[side]] for side in ("first", "second"))
        used = [pair for pair in zip(one, other, strict=True) if "yes" in pair]
        answers.append(CoderAgreement(word, len(used), used.count(("yes", "yes")), cohen_kappa(one, other)))
    return answers


def misdated(chronicle: Chronicle) -> tuple[int, int, Interval | None]:
    """Return how many of the rows drawn were misdated, how many were drawn, and the share with its interval."""
    dates = _cells(chronicle).filter(pl.col("column").is_in(DATE_COLUMNS))
    wrong = int(dates["decision"].is_in(["second", "neither"]).sum())
    return wrong, len(dates), wilson(wrong, len(dates)) if len(dates) else None


def reopened(chronicle: Chronicle) -> tuple[int, int, Interval | None]:
    """Return how many rows failed a second opening, how many were opened, and the share with its interval.

    A row fails where any of its lines was found not to carry what it claims, or led to a correction.
    """
    lines = chronicle["verifications"].filter(pl.col("second_result").is_not_null())
    rows = lines.group_by("table", "row_id").agg((pl.col("second_result") != "confirmed").any().alias("fails"))
    wrong = int(rows["fails"].sum())
    return wrong, len(rows), wilson(wrong, len(rows)) if len(rows) else None


def _cells(chronicle: Chronicle) -> pl.DataFrame:
    return chronicle["second_codings"].with_columns(pl.col("first", "second").fill_null(_NOTHING))


def _columns(cells: pl.DataFrame) -> list[str]:
    leading = [name for name in (*TYPE_COLUMNS, *DATE_COLUMNS) if name in set(cells["column"])]
    return leading + sorted(set(cells["column"]) - set(leading))


def _agreement(name: str, cells: pl.DataFrame) -> CoderAgreement:
    first, second = cells["first"].to_list(), cells["second"].to_list()
    agreed = sum(one == other for one, other in zip(first, second, strict=True))
    return CoderAgreement(name, len(cells), agreed, cohen_kappa(first, second))
