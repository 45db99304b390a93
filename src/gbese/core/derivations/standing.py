"""Where a loan stands: how late it is, its status, and its principal by term."""

from __future__ import annotations

from datetime import date, timedelta

from gbese.core.contracts.term_classes import TermClass, term_class
from gbese.core.contracts.terms import ScheduleKind
from gbese.core.derivations.accruals import drawn_step
from gbese.core.derivations.steps import (
    ZERO,
    added,
    at_most,
    elsewhere,
    event_fact,
    instalment_fact,
    leaf,
    less,
    not_below_zero,
    worked,
)
from gbese.core.derivations.subject import Subject, money_of
from gbese.core.derivations.tree import About, Derivation, Fact, FactKind, Figure, Formula, Unit
from gbese.core.projections.position import overdue
from gbese.core.projections.rows import Cause
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.servicing.events import Component, Opened
from gbese.core.status.reading import next_instalment
from gbese.core.status.schedule import schedule_on, settled_early
from gbese.core.status.term import TermPolicy, TermSplit, split_by_term, twelve_months_after

_PRINCIPAL = Component.PRINCIPAL


def days_past_due(subject: Subject) -> Derivation:
    """Days from the oldest due date with something unpaid to the date."""
    now = subject.position
    if now.oldest_unpaid is None:
        parts: tuple[Derivation, ...] = (leaf("nothing_late", 0, ZERO, unit=Unit.DAYS),)
        return worked("days_past_due", Formula.SUM, parts, unit=Unit.DAYS)
    days = worked(
        "days_past_due",
        Formula.DAYS,
        (
            _oldest_unpaid(subject, now.oldest_unpaid),
            leaf("on", subject.on, Fact(FactKind.ASKED, subject.on.isoformat())),
        ),
        unit=Unit.DAYS,
    )
    if days.number >= 0:
        return days
    zero = leaf("zero", 0, ZERO, unit=Unit.DAYS)
    return worked("days_past_due", Formula.LARGEST, (days, zero), unit=Unit.DAYS)


def status_step(subject: Subject) -> Derivation:
    """The status, from whatever decides on it."""
    now, policy = subject.position, subject.loan.policy
    coming = next_instalment(subject.loan.projection, subject.on)
    to_go = leaf("nothing_to_come", "none", subject.loan.term("maturity_date", subject.on))
    if coming is not None:
        to_go = worked(
            "days_to_next_due",
            Formula.DAYS,
            (
                leaf("on", subject.on, Fact(FactKind.ASKED, subject.on.isoformat())),
                leaf(
                    "due_date",
                    coming.due_date_adjusted,
                    instalment_fact(coming.number),
                ),
            ),
            unit=Unit.DAYS,
        )
    soon = Fact(FactKind.POLICY, "due_soon_days")
    tolerance = Fact(FactKind.POLICY, "tolerance_days")
    parts = (
        leaf("life", now.life.value, _reason_for_life(subject)),
        elsewhere(
            "days_past_due",
            now.days_past_due,
            Figure("days_past_due", subject.on),
            unit=Unit.DAYS,
        ),
        leaf("tolerance_days", policy.tolerance_days, tolerance, unit=Unit.DAYS),
        elsewhere(
            "owed",
            now.owed(Component.PENALTY).minor,
            Figure(Component.PENALTY.value, subject.on),
            about=About(component=Component.PENALTY.value),
        ),
        to_go,
        leaf("due_soon_days", policy.due_soon_days, soon, unit=Unit.DAYS),
        leaf(
            "restructured",
            "yes" if now.is_restructured else "no",
            subject.loan.term("schedule_kind", subject.on),
        ),
    )
    return worked("status", Formula.STATUS, parts, unit=Unit.CODE)


def undrawn(subject: Subject) -> Derivation:
    """What of the limit nobody has drawn."""
    terms, _ = subject.loan.terms_on(date.max)
    limit = leaf("limit", terms.principal.minor, subject.loan.term("principal", date.max))
    revolves = terms.schedule_kind is ScheduleKind.REVOLVING
    used = _outstanding(subject) if revolves else drawn_step(subject, date.max)
    return not_below_zero(less("undrawn", limit, used))


def next_due(subject: Subject, row: PlannedInstalment) -> Derivation:
    """What falls due next, part by part, as it is planned."""
    about = About(instalment=row.number, day=row.due_date_adjusted)
    day = _last_planned_day(subject, row)
    shown = next(
        one for one in schedule_on(subject.loan.projection, day) if one.number == row.number
    )
    parts = [
        elsewhere(
            "cell",
            amount,
            Figure(f"{row.number}.{column}", day),
            about=About(instalment=row.number, component=column),
        )
        for column, amount in (
            ("principal", row.principal),
            ("interest", shown.interest.minor),
            ("fee", row.fee),
        )
    ]
    early = [
        leaf("settled_early", step.amount, subject.loan.behind(step), about=money_of(step))
        for step in settled_early(subject.loan.projection, row.number)
    ]
    if early:
        whole = added("instalment", parts, about=about)
        return less("next_due", whole, *early, figure=row.due, about=about)
    return added("next_due", parts, figure=row.due, about=about)


def _last_planned_day(subject: Subject, row: PlannedInstalment) -> date:
    """The date, or the day before the instalment fell due: the last on which it is as planned."""
    fell_due = [
        step.day
        for step in subject.steps
        if step.claim == row.number and step.cause is Cause.DUE and step.owed and not step.event
    ]
    return fell_due[0] - timedelta(days=1) if fell_due else subject.on


def split_of(subject: Subject, policy: TermPolicy) -> TermSplit:
    """The principal outstanding by term, as the engine divides it."""
    terms, _ = subject.loan.terms_on(date.max)
    return split_by_term(
        subject.loan.projection,
        subject.position,
        policy=policy,
        by_contract=term_class(terms),
        maturity_date=terms.maturity_date,
    )


def current(subject: Subject) -> Derivation:
    """Principal due within twelve months of the date, with what is overdue."""
    split = split_of(subject, TermPolicy.REPORTING_DATE)
    code = TermPolicy.REPORTING_DATE.value
    parts = [
        elsewhere(name, amount, Figure(f"term.{code}.{name}", subject.on))
        for name, amount in (("short_term", split.short_term), ("overdue", split.overdue))
    ]
    return added("current", parts)


def noncurrent(subject: Subject) -> Derivation:
    """Principal due later than twelve months after the date."""
    return term_part(subject, TermPolicy.REPORTING_DATE, "long_term")


def term_part(subject: Subject, policy: TermPolicy, part: str) -> Derivation:
    """Overdue, long-term or short-term principal by a policy."""
    split = split_of(subject, policy)
    late = _overdue_principal(subject)
    if part == "overdue":
        return worked("overdue", late.formula, late.parts, figure=split.overdue)
    rest = less("not_overdue", _outstanding(subject), late)
    long_term = _long_term(subject, policy, rest)
    if part == "long_term":
        found = long_term
        figure = split.long_term
    else:
        found = worked("short_term", Formula.LESS, (rest, long_term))
        figure = split.short_term
    return worked(part, found.formula, found.parts, figure=figure)


def _long_term(subject: Subject, policy: TermPolicy, rest: Derivation) -> Derivation:
    terms, _ = subject.loan.terms_on(date.max)
    maturity = subject.loan.term("maturity_date", date.max)
    match policy:
        case TermPolicy.REPORTING_DATE if terms.maturity_date is not None:
            horizon = twelve_months_after(subject.on)
            due = [
                leaf(
                    "falls_due",
                    step.amount,
                    subject.loan.behind(step),
                    about=About(day=step.day, instalment=step.claim if step.claim > 0 else None),
                )
                for step in subject.loan.projection.steps
                if step.component is _PRINCIPAL and step.cause is Cause.DUE and step.day > horizon
            ]
            about = About(day=horizon)
            return added(
                "long_term",
                [at_most(not_below_zero(added("due_later", due, about=about)), rest)],
            )
        case TermPolicy.DAYS_LEFT | TermPolicy.ORIGINAL_TERM:
            is_long = split_of(subject, policy).long_term != 0 or (
                term_class(terms) is TermClass.LONG and policy is TermPolicy.ORIGINAL_TERM
            )
            if is_long:
                return added("long_term", [rest])
        case _:
            pass
    return added("long_term", [leaf("nothing_long_term", 0, maturity)])


def _overdue_principal(subject: Subject) -> Derivation:
    late = overdue(subject.loan.projection, subject.on)[_PRINCIPAL]
    amount = elsewhere(
        "overdue",
        late,
        Figure(f"{_PRINCIPAL.value}.overdue", subject.on),
        about=About(component=_PRINCIPAL.value),
    )
    limit = not_below_zero(_outstanding(subject))
    return worked("overdue", Formula.SMALLEST, (amount, limit))


def _outstanding(subject: Subject) -> Derivation:
    return elsewhere(
        "outstanding",
        subject.position.outstanding.minor,
        Figure(_PRINCIPAL.value, subject.on),
    )


def _oldest_unpaid(subject: Subject, day: date) -> Derivation:
    """The oldest due date with something unpaid: of an instalment, or of an event."""
    fact = subject.loan.term("maturity_date", day)
    for row in subject.loan.projection.plan:
        if row.due_date_adjusted == day:
            fact = instalment_fact(row.number)
            break
    else:
        for event in subject.loan.events.values():
            since = event.overdue_since if isinstance(event, Opened) else None
            if day in {since, event.value_date}:
                fact = event_fact(event.number)
                break
    return leaf("oldest_unpaid", day, fact)


def _reason_for_life(subject: Subject) -> Fact:
    """The event that brought the loan where it is; the agreement, where nothing happened yet."""
    numbers = [
        event.number for event in subject.loan.events.values() if event.value_date <= subject.on
    ]
    if not numbers:
        return subject.loan.term("signed_on", subject.on)
    return event_fact(numbers[-1])
