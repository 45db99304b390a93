"""Where a nominal rate comes from: an event, the terms, or a fixing with its margin and bounds."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from gbese.core.contracts.terms import RateEffect
from gbese.core.derivations.steps import event_fact, leaf, worked
from gbese.core.derivations.subject import Subject
from gbese.core.derivations.tree import Derivation, Fact, FactKind, Formula, Unit
from gbese.core.rates.reference import Fixing
from gbese.core.schedules.interest_periods import InterestPeriod


def rate_step(subject: Subject, night: date, *, period_start: date) -> Derivation:
    """The rate of a night in the period that began on `period_start`."""
    path, set_by = subject.loan.rates_on(night)
    if set_by is not None:
        event = event_fact(set_by.number)
        return leaf("nominal_rate", set_by.rate, event, unit=Unit.RATE)
    terms = path.terms
    if terms.reference is None or terms.resets is not None or path.resets:
        fact = subject.loan.term("rate", night)
        rate = path.on(night, period_start=period_start)
        return leaf("nominal_rate", rate, fact, unit=Unit.RATE)
    reset = night if terms.effect is RateEffect.SAME_DAY else period_start
    floating = worked(
        "nominal_rate",
        Formula.SUM,
        (
            _multiplied(subject, _fixing_step(subject, terms.reference, reset), reset),
            leaf("margin", terms.margin, subject.loan.term("rate", night), unit=Unit.RATE),
        ),
        unit=Unit.RATE,
    )
    for name, bound, formula in (
        ("rate_cap", terms.cap, Formula.SMALLEST),
        ("rate_floor", terms.floor, Formula.LARGEST),
    ):
        if bound is not None:
            limit = leaf(name, bound, subject.loan.term("rate", night), unit=Unit.RATE)
            floating = worked("nominal_rate", formula, (floating, limit), unit=Unit.RATE)
    return floating


def rate_of_period(
    subject: Subject, rate: Derivation, period: InterestPeriod | None, day: date
) -> Derivation:
    """The rate at which a period's interest is counted: by the sum of digits, where so agreed."""
    if period is None or period.spread is None:
        return rate
    spread, fact = period.spread, subject.loan.term("interest_spread", day)
    parts = (
        rate,
        _ratio("by_digits", ("digit", spread.digit), ("sum_of_digits", spread.sum_of_digits), fact),
        _ratio("by_time", ("years_in_all", spread.years_in_all), ("years", spread.years), fact),
    )
    return worked("rate_of_period", Formula.PRODUCT, parts, unit=Unit.RATE)


def _ratio(
    name: str, above: tuple[str, int | Fraction], below: tuple[str, int | Fraction], fact: Fact
) -> Derivation:
    parts = [leaf(word, number, fact, unit=Unit.NUMBER) for word, number in (above, below)]
    return worked(name, Formula.QUOTIENT, parts, unit=Unit.NUMBER)


def _multiplied(subject: Subject, fixing: Derivation, day: date) -> Derivation:
    """The fixing, times what the terms multiply it by."""
    multiplier = subject.loan.terms_on(day)[0].rate.multiplier
    if multiplier == 1:
        return fixing
    factor = leaf("multiplier", multiplier, subject.loan.term("rate", day), unit=Unit.NUMBER)
    return worked("fixing", Formula.PRODUCT, (fixing, factor), unit=Unit.RATE)


def penalty_rate_step(subject: Subject, night: date, rate: Fraction) -> Derivation:
    """The rate of a penalty's tier, a fraction a day."""
    return leaf("penalty_rate", rate, subject.loan.term("penalty", night), unit=Unit.RATE)


def _fixing_step(subject: Subject, series: str, reset: date) -> Derivation:
    fixing = _latest_fixing(subject, reset)
    if fixing is None:
        return leaf("fixing", 0, subject.loan.term("rate", reset), unit=Unit.RATE)
    fact = Fact(FactKind.FIXING, f"{series}/{fixing.valid_on.isoformat()}")
    return leaf("fixing", fixing.rate, fact, unit=Unit.RATE)


def _latest_fixing(subject: Subject, day: date) -> Fixing | None:
    fixings = subject.loan.facts.shared.fixings
    rows = fixings.rows if fixings is not None else ()
    return max((row for row in rows if row.valid_on <= day), key=_valid_on, default=None)


def _valid_on(row: Fixing) -> date:
    return row.valid_on
