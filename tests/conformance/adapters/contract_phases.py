"""Contracts whose cycles come in arrays, one after the other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from gbese.core.calendars.cycles import Cycle, in_turn
from gbese.core.calendars.frequencies import AT_MATURITY
from gbese.core.calendars.periods import StubKind
from gbese.core.contracts.terms import RateStep, Terms
from gbese.core.money import Rounding, round_money
from gbese.core.schedules.phases import PrincipalPhase, phase_plan
from gbese.core.servicing.events import Drawn, LoanEvent
from tests.conformance.adapters.contract_words import day_of
from tests.conformance.adapters.date_schedule import frequency_of
from tests.conformance.cases import Document


def in_phases(asked: Document, terms: Terms) -> tuple[Terms, tuple[LoanEvent, ...]]:
    """The terms with the rows their arrays come to, and what is drawn on the way."""
    amounts = [
        round_money(Decimal(text), terms.currency, Rounding.HALF_UP)
        for text in _array(asked, "array_next_principal_redemption_payment")
    ]
    phases = [
        PrincipalPhase(cycle, amount, rises=direction == "INC")
        for cycle, amount, direction in zip(
            _cycles(asked, "principal_redemption"),
            amounts,
            _array(asked, "array_increase_decrease"),
            strict=True,
        )
    ]
    plan = phase_plan(
        terms.principal,
        phases,
        _cycles(asked, "interest_payment"),
        maturity_date=terms.maturity_date,
        end_of_month=terms.end_of_month,
    )
    resets = _cycles(asked, "rate_reset")
    rates = [Decimal(text) for text in _array(asked, "array_rate")]
    fixed = [word == "FIX" for word in _array(asked, "array_fixed_variable")]
    steps = tuple(
        RateStep(day, rate=rates[place]) if fixed[place] else RateStep(day, margin=rates[place])
        for day, place in in_turn(
            resets, before=plan.maturity_date, end_of_month=terms.end_of_month
        )
    )
    drawn = tuple(
        Drawn(number=number, value_date=day, amount=amount)
        for number, (day, amount) in enumerate(plan.drawdowns, start=2)
    )
    return (
        replace(
            terms,
            maturity_date=plan.maturity_date,
            custom_principal=plan.rows,
            rate=replace(terms.rate, steps=steps),
        ),
        drawn,
    )


def _cycles(asked: Document, event: str) -> list[Cycle]:
    anchors = _array(asked, f"array_cycle_anchor_date_of_{event}")
    everies = _array(asked, f"array_cycle_of_{event}")
    return [
        Cycle(day_of(anchor), frequency_of(every["period"]), StubKind(every["stub"]))
        if every
        else Cycle(day_of(anchor), AT_MATURITY)
        for anchor, every in zip_longest(anchors, everies)
    ]


def _array(asked: Document, name: str) -> list[Any]:
    value = asked.get(name, [])
    return value if isinstance(value, list) else [value]
