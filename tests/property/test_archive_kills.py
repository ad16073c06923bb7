"""A command that is killed while it enters a round loses nothing that was entered and leaves nothing half."""

from pathlib import Path

import pytest
from tests import archive_writer
from tests.archive_writer import MAKING, enter_round, own_table, round_table
from tests.kill_examples import killed_writers

from sixparty.forecast.rounds import digest_of_text, read_archive, read_rounds


def check_kills(hub: Path, *, kills: int, seed: int) -> int:
    before, told = "", 0
    for told in killed_writers(archive_writer.__file__, hub, kills=kills, ahead=2, longest=0.05, seed=seed):
        book = (hub / "rounds.csv").read_text()
        assert book.startswith(before)
        before = book
        archive = read_archive(hub)
        assert archive.unlisted == ()
        assert len(archive.missing) <= 2
        entered = archive.forecasts.filter(archive.forecasts["model_id"] == "desk-kim")
        assert len(entered) // 2 in (told, told + 1)
    return told


def test_four_kills_at_random_moments_lose_nothing_that_was_entered(tmp_path):
    told = check_kills(tmp_path, kills=4, seed=4)
    for number in (told, told + 1):
        enter_round(tmp_path, round_table(number), MAKING)
    enter_round(tmp_path, own_table(told), MAKING, is_growing=True)
    assert read_archive(tmp_path).missing == ()


@pytest.mark.slow
def test_forty_kills_at_random_moments_lose_nothing_that_was_entered(tmp_path):
    check_kills(tmp_path, kills=40, seed=100)


def test_a_line_without_its_file_is_told_and_the_same_round_completes_it(tmp_path):
    (path, _) = enter_round(tmp_path, round_table(0), MAKING)
    digest = digest_of_text(path.read_text())
    path.unlink()
    assert [line.split(" for ")[0] for line in read_archive(tmp_path).missing] == [path.parent.name]
    enter_round(tmp_path, round_table(0), MAKING)
    assert read_archive(tmp_path).missing == ()
    assert read_rounds(tmp_path)["digest"].to_list().count(digest) == 1
