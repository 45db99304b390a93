"""Long-term or short-term, by the contract's original term."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from gbese.core.contracts.terms import Terms


class TermClass(StrEnum):
    """How long the contract was agreed for."""

    SHORT = "short_term"  # up to twelve months, or repayable on demand
    LONG = "long_term"


def term_class(terms: Terms) -> TermClass:
    """Short-term up to twelve months from the day interest starts, else long-term.

    A loan without maturity is repayable on demand, so it is short-term.

    Source: accounting policy, "Long-term and short-term": by the contract's original term.
    """
    if terms.maturity_date is None or terms.maturity_date <= _year_after(terms.interest_from):
        return TermClass.SHORT
    return TermClass.LONG


def _year_after(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)
