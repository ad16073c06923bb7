import numpy as np
import pytest

from sixparty.compute import Key
from sixparty.errors import UsageError

PINNED = (0x7BA41B4FA1F5AC9F, 0xBBC01E4050B2B06D)


def test_equal_seeds_give_equal_keys_and_other_seeds_other_keys():
    assert Key.from_seed(7) == Key.from_seed(7)
    assert len({Key.from_seed(seed) for seed in range(1000)}) == 1000


def test_the_key_of_a_seed_never_changes_from_one_release_to_the_next():
    assert Key.from_seed(1) == Key(high=PINNED[0], low=PINNED[1])


def test_a_child_depends_on_its_whole_path_and_on_the_type_of_each_name():
    key = Key.from_seed(1)
    children = [key.child("a", "b"), key.child("ab"), key.child("a").child("b"), key.child(1), key.child("1")]
    assert len(set(children)) == 5


def test_generators_of_equal_keys_draw_the_same_and_children_draw_apart():
    key = Key.from_seed(3)
    one, same, other = (k.generator().random(4) for k in (key, key, key.child("x")))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("seed", [-1, 1.5, True, "1", None])
def test_a_seed_that_is_no_whole_number_of_zero_or_more_is_refused(seed):
    with pytest.raises(UsageError, match="seed must be a whole number of 0 or more"):
        Key.from_seed(seed)
