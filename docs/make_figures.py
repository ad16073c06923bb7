"""Draw the figures of the explanation pages and write the figures they quote between their markers."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import altair as alt
import numpy as np
import polars as pl
import vl_convert
from scipy import stats

from sixparty.chronicle import read_chronicle
from sixparty.compute import Key
from sixparty.tension import tension_index

DOCS = Path(__file__).parent
MONTHS_QUOTED = (
    "1994-06",
    "2003-01",
    "2006-10",
    "2010-11",
    "2017-08",
    "2017-09",
    "2018-05",
    "2019-02",
    "2022-11",
    "2025-06",
)


def both_by_month() -> pl.DataFrame:
    """The tension index (mean of the weeks that close in the month) and the press index, by month."""
    chronicle = read_chronicle()
    index = tension_index(Key.from_seed(1), chronicle, end=dt.date(2025, 6, 28))
    weeks = pl.DataFrame({"period": index.week_ends.astype("datetime64[M]").astype(str), "tension": index.value})
    ours = weeks.group_by("period").agg(pl.col("tension").mean())
    press = chronicle["series"].filter(pl.col("series") == "gpr_korea").select("period", pl.col("value").alias("press"))
    return ours.join(press, on="period").sort("period")


def draw(table: pl.DataFrame) -> str:
    """The two indices above each other, one month a point."""
    titles = {"tension": "Tension index (ratio to average)", "press": "Press index GPR Korea (% of articles)"}
    long = table.with_columns(pl.col("period").str.to_date("%Y-%m")).unpivot(
        ["tension", "press"], index="period", variable_name="index"
    )
    base = alt.Chart(alt.Data(values=long.with_columns(pl.col("period").dt.to_string()).to_dicts()))
    line = base.mark_line(strokeWidth=1.2, color="#1f4e79").encode(
        x=alt.X("period:T", title=None), y=alt.Y("value:Q", title=None)
    )
    panels = [
        line.transform_filter(f"datum.index == '{name}'").properties(width=640, height=130, title=title)
        for name, title in titles.items()
    ]
    return str(vl_convert.vegalite_to_svg(alt.vconcat(*panels).to_dict()))


def quoted(table: pl.DataFrame) -> str:
    """The rank correlation and the months that the page names, as Markdown."""
    rank = stats.spearmanr(table["tension"], table["press"])
    lines = [
        f"Rank correlation over {len(table)} months: {rank.statistic:.2f}. The months named here:",
        "",
        "| month | tension index | press index |",
        "|---|---|---|",
    ]
    for row in table.filter(pl.col("period").is_in(MONTHS_QUOTED)).iter_rows(named=True):
        lines.append(f"| {row['period']} | {row['tension']:.2f} | {row['press']:.2f} |")
    highest = {name: table["period"][int(np.argmax(table[name].to_numpy()))] for name in ("tension", "press")}
    lines += ["", f"Highest month of ours: {highest['tension']}; of the press index: {highest['press']}."]
    return "\n".join(lines)


def main() -> None:
    """Draw and write."""
    table = both_by_month()
    (DOCS / "images").mkdir(exist_ok=True)
    (DOCS / "images" / "index-and-gpr.svg").write_text(draw(table), encoding="utf-8")
    page = DOCS / "explanation" / "index.md"
    pattern = r"(<!-- figures: begin -->\n).*?(<!-- figures: end -->)"
    fresh = re.sub(pattern, lambda m: m[1] + quoted(table) + "\n" + m[2], page.read_text("utf-8"), flags=re.DOTALL)
    page.write_text(fresh, encoding="utf-8")


if __name__ == "__main__":
    main()
