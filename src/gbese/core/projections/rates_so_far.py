"""The rates a loan has cost so far, each from its day, as terms, new rates and fixings tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gbese.core.contracts.terms import Terms
from gbese.core.projections.facts import standing_events
from gbese.core.projections.rows import Projection
from gbese.core.servicing.events import Amended, Component, LoanEvent, RateSet


@dataclass(frozen=True, slots=True)
class RateFrom:
    """The nominal rate from a day on, a fraction of one a year."""

    start: date
    rate: Decimal


def rates_so_far(
    terms: Terms, events: Sequence[LoanEvent], projection: Projection, on: date
) -> tuple[RateFrom, ...]:
    """The rates up to a date, oldest first; the last is the one in force.

    Args:
        terms: as first agreed.
        events: all of the loan, in the order of recording.
        projection: in force; it tells the rates of a reference, which the terms do not.
        on: the date.

    Returns:
        One row for each change. None where the rate is not known at all.
    """
    agreed = [(terms.interest_from, terms.rate.fixed, bool(terms.rate.reference))]
    for event in sorted(standing_events(events), key=lambda event: event.value_date):
        match event:
            case RateSet(value_date=day, rate=rate):
                agreed.append((day, rate, False))
            case Amended(value_date=day, terms=new):
                agreed.append((day, new.rate.fixed, bool(new.rate.reference)))
            case _:
                pass
    told: list[RateFrom] = []
    for place, (start, fixed, floats) in enumerate(agreed):
        if start > on:
            break
        end = agreed[place + 1][0] if place + 1 < len(agreed) else None
        rows = _floating(projection, start, end) if floats else _fixed(start, fixed)
        for row in rows:
            if row.start <= on and (not told or told[-1].rate != row.rate):
                told.append(row)
    return tuple(told)


def _fixed(start: date, rate: Decimal | None) -> list[RateFrom]:
    return [] if rate is None else [RateFrom(start, rate)]


def _floating(projection: Projection, start: date, end: date | None) -> list[RateFrom]:
    """The rates interest runs at from a day until another, as the projection has them."""
    running = sorted(
        (
            (segment.start, Decimal(segment.rate_numerator) / Decimal(segment.rate_denominator))
            for segment in projection.segments
            if segment.component is Component.INTEREST and segment.start >= start
        ),
    )
    return [RateFrom(day, rate) for day, rate in running if end is None or day < end]
