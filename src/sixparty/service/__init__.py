"""Every use of sixparty as one function: a specification in, a result out.

The only room that reads the clock, picks folders, keeps caches and chooses seeds. Names are loaded when first used, so
that a question about the chronicle does not wait for compiled code, and the compilers' caches are set before it loads.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sixparty.service.add import AddSpec, add_event, draft_event
    from sixparty.service.backtest import BacktestSpec, MadeBacktest, run_backtest
    from sixparty.service.brief import BriefSpec, MadeBrief, PageSpec, brief_table, make_brief, page_spec
    from sixparty.service.clock import Dates, resolve_dates
    from sixparty.service.data import ListSpec, list_data, validate_data
    from sixparty.service.describe import check_card, describe_data
    from sixparty.service.evidence import EvidenceSpec, list_claims, test_claims
    from sixparty.service.evidence_kept import keep_claims, kept_claims
    from sixparty.service.evidence_sheets import write_sheets
    from sixparty.service.explain import ExplainSpec, explain_forecast
    from sixparty.service.export import ExportSpec, export_data, rows_as
    from sixparty.service.files import write_whole
    from sixparty.service.forecast import ForecastSpec, issue
    from sixparty.service.home import Home, find_home
    from sixparty.service.ledger import LedgerSpec, show_ledger
    from sixparty.service.lookup import SearchSpec, search_data, show_row
    from sixparty.service.own import OwnSpec, enter_own, own_sheet
    from sixparty.service.pages import OpenedSite, Site, SiteSpec, open_site, opened_site, publish
    from sixparty.service.reconcile import ReconcileSpec, reconcile_lists
    from sixparty.service.record import open_record
    from sixparty.service.result import Provenance, Result, answer, to_json
    from sixparty.service.revise import (
        ApplySpec,
        DiffSpec,
        ImportSpec,
        apply_file,
        import_list,
        show_differences,
        undo_change,
    )
    from sixparty.service.runs import FileFinding, RunRow, list_runs, show_run, verify_run
    from sixparty.service.score import MadeScores, ScoreSpec, score_archive
    from sixparty.service.tension import TensionSpec, show_config, show_tension

_MODULE_OF = {
    "AddSpec": "add",
    "ApplySpec": "revise",
    "BacktestSpec": "backtest",
    "BriefSpec": "brief",
    "Dates": "clock",
    "DiffSpec": "revise",
    "EvidenceSpec": "evidence",
    "ExplainSpec": "explain",
    "ExportSpec": "export",
    "FileFinding": "runs",
    "ForecastSpec": "forecast",
    "Home": "home",
    "ImportSpec": "revise",
    "LedgerSpec": "ledger",
    "ListSpec": "data",
    "MadeBacktest": "backtest",
    "MadeBrief": "brief",
    "PageSpec": "brief",
    "MadeScores": "score",
    "OpenedSite": "pages",
    "OwnSpec": "own",
    "Provenance": "result",
    "ReconcileSpec": "reconcile",
    "Result": "result",
    "RunRow": "runs",
    "ScoreSpec": "score",
    "SearchSpec": "lookup",
    "Site": "pages",
    "SiteSpec": "pages",
    "TensionSpec": "tension",
    "add_event": "add",
    "answer": "result",
    "apply_file": "revise",
    "brief_table": "brief",
    "check_card": "describe",
    "describe_data": "describe",
    "draft_event": "add",
    "explain_forecast": "explain",
    "list_claims": "evidence",
    "test_claims": "evidence",
    "enter_own": "own",
    "export_data": "export",
    "find_home": "home",
    "import_list": "revise",
    "issue": "forecast",
    "keep_claims": "evidence_kept",
    "kept_claims": "evidence_kept",
    "list_data": "data",
    "list_runs": "runs",
    "make_brief": "brief",
    "page_spec": "brief",
    "open_record": "record",
    "open_site": "pages",
    "opened_site": "pages",
    "own_sheet": "own",
    "publish": "pages",
    "reconcile_lists": "reconcile",
    "resolve_dates": "clock",
    "rows_as": "export",
    "run_backtest": "backtest",
    "score_archive": "score",
    "search_data": "lookup",
    "show_config": "tension",
    "show_differences": "revise",
    "show_ledger": "ledger",
    "show_row": "lookup",
    "show_run": "runs",
    "show_tension": "tension",
    "to_json": "result",
    "undo_change": "revise",
    "validate_data": "data",
    "verify_run": "runs",
    "write_sheets": "evidence_sheets",
    "write_whole": "files",
}

__all__ = [
    "AddSpec",
    "ApplySpec",
    "BacktestSpec",
    "BriefSpec",
    "Dates",
    "DiffSpec",
    "EvidenceSpec",
    "ExplainSpec",
    "ExportSpec",
    "FileFinding",
    "ForecastSpec",
    "Home",
    "ImportSpec",
    "LedgerSpec",
    "ListSpec",
    "MadeBacktest",
    "MadeBrief",
    "MadeScores",
    "OpenedSite",
    "OwnSpec",
    "PageSpec",
    "Provenance",
    "ReconcileSpec",
    "Result",
    "RunRow",
    "ScoreSpec",
    "SearchSpec",
    "Site",
    "SiteSpec",
    "TensionSpec",
    "add_event",
    "answer",
    "apply_file",
    "brief_table",
    "check_card",
    "describe_data",
    "draft_event",
    "enter_own",
    "explain_forecast",
    "export_data",
    "find_home",
    "import_list",
    "issue",
    "keep_claims",
    "kept_claims",
    "list_claims",
    "list_data",
    "list_runs",
    "make_brief",
    "open_record",
    "open_site",
    "opened_site",
    "own_sheet",
    "page_spec",
    "publish",
    "reconcile_lists",
    "resolve_dates",
    "rows_as",
    "run_backtest",
    "score_archive",
    "search_data",
    "show_config",
    "show_differences",
    "show_ledger",
    "show_row",
    "show_run",
    "show_tension",
    "test_claims",
    "to_json",
    "undo_change",
    "validate_data",
    "verify_run",
    "write_sheets",
    "write_whole",
]


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"sixparty.service has no name {name!r}.")
    return getattr(import_module(f"sixparty.service.{_MODULE_OF[name]}"), name)
