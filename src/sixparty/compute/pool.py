"""Run independent tasks side by side, in order, with progress."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Literal, TypeVar

from sixparty.compute.progress import Progress, SilentProgress
from sixparty.errors import UsageError

Task = TypeVar("Task")
Answer = TypeVar("Answer")


def run_tasks(
    function: Callable[[Task], Answer],
    tasks: Sequence[Task],
    *,
    workers: int = 1,
    kind: Literal["threads", "processes"] = "threads",
    label: str = "working",
    progress: Progress | None = None,
) -> list[Answer]:
    """Apply `function` to every task and return the answers in the order of the tasks.

    Parameters
    ----------
    workers
        How many run at once; 1 runs them in this thread. The answers do not depend on it.
    kind
        ``threads`` for compiled code that releases the interpreter lock, ``processes`` (spawned, never forked) for
        the rest; then `function`, tasks and answers must be picklable and `function` a module-level name.

    Raises
    ------
    UsageError
        If `workers` is below 1.
    Exception
        The first error of a task; tasks that have not begun are dropped.
    """
    if workers < 1:
        raise UsageError(f"workers must be 1 or more, got {workers}.")
    listener = progress or SilentProgress()
    listener.start(label, len(tasks))
    try:
        if workers == 1 or len(tasks) < 2:
            return [_told(function(task), listener) for task in tasks]
        return _pooled(function, tasks, workers, kind, listener)
    finally:
        listener.finish()


def _told(answer: Answer, listener: Progress) -> Answer:
    listener.advance()
    return answer


def _executor(workers: int, kind: Literal["threads", "processes"]) -> Executor:
    if kind == "threads":
        return ThreadPoolExecutor(workers)
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _pooled(
    function: Callable[[Task], Answer],
    tasks: Sequence[Task],
    workers: int,
    kind: Literal["threads", "processes"],
    listener: Progress,
) -> list[Answer]:
    pool = _executor(min(workers, len(tasks)), kind)
    try:
        futures = [pool.submit(function, task) for task in tasks]
        return [_told(future.result(), listener) for future in futures]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
