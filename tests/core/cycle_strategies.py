"""Random loans with more than one cycle in their terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from gbese.core.calendars.cycles import Cycle
from gbese.core.calendars.frequencies import DAILY, MONTHLY, Frequency, roll
from gbese.core.calendars.periods import StubKind
from gbese.core.contracts.checks import TermsRefused, require_sound
from gbese.core.contracts.terms import InterestBase, RateStep, ScheduleKind, Terms
from gbese.core.money import Money
from tests.core.loan_strategies import LATE_OR_NEVER, rates, terms


@st.composite
def terms_with_cycles(
    draw: st.DrawFn,
    *,
    any_rate: st.SearchStrategy[Decimal] = rates,
    last_day_may_count: bool = False,
    **how: Any,
) -> Terms:
    """Sound terms in which principal, capitalising, rates or the base go by dates of their own.

    Where the last day counts, interest falls due a night before it is all earned.
    """
    signed = draw(terms(any_rate=any_rate, conventions=LATE_OR_NEVER, **how))
    rules = draw(
        st.lists(
            st.sampled_from([_principal, _interest_use, _instalment, _base, _steps, _dates]),
            min_size=1,
            max_size=3,
            unique=True,
        )
    )
    for rule in rules:
        signed = replace(signed, **draw(rule(signed)))
    if last_day_may_count:
        signed = replace(signed, counts_last_day=draw(st.booleans()))
    try:
        require_sound(signed)
    except TermsRefused:
        assume(False)  # noqa: FBT003 - the rules drawn contradict each other
    return signed


def _day(draw: st.DrawFn, signed: Terms) -> Any:
    assert signed.maturity_date is not None
    length = (signed.maturity_date - signed.interest_from).days
    return signed.interest_from + timedelta(days=draw(st.integers(1, max(length, 1))))


@st.composite
def _principal(draw: st.DrawFn, signed: Terms) -> dict[str, Any]:
    if signed.schedule_kind is ScheduleKind.LINEAR:
        cycle = Cycle(
            _day(draw, signed), draw(st.sampled_from([MONTHLY, Frequency(10, DAILY.unit)]))
        )
    elif signed.schedule_kind is ScheduleKind.ANNUITY:
        first = roll(
            signed.first_due_date, signed.frequency, draw(st.integers(0, 3)), end_of_month=False
        )
        pace = Frequency(signed.frequency.count * draw(st.integers(1, 3)), signed.frequency.unit)
        cycle = Cycle(first, pace)
    else:
        return {}
    return {"principal_cycle": cycle, "principal_grace_instalments": 0}


@st.composite
def _interest_use(draw: st.DrawFn, signed: Terms) -> dict[str, Any]:
    if signed.schedule_kind is ScheduleKind.CUSTOM:
        asked = draw(st.lists(st.booleans(), min_size=1, max_size=4))
        return {
            "custom_principal": tuple(
                replace(row, pays_interest=asked[place % len(asked)])
                for place, row in enumerate(signed.custom_principal)
            )
        }
    name = draw(st.sampled_from(["capitalises_until", "first_interest_date"]))
    return {name: _day(draw, signed)}


@st.composite
def _instalment(draw: st.DrawFn, signed: Terms) -> dict[str, Any]:
    most = signed.principal.minor
    asked = Money(draw(st.integers(1, most)), signed.currency)
    assert signed.maturity_date is not None
    if signed.schedule_kind is ScheduleKind.LINEAR:
        return {"given_instalment": asked}
    if signed.schedule_kind is not ScheduleKind.ANNUITY:
        return {}
    if draw(st.booleans()):
        return {"given_instalment": asked, "allows_growth": draw(st.booleans())}
    later = signed.maturity_date + timedelta(days=draw(st.integers(0, 800)))
    return {"amortises_until": later}


@st.composite
def _base(draw: st.DrawFn, signed: Terms) -> dict[str, Any]:
    if signed.schedule_kind is ScheduleKind.ANNUITY:
        return {}
    if draw(st.booleans()):
        return {"interest_base": InterestBase.AS_DRAWN}
    cycle = Cycle(_day(draw, signed), MONTHLY)
    return {"interest_base": InterestBase.LAGGED, "interest_base_cycle": cycle}


@st.composite
def _steps(draw: st.DrawFn, signed: Terms) -> dict[str, Any]:
    days = sorted({_day(draw, signed) for _ in range(draw(st.integers(1, 3)))})
    steps = tuple(RateStep(day, rate=draw(rates)) for day in days)
    return {"rate": replace(signed.rate, steps=steps)}


@st.composite
def _dates(draw: st.DrawFn, signed: Terms) -> dict[str, Any]:
    return {
        "final_stub": draw(st.sampled_from(StubKind)),
        "adjusts_periods": draw(st.booleans()),
    }
