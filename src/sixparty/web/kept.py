"""What was made once and is kept in memory up to a bound; of several who ask at once, one makes it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")

_LARGEST_SHARE = 4


class Kept(Generic[Value]):
    """The things used last, as many as weigh no more than `most` bytes together.

    Parameters
    ----------
    most
        Bound on the sum of weights; a thing heavier than a quarter of it is handed out but not kept.
    weight
        Weight of a thing in bytes.
    """

    def __init__(self, most: int, *, weight: Callable[[Value], int]) -> None:
        self.most, self._weight = most, weight
        self._held: OrderedDict[Hashable, Value] = OrderedDict()
        self._making: dict[Hashable, Future[Value]] = {}
        self._lock = Lock()
        self._sum = 0

    @property
    def weight(self) -> int:
        """Sum of the weights of all that is kept."""
        return self._sum

    def get(self, key: Hashable) -> Value | None:
        """Return what is kept under `key`, if anything is."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def find(self, key: Hashable, make: Callable[[], Value | None]) -> Value | None:
        """Return what is kept under `key`, else make it; what is made as None is not kept.

        Whoever asks while another makes it waits for the same thing, and gets the same error if there is one.
        """
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            waiting = self._making.get(key)
            own: Future[Value] = Future()
            if waiting is None:
                self._making[key] = own
        return waiting.result() if waiting is not None else self._made(key, make, own)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
            self._sum = 0

    def _made(self, key: Hashable, make: Callable[[], Value | None], own: Future[Value]) -> Value | None:
        try:
            value = make()
        except BaseException as error:
            with self._lock:
                del self._making[key]
            own.set_exception(error)
            raise
        with self._lock:
            del self._making[key]
            if value is not None:
                self._keep(key, value)
        own.set_result(value)  # type: ignore[arg-type]
        return value

    def _keep(self, key: Hashable, value: Value) -> None:
        if self._weight(value) > self.most // _LARGEST_SHARE:
            return
        self._held[key] = value
        self._sum += self._weight(value)
        while self._sum > self.most:
            _, oldest = self._held.popitem(last=False)
            self._sum -= self._weight(oldest)
