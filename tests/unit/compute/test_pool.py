import threading
import time

import pytest

from sixparty.compute import run_tasks
from sixparty.errors import UsageError


class Listener:
    def __init__(self):
        self.heard = []

    def start(self, label, total):
        self.heard.append(("start", label, total))

    def advance(self, steps=1):
        self.heard.append("step")

    def finish(self):
        self.heard.append("finish")


def square(number):
    return number * number


def slow_square(number):
    time.sleep(0.02 * (5 - number))
    return number * number


def fail_at_three(number):
    if number == 3:
        raise ValueError("three")
    return number


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_answers_come_in_the_order_of_the_tasks_whoever_is_done_first(workers):
    assert run_tasks(slow_square, [1, 2, 3, 4], workers=workers) == [1, 4, 9, 16]


def test_spawned_processes_give_the_same_answers():
    assert run_tasks(square, [1, 2, 3], workers=2, kind="processes") == [1, 4, 9]


def test_progress_hears_every_step_and_the_end():
    listener = Listener()
    run_tasks(square, [1, 2, 3], workers=2, label="squares", progress=listener)
    assert listener.heard == [("start", "squares", 3), "step", "step", "step", "finish"]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_error_of_a_task_reaches_the_caller_and_ends_the_bar(workers):
    listener = Listener()
    with pytest.raises(ValueError, match="three"):
        run_tasks(fail_at_three, [1, 2, 3, 4], workers=workers, progress=listener)
    assert listener.heard[-1] == "finish"


def test_no_thread_is_left_over():
    before = threading.active_count()
    run_tasks(square, list(range(20)), workers=4)
    assert threading.active_count() == before


def test_fewer_than_one_worker_is_refused():
    with pytest.raises(UsageError, match="workers must be 1 or more, got 0"):
        run_tasks(square, [1], workers=0)
