"""Every error that sixparty raises on purpose.

SixPartyError
├── UsageError            exit 2: an option or argument that cannot be meant
├── InputRefused          exit 3: data, a date or a file that cannot be used
│   ├── DateRefused
│   ├── RecordRefused     rows of the chronicle: file, row, column, expected, got
│   └── FileRefused
├── CheckFailed           exit 4: a check ran and found something
├── ModelRefused          exit 5: a fit or simulation that must not be used
└── EnvironmentRefused    exit 6: permissions, disk, a missing extra

A message says what was expected, what came, and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class SixPartyError(Exception):
    """Base of all errors that sixparty raises on purpose; `exit_code` is what the command line returns."""

    exit_code: ClassVar[int] = 1


class UsageError(SixPartyError):
    """An option or argument that cannot be meant."""

    exit_code = 2


class InputRefused(SixPartyError):
    """Data, a date or a file that cannot be used."""

    exit_code = 3


class DateRefused(InputRefused):
    """A date that is no date, or lies where nothing can be said."""


class FileRefused(InputRefused):
    """A file or folder that is missing or cannot be read as what it should be."""


@dataclass(frozen=True)
class Fault:
    """A cell or a row that breaks the schema.

    Parameters
    ----------
    file, column
        Names of the file and the column.
    row
        Line number in the file, counting the header as line 1; None when the whole column is meant.
    expected, got
        What the schema asks for and what stood there.
    """

    file: str
    row: int | None
    column: str
    expected: str
    got: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.row}" if self.row is not None else self.file
        return f"{place}, column {self.column}: expected {self.expected}, got {self.got}."


class RecordRefused(InputRefused):
    """Rows of the chronicle that break the schema.

    Parameters
    ----------
    file, row, column, expected, got
        The first fault, as in `Fault`.
    others
        The faults that are told beside it.
    number
        How many faults there are, told or not.
    """

    def __init__(
        self,
        *,
        file: str,
        row: int | None,
        column: str,
        expected: str,
        got: str,
        others: Sequence[Fault] = (),
        number: int = 1,
    ) -> None:
        self.file, self.row, self.column, self.expected, self.got = file, row, column, expected, got
        self.faults = (Fault(file, row, column, expected, got), *others)
        self.number = max(number, len(self.faults))
        super().__init__(_told(self.faults, self.number))

    @classmethod
    def for_faults(cls, faults: Sequence[Fault], *, number: int) -> RecordRefused:
        """Make one error of several faults; `number` counts those that are not told too."""
        first, *others = faults
        return cls(
            file=first.file,
            row=first.row,
            column=first.column,
            expected=first.expected,
            got=first.got,
            others=others,
            number=number,
        )


def _told(faults: Sequence[Fault], number: int) -> str:
    if number == 1:
        return f"{faults[0]} Correct the row, then run `sixparty data validate`."
    lines = [f"the record must keep to its schema, got {number:,} faults:", *(f"  {fault}" for fault in faults)]
    if number > len(faults):
        lines.append(f"  and {number - len(faults):,} more.")
    return "\n".join([*lines, "Correct the rows, then run `sixparty data validate`."])


class CheckFailed(SixPartyError):
    """A check ran to its end and found something."""

    exit_code = 4


class ModelRefused(SixPartyError):
    """A fit or simulation whose result must not be used."""

    exit_code = 5


class EnvironmentRefused(SixPartyError):
    """Something about the machine: permissions, disk space, a missing extra."""

    exit_code = 6
