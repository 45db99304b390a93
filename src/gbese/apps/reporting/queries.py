"""Reports over the whole portfolio at a date, computed from the loans' columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from gbese.apps.lending import queries as lending
from gbese.apps.lending.queries import Portfolio
from gbese.apps.parties.queries import party_names
from gbese.apps.rates.currencies import currency_of
from gbese.columns.terms_left import split_by_term
from gbese.core.contracts.terms import Side
from gbese.core.money import Currency, Money
from gbese.core.status.term import TermPolicy


class GroupBy(StrEnum):
    """By whom debts are added up."""

    LENDER = "lender"
    BORROWER = "borrower"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """The principal of a group of loans at a reporting date, in one currency, divided by term."""

    party: int
    party_name: str
    side: Side
    currency: Currency
    loans: int
    long_term: Money
    short_term: Money
    overdue_principal: Money
    outstanding: Money


@dataclass(frozen=True, slots=True)
class LadderBand:
    """Principal falling due in a stretch of time, in one currency; `end` None is open."""

    start: date
    end: date | None
    amount: Money


def debt_by_term(
    *, on: date, policy: TermPolicy, group_by: GroupBy, side: Side | None
) -> tuple[TermRow, ...]:
    """Principal outstanding at a reporting date by party, divided into long- and short-term.

    As now known. Loans without principal outstanding are left out; of each currency the largest
    groups come first.
    """
    loans = lending.portfolio(side)
    split = split_by_term(
        loans.principal,
        on,
        policy=policy,
        is_long_by_contract=loans.is_long_by_contract,
        maturity=loans.maturity,
    )
    outstanding = split.long_term + split.short_term + split.overdue
    groups: dict[tuple[int, Side, str], list[int]] = {}
    parties = loans.lender if group_by is GroupBy.LENDER else loans.borrower
    for place in np.flatnonzero(outstanding).tolist():
        key = (int(parties[place]), loans.side[place], loans.currency[place])
        groups.setdefault(key, []).append(place)
    names = party_names({party for party, _, _ in groups})
    long_term, short_term = split.long_term.tolist(), split.short_term.tolist()
    overdue = split.overdue.tolist()
    rows = [
        _term_row(
            party,
            names[party],
            side_kept,
            currency_of(code),
            long_term=_added(long_term, places),
            short_term=_added(short_term, places),
            overdue_principal=_added(overdue, places),
            loans=len(places),
        )
        for (party, side_kept, code), places in groups.items()
    ]
    return tuple(sorted(rows, key=lambda row: (row.currency.code, -row.outstanding.minor)))


def maturity_ladder(
    *, on: date, band_ends: Sequence[date], side: Side
) -> dict[Currency, tuple[LadderBand, ...]]:
    """Principal that falls due after a date, in bands, by currency.

    Args:
        on: the reporting date; the first band starts after it.
        band_ends: the last day of each band, ascending; one more band follows without an end.
        side: whose books.
    """
    loans = lending.portfolio(side)
    starts = [on, *band_ends]
    ends = [*band_ends, None]
    columns = [
        loans.principal.due_between(start, end).tolist()
        for start, end in zip(starts, ends, strict=True)
    ]
    return {
        (currency := currency_of(code)): tuple(
            LadderBand(start, end, Money(_added(column, places), currency))
            for start, end, column in zip(starts, ends, columns, strict=True)
        )
        for code, places in _by_currency(loans).items()
    }


def _by_currency(loans: Portfolio) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, code in enumerate(loans.currency):
        places.setdefault(code, []).append(place)
    return places


def _added(column: Sequence[int], places: Sequence[int]) -> int:
    """Whole numbers without a limit: a sum over loans may need more than 64 bits."""
    return sum(column[place] for place in places)


def _term_row(
    party: int,
    name: str,
    side: Side,
    currency: Currency,
    *,
    long_term: int,
    short_term: int,
    overdue_principal: int,
    loans: int,
) -> TermRow:
    return TermRow(
        party=party,
        party_name=name,
        side=side,
        currency=currency,
        loans=loans,
        long_term=Money(long_term, currency),
        short_term=Money(short_term, currency),
        overdue_principal=Money(overdue_principal, currency),
        outstanding=Money(long_term + short_term + overdue_principal, currency),
    )
