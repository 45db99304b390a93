"""What a payment settled, part by part, and why so much of each claim."""

from __future__ import annotations

from datetime import date

from gbese.core.derivations.accruals import claim_step, principal_not_due
from gbese.core.derivations.balances import movement
from gbese.core.derivations.interest import pending_interest
from gbese.core.derivations.steps import added, as_name, elsewhere, event_fact, leaf, less, worked
from gbese.core.derivations.subject import Subject, money_of
from gbese.core.derivations.tree import About, Derivation, Figure, Formula
from gbese.core.projections.rows import Cause, Step, adds, settles
from gbese.core.servicing.events import Component, Received

Placed = tuple[int, Step]


def parts_of(subject: Subject, payment: Received) -> list[Placed]:
    """What the payment has settled by the date, in order, with the place of each step."""
    return [
        (place, step)
        for place, step in enumerate(subject.steps)
        if step.event == payment.number and step.cause in {Cause.PAID, Cause.RECOVERED}
    ]


def payment_step(subject: Subject, payment: Received) -> Derivation:
    """What became of a payment: its parts and what is left of it."""
    parts = [
        elsewhere(
            step.cause.value,
            step.amount,
            Figure(f"payment.{payment.number}.{number}", subject.on),
            about=money_of(step),
        )
        for number, (_, step) in enumerate(parts_of(subject, payment), start=1)
    ]
    left = payment.amount.minor - sum(step.amount for _, step in parts_of(subject, payment))
    if left:
        place = Figure(f"payment.{payment.number}.left", subject.on)
        parts.append(elsewhere("left_of_payment", left, place))
    about = About(day=payment.value_date)
    return added("received", parts, figure=payment.amount.minor, about=about)


def part_step(subject: Subject, payment: Received, number: int) -> Derivation:
    """One part of a payment: the least of what was left of it, instructed, and owed."""
    placed = parts_of(subject, payment)
    place, step = placed[number - 1]
    limits = [_left_before(subject, payment, placed[: number - 1], place)]
    instructed = _instructed(payment, [before for _, before in placed[:number]])
    if instructed is not None:
        limits.append(instructed)
    if step.cause is Cause.PAID:
        limits.append(_asked(subject, place, step))
    if len(limits) == 1:
        return as_name(limits[0], step.cause.value)
    return worked(
        step.cause.value, Formula.SMALLEST, limits, figure=step.amount, about=money_of(step)
    )


def _left_before(
    subject: Subject, payment: Received, earlier: list[Placed], place: int
) -> Derivation:
    """What was left of the payment when it came to a claim."""
    fact = event_fact(payment.number)
    received = leaf("received", payment.amount.minor, fact, about=About(day=payment.value_date))
    used = [movement(subject, step) for _, step in earlier]
    used += [
        leaf("refunded", amount, event_fact(event), about=About(day=day))
        for event, day, amount in _refunds_of(subject, payment, before=place)
    ]
    return less("left_of_payment", received, *used)


def _refunds_of(subject: Subject, payment: Received, *, before: int) -> list[tuple[int, date, int]]:
    """What was paid back of a payment's money; the money that has waited longest goes first."""
    waiting: dict[int, int] = {}
    found: list[tuple[int, date, int]] = []
    for step in subject.steps[:before]:
        if step.cause is Cause.RECEIVED:
            waiting[step.event] = waiting.get(step.event, 0) + step.amount
        elif step.cause in {Cause.PAID, Cause.RECOVERED}:
            waiting[step.event] = waiting.get(step.event, 0) - step.amount
        elif step.cause is Cause.REFUNDED:
            left = step.amount
            for event, money in waiting.items():
                back = min(left, max(money, 0))
                waiting[event] -= back
                left -= back
                if back and event == payment.number:
                    found.append((step.event, step.day, back))
    return found


def _instructed(payment: Received, parts: list[Step]) -> Derivation | None:
    """What is left of the instruction that the last of some parts follows; None if by the order."""
    instructions = list(payment.instruction)
    limit: Derivation | None = None
    for step in parts:
        limit = None
        if step.day != payment.value_date:
            continue
        while instructions and (
            instructions[0][0] is not step.component or not instructions[0][1].minor
        ):
            instructions.pop(0)
        if instructions:
            component, left = instructions[0]
            fact = event_fact(payment.number)
            about = About(component=component.value)
            limit = leaf("instructed", left.minor, fact, about=about)
            left_after = type(left)(max(left.minor - step.amount, 0), left.currency)
            instructions[0] = (component, left_after)
    return limit


def _asked(subject: Subject, place: int, step: Step) -> Derivation:
    """What was owed of a claim when a payment came to it."""
    assert step.component is not None  # noqa: S101 - a payment settles a component
    before = subject.steps[:place]
    if step.owed:
        if step.component is Component.PENALTY:
            return _penalty_asked(subject, before, step)
        return _owed_place(subject, before, step)
    if step.component is Component.PRINCIPAL:
        return principal_not_due(subject, step.day, before=place - 1)
    return pending_interest(subject, step.day, before=place - 1, claim=None)


def _owed_place(subject: Subject, before: tuple[Step, ...], step: Step) -> Derivation:
    of_it = [one for one in before if one.owed == step.owed and one.component is step.component]
    due = added(
        "fell_due",
        [movement(subject, one) for one in of_it if one.cause is Cause.DUE],
        about=money_of(step),
    )
    settled = [movement(subject, one) for one in of_it if settles(one.component, one.cause)]
    return less("asked", due, *settled, about=money_of(step))


def _penalty_asked(subject: Subject, before: tuple[Step, ...], step: Step) -> Derivation:
    key = (Component.PENALTY, step.claim)
    parts = [claim_step(subject, key, step.day)] if key in subject.loan.segments else []
    parts += [
        movement(subject, one)
        for one in before
        if one.component is Component.PENALTY
        and adds(one.component, one.cause)
        and (one.owed == step.owed if one.event else one.claim == step.claim)
    ]
    settled = [
        movement(subject, one)
        for one in before
        if one.component is Component.PENALTY
        and settles(one.component, one.cause)
        and one.owed == step.owed
    ]
    return less("asked", added("accrued", parts), *settled, about=money_of(step))
