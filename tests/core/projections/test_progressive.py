"""A loan whose plan follows what has happened, seen through its projection."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gbese.apps.lending.documents import event_document, event_from, terms_document, terms_from
from gbese.columns.blocks import pack, unpack
from gbese.core.calendars.business_days import Calendar
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import MONTHLY
from gbese.core.contracts.progressive import (
    MonthDays,
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
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.position import position
from gbese.core.projections.project import project
from gbese.core.projections.rows import Cause, Life, Projection
from gbese.core.servicing.events import (
    Amended,
    ChargedBack,
    Component,
    Drawn,
    EventNotForTheseTerms,
    Levied,
    LoanEvent,
    Received,
    WrittenOff,
)

EUR = Currency("EUR", 2)
START = date(2024, 1, 1)
TERMS = Terms(
    currency=EUR,
    principal=Money(100_00, EUR),
    signed_on=START,
    interest_from=START,
    first_due_date=date(2024, 2, 1),
    maturity_date=date(2024, 7, 1),
    frequency=MONTHLY,
    schedule_kind=ScheduleKind.ANNUITY,
    rate=RateTerms(fixed=Decimal("0.07")),
    day_count=DayCount.ACT_365F,
    rounding=Rounding.HALF_EVEN,
    progressive=ProgressiveTerms(
        plan=PlanConventions(
            frequency=MONTHLY, month_days=MonthDays.THIRTY, year_days=YearDays.D360
        ),
        instalments=6,
        rules=(PaymentRule(None, SurplusRule.NEXT_INSTALMENT, tuple(Place)),),
        recalculation=Recalculation(),
    ),
)
DRAWN = Drawn(number=1, value_date=START, amount=TERMS.principal)


def received(number: int, day: date, cents: int) -> Received:
    return Received(number=number, value_date=day, amount=Money(cents, EUR))


def projected(*events: LoanEvent) -> Projection:
    facts = LoanFacts(
        terms=TERMS,
        events=events,
        shared=SharedFacts(calendar=Calendar("", frozenset(), frozenset())),
    )
    return project(facts)


def test_level_payments_and_a_last_one_that_takes_the_rest() -> None:
    """100.00 at 7 %, 30/360, six months: 17.01 five times and 17.00, interest 2.05 in all.

    By hand: 100 x 0.07 / 12 / (1 - 1.0058333 ** -6) = 17.0057; the first month costs 0.58.
    """
    rows = [(row.principal, row.interest) for row in projected(DRAWN).plan]
    assert rows == [(1643, 58), (1652, 49), (1662, 39), (1672, 29), (1681, 20), (1690, 10)]


def test_a_payment_ahead_costs_less_interest() -> None:
    """Paid on 16 January, half the month is not earned: 15/31 of 0.58 is 0.28."""
    rows = projected(DRAWN, received(2, date(2024, 1, 16), 17_01)).plan
    assert (rows[0].principal, rows[0].interest) == (1673, 28)


def test_paid_on_each_day_all_is_settled_at_the_end() -> None:
    months = [date(2024, month, 1) for month in range(2, 8)]
    cents = [17_01] * 5 + [17_00]
    paid = [
        received(number, day, amount)
        for number, (day, amount) in enumerate(zip(months, cents, strict=True), start=2)
    ]
    at_end = position(projected(DRAWN, *paid), date(2024, 7, 1))
    assert (at_end.debt.minor, at_end.unallocated.minor, at_end.life) == (0, 0, Life.SETTLED)
    assert at_end.total(Component.INTEREST, Cause.PAID).minor == 2_05


def test_what_is_late_is_due_and_counted_from_its_date() -> None:
    late = position(projected(DRAWN), date(2024, 2, 11))
    assert late.days_past_due == 10
    assert late.fallen_due(Component.PRINCIPAL).minor == 16_43
    assert late.fallen_due(Component.INTEREST).minor == 58


def test_principal_paid_late_goes_on_costing_interest() -> None:
    """Nothing is repaid on 1 February, so February costs 100 x 0.07 / 12 = 0.58 like January."""
    assert [row.interest for row in projected(DRAWN, received(2, date(2024, 3, 1), 1)).plan][
        :2
    ] == [58, 58]


def test_a_fee_is_asked_for_with_the_instalment_of_its_date() -> None:
    fee = Levied(
        number=2,
        value_date=date(2024, 1, 10),
        component=Component.FEE,
        charge_kind="reminder",
        due_date=date(2024, 2, 15),
        amount=Money(5_00, EUR),
    )
    assert [row.fee for row in projected(DRAWN, fee).plan] == [0, 5_00, 0, 0, 0, 0]


def test_a_payment_taken_back_is_owed_again() -> None:
    paid = received(2, date(2024, 2, 1), 17_01)
    back = ChargedBack(number=3, value_date=date(2024, 2, 10), payment=2, amount=Money(17_01, EUR))
    after = position(projected(DRAWN, paid, back), date(2024, 2, 10))
    assert after.outstanding.minor == 100_00 - 16_43 + 17_01
    assert after.unallocated.minor == 0


def test_a_loan_written_off_owes_nothing() -> None:
    gone = WrittenOff(number=2, value_date=date(2024, 3, 1))
    after = position(projected(DRAWN, gone), date(2024, 3, 2))
    assert (after.debt.minor, after.life) == (0, Life.WRITTEN_OFF)


@pytest.mark.parametrize("day", [date(2024, 1, 20), date(2024, 2, 1), date(2024, 5, 17)])
def test_a_packed_projection_says_the_same(day: date) -> None:
    plain = projected(DRAWN, received(2, date(2024, 1, 20), 17_01), received(3, day, 9_99))
    packed = unpack(pack(plain), currency=EUR, horizon=plain.horizon, method=plain.method)
    assert position(packed, day) == position(plain, day)


def test_the_terms_and_their_events_are_stored_whole() -> None:
    assert terms_from(terms_document(TERMS)) == TERMS
    back = ChargedBack(number=3, value_date=START, payment=2, amount=Money(1, EUR))
    assert event_from(event_document(back, EUR)) == back


def test_other_terms_refuse_the_events_of_these_and_the_reverse() -> None:
    amended = Amended(number=2, value_date=START, terms=TERMS, is_restructuring=False)
    with pytest.raises(EventNotForTheseTerms):
        projected(DRAWN, amended)
