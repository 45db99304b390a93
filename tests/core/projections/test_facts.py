"""Each kind of fact, on time and late, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gbese.core.calendars.business_days import BusinessDayConvention, Calendar
from gbese.core.calendars.day_counts import DayCount
from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import (
    FeeTerms,
    FeeTiming,
    PenaltyBase,
    RateEffect,
    RateTerms,
    ScheduleKind,
    Side,
    Terms,
)
from gbese.core.money import Currency
from gbese.core.posting.booking import ledger_movements
from gbese.core.projections.position import instalment_states, overdue, totals
from gbese.core.projections.rows import Cause, Life
from gbese.core.servicing.events import Component, SurplusUse
from gbese.core.status.term import maturity_ladder
from tests.core.loans import CLF, JPY, KWD, NGN, F, I, N, P, Story, day, money, penalty_of, terms_of

WEEKEND = Calendar(code="NG", holidays=frozenset({day("2026-10-01")}))


def linear(*, rate: str | RateTerms = "0.365", **more: object) -> Terms:
    """300.00 in three parts of 100.00; 0.1 % a night (ACT/365F) on what is outstanding."""
    settings: dict[str, object] = {
        "start": "2026-01-01",
        "first_due": "2026-02-01",
        "maturity": "2026-04-01",
        "kind": ScheduleKind.LINEAR,
    } | more
    return terms_of("300.00", rate, **settings)  # type: ignore[arg-type]


def fee(timing: FeeTiming, amount: str = "0.02") -> FeeTerms:
    return FeeTerms(fee_kind="arrangement", timing=timing, rate=Decimal(amount))


# --- payments: exactly, a cent under, a cent over, early, late, partial ---------------------------


@pytest.mark.parametrize(
    ("received", "interest_left", "principal_left", "unallocated", "late"),
    [
        # 31 nights x 0.30 = 9.30 of interest, 100.00 of principal
        ("109.30", "0.00", "0.00", "0.00", 0),
        ("109.29", "0.00", "0.01", "0.00", 1),
        ("109.31", "0.00", "0.00", "0.01", 0),
        ("9.30", "0.00", "100.00", "0.00", 1),
        ("9.29", "0.01", "100.00", "0.00", 1),
        ("0.01", "9.29", "100.00", "0.00", 1),
    ],
)
def test_a_payment_on_the_due_date(
    received: str, interest_left: str, principal_left: str, unallocated: str, late: int
) -> None:
    story = Story(linear()).drawn("2026-01-01").paid("2026-02-01", received)
    at = story.on("2026-02-01")
    assert at.fallen_due(I).plain() == interest_left
    assert at.fallen_due(P).plain() == principal_left
    assert at.unallocated.plain() == unallocated
    assert at.days_past_due == 0
    assert story.on("2026-02-02").days_past_due == late


def test_money_paid_early_waits_for_its_day_and_interest_goes_on() -> None:
    story = Story(linear()).drawn("2026-01-01").paid("2026-01-20", "109.30")
    assert story.on("2026-01-31").unallocated.plain() == "109.30"
    assert story.on("2026-01-31").outstanding.plain() == "300.00"
    at = story.on("2026-02-01")
    assert (at.unallocated.plain(), at.outstanding.plain()) == ("0.00", "200.00")
    assert at.oldest_unpaid is None


def test_money_that_waits_meets_a_fee_on_the_day_it_is_charged() -> None:
    story = Story(linear()).drawn("2026-01-01").paid("2026-01-10", "50.00")
    story.charged("2026-01-15", F, "20.00")
    at = story.on("2026-01-15")
    assert (at.owed(F).plain(), at.unallocated.plain()) == ("0.00", "30.00")
    assert story.on("2026-01-20").days_past_due == 0


def test_interest_runs_on_overdue_principal_from_the_due_date() -> None:
    """Due 2026-02-01, paid 2026-02-11: ten nights on 300.00 instead of 200.00."""
    story = Story(linear()).drawn("2026-01-01")
    assert story.accrued(I, "2026-02-01", "2026-02-11") == "3.00"
    story.paid("2026-02-11", "109.30")
    assert story.accrued(I, "2026-02-11", "2026-02-21") == "2.00"
    without = Story(linear(interest_runs_on_overdue=False)).drawn("2026-01-01")
    assert without.accrued(I, "2026-02-01", "2026-02-11") == "2.00"


def test_a_late_partial_payment_settles_the_oldest_first_and_counts_the_days_from_the_next() -> (
    None
):
    story = Story(linear(rate="0")).drawn("2026-01-01").paid("2026-03-15", "150.00")
    states = instalment_states(story.projection, day("2026-03-15"))
    assert [(state.claim, state.left) for state in states] == [(1, 0), (2, 50_00)]
    assert story.on("2026-03-15").days_past_due == 14  # since 2026-03-01
    assert story.on("2026-03-14").days_past_due == 41  # since 2026-02-01


def test_an_instruction_overrides_the_order() -> None:
    story = Story(linear()).drawn("2026-01-01")
    story.paid("2026-02-11", "100.00", instruction=[(P, "100.00")])
    at = story.on("2026-02-11")
    assert at.outstanding.plain() == "200.00"
    assert at.fallen_due(I).plain() == "9.30"
    assert at.days_past_due == 10


def test_an_instruction_repays_principal_early_and_takes_interest_to_the_day() -> None:
    story = Story(linear()).drawn("2026-01-01")
    story.paid("2026-01-11", "63.00", instruction=[(I, "3.00"), (P, "60.00")])
    at = story.on("2026-01-11")
    assert (at.owed(I).plain(), at.outstanding.plain()) == ("0.00", "240.00")
    assert [row.principal for row in story.projection.plan] == [80_00] * 3


# --- business days ------------------------------------------------------------------------------


def test_following_counts_interest_to_the_nominal_and_lateness_from_the_adjusted_date() -> None:
    """2026-02-01 is a Sunday: due on Monday, with 31 nights of interest; paid on Monday in time."""
    terms = linear(business_days=BusinessDayConvention.FOLLOWING)
    story = Story(terms, calendar=WEEKEND).drawn("2026-01-01")
    assert story.on("2026-02-01").fallen_due(P).plain() == "0.00"
    at = story.on("2026-02-02")
    assert (at.fallen_due(I).plain(), at.fallen_due(P).plain()) == ("9.30", "100.00")
    assert at.days_past_due == 0
    assert story.on("2026-02-03").days_past_due == 1
    # unpaid principal bears no interest between the nominal and the adjusted date
    assert story.accrued(I, "2026-02-01", "2026-02-02") == "0.20"
    assert story.accrued(I, "2026-02-02", "2026-02-03") == "0.30"
    story.paid("2026-02-02", "109.30")
    assert story.on("2026-02-28").days_past_due == 0
    assert [row.due_date_adjusted.isoformat() for row in story.projection.plan] == [
        "2026-02-02",
        "2026-03-02",  # 2026-03-01 is a Sunday too
        "2026-04-01",
    ]


def test_preceding_asks_for_the_whole_period_ahead_of_its_end() -> None:
    """Due on Friday 2026-01-30 with the interest to Sunday; if unpaid, late from Saturday."""
    terms = linear(business_days=BusinessDayConvention.PRECEDING)
    story = Story(terms, calendar=WEEKEND).drawn("2026-01-01")
    assert story.on("2026-01-30").fallen_due(I).plain() == "9.30"
    assert story.on("2026-01-31").days_past_due == 1
    story.paid("2026-01-30", "109.30")
    assert story.on("2026-02-01").days_past_due == 0
    assert story.on("2026-02-01").owed(I).plain() == "0.00"
    assert story.on("2026-02-01").outstanding.plain() == "200.00"


def test_preceding_corrects_interest_when_the_rate_changes_after_it_fell_due() -> None:
    """From Saturday 0.2 % a night: one night more costs 0.60 instead of 0.30."""
    terms = linear(business_days=BusinessDayConvention.PRECEDING)
    story = Story(terms, calendar=WEEKEND).drawn("2026-01-01").paid("2026-01-30", "109.30")
    story.rate_set("2026-01-31", "0.73")
    assert story.on("2026-02-01").fallen_due(I).plain() == "0.30"
    story.paid("2026-02-10", "0.30")
    assert story.on("2026-02-10").fallen_due(I).plain() == "0.00"


# --- fees ---------------------------------------------------------------------------------------


def test_a_fee_withheld_is_kept_back_from_the_drawdown() -> None:
    story = Story(linear(fees=(fee(FeeTiming.WITHHELD_AT_DRAWDOWN),))).drawn("2026-01-01")
    at = story.on("2026-01-01")
    assert at.total(F, Cause.WITHHELD).plain() == "6.00"
    assert (at.owed(F).minor, at.outstanding.plain()) == (0, "300.00")


def test_a_fee_payable_at_the_drawdown_is_owed_until_paid() -> None:
    story = Story(linear(rate="0", fees=(fee(FeeTiming.PAID_AT_DRAWDOWN),))).drawn("2026-01-01")
    assert story.on("2026-01-05").owed(F).plain() == "6.00"
    assert story.on("2026-01-05").days_past_due == 4
    story.paid("2026-01-05", "6.00")
    assert story.on("2026-01-05").owed(F).minor == 0


def test_a_fee_with_each_instalment_is_due_with_it() -> None:
    fees = (FeeTerms(fee_kind="x", timing=FeeTiming.WITH_EACH_INSTALMENT, amount=money("5.00")),)
    story = Story(linear(rate="0", fees=fees)).drawn("2026-01-01")
    assert [row.due for row in story.projection.plan] == [105_00] * 3
    for due in ("2026-02-01", "2026-03-01", "2026-04-01"):
        story.paid(due, "105.00")
    at = story.on("2026-04-01")
    assert (at.debt.minor, at.life) == (0, Life.SETTLED)
    assert at.total(F, Cause.ACCRUED).plain() == "15.00"


# --- penalties ----------------------------------------------------------------------------------


def test_no_penalty_where_the_instalment_is_paid_within_the_days_of_grace() -> None:
    terms = linear(rate="0", penalty=penalty_of((1, "0.01"), grace_days=5))
    story = Story(terms).drawn("2026-01-01").paid("2026-02-06", "100.00")
    assert story.owed("2026-02-28", N) == "0.00"


def test_the_penalty_counts_from_the_day_after_the_grace() -> None:
    """Due 2026-02-01, five days of grace: day 1 is 2026-02-07; 1.00 a day."""
    terms = linear(rate="0", penalty=penalty_of((1, "0.01"), grace_days=5))
    story = Story(terms).drawn("2026-01-01")
    assert story.owed("2026-02-06", N) == "0.00"
    assert story.owed("2026-02-07", N) == "1.00"
    assert story.owed("2026-02-10", N) == "4.00"


def test_a_penalty_stays_owed_when_its_instalment_is_paid() -> None:
    """House order: principal before the penalty. Ten days late: 10.00 stay, and do not grow."""
    terms = linear(rate="0", penalty=penalty_of((1, "0.01")))
    story = Story(terms).drawn("2026-01-01").paid("2026-02-11", "100.00")
    assert story.owed("2026-02-11", N) == "10.00"
    assert story.owed("2026-02-28", N) == "10.00"
    assert story.on("2026-02-28").days_past_due == 0
    story.paid("2026-03-01", "110.00")
    assert story.owed("2026-03-01", N) == "0.00"
    parts = [
        step.claim
        for step in story.projection.steps
        if (step.component, step.cause) == (N, Cause.PAID)
    ]
    assert parts == [1]


def test_a_part_payment_begins_a_new_segment_of_the_penalty() -> None:
    """100.00 x 1 % x 10 days + 40.00 x 1 % x 10 days = 14.00."""
    terms = linear(rate="0", penalty=penalty_of((1, "0.01")))
    story = Story(terms).drawn("2026-01-01").paid("2026-02-11", "60.00")
    assert story.owed("2026-02-21", N) == "14.00"


def test_a_penalty_on_principal_and_interest() -> None:
    """(100.00 + 9.30) x 1 % x 10 days = 10.93."""
    base = PenaltyBase.OVERDUE_PRINCIPAL_AND_INTEREST
    story = Story(linear(penalty=penalty_of((1, "0.01"), base=base))).drawn("2026-01-01")
    assert story.owed("2026-02-11", N) == "10.93"


def test_a_yearly_cap_begins_anew_with_each_contract_year() -> None:
    """At most 10 % of 300.00 a year; 3.00 a day: reached in ten days of each year."""
    terms = terms_of(
        "300.00",
        "0",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity="2026-02-01",
        kind=ScheduleKind.BULLET,
        penalty=penalty_of((1, "0.01"), cap="0.10", cap_is_yearly=True),
    )
    story = Story(terms).drawn("2026-01-01")
    assert story.owed("2026-02-10", N) == "27.00"
    assert story.owed("2026-02-11", N) == "30.00"
    assert story.owed("2026-12-31", N) == "30.00"
    assert story.owed("2027-01-02", N) == "33.00"
    assert story.owed("2027-12-31", N) == "60.00"


# --- waiver, write-off, recovery, refund ----------------------------------------------------------


def test_a_waiver_gives_up_a_claim() -> None:
    story = Story(linear()).drawn("2026-01-01").waived("2026-02-11", I, "9.30")
    at = story.on("2026-02-11")
    assert at.total(I, Cause.WAIVED).plain() == "9.30"
    assert at.fallen_due(I).minor == 0
    story.waived("2026-02-11", P, "300.00")
    assert story.on("2026-02-11").outstanding.minor == 0


def test_a_write_off_takes_all_and_later_money_is_recovered() -> None:
    story = Story(linear(penalty=penalty_of((1, "0.01")))).drawn("2026-01-01")
    story.written_off("2026-02-11")
    at = story.on("2026-02-11")
    # 31 nights x 0.30 and ten nights x 0.30; ten days of 1.00
    assert at.total(P, Cause.WRITTEN_OFF).plain() == "300.00"
    assert at.total(I, Cause.WRITTEN_OFF).plain() == "12.30"
    assert at.total(N, Cause.WRITTEN_OFF).plain() == "10.00"
    assert (at.debt.minor, at.life, at.days_past_due) == (0, Life.WRITTEN_OFF, 0)
    assert story.on("2027-01-01").debt.minor == 0
    story.paid("2026-06-01", "50.00")
    after = story.on("2026-06-01")
    assert after.total(None, Cause.RECOVERED).plain() == "50.00"
    assert (after.unallocated.minor, after.debt.minor) == (0, 0)
    assert not [
        row for row in story.projection.plan if row.due and row.period_end > day("2026-02-11")
    ]


def test_a_refund_returns_what_is_unallocated_and_no_more() -> None:
    story = Story(linear()).drawn("2026-01-01").paid("2026-01-05", "40.00")
    story.refunded("2026-01-06", "25.00")
    assert story.on("2026-01-06").unallocated.plain() == "15.00"
    story.refunded("2026-01-07", "25.00")
    assert story.on("2026-01-07").unallocated.minor == 0
    assert story.on("2026-01-07").total(None, Cause.REFUNDED).plain() == "40.00"


# --- rates --------------------------------------------------------------------------------------


def test_a_rate_set_inside_a_period_changes_the_nights_from_its_day() -> None:
    """Ten nights of 0.30, then 21 of 0.60: 15.60."""
    story = Story(linear()).drawn("2026-01-01").rate_set("2026-01-11", "0.73")
    assert story.on("2026-02-01").fallen_due(I).plain() == "15.60"
    late = Story(linear()).drawn("2026-01-01").paid("2026-02-01", "109.30")
    late.rate_set("2026-01-11", "0.73")  # entered after the payment, counts from its own day
    assert late.on("2026-02-01").fallen_due(P).plain() == "6.30"


def test_an_annuity_is_planned_anew_where_its_floating_rate_changes() -> None:
    """12 % a year, then 24 % from the second period: by hand.

    1,200.00 over 3 months at 1 %: A = 1,200.00 x 0.01 / (1 - 1.01^-3) = 408.03; the first repays
    408.03 - 12.00 = 396.03. 803.97 over 2 months at 2 %: A = 803.97 x 0.02 / (1 - 1.02^-2)
    = 16.0794 / 0.03883122 = 414.08: interest 16.08, principal 398.00; the last 405.97 + 8.12.
    """
    floating = RateTerms(reference="REF")
    terms = terms_of(
        "1,200.00",
        floating,
        start="2026-01-01",
        first_due="2026-02-01",
        maturity="2026-04-01",
        day_count=DayCount.EQUAL_PERIODS,
    )
    story = Story(
        terms, fixings=[("2026-01-01", "0.12"), ("2026-01-20", "0.24")], fixed_to="2026-04-01"
    )
    story.drawn("2026-01-01").paid("2026-02-01", "408.03")
    story.paid("2026-03-01", "0.01")
    assert [(row.interest, row.principal) for row in story.projection.plan] == [
        (12_00, 396_03),
        (16_08, 398_00),
        (8_12, 405_97),
    ]
    assert story.projection.horizon is None


def test_a_rate_not_fixed_yet_is_expected_and_ends_at_the_horizon() -> None:
    floating = RateTerms(reference="REF")
    story = Story(linear(rate=floating), fixings=[("2026-01-01", "0.365")], fixed_to="2026-02-15")
    story.drawn("2026-01-01")
    assert [row.is_expected for row in story.projection.plan] == [False, False, True]
    assert story.projection.horizon == day("2026-03-01")


# 10 % of 1 January may hold 30 days, to the 31st; 20 % begins on 20 March: of 1 February to 19 March
# nothing is known.
HOLE = {"fixings": [("2026-01-01", "0.1"), ("2026-03-20", "0.2")], "max_age_days": 30}


def floating_to_april(effect: RateEffect) -> Terms:
    return linear(rate=RateTerms(reference="REF", effect=effect))


def test_nothing_is_certain_from_the_first_night_in_a_hole_of_the_series() -> None:
    story = Story(floating_to_april(RateEffect.SAME_DAY), **HOLE).drawn("2026-01-01")
    assert story.projection.horizon == day("2026-02-01")


def test_a_period_that_begins_in_a_hole_is_expected() -> None:
    story = Story(floating_to_april(RateEffect.NEXT_PERIOD), **HOLE).drawn("2026-01-01")
    assert story.projection.horizon == day("2026-02-01")
    assert [row.is_expected for row in story.projection.plan] == [False, True, True]


def test_a_hole_before_the_first_drawing_is_nothing_to_the_loan() -> None:
    """The value of 20 March may hold to 19 April, so the night of that day is the last certain."""
    story = Story(floating_to_april(RateEffect.SAME_DAY), **HOLE).drawn("2026-03-25")
    assert story.projection.horizon == day("2026-04-20")


def test_a_rate_set_by_hand_bridges_a_hole_from_its_day_on() -> None:
    story = Story(floating_to_april(RateEffect.SAME_DAY), **HOLE).drawn("2026-01-01")
    assert story.rate_set("2026-02-02", "0.3").projection.horizon == day("2026-02-01")
    story = Story(floating_to_april(RateEffect.SAME_DAY), **HOLE).drawn("2026-01-01")
    assert story.rate_set("2026-02-01", "0.3").projection.horizon == day("2026-04-20")


# --- amendments ---------------------------------------------------------------------------------


def test_an_amendment_goes_on_with_what_is_outstanding() -> None:
    """After the first instalment: two parts become four; interest of the running period is kept."""
    story = Story(linear()).drawn("2026-01-01").paid("2026-02-01", "109.30")
    story.amended("2026-02-11", linear(maturity="2026-06-01"))
    rows = [(row.principal, row.interest) for row in story.projection.plan]
    # 28 nights x 0.20 = 5.60; 31 x 0.15 = 4.65; 30 x 0.10 = 3.00; 31 x 0.05 = 1.55
    assert rows == [(100_00, 9_30), (50_00, 5_60), (50_00, 4_65), (50_00, 3_00), (50_00, 1_55)]
    assert story.on("2026-02-11").is_restructured is False
    at = story.on("2026-06-01")
    assert at.fallen_due(P).plain() == "200.00"
    assert at.fallen_due(I) == at.owed(I)


def test_an_amendment_leaves_overdue_amounts_due() -> None:
    story = Story(linear()).drawn("2026-01-01").amended("2026-02-11", linear(maturity="2026-06-01"))
    at = story.on("2026-02-11")
    assert (at.fallen_due(P).plain(), at.fallen_due(I).plain()) == ("100.00", "9.30")
    assert at.days_past_due == 10


def test_a_restructuring_puts_overdue_amounts_off() -> None:
    story = Story(linear()).drawn("2026-01-01")
    story.amended("2026-02-11", linear(maturity="2026-06-01"), is_restructuring=True)
    at = story.on("2026-02-11")
    assert (at.fallen_due(P).minor, at.fallen_due(I).minor) == (0, 0)
    assert (at.outstanding.plain(), at.owed(I).plain()) == ("300.00", "12.30")
    assert (at.days_past_due, at.is_restructured) == (0, True)
    rows = story.projection.plan
    # 300.00 in four parts; 9.30 put off, 28 nights x 0.30 = 8.40 of the running period
    assert [row.principal for row in rows[-4:]] == [75_00] * 4
    assert rows[-4].interest == 17_70
    assert story.on("2026-02-10").is_restructured is False


# --- taken over, restated, on demand ---------------------------------------------------------------


def test_taken_over_in_mid_life() -> None:
    """200.00 outstanding on 2026-02-11, of it 40.00 overdue since 2026-02-01; 2.00 accrued, 1.00
    overdue, 0.50 of fees and 0.25 of penalties owed."""
    story = Story(linear()).opened(
        "2026-02-11",
        "200.00",
        principal_overdue="40.00",
        overdue_since="2026-02-01",
        interest_accrued="2.00",
        interest_overdue="1.00",
        fee_overdue="0.50",
        penalty_overdue="0.25",
        drawn="300.00",
        repaid="100.00",
    )
    at = story.on("2026-02-11")
    assert at.outstanding.plain() == "200.00"
    assert at.owed(I).plain() == "3.00"
    assert (at.owed(F).plain(), at.owed(N).plain()) == ("0.50", "0.25")
    assert at.days_past_due == 10
    assert at.total(P, Cause.DRAWN).minor == 0
    assert overdue(story.projection, day("2026-02-12")) == {P: 40_00, I: 1_00, F: 50, N: 25}
    # 160.00 in two parts; 2.00 and 18 nights x 0.20 (overdue principal bears interest too)
    rows = story.projection.plan
    assert [row.principal for row in rows] == [80_00, 80_00]
    assert story.on("2026-03-01").fallen_due(I).plain() == "6.60"
    story.pay_off("2026-03-01")
    assert story.on("2026-03-01").debt.minor == 0
    assert story.on("2026-03-01").life is Life.SETTLED


def follows(**more: object) -> Terms:
    return linear(rate="0", follows_statements=True, **more)


def test_between_statements_what_falls_due_is_expected_as_paid_and_not_booked() -> None:
    story = Story(follows()).opened("2026-01-15", "300.00", drawn="300.00")
    assert story.projection.horizon == day("2026-01-15")
    assert story.on("2026-02-01").outstanding.plain() == "200.00"
    assert story.on("2026-02-15").days_past_due == 0


def test_a_statement_takes_the_place_of_what_was_expected() -> None:
    """Expected 100.00 on 2026-02-01; the statement of 2026-02-15 says 60.00 repaid, 20.00 drawn and
    5.00 of exchange: 300.00 + 20.00 - 60.00 + 5.00 = 265.00."""
    story = Story(follows()).opened("2026-01-15", "300.00", drawn="300.00")
    story.restated("2026-02-15", drawn="20.00", repaid="60.00", adjustment="5.00")
    at = story.on("2026-02-15")
    assert at.outstanding.plain() == "265.00"
    assert story.projection.horizon == day("2026-02-15")
    assert at.total(None, Cause.RECEIVED).plain() == "60.00"
    assert at.unallocated.minor == 0
    assert at.total(P, Cause.ADJUSTED).plain() == "5.00"
    assert [row.principal for row in story.projection.plan[-2:]] == [132_50, 132_50]
    at_end = story.on("2026-05-01")
    assert (at_end.outstanding.minor, at_end.unallocated.minor) == (0, 0)


def test_on_demand_principal_stays_until_it_is_repaid() -> None:
    terms = linear(kind=ScheduleKind.ON_DEMAND, maturity=None)
    story = Story(terms, open_ended_until="2026-12-31").drawn("2026-01-01")
    assert story.projection.horizon == day("2026-12-31")
    at = story.on("2026-12-01")
    assert (at.fallen_due(P).minor, at.outstanding.plain()) == (0, "300.00")
    assert at.fallen_due(I).plain() == "100.20"  # 334 nights x 0.30
    story.paid("2026-12-01", "200.20", SurplusUse.KEEP_TERM)
    at = story.on("2026-12-01")
    assert (at.outstanding.plain(), at.owed(I).minor) == ("200.00", 0)
    story.pay_off("2026-12-11")
    assert story.on("2026-12-11").debt.minor == 0


# --- reversals ------------------------------------------------------------------------------------


def test_a_reversal_and_its_reversal() -> None:
    story = Story(linear()).drawn("2026-01-01").paid("2026-02-01", "109.30")
    paid = story.projection
    story.reversed("2026-02-20", 2)
    assert story.on("2026-02-01").fallen_due(P).plain() == "100.00"
    assert story.on("2026-02-20").days_past_due == 19
    assert story.projection == Story(linear()).drawn("2026-01-01").projection
    story.reversed("2026-02-21", 3)
    assert story.projection == paid


def test_a_drawdown_may_be_reversed() -> None:
    story = Story(linear()).drawn("2026-01-01").reversed("2026-01-05", 1)
    assert totals(story.projection, day("2027-01-01")) == {}
    assert story.on("2027-01-01").life is Life.UNDRAWN


# --- both sides, currencies, long and short lives ---------------------------------------------------


def test_both_sides_by_the_same_code() -> None:
    """The engine does not know the side; only the accounts differ, and they mirror."""
    story = Story(linear(penalty=penalty_of((1, "0.01")))).drawn("2026-01-01")
    story.paid("2026-02-11", "60.00")
    held = totals(story.projection, day("2026-03-15"))
    lender = ledger_movements(held, side=Side.LENDER, term_class=TermClass.SHORT)
    borrower = ledger_movements(held, side=Side.BORROWER, term_class=TermClass.SHORT)
    assert sorted(lender.values()) == sorted(-minor for minor in borrower.values())


@pytest.mark.parametrize(
    ("currency", "principal", "interest"),
    [
        # 31 nights of 0.1 %: 3.1 % of the principal, rounded half up to the currency's unit
        (JPY, "1005", "31"),
        (NGN, "1005.05", "31.16"),
        (KWD, "1005.005", "31.155"),
        (CLF, "1005.0005", "31.1550"),
    ],
)
def test_currencies_by_their_minor_digits(
    currency: Currency, principal: str, interest: str
) -> None:
    terms = terms_of(
        principal,
        "0.365",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity="2026-02-01",
        kind=ScheduleKind.BULLET,
        currency=currency,
    )
    story = Story(terms).drawn("2026-01-01")
    assert story.on("2026-02-01").fallen_due(I).plain() == interest
    story.pay_off("2026-02-01")
    assert story.on("2026-02-01").life is Life.SETTLED


def test_a_life_of_one_day() -> None:
    terms = linear(first_due="2026-01-02", maturity="2026-01-02")
    story = Story(terms).drawn("2026-01-01").paid("2026-01-02", "300.30")
    assert story.on("2026-01-02").life is Life.SETTLED


@pytest.mark.parametrize("kind", [ScheduleKind.ANNUITY, ScheduleKind.LINEAR, ScheduleKind.BULLET])
def test_a_life_of_forty_years(kind: ScheduleKind) -> None:
    terms = terms_of(
        "90,000,000,000.00",
        "0.11",
        start="2026-01-31",
        first_due="2026-02-28",
        maturity="2066-01-31",
        kind=kind,
        end_of_month=True,
        day_count=DayCount.EQUAL_PERIODS,
    )
    story = Story(terms).drawn("2026-01-31")
    assert len(story.projection.plan) == 480
    assert sum(row.principal for row in story.projection.plan) == terms.principal.minor
    assert story.projection.plan[-1].outstanding_after == 0
    if kind is ScheduleKind.ANNUITY:
        dues = [row.due for row in story.projection.plan]
        assert set(dues[:-1]) == {dues[0]}
        assert abs(dues[-1] - dues[0]) < 1_00_00


@pytest.mark.parametrize("kind", [ScheduleKind.ANNUITY, ScheduleKind.LINEAR])
def test_without_interest_principal_is_shared_equally(kind: ScheduleKind) -> None:
    story = Story(linear(rate="0", kind=kind)).drawn("2026-01-01")
    assert [row.due for row in story.projection.plan] == [100_00] * 3


def test_a_huge_rate_still_repays_in_time() -> None:
    """500 % a month: level payments are interest almost to the last."""
    terms = linear(rate="60", kind=ScheduleKind.ANNUITY, day_count=DayCount.EQUAL_PERIODS)
    story = Story(terms).drawn("2026-01-01")
    assert sum(row.principal for row in story.projection.plan) == 300_00
    # A = 300 x 5 / (1 - 6^-3) = 1,506.98; the first repays 6.98
    assert [row.due for row in story.projection.plan][:2] == [1_506_98] * 2
    assert story.projection.plan[0].principal == 6_98


def test_the_ladder_of_what_falls_due() -> None:
    story = Story(linear(rate="0")).drawn("2026-01-01")
    ends = [day("2026-02-28"), day("2026-03-31")]
    assert maturity_ladder(story.projection, day("2026-01-15"), ends) == (100_00, 100_00, 100_00)
    assert maturity_ladder(story.projection, day("2026-02-01"), ends) == (0, 100_00, 100_00)


def test_every_component_has_a_place_in_the_debt() -> None:
    story = Story(linear()).drawn("2026-01-01")
    for component in (F, N, I):
        story.charged("2026-01-05", component, "1.00")
    at = story.on("2026-01-05")
    assert at.debt.minor == sum(at.owed(component).minor for component in Component)
    assert at.debt.plain() == "304.20"
