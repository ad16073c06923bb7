"""Layouts of the two public lists that the chronicle was built from, of a plain list, and the chronicle as a list."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import polars as pl

from sixparty.chronicle.lists import INCIDENT_WORDS, WORDS, DatedEntry, DatedList, ListLayout
from sixparty.chronicle.read import Chronicle
from sixparty.vocabulary import BALLISTIC_CLASSES, EVENT_TYPES, WEAPON_CLASSES

_BALLISTIC = ";".join(sorted(BALLISTIC_CLASSES))
_FIRE = "exchange_of_fire;one_sided_fire;buffer_zone_fire;naval_clash;ship_sunk;warning_shots;infiltration"
_CROSSING = "line_crossing;warning_shots;infiltration;naval_clash;one_sided_fire;border_other"

_CSIS_RULES = (
    ("intercontinental ballistic missile & srbm", "ICBM+SRBM;CRBM"),
    ("inter-continental ballistic missile/short", "ICBM+SRBM;CRBM"),
    ("nuclear test / short", "nuclear+SRBM;CRBM;ASCM;SAM;MLRS"),
    ("nuclear test", "nuclear"),
    ("nuclear detonation device", "nuclear"),
    ("satellite launch", "SLV"),
    ("short-range ballistic", "SRBM;CRBM"),
    ("medium-range ballistic", "MRBM"),
    ("intermediate-range ballistic", "IRBM"),
    ("intercontinental ballistic", "ICBM"),
    ("submarine launched ballistic", "SLBM"),
    ("ballistic missile launcher deployment", ""),
    ("independently targetable", _BALLISTIC),
    ("ballistic missile launch", _BALLISTIC),
    ("short-range missile", "SRBM;CRBM;ASCM;SAM;MLRS"),
    ("short-range surface-to-air", "SAM"),
    ("long-range surface-to-air", "SAM"),
    ("anti-aircraft missile", "SAM"),
    ("anti-ship cruise", "ASCM"),
    ("cruise missile", "LACM;ASCM"),
    ("joint missile test", "any"),
    ("rocket engine", "engine"),
    ("underwater nuclear attack drone", "underwater_drone"),
    ("controlled rocket", "MLRS"),
    ("rocket system", "MLRS"),
    ("military exercise", "MLRS;other"),
    ("artillery fire", f"MLRS;other;{_FIRE}"),
    ("shelling", _FIRE),
    ("naval campaign", "naval_clash"),
    ("sinking of the roks", "ship_sunk"),
    ("helicopter shot down", "one_sided_fire;air_approach"),
    ("exchange of fire", _FIRE),
    ("infiltration", f"{_FIRE};line_crossing;killing;border_other"),
    ("liaison office", "demolition"),
    ("explosion", "demolition;mine"),
    ("detainment", "seizure"),
    ("seizure", "seizure"),
    ("declar", "declaration"),
    ("aircraft interception", "air_approach"),
    ("incursion (air)", "air_approach"),
    ("airplane", "air_approach"),
    ("drones (uavs)", "drone"),
    ("territorial", f"{_CROSSING};ship_sunk"),
    ("dmz enroachment", _CROSSING),
    ("balloon-floating", "balloon_release"),
    ("gps", "gps_jamming"),
    ("", ""),
)
_CNS_RULES = (
    ("srbm", "SRBM;CRBM"),
    *((name.lower(), name) for name in ("MRBM", "IRBM", "ICBM", "SLBM", "HGV", "SLV")),
    ("unknown", f"{_BALLISTIC};unknown"),
)


CSIS = ListLayout(
    name="CSIS list of acts by PRK",
    date="date",
    classes="csis_event_label",
    covers=f"any;{_FIRE};line_crossing;mine;killing;balloon_release",
    rules=_CSIS_RULES,
)
"""One row an act, dated by day; no place and no number of objects."""

CNS = ListLayout(
    name="CNS missile test database",
    date="date",
    classes="missile_type",
    covers=f"{_BALLISTIC};SLV",
    rules=_CNS_RULES,
    id="cns_id",
    place="facility",
    label="missile_name",
    utc_time="launch_time_utc",
    is_row_an_object=True,
)
"""One row a missile, dated in UTC where the hour is known; ballistic missiles and satellite launches alone."""

PLAIN = ListLayout(
    name="plain list",
    date="date",
    classes="class",
    covers=";".join(WORDS),
    id="id",
    precision="precision",
    place="place",
    objects="objects",
    label="label",
)
"""Our words as they are; the form in which to bring a list of one's own."""

LAYOUTS: Mapping[str, ListLayout] = MappingProxyType({"csis": CSIS, "cns": CNS, "plain": PLAIN})

LISTED_FAMILIES = ("weapons_tests", "border_incidents", "grey_zone")
"""Families of the chronicle that lists of acts hold too."""


def list_of_chronicle(chronicle: Chronicle) -> DatedList:
    """See the chronicle's weapons tests, incidents at the lines and grey-zone acts by PRK as a list like others."""
    coverage = chronicle["coverage"].filter(pl.col("family").is_in(LISTED_FAMILIES))
    families = set(coverage["family"])
    types = [kind.name for kind in EVENT_TYPES.values() if kind.family in families]
    grey_zone = [kind.name for kind in EVENT_TYPES.values() if kind.family == "grey_zone"]
    is_listed = ~pl.col("event_type").is_in(grey_zone) | pl.col("actors").str.contains("PRK")
    rows = chronicle["events"].filter(pl.col("event_type").is_in(types) & is_listed).sort("event_date", "id")
    entries = tuple(_entry(row) for row in rows.iter_rows(named=True))
    covers = frozenset({*WEAPON_CLASSES, *INCIDENT_WORDS, *types})
    first, last = coverage["complete_from"].to_list(), coverage["complete_through"].to_list()
    return DatedList("chronicle", entries, covers, min(first), max(last))


def _entry(row: Mapping[str, Any]) -> DatedEntry:
    return DatedEntry(
        id=str(row["id"]),
        date=row["event_date"],
        precision=str(row["date_precision"]),
        classes=_classes(row),
        place=row["place"],
        objects=row["objects"],
        label=str(row["label_en"]),
        end=row["end_date"],
    )


def _classes(row: Mapping[str, Any]) -> frozenset[str]:
    """Give the row's words; an unknown class leaves open what its type leaves open."""
    weapon, incident, kind = row["weapon_class"], row["incident_kind"], str(row["event_type"])
    if weapon == "unknown":
        return BALLISTIC_CLASSES if kind == "ballistic_launch" else frozenset(WEAPON_CLASSES)
    if incident == "other":
        return frozenset({"border_other"})
    if incident is None:
        return frozenset({str(weapon or kind)})
    return frozenset({str(incident)})
