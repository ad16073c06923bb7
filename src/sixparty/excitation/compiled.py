"""The one way in which this room compiles: cached on disk, and without the interpreter lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile `function` for many threads at once; its loops run in order, never in parallel by themselves.

    Division is that of NumPy: no divisor here can be zero, and the check for one kept loops from being vectorised
    (a fifth of the simulator's time).
    """
    return cast(Function, numba.njit(nogil=True, cache=True, error_model="numpy")(function))


def inlined(function: Function) -> Function:
    """Compile `function` into those that call it."""
    return cast(Function, numba.njit(nogil=True, inline="always", error_model="numpy")(function))


def uncounted(function: Function) -> Function:
    """Compile `function` without counting references to its arrays, of which it must allocate none.

    Numba counts with locked instructions; in a loop as short as one period they took half of the time. Its own string
    functions are compiled in this way.
    """
    return cast(Function, numba.njit(nogil=True, cache=True, _nrt=False, error_model="numpy")(function))
