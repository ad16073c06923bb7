"""The pages served for the whole run, and a browser to read them with; without playwright nothing is collected."""

import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]


@pytest.fixture(scope="session")
def address():
    """Where the pages are: at SIXPARTY_PAGES, or served from SIXPARTY_HOME or a new folder, its brief made first."""
    from reader import served, wait_until_prepared

    given = os.environ.get("SIXPARTY_PAGES")
    if given:
        wait_until_prepared(given.rstrip("/"))
        yield given.rstrip("/")
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(os.environ.get("SIXPARTY_HOME") or folder)
        with served(home, program=ROOT / ".venv" / "bin" / "sixparty") as started:
            yield started


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests."""
    from playwright.sync_api import sync_playwright
    from reader import CHROMIUM, FLAGS

    if not Path(CHROMIUM).exists():
        pytest.fail(f"needs {CHROMIUM}: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, address):
    """Return a function that opens an address as a reader would, with options of the reader's browser."""
    from reader import DESK, Watch, localised

    contexts = []

    def open_it(path, language="en", *, viewport=DESK, **options):
        context = chromium.new_context(viewport=viewport, **options)
        contexts.append(context)
        page = context.new_page()
        page.watch = Watch(page, address)
        page.goto(address + localised(path, language), wait_until="load")
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def look_at(chromium, address):
    """Return a function that opens an address and leaves it open for the next tests that only look at the same one."""
    from reader import DESK, localised

    context, kept = chromium.new_context(viewport=DESK), {}

    def look(path, language="en"):
        if (path, language) not in kept:
            for page in kept.values():
                page.close()
            kept.clear()
            kept[path, language] = context.new_page()
            kept[path, language].goto(address + localised(path, language), wait_until="load")
        return kept[path, language]

    yield look
    context.close()


def pytest_collection_modifyitems(items):
    """Put tests that only look at the same page one after the other, behind all others."""
    looking = [item for item in items if "look_at" in item.fixturenames]
    others = [item for item in items if "look_at" not in item.fixturenames]
    items[:] = others + sorted(
        looking, key=lambda item: (item.callspec.params["path"], item.callspec.params.get("language", ""))
    )


def pytest_generate_tests(metafunc):
    """Ask a test that takes `path` of every page, unless it names its own, and one that takes `language` in each."""
    from reader import LANGUAGES, MISSING, PATHS

    named = {mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")}
    for name, values in {"path": (*PATHS, MISSING), "language": LANGUAGES}.items():
        if name in metafunc.fixturenames and name not in named:
            metafunc.parametrize(name, values)
