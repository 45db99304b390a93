"""A loan's projection changes → what was booked of it changes → entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.ledger import BookingPoint, JournalEntry
from gbese.core.posting.booking import entries_of
from gbese.core.projections.position import totals as totals_on
from gbese.core.projections.rows import Cause, Projection
from gbese.core.servicing.events import Component

Totals = Mapping[tuple[Component | None, Cause], int]
_NOTHING: Totals = {}


def entries_of_change(
    old: Projection | None,
    new: Projection | None,
    *,
    side: Side,
    term_class: TermClass,
    value_date: date,
    points: Sequence[BookingPoint],
    loan_number: str,
) -> tuple[JournalEntry, ...]:
    """The entries that take the books from one version of a loan to the next.

    At each point the difference is taken between what the two versions should have booked by then;
    what an earlier point booked is left out of the later ones. They add up to new booked less old.

    Args:
        old: the stored version; None when the loan is new.
        new: the version that supersedes it; None when the loan is taken out again.
        side: whose books.
        term_class: of the contract.
        value_date: of the fact that made the new version.
        points: from `booking_points`, in order, the open day last.
        loan_number: of the loan.
    """
    currency = (new or old or _missing()).currency
    entries: list[JournalEntry] = []
    before: Counter[tuple[Component | None, Cause]] = Counter()
    for point in points:
        by_now = Counter(booked(new, point))
        by_now.subtract(booked(old, point))
        moved = Counter(by_now)
        moved.subtract(before)
        entries += entries_of(
            moved,
            side=side,
            term_class=term_class,
            currency=currency,
            value_date=value_date,
            point=point,
            loan_number=loan_number,
        )
        before = by_now
    return tuple(entries)


def booked(projection: Projection | None, point: BookingPoint) -> Totals:
    """What should be booked of a loan by a point, cumulative, in minor units.

    Up to the last cut it is the position; on the open day, the position at the last cut and the
    movements recorded on the open day.
    """
    if projection is None:
        return _NOTHING
    if not point.is_open_day:
        return bookable_totals(projection, point.as_of)
    totals = Counter(bookable_totals(projection, point.as_of - timedelta(days=1)))
    totals.update(movements_recorded_on(projection, point.as_of))
    return totals


def bookable_totals(projection: Projection, day: date) -> Totals:
    """The totals at the end of a day, or at the horizon where the day lies beyond it."""
    horizon = projection.horizon
    return totals_on(projection, day if horizon is None else min(day, horizon))


def movements_recorded_on(projection: Projection, day: date) -> Totals:
    """What the events valued on a day move by themselves, accruals left out; in minor units.

    An event's value date is the day of its first step. Money paid in advance that meets its due
    date on a later day is moved by that day's close, not by the receipt.
    """
    begun: set[int] = set()
    moved: Counter[tuple[Component | None, Cause]] = Counter()
    for step in projection.steps:
        if step.day > day:
            break
        if step.day < day:
            begun.add(step.event)
        elif step.event and step.event not in begun:
            moved[step.component, step.cause] += step.amount
    return moved


def booked_by_close(projection: Projection, day: date) -> Totals:
    """What the close of a day books: all the loan moved that day but what was recorded on it."""
    moved = Counter(bookable_totals(projection, day))
    moved.subtract(bookable_totals(projection, day - timedelta(days=1)))
    moved.subtract(movements_recorded_on(projection, day))
    return {place: minor for place, minor in moved.items() if minor}


def _missing() -> Projection:
    message = "a change needs a projection before it or after it"
    raise AssertionError(message)
