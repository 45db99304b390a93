"""Whether terms make sense as a whole, before anything is calculated with them."""

from __future__ import annotations

from decimal import Decimal

from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import FrequencyUnit
from gbese.core.contracts.cycle_checks import (
    require_grace_within,
    require_sound_cycles,
    require_sound_instalment,
    require_sound_resets,
)
from gbese.core.contracts.payment_checks import (
    require_sound_flat_rate,
    require_sound_graduation,
    require_sound_minimum,
)
from gbese.core.contracts.terms import AllocationClaim, RateTerms, ScheduleKind, Terms
from gbese.core.contracts.terms_refused import TermsRefused, refuse

__all__ = ["TermsRefused", "require_sound"]
_RATE_MAX = Decimal(10)  # 1,000 % a year; above it somebody has written per cent
_RATE_MIN = Decimal(-1)
_FEE_RATE_MAX = Decimal(1)
_PENALTY_RATE_MAX = Decimal("0.1")  # a day


def require_sound(terms: Terms) -> None:
    """Check terms in the order of a contract: amount, dates, rate, schedule, penalties, payments.

    Raises:
        TermsRefused: the first problem found.
    """
    _require_amounts(terms)
    _require_dates(terms)
    _require_rate(terms.rate)
    require_sound_resets(terms.rate)
    _require_schedule(terms)
    require_sound_cycles(terms)
    require_sound_instalment(terms)
    require_sound_flat_rate(terms)
    require_sound_graduation(terms)
    require_sound_minimum(terms)
    _require_fees(terms)
    _require_penalty(terms)
    _require_ceilings(terms)
    _require_order(terms)


def _require_amounts(terms: Terms) -> None:
    if terms.currency.is_for_analysis:
        refuse("only_for_analysis", "principal", currency=terms.currency.code)
    if terms.principal.minor < 0:
        refuse("negative_amount", "principal", amount=terms.principal.plain())
    for field_name, amount in (("principal", terms.principal), ("balloon", terms.balloon)):
        if amount is not None and amount.currency != terms.currency:
            refuse("other_currency", field_name, currency=amount.currency.code)
    if terms.balloon is not None and not 0 <= terms.balloon.minor <= terms.principal.minor:
        refuse("balloon_exceeds_principal", "balloon", amount=terms.balloon.plain())
    if terms.instalment_multiple_minor < 1:
        refuse("multiple_not_positive", "instalment_multiple")


def _require_dates(terms: Terms) -> None:
    maturity = terms.maturity_date
    if maturity is None:
        if terms.schedule_kind is not ScheduleKind.ON_DEMAND:
            refuse("no_maturity", "maturity_date")
        return
    if maturity <= terms.interest_from:
        refuse(
            "maturity_before_start",
            "maturity_date",
            maturity_date=maturity,
            interest_from=terms.interest_from,
        )
    if terms.schedule_kind is ScheduleKind.CUSTOM:
        return
    if terms.first_due_date <= terms.interest_from:
        refuse(
            "first_due_date_before_start",
            "first_due_date",
            first_due_date=terms.first_due_date,
            interest_from=terms.interest_from,
        )
    if terms.first_due_date > maturity:
        refuse(
            "first_due_date_after_maturity",
            "first_due_date",
            first_due_date=terms.first_due_date,
            maturity_date=maturity,
        )


def _require_rate(rate: RateTerms) -> None:
    is_reset = rate.resets is not None or bool(rate.steps)
    if rate.fixed is not None and rate.reference is not None and not is_reset:
        refuse("fixed_and_floating", "rate")
    for field_name, value in (
        ("rate", rate.fixed),
        ("margin", rate.margin),
        ("floor", rate.floor),
        ("cap", rate.cap),
        ("next_reset_rate", rate.next_reset_rate),
        *(("rate", step.rate) for step in rate.steps),
        *(("margin", step.margin) for step in rate.steps),
    ):
        if value is not None and value < _RATE_MIN:
            refuse("rate_out_of_range", field_name, rate=format(value, "f"))
        if value is not None:
            _require_fraction(value, _RATE_MAX, field_name)
    if rate.floor is not None and rate.cap is not None and rate.floor > rate.cap:
        refuse("floor_above_cap", "floor", floor=format(rate.floor, "f"))


def _require_schedule(terms: Terms) -> None:
    counts_regular_periods = terms.day_count in {DayCount.EQUAL_PERIODS, DayCount.ACT_ACT_ICMA}
    if counts_regular_periods and terms.frequency.unit is FrequencyUnit.AT_MATURITY:
        refuse("day_count_needs_frequency", "day_count", day_count=terms.day_count)
    require_grace_within(terms)
    if terms.schedule_kind is ScheduleKind.CUSTOM:
        if not terms.custom_principal:
            refuse("no_rows", "custom_principal")
        if any(row.principal.minor < 0 for row in terms.custom_principal):
            refuse("negative_amount", "custom_principal")
        if any(row.principal.currency != terms.currency for row in terms.custom_principal):
            refuse("other_currency", "custom_principal")
        first = min(row.due_date for row in terms.custom_principal)
        if first <= terms.interest_from:
            refuse("row_before_start", "custom_principal", date=first)
        listed = sum(row.principal.minor for row in terms.custom_principal)
        if listed != terms.principal.minor:
            refuse("rows_do_not_add_up", "custom_principal", difference_minor=listed)


def _require_fraction(value: Decimal, most: Decimal, field_name: str) -> None:
    """A rate above any that is ever agreed was meant in per cent."""
    if value > most:
        refuse("rate_in_per_cent", field_name, rate=format(value, "f"))


def _require_fees(terms: Terms) -> None:
    for fee in terms.fees:
        if (fee.amount is None) == (fee.rate is None):
            refuse("fee_of_rate_or_amount", "fees")
        if fee.amount is not None and fee.amount.currency != terms.currency:
            refuse("other_currency", "fees", currency=fee.amount.currency.code)
        if fee.amount is not None and fee.amount.minor < 0:
            refuse("negative_amount", "fees", amount=fee.amount.plain())
        if fee.rate is not None and fee.rate < 0:
            refuse("rate_out_of_range", "fees", rate=format(fee.rate, "f"))
        if fee.rate is not None:
            _require_fraction(fee.rate, _FEE_RATE_MAX, "fees")


def _require_ceilings(terms: Terms) -> None:
    cap = terms.penalty.cap_of_principal if terms.penalty else None
    for field_name, ceiling in (("penalty", cap), ("charges_ceiling", terms.charges_ceiling)):
        if ceiling is None:
            continue
        if ceiling < 0:
            refuse("rate_out_of_range", field_name, rate=format(ceiling, "f"))
        _require_fraction(ceiling, _RATE_MAX, field_name)


def _require_penalty(terms: Terms) -> None:
    if terms.penalty is None:
        return
    starts = [tier.from_day for tier in terms.penalty.tiers]
    if not starts or starts[0] < 1 or sorted(set(starts)) != starts:
        refuse("tiers_not_ascending", "penalty")
    for tier in terms.penalty.tiers:
        if tier.daily_rate < 0:
            refuse("rate_out_of_range", "penalty", rate=format(tier.daily_rate, "f"))
        _require_fraction(tier.daily_rate, _PENALTY_RATE_MAX, "penalty")
    if terms.penalty.grace_days < 0:
        refuse("negative_grace", "penalty")


def _require_order(terms: Terms) -> None:
    order = terms.allocation_order
    if set(order) != set(AllocationClaim) or len(order) != len(AllocationClaim):
        missing = sorted(set(AllocationClaim) - set(order))
        refuse("incomplete_order", "allocation_order", missing=",".join(missing))
