"""The brief: gather what the other rooms found and hand it to the pages."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sixparty import __version__
from sixparty.chronicle import DATA_VERSION, Chronicle
from sixparty.compute import Key, Progress, SilentProgress
from sixparty.errors import UsageError
from sixparty.report import (
    PARTY_NAMES,
    BriefInputs,
    Header,
    brief_document,
    brief_html,
    brief_markdown,
    brief_terminal,
    languages,
)
from sixparty.report.messages import read_messages
from sixparty.report.page import Page, PlainPen
from sixparty.report.render import warning_lines
from sixparty.service.clock import now, resolve_dates
from sixparty.service.files import write_whole
from sixparty.service.home import Home
from sixparty.service.look import Look, look_at
from sixparty.service.promises import promise_changes, promise_rows, promise_standing
from sixparty.service.record import open_record
from sixparty.service.result import (
    Provenance,
    Result,
    digest_of,
    library_versions,
    own_rows,
    plain,
    to_json,
)
from sixparty.service.runs import write_run

if TYPE_CHECKING:
    from rich.console import Group

    from sixparty.service.outlook import Outlook
    from sixparty.service.score import MadeScores
    from sixparty.service.track_record import ShippedRecord

_STAGE_VERSION = 3


@dataclass(frozen=True)
class BriefSpec:
    """What a brief is asked for.

    Parameters
    ----------
    as_of
        Day (KST) whose knowledge it uses; None is the record's end.
    seed
        Whole number that every random draw follows from.
    marking
        Handling marking at head and foot of every page.
    data
        Folder with a chronicle's CSV files; None is the one installed.
    """

    as_of: str | None = None
    seed: int = 1
    marking: str | None = None
    data: Path | None = None

    def command(self) -> str:
        """Return the command that makes the same brief again."""
        words = ["sixparty", "brief"]
        for option, value in (("--as-of", self.as_of), ("--marking", self.marking), ("--data", self.data)):
            words += [option, str(value)] if value is not None else []
        return shlex.join([*words, "--seed", str(self.seed)])


@dataclass(frozen=True)
class PageSpec:
    """How the pages of a brief are written; the result is the same.

    Parameters
    ----------
    languages
        Languages asked for, the first for the terminal.
    party_names
        One of `PARTY_NAMES`; None is the choice of each language.
    """

    languages: tuple[str, ...] = ("en",)
    party_names: str | None = None

    def __post_init__(self) -> None:
        strange = [name for name in self.languages if name not in languages()]
        if strange or not self.languages:
            known = (*languages(), "both")
            raise UsageError(f"language must be one of {', '.join(known)}, got {', '.join(strange)!r}.")
        if self.party_names not in (None, *PARTY_NAMES):
            raise UsageError(f"party names must be one of {', '.join(PARTY_NAMES)}, got {self.party_names!r}.")


ENGLISH = PageSpec()
"""The pages of a brief for whom nothing else is asked."""


def page_spec(language: str, party_names: str | None = None) -> PageSpec:
    """Return how pages are written for one language, or for ``both``."""
    return PageSpec(languages() if language == "both" else (language,), party_names)


@dataclass(frozen=True)
class MadeBrief:
    """A brief and the files that hold it."""

    result: Result
    files: tuple[Path, ...]


def make_brief(
    spec: BriefSpec,
    *,
    home: Home,
    out: Path | None = None,
    progress: Progress | None = None,
    pages: PageSpec = ENGLISH,
) -> MadeBrief:
    """Make the brief, keep it as a run with its pages in every language, and copy those asked for to `out`.

    The same specification, data, versions and seed give the same run and the same pages, whatever the day.

    Raises
    ------
    DateRefused, FileRefused, RecordRefused
        If the date or the chronicle cannot be used.
    ModelRefused
        If a mark cannot be fitted.
    EnvironmentRefused
        If a folder cannot be written to.
    """
    listener = progress or SilentProgress()
    key = Key.from_seed(spec.seed)
    chronicle = open_record(spec.data, home=home.folder)
    dates = resolve_dates(chronicle, spec.as_of)
    # compiled code is loaded only once the question is known to have an answer
    from sixparty.service import outlook
    from sixparty.service.evidence_results import shipped_evidence
    from sixparty.service.evidence_standing import claims_standing
    from sixparty.service.issued_record import scores_of_home
    from sixparty.service.track_record import shipped_track_record

    look, before, past = look_at(chronicle, dates), look_at(chronicle, dates.a_week_before()), shipped_track_record()
    scores = scores_of_home(home, until=dates.reference_date, seed=spec.seed, data=spec.data)
    claims = claims_standing(shipped_evidence(), before, look, digest=chronicle.digest)
    told = past.passport, scores.result.result if scores else None, claims
    digest = digest_of("brief", _STAGE_VERSION, spec, dates, chronicle.digest, told, __version__, library_versions())
    refused = past.reason_to_leave_out(dates.as_of)
    left_out = {"message": refused, "last_outcome": past.last_outcome.isoformat()} if refused else None
    run_id = f"{dates.reference_date}-brief-{digest[:6]}"
    found = outlook.outlook(key, look, before, home=home, progress=listener)
    header = _header(spec, look, before, run_id=run_id, digest=chronicle.digest)
    inputs = replace(_inputs(key, look, before, found=found, header=header), claims=claims)
    inputs = _with_issued(key, inputs, scores)
    if left_out is None:
        inputs = _with_past(key, inputs, past=past, found=found, look=look)
    result = _result(spec, header, brief_document(inputs), record=chronicle, left_out=left_out)
    listener.start("drawing", len(languages()))
    every = replace(pages, languages=languages())
    files = _pages(result, every, listener) | {"forecasts.csv": found.issued.table.write_csv(null_value="NA")}
    listener.finish()
    folder = write_run(home, "brief", result=result, files=files)
    if out is None:
        return MadeBrief(result, tuple(folder / name for name in _page_names(pages)))
    asked = _pages(result, pages, SilentProgress())
    return MadeBrief(result, tuple(write_whole(out / name, text) for name, text in asked.items()))


def brief_table(result: Result, pages: PageSpec = ENGLISH) -> Group:
    """Return the short form of a brief for the terminal, in the first language asked for."""
    return brief_terminal(result.document(), pages.languages[0], party_names=pages.party_names)


def page_name(language: str, form: str) -> str:
    """Return the name of a brief's page: ``brief.html``, ``brief.ko.html``.

    Examples
    --------
    >>> page_name("ko", "md")
    'brief.ko.md'
    """
    return f"brief.{form}" if language == "en" else f"brief.{language}.{form}"


def _page_names(pages: PageSpec) -> list[str]:
    return [*(page_name(name, form) for name in pages.languages for form in ("html", "md")), "brief.json"]


def _header(spec: BriefSpec, look: Look, before: Look, *, run_id: str, digest: str) -> Header:
    return Header(
        as_of=look.dates.as_of,
        reference_date=look.dates.reference_date,
        previous_date=before.dates.reference_date,
        coverage_end=look.known_through,
        days_past_coverage=look.dates.days_past_coverage,
        is_stale=look.dates.is_stale,
        n_rows=look.n_rows,
        n_sources=len(look.sources_cited),
        run_id=run_id,
        marking=spec.marking,
        seed=spec.seed,
        command=spec.command(),
        data_version=DATA_VERSION,
        package_version=__version__,
        digest=digest,
    )


def _inputs(key: Key, look: Look, before: Look, *, found: Outlook, header: Header) -> BriefInputs:
    from sixparty.service import outlook, standing
    from sixparty.service.situation import situation

    promises = promise_standing(look)
    changes = standing.row_changes(before, look) + promise_changes(before, look) + outlook.forecast_moves(found, look)
    rows = standing.rows_used(look, changes) + promise_rows(look, changes, promises)
    return BriefInputs(
        header=header,
        coverage=standing.coverage(look),
        phase=standing.phase(look),
        classes=outlook.class_standings(found, look),
        unusual_rule=outlook.unusual_rule(found),
        index=standing.index(key, look),
        changes=changes,
        ahead=standing.ahead(look),
        forecasts=outlook.forecast_cells(found),
        record=None,
        signposts=outlook.signposts_ahead(found, look),
        trust=standing.trust(look),
        fits=outlook.fit_summaries(found),
        monthly=standing.monthly(look),
        rows=rows,
        sources=standing.sources_used(look, rows, changes),
        expectation=outlook.expectations(header.command),
        days=standing.WINDOW_DAYS,
        is_ahead_covered=standing.is_ahead_covered(look),
        promises=promises,
        situation=situation(look),
    )


def _with_issued(key: Key, inputs: BriefInputs, scores: MadeScores | None) -> BriefInputs:
    """Add what became of the forecasts that this home keeps."""
    from sixparty.service.issued_record import archive_standing, issued_record

    if scores is None:
        return inputs
    return replace(inputs, archive=archive_standing(scores), record=issued_record(key, scores.tables))


def _with_past(key: Key, inputs: BriefInputs, *, past: ShippedRecord, found: Outlook, look: Look) -> BriefInputs:
    """Add past scores, name the figure that they put first, and drop signposts on forecasts of ours that are not."""
    from sixparty.service.track_record import led_cells, past_standing

    cells = led_cells(key, past, inputs.forecasts, issued=found.issued, look=look)
    ours_first = {(cell.target, cell.horizon) for cell in cells if cell.lead == "model"}
    signposts = tuple(row for row in inputs.signposts if (row.target, row.horizon) in ours_first)
    return replace(inputs, forecasts=cells, signposts=signposts, past=past_standing(past))


def _result(
    spec: BriefSpec, header: Header, document: dict[str, Any], *, record: Chronicle, left_out: dict[str, Any] | None
) -> Result:
    asked = plain(spec) | {"reference_date": header.reference_date.isoformat()}
    provenance = Provenance(header.run_id, header.command, header.digest, now(), spec.seed, own_rows(record))
    told = {**document, "notices": list(_notices(header, own_rows(record), left_out))}
    return Result(asked, told, provenance, _warnings(told))


def _notices(header: Header, rows: int, left_out: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    """What a reader must beware of: names of sentences with their figures."""
    if rows:
        yield {"message": "own_row" if rows == 1 else "own_rows", "rows": rows}
    if left_out:
        yield left_out
    if header.is_stale:
        ended = {"coverage_end": header.coverage_end.isoformat(), "days_past_coverage": header.days_past_coverage}
        yield {"message": "stale", **ended}


def _warnings(result: dict[str, Any]) -> tuple[str, ...]:
    """The notices as English sentences."""
    page = Page({"result": result, "warnings": []}, messages=read_messages("en", "common"), pen=PlainPen())
    return tuple(map(str, warning_lines(page)))


def _pages(result: Result, pages: PageSpec, progress: Progress) -> dict[str, str]:
    """The pages of a brief in the languages of `pages`, each linked with the others, and its document."""
    document = result.document()
    files = {}
    for language in pages.languages:
        twins = {other: page_name(other, "html") for other in pages.languages if other != language}
        names = pages.party_names
        files[page_name(language, "html")] = brief_html(document, language, party_names=names, twins=twins)
        files[page_name(language, "md")] = brief_markdown(document, language, party_names=names)
        progress.advance()
    return {**files, "brief.json": to_json(document)}
