"""The chronicle: a curated, sourced, two-dated record, as typed tables."""

from sixparty.chronicle.checks import CHECKS, failing_rows
from sixparty.chronicle.columns import Column, TableSchema
from sixparty.chronicle.overlay import Overlay, read_overlay
from sixparty.chronicle.package import data_dictionary, data_package
from sixparty.chronicle.read import DATA_VERSION, Chronicle, as_known, read_chronicle
from sixparty.chronicle.schema import FAMILIES, TABLES
from sixparty.chronicle.selection import Selection, select_rows, verified_alone

__all__ = [
    "CHECKS",
    "DATA_VERSION",
    "FAMILIES",
    "TABLES",
    "Chronicle",
    "Column",
    "Overlay",
    "Selection",
    "TableSchema",
    "as_known",
    "data_dictionary",
    "data_package",
    "failing_rows",
    "read_chronicle",
    "read_overlay",
    "select_rows",
    "verified_alone",
]
