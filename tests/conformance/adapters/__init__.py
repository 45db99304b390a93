"""One adapter per kind of case: it reads the terms, calls the engine, compares, and never computes.

`ADAPTERS[kind](case)` returns the first difference, or None; it raises `Unsupported` where the
engine has no such method.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.conformance.adapters import contract_events, date_schedule, due_dates, year_fraction
from tests.conformance.cases import Case

ADAPTERS: dict[str, Callable[[Case], str | None]] = {
    "contract_events": contract_events.run,
    "year_fraction": year_fraction.run,
    "date_schedule": date_schedule.run,
    "due_dates": due_dates.run,
}
