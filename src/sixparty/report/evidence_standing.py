"""What a brief says of claims: which of them the week's rows touch, with their verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["exposure", "outcome", "both"]


@dataclass(frozen=True)
class ClaimTouched:
    """A claim to whose exposure or outcome the week adds rows.

    Parameters
    ----------
    claim
        Its name.
    verdict, ratio, low, high
        As the results that ship have them, from the whole record; None without an estimate, `high` also where the
        interval has no upper end.
    role
        Whether the rows belong to the exposure, the outcome or both.
    rows
        Names of these rows, or their days where the outcome counts days.
    command
        The command that shows the whole result.
    """

    claim: str
    label_en: str
    label_ko: str
    verdict: str
    ratio: float | None
    low: float | None
    high: float | None
    role: Role
    rows: tuple[str, ...]
    command: str


@dataclass(frozen=True)
class ClaimsStanding:
    """The claims as the brief shows them.

    Parameters
    ----------
    left_out
        Why no result can be shown; None where results are shown.
    tested
        Claims with an estimate.
    expected_false_positives
        How many of these chance alone would call different from no difference.
    rows
        The claims touched.
    command
        The command that tests every claim again.
    """

    left_out: str | None
    tested: int
    expected_false_positives: float
    rows: tuple[ClaimTouched, ...]
    command: str
