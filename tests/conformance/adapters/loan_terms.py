"""The terms of a published loan, in our words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit, roll
from gbese.core.contracts.progressive import (
    ChargeOffRule,
    FactorBasis,
    InterestMethod,
    MonthDays,
    Owed,
    PaymentKind,
    PlanConventions,
    Processing,
    ProgressiveTerms,
    Recalculation,
    YearDays,
)
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Terms
from gbese.core.money import Currency, Rounding, money_from_text
from gbese.core.rates.nominal import yearly_rate_of_monthly
from tests.conformance.adapters.loan_orders import rules_of
from tests.conformance.cases import Document, Unsupported

UNITS = {
    "months": FrequencyUnit.MONTH,
    "weeks": FrequencyUnit.WEEK,
    "days": FrequencyUnit.DAY,
    "years": FrequencyUnit.YEAR,
}
_UNKNOWN_TERMS = (
    "interest_free_periods",
    "capitalized_income",
    "buy_down_fee",
    "full_term_for_each_tranche",
    "fixed_installment",
)


def terms_of(document: Document) -> Terms:
    """The terms of a case; what the engine does not know is unsupported."""
    for unknown in _UNKNOWN_TERMS:
        if document.get(unknown):
            raise Unsupported(unknown)
    currency = Currency(document["currency"], document["decimals"])
    start = date.fromisoformat(document["expected_disbursement"])
    progressive = _progressive(document, currency)
    frequency, count = progressive.plan.frequency, progressive.instalments
    rate = document["nominal_rate"]
    percent = Decimal(rate["percent"]).scaleb(-2)
    return Terms(
        currency=currency,
        principal=money_from_text(document["principal"], currency),
        signed_on=date.fromisoformat(document["submitted_on"]),
        interest_from=start,
        first_due_date=roll(start, frequency, 1, end_of_month=False),
        maturity_date=roll(start, frequency, count, end_of_month=False),
        frequency=frequency,
        schedule_kind=ScheduleKind.ANNUITY,
        rate=RateTerms(
            fixed=yearly_rate_of_monthly(percent) if rate["per"] == "month" else percent
        ),
        day_count=DayCount.ACT_365F,
        rounding=Rounding.HALF_EVEN,
        progressive=progressive,
    )


def _progressive(document: Document, currency: Currency) -> ProgressiveTerms:
    down = document.get("down_payment")
    recalculation = document.get("interest_recalculation")
    limit = document.get("over_applied_limit", {"type": "percentage", "value": "0"})
    limits = {limit["type"]: limit["value"]}
    if document["schedule_type"] == "cumulative" and (
        recalculation and Decimal(document["nominal_rate"]["percent"])
    ):
        raise Unsupported("cumulative schedule with recalculation")
    return ProgressiveTerms(
        plan=_conventions(document, currency),
        instalments=document["repayment"]["count"],
        rules=rules_of(document),
        processing=Processing(document.get("schedule_processing", "horizontal")),
        recalculation=_recalculation(recalculation) if recalculation else None,
        down_payment=Decimal(down["percent"]).scaleb(-2) if down else None,
        down_payment_is_automatic=bool(down and down["auto"]),
        dues_by_charge_date="in_advance" in document["payment_order"],
        drawings_are_known_ahead=document["schedule_type"] == "cumulative",
        fixed_length=document.get("fixed_length_days"),
        tells_activity=bool(document.get("accrual_activity_posting")),
        drawable_beyond=Decimal(limits.get("percentage", "0")).scaleb(-2),
        drawable_beyond_minor=money_from_text(limits.get("flat", "0"), currency).minor,
        is_drawn_as_agreed_only=bool(document.get("expected_tranches_needed")),
        counts_from_signing=document["repayment_start"] != "disbursement_date",
        chargeback_order=tuple(
            Owed(part)
            for rule in document.get("chargeback_allocation", ())
            for part in rule["order"]
        ),
        charge_off=ChargeOffRule(document.get("chargeoff_behaviour", "regular")),
        interest_refunded_for=tuple(
            PaymentKind(kind) for kind in document.get("interest_refund_for", ())
        ),
    )


def _conventions(document: Document, currency: Currency) -> PlanConventions:
    days, repayment = document["day_count"], document["repayment"]
    multiple = document.get("installment_multiple_of")
    is_cumulative = document["schedule_type"] == "cumulative"
    is_by_days = document["interest_calculation"] == "daily"
    return PlanConventions(
        frequency=Frequency(repayment["every"], UNITS[repayment["unit"]]),
        factor_basis=FactorBasis.DAYS if is_by_days else FactorBasis.WHOLE_PERIOD,
        month_days=MonthDays(days["days_in_month"]),
        year_days=YearDays(days["days_in_year"]),
        has_leap_period_only="leap_rule" in days,
        year_ends_on_new_year=bool(document.get("interest_recognised_on_disbursement_date")),
        counts_part_periods=bool(document.get("partial_period_interest")),
        interest_method=InterestMethod(document["interest_method"]),
        level_multiple=money_from_text(multiple, currency).minor if multiple else 1,
        level_rounding=Rounding.HALF_UP if is_cumulative else Rounding.HALF_EVEN,
        interest_grace_periods=document.get("grace_interest_periods", 0),
        principal_grace_periods=document.get("grace_principal_periods", 0),
    )


def _recalculation(document: Document) -> Recalculation:
    if document["compounding"] != "none":
        raise Unsupported("compounding")
    by_rest = document["pre_close_interest"] == "till_rest_frequency_date"
    return Recalculation(
        rests_by_period=by_rest and document["rest"] == "same_as_repayment",
        closes_with_period=by_rest,
        counts_overdue=not document.get("no_interest_on_past_due"),
    )
