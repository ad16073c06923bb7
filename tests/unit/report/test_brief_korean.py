"""The brief in Korean: complete, the same figures, within its page, in words of the house, parties named as asked."""

from __future__ import annotations

import csv
import io
import re
import string
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from typing import Any

import pytest
import sample_brief
from reading import page_one, read
from rich.cells import cell_len
from rich.console import Console

from sixparty.errors import UsageError
from sixparty.report import brief_html, brief_markdown, brief_terminal, look_up, read_messages
from sixparty.report.budget import PAGE_ONE_SYLLABLES, count_syllables
from sixparty.report.figures import _FONT
from sixparty.report.messages import FOLDER, PARTY_NAMES, Names, read_folder
from sixparty.report.render import SECTIONS, command_options
from sixparty.report.wording import short_label, write_value
from sixparty.vocabulary import FORBIDDEN_WORDS

LONGEST = "북한, 평안북도 철산군 서해위성발사장에서 정찰위성 탑재 우주발사체 발사"
WEEKS: dict[str, Callable[[], dict[str, Any]]] = {
    "ordinary": sample_brief.envelope,
    "empty": sample_brief.empty_week,
    "stale": sample_brief.stale,
    "busy": sample_brief.busy,
    "busy and unusual": lambda: sample_brief.busy(n_unusual=1),
    "fullest": sample_brief.fullest,
}
NOT_OURS = (*FORBIDDEN_WORDS["ko"], "정권", "불량", "평온", "조용", "이상 없음", "모형은 믿", "북한이 원")
HOLE = re.compile(r"\{[^{}|]*\|[^{}]*\}")


def in_korean(part: Any) -> Any:
    """The same document with every label in Korean and as long as page one has room for."""
    if isinstance(part, list):
        return [in_korean(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    is_label = part.keys() == {"en", "ko"}
    return {**part, "ko": LONGEST} if is_label else {name: in_korean(inner) for name, inner in part.items()}


@cache
def document(week: str) -> dict[str, Any]:
    made: dict[str, Any] = in_korean(WEEKS[week]())
    return made


@cache
def rendered(week: str, language: str = "ko") -> str:
    return brief_html(document(week), language)


def words_of(path: str) -> dict[str, str]:
    return read_folder(FOLDER / path)


@pytest.mark.parametrize("week", WEEKS)
def test_page_one_shows_the_same_figures_in_both_languages(week: str) -> None:
    shown = [
        Counter(figure.key for figure in read(page_one(rendered(week, language))).figures) for language in ("en", "ko")
    ]
    assert shown[0] == shown[1]


def test_every_korean_figure_is_that_of_the_document() -> None:
    figures = read(page_one(rendered("ordinary"))).figures
    assert len(figures) > 80
    for figure in figures:
        value = look_up(document("ordinary"), figure.key)
        assert figure.text == write_value(value, figure.style, messages=read_messages("ko")), figure.key


@pytest.mark.parametrize("week", WEEKS)
def test_no_figure_of_a_korean_page_one_stands_without_a_key(week: str) -> None:
    assert [word for word in read(page_one(rendered(week))).unkeyed if not word.startswith("6자")] == []


@pytest.mark.parametrize("week", WEEKS)
def test_korean_sections_stand_in_the_same_order(week: str) -> None:
    assert tuple(read(page_one(rendered(week))).sections) == SECTIONS


@pytest.mark.parametrize("week", WEEKS)
def test_a_korean_page_one_keeps_to_its_syllables_with_labels_of_full_length(week: str) -> None:
    assert count_syllables(read(page_one(rendered(week))).text) <= PAGE_ONE_SYLLABLES


def test_a_korean_label_takes_the_room_of_an_english_one() -> None:
    assert 25 < len(short_label(LONGEST)) <= 33
    assert short_label(LONGEST).endswith("\u00a0…")
    assert short_label("일본 참의원 선거") == "일본 참의원 선거"


@pytest.mark.parametrize("week", WEEKS)
def test_no_korean_page_uses_words_that_are_not_ours(week: str) -> None:
    shown = rendered(week) + brief_markdown(document(week), "ko")
    assert [word for word in NOT_OURS if word in shown] == []


def test_no_korean_sentence_of_any_page_uses_words_that_are_not_ours() -> None:
    table = words_of("ko") | dict(_claim_words())
    assert {key: word for key, text in table.items() for word in FORBIDDEN_WORDS["ko"] if word in text} == {}


def _claim_words() -> Iterator[tuple[str, str]]:
    text = (FOLDER / "ko" / "evidence.toml").read_text(encoding="utf-8")
    yield from ((str(number), line) for number, line in enumerate(text.splitlines()))


def test_no_sentence_leaves_the_choice_of_a_particle_to_the_reader() -> None:
    doubtful = re.compile(r"[은는이가을를과와로]\([은는이가을를과와으]{1,2}\)")
    assert [key for key, text in words_of("ko").items() if doubtful.search(text)] == []


def test_names_to_fill_are_the_same_in_both_languages() -> None:
    english, korean = words_of("en"), words_of("ko")
    dates = {key for key in english if key.startswith("dates.")}
    assert [key for key in english.keys() - dates if _names(korean[key]) != _names(english[key])] == []


def _names(text: str) -> set[str]:
    """Names in braces; places that are only counted are one name, however they are numbered."""
    found = {name for _, name, _, _ in string.Formatter().parse(HOLE.sub("", text)) if name is not None}
    return {"" if name.isdigit() else name for name in found}


@pytest.mark.parametrize("week", ["ordinary", "fullest"])
def test_no_english_sentence_is_left_on_a_korean_page(week: str) -> None:
    html = re.sub(
        r"<code>.*?</code>|<style>.*?</style>|<section id=\"sources\">.*?</section>", "", rendered(week), flags=re.S
    )
    html = html.replace(str(document(week)["result"]["header"]["marking"]), "")
    told = re.sub(r"<[^>]*>", " ", re.sub(r'<svg.*?</svg>|data-\w+="[^"]*"', " ", html, flags=re.S))
    thin = {row["thin"] for row in document(week)["result"]["coverage"]}
    for text in thin:
        told = told.replace(text, "")
    assert re.findall(r"(?:\b[A-Za-z]{2,}\b[ ,.;:]+){3,}", told) == []


@pytest.mark.parametrize("names", PARTY_NAMES)
@pytest.mark.parametrize("week", WEEKS)
def test_the_korean_terminal_form_fits_eighty_columns(week: str, names: str) -> None:
    out = io.StringIO()
    Console(width=80, file=out).print(brief_terminal(document(week), "ko", party_names=names))
    text = out.getvalue()
    assert all(head in text for head in ("6자 브리핑", "현재 상황", "앞으로의 가능성"))
    assert max(cell_len(line.rstrip()) for line in text.splitlines()) <= 80


@pytest.mark.parametrize("week", WEEKS)
def test_korean_markdown_has_the_sections_of_page_one(week: str) -> None:
    heads = re.findall(r"^## (.*)$", brief_markdown(document(week), "ko"), flags=re.M)
    assert [re.sub(r"^\d+월 \d+일 이후 |\(.*", "", head) for head in heads[:7]] == [
        "요지",
        "달라진 점",
        "앞으로의 일정",
        "현재 상황",
        "앞으로의 가능성",
        "판단이 바뀔 조건",
        "신뢰 범위와 한계",
    ]


def test_a_korean_page_says_its_language_and_leads_to_the_other() -> None:
    html = brief_html(document("ordinary"), "ko", twins={"en": "brief.html"})
    tags = read(html).tags
    assert [table["lang"] for tag, table in tags if tag == "html"] == ["ko"]
    assert [table["href"] for tag, table in tags if tag == "a" and table.get("hreflang")] == ["brief.html"]
    assert "hreflang" not in rendered("ordinary")


def test_the_page_and_its_drawings_name_a_font_that_holds_hangul() -> None:
    css = rendered("ordinary").split("<style>")[1].split("</style>")[0]
    assert "Noto Sans CJK KR" in css
    assert "Noto Sans CJK KR" in _FONT
    assert "word-break: keep-all" in css


def test_dates_chances_and_months_are_written_as_in_korean() -> None:
    def say(value: Any, style: str) -> str:
        return write_value(value, style, messages=read_messages("ko"))

    assert say("2025-06-28", "date") == "2025년 6월 28일"
    assert say("2025-06-28", "date:short") == "6월 28일"
    assert say("2025-06-28", "date:month_day") == "2025. 6. 28."
    assert [say(0.19, "chance"), say(0.02, "chance"), say(0.97, "chance")] == ["19%", "약 50분의 1", "95% 초과"]


def test_where_a_family_is_thin_is_told_in_korean_as_long_as_the_record_says_the_same() -> None:
    with (resources.files("sixparty") / "data" / "coverage.csv").open(encoding="utf-8", newline="") as file:
        record = {row["family"]: row["thin"] for row in csv.DictReader(file)}
    english = {key.removeprefix("thin."): text for key, text in words_of("en").items() if key.startswith("thin.")}
    assert english == record
    korean = read_messages("ko")
    assert all(count_syllables(korean.known("thin", family, text=text)) > 15 for family, text in record.items())
    assert korean.known("thin", "moratoria", text="Something else.") == "Something else."


@pytest.mark.parametrize(
    ("language", "names", "expected"),
    [
        ("en", "common", "North Korea"),
        ("en", "own", "DPRK"),
        ("en", None, "North Korea"),
        ("ko", "common", "북한"),
        ("ko", "own", "조선"),
        ("ko", None, "조선"),
    ],
)
def test_parties_are_named_by_one_setting(language: str, names: str | None, expected: str) -> None:
    assert read_messages(language, names).word("parties", "PRK") == expected


def test_both_forms_of_a_name_stand_at_the_head_of_a_page_that_names_parties_as_they_do_themselves() -> None:
    own, common = (
        read(page_one(brief_html(document("ordinary"), "ko", party_names=name))).text for name in PARTY_NAMES
    )
    assert own.index("조선(북한)") < own.index("요지")
    assert "북한" not in own.replace("조선(북한)", "")
    assert "조선" not in common
    assert "북한" in common


def test_labels_follow_the_setting_and_titles_of_texts_do_not() -> None:
    label = {"en": "North Korea and Russia met", "ko": "남북한 유엔 동시 가입, 북러 회담, 북한 발표"}
    korean = read_messages("ko", "own")
    assert write_value(label, "label", messages=korean) == "남북한 유엔 동시 가입, 조러 회담, 조선 발표"
    assert write_value(label, "label:title", messages=korean) == label["ko"]
    assert write_value(label, "label", messages=read_messages("en", "own")) == "DPRK and Russia met"


def test_names_without_anything_to_replace_leave_a_text_alone() -> None:
    assert Names().apply("North Korea") == "North Korea"


def test_another_way_to_name_parties_is_refused() -> None:
    with pytest.raises(UsageError, match=r"party names must be one of own, common, got 'short'\."):
        read_messages("ko", "short")


def test_the_command_of_a_page_names_what_is_not_usual() -> None:
    found = [
        command_options(read_messages(language, names))
        for language, names in (("en", None), ("en", "own"), ("ko", None), ("ko", "own"), ("ko", "common"))
    ]
    assert found == [
        "",
        " --party-names own",
        " --language ko",
        " --language ko",
        " --language ko --party-names common",
    ]


def test_notices_are_told_in_the_language_of_the_page_and_other_warnings_as_they_are() -> None:
    made = document("ordinary")
    notice = {"message": "stale", "coverage_end": "2025-06-30", "days_past_coverage": 45}
    told = {**made, "result": {**made["result"], "notices": [notice]}, "warnings": ["in English", "another one"]}
    korean, english = (
        brief_html(told, language).split('id="warnings"')[1].split("</section>")[0] for language in ("ko", "en")
    )
    assert "45</span>일 앞선" in korean
    assert "another one" in korean
    assert "in English" not in korean
    assert "45</span> <" not in korean
    assert "days before this brief" in english
