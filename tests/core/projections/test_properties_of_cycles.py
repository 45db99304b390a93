"""What holds of every loan also where its terms have more than one cycle."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from gbese.apps.lending.documents import terms_document, terms_from
from gbese.columns.blocks import pack, unpack
from gbese.core.calendars.business_days import EVERY_DAY, BusinessDayConvention
from gbese.core.contracts.analysis import for_analysis
from gbese.core.contracts.terms import ScheduleKind, Side, Terms
from gbese.core.money import Money
from gbese.core.projections.cash_flows import FlowKind, cash_flows
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.position import position
from gbese.core.projections.project import project
from gbese.core.projections.rows import Cause
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.servicing.events import Component, Drawn, Received, SurplusUse
from tests.core.cycle_strategies import terms_with_cycles
from tests.core.loan_strategies import WEEKENDS, Life, lives
from tests.core.projections.test_properties import FAR, looked_at, sample_days

P, I = Component.PRINCIPAL, Component.INTEREST  # noqa: E741
loans = lives(agreed=terms_with_cycles())


@given(loans)
def test_no_component_is_ever_below_zero(life: Life) -> None:
    projection = project(life.facts)
    for day in looked_at(life, 5):
        at = position(projection, day)
        for component in Component:
            assert at.owed(component).minor >= 0, (day, component)
            assert 0 <= at.fallen_due(component).minor <= at.owed(component).minor, (day, component)
        assert at.unallocated.minor >= 0, day


@given(loans)
def test_what_falls_due_is_what_was_lent_and_what_joined_it(life: Life) -> None:
    at = position(project(life.facts), FAR)
    joined = at.total(P, Cause.CAPITALISED)
    assert joined == at.total(I, Cause.CAPITALISED)
    assert at.total(P, Cause.DUE) == at.total(P, Cause.DRAWN) + joined
    if at.outstanding.minor == 0:
        assert at.total(I, Cause.DUE) == at.total(I, Cause.ACCRUED)


@given(loans, st.data())
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
        assert (at.debt.minor, at.unallocated.minor) == (0, 0), later


@given(loans)
def test_a_projection_is_packed_and_read_back_whole(life: Life) -> None:
    projection = project(life.facts)
    read = unpack(
        pack(projection),
        currency=projection.currency,
        horizon=projection.horizon,
        method=projection.method,
    )
    assert read == projection


@given(terms_with_cycles())
def test_terms_are_kept_whole_as_text(signed: Terms) -> None:
    assert terms_from(terms_document(signed)) == signed


@given(terms_with_cycles(with_extras=False, last_day_may_count=True))
def test_what_is_planned_is_what_falls_due_when_all_is_paid_in_time(signed: Terms) -> None:
    """The plan of a loan just drawn, and the rows of one that was paid as they fell due.

    A level payment is planned at the rate of the day; it is worked out anew where a step changes it.
    """
    assume(signed.schedule_kind is not ScheduleKind.ANNUITY or not signed.rate.steps)
    drawn = _drawn_at_once(signed)
    planned = [_told(row) for row in project(drawn).plan]
    lived = project(replace(drawn, terms=replace(signed, follows_statements=True)))
    by_claim: dict[int, dict[Component, int]] = {}
    for step in lived.steps:
        if step.cause is Cause.DUE and step.component in {P, I} and not step.event:
            of_claim = by_claim.setdefault(step.claim, {P: 0, I: 0})
            of_claim[step.component] += step.amount
    joined = {
        step.claim: step.amount
        for step in lived.steps
        if step.cause is Cause.CAPITALISED and step.component is P
    }
    due = [
        (claim, amounts[P], amounts[I] - joined.get(claim, 0))
        for claim, amounts in sorted(by_claim.items())
    ]
    assert [row for row in due if any(row[1:])] == planned


@given(terms_with_cycles(with_extras=False, last_day_may_count=True), st.sampled_from(list(Side)))
def test_unrounded_flows_repay_the_loan_and_its_interest(signed: Terms, side: Side) -> None:
    """All money in, less all money out, is the interest earned; nothing is left at the end."""
    sign = 1 if side is Side.LENDER else -1
    facts = _drawn_at_once(for_analysis(signed))
    flows = cash_flows(facts, side)
    earned = position(project(facts), FAR).total(I, Cause.ACCRUED).minor
    assert sum(flow.amount for flow in flows) == sign * earned
    assert (flows[-1].kind, flows[-1].outstanding) == (FlowKind.MATURITY, 0)
    assert abs(flows[-1].accrued) <= len(flows)  # rounding of the smallest units alone
    assert [flow.day for flow in flows] == sorted(flow.day for flow in flows)


def _drawn_at_once(signed: Terms) -> LoanFacts:
    life = Drawn(number=1, value_date=signed.interest_from, amount=signed.principal)
    is_moved = signed.business_days is not BusinessDayConvention.UNADJUSTED
    return LoanFacts(
        terms=signed,
        events=(life,),
        shared=SharedFacts(calendar=WEEKENDS if is_moved else EVERY_DAY),
    )


def _told(row: PlannedInstalment) -> tuple[int, int, int]:
    return row.number, row.principal, row.interest
