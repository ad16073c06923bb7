"""Where sixparty keeps its own files, and the settings that must be made before compiled code is imported."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from sixparty.service.files import make_folder, sha256

HOME_VARIABLE = "SIXPARTY_HOME"


@dataclass(frozen=True)
class Home:
    """The user's folder and what lies in it.

    Parameters
    ----------
    folder
        Absolute path; `--home`, else the variable ``SIXPARTY_HOME``, else ``~/.local/share/sixparty``.
    """

    folder: Path

    @property
    def runs(self) -> Path:
        """One folder a run: its manifest and what it made."""
        return self.folder / "runs"

    @property
    def hub(self) -> Path:
        """Issued forecasts in hub layout, append-only."""
        return self.folder / "hub"

    @property
    def overlay(self) -> Path:
        """The user's own rows, which win over the shipped ones."""
        return self.folder / "overlay"

    @property
    def cache(self) -> Path:
        """Fits and compiled code; safe to delete."""
        return self.folder / "cache"


def named_home(folder: Path | None = None) -> Home:
    """Return the home folder by name alone: `folder`, else ``SIXPARTY_HOME``, else the usual place."""
    named = folder or (Path(os.environ[HOME_VARIABLE]) if os.environ.get(HOME_VARIABLE) else None)
    return Home((named or Path.home() / ".local" / "share" / "sixparty").expanduser().absolute())


def find_home(folder: Path | None = None) -> Home:
    """Find the home folder, make sure it can be written to, and point compilers' caches into it.

    Raises
    ------
    EnvironmentRefused
        If the folder cannot be made.
    """
    home = named_home(folder)
    make_folder(home.cache)
    os.environ.setdefault("NUMBA_CACHE_DIR", str(home.cache / "numba" / compiled_code_digest()))
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(home.cache / "jax"))
    # the matrices of a fit are small: threads of the linear algebra cost more than they save
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return home


def compiled_code_digest() -> str:
    """Return a digest of the sources that are compiled.

    Numba sees that a function's own file has changed, but not that a function it calls has; with the digest in the
    cache's path a new version never runs on old code.
    """
    folder = resources.files("sixparty") / "excitation"
    sources = sorted(
        (item for item in folder.iterdir() if item.name.startswith("compiled")), key=lambda item: item.name
    )
    return sha256(b"".join(item.read_bytes() for item in sources))[:12]
