from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from gbese.apps.bookkeeping import locks
from gbese.apps.bookkeeping.errors import DayNotOpen
from gbese.apps.bookkeeping.models import BookDay, DayCut
from gbese.apps.bookkeeping.queries import DayCutRow, journal_head
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit


@transaction.atomic
def cut_day(*, day: date, act: Act) -> DayCutRow:
    """Seal a day and open the next: short, and alone with the book's day.

    Facts recorded before it are of this day's knowledge; those after it find the day closed,
    whether or not its entries are written.

    Returns:
        The cut; the same one when the day was sealed before.

    Raises:
        BooksNotSetUp: there is no entity yet.
        DayNotOpen: the day is after the open day, or was before the books.
    """
    held = locks.book_day_exclusive()
    if day < held.open_day:
        cut = DayCut.objects.filter(entity_id=held.entity, day=day).first()
        if cut is None:
            raise DayNotOpen(day=day, open_day=held.open_day)
        return DayCutRow(cut.number, cut.day, cut.recorded_at, cut.login)
    if day > held.open_day:
        raise DayNotOpen(day=day, open_day=held.open_day)
    cut = DayCut.objects.create(
        entity_id=held.entity,
        number=held.cut_number + 1,
        day=day,
        recorded_at=act.recorded_at,
        login=act.login,
        request_id=act.request_id,
    )
    BookDay.objects.filter(entity_id=held.entity).update(
        open_day=day + timedelta(days=1), cut_number=cut.number
    )
    head = journal_head()
    record_audit(
        act=act,
        what="day.cut",
        subject=f"day:{day}",
        before={},
        after={
            "cut": str(cut.number),
            "journal_number": str(head.number),
            "journal_hash": head.entry_hash,
        },
    )
    return DayCutRow(cut.number, cut.day, cut.recorded_at, cut.login)
