"""What one loan costs a year, read off its projection and told as its country tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from gbese.core.calendars.frequencies import MONTHLY, WEEKLY, YEARLY, Frequency
from gbese.core.projections.rows import Cause, Projection
from gbese.core.servicing.events import Component
from gbese.core.yields.actuarial import apr_us, psk
from gbese.core.yields.effective import apr_eu, key_facts, xirr
from gbese.core.yields.flows import DatedFlow
from gbese.core.yields.intervals import UnitKind, common_unit_period
from gbese.core.yields.roots import NoRateExists, SeveralRatesExist, settled
from gbese.core.yields.rules import YearlyCostMethod, YearlyCostRules, method_in

_FRACTION_OF_PERCENT = 2  # a percentage has two decimals fewer than the rate it tells
_HOUSE = ""


@dataclass(frozen=True, slots=True)
class YearlyCost:
    """What a loan costs a year; rates are fractions, rounded as they are printed.

    `effective_rate` is the plain figure, by actual days; `disclosed_rate` is the one its country
    asks for, by `method`.
    """

    effective_rate: Decimal
    method: YearlyCostMethod
    disclosed_rate: Decimal


def planned_flows(projection: Projection) -> tuple[DatedFlow, ...]:
    """The cash of a loan if what falls due is paid on its day; the borrower receives the positive.

    Drawings, and what a loan was taken over with, against instalments, fees, and what was repaid
    early. Penalties stay out: they are the price of being late, not of the loan. Minor units. A
    loan that nobody has drawn, or that its plan does not repay, has none.
    """
    flows: list[DatedFlow] = []
    unpaid = -sum(row.principal for row in projection.plan)
    for step in projection.steps:
        amount = step.amount
        if step.cause is Cause.DUE and step.event:  # fell due by an event, not by the plan
            amount = -amount
        elif step.cause not in {Cause.DRAWN, Cause.OPENED}:
            continue
        if step.component in {None, Component.PENALTY}:
            continue
        if step.component is Component.PRINCIPAL:
            unpaid += amount
        flows.append(DatedFlow(step.day, Fraction(amount)))
    if not flows or unpaid > 0:
        return ()
    flows += [DatedFlow(row.due_date_adjusted, Fraction(-row.due)) for row in projection.plan]
    return tuple(sorted(flows, key=lambda flow: flow.day))


def effective_rate(
    flows: Sequence[DatedFlow], *, signed_on: date, rules: YearlyCostRules
) -> Decimal | None:
    """The plain yearly rate of flows, a fraction as it is printed; None where no one rate fits.

    Raises:
        RuleNotInForce: no rule held when the contract was signed.
        RuleAmbiguous: two rules held and neither is the narrower.
    """
    try:
        rate = xirr(flows, days_in_year=rules.year(_HOUSE, signed_on=signed_on))
    except (NoRateExists, SeveralRatesExist):
        return None
    return _printed(rate, rules.printing(_HOUSE, signed_on=signed_on))


def yearly_cost(
    flows: Sequence[DatedFlow], *, country: str, signed_on: date, rules: YearlyCostRules
) -> YearlyCost:
    """The yearly cost of flows, plain and as a country tells it.

    Args:
        flows: received and paid, opposite in sign.
        country: whose law tells the method; one without a method has the plain figure.
        signed_on: the day the contract was signed, which the rules go by.
        rules: how figures are printed, and the days of a year.

    Raises:
        NoRateExists: there is none.
        SeveralRatesExist: there are several, so none of them is *the* rate.
        RuleNotInForce: no rule held when the contract was signed.
        RuleAmbiguous: two rules held and neither is the narrower.
    """
    method = method_in(country)
    plain = xirr(flows, days_in_year=rules.year(_HOUSE, signed_on=signed_on))
    told = _rate_by(method, flows, plain, rules.year(country, signed_on=signed_on))
    return YearlyCost(
        effective_rate=_printed(plain, rules.printing(_HOUSE, signed_on=signed_on)),
        method=method,
        disclosed_rate=_printed(told, rules.printing(country, signed_on=signed_on)),
    )


def _rate_by(
    method: YearlyCostMethod, flows: Sequence[DatedFlow], plain: Decimal, days_in_year: Fraction
) -> Decimal:
    match method:
        case YearlyCostMethod.XIRR:
            return plain
        case YearlyCostMethod.GESV:
            return xirr(flows, days_in_year=days_in_year)
        case YearlyCostMethod.PSK:
            return psk(flows, days_in_year=days_in_year)
        case YearlyCostMethod.APR_US:
            return apr_us(flows, unit=common_unit_period([flow.day for flow in flows]))
        case YearlyCostMethod.APR_EU:
            return apr_eu(flows, unit=_counted_in(flows))
        case YearlyCostMethod.KEY_FACTS:
            return key_facts(flows).nominal


def _counted_in(flows: Sequence[DatedFlow]) -> Frequency:
    """Years, months or weeks: what the flows come by most often."""
    match common_unit_period([flow.day for flow in flows]).kind:
        case UnitKind.WEEK:
            return WEEKLY
        case UnitKind.YEAR:
            return YEARLY
        case _:
            return MONTHLY


def _printed(rate: Decimal, decimals: int) -> Decimal:
    return settled(rate, decimals + _FRACTION_OF_PERCENT)
