"""The texts on method reach a reader who installed a wheel: all of them, with the drawings that they show."""

import zipfile
from pathlib import Path

import pytest

from sixparty.service.method import FOLDERS, method_text, method_texts

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Names in a wheel of this checkout; building asks for nothing from outside."""
    builders = pytest.importorskip("hatchling.builders.wheel", reason="the builder is part of every checkout's tools")
    folder = tmp_path_factory.mktemp("wheel")
    (path,) = builders.WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_a_wheel_holds_every_text_and_every_drawing_in_it(wheel):
    for text in method_texts():
        assert f"sixparty/method/{text.folder}/{text.file}" in wheel
        for drawing in method_text(text.name).result["pictures"]:
            assert f"sixparty/method/images/{drawing}" in wheel


def test_a_wheel_holds_the_pages_templates_styles_and_messages(wheel):
    for folder in ("templates/pages", "styles", "messages/en", "messages/ko"):
        shipped = {path.name for path in (ROOT / "src" / "sixparty" / "report" / folder).iterdir() if path.is_file()}
        assert {f"sixparty/report/{folder}/{name}" for name in shipped} <= wheel


def test_every_page_of_the_docs_is_a_text():
    written = {
        path.relative_to(ROOT / "docs").as_posix() for name in FOLDERS for path in (ROOT / "docs" / name).glob("*.md")
    }
    assert {f"{text.folder}/{text.file}" for text in method_texts()} == written


def test_names_of_texts_are_plain_words_of_an_address():
    names = [text.name for text in method_texts()]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").replace("_", "").isalnum() and name.isascii() for name in names)
