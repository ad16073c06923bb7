"""The documents behind the pages: each is that of a verb of the command line, and a request never fits anything.

The brief is there before the first page is served: the newest finished run of this home that answers the same question,
else one made at the start. What else takes long, why forecasts moved and the tests of claims, is found once in the
background and kept in the home's cache; until then its pages say so.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from threading import Event, Lock
from typing import Any

from sixparty import __version__
from sixparty.chronicle import Chronicle
from sixparty.compute import Progress, SilentProgress
from sixparty.errors import SixPartyError, UsageError
from sixparty.report.messages import PARTY_NAMES
from sixparty.service.brief import BriefSpec, make_brief
from sixparty.service.evidence_kept import keep_claims, kept_claims
from sixparty.service.files import write_whole
from sixparty.service.home import Home, find_home
from sixparty.service.ledger import LedgerSpec, show_ledger
from sixparty.service.record import open_record
from sixparty.service.result import digest_of, library_versions, plain, to_json
from sixparty.service.runs import RunRow, list_runs, show_run

Document = Mapping[str, Any]
"""The whole envelope of an answer: spec, result, provenance, warnings."""

_LOG = logging.getLogger("sixparty")
_LONGEST_MARKING = 80
_LOW_PRIORITY = 10
_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class SiteSpec:
    """What the pages are asked for.

    Parameters
    ----------
    seed
        Whole number that every random draw follows from.
    marking
        Handling marking at head and foot of every page and in every file taken from one.
    party_names
        One of `PARTY_NAMES`; None is the choice of each language.
    """

    seed: int = 1
    marking: str | None = None
    party_names: str | None = None

    def __post_init__(self) -> None:
        if self.party_names not in (None, *PARTY_NAMES):
            raise UsageError(f"party names must be one of {', '.join(PARTY_NAMES)}, got {self.party_names!r}.")
        if self.marking is not None and not 0 < len(self.marking.strip()) <= _LONGEST_MARKING:
            raise UsageError(f"marking must have 1 to {_LONGEST_MARKING} signs, got {len(self.marking.strip())}.")

    def brief_spec(self) -> BriefSpec:
        """Return the question that the brief of these pages answers."""
        return BriefSpec(seed=self.seed, marking=self.marking)


class Site:
    """The documents of one home, ready to be shown; `prepare` finds those that take long."""

    def __init__(self, spec: SiteSpec, *, home: Home, brief: Document) -> None:
        self.spec, self.home, self.brief = spec, home, brief
        self._refused: dict[str, str] = {}
        self._preparing = Lock()

    @property
    def digest(self) -> str:
        """Digest of the record that the brief rests on."""
        return str(self.brief["provenance"]["data_digest"])

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Names of the targets that have a page: those of the brief."""
        return tuple(self.brief["result"]["forecasts"])

    def explained(self, target: str) -> Document | None:
        """Return what `forecast explain` tells of a target, or None if it is not found yet.

        Raises
        ------
        UsageError
            If there is no such target.
        """
        if target not in self.targets:
            raise UsageError(f"target must be one of {', '.join(self.targets)}, got {target!r}.")
        return _read_kept(self._explained_path(target))

    def claims(self, claims: tuple[str, ...] = ("all",)) -> Document | None:
        """Return what `evidence test` tells of claims, or None if it is not found yet."""
        from sixparty.service.evidence import EvidenceSpec

        found = kept_claims(EvidenceSpec(claims, seed=self.spec.seed), home=self.home.folder)
        return found.document() if found is not None else None

    def ledger(self, spec: LedgerSpec) -> Document:
        """Return what `ledger show` tells."""
        return show_ledger(spec, home=self.home.folder).document()

    def refusal(self, name: str) -> str | None:
        """Say why a document could not be found in the background, if so."""
        return self._refused.get(name)

    def prepare(self, progress: Progress | None = None) -> None:
        """Find what takes long, unless it is known already; a second caller waits and finds it known.

        It computes for a while: where pages are served meanwhile, `prepare_beside` does it in a process of its own.
        """
        with self._preparing:
            listener = progress or SilentProgress()
            self._note_refusal(
                "claims", partial(keep_claims, seed=self.spec.seed, home=self.home.folder, progress=listener)
            )
            for target in self.targets:
                self._note_refusal(target, partial(self.explain, target, listener))

    @property
    def is_prepared(self) -> bool:
        """Whether all that takes long is known."""
        return self.claims() is not None and all(self.explained(target) is not None for target in self.targets)

    def note_refusals(self, refused: Mapping[str, str]) -> None:
        """Remember why documents could not be found, by name."""
        self._refused |= refused

    @property
    def refusals(self) -> Mapping[str, str]:
        """Why documents could not be found, by name."""
        return dict(self._refused)

    def explain(self, target: str, progress: Progress | None = None) -> None:
        """Find what `forecast explain` tells of a target and keep it, unless it is known already.

        Raises
        ------
        ModelRefused
            If a mark cannot be fitted.
        """
        from sixparty.service.explain import ExplainSpec, explain_forecast

        path = self._explained_path(target)
        if _read_kept(path) is None:
            spec = ExplainSpec(target, seed=self.spec.seed)
            write_whole(
                path, to_json(explain_forecast(spec, home=self.home, progress=progress or SilentProgress()).document())
            )

    def _note_refusal(self, name: str, find: Callable[[], None]) -> None:
        try:
            find()
        except SixPartyError as error:
            self._refused[name] = str(error)

    def _explained_path(self, target: str) -> Path:
        told = self.digest, __version__, library_versions(), self.spec.seed, archive_stamp(self.home)
        return self.home.cache / "explained" / digest_of(*told) / f"{target}.json"


@dataclass(frozen=True)
class OpenedSite:
    """The site that this process serves, and how.

    Parameters
    ----------
    hosts
        Names by which the machine may be asked; None is any.
    on_ready
        Called when requests are taken.
    """

    site: Site
    hosts: frozenset[str] | None = None
    on_ready: Callable[[], None] = lambda: None


_OPENED: list[OpenedSite] = []


def publish(opened: OpenedSite) -> None:
    """Make a site the one that this process serves: a server finds the application by name, and it finds this."""
    _OPENED[:] = [opened]


def opened_site() -> OpenedSite:
    """Return the site that this process serves; without one, that of the usual home, for servers started by others."""
    if not _OPENED:
        publish(OpenedSite(open_site(SiteSpec(), home=find_home())))
    return _OPENED[0]


def open_site(spec: SiteSpec, *, home: Home, progress: Progress | None = None) -> Site:
    """Return the documents of a home, with the brief made if there is none of this record, version and seed.

    Raises
    ------
    DateRefused, FileRefused, RecordRefused
        If the chronicle cannot be used.
    ModelRefused
        If a mark cannot be fitted.
    EnvironmentRefused
        If the home cannot be written to.
    """
    record = open_record(home=home.folder)
    brief = kept_brief(spec.brief_spec(), home=home, record=record)
    if brief is None:
        brief = make_brief(spec.brief_spec(), home=home, progress=progress).result.document()
    return Site(spec, home=home, brief=brief)


def prepare_beside(site: Site, *, has_ended: Event) -> None:
    """Prepare a site in a process of its own, of low priority, so that no reader waits for it; stop it at the end."""
    words = [sys.executable, "-c", f"from {__name__} import prepare_home; prepare_home()"]
    asked = json.dumps({"home": str(site.home.folder), "spec": asdict(site.spec)})
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as child:
        told: str | None = asked
        while not has_ended.is_set():
            try:
                out, errors = child.communicate(told, timeout=_EVERY_SECONDS)
            except subprocess.TimeoutExpired:
                told = None
                continue
            _note_end(site, child.returncode, out=out, errors=errors)
            return
        child.kill()


def _note_end(site: Site, code: int, *, out: str, errors: str) -> None:
    if code:
        _LOG.warning("preparing the pages ended with %s: %s", code, errors.strip().rpartition("\n")[2])
        return
    site.note_refusals(json.loads(out))


def prepare_home() -> None:
    """Prepare the site told on standard input and tell on standard output what was refused: for `prepare_beside`."""
    os.nice(_LOW_PRIORITY)
    asked = json.load(sys.stdin)
    site = open_site(SiteSpec(**asked["spec"]), home=find_home(Path(asked["home"])))
    site.prepare()
    sys.stdout.write(json.dumps(dict(site.refusals)))


def kept_brief(spec: BriefSpec, *, home: Home, record: Chronicle) -> Document | None:
    """Return the document of the newest run that is the answer to `spec` on this record, by this version."""
    for row in list_runs(home):
        if row.verb == "brief" and _is_answer(row, spec, home=home, record=record):
            try:
                found: Document = json.loads((home.runs / row.run_id / "brief.json").read_text(encoding="utf-8"))
            except (OSError, ValueError):  # a run that was cut off is as good as none
                continue
            return found
    return None


def archive_stamp(home: Home) -> list[tuple[str, int]]:
    """Name and size of every file of issued forecasts: what explanations and scores rest on beside the record."""
    return [(path.relative_to(home.hub).as_posix(), path.stat().st_size) for path in _archive_files(home)]


def overlay_stamp(home: Home) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of every file of the user's own rows; another stamp means another record."""
    files = sorted(path for path in home.overlay.rglob("*") if path.is_file()) if home.overlay.is_dir() else []
    return tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files)


def _archive_files(home: Home) -> list[Path]:
    if not home.hub.is_dir():
        return []
    return sorted(path for path in home.hub.rglob("*") if path.suffix in (".csv", ".parquet") and path.is_file())


def _is_answer(row: RunRow, spec: BriefSpec, *, home: Home, record: Chronicle) -> bool:
    manifest = show_run(home, row.run_id)
    asked, made = manifest.get("spec", {}), manifest["provenance"]
    told = {"data_digest": record.digest, "package_version": __version__, "libraries": library_versions()}
    is_same = all(asked.get(name) == value for name, value in plain(spec).items())
    return is_same and all(made.get(name) == value for name, value in told.items()) and not _is_behind(row, home)


def _is_behind(row: RunRow, home: Home) -> bool:
    """Whether forecasts were issued after the run was made: a new brief would score them."""
    made = dt.datetime.fromisoformat(row.generated_at).timestamp()
    return any(path.stat().st_mtime > made + 1 for path in _archive_files(home))


def _read_kept(path: Path) -> Document | None:
    try:
        found: Document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there, or cut off: it is found again
        return None
    return found
