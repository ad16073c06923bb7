"""Pages and command line show the same: every twin is the document that its command prints, every link leads on."""

import importlib.util
import json
import re
import shlex
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from starlette.testclient import TestClient

from sixparty.cli import main
from sixparty.report import languages
from sixparty.report.pages import NAMES, NAV, has_page, site_page
from sixparty.report.render import environment
from sixparty.service import SiteSpec, find_home, open_record, open_site
from sixparty.service.method import method_texts
from sixparty.web import create_app
from sixparty.web.routes import ROUTES, find_place

ROOT = Path(__file__).parent.parent.parent
SCHEMA_OF = {
    **dict.fromkeys(("situation", "brief", "outlook"), "brief"),
    **dict.fromkeys(("evidence", "claim"), "evidence"),
    **dict.fromkeys(("coverage", "method"), "coverage"),
    "target": "explained",
    "commitments": "ledger",
    "data": "rows",
    "row": "row",
    "reconciliation": "reconciliation",
    "method_text": "text",
}
LARGEST = 1_500_000
BASE = "http://127.0.0.1:8383"
TARGETS = ("weapons_test_days", "nuclear_test")
CLAIM = "summit-ended-the-war"
TWINS = [
    "/",
    "/brief",
    "/outlook",
    *(f"/outlook/{target}" for target in TARGETS),
    f"/evidence/{CLAIM}",
    "/commitments",
    "/commitments?agreement=agr-2018-military",
    "/commitments?obligor=KOR&due_within=365",
    "/data",
    "/data?q=singapore+summit&sort=latest",
    "/data?family=grey_zone&party=PRK",
    "/data/coverage",
    "/data/reconciliation",
    "/data/row/agr-2018-military",
    "/data/row/prk_chn_trade%202024",
    "/method",
    "/method/index",
]


@pytest.fixture(scope="module")
def schemas():
    """The script that writes the schemas."""
    found = importlib.util.spec_from_file_location("make_schemas", ROOT / "docs/make_schemas.py")
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return find_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def _few_futures():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sixparty.service.fits.FIT_DRAWS", 200)
        patch.setattr("sixparty.service.outlook.FUTURES", 4000)
        patch.setattr("sixparty.service.explain.FUTURES", 4000)
        yield


@pytest.fixture(scope="module")
def client(home, _few_futures):
    site = open_site(SiteSpec(), home=home)
    for target in TARGETS:
        site.explain(target)
    return TestClient(create_app(site), base_url=BASE, follow_redirects=False)


@pytest.fixture
def run(home, _few_futures, monkeypatch, capsys):
    """Run a command line as written and return what it prints."""

    def printed(command: str) -> str:
        monkeypatch.setenv("SIXPARTY_HOME", str(home.folder))
        monkeypatch.setattr(sys, "argv", [*shlex.split(command), "--json"])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out = capsys.readouterr()
        assert not ended.value.code, out.err
        return out.out

    return printed


def without_time(text):
    return re.sub(r'"generated_at": "[^"]*"', '"generated_at": ""', text)


def twin_of(address):
    path, _, query = address.partition("?")
    return ("/index.json" if path == "/" else f"{path}.json") + (f"?{query}" if query else "")


class Links(HTMLParser):
    """Addresses that a page leads to, its ids, and what it loads."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.loads, self.buttons = [], set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        held = dict(attrs)
        self.ids |= {held["id"]} if held.get("id") else set()
        if tag == "a" and "href" in held:
            self.links.append(held["href"])
        if tag == "link" and held.get("rel") == "alternate":
            self.links.append(held["href"])
        self.loads += [held[name] for name in ("src", "srcset") if held.get(name)]
        self.loads += [held["href"]] if tag == "link" and held.get("rel") in ("stylesheet", "icon") else []


@pytest.mark.parametrize("address", TWINS)
def test_the_twin_of_a_page_is_the_document_that_its_command_prints(client, run, address):
    twin = client.get(twin_of(address))
    assert twin.status_code == 200
    command = twin.json()["provenance"]["command"]
    assert without_time(twin.text) == without_time(run(command))


@pytest.mark.parametrize("address", TWINS)
def test_a_twin_fits_the_schema_that_is_published(client, schemas, address):
    name = SCHEMA_OF[find_place(unquote(twin_of(address)).partition("?")[0]).route.page]
    published = json.loads((schemas.FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert schemas.faults(client.get(twin_of(address)).json(), published)[:5] == []


def test_a_document_that_breaks_its_schema_is_found(schemas):
    drawn = schemas.schema_of([{"n": 1, "rows": [{"id": "a", "at": None}, {"id": "b", "at": "x"}]}])
    assert schemas.faults({"n": 2, "rows": []}, drawn) == []
    assert schemas.faults({"n": "2", "rows": [{"id": 1}]}, drawn) == [
        "$.n must be integer, got string",
        "$.rows[0] must hold at",
        "$.rows[0].id must be string, got integer",
    ]
    assert schemas.faults({"n": 2, "rows": [], "more": 1}, drawn) == ["$ must not hold more, which no schema tells"]


def test_every_kind_of_page_has_a_schema_and_the_how_to_names_every_route():
    told = (ROOT / "docs/how-to/serve-the-pages.md").read_text(encoding="utf-8")
    for route in ROUTES:
        assert f"`{route.pattern}`" in told
        assert f"json/{SCHEMA_OF[route.page]}.schema.json" in told


@pytest.mark.parametrize("address", [address for address in TWINS if address != "/brief"])
@pytest.mark.parametrize("language", languages())
def test_a_page_says_its_command_and_its_twin_and_stays_small(client, address, language):
    page = client.get(address if language == "en" else f"/{language}{address.removesuffix('/')}")
    assert page.status_code == 200
    assert len(page.content) < LARGEST
    text = unquote(page.text.replace("&amp;", "&").replace("&#39;", "'"))
    assert f'lang="{language}"' in text
    assert client.get(twin_of(address)).json()["provenance"]["command"] in text
    assert unquote(twin_of(address)).partition("?")[0] in text


def linked(client, address):
    """Addresses of the site on a page, whole; those of other sites are left out."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    read = Links(answer.text)
    return read, [
        urljoin(BASE + address, link) for link in read.links if urljoin(BASE + address, link).startswith(BASE)
    ]


FIRST = [
    address if language == "en" else f"/{language}{address.removesuffix('/')}"
    for language in languages()
    for address in TWINS
]


@pytest.fixture(scope="module")
def row_names():
    record = open_record()
    named = {row for table in record.tables.values() if "id" in table.columns for row in table["id"]}
    figures = record["series"].select("series", "period").rows()
    families = set(record["coverage"]["family"])
    return named | families | {name for name, _ in figures} | {f"{name} {period}" for name, period in figures}


@pytest.mark.parametrize("address", [address for address in FIRST if not address.endswith("/brief")])
def test_every_link_of_a_page_leads_somewhere(client, row_names, address):
    read, links = linked(client, address)
    for link in dict.fromkeys(links):
        plain, fragment = urldefrag(link)
        path, *_ = unquote(plain.removeprefix(BASE)).partition("?")
        if plain in (BASE + address, BASE + address.partition("?")[0]) and fragment:
            assert fragment in read.ids, f"{address} leads to #{fragment}"
            continue
        if path.startswith(("/data/tables/", "/data/rows.csv", "/data/sixparty")) or path.startswith("/static/"):
            continue
        place = find_place(path)
        assert place is not None, f"{address} leads to {path}"
        if place.route.page == "row":
            assert place.parts["row"] in row_names, f"{address} leads to {path}"
        elif place.route.page == "method_text":
            assert place.parts["text"] in {text.name for text in method_texts()}, f"{address} leads to {path}"


@pytest.mark.parametrize("address", [address for address in FIRST if not address.endswith("/brief")])
def test_every_figure_of_a_page_leads_to_how_it_came_about(client, address):
    text = client.get(address).text
    ids = Links(text).ids
    figures = re.findall(r'<a class="n" data-key="([^"]*)"[^>]* href="([^"]*)"', text)
    for key, link in figures:
        path, fragment = urldefrag(link)
        if not path:
            assert fragment in ids, f"{key} leads to {link}"
        else:
            assert find_place(unquote(path).partition("?")[0]) is not None, f"{key} leads to {link}"


@pytest.mark.parametrize("address", [address for address in FIRST if not address.endswith("/brief")])
def test_a_page_loads_its_own_files_alone_and_all_of_them_are_there(client, address):
    read, _ = linked(client, address)
    assert read.loads
    for loaded in dict.fromkeys(one for one in read.loads if not one.startswith("data:image/svg+xml")):
        assert loaded.startswith("/"), loaded
        place = find_place(unquote(loaded).partition("?")[0])
        assert place is not None or client.get(loaded).status_code == 200, loaded
        if place is not None and place.language == "en" and loaded.partition("?")[0].endswith("wide.svg"):
            assert client.get(loaded).status_code == 200, loaded
            for form in ("svg", "csv"):
                assert client.get(loaded.replace(".wide.svg", f".{form}")).status_code == 200, loaded


def test_links_that_ask_something_can_be_asked(client):
    asked = set()
    for address in (
        "/data",
        "/data?family=grey_zone&party=PRK",
        "/commitments",
        "/commitments?obligor=KOR&due_within=365",
    ):
        asked |= {link for link in linked(client, address)[1] if "?" in link}
    for link in sorted(asked)[:: max(1, len(asked) // 25)]:
        assert client.get(link).status_code == 200, link


def test_rows_of_every_table_have_a_page(client):
    record = open_record()
    for name, table in record.tables.items():
        if "id" in table.columns and len(table):
            for place in (0, len(table) // 2, len(table) - 1):
                row = table["id"][place]
                assert client.get(f"/data/row/{row}").status_code == 200, f"{name}: {row}"


def test_the_brief_to_print_carries_its_style_by_digest_and_leads_to_its_other_language(client):
    for language in languages():
        answer = client.get("/brief" if language == "en" else f"/{language}/brief")
        policy = answer.headers["content-security-policy"]
        assert "style-src 'sha256-" in policy
        assert "unsafe" not in policy
        assert not re.search(r"\sstyle=\"", re.sub(r"data-style=", "", answer.text))


def test_every_kind_of_page_has_a_route_and_a_template():
    made = environment(is_html=True)
    for name in NAMES:
        assert has_page(name)
        assert made.get_template(site_page(name).template)
    assert {route.page for route in ROUTES} == {*NAMES, "brief"}


def test_every_part_of_the_site_is_reached_from_every_page(client):
    for address in ("/", "/data", "/method"):
        _, links = linked(client, address)
        assert {BASE + path for _, path in NAV} <= set(links)


def test_a_twin_is_one_json_document(client):
    document = json.loads(client.get("/index.json").text)
    assert list(document) == ["spec", "result", "provenance", "warnings"]
