"""Principal in phases and maturities that follow from what is paid, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gbese.core.calendars.business_days import EVERY_DAY
from gbese.core.calendars.cycles import Cycle
from gbese.core.calendars.frequencies import MONTHLY, QUARTERLY, YEARLY
from gbese.core.contracts.terms import ScheduleKind, Terms
from gbese.core.schedules.errors import ScheduleError
from gbese.core.schedules.implied_maturity import with_implied_maturity
from gbese.core.schedules.phases import PrincipalPhase, phase_plan
from tests.core.loans import day, money, terms_of

YEARLY_INTEREST = (Cycle(date(2026, 1, 1), YEARLY),)


def test_up_for_two_years_then_down_by_quarters_until_all_is_repaid() -> None:
    """120.00, 20.00 more on two 1 Januaries, then 60.00 a quarter: 160.00 is 60 + 60 + 40."""
    plan = phase_plan(
        money("120.00"),
        [
            PrincipalPhase(Cycle(date(2026, 1, 1), YEARLY), money("20.00"), rises=True),
            PrincipalPhase(Cycle(date(2028, 1, 1), QUARTERLY), money("60.00")),
        ],
        YEARLY_INTEREST,
        maturity_date=None,
    )
    assert plan.drawdowns == (
        (date(2026, 1, 1), money("20.00")),
        (date(2027, 1, 1), money("20.00")),
    )
    assert plan.maturity_date == date(2028, 7, 1)
    assert [(row.due_date, row.principal.plain(), row.pays_interest) for row in plan.rows] == [
        (date(2026, 1, 1), "0.00", True),
        (date(2027, 1, 1), "0.00", True),
        (date(2028, 1, 1), "60.00", True),
        (date(2028, 4, 1), "60.00", False),
        (date(2028, 7, 1), "40.00", True),
    ]


def test_with_a_maturity_the_rest_is_due_then() -> None:
    plan = phase_plan(
        money("120.00"),
        [PrincipalPhase(Cycle(date(2026, 1, 1), YEARLY), money("20.00"))],
        YEARLY_INTEREST,
        maturity_date=date(2027, 6, 30),
    )
    assert [row.principal.plain() for row in plan.rows] == ["20.00", "20.00", "80.00"]


def test_what_never_falls_never_ends() -> None:
    rising = PrincipalPhase(Cycle(date(2026, 1, 1), YEARLY), money("20.00"), rises=True)
    with pytest.raises(ScheduleError, match="never_repaid"):
        phase_plan(money("120.00"), [rising], YEARLY_INTEREST, maturity_date=None)


def open_terms(kind: ScheduleKind, instalment: str) -> Terms:
    """NGN 5,000.00 at 8 % ACT/365F from 1 January 2026, monthly from 1 February."""
    return terms_of(
        "5,000.00",
        "0.08",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity=None,
        frequency=MONTHLY,
        kind=kind,
        given_instalment=money(instalment),
    )


def test_ten_parts_of_a_tenth_end_with_the_tenth() -> None:
    ended = with_implied_maturity(open_terms(ScheduleKind.LINEAR, "500.00"), EVERY_DAY)
    assert ended.maturity_date == day("2026-11-01")


def test_a_part_more_is_needed_for_a_rest() -> None:
    ended = with_implied_maturity(open_terms(ScheduleKind.LINEAR, "499.00"), EVERY_DAY)
    assert ended.maturity_date == day("2026-12-01")


def test_a_payment_counts_less_the_interest_of_its_first_period() -> None:
    """28 nights from 1 February cost 30.68; 5,000 / (700 - 30.68) = 7.47, so eight payments."""
    ended = with_implied_maturity(open_terms(ScheduleKind.ANNUITY, "700.00"), EVERY_DAY)
    assert ended.maturity_date == day("2026-09-01")


def test_a_payment_below_the_interest_never_ends() -> None:
    with pytest.raises(ScheduleError, match="never_repaid"):
        with_implied_maturity(open_terms(ScheduleKind.ANNUITY, "30.00"), EVERY_DAY)
    nothing = replace(open_terms(ScheduleKind.LINEAR, "1.00"), given_instalment=None)
    with pytest.raises(ScheduleError, match="no_instalment"):
        with_implied_maturity(nothing, EVERY_DAY)
