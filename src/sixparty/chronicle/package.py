"""The data package's passport: `datapackage.json` and the data dictionary, both made from the schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sixparty.chronicle.columns import Column, TableSchema
from sixparty.chronicle.read import DATA_VERSION
from sixparty.chronicle.schema import TABLES

_FIELD_TYPES = {
    "text": "string",
    "date": "date",
    "integer": "integer",
    "number": "number",
    "category": "string",
    "list": "string",
}
_FOREIGN_KEYS: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType(
    {"commitments": (("agreement_id", "agreements"),), "verifications": (("source_id", "sources"),)}
)
"""Table -> columns that name one row of another table. Lists of keys cannot be declared; our own checks follow them."""

_SOURCES = (
    (
        "CNS North Korea Missile Test Database",
        "https://www.nti.org/analysis/articles/cns-north-korea-missile-test-database/",
    ),
    ("CSIS Beyond Parallel: database of acts by North Korea", "https://beyondparallel.csis.org/"),
    ("Open data of the South Korean Ministry of Unification", "https://www.data.go.kr/"),
    ("Every document or list that a row cites", "sources.csv"),
)


def data_package() -> dict[str, Any]:
    """Describe the files as a Frictionless tabular data package."""
    return {
        "profile": "tabular-data-package",
        "name": "sixparty-chronicle",
        "title": "A sourced chronicle of the Korean Peninsula's six parties",
        "description": (
            "What the six parties did and said, 1990-01-01 to 2025-06-30: each row says when it happened, when it "
            "could first be known, which sources carry it and whether anyone opened them. Dates are Korean dates."
        ),
        "version": DATA_VERSION,
        "keywords": ["Korean Peninsula", "event data", "weapons tests", "talks", "sanctions", "agreements"],
        "contributors": [{"title": "The sixparty contributors", "role": "author"}],
        "sources": [{"title": title, "path": path} for title, path in _SOURCES],
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": "https://creativecommons.org/licenses/by/4.0/",
                "title": "Creative Commons Attribution 4.0",
            }
        ],
        "resources": [_resource(table) for table in TABLES.values()],
    }


def _resource(table: TableSchema) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": table.file,
        "description": table.meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": _schema(table),
    }


def _schema(table: TableSchema) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }
    keys = [
        {"fields": [column], "reference": {"resource": other, "fields": ["id"]}}
        for column, other in _FOREIGN_KEYS.get(table.name, ())
    ]
    return schema | ({"foreignKeys": keys} if keys else {})


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.allowed and column.kind == "category":
        constraints["enum"] = list(column.allowed)
    if column.kind == "list":
        constraints["pattern"] = _list_pattern(column)
    field: dict[str, Any] = {
        "name": column.name,
        "type": _FIELD_TYPES[column.kind],
        "description": column.meaning,
    }
    return field | ({"constraints": constraints} if constraints else {})


def _list_pattern(column: Column) -> str:
    """Write what a list may hold as a regular expression: members joined by ';', of the allowed words if there are."""
    member = "(?:" + "|".join(re.escape(word) for word in column.allowed) + ")" if column.allowed else r"[^;\s]+"
    return f"^{member}(?:;{member})*$"


def data_dictionary() -> str:
    """Write the data dictionary as Markdown."""
    lines = [
        "# Data dictionary",
        "",
        "Made from `sixparty.chronicle.schema` by `make reference`; a test compares. All dates are Korean dates (KST).",
    ]
    for table in TABLES.values():
        lines += [
            "",
            f"## {table.file}",
            "",
            table.meaning,
            "",
            f"Key: {', '.join(f'`{k}`' for k in table.key)}.",
            "",
        ]
        lines += ["| column | kind | needed | meaning |", "|---|---|---|---|"]
        for column in table.columns:
            words = f" One of: {', '.join(column.allowed)}." if column.allowed else ""
            needed = "yes" if column.required else ""
            lines.append(f"| `{column.name}` | {column.kind} | {needed} | {column.meaning}{words} |")
    return "\n".join(lines) + "\n"
