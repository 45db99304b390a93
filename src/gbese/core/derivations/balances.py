"""What is owed of each component, what of it has fallen due, is overdue, or waits unallocated."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from gbese.core.derivations.accruals import claim_elsewhere
from gbese.core.derivations.ceilings import is_rest, rest_step
from gbese.core.derivations.steps import (
    added,
    elsewhere,
    event_fact,
    leaf,
    less,
    not_below_zero,
    worked,
)
from gbese.core.derivations.subject import Subject, money_of
from gbese.core.derivations.tree import About, Derivation, Figure, Formula
from gbese.core.projections.position import overdue
from gbese.core.projections.rows import Cause, Step, adds, settles
from gbese.core.servicing.events import Component, Received

_NO_PLACE = 0


def owed(subject: Subject, component: Component) -> Derivation:
    """What came to a component, less what settled it."""
    about = About(component=component.value)
    came = [by_cause(subject, component, cause) for cause in Cause if adds(component, cause)]
    went = [by_cause(subject, component, cause) for cause in Cause if settles(component, cause)]
    gone = added("went", [part for part in went if part.parts], about=about)
    parts = [part for part in came if part.parts]
    return worked("owed", Formula.LESS, (added("came", parts, about=about), gone), about=about)


def by_cause(subject: Subject, component: Component, cause: Cause) -> Derivation:
    """All that moved a component for one cause, claim by claim and event by event."""
    parts: list[Derivation] = []
    if cause is Cause.ACCRUED:
        parts += [
            claim_elsewhere(subject, (component, number), subject.on)
            for number in sorted(subject.loan.claims_begun(component, subject.on), key=abs)
        ]
    parts += [
        movement(subject, step)
        for step in subject.steps
        if step.component is component and step.cause is cause
    ]
    return added(cause.value, parts, about=About(component=component.value))


def cash(subject: Subject, cause: Cause) -> Derivation:
    """Cash that came or went back, event by event."""
    steps = [step for step in subject.steps if step.component is None and step.cause is cause]
    return added(cause.value, [movement(subject, step) for step in steps])


def movement(subject: Subject, step: Step) -> Derivation:
    """One movement, from the event behind it or from the terms."""
    if is_rest(step):
        return rest_step(subject, step)
    fact = subject.loan.behind(step)
    return leaf(
        step.cause.value,
        step.amount,
        fact,
        elsewhere=_explained_at(subject, step),
        about=money_of(step),
    )


def fallen_due(subject: Subject, component: Component) -> Derivation:
    """What has fallen due by the date and is unsettled, by what fell due when."""
    about = About(component=component.value)
    if component is Component.PENALTY:
        figure = subject.position.owed(component).minor
        return elsewhere("owed", figure, Figure(component.value, subject.on), about=about)
    figure = subject.position.fallen_due(component).minor
    parts = _unsettled(subject, component, lambda _: True)
    return added("fallen_due", parts, figure=figure, about=about)


def overdue_step(subject: Subject, component: Component) -> Derivation:
    """What fell due before the date and is unsettled; penalties are overdue once owed."""
    about = About(component=component.value)
    if component is Component.PENALTY:
        return fallen_due(subject, component)
    parts = _unsettled(
        subject,
        component,
        lambda step: step.day < subject.on or step.event in subject.loan.taken_over,
    )
    found = not_below_zero(added("overdue", parts, about=about))
    figure = overdue(subject.loan.projection, subject.on)[component]
    return worked("overdue", found.formula, found.parts, figure=figure, about=about)


def overdue_in_all(subject: Subject) -> Derivation:
    """All that is overdue."""
    late = overdue(subject.loan.projection, subject.on)
    parts = [
        elsewhere(
            "overdue",
            amount,
            Figure(f"{component.value}.overdue", subject.on),
            about=About(component=component.value),
        )
        for component, amount in late.items()
    ]
    return added("overdue", parts)


def due_today(subject: Subject, component: Component) -> Derivation:
    """What falls due on the date itself."""
    return _less_elsewhere(subject, component, "due_today", "due", "overdue")


def not_due(subject: Subject, component: Component) -> Derivation:
    """What is owed and has not fallen due."""
    return _less_elsewhere(subject, component, "not_due", "owed", "due")


def debt(subject: Subject) -> Derivation:
    """All components together."""
    parts = [
        elsewhere(
            "owed",
            subject.position.owed(component).minor,
            Figure(component.value, subject.on),
            about=About(component=component.value),
        )
        for component in Component
    ]
    return added("debt", parts, figure=subject.position.debt.minor)


def to_pay(subject: Subject) -> Derivation:
    """All that is overdue or falls due on the date."""
    parts = [
        elsewhere(
            "fallen_due",
            subject.position.fallen_due(component).minor,
            Figure(f"{component.value}.due", subject.on),
            about=About(component=component.value),
        )
        for component in Component
    ]
    return added("to_pay", parts)


def pay_off(subject: Subject) -> Derivation:
    """What ends the loan on the date: the debt, less what was paid and settles nothing yet."""
    on, now = subject.on, subject.position
    rest = less(
        "pay_off",
        elsewhere("debt", now.debt.minor, Figure("debt", on)),
        elsewhere("unallocated", now.unallocated.minor, Figure("unallocated", on)),
    )
    found = not_below_zero(rest)
    return worked("pay_off", found.formula, found.parts, figure=now.pay_off.minor)


def unallocated(subject: Subject) -> Derivation:
    """Money received that has met no claim and was not paid back, payment by payment."""
    waiting = [
        elsewhere(
            "received_and_waiting",
            left,
            Figure(f"payment.{number}.left", subject.on),
            about=About(day=day),
        )
        if number
        else _expected(subject, left)
        for number, (day, left) in _left_of_payments(subject.steps).items()
        if left
    ]
    total = added("received_and_waiting", waiting)
    back = cash(subject, Cause.REFUNDED)
    figure = subject.position.unallocated.minor
    return less("unallocated", total, *([back] if back.parts else []), figure=figure)


def left_of_payment(subject: Subject, payment: Received) -> Derivation:
    """What of one payment has met no claim by the date."""
    steps = [step for step in subject.steps if step.event == payment.number]
    received = sum(step.amount for step in steps if step.cause is Cause.RECEIVED)
    fact = event_fact(payment.number)
    used = [
        movement(subject, step) for step in steps if step.cause in {Cause.PAID, Cause.RECOVERED}
    ]
    about = About(day=payment.value_date)
    total = leaf("received", received, fact, about=about)
    return worked("left_of_payment", Formula.LESS, (total, *used), about=about)


def _expected(subject: Subject, left: int) -> Derivation:
    """What is counted as paid by a loan known by statements, or given back by a correction."""
    fact = subject.loan.term("follows_statements", subject.on)
    return leaf("received_and_waiting", left, fact)


def _left_of_payments(steps: Iterable[Step]) -> dict[int, tuple[date, int]]:
    left: dict[int, tuple[date, int]] = {}
    for step in steps:
        sign = (step.cause is Cause.RECEIVED) - (step.cause in {Cause.PAID, Cause.RECOVERED})
        if sign:
            day, before = left.get(step.event, (step.day, 0))
            left[step.event] = (day, before + sign * step.amount)
    return left


def _unsettled(
    subject: Subject, component: Component, counts: Callable[[Step], bool]
) -> list[Derivation]:
    """What fell due, as far as it `counts`, less what was settled; each place that is not empty."""
    due: dict[int, list[Step]] = {}
    settled: dict[int, list[Step]] = {}
    for step in subject.steps:
        if step.component is not component:
            continue
        if step.cause is Cause.DUE and counts(step):
            due.setdefault(step.owed, []).append(step)
        elif settles(step.component, step.cause):
            settled.setdefault(step.owed, []).append(step)
    parts: list[Derivation] = []
    for place in dict.fromkeys((*due, *settled)):
        fell, went = due.get(place, []), settled.get(place, [])
        if sum(step.amount for step in fell) == sum(step.amount for step in went):
            continue
        parts.append(_unsettled_place(subject, fell, went))
    if component is Component.INTEREST and subject.position.interest_payable:
        parts.append(payable_interest(subject))
    return parts


def _unsettled_place(subject: Subject, fell: list[Step], went: list[Step]) -> Derivation:
    first = (fell or went)[0]
    due = added("fell_due", [movement(subject, step) for step in fell], about=money_of(first))
    gone = [movement(subject, step) for step in went]
    return worked("left_unpaid", Formula.LESS, (due, *gone), about=money_of(first))


def payable_interest(subject: Subject) -> Derivation:
    """Interest that accrued after the last period: payable at once."""
    interest = Component.INTEREST
    accrued = [
        claim_elsewhere(subject, (interest, number), subject.on)
        for number in subject.loan.claims_begun(interest, subject.on)
        if number < 0
    ]
    fell_due = [
        movement(subject, step)
        for step in subject.steps
        if step.claim < 0 and step.component is interest and step.cause is Cause.DUE
    ]
    total = added("interest_after_maturity", accrued)
    figure = subject.position.interest_payable
    return less("interest_payable", total, *fell_due, figure=figure)


def _less_elsewhere(
    subject: Subject, component: Component, name: str, first: str, second: str
) -> Derivation:
    figures = {
        "owed": (component.value, subject.position.owed(component).minor),
        "due": (f"{component.value}.due", subject.position.fallen_due(component).minor),
    }
    late = overdue(subject.loan.projection, subject.on)[component]
    figures["overdue"] = (f"{component.value}.overdue", late)
    about = About(component=component.value)
    names = {"owed": "owed", "due": "fallen_due", "overdue": "overdue"}
    parts = [
        elsewhere(names[one], figures[one][1], Figure(figures[one][0], subject.on), about=about)
        for one in (first, second)
    ]
    return worked(name, Formula.LESS, parts, about=about)


def _explained_at(subject: Subject, step: Step) -> Figure | None:
    """Where it is told why a movement is as large as it is."""
    if step.event in subject.loan.events and step.cause in {Cause.PAID, Cause.RECEIVED}:
        if isinstance(subject.loan.events[step.event], Received):
            return Figure(f"payment.{step.event}", subject.on)
        return None
    if step.cause is Cause.DUE and not step.event and step.claim in subject.loan.plan:
        assert step.component is not None  # noqa: S101 - what falls due has a component
        return Figure(f"{step.claim}.{step.component.value}", step.day)
    return None
