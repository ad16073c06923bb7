"""Every use of sixparty as one function: a specification in, a result out.

The only room that reads the clock, picks folders, keeps caches and chooses seeds. Names are loaded when first used, so
that a question about the chronicle does not wait for compiled code, and the compilers' caches are set before it loads.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sixparty.service.brief import BriefSpec, MadeBrief, brief_table, make_brief
    from sixparty.service.clock import Dates, resolve_dates
    from sixparty.service.data import ListSpec, describe_data, list_data, show_row, validate_data
    from sixparty.service.forecast import ForecastSpec, issue
    from sixparty.service.home import Home, find_home
    from sixparty.service.ledger import LedgerSpec, show_ledger
    from sixparty.service.reconcile import ReconcileSpec, reconcile_lists
    from sixparty.service.result import Provenance, Result, answer, to_json
    from sixparty.service.runs import FileFinding, RunRow, list_runs, show_run, verify_run
    from sixparty.service.tension import TensionSpec, show_config, show_tension

_MODULE_OF = {
    "BriefSpec": "brief",
    "Dates": "clock",
    "FileFinding": "runs",
    "ForecastSpec": "forecast",
    "Home": "home",
    "LedgerSpec": "ledger",
    "ListSpec": "data",
    "MadeBrief": "brief",
    "Provenance": "result",
    "ReconcileSpec": "reconcile",
    "Result": "result",
    "RunRow": "runs",
    "TensionSpec": "tension",
    "answer": "result",
    "brief_table": "brief",
    "describe_data": "data",
    "find_home": "home",
    "issue": "forecast",
    "list_data": "data",
    "list_runs": "runs",
    "make_brief": "brief",
    "reconcile_lists": "reconcile",
    "resolve_dates": "clock",
    "show_config": "tension",
    "show_ledger": "ledger",
    "show_row": "data",
    "show_run": "runs",
    "show_tension": "tension",
    "to_json": "result",
    "validate_data": "data",
    "verify_run": "runs",
}

__all__ = [
    "BriefSpec",
    "Dates",
    "FileFinding",
    "ForecastSpec",
    "Home",
    "LedgerSpec",
    "ListSpec",
    "MadeBrief",
    "Provenance",
    "ReconcileSpec",
    "Result",
    "RunRow",
    "TensionSpec",
    "answer",
    "brief_table",
    "describe_data",
    "find_home",
    "issue",
    "list_data",
    "list_runs",
    "make_brief",
    "reconcile_lists",
    "resolve_dates",
    "show_config",
    "show_ledger",
    "show_row",
    "show_run",
    "show_tension",
    "to_json",
    "validate_data",
    "verify_run",
]


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"sixparty.service has no name {name!r}.")
    return getattr(import_module(f"sixparty.service.{_MODULE_OF[name]}"), name)
