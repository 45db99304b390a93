"""What a claim has accrued: base, rate and days of each segment, added unrounded, rounded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from gbese.core.accruals.claims import Segment
from gbese.core.accruals.penalties import DAILY, tier_starts
from gbese.core.calendars.clocks import Clock
from gbese.core.contracts.terms import InterestBase, PenaltyBase
from gbese.core.derivations.rates import penalty_rate_step, rate_of_period, rate_step
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
from gbese.core.derivations.subject import ClaimKey, Subject, money_of, number_leaf
from gbese.core.derivations.tree import About, Derivation, Fact, Figure, Formula, Unit
from gbese.core.projections.rows import Cause, Step, adds, settles
from gbese.core.servicing.events import Component


def claim_code(key: ClaimKey) -> str:
    """The address of what one claim has accrued."""
    component, number = key
    return f"accrued.{component.value}.{number}"


def claim_step(subject: Subject, key: ClaimKey, day: date) -> Derivation:
    """What a claim has accrued by a day, rounded once."""
    exact = claim_exact(subject, key, day)
    name = "penalty_of_instalment" if key[0] is Component.PENALTY else "interest_of_period"
    return rounded(name, exact, subject.loan.rounding(day), about=_about(key, day))


def claim_elsewhere(subject: Subject, key: ClaimKey, day: date) -> Derivation:
    """The same, with its derivation elsewhere."""
    name = "penalty_of_instalment" if key[0] is Component.PENALTY else "interest_of_period"
    place = Figure(claim_code(key), day)
    return elsewhere(name, subject.loan.accrued(key, day), place, about=_about(key, day))


def claim_exact(subject: Subject, key: ClaimKey, day: date) -> Derivation:
    """What a claim has accrued by a day, before rounding."""
    segments = [one for one in subject.loan.segments.get(key, []) if one.start < day]
    return added("unrounded", [segment_step(subject, one, day) for one in segments])


def with_one_night_more(subject: Subject, key: ClaimKey, eve: date, day: date) -> Derivation:
    """What a claim would have accrued by `day`, had it run on from `eve`; rounded."""
    so_far = claim_exact(subject, key, eve).parts
    night = _night(subject, key, eve, day)
    return rounded(
        "accrued_with_the_day",
        added("unrounded", [*so_far, night]),
        subject.loan.rounding(day),
        about=_about(key, day),
    )


def segment_step(subject: Subject, segment: Segment, day: date) -> Derivation:
    """Base x rate x part of the time, from the segment's start to a day; not rounded."""
    start, claim = segment.start, segment.claim
    last = day if segment.end is None or day < segment.end else segment.end
    if segment.component is Component.PENALTY:
        base = _penalty_base(subject, claim, start)
        rate = penalty_rate_step(
            subject, start, Fraction(segment.rate_numerator, segment.rate_denominator)
        )
        term = "penalty"
    else:
        base = _interest_base(subject, start, segment.base)
        rate = rate_step(subject, start, period_start=period_start_of(subject, claim, start))
        rate = rate_of_period(subject, rate, subject.loan.period_of(claim, start), start)
        term = "day_count"
    base = replace(base, figure=Fraction(segment.base))
    time = time_step(subject, segment.clock, start, last, subject.loan.term(term, start))
    return _accrual(base, rate, time, start, last)


def _night(subject: Subject, key: ClaimKey, eve: date, day: date) -> Derivation:
    """What a claim earns in one night, by what holds in it."""
    component, claim = key
    if component is Component.PENALTY:
        base = _penalty_base(subject, claim, eve)
        rate = penalty_rate_step(subject, eve, Fraction(_tier_rate(subject, claim, eve)))
        clock, term = DAILY, "penalty"
    else:
        base = _interest_base(subject, eve, None)
        rate = rate_step(subject, eve, period_start=period_start_of(subject, claim, eve))
        rate = rate_of_period(subject, rate, subject.loan.period_of(claim, eve), eve)
        clock, term = subject.loan.clock_of(claim, eve), "day_count"
    time = time_step(subject, clock, eve, day, subject.loan.term(term, eve))
    return _accrual(base, rate, time, eve, day)


def _accrual(
    base: Derivation, rate: Derivation, time: Derivation, start: date, last: date
) -> Derivation:
    return worked(
        "accrual",
        Formula.PRODUCT,
        (base, rate, time),
        about=About(day=start, until=last),
    )


def time_step(subject: Subject, clock: Clock, start: date, last: date, fact: Fact) -> Derivation:
    """The part of a year between two days by a clock; days, where the rate is one of a day."""
    counted = worked(
        "units",
        Formula.COUNTED,
        (
            subject.day("from_day", start),
            subject.day("to_day", last),
            leaf("day_count", clock, fact),
        ),
        unit=Unit.NUMBER,
    )
    if clock.denominator == 1:
        return replace(counted, name="days_counted")
    parts = (counted, number_leaf("units_a_year", clock.denominator, fact))
    return worked("year_fraction", Formula.QUOTIENT, parts, unit=Unit.NUMBER)


def period_start_of(subject: Subject, claim: int, start: date) -> date:
    """When the interest period of a claim began; after the last, when that one ended."""
    row = subject.loan.plan.get(claim)
    if row is not None:
        return row.period_start
    ends = [row.period_end for row in subject.loan.projection.plan if row.period_end <= start]
    return max(ends, default=start)


def _interest_base(subject: Subject, start: date, base: int | None) -> Derivation:
    """What interest is counted on: principal, unless the terms say otherwise."""
    terms, _ = subject.loan.terms_on(start)
    if terms.interest_base is InterestBase.AS_DRAWN:
        return drawn_step(subject, start)
    if terms.interest_base is InterestBase.OUTSTANDING or base is None:
        return principal_bearing(subject, start)
    return leaf("interest_base", base, subject.loan.term("interest_base", start))


def drawn_step(subject: Subject, day: date) -> Derivation:
    """All that was drawn up to a day."""
    return added(
        "drawn",
        [
            leaf(
                "drawn",
                amount,
                event_fact(event.number),
                about=About(day=event.value_date),
            )
            for event, amount in subject.loan.drawings(day)
        ],
    )


def principal_bearing(subject: Subject, start: date) -> Derivation:
    """Principal outstanding on a day, without what bears no interest that night."""
    then = subject.at(start)
    outstanding = elsewhere(
        "outstanding", then.position.outstanding.minor, Figure("principal", start)
    )
    resting, paid_early = [], []
    for owed, (due, left, bears_from, period_end) in _fallen_principal(then).items():
        row = _instalment_of(subject, owed)
        about = About(instalment=row)
        fact = instalment_fact(row) if row else subject.loan.term("rate", start)
        bears = subject.loan.terms_on(start)[0].interest_runs_on_overdue
        if start < period_end:
            if due != left:
                paid_early.append(leaf("paid_before_period_end", due - left, fact, about=about))
        elif left and (bears_from > start or not bears):
            resting.append(leaf("overdue_without_interest", left, fact, about=about))
    resting += _waiting_leaves(subject, start)
    bearing = added("with_paid_early", [outstanding, *paid_early]) if paid_early else outstanding
    return worked("principal_bearing", Formula.LESS, (bearing, *resting))


def waiting_principal(subject: Subject, day: date, *, before: int | None = None) -> dict[int, int]:
    """Principal of instalments whose period has ended by a day and which fall due later.

    Args:
        subject: the loan.
        day: of the question.
        before: the place of a step of that day; what falls due after it is still to come.
    """
    waiting: dict[int, int] = {}
    for place, step in enumerate(subject.loan.projection.steps):
        row = subject.loan.plan.get(step.claim)
        is_to_come = step.day > day or (before is not None and place > before)
        if (
            row is not None
            and step.component is Component.PRINCIPAL
            and step.cause is Cause.DUE
            and step.event == 0
            and row.period_end <= day
            and is_to_come
        ):
            waiting[row.number] = waiting.get(row.number, 0) + step.amount
    return waiting


def principal_not_due(subject: Subject, day: date, *, before: int) -> Derivation:
    """Principal that had not fallen due before a step: what came, less what fell due or waits."""
    steps = subject.loan.projection.steps[:before]
    principal = [step for step in steps if step.component is Component.PRINCIPAL]
    came = [told(subject, step) for step in principal if adds(step.component, step.cause)]
    due = [told(subject, step) for step in principal if step.cause is Cause.DUE]
    waiting = _waiting_leaves(subject, day, before=before - 1)
    return less("principal_not_due", added("came", came), *due, *waiting)


def told(subject: Subject, step: Step) -> Derivation:
    """A movement as it is recorded."""
    return leaf(step.cause.value, step.amount, subject.loan.behind(step), about=money_of(step))


def _waiting_leaves(subject: Subject, day: date, *, before: int | None = None) -> list[Derivation]:
    return [
        leaf(
            "waits_for_business_day",
            amount,
            instalment_fact(number),
            about=About(instalment=number),
        )
        for number, amount in waiting_principal(subject, day, before=before).items()
    ]


def _fallen_principal(then: Subject) -> dict[int, tuple[int, int, date, date]]:
    """By place: principal fallen due, what is left, when it bears interest, its period's end."""
    found: dict[int, tuple[int, int, date, date]] = {}
    for step in then.steps:
        if step.component is not Component.PRINCIPAL or not step.owed:
            continue
        due, left, bears_from, period_end = found.get(step.owed, (0, 0, date.min, date.min))
        if step.cause is Cause.DUE:
            row = then.loan.plan.get(step.claim)
            if row is not None and step.event == 0:
                bears_from = max(row.period_end, row.due_date_adjusted)
                period_end = row.period_end
            due, left = due + step.amount, left + step.amount
        elif settles(step.component, step.cause):
            left -= step.amount
        found[step.owed] = (due, left, bears_from, period_end)
    return found


def _instalment_of(subject: Subject, owed: int) -> int | None:
    for step in subject.loan.projection.steps:
        if step.owed == owed and step.claim in subject.loan.plan:
            return step.claim
    return None


def _tier_rate(subject: Subject, claim: int, night: date) -> Decimal:
    """The rate of the tier that a penalty has come to in a night."""
    terms, _ = subject.loan.terms_on(night)
    places = subject.loan.owed_by(claim)
    fell_due = [
        subject.loan.plan[step.claim].due_date_adjusted
        if step.claim in subject.loan.plan
        else step.day
        for step in subject.loan.projection.steps
        if step.owed in places and step.cause is Cause.DUE
    ]
    if terms.penalty is None or not fell_due:
        return Decimal(0)
    begun = [rate for start, rate in tier_starts(terms.penalty, fell_due[0]) if start <= night]
    return begun[-1] if begun else Decimal(0)


def _penalty_base(subject: Subject, claim: int, start: date) -> Derivation:
    """What is left of an instalment on a day, as far as a penalty runs on it."""
    terms, _ = subject.loan.terms_on(start)
    bases = [Component.PRINCIPAL]
    if terms.penalty and terms.penalty.base is PenaltyBase.OVERDUE_PRINCIPAL_AND_INTEREST:
        bases.append(Component.INTEREST)
    places = subject.loan.owed_by(claim)
    then = subject.at(start)
    parts = [left_step(then, places, component) for component in bases]
    if len(parts) == 1:
        return replace(parts[0], name="overdue_base")
    return added("overdue_base", parts)


def left_step(then: Subject, places: list[int], component: Component) -> Derivation:
    """What is left of a component of what fell due at some places: due less settled."""
    of_it = [step for step in then.steps if step.component is component and step.owed in places]
    due = [told(then, step) for step in of_it if step.cause is Cause.DUE]
    settled = [told(then, step) for step in of_it if settles(step.component, step.cause)]
    about = About(component=component.value)
    fell = added("fell_due", due, about=about)
    return worked("left_unpaid", Formula.LESS, (fell, *settled), about=about)


def _about(key: ClaimKey, day: date) -> About:
    component, number = key
    return About(until=day, instalment=number if number > 0 else None, component=component.value)
