"""The shipped claims are whole: readable, in both languages, on rows that exist, with options that their design reads.

No claim is tested here: what the record says of them is no matter of contract.
"""

import ast
import datetime as dt
import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
from tests.conftest import ROOT, weapons_test

from sixparty import evidence
from sixparty.compute import Key
from sixparty.evidence import DESIGNS, MECHANISMS, OPTIONS, VERIFIED, WITHOUT_TURN, Claim
from sixparty.evidence.verdict import Verdict
from sixparty.service.evidence import shipped_claims
from sixparty.tension import mark_days, selected_days
from sixparty.tension.years import yearly_figures
from sixparty.vocabulary import FORBIDDEN_WORDS

RECORD_ENDS = dt.date(2025, 6, 30)
SOURCES = Path(evidence.__file__).parent / "designs"
CLAIMS = shipped_claims()
TESTED = [claim for claim in CLAIMS.values() if claim.test is not None]
HANGUL = re.compile("[가-힣]")
SERIES = [
    pytest.param(claim, series, id=f"{claim.name}: {place}")
    for claim in TESTED
    for place, series in [
        ("exposure", claim.test.exposure),
        ("outcome", claim.test.outcome),
        *((f"apart {name}", each) for name, each in claim.test.apart.items()),
        *(
            (f"{name} {part}", changes[part])
            for name, changes in claim.test.choices.items()
            for part in ("exposure", "outcome")
            if part in changes
        ),
    ]
]


def texts(claim: Claim):
    yield from (claim.title, claim.text, claim.made_by, claim.doubted_by, *([claim.reason] if claim.reason else []))
    if claim.test is not None:
        yield from (claim.test.exposure.words, claim.test.outcome.words)


def options_read(module: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """Names of options that a design's module, and the modules beside it that it imports, ask a question for."""
    text = (SOURCES / f"{module}.py").read_text(encoding="utf-8")
    names = set(re.findall(r'\.(?:option|number|whole)\(\s*"(\w+)"', text))
    names |= set(re.findall(r'"(\w+)" (?:not )?in question\.options', text))
    imported = set(re.findall(r"from sixparty\.evidence\.designs\.(\w+) import", text)) - seen - {module}
    return names.union(*(options_read(each, seen | imported | {module}) for each in imported))


def size_of(chronicle, series):
    """How many occurrences, or figures, a claim looks at."""
    if series.figures is not None:
        return len(yearly_figures(chronicle, series.figures).years)
    if series.days or series.spans:
        return len(series.days or series.spans)
    within = series.known_within_days
    if series.mark is not None:
        return len(mark_days(chronicle, series.mark, known_within_days=within))
    return len(selected_days(chronicle, series.selection, known_within_days=within))


def test_every_mechanism_has_a_claim():
    assert {name for claim in CLAIMS.values() for name in claim.mechanisms} == set(MECHANISMS)


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS)
def test_a_claim_is_told_in_both_languages_and_in_neutral_words(claim):
    for words in texts(claim):
        assert HANGUL.search(words["ko"]), words["ko"]
        assert not HANGUL.search(words["en"]), words["en"]
        for language, forbidden in FORBIDDEN_WORDS.items():
            assert not [word for word in forbidden if word in words[language].lower()], words[language]


def test_titles_and_names_are_told_once():
    for language in ("en", "ko"):
        titles = [claim.title[language] for claim in CLAIMS.values()]
        assert len(set(titles)) == len(titles)


def test_every_claim_that_is_not_tested_says_why():
    assert all((claim.reason is None) == (claim.standing == "tested") for claim in CLAIMS.values())


@pytest.mark.parametrize(("claim", "series"), SERIES)
def test_what_a_claim_looks_at_is_in_the_record(chronicle, claim, series):
    assert size_of(chronicle, series) > 0
    listed = [*series.days, *(day for span in series.spans for day in span)]
    assert bool(listed) == bool(series.source)
    assert all(day <= RECORD_ENDS for day in listed)


@pytest.mark.parametrize(("claim", "series"), SERIES)
def test_a_choice_without_late_news_leaves_something_out(chronicle, claim, series):
    if series.known_within_days is not None:
        assert size_of(chronicle, series) < size_of(chronicle, replace(series, known_within_days=None))


@pytest.mark.parametrize("claim", TESTED, ids=lambda claim: claim.name)
def test_the_window_of_a_claim_can_be_laid_out(chronicle, claim):
    question = evidence.question_of(chronicle, claim.test)
    assert question.first < question.last <= RECORD_ENDS
    assert question.stock is not None or len(question.outcome.between(question.first, question.last)) > 0


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS.values() if claim.rows], ids=lambda claim: claim.name)
def test_the_rows_of_a_claim_from_a_text_exist(chronicle, claim):
    known = {row for name in chronicle.tables if "id" in chronicle[name].columns for row in chronicle[name]["id"]}
    assert set(claim.rows) <= known


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_is_there_under_its_name(design):
    module = import_module(f"sixparty.evidence.designs.{design}")
    assert ast.get_docstring(ast.parse((SOURCES / f"{design}.py").read_text(encoding="utf-8")))
    assert getattr(module, design) is evidence.design_called(design)


def test_the_options_that_a_file_may_name_are_those_that_designs_read():
    assert set(OPTIONS) == set().union(*(options_read(design) for design in DESIGNS))


@pytest.mark.parametrize("claim", TESTED, ids=lambda claim: claim.name)
def test_every_option_of_a_claim_is_read_by_its_design(claim):
    test = claim.test
    assert set(test.options) <= options_read(test.design)
    for changes in test.choices.values():
        assert set(changes.get("options", {})) <= options_read(changes.get("design", test.design))


def test_the_claim_of_the_how_to_is_read_and_tested_on_a_made_up_record(make_chronicle, tmp_path):
    page = (ROOT / "docs/how-to/test-your-own-claim.md").read_text(encoding="utf-8")
    path = tmp_path / "party-day.toml"
    path.write_text(re.findall(r"```toml\n(.*?)```", page, flags=re.DOTALL)[0], encoding="utf-8")
    record = make_chronicle(
        events=[weapons_test(f"{year}-{month:02}-{15 + month}") for year in range(1996, 2025) for month in range(1, 13)]
    )
    claim = evidence.read_claim(path)
    result = evidence.test_claim(Key.from_seed(1), record, claim)
    assert set(result.checks) | set(result.not_run) == {WITHOUT_TURN, VERIFIED, *claim.test.choices}
    assert result.estimate.episodes == len(claim.test.exposure.days)
    assert result.judgement.verdict in get_args(Verdict)


def test_the_how_to_names_every_design_of_a_file_and_every_verdict_of_a_test():
    page = (ROOT / "docs/how-to/test-your-own-claim.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(\w+)` \|", page, flags=re.MULTILINE))
    elsewhere = {"not_yet_tested", "contradicted_by_the_text", "borne_out_by_the_text"}
    assert set(DESIGNS) <= told
    assert set(get_args(Verdict)) - told == elsewhere
