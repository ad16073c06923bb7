"""Write files whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from sixparty.errors import EnvironmentRefused


def make_folder(folder: Path) -> Path:
    """Make `folder` and its parents, and return it.

    Raises
    ------
    EnvironmentRefused
        If that is not permitted or a file stands in the way.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentRefused(
            f"{folder} must be a folder that can be written to, got: {error.strerror}. "
            "Choose another with --home or --out."
        ) from error
    return folder


def write_whole(path: Path, content: str | bytes) -> Path:
    """Write `content` to `path` so that a reader finds either the old file or the new one, never half of it.

    Raises
    ------
    EnvironmentRefused
        If the folder cannot be written to or the disk is full.
    """
    make_folder(path.parent)
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        Path(name).unlink(missing_ok=True)
    return path


def _cannot_write(path: Path, error: OSError) -> EnvironmentRefused:
    return EnvironmentRefused(
        f"{path} must be writable, got: {error.strerror}. Choose another folder with --home or --out."
    )


def sha256(data: bytes) -> str:
    """Return the SHA-256 of `data` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
