"""The data package's passport: `datapackage.json` and the data dictionary, both made from the schema."""

from __future__ import annotations

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


def data_package() -> dict[str, Any]:
    """Describe the files as a Frictionless tabular data package."""
    return {
        "profile": "tabular-data-package",
        "name": "sixparty-chronicle",
        "title": "A sourced chronicle of the Korean Peninsula's six parties",
        "version": DATA_VERSION,
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
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "missingValues": [""],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.allowed and column.kind == "category":
        constraints["enum"] = list(column.allowed)
    field: dict[str, Any] = {
        "name": column.name,
        "type": _FIELD_TYPES[column.kind],
        "description": column.meaning,
    }
    return field | ({"constraints": constraints} if constraints else {})


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
