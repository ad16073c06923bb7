"""The ledger: what was promised, what is due, what was kept, and how long steps held."""

from sixparty.ledger.checks import LEDGER_CHECKS, failing_ledger_rows
from sixparty.ledger.holding import HeldShare, HoldCurve, hold_curves
from sixparty.ledger.status import STATES, Ledger, LedgerRow, SideCount, ledger_status

__all__ = [
    "LEDGER_CHECKS",
    "STATES",
    "HeldShare",
    "HoldCurve",
    "Ledger",
    "LedgerRow",
    "SideCount",
    "failing_ledger_rows",
    "hold_curves",
    "ledger_status",
]
