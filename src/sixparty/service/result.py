"""The envelope of every answer: what was asked, what came out, where it came from, what to beware of."""

from __future__ import annotations

import datetime as dt
import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from importlib import metadata
from typing import Any

from sixparty import __version__
from sixparty.chronicle import DATA_VERSION, Chronicle
from sixparty.service.clock import now
from sixparty.service.files import sha256

_LOG = logging.getLogger("sixparty")
_LIBRARIES = ("numpy", "scipy", "numba", "jax", "numpyro", "polars")


@dataclass(frozen=True)
class Provenance:
    """What made a result.

    Parameters
    ----------
    run_id
        Name of the run; the same specification, data, versions and seed give the same name.
    data_digest
        Digest of the chronicle's files.
    generated_at
        UTC time at which it was made: the one field that differs between two equal runs.
    own_rows
        Rows of the user's overlay in force: added, changed or withdrawn.
    libraries
        Versions of the libraries that figures depend on.
    """

    run_id: str
    command: str
    data_digest: str
    generated_at: str
    seed: int
    own_rows: int = 0
    package_version: str = __version__
    data_version: str = DATA_VERSION
    libraries: Mapping[str, str] = field(default_factory=lambda: library_versions())


@dataclass(frozen=True)
class Result:
    """An answer with its specification, provenance and warnings; `document` is its JSON form."""

    spec: Mapping[str, Any]
    result: Mapping[str, Any]
    provenance: Provenance
    warnings: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the one document that the command line prints and a page's twin serves."""
        return {
            "spec": plain(self.spec),
            "result": plain(self.result),
            "provenance": plain(self.provenance),
            "warnings": list(self.warnings),
        }


def answer(
    verb: str,
    spec: Any,
    result: Mapping[str, Any],
    *,
    record: Chronicle | None = None,
    digest: str = "",
    seed: int = 0,
    command: str | None = None,
    warnings: tuple[str, ...] = (),
) -> Result:
    """Wrap what a question about stored things found, made now.

    Parameters
    ----------
    verb
        The verb of the command line, such as ``data list``.
    spec
        The question: a mapping or a frozen dataclass.
    record
        The chronicle that was read, where one was; the user's own rows in it are told in a warning.
    digest
        Digest of what was read beside it or instead of it.
    """
    asked = plain(spec)
    digest = digest or (record.digest if record is not None else "")
    provenance = Provenance(
        run_id=f"{verb.replace(' ', '-')}-{digest_of(verb, asked, digest, seed)[:6]}",
        command=command or f"sixparty {verb}",
        data_digest=digest,
        generated_at=now(),
        seed=seed,
        own_rows=own_rows(record) if record is not None else 0,
    )
    told = warnings + (own_rows_warning(record) if record is not None else ())
    for warning in told:
        _LOG.warning(warning)
    return Result(asked, result, provenance, told)


def own_rows(record: Chronicle) -> int:
    """Count the rows of the user's overlay in force: added, changed or withdrawn."""
    return sum(len(keys) for keys in record.revised.values())


def own_rows_warning(record: Chronicle) -> tuple[str, ...]:
    """Say that the record is not the shipped one alone, where it is not."""
    count = own_rows(record)
    rows = "1 row of the overlay is" if count == 1 else f"{count} rows of the overlay are"
    told = f"{rows} in force: the record is not the shipped one alone (`sixparty data diff` shows them)"
    return (told,) if count else ()


def library_versions() -> dict[str, str]:
    """Return the installed versions of the libraries that figures depend on."""
    return {name: _version(name) for name in _LIBRARIES}


@cache
def _version(library: str) -> str:
    return metadata.version(library)


def plain(value: Any) -> Any:
    """Turn a value into what JSON can hold: dates as text, missing and non-finite numbers as null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if hasattr(value, "item"):
        return plain(value.item())
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def to_json(document: Any) -> str:
    """Write a document as JSON text with a final newline; keys keep their order, nothing is NaN."""
    return json.dumps(plain(document), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def digest_of(*parts: Any) -> str:
    """Return a short digest (16 hexadecimal digits) of anything that JSON can hold."""
    return sha256(to_json(list(parts)).encode())[:16]
