"""The claims of a loan at a date, component by component: overdue, due today, not due yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gbese.core.money import Currency, Money, total
from gbese.core.projections.position import Position, overdue
from gbese.core.projections.rows import Projection
from gbese.core.servicing.events import Component


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One component of the debt: all of it, and how much is overdue, due today, not yet due."""

    component: Component
    owed: Money
    overdue: Money
    due_today: Money
    not_due: Money


def claims_on(projection: Projection, now: Position) -> tuple[ClaimRow, ...]:
    """The claims of a position; the three parts of each add up to what is owed."""
    late = overdue(projection, now.on)
    return tuple(_claim(component, now, late) for component in Component)


def to_pay(claims: Iterable[ClaimRow], currency: Currency) -> Money:
    """All that is overdue or falls due on the date."""
    return total((claim.overdue + claim.due_today for claim in claims), currency)


def _claim(component: Component, now: Position, late: dict[Component, int]) -> ClaimRow:
    owed, fallen = now.owed(component), now.fallen_due(component)
    overdue_amount = Money(late[component], now.currency)
    return ClaimRow(
        component=component,
        owed=owed,
        overdue=overdue_amount,
        due_today=fallen - overdue_amount,
        not_due=owed - fallen,
    )
