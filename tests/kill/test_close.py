"""SIGKILL in the middle of closing days: run again, the books are those of an undisturbed twin."""

import os
import random
import time
from collections.abc import Iterator

import pytest

from tests.kill.installations import Installation, fresh_installation, kill

pytestmark = [pytest.mark.kill, pytest.mark.slow]

TRIALS = int(os.environ.get("GBESE_TEST_KILLS", "6"))
LAST_DAY = "2026-03-13"
BOOKS = ("open_day", "entries", "trial_balance", "mismatches", "doubts")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, float]]:
    with fresh_installation(tmp_path_factory.mktemp("twin")) as twin:
        twin.run("prepare")
        began = time.monotonic()
        twin.run("close", LAST_DAY)
        yield twin, time.monotonic() - began


def test_a_killed_close_is_run_again(
    undisturbed: tuple[Installation, float], tmp_path_factory: pytest.TempPathFactory
) -> None:
    twin, seconds = undisturbed
    chance = random.Random(7)  # noqa: S311 - a fixed seed
    with fresh_installation(tmp_path_factory.mktemp("close")) as killed:
        killed.run("prepare")
        for _ in range(TRIALS):
            program = killed.start("close", LAST_DAY)
            time.sleep(seconds * chance.uniform(0.3, 0.95))
            kill(program)
            assert killed.report()["mismatches"] == []
        killed.run("close", LAST_DAY)
        # Once more changes nothing.
        after, expected = killed.report("close", LAST_DAY), twin.report()
    assert {name: after[name] for name in BOOKS} == {name: expected[name] for name in BOOKS}
    assert after["mismatches"] == []
    assert after["doubts"] == []
