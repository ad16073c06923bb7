"""The pages over HTTP: read alone, the same policy everywhere, errors that help, nothing written."""

import re

import pytest
from starlette.testclient import TestClient

from sixparty.report.pages import chart_csv
from sixparty.web import create_app

STRICT = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "base-uri 'none'")
ADDRESSES = [
    "/",
    "/outlook",
    "/index.json",
    "/static/site.css",
    "/charts/situation/line.svg",
    "/charts/situation/line.csv",
    "/nothing",
    "/nothing.json",
    "/data?colour=red",
    "/outlook/nuclear_test",
]


def test_a_page_carries_its_figure_with_a_link_to_how_it_came_about(client):
    page = client.get("/").text
    assert '<a class="n" data-key="result.answer" data-style="count" href="/method/answer">42</a>' in page
    assert '<link rel="alternate" type="application/json" href="/index.json">' in page
    assert "Record complete through 30 June 2025." in page


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_the_headers_that_keep_readers_safe(client, address):
    headers = client.get(address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert "server" not in headers


def test_a_page_may_load_what_is_its_own_and_nothing_else(client):
    answer = client.get("/")
    assert all(rule in answer.headers["content-security-policy"] for rule in STRICT)
    assert not re.search(r'(?:src|href|srcset)="(?:https?:)?//', answer.text)
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! src=)", answer.text)


def test_a_drawing_may_run_no_script(client):
    policy = client.get("/charts/situation/line.svg").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "script-src" not in policy


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_than_reading_are_not_allowed(client, method):
    answer = client.request(method, "/", content=b"x" * 1000)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert "GET or HEAD" in answer.text


def test_head_gives_the_headers_alone(client):
    whole, head = client.get("/"), client.head("/")
    assert head.content == b""
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert head.headers["etag"] == whole.headers["etag"]


def test_who_has_the_page_is_told_so(client):
    tag = client.get("/").headers["etag"]
    again = client.get("/", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("/nothing", 404, "Nothing at this address"),
        ("/data/row/no-such-row", 404, "row must be the name of a row"),
        ("/charts/situation/other.svg", 404, "Nothing at this address"),
        ("/outlook/no_such_target", 404, "target must be one of nuclear_test"),
        ("/data?colour=red", 400, "can be asked by q, family"),
        ("/data?page=-4", 400, "page must be a whole number"),
        ("/data?family=unicorns", 400, "family must be one of"),
        ("/commitments?due_within=99999999999999", 400, "due_within must be a whole number from 0"),
        ("/?q=" + "a" * 3000, 414, "must have at most"),
        ("/" + "a" * 600, 414, "must have at most"),
        ("/outlook/nuclear_test", 503, "Not ready yet"),
    ],
)
def test_an_error_says_what_was_expected_and_leads_on(client, address, status, told):
    answer = client.get(address)
    assert answer.status_code == status
    assert told.lower() in answer.text.lower()
    assert 'href="/data"' in answer.text


def test_a_command_in_an_error_is_set_as_one(client):
    assert "<code>sixparty data search WORDS</code>" in client.get("/data/row/no-such-row").text


def test_who_asks_for_data_gets_errors_as_data(client):
    answer = client.get("/data.json?colour=red")
    assert answer.status_code == 400
    assert answer.json()["status"] == 400
    assert "colour" in answer.json()["message"]
    assert client.get("/nothing.json").json() == {"status": 404, "error": "not_found", "message": None}


@pytest.mark.parametrize(
    "address",
    [
        "/static/../site.py",
        "/static/..%2f..%2fpages.py",
        "/..%2f..%2fetc%2fpasswd",
        "/data/tables/..%2f..%2fsecret.csv",
        "/data/row/..%2f..%2fetc%2fpasswd",
        "/data/row/%00",
        "/%c0%ae%c0%ae/",
        "/charts/..%2f..%2fx.svg",
        "/static/",
    ],
)
def test_no_address_leads_out_of_the_pages(client, address):
    assert client.get(address).status_code in (308, 404)


def test_text_of_a_query_comes_back_harmless(client):
    answer = client.get("/data?q=%3Cscript%3Ealert(1)%3C/script%3E&colour=%22%3E%3Cb%3E")
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert "<b>" not in answer.text


def test_spellings_that_people_try_lead_to_the_address(client):
    for asked, meant in (
        ("/outlook/", "/outlook"),
        ("/en/outlook", "/outlook"),
        ("/en", "/"),
        ("/data/?q=a", "/data?q=a"),
    ):
        answer = client.get(asked)
        assert (answer.status_code, answer.headers["location"]) == (308, meant)


@pytest.mark.parametrize("address", ["//evil.example/", "/en//evil.example", "//evil.example//"])
def test_no_address_leads_to_another_site(client, address):
    answer = client.get(f"http://127.0.0.1:8383{address}")
    assert not answer.headers.get("location", "").startswith("//")


@pytest.mark.parametrize(
    ("host", "status"), [("127.0.0.1:8383", 200), ("localhost", 200), ("evil.example", 421), ("", 421)]
)
def test_on_loopback_only_the_own_name_is_answered(site, host, status):
    client = TestClient(create_app(site, hosts=frozenset({"127.0.0.1", "localhost", "::1"})))
    assert client.get("/", headers={"host": host}).status_code == status
    assert client.get("/", headers={"host": "[::1]:8383"}).status_code == 200


def test_a_marking_stands_at_head_and_foot_and_in_every_file(marked_client, examples):
    page = marked_client.get("/").text
    assert page.count('<p class="marking">Official &lt;use&gt;</p>') == 2
    for form in ("svg", "wide.svg", "narrow.svg"):
        assert marked_client.get(f"/charts/situation/line.{form}").text.count("Official &lt;use&gt;") == 2
    table = marked_client.get("/charts/situation/line.csv").text
    assert table == chart_csv(examples.chart, marking="Official <use>")
    assert table.splitlines()[0] == "year,value,marking"
    assert marked_client.get("/nothing").text.count('class="marking"') == 2


def test_files_of_a_chart_name_themselves(client):
    answer = client.get("/charts/situation/line.png")
    assert answer.headers["content-disposition"] == 'inline; filename="sixparty-line.png"'
    assert answer.content.startswith(b"\x89PNG")


def test_the_record_can_be_taken_along(client):
    table = client.get("/data/tables/spells.csv")
    assert table.status_code == 200
    assert table.text.startswith("id,")
    assert client.get("/data/tables/unicorns.csv").status_code == 404
    rows = client.get("/data/rows.csv?q=singapore").text
    assert "id" in rows.splitlines()[0].split(",")
    assert "ingapore" in rows.splitlines()[1]


def test_a_fault_of_ours_stays_on_its_page(client, monkeypatch, caplog):
    def fail(*given: object, here: object) -> None:
        raise ZeroDivisionError("secret words")

    monkeypatch.setattr("sixparty.web.pages.render", fail)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "secret words" not in answer.text
    assert "secret words" in caplog.text
    assert client.get("/index.json").status_code == 200


def test_reading_writes_nothing(client, site):
    before = sorted(site.home.folder.rglob("*"))
    for address in ADDRESSES:
        client.get(address)
    assert sorted(site.home.folder.rglob("*")) == before


def test_a_page_is_made_once(client, monkeypatch):
    made = []
    from sixparty.web import pages

    whole = pages.render
    monkeypatch.setattr(pages, "render", lambda *given, here: made.append(here.path) or whole(*given, here=here))
    for _ in range(3):
        client.get("/")
    assert made == ["/"]


def test_own_rows_that_change_are_told_and_what_was_made_is_forgotten(site):
    from sixparty.web.app import Door
    from sixparty.web.routes import find_place

    pages = Door(site, hosts=None).pages
    first = pages.answer(find_place("/"), "")
    pages.look_for_changes()
    assert pages.answer(find_place("/"), "") is first
    site.home.overlay.mkdir()
    (site.home.overlay / "events.csv").write_text("id\n")
    pages.look_for_changes()
    assert b"have changed since these pages were started" in pages.answer(find_place("/"), "").content
