"""Write the schemas of the JSON documents anew from documents of every verb that a page shows, or check that they fit.

A schema says which names a document always has, which it may have, and of what kind their values are; it is drawn from
documents of the shipped record and from the samples of the tests (JSON Schema, draft 2020-12). `--check` draws nothing:
it holds fresh documents against the schemas that are published.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sixparty import service
from sixparty.service.data_query import find_rows_asked
from sixparty.service.method import method_text, method_texts
from sixparty.service.pages import Site, SiteSpec, open_site
from sixparty.service.reconcile import shipped_reconciliation

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs/reference/json"
Document = Mapping[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
EXPLAINED = ("weapons_test_days", "nuclear_test")
"""A target with a model and one without: both forms that an explanation has."""

_OPEN_FROM = 8
_KINDS = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}
_TOLD = {
    "brief": "What `sixparty brief --json` prints, and `/index.json`, `/outlook.json` and `/brief.json` serve.",
    "explained": "What `sixparty forecast explain TARGET --json` prints, and `/outlook/TARGET.json` serves.",
    "evidence": "What `sixparty evidence test CLAIM --json` prints; `/evidence.json`, `/evidence/CLAIM.json` serve it.",
    "ledger": "What `sixparty ledger show --json` prints, and `/commitments.json` serves.",
    "rows": "What `sixparty data search` and `data list` print with `--json`, and `/data.json` serves.",
    "row": "What `sixparty data show ID --json` prints, and `/data/row/ID.json` serves.",
    "coverage": "What `sixparty data describe --json` prints, and `/data/coverage.json`, `/method.json` serve.",
    "reconciliation": "What `sixparty data reconcile --json` prints, and `/data/reconciliation.json` serves.",
    "text": "What `sixparty data describe --text NAME --json` prints, and `/method/NAME.json` serves.",
}
_PARTS = {
    "spec": "What was asked: the options of the command, null where none was given.",
    "result": "What came out.",
    "provenance": "Where it came from: run, command, digest of the record, versions, seed; generated_at alone differs "
    "between two equal runs.",
    "warnings": "What to beware of, in sentences.",
}


def schema_of(values: Iterable[Any]) -> dict[str, Any]:
    """Return the narrowest schema of our kind that all values fit."""
    held = list(values)
    kinds = {_kind(value) for value in held}
    if "number" in kinds:
        kinds.discard("integer")
    is_told = bool(kinds - {"null"})  # what was never there can be anything
    made: dict[str, Any] = {"type": sorted(kinds)[0] if len(kinds) == 1 else sorted(kinds)} if is_told else {}
    if objects := [value for value in held if isinstance(value, dict)]:
        made |= _object(objects)
    if items := [item for value in held if isinstance(value, list) for item in value]:
        made["items"] = schema_of(items)
    return made


def _kind(value: Any) -> str:
    return "null" if value is None else _KINDS[type(value)]


def _object(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """A record with fixed names, or a table by names of rows, sources, targets."""
    names = dict.fromkeys(name for each in objects for name in each)
    always = [name for name in names if all(name in each for each in objects)]
    is_open = (len(names) >= _OPEN_FROM and len(always) * 2 < len(names)) or (len(objects) > 1 and not always)
    if is_open or any(not name.replace("_", "").isalnum() or name[0].isdigit() for name in names):
        return {"additionalProperties": schema_of(value for each in objects for value in each.values())}
    parts = {name: schema_of(each[name] for each in objects if name in each) for name in names}
    return {"properties": parts, "required": always}


def documents() -> dict[str, list[Document]]:
    """Return documents of every kind, as varied as the shipped record has them."""
    site = open_site(SiteSpec(), home=service.find_home())
    for target in EXPLAINED:
        site.explain(target)
    record = service.open_record()
    names = [name for table in record.tables.values() if "id" in table.columns for name in table["id"][::97]]
    asked: list[dict[str, str]] = [{}, {"q": "summit"}, {"family": "grey_zone"}, {"party": "JPN"}, {"family": "series"}]
    ledgers = (
        service.LedgerSpec(),
        service.LedgerSpec(agreement="agr-2018-military"),
        service.LedgerSpec(obligor="KOR"),
        service.LedgerSpec(year=2019),
    )
    return {
        "brief": [site.brief, *_sample_briefs()],
        "explained": [found for target in site.targets if (found := site.explained(target))],
        "evidence": _evidence(site),
        "ledger": [site.ledger(each) for each in ledgers],
        "rows": [find_rows_asked(each).document() for each in asked],
        "row": [service.show_row(name).document() for name in [*names, "grey_zone", "prk_chn_trade"]],
        "coverage": [service.describe_data().document()],
        "reconciliation": [shipped_reconciliation().document()],
        "text": [method_text(text.name).document() for text in method_texts()],
    }


def _sample_briefs() -> list[Document]:
    """The briefs that the tests make up: with an archive, with a marking, stale, of an empty week."""
    sys.path.insert(0, str(ROOT / "tests/unit/report"))
    import sample_brief

    return [sample_brief.envelope(), sample_brief.fullest(), sample_brief.stale(), sample_brief.empty_week()]


def _evidence(site: Site) -> list[Document]:
    """All claims together, and each verdict's first one alone."""
    every = site.claims()
    if every is None:
        sys.exit(
            "the results of claims that ship are not those of this record. Run `python docs/make_evidence.py --run`."
        )
    first = {claim["verdict"]: claim["claim"] for claim in reversed(every["result"]["claims"])}
    alone = [site.claims((name,)) for name in first.values()]
    return [every, *(found for found in alone if found is not None)]


def schema(name: str, held: list[Document]) -> dict[str, Any]:
    """Return the schema of one kind of document."""
    plain = json.loads(json.dumps([dict(each) for each in held]))
    drawn = schema_of(plain)
    for part, told in _PARTS.items():
        drawn["properties"][part] = {"description": told, **drawn["properties"][part]}
    head = {"$schema": _DRAFT, "$id": f"sixparty:{name}", "title": name, "description": _TOLD[name]}
    return {**head, **drawn}


def faults(value: Any, against: Mapping[str, Any], *, at: str = "$") -> list[str]:
    """Say where a value does not fit a schema of our kind; an empty list means that it fits."""
    allowed = against.get("type", [])
    allowed = [allowed] if isinstance(allowed, str) else allowed
    kind = _kind(value)
    if allowed and kind not in allowed and not (kind == "integer" and "number" in allowed):
        return [f"{at} must be {' or '.join(allowed)}, got {kind}"]
    if isinstance(value, dict):
        return _faults_of_object(value, against, at=at)
    if isinstance(value, list) and "items" in against:
        return [
            fault for place, item in enumerate(value) for fault in faults(item, against["items"], at=f"{at}[{place}]")
        ]
    return []


def _faults_of_object(value: Mapping[str, Any], against: Mapping[str, Any], *, at: str) -> list[str]:
    found = [f"{at} must hold {name}" for name in against.get("required", ()) if name not in value]
    known, rest = against.get("properties", {}), against.get("additionalProperties")
    for name, part in value.items():
        if name in known:
            found += faults(part, known[name], at=f"{at}.{name}")
        elif rest is not None:
            found += faults(part, rest, at=f"{at}.{name}")
        else:
            found.append(f"{at} must not hold {name}, which no schema tells")
    return found


def main(check: bool, say: Callable[[str], Any] = sys.stdout.write) -> int:
    """Write every schema, or hold documents against those that are there; return how many kinds do not fit."""
    wrong = 0
    for name, held in documents().items():
        path = FOLDER / f"{name}.schema.json"
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(schema(name, held), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
            continue
        published = json.loads(path.read_text(encoding="utf-8"))
        told = [fault for each in held for fault in faults(json.loads(json.dumps(each)), published)]
        wrong += bool(told)
        for fault in told[:5]:
            say(f"{path.name}: {fault}\n")
    return wrong


if __name__ == "__main__":
    sys.exit(4 if main("--check" in sys.argv) else 0)
