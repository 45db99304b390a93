"""Short-term consumer credit: the schedule as planned, its sums and its yearly cost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from gbese.core.calendars.frequencies import FORTNIGHTLY, MONTHLY, WEEKLY
from gbese.core.calendars.periods import DueDay, due_dates_counted, first_due_date_on
from gbese.core.money import Currency, Money, Rounding, money_from_text
from gbese.core.rates.nominal import periodic_rate
from gbese.core.schedules.daily_interest import (
    DailyInterest,
    DailyRow,
    FinalPayment,
    interest_share,
    level_daily_rows,
)
from gbese.core.yields.actuarial import apr_us
from gbese.core.yields.effective import xirr
from gbese.core.yields.flows import DatedFlow, days_since
from gbese.core.yields.intervals import common_unit_period
from gbese.core.yields.roots import in_per_cent, settled
from tests.conformance.cases import Case, Document, Unsupported, difference

CURRENCY = Currency("XXX", 2)
YEAR = Fraction(365)
FREQUENCIES = {"weekly": WEEKLY, "2-weekly": FORTNIGHTLY, "monthly": MONTHLY}
ROUNDINGS = {
    "rounded down": Rounding.DOWN,
    "round using AwayFromZero": Rounding.HALF_UP,
    "round using ToEven": Rounding.HALF_EVEN,
}
DATES = re.compile(r"(?P<often>\S+) from (?P<start>\S+?)(?: on (?P<day>\S+))?$")
CHECKS = {"initial_schedule", "initial_stats"}


def run(case: Case) -> str | None:
    terms = case.terms
    if {step.get("check") for step in case.steps} != CHECKS:
        raise Unsupported("what happens after the plan")
    if terms["interest_method"] != "actuarial" or "fee" in terms:
        raise Unsupported(f"{terms['interest_method']}, {terms.get('fee', 'no fee')}")
    start, dates = case.required_day("start_date"), _dates(terms["schedule"])
    lent = money_from_text(terms["principal"], CURRENCY).minor
    final = FinalPayment(terms["final_payment"].partition(" ")[0])
    rows = level_daily_rows(lent, days_since(start, dates), _price(terms), final=final)
    flows = [
        DatedFlow(start, Fraction(lent)),
        *(DatedFlow(day, -Fraction(row.payment)) for day, row in zip(dates, rows, strict=True)),
    ]
    for step in case.steps:
        found = (
            _rows_difference(step, rows)
            if step["check"] == "initial_schedule"
            else _stats_difference(case, step["values"], rows, flows)
        )
        if found:
            return found
    return None


def _dates(schedule: Document) -> tuple[date, ...]:
    count = re.fullmatch(r"payment count (\d+)", schedule.get("schedule_length", ""))
    told = DATES.match(schedule.get("unit_period_config", ""))
    if count is None or told is None:
        raise Unsupported(str(schedule))
    is_month_end = told["day"] == "month-end"
    on = "01" if is_month_end else told["day"]
    first = date.fromisoformat(f"{told['start']}-{on}" if on else told["start"])
    return due_dates_counted(
        first_due_date=first_due_date_on(
            first, DueDay.END_OF_MONTH if is_month_end else DueDay.SAME_DAY
        ),
        instalments=int(count[1]),
        frequency=FREQUENCIES[told["often"]],
        end_of_month=is_month_end,
    )


def _price(terms: Document) -> DailyInterest:
    percent, _, _, period = terms["rate"].split(" ")
    rate = Decimal(percent).scaleb(-2)
    total, daily = (part.split(" ")[1] for part in terms["interest_cap"].split("; "))
    return DailyInterest(
        daily_rate=Fraction(rate) if period == "day" else periodic_rate(rate, YEAR),
        daily_ceiling=None if daily == "n/a" else Fraction(Decimal(daily).scaleb(-2)),
        total_ceiling=None if total == "n/a" else Fraction(Decimal(total).scaleb(-2)),
        rounding=ROUNDINGS[terms["interest_rounding"]],
    )


def _rows_difference(step: Document, rows: tuple[DailyRow, ...]) -> str | None:
    told = [dict(zip(step["columns"], row, strict=True)) for row in step["rows"]]
    for number, (expected, row) in enumerate(zip(told[1:], rows, strict=True), start=1):
        for name, figure in _figures(rows[:number], row):
            if found := difference(name, Decimal(expected[name]), figure):
                return f"row {number}: {found}"
    return None


def _figures(so_far: tuple[DailyRow, ...], row: DailyRow) -> Iterator[tuple[str, Decimal]]:
    yield "day", Decimal(row.day)
    yield "scheduled_payment", _told(row.payment)
    yield "actuarial_interest", _earned(row.earned)
    yield "interest_portion", _told(row.interest)
    yield "principal_portion", _told(row.principal)
    yield "principal_balance", _told(row.outstanding_after)
    yield "total_actuarial_interest", _earned(sum((each.earned for each in so_far), Fraction(0)))
    yield "total_interest", _told(sum(each.interest for each in so_far))
    yield "total_principal", _told(sum(each.principal for each in so_far))


def _stats_difference(
    case: Case, values: Document, rows: tuple[DailyRow, ...], flows: list[DatedFlow]
) -> str | None:
    decimals = int(re.findall(r"(\d+) d\.p\.", case.terms["apr_method"])[0])
    is_american = case.terms["apr_method"].startswith("US")
    unit = common_unit_period([flow.day for flow in flows])
    rate = apr_us(flows, unit=unit) if is_american else xirr(flows, days_in_year=YEAR)
    lent = money_from_text(case.terms["principal"], CURRENCY).minor
    figures = {
        "initial_cost_to_borrowing_ratio": in_per_cent(interest_share(rows, lent), 2),
        "initial_apr": in_per_cent(rate, decimals),
        "level_payment": _told(rows[0].payment),
        "final_payment": _told(rows[-1].payment),
        "last_scheduled_payment_day": Decimal(rows[-1].day),
        "total_scheduled_payments": _told(sum(row.payment for row in rows)),
        "total_principal": _told(sum(row.principal for row in rows)),
        "total_interest": _told(sum(row.interest for row in rows)),
    }
    for name, figure in figures.items():
        if found := difference(name, Decimal(values[name].removesuffix(" %")), figure):
            return found
    return None


def _told(minor: int) -> Decimal:
    return Money(minor, CURRENCY).amount


def _earned(minor: Fraction) -> Decimal:
    """Four decimals of a major unit."""
    return settled(minor, CURRENCY.exponent).scaleb(-CURRENCY.exponent)
