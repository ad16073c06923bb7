"""Sheets of claims, the page of all claims and the terminal view, from results with made-up figures."""

from __future__ import annotations

import io
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
import sample_claims as sample
from rich.console import Console

from sixparty.errors import UsageError
from sixparty.report import CLAIM_LANGUAGES, claim_drawing, claim_sheet, claims_drawing, claims_index, evidence_terminal
from sixparty.report.evidence_figures import oriented_interval
from sixparty.report.evidence_sheet import detail_words
from sixparty.report.evidence_words import answer, missed_words, p_words, public_sentence, ratio_words, read_claim_words
from sixparty.service.evidence import shipped_claims

CLAIMS = {claim["claim"]: claim for claim in sample.all_claims()["result"]["claims"]}
ESTIMATED = [name for name, claim in CLAIMS.items() if claim["estimate"]]
ENGLISH = read_claim_words("en")
CAUSAL = re.compile(r"\b(cause[sd]?|because|raise[sd]?|lower[s]? the|effect of|due to|leads? to|provoke)\b")


class _Text(HTMLParser):
    """The words of a page's body, drawings and styles left out."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "svg", "head"):
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag == self._inside[-1]:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.words += data.split()


def body_words(html: str) -> list[str]:
    reader = _Text()
    reader.feed(html)
    return reader.words


def sheet(claim: dict[str, Any], language: str = "en") -> str:
    return claim_sheet(sample.all_claims(), claim, language=language, has_index=True)


@pytest.mark.parametrize("language", CLAIM_LANGUAGES)
@pytest.mark.parametrize("name", ESTIMATED)
def test_the_first_60_words_hold_answer_size_n_and_the_smallest_effect(name: str, language: str) -> None:
    claim, words = CLAIMS[name], read_claim_words(language)
    first = " ".join(body_words(sheet(claim, language))[:60])
    assert words[f"verdict.{claim['verdict']}"] in first
    assert ratio_words(claim["estimate"]["ratio"]["value"], words) in first
    number = "exposed_events" if claim["design"] == "growth" else "episodes"
    assert str(claim["estimate"][number]) in first
    assert missed_words(claim, words) in first


@pytest.mark.parametrize("language", CLAIM_LANGUAGES)
@pytest.mark.parametrize("name", CLAIMS)
def test_a_sheet_needs_nothing_from_outside_and_says_which_language_it_is_in(name: str, language: str) -> None:
    html = sheet(CLAIMS[name], language)
    assert f'<html lang="{language}">' in html
    assert not re.search(r'(src|href)="https?:|@import|url\(["\']?http|<script', html)
    assert CLAIMS[name]["title"][language] in unescape(html)


def test_a_sheet_shows_every_check_with_its_figures_and_why_others_were_not_run() -> None:
    text = " ".join(body_words(sheet(CLAIMS["drills-raise-tests"])))
    for label in ("Main estimate", "The time before", "Without 2017-11 to 2019-12", "Control by leader", "Since 2012"):
        assert label in text
    assert "Verified rows alone: the outcome must have 20 events, got 7." in text
    assert "sixparty evidence test drills-raise-tests --json" in text


def test_a_claim_without_an_estimate_gives_its_reason_and_no_figure() -> None:
    html = sheet(CLAIMS["summit-ended-the-war"])
    assert "<svg" not in html
    assert "<table" not in html
    assert "Contradicted by the text. Clause 3.3 of the Panmunjom Declaration" in " ".join(body_words(html))


def test_the_korean_sheet_of_a_claim_is_korean() -> None:
    words = body_words(sheet(CLAIMS["drills-raise-tests"], "ko"))
    hangul = sum(bool(re.search("[가-힣]", word)) for word in words)
    assert hangul > 0.55 * len(words)


@pytest.mark.parametrize("name", ESTIMATED)
def test_a_public_sentence_names_no_cause_below_grade_a(name: str) -> None:
    for verdict in ("supported", "leans_supported", "mixed", "no_evidence", "not_borne_out"):
        claim = {**CLAIMS[name], "verdict": verdict, "grade": "B"}
        said = public_sentence(claim, ENGLISH)
        held = said.replace(claim["exposure"]["en"], "").replace(claim["outcome"]["en"], "")
        assert not CAUSAL.search(held)
        assert said.endswith(".")


def test_only_grade_a_says_that_the_one_raises_the_other() -> None:
    claim = {**CLAIMS["drills-raise-tests"], "verdict": "supported"}
    assert "raise the number" in public_sentence({**claim, "grade": "A"}, ENGLISH)
    assert "raise" not in public_sentence({**claim, "grade": "B"}, ENGLISH)


@pytest.mark.parametrize(
    ("least", "expects", "said"),
    [
        (1.35, "more", "A rise under 35 %"),
        (2.7, "more", "A rise to under 2.7 times"),
        (1.35, "fewer", "A fall under 26 %"),
        (None, "more", "Even a very large difference"),
        (1e9, "fewer", "Even a very large difference"),
    ],
)
def test_the_smallest_effect_seen_is_said_in_the_claim_s_direction(
    least: float | None, expects: str, said: str
) -> None:
    claim = CLAIMS["drills-raise-tests"]
    changed = {**claim, "expects": expects, "estimate": {**claim["estimate"], "minimum_detectable": least}}
    assert missed_words(changed, ENGLISH).startswith(said)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "in weeks 1 to 4 after"),
        ({"from_week": 13, "to_week": 52}, "in weeks 13 to 52 after"),
        ({"from_week": -4, "to_week": -1}, "in weeks 4 to 1 before"),
        ({"from_week": -4, "to_week": 4}, "from 4 weeks before to 4 weeks after"),
    ],
)
def test_the_weeks_looked_at_are_said(options: dict[str, int], said: str) -> None:
    assert said in answer({**CLAIMS["tests-precede-talks"], "options": options}, ENGLISH)


def test_a_claim_that_expects_fewer_is_turned_round_in_the_forest() -> None:
    claim = CLAIMS["talks-calm-tests"]
    ratio = claim["estimate"]["ratio"]
    value, low, high = oriented_interval(claim)
    assert (value, low, high) == (1 / ratio["value"], 1 / ratio["high"], 1 / ratio["low"])
    assert low < value < high


def test_the_forest_names_every_claim_with_an_estimate_in_its_group() -> None:
    drawing = claims_drawing(sample.all_claims())
    place = 0
    for _, titles in groups():
        for title in titles:
            found = drawing.find(title.replace("'", "&#39;"), place)
            place = found if found >= 0 else drawing.find(title, place)
            assert place >= 0, title


def groups() -> list[tuple[str, list[str]]]:
    from sixparty.report.evidence_words import by_verdict

    chosen = [CLAIMS[name] for name in ESTIMATED]
    return [(verdict, [claim["title"]["en"] for claim in members]) for verdict, members in by_verdict(chosen)]


@pytest.mark.parametrize("value", [1e-9, 0.03, 1.0, 40.0, 5000.0])
def test_a_ratio_beyond_the_scale_is_drawn_at_its_end(value: float) -> None:
    document = sample.document(sample.with_estimate(shipped_claims()["drills-raise-tests"], sample.estimate(value)))
    drawing = claim_drawing(document["result"]["claims"][0])
    assert "NaN" not in drawing
    assert "Infinity" not in drawing


def test_a_drawing_is_narrow_enough_for_a_telephone() -> None:
    for drawing in (claims_drawing(sample.all_claims()), claim_drawing(CLAIMS["drills-raise-tests"])):
        assert int(re.search(r'width="(\d+)"', drawing)[1]) <= 328


def test_the_page_of_all_claims_leads_to_every_sheet() -> None:
    for language, end in (("en", ".html"), ("ko", ".ko.html")):
        html = claims_index(sample.all_claims(), language=language)
        for name in CLAIMS:
            assert f'href="{name}{end}"' in html
        assert "0.8" in html


def test_the_terminal_shows_answer_table_and_footnotes() -> None:
    out = io.StringIO()
    Console(width=100, file=out).print(evidence_terminal(sample.one()))
    text = out.getvalue()
    assert "No evidence either way: days with weapons tests were 1.18 times as frequent" in text
    assert "Control by leader" in text
    assert "Rule of the verdict" in text
    assert max(map(len, text.splitlines())) <= 100


def test_both_languages_have_a_word_for_every_verdict_design_and_choice() -> None:
    from sixparty.evidence import DESIGNS

    names = {name for claim in shipped_claims().values() if claim.test for name in claim.test.choices}
    for language in CLAIM_LANGUAGES:
        words = read_claim_words(language)
        assert {f"design.{name}" for name in DESIGNS} <= set(words.table)
        assert {f"check.{name}" for name in names} <= set(words.table)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UsageError, match="language must be one of en, ko"):
        read_claim_words("fr")


@pytest.mark.parametrize(
    ("value", "said"), [(0.00001, "<.001"), (0.0312, ".031"), (0.21, ".21"), (1.0, "1.00"), (0.999, "1.00")]
)
def test_p_values_are_short(value: float, said: str) -> None:
    assert p_words(value) == said


def test_the_week_of_a_change_is_written_as_a_date_and_what_is_missing_is_said() -> None:
    said = detail_words({"best_week": 736_827.0, "p_at": 0.04, "weeks_to": None}, ENGLISH)
    assert said == "likeliest week 2018-05-13; p for the day named 0.04; weeks to none"
