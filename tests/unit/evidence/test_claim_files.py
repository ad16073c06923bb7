"""A claim's file is read whole, or refused with the place, what was expected and what came."""

import datetime as dt

import pytest

from sixparty import evidence
from sixparty.errors import FileRefused
from sixparty.evidence import OPTIONS, read_claim

EXPOSURE = """[test.exposure]
table = "spells"
where = { spell_type = ["joint_drill"] }
actors = ["USA"]
"""
LISTED = '[test.exposure]\ndays = [2016-11-08, 2012-11-06]\nsource = "by law"\n'
OUTCOME = 'table = "events"\nwhere = { event_type = ["ballistic_launch"] }\n'
GROWN = [("case_series", "growth"), (OUTCOME, 'series = "trade"\n')]
"""Changes that make of the file a question on growth."""

WORDS = "words = { en = 'trade', ko = '교역' }"
UNTESTED = """
mechanisms = []
standing = "from_text"
title = { en = "A title", ko = "제목" }
text = { en = "A text.", ko = "글." }
made_by = { en = "Some", ko = "일부" }
doubted_by = { en = "Others", ko = "다른 쪽" }
reason = { en = "The text says\\n so.", ko = "글이 그렇게 적는다." }
rows = ["a-row"]
"""


def test_a_whole_file_is_read_part_by_part(write_claim):
    claim = read_claim(write_claim())
    assert (claim.name, claim.mechanisms, claim.standing) == ("a-claim", ("M5",), "tested")
    assert claim.title == {"en": "Drills and launches", "ko": "훈련과 발사"}
    test = claim.test
    assert (test.design, test.expects, test.smallest, test.first) == ("case_series", "more", 1.25, dt.date(1995, 1, 1))
    assert test.exposure.selection.actors == ("USA",)
    assert test.outcome.selection.where == {"event_type": ("ballistic_launch",)}
    assert test.options == {"harmonics": 1}
    assert test.choices == {"since_2000": {"first": dt.date(2000, 1, 1)}}


def test_listed_days_are_sorted_and_keep_their_source(write_claim):
    exposure = read_claim(write_claim((EXPOSURE, LISTED))).test.exposure
    assert exposure.days == (dt.date(2012, 11, 6), dt.date(2016, 11, 8))
    assert exposure.source == "by law"


@pytest.mark.parametrize(("line", "bears_out"), [("", False), ("bears_out = true", True)])
def test_a_claim_from_a_text_tells_its_rows_and_which_way_the_text_speaks(tmp_path, line, bears_out):
    path = tmp_path / "a-text.toml"
    path.write_text(UNTESTED + line, encoding="utf-8")
    claim = read_claim(path)
    assert (claim.rows, claim.bears_out, claim.test) == (("a-row",), bears_out, None)
    assert claim.reason["en"] == "The text says so."


def test_listed_spans_are_sorted_and_keep_their_source(write_claim):
    listed = "[test.exposure]\nspans = [[2017-05-10, 2022-05-09], [1998-02-25, 2008-02-24]]\nsource = 'terms'\n"
    exposure = read_claim(write_claim((EXPOSURE, listed))).test.exposure
    first, second = exposure.spans
    assert first == (dt.date(1998, 2, 25), dt.date(2008, 2, 24))
    assert second[0] == dt.date(2017, 5, 10)
    assert (exposure.source, exposure.days, exposure.selection) == ("terms", (), None)


def test_rows_and_marks_may_leave_out_what_was_told_late(write_claim):
    claim = read_claim(write_claim(('actors = ["USA"]', 'actors = ["USA"]\nknown_within_days = 0')))
    assert (claim.test.exposure.known_within_days, claim.test.outcome.known_within_days) == (0, None)
    marked = (EXPOSURE, '[test.exposure]\nmark = "us_prk_talks"\nknown_within_days = 2\n')
    assert read_claim(write_claim(marked)).test.exposure.known_within_days == 2


def test_yearly_figures_are_an_outcome_of_the_design_on_growth(write_claim):
    test = read_claim(write_claim(*GROWN)).test
    assert (test.outcome.figures, test.outcome.selection, test.design) == ("trade", None, "growth")


def test_a_choice_may_turn_to_growth_with_figures_of_its_own(write_claim):
    choice = f"[test.choices.yearly]\ndesign = 'growth'\n[test.choices.yearly.outcome]\nseries = 'trade'\n{WORDS}"
    read = read_claim(write_claim(("[test.choices.since_2000]", f"{choice}\n[test.choices.since_2000]"))).test
    assert read.choices["yearly"]["outcome"].figures == "trade"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([("case_series", "growth")], "test must be the design growth with a series .* got growth with days"),
        ([GROWN[1]], "test must be the design growth with a series as outcome, .* got case_series with figures"),
        ([*GROWN, ("first = 2000-01-01", "design = 'rates'")], "since_2000 must be .* got rates with figures"),
        ([(EXPOSURE, "[test.exposure]\nseries = 'trade'\n")], "exposure must be something with days .* got series tr"),
        ([GROWN[0], (OUTCOME, "series = 3\n")], "outcome.series must be the name of a yearly series, got 3"),
    ],
)
def test_growth_and_yearly_figures_come_together_or_not_at_all(write_claim, changes, told):
    with pytest.raises(FileRefused, match=told):
        read_claim(write_claim(*changes))


SPANS = "[test.exposure]\nspans = {}\nsource = 'terms'\n"


@pytest.mark.parametrize(
    ("spans", "told"),
    [
        ("[]", r"spans must be a list of first and last days like .* got \[\]"),
        ("[2017-05-10]", "spans must be a list of first and last days"),
        ("[[2017-05-10]]", "spans must be a list of first and last days"),
        ("[[2017-05-10, 2017-05-09]]", "spans must be a list of first and last days"),
        ("[[2017-05-10, '2018-01-01']]", "spans must be a list of first and last days"),
        (
            "[[2017-05-10, 2019-01-01], [2019-01-01, 2020-01-01]]",
            "not overlap, got one to 2019-01-01 and one from 2019",
        ),
    ],
)
def test_spans_that_cannot_be_meant_are_refused(write_claim, spans, told):
    with pytest.raises(FileRefused, match=told):
        read_claim(write_claim((EXPOSURE, SPANS.format(spans))))


@pytest.mark.parametrize("days", ["-1", "1.5", "true", "'two'"])
def test_days_until_something_is_known_are_a_whole_number(write_claim, days):
    with pytest.raises(FileRefused, match="known_within_days must be a whole number of days, 0 or more"):
        read_claim(write_claim(('actors = ["USA"]', f'actors = ["USA"]\nknown_within_days = {days}')))


def test_a_choice_may_replace_the_design_the_series_the_window_and_options(write_claim):
    changes = """
[test.choices.other]
design = "rates"
last = 2017-12-31
options = { harmonics = 2 }

[test.choices.other.outcome]
mark = "ballistic_days"
words = { en = "days", ko = "날" }
"""
    other = read_claim(write_claim(("[test.choices.since_2000]", changes + "\n[test.choices.since_2000]"))).test
    assert set(other.choices["other"]) == {"design", "last", "options", "outcome"}
    assert other.choices["other"]["outcome"].mark == "ballistic_days"


REFUSED = {
    "no TOML": (('standing = "tested"', "standing = tested"), "must be a readable TOML file, got: Invalid value"),
    "an unknown key": (('standing = "tested"', 'standing = "tested"\nwho = "me"'), "keys must be among .* got who"),
    "an unknown standing": (('"tested"', '"proven"'), "standing must be one of tested, .* got 'proven'"),
    "no test": (('"tested"', '"not_testable"'), "test must be present if and only if standing is 'tested'"),
    "an unknown mechanism": (('["M5"]', '["M5", "M21"]'), "mechanisms must be words from M1 to M20, got M21"),
    "mechanisms in one word": (('["M5"]', '"M5"'), "mechanisms must be a list of words, got 'M5'"),
    "one language": ((', ko = "훈련과 발사"', ""), r"title must be words in English and Korean .* got \{'en'"),
    "a number for words": (('"Some"', "3"), "made_by must be words in English and Korean"),
    "blank words": (('"일부"', '" "'), "made_by must be words in English and Korean"),
    "an unknown design": (('"case_series"', '"magic"'), "test.design must be one of count_regression, .* got 'magic'"),
    "no design": (('design = "case_series"', ""), "test.design must be given, got nothing"),
    "an unknown direction": (('expects = "more"', 'expects = "less"'), "test.expects must be one of more, fewer"),
    "no smallest effect": (("smallest = 1.25", ""), "test.smallest must be given, got nothing"),
    "a smallest effect the wrong way": (("1.25", "0.8"), "smallest must be a ratio above 1 for 'more', .* got 0.8"),
    "no effect as the smallest": (("1.25", "1"), "test.smallest must be a ratio above 1 for 'more'"),
    "a smallest effect without end": (("1.25", "inf"), "test.smallest must be a ratio above 1"),
    "a smallest effect that is no number": (("1.25", "nan"), "test.smallest must be a ratio above 1"),
    "true as the smallest effect": (("1.25", "true"), "test.smallest must be a ratio above 1"),
    "a day in quotes": (("1995-01-01", '"1995-01-01"'), "test.first must be a day like 2012-01-01, without quotes"),
    "a day with an hour": (("1995-01-01", "1995-01-01T09:00:00"), "test.first must be a day like 2012-01-01"),
    "an unknown option": (("harmonics = 1", "harmonic = 1"), "test.options must be .* such as harmonics, got harmonic"),
    "an option of several": (("harmonics = 1", "harmonics = [1]"), "options.harmonics must be a number or a word"),
    "an option without end": (("harmonics = 1", "harmonics = inf"), "options.harmonics must be a number or a word"),
    "no exposure": ((EXPOSURE + 'words = { en = "drills", ko = "훈련" }', ""), "test.exposure must be given"),
    "two kinds of series": (('table = "spells"', 'table = "spells"\nmark = "ballistic_days"'), "got mark and table"),
    "no kind of series": (('table = "events"\n', ""), "test.outcome must be one of mark, table .* got none"),
    "an unknown table": (('"events"', '"series"'), "test.outcome.table must be one of events, spells, got 'series'"),
    "a mark with a choice of rows": (
        (EXPOSURE, '[test.exposure]\nmark = "ballistic_days"\nactors = []\n'),
        "got actors",
    ),
    "an unknown mark": ((EXPOSURE, '[test.exposure]\nmark = "calm"\n'), "exposure.mark must be one of .* got 'calm'"),
    "a word outside a list": (('["joint_drill"]', '"joint_drill"'), "where.spell_type must be a list of words"),
    "an unknown type": (("ballistic_launch", "missile"), "test.outcome cannot be meant: event_type of events must be"),
    "an unknown column": (("{ spell_type", '{ size = ["big"], spell_type'), "columns of spells must be among"),
    "an unknown party": (('["USA"]', '["US"]'), "actors of spells must be among PRK, .* got US"),
    "no type chosen": (('spell_type = ["joint_drill"]', 'scale = ["major"]'), "must be a choice by spell_type"),
    "an empty type": (('["joint_drill"]', "[]"), "must be a choice by spell_type"),
    "a smallest value in words": (
        ('["USA"]', '["USA"]\nat_least = { personnel = "many" }'),
        "must be a number for each",
    ),
    "a smallest value of words": (
        ('["USA"]', '["USA"]\nat_least = { scale = 2 }'),
        "with a smallest value must be among",
    ),
    "no days": ((EXPOSURE, LISTED.replace("2016-11-08, 2012-11-06", "")), r"days must be a list of days .* got \[\]"),
    "a day twice": (
        (EXPOSURE, LISTED.replace("2012-11-06", "2016-11-08")),
        "names each day once, got 2016-11-08 twice",
    ),
    "days without a source": (
        (EXPOSURE, LISTED.replace('source = "by law"', "")),
        "test.exposure.source must be given",
    ),
    "days with a blank source": ((EXPOSURE, LISTED.replace("by law", " ")), "source must be words that say where"),
    "a choice of nothing": (("first = 2000-01-01", ""), "test.choices.since_2000 must be a table of what is replaced"),
    "a choice of something else": (("first = 2000-01-01", "expects = 'fewer'"), "choices.since_2000 must be among"),
    "a choice that is called main": (("since_2000", "main"), "test.choices.main must be a name that no check has"),
    "a choice of an unknown design": (("first = 2000-01-01", "design = 'magic'"), "since_2000.design must be one of"),
    "a way of the text": (('standing = "tested"', 'standing = "tested"\nbears_out = true'), "for a claim from a text"),
}


@pytest.mark.parametrize(("change", "told"), REFUSED.values(), ids=REFUSED)
def test_a_file_with_one_fault_is_refused_and_told_what_to_mend(write_claim, change, told):
    with pytest.raises(FileRefused, match=told) as refused:
        read_claim(write_claim(change))
    assert str(refused.value).startswith("a-claim.toml")


@pytest.mark.parametrize("part", ["apart", "options", "choices"])
def test_a_part_that_must_be_a_table_is_refused_as_a_word(write_claim, part):
    cut = write_claim().read_text(encoding="utf-8").split("[test.options]")[0]
    path = write_claim()
    path.write_text(cut.replace('design = "case', f'{part} = "much"\ndesign = "case'), encoding="utf-8")
    with pytest.raises(FileRefused, match=f"test.{part} must be a table, got 'much'"):
        read_claim(path)


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, content):
    path = tmp_path / "a-claim.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileRefused, match=r"a-claim.toml must be a readable TOML file"):
        read_claim(path)


def test_a_claim_from_a_text_without_rows_is_refused(tmp_path):
    path = tmp_path / "a-text.toml"
    path.write_text(UNTESTED.replace('rows = ["a-row"]', ""), encoding="utf-8")
    with pytest.raises(FileRefused, match="rows must be given, got nothing"):
        read_claim(path)


def test_the_verdict_of_a_claim_from_a_text_follows_the_text(tmp_path, record):
    path = tmp_path / "a-text.toml"
    verdicts = []
    for line in ("", "bears_out = true"):
        path.write_text(UNTESTED + line, encoding="utf-8")
        verdicts.append(evidence.test_claim(None, record, read_claim(path)).judgement.verdict)
    assert verdicts == ["contradicted_by_the_text", "borne_out_by_the_text"]


def test_options_are_told_in_order():
    assert list(OPTIONS) == sorted(set(OPTIONS))
