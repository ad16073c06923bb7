"""Every party is measured by the same rule: exchange their names and their results change places."""

import datetime as dt

import polars as pl
import pytest
from tests.unit.ledger.conftest import agreements_of, commitments_of

from sixparty.ledger import (
    count_degrees_by_side,
    count_domains,
    held_steps,
    hold_curves,
    implementation_degrees,
    ledger_status,
    rate_of,
)
from sixparty.vocabulary import PARTIES

DAY = dt.date(2025, 6, 30)
ENDED = {"status_date": "2010-05-27", "status_precision": "day", "ended_by": "An act", "status_by": "PRK"}


def exchanged(table: pl.DataFrame, one: str, other: str) -> pl.DataFrame:
    """The table with the codes of two parties in each other's place, wherever a column lists parties."""
    columns = [name for name in ("parties", "obligors", "status_by") if name in table.columns]
    names = pl.element().replace({one: other, other: one})
    return table.with_columns(pl.col(name).str.split(";").list.eval(names).list.join(";") for name in columns)


def results(agreements, commitments, *, name):
    """All that is said of one party: counts by state, rates, own acts, degrees by year, steps that it ended."""
    ledger = ledger_status(agreements, commitments, as_of=DAY)
    degrees = implementation_degrees(agreements, commitments, as_of=DAY)
    curves = hold_curves(commitments, as_of=DAY)
    return {
        "side": [(s.every, s.alone, s.ended_by_own_act, s.own_acts) for s in ledger.sides if s.party == name],
        "degrees": [(c.year, c.grades, c.full, c.unknown) for c in count_degrees_by_side(degrees) if c.group == name],
        "ended": {curve.kind: curve.ended_by.get(name, 0) for curve in curves},
    }


@pytest.mark.parametrize("other", [party for party in PARTIES if party != "PRK"])
def test_exchanging_the_names_of_two_parties_exchanges_their_results(shipped, other):
    turned = [exchanged(table, "PRK", other) for table in shipped]
    for one, its_place in (("PRK", other), (other, "PRK")):
        assert results(*shipped, name=one) == results(*turned, name=its_place)


def test_exchanging_names_leaves_domains_and_lengths_as_they_are(shipped):
    turned = [exchanged(table, "PRK", "KOR") for table in shipped]
    before, after = (ledger_status(*tables, as_of=DAY) for tables in (shipped, turned))
    assert before.domains == after.domains
    assert [(c.kind, c.median_days, c.shares) for c in hold_curves(shipped[1], as_of=DAY)] == [
        (c.kind, c.median_days, c.shares) for c in hold_curves(turned[1], as_of=DAY)
    ]


def test_promises_of_one_party_alone_are_counted_apart():
    ledger = ledger_status(agreements_of(), commitments_of({}, {"obligors": "KOR"}), as_of=DAY)
    assert {side.party: (side.every.promises, side.alone.promises) for side in ledger.sides} == {
        "PRK": (1, 0),
        "KOR": (2, 1),
    }


def test_a_joint_breach_counts_for_both_and_its_act_for_one():
    breach = ENDED | {"status": "breached", "status_basis": "recalled"}
    ledger = ledger_status(agreements_of(), commitments_of(breach), as_of=DAY)
    counts = {side.party: (side.every.states["breached"], side.every.breached_own) for side in ledger.sides}
    assert counts == {"PRK": (1, 1), "KOR": (1, 0)}
    assert all(side.every.breached_recalled == 1 for side in ledger.sides)


def test_a_breach_opened_at_a_source_is_not_marked_as_recalled():
    breach = ENDED | {"status": "breached", "status_basis": "sourced"}
    (side, _) = ledger_status(agreements_of(), commitments_of(breach), as_of=DAY).sides
    assert (side.every.recalled, side.every.breached_recalled) == (0, 0)


def test_the_share_kept_leaves_out_what_is_open_unknown_or_replaced():
    kept = ENDED | {"status": "kept"}
    rows = commitments_of(
        kept, ENDED | {"status": "lapsed"}, {}, {"status": "unknown"}, ENDED | {"status": "superseded"}
    )
    (side, _) = ledger_status(agreements_of(), rows, as_of=DAY).sides
    assert (side.every.kept.count, side.every.kept.n) == (1, 2)
    assert (side.every.unknown.count, side.every.unknown.n) == (1, 5)


def test_domains_count_each_promise_once(shipped):
    ledger = ledger_status(*shipped, as_of=DAY)
    assert sum(domain.every.promises for domain in count_domains(ledger.rows)) == len(ledger.rows)
    assert ledger.domains == count_domains(ledger.rows)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_intervals_agree_with_published_ones(count, n, low, high):
    """At 95 %: Brown, Cai and DasGupta 2001 give the formula; 81 of 263 is Newcombe 1998, table I."""
    rate = rate_of(count, n, confidence=0.95)
    assert (rate.low, rate.high) == pytest.approx((low, high), abs=5e-4)


def test_a_rate_of_nothing_has_no_share():
    assert (rate_of(0, 0).share, rate_of(0, 0).low) == (None, None)


def test_what_ended_a_step_is_told_by_a_status_of_the_last_day_or_the_next():
    step = {"step_kind": "hotline", "held_from": "2001-01-01", "held_until": "2010-05-26"}
    near, far = (
        commitments_of(ENDED | step | {"status": "lapsed", "status_date": day}) for day in ("2010-05-27", "2010-05-28")
    )
    assert [one.ended_by_party for one in held_steps(near, as_of=DAY)] == [("PRK",)]
    assert [one.ended_by_party for one in held_steps(far, as_of=DAY)] == [()]


def test_a_step_of_two_clauses_names_both():
    step = {"step_kind": "hotline", "held_from": "2001-01-01"}
    (found,) = held_steps(commitments_of(step, step), as_of=DAY)
    assert found.commitment_ids == ("cmt-1", "cmt-2")
    assert found.held_until is None
