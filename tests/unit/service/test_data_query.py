"""Rows as an address asks for them, page by page, and the files that can be taken along."""

import csv
import datetime as dt
import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import meeting, weapons_test, write_chronicle

from sixparty.chronicle import TABLES, read_chronicle
from sixparty.cli.data import list_, search
from sixparty.errors import SixPartyError, UsageError
from sixparty.service.choosing import chosen_rows, command_of
from sixparty.service.data_query import ASKED, asked_rows, find_rows_asked, package_file, rows_file, table_file

DAYS = [f"2025-05-{day:02d}" for day in range(1, 8)]


@pytest.fixture
def record(tmp_path):
    folder = tmp_path / "record"
    folder.mkdir()
    tests = [weapons_test(day) for day in DAYS]
    return write_chronicle(folder, events=tests, spells=[meeting("2018-04-27", id="ik-1", actors="PRK;KOR")])


def test_words_make_a_search_and_none_a_list():
    assert asked_rows({"q": "nuclear test"}).words == ("nuclear", "test")
    assert asked_rows({"family": "contacts"}).family == "contacts"
    assert asked_rows({"q": "nuclear"}).sort == "best"
    assert asked_rows({}).sort == "latest"


def test_nothing_asked_counts_all_families_by_year(record):
    found = find_rows_asked({}, data=record).result
    assert {"family": "weapons_tests", "year": 2025, "rows": 7} in found["rows"]
    assert "found" not in found


def test_a_party_is_found_as_actor_and_as_recipient(record):
    assert find_rows_asked({"party": "KOR"}, data=record).result["found"] == 1
    assert find_rows_asked({"party": "PRK"}, data=record).result["found"] == 8
    assert find_rows_asked({"q": "label", "party": "JPN"}, data=record).result["found"] == 0


def test_rows_beside_the_families_are_listed_in_the_same_form():
    for table in ("leaders", "agreements", "commitments", "series", "sources"):
        found = find_rows_asked({"family": table}).result
        assert found["found"] > 50 or table == "leaders"
        assert set(found["rows"][0]) == {
            *("family", "type", "id", "date", "known_date", "label_en", "label_ko", "confidence", "source_ids"),
            "parties",
        }


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"colour": "blue"}, "rows can be asked by q, family"),
        ({"family": "rockets"}, "family must be one of weapons_tests"),
        ({"party": "FRA"}, "party must be one of PRK, KOR"),
        ({"confidence": "sure"}, "confidence must be one of verified"),
        ({"sort": "newest"}, "sort must be one of earliest, latest, name"),
        ({"q": "test", "sort": "newest"}, "sort must be one of best"),
        ({"page": "0", "family": "posture"}, "page must be from 1 to 2 \\(54 rows in all\\), got 0"),
        ({"page": "3", "family": "posture"}, "page must be from 1 to 2"),
        ({"page": "one"}, "page must be a whole number"),
        ({"page": "9" * 5000}, "page must be a whole number"),
        ({"q": "x" * 201}, "words must hold at most 200 signs, got 201"),
        ({"from": "2025-02-30"}, "from must be a day that exists"),
        ({"from": "2025-02-02", "to": "2025-02-01"}, "to must not lie before from"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_says_what_can(query, message):
    with pytest.raises(SixPartyError, match=message):
        find_rows_asked(query)


def test_pages_together_hold_every_row_once_in_order():
    first, second = (find_rows_asked({"family": "posture", "page": page}).result for page in ("1", "2"))
    assert (first["pages"], len(first["rows"]), len(second["rows"])) == (2, 50, 4)
    days = [row["date"] for row in (*first["rows"], *second["rows"])]
    assert days == sorted(days, reverse=True)
    assert len({row["id"] for row in (*first["rows"], *second["rows"])}) == 54


@given(
    number=st.integers(0, 40),
    limit=st.integers(1, 12),
    sort=st.sampled_from(["earliest", "latest", "name"]),
)
def test_any_pages_hold_every_row_once(number, limit, sort):
    first_day = dt.date(2020, 1, 1)
    rows = [{"id": f"r{i}", "date": None if i % 5 == 0 else first_day + dt.timedelta(i % 7)} for i in range(number)]
    first = chosen_rows(rows, sort=sort, limit=limit, page=1)
    pages = [chosen_rows(rows, sort=sort, limit=limit, page=page).rows for page in range(1, first.pages + 1)]
    assert sorted(row["id"] for page in pages for row in page) == sorted(row["id"] for row in rows)
    assert all(len(page) == limit for page in pages[:-1])
    with pytest.raises(UsageError, match="page must be"):
        chosen_rows(rows, sort=sort, limit=limit, page=first.pages + 1)


def test_rows_without_a_day_stand_last_whichever_way_days_run():
    rows = [
        {"id": "a", "date": None},
        {"id": "b", "date": dt.date(2020, 1, 1)},
        {"id": "c", "date": dt.date(2021, 1, 1)},
    ]
    assert [row["id"] for row in chosen_rows(rows, sort="latest", limit=None, page=1).rows] == ["c", "b", "a"]
    assert [row["id"] for row in chosen_rows(rows, sort="earliest", limit=None, page=1).rows] == ["b", "c", "a"]


def test_the_command_asks_what_the_address_asked():
    spec = asked_rows({"q": "flood aid", "family": "contacts", "from": "2000-01-01", "page": "2"})
    assert command_of("search", spec) == ("sixparty data search flood aid --family contacts --from 2000-01-01 --page 2")
    assert asked_rows({}).command() == "sixparty data list --sort latest --limit 50"


def test_all_rows_of_a_question_make_one_table_not_its_page_alone():
    made = rows_file({"family": "posture", "page": "2"})
    rows = list(csv.DictReader(io.StringIO(made.content.decode())))
    assert len(rows) == 54
    assert made.media_type == "text/csv"


def test_a_marked_file_says_so_in_its_name_and_stays_a_plain_table(record):
    made = table_file("events.csv", data=record, marking="Official use: only")
    assert made.name == "events--official-use-only.csv"
    assert made.content == table_file("events.csv", data=record).content


@pytest.mark.parametrize("name", ["events", "events.xlsx", "../events.csv", "nothing.csv", "events.csv.csv"])
def test_no_other_file_than_a_table_can_be_taken(name):
    with pytest.raises(UsageError, match="must be one of"):
        table_file(name)


def test_the_package_reads_back_as_the_record_and_tells_marking_and_citation(record, tmp_path):
    made = package_file(data=record, marking="Official use")
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
        archive.extractall(tmp_path / "out")
    assert names == {f"{name}.csv" for name in TABLES} | {"README.md", "datapackage.json"}
    folder = tmp_path / "out" / "sixparty-chronicle"
    again, before = read_chronicle(folder), read_chronicle(record)
    assert all(again[name].equals(before[name]) for name in TABLES)
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert page.startswith("**Official use**\n")
    assert page.endswith("**Official use**\n")
    assert f"record through 2025-06-30, digest {before.digest}, CC BY 4.0." in page
    assert json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["marking"] == "Official use"


def test_the_same_record_is_packed_once_into_the_same_bytes(record):
    assert package_file(data=record).content is package_file(data=record).content
    assert package_file(data=record).content != package_file(data=record, marking="Official use").content


def test_every_name_that_can_be_asked_is_an_option_of_the_command_line():
    names = {name for verb in (list_, search) for name in verb.__annotations__}
    renamed = {"q": "words", "type": "kind", "from": "first", "to": "last"}
    assert {renamed.get(name, name) for name in ASKED} <= names
