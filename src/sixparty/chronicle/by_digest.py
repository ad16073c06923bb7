"""A record that counts as equal to any other of the same digest, so that what is made from it is made once."""

from __future__ import annotations

from dataclasses import dataclass

from sixparty.chronicle.read import Chronicle


@dataclass(frozen=True, eq=False)
class ByDigest:
    """A record as the key of a cache; two records with one digest, known by one day, hold the same rows.

    Examples
    --------
    >>> record = sixparty.read_chronicle()  # doctest: +SKIP
    >>> ByDigest(record) == ByDigest(sixparty.read_chronicle())  # doctest: +SKIP
    True
    """

    record: Chronicle

    def __hash__(self) -> int:
        return hash((self.record.digest, self.record.known_by))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ByDigest):
            return NotImplemented
        mine, theirs = self.record, other.record
        return (mine.digest, mine.known_by) == (theirs.digest, theirs.known_by)
