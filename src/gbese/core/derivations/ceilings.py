"""Ceilings: how much interest and penalties may be, how much they are, who took the rest."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from gbese.core.calendars.frequencies import YEARLY, roll
from gbese.core.contracts.terms import Terms
from gbese.core.derivations.accruals import (
    claim_elsewhere,
    claim_step,
    drawn_step,
    with_one_night_more,
)
from gbese.core.derivations.steps import added, event_fact, leaf, less, rounded, worked
from gbese.core.derivations.subject import ClaimKey, Subject, money_of
from gbese.core.derivations.tree import Derivation, Fact, FactKind, Figure, Formula, Unit
from gbese.core.money import Rounding
from gbese.core.projections.rows import Cause, Step
from gbese.core.servicing.events import Component

PENALTIES, CHARGES = "penalties", "charges"  # the two ceilings there are
_SHARING = {PENALTIES: (Component.PENALTY,), CHARGES: (Component.INTEREST, Component.PENALTY)}
_DROPPED = Fact(FactKind.CONVENTION, "whole_units")


def ceilings_of(terms: Terms) -> tuple[str, ...]:
    """The ceilings that terms set."""
    found = []
    if terms.penalty is not None and terms.penalty.cap_of_principal is not None:
        found.append(PENALTIES)
    if terms.charges_ceiling is not None:
        found.append(CHARGES)
    return tuple(found)


def room_step(subject: Subject, ceiling: str) -> Derivation:
    """What may still accrue under a ceiling on the date: its limit less what has accrued."""
    limit = limit_step(subject, ceiling, subject.on)
    used = _used(subject, ceiling, subject.on, before=len(subject.steps))
    return worked("room", Formula.LESS, (limit, used))


def limit_step(subject: Subject, ceiling: str, day: date) -> Derivation:
    """The limit of a ceiling on a day: its part of what was drawn, after what years before used."""
    terms, _ = subject.loan.terms_on(day)
    name = "penalty" if ceiling == PENALTIES else "charges_ceiling"
    fraction = terms.charges_ceiling
    if ceiling == PENALTIES and terms.penalty is not None:
        fraction = terms.penalty.cap_of_principal
    assert fraction is not None  # noqa: S101 - asked only where terms set it
    part = worked(
        "part_of_drawn",
        Formula.PRODUCT,
        (
            drawn_step(subject, day),
            leaf("ceiling_rate", fraction, subject.loan.term(name, day), unit=Unit.RATE),
        ),
    )
    limit = rounded("ceiling", part, leaf("rounding", Rounding.DOWN, _DROPPED))
    began = _year_began(subject, ceiling, day)
    if began is None:
        return limit
    used = _used(subject, ceiling, began, before=_place_at(subject, began))
    return added("ceiling", [used, limit]) if used.number else limit


def is_rest(step: Step) -> bool:
    """Whether a movement is what a claim still got when its ceiling was reached."""
    return (
        step.cause is Cause.ACCRUED
        and not step.event
        and step.component in {Component.INTEREST, Component.PENALTY}
    )


def rest_step(subject: Subject, step: Step) -> Derivation:
    """What a claim got on the day its ceiling was reached: of the rest, what the day earns."""
    assert step.component is not None  # noqa: S101 - what accrues has a component
    key: ClaimKey = (step.component, step.claim)
    eve = step.day - timedelta(days=1)
    place = subject.loan.projection.steps.index(step)
    rests = [
        _rest_of(subject, ceiling, eve, place)
        for ceiling in ceilings_of(subject.loan.terms_on(eve)[0])
        if step.component in _SHARING[ceiling]
    ]
    earned = worked(
        "earned_by_the_day",
        Formula.LESS,
        (with_one_night_more(subject, key, eve, step.day), claim_step(subject, key, eve)),
    )
    return worked(
        "rest_of_ceiling",
        Formula.SMALLEST,
        (*rests, earned),
        figure=step.amount,
        about=money_of(step),
    )


def _rest_of(subject: Subject, ceiling: str, eve: date, place: int) -> Derivation:
    limit = limit_step(subject, ceiling, subject.loan.projection.steps[place].day)
    return less("room", limit, _used(subject, ceiling, eve, before=place))


def _used(subject: Subject, ceiling: str, day: date, *, before: int) -> Derivation:
    """What the claims under a ceiling have accrued by a day, and known amounts up to a place."""
    parts = [
        claim_elsewhere(subject, (component, number), day)
        for component in _SHARING[ceiling]
        for number in subject.loan.claims_begun(component, day)
    ]
    for step in subject.loan.projection.steps[:before]:
        if step.component not in _SHARING[ceiling]:
            continue
        is_charged = step.component is Component.PENALTY and step.cause in {
            Cause.ACCRUED,
            Cause.OPENED,
        }
        if is_rest(step):
            place = Figure(f"rest.{subject.loan.projection.steps.index(step)}", step.day)
            parts.append(
                Derivation(
                    "rest_of_ceiling",
                    Fraction(step.amount),
                    Unit.MONEY,
                    Formula.FIGURE,
                    elsewhere=place,
                    about=money_of(step),
                )
            )
        elif is_charged:
            fact = event_fact(step.event)
            parts.append(leaf(step.cause.value, step.amount, fact, about=money_of(step)))
    return added("used", parts)


def _place_at(subject: Subject, day: date) -> int:
    """How many steps were made before a day's own."""
    return sum(step.day < day for step in subject.loan.projection.steps)


def _year_began(subject: Subject, ceiling: str, day: date) -> date | None:
    """When the running contract year began, where the ceiling is renewed every year."""
    terms, _ = subject.loan.terms_on(day)
    if ceiling != PENALTIES or terms.penalty is None or not terms.penalty.cap_is_yearly:
        return None
    drawings = subject.loan.drawings(day)
    if not drawings:
        return None
    first = drawings[0][0].value_date
    years = 0
    while roll(first, YEARLY, years + 1, end_of_month=False) <= day:
        years += 1
    return roll(first, YEARLY, years, end_of_month=False) if years else None
