"""Differences of a position → the lines and entries they book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.ledger import (
    AccountClass,
    AccountKey,
    BookingPoint,
    Direction,
    EntryKind,
    JournalEntry,
    Line,
    journal_entry,
)
from gbese.core.money import Currency, Money
from gbese.core.posting import borrowing, lending
from gbese.core.posting.roles import (
    BORROWER_ACCOUNTS,
    LENDER_ACCOUNTS,
    NoPostingRule,
    PostingRule,
    SideAccounts,
)
from gbese.core.projections.rows import Cause
from gbese.core.servicing.events import Component

Differences = Mapping[tuple[Component | None, Cause], int]

# An entry tells one story; causes that only make sense together are netted into one entry.
_STORIES: tuple[tuple[EntryKind, frozenset[Cause]], ...] = (
    (EntryKind.OPENING, frozenset({Cause.OPENED})),
    (EntryKind.DRAWDOWN, frozenset({Cause.DRAWN, Cause.WITHHELD})),
    (EntryKind.ACCRUAL, frozenset({Cause.ACCRUED})),
    (EntryKind.ADJUSTMENT, frozenset({Cause.ADJUSTED})),
    (EntryKind.CAPITALISATION, frozenset({Cause.CAPITALISED})),
    (EntryKind.WAIVER, frozenset({Cause.WAIVED})),
    (
        EntryKind.REPAYMENT,
        frozenset({Cause.RECEIVED, Cause.PAID, Cause.REFUNDED, Cause.RECOVERED}),
    ),
    (EntryKind.WRITE_OFF, frozenset({Cause.WRITTEN_OFF})),
)
_ALL_IN_ONE = ((EntryKind.OPENING, frozenset().union(*(causes for _, causes in _STORIES))),)
_KINDS = {cause: kind for kind, causes in _STORIES for cause in causes}
_CASH_CAUSES = frozenset({Cause.RECEIVED, Cause.REFUNDED, Cause.RECOVERED})
_SIDES: Mapping[Side, tuple[SideAccounts, Mapping[Cause, PostingRule]]] = {
    Side.LENDER: (LENDER_ACCOUNTS, lending.RULES),
    Side.BORROWER: (BORROWER_ACCOUNTS, borrowing.RULES),
}
_RESTATING: Mapping[Side, tuple[PostingRule, PostingRule]] = {
    Side.LENDER: (lending.increased, lending.decreased),
    Side.BORROWER: (borrowing.increased, borrowing.decreased),
}


def entries_of(
    differences: Differences,
    *,
    side: Side,
    term_class: TermClass,
    currency: Currency,
    value_date: date,
    point: BookingPoint,
    loan_number: str,
) -> tuple[JournalEntry, ...]:
    """The entries that book how a loan's position changed: one for each story it tells.

    Args:
        differences: how much each cumulative total moved, by component and cause, in minor units;
            cash causes have no component. A negative difference books the opposite.
        side: whose books.
        term_class: of the contract; chooses the account of the loan.
        currency: of the differences.
        value_date: the day the difference counts from.
        point: which period it concerns and on which day it is booked. What arose before the books
            began is taken over as balances, against opening balances.
        loan_number: the contract behind it; empty in a summary of many.

    Returns:
        At most one entry for each kind, in the order of a loan's day; one opening entry for what
        arose before the books; none where nothing moved.

    Raises:
        NoPostingRule: a component has no rule for its cause.
    """
    entries: list[JournalEntry] = []
    for kind, causes in _ALL_IN_ONE if point.is_before_books else _STORIES:
        movements: dict[tuple[AccountKey, str], int] = defaultdict(int)
        for line in _lines(differences, causes, side, term_class, currency):
            account, component = line.account, line.component
            if point.is_before_books and not is_carried_forward(account):
                account, component = AccountKey.OPENING_BALANCES, ""
            movements[account, component] += line.signed_minor
        lines = _netted(movements, currency)
        if lines:
            entries.append(
                journal_entry(
                    value_date,
                    lines,
                    posting_date=point.posting_date,
                    concerns=point.concerns,
                    kind=kind,
                    subledger=loan_number,
                )
            )
    return tuple(entries)


def ledger_movements(
    differences: Differences, *, side: Side, term_class: TermClass
) -> dict[tuple[AccountKey, str], int]:
    """What differences add to each account and component, in minor units, debit positive.

    The totals of a position given as differences are what the ledger must show of the loan.
    """
    movements: dict[tuple[AccountKey, str], int] = defaultdict(int)
    for _, causes in _STORIES:
        for line in _lines(differences, causes, side, term_class, _ANY_CURRENCY):
            movements[line.account, line.component] += line.signed_minor
    return {place: minor for place, minor in movements.items() if minor}


def kind_of(cause: Cause) -> EntryKind | None:
    """The kind of entry that books a cause; None for one that books nothing."""
    return _KINDS.get(cause)


def is_carried_forward(account: AccountKey) -> bool:
    """Whether the account takes over a balance from before the books: claims, debts, advances."""
    return account is not AccountKey.CASH and account.account_class in {
        AccountClass.ASSET,
        AccountClass.LIABILITY,
    }


_ANY_CURRENCY = Currency("XXX", 0)


def _lines(
    differences: Differences,
    causes: frozenset[Cause],
    side: Side,
    term_class: TermClass,
    currency: Currency,
) -> Iterator[Line]:
    accounts, rules = _SIDES[side]
    for (component, cause), minor in differences.items():
        if cause not in causes or not minor:
            continue
        if (component is None) is not (cause in _CASH_CAUSES):
            raise NoPostingRule(component=component, cause=cause)
        if component is Component.PRINCIPAL:
            if cause is Cause.ACCRUED:
                raise NoPostingRule(component=component, cause=cause)
            if cause is Cause.CAPITALISED:
                continue  # booked by the claim that joined principal
        amount = Money(abs(minor), currency)
        if cause is Cause.ADJUSTED:
            increased, decreased = _RESTATING[side]
            rule = increased if minor > 0 else decreased
            yield from rule(amount, accounts.of(component, term_class))
            continue
        lines = rules[cause](amount, accounts.of(component, term_class))
        yield from lines if minor > 0 else map(_turned, lines)


def _turned(line: Line) -> Line:
    return Line(line.account, line.direction.opposite, line.amount, line.component)


def _netted(
    movements: Mapping[tuple[AccountKey, str], int], currency: Currency
) -> tuple[Line, ...]:
    """Debits first, then credits, each in the order the rules name them."""
    lines = [
        Line(
            account,
            Direction.DEBIT if minor > 0 else Direction.CREDIT,
            Money(abs(minor), currency),
            component,
        )
        for (account, component), minor in movements.items()
        if minor
    ]
    return tuple(sorted(lines, key=lambda line: line.direction is Direction.CREDIT))
