"""Terms that contradict themselves are refused before anything is calculated with them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import AT_MATURITY
from gbese.core.contracts.checks import TermsRefused, require_sound
from gbese.core.contracts.terms import (
    HOUSE_ORDER,
    PlannedPrincipal,
    RateTerms,
    ScheduleKind,
)
from tests.core.loans import KZT, day, money, penalty_of, terms_of

SOUND = terms_of(
    "300.00", "0.12", start="2026-01-01", first_due="2026-02-01", maturity="2026-04-01"
)


def test_sound_terms_pass() -> None:
    require_sound(SOUND)


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
        ({"rate": RateTerms(fixed=Decimal("50.01"))}, "rate_out_of_range", "rate"),
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
        ({"schedule_kind": ScheduleKind.CUSTOM}, "no_rows", "custom_principal"),
        (
            {
                "schedule_kind": ScheduleKind.CUSTOM,
                "custom_principal": (PlannedPrincipal(day("2026-02-01"), money("299.99")),),
            },
            "rows_do_not_add_up",
            "custom_principal",
        ),
        ({"penalty": penalty_of((91, "0.1"), (1, "0.2"))}, "tiers_not_ascending", "penalty"),
        ({"penalty": penalty_of((0, "0.1"))}, "tiers_not_ascending", "penalty"),
        ({"penalty": penalty_of((1, "1.1"))}, "rate_out_of_range", "penalty"),
        ({"penalty": penalty_of((1, "0.1"), grace_days=-1)}, "negative_grace", "penalty"),
        ({"allocation_order": HOUSE_ORDER[1:]}, "incomplete_order", "allocation_order"),
    ],
)
def test_terms_are_refused_by_problem_and_field(
    changed: dict[str, Any], problem: str, field_name: str
) -> None:
    with pytest.raises(TermsRefused) as refused:
        require_sound(replace(SOUND, **changed))
    assert refused.value.facts["problem"] == problem
    assert refused.value.facts["field_name"] == field_name
