"""A loan in one currency, kept in the books of another.

A monetary item is carried at the closing rate; what a rate moves is an exchange difference and not
interest. Interest is translated at the rate of the day it is booked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from gbese.core.errors import Refusal

_MONTHS_A_YEAR = 12
_DAYS_A_YEAR = 365


class SettledMoreThanOwed(Refusal):
    """More of an item in foreign currency is settled than there is."""

    code = "settled_more_than_owed"


@dataclass(frozen=True, slots=True)
class MonetaryItem:
    """A debt or claim in foreign currency, and what the books carry it at."""

    units: Fraction = Fraction(0)  # of the foreign currency
    carried: Fraction = Fraction(0)  # in the currency of the books

    def with_more(self, units: Fraction, rate: Fraction) -> MonetaryItem:
        """The item grown by units that are recorded at the rate of their day."""
        return MonetaryItem(self.units + units, self.carried + units * rate)

    def revalued(self, rate: Fraction) -> MonetaryItem:
        """The same units at another rate.

        Source: IAS 21, 23(a) and 28.
        """
        return MonetaryItem(self.units, self.units * rate)

    def settled(self, units: Fraction, rate: Fraction) -> MonetaryItem:
        """What is left after units are paid at the rate of the day; the whole item is revalued.

        Raises:
            SettledMoreThanOwed: there are fewer units.
        """
        if units > self.units:
            raise SettledMoreThanOwed(owed=self.units, settled=units)
        return MonetaryItem(self.units - units, (self.units - units) * rate)


def difference_at(item: MonetaryItem, rate: Fraction) -> Fraction:
    """What carrying an item at another rate moves; a rise is a debtor's loss, a lender's gain."""
    return item.revalued(rate).carried - item.carried


class ForeignEvent(StrEnum):
    """What is booked of a loan in foreign currency; losses are a borrower's."""

    LOAN_RECOGNISED = "loan_recognised"
    INTEREST_ACCRUED = "interest_accrued"
    EXCHANGE_LOSS_PRINCIPAL = "exchange_loss_principal"
    EXCHANGE_LOSS_ACCRUED_INTEREST = "exchange_loss_accrued_interest"
    INTEREST_EXPENSE = "interest_expense_of_the_period"
    INTEREST_PAID = "interest_paid_cash"
    PRINCIPAL_PAID = "principal_paid_cash"


@dataclass(frozen=True, slots=True)
class ForeignEntry:
    """An amount booked on a day, in the currency of the books; unrounded."""

    day: date
    event: ForeignEvent
    amount: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignLoan:
    """A loan repaid at once, with interest by whole months on days of the year.

    Days are (month, day). Interest since the last payment is accrued at each `year_end`.
    """

    principal: Fraction
    nominal_rate: Fraction
    drawn_on: date
    repaid_on: date
    interest_days: frozenset[tuple[int, int]]
    year_end: tuple[int, int]


def foreign_loan_entries(
    loan: ForeignLoan, rates: Mapping[date, Fraction]
) -> tuple[ForeignEntry, ...]:
    """What is booked of the loan on each day a rate is given for, ascending.

    A borrower's: at a year end the interest so far is accrued at that day's rate, and principal is
    revalued. When interest is paid, what the period cost is translated at the rate of the day, and
    what had been accrued is revalued: that difference is of exchange, not of interest.

    Source: IAS 21, 21 to 23 and 28 to 29.
    """
    entries: list[ForeignEntry] = []
    principal = MonetaryItem().with_more(loan.principal, rates[loan.drawn_on])
    accrued, counted_from = MonetaryItem(), loan.drawn_on
    entries.append(ForeignEntry(loan.drawn_on, ForeignEvent.LOAN_RECOGNISED, principal.carried))
    for day in sorted(rates):
        if not loan.drawn_on < day <= loan.repaid_on:
            continue
        place, rate = (day.month, day.day), rates[day]
        pays, ends_year = place in loan.interest_days, place == loan.year_end
        if not pays and not ends_year:
            continue
        earned = loan.principal * loan.nominal_rate * _years(counted_from, day)
        counted_from = day
        moved: list[tuple[ForeignEvent, Fraction]] = []
        if pays:
            moved += [
                (ForeignEvent.INTEREST_EXPENSE, earned * rate),
                (ForeignEvent.EXCHANGE_LOSS_ACCRUED_INTEREST, difference_at(accrued, rate)),
                (ForeignEvent.INTEREST_PAID, (accrued.units + earned) * rate),
            ]
            accrued = MonetaryItem()
        else:
            moved += [
                (ForeignEvent.EXCHANGE_LOSS_ACCRUED_INTEREST, difference_at(accrued, rate)),
                (ForeignEvent.INTEREST_ACCRUED, earned * rate),
            ]
            accrued = accrued.revalued(rate).with_more(earned, rate)
        if ends_year or day == loan.repaid_on:
            moved.append((ForeignEvent.EXCHANGE_LOSS_PRINCIPAL, difference_at(principal, rate)))
            principal = principal.revalued(rate)
        if day == loan.repaid_on:
            moved.append((ForeignEvent.PRINCIPAL_PAID, principal.carried))
        entries += [ForeignEntry(day, event, amount) for event, amount in moved if amount]
    return tuple(entries)


def indexed_payment(units: Fraction, rate: Fraction) -> Fraction:
    """What is paid, in the currency of the ledger, for units fixed in another at the day's rate."""
    return units * rate


def index_difference(units: Fraction, *, rate: Fraction, issue_rate: Fraction) -> Fraction:
    """What indexation adds to principal repaid: its units at the day's rate less at the issue's."""
    return units * (rate - issue_rate)


def _years(start: date, end: date) -> Fraction:
    """Whole months, to the nearest, over twelve."""
    months = round(Fraction((end - start).days * _MONTHS_A_YEAR, _DAYS_A_YEAR))
    return Fraction(months, _MONTHS_A_YEAR)
