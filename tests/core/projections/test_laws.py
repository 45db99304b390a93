"""What holds of any life of any loan: drawn or taken over, fixed or floating, for either side."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gbese.core.calendars.business_days import BusinessDayConvention
from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.money import Money
from gbese.core.posting.booking import ledger_movements
from gbese.core.projections.position import instalment_states, position, totals
from gbese.core.projections.project import project
from gbese.core.projections.rows import Cause
from gbese.core.servicing.events import (
    Component,
    Drawn,
    Received,
    ReversalReason,
    Reversed,
    SurplusUse,
    WrittenOff,
)
from tests.core.loan_strategies import Life, any_lives, any_terms

P, I = Component.PRINCIPAL, Component.INTEREST  # noqa: E741
FAR = date(2900, 1, 1)  # past any life here
SETTLED = (Cause.PAID, Cause.WAIVED, Cause.WRITTEN_OFF, Cause.WITHHELD)

unadjusted = any_terms(periods_max=24).map(
    lambda terms: replace(terms, business_days=BusinessDayConvention.UNADJUSTED)
)


def days_of(life: Life) -> st.SearchStrategy[date]:
    changes = [event.value_date for event in life.facts.events]
    changes += [life.first, life.last, *(row.period_end for row in project(life.facts).plan)]
    return st.builds(
        lambda day, apart: max(day + timedelta(days=apart), life.first),
        st.sampled_from(changes),
        st.integers(-2, 40),
    )


def may_owe_below_zero(life: Life) -> bool:
    """Where interest may be negative, or is paid some nights ahead of its being earned."""
    ahead = {BusinessDayConvention.UNADJUSTED, BusinessDayConvention.FOLLOWING}
    rates = [life.facts.terms.rate.fixed or 0]
    rates += (
        [row.rate for row in life.facts.shared.fixings.rows] if life.facts.shared.fixings else []
    )
    return life.facts.terms.business_days not in ahead or min(rates) < 0


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(any_lives(), st.data())
def test_nothing_is_owed_below_zero(life: Life, data: st.DataObject) -> None:
    assume(not may_owe_below_zero(life))
    day = data.draw(days_of(life))
    at = position(project(life.facts), day)
    for component in Component:
        assert 0 <= at.fallen_due(component).minor <= at.owed(component).minor, component
    assert at.unallocated.minor >= 0


@given(any_lives(), st.data())
def test_parts_and_rest_are_what_was_received(life: Life, data: st.DataObject) -> None:
    at = position(project(life.facts), data.draw(st.one_of(days_of(life), st.just(FAR))))
    cash = at.total(None, Cause.RECEIVED) - at.total(None, Cause.REFUNDED)
    used = sum(at.total(component, Cause.PAID).minor for component in Component)
    assert cash.minor == used + at.unallocated.minor + at.total(None, Cause.RECOVERED).minor


@given(any_lives())
def test_all_that_was_lent_falls_due_in_the_end(life: Life) -> None:
    at = position(project(life.facts), FAR)
    lent = at.total(P, Cause.DRAWN) + at.total(P, Cause.OPENED) + at.total(P, Cause.ADJUSTED)
    left = at.total(P, Cause.WRITTEN_OFF)
    assert at.total(P, Cause.DUE) == lent or left


@given(any_lives(), st.data())
def test_what_is_paid_off_is_over(life: Life, data: st.DataObject) -> None:
    events = tuple(each for each in life.facts.events if not isinstance(each, WrittenOff))
    day = data.draw(days_of(life))
    facts = replace(life.facts, events=tuple(e for e in events if e.value_date <= day))
    before = position(project(facts), day)
    payment = before.debt.minor - before.unallocated.minor
    assume(payment > 0)
    paid = Received(
        number=life.next_number,
        value_date=day,
        amount=Money(payment, before.currency),
        surplus=SurplusUse.KEEP_TERM,
    )
    projection = project(replace(facts, events=(*facts.events, paid)))
    for later in (day, day + timedelta(days=1), FAR):
        at = position(projection, later)
        assert (at.debt.minor, at.unallocated.minor) == (0, 0), later
        assert all(at.owed(component).minor == 0 for component in Component)


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(any_lives(agreed=unadjusted), st.data())
def test_what_days_earn_is_what_falls_due_of_their_period(life: Life, data: st.DataObject) -> None:
    """Undisturbed, a period's nights add up to the interest of its row, to the minor unit."""
    drawn = life.facts.events[:1]
    assume(isinstance(drawn[0], Drawn))
    assume(life.facts.terms.rate.reference is None)  # a plan takes the rate of its day throughout
    projection = project(replace(life.facts, events=drawn))
    assume(projection.plan)
    row = data.draw(st.sampled_from(projection.plan))
    assume(row.period_start >= drawn[0].value_date)
    paid_on_time = [
        Received(
            number=10 + place,
            value_date=earlier.due_date_adjusted,
            amount=Money(earlier.due, projection.currency),
        )
        for place, earlier in enumerate(projection.plan)
        if earlier.due > 0 and earlier.due_date_adjusted <= row.period_start
    ]
    facts = replace(life.facts, events=(*drawn, *paid_on_time))
    assume(not life.facts.terms.fees and min(r.due for r in projection.plan) >= 0)
    lived = project(facts)
    length = (row.period_end - row.period_start).days
    nights = sorted({0, length, *data.draw(st.sets(st.integers(0, length), max_size=8))})
    days = [row.period_start + timedelta(days=night) for night in nights]
    earned = [position(lived, day).total(I, Cause.ACCRUED).minor for day in days]
    parts = [later - earlier for earlier, later in pairwise(earned)]
    assert sum(parts) == row.interest
    assert all(part * row.interest >= 0 for part in parts)


@given(any_lives(), st.data())
def test_a_reversal_restores_all(life: Life, data: st.DataObject) -> None:
    target = data.draw(st.sampled_from(life.facts.events))
    undone = Reversed(
        number=life.next_number,
        value_date=life.last,
        reverses=target.number,
        reason=ReversalReason.OTHER,
    )
    without = tuple(event for event in life.facts.events if event is not target)
    assert project(life.with_events(undone)) == project(replace(life.facts, events=without))


@given(any_lives(), st.data())
def test_what_was_recorded_first_does_not_matter(life: Life, data: st.DataObject) -> None:
    """The list may come in any order; numbers tell what was recorded first on a day."""
    shuffled = tuple(data.draw(st.permutations(life.facts.events)))
    assert project(replace(life.facts, events=shuffled)) == project(life.facts)


@given(any_lives(), st.data())
def test_a_later_day_does_not_change_an_earlier(life: Life, data: st.DataObject) -> None:
    """What is known by a day tells the day as all that is known tells it."""
    whole = project(life.facts)
    day = data.draw(days_of(life))
    known = tuple(event for event in life.facts.events if event.value_date <= day)
    partly = project(replace(life.facts, events=known))
    assert totals(partly, day) == totals(whole, day)
    assert position(partly, day).oldest_unpaid == position(whole, day).oldest_unpaid


@given(any_lives(), st.data())
def test_the_sides_mirror(life: Life, data: st.DataObject) -> None:
    """What is an asset of one is a debt of the other; what one earns the other spends."""
    moved = totals(project(life.facts), data.draw(days_of(life)))
    term_class = data.draw(st.sampled_from(list(TermClass)))
    sums = []
    for side in Side:
        movements = ledger_movements(moved, side=side, term_class=term_class)
        assert sum(movements.values()) == 0
        sums.append(Counter(abs(minor) for minor in movements.values()))
    assert sums[0] == sums[1]


@given(any_lives(), st.data())
def test_instalments_fell_due_as_their_totals_tell(life: Life, data: st.DataObject) -> None:
    projection = project(life.facts)
    day = data.draw(days_of(life))
    states = instalment_states(projection, day)
    due = sum(state.due.get(P, 0) for state in states)
    outside = sum(
        step.amount
        for step in projection.steps
        if step.day <= day and step.claim <= 0 and (step.component, step.cause) == (P, Cause.DUE)
    )
    assert due + outside == position(projection, day).total(P, Cause.DUE).minor
