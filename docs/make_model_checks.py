"""Write the tables and figures of docs/explanation/model-checks.md, on the record to the end of 2018.

.venv/bin/python docs/make_model_checks.py            tables, figures, predictive checks; a minute
.venv/bin/python docs/make_model_checks.py --check    say whether all is fresh; draws and fits nothing
.venv/bin/python docs/make_model_checks.py --ranks    rank anew what has new structures or priors; ten minutes

Ranks are kept in model-checks-ranks.csv beside the page.
"""

import datetime as dt
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import altair as alt
import numpy as np
import polars as pl
import vl_convert
from pages import refresh, table
from scipy.stats import norm

from sixparty.chronicle import read_chronicle
from sixparty.cli.progress import progress_listener
from sixparty.compute import Key
from sixparty.excitation import (
    CalibrationRanks,
    MarkData,
    MarkPriors,
    MarkStructure,
    Normal,
    calibration_ranks,
    default_priors,
    fit_mark,
    importance_fit,
    uniformity_band,
    uniformity_chances,
)
from sixparty.forecast import (
    SUMMARIES,
    TARGET_STRUCTURE,
    after_silence,
    mark_data,
    posterior_predictive,
    prior_predictive,
    prior_range,
    prior_table,
    pulls,
    yearly_predictive,
)
from sixparty.service.result import digest_of
from sixparty.tension import count_panel

DOCS = Path(__file__).parent
PAGE = DOCS / "explanation" / "model-checks.md"
RANKS = DOCS / "explanation" / "model-checks-ranks.csv"
END = dt.date(2018, 12, 29)
KEY = Key.from_seed(1)
DRAWS = 500
SERIES, PERIODS = 200, 520
FALSE_ALARM = 0.01
OUTSIDE = 0.05
SILENCE = {0: "under 4", 4: "4 to 12", 13: "13 to 25", 26: "26 to 51", 52: "52 and more"}
CHECKS = ("prior", "whole record", "year by year")


def main() -> int:
    """Write the page, or with --check compare it."""
    if "--ranks" in sys.argv:
        draw_ranks()
    kept = pl.read_csv(RANKS)
    parts = {"priors": priors_part(), "calibration": calibration_part(kept)}
    if "--check" in sys.argv:
        return refresh(PAGE, parts) or kept_are_fresh(kept)
    checks = Checks.made()
    (DOCS / "images" / "model-checks-places.svg").write_text(places_figure(checks), encoding="utf-8")
    (DOCS / "images" / "model-checks-ranks.svg").write_text(ranks_figure(kept), encoding="utf-8")
    return refresh(PAGE, parts | {"predictive": predictive_part(checks), "silence": silence_part(checks)})


def structures() -> dict[str, MarkStructure]:
    """Return every structure that stands behind a target, by its name in words, once."""
    return {words(structure): structure for structure in TARGET_STRUCTURE.values()}


def words(structure: MarkStructure) -> str:
    """Name a structure by its parts."""
    parts = [structure.level, *structure.links, *(["drills"] if structure.exposures else [])]
    return " + ".join([*parts, *(["season"] if structure.season else [])])


def records() -> dict[str, MarkData]:
    """Return what each model is fitted to, to the end of 2018."""
    panel = count_panel(read_chronicle(), tuple(TARGET_STRUCTURE), end=END)
    return {target: mark_data(panel, target, structure=structure) for target, structure in TARGET_STRUCTURE.items()}


def ranks_digest() -> str:
    """Say of what the kept ranks are: structures, priors, numbers."""
    return digest_of([(each, default_priors(each)) for each in structures().values()], SERIES, PERIODS)


def checks_digest() -> str:
    """Say of what the predictive checks are: structures, priors, rows to the end of 2018."""
    rows = [(data.counts.tolist(), data.covered.sum().item(), data.exposures.tolist()) for data in records().values()]
    return digest_of([(each, default_priors(each)) for each in TARGET_STRUCTURE.values()], rows, DRAWS)


def kept_are_fresh(kept: pl.DataFrame) -> int:
    """Compare the digests of what a check does not make again; return the exit code."""
    if kept["digest"].unique().to_list() != [ranks_digest()]:
        sys.stderr.write(f"{RANKS.name} is of other structures or priors. Run {sys.argv[0]} --ranks.\n")
        return 4
    if f"digest {checks_digest()}" not in PAGE.read_text(encoding="utf-8"):
        sys.stderr.write(f"The predictive checks of {PAGE.name} are of other rows. Run {sys.argv[0]}.\n")
        return 4
    return 0


def priors_part() -> str:
    """Return the table of priors as Markdown."""
    rows = [
        (
            f"`{row['parameter']}`",
            row["targets"].replace("_", " "),
            row["law"],
            row["meaning"],
            f"{_short(row['median'])} ({_short(row['low'])} to {_short(row['high'])})",
            row["reason"],
            row["source"],
        )
        for row in prior_table(TARGET_STRUCTURE).iter_rows(named=True)
    ]
    return table(("parameter", "targets", "prior", "in plain units", "median (95 %)", "reason", "source"), rows) + "\n"


def draw_ranks() -> None:
    """Calibrate every structure that has no ranks of today's structures and priors; keep each as soon as it is done."""
    kept = [row for row in _kept_rows() if row["digest"] == ranks_digest()]
    for name, structure in structures().items():
        if any(row["structure"] == name for row in kept):
            continue
        sys.stderr.write(f"{name}: ")
        found = calibration_ranks(
            KEY.child("calibration", name),
            structure,
            series=SERIES,
            periods=PERIODS,
            progress=progress_listener(quiet=False),
        )
        kept += [_rank_row(name, found, place) for place in range(len(found.quantities))]
        pl.DataFrame(kept).write_csv(RANKS)


def _kept_rows() -> list[dict[str, str | int]]:
    return pl.read_csv(RANKS).to_dicts() if RANKS.exists() else []


def _rank_row(name: str, found: CalibrationRanks, place: int) -> dict[str, str | int]:
    return {
        "digest": ranks_digest(),
        "structure": name,
        "quantity": found.quantities[place],
        "draws": found.draws,
        "refused": found.refused,
        "left_out": found.left_out,
        "ranks": " ".join(map(str, found.ranks[:, place])),
    }


def ranks_of(kept: pl.DataFrame, name: str) -> CalibrationRanks:
    """Return the kept ranks of one structure."""
    rows = kept.filter(pl.col("structure") == name)
    ranks = np.array([[int(rank) for rank in text.split()] for text in rows["ranks"]]).T
    first = rows.row(0, named=True)
    return CalibrationRanks(tuple(rows["quantity"]), ranks, first["draws"], first["refused"], first["left_out"])


def calibration_part(kept: pl.DataFrame) -> str:
    """Return what the ranks say as Markdown."""
    found = {name: ranks_of(kept, name) for name in structures()}
    rows, chances = [], []
    for name, ranks in found.items():
        values = uniformity_chances(KEY.child("band"), ranks.ranks, draws=ranks.draws)
        chances += values.tolist()
        least = int(np.argmin(values))
        rows.append(
            (
                name,
                str(len(ranks.ranks)),
                str(ranks.refused),
                str(ranks.left_out),
                str(len(ranks.quantities)),
                f"{values[least]:.3f} (`{ranks.quantities[least]}`)",
                f"{values[-2]:.2f}",
                f"{values[-1]:.2f}",
            )
        )
    heads = ("structure", "series", "refused", "left out", "quantities", "smallest p", "p of log likelihood")
    return (
        "\n\n".join([table((*heads, "p of the next 13 weeks"), rows), _verdict(chances), _power(len(chances))]) + "\n"
    )


def _verdict(chances: list[float]) -> str:
    number, low = len(chances), sum(chance < OUTSIDE for chance in chances)
    threshold = FALSE_ALARM / number
    state = "none is" if min(chances) >= threshold else f"{sum(each < threshold for each in chances)} are"
    return (
        f"Of {number} p-values {low} lie below .05, where {OUTSIDE * number:.1f} were to be expected. An alarm is a "
        f"p-value below .01 / {number} = {threshold:.5f}, which keeps false alarms over all of them below 1 %: {state}."
    )


def _power(number: int) -> str:
    """Say what the test would have seen: shares of alarms for posteriors that are off in a known way."""
    generator = KEY.child("power").generator()
    rows = []
    for name, width, shift in (
        ("three quarters of its width", 0.75, 0.0),
        ("a quarter too wide", 1.25, 0.0),
        ("off by .3 sd", 1.0, 0.3),
        ("off by .5 sd", 1.0, 0.5),
    ):
        places = norm.cdf((generator.standard_normal((SERIES, 200)) + shift) / width)
        chances = uniformity_chances(KEY.child("band"), (places * 100).astype(int), draws=99)
        rows.append((name, *(f"{(chances < level).mean():.2f}" for level in (OUTSIDE, FALSE_ALARM / number))))
    header = ("a posterior that is", "seen at .05", f"seen at .01 / {number}")
    return f"What {SERIES} series would show of one quantity:\n\n" + table(header, rows)


@dataclass(frozen=True)
class Checks:
    """Every predictive check of every target."""

    data: Mapping[str, MarkData]
    tables: Mapping[tuple[str, str], pl.DataFrame]
    silence: Mapping[str, pl.DataFrame]
    pulled: Mapping[str, pl.DataFrame]

    @classmethod
    def made(cls) -> "Checks":
        """Fit every target to the end of 2018 and check it."""
        data, tables, silence, pulled = records(), {}, {}, {}
        for target, structure in TARGET_STRUCTURE.items():
            sys.stderr.write(f"{target}\n")
            key, own = KEY.child("checks", target), data[target]
            fit = fit_mark(key.child("fit"), own, structure=structure, draws=DRAWS)
            tables[target, CHECKS[0]] = prior_predictive(key, own, structure, draws=DRAWS)
            tables[target, CHECKS[1]] = posterior_predictive(key, fit, own)
            tables[target, CHECKS[2]] = yearly_predictive(key, fit, own)
            silence[target], pulled[target] = after_silence(key, fit, own), pulls(fit)
        return cls(data, tables, silence, pulled)

    @cached_property
    def places(self) -> pl.DataFrame:
        """The place of every observed summary among the simulated ones."""
        return pl.concat(
            each.with_columns(
                pl.lit(target.replace("_", " ")).alias("target"),
                pl.lit(check).alias("check"),
                pl.col("summary").replace_strict(SUMMARIES).alias("what"),
            )
            for (target, check), each in self.tables.items()
        )


def predictive_part(checks: Checks) -> str:
    """Return the prior and posterior predictive checks as Markdown."""
    parts = [f"Record to {END}, {DRAWS} simulated series each, digest {checks_digest()}.", _possible(checks)]
    parts += [_pulled(checks), _alternatives(checks), _outside(checks)]
    for target in TARGET_STRUCTURE:
        parts += [f"### {target.replace('_', ' ')}: {words(TARGET_STRUCTURE[target])}", _target_table(checks, target)]
    return "\n\n".join(parts) + "\n"


def _possible(checks: Checks) -> str:
    rows = []
    for target, structure in TARGET_STRUCTURE.items():
        found = prior_range(KEY.child("checks", target), checks.data[target], structure, target=target, draws=DRAWS)
        shares = (found.below, found.within, found.above, found.overfull)
        rows.append((target.replace("_", " "), *(f"{share:.2f}" for share in shares)))
    header = ("series drawn from the priors", "too few a year", "possible", "too many", "some week above 7")
    return table(header, rows)


def _pulled(checks: Checks) -> str:
    rows = [
        (target.replace("_", " "), f"`{row['parameter']}`", f"{row['pull']:+.1f}", f"{row['left']:.2f}")
        for target, found in checks.pulled.items()
        for row in found.filter(pl.col("pull").abs() >= 1.2).iter_rows(named=True)
    ]
    words_before = "Parameters that the record pulls 1.2 prior sds or more from their prior mean:"
    return f"{words_before}\n\n" + table(("target", "parameter", "pull, prior sds", "width left"), rows)


def _outside(checks: Checks) -> str:
    fitted = checks.places.filter(pl.col("check") != CHECKS[0])
    out = fitted.filter(~pl.col("place").is_between(OUTSIDE, 1.0 - OUTSIDE))
    return (
        f"Of {fitted.height} places of the fits {out.height} lie outside {OUTSIDE} to {1.0 - OUTSIDE}; under right "
        f"models it would be fewer than {2.0 * OUTSIDE * fitted.height:.0f}."
    )


def _alternatives(checks: Checks) -> str:
    """Set the log evidence under other priors beside that under ours."""
    rows = []
    for target, structure in TARGET_STRUCTURE.items():
        ours = default_priors(structure)
        others = {
            "dispersion of a week: median 2, log sd 1": replace(ours, log_dispersion=Normal(math.log(2.0), 1.0)),
            "season: sd .3": replace(ours, season=Normal(0.0, 0.3)) if structure.season else None,
            "drills: N(0, .5)": replace(ours, effects=dict.fromkeys(structure.exposures, Normal(0.0, 0.5)))
            if structure.exposures
            else None,
        }
        usual = _evidence(checks.data[target], structure, ours)
        for name, priors in others.items():
            if priors is not None:
                gain = _evidence(checks.data[target], structure, priors) - usual
                rows.append((target.replace("_", " "), name, f"{gain:+.1f}"))
    before = "Log evidence of the record under another prior, less that under ours (2 and more is worth noting):"
    return f"{before}\n\n" + table(("target", "another prior", "log evidence"), rows)


def _evidence(data: MarkData, structure: MarkStructure, priors: MarkPriors) -> float:
    fit = importance_fit(KEY.child("evidence"), data, structure=structure, priors=priors, draws=DRAWS)
    return fit.log_evidence or math.nan


def _target_table(checks: Checks, target: str) -> str:
    rows = []
    found = [checks.tables[target, check] for check in CHECKS]
    for one in zip(*(each.iter_rows(named=True) for each in found), strict=True):
        cells = [SUMMARIES[one[0]["summary"]], _short(one[0]["observed"])]
        for row in one:
            cells += [f"{_short(row['middle'])} ({_short(row['low'])} to {_short(row['high'])})", _place(row["place"])]
        rows.append(cells)
    heads = [head for check in CHECKS for head in (f"{check}: median (5 to 95 %)", "place")]
    return table(["summary", "record", *heads], rows)


def _place(place: float) -> str:
    return f"**{place:.2f}**" if not OUTSIDE <= place <= 1.0 - OUTSIDE else f"{place:.2f}"


def silence_part(checks: Checks) -> str:
    """Return what came after silences beside what was expected, as Markdown."""
    rows = [
        (
            target.replace("_", " "),
            SILENCE[row["silence"]],
            str(row["looks"]),
            str(row["silences"]),
            f"{row['expected_any']:.2f}",
            f"{row['observed_any']:.2f}",
            f"{row['expected_mean']:.2f}",
            f"{row['observed_mean']:.2f}",
            _place(row["place"]),
        )
        for target, found in checks.silence.items()
        for row in found.iter_rows(named=True)
    ]
    shares = ("chance of any", "share with any", "mean expected", "mean seen", "place")
    return table(("target", "weeks of silence", "looks", "silences", *shares), rows) + "\n"


def _short(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def places_figure(checks: Checks) -> str:
    """Draw where the record lies among simulated series, by target and check."""
    rows = checks.places.select("target", "check", "what", "place").to_dicts()
    base = alt.Chart(alt.Data(values=rows))
    order = list(SUMMARIES.values())
    colours = alt.Scale(domain=list(CHECKS), range=["#b8b8b8", "#c0672b", "#1f4e79"])
    dots = base.mark_point(filled=True, size=45, opacity=1).encode(
        x=alt.X("place:Q", title="place", scale=alt.Scale(domain=[0, 1])),
        y=alt.Y("what:N", sort=order, title=None, axis=alt.Axis(labelLimit=240, grid=True)),
        color=alt.Color("check:N", scale=colours, sort=list(CHECKS), title=None, legend=alt.Legend(orient="top")),
        shape=alt.Shape("check:N", scale=alt.Scale(domain=list(CHECKS), range=["circle", "diamond", "square"])),
    )
    edges = base.mark_rule(strokeDash=[3, 3], color="#888").encode(x="edge:Q")
    layers = [edges.transform_calculate(edge=str(edge)) for edge in (OUTSIDE, 1.0 - OUTSIDE)]
    panel = alt.layer(*layers, dots).properties(width=150, height=190)
    targets = [target.replace("_", " ") for target in TARGET_STRUCTURE]
    chart = panel.facet(facet=alt.Facet("target:N", sort=targets, title=None), columns=3)
    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def ranks_figure(kept: pl.DataFrame) -> str:
    """Draw the empirical distribution of ranks less the uniform one, with the band that 99 % of sets stay in."""
    rows = []
    for name in structures():
        found = ranks_of(kept, name)
        band = uniformity_band(KEY.child("band"), series=len(found.ranks), draws=found.draws, false_alarm=FALSE_ALARM)
        uniform = np.arange(1, found.draws + 1) / (found.draws + 1)
        for quantity, ranks in zip(found.quantities, found.ranks.T, strict=True):
            below = (ranks[:, None] < np.arange(1, found.draws + 1)).mean(axis=0)
            for j in range(found.draws):
                rows.append(
                    {
                        "structure": name,
                        "quantity": quantity,
                        "kind": quantity if quantity in found.quantities[-2:] else "parameters",
                        "share": round(float(uniform[j]), 4),
                        "above": round(float(below[j] - uniform[j]), 4),
                        "low": round(float(band[0, j] - uniform[j]), 4),
                        "high": round(float(band[1, j] - uniform[j]), 4),
                    }
                )
    base = alt.Chart(alt.Data(values=rows)).encode(x=alt.X("share:Q", title="share of posterior draws"))
    area = base.mark_area(color="#e4e9ee").encode(y=alt.Y("min(low):Q"), y2="max(high):Q")
    kinds = alt.Scale(domain=["parameters", "log_likelihood", "next_13"], range=["#9aa7b1", "#c0672b", "#1f4e79"])
    line = base.mark_line(strokeWidth=1.1).encode(
        y=alt.Y("above:Q", title="ranks below it, less uniform"),
        detail="quantity:N",
        color=alt.Color("kind:N", scale=kinds, title=None, legend=alt.Legend(orient="top")),
    )
    panel = alt.layer(area, line).properties(width=260, height=130)
    chart = panel.facet(facet=alt.Facet("structure:N", sort=list(structures()), title=None), columns=2)
    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


if __name__ == "__main__":
    sys.exit(main())
