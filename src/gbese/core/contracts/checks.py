"""Whether terms make sense as a whole, before anything is calculated with them."""

from __future__ import annotations

from decimal import Decimal

from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import FrequencyUnit
from gbese.core.contracts.terms import AllocationClaim, RateTerms, ScheduleKind, Terms
from gbese.core.errors import Refusal

_RATE_MAX = Decimal(50)  # 5,000 % a year
_RATE_MIN = Decimal(-1)


class TermsRefused(Refusal):
    """The terms contradict themselves; `problem` is a stable word, `field_name` says where."""

    code = "terms_refused"


def require_sound(terms: Terms) -> None:
    """Check terms in the order of a contract: amount, dates, rate, schedule, penalties, payments.

    Raises:
        TermsRefused: the first problem found.
    """
    _require_amounts(terms)
    _require_dates(terms)
    _require_rate(terms.rate)
    _require_schedule(terms)
    _require_penalty(terms)
    _require_order(terms)


def _require_amounts(terms: Terms) -> None:
    if terms.principal.minor < 0:
        _refuse("negative_amount", "principal", amount=terms.principal.plain())
    for field_name, amount in (("principal", terms.principal), ("balloon", terms.balloon)):
        if amount is not None and amount.currency != terms.currency:
            _refuse("other_currency", field_name, currency=amount.currency.code)
    if terms.balloon is not None and not 0 <= terms.balloon.minor <= terms.principal.minor:
        _refuse("balloon_exceeds_principal", "balloon", amount=terms.balloon.plain())
    if terms.instalment_multiple_minor < 1:
        _refuse("multiple_not_positive", "instalment_multiple")


def _require_dates(terms: Terms) -> None:
    maturity = terms.maturity_date
    if maturity is None:
        if terms.schedule_kind is not ScheduleKind.ON_DEMAND:
            _refuse("no_maturity", "maturity_date")
        return
    if maturity <= terms.interest_from:
        _refuse(
            "maturity_before_start",
            "maturity_date",
            maturity_date=maturity,
            interest_from=terms.interest_from,
        )
    if terms.schedule_kind is ScheduleKind.CUSTOM:
        return
    if terms.first_due_date <= terms.interest_from:
        _refuse(
            "first_due_date_before_start",
            "first_due_date",
            first_due_date=terms.first_due_date,
            interest_from=terms.interest_from,
        )
    if terms.first_due_date > maturity:
        _refuse(
            "first_due_date_after_maturity",
            "first_due_date",
            first_due_date=terms.first_due_date,
            maturity_date=maturity,
        )


def _require_rate(rate: RateTerms) -> None:
    if rate.fixed is not None and rate.reference is not None:
        _refuse("fixed_and_floating", "rate")
    for field_name, value in (
        ("rate", rate.fixed),
        ("margin", rate.margin),
        ("floor", rate.floor),
        ("cap", rate.cap),
    ):
        if value is not None and not _RATE_MIN <= value <= _RATE_MAX:
            _refuse("rate_out_of_range", field_name, rate=format(value, "f"))
    if rate.floor is not None and rate.cap is not None and rate.floor > rate.cap:
        _refuse("floor_above_cap", "floor", floor=format(rate.floor, "f"))


def _require_schedule(terms: Terms) -> None:
    counts_regular_periods = terms.day_count in {DayCount.EQUAL_PERIODS, DayCount.ACT_ACT_ICMA}
    if counts_regular_periods and terms.frequency.unit is FrequencyUnit.AT_MATURITY:
        _refuse("day_count_needs_frequency", "day_count", day_count=terms.day_count)
    if terms.principal_grace_instalments < 0:
        _refuse("negative_grace", "principal_grace_instalments")
    first_principal = terms.first_principal_date
    if first_principal and terms.maturity_date and first_principal > terms.maturity_date:
        _refuse("grace_longer_than_term", "first_principal_date", date=first_principal)
    if terms.schedule_kind is ScheduleKind.CUSTOM:
        if not terms.custom_principal:
            _refuse("no_rows", "custom_principal")
        if any(row.principal.minor < 0 for row in terms.custom_principal):
            _refuse("negative_amount", "custom_principal")
        listed = sum(row.principal.minor for row in terms.custom_principal)
        if listed != terms.principal.minor:
            _refuse("rows_do_not_add_up", "custom_principal", difference_minor=listed)


def _require_penalty(terms: Terms) -> None:
    if terms.penalty is None:
        return
    starts = [tier.from_day for tier in terms.penalty.tiers]
    if not starts or starts[0] < 1 or sorted(set(starts)) != starts:
        _refuse("tiers_not_ascending", "penalty")
    if any(not 0 <= tier.daily_rate <= 1 for tier in terms.penalty.tiers):
        _refuse("rate_out_of_range", "penalty")
    if terms.penalty.grace_days < 0:
        _refuse("negative_grace", "penalty")


def _require_order(terms: Terms) -> None:
    order = terms.allocation_order
    if set(order) != set(AllocationClaim) or len(order) != len(AllocationClaim):
        missing = sorted(set(AllocationClaim) - set(order))
        _refuse("incomplete_order", "allocation_order", missing=",".join(missing))


def _refuse(problem: str, field_name: str, **facts: object) -> None:
    raise TermsRefused(problem=problem, field_name=field_name, **facts)
