"""Why a design would not answer, in plain words of either language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sixparty.report.evidence_refusals import AT_BEST, SAID, refusal_words
from sixparty.report.evidence_words import LANGUAGES, read_claim_words

EVIDENCE = Path(__file__).parents[3] / "src" / "sixparty" / "evidence"
COMPOSED = ("the window must hold 7, got 7.", "7, got 7. 7")
"""Sentences whose first part is made elsewhere; `SENTENCES` has examples of them."""

SENTENCES = (
    ("the window must hold at least 8 outcomes, got 6. Widen it, or ask of a more frequent outcome.", "6", "8"),
    ("the window must hold days for 3 outcomes at the common rate on each side, got 1.8. Widen it.", "1.8", "3"),
    ("half of the dates must have placebos that cover at least 1.5 separate windows, got 1.2. Look at fewer.", "1.5"),
    (
        "at least 20 outcomes in 104 weeks must be looked at for a break, got 19 in 1330. Widen the window.",
        "19",
        "1330",
    ),
    ("a larger change lies at 2017-11-29, and beside it the window must hold at least 8 outcomes, got 6. Go.", "6"),
    (
        "growth must be known for 12 years, 3 of them on either side, got 11 years, 2 of them under the exposure. "
        "At best they could have shown yearly growth factors that are 1.42 times as large, or smaller by as much. "
        "Choose a longer series.",
        "12",
        "11",
        "1.42",
    ),
)


def raised() -> Iterator[tuple[str, str]]:
    """Every sentence that a design refuses with, its figures all 7, and where it stands."""
    for path in sorted(EVIDENCE.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(call.func, "id", "") if isinstance(call, ast.Call) else ""
            if isinstance(call, ast.Call) and name in ("NotTestable", "_refuse_if"):
                place = f"{path.name}:{call.lineno}"
                if name == "_refuse_if":
                    wanted, got = (text_of(each) for each in call.args[1:3])
                    yield place, f"the window must hold {wanted}, got {got}. Widen it."
                elif text_of(call.args[0]):
                    yield place, text_of(call.args[0])


def text_of(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values)
    return ""


@pytest.mark.parametrize(("place", "said"), [each for each in raised() if not each[1].startswith(COMPOSED)])
def test_every_sentence_of_a_design_has_plain_words_in_both_languages(place: str, said: str) -> None:
    for language in LANGUAGES:
        assert refusal_words(said, read_claim_words(language)), place


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("given", SENTENCES, ids=[given[0][:40] for given in SENTENCES])
def test_plain_words_keep_the_figures(given: tuple[str, ...], language: str) -> None:
    said, *figures = given
    shown = refusal_words(said, read_claim_words(language))
    assert shown is not None
    found = re.findall(r"\d+(?:\.\d+)?", shown)
    assert set(figures) <= set(found), shown


def test_korean_words_are_korean() -> None:
    for said, *_ in SENTENCES:
        shown = refusal_words(said, read_claim_words("ko")) or ""
        assert not re.search(r"[a-z]{3,}", shown), shown


def test_a_setting_that_cannot_be_meant_keeps_the_names_of_the_file() -> None:
    said = "option weeks must be a whole number, got 2.7. Correct it in the claim's file."
    shown = refusal_words(said, read_claim_words("ko")) or ""
    assert said in shown
    assert shown.startswith("주장 파일의 설정")


def test_a_sentence_that_nobody_knows_has_no_other_words() -> None:
    assert refusal_words("the moon must be full, got half. Wait.", read_claim_words("en")) is None


def test_every_key_has_words_and_every_word_a_key() -> None:
    for language in LANGUAGES:
        keys = {key.removeprefix("refusal.") for key in read_claim_words(language).table if key.startswith("refusal.")}
        assert keys == {*SAID, *AT_BEST, "setting"}
