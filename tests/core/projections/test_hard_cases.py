"""Cases on the edges of a loan's life, by hand."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from gbese.core.calendars.business_days import BusinessDayConvention, Calendar
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import AT_MATURITY
from gbese.core.contracts.terms import (
    FeeTerms,
    FeeTiming,
    PenaltyBase,
    RateEffect,
    RateTerms,
    ScheduleKind,
    Terms,
)
from gbese.core.projections.position import instalment_states, overdue
from gbese.core.projections.rows import Cause, Life
from gbese.core.servicing.events import SurplusUse
from tests.core.loans import F, I, N, P, Story, day, money, penalty_of, terms_of

WEEKEND = Calendar(code="NG")


def linear(**more: object) -> Terms:
    """300.00 in three parts of 100.00 on the first of the month, without interest."""
    settings: dict[str, object] = {
        "start": "2026-01-01",
        "first_due": "2026-02-01",
        "maturity": "2026-04-01",
        "kind": ScheduleKind.LINEAR,
    } | more
    return terms_of("300.00", str(settings.pop("rate", "0")), **settings)  # type: ignore[arg-type]


def due(story: Story) -> list[tuple[str, int]]:
    return [
        (step.day.isoformat(), step.amount)
        for step in story.projection.steps
        if step.component is P and step.cause is Cause.DUE
    ]


def test_a_fee_charged_before_the_drawdown_lends_nothing() -> None:
    story = Story(linear()).charged("2026-01-05", F, "7.00").drawn("2026-03-05")
    assert story.on("2026-02-15").outstanding.plain() == "0.00"
    assert story.on("2026-02-15").owed(F).plain() == "7.00"
    assert story.on("2026-02-15").life is Life.UNDRAWN
    assert due(story) == [("2026-04-01", 300_00)]


@pytest.mark.parametrize(
    "told",
    [
        lambda: Story(linear()).rate_set("2026-02-10", "0"),
        lambda: Story(linear()).charged("2026-02-10", F, "7.00"),
        lambda: (
            Story(linear())
            .drawn("2026-01-01")
            .paid("2026-02-10", "50.00")
            .reversed("2026-02-10", 1)
        ),
    ],
    ids=["a new rate", "a fee", "the drawdown reversed under a payment"],
)
def test_what_nobody_has_drawn_is_expected_whole_in_the_periods_to_come(
    told: Callable[[], Story],
) -> None:
    rows = told().projection.plan
    assert [(row.number, row.principal, row.interest, row.outstanding_after) for row in rows] == [
        (2, 150_00, 0, 150_00),
        (3, 150_00, 0, 0),
    ]


def test_money_before_the_drawdown_waits_and_leaves_the_plan_alone() -> None:
    story = Story(linear()).paid("2025-12-20", "50.00", SurplusUse.KEEP_TERM).drawn("2026-01-01")
    assert story.on("2025-12-31").unallocated.plain() == "50.00"
    assert due(story) == [("2026-02-01", 100_00), ("2026-03-01", 100_00), ("2026-04-01", 100_00)]
    assert story.on("2026-02-01").fallen_due(P).plain() == "50.00"
    assert story.on("2026-02-01").unallocated.plain() == "0.00"


def test_money_drawn_after_the_last_period_is_due_at_once() -> None:
    story = Story(linear()).drawn("2026-04-10")
    assert due(story) == [("2026-04-10", 300_00)]
    assert story.on("2026-04-20").days_past_due == 10


def test_money_drawn_between_the_last_nominal_and_adjusted_date_is_due_at_once() -> None:
    """2026-02-01 is a Sunday, the last instalment is due on Monday; more is drawn on the Sunday."""
    terms = linear(maturity="2026-02-01", business_days=BusinessDayConvention.FOLLOWING)
    story = Story(terms, calendar=WEEKEND).drawn("2026-01-01", "200.00")
    story.drawn("2026-02-01", "100.00")
    assert due(story) == [("2026-02-01", 100_00), ("2026-02-02", 200_00)]


def test_terms_amended_to_a_maturity_in_the_past_call_everything() -> None:
    story = Story(linear()).drawn("2026-01-01")
    story.amended("2026-02-10", linear(maturity="2026-02-05", first_due="2026-02-05"))
    assert due(story) == [("2026-02-01", 100_00), ("2026-02-10", 200_00)]
    assert story.on("2026-02-20").fallen_due(P).plain() == "300.00"
    story.paid("2026-02-20", "300.00")
    assert story.on("2026-02-20").life is Life.SETTLED


def test_an_annuity_drawn_at_another_rate_than_signed_is_planned_at_it() -> None:
    terms = terms_of(
        "1,200.00",
        "0.12",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity="2027-01-01",
        day_count=DayCount.EQUAL_PERIODS,
    )
    story = Story(terms).rate_set("2026-01-01", "0.24").drawn("2026-01-01")
    # 2 % a month: 1,200.00 x 0.02 / (1 - 1.02^-12) = 113.47
    assert [row.due for row in story.projection.plan][:11] == [113_47] * 11


def test_a_yearly_ceiling_that_comes_with_an_amendment_begins_in_the_running_year() -> None:
    terms = linear(maturity="2030-01-01", first_due="2030-01-01", frequency=AT_MATURITY)
    capped = linear(
        maturity="2030-01-01",
        first_due="2030-01-01",
        frequency=AT_MATURITY,
        penalty=penalty_of((1, "0.01"), cap="0.10", cap_is_yearly=True),
    )
    story = Story(terms).drawn("2026-01-01").amended("2028-06-01", capped)
    # 3.00 a day from 2030-01-02: 30.00 within ten days, and again in every year that begins
    assert story.owed("2030-12-31", N) == "30.00"
    assert story.owed("2031-12-31", N) == "60.00"


def test_a_yearly_ceiling_is_renewed_after_years_in_which_nothing_happened() -> None:
    terms = linear(penalty=penalty_of((1, "0.01"), cap="0.10", cap_is_yearly=True))
    story = Story(terms).drawn("2026-01-01")
    story.paid("2026-02-01", "100.00").paid("2026-03-01", "100.00").paid("2026-04-01", "100.00")
    story.charged("2029-05-01", N, "1.00")
    assert story.owed("2029-05-01", N) == "1.00"


def test_an_instalment_late_for_long_starts_at_its_last_tier() -> None:
    """Taken over 200 days late: the tier from day 91 holds, not the one from day 1."""
    terms = linear(penalty=penalty_of((1, "0.005"), (91, "0.0003")))
    story = Story(terms).opened(
        "2026-03-10", "200.00", principal_overdue="100.00", overdue_since="2025-08-22"
    )
    # 100.00 x 0.03 % x 10 days = 0.30
    assert story.owed("2026-03-20", N) == "0.30"


def test_what_was_overdue_when_taken_over_is_overdue_on_that_day() -> None:
    story = Story(linear()).opened(
        "2026-03-10",
        "200.00",
        principal_overdue="100.00",
        interest_overdue="3.00",
        overdue_since="2026-03-01",
    )
    assert overdue(story.projection, day("2026-03-10")) == {P: 100_00, I: 3_00, F: 0, N: 0}
    assert story.on("2026-03-10").days_past_due == 9


def test_two_ceilings_are_reached_in_the_order_of_days() -> None:
    """By hand. 1,000.00 at 36.5 % ACT/365F: 1.00 a day; due 2026-01-11, unpaid. Penalty 0.5 % a
    day: 5.00 a day from 2026-01-12, at most 2 % (20.00): 4 days, to 2026-01-15. All charges at
    most 5 % (50.00): 10.00 + 4 x 6.00 = 34.00 by 2026-01-15, then 1.00 a day: 16 more days."""
    terms = terms_of(
        "1,000.00",
        "0.365",
        start="2026-01-01",
        first_due="2026-01-11",
        maturity="2026-01-11",
        frequency=AT_MATURITY,
        kind=ScheduleKind.BULLET,
        penalty=penalty_of((1, "0.005"), cap="0.02"),
        charges_ceiling=Decimal("0.05"),
    )
    story = Story(terms).drawn("2026-01-01")
    assert (story.owed("2026-01-15", I), story.owed("2026-01-15", N)) == ("14.00", "20.00")
    assert (story.owed("2026-01-31", I), story.owed("2026-01-31", N)) == ("30.00", "20.00")
    assert (story.owed("2026-02-28", I), story.owed("2026-02-28", N)) == ("30.00", "20.00")


def test_a_penalty_charged_by_hand_above_the_ceiling_stops_what_accrues() -> None:
    terms = linear(penalty=penalty_of((1, "0.01"), cap="0.10"))
    story = Story(terms).drawn("2026-01-01").charged("2026-02-10", N, "40.00")
    # 9 days x 1.00 before; the ceiling of 30.00 is past, so nothing is added and nothing taken
    assert story.owed("2026-02-10", N) == "49.00"
    assert story.owed("2026-03-31", N) == "49.00"


@pytest.mark.parametrize("surplus", [SurplusUse.KEEP_TERM, SurplusUse.KEEP_INSTALMENT])
def test_following_pays_off_between_the_nominal_and_the_adjusted_date(surplus: SurplusUse) -> None:
    """2026-02-01 is a Sunday; the instalment is due on Monday. Paid off on the Sunday."""
    terms = linear(business_days=BusinessDayConvention.FOLLOWING, rate="0.12")
    story = Story(terms, calendar=WEEKEND).drawn("2026-01-01")
    debt = story.on("2026-02-01").debt
    story.paid("2026-02-01", debt.plain(), surplus)
    after = story.on("2026-02-01")
    assert (after.debt.minor, after.unallocated.minor, after.life) == (0, 0, Life.SETTLED)
    assert story.on("2026-06-01").debt.minor == 0


def test_preceding_pays_off_on_the_adjusted_date() -> None:
    """2026-02-01 is a Sunday; the instalment is due on Friday 2026-01-30, with its interest to
    Sunday: 300.00 x 36.5 % x 31 / 365 = 9.30. Paid off on that Friday, 29 days are owed: 8.70."""
    terms = linear(business_days=BusinessDayConvention.PRECEDING, rate="0.365")
    story = Story(terms, calendar=WEEKEND).drawn("2026-01-01")
    on_friday = story.on("2026-01-30")
    assert (on_friday.fallen_due(I).plain(), on_friday.fallen_due(P).plain()) == ("9.30", "100.00")
    story.paid("2026-01-30", "308.70", SurplusUse.KEEP_TERM)
    assert story.on("2026-01-31").outstanding.plain() == "0.00"
    later = story.on("2026-05-01")
    assert (later.debt.minor, later.unallocated.minor, later.life) == (0, 0, Life.SETTLED)
    assert later.total(I, Cause.ACCRUED).plain() == "8.70"


def test_preceding_writes_off_once() -> None:
    terms = linear(business_days=BusinessDayConvention.PRECEDING, rate="0.365")
    story = Story(terms, calendar=WEEKEND).drawn("2026-01-01").written_off("2026-01-30")
    assert story.total("2026-01-30", P, Cause.WRITTEN_OFF) == "300.00"
    assert story.on("2026-02-28").outstanding.minor == 0
    assert story.on("2026-02-28").debt.minor == 0


def test_preceding_amended_on_the_adjusted_date() -> None:
    """Interest to Sunday fell due on Friday; the new terms begin on Friday, so two nights of it
    wait for the new schedule, and nothing is asked twice."""
    terms = linear(business_days=BusinessDayConvention.PRECEDING, rate="0.365")
    new = linear(rate="0.365", start="2026-01-30", first_due="2026-03-01", maturity="2026-04-01")
    story = Story(terms, calendar=WEEKEND).drawn("2026-01-01").amended("2026-01-30", new)
    # 300.00 x 0.1 % = 0.30 a night: 29 to Friday; then 30 nights to 2026-03-01 on the same base,
    # and 31 on 300.00 - 100.00 (fell due in January, unpaid, interest runs on it) - 0 ...
    assert story.on("2026-01-30").fallen_due(I).plain() == "8.70"
    assert story.on("2026-01-30").fallen_due(P).plain() == "100.00"
    assert due(story) == [("2026-01-30", 100_00), ("2026-03-01", 100_00), ("2026-04-01", 100_00)]
    at_end = story.on("2026-04-01")
    assert at_end.fallen_due(I) == at_end.owed(I)
    assert at_end.fallen_due(P) == at_end.owed(P)


def test_drawn_between_the_adjusted_and_the_nominal_date() -> None:
    """Drawn on Friday, when the instalment of Sunday was due already: nothing is due before the
    next date, and the two nights' interest comes with it."""
    terms = linear(business_days=BusinessDayConvention.PRECEDING, rate="0.365")
    story = Story(terms, calendar=WEEKEND).drawn("2026-01-30")
    assert due(story) == [("2026-02-27", 150_00), ("2026-04-01", 150_00)]
    # 0.30 a night to 2026-03-01: 30 nights
    assert story.on("2026-03-01").fallen_due(I).plain() == "9.00"
    at_end = story.on("2026-04-01")
    assert at_end.fallen_due(I) == at_end.owed(I)


def test_terms_amended_twice_never_round_two_periods_together() -> None:
    """Period 1 of the old terms and period 1 of the new ones are two claims, each rounded once.

    0.10 at 36.5 % is 0.0001 a night, so 31 nights are 0.0031 and round to 0.00 each."""

    def half_unit(start: str, first_due: str, maturity: str) -> Terms:
        return terms_of(
            "5.00",
            "0.365",
            start=start,
            first_due=first_due,
            maturity=maturity,
            kind=ScheduleKind.BULLET,
            frequency=AT_MATURITY,
        )

    # 5.00 x 0.1 % = 0.005 a night: 3 nights are 0.015 -> 0.02 as one claim, twice 0.02 as two
    story = Story(half_unit("2026-01-01", "2026-02-01", "2026-02-01")).drawn("2026-01-01")
    story.amended("2026-01-04", half_unit("2026-01-04", "2026-01-07", "2026-01-07"))
    at_end = story.on("2026-01-07")
    assert at_end.total(I, Cause.DUE) == at_end.total(I, Cause.ACCRUED)
    assert story.on("2026-01-07").owed(I).plain() == "0.04"


def test_penalties_of_amounts_outside_the_schedule_are_rounded_apart() -> None:
    """Two amounts of interest charged by hand, 0.50 each, 1 % a day: 0.005 -> 0.01 each."""
    terms = linear(
        penalty=penalty_of((1, "0.01"), base=PenaltyBase.OVERDUE_PRINCIPAL_AND_INTEREST),
        first_due="2026-12-01",
        maturity="2026-12-01",
    )
    story = Story(terms).drawn("2026-01-01")
    story.charged("2026-01-10", I, "0.50").charged("2026-01-10", I, "0.50")
    story.paid("2026-01-11", "1.02")
    assert story.on("2026-01-11").owed(N).plain() == "0.00"
    assert story.on("2026-01-11").unallocated.plain() == "0.00"


def test_negative_interest_is_taken_off_what_falls_due() -> None:
    """-3.65 % on 300.00: 0.03 a night. 31 nights: 0.93 is the borrower's, so 99.07 settle it."""
    story = Story(linear(rate="-0.0365")).drawn("2026-01-01").paid("2026-02-01", "99.07")
    at = story.on("2026-02-01")
    assert at.total(I, Cause.ACCRUED).plain() == "-0.93"
    assert at.outstanding.plain() == "200.00"
    assert (at.fallen_due(P).minor, at.owed(I).minor, at.unallocated.minor) == (0, 0, 0)
    assert at.oldest_unpaid is None
    story.pay_off("2026-02-11")  # ten nights of 0.02 on 200.00
    after = story.on("2026-02-11")
    assert after.total(None, Cause.RECEIVED).plain() == "298.87"
    assert (after.debt.minor, after.unallocated.minor, after.life) == (0, 0, Life.SETTLED)


def test_interest_left_after_principal_at_the_end_is_late_too() -> None:
    """After maturity all interest of the late days is due as soon as no principal bears it."""
    story = Story(linear(rate="0.365")).drawn("2026-01-01")
    story.pay_off("2026-04-01")
    late = Story(linear(rate="0.365")).drawn("2026-01-01")
    everything = late.on("2026-04-01").debt.plain()
    late.paid("2026-04-11", everything, instruction=((P, "300.00"), (I, "18.30")))
    after = late.on("2026-04-11")
    assert after.outstanding.minor == 0
    assert after.owed(I).minor > 0
    assert after.oldest_unpaid is not None
    assert late.on("2026-05-11").life is Life.ACTIVE
    late.pay_off("2026-05-11")
    assert late.on("2026-05-11").life is Life.SETTLED


def test_interest_after_maturity_is_payable_at_once_and_asked_once() -> None:
    """300.00 at 0.1 % a night, all due by 2026-04-01, nothing paid; ten nights more: 3.00."""
    story = Story(linear(rate="0.365")).drawn("2026-01-01")
    at = story.on("2026-04-11")
    assert at.fallen_due(I) == at.owed(I)
    # prolonged: what is payable stays so, and new interest falls due with the new instalment
    story.amended(
        "2026-04-11",
        linear(rate="0.365", maturity="2026-06-01", first_due="2026-06-01", start="2026-04-01"),
    )
    at = story.on("2026-04-11")
    assert at.fallen_due(I) == at.owed(I)
    assert story.on("2026-04-21").fallen_due(I) == at.owed(I)
    at = story.on("2026-06-01")
    assert at.fallen_due(I) == at.owed(I)


def test_interest_after_maturity_is_put_off_by_a_restructuring() -> None:
    story = Story(linear(rate="0.365")).drawn("2026-01-01")
    owed = story.owed("2026-04-11", I)
    story.amended(
        "2026-04-11",
        linear(rate="0.365", maturity="2026-06-01", start="2026-04-01", first_due="2026-05-01"),
        is_restructuring=True,
    )
    at = story.on("2026-04-11")
    assert (at.owed(I).plain(), at.fallen_due(I).plain()) == (owed, "0.00")
    assert at.oldest_unpaid is None
    at = story.on("2026-05-01")
    assert at.fallen_due(I) == at.owed(I)
    at = story.on("2026-06-11")
    assert at.fallen_due(I) == at.owed(I)
    assert at.fallen_due(P).plain() == "300.00"


def test_interest_taken_over_after_maturity_is_due() -> None:
    story = Story(linear(rate="0.365")).opened("2026-05-01", "100.00", interest_accrued="3.00")
    at = story.on("2026-05-01")
    assert (at.fallen_due(P).plain(), at.fallen_due(I).plain()) == ("100.00", "3.00")
    assert at.days_past_due == 30  # principal was due on 2026-04-01 at the latest
    story.paid("2026-05-11", "104.00")
    assert story.on("2026-05-11").life is Life.SETTLED


def test_statements_cannot_repay_more_than_is_owed() -> None:
    terms = linear(follows_statements=True)
    story = Story(terms).opened("2026-01-10", "300.00", drawn="300.00")
    story.restated("2026-01-20", repaid="350.00", adjustment="20.00")
    after = story.on("2026-01-20")
    assert (after.outstanding.plain(), after.unallocated.plain()) == ("0.00", "30.00")


def test_a_fee_by_percentage_is_in_the_plan_as_signed_and_ends_with_the_loan() -> None:
    fee = FeeTerms(fee_kind="service", timing=FeeTiming.WITH_EACH_INSTALMENT, rate=Decimal("0.01"))
    story = Story(linear(fees=(fee,)))
    assert [row.fee for row in story.projection.plan] == [3_00] * 3
    story.drawn("2026-01-01").paid("2026-02-01", "303.00", SurplusUse.KEEP_TERM)
    assert [row.fee for row in story.projection.plan] == [3_00]


def test_interest_runs_from_the_day_agreed_not_before() -> None:
    story = Story(linear(rate="0.365", start="2026-01-10")).drawn("2026-01-01")
    assert story.owed("2026-01-10", I) == "0.00"
    assert story.owed("2026-01-11", I) == "0.30"


def test_a_listed_schedule_keeps_its_next_rows_where_the_instalment_is_kept() -> None:
    terms = linear(
        kind=ScheduleKind.CUSTOM,
        custom=[("2026-02-01", "100.00"), ("2026-03-01", "120.00"), ("2026-04-01", "80.00")],
    )
    kept = Story(terms).drawn("2026-01-01").paid("2026-01-15", "60.00", SurplusUse.KEEP_INSTALMENT)
    assert due(kept)[1:] == [("2026-02-01", 100_00), ("2026-03-01", 120_00), ("2026-04-01", 20_00)]
    spread = Story(terms).drawn("2026-01-01").paid("2026-01-15", "60.00", SurplusUse.KEEP_TERM)
    assert due(spread)[1:] == [("2026-02-01", 80_00), ("2026-03-01", 96_00), ("2026-04-01", 64_00)]


def test_an_annuity_planned_anew_inside_a_period_is_level_with_what_has_accrued() -> None:
    """Taken over ten days into a period: the instalments are those of the agreement."""
    terms = terms_of(
        "1,200,000.00",
        "0.30",
        start="2026-01-15",
        first_due="2026-02-15",
        maturity="2027-01-15",
        day_count=DayCount.THIRTY_E_360,
    )
    # E05 after six instalments: 644,365.60; 12 days of 2.5 % a month: 6,443.66
    story = Story(terms).opened(
        "2026-07-27", "644,365.60", interest_accrued="6,443.66", drawn="1,200,000.00"
    )
    rows = story.projection.plan
    level = rows[0].due
    assert [row.due for row in rows][:5] == [level] * 5
    assert abs(level - 116_984_55) <= 1  # the interest taken over is rounded
    assert abs(rows[5].due - level) <= 3


def test_rows_that_fell_due_stay_in_the_plan_after_an_amendment() -> None:
    story = Story(linear()).drawn("2026-01-01")
    story.amended("2026-02-10", linear(maturity="2026-06-01"))
    assert [(row.number, row.period_end.isoformat()) for row in story.projection.plan] == [
        (1, "2026-02-01"),
        (3, "2026-03-01"),
        (4, "2026-04-01"),
        (5, "2026-05-01"),
        (6, "2026-06-01"),
    ]
    assert [row.principal for row in story.projection.plan] == [100_00] + [50_00] * 4
    states = instalment_states(story.projection, day("2026-06-01"))
    assert [state.claim for state in states] == [1, 3, 4, 5, 6]


def test_figures_by_a_rate_that_moves_within_a_period_are_booked_to_the_known_day() -> None:
    """The value of 2026-01-20 is known: the night from it is certain, the next is not."""
    floating = RateTerms(reference="REF", effect=RateEffect.SAME_DAY)
    terms = terms_of(
        "300.00",
        floating,
        start="2026-01-01",
        first_due="2026-04-01",
        maturity="2026-04-01",
        frequency=AT_MATURITY,
    )
    story = Story(
        terms, fixings=[("2026-01-01", "0.1"), ("2026-01-20", "0.2")], fixed_to="2026-01-20"
    )
    story.drawn("2026-01-01")
    assert story.projection.horizon == day("2026-01-21")


# --- interest put off where no due date is to come -------------------------------------------------


def eased_at_its_end() -> Story:
    """1,000.00 at 1.00 a day; eased on its last day, to terms that end on the same day."""
    terms = terms_of(
        "1,000.00", "0.365", start="2026-01-01", first_due="2026-02-01", maturity="2026-02-01"
    )
    return Story(terms).drawn("2026-01-01").amended("2026-02-01", terms, is_restructuring=True)


def test_interest_put_off_past_the_last_due_date_is_asked_for_once() -> None:
    """31 days earned 31.00; what is paid of it on the day is not asked for again."""
    story = eased_at_its_end().paid("2026-02-01", "31.00")
    assert story.owed("2026-02-01", I) == "0.00"
    assert story.on("2026-02-01").fallen_due(I).plain() == "0.00"
    assert story.total("2026-02-01", I, Cause.DUE) == "31.00"
    assert story.owed("2026-02-02", I) == "1.00"


def test_interest_may_be_put_off_twice_on_a_day() -> None:
    story = eased_at_its_end()
    story.amended("2026-02-01", story.terms, is_restructuring=True)
    assert story.on("2026-02-01").fallen_due(I).plain() == "31.00"
    assert story.on("2026-02-03").fallen_due(I).plain() == "33.00"


def test_a_loan_taken_over_after_its_end_owes_its_interest_at_once() -> None:
    terms = eased_at_its_end().terms
    story = Story(terms).opened("2026-03-01", "1,000.00", interest_accrued="40.00")
    story.paid("2026-03-01", "40.00")
    assert story.owed("2026-03-01", I) == "0.00"
    assert story.owed("2026-03-02", I) == "1.00"


def test_a_loan_paid_off_while_its_instalment_waits_for_monday_owes_no_more() -> None:
    """300.00 in three parts and 1.00 with each; the part of Sunday 1 February is due on Monday.

    What is owed on the Sunday is 300.00, and paying it ends the loan: no due date with a fee came.
    """
    fee = FeeTerms(fee_kind="service", timing=FeeTiming.WITH_EACH_INSTALMENT, amount=money("1.00"))
    terms = linear(fees=(fee,), business_days=BusinessDayConvention.FOLLOWING)
    story = Story(terms, calendar=WEEKEND).drawn("2026-01-01")
    assert story.on("2026-02-01").debt.plain() == "300.00"
    story.pay_off("2026-02-01")
    for on in ("2026-02-01", "2026-02-02", "2026-06-01"):
        assert story.on(on).debt.plain() == "0.00"
        assert story.on(on).unallocated.plain() == "0.00"
