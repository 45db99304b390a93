"""The principal part of each coming period, by the kind of schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import compress

from gbese.core.contracts.terms import ScheduleKind, Terms
from gbese.core.schedules.annuity import NOTHING, AnnuityRounding, annuity_parts, level_payment
from gbese.core.schedules.custom import scaled_parts, shortened_parts
from gbese.core.schedules.growth import grown, with_the_rest_at_the_end
from gbese.core.schedules.interest_periods import InterestPeriod, InterestUse
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
    level_periods: tuple[InterestPeriod, ...] = ()  # that the level is worked out over, if others

    def plan(self) -> PrincipalPlan:
        """The principal part of each period."""
        return principal_plan(
            self.terms,
            self.outstanding,
            self.periods,
            [self.rate] * len(self.periods),
            accrued=self.accrued,
            keep_level=self.keep_level,
            level_periods=self.level_periods,
        )


def principal_plan(
    terms: Terms,
    outstanding: int,
    periods: Sequence[InterestPeriod],
    rates: Sequence[Decimal],
    *,
    accrued: Fraction = NOTHING,
    keep_level: int | None = None,
    level_periods: Sequence[InterestPeriod] = (),
) -> PrincipalPlan:
    """Spread `outstanding` minor units over the periods still to come.

    Args:
        terms: the kind of schedule and its conventions.
        outstanding: principal that has not fallen due.
        periods: those to come, ascending; the first may have begun already.
        rates: the nominal rate of each period, a fraction a year.
        accrued: interest, in minor units before rounding, that the first period has earned already
            and that is settled with its instalment.
        keep_level: go on with this instalment and let the term shrink instead.
        level_periods: the periods over which a level payment would repay all, where the contract
            ends before that.

    Returns:
        One part per period; with the interest that will join principal on the way they add up to
        `outstanding`, except ON_DEMAND, where nothing falls due by itself. A part below zero is
        interest that a payment does not cover, and that joins principal.
    """
    if not periods:
        return PrincipalPlan((), 0)
    carrying = _carries_principal(terms, periods)
    count = sum(carrying)
    if terms.schedule_kind is ScheduleKind.ON_DEMAND:
        return PrincipalPlan(tuple(0 for _ in periods), 0)
    if not count:
        return PrincipalPlan((*(0 for _ in periods[1:]), outstanding), 0)
    grows = any(period.interest is InterestUse.CAPITALISED for period in periods)
    costs = [period_rate(period, rate) for period, rate in zip(periods, rates, strict=True)]
    started_with = outstanding
    if grows:
        first = carrying.index(True)
        outstanding = grown(outstanding, periods[:first], costs[:first], accrued, terms.rounding)
    match terms.schedule_kind:
        case ScheduleKind.ANNUITY:
            parts, level = _annuity(
                terms,
                outstanding,
                _level_costs(periods, costs, carrying),
                accrued=accrued if _meets_first_part(periods, carrying) else NOTHING,
                payment=keep_level,
                level_costs=_level_costs(
                    level_periods,
                    [period_rate(period, rates[0]) for period in level_periods],
                    _carries_principal(terms, level_periods),
                ),
            )
        case ScheduleKind.LINEAR:
            parts, level = _linear(terms, outstanding, count, keep_level)
        case ScheduleKind.BULLET:
            parts, level = (*(0 for _ in range(count - 1)), outstanding), 0
        case ScheduleKind.CUSTOM:
            parts, level = _custom(terms, outstanding, periods, carrying, keep_level), 0
    carried = iter(parts)
    planned = tuple(next(carried) if carries else 0 for carries in carrying)
    if grows:
        planned = with_the_rest_at_the_end(
            planned, started_with, periods, costs, accrued, terms.rounding
        )
    return PrincipalPlan(planned, level)


def period_rate(period: InterestPeriod, rate: Decimal) -> Fraction:
    """What one unit costs over the whole period."""
    units = period.clock.units(period.end) - period.clock.units(period.start)
    above, below = rate.as_integer_ratio()
    return Fraction(above * units, below * period.clock.denominator)


def _level_costs(
    periods: Sequence[InterestPeriod], costs: Sequence[Fraction], carrying: Sequence[bool]
) -> list[Fraction]:
    """What one unit costs up to each payment, since interest was last settled."""
    level_costs: list[Fraction] = []
    running = NOTHING
    for period, cost, carries in zip(periods, costs, carrying, strict=True):
        running = running + cost if running else cost
        if carries:
            level_costs.append(running)
        if carries or period.interest is not InterestUse.RUNS_ON:
            running = NOTHING
    return level_costs


def _meets_first_part(periods: Sequence[InterestPeriod], carrying: Sequence[bool]) -> bool:
    """Whether interest that has accrued is settled by the first instalment with principal."""
    first = carrying.index(True)
    return all(period.interest is InterestUse.RUNS_ON for period in periods[:first])


def _annuity(
    terms: Terms,
    outstanding: int,
    costs: Sequence[Fraction],
    *,
    accrued: Fraction,
    payment: int | None,
    level_costs: Sequence[Fraction],
) -> tuple[tuple[int, ...], int]:
    if payment is None:
        payment = level_payment(
            outstanding,
            level_costs or costs,
            accrued=accrued,
            balloon=min(_balloon(terms), outstanding),
            rounding=AnnuityRounding(
                payment=terms.instalment_rounding,
                payment_multiple=terms.instalment_multiple_minor,
                interest=terms.rounding,
            ),
            may_grow=terms.allows_growth,
        )
    parts = annuity_parts(
        outstanding,
        costs,
        accrued=accrued,
        payment=payment,
        interest_rounding=terms.rounding,
        may_grow=terms.allows_growth,
    )
    return parts, payment


def _linear(
    terms: Terms, outstanding: int, count: int, part: int | None
) -> tuple[tuple[int, ...], int]:
    balloon = min(_balloon(terms), outstanding)
    if part is None:
        parts = linear_parts(outstanding - balloon, count, rounding=terms.rounding)
        part = parts[0]
    else:
        parts = fixed_parts(outstanding - balloon, count, part=part)
    return (*parts[:-1], parts[-1] + balloon), part


def _custom(
    terms: Terms,
    outstanding: int,
    periods: Sequence[InterestPeriod],
    carrying: Sequence[bool],
    keep_level: int | None,
) -> tuple[int, ...]:
    listed = list(compress(_listed(terms, periods), carrying))
    if keep_level is None:
        return scaled_parts(outstanding, listed, terms.currency)
    return shortened_parts(outstanding, listed)


def _balloon(terms: Terms) -> int:
    return terms.balloon.minor if terms.balloon else 0


def carries_principal(terms: Terms, period: InterestPeriod) -> bool:
    """Whether principal may fall due with the period: no grace covers it.

    Where interest joins principal nothing is paid at all, unless principal has a cycle of its own.
    """
    joins = period.interest is InterestUse.CAPITALISED
    return (
        period.repays
        and not (joins and terms.principal_cycle is None)
        and period.number > terms.principal_grace_instalments
        and (terms.first_principal_date is None or period.agreed_date >= terms.first_principal_date)
    )


def _carries_principal(terms: Terms, periods: Sequence[InterestPeriod]) -> list[bool]:
    return [carries_principal(terms, period) for period in periods]


def _listed(terms: Terms, periods: Sequence[InterestPeriod]) -> list[int]:
    listed: dict[object, int] = {}
    for row in terms.custom_principal:
        listed[row.due_date] = listed.get(row.due_date, 0) + row.principal.minor
    return [listed.get(period.agreed_date, 0) for period in periods]
