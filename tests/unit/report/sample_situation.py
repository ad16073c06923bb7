"""Made-up contacts, posture and marked days beside the sample brief."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sample_brief

from sixparty.report.situation import (
    ContactCount,
    Milestone,
    Occasion,
    PartyContacts,
    PartyPosture,
    Scope,
    SituationStanding,
)


def occasion(row_id: str = "ct-2025-06-17", *, level: str | None = "high") -> Occasion:
    return Occasion(dt.date(2025, 6, 17), row_id, "An envoy <met> & left", "특사 접견", level)


def pair(parties: tuple[str, ...], *, now: int | None, before: int | None, scope: Scope = "leaders") -> PartyContacts:
    parts = (None, None, None) if now is None else (0, now, 0)
    counts = tuple(ContactCount(days, now, before, *parts) for days in (91, 364))
    is_held = scope != "none"
    first, last = (dt.date(2000, 1, 1), dt.date(2025, 6, 30)) if is_held else (None, None)
    return PartyContacts(
        parties, "contacts" if is_held else None, scope, first, last, counts, occasion() if is_held else None
    )


def standing() -> SituationStanding:
    marks = (
        Milestone("test", Occasion(dt.date(2017, 9, 3), "wt-2017", "A nuclear test", "핵시험")),
        Milestone("fire", Occasion(dt.date(2010, 11, 23), "bi-2010", "Shells were fired", "포격"), deaths=4),
        Milestone("stop_ended", Occasion(dt.date(2022, 1, 20), "mor-2018", "A stop ended", "중단 종료")),
    )
    return SituationStanding(
        contacts=(
            pair(("PRK", "RUS"), now=5, before=None),
            pair(("KOR", "CHN", "JPN"), now=0, before=1, scope="main"),
            pair(("USA", "CHN"), now=None, before=None, scope="none"),
        ),
        posture=(PartyPosture("PRK", (occasion("po-1", level="law"), occasion("po-2"))), PartyPosture("CHN", ())),
        milestones=marks,
        deadly_from=4,
        silence_days=364,
        posture_from=dt.date(2005, 2, 10),
        posture_through=dt.date(2025, 6, 30),
    )


def envelope(**changed: Any) -> dict[str, Any]:
    return sample_brief.envelope(situation=standing(), **changed)
