"""SIGKILL while payments are posted: none is lost, none doubled, none half there."""

import os
import random
from collections.abc import Iterator

import pytest

from tests.kill.installations import Installation, fresh_installation, kill
from tests.kill.requests import request_id

pytestmark = [pytest.mark.kill, pytest.mark.slow]

TRIALS = int(os.environ.get("GBESE_TEST_KILLS", "6"))
PAYMENTS = 60
LATEST_ACKNOWLEDGED = 40


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with fresh_installation(tmp_path_factory.mktemp("payments")) as made:
        made.run("prepare")
        yield made


@pytest.mark.parametrize("trial", range(TRIALS))
def test_a_killed_payment_is_there_once_or_not_at_all(
    installation: Installation, trial: int
) -> None:
    first = trial * PAYMENTS
    wanted = random.Random(trial).randint(1, LATEST_ACKNOWLEDGED)  # noqa: S311 - a fixed seed
    program = installation.start("pay", str(first), str(first + PAYMENTS))
    assert program.stdout is not None
    acknowledged = [int(program.stdout.readline()) for _ in range(wanted)]
    acknowledged += [int(line) for line in kill(program)]

    after = installation.report()
    assert after["mismatches"] == []
    assert [lost for lost in acknowledged if request_id(lost) not in after["events"]] == []

    # The client asks again, for all of them.
    then = installation.report("pay", str(first), str(first + PAYMENTS))
    sent = [request_id(payment) for payment in range(first, first + PAYMENTS)]
    assert {then["events"].get(request) for request in sent} == {1}
    assert then["mismatches"] == []
