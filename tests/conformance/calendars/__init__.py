"""Days off that a published case refers to by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gbese.core.calendars.business_days import Calendar
from tests.conformance.cases import Unsupported


def calendar(code: str) -> Calendar:
    """The calendar of that name; weekends are Saturday and Sunday."""
    file = Path(__file__).resolve().parent / f"{code}.txt"
    if not file.is_file():
        raise Unsupported(code)
    lines = file.read_text(encoding="utf-8").splitlines()
    days = (line for line in lines if not line.startswith("#"))
    return Calendar(code, holidays=frozenset(map(date.fromisoformat, days)))
