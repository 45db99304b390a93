"""Long-term or short-term: by the contract, by the days left, by what falls due within a year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gbese.core.calendars.frequencies import add_months
from gbese.core.contracts.term_classes import TermClass
from gbese.core.projections.position import Position
from gbese.core.projections.position import overdue as overdue_amounts
from gbese.core.projections.rows import Cause, Projection
from gbese.core.servicing.events import Component

_SHORT_TERM_MONTHS = 12
DAYS_LEFT_MAX = 365


class TermPolicy(StrEnum):
    """How a debt is divided at a reporting date."""

    ORIGINAL_TERM = "original_term"  # by the contract's repayment period; never transferred
    DAYS_LEFT = "days_left"  # short-term once 365 days or fewer remain
    REPORTING_DATE = "reporting_date"  # by what falls due within twelve months of the date


@dataclass(frozen=True, slots=True)
class TermSplit:
    """Principal outstanding at a date, in minor units: what is long-term, short-term, overdue.

    The three add up to the outstanding principal. What is overdue is current, shown apart.
    """

    long_term: int
    short_term: int
    overdue: int


def split_by_term(
    projection: Projection,
    position: Position,
    *,
    policy: TermPolicy,
    by_contract: TermClass,
    maturity_date: date | None,
) -> TermSplit:
    """Divide the outstanding principal of one loan at the position's date.

    Source: (a) original term and (b) 365 days left: ledger policies of the CIS; (c) IAS 1.69-76,
    IFRS 18 from 2027: due within twelve months after the reporting date is current.
    """
    outstanding = position.outstanding.minor
    overdue = min(
        overdue_amounts(projection, position.on)[Component.PRINCIPAL], max(outstanding, 0)
    )
    rest = outstanding - overdue
    match policy:
        case TermPolicy.ORIGINAL_TERM:
            is_long = by_contract is TermClass.LONG
            return TermSplit(rest if is_long else 0, 0 if is_long else rest, overdue)
        case TermPolicy.DAYS_LEFT:
            days_left = (maturity_date - position.on).days if maturity_date else 0
            is_long = by_contract is TermClass.LONG and days_left > DAYS_LEFT_MAX
            return TermSplit(rest if is_long else 0, 0 if is_long else rest, overdue)
        case TermPolicy.REPORTING_DATE:
            if maturity_date is None:
                return TermSplit(0, rest, overdue)
            later = min(max(_due_after(projection, twelve_months_after(position.on)), 0), rest)
            return TermSplit(later, rest - later, overdue)


def split_of_dues(dues: Iterable[tuple[date, int]], on: date) -> TermSplit:
    """Divide principal that falls due after a reporting date, given as days and minor units.

    Source: IAS 1, 69(c): due within twelve months is current.
    """
    horizon = twelve_months_after(on)
    coming = [(day, due) for day, due in dues if day > on]
    return TermSplit(
        long_term=sum(due for day, due in coming if day > horizon),
        short_term=sum(due for day, due in coming if day <= horizon),
        overdue=0,
    )


def twelve_months_after(day: date) -> date:
    """The last day that counts as within twelve months of a reporting date."""
    return add_months(day, _SHORT_TERM_MONTHS, day=day.day)


def maturity_ladder(projection: Projection, on: date, band_ends: Sequence[date]) -> tuple[int, ...]:
    """Principal still to fall due after a date, by bands; minor units.

    Args:
        projection: of the loan.
        on: the reporting date.
        band_ends: the last day of each band, ascending; one more band follows without an end.
    """
    bands = [0] * (len(band_ends) + 1)
    for step in projection.steps:
        if step.component is Component.PRINCIPAL and step.cause is Cause.DUE and step.day > on:
            place = next(
                (index for index, end in enumerate(band_ends) if step.day <= end),
                len(band_ends),
            )
            bands[place] += step.amount
    return tuple(bands)


def _due_after(projection: Projection, day: date) -> int:
    return sum(
        step.amount
        for step in projection.steps
        if step.component is Component.PRINCIPAL and step.cause is Cause.DUE and step.day > day
    )
