"""The trial balance: every account's opening balance, turnover and closing balance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gbese.core.ledger.accounts import AccountClass, AccountKey
from gbese.core.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Turnover:
    """Sums of one account in one currency, in minor units.

    `opening` is signed, debit positive; `debits` and `credits` are those of the time asked for.
    """

    account: AccountKey
    currency: Currency
    opening: int
    debits: int
    credits: int


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """One account in one currency. Balances are signed, debit positive."""

    account: AccountKey
    currency: Currency
    opening: Money
    debits: Money
    credits: Money
    closing: Money

    @property
    def closing_debit(self) -> Money:
        """The closing balance where it is a debit, else zero."""
        return Money(max(self.closing.minor, 0), self.currency)

    @property
    def closing_credit(self) -> Money:
        """The closing balance where it is a credit, else zero; positive."""
        return Money(max(-self.closing.minor, 0), self.currency)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Rows in the order of the chart, then of the currency. Balanced in every currency.

    Memorandum accounts are single-sided in some charts; they stand in the rows and are not summed.
    """

    rows: tuple[TrialBalanceRow, ...]

    def totals(self) -> tuple[TrialBalanceTotal, ...]:
        """One row per currency: all debits, all credits, the closing balances of each side."""
        currencies = sorted({row.currency for row in self.rows}, key=str)
        return tuple(self._total(currency) for currency in currencies)

    @property
    def is_balanced(self) -> bool:
        """Debits equal credits, in turnover and closing balances, in every currency."""
        return all(
            total.debits == total.credits and total.closing_debit == total.closing_credit
            for total in self.totals()
        )

    def _total(self, currency: Currency) -> TrialBalanceTotal:
        rows = [
            row
            for row in self.rows
            if row.currency == currency and row.account.account_class is not AccountClass.MEMO
        ]
        return TrialBalanceTotal(
            currency=currency,
            debits=Money(sum(row.debits.minor for row in rows), currency),
            credits=Money(sum(row.credits.minor for row in rows), currency),
            closing_debit=Money(sum(row.closing_debit.minor for row in rows), currency),
            closing_credit=Money(sum(row.closing_credit.minor for row in rows), currency),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalanceTotal:
    """The sums of one currency."""

    currency: Currency
    debits: Money
    credits: Money
    closing_debit: Money
    closing_credit: Money


_ORDER = {key: place for place, key in enumerate(AccountKey)}


def trial_balance(turnovers: Iterable[Turnover]) -> TrialBalance:
    """The trial balance of the sums of each account; accounts that never moved are left out.

    Args:
        turnovers: one per account and currency, in any order.
    """
    rows = [
        TrialBalanceRow(
            account=turnover.account,
            currency=turnover.currency,
            opening=Money(turnover.opening, turnover.currency),
            debits=Money(turnover.debits, turnover.currency),
            credits=Money(turnover.credits, turnover.currency),
            closing=Money(turnover.opening + turnover.debits - turnover.credits, turnover.currency),
        )
        for turnover in turnovers
        if turnover.opening or turnover.debits or turnover.credits
    ]
    rows.sort(key=lambda row: (_ORDER[row.account], row.currency.code))
    return TrialBalance(tuple(rows))
