"""Docs are executed, generated pages are fresh, and what is public is documented."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sixparty

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES_WITH_PYTHON = [page for page in PAGES if "```python" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", PAGES_WITH_PYTHON, ids=lambda page: page.name)
def test_the_python_of_a_page_runs(page, tmp_path):
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(blocks)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_generated_pages_are_fresh():
    done = subprocess.run(
        [sys.executable, "docs/make_reference.py", "--check"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        if not link.startswith(("http://", "https://")):
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_every_verb_that_a_page_names_exists():
    reference = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^## sixparty ?(.*)$", reference, flags=re.MULTILINE))
    for page in PAGES:
        for words in re.findall(r"`(?:\.venv/bin/)?sixparty ([a-z]+(?: [a-z]+)?)", page.read_text(encoding="utf-8")):
            assert words in known or words.split()[0] in known, f"{page.name} names `sixparty {words}`"


def public_definitions():
    for path in sorted(Path(sixparty.__file__).parent.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                yield pytest.param(node, id=f"{path.parent.name}/{path.stem}.{node.name}")


@pytest.mark.parametrize("node", list(public_definitions()))
def test_public_names_have_a_docstring_that_is_a_sentence(node):
    text = ast.get_docstring(node)
    assert text
    assert text.split("\n\n")[0].rstrip().endswith((".", ":", "?")), text


def test_every_runtime_dependency_has_its_line():
    page = (ROOT / "docs/explanation/dependencies.md").read_text(encoding="utf-8")
    for line in (ROOT / "requirements/run.in").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            assert f"| {line} |" in page
