import pytest
from tests.conftest import drill, meeting, weapons_test

from sixparty.chronicle import FAMILIES
from sixparty.chronicle.lookup import find_rows, lines_in_file, names_like, rows_citing, sources_of, words_for
from sixparty.chronicle.search import families_and_tables, search

EARLY = weapons_test(
    "2017-07-04", id="wt-early", label_en="North Korea launched a Hwasong-14", label_ko="화성-14형 발사"
)
LATE = weapons_test("2017-11-29", id="wt-late", label_en="North Korea launched a Hwasong-15", note="Flew high.")
PLACED = weapons_test("2022-01-05", id="wt-placed", place="Chagang", note="Said to be a Hwasong.")
CITED = meeting("2018-04-27", id="ik-cited", source_ids="a-list", label_en="A summit", label_ko="정상회담(판문점)")
SOURCES = [{"id": "a-source", "title": "A document"}, {"id": "a-list", "title": "List of Hwasong flights"}]


@pytest.fixture
def small(make_chronicle):
    return make_chronicle(
        events=[EARLY, LATE, PLACED], spells=[CITED, drill("2025-03-10", "2025-03-21")], sources=SOURCES
    )


def ids(hits):
    return [hit.id for hit in hits]


def test_labels_come_before_names_notes_and_titles_of_sources_and_later_before_earlier(small):
    hits = search(small, ["hwasong"])
    assert ids(hits) == ["wt-late", "wt-early", "a-list", "wt-placed", "ik-cited"]
    assert [hit.where for hit in hits] == [("label",), ("label",), ("name",), ("note",), ("source",)]


def test_every_word_must_occur_wherever_it_stands(small):
    assert ids(search(small, ["HWASONG", "high"])) == ["wt-late"]
    assert ids(search(small, ["hwasong", "chagang"])) == ["wt-placed"]
    assert search(small, ["hwasong", "chagang", "summit"]) == []


def test_words_of_one_argument_are_words_too(small):
    assert ids(search(small, ["hwasong high"])) == ["wt-late"]


@pytest.mark.parametrize("word", ["판문점", "정상회담", "정상", "정상".encode().decode()])
def test_korean_words_are_found_inside_longer_ones(small, word):
    assert ids(search(small, [word])) == ["ik-cited"]


def test_korean_written_in_single_letters_is_found(small):
    """Some systems hand over Hangul decomposed."""
    import unicodedata

    assert ids(search(small, [unicodedata.normalize("NFD", "판문점")])) == ["ik-cited"]


@pytest.mark.parametrize("words", [[], [""], ["  "]])
def test_nothing_is_found_for_no_words(small, words):
    assert search(small, words) == []


def test_signs_mean_themselves(small):
    assert search(small, [".*"]) == []
    assert ids(search(small, ["(판문점)"])) == ["ik-cited"]


def test_promises_agreements_leaders_series_and_sources_of_the_record_are_found(chronicle):
    tables = {hit.table for word in ("military", "kim", "trade", "list") for hit in search(chronicle, [word])}
    assert tables >= {"agreements", "commitments", "leaders", "series", "sources", "events", "spells"}
    assert len(ids(search(chronicle, ["gpr_korea"]))) == len(set(ids(search(chronicle, ["gpr_korea"]))))


def test_every_hit_is_of_a_family_that_can_be_asked_for(chronicle):
    hits = search(chronicle, ["a"])
    assert {hit.family for hit in hits} <= set(families_and_tables())
    assert set(FAMILIES) <= {hit.family for hit in hits}


def test_a_name_is_looked_up_in_every_table(small):
    assert find_rows(small, "wt-late").table == "events"
    assert find_rows(small, "a-list").table == "sources"
    assert find_rows(small, "weapons_tests").table == "coverage"
    assert find_rows(small, "nothing") is None
    assert find_rows(small, "wt-late", tables=("spells",)) is None


def test_a_name_that_is_nearly_right_is_proposed(small):
    assert names_like(small, "wt-lat") == ["wt-late"]
    assert names_like(small, "xyzzy") == []


def test_sources_and_the_rows_that_cite_them(small):
    assert sources_of(small, find_rows(small, "ik-cited").rows)["id"].to_list() == ["a-list"]
    assert rows_citing(small, "a-list").rows() == [("spells", "ik-cited", "A summit")]
    assert words_for(small, "events", "wt-late").is_empty()


def test_lines_are_those_of_the_file(tmp_path, small):
    assert lines_in_file("events", folder=tmp_path) == {"wt-early": 2, "wt-late": 3, "wt-placed": 4}
    path = tmp_path / "events.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Flew high.", '"Flew\nhigh."'), encoding="utf-8")
    assert lines_in_file("events", folder=tmp_path) == {"wt-early": 2, "wt-late": 3, "wt-placed": 5}
