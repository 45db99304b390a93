"""What holds of every loan, whatever was agreed and whatever happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gbese.core.calendars.business_days import BusinessDayConvention
from gbese.core.money import Money
from gbese.core.projections.facts import LoanFacts
from gbese.core.projections.position import Position, position, totals
from gbese.core.projections.project import project
from gbese.core.projections.rows import Cause, Projection
from gbese.core.projections.rows import Life as Stage
from gbese.core.servicing.events import (
    Component,
    Received,
    ReversalReason,
    Reversed,
    SurplusUse,
    Waived,
)
from tests.core.loan_strategies import LATE_OR_NEVER, Life, lives, terms

P, I = Component.PRINCIPAL, Component.INTEREST  # noqa: E741
EVERY_CONVENTION = (
    *LATE_OR_NEVER,
    BusinessDayConvention.PRECEDING,
    BusinessDayConvention.MODIFIED_FOLLOWING,
)
FAR = date(2090, 1, 1)


def looked_at(life: Life, step: int = 1) -> list[date]:
    length = (life.last - life.first).days
    return [life.first + timedelta(days=n) for n in range(0, length + 1, step)]


def sample_days(life: Life) -> st.SearchStrategy[date]:
    return st.integers(0, (life.last - life.first).days).map(
        lambda n: life.first + timedelta(days=n)
    )


@given(lives())
def test_no_component_is_ever_below_zero(life: Life) -> None:
    projection = project(life.facts)
    for day in looked_at(life, 5):
        at = position(projection, day)
        for component in Component:
            assert at.owed(component).minor >= 0, (day, component)
            assert at.fallen_due(component).minor >= 0, (day, component)
            assert at.fallen_due(component) <= at.owed(component), (day, component)
        assert at.unallocated.minor >= 0, day


@given(lives(agreed=terms(conventions=EVERY_CONVENTION)))
def test_what_falls_due_is_what_was_lent_and_what_was_earned(life: Life) -> None:
    at = position(project(life.facts), FAR)
    lent = at.total(P, Cause.DRAWN)
    assert at.total(P, Cause.DUE) == lent
    if at.outstanding.minor == 0:
        assert at.total(I, Cause.DUE) == at.total(I, Cause.ACCRUED)


@given(lives())
def test_what_is_received_goes_somewhere(life: Life) -> None:
    projection = project(life.facts)
    for event in life.facts.events:
        if isinstance(event, Received):
            parts = [s for s in projection.steps if s.event == event.number and s.component]
            paid = sum(step.amount for step in parts if step.cause is Cause.PAID)
            assert 0 <= paid <= event.amount.minor
    at = position(projection, FAR)
    received = sum(e.amount.minor for e in life.facts.events if isinstance(e, Received))
    paid = sum(at.total(component, Cause.PAID).minor for component in Component)
    assert received == paid + at.unallocated.minor


@given(lives(), st.data())
def test_pay_off_then_nothing(life: Life, data: st.DataObject) -> None:
    day = data.draw(sample_days(life))
    before = position(project(life.facts), day)
    payment = before.debt.minor - before.unallocated.minor
    if payment <= 0 or any(event.value_date > day for event in life.facts.events):
        return
    paid = Received(
        number=life.next_number,
        value_date=day,
        amount=Money(payment, before.currency),
        surplus=SurplusUse.KEEP_TERM,
    )
    projection = project(life.with_events(paid))
    for later in (day, day + timedelta(days=1), life.last, FAR):
        at = position(projection, later)
        assert at.debt.minor == 0, later
        assert at.unallocated.minor == 0, later
        assert at.life in {Stage.SETTLED, Stage.ACTIVE}
    assert all(row.period_end <= day or not row.due for row in projection.plan)


@given(lives(agreed=terms(conventions=(BusinessDayConvention.PRECEDING,))), st.data())
def test_pay_off_where_instalments_are_due_ahead(life: Life, data: st.DataObject) -> None:
    """Interest may have been paid some nights ahead; once paid off, nothing is owed."""
    day = data.draw(sample_days(life))
    if any(event.value_date > day for event in life.facts.events):
        return
    before = position(project(life.facts), day)
    payment = before.debt.minor - before.unallocated.minor
    if payment <= 0:
        return
    paid = Received(
        number=life.next_number,
        value_date=day,
        amount=Money(payment, before.currency),
        surplus=SurplusUse.KEEP_TERM,
    )
    at = position(project(life.with_events(paid)), FAR)
    assert (at.debt.minor, at.unallocated.minor) == (0, 0)


@given(lives(distinct_days=True), st.randoms(use_true_random=False))
def test_the_order_of_entry_does_not_matter(life: Life, random: object) -> None:
    numbers = [event.number for event in life.facts.events]
    shuffled = list(numbers)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    renumbered = [
        replace(event, number=number)
        for event, number in zip(life.facts.events, shuffled, strict=True)
    ]
    renumbered.sort(key=lambda event: event.number)
    entered = project(replace(life.facts, events=tuple(renumbered)))
    assert without_numbers(entered) == without_numbers(project(life.facts))


def without_numbers(projection: Projection) -> Projection:
    return replace(projection, steps=tuple(replace(step, event=0) for step in projection.steps))


@given(lives(), st.data())
def test_a_reversal_restores_the_position_exactly(life: Life, data: st.DataObject) -> None:
    fact = data.draw(
        lives(agreed=st.just(life.facts.terms), max_events=2).map(lambda o: o.facts.events[-1])
    )
    recorded = replace(fact, number=life.next_number)
    undone = Reversed(
        number=life.next_number + 1,
        value_date=recorded.value_date,
        reverses=recorded.number,
        reason=ReversalReason.ENTERED_TWICE,
    )
    assert project(life.with_events(recorded, undone)) == project(life.facts)
    redone = replace(undone, number=undone.number + 1, reverses=undone.number)
    assert project(life.with_events(recorded, undone, redone)) == project(
        life.with_events(recorded)
    )


@given(lives(max_events=3))
def test_daily_accruals_add_up_to_the_interest_that_falls_due(life: Life) -> None:
    projection = project(life.facts)
    days = looked_at(life)
    at = [position(projection, day) for day in days]
    daily = [
        later.total(I, Cause.ACCRUED).minor - earlier.total(I, Cause.ACCRUED).minor
        for earlier, later in pairwise(at)
    ]
    assert sum(daily) == at[-1].total(I, Cause.ACCRUED).minor
    assert min(daily, default=0) >= 0
    by_claim: dict[int, int] = {}
    for step in projection.steps:
        if step.component is I and step.cause is Cause.DUE:
            by_claim[step.claim] = by_claim.get(step.claim, 0) + step.amount
    if at[-1].outstanding.minor == 0:
        assert sum(by_claim.values()) == sum(daily)


@given(lives(agreed=terms(with_extras=False, any_rate=st.decimals("-0.2", "-0.0001", places=4))))
def test_negative_rates_owe_nothing_in_the_end(life: Life) -> None:
    at = position(project(life.facts), FAR)
    assert at.total(P, Cause.DUE) == at.total(P, Cause.DRAWN)
    assert at.outstanding.minor >= 0
    assert at.unallocated.minor >= 0


@given(lives(), st.data())
def test_charges_never_pass_their_ceilings(life: Life, data: st.DataObject) -> None:
    signed = life.facts.terms
    if signed.charges_ceiling is None:
        return
    kept = tuple(e for e in life.facts.events if type(e).__name__ in {"Drawn", "Received"})
    projection = project(replace(life.facts, events=kept))
    day = data.draw(st.sampled_from([*looked_at(life, 7), FAR]))
    at = position(projection, day)
    charged = at.total(I, Cause.ACCRUED).minor + at.total(Component.PENALTY, Cause.ACCRUED).minor
    assert charged <= int(signed.charges_ceiling * at.total(P, Cause.DRAWN).minor)


@given(lives(), st.data())
def test_a_waiver_lowers_the_claim_by_what_was_waived(life: Life, data: st.DataObject) -> None:
    day = data.draw(sample_days(life))
    if any(event.value_date > day for event in life.facts.events):
        return
    before = position(project(life.facts), day)
    component = data.draw(st.sampled_from(list(Component)))
    owed = before.owed(component)
    if not owed:
        return
    waived = Waived(
        number=life.next_number, value_date=day, component=component, amount=Money(1, owed.currency)
    )
    after = position(project(life.with_events(waived)), day)
    assert after.owed(component).minor == owed.minor - 1


@given(lives())
def test_steps_and_intervals_are_in_order(life: Life) -> None:
    projection = project(life.facts)
    assert list(projection.steps) == sorted(projection.steps, key=lambda step: step.day)
    kinds = {interval.kind for interval in projection.intervals}
    for kind in kinds:
        of_kind = [interval for interval in projection.intervals if interval.kind is kind]
        for earlier, later in pairwise(sorted(of_kind, key=lambda each: each.start)):
            assert earlier.end is not None
            assert earlier.end <= later.start
    for segment in projection.segments:
        assert segment.end is None or segment.start < segment.end
    assert set(totals(projection, life.first - timedelta(days=1))) == set()


def test_the_state_read_in_between_is_the_state_at_the_end() -> None:
    """A projection of fewer facts agrees with one of more up to the day before the next fact."""

    @given(lives(distinct_days=True))
    def holds(life: Life) -> None:
        events = sorted(life.facts.events, key=lambda event: event.value_date)
        whole = project(life.facts)
        for known, following in pairwise([*events]):
            upto = tuple(e for e in events if e.value_date <= known.value_date)
            partly = project(_facts(life, upto))
            eve = following.value_date - timedelta(days=1)
            assert _told(position(partly, eve)) == _told(position(whole, eve))

    holds()


def _facts(life: Life, events: tuple[object, ...]) -> LoanFacts:
    return replace(life.facts, events=events)  # type: ignore[arg-type]


def _told(at: Position) -> tuple[object, ...]:
    return (dict(at.totals), at.life, at.oldest_unpaid, at.is_restructured)
