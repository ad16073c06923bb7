"""An address leads to one place or to none, whatever is written in it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixparty.web.routes import ROUTES, find_place, split_language


@pytest.mark.parametrize(
    ("address", "page", "parts"),
    [
        ("/", "situation", {}),
        ("/outlook/nuclear_test", "target", {"target": "nuclear_test"}),
        ("/evidence/drills-raise-tests", "claim", {"claim": "drills-raise-tests"}),
        ("/data/row/prk_chn_trade 2024", "row", {"row": "prk_chn_trade 2024"}),
        ("/data/coverage", "coverage", {}),
    ],
)
def test_addresses_lead_to_their_pages(address, page, parts):
    place = find_place(address)
    assert (place.route.page, place.parts, place.path) == (page, parts, address)


def test_a_twin_has_the_path_of_its_page():
    assert find_place("/index.json").path == "/"
    twin = find_place("/outlook/nuclear_test.json")
    assert (twin.path, twin.is_twin, twin.parts) == ("/outlook/nuclear_test", True, {"target": "nuclear_test"})


def test_a_drawing_belongs_to_its_page():
    assert find_place("/charts/situation/index.wide.svg").chart == ("index", "wide.svg")
    place = find_place("/charts/outlook/nuclear_test/fan.csv")
    assert (place.path, place.chart) == ("/outlook/nuclear_test", ("fan", "csv"))
    assert find_place("/charts/situation/index.exe") is None
    assert find_place("/charts/index.svg") is None


@pytest.mark.parametrize(
    "address", ["/nothing", "/data/row/", "/data/row/a/b", "/data/row/..", "/../etc/passwd", "//", "/outlook//x", ""]
)
def test_other_addresses_lead_nowhere(address):
    assert find_place(address) is None


@given(st.text(max_size=80))
def test_no_part_of_a_path_holds_a_step_to_another_folder(text):
    for start in ("/", "/data/row/", "/charts/", "/method/"):
        place = find_place(start + text)
        if place is not None:
            assert not any("/" in part or part in (".", "..") for part in place.parts.values())


def test_a_path_without_another_language_is_english():
    assert split_language("/koala") == ("en", "/koala")
    assert split_language("/outlook") == ("en", "/outlook")


def test_no_two_routes_have_the_same_pattern():
    patterns = [route.pattern for route in ROUTES]
    assert len(set(patterns)) == len(patterns)
