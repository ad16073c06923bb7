"""How long work tells where it stands, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Something that can be told about steps of work; the command line draws bars with it."""

    def start(self, label: str, total: int) -> None:
        """Begin a piece of work of `total` steps."""

    def advance(self, steps: int = 1) -> None:
        """Say that `steps` more steps are done."""

    def finish(self) -> None:
        """End the piece of work."""


class SilentProgress:
    """Progress that nobody watches."""

    def start(self, label: str, total: int) -> None:
        """Ignore the start."""

    def advance(self, steps: int = 1) -> None:
        """Ignore the steps."""

    def finish(self) -> None:
        """Ignore the end."""
