"""The ledger: what was promised, what is due, what was kept, and how long steps held."""

from sixparty.ledger.checks import LEDGER_CHECKS, failing_implementation_rows, failing_ledger_rows
from sixparty.ledger.degrees import (
    GRADES,
    Degree,
    DegreeCount,
    count_degrees_by_domain,
    count_degrees_by_side,
    implementation_degrees,
)
from sixparty.ledger.holding import NOT_TOLD, HeldShare, HoldCurve, Step, held_steps, hold_curves
from sixparty.ledger.rates import Rate, rate_of
from sixparty.ledger.rows import STATES, LedgerRow
from sixparty.ledger.seen import agreements_seen, commitments_seen
from sixparty.ledger.sides import DomainCount, SideCount, Tally, count_domains, count_sides, tally_of
from sixparty.ledger.status import Ledger, ledger_status

__all__ = [
    "GRADES",
    "LEDGER_CHECKS",
    "NOT_TOLD",
    "STATES",
    "Degree",
    "DegreeCount",
    "DomainCount",
    "HeldShare",
    "HoldCurve",
    "Ledger",
    "LedgerRow",
    "Rate",
    "SideCount",
    "Step",
    "Tally",
    "agreements_seen",
    "commitments_seen",
    "count_degrees_by_domain",
    "count_degrees_by_side",
    "count_domains",
    "count_sides",
    "failing_implementation_rows",
    "failing_ledger_rows",
    "held_steps",
    "hold_curves",
    "implementation_degrees",
    "ledger_status",
    "rate_of",
    "tally_of",
]
