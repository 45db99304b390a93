"""Terms that contradict themselves are refused before anything is calculated with them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gbese.core.calendars.cycles import Cycle
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import AT_MATURITY, MONTHLY
from gbese.core.contracts.analysis import for_analysis
from gbese.core.contracts.checks import TermsRefused, require_sound
from gbese.core.contracts.terms import (
    HOUSE_ORDER,
    FeeTerms,
    FeeTiming,
    Graduation,
    InterestBase,
    InterestSpread,
    MinimumPayment,
    PlannedPrincipal,
    RateStep,
    RateTerms,
    ScheduleKind,
)
from gbese.core.money import Money
from tests.core.loans import KZT, day, money, penalty_of, terms_of

SOUND = terms_of(
    "300.00", "0.12", start="2026-01-01", first_due="2026-02-01", maturity="2026-04-01"
)
LEAST = MinimumPayment(fraction=Decimal("0.05"), floor=money("10.00"))


def fee_of(*, rate: str | None = None, amount: Money | None = None) -> FeeTerms:
    return FeeTerms(
        fee_kind="service",
        timing=FeeTiming.PAID_AT_DRAWDOWN,
        rate=Decimal(rate) if rate else None,
        amount=amount,
    )


def test_sound_terms_pass() -> None:
    require_sound(SOUND)


@pytest.mark.parametrize(
    "changed",
    [
        {"principal_cycle": Cycle(day("2026-03-01"), MONTHLY)},
        {"principal_grace_instalments": 2},
        {"capitalises_until": day("2026-02-01")},
        {"given_instalment": money("150.00"), "amortises_until": day("2027-01-01")},
        {
            "rate": RateTerms(
                fixed=Decimal("0.1"), reference="R", resets=Cycle(day("2026-02-01"), MONTHLY)
            )
        },
        {
            "schedule_kind": ScheduleKind.LINEAR,
            "interest_base": InterestBase.LAGGED,
            "interest_base_cycle": Cycle(day("2026-03-01"), MONTHLY),
        },
        {"interest_base": InterestBase.AS_DRAWN, "interest_spread": InterestSpread.SUM_OF_DIGITS},
        {"graduation": Graduation(every=2, amount=money("-1.00"))},
        {"schedule_kind": ScheduleKind.REVOLVING, "minimum_payment": LEAST},
    ],
)
def test_terms_with_more_in_them_pass(changed: dict[str, Any]) -> None:
    require_sound(replace(SOUND, **changed))


def test_terms_for_analysis_are_not_kept() -> None:
    with pytest.raises(TermsRefused) as refused:
        require_sound(for_analysis(SOUND))
    assert refused.value.facts["problem"] == "only_for_analysis"


@pytest.mark.parametrize(
    ("changed", "problem", "field_name"),
    [
        ({"principal": money("-1.00")}, "negative_amount", "principal"),
        ({"principal": money("1.00", KZT)}, "other_currency", "principal"),
        ({"balloon": money("300.01")}, "balloon_exceeds_principal", "balloon"),
        ({"instalment_multiple_minor": 0}, "multiple_not_positive", "instalment_multiple"),
        ({"maturity_date": None}, "no_maturity", "maturity_date"),
        ({"maturity_date": day("2026-01-01")}, "maturity_before_start", "maturity_date"),
        ({"first_due_date": day("2026-01-01")}, "first_due_date_before_start", "first_due_date"),
        ({"first_due_date": day("2026-05-01")}, "first_due_date_after_maturity", "first_due_date"),
        (
            {"rate": RateTerms(fixed=Decimal("0.1"), reference="SOFR")},
            "fixed_and_floating",
            "rate",
        ),
        ({"rate": RateTerms(fixed=Decimal(24))}, "rate_in_per_cent", "rate"),
        ({"rate": RateTerms(reference="R", margin=Decimal("10.01"))}, "rate_in_per_cent", "margin"),
        ({"rate": RateTerms(fixed=Decimal("-1.01"))}, "rate_out_of_range", "rate"),
        (
            {"rate": RateTerms(reference="R", floor=Decimal("0.2"), cap=Decimal("0.1"))},
            "floor_above_cap",
            "floor",
        ),
        (
            {"day_count": DayCount.EQUAL_PERIODS, "frequency": AT_MATURITY},
            "day_count_needs_frequency",
            "day_count",
        ),
        ({"principal_grace_instalments": -1}, "negative_grace", "principal_grace_instalments"),
        (
            {"first_principal_date": day("2026-04-02")},
            "grace_longer_than_term",
            "first_principal_date",
        ),
        (
            {"principal_grace_instalments": 3},
            "grace_longer_than_term",
            "principal_grace_instalments",
        ),
        (
            {"first_interest_date": day("2026-04-02")},
            "grace_longer_than_term",
            "first_interest_date",
        ),
        (
            {"principal_cycle": Cycle(day("2026-04-02"), MONTHLY)},
            "grace_longer_than_term",
            "principal_cycle",
        ),
        (
            {"principal_cycle": Cycle(day("2026-01-01"), MONTHLY)},
            "cycle_before_start",
            "principal_cycle",
        ),
        (
            {
                "principal_cycle": Cycle(day("2026-03-01"), MONTHLY),
                "principal_grace_instalments": 1,
            },
            "principal_starts_twice",
            "principal_cycle",
        ),
        (
            {"principal_cycle": Cycle(day("2026-02-15"), MONTHLY)},
            "annuity_without_interest",
            "principal_cycle",
        ),
        (
            {
                "schedule_kind": ScheduleKind.BULLET,
                "principal_cycle": Cycle(day("2026-02-01"), MONTHLY),
            },
            "no_instalments_in_schedule",
            "principal_cycle",
        ),
        (
            {"capitalises_until": day("2026-01-01")},
            "capitalising_ends_before_start",
            "capitalises_until",
        ),
        ({"interest_base": InterestBase.LAGGED}, "base_without_cycle", "interest_base"),
        ({"given_instalment": money("0.00")}, "negative_amount", "given_instalment"),
        ({"given_instalment": money("1.00", KZT)}, "other_currency", "given_instalment"),
        (
            {"amortises_until": day("2026-03-31")},
            "amortises_before_maturity",
            "amortises_until",
        ),
        (
            {"rate": RateTerms(fixed=Decimal("0.1"), resets=Cycle(day("2026-02-01"), MONTHLY))},
            "resets_without_reference",
            "rate",
        ),
        (
            {"rate": RateTerms(reference="R", next_reset_rate=Decimal("0.1"))},
            "resets_without_cycle",
            "next_reset_rate",
        ),
        ({"rate": RateTerms(reference="R", rise_max=Decimal(-1))}, "negative_limit", "rise_max"),
        (
            {
                "rate": RateTerms(
                    steps=(
                        RateStep(day("2026-03-01"), rate=Decimal("0.1")),
                        RateStep(day("2026-02-01"), rate=Decimal("0.2")),
                    )
                )
            },
            "steps_not_ascending",
            "rate",
        ),
        (
            {"rate": RateTerms(steps=(RateStep(day("2026-03-01")),))},
            "step_of_rate_or_margin",
            "rate",
        ),
        (
            {"rate": RateTerms(steps=(RateStep(day("2026-03-01"), rate=Decimal(51)),))},
            "rate_in_per_cent",
            "rate",
        ),
        ({"schedule_kind": ScheduleKind.CUSTOM}, "no_rows", "custom_principal"),
        (
            {
                "schedule_kind": ScheduleKind.CUSTOM,
                "custom_principal": (PlannedPrincipal(day("2026-02-01"), money("299.99")),),
            },
            "rows_do_not_add_up",
            "custom_principal",
        ),
        (
            {
                "schedule_kind": ScheduleKind.CUSTOM,
                "custom_principal": (PlannedPrincipal(day("2026-01-01"), money("300.00")),),
            },
            "row_before_start",
            "custom_principal",
        ),
        ({"penalty": penalty_of((91, "0.1"), (1, "0.2"))}, "tiers_not_ascending", "penalty"),
        ({"penalty": penalty_of((0, "0.1"))}, "tiers_not_ascending", "penalty"),
        ({"penalty": penalty_of((1, "0.5"))}, "rate_in_per_cent", "penalty"),
        ({"penalty": penalty_of((1, "-0.01"))}, "rate_out_of_range", "penalty"),
        ({"penalty": penalty_of((1, "0.01"), cap="10.01")}, "rate_in_per_cent", "penalty"),
        ({"charges_ceiling": Decimal(130)}, "rate_in_per_cent", "charges_ceiling"),
        ({"charges_ceiling": Decimal(-1)}, "rate_out_of_range", "charges_ceiling"),
        ({"fees": (fee_of(),)}, "fee_of_rate_or_amount", "fees"),
        ({"fees": (fee_of(rate="2"),)}, "rate_in_per_cent", "fees"),
        ({"fees": (fee_of(rate="-0.02"),)}, "rate_out_of_range", "fees"),
        ({"fees": (fee_of(amount=money("-2.00")),)}, "negative_amount", "fees"),
        ({"fees": (fee_of(amount=money("2.00", KZT)),)}, "other_currency", "fees"),
        (
            {"interest_spread": InterestSpread.SUM_OF_DIGITS},
            "spread_without_flat_rate",
            "interest_spread",
        ),
        (
            {"interest_base": InterestBase.AS_DRAWN, "allows_growth": True},
            "annuity_on_other_base",
            "interest_base",
        ),
        ({"graduation": Graduation()}, "graduation_of_rate_or_amount", "graduation"),
        (
            {"graduation": Graduation(every=0, rate=Decimal("0.1"))},
            "multiple_not_positive",
            "graduation",
        ),
        ({"graduation": Graduation(rate=Decimal(5))}, "rate_out_of_range", "graduation"),
        ({"graduation": Graduation(amount=money("1.00", KZT))}, "other_currency", "graduation"),
        (
            {"graduation": Graduation(rate=Decimal("0.1")), "schedule_kind": ScheduleKind.LINEAR},
            "no_instalments_in_schedule",
            "graduation",
        ),
        (
            {"graduation": Graduation(rate=Decimal("0.1")), "capitalises_until": day("2026-02-01")},
            "graduation_with_cycles",
            "graduation",
        ),
        ({"schedule_kind": ScheduleKind.REVOLVING}, "revolving_without_minimum", "minimum_payment"),
        ({"minimum_payment": LEAST}, "minimum_of_other_schedule", "minimum_payment"),
        (
            {
                "schedule_kind": ScheduleKind.REVOLVING,
                "minimum_payment": MinimumPayment(fraction=Decimal(5)),
            },
            "rate_out_of_range",
            "minimum_payment",
        ),
        (
            {
                "schedule_kind": ScheduleKind.REVOLVING,
                "minimum_payment": replace(LEAST, floor=money("-1.00")),
            },
            "negative_amount",
            "minimum_payment",
        ),
        ({"penalty": penalty_of((1, "0.1"), grace_days=-1)}, "negative_grace", "penalty"),
        ({"allocation_order": HOUSE_ORDER[1:]}, "incomplete_order", "allocation_order"),
        ({"allocation_order": HOUSE_ORDER[:1] * 7}, "incomplete_order", "allocation_order"),
        (
            {"allocation_order": (*HOUSE_ORDER, HOUSE_ORDER[0])},
            "incomplete_order",
            "allocation_order",
        ),
    ],
)
def test_terms_are_refused_by_problem_and_field(
    changed: dict[str, Any], problem: str, field_name: str
) -> None:
    with pytest.raises(TermsRefused) as refused:
        require_sound(replace(SOUND, **changed))
    assert refused.value.facts["problem"] == problem
    assert refused.value.facts["field_name"] == field_name
