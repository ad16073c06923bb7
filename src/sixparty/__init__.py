"""An open, sourced model of the Korean Peninsula's six-party relations.

The names below are loaded when they are first used, so that importing the package costs nothing.

Examples
--------
>>> import sixparty
>>> chronicle = sixparty.read_chronicle()
>>> chronicle.coverage_end.isoformat()
'2025-06-30'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sixparty.chronicle import read_chronicle
    from sixparty.compute import Key
    from sixparty.errors import SixPartyError
    from sixparty.excitation import fit_mark, simulate
    from sixparty.forecast import issue_forecasts
    from sixparty.ledger import ledger_status
    from sixparty.service import BriefSpec, make_brief
    from sixparty.tension import count_panel, tension_index

__version__ = "0.1.0"

_ROOM_OF = {
    "BriefSpec": "service",
    "Key": "compute",
    "SixPartyError": "errors",
    "count_panel": "tension",
    "fit_mark": "excitation",
    "issue_forecasts": "forecast",
    "ledger_status": "ledger",
    "make_brief": "service",
    "read_chronicle": "chronicle",
    "simulate": "excitation",
    "tension_index": "tension",
}

__all__ = [
    "BriefSpec",
    "Key",
    "SixPartyError",
    "count_panel",
    "fit_mark",
    "issue_forecasts",
    "ledger_status",
    "make_brief",
    "read_chronicle",
    "simulate",
    "tension_index",
]


def __getattr__(name: str) -> object:
    if name not in _ROOM_OF:
        raise AttributeError(f"sixparty has no name {name!r}; it offers {', '.join(__all__)}.")
    return getattr(import_module(f"sixparty.{_ROOM_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
