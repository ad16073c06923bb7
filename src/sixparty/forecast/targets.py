"""What a forecast is about: questions that resolve without argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sixparty.errors import UsageError

TargetKind = Literal["count", "binary"]


@dataclass(frozen=True)
class Target:
    """A question about the window after a reference date, with the rule that settles it.

    Parameters
    ----------
    name
        The word under which the target stands in hub tables.
    kind
        ``count``: how many; ``binary``: whether any.
    marks
        Marks of the count panel that are added up to settle it.
    question
        The question, for a window that the table gives.
    rule
        What counts and what does not, in Korean days (KST).
    unit
        What one is: a day, a meeting.
    is_modelled
        Whether a model of its own stands behind the forecast; otherwise the base rate is given and no skill is
        claimed.
    """

    name: str
    kind: TargetKind
    marks: tuple[str, ...]
    question: str
    rule: str
    unit: str
    is_modelled: bool


_TARGETS = (
    Target(
        name="weapons_test_days",
        kind="count",
        marks=("weapons_test_days",),
        question="On how many days of the window does North Korea test at least one weapon?",
        rule=(
            "Days (KST) with at least one nuclear test, ballistic, space, cruise, air defence or rocket artillery "
            "launch, or flight or run of another weapon. Several tests on a day are one day. Engine tests on a stand "
            "do not count; failures after ignition do."
        ),
        unit="day",
        is_modelled=True,
    ),
    Target(
        name="ballistic_days",
        kind="count",
        marks=("ballistic_days",),
        question="On how many days of the window does North Korea launch at least one ballistic missile?",
        rule=(
            "Days (KST) with at least one ballistic launch of any range, close-range to intercontinental, from land "
            "or sea, glide vehicles on ballistic boosters included. Space launches do not count."
        ),
        unit="day",
        is_modelled=True,
    ),
    Target(
        name="border_kinetic",
        kind="count",
        marks=("border_kinetic",),
        question="On how many days of the window is there fire at or across the lines between the Koreas?",
        rule=(
            "Days (KST) with a border clash (fire, shells, mines or torpedoes at persons, vessels or positions of the "
            "other side) or fire into the area of the lines or an agreed buffer zone. Warning shots alone do not "
            "count, nor does a crossing without fire."
        ),
        unit="day",
        is_modelled=True,
    ),
    Target(
        name="inter_korean_talks",
        kind="count",
        marks=("inter_korean_talks",),
        question="How many official meetings between the two Koreas begin in the window?",
        rule=(
            "Meetings of officials of both governments, of any level and area, by their first day (KST). A meeting "
            "that was called off or not held does not count; calls on a hotline do not count."
        ),
        unit="meeting",
        is_modelled=True,
    ),
    Target(
        name="us_prk_talks",
        kind="count",
        marks=("us_prk_talks",),
        question="How many official meetings between the United States and North Korea begin in the window?",
        rule=(
            "Meetings of officials of both governments, bilateral or with others at the table, by their first day "
            "(KST), and private envoys in the record. A meeting that was called off or not held does not count."
        ),
        unit="meeting",
        is_modelled=True,
    ),
    Target(
        name="nuclear_test",
        kind="binary",
        marks=("nuclear_test",),
        question="Does North Korea carry out a nuclear explosive test in the window?",
        rule=(
            "At least one day (KST) with an underground or other nuclear explosion, by announcement or by a seismic "
            "event that CTBTO, USGS or KMA call an explosion at a test site."
        ),
        unit="day",
        is_modelled=False,
    ),
    Target(
        name="icbm_launch",
        kind="binary",
        marks=("icbm_launch",),
        question="Does North Korea launch a missile of intercontinental class in the window?",
        rule=(
            "At least one day (KST) with a launch that the chronicle codes as ICBM class, failed flights included, "
            "space launches not."
        ),
        unit="day",
        is_modelled=False,
    ),
    Target(
        name="space_launch",
        kind="binary",
        marks=("space_launch",),
        question="Does North Korea launch a rocket with a satellite in the window?",
        rule=(
            "At least one day (KST) with a launch that the chronicle codes as a space launch, failed flights included, "
            "tests of stages or payloads on other missiles not."
        ),
        unit="day",
        is_modelled=False,
    ),
    Target(
        name="fatal_clash",
        kind="binary",
        marks=("fatal_clash",),
        question="Does somebody die by fire at or across the lines between the Koreas in the window?",
        rule=(
            "At least one day (KST) with a border clash or border fire in whose row the deaths of any side are known "
            "and above zero. Mines that are ascribed to a side count; accidents and defectors shot by their own side "
            "do not."
        ),
        unit="day",
        is_modelled=False,
    ),
    Target(
        name="grey_zone_days",
        kind="count",
        marks=("grey_zone_days",),
        question="On how many days of the window do balloons, jamming or leaflet drones cross the line?",
        rule=(
            "Days (KST) on which a release of balloons by either side, a spell of jamming of satellite navigation or a "
            "flight of a drone with leaflets begins, as a government or the United Nations Command states. "
            "Broadcasts, cyber operations and killings abroad do not count."
        ),
        unit="day",
        is_modelled=False,
    ),
    Target(
        name="inter_korean_summit",
        kind="binary",
        marks=("inter_korean_summit",),
        question="Do the leaders of the two Koreas meet in the window?",
        rule="At least one meeting of both leaders in person that begins in the window (KST).",
        unit="meeting",
        is_modelled=False,
    ),
    Target(
        name="us_prk_summit",
        kind="binary",
        marks=("us_prk_summit",),
        question="Do the leaders of the United States and North Korea meet in the window?",
        rule="At least one meeting of the President and the leader of North Korea in person, by its first day (KST).",
        unit="meeting",
        is_modelled=False,
    ),
    Target(
        name="unsc_resolution",
        kind="binary",
        marks=("unsc_resolution",),
        question="Does the Security Council vote for a resolution with measures on North Korea in the window?",
        rule=(
            "At least one resolution adopted (KST) that imposes, widens or eases measures on North Korea. Resolutions "
            "that only extend a panel or committee do not count, statements and vetoed drafts neither."
        ),
        unit="day",
        is_modelled=False,
    ),
    Target(
        name="prk_rus_leaders",
        kind="binary",
        marks=("prk_rus_leaders",),
        question="Do the leaders of North Korea and Russia meet in the window?",
        rule=(
            "At least one meeting or visit in person of heads of state, government or party of both, by its first day "
            "(KST), or the local day where only that is known."
        ),
        unit="meeting",
        is_modelled=False,
    ),
    Target(
        name="prk_chn_leaders",
        kind="binary",
        marks=("prk_chn_leaders",),
        question="Do the leaders of North Korea and China meet in the window?",
        rule=(
            "At least one meeting or visit in person of heads of state, government or party of both, by its first day "
            "(KST), or the local day where only that is known."
        ),
        unit="meeting",
        is_modelled=False,
    ),
)

TARGETS: Mapping[str, Target] = MappingProxyType({target.name: target for target in _TARGETS})
"""Every target by name; the resolution pages are in ``docs/reference/targets.md``."""

MODELLED_TARGETS: tuple[str, ...] = tuple(target.name for target in _TARGETS if target.is_modelled)
"""Targets with a model of their own; each reads the one mark that has its name."""


def require_target(name: str) -> Target:
    """Return the target called `name`.

    Raises
    ------
    UsageError
        If there is none.
    """
    if name not in TARGETS:
        raise UsageError(f"target must be one of {', '.join(TARGETS)}, got {name!r}.")
    return TARGETS[name]
