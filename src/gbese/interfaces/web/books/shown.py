"""Entries and balances as the pages show them: codes, names, a debit and a credit column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gbese.apps.bookkeeping.queries import AccountRow, BlockRow, CardLine, EntryRow, PeriodRow
from gbese.apps.closing.queries import ClosedDay, FindingOfDay
from gbese.core.ledger import (
    AccountKey,
    Direction,
    FiscalPeriod,
    TrialBalance,
    TrialBalanceRow,
)
from gbese.core.ledger.trial_balance import TrialBalanceTotal
from gbese.core.money import Money
from gbese.interfaces.web.books import wording

Accounts = Mapping[AccountKey, AccountRow]


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line: the amount stands in one of the two columns."""

    key: str
    code: str
    name: str
    component: str
    debit: Money | None
    credit: Money | None


@dataclass(frozen=True, slots=True)
class EntryShown:
    """An entry with its lines, debits first as they were booked."""

    row: EntryRow
    kind: str
    lines: tuple[LineShown, ...]


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One account of a trial balance."""

    code: str
    name: str
    row: TrialBalanceRow


@dataclass(frozen=True, slots=True)
class BalanceTable:
    """The trial balance of one currency, with its sums."""

    currency: str
    rows: tuple[BalanceRow, ...]
    total: TrialBalanceTotal


def entries(rows: Iterable[EntryRow], accounts: Accounts) -> list[EntryShown]:
    """Entries with the codes and names of the entity's accounts."""
    return [
        EntryShown(
            row=row,
            kind=wording.entry_kind(row.kind),
            lines=tuple(
                LineShown(
                    key=line.account.value,
                    code=wording.account_code(accounts, line.account),
                    name=wording.account_name(accounts, line.account),
                    component=line.component,
                    debit=line.amount if line.direction is Direction.DEBIT else None,
                    credit=line.amount if line.direction is Direction.CREDIT else None,
                )
                for line in row.lines
            ),
        )
        for row in rows
    ]


def balance_tables(balance: TrialBalance, accounts: Accounts) -> list[BalanceTable]:
    """A table for each currency, its accounts in the order of their codes."""
    return [
        BalanceTable(
            currency=total.currency.code,
            rows=tuple(
                sorted(
                    (
                        BalanceRow(
                            code=wording.account_code(accounts, row.account),
                            name=wording.account_name(accounts, row.account),
                            row=row,
                        )
                        for row in balance.rows
                        if row.currency == total.currency
                    ),
                    key=lambda shown: (shown.code, shown.row.account),
                )
            ),
            total=total,
        )
        for total in balance.totals()
    ]


@dataclass(frozen=True, slots=True)
class CardLineShown:
    """A line of an account card in two columns."""

    row: CardLine
    kind: str
    debit: Money | None
    credit: Money | None


@dataclass(frozen=True, slots=True)
class BlockShown:
    """What stands behind one part of a summary entry, in words."""

    row: BlockRow
    told: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DayShown:
    """A closed day."""

    day: date
    loans: int
    entries: int
    findings: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class PeriodShown:
    """A fiscal period, and whether it is the one that can be closed or opened again now."""

    period: FiscalPeriod
    is_closed: bool
    can_change: bool


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding in words."""

    subject: str
    day: date
    told: str


def card_lines(lines: Iterable[CardLine]) -> list[CardLineShown]:
    """Lines of an account card in two columns."""
    return [
        CardLineShown(
            row=line,
            kind=wording.entry_kind(line.kind),
            debit=line.amount if line.amount.minor > 0 else None,
            credit=-line.amount if line.amount.minor < 0 else None,
        )
        for line in lines
    ]


def blocks(rows: Iterable[BlockRow]) -> list[BlockShown]:
    """The parts of a summary entry in words."""
    return [
        BlockShown(row, wording.movement(row), Money(row.amount_sum, row.currency)) for row in rows
    ]


def days(rows: Iterable[ClosedDay]) -> list[DayShown]:
    """Closed days with what their work did in all."""
    return [
        DayShown(
            day=row.day,
            loans=max((step.loans for step in row.steps), default=0),
            entries=sum(step.entries for step in row.steps),
            findings=row.findings,
            is_complete=row.is_complete,
        )
        for row in rows
    ]


def periods(rows: Sequence[PeriodRow], last_cut_day: date) -> list[PeriodShown]:
    """Fiscal periods, newest first: the oldest open one can be closed, the last closed opened."""
    over = [row for row in rows if row.period.end <= last_cut_day]
    first_open = next((row for row in reversed(over) if not row.is_closed), None)
    last_closed = next((row for row in over if row.is_closed), None)
    return [
        PeriodShown(row.period, row.is_closed, can_change=row in (first_open, last_closed))
        for row in rows
    ]


def findings(rows: Iterable[FindingOfDay]) -> list[FindingShown]:
    """Findings in the words of the refusal behind them."""
    return [
        FindingShown(row.subject, row.day, wording.finding(row.code, row.facts)) for row in rows
    ]


@dataclass(frozen=True, slots=True)
class ChartRow:
    """An account of the chart: `part` is what it plays, in the reader's language."""

    key: str
    part: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ChartPart:
    """Accounts that stand together in the statements."""

    heading: str
    rows: tuple[ChartRow, ...]


def chart(accounts: Accounts) -> list[ChartPart]:
    """The chart by class of account, in the order of the keys."""
    return [
        ChartPart(
            heading=str(heading),
            rows=tuple(
                ChartRow(key.value, wording.part_name(key), row.code, row.name)
                for key, row in accounts.items()
                if key.account_class is account_class
            ),
        )
        for account_class, heading in wording.ACCOUNT_CLASSES.items()
    ]
