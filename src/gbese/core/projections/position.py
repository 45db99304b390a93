"""A loan on a date: cumulative totals by component and cause, and what is read off them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gbese.core.accruals.claims import Segment
from gbese.core.money import Currency, Money, round_minor, zero
from gbese.core.projections.rows import (
    Cause,
    Interval,
    IntervalKind,
    Life,
    Projection,
    adds,
    settles,
)
from gbese.core.servicing.events import Component

TotalKey = tuple[Component | None, Cause]
_SCHEDULED = (Component.PRINCIPAL, Component.INTEREST, Component.FEE)


@dataclass(frozen=True, slots=True)
class Position:
    """The cumulative totals of one loan at the end of `on`, in minor units."""

    on: date
    currency: Currency
    totals: Mapping[TotalKey, int]
    life: Life
    oldest_unpaid: date | None
    is_restructured: bool
    interest_payable: int = 0  # accrued since the last period ended: payable at once

    def total(self, component: Component | None, cause: Cause) -> Money:
        """One cumulative total."""
        return Money(self.totals.get((component, cause), 0), self.currency)

    def owed(self, component: Component) -> Money:
        """What is owed of a component, whether it has fallen due or not."""
        added = sum(self._amounts(component, adds))
        return Money(added - sum(self._amounts(component, settles)), self.currency)

    def fallen_due(self, component: Component) -> Money:
        """What has fallen due by the date, today included, and is unsettled."""
        if component is Component.PENALTY:
            return self.owed(component)
        due = self.totals.get((component, Cause.DUE), 0)
        if component is Component.INTEREST:
            due += self.interest_payable
        return Money(due - sum(self._amounts(component, settles)), self.currency)

    @property
    def outstanding(self) -> Money:
        """Principal drawn and not yet repaid."""
        return self.owed(Component.PRINCIPAL)

    @property
    def debt(self) -> Money:
        """All claims together: principal, interest, fees and penalties."""
        amounts = sum(self.owed(component).minor for component in Component)
        return Money(amounts, self.currency)

    @property
    def unallocated(self) -> Money:
        """Money received that has met no claim and was not paid back."""
        used = sum(self.totals.get((component, Cause.PAID), 0) for component in Component)
        cash = self.totals.get((None, Cause.RECEIVED), 0)
        back = self.totals.get((None, Cause.REFUNDED), 0)
        recovered = self.totals.get((None, Cause.RECOVERED), 0)
        return Money(cash - used - back - recovered, self.currency)

    @property
    def pay_off(self) -> Money:
        """What ends the loan on the date: the debt, less what was paid and settles nothing yet."""
        return max(self.debt - self.unallocated, zero(self.currency))

    @property
    def days_past_due(self) -> int:
        """Days since the oldest due date with something unpaid; 0 if there is none."""
        return max((self.on - self.oldest_unpaid).days, 0) if self.oldest_unpaid else 0

    def _amounts(
        self, component: Component, counts: Callable[[Component | None, Cause], bool]
    ) -> Iterator[int]:
        return (
            amount
            for (moved, cause), amount in self.totals.items()
            if moved is component and counts(component, cause)
        )


@dataclass(frozen=True, slots=True)
class InstalmentState:
    """What one due date asked for and what has been settled of it, by component, minor units."""

    claim: int
    due_date: date
    due: Mapping[Component, int]
    settled: Mapping[Component, int]

    @property
    def left(self) -> int:
        """What is still to pay of it, penalties apart."""
        return sum(self.due.values()) - sum(self.settled.values())


def position(projection: Projection, on: date) -> Position:
    """The loan at the end of a date, read off its projection by adding up.

    Source: total(D) = steps up to D + per claim round(sum of base x rate x units(D)).
    """
    intervals = [interval for interval in projection.intervals if _holds(interval, on)]
    facts = {interval.kind: interval.fact for interval in intervals}
    oldest = facts.get(IntervalKind.OLDEST_UNPAID)
    return Position(
        on=on,
        currency=projection.currency,
        totals=totals(projection, on),
        life=Life(facts.get(IntervalKind.LIFE, Life.UNDRAWN)),
        oldest_unpaid=date.fromisoformat(oldest) if oldest else None,
        is_restructured=IntervalKind.RESTRUCTURED in facts,
        interest_payable=interest_payable(projection, on),
    )


def totals(projection: Projection, on: date) -> dict[TotalKey, int]:
    """The cumulative totals at the end of a date, without those that are zero."""
    summed: dict[TotalKey, int] = {}
    for step in projection.steps:
        if step.day > on:
            break
        key = (step.component, step.cause)
        summed[key] = summed.get(key, 0) + step.amount
    for (component, _), exact in accrued_by_claim(projection.segments, on).items():
        rounded = round_minor(*exact, projection.rounding)
        key = (component, Cause.ACCRUED)
        summed[key] = summed.get(key, 0) + rounded
    return {key: amount for key, amount in summed.items() if amount}


def interest_payable(projection: Projection, on: date) -> int:
    """Interest that accrued after the last period and has not been made due by a settlement."""
    payable = [
        segment
        for segment in projection.segments
        if segment.claim < 0 and segment.component is Component.INTEREST
    ]
    if not payable:
        return 0
    by_claim = accrued_by_claim(payable, on)
    accrued = sum(round_minor(*exact, projection.rounding) for exact in by_claim.values())
    return accrued - sum(
        step.amount
        for step in projection.steps
        if step.day <= on
        and step.claim < 0
        and step.component is Component.INTEREST
        and step.cause is Cause.DUE
    )


def instalment_states(projection: Projection, on: date) -> tuple[InstalmentState, ...]:
    """The schedule's instalments that have fallen due by a date, oldest first."""
    due: dict[int, tuple[date, dict[Component, int]]] = {}
    settled: dict[int, dict[Component, int]] = {}
    for step in projection.steps:
        if step.day > on:
            break
        if step.claim <= 0 or step.component is None or step.component is Component.PENALTY:
            continue
        if step.cause is Cause.DUE:
            _, amounts = due.setdefault(step.claim, (step.day, {}))
            amounts[step.component] = amounts.get(step.component, 0) + step.amount
        elif settles(step.component, step.cause):
            amounts = settled.setdefault(step.claim, {})
            amounts[step.component] = amounts.get(step.component, 0) + step.amount
    return tuple(
        InstalmentState(claim, due_date, amounts, settled.get(claim, {}))
        for claim, (due_date, amounts) in due.items()
    )


def overdue(projection: Projection, on: date) -> dict[Component, int]:
    """What fell due before the date and is unpaid, by component, minor units.

    A penalty is payable from the day it is charged: all that is owed of it is overdue.
    """
    fell_due = dict.fromkeys(_SCHEDULED, 0)
    taken_over = {step.event for step in projection.steps if step.cause is Cause.OPENED}
    for step in projection.steps:
        if step.day > on:
            break
        if step.component not in fell_due:
            continue
        if step.cause is Cause.DUE and (step.day < on or step.event in taken_over):
            fell_due[step.component] += step.amount
        elif settles(step.component, step.cause):
            fell_due[step.component] -= step.amount
    fell_due[Component.INTEREST] += interest_payable(projection, on)
    fell_due[Component.PENALTY] = position(projection, on).owed(Component.PENALTY).minor
    return {component: max(amount, 0) for component, amount in fell_due.items()}


def accrued_by_claim(
    segments: Sequence[Segment], on: date
) -> dict[tuple[Component, int], tuple[int, int]]:
    """What each claim has accrued, as numerator and denominator in minor units."""
    accrued: dict[tuple[Component, int], tuple[int, int]] = {}
    for segment in segments:
        if segment.start < on:
            key = (segment.component, segment.claim)
            part, unit = segment.numerator(on), segment.denominator
            before, shared = accrued.get(key, (0, unit))
            if shared == unit:
                accrued[key] = (before + part, unit)
            else:
                accrued[key] = (before * unit + part * shared, shared * unit)
    return accrued


def _holds(interval: Interval, on: date) -> bool:
    return interval.start <= on and (interval.end is None or on < interval.end)
