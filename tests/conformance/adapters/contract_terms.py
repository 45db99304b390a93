"""The terms of a contract with cycles, in the engine's words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gbese.core.calendars.business_days import BusinessDayConvention
from gbese.core.calendars.frequencies import AT_MATURITY
from gbese.core.calendars.periods import StubKind
from gbese.core.contracts.terms import (
    FeeTerms,
    FeeTiming,
    InterestBase,
    RateTerms,
    ScheduleKind,
    Terms,
)
from tests.conformance.adapters.contract_words import (
    begins,
    cycle,
    day_of,
    is_end_of_day,
    is_taken_over,
    money,
)
from tests.conformance.adapters.year_fraction import CONVENTIONS
from tests.conformance.cases import Document, Unsupported

KINDS = {
    "bullet_principal_at_maturity": ScheduleKind.BULLET,
    "linear_amortizer": ScheduleKind.LINEAR,
    "annuity": ScheduleKind.ANNUITY,
    "negative_amortizer": ScheduleKind.ANNUITY,
    "call_money": ScheduleKind.BULLET,
    "undefined_maturity": ScheduleKind.ON_DEMAND,
    "exotic_linear_amortizer": ScheduleKind.CUSTOM,
}
CAPITALISING = {"call_money", "undefined_maturity"}  # each cycle of interest joins principal
# The source takes the base of interest anew at every redemption, unless it lags.
BASES = {
    "current_notional": InterestBase.OUTSTANDING,
    "notional_at_initial_exchange": InterestBase.OUTSTANDING,
}


def terms_of(asked: Document, *, maturity_date: date | None) -> Terms:
    """The engine's terms, counted in units of analysis."""
    kind = KINDS.get(asked["contract_type"])
    if kind is None:
        raise Unsupported(asked["contract_type"])
    start, principal = begins(asked), money(asked, "notional_principal")
    assert principal is not None
    at_month_ends = asked.get("end_of_month_convention") == "end_of_month"
    interest = cycle(asked, "interest_payment")
    convention, _, adjustment = asked.get("business_day_convention", "").partition("_then_")
    first_due = maturity_date or start
    if interest is not None:
        first_due = interest.first_date
        if first_due == start and is_taken_over(asked):
            first_due = interest.first_after(start, end_of_month=at_month_ends)
    capitalised_to = asked.get("capitalization_end_date")
    amortised_to = asked.get("amortization_date")
    premium = money(asked, "premium_discount_at_ied")
    return Terms(
        currency=principal.currency,
        principal=principal,
        signed_on=day_of(asked["contract_deal_date"]),
        interest_from=start,
        first_due_date=first_due,
        maturity_date=maturity_date,
        frequency=interest.frequency if interest else AT_MATURITY,
        final_stub=interest.final_stub if interest else StubKind.SHORT,
        schedule_kind=kind,
        rate=rate_of(asked),
        day_count=CONVENTIONS[asked["day_count_convention"]],
        end_of_month=at_month_ends,
        business_days=BusinessDayConvention(
            adjustment.removeprefix("shift_").removeprefix("calculate_") or "unadjusted"
        ),
        adjusts_periods=convention == "shift",
        adjusts_maturity=asked["contract_type"] != "call_money",
        counts_last_day=is_end_of_day(asked.get("maturity_date") or amortised_to or ""),
        principal_cycle=cycle(asked, "principal_redemption"),
        given_instalment=money(asked, "next_principal_redemption_payment"),
        instalment_follows_rate=asked["contract_type"] == "annuity",
        allows_growth=True,
        amortises_until=day_of(amortised_to) if amortised_to else None,
        capitalises_until=day_of(capitalised_to) if capitalised_to else _always(asked),
        interest_base=BASES.get(
            asked.get("interest_calculation_base", "current_notional"), InterestBase.LAGGED
        ),
        interest_base_cycle=cycle(asked, "interest_calculation_base"),
        fees=(
            FeeTerms(fee_kind="discount", timing=FeeTiming.WITHHELD_AT_DRAWDOWN, amount=-premium),
        )
        if premium
        else (),
    )


def rate_of(asked: Document) -> RateTerms:
    rates = {name: Decimal(text) for name, text in asked.items() if name in RATES}
    return RateTerms(
        fixed=rates.get("nominal_interest_rate"),
        reference=asked.get("market_object_code_of_rate_reset"),
        margin=rates.get("rate_spread", Decimal(0)),
        multiplier=rates.get("rate_multiplier", Decimal(1)),
        next_reset_rate=rates.get("next_reset_rate"),
        floor=rates.get("life_floor"),
        cap=rates.get("life_cap"),
        fall_max=rates.get("period_floor"),
        rise_max=rates.get("period_cap"),
        resets=cycle(asked, "rate_reset"),
    )


RATES = [
    "nominal_interest_rate",
    "rate_spread",
    "rate_multiplier",
    "next_reset_rate",
    "life_floor",
    "life_cap",
    "period_floor",
    "period_cap",
]


def _always(asked: Document) -> date | None:
    return date.max if asked["contract_type"] in CAPITALISING else None
