"""Cases of the instalment plan alone: drawings, rate changes, payments, pauses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from gbese.core.calendars.frequencies import Frequency, FrequencyUnit
from gbese.core.contracts.progressive import MonthDays, PlanConventions, YearDays
from gbese.core.money import Currency, Money, money_from_text
from gbese.core.schedules.progressive.periods import PlanPeriod, periods_between
from gbese.core.schedules.progressive.plan import ProgressivePlan
from tests.conformance.cases import Case, Document, Unsupported, difference

_UNITS = {"months": FrequencyUnit.MONTH, "weeks": FrequencyUnit.WEEK, "days": FrequencyUnit.DAY}
_WORKING_DIGITS = 12  # of this source


def run(case: Case) -> str | None:
    """The first difference from the source, if there is one."""
    plan, currency = _plan(case), Currency("XXX", case.terms["decimals"])
    for step in case.steps:
        if "op" in step:
            _do(plan, step, currency)
        elif found := _compare(plan, step, currency):
            return found
    return None


def _plan(case: Case) -> ProgressivePlan:
    days, repayment = case.terms["day_count"], case.terms["repayment"]
    return ProgressivePlan(
        PlanConventions(
            frequency=Frequency(repayment["every"], _UNITS[repayment["unit"]]),
            month_days=MonthDays(days["days_in_month"]),
            year_days=YearDays(days["days_in_year"]),
            has_leap_period_only="leap_rule" in days,
            working_digits=_WORKING_DIGITS,
        ),
        periods_between(
            [(_day(start), _day(due)) for start, due in case.terms["periods"]],
        ),
        Decimal(case.terms["annual_rate_percent"]).scaleb(-2),
    )


def _do(plan: ProgressivePlan, step: Document, currency: Currency) -> None:
    day = _day(step.get("date") or step["start"])
    amount = money_from_text(step.get("amount", "0"), currency).minor
    match step["op"]:
        case "disburse":
            plan.draw(day, amount)
        case "change_rate":
            plan.change_rate(day, Decimal(step["annual_rate_percent"]).scaleb(-2))
        case "pay_principal":
            plan.pay_principal(_period(plan, step), day, amount)
        case "pay_interest":
            plan.pay_interest(_period(plan, step), day, amount)
        case "interest_pause":
            plan.pause(day, _day(step["end"]))
        case "chargeback_principal":
            plan.credit(day, principal=amount)
        case "chargeback_interest":
            plan.credit(day, interest=amount)
        case "balance_correction":
            plan.correct_balance(day, amount)
        case unknown:
            raise Unsupported(unknown)


def _compare(plan: ProgressivePlan, step: Document, currency: Currency) -> str | None:
    match step["check"]:
        case "periods":
            differences = _compare_rows(plan, step, currency)
        case "interest_to_date":
            differences = _compare_interest(plan, step, currency)
        case "total_interest":
            differences = iter(
                [_money("total interest", step["amount"], plan.interest(), currency)]
            )
        case unknown:
            raise Unsupported(unknown)
    return next(filter(None, differences), None)


def _compare_rows(
    plan: ProgressivePlan, step: Document, currency: Currency
) -> Iterator[str | None]:
    for cells in step["rows"]:
        row = dict(zip(step["columns"], cells, strict=True))
        period = plan.periods[int(row["period"])]
        planned = plan.row(period)
        name = f"period {row['period']}"
        figures = {
            "instalment": period.level,
            "interest": planned.interest,
            "principal": planned.principal,
            "balance": plan.outstanding_after(period),
        }
        for column in [each for each in figures if each in row]:
            yield _money(f"{name} {column}", row[column], figures[column], currency)
        if "sub_period" in row:
            stretch = period.stretches[int(row["sub_period"])]
            factor = f"{name}.{row['sub_period']} rate factor"
            yield _printed(factor, row["rate_factor"], stretch.factor)
            earned = plan.earned(period, stretch).scaleb(-currency.exponent)
            yield _printed(f"{name}.{row['sub_period']} interest", row["sub_interest"], earned)
        if "fully_paid" in row:
            yield difference(f"{name} fully paid", row["fully_paid"], period.is_fully_paid)


def _compare_interest(
    plan: ProgressivePlan, step: Document, currency: Currency
) -> Iterator[str | None]:
    [period] = [each for each in plan.periods if each.due == _day(step["period_due"])]
    nights = int(step["days"])
    since, last = plan.earned_in(period, nights), plan.earned_in_night(period, nights)
    yield _money(f"{nights} nights", step["since_start"], since, currency)
    yield _money(f"night {nights}", step["on_that_day"], last, currency)


def _period(plan: ProgressivePlan, step: Document) -> PlanPeriod:
    [period] = [each for each in plan.periods if each.start == _day(step["period_from"])]
    return period


def _money(name: str, expected: str, minor: int, currency: Currency) -> str | None:
    return difference(name, money_from_text(expected, currency), Money(minor, currency))


def _printed(name: str, expected: str, actual: Decimal) -> str | None:
    figure = Decimal(expected)
    exponent = figure.as_tuple().exponent
    return difference(name, figure, actual.quantize(Decimal(1).scaleb(int(exponent))))


def _day(text: str) -> date:
    return date.fromisoformat(text)
