"""Why an instalment repays so much principal: the planning it comes from, kind by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import zip_longest

from gbese.core.contracts.terms import InterestBase, ScheduleKind, Terms
from gbese.core.derivations.rates import rate_of_period, rate_step
from gbese.core.derivations.steps import (
    added,
    elsewhere,
    event_fact,
    instalment_fact,
    leaf,
    less,
    rounded,
    worked,
)
from gbese.core.derivations.subject import Subject, number_leaf
from gbese.core.derivations.tree import About, Derivation, Fact, FactKind, Figure, Formula, Unit
from gbese.core.schedules.annuity import PaymentStep
from gbese.core.schedules.interest_periods import InterestPeriod
from gbese.core.schedules.plan import Planning, carries_principal, payment_steps


def planned_principal(subject: Subject, number: int, *, by: date, figure: int) -> Derivation:
    """The principal of an instalment, by the last planning of it that was made by a day."""
    about = About(instalment=number)
    planning = planning_of(subject, number, by=by)
    if planning is None:
        fact = instalment_fact(number)
        return leaf("principal", figure, fact, about=about)
    if not is_plain(planning.terms):
        fact = subject.loan.term("schedule_kind", planning.day)
        return leaf("principal_by_the_terms", figure, fact, about=about)
    place = _place_in(planning, number)
    carrying = _carrying(planning)
    is_last = place == len(planning.periods) - 1
    if not carrying[place] and not (is_last and not any(carrying)):
        fact = subject.loan.term("principal_grace_instalments", planning.day)
        return worked(
            "principal",
            Formula.SUM,
            (leaf("principal_in_grace", 0, fact, about=about),),
            figure=figure,
            about=about,
        )
    found = _by_kind(subject, planning, place, is_last=is_last)
    return worked("principal", found.formula, found.parts, figure=figure, about=about)


def is_plain(terms: Terms) -> bool:
    """Whether each period pays its own interest on what is outstanding, at one rate from its start.

    Cycles of principal's own, interest that joins principal, resets and other bases of interest
    are derived as far as the terms that ask for them.
    """
    pays_always = all(row.pays_interest for row in terms.custom_principal)
    has_cycles = terms.principal_cycle or terms.capitalises_until or terms.amortises_until
    has_resets = terms.rate.resets or terms.rate.steps
    is_usual = terms.interest_base is not InterestBase.LAGGED and not terms.counts_last_day
    return pays_always and is_usual and not (has_cycles or has_resets or terms.allows_growth)


def planning_of(subject: Subject, number: int, *, by: date) -> Planning | None:
    """The last planning by a day that an instalment's principal comes from."""
    for planning in reversed(subject.loan.plannings):
        if planning.day <= by and planning.periods:
            first = planning.periods[0].number + planning.claim_offset
            last = planning.periods[-1].number + planning.claim_offset
            if first <= number <= last:
                return planning
    return None


def level_step(subject: Subject, planning: Planning) -> Derivation:
    """The level payment: what repays all over the periods, rounded by the contract."""
    terms, day = planning.terms, planning.day
    if planning.keep_level is not None:
        fact = _maker(subject, planning)
        return leaf("level_kept", planning.keep_level, fact, about=About(day=day))
    carrying = [
        period
        for period, carries in zip(planning.periods, _carrying(planning), strict=True)
        if carries
    ]
    if terms.interest_base is InterestBase.AS_DRAWN:
        return _flat_level(subject, planning, carrying)
    accrued = planning.accrued if carrying[0] is planning.periods[0] else Fraction(0)
    balloon = _balloon(subject, planning) or [leaf("balloon", 0, subject.loan.term("balloon", day))]
    parts = [
        _outstanding(subject, planning),
        leaf("accrued_before", accrued, _maker(subject, planning)),
        *balloon,
        leaf("may_grow", "yes" if terms.allows_growth else "no", _growth(subject, planning)),
    ]
    formula = Formula.LEVEL
    for period, step in zip_longest(carrying, payment_steps(terms, carrying)):
        parts.append(_cost_of_one(subject, planning, period))
        if step is not None:
            formula = Formula.GRADUATED
            parts += _step_leaves(subject, planning, step)
    exact = worked("level_unrounded", formula, parts)
    return _as_instalment(subject, planning, exact, "level_payment")


def _as_instalment(
    subject: Subject, planning: Planning, exact: Derivation, name: str
) -> Derivation:
    """An amount as the contract rounds its instalments."""
    terms, day = planning.terms, planning.day
    rounding = leaf(
        "rounding", terms.instalment_rounding, subject.loan.term("instalment_rounding", day)
    )
    multiple = number_leaf(
        "instalment_multiple",
        terms.instalment_multiple_minor,
        subject.loan.term("instalment_multiple_minor", day),
    )
    return rounded(name, exact, rounding, multiple=multiple)


def _step_leaves(
    subject: Subject, planning: Planning, step: PaymentStep
) -> tuple[Derivation, Derivation]:
    """What a payment that rises or falls is of the first: times so much, and so much more."""
    fact = subject.loan.term("graduation", planning.day)
    times = leaf("times_the_first", step.factor, fact, unit=Unit.NUMBER)
    return times, leaf("more_than_the_first", step.addition, fact)


def _flat_level(
    subject: Subject, planning: Planning, carrying: Sequence[InterestPeriod]
) -> Derivation:
    """The equal instalment of a flat rate: what is left to repay and all interest, in parts."""
    interests = [_flat_interest(subject, planning, period) for period in carrying]
    parts = [_outstanding(subject, planning), *interests]
    to_pay = less("to_spread", added("all_to_pay", parts), *_balloon(subject, planning))
    count = number_leaf(
        "instalments", len(carrying), subject.loan.term("maturity_date", planning.day)
    )
    exact = worked("level_unrounded", Formula.QUOTIENT, (to_pay, count))
    return _as_instalment(subject, planning, exact, "level_payment")


def _flat_interest(subject: Subject, planning: Planning, period: InterestPeriod) -> Derivation:
    """Interest of a period on what a flat rate is counted on, before rounding."""
    base = leaf(
        "interest_base",
        planning.flat_base,
        subject.loan.term("interest_base", planning.day),
        about=About(day=planning.day),
    )
    exact = worked("unrounded", Formula.PRODUCT, (base, _cost_of_one(subject, planning, period)))
    if period is planning.periods[0] and planning.accrued:
        before = leaf("accrued_before", planning.accrued, _maker(subject, planning))
        return added("unrounded", [exact, before])
    return exact


def _by_kind(subject: Subject, planning: Planning, place: int, *, is_last: bool) -> Derivation:
    left = _left_before(subject, planning, place)
    kind = planning.terms.schedule_kind
    if is_last and kind is not ScheduleKind.ON_DEMAND:
        return added("rest", [left])  # the last takes what is left
    match kind:
        case ScheduleKind.ANNUITY:
            level = _payment(subject, planning, place)
            interest = _planned_interest(subject, planning, place, left)
            repaid = worked("principal", Formula.LESS, (level, interest))
            return _within(repaid, left)
        case ScheduleKind.LINEAR:
            balloon = _balloon(subject, planning)
            return _within(_equal_part(subject, planning), less("left_to_plan", left, *balloon))
        case ScheduleKind.BULLET:
            fact = subject.loan.term("schedule_kind", planning.day)
            return added("principal", [leaf("nothing_before_the_end", 0, fact)])
        case ScheduleKind.CUSTOM:
            fact = subject.loan.term("custom_principal", planning.day)
            listed = leaf("listed", planning.plan().parts[place], fact)
            return added("principal", [listed])
        case ScheduleKind.ON_DEMAND:
            fact = subject.loan.term("schedule_kind", planning.day)
            return added("principal", [leaf("on_demand", 0, fact)])
        case ScheduleKind.REVOLVING:
            return _least(subject, planning, left)


def _payment(subject: Subject, planning: Planning, place: int) -> Derivation:
    """The payment of an instalment: the level one, or what it has risen or fallen to."""
    level = elsewhere(
        "level_payment",
        planning.plan().level,
        Figure(f"{_number(planning, place)}.level", planning.day),
    )
    steps = payment_steps(planning.terms, planning.periods[place : place + 1])
    if not steps:
        return level
    times, more = _step_leaves(subject, planning, steps[0])
    grown = added("unrounded", [worked("grown", Formula.PRODUCT, (level, times)), more])
    return _as_instalment(subject, planning, grown, "payment_by_then")


def _least(subject: Subject, planning: Planning, left: Derivation) -> Derivation:
    """The least that is repaid of a revolving balance."""
    least = planning.terms.minimum_payment
    assert least is not None  # noqa: S101 - sound terms of a revolving line have one
    fact = subject.loan.term("minimum_payment", planning.day)
    fraction = leaf("least_fraction", least.fraction, fact, unit=Unit.RATE)
    part = rounded(
        "part",
        worked("unrounded", Formula.PRODUCT, (left, fraction)),
        subject.loan.rounding(planning.day),
    )
    floor = leaf("least_amount", least.floor.minor if least.floor else 0, fact)
    asked = worked("principal", Formula.LARGEST, (part, floor))
    return worked("principal", Formula.SMALLEST, (asked, left))


def _within(repaid: Derivation, left: Derivation) -> Derivation:
    """At least nothing, and at most what is left."""
    if repaid.number > left.number:
        return worked("principal", Formula.SMALLEST, (repaid, left))
    if repaid.number < 0:
        zero = leaf("zero", 0, Fact(FactKind.CONVENTION, "zero"))
        return worked("principal", Formula.LARGEST, (repaid, zero))
    return repaid


def _equal_part(subject: Subject, planning: Planning) -> Derivation:
    day = planning.day
    if planning.keep_level is not None:
        fact = _maker(subject, planning)
        return added("part", [leaf("level_kept", planning.keep_level, fact)])
    spread = less("to_spread", _outstanding(subject, planning), *_balloon(subject, planning))
    count = sum(_carrying(planning))
    parts = (spread, number_leaf("instalments", count, subject.loan.term("maturity_date", day)))
    exact = worked("unrounded", Formula.QUOTIENT, parts)
    return rounded("part", exact, subject.loan.rounding(day))


def _balloon(subject: Subject, planning: Planning) -> list[Derivation]:
    """What is left for the end, where the terms leave something."""
    if planning.terms.balloon is None:
        return []
    balloon = min(planning.terms.balloon.minor, planning.outstanding)
    return [leaf("balloon", balloon, subject.loan.term("balloon", planning.day))]


def _planned_interest(
    subject: Subject, planning: Planning, place: int, left: Derivation
) -> Derivation:
    """The interest that the planning reckoned with."""
    period = planning.periods[place]
    is_flat = planning.terms.interest_base is InterestBase.AS_DRAWN
    if is_flat:
        exact = _flat_interest(subject, planning, period)
    else:
        cost = _cost_of_one(subject, planning, period)
        exact = worked("unrounded", Formula.PRODUCT, (left, cost))
    if place == 0 and not is_flat and planning.accrued:
        before = leaf("accrued_before", planning.accrued, _maker(subject, planning))
        exact = added("unrounded", [exact, before])
    return rounded(
        "interest_planned",
        exact,
        subject.loan.rounding(planning.day),
        about=About(instalment=_number(planning, place)),
    )


def _left_before(subject: Subject, planning: Planning, place: int) -> Derivation:
    """What was left to plan for when the instalment's turn came."""
    outstanding = _outstanding(subject, planning)
    parts = planning.plan().parts[:place]
    earlier = [
        leaf(
            "planned_before",
            part,
            instalment_fact(_number(planning, index)),
            about=About(instalment=_number(planning, index)),
        )
        for index, part in enumerate(parts)
        if part
    ]
    if not earlier:
        return outstanding
    return worked("left_to_plan", Formula.LESS, (outstanding, *earlier))


def _outstanding(subject: Subject, planning: Planning) -> Derivation:
    about = About(day=planning.day)
    return leaf("planned_outstanding", planning.outstanding, _maker(subject, planning), about=about)


def _maker(subject: Subject, planning: Planning) -> Fact:
    """What a planning was made for: the events up to its day, or the agreement."""
    if planning.terms.given_instalment is not None and planning.keep_level is not None:
        return subject.loan.term("given_instalment", planning.day)
    numbers = [
        event.number for event in subject.loan.events.values() if event.value_date <= planning.day
    ]
    if not numbers:
        return subject.loan.term("principal", planning.day)
    return event_fact(numbers[-1])


def _cost_of_one(subject: Subject, planning: Planning, period: InterestPeriod) -> Derivation:
    """What one unit of money costs in a period: its rate by its part of a year."""
    fact = subject.loan.term("day_count", planning.day)
    units = period.clock.units(period.end) - period.clock.units(period.start)
    time = worked(
        "year_fraction",
        Formula.QUOTIENT,
        (
            number_leaf("units", units, fact),
            number_leaf("units_a_year", period.clock.denominator, fact),
        ),
        unit=Unit.NUMBER,
    )
    night = max(planning.day, planning.periods[0].start)
    begun = [row.period_start for row in subject.loan.projection.plan if row.period_start <= night]
    rate = rate_step(subject, night, period_start=max(begun, default=night))
    rate = replace(rate, figure=Fraction(planning.rate))
    rate = rate_of_period(subject, rate, period, planning.day)
    return worked(
        "cost_of_one",
        Formula.PRODUCT,
        (rate, time),
        unit=Unit.RATE,
        about=About(day=period.start, until=period.end),
    )


def _carrying(planning: Planning) -> list[bool]:
    return [carries_principal(planning.terms, period) for period in planning.periods]


def _growth(subject: Subject, planning: Planning) -> Fact:
    return subject.loan.term("allows_growth", planning.day)


def _place_in(planning: Planning, number: int) -> int:
    return number - planning.claim_offset - planning.periods[0].number


def _number(planning: Planning, place: int) -> int:
    return planning.periods[place].number + planning.claim_offset
