"""A site with a tiny brief, placeholder pages, and a client that asks it."""

from types import SimpleNamespace

import jinja2
import pytest
from starlette.testclient import TestClient

from sixparty.report.pages import Chart, SitePage
from sixparty.report.render import environment
from sixparty.service import Home, SiteSpec
from sixparty.service.pages import Site
from sixparty.web import create_app

TEMPLATE = """{% extends "pages/base.html.j2" %}
{% from "pages/parts.html.j2" import figure with context %}
{% block title %}Placeholder{% endblock %}
{% block main %}<h1>{{ page.num("result.answer", "count") }}</h1>{{ figure("line") }}{% endblock %}"""
HEADER = {
    "coverage_end": "2025-06-30",
    "reference_date": "2025-06-28",
    "days_past_coverage": 0,
    "is_stale": False,
    "marking": None,
}
PROVENANCE = {
    "run_id": "2025-06-28-brief-000000",
    "command": "sixparty brief --seed 1",
    "data_digest": "0123456789abcdef",
    "generated_at": "2025-07-01T00:00:00+00:00",
    "data_version": "0.0.0",
    "package_version": "0.0.0",
}
BRIEF = {
    "spec": {},
    "result": {"answer": 42, "header": HEADER, "forecasts": {"nuclear_test": {}}},
    "provenance": PROVENANCE,
    "warnings": [],
}
ROWS = tuple({"year": 1990 + place, "value": place / 3} for place in range(100))


def placeholder_chart() -> Chart:
    marks = {"x": {"field": "year", "type": "quantitative"}, "y": {"field": "value", "type": "quantitative"}}
    return Chart(
        "line",
        {"width": 760, "height": 100, "data": {"values": list(ROWS)}, "mark": "line", "encoding": marks},
        ROWS,
        heads={"year": "Year", "value": "Value"},
        title="A line & its end",
        caption="sixparty, record to 30 June 2025.",
        alt="It rises.",
        sources=("events",),
        command="sixparty brief",
    )


PLACEHOLDER = SitePage(
    "placeholder",
    "pages/placeholder.html.j2",
    charts=lambda document, messages: (placeholder_chart(),),
    context=lambda document, page: {},
    trace=lambda key: f"/method/{key.rpartition('.')[2]}",
)


@pytest.fixture(autouse=True)
def _placeholders(monkeypatch):
    """Stand-ins for the pages of the product, so that what is tested here is the frame alone."""
    made = environment(is_html=True)
    loader = made.loader
    made.loader = jinja2.ChoiceLoader([loader, jinja2.DictLoader({"pages/placeholder.html.j2": TEMPLATE})])
    monkeypatch.setattr("sixparty.web.pages.site_page", lambda name: PLACEHOLDER)
    monkeypatch.setattr("sixparty.web.pages.has_page", lambda name: name != "coverage")
    yield
    made.loader = loader


@pytest.fixture
def site(tmp_path):
    return Site(SiteSpec(), home=Home(tmp_path), brief=BRIEF)


@pytest.fixture
def client(site):
    return TestClient(create_app(site), base_url="http://127.0.0.1:8383", follow_redirects=False)


@pytest.fixture
def marked_client(tmp_path):
    site = Site(SiteSpec(marking="Official <use>"), home=Home(tmp_path), brief=BRIEF)
    return TestClient(create_app(site), base_url="http://127.0.0.1:8383")


@pytest.fixture
def examples():
    return SimpleNamespace(chart=placeholder_chart(), brief=BRIEF)
