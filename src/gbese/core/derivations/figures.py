"""The figures of a loan by their addresses, each with its derivation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NoReturn

from gbese.core.contracts.terms import ScheduleKind
from gbese.core.derivations import balances, ceilings, plan, standing
from gbese.core.derivations.accruals import claim_step
from gbese.core.derivations.level import level_step, planning_of
from gbese.core.derivations.payments import part_step, parts_of, payment_step
from gbese.core.derivations.subject import LoanRows, Subject
from gbese.core.derivations.tree import Derivation
from gbese.core.errors import Refusal
from gbese.core.projections.facts import LoanFacts
from gbese.core.projections.rows import Cause, Projection
from gbese.core.servicing.events import Component, Received
from gbese.core.status.reading import next_instalment
from gbese.core.status.schedule import ScheduleRow, schedule_on
from gbese.core.status.term import TermPolicy
from gbese.core.status.trouble import StatusPolicy

_COMPONENTS = {component.value: component for component in Component}
_CAUSES = {cause.value: cause for cause in Cause}
_TERM_PARTS = ("long_term", "short_term", "overdue")
_OF_LOAN: Mapping[str, Callable[[Subject], Derivation]] = {
    "debt": balances.debt,
    "pay_off": balances.pay_off,
    "to_pay": balances.to_pay,
    "overdue": balances.overdue_in_all,
    "unallocated": balances.unallocated,
    "undrawn": standing.undrawn,
    "days_past_due": standing.days_past_due,
    "status": standing.status_step,
    "current": standing.current,
    "noncurrent": standing.noncurrent,
}
_OF_COMPONENT: Mapping[str, Callable[[Subject, Component], Derivation]] = {
    "overdue": balances.overdue_step,
    "due_today": balances.due_today,
    "not_due": balances.not_due,
    "due": balances.fallen_due,
}


class FigureUnknown(Refusal):
    """The loan has no such figure on that date."""

    code = "figure_unknown"


def derivation_of(
    figure: str, facts: LoanFacts, projection: Projection, on: date, *, policy: StatusPolicy
) -> Derivation:
    """Why a figure of a loan is what it is at the end of a date.

    Args:
        figure: its address; `figures_of` lists them all.
        facts: of the loan.
        projection: whose figures are explained: the version in force.
        on: the date.
        policy: of the house.

    Raises:
        FigureUnknown: there is no such figure.
    """
    return derive(Subject(LoanRows(facts, projection, policy), on), figure)


def derive(subject: Subject, figure: str) -> Derivation:
    """The same, of a loan that is asked for several figures.

    Raises:
        FigureUnknown: there is no such figure.
    """
    if (of_loan := _OF_LOAN.get(figure)) is not None:
        return of_loan(subject)
    head, *rest = figure.split(".")
    if head in _COMPONENTS:
        return _of_component(subject, _COMPONENTS[head], rest, figure)
    if head.isdecimal():
        return _of_row(subject, int(head), rest, figure)
    found = _FAMILIES.get(head, _unknown)
    return found(subject, rest, figure)


def figures_of(subject: Subject) -> tuple[str, ...]:
    """The addresses of all figures a loan has on a date."""
    found = [*_OF_LOAN]
    if next_instalment(subject.loan.projection, subject.on) is not None:
        found.append("next_due")
    found += _COMPONENTS
    found += [f"{name}.{part}" for name in _COMPONENTS for part in _OF_COMPONENT]
    found += sorted(
        {f"{step.component.value}.{step.cause.value}" for step in subject.steps if step.component}
        - {f"{name}.due" for name in _COMPONENTS}
    )
    found += [f"term.{policy.value}.{part}" for policy in TermPolicy for part in _TERM_PARTS]
    found += [
        f"{row.number}.{column}" for row in subject.loan.projection.plan for column in plan.COLUMNS
    ]
    found += [f"plan.{column}" for column in plan.SUMMED]
    found += [
        f"ceiling.{name}" for name in ceilings.ceilings_of(subject.loan.terms_on(subject.on)[0])
    ]
    found += [
        f"accrued.{component.value}.{number}"
        for component in (Component.INTEREST, Component.PENALTY)
        for number in subject.loan.claims_begun(component, subject.on)
    ]
    for payment in subject.payments():
        parts = range(1, len(parts_of(subject, payment)) + 1)
        found += [f"payment.{payment.number}", f"payment.{payment.number}.left"]
        found += [f"payment.{payment.number}.{number}" for number in parts]
    return tuple(found)


def _of_component(
    subject: Subject, component: Component, rest: list[str], figure: str
) -> Derivation:
    match rest:
        case []:
            return balances.owed(subject, component)
        case [part] if part in _OF_COMPONENT:
            return _OF_COMPONENT[part](subject, component)
        case [part] if part in _CAUSES:
            return balances.by_cause(subject, component, _CAUSES[part])
        case _:
            return _unknown(subject, rest, figure)


def _of_row(subject: Subject, number: int, rest: list[str], figure: str) -> Derivation:
    row = _row(subject, number)
    match rest:
        case ["level"]:
            return _level(subject, number, figure)
        case [column] if row is not None and column in plan.COLUMNS:
            return plan.cell(subject, row, column)
        case _:
            return _unknown(subject, rest, figure)


def _of_plan(subject: Subject, rest: list[str], figure: str) -> Derivation:
    match rest:
        case [column] if column in plan.SUMMED:
            return plan.column_sum(subject, column)
        case _:
            return _unknown(subject, rest, figure)


def _of_ceiling(subject: Subject, rest: list[str], figure: str) -> Derivation:
    terms, _ = subject.loan.terms_on(subject.on)
    match rest:
        case [name] if name in ceilings.ceilings_of(terms):
            return ceilings.room_step(subject, name)
        case _:
            return _unknown(subject, rest, figure)


def _of_term(subject: Subject, rest: list[str], figure: str) -> Derivation:
    match rest:
        case [policy, part] if policy in set(TermPolicy) and part in _TERM_PARTS:
            return standing.term_part(subject, TermPolicy(policy), part)
        case _:
            return _unknown(subject, rest, figure)


def _of_claim(subject: Subject, rest: list[str], figure: str) -> Derivation:
    match rest:
        case [name, number] if name in _COMPONENTS and number.removeprefix("-").isdecimal():
            key = (_COMPONENTS[name], int(number))
            if key in subject.loan.segments:
                return claim_step(subject, key, subject.on)
        case _:
            pass
    return _unknown(subject, rest, figure)


def _next_due(subject: Subject, rest: list[str], figure: str) -> Derivation:
    row = next_instalment(subject.loan.projection, subject.on)
    return _unknown(subject, rest, figure) if row is None else standing.next_due(subject, row)


def _row(subject: Subject, number: int) -> ScheduleRow | None:
    rows = schedule_on(subject.loan.projection, subject.on)
    return next((row for row in rows if row.number == number), None)


def _level(subject: Subject, number: int, figure: str) -> Derivation:
    planning = planning_of(subject, number, by=subject.on)
    if planning is None or planning.terms.schedule_kind is not ScheduleKind.ANNUITY:
        return _unknown(subject, [], figure)
    return level_step(subject, planning)


def _of_payment(subject: Subject, rest: list[str], figure: str) -> Derivation:
    number = int(rest[0]) if rest and rest[0].isdecimal() else 0
    payment = subject.loan.events.get(number)
    if not isinstance(payment, Received) or payment.value_date > subject.on:
        return _unknown(subject, rest, figure)
    match rest[1:]:
        case []:
            return payment_step(subject, payment)
        case ["left"]:
            return balances.left_of_payment(subject, payment)
        case [part] if part.isdecimal() and 1 <= int(part) <= len(parts_of(subject, payment)):
            return part_step(subject, payment, int(part))
        case _:
            return _unknown(subject, rest, figure)


def _rest(subject: Subject, rest: list[str], figure: str) -> Derivation:
    steps = subject.loan.projection.steps
    place = int(rest[0]) if len(rest) == 1 and rest[0].isdecimal() else len(steps)
    if place < len(steps) and ceilings.is_rest(steps[place]):
        return ceilings.rest_step(subject, steps[place])
    return _unknown(subject, rest, figure)


def _unknown(subject: Subject, _rest: list[str], figure: str) -> NoReturn:
    raise FigureUnknown(figure=figure, on=subject.on)


_FAMILIES: Mapping[str, Callable[[Subject, list[str], str], Derivation]] = {
    "next_due": _next_due,
    "plan": _of_plan,
    "ceiling": _of_ceiling,
    "term": _of_term,
    "accrued": _of_claim,
    "payment": _of_payment,
    "rest": _rest,
}
