"""Rules of law: what is in force for a scope on a day, and nothing outside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.rulebook import (
    Rule,
    RuleAmbiguous,
    RuleNotInForce,
    RuleVersionEndsBeforeItStarts,
    RuleVersionsOverlap,
    Scope,
    Version,
)

OLD = Version(
    scope=Scope(jurisdiction="KZ"),
    valid_from=date(2020, 1, 1),
    valid_to=date(2024, 6, 30),
    value=Decimal("0.56"),
    unit="fraction a year",
    source="the regulator's resolution no. 1",
    entered_by="amina",
    approved_by="timur",
)
NEW = replace(
    OLD,
    valid_from=date(2024, 7, 1),
    valid_to=None,
    value=Decimal("0.46"),
    source="the regulator's resolution no. 2",
)
CAP = Rule("cost_cap", (OLD, NEW))
LOAN = Scope(jurisdiction="KZ", product="micro", borrower="person", is_secured=False)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2020, 1, 1), "0.56"),  # its first day
        (date(2024, 6, 30), "0.56"),  # its last
        (date(2024, 7, 1), "0.46"),
        (date(2050, 1, 1), "0.46"),
    ],
)
def test_the_date_chooses_the_version(day: date, value: str) -> None:
    assert CAP.within(LOAN).on(day).value == Decimal(value)


def test_refuses_outside_its_life_and_its_scope() -> None:
    with pytest.raises(RuleNotInForce) as refused:
        CAP.within(LOAN).on(date(2019, 12, 31))
    assert refused.value.facts["rule"] == "cost_cap"
    with pytest.raises(RuleNotInForce):
        CAP.within(replace(LOAN, jurisdiction="NG")).on(date(2024, 7, 1))


def test_the_narrower_scope_goes_first() -> None:
    micro = replace(NEW, scope=Scope(jurisdiction="KZ", product="micro"), value=Decimal("0.20"))
    rule = Rule("cost_cap", (OLD, NEW, micro))
    assert rule.within(LOAN).on(date(2025, 1, 1)).value == Decimal("0.20")
    mortgage = replace(LOAN, product="mortgage", is_secured=True)
    assert rule.within(mortgage).on(date(2025, 1, 1)).value == Decimal("0.46")


def test_refuses_to_choose_between_two_equally_narrow() -> None:
    micro = replace(NEW, scope=Scope(product="micro"))
    with pytest.raises(RuleAmbiguous):
        Rule("cost_cap", (NEW, micro)).within(LOAN).on(date(2025, 1, 1))


def test_a_version_counts_once_somebody_has_approved_it() -> None:
    waiting = Rule("cost_cap", (replace(NEW, approved_by=""),))
    with pytest.raises(RuleNotInForce) as refused:
        waiting.within(LOAN).on(date(2025, 1, 1))
    assert refused.value.facts["awaiting_approval"] == 1


def test_a_contract_keeps_the_rule_it_was_signed_under() -> None:
    rule = CAP.within(LOAN)
    signed_on, day = date(2024, 1, 15), date(2025, 1, 15)
    assert rule.for_contract(signed_on=signed_on, day=day) == OLD
    reaching = replace(NEW, applies_to_existing=True)
    changed = Rule("cost_cap", (OLD, reaching)).within(LOAN)
    assert changed.for_contract(signed_on=signed_on, day=day) == reaching
    assert changed.for_contract(signed_on=signed_on, day=date(2024, 6, 30)) == OLD


def test_refuses_versions_that_overlap_or_end_before_they_start() -> None:
    with pytest.raises(RuleVersionsOverlap) as refused:
        Rule("cost_cap", (OLD, replace(NEW, valid_from=date(2024, 6, 30))))
    assert refused.value.facts["day"] == date(2024, 6, 30)
    with pytest.raises(RuleVersionEndsBeforeItStarts):
        replace(OLD, valid_to=date(2019, 12, 31))


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8), st.integers(-10, 3300))
def test_on_every_day_of_an_unbroken_rule_one_version_holds(
    lengths: list[int], offset: int
) -> None:
    versions, start = [], date(2015, 1, 1)
    for length in lengths:
        end = start + timedelta(days=length - 1)
        versions.append(replace(OLD, valid_from=start, valid_to=end))
        start = end + timedelta(days=1)
    day = date(2015, 1, 1) + timedelta(days=offset)
    rule = Rule("own", tuple(versions))
    if 0 <= offset < sum(lengths):
        found = rule.on(day)
        assert found.valid_from <= day <= (found.valid_to or date.max)
    else:
        with pytest.raises(RuleNotInForce):
            rule.on(day)
