import re
from pathlib import Path

from sixparty.vocabulary import ACT_KINDS, EVENT_TYPES, FORBIDDEN_WORDS

CODEBOOK = Path(__file__).parents[2] / "docs" / "reference" / "codebook.md"


def test_a_quad_code_follows_from_the_root_of_the_cameo_code():
    last_roots = {5: 1, 9: 2, 14: 3, 20: 4}
    for kind in EVENT_TYPES.values():
        root = int(kind.cameo[:2])
        assert kind.quad_code == next(quad for last, quad in last_roots.items() if root <= last), kind.name


def test_the_code_book_names_every_type_as_the_vocabulary_has_it():
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w+) \| (\w+) \| (\d) \|", CODEBOOK.read_text("utf-8"), re.MULTILINE)
    declared = [(k.name, k.family, k.plover, k.cameo, str(k.quad_code)) for k in EVENT_TYPES.values()]
    assert rows == declared


def test_finer_kinds_belong_to_types_that_exist():
    assert set(ACT_KINDS) <= set(EVENT_TYPES)


def test_the_code_book_takes_no_side():
    text = CODEBOOK.read_text("utf-8").lower()
    assert not [word for words in FORBIDDEN_WORDS.values() for word in words if word in text]
