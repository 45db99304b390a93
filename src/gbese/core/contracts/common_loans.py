"""Terms of common loans in a line: how much, at which rate, how many instalments, from when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import MONTHLY, Frequency, roll
from gbese.core.calendars.periods import due_dates_counted
from gbese.core.contracts.checks import require_sound
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Terms
from gbese.core.money import Money

_LONGEST_MONTH = 31


def common_terms(
    schedule_kind: ScheduleKind,
    principal: Money,
    rate: Decimal,
    instalments: int,
    starts_on: date,
    *,
    frequency: Frequency = MONTHLY,
    first_due_date: date | None = None,
    day_count: DayCount = DayCount.EQUAL_PERIODS,
) -> Terms:
    """Sound terms of a loan at a fixed rate; all they leave open has its default.

    They are plain `Terms`: whatever else was agreed goes in with `dataclasses.replace`.

    Args:
        schedule_kind: how principal falls due; not listed dates, which have to be listed.
        principal: all of it is lent on `starts_on`.
        rate: nominal, a fraction a year.
        instalments: how many due dates, from the first to maturity.
        starts_on: signed, and interest runs, from this day.
        frequency: how often an instalment falls due.
        first_due_date: one period after the start, where it is not said.
        day_count: equal periods, where it is not said: a month is a twelfth of a year.

    Raises:
        NoInstalments: fewer than one.
        FrequencyHasNoLength: "at maturity", without a first due date.
        TermsRefused: the terms contradict themselves.
    """
    first = first_due_date or roll(starts_on, frequency, 1, end_of_month=False)
    end_of_month = starts_on.day == _LONGEST_MONTH  # 31 January, 28 February, 31 March
    dates = due_dates_counted(
        first_due_date=first,
        instalments=instalments,
        frequency=frequency,
        end_of_month=end_of_month,
    )
    terms = Terms(
        currency=principal.currency,
        principal=principal,
        signed_on=starts_on,
        interest_from=starts_on,
        first_due_date=first,
        maturity_date=None if schedule_kind is ScheduleKind.ON_DEMAND else dates[-1],
        frequency=frequency,
        schedule_kind=schedule_kind,
        rate=RateTerms(fixed=rate),
        day_count=day_count,
        end_of_month=end_of_month,
    )
    require_sound(terms)
    return terms
