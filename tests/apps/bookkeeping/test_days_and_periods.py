"""Days are sealed in order; fiscal periods close in order and send late facts to the open day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from gbese.apps.bookkeeping import locks, queries, services
from gbese.apps.identity import queries as identity
from gbese.apps.identity.audit import values_of
from gbese.core.ledger import JournalEntry, fiscal_period_of

if TYPE_CHECKING:
    from gbese.apps.identity.acts import Act

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
OPEN_DAY = date(2026, 3, 16)
Acts = Callable[..., "Act"]


def test_a_cut_seals_the_day_and_opens_the_next(acts: Acts) -> None:
    first = services.cut_day(day=OPEN_DAY, act=acts())
    assert (first.number, first.day) == (1, OPEN_DAY)
    assert services.cut_day(day=OPEN_DAY, act=acts(login="timur")) == first
    day = queries.open_day()
    assert (day.open_day, day.cut_number, day.last_cut_day) == (date(2026, 3, 17), 1, OPEN_DAY)
    assert queries.cuts() == (first,)
    assert queries.cut_of(OPEN_DAY) == first
    assert queries.cut_of(date(2026, 3, 17)) is None


@pytest.mark.parametrize("day", [date(2026, 3, 15), date(2026, 3, 17)])
def test_only_the_open_day_is_cut(day: date, acts: Acts) -> None:
    with pytest.raises(services.DayNotOpen) as refused:
        services.cut_day(day=day, act=acts())
    assert refused.value.facts == {"day": day, "open_day": OPEN_DAY}
    assert queries.open_day().cut_number == 0


def test_a_lock_needs_a_transaction() -> None:
    with locks.transaction.atomic():
        assert locks.book_day_shared().open_day == OPEN_DAY
        assert locks.book_day_exclusive().open_day == OPEN_DAY


def test_a_closed_period_takes_no_entry(acts: Acts, interest: Callable[..., JournalEntry]) -> None:
    january, in_january = date(2026, 1, 31), date(2026, 1, 10)
    services.post(entries=[interest(1, posting_date=january)], source="s", act=acts())
    before = queries.trial_balance(january)
    for _ in range(2):
        assert services.close_fiscal_period(day=in_january, act=acts()) == fiscal_period_of(january)
    with pytest.raises(services.PeriodClosed) as refused:
        services.post(entries=[interest(1, posting_date=january)], source="s", act=acts())
    assert refused.value.facts == {"period": "2026-01", "posting_date": january}
    late = queries.booking_points(in_january)[0]
    assert (late.as_of, late.posting_date) == (january, OPEN_DAY)
    services.post(
        entries=[interest(1, posting_date=OPEN_DAY, value_date=in_january)], source="s", act=acts()
    )
    assert queries.trial_balance(january) == before
    assert queries.entry(2).is_late


def test_periods_close_in_order_when_they_are_over(acts: Acts) -> None:
    with pytest.raises(services.EarlierPeriodOpen) as refused:
        services.close_fiscal_period(day=date(2026, 2, 1), act=acts())
    assert refused.value.facts == {"period": "2026-02", "earlier": "2026-01"}
    with pytest.raises(services.PeriodNotOver):
        services.close_fiscal_period(day=OPEN_DAY, act=acts())
    services.close_fiscal_period(day=date(2026, 1, 1), act=acts())
    services.close_fiscal_period(day=date(2026, 2, 1), act=acts())
    assert [(str(row.period), row.is_closed) for row in queries.fiscal_periods()] == [
        ("2026-03", False),
        ("2026-02", True),
        ("2026-01", True),
    ]


def test_periods_reopen_from_the_last(acts: Acts) -> None:
    services.close_fiscal_period(day=date(2026, 1, 1), act=acts())
    services.close_fiscal_period(day=date(2026, 2, 1), act=acts())
    with pytest.raises(services.LaterPeriodClosed):
        services.reopen_fiscal_period(day=date(2026, 1, 1), reason="audit", act=acts())
    services.reopen_fiscal_period(day=date(2026, 2, 1), reason="audit", act=acts())
    with pytest.raises(services.PeriodOpen):
        services.reopen_fiscal_period(day=date(2026, 2, 1), reason="audit", act=acts())
    assert queries.closed_periods() == {fiscal_period_of(date(2026, 1, 1))}


def test_a_cut_writes_the_head_of_the_journal_into_the_audit_trail(
    acts: Acts, interest: Callable[..., JournalEntry]
) -> None:
    services.post(entries=[interest(1)], source="s", act=acts())
    services.cut_day(day=OPEN_DAY, act=acts())
    (told,) = identity.audit_records(subject="day:2026-03-16", limit=None)
    head = queries.journal_head()
    assert told.what == "day.cut"
    assert values_of(told.after) == {
        "cut": "1",
        "journal_number": "1",
        "journal_hash": head.entry_hash,
    }
