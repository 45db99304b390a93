"""Dates, amounts and cycles of a contract with cycles, in the engine's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from gbese.core.calendars.business_days import EVERY_DAY, Calendar
from gbese.core.calendars.cycles import Cycle
from gbese.core.calendars.frequencies import AT_MATURITY
from gbese.core.calendars.periods import StubKind
from gbese.core.money import Currency, Money, Rounding, round_money
from tests.conformance.adapters.date_schedule import frequency_of
from tests.conformance.cases import Document

CALENDARS = {"none": EVERY_DAY, "monday_to_friday": Calendar("monday_to_friday")}


def day_of(stamp: str) -> date:
    """The day of a stamp; one a second before midnight is that day's end."""
    return date.fromisoformat(stamp.partition("T")[0])


def is_end_of_day(stamp: str) -> bool:
    return stamp.endswith("T23:59:59")


def begins(terms: Mapping[str, str]) -> date:
    """When the engine takes up the contract: at the exchange, or at the status after it."""
    return max(day_of(terms["initial_exchange_date"]), day_of(terms["status_date"]))


def is_taken_over(terms: Mapping[str, str]) -> bool:
    return day_of(terms["initial_exchange_date"]) <= day_of(terms["status_date"])


def money(terms: Document, name: str) -> Money | None:
    if terms.get(name) is None:
        return None
    currency = Currency(terms["currency"], 2).for_analysis()
    return round_money(Decimal(terms[name]), currency, Rounding.HALF_UP)


def calendar_of(terms: Document) -> Calendar:
    return CALENDARS[terms.get("calendar", "none")]


def cycle(terms: Document, event: str) -> Cycle | None:
    """From the anchor, or a period after the exchange; an anchor alone is one date."""
    anchor, every = terms.get(f"cycle_anchor_date_of_{event}"), terms.get(f"cycle_of_{event}")
    if anchor is None and every is None:
        return None
    if every is None:
        return Cycle(day_of(anchor), AT_MATURITY)
    frequency, stub = frequency_of(every["period"]), StubKind(every["stub"])
    if anchor is not None:
        return Cycle(day_of(anchor), frequency, stub)
    exchanged = Cycle(day_of(terms["initial_exchange_date"]), frequency, stub)
    return Cycle(exchanged.date_number(1, end_of_month=False), frequency, stub)
