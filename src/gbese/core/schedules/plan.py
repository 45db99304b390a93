"""The principal part of each coming period, by the kind of schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import compress

from gbese.core.contracts.terms import InterestBase, ScheduleKind, Terms
from gbese.core.schedules.annuity import (
    NOTHING,
    AnnuityRounding,
    PaymentStep,
    annuity_parts,
    graduated_payments,
    level_payment,
)
from gbese.core.schedules.custom import scaled_parts, shortened_parts
from gbese.core.schedules.flat import flat_level, flat_parts
from gbese.core.schedules.growth import grown, with_the_rest_at_the_end
from gbese.core.schedules.interest_periods import InterestPeriod, InterestUse
from gbese.core.schedules.linear import fixed_parts, linear_parts
from gbese.core.schedules.minimum import minimum_parts


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
    flat_base: int = 0  # minor units that a flat rate is counted on

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
            flat_base=self.flat_base,
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
    flat_base: int = 0,
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
        flat_base: minor units that a flat rate is counted on.

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
    accrued_with_first = accrued if _meets_first_part(periods, carrying) else NOTHING
    spread = _Spread(
        terms=terms,
        outstanding=outstanding,
        periods=tuple(compress(periods, carrying)),
        costs=_level_costs(periods, costs, carrying),
        accrued=accrued_with_first,
        keep_level=keep_level,
        flat_base=flat_base,
        level_costs=_level_costs(
            level_periods,
            [period_rate(period, rates[0]) for period in level_periods],
            _carries_principal(terms, level_periods),
        ),
    )
    parts, level = spread.by_kind()
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
    above, below = period.rate_of(rate).as_integer_ratio()
    return Fraction(above * units, below * period.clock.denominator)


def payment_steps(terms: Terms, carrying: Sequence[InterestPeriod]) -> tuple[PaymentStep, ...]:
    """What each payment is of the first, where they rise or fall; empty where they are level."""
    graduation = terms.graduation
    if graduation is None:
        return ()
    growth = 1 + Fraction(graduation.rate or 0)
    more = graduation.amount.minor if graduation.amount else 0
    first = terms.principal_grace_instalments + 1
    times = [(period.number - first) // graduation.every for period in carrying]
    return tuple(PaymentStep(growth**count, more * count) for count in times)


def annuity_rounding(terms: Terms) -> AnnuityRounding:
    """How the contract rounds its payments and their interest."""
    return AnnuityRounding(
        payment=terms.instalment_rounding,
        payment_multiple=terms.instalment_multiple_minor,
        interest=terms.rounding,
    )


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spread:
    """What is spread over the periods that carry principal, and by which terms.

    `costs` are what one unit costs up to each payment, `level_costs` the same over the periods that
    a level is worked out over, where those are others.
    """

    terms: Terms
    outstanding: int
    periods: tuple[InterestPeriod, ...]
    costs: Sequence[Fraction]
    accrued: Fraction
    keep_level: int | None
    flat_base: int
    level_costs: Sequence[Fraction]

    @property
    def balloon(self) -> int:
        """What is left for the last of them, in minor units."""
        return min(self.terms.balloon.minor if self.terms.balloon else 0, self.outstanding)

    def by_kind(self) -> tuple[tuple[int, ...], int]:
        """The parts, and the level they keep."""
        match self.terms.schedule_kind:
            case ScheduleKind.ANNUITY if self.terms.interest_base is InterestBase.AS_DRAWN:
                return self._flat()
            case ScheduleKind.ANNUITY:
                return self._annuity()
            case ScheduleKind.LINEAR:
                return self._linear()
            case ScheduleKind.CUSTOM:
                return self._custom(), 0
            case ScheduleKind.REVOLVING:
                return self._minimum(), 0
            case _:  # all at the end
                return (*(0 for _ in self.periods[1:]), self.outstanding), 0

    def _annuity(self) -> tuple[tuple[int, ...], int]:
        terms, payment = self.terms, self.keep_level
        rounding = annuity_rounding(terms)
        steps = payment_steps(terms, self.periods)
        if payment is None:
            payment = level_payment(
                self.outstanding,
                self.level_costs or self.costs,
                accrued=self.accrued,
                balloon=self.balloon,
                rounding=rounding,
                may_grow=terms.allows_growth,
                steps=steps,
            )
        parts = annuity_parts(
            self.outstanding,
            self.costs,
            accrued=self.accrued,
            payments=graduated_payments(payment, steps, rounding) or [payment] * len(self.costs),
            interest_rounding=terms.rounding,
            may_grow=terms.allows_growth,
        )
        return parts, payment

    def _flat(self) -> tuple[tuple[int, ...], int]:
        interests = [self.flat_base * cost for cost in self.costs]
        interests[0] += self.accrued
        payment = self.keep_level
        if payment is None:
            payment = flat_level(
                self.outstanding,
                interests,
                balloon=self.balloon,
                rounding=annuity_rounding(self.terms),
            )
        parts = flat_parts(
            self.outstanding, interests, payment=payment, rounding=self.terms.rounding
        )
        return parts, payment

    def _linear(self) -> tuple[tuple[int, ...], int]:
        to_spread, count, part = self.outstanding - self.balloon, len(self.periods), self.keep_level
        if part is None:
            parts = linear_parts(to_spread, count, rounding=self.terms.rounding)
            part = parts[0]
        else:
            parts = fixed_parts(to_spread, count, part=part)
        return (*parts[:-1], parts[-1] + self.balloon), part

    def _custom(self) -> tuple[int, ...]:
        listed = _listed(self.terms, self.periods)
        if self.keep_level is None:
            return scaled_parts(self.outstanding, listed, self.terms.currency)
        return shortened_parts(self.outstanding, listed)

    def _minimum(self) -> tuple[int, ...]:
        least = self.terms.minimum_payment
        assert least is not None  # noqa: S101 - sound terms of a revolving line have one
        return minimum_parts(
            self.outstanding,
            len(self.periods),
            least.fraction,
            least.floor.minor if least.floor else 0,
            rounding=self.terms.rounding,
        )


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
