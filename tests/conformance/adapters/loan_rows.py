"""The schedule of a published loan, row by row; on one day what is drawn goes first."""

from __future__ import annotations

from collections.abc import Iterator

from gbese.core.money import Money
from gbese.core.servicing.progressive.readings import ScheduleRow, schedule
from tests.conformance.adapters.loan_steps import Told
from tests.conformance.cases import Document, difference

COLUMNS = {"due": "asked"}  # named otherwise by us


def compare_schedule(told: Told, step: Document) -> Iterator[str | None]:
    """The differences of a schedule from ours."""
    rows = sorted(schedule(told.history.loan), key=lambda row: (row.due, row.number is not None))
    expected = sorted(
        (dict(zip(step["columns"], cells, strict=True)) for cells in step["rows"]),
        key=lambda row: (row["date"], row["period"] is not None),
    )
    yield difference("rows of the schedule", len(expected), len(rows))
    for wanted, row in zip(expected, rows, strict=False):
        name = f"row {wanted['period']} of {wanted['date']}"
        yield difference(f"{name} date", wanted["date"], row.due.isoformat())
        if row.number is None:
            yield money_difference(told, f"{name} balance", wanted["balance"], row.balance)
            continue
        met = row.met_on.isoformat() if row.met_on else None
        yield difference(f"{name} paid on", wanted["paid_date"], met)
        for column, cell in wanted.items():
            if column not in {"period", "days", "date", "paid_date"} and cell is not None:
                yield money_difference(told, f"{name} {column}", cell, _cell(row, column))


def _cell(row: ScheduleRow, column: str) -> int:
    minor = getattr(row, COLUMNS.get(column, column))
    assert isinstance(minor, int)
    return minor


def money_difference(told: Told, name: str, expected: str, minor: int) -> str | None:
    """How two amounts differ, if they do."""
    return difference(name, told.money(expected), Money(minor, told.terms.currency))
