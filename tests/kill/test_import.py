"""SIGKILL in the middle of an import: all of it is there or nothing, and it can be run again."""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.installations import Installation, fresh_installation, kill
from tests.kill.requests import LOANS

pytestmark = [pytest.mark.kill, pytest.mark.slow]

TRIALS = int(os.environ.get("GBESE_TEST_KILLS", "6"))
ROWS = 250
SAME = ("loans", "entries", "trial_balance", "mismatches", "doubts")
HEADERS = (
    "Loan number,Side,Lender,Borrower,Currency,Amount,Signed on,Drawn on,First due date,"
    "Maturity date,Frequency,Schedule,Rate,Day count"
)


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of invented loans."""
    lines = [
        f"P-{row},issued,Kill Trials,Client {row},NGN,{100_000 + row}.50,2026-01-{1 + row % 27:02},"
        f"2026-01-{1 + row % 27:02},2026-02-{1 + row % 27:02},2027-{1 + row % 12:02}-{1 + row % 27:02},"
        "monthly,annuity,24,ACT/365F"
        for row in range(ROWS)
    ]
    path = tmp_path_factory.mktemp("files") / "portfolio.csv"
    path.write_text("\n".join([HEADERS, *lines, ""]))
    return path


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory, portfolio: Path
) -> Iterator[tuple[Installation, float]]:
    with fresh_installation(tmp_path_factory.mktemp("twin")) as twin:
        twin.run("prepare")
        began = time.monotonic()
        done = twin.gbese("import", "--yes", str(portfolio))
        assert done.returncode == 0, done.stdout + done.stderr
        yield twin, time.monotonic() - began


def test_a_killed_import_is_whole_or_nothing(
    undisturbed: tuple[Installation, float],
    tmp_path_factory: pytest.TempPathFactory,
    portfolio: Path,
) -> None:
    twin, seconds = undisturbed
    chance = random.Random(11)  # noqa: S311 - a fixed seed
    with fresh_installation(tmp_path_factory.mktemp("import")) as killed:
        killed.run("prepare")
        for _ in range(TRIALS):
            program = killed.start("import", "--yes", str(portfolio), module="gbese")
            time.sleep(seconds * chance.uniform(0.25, 0.95))
            kill(program)
            left = killed.report()
            assert left["loans"] in {LOANS, LOANS + ROWS}
            assert left["mismatches"] == []
        done = killed.gbese("import", "--yes", str(portfolio))
        assert done.returncode == 0, done.stdout + done.stderr

        after, expected = killed.report(), twin.report()
    assert {name: after[name] for name in SAME} == {name: expected[name] for name in SAME}
    assert after["loans"] == LOANS + ROWS
    assert after["mismatches"] == []
