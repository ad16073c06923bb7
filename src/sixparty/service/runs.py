"""The archive of runs: one folder a run, with a manifest that says what made it and what it made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sixparty.errors import FileRefused, UsageError
from sixparty.service.files import sha256, write_whole
from sixparty.service.home import Home
from sixparty.service.result import Result, to_json

_MANIFEST = "manifest.json"


@dataclass(frozen=True)
class RunRow:
    """One run in the list: its name, verb, date and command."""

    run_id: str
    verb: str
    reference_date: str
    generated_at: str
    command: str
    files: int


@dataclass(frozen=True)
class FileFinding:
    """A file of a run that is not what the manifest says: `missing`, `changed` or `unlisted`."""

    run_id: str
    file: str
    finding: str


def write_run(home: Home, verb: str, *, result: Result, files: Mapping[str, str | bytes]) -> Path:
    """Write a run's files, then its manifest; return its folder.

    The manifest is written last, so that a folder without one is a run that was broken off.
    """
    folder = home.runs / result.provenance.run_id
    for name, content in files.items():
        write_whole(folder / name, content)
    document = result.document()
    manifest = {
        "verb": verb,
        "spec": document["spec"],
        "provenance": document["provenance"],
        "warnings": document["warnings"],
        "files": {name: sha256(_bytes(content)) for name, content in files.items()},
    }
    write_whole(folder / _MANIFEST, to_json(manifest))
    return folder


def list_runs(home: Home) -> list[RunRow]:
    """List the finished runs, newest first."""
    manifests = [_read_manifest(path) for path in home.runs.glob(f"*/{_MANIFEST}")]
    rows = [_row(manifest) for manifest in manifests]
    return sorted(rows, key=lambda row: (row.generated_at, row.run_id), reverse=True)


def show_run(home: Home, run_id: str) -> dict[str, Any]:
    """Return a run's manifest.

    Raises
    ------
    UsageError
        If there is no such run; the message names the nearest ones.
    """
    return _read_manifest(_manifest_path(home, run_id))


def verify_run(home: Home, run_id: str) -> list[FileFinding]:
    """Compare a run's files with its manifest; an empty answer means that nothing was changed."""
    path = _manifest_path(home, run_id)
    stated: Mapping[str, str] = _read_manifest(path)["files"]
    present = {file.name: file for file in path.parent.iterdir() if file.name != _MANIFEST and file.is_file()}
    findings = [FileFinding(run_id, name, "missing") for name in stated if name not in present]
    findings += [FileFinding(run_id, name, "unlisted") for name in present if name not in stated]
    for name in stated.keys() & present.keys():
        if sha256(present[name].read_bytes()) != stated[name]:
            findings.append(FileFinding(run_id, name, "changed"))
    return sorted(findings, key=lambda finding: finding.file)


def _bytes(content: str | bytes) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _manifest_path(home: Home, run_id: str) -> Path:
    path = home.runs / run_id / _MANIFEST
    if not path.is_file() or path.parent.parent != home.runs:
        known = sorted(folder.parent.name for folder in home.runs.glob(f"*/{_MANIFEST}"))
        listed = ", ".join(known[-5:]) if known else "none so far"
        raise UsageError(f"run must be the name of a finished run (latest: {listed}), got {run_id!r}.")
    return path


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        manifest["files"], manifest["provenance"]["run_id"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileRefused(f"{path} must be a run's manifest in JSON, got something else ({error}).") from error
    return manifest


def _row(manifest: Mapping[str, Any]) -> RunRow:
    made = manifest["provenance"]
    return RunRow(
        run_id=made["run_id"],
        verb=str(manifest.get("verb", "")),
        reference_date=str(manifest.get("spec", {}).get("reference_date", "")),
        generated_at=str(made.get("generated_at", "")),
        command=str(made.get("command", "")),
        files=len(manifest["files"]),
    )
