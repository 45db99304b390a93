"""A loan's projection changes → what was booked of it changes → entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.ledger import BookingPoint, JournalEntry
from gbese.core.posting.booking import entries_of
from gbese.core.projections.position import TotalKey, totals
from gbese.core.projections.rows import Projection


def entries_of_change(
    old: Projection | None,
    new: Projection | None,
    *,
    side: Side,
    term_class: TermClass,
    value_date: date,
    points: Sequence[BookingPoint],
    loan_number: str,
    first_unbooked: date | None = None,
) -> tuple[JournalEntry, ...]:
    """The entries that take the books from one version of a loan to the next.

    At each point the difference is taken between what the two versions should have booked by then;
    what an earlier point booked is left out of the later ones. They add up to new − old booked.

    Args:
        old: the stored version; None when the loan is new.
        new: the version that supersedes it; None when the loan is taken out again.
        side: whose books.
        term_class: of the contract.
        value_date: of the fact that made the new version. What it changes in a later period has
            the day of that point as its value date.
        points: from `booking_points`, in order, the open day last.
        loan_number: of the loan.
        first_unbooked: since when the loan is set aside and its days are not booked; None for
            others.
    """
    currency = (new or old or _missing()).currency
    entries: list[JournalEntry] = []
    before: Counter[TotalKey] = Counter()
    for point in points:
        by_now = Counter(booked(new, point, first_unbooked=first_unbooked))
        by_now.subtract(booked(old, point, first_unbooked=first_unbooked))
        moved = Counter(by_now)
        moved.subtract(before)
        entries += entries_of(
            moved,
            side=side,
            term_class=term_class,
            currency=currency,
            value_date=value_date if value_date in point.concerns else point.as_of,
            point=point,
            loan_number=loan_number,
        )
        before = by_now
    return tuple(entries)


def booked(
    projection: Projection | None, point: BookingPoint, *, first_unbooked: date | None = None
) -> Mapping[TotalKey, int]:
    """What should be booked of a loan by a point, cumulative, in minor units.

    Up to the last cut it is the position; on the open day, the position at the last cut and the
    movements recorded on the open day. Of a loan set aside it is the position before the first
    day that was not booked, and the movements recorded since.
    """
    if projection is None:
        return {}
    evaluated = point.as_of - timedelta(days=1) if point.is_open_day else point.as_of
    if first_unbooked is not None:
        evaluated = min(evaluated, first_unbooked - timedelta(days=1))
    summed = Counter(bookable(projection, evaluated))
    summed.update(movements_recorded(projection, after=evaluated, until=point.as_of))
    return summed


def bookable(projection: Projection, day: date) -> Mapping[TotalKey, int]:
    """The totals at the end of a day as far as they may be booked.

    Beyond the horizon figures are expected: only what was recorded is added to those of its day.
    """
    horizon = projection.horizon
    if horizon is None or day <= horizon:
        return totals(projection, day)
    summed = Counter(totals(projection, horizon))
    summed.update(movements_recorded(projection, after=horizon, until=day))
    return summed


def movements_recorded(
    projection: Projection, *, after: date, until: date
) -> Mapping[TotalKey, int]:
    """What events valued after one day and until another moved on their own value date.

    Accruals are left out. An event's value date is the day of its first step: money paid in
    advance that meets its due date on a later day is moved by that day's close, not by the receipt.
    """
    begun: dict[int, date] = {}
    moved: Counter[TotalKey] = Counter()
    for step in projection.steps:
        if step.day > until:
            break
        if not step.event or begun.setdefault(step.event, step.day) != step.day:
            continue
        if step.day > after:
            moved[step.component, step.cause] += step.amount
    return moved


def booked_by_close(
    projection: Projection, day: date, *, first_unbooked: date | None = None
) -> Mapping[TotalKey, int]:
    """What the close of a day books of a loan: all it moved that day but what was recorded on it.

    Of a loan that was set aside it is all since `first_unbooked`. Zeros are left out.
    """
    before = (first_unbooked or day) - timedelta(days=1)
    moved = Counter(bookable(projection, day))
    moved.subtract(bookable(projection, before))
    moved.subtract(movements_recorded(projection, after=before, until=day))
    return {place: minor for place, minor in moved.items() if minor}


def _missing() -> Projection:
    message = "a change needs a projection before it or after it"
    raise AssertionError(message)
