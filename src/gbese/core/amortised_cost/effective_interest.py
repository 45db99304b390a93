"""The effective interest rate, and amortised cost row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from gbese.core.money import Currency, Money, Rounding, round_minor, round_money, share
from gbese.core.yields.flows import DatedFlow, TimedFlow
from gbese.core.yields.roots import sole_rate

_DIGITS = 50


@dataclass(frozen=True, slots=True)
class ExpectedFlow:
    """Cash expected at a moment after initial recognition; positive reduces the carrying amount."""

    moment: Fraction  # in periods (or years) since initial recognition
    cash: Fraction


@dataclass(frozen=True, slots=True)
class CarryingRow:
    """One row of amortised cost: opening + interest - cash = closing, unrounded."""

    moment: Fraction
    opening: Fraction
    interest: Fraction
    cash: Fraction

    @property
    def closing(self) -> Fraction:
        """What is carried after the cash of the row."""
        return self.opening + self.interest - self.cash


def expected_by_period(cash: Sequence[Fraction]) -> tuple[ExpectedFlow, ...]:
    """Cash at the ends of equal periods."""
    return tuple(
        ExpectedFlow(Fraction(number), amount) for number, amount in enumerate(cash, start=1)
    )


def expected_by_days(
    flows: Sequence[DatedFlow], *, since: date, days_in_year: Fraction
) -> tuple[ExpectedFlow, ...]:
    """Dated cash with the years since initial recognition: actual days over `days_in_year`."""
    return tuple(
        ExpectedFlow((flow.day - since).days / days_in_year, flow.amount)
        for flow in sorted(flows, key=lambda flow: flow.day)
    )


def effective_interest_rate(carrying: Fraction, flows: Sequence[ExpectedFlow]) -> Decimal:
    """The rate of a period that discounts expected cash exactly to the initial carrying amount.

    Args:
        carrying: fair value, with transaction costs and fees in.
        flows: everything expected over the life, fees included, ascending by moment.

    Raises:
        NoRateExists: no rate does.
        SeveralRatesExist: more than one does.

    Source: IFRS 9, appendix A, effective interest rate; B5.4.1 to B5.4.4.
    """
    timed = [TimedFlow(flow.cash, flow.moment) for flow in flows]
    return sole_rate([TimedFlow(-carrying, Fraction(0)), *timed])


def present_value(rate: Decimal, flows: Sequence[ExpectedFlow]) -> Fraction:
    """What expected cash is worth now at a rate a period."""
    return sum((flow.cash * discount_factor(rate, flow.moment) for flow in flows), Fraction(0))


def discount_factor(rate: Decimal, moment: Fraction) -> Fraction:
    """What one unit due at the moment is worth now: 1 / (1 + rate)^moment."""
    return 1 / growth_over(rate, moment)


def growth_over(rate: Decimal, span: Fraction) -> Fraction:
    """What one unit grows to over so many periods, compounding; 50 digits."""
    with localcontext(prec=_DIGITS):
        growth = 1 + rate
        if span.denominator == 1:
            return Fraction(growth**span.numerator)
        return Fraction((growth.ln() * span.numerator / span.denominator).exp())


def carrying_rows(
    carrying: Fraction, flows: Sequence[ExpectedFlow], rate: Decimal
) -> tuple[CarryingRow, ...]:
    """Amortised cost after each flow, unrounded: interest is opening x ((1 + rate)^span - 1).

    At the effective rate of the same flows the last row closes to nothing.

    Source: IFRS 9, 5.4.1 and B5.4.1.
    """
    rows: list[CarryingRow] = []
    opening, moment = carrying, Fraction(0)
    for flow in flows:
        interest = opening * (growth_over(rate, flow.moment - moment) - 1)
        rows.append(CarryingRow(flow.moment, opening, interest, flow.cash))
        opening, moment = rows[-1].closing, flow.moment
    return tuple(rows)


def minor_rows(
    carrying: int, flows: Sequence[ExpectedFlow], rate: Decimal, *, rounding: Rounding
) -> tuple[CarryingRow, ...]:
    """Amortised cost in whole minor units; the last row closes to zero exactly.

    Each row's interest is rounded; the last takes what is left over, so that all interest is all
    cash less the initial carrying amount.
    """
    rows: list[CarryingRow] = []
    opening, moment = carrying, Fraction(0)
    for number, flow in enumerate(flows, start=1):
        exact = opening * (growth_over(rate, flow.moment - moment) - 1)
        interest = round_minor(exact.numerator, exact.denominator, rounding)
        if number == len(flows):
            interest = int(flow.cash) - opening
        rows.append(CarryingRow(flow.moment, Fraction(opening), Fraction(interest), flow.cash))
        opening, moment = int(rows[-1].closing), flow.moment
    return tuple(rows)


def printed_rows(
    rows: Sequence[CarryingRow], currency: Currency, *, rounding: Rounding
) -> tuple[CarryingRow, ...]:
    """Rows as a statement prints them: carrying amounts rounded, interest what moves them.

    So every row adds up as printed, where interest rounded on its own would not.
    """
    printed: list[CarryingRow] = []
    for row in rows:
        opening, closing, cash = (
            Fraction(round_money(amount, currency, rounding).amount)
            for amount in (row.opening, row.closing, row.cash)
        )
        printed.append(CarryingRow(row.moment, opening, closing - opening + cash, cash))
    return tuple(printed)


def fee_parts(rows: Sequence[CarryingRow], contract_interest: Sequence[int]) -> tuple[int, ...]:
    """What of each row's interest spreads the fees and costs: all of it less the contract's."""
    return tuple(
        int(row.interest) - interest for row, interest in zip(rows, contract_interest, strict=True)
    )


def still_to_spread(
    discount: Money, rows: Sequence[CarryingRow], *, rounding: Rounding
) -> tuple[Money, ...]:
    """What of an upfront discount is left after each row, as the books carry it.

    Each row's interest is booked rounded, in major units of the discount's currency. Where the
    discount is not all the interest there is, what is left does not end at nothing.
    """
    left: list[Money] = []
    for row in rows:
        booked = round_money(row.interest, discount.currency, rounding)
        left.append((left[-1] if left else discount) - booked)
    return tuple(left)


def straight_line(amount: Money, periods: int) -> tuple[Money, ...]:
    """A small fee in equal parts over the term; they add up to it exactly.

    Args:
        amount: the fee or cost.
        periods: one or more.

    Source: PBU 15/2008, 8; section 11 of IFRS for SMEs where the difference is immaterial.
    """
    return share(amount, [1] * periods)
