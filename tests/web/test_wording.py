"""The sentences of refusals, as an accountant reads them: words, separators, currencies, no codes."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone
from django.utils.translation import override

from gbese.apps.lending.errors import (
    ValueDateBeforeDrawdown,
    WaiverExceedsClaim,
)
from gbese.core.calendars.day_counts import DayCount
from gbese.core.contracts.checks import TermsRefused
from gbese.core.errors import Refusal
from gbese.core.money import Currency, Money
from gbese.core.rates.reference import FloorAboveCap
from gbese.core.schedules.errors import ScheduleError
from gbese.core.servicing.errors import DrawdownAboveLimit
from gbese.core.servicing.events import Component
from gbese.interfaces.web import formatting, refusals, wording
from tests.houserules.rules import SOURCE

NGN = Currency("NGN", 2)


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (
            ValueDateBeforeDrawdown(
                loan_number="L-1", value_date=date(2026, 3, 1), first_drawdown=date(2026, 3, 5)
            ),
            "Nothing was owed on loan L-1 on 1 Mar 2026; it was first drawn on 5 Mar 2026.",
        ),
        (
            ValueDateBeforeDrawdown(
                loan_number="L-1", value_date=date(2026, 3, 1), first_drawdown=None
            ),
            (
                "Nothing was ever drawn on loan L-1, so nothing is owed on 1 Mar 2026. Record the"
                " drawdown first."
            ),
        ),
        (
            DrawdownAboveLimit(
                loan_number="L-1",
                amount=Money(150_000_000, NGN),
                limit=Money(120_000_000, NGN),
                drawable=Money(0, NGN),
            ),
            (
                "1,500,000.00 NGN cannot be drawn on loan L-1: of the agreed 1,200,000.00 NGN,"
                " 0.00 NGN is left."
            ),
        ),
        (
            WaiverExceedsClaim(
                loan_number="L-1",
                component=Component.PENALTY,
                amount=Money(5_000_00, NGN),
                owed=Money(0, NGN),
            ),
            "5,000.00 NGN cannot be waived on loan L-1: only 0.00 NGN is owed of it.",
        ),
        (
            TermsRefused(problem="maturity_before_start", field_name="maturity_date"),
            "These terms cannot be (Maturity): It must mature after the day interest starts.",
        ),
        (
            ScheduleError(problem="no_dates"),
            "These terms make no schedule: There are no due dates.",
        ),
        (
            FloorAboveCap(floor=Decimal("0.12"), cap=Decimal("0.1")),
            "The lowest rate, 12.00%, is above the highest, 10.00%.",
        ),
    ],
)
def test_a_refusal_is_a_sentence(refusal: Refusal, told: str) -> None:
    assert refusals  # they are worded when the module is read
    with override("en"):
        assert wording.refusal_text(refusal) == told


def test_every_problem_of_terms_is_worded() -> None:
    problems = set()
    for file in (SOURCE / "core").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "id", "")
            if (
                called in {"refuse", "_refuse"}
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                problems.add(str(node.args[0].value))
            if called in {"ScheduleError", "TermsRefused"}:
                problems |= {
                    str(named.value.value)
                    for named in node.keywords
                    if named.arg == "problem" and isinstance(named.value, ast.Constant)
                }
    assert len(problems) > 10
    assert sorted(code for code in problems if not wording.is_problem_worded(code)) == []


def test_a_sentence_that_lacks_a_fact_still_tells_the_others() -> None:
    class Worded(Refusal):
        code = "loan_unknown"

    with override("en"):
        told = wording.refusal_text(Worded(agreement="A-7"))
    assert "A-7" in told
    assert "%(" not in told


@pytest.mark.parametrize(
    ("name", "fact", "told"),
    [
        ("bytes", 52_428_801, "50.1 MB"),
        ("bytes_max", 52_428_800, "50 MB"),
        ("bytes", 512, "512 bytes"),
        ("count", 12_345, "12,345"),
        ("rate", Decimal("0.0003"), "0.03%"),
        ("level", Decimal("0.00012345"), "0.00012345"),
        ("shipped", ("ifrs", "kz", "ng"), "ifrs, kz and ng"),
        ("day_count", DayCount.ACT_360, "Actual/360"),
        ("role", "loan_officer", "Loan officer"),
        ("recorded_at", datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "3 Mar 2026, 00:30"),
    ],
)
def test_a_fact_is_written_for_people(name: str, fact: object, told: str) -> None:
    with override("en"), timezone.override("Africa/Lagos"):
        assert wording.fact_text(fact, name) == told


def test_yoruba_joins_with_a_word_that_stands_alone() -> None:
    assert formatting.list_text(["0.02%", "0.03%"], "yo") == "0.02% àti 0.03%"
    assert formatting.list_text(["a", "b", "d"], "yo") == "a, b àti d"
    assert formatting.list_text(["a"], "yo") == "a"


def test_yoruba_writes_months_by_name_and_minutes_with_two_digits() -> None:
    """The months after the usual almanac: Ẹrẹ̀nà is March, Ọ̀wàrà October."""
    assert formatting.day_text(date(2026, 3, 2), "yo") == "2 Ẹrẹ̀nà 2026"
    assert formatting.month_text(date(2026, 10, 1), "yo") == "Oṣù Ọ̀wàrà 2026"
    moment = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    assert formatting.moment_text(moment, "yo") == "2 Ẹrẹ̀nà 2026, 09:05"
    assert formatting.number_text(1_234_567, "yo") == "1,234,567"
    assert formatting.percent_text(Decimal("0.24"), "yo") == "24.00%"
