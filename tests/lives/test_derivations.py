"""Every figure of every reading of a random loan has a derivation that leads to it.

The walk asks each cell for its tree and works the tree out anew with formulas of its own; what a
leaf names must be among the facts, and a figure worked out elsewhere must be what is found there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, prod

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gbese.apps.rates.shipped_rules import yearly_cost_rules
from gbese.core.calendars.business_days import BusinessDayConvention
from gbese.core.calendars.day_counts import DayCount
from gbese.core.contracts.terms import (
    FeeTerms,
    FeeTiming,
    PenaltyBase,
    RateEffect,
    RateTerms,
    ScheduleKind,
    Terms,
)
from gbese.core.derivations.figures import derive, figures_of
from gbese.core.derivations.subject import LoanRows, Subject
from gbese.core.derivations.tree import Derivation, Fact, FactKind, Figure, Formula
from gbese.core.money import Money, Rounding
from gbese.core.projections.facts import LoanFacts, standing_events
from gbese.core.projections.position import Position, position
from gbese.core.projections.project import project
from gbese.core.projections.rows import Cause, Projection
from gbese.core.servicing.events import (
    Amended,
    Component,
    Drawn,
    Opened,
    Received,
    Restated,
    ReversalReason,
    Reversed,
    SurplusUse,
)
from gbese.core.status.claims import claims_on, to_pay
from gbese.core.status.reading import reading
from gbese.core.status.schedule import schedule_on, sums_of
from gbese.core.status.trouble import StatusPolicy
from tests.core.loan_strategies import LATE_OR_NEVER, Life, lives, terms
from tests.core.loans import Story, penalty_of, terms_of

POLICY = StatusPolicy()
COST_RULES = yearly_cost_rules()
CONVENTIONS = (*LATE_OR_NEVER, BusinessDayConvention.PRECEDING)


@st.composite
def looked_at(draw: st.DrawFn) -> tuple[Life, date]:
    life = draw(lives(agreed=terms(conventions=CONVENTIONS)))
    days = (life.last - life.first).days
    return life, date.fromordinal(life.first.toordinal() + draw(st.integers(0, days)))


@settings(deadline=None, max_examples=25)
@given(looked_at())
def test_every_cell_of_every_reading_is_derived(asked: tuple[Life, date]) -> None:
    life, on = asked
    walk(life.facts, on)


@settings(deadline=None, max_examples=15)
@given(looked_at(), st.data())
def test_a_reversed_event_restores_the_derivation(
    asked: tuple[Life, date], data: st.DataObject
) -> None:
    life, on = asked
    number = life.next_number
    paid = Received(number=number, value_date=on, amount=Money(1, life.facts.terms.currency))
    undone = Reversed(
        number=number + 1, value_date=on, reverses=number, reason=ReversalReason.ENTERED_TWICE
    )
    before = subject_of(life.facts, on)
    after = subject_of(life.with_events(paid, undone), on)
    figure = data.draw(st.sampled_from(figures_of(before)))
    assert derive(after, figure) == derive(before, figure)


STORIES: dict[str, Story] = {
    "taken over in delay": Story(
        terms_of(
            "120000.00",
            "0.24",
            start="2025-01-15",
            first_due="2025-02-15",
            maturity="2026-01-15",
            penalty=penalty_of(
                (1, "0.001"), grace_days=3, base=PenaltyBase.OVERDUE_PRINCIPAL_AND_INTEREST
            ),
        )
    )
    .opened(
        "2025-06-20",
        "70000.00",
        principal_overdue="9000.00",
        interest_accrued="200.00",
        interest_overdue="1400.00",
        fee_overdue="50.00",
        penalty_overdue="33.00",
        drawn="120000.00",
        repaid="50000.00",
        overdue_since="2025-06-15",
    )
    .paid("2025-06-25", "5000.00")
    .paid("2025-07-20", "20000.00", SurplusUse.KEEP_TERM)
    .charged("2025-08-01", Component.INTEREST, "77.00")
    .refunded("2025-08-20", "100.00")
    .paid("2025-09-01", "400.00"),
    "held, sent back, written off, recovered": Story(
        terms_of(
            "1000.00",
            "0.12",
            start="2025-01-15",
            first_due="2025-02-15",
            maturity="2025-06-15",
            kind=ScheduleKind.LINEAR,
        )
    )
    .drawn("2025-01-15")
    .paid("2025-01-20", "300.00")
    .paid("2025-01-25", "100.00")
    .refunded("2025-02-01", "120.00")
    .paid("2025-03-01", "50.00")
    .written_off("2025-05-01")
    .paid("2025-06-01", "40.00"),
    "known by statements": Story(
        terms_of(
            "100000.00",
            "0.10",
            start="2025-01-15",
            first_due="2025-02-15",
            maturity="2025-12-15",
            kind=ScheduleKind.LINEAR,
            follows_statements=True,
        )
    )
    .opened("2025-01-31", "100000.00", drawn="100000.00")
    .restated("2025-04-30", repaid="20000.00", drawn="5000.00", adjustment="300.00"),
    "on demand": Story(
        terms_of(
            "100000.00",
            "0.10",
            start="2025-01-15",
            first_due="2025-02-15",
            maturity=None,
            kind=ScheduleKind.ON_DEMAND,
        ),
        open_ended_until="2026-03-01",
    )
    .drawn("2025-01-20", "60000.00")
    .paid("2025-03-20", "1000.00")
    .drawn("2025-04-01", "40000.00"),
    "two ceilings": Story(
        terms_of(
            "1000.00",
            "0.90",
            start="2025-01-15",
            first_due="2025-02-15",
            maturity="2025-06-15",
            penalty=penalty_of((1, "0.01"), (30, "0.02"), cap="0.05", cap_is_yearly=True),
            charges_ceiling=Decimal("0.8"),
        )
    )
    .drawn("2025-01-15")
    .paid("2025-03-20", "100.00")
    .drawn("2026-07-01", "10.00"),
    "not drawn, with a charge": Story(
        terms_of(
            "1000.00",
            "0.12",
            start="2025-01-15",
            first_due="2025-02-15",
            maturity="2025-06-15",
            fees=(
                FeeTerms(
                    fee_kind="service",
                    timing=FeeTiming.WITH_EACH_INSTALMENT,
                    rate=Decimal("0.001"),
                ),
            ),
        )
    ).charged("2025-02-01", Component.FEE, "5.00"),
    "paid as instructed": Story(
        terms_of(
            "1000.00", "0.12", start="2025-01-15", first_due="2025-02-15", maturity="2025-06-15"
        )
    )
    .drawn("2025-01-15")
    .paid(
        "2025-01-30",
        "500.00",
        SurplusUse.KEEP_TERM,
        [(Component.INTEREST, "3.00"), (Component.PRINCIPAL, "100.00")],
    )
    .paid("2025-02-20", "100.00", SurplusUse.HOLD, [(Component.PRINCIPAL, "50.00")]),
    "paid off": Story(
        terms_of(
            "1000.00", "0.12", start="2025-01-15", first_due="2025-02-15", maturity="2025-06-15"
        )
    )
    .drawn("2025-01-15")
    .paid("2025-03-03", "2000.00", SurplusUse.KEEP_TERM)
    .refunded("2025-03-10", "10.00"),
}
for effect in RateEffect:
    STORIES[f"floating from the {effect.value}"] = (
        Story(
            terms_of(
                "100000.00",
                RateTerms(
                    reference="REF",
                    margin=Decimal("0.02"),
                    floor=Decimal("0.05"),
                    cap=Decimal("0.15"),
                    effect=effect,
                ),
                start="2025-01-15",
                first_due="2025-02-15",
                maturity="2026-01-15",
                day_count=DayCount.ACT_360,
            ),
            fixings=(("2025-01-01", "0.10"), ("2025-02-10", "0.11"), ("2025-04-01", "0.14")),
            fixed_to="2025-12-31",
        )
        .drawn("2025-01-10")
        .paid("2025-02-16", "9000.00")
        .paid("2025-06-01", "20000.00", SurplusUse.KEEP_INSTALMENT)
    )


@pytest.mark.parametrize("told", STORIES)
@pytest.mark.parametrize("month", range(1, 10))
def test_hard_cases_are_derived(told: str, month: int) -> None:
    for on in (date(2025, month, 1), date(2025, month, 16), date(2026, month, 23)):
        walk(STORIES[told].facts, on)


@settings(deadline=None, max_examples=15)
@given(lives(), st.data())
def test_what_pays_a_loan_off_ends_it_on_any_day(life: Life, data: st.DataObject) -> None:
    last = max(event.value_date for event in life.facts.events)
    days = max((life.last - last).days, 0)
    on = date.fromordinal(last.toordinal() + data.draw(st.integers(0, days)))
    owed = position(project(life.facts), on).pay_off
    assume(owed.minor > 0)
    paid = Received(
        number=life.next_number, value_date=on, amount=owed, surplus=SurplusUse.KEEP_TERM
    )
    assert position(project(life.with_events(paid)), on).debt.minor == 0


def subject_of(facts: LoanFacts, on: date) -> Subject:
    return Subject(LoanRows(facts, project(facts), POLICY), on)


def walk(facts: LoanFacts, on: date) -> None:
    """Ask every figure for its derivation, and every figure those rest on."""
    subject = subject_of(facts, on)
    told = dict(readings(subject.loan.facts, subject.loan.projection, on))
    figures = figures_of(subject)
    assert set(told) <= set(figures)
    asked: dict[Figure, Fraction | str | None] = {
        Figure(code, on): told.get(code) for code in figures
    }
    done: set[Figure] = set()
    while asked:
        place, expected = asked.popitem()
        done.add(place)
        derivation = derive(subject.at(place.on), place.code)
        assert expected is None or derivation.figure == expected, (place, expected, derivation)
        check(derivation, facts, subject.loan.projection, place)
        for leaf in derivation.leaves():
            if leaf.elsewhere is None or leaf.elsewhere in done:
                continue
            if leaf.formula is Formula.FIGURE and asked.get(leaf.elsewhere) is None:
                asked[leaf.elsewhere] = leaf.number
            else:
                asked.setdefault(leaf.elsewhere, None)


def readings(
    facts: LoanFacts, projection: Projection, on: date
) -> Iterator[tuple[str, Fraction | str]]:
    """All that the product shows of a loan on a date, by the address of its derivation."""
    now = position(projection, on)
    yield from of_position(now)
    claims = claims_on(projection, now)
    yield "to_pay", Fraction(to_pay(claims, now.currency).minor)
    for claim in claims:
        name = claim.component.value
        yield name, Fraction(claim.owed.minor)
        yield f"{name}.overdue", Fraction(claim.overdue.minor)
        yield f"{name}.due_today", Fraction(claim.due_today.minor)
        yield f"{name}.not_due", Fraction(claim.not_due.minor)
    rows = schedule_on(projection, on)
    for row in rows:
        for column in ("principal", "interest", "fee", "total", "settled"):
            yield f"{row.number}.{column}", Fraction(getattr(row, column).minor)
        yield f"{row.number}.balance", Fraction(row.outstanding_after.minor)
    sums = sums_of(rows, now.currency)
    for column in ("principal", "interest", "fee", "total", "settled"):
        yield f"plan.{column}", Fraction(getattr(sums, column).minor)
    terms_now = terms_in_force(facts)
    shown = reading(
        projection,
        terms_now,
        on,
        drawn=drawn(facts),
        policy=POLICY,
        cost_rules=COST_RULES,
        is_set_aside=False,
    )
    yield "status", shown.status.value
    yield "overdue", Fraction(shown.overdue)
    yield "current", Fraction(shown.current)
    yield "noncurrent", Fraction(shown.noncurrent)
    yield "undrawn", Fraction(shown.undrawn)
    if shown.next_due is not None:
        yield "next_due", Fraction(shown.next_due.due)
    for event in standing_events(facts.events):
        if isinstance(event, Received) and event.value_date <= on:
            yield f"payment.{event.number}", Fraction(event.amount.minor)


def of_position(now: Position) -> Iterator[tuple[str, Fraction | str]]:
    yield "debt", Fraction(now.debt.minor)
    yield "pay_off", Fraction(now.pay_off.minor)
    yield "unallocated", Fraction(now.unallocated.minor)
    yield "days_past_due", Fraction(now.days_past_due)
    for component in Component:
        yield f"{component.value}.due", Fraction(now.fallen_due(component).minor)
        for cause in Cause:
            if cause is not Cause.DUE and (amount := now.total(component, cause).minor):
                key = f"{component.value}.{cause.value}"
                if cause is not Cause.ACCRUED:
                    yield key, Fraction(amount)


def terms_in_force(facts: LoanFacts) -> Terms:
    in_force = facts.terms
    for event in standing_events(facts.events):
        if isinstance(event, Amended):
            in_force = event.terms
    return in_force


def drawn(facts: LoanFacts) -> int:
    amounts = (
        event.amount if isinstance(event, Drawn) else event.drawn
        for event in standing_events(facts.events)
        if isinstance(event, Drawn | Opened | Restated)
    )
    return sum(amount.minor for amount in amounts)


def check(step: Derivation, facts: LoanFacts, projection: Projection, where: Figure) -> None:
    """Work a tree out anew, and look every fact up."""
    for part in step.parts:
        check(part, facts, projection, where)
    if step.formula is Formula.FACT:
        assert step.fact is not None, (where, step)
        assert exists(step.fact, facts, projection), (where, step.fact)
    elif step.formula is Formula.FIGURE:
        assert step.elsewhere is not None
    else:
        assert again(step) == step.figure, (where, step)
    assert step.re_adds()


def again(step: Derivation) -> Fraction | str:
    """A step's figure by arithmetic of this test's own; day counts and statuses have other tests."""
    figures = [part.figure for part in step.parts]
    numbers = [figure for figure in figures if isinstance(figure, Fraction)]
    match step.formula:
        case Formula.ROUNDED:
            multiple = numbers[1] if len(numbers) > 1 else Fraction(1)
            return multiple * whole(numbers[0] / multiple, str(figures[1]))
        case Formula.DAYS:
            start, end = (figure for figure in figures if isinstance(figure, date))
            return Fraction(end.toordinal() - start.toordinal())
        case Formula.LEVEL:
            return level(numbers, step.figure)
        case Formula.GRADUATED:
            return graduated(numbers, step.figure)
        case Formula.COUNTED | Formula.STATUS:
            assert isinstance(step.figure, Fraction | str)
            return step.figure
        case _:
            return PLAIN[step.formula](numbers)


PLAIN: dict[Formula, Callable[[list[Fraction]], Fraction]] = {
    Formula.SUM: lambda numbers: sum(numbers, Fraction(0)),
    Formula.LESS: lambda numbers: numbers[0] - sum(numbers[1:]),
    Formula.PRODUCT: lambda numbers: prod(numbers, start=Fraction(1)),
    Formula.QUOTIENT: lambda numbers: Fraction(numbers[0], numbers[1]),
    Formula.SMALLEST: min,
    Formula.LARGEST: max,
}


def whole(exact: Fraction, rounding: str) -> int:
    """Rounding by the book: up and down are away from zero and towards it."""
    sign, size = (-1, -exact) if exact < 0 else (1, exact)
    match Rounding(rounding):
        case Rounding.UP:
            return sign * ceil(size)
        case Rounding.DOWN:
            return sign * floor(size)
        case Rounding.HALF_UP:
            return sign * floor(size + Fraction(1, 2))
        case Rounding.HALF_EVEN:
            return sign * round(size)


def level(numbers: list[Fraction], claimed: object) -> Fraction:
    """The level payment in exact fractions; it is told to fifty digits, so that must agree."""
    outstanding, accrued, balloon, *costs = numbers
    assert isinstance(claimed, Fraction)
    if accrued + outstanding * max(costs) > claimed:
        return claimed  # a period may repay nothing; its own tests have the level then
    discount, discounts = Fraction(1), []
    for cost in costs:
        discount /= 1 + cost
        discounts.append(discount)
    exact = (outstanding + accrued * discounts[0] - balloon * discounts[-1]) / sum(discounts)
    assert abs(exact - claimed) <= Fraction(abs(exact) + 1, 10**40)
    return claimed


def graduated(numbers: list[Fraction], claimed: object) -> Fraction:
    """The first of payments that rise or fall: their present values make what they repay."""
    outstanding, accrued, balloon, *rest = numbers
    costs, factors, additions = rest[::3], rest[1::3], rest[2::3]
    assert isinstance(claimed, Fraction)
    payments = [claimed * times + more for times, more in zip(factors, additions, strict=True)]
    if accrued + outstanding * max(costs) > min(payments):
        return claimed  # as above
    discount, present = Fraction(1), Fraction(0)
    for place, (cost, payment) in enumerate(zip(costs, payments, strict=True)):
        discount /= 1 + cost
        present += (payment - accrued * (place == 0)) * discount
    repaid = present + balloon * discount
    assert abs(repaid - outstanding) <= Fraction(abs(outstanding) + 1, 10**30)
    return claimed


def exists(fact: Fact, facts: LoanFacts, projection: Projection) -> bool:
    standing = {event.number: event for event in standing_events(facts.events)}
    match fact.kind:
        case FactKind.EVENT:
            return int(fact.key) in standing
        case FactKind.INSTALMENT:
            return int(fact.key) in {row.number for row in projection.plan}
        case FactKind.TERM:
            is_version = fact.version == 0 or isinstance(standing.get(fact.version), Amended)
            return is_version and fact.key in {field.name for field in fields(Terms)}
        case FactKind.FIXING:
            assert facts.shared.fixings is not None
            series, _, day = fact.key.rpartition("/")
            rows = facts.shared.fixings.rows
            return series == facts.shared.fixings.series and any(
                row.valid_on.isoformat() == day for row in rows
            )
        case FactKind.POLICY:
            return hasattr(POLICY, fact.key)
        case FactKind.ASKED:
            return bool(date.fromisoformat(fact.key))
        case FactKind.CONVENTION:
            return fact.key in {"zero", "whole_units"}
        case FactKind.LOAN:
            return False  # of sums over loans alone
