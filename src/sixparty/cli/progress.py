"""A bar on stderr for long work."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from sixparty.compute import Progress as Listener
from sixparty.compute import SilentProgress


class BarProgress:
    """Progress drawn as one bar a piece of work; on a stream that is no terminal, one line a piece."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        )
        self._task: TaskID | None = None

    def start(self, label: str, total: int) -> None:
        """Begin a bar."""
        if not self._console.is_terminal:
            self._console.print(f"{label} …", highlight=False)
            return
        self._bars.start()
        self._task = self._bars.add_task(label, total=total)

    def advance(self, steps: int = 1) -> None:
        """Move the bar."""
        if self._task is not None:
            self._bars.advance(self._task, steps)

    def finish(self) -> None:
        """Leave the bar as it stands."""
        if self._task is not None:
            self._bars.stop()
            self._task = None


def progress_listener(*, quiet: bool) -> Listener:
    """Return a bar on stderr, or silence."""
    return SilentProgress() if quiet else BarProgress(Console(stderr=True))
