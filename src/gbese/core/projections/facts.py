"""The facts of one loan, and those it shares with others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gbese.core.calendars.business_days import Calendar
from gbese.core.contracts.terms import Terms
from gbese.core.rates.reference import Fixings
from gbese.core.servicing.events import LoanEvent, Reversed

METHOD = "2"  # of the rules of calculation; a change that moves a figure gets a new name


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedFacts:
    """What many loans depend on: days off, and the fixings of one reference rate."""

    calendar: Calendar
    fixings: Fixings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanFacts:
    """The terms as first agreed, all events in the order of recording, and the shared facts.

    `open_ended_until` bounds the periods of a contract without maturity; it is its horizon.
    """

    terms: Terms
    events: tuple[LoanEvent, ...]
    shared: SharedFacts
    open_ended_until: date | None = None


def standing_events(events: Sequence[LoanEvent]) -> tuple[LoanEvent, ...]:
    """The events that count: by value date, then by order of recording.

    A reversed event never happened; a reversal that was itself reversed does not count either.
    """
    reversed_numbers: set[int] = set()
    for event in sorted(events, key=lambda event: -event.number):
        if isinstance(event, Reversed) and event.number not in reversed_numbers:
            reversed_numbers.add(event.reverses)
    standing = [
        event
        for event in events
        if event.number not in reversed_numbers and not isinstance(event, Reversed)
    ]
    return tuple(sorted(standing, key=lambda event: (event.value_date, event.number)))
