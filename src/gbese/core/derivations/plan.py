"""The cells of the schedule: as planned for what is to come, as it fell due for the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from gbese.core.contracts.terms import FeeTerms, FeeTiming, InterestBase
from gbese.core.derivations.accruals import (
    claim_exact,
    drawn_step,
    principal_not_due,
    time_step,
    told,
)
from gbese.core.derivations.interest import pending_interest
from gbese.core.derivations.level import is_plain, planned_principal
from gbese.core.derivations.rates import rate_of_period, rate_step
from gbese.core.derivations.steps import added, elsewhere, leaf, rounded, worked
from gbese.core.derivations.subject import ClaimKey, LoanRows, Subject, money_of
from gbese.core.derivations.tree import About, Derivation, Figure, Formula, Unit
from gbese.core.projections.rows import Cause, Step, settles
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.servicing.events import Component
from gbese.core.status.schedule import ScheduleRow, schedule_on, settled_early

_SCHEDULED = (Component.PRINCIPAL, Component.INTEREST, Component.FEE)
COLUMNS = ("principal", "interest", "fee", "total", "settled", "balance")
SUMMED = ("principal", "interest", "fee", "total", "settled")


def cell(subject: Subject, row: ScheduleRow, column: str) -> Derivation:
    """One cell of the schedule."""
    about = About(instalment=row.number, day=row.due_date_adjusted)
    match column:
        case "total":
            parts = [_cell_elsewhere(subject, row, one.value) for one in _SCHEDULED]
            return added("instalment", parts, about=about)
        case "settled":
            return added("settled", _settled(subject, row.number), about=about)
        case "balance":
            return _balance(subject, row)
        case _:
            return _asked(subject, row, Component(column))


def column_sum(subject: Subject, column: str) -> Derivation:
    """The sum of a column of the schedule."""
    rows = schedule_on(subject.loan.projection, subject.on)
    return added(f"sum_of_{column}", [_cell_elsewhere(subject, row, column) for row in rows])


def value_of(row: ScheduleRow, column: str) -> int:
    """What the schedule shows in a cell, in minor units."""
    shown = {
        "principal": row.principal,
        "interest": row.interest,
        "fee": row.fee,
        "total": row.total,
        "settled": row.settled,
        "balance": row.outstanding_after,
    }
    return shown[column].minor


def _cell_elsewhere(subject: Subject, row: ScheduleRow, column: str) -> Derivation:
    about = About(instalment=row.number, day=row.due_date_adjusted, component=column)
    place = Figure(f"{row.number}.{column}", subject.on)
    return elsewhere("cell", value_of(row, column), place, about=about)


def _settled(subject: Subject, number: int) -> list[Derivation]:
    return [
        told(subject, step)
        for step in subject.steps
        if step.claim == number
        and step.component in _SCHEDULED
        and settles(step.component, step.cause)
    ]


def _asked(subject: Subject, row: ScheduleRow, component: Component) -> Derivation:
    """What an instalment asks for of a component."""
    fell_due = [
        (place, step)
        for place, step in enumerate(subject.steps)
        if step.claim == row.number and step.component is component and step.cause is Cause.DUE
    ]
    about = About(instalment=row.number, component=component.value)
    figure = value_of(row, component.value)
    first = _first_due(subject, row.number)
    if fell_due and first is not None and first < len(subject.steps):
        parts = [_fell_due(subject, place, step) for place, step in fell_due]
        return parts[0] if len(parts) == 1 else added("fell_due", parts, about=about)
    match component:
        case Component.PRINCIPAL:
            return planned_principal(
                subject, row.number, by=subject.loan.last_known_day, figure=figure
            )
        case Component.FEE:
            return _fees(subject, _planned_by(subject, row.number), figure=figure)
        case _:
            planned = _planned_interest(subject, subject.loan.plan[row.number])
            early = settled_early(subject.loan.projection, row.number)
            if not early or subject.loan.plan[row.number].interest == figure:
                return planned
            return added("interest", [*(told(subject, step) for step in early), planned])


def _fell_due(subject: Subject, place: int, step: Step) -> Derivation:
    """Why so much fell due: by an event, or as the terms and the days made it."""
    about = money_of(step)
    if step.event:
        return leaf("fell_due", step.amount, subject.loan.behind(step), about=about)
    row = subject.loan.plan[step.claim]
    match step.component:
        case Component.PRINCIPAL:
            return planned_principal(subject, step.claim, by=step.day, figure=step.amount)
        case Component.FEE:
            return _fees(subject, step.day, figure=step.amount)
        case _:
            if step.day < row.period_end and not _is_correction(subject, place, step):
                return _interest_ahead(subject, place, step, row)
            day = min(step.day, row.period_end)
            return worked(
                "interest_due",
                Formula.SUM,
                pending_interest(subject, day, before=place, claim=step.claim).parts,
                figure=step.amount,
                about=about,
            )


def _is_correction(subject: Subject, place: int, step: Step) -> bool:
    return any(
        one.claim == step.claim and one.component is step.component and one.owed == step.owed
        for one in subject.loan.projection.steps[:place]
        if one.cause is Cause.DUE
    )


def _interest_ahead(subject: Subject, place: int, step: Step, row: PlannedInstalment) -> Derivation:
    """Interest of a period that falls due before its end: as it will be if nothing happens."""
    key = (Component.INTEREST, step.claim)
    earned = pending_interest(subject, step.day, before=place, claim=None, but=row.number).parts
    whole = rounded(
        "interest_of_period",
        claim_exact(_as_of(subject, key, step.day, row.period_end), key, row.period_end),
        subject.loan.rounding(step.day),
        about=money_of(step),
    )
    due = [
        told(subject, one)
        for one in subject.loan.projection.steps[:place]
        if one.claim == step.claim and one.component is step.component and one.cause is Cause.DUE
    ]
    rests = [
        told(subject, one)
        for one in subject.loan.projection.steps[:place]
        if one.claim == step.claim
        and one.component is step.component
        and one.cause is Cause.ACCRUED
    ]
    total = added("accrued", [*earned, whole, *rests])
    return worked(
        "interest_due", Formula.LESS, (total, *due), figure=step.amount, about=money_of(step)
    )


def _as_of(subject: Subject, key: ClaimKey, day: date, until: date) -> Subject:
    """The loan as it was expected to go on when a day began, before that day's own events."""
    projection = subject.loan.projection
    begun = subject.loan.segments.get(key, [])
    known = [one for one in begun if one.start < day] or begun[:1]
    segments = tuple(
        replace(one, end=until) if one.end is not None and day <= one.end < until else one
        for one in known
    )
    loan = LoanRows(subject.loan.facts, replace(projection, segments=segments), subject.loan.policy)
    return Subject(loan, subject.on)


def _planned_by(subject: Subject, number: int) -> date:
    """The day an instalment of the plan was made on: when it fell due, else the last known day."""
    place = _fell_due_at(subject, number)
    today = subject.loan.last_known_day
    return today if place is None else min(subject.loan.projection.steps[place].day, today)


def _planned_interest(subject: Subject, row: PlannedInstalment) -> Derivation:
    """Interest of an instalment that has not fallen due on the date."""
    place = _first_due(subject, row.number)
    steps = subject.loan.projection.steps
    today = subject.loan.last_known_day
    if place is None or steps[place].day > today:
        return _expected_interest(subject, row)
    step = replace(steps[place], component=Component.INTEREST, amount=row.interest)
    return _fell_due(subject, place, step)


def _expected_interest(subject: Subject, row: PlannedInstalment) -> Derivation:
    """Interest of a period to come: on what will be left, if each instalment is paid on its day."""
    today = subject.loan.last_known_day
    about = About(instalment=row.number, component=Component.INTEREST.value)
    if not is_plain(subject.loan.terms_on(today)[0]):
        fact = subject.loan.term("rate", today)
        return leaf("interest_by_the_terms", row.interest, fact, about=about)
    known = sum(step.day <= today for step in subject.loan.projection.steps)
    has_begun = any(event for event, _ in subject.loan.drawings(today)) or subject.loan.taken_over
    if row.period_end <= today and has_begun:
        return worked(
            "interest_due",
            Formula.SUM,
            pending_interest(subject, row.period_end, before=known, claim=row.number).parts,
            figure=row.interest,
            about=about,
        )
    start = max(row.period_start, today)
    clock = subject.loan.clock_of(row.number, today)
    rate = rate_step(subject.at(today), start, period_start=row.period_start)
    to_come = worked(
        "accrual",
        Formula.PRODUCT,
        (
            _base_to_come(subject, row),
            rate_of_period(subject, rate, subject.loan.period_of(row.number, today), today),
            time_step(subject, clock, start, row.period_end, subject.loan.term("day_count", start)),
        ),
        about=About(day=start, until=row.period_end),
    )
    key = (Component.INTEREST, row.number)
    so_far = claim_exact(subject, key, today).parts if row.period_start < today else ()
    exact = added("unrounded", [*so_far, to_come])
    whole = rounded("interest_of_period", exact, subject.loan.rounding(today), about=about)
    is_running = row.period_start <= today or row.number == min(
        subject.loan.plan, default=row.number
    )
    carried = _carried(subject, row, known) if is_running and has_begun else []
    return added("interest_expected", [whole, *carried], figure=row.interest, about=about)


def _carried(subject: Subject, row: PlannedInstalment, known: int) -> list[Derivation]:
    """What waits of earlier periods, less what of this one has fallen due already."""
    today = subject.loan.last_known_day
    earlier = pending_interest(subject, today, before=known, claim=None, but=row.number).parts
    own = [
        step
        for step in subject.loan.projection.steps[:known]
        if step.claim == row.number and step.component is Component.INTEREST
    ]
    rests = [told(subject, step) for step in own if step.cause is Cause.ACCRUED]
    due = [told(subject, step) for step in own if step.cause is Cause.DUE]
    parts = [*earlier, *rests]
    if not due:
        return parts
    return [worked("interest_pending", Formula.LESS, (added("accrued", parts), *due))]


def _base_to_come(subject: Subject, row: PlannedInstalment) -> Derivation:
    """What interest of a period to come is counted on: what is left, or all that was drawn."""
    today = subject.loan.last_known_day
    left = _left_before(subject, row)
    if (
        subject.loan.terms_on(today)[0].interest_base is not InterestBase.AS_DRAWN
        or not left.number
    ):
        return left
    return _all_drawn(subject, today)


def _all_drawn(subject: Subject, day: date) -> Derivation:
    """All that was drawn up to a day; before anybody has drawn, what may be."""
    if subject.loan.drawings(day):
        return drawn_step(subject, day)
    terms, _ = subject.loan.terms_on(day)
    return leaf("principal", terms.principal.minor, subject.loan.term("principal", day))


def _left_before(subject: Subject, row: PlannedInstalment) -> Derivation:
    """Principal left before an instalment to come, if those before are paid on their day."""
    earlier = [number for number in subject.loan.plan if number < row.number]
    today = subject.loan.last_known_day
    before = subject.loan.plan[max(earlier)] if earlier else None
    if before is not None and before.due_date_adjusted > today and before.period_end > today:
        place = Figure(f"{before.number}.balance", subject.on)
        about = About(instalment=before.number)
        return elsewhere("balance", before.outstanding_after, place, about=about)
    return _not_due_then(subject, today)


def _not_due_then(subject: Subject, day: date) -> Derivation:
    """Principal not due at the end of the last known day; of what nobody has drawn, the limit."""
    if not subject.loan.drawings(day) and not subject.loan.taken_over:
        terms, _ = subject.loan.terms_on(day)
        return leaf("principal", terms.principal.minor, subject.loan.term("principal", day))
    place = sum(step.day <= day for step in subject.loan.projection.steps)
    return principal_not_due(subject, day, before=place)


def _balance(subject: Subject, row: ScheduleRow) -> Derivation:
    """Principal that has not fallen due after an instalment."""
    about = About(instalment=row.number)
    figure = row.outstanding_after.minor
    today = subject.loan.last_known_day
    place = _fell_due_at(subject, row.number)
    day = subject.loan.projection.steps[place].day if place is not None else date.max
    if place is not None and day <= today:
        return _balance_of(principal_not_due(subject, day, before=place + 1), figure, about)
    if row.due_date <= today and subject.loan.drawings(today):
        return _balance_of(_not_due_then(subject, today), figure, about)
    if not is_plain(subject.loan.terms_on(today)[0]):
        fact = subject.loan.term("schedule_kind", today)
        return leaf("balance_by_the_terms", figure, fact, about=about)
    planned = subject.loan.plan[row.number]
    own_part = elsewhere(
        "principal",
        planned.principal,
        Figure(f"{row.number}.principal", today),
        about=about,
    )
    return worked(
        "balance",
        Formula.LESS,
        (_left_before(subject, planned), own_part),
        figure=figure,
        about=about,
    )


def _balance_of(left: Derivation, figure: int, about: About) -> Derivation:
    return worked("balance", Formula.SUM, (left,), figure=figure, about=about)


def _first_due(subject: Subject, number: int) -> int | None:
    """The place of the first step by which an instalment falls due as a whole; None if none."""
    steps = subject.loan.projection.steps
    return next(
        (
            place
            for place, step in enumerate(steps)
            if step.claim == number and step.cause is Cause.DUE and step.owed and not step.event
        ),
        None,
    )


def _fell_due_at(subject: Subject, number: int) -> int | None:
    """The place of the last step of that kind on that day; None if there is none."""
    first = _first_due(subject, number)
    if first is None:
        return None
    steps = subject.loan.projection.steps
    same = steps[first]
    return max(
        place
        for place, step in enumerate(steps)
        if step.cause is Cause.DUE
        and not step.event
        and (step.day, step.owed) == (same.day, same.owed)
    )


def _fees(subject: Subject, day: date, *, figure: int) -> Derivation:
    """The fees of the terms that fall due with an instalment."""
    terms, _ = subject.loan.terms_on(day)
    parts = [
        _fee(subject, fee, day)
        for fee in terms.fees
        if fee.timing is FeeTiming.WITH_EACH_INSTALMENT
    ]
    return added("fee", parts, figure=figure)


def _fee(subject: Subject, fee: FeeTerms, day: date) -> Derivation:
    fact = subject.loan.term("fees", day)
    if fee.amount is not None:
        return leaf("fee_of_terms", fee.amount.minor, fact)
    rate = leaf("fee_rate", fee.rate or Fraction(0), fact, unit=Unit.RATE)
    exact = worked("unrounded", Formula.PRODUCT, (_all_drawn(subject, day), rate))
    return rounded("fee_of_terms", exact, subject.loan.rounding(day))
