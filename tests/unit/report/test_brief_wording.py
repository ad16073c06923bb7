from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixparty.errors import FileRefused, UsageError
from sixparty.report import languages, read_messages
from sixparty.report.messages import FOLDER, Hole, read_folder, read_table, require_complete
from sixparty.report.page import block_of
from sixparty.report.wording import chance_in, short_label, write_value


def say(value: Any, style: str) -> str:
    return write_value(value, style, messages=read_messages("en"))


@pytest.mark.parametrize(
    ("value", "style", "shown"),
    [
        (0.123, "chance", "12 %"),
        (0.05, "chance", "5 %"),
        (0.031, "chance", "about 1 in 30"),
        (0.031, "chance:short", "1 in 30"),
        (0.0001, "chance", "less than 1 in 2,000"),
        (0.98, "chance", "over 95 %"),
        (0.03, "bound", "<5"),
        (0.97, "bound", ">95"),
        (1483, "count", "1,483"),
        (-2, "signed", "−2"),
        (3, "signed", "+3"),
        (-0.36, "decimal", "−0.4"),
        ("2025-06-28", "date", "28 June 2025"),
        ("2025-06-28", "date:short", "28 Jun"),
        (1, "plural:days", "day"),
        (2, "plural:days", "days"),
        (None, "count", "not available"),
        ("testing", "word:phases", "Testing"),
        ("some_new_code", "word:targets", "some new code"),
        ({"en": "Held", "ko": None}, "label", "Held"),
    ],
)
def test_values_are_written_for_a_reader(value: Any, style: str, shown: str) -> None:
    assert say(value, style) == shown


@given(st.floats(0.0, 1.0))
def test_a_chance_never_shows_more_than_a_whole_per_cent_between_five_and_ninety_five(chance: float) -> None:
    shown = say(chance, "chance")
    if shown[0].isdigit():
        assert 5 <= int(shown.removesuffix(" %")) <= 95
    else:
        assert shown.startswith(("about 1 in", "less than 1 in", "over 95"))


@given(st.floats(0.0005, 0.0449))
def test_one_in_n_is_close_to_the_chance_it_stands_for(chance: float) -> None:
    assert chance_in(chance) * chance == pytest.approx(1.0, abs=0.13)


def test_a_style_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UsageError, match="style must be one of count"):
        say(1, "shout")


def test_a_long_label_is_cut_between_words() -> None:
    assert short_label("North Korea launched short-range ballistic missiles (KN-23) from Wonsan") == (
        "North Korea launched short-range ballistic missiles\u00a0…"
    )
    assert short_label("Held") == "Held"


def test_english_is_the_first_language() -> None:
    assert languages()[0] == "en"


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="language must be one of en"):
        read_messages("xx")


def test_a_language_that_lacks_a_key_is_refused() -> None:
    english = read_folder(FOLDER / "en")
    short = {key: text for key, text in english.items() if key != "bottom.phase"}
    with pytest.raises(FileRefused, match=r"missing: bottom\.phase"):
        require_complete(short, reference=english, language="ko")


def test_a_language_that_fills_other_holes_is_refused() -> None:
    english = read_folder(FOLDER / "en")
    changed = {**english, "bottom.phase": "{.since|date}"}
    with pytest.raises(FileRefused, match=r"same holes as in English.*bottom\.phase"):
        require_complete(changed, reference=english, language="ko")


def test_every_language_is_complete() -> None:
    for language in languages():
        assert read_messages(language).language == language


def test_tables_of_messages_are_read_flat(tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    path.write_text('[a.b]\nc = "{.x|count} days"\n', encoding="utf-8")
    assert read_table(path) == {"a.b.c": "{.x|count} days"}


def test_a_key_in_two_files_of_a_language_is_refused(tmp_path: Path) -> None:
    for name in ("brief", "outlook"):
        (tmp_path / f"{name}.toml").write_text('[a]\nb = "c"\n', encoding="utf-8")
    with pytest.raises(FileRefused, match=r"outlook\.toml must not repeat keys.*a\.b"):
        read_folder(tmp_path)


def test_a_hole_goes_on_from_the_base_or_from_the_result() -> None:
    assert Hole(".low", "count").key("result.where.classes.0") == "result.where.classes.0.low"
    assert Hole("header.as_of", "date").key("result.where") == "result.header.as_of"


@pytest.mark.parametrize(
    ("key", "block"),
    [
        ("result.where.classes.2.low", "trace-class-2"),
        ("result.where.phase.weeks", "trace-phase"),
        ("result.forecasts.icbm_launch.4.plain", "trace-forecast-icbm_launch"),
        ("result.next.horizons.0.end", "trace-next"),
        ("result.header.n_rows", "trace-header"),
        ("result.ahead.rows.0.date", "trace-ahead"),
    ],
)
def test_a_figure_leads_to_the_block_that_explains_it(key: str, block: str) -> None:
    assert block_of(key) == block
