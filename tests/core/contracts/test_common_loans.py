"""Common loans in a line: the terms they stand for, and their schedules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import (
    AT_MATURITY,
    MONTHLY,
    QUARTERLY,
    WEEKLY,
    Frequency,
    FrequencyHasNoLength,
)
from gbese.core.calendars.periods import NoInstalments
from gbese.core.contracts.checks import TermsRefused
from gbese.core.contracts.common_loans import common_terms
from gbese.core.contracts.terms import ScheduleKind
from gbese.core.projections.schedule import schedule
from tests.core.loans import KZT, NGN, day, money


def test_a_level_loan_in_five_arguments() -> None:
    """Worked example E05: 1,200,000.00 at 30 % in twelve months, instalment 116,984.55."""
    terms = common_terms(
        ScheduleKind.ANNUITY, money("1200000.00", NGN), Decimal("0.30"), 12, day("2026-01-15")
    )
    planned = schedule(terms)
    assert [row.due for row in planned.instalments] == [116_984_55] * 11 + [116_984_58]
    assert planned.principal == money("1200000.00")
    assert planned.interest == money("203814.63")
    assert planned.due == money("1403814.63")
    assert planned.fees == money("0.00")


def test_interest_alone_by_the_quarter_over_actual_days() -> None:
    """Worked example E08: 5,000,000.00 at 18 %, ACT/360, all principal at the end."""
    terms = common_terms(
        ScheduleKind.BULLET,
        money("5000000.00", KZT),
        Decimal("0.18"),
        4,
        day("2026-01-15"),
        frequency=QUARTERLY,
        day_count=DayCount.ACT_360,
    )
    rows = schedule(terms).instalments
    assert [row.interest for row in rows] == [225_000_00, 227_500_00, 230_000_00, 230_000_00]
    assert [row.principal for row in rows] == [0, 0, 0, 5_000_000_00]


@pytest.mark.parametrize(
    ("starts_on", "frequency", "due_dates"),
    [
        ("2026-01-31", MONTHLY, ("2026-02-28", "2026-03-31", "2026-04-30")),
        ("2026-03-31", MONTHLY, ("2026-04-30", "2026-05-31", "2026-06-30")),
        ("2026-04-30", MONTHLY, ("2026-05-30", "2026-06-30", "2026-07-30")),
        ("2026-01-31", WEEKLY, ("2026-02-07", "2026-02-14", "2026-02-21")),
    ],
)
def test_the_day_of_the_start_is_kept(
    starts_on: str, frequency: Frequency, due_dates: tuple[str, ...]
) -> None:
    terms = common_terms(
        ScheduleKind.LINEAR,
        money("300.00"),
        Decimal("0.12"),
        3,
        day(starts_on),
        frequency=frequency,
    )
    rows = schedule(terms).instalments
    assert tuple(row.period_end.isoformat() for row in rows) == due_dates
    assert terms.maturity_date == day(due_dates[-1])


def test_a_first_due_date_may_be_said() -> None:
    terms = common_terms(
        ScheduleKind.LINEAR,
        money("300.00"),
        Decimal("0.12"),
        3,
        day("2026-01-10"),
        first_due_date=day("2026-02-25"),
    )
    assert terms.maturity_date == day("2026-04-25")
    at_once = common_terms(
        ScheduleKind.BULLET,
        money("300.00"),
        Decimal("0.12"),
        1,
        day("2026-01-10"),
        frequency=AT_MATURITY,
        first_due_date=day("2026-07-10"),
        day_count=DayCount.ACT_365F,
    )
    assert at_once.maturity_date == day("2026-07-10")


def test_call_money_has_no_maturity() -> None:
    terms = common_terms(
        ScheduleKind.ON_DEMAND, money("300.00"), Decimal("0.12"), 1, day("2026-01-10")
    )
    assert terms.maturity_date is None


@pytest.mark.parametrize(
    ("principal", "rate", "instalments", "first_due", "refusal"),
    [
        ("300.00", "0.12", 0, None, NoInstalments),
        ("300.00", "51", 3, None, TermsRefused),
        ("-300.00", "0.12", 3, None, TermsRefused),
        ("300.00", "0.12", 3, date(2026, 1, 10), TermsRefused),
    ],
)
def test_what_is_refused(
    principal: str,
    rate: str,
    instalments: int,
    first_due: date | None,
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        common_terms(
            ScheduleKind.ANNUITY,
            money(principal),
            Decimal(rate),
            instalments,
            day("2026-01-10"),
            first_due_date=first_due,
        )


def test_at_maturity_needs_a_due_date() -> None:
    with pytest.raises(FrequencyHasNoLength):
        common_terms(
            ScheduleKind.BULLET,
            money("300.00"),
            Decimal("0.12"),
            1,
            day("2026-01-10"),
            frequency=AT_MATURITY,
        )
