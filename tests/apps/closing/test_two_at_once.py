"""Two closes, and payments beside a close: each step is done once, and nobody waits for long."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from gbese.apps.bookkeeping import queries as books_queries
from gbese.apps.closing import queries, services
from gbese.apps.closing.models import StepDone
from gbese.apps.closing.verification import verify
from gbese.apps.lending import services as lending
from gbese.core.money import Currency, Money

if TYPE_CHECKING:
    from gbese.apps.identity.acts import Act

pytestmark = pytest.mark.django_db(transaction=True)
OPEN_DAY = date(2026, 3, 16)
LAST_DAY = OPEN_DAY + timedelta(days=6)
NGN = Currency("NGN", 2)


def silent(_: object) -> None:
    """Nobody watches."""


def in_threads(acts: list[Callable[[], object]]) -> list[object]:
    def alone(act: Callable[[], object]) -> object:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result() for done in [pool.submit(alone, act) for act in acts]]


def test_of_two_closes_each_step_is_done_by_one(
    open_loan: Callable[..., str], act_on: Callable[[date], Act]
) -> None:
    for number in range(3):
        open_loan(f"L-{number}")
    ways = [act_on(LAST_DAY) for _ in range(3)]
    in_threads([partial(services.close_to, day=LAST_DAY, act=act, progress=silent) for act in ways])
    assert StepDone.objects.count() == 7 * 2
    assert books_queries.open_day().open_day == LAST_DAY + timedelta(days=1)
    assert queries.work_left() == ()
    assert verify(progress=silent).mismatches == ()


def test_payments_go_on_beside_a_close(
    open_loan: Callable[..., str], act_on: Callable[[date], Act]
) -> None:
    for number in range(4):
        open_loan(f"L-{number}")

    def pay(number: int) -> object:
        return lending.record(
            loan_number=f"L-{number % 4}",
            made=lending.repayment(received=Money(1_000_00 + number, NGN), value_date=OPEN_DAY),
            act=paying[number],
        )

    paying, closing = [act_on(LAST_DAY) for _ in range(8)], act_on(LAST_DAY)
    in_threads(
        [
            partial(services.close_to, day=LAST_DAY, act=closing, progress=silent),
            *(partial(pay, number) for number in range(8)),
        ]
    )
    found = verify(progress=silent)
    assert (found.mismatches, found.doubts) == ((), ())
    cash = next(
        row for row in books_queries.trial_balance(LAST_DAY + timedelta(days=1)).rows
        if row.account == "cash"
    )  # fmt: skip
    assert cash.debits.minor == sum(1_000_00 + number for number in range(8))
