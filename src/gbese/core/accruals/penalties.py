"""The penalty of one unpaid instalment: which rate a day runs, and from when."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from gbese.core.calendars.clocks import Clock, ClockKind
from gbese.core.contracts.terms import PenaltyTerms

DAILY = Clock(ClockKind.ACTUAL, 1)  # a penalty rate is a fraction a day


def tier_starts(penalty: PenaltyTerms, due_date: date) -> tuple[tuple[date, Decimal], ...]:
    """The first night and the daily rate of each tier, for an instalment due on `due_date`.

    The first day that counts is the day after the due date and the days of grace; its night
    begins the day before.
    """
    first_night = due_date + timedelta(days=penalty.grace_days)
    return tuple(
        (first_night + timedelta(days=tier.from_day - 1), tier.daily_rate) for tier in penalty.tiers
    )
