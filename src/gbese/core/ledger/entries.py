"""Journal entries: balanced in every currency, never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gbese.core.errors import Refusal
from gbese.core.ledger.accounts import AccountKey
from gbese.core.ledger.fiscal_periods import FiscalPeriod
from gbese.core.money import Money


class UnbalancedEntry(Refusal):
    """Debits and credits of the entry differ in a currency, or it has no lines."""

    code = "unbalanced_entry"


class AnalysisNotBooked(Refusal):
    """The amount is counted in units of analysis, finer than the currency's money."""

    code = "analysis_not_booked"


class Direction(StrEnum):
    """Which side of an account a line stands on."""

    DEBIT = "debit"
    CREDIT = "credit"

    @property
    def sign(self) -> int:
        """Plus one for a debit, minus one for a credit."""
        return 1 if self is Direction.DEBIT else -1

    @property
    def opposite(self) -> Direction:
        """Credit for a debit, debit for a credit."""
        return Direction.CREDIT if self is Direction.DEBIT else Direction.DEBIT


class EntryKind(StrEnum):
    """What an entry books, as the day book names it."""

    OPENING = "opening"  # balances taken over from earlier books
    DRAWDOWN = "drawdown"
    ACCRUAL = "accrual"
    CAPITALISATION = "capitalisation"
    ADJUSTMENT = "adjustment"  # restated by the other side, or exchange
    WAIVER = "waiver"
    REPAYMENT = "repayment"
    WRITE_OFF = "write_off"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Line:
    """One part of an entry: an account, a direction, an amount above zero.

    `component` names the part of the sub-ledger the line belongs to; empty where there is none.
    """

    account: AccountKey
    direction: Direction
    amount: Money
    component: str = ""

    def __post_init__(self) -> None:
        if self.amount.minor <= 0:
            message = f"a line of {self.amount} on {self.account}"
            raise AssertionError(message)

    @property
    def signed_minor(self) -> int:
        """Minor units, debit positive."""
        return self.direction.sign * self.amount.minor


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """Lines that belong together and balance in every currency.

    `value_date` is the day the money counts from, `posting_date` the day in the books, `concerns`
    the fiscal period the figures belong to; it is an earlier one where a late fact is booked after
    its own period was closed. `subledger` names the contract behind the lines; empty in a summary
    of many.

    Raises:
        UnbalancedEntry: debits and credits differ in a currency, or there are no lines.
        AnalysisNotBooked: an amount is finer than money.
    """

    value_date: date
    posting_date: date
    concerns: FiscalPeriod
    kind: EntryKind
    lines: tuple[Line, ...]
    subledger: str = ""
    reverses: int | None = None  # the number of the entry this one turns round

    def __post_init__(self) -> None:
        if not self.lines:
            raise UnbalancedEntry(kind=self.kind, lines=0)
        sums: dict[str, int] = defaultdict(int)
        for line in self.lines:
            if line.amount.currency.is_for_analysis:
                raise AnalysisNotBooked(kind=self.kind, currency=line.amount.currency.code)
            sums[line.amount.currency.code] += line.signed_minor
        for currency, difference in sums.items():
            if difference:
                raise UnbalancedEntry(
                    kind=self.kind, currency=currency, difference_minor=difference
                )


def debit(account: AccountKey, amount: Money, component: str = "") -> Line:
    """A line on the debit side."""
    return Line(account, Direction.DEBIT, amount, component)


def credit(account: AccountKey, amount: Money, component: str = "") -> Line:
    """A line on the credit side."""
    return Line(account, Direction.CREDIT, amount, component)


def journal_entry(
    value_date: date,
    lines: Iterable[Line],
    *,
    posting_date: date,
    concerns: FiscalPeriod,
    kind: EntryKind,
    subledger: str = "",
) -> JournalEntry:
    """An entry of the lines given, in their order.

    Raises:
        UnbalancedEntry: debits and credits differ in a currency, or there are no lines.
    """
    return JournalEntry(
        value_date=value_date,
        posting_date=posting_date,
        concerns=concerns,
        kind=kind,
        lines=tuple(lines),
        subledger=subledger,
    )


def reversal(entry: JournalEntry, *, number: int, posting_date: date) -> JournalEntry:
    """The entry turned round: the same accounts and amounts on the other sides.

    Args:
        entry: what was booked.
        number: its number in the books.
        posting_date: the day the reversal is booked on; the value date stays.
    """
    return JournalEntry(
        value_date=entry.value_date,
        posting_date=posting_date,
        concerns=entry.concerns,
        kind=entry.kind,
        lines=tuple(
            Line(line.account, line.direction.opposite, line.amount, line.component)
            for line in entry.lines
        ),
        subledger=entry.subledger,
        reverses=number,
    )
