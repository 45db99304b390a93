"""Effective yearly rates: what compounds to the cost of a year.

The plain figure and Kazakhstan's GESV count actual days; the European Union's APR counts whole
years, months or weeks and odd days; Nigeria's key facts tell the same by the month as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from gbese.core.calendars.frequencies import MONTHLY, Frequency
from gbese.core.rates.nominal import nominal_rate_of_effective
from gbese.core.yields.flows import DatedFlow, TimedFlow, flows_by_days
from gbese.core.yields.intervals import years_counted_back
from gbese.core.yields.roots import sole_rate

_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What a Nigerian borrower is shown: twelve monthly rates, and what they compound to."""

    nominal: Decimal
    effective: Decimal


def xirr(flows: Sequence[DatedFlow], *, days_in_year: Fraction) -> Decimal:
    """The effective rate a year at which dated flows come to nothing, by actual days.

    With 365 days a year it is what spreadsheets call XIRR, and Kazakhstan's GESV: the sum of what
    is received, each discounted from its day, equals the sum of what is paid.

    Raises:
        NoRateExists: there is none.
        SeveralRatesExist: there are several, so none of them is *the* rate.

    Source: Kazakhstan, rules of the annual effective rate: days from disbursement over 365.
    """
    return sole_rate(flows_by_days(flows, days_in_year=days_in_year))


def apr_eu(flows: Sequence[DatedFlow], *, unit: Frequency) -> Decimal:
    """The annual percentage rate of charge of the European Union, as a fraction.

    Args:
        flows: advances and payments, opposite in sign; compulsory costs among the payments.
        unit: years, months or weeks, whichever the payments come by.

    Raises:
        NoRateExists: there is none.
        SeveralRatesExist: there are several, so none of them is *the* rate.

    Source: Directive 2008/48/EC, annex I; Directive 2014/17/EU, annex I; the same equation in
    Directive (EU) 2023/2225, annex III.
    """
    start = min(flow.day for flow in flows)
    return sole_rate(
        TimedFlow(flow.amount, years_counted_back(start, flow.day, unit)) for flow in flows
    )


def key_facts(flows: Sequence[DatedFlow]) -> KeyFacts:
    """The yearly cost of a loan as Nigerian key facts show it: both figures, all fees included.

    No law gives a formula; the house counts equal months and odd days.

    Raises:
        NoRateExists: there is none.
        SeveralRatesExist: there are several, so none of them is *the* rate.
    """
    effective = apr_eu(flows, unit=MONTHLY)
    return KeyFacts(nominal_rate_of_effective(effective, _MONTHS_A_YEAR), effective)
