"""The principal part of each coming period, by the kind of schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from gbese.core.contracts.terms import ScheduleKind, Terms
from gbese.core.schedules.annuity import NOTHING, AnnuityRounding, annuity_parts, level_payment
from gbese.core.schedules.custom import scaled_parts, shortened_parts
from gbese.core.schedules.interest_periods import InterestPeriod
from gbese.core.schedules.linear import fixed_parts, linear_parts


@dataclass(frozen=True, slots=True)
class PrincipalPlan:
    """The principal part of each period, and the level it keeps (payment or part), minor units.

    `level` is what an early repayment that keeps the instalment goes on with; 0 where the kind of
    schedule has none.
    """

    parts: tuple[int, ...]
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """Why principal falls due as it does: on `day`, all not due was spread over `periods`.

    The rate of the day is taken for all of them. `claim_offset` and a period's number together
    are the number of its instalment.
    """

    day: date
    terms: Terms
    outstanding: int  # minor units
    periods: tuple[InterestPeriod, ...]  # those to come; the first may have begun already
    claim_offset: int
    rate: Decimal
    accrued: Fraction  # what the first period has earned already, minor units before rounding
    keep_level: int | None  # goes on with this instalment

    def plan(self) -> PrincipalPlan:
        """The principal part of each period."""
        return principal_plan(
            self.terms,
            self.outstanding,
            self.periods,
            [self.rate] * len(self.periods),
            accrued=self.accrued,
            keep_level=self.keep_level,
        )


def principal_plan(
    terms: Terms,
    outstanding: int,
    periods: Sequence[InterestPeriod],
    rates: Sequence[Decimal],
    *,
    accrued: Fraction = NOTHING,
    keep_level: int | None = None,
) -> PrincipalPlan:
    """Spread `outstanding` minor units over the periods still to come.

    Args:
        terms: the kind of schedule and its conventions.
        outstanding: principal that has not fallen due.
        periods: those to come, ascending; the first may have begun already.
        rates: the nominal rate of each period, a fraction a year.
        accrued: interest, in minor units before rounding, that the first period has earned already
            and that is paid with its instalment.
        keep_level: go on with this instalment and let the term shrink instead.

    Returns:
        One part per period; they add up to `outstanding`, except ON_DEMAND, where nothing falls
        due by itself.
    """
    if not periods:
        return PrincipalPlan((), 0)
    carrying = _carries_principal(terms, periods)
    count = sum(carrying)
    if terms.schedule_kind is ScheduleKind.ON_DEMAND:
        return PrincipalPlan(tuple(0 for _ in periods), 0)
    if not count:
        return PrincipalPlan((*(0 for _ in periods[1:]), outstanding), 0)
    parts: Sequence[int]
    level = 0
    match terms.schedule_kind:
        case ScheduleKind.ANNUITY:
            parts, level = _annuity(
                terms, outstanding, periods, rates, carrying, accrued, keep_level
            )
        case ScheduleKind.LINEAR:
            balloon = min(_balloon(terms), outstanding)
            if keep_level is None:
                parts = linear_parts(outstanding - balloon, count, rounding=terms.rounding)
                level = parts[0]
            else:
                parts, level = (
                    fixed_parts(outstanding - balloon, count, part=keep_level),
                    keep_level,
                )
            parts = (*parts[:-1], parts[-1] + balloon)
        case ScheduleKind.BULLET:
            parts = (*(0 for _ in range(count - 1)), outstanding)
        case ScheduleKind.CUSTOM:
            listed = _listed(terms, periods)
            if keep_level is None:
                parts = scaled_parts(outstanding, listed, terms.currency)
            else:
                parts = shortened_parts(outstanding, listed)
    carried = iter(parts)
    return PrincipalPlan(tuple(next(carried) if carries else 0 for carries in carrying), level)


def period_rate(period: InterestPeriod, rate: Decimal) -> Fraction:
    """What one unit costs over the whole period."""
    units = period.clock.units(period.end) - period.clock.units(period.start)
    return Fraction(rate) * Fraction(units, period.clock.denominator)


def _annuity(
    terms: Terms,
    outstanding: int,
    periods: Sequence[InterestPeriod],
    rates: Sequence[Decimal],
    carrying: Sequence[bool],
    accrued: Fraction,
    keep_level: int | None,
) -> tuple[tuple[int, ...], int]:
    period_rates = [
        period_rate(period, rate)
        for period, rate, carries in zip(periods, rates, carrying, strict=True)
        if carries
    ]
    if not carrying[0]:
        accrued = NOTHING  # it is paid before the first level payment
    payment = keep_level
    if payment is None:
        payment = level_payment(
            outstanding,
            period_rates,
            accrued=accrued,
            balloon=min(_balloon(terms), outstanding),
            rounding=AnnuityRounding(
                payment=terms.instalment_rounding,
                payment_multiple=terms.instalment_multiple_minor,
                interest=terms.rounding,
            ),
        )
    parts = annuity_parts(
        outstanding,
        period_rates,
        accrued=accrued,
        payment=payment,
        interest_rounding=terms.rounding,
    )
    return parts, payment


def _balloon(terms: Terms) -> int:
    return terms.balloon.minor if terms.balloon else 0


def _carries_principal(terms: Terms, periods: Sequence[InterestPeriod]) -> list[bool]:
    return [
        period.number > terms.principal_grace_instalments
        and (terms.first_principal_date is None or period.end >= terms.first_principal_date)
        for period in periods
    ]


def _listed(terms: Terms, periods: Sequence[InterestPeriod]) -> list[int]:
    listed: dict[object, int] = {}
    for row in terms.custom_principal:
        listed[row.due_date] = listed.get(row.due_date, 0) + row.principal.minor
    return [listed.get(period.end, 0) for period in periods]
