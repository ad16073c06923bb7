import datetime as dt
from dataclasses import replace

import pytest
from tests.conftest import weapons_test

from sixparty.chronicle.layouts import CNS, CSIS, LAYOUTS, PLAIN, list_of_chronicle
from sixparty.chronicle.lists import DatedEntry, DatedList, layout_named, read_layout, read_list, words_of
from sixparty.chronicle.reconcile import KINDS, reconcile
from sixparty.cli.reconcile import reconcile as reconcile_verb
from sixparty.errors import FileRefused, InputRefused, UsageError
from sixparty.service.reconcile import ReconcileSpec, reconcile_lists

EVERYTHING = words_of(PLAIN.covers, name="covers")
CNS_HEADER = "cns_id,date,launch_time_utc,missile_name,missile_type,facility\n"


def act(day, words="SRBM", *, name=None, **more):
    classes = words_of(words, name="words")
    return DatedEntry(
        name or f"{day} {words}", dt.date.fromisoformat(day), more.pop("precision", "day"), classes, **more
    )


def listed(*acts, covers=EVERYTHING, first="1990-01-01", last="2025-06-30"):
    return DatedList("a list", acts, covers, dt.date.fromisoformat(first), dt.date.fromisoformat(last))


def kinds(a, b, **options):
    return [found.kind for found in reconcile(a, b, **options).findings]


def only(a, b, **options):
    (found,) = reconcile(a, b, **options).findings
    return found


@pytest.fixture
def plain_file(tmp_path):
    def write(text, *, name="mine.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_the_same_day_and_class_agree():
    assert kinds(listed(act("2017-07-04", "ICBM")), listed(act("2017-07-04", "ICBM"))) == ["agreed"]


def test_a_label_that_leaves_the_class_open_agrees_with_each_class_it_allows():
    assert kinds(listed(act("2020-03-02", "SRBM;ASCM;MLRS")), listed(act("2020-03-02"))) == ["agreed"]


def test_a_day_later_is_misdated_by_one_and_read_as_the_next_day():
    found = only(listed(act("2023-05-30", "SLV")), listed(act("2023-05-31", "SLV")))
    assert (found.kind, found.days, found.reading) == ("misdated", 1, "next_day")


def test_three_days_apart_is_misdated_and_four_is_two_missing_acts():
    early = listed(act("2020-03-06"))
    assert only(early, listed(act("2020-03-09"))).days == 3
    assert sorted(kinds(early, listed(act("2020-03-10")))) == ["missing_in_a", "missing_in_b"]
    assert only(early, listed(act("2020-03-10")), window_days=4).days == 4


def test_a_day_put_in_for_a_month_is_read_as_the_first_of_the_month():
    month = listed(act("1992-06-01", "MRBM", precision="month"))
    put_in = only(listed(act("1992-06-01", "MRBM")), month)
    assert (put_in.kind, put_in.days, put_in.reading) == ("misdated", 0, "first_of_month")
    assert only(listed(act("1992-06-17", "MRBM")), month).kind == "agreed"
    assert only(month, month).kind == "agreed"


def test_the_first_of_a_month_two_days_early_is_read_as_put_in():
    assert only(listed(act("2019-10-01")), listed(act("2019-10-03"))).reading == "first_of_month"


def test_an_act_claimed_by_the_year_meets_any_day_of_it():
    assert kinds(listed(act("1992-01-01", precision="year")), listed(act("1992-11-05"))) == ["agreed"]


def test_disjoint_classes_of_one_day_are_differently_classed():
    found = only(listed(act("2022-08-17", "SRBM")), listed(act("2022-08-17", "LACM")))
    assert (found.kind, found.is_classed_alike) == ("differently_classed", False)


def test_far_classes_a_day_apart_are_two_acts():
    assert sorted(kinds(listed(act("2022-08-17", "SRBM")), listed(act("2022-08-18", "SAM")))) == [
        "missing_in_a",
        "missing_in_b",
    ]


def test_near_classes_a_day_apart_are_one_act_misdated_and_differently_classed():
    found = only(listed(act("2024-03-18", "MLRS")), listed(act("2024-03-19", "SRBM")))
    assert (found.kind, found.is_classed_alike) == ("misdated", False)


def test_a_weapons_test_is_never_an_incident_at_a_line():
    assert sorted(kinds(listed(act("2022-11-02")), listed(act("2022-11-02", "exchange_of_fire")))) == [
        "missing_in_a",
        "missing_in_b",
    ]


def test_each_act_finds_the_partner_of_its_own_day_before_one_of_the_next():
    days = ("2022-09-28", "2022-09-29", "2022-10-01")
    found = reconcile(listed(*map(act, days)), listed(*map(act, days[1:]))).findings
    assert [one.kind for one in found] == ["missing_in_b", "agreed", "agreed"]


def test_two_agreements_are_worth_more_than_a_chain_of_misdatings():
    found = reconcile(listed(act("2022-01-11"), act("2022-01-14")), listed(act("2022-01-14"), act("2022-01-17")))
    assert found.counts() == dict.fromkeys(KINDS, 0) | {"agreed": 1, "missing_in_a": 1, "missing_in_b": 1}


def test_the_place_decides_between_two_acts_of_one_day_and_class():
    a = listed(act("2022-11-02", place="Wonsan Kalma International Airport", name="east"))
    b = listed(act("2022-11-02", place="Uiju", name="west"), act("2022-11-02", place="off Wonsan", name="coast"))
    pair = reconcile(a, b).of("agreed")
    assert [found.b.id for found in pair] == ["coast"]


def test_a_second_row_for_one_act_is_a_duplicate():
    twice = listed(act("2001-12-22", "ship_sunk", name="x"), act("2001-12-22", "ship_sunk", name="y"))
    assert sorted(kinds(twice, listed(act("2001-12-22", "ship_sunk")))) == ["agreed", "duplicated_in_a"]


def test_a_second_row_is_a_duplicate_even_when_the_other_list_lacks_the_act():
    twice = listed(act("2001-12-22", name="x"), act("2001-12-22", name="y"))
    assert sorted(kinds(twice, listed(act("2010-01-01")))) == ["duplicated_in_a", "missing_in_a", "missing_in_b"]


def test_two_acts_of_one_day_at_different_places_are_no_duplicates():
    two = listed(act("2022-11-02", place="Uiju"), act("2022-11-02", place="Wonsan"))
    assert sorted(kinds(two, listed(act("2022-11-02", place="Uiju")))) == ["agreed", "missing_in_b"]


def test_a_row_of_the_next_day_may_repeat():
    a = listed(act("2024-05-30"), act("2024-05-31", "MLRS"))
    (found,) = reconcile(a, listed(act("2024-05-30"))).of("missing_in_b")
    assert found.reading == "may_repeat"


def test_a_row_within_an_act_that_lasted_may_repeat():
    lasting = listed(act("1996-09-18", "infiltration", end=dt.date(1996, 11, 5)))
    rows = listed(act("1996-09-18", "infiltration"), act("1996-09-30", "infiltration"))
    (found,) = reconcile(rows, lasting).of("missing_in_b")
    assert (found.a.date.day, found.reading) == (30, "may_repeat")


def test_an_act_that_the_other_list_does_not_collect_is_beyond_it():
    ballistic = listed(act("2020-01-01"), covers=frozenset({"SRBM"}), last="2023-04-13")
    a = listed(act("2020-01-01"), act("2021-03-21", "ASCM"), act("2024-01-14"))
    assert [found.kind for found in reconcile(a, ballistic).findings] == ["agreed", "beyond_b", "beyond_b"]


def test_a_label_that_also_allows_what_the_other_does_not_collect_is_perhaps_beyond():
    ballistic = listed(act("2020-01-01"), covers=frozenset({"SRBM"}))
    (found,) = reconcile(listed(act("2014-07-02", "SRBM;ASCM")), ballistic).of("missing_in_b")
    assert found.reading == "perhaps_beyond"


def test_a_missing_act_names_what_the_other_list_has_on_that_day():
    (found,) = reconcile(
        listed(act("2016-07-19", "MRBM", name="one row")), listed(act("2016-07-19", "MRBM"), act("2016-07-19"))
    ).of("missing_in_a")
    assert found.beside == ("one row",)


def test_counts_of_objects_are_compared_where_both_lists_count():
    found = only(listed(act("2022-11-02", objects=7)), listed(act("2022-11-02", objects=23)))
    assert (found.kind, found.has_other_objects) == ("agreed", True)
    assert not only(listed(act("2022-11-02", objects=7)), listed(act("2022-11-02"))).has_other_objects


def test_counts_by_year_and_shares_add_up():
    a, b = listed(act("2017-07-04"), act("2018-01-09")), listed(act("2017-07-04"), act("2019-05-04"), act("2019-07-25"))
    found = reconcile(a, b)
    assert {year: sum(counts.values()) for year, counts in found.counts_by_year().items()} == {
        2017: 1,
        2018: 1,
        2019: 2,
    }
    assert (found.share_of_b_in_a, found.share_of_a_in_b) == (1 / 3, 1 / 2)
    assert found.between(dt.date(2019, 1, 1), dt.date(2019, 12, 31)).counts()["missing_in_a"] == 2


def test_shares_of_nothing_are_none():
    found = reconcile(listed(), listed())
    assert (found.share_of_a_in_b, found.share_of_b_in_a, found.findings) == (None, None, ())


@pytest.mark.parametrize("window", [-1, 32])
def test_a_window_outside_its_range_is_refused(window):
    with pytest.raises(UsageError, match="window must be 0 to 31 days"):
        reconcile(listed(), listed(), window_days=window)


def test_a_plain_list_is_read_with_quoted_newlines_a_bom_and_crlf(plain_file):
    text = '\ufeffid,date,precision,class,place,objects,label\r\nx,2017-07-04,,ICBM,Panghyon,1,"one,\r\nflew high"\r\n'
    (entry,) = read_list(plain_file(text), PLAIN).entries
    assert (entry.id, entry.date, entry.objects, entry.label) == ("x", dt.date(2017, 7, 4), 1, "one,\r\nflew high")


def test_a_date_written_as_a_month_claims_a_month(plain_file):
    text = "id,date,precision,class,place,objects,label\nx,1992-06,,MRBM,,,\n"
    (entry,) = read_list(plain_file(text), PLAIN).entries
    assert (entry.precision, entry.date, entry.last) == ("month", dt.date(1992, 6, 1), dt.date(1992, 6, 30))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("x,2017-02-30,,ICBM,,,", "line 2, column date: expected a day from 1900 to 2100"),
        ("x,4 July 2017,,ICBM,,,", "line 2, column date: expected a day from 1900 to 2100.*got '4 July 2017'"),
        ("x,9999-12-31,,ICBM,,,", "line 2, column date: expected a day from 1900 to 2100"),
        ("x,2017-07,day,ICBM,,,", "line 2, column precision: expected one of day, month, year"),
        ("x,2017-07-04,week,ICBM,,,", "line 2, column precision: .*got 'week'"),
        ("x,2017-07-04,,rocket,,,", "line 2, column class: expected words of .*got 'rocket'"),
        ("x,2017-07-04,,,,,", "line 2, column class: expected words of .*got nothing"),
        ("x,2017-07-04,,ICBM,,two,", "line 2, column objects: expected a whole number or nothing, got 'two'"),
        ("x,2017-07-04,,ICBM", "line 2, column all: expected 7 cells, got 4 cells"),
    ],
)
def test_a_bad_cell_is_refused_with_file_line_and_column(plain_file, row, words):
    with pytest.raises(InputRefused, match=f"mine.csv, {words}"):
        read_list(plain_file(f"id,date,precision,class,place,objects,label\n{row}\n"), PLAIN)


def test_a_missing_column_is_refused_by_name(plain_file):
    with pytest.raises(InputRefused, match="line 1, column class: expected a column of this name, got id, date"):
        read_list(plain_file("id,date\n"), PLAIN)


def test_a_column_that_stands_twice_is_refused(plain_file):
    with pytest.raises(InputRefused, match="line 1, column date: expected one column of this name, got 2"):
        read_list(plain_file("id,date,precision,class,place,objects,label,date\n"), PLAIN)


@pytest.mark.parametrize("end", ["2017-02-30", "20170704", "later"])
def test_a_last_day_that_is_none_is_refused(plain_file, end):
    layout = replace(PLAIN, end="end")
    text = f"id,date,precision,class,place,objects,label,end\nx,2017-07-04,,ICBM,,,,{end}\n"
    with pytest.raises(InputRefused, match="line 2, column end: expected a day that exists"):
        read_list(plain_file(text), layout)


def test_ten_thousand_rows_of_one_day_and_class_are_one_act_and_its_repetitions(plain_file):
    rows = "".join(f"{i},2022-11-02,,SRBM,,,\n" for i in range(10_000))
    junk = read_list(plain_file(f"id,date,precision,class,place,objects,label\n{rows}"), PLAIN)
    counts = reconcile(junk, listed(act("2022-11-02"))).counts()
    assert (counts["agreed"], counts["duplicated_in_a"]) == (1, 9_999)


def test_lists_with_too_many_acts_within_reach_of_each_other_are_refused(monkeypatch):
    monkeypatch.setattr("sixparty.chronicle.reconcile.MOST_PAIRS", 3)
    crowd = listed(*(act("2022-11-02", name=str(i)) for i in range(2)))
    with pytest.raises(InputRefused, match="at most 3 pairs of acts within the window of each other"):
        reconcile(crowd, crowd)


def test_an_empty_list_is_refused(plain_file):
    with pytest.raises(InputRefused, match="at least one act"):
        read_list(plain_file("id,date,precision,class,place,objects,label\n"), PLAIN)


def test_another_encoding_is_refused_with_its_name(plain_file):
    text = "id,date,precision,class,place,objects,label\nx,2017-07-04,,ICBM,,,caf\u00e9\n"
    with pytest.raises(FileRefused, match="must be text in utf-8-sig, got a byte that is not"):
        read_list(plain_file(text, encoding="cp1252"), PLAIN)


def test_an_open_quote_and_a_missing_file_are_refused(plain_file, tmp_path):
    with pytest.raises(FileRefused, match="must be a CSV file, got: unexpected end of data"):
        read_list(plain_file('id,date,precision,class,place,objects,label\nx,"2017'), PLAIN)
    with pytest.raises(FileRefused, match="must be a CSV file, got: No such file"):
        read_list(tmp_path / "none.csv", PLAIN)


def test_rows_of_missiles_become_acts_of_korean_days(plain_file):
    rows = (
        "1,2022-11-01,9:51:00 PM,Unknown,SRBM,Uiju\n2,2022-11-01,11:51:00 PM,KN-25,SRBM,Wonsan\n"
        "3,2022-11-01,,KN-25,SRBM,Wonsan\n4,2019-04-17,,Unknown,SRBM,Unknown\n"
    )
    found = read_list(plain_file(CNS_HEADER + rows), CNS).entries
    assert [(one.date.isoformat(), one.objects) for one in found] == [("2019-04-17", 1), ("2022-11-02", 3)]
    assert (found[0].place, found[1].place) == (None, "Uiju; Wonsan")


def test_an_hour_that_is_none_is_refused(plain_file):
    with pytest.raises(InputRefused, match="line 2, column launch_time_utc: expected a time of day such as"):
        read_list(plain_file(CNS_HEADER + "1,2022-11-01,dawn,Unknown,SRBM,Uiju\n"), CNS)


def test_a_row_that_tells_two_acts_becomes_two(plain_file):
    text = "date,csis_event_label\n2022-11-03,Intercontinental ballistic missile & SRBM\n2013-08-29,Reactor Operation\n"
    found = read_list(plain_file(text), CSIS)
    assert [(one.id, sorted(one.classes)) for one in found.entries] == [
        ("line 2", ["ICBM"]),
        ("line 2/2", ["CRBM", "SRBM"]),
    ]
    assert found.left_out == 1


def test_a_label_that_no_rule_knows_is_refused(plain_file):
    with pytest.raises(InputRefused, match="column missile_type: expected a label that a rule"):
        read_list(plain_file(CNS_HEADER + "1,2022-11-01,,X,torpedo,Uiju\n"), CNS)


def test_every_rule_of_the_layouts_speaks_our_words():
    for layout in LAYOUTS.values():
        assert words_of(layout.covers, name=layout.name)
        for fragment, words in layout.rules:
            assert not words or all(words_of(part, name=fragment) for part in words.split("+"))


def test_a_layout_of_ones_own_is_read_from_toml(plain_file):
    layout = plain_file(
        'name = "Mine"\ndate = "when"\nclasses = "what"\ncovers = "SRBM"\nrules = [["Rocket", "SRBM;MLRS"]]\n',
        name="mine.toml",
    )
    read = read_list(plain_file("when,what\n2019-05-04,Rocket fire\n"), layout_named(str(layout), LAYOUTS))
    assert (read.name, sorted(read.entries[0].classes)) == ("Mine", ["MLRS", "SRBM"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = 1", "key name: expected text, got 1"),
        ('name = "x"\ncolour = "red"', "key colour: expected one of name, date"),
        ("name =", "must be a TOML file with a layout"),
        (
            'name="x"\ndate="d"\nclasses="c"\ncovers="SRBM"\nrules=["x"]',
            r"key rules: expected pairs of texts, got \['x'\]",
        ),
        ('name="x"\ndate="d"\nclasses="c"\ncovers="SRBM"\nplace=3', "key place: expected text, got 3"),
    ],
)
def test_a_bad_layout_is_refused_by_its_key(plain_file, text, words):
    with pytest.raises(InputRefused, match=words):
        read_layout(plain_file(text, name="bad.toml"))


def test_a_layout_that_does_not_exist_is_refused():
    with pytest.raises(UsageError, match=r"layout must be one of csis, cns, plain or a file ending in \.toml"):
        layout_named("other", LAYOUTS)


def test_the_chronicle_is_a_list_too(make_chronicle):
    chronicle = make_chronicle(
        events=[
            weapons_test("2017-07-04", weapon_class="ICBM", objects="1"),
            weapons_test("2019-04-17", kind="other_weapon_test", weapon_class="unknown"),
            weapons_test("2020-03-12", weapon_class="", kind="border_fire", incident_kind="buffer_zone_fire"),
        ]
    )
    found = list_of_chronicle(chronicle)
    assert [len(entry.classes) for entry in found.entries] == [1, 18, 1]
    assert found.entries[2].classes == {"buffer_zone_fire"}
    assert "SRBM" in found.covers


def test_the_chronicle_agrees_with_itself(chronicle):
    one = list_of_chronicle(chronicle)
    assert reconcile(one, one).counts()["agreed"] == len(one.entries)


def test_the_service_counts_all_and_returns_the_kind_asked_for(plain_file):
    header = "id,date,precision,class,place,objects,label\n"
    a = plain_file(f"{header}x,2023-05-30,,SLV,,,\ny,2017-07-04,,ICBM,,,\n", name="a.csv")
    b = plain_file(f"{header}z,2023-05-31,,SLV,,,\nw,2017-07-04,,ICBM,,,\n", name="b.csv")
    found = reconcile_lists(ReconcileSpec(str(a), f"plain:{b}")).document()["result"]
    assert (found["counts"]["agreed"], found["counts"]["misdated"]) == (1, 1)
    assert [(row["a_id"], row["b_date"]) for row in found["findings"]] == [("x", "2023-05-31")]
    asked = reconcile_lists(ReconcileSpec(str(a), str(b), kind="agreed", last="2018-01-01")).document()["result"]
    assert [row["a_id"] for row in asked["findings"]] == ["y"]
    assert asked["counts"]["misdated"] == 0


def test_the_service_refuses_a_kind_that_there_is_not():
    with pytest.raises(UsageError, match="kind must be one of agreed"):
        reconcile_lists(ReconcileSpec("chronicle", "chronicle", kind="lost"))


def test_the_verb_prints_counts_and_findings(plain_file, capsys):
    header = "id,date,precision,class,place,objects,label\n"
    a = plain_file(f"{header}x,2023-05-30,,SLV,,,Early\n", name="a.csv")
    b = plain_file(f"{header}z,2023-05-31,,SLV,,,Late\n", name="b.csv")
    reconcile_verb(str(a), str(b))
    told = capsys.readouterr().out
    assert "misdated\t1\nd" in told
    assert "misdated\t1\tnext_day\t2023-05-30\tEarly\t2023-05-31\tLate" in told
