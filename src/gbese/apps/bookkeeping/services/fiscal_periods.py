from __future__ import annotations

from datetime import date

from django.db import transaction

from gbese.apps.bookkeeping import locks, queries
from gbese.apps.bookkeeping.errors import (
    EarlierPeriodOpen,
    LaterPeriodClosed,
    PeriodNotOver,
    PeriodOpen,
)
from gbese.apps.bookkeeping.models import FiscalPeriodState
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.core.ledger import FiscalPeriod, fiscal_period_of


@transaction.atomic
def close_fiscal_period(*, day: date, act: Act) -> FiscalPeriod:
    """Close the fiscal period of a day: it takes no entries any more, late facts go to a later one.

    Closing it twice is the same as once.

    Raises:
        BooksNotSetUp: there is no entity yet.
        PeriodNotOver: a day of it is not sealed yet.
        EarlierPeriodOpen: the period before it is open.
    """
    held = locks.book_day_exclusive()
    period = fiscal_period_of(day)
    if period.end >= held.open_day:
        raise PeriodNotOver(period=str(period), open_day=held.open_day)
    closed = queries.closed_periods()
    if period in closed:
        return period
    before = fiscal_period_of(date.fromordinal(period.start.toordinal() - 1))
    if before.end >= queries.entity().books_from and before not in closed:
        raise EarlierPeriodOpen(period=str(period), earlier=str(before))
    _change(held.entity, period, is_closed=True, act=act)
    record_audit(
        act=act,
        what="fiscal_period.closed",
        subject=f"fiscal_period:{period}",
        before={"state": "open"},
        after={"state": "closed", "journal_hash": queries.journal_head().entry_hash},
    )
    return period


@transaction.atomic
def reopen_fiscal_period(*, day: date, reason: str, act: Act) -> FiscalPeriod:
    """Let a closed fiscal period take entries again.

    Raises:
        BooksNotSetUp: there is no entity yet.
        PeriodOpen: it is not closed.
        LaterPeriodClosed: a later period is closed; periods are reopened from the last.
    """
    held = locks.book_day_exclusive()
    period = fiscal_period_of(day)
    closed = queries.closed_periods()
    if period not in closed:
        raise PeriodOpen(period=str(period))
    if (last := max(closed)) != period:
        raise LaterPeriodClosed(period=str(period), later=str(last))
    _change(held.entity, period, is_closed=False, act=act)
    record_audit(
        act=act,
        what="fiscal_period.reopened",
        subject=f"fiscal_period:{period}",
        before={"state": "closed"},
        after={"state": "open", "reason": reason},
    )
    return period


def _change(entity: int, period: FiscalPeriod, *, is_closed: bool, act: Act) -> None:
    FiscalPeriodState.objects.update_or_create(
        entity_id=entity,
        period_end=period.end,
        defaults={
            "period_start": period.start,
            "is_closed": is_closed,
            "changed_at": act.recorded_at,
            "changed_by": act.login,
        },
    )
