"""Classic mortgages: the level payment, the rows of the plan, its balances and its sums."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import HALF_YEARLY, MONTHLY, QUARTERLY, YEARLY
from gbese.core.calendars.periods import due_dates_counted
from gbese.core.money import Currency, Money, Rounding, money_from_text, round_money
from gbese.core.rates.nominal import period_rate_compounding
from gbese.core.schedules.amortisation import (
    AmortisationRow,
    LevelPlan,
    amortisation_rows,
    rates_by_days,
)
from gbese.core.schedules.annuity import AnnuityRounding
from tests.conformance.cases import Case, Document, Unsupported, difference, number_difference

CENT, WHOLE = "0.01", "up to the whole unit"
PAID = {"monthly": MONTHLY, "quarterly": QUARTERLY, "semi_annual": HALF_YEARLY, "annual": YEARLY}
COMPOUNDS = {"effective_annual": 1, "semi_annual": 2, "quarterly": 4, "monthly": 12}
ROUNDINGS = {rounding.value: rounding for rounding in Rounding} | {WHOLE: Rounding.UP}
UNITS = {"0.01": 2, "1": 0}
FINE = Currency("XXX", 10)  # where a source rounds no balance: far below what it prints
LONG_ENOUGH = 1200  # months: of a plan that ends where its agreed payment brings it


def run(case: Case) -> str | None:
    printed = Currency("XXX", UNITS[case.terms.get("currency_unit", CENT)])
    currency = printed if case.terms.get("balance_rounding") != "never" else FINE
    rows = amortisation_rows(_plan(case.terms, currency))
    for step in case.steps:
        for told, asked in _asked(case, step, rows):
            for name, minor in _figures(asked).items():
                amount = Money(minor, currency).amount
                if not case.tolerance:  # a printed figure is rounded on its own
                    amount = round_money(amount, printed, Rounding.HALF_UP).amount
                expected = told.get(name, str(amount))
                if found := number_difference(name, expected, Fraction(amount), case.tolerance):
                    return f"{step['check']} {told.get('period', '')}: {found}"
        if found := difference(step["check"], step.get("count", len(rows)), len(rows)):
            return found
    return None


def _plan(terms: Document, currency: Currency) -> LevelPlan:
    months = terms.get("amortization_months") or terms.get("payments") or LONG_ENOUGH
    numbers = _periods(terms, months)
    rates, levelled_anew = [], {}
    level = _rate(terms, terms["nominal_annual_rate_percent"])
    for number in numbers:
        for change in terms.get("rate_changes", []):
            if change["from_payment"] == number:
                level = _rate(terms, change["annual_rate_percent"])
                if change["recompute_payment"]:
                    cap = change.get("payment_cap_factor")
                    levelled_anew[number] = Fraction(cap) if cap else None
        rates.append(level)
    by_days, given = _rates_by_days(terms, numbers), terms.get("given_payment")
    return LevelPlan(
        principal=_minor(terms["principal"], currency),
        period_rates=by_days or rates,
        level_rates=rates if by_days else None,
        rounding=_rounding(terms, currency),
        payment=_minor(given, currency) if given else None,
        interest_only_periods=terms.get("interest_only_months", 0),
        levelled_anew=levelled_anew,
    )


def _periods(terms: Document, months: int) -> list[int]:
    length = PAID[terms["payment_frequency"]].months or 1
    return [number for number, _ in enumerate(range(0, months, length), start=1)]


def _rate(terms: Document, percent: str) -> Fraction:
    payments = terms.get("payments_per_year", 12)
    compounds = COMPOUNDS | {"each_payment_period": payments}
    return period_rate_compounding(
        Decimal(percent).scaleb(-2),
        compounds_per_year=compounds[terms.get("rate_compounds", "each_payment_period")],
        payments_per_year=payments,
    )


def _minor(text: str, currency: Currency) -> int:
    return money_from_text(text, currency).minor


def _rates_by_days(terms: Document, numbers: list[int]) -> tuple[Fraction, ...] | None:
    if terms.get("day_count", "30/360") == "30/360":
        return None
    if terms["day_count"] != "ACT/360":
        raise Unsupported(terms["day_count"])
    days = due_dates_counted(
        first_due_date=date.fromisoformat(terms["start_date"]),
        instalments=len([0, *numbers]),
        frequency=PAID[terms["payment_frequency"]],
    )
    nominal = Decimal(terms["nominal_annual_rate_percent"]).scaleb(-2)
    return rates_by_days(nominal, DayCount.ACT_360, days)


def _rounding(terms: Document, currency: Currency) -> AnnuityRounding:
    """Where a source rounds no balance, it rounds no payment either; each figure on its own."""
    payment, unit = terms["payment_rounding"], terms.get("currency_unit", "1")
    return AnnuityRounding(
        payment=ROUNDINGS[payment],
        payment_multiple=1 if currency is FINE else _minor(unit, currency),
        interest=ROUNDINGS[terms.get("interest_rounding", "half_up")],
    )


def _asked(
    case: Case, step: Document, rows: tuple[AmortisationRow, ...]
) -> Iterator[tuple[Document, tuple[AmortisationRow, ...]]]:
    """What a check tells, and the rows it tells it of."""
    match step["check"]:
        case "payment":
            yield {"payment": step["amount"]}, rows[:1]
        case "schedule":
            for row in step["rows"]:
                told = dict(zip(step["columns"], row, strict=True))
                yield told, rows[: int(told["period"])][-1:]
        case "range_sums":
            first, last = step["from_payment"], step["to_payment"]
            yield step, tuple(row for row in rows if first <= row.number <= last)
        case "balance_at_term":
            periods = len(_periods(case.terms, case.terms["term_months"]))
            yield {"balance": step["amount"]}, rows[:periods]
        case "totals" | "number_of_payments":
            yield step, rows
        case check:
            raise Unsupported(check)


def _figures(rows: tuple[AmortisationRow, ...]) -> dict[str, int]:
    paid = sum(row.payment for row in rows)
    return {
        "payment": paid,
        "paid": paid,
        "principal": sum(row.principal for row in rows),
        "interest": sum(row.interest for row in rows),
        "balance": rows[-1].outstanding_after,
    }
