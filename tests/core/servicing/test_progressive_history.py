"""A progressive loan as it becomes known: what may be drawn, what is accrued, what is read of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import MONTHLY
from gbese.core.contracts.progressive import (
    MonthDays,
    PaymentKind,
    PaymentRule,
    Place,
    PlanConventions,
    ProgressiveTerms,
    Recalculation,
    SurplusRule,
    YearDays,
)
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Terms
from gbese.core.money import Currency, Money, Rounding
from gbese.core.servicing.errors import DrawdownAboveLimit, InterestRefundNotUndoneAlone
from gbese.core.servicing.events import (
    Component,
    Drawn,
    DueDateMoved,
    Lengthened,
    Levied,
    Received,
)
from gbese.core.servicing.progressive.history import ProgressiveHistory
from gbese.core.servicing.progressive.postings import PostingKind
from gbese.core.servicing.progressive.readings import (
    interest_overdue,
    matures_on,
    repaid,
    schedule,
)

EUR = Currency("EUR", 2)
START, FIRST_DUE = date(2024, 1, 1), date(2024, 2, 1)
AGREED = ProgressiveTerms(
    plan=PlanConventions(frequency=MONTHLY, month_days=MonthDays.THIRTY, year_days=YearDays.D360),
    instalments=6,
    rules=(PaymentRule(None, SurplusRule.NEXT_INSTALMENT, tuple(Place)),),
    recalculation=Recalculation(),
)


def opened(agreed: ProgressiveTerms = AGREED, principal: int = 1000_00) -> ProgressiveHistory:
    terms = Terms(
        currency=EUR,
        principal=Money(principal, EUR),
        signed_on=START,
        interest_from=START,
        first_due_date=FIRST_DUE,
        maturity_date=date(2024, 7, 1),
        frequency=MONTHLY,
        schedule_kind=ScheduleKind.ANNUITY,
        rate=RateTerms(fixed=Decimal("0.07")),
        day_count=DayCount.ACT_365F,
        rounding=Rounding.HALF_EVEN,
        progressive=agreed,
    )
    return ProgressiveHistory(terms, agreed, START, drawn(0, START, principal))


def drawn(number: int, day: date, cents: int) -> Drawn:
    return Drawn(number=number, value_date=day, amount=Money(cents, EUR))


def received(number: int, day: date, cents: int) -> Received:
    return Received(number=number, value_date=day, amount=Money(cents, EUR))


def test_half_as_much_again_as_was_applied_for_may_be_drawn() -> None:
    loan = opened(replace(AGREED, drawable_beyond=Decimal("0.5")))
    loan.expect(drawn(0, START, 1300_00))
    assert loan.drawable == Money(1500_00, EUR)
    loan.record(drawn(1, START, 1200_00))
    with pytest.raises(DrawdownAboveLimit):
        loan.record(drawn(2, START, 300_01))
    loan.record(drawn(2, START, 300_00))
    assert loan.drawable.minor == 0


def test_without_a_tranche_left_nothing_may_be_drawn() -> None:
    loan = opened(replace(AGREED, is_drawn_as_agreed_only=True))
    loan.agree_tranche(drawn(0, START, 700_00))
    loan.record(drawn(1, START, 600_00))
    with pytest.raises(DrawdownAboveLimit) as refused:
        loan.record(drawn(2, START, 200_00))
    assert refused.value.facts["limit"] == Money(600_00, EUR)
    loan.agree_tranche(drawn(0, date(2024, 1, 8), 300_00))
    loan.record(drawn(2, date(2024, 1, 8), 200_00))
    assert loan.loan.drawn == 800_00


def test_what_was_drawn_is_to_be_drawn_again_when_all_is_undone() -> None:
    loan = opened()
    loan.agree_tranche(drawn(0, START, 700_00))
    loan.record(drawn(1, date(2024, 1, 3), 600_00))
    loan.undo_all()
    assert [(each.value_date, each.amount.minor) for each in loan.tranches] == [(START, 600_00)]


def test_a_tranche_not_drawn_on_its_day_is_not_shown_later() -> None:
    loan = opened()
    loan.agree_tranche(drawn(0, START, 700_00))
    loan.agree_tranche(drawn(0, date(2024, 1, 16), 300_00))
    loan.record(drawn(1, START, 700_00))
    assert len(schedule(loan.loan)) == 2 + 6
    loan.today = FIRST_DUE
    loan.record(received(2, FIRST_DUE, 100_00))
    assert len(schedule(loan.loan)) == 1 + 6


def test_an_undrawn_loan_costs_nothing_for_being_late() -> None:
    loan = opened()
    before = schedule(loan.loan)
    loan.today = date(2024, 3, 15)
    loan.undo_all()
    assert schedule(loan.loan) == before


def test_the_first_day_bears_interest_where_days_belong_to_the_date_they_begin_on() -> None:
    """2,000 at 7 % costs 11.67 in a month of 31 days, 0.38 a day."""
    plan = replace(AGREED.plan, year_ends_on_new_year=True)
    loan = opened(replace(AGREED, plan=plan), 2000_00)
    loan.record(drawn(1, START, 2000_00))
    loan.close_days(START)
    assert [(each.day, each.amount) for each in loan.accruals.postings] == [(START, 38)]


def test_what_a_paid_off_loan_has_earned_is_told_anew_with_a_late_penalty() -> None:
    """A month of 1,000 at 7 % costs 5.83."""
    loan = opened(replace(AGREED, tells_activity=True))
    loan.record(drawn(1, START, 1000_00))
    loan.today = FIRST_DUE
    loan.record(received(2, FIRST_DUE, 1010_00))
    assert [each.amount for each in loan.accruals.activities] == [5_83]
    loan.record(
        Levied(
            number=3,
            value_date=FIRST_DUE,
            component=Component.PENALTY,
            charge_kind="returned payment",
            due_date=FIRST_DUE,
            amount=Money(2_80, EUR),
        )
    )
    [activity] = loan.accruals.activities
    assert (activity.amount, activity.is_replayed) == (8_63, True)


def test_a_payment_used_anew_is_still_told_so_when_days_are_closed() -> None:
    loan = opened()
    loan.record(drawn(1, START, 1000_00))
    loan.today = date(2024, 4, 2)
    loan.record(received(2, date(2024, 3, 1), 340_00))
    loan.record(received(3, FIRST_DUE, 50_00))
    loan.close_days(loan.today)
    told = {each.event: each.is_replayed for each in loan.postings if each.event}
    assert told == {1: False, 2: True, 3: False}


def test_what_is_read_of_a_loan() -> None:
    loan = opened()
    loan.record(drawn(1, START, 1000_00))
    assert matures_on(loan) == date(2024, 7, 1)
    assert interest_overdue(loan.loan, FIRST_DUE) == 5_83
    loan.today = FIRST_DUE
    loan.record(received(2, FIRST_DUE, 1005_83))
    assert (matures_on(loan), repaid(loan)) == (FIRST_DUE, 1005_83)
    assert interest_overdue(loan.loan, FIRST_DUE) == 0
    kinds = [each.kind for each in loan.loan.postings]
    assert kinds == [PostingKind.DISBURSEMENT, PostingKind.REPAYMENT]


def test_periods_added_after_due_dates_moved_follow_the_moved_dates() -> None:
    loan = opened()
    loan.record(drawn(1, START, 1000_00))
    moved = date(2024, 2, 15)
    loan.record(DueDateMoved(number=2, value_date=FIRST_DUE, new_due_date=moved))
    loan.record(Lengthened(number=3, value_date=FIRST_DUE, periods=2))
    dues = [each.due for each in loan.loan.instalments]
    assert dues == [date(2024, month, 15) for month in range(2, 10)]


def test_interest_given_back_with_a_refund_is_undone_with_it_only() -> None:
    refund = PaymentKind.MERCHANT_ISSUED_REFUND
    loan = opened(replace(AGREED, interest_refunded_for=(refund,)))
    loan.record(drawn(1, START, 1000_00))
    loan.today = date(2024, 1, 22)
    loan.record(replace(received(2, loan.today, 100_00), kind=refund))
    [given_back] = [each for each in loan.postings if each.kind is PostingKind.INTEREST_REFUND]
    with pytest.raises(InterestRefundNotUndoneAlone):
        loan.undo(given_back)
    loan.undo(next(each for each in loan.postings if each.kind.value == refund.value))
    assert [each.kind for each in loan.postings if not each.is_reverted] == [
        PostingKind.DISBURSEMENT
    ]


def test_an_undone_payment_keeps_its_place_among_those_of_its_day() -> None:
    loan = opened()
    loan.record(drawn(1, START, 1000_00))
    for number in (2, 3, 4):
        loan.record(received(number, START, 10_00))
    loan.undo(next(each for each in loan.postings if each.event == 3))
    told = [(each.event, each.is_reverted) for each in loan.postings]
    assert told == [(1, False), (2, False), (3, True), (4, False)]
