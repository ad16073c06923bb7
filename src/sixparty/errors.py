"""Every error that sixparty raises on purpose.

SixPartyError
├── UsageError            exit 2: an option or argument that cannot be meant
├── InputRefused          exit 3: data, a date or a file that cannot be used
│   ├── DateRefused
│   ├── RecordRefused     a row of the chronicle: file, row, column, expected, got
│   └── FileRefused
├── CheckFailed           exit 4: a check ran and found something
├── ModelRefused          exit 5: a fit or simulation that must not be used
└── EnvironmentRefused    exit 6: permissions, disk, a missing extra

A message says what was expected, what came, and what to do.
"""

from __future__ import annotations

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


class RecordRefused(InputRefused):
    """A row of the chronicle that breaks the schema.

    Parameters
    ----------
    file, column
        Names of the file and the column.
    row
        Line number in the file, counting the header as line 1; None when the whole column is meant.
    expected, got
        What the schema asks for and what stood there.
    """

    def __init__(self, *, file: str, row: int | None, column: str, expected: str, got: str) -> None:
        self.file, self.row, self.column, self.expected, self.got = file, row, column, expected, got
        place = f"{file}, line {row}" if row is not None else file
        super().__init__(
            f"{place}, column {column}: expected {expected}, got {got}. Correct the row, then run "
            "`sixparty data validate`."
        )


class CheckFailed(SixPartyError):
    """A check ran to its end and found something."""

    exit_code = 4


class ModelRefused(SixPartyError):
    """A fit or simulation whose result must not be used."""

    exit_code = 5


class EnvironmentRefused(SixPartyError):
    """Something about the machine: permissions, disk space, a missing extra."""

    exit_code = 6
