"""A change before it is saved, as a person compares it: figures, what is settled, entries, plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.lending.services import Change
from gbese.core.ledger import Direction
from gbese.core.money import Currency, Money, zero
from gbese.core.projections.position import Position
from gbese.core.projections.rows import Cause, Projection
from gbese.core.servicing.events import Component
from gbese.interfaces.web import wording
from gbese.interfaces.web.lending.new_loan import SchedulePreview, preview_of


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure before and after."""

    name: str
    before: Money
    after: Money

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of an entry, in the entity's own codes; one of the two amounts is given."""

    code: str
    name: str
    debit: Money | None
    credit: Money | None


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry that is posted, or would be: then it has no number yet."""

    posting_date: date
    lines: tuple[EntryLine, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A loan before and after a fact."""

    open_day: date
    figures: tuple[FigureChange, ...]
    days_late_before: int
    days_late_after: int
    settled: tuple[FigureChange, ...]
    entries: tuple[ShownEntry, ...]
    plan: SchedulePreview
    is_plan_changed: bool


def shown(change: Change) -> ShownChange:
    """The change as the preview tells it."""
    currency = change.new.currency
    return ShownChange(
        open_day=change.open_day,
        figures=_figures(change.before, change.after),
        days_late_before=change.before.days_past_due,
        days_late_after=change.after.days_past_due,
        settled=_settled(change.before, change.after, currency),
        entries=_entries(change),
        plan=preview_of(change.new, change.old),
        is_plan_changed=_plan(change.old) != _plan(change.new),
    )


def _figures(before: Position, after: Position) -> tuple[FigureChange, ...]:
    figures = [FigureChange(wording.word("figure", "debt"), before.debt, after.debt)]
    figures += [
        FigureChange(
            wording.word("component", component), before.owed(component), after.owed(component)
        )
        for component in Component
    ]
    figures.append(
        FigureChange(wording.word("figure", "unallocated"), before.unallocated, after.unallocated)
    )
    return tuple(one for one in figures if one.before or one.after)


def _settled(before: Position, after: Position, currency: Currency) -> tuple[FigureChange, ...]:
    """What more is paid of each component than before: what a payment settles."""
    rows = (
        FigureChange(
            wording.word("component", component),
            zero(currency),
            after.total(component, Cause.PAID) - before.total(component, Cause.PAID),
        )
        for component in Component
    )
    return tuple(row for row in rows if row.after)


def _entries(change: Change) -> tuple[ShownEntry, ...]:
    accounts = bookkeeping.accounts()
    found = []
    for entry in change.entries:
        lines = []
        for line in entry.lines:
            account = accounts.get(line.account)
            is_debit = line.direction is Direction.DEBIT
            lines.append(
                EntryLine(
                    code=account.code if account else line.account.value,
                    name=account.name if account else "",
                    debit=line.amount if is_debit else None,
                    credit=None if is_debit else line.amount,
                )
            )
        found.append(ShownEntry(entry.posting_date, tuple(lines)))
    return tuple(found)


def _plan(projection: Projection | None) -> tuple[tuple[date, int], ...]:
    if projection is None:
        return ()
    return tuple((row.due_date_adjusted, row.due) for row in projection.plan)
