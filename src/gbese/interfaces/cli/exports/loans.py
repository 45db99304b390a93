"""Every loan as it stands on the open day, by number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from gbese.apps.bookkeeping import queries as books
from gbese.apps.lending.queries import LoanFilter, LoanOrder, loan_rows
from gbese.interfaces.cli.exports import Row

COLUMNS = (
    "loan",
    "on",
    "side",
    "lender",
    "borrower",
    "currency",
    "status",
    "days_past_due",
    "has_penalties",
    "is_restructured",
    "has_assumptions",
    "outstanding",
    "overdue",
    "undrawn",
    "next_due_date",
    "next_due",
    "maturity_date",
    "term_class",
    "current_part",
    "noncurrent_part",
    "nominal_rate",
    "effective_rate",
)


def rows() -> Iterator[Row]:
    if not books.has_entity():
        return
    on = books.open_day().open_day.isoformat()
    for row in loan_rows(LoanFilter(), order=LoanOrder.NUMBER, descending=False):
        yield (
            row.loan_number,
            on,
            row.side.value,
            row.lender_name,
            row.borrower_name,
            row.currency.code,
            row.status.value,
            str(row.days_past_due),
            _yes_or_no(is_so=row.has_penalties),
            _yes_or_no(is_so=row.is_restructured),
            _yes_or_no(is_so=row.has_assumptions),
            row.outstanding.plain(),
            row.overdue.plain(),
            row.undrawn.plain(),
            _day(row.next_due_date),
            None if row.next_due is None else row.next_due.plain(),
            _day(row.maturity_date),
            row.term_class.value,
            row.current_part.plain(),
            row.noncurrent_part.plain(),
            _rate(row.nominal_rate),
            _rate(row.effective_rate),
        )


def _yes_or_no(*, is_so: bool) -> str:
    return "yes" if is_so else "no"


def _rate(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate:f}"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
