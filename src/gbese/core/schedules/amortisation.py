"""How a loan runs down when the cost of each period is known: plans without dates.

Each row is one payment: interest on what is outstanding, and principal with the rest. In a currency
of very fine minor units nothing is rounded that anyone could see; that is how sources that never
round a balance are followed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from gbese.core.calendars.day_counts import DayCount, year_fraction
from gbese.core.money import Rounding, round_minor
from gbese.core.schedules.annuity import AnnuityRounding, level_payment


@dataclass(frozen=True, slots=True)
class AmortisationRow:
    """One payment and what it leaves; minor units. Negative principal is interest not covered."""

    number: int
    interest: int
    principal: int
    outstanding_after: int

    @property
    def payment(self) -> int:
        """Interest and principal together."""
        return self.interest + self.principal


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPlan:
    """A loan with level payments; amounts in minor units.

    `period_rates` are what one unit costs in each period. The level payment is agreed as `payment`,
    or worked out as if the cost of its first period went on to the end, or with `level_rates`
    (interest by actual days, but the payment as if all months were equal). From a period named in
    `levelled_anew` (1 is the first) it is worked out again; its fraction, where there is one, is
    the most that it may be of the payment before, even if that does not cover the interest.
    """

    principal: int
    period_rates: Sequence[Fraction]
    rounding: AnnuityRounding
    level_rates: Sequence[Fraction] | None = None
    payment: int | None = None
    interest_only_periods: int = 0
    levelled_anew: Mapping[int, Fraction | None] = field(default_factory=dict)


def amortisation_rows(plan: LevelPlan) -> tuple[AmortisationRow, ...]:
    """The rows of a plan, until nothing is left; the last period repays all that is.

    Source: the level-payment mortgage of textbooks; US Regulation Z, appendix H-14, for payments
    that are levelled anew; caps of payment as in US adjustable-rate disclosures.
    """
    rows: list[AmortisationRow] = []
    left, payment = plan.principal, plan.payment
    for number, rate in enumerate(plan.period_rates, start=1):
        interest = _interest(left, rate, plan.rounding.interest)
        if number <= plan.interest_only_periods:
            rows.append(AmortisationRow(number, interest, 0, left))
            continue
        if payment is None or number in plan.levelled_anew:
            payment = _level(plan, number, left, payment)
        repaid = min(payment - interest, left)
        if number == len(plan.period_rates):
            repaid = left
        left -= repaid
        rows.append(AmortisationRow(number, interest, repaid, left))
        if not left:
            break
    return tuple(rows)


def given_rows(
    principal: int,
    period_rates: Sequence[Fraction],
    payments: Sequence[int],
    *,
    drawings: Sequence[int],
    interest_rounding: Rounding,
) -> tuple[AmortisationRow, ...]:
    """The rows of a plan whose payments are listed; what they do not cover joins the balance.

    What is drawn in a period is drawn at its end, before the payment, and costs nothing in it.
    """
    rows: list[AmortisationRow] = []
    left = principal
    listed = zip(period_rates, payments, drawings, strict=True)
    for number, (rate, payment, drawn) in enumerate(listed, start=1):
        interest = _interest(left, rate, interest_rounding)
        left += drawn - (payment - interest)
        rows.append(AmortisationRow(number, interest, payment - interest, left))
    return tuple(rows)


def principal_rows(
    principal: int,
    period_rates: Sequence[Fraction],
    parts: Sequence[int],
    *,
    interest_rounding: Rounding,
) -> tuple[AmortisationRow, ...]:
    """The rows of a plan whose principal parts are listed; interest comes on top."""
    rows: list[AmortisationRow] = []
    left = principal
    for number, (rate, part) in enumerate(zip(period_rates, parts, strict=True), start=1):
        interest = _interest(left, rate, interest_rounding)
        left -= part
        rows.append(AmortisationRow(number, interest, part, left))
    return tuple(rows)


def rates_by_days(
    nominal_rate: Decimal, day_count: DayCount, days: Sequence[date]
) -> tuple[Fraction, ...]:
    """What one unit costs in each period between days, by a day count that needs no more facts."""
    return tuple(
        Fraction(nominal_rate) * year_fraction(day_count, start, end)
        for start, end in pairwise(days)
    )


def _level(plan: LevelPlan, number: int, left: int, before: int | None) -> int:
    to_come = len(plan.period_rates) - number + 1
    rates = [plan.period_rates[number - 1]] * to_come
    if plan.level_rates is not None:
        rates = list(plan.level_rates[number - 1 :])
    payment = level_payment(left, rates, balloon=0, rounding=plan.rounding)
    most = plan.levelled_anew.get(number)
    if before is None or most is None:
        return payment
    cap = before * most
    return min(payment, round_minor(cap.numerator, cap.denominator, plan.rounding.payment))


def _interest(left: int, rate: Fraction, rounding: Rounding) -> int:
    return round_minor(left * rate.numerator, rate.denominator, rounding)
