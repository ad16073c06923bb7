"""One kind of random key for compiled code and for NumPyro."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from sixparty.errors import UsageError


@dataclass(frozen=True)
class Key:
    """A 128-bit address from which every random draw follows.

    A key is never used up. Draws are addressed by (key, draw, period, mark), so that two policies share their
    draws and the number of workers changes nothing.

    Parameters
    ----------
    high, low
        The two 64-bit halves.

    Examples
    --------
    >>> Key.from_seed(7) == Key.from_seed(7)
    True
    >>> Key.from_seed(7).child("fit") == Key.from_seed(7).child("simulate")
    False
    """

    high: int
    low: int

    @classmethod
    def from_seed(cls, seed: int) -> Key:
        """Make a key from a non-negative whole number."""
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise UsageError(f"seed must be a whole number of 0 or more, got {seed!r}.")
        return cls._from_bytes(b"seed:" + str(seed).encode())

    def child(self, *names: str | int) -> Key:
        """Derive an independent key; the same names give the same key on every machine."""
        path = "/".join(f"{type(name).__name__}={name}" for name in names)
        return self._from_bytes(self.high.to_bytes(8, "big") + self.low.to_bytes(8, "big") + path.encode())

    @classmethod
    def _from_bytes(cls, text: bytes) -> Key:
        digest = hashlib.blake2b(text, digest_size=16, person=b"sixparty").digest()
        return cls(int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big"))

    def words(self) -> tuple[int, int]:
        """Return the 64-bit word for the Philox counter generator (as two 32-bit words, low word first)."""
        return self.low & 0xFFFFFFFF, self.low >> 32

    def generator(self) -> np.random.Generator:
        """Return a NumPy generator for draws that are made in one place and in a fixed order."""
        return np.random.Generator(np.random.Philox(key=np.array([self.high, self.low], dtype=np.uint64)))

    def jax_seed(self) -> int:
        """Return a 32-bit seed for ``jax.random.key``."""
        return self.high & 0x7FFFFFFF
