"""Rows held to the end of the transaction: the book's day first, then loans by number."""

from __future__ import annotations

from collections.abc import Sequence

from gbese.apps.lending.errors import LoanUnknown
from gbese.apps.lending.models import Loan


def loan(number: str) -> Loan:
    """Hold one loan.

    Raises:
        LoanUnknown: there is none with this number.
    """
    held = Loan.objects.select_for_update().filter(number=number, removed_at__isnull=True).first()
    if held is None:
        raise LoanUnknown(loan_number=number)
    return held


def loans_by_key(pks: Sequence[int]) -> Sequence[Loan]:
    """Hold loans by their keys, by number."""
    return list(Loan.objects.select_for_update().filter(pk__in=pks).order_by("number"))


def loans_of_source(source: str) -> Sequence[Loan]:
    """Hold all loans that one act opened, by number."""
    return list(
        Loan.objects.select_for_update()
        .filter(source=source, removed_at__isnull=True)
        .order_by("number")
    )


def loans_of_calendar(code: str) -> Sequence[Loan]:
    """Hold all loans whose due dates follow a calendar, by number."""
    return list(
        Loan.objects.select_for_update()
        .filter(calendar_code=code, removed_at__isnull=True)
        .order_by("number")
    )


def loans_of_series(series: str) -> Sequence[Loan]:
    """Hold all loans whose rate follows a reference series, by number."""
    return list(
        Loan.objects.select_for_update()
        .filter(reference_series=series, removed_at__isnull=True)
        .order_by("number")
    )
