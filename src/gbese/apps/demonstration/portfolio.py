"""Invented loans of both sides, and how each of them has gone so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from gbese.apps.demonstration.lives import Habit, life
from gbese.apps.demonstration.rates import REFERENCE
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import AT_MATURITY, Frequency, FrequencyUnit, roll
from gbese.core.contracts.terms import (
    FeeTerms,
    FeeTiming,
    PenaltyBase,
    PenaltyTerms,
    PenaltyTier,
    PlannedPrincipal,
    RateTerms,
    ScheduleKind,
    Side,
    Terms,
)
from gbese.core.money import Currency, Money, Rounding
from gbese.core.projections.facts import SharedFacts
from gbese.core.servicing.events import LoanEvent

NGN, USD, KZT = Currency("NGN", 2), Currency("USD", 2), Currency("KZT", 2)
_MONTH = Frequency(1, FrequencyUnit.MONTH)
_QUARTER = Frequency(3, FrequencyUnit.MONTH)
_HALF_YEAR = Frequency(6, FrequencyUnit.MONTH)
_WEEK, _FORTNIGHT = Frequency(1, FrequencyUnit.WEEK), Frequency(2, FrequencyUnit.WEEK)
_TEN_DAYS = Frequency(10, FrequencyUnit.DAY)
_PURPOSES = ("working capital", "equipment", "stock", "school fees", "house repair", "farm inputs")

# How often each habit occurs among the loans issued, per hundred.
_HABITS = (
    (Habit.PUNCTUAL, 46),
    (Habit.IN_ADVANCE, 7),
    (Habit.TARDY, 12),
    (Habit.IN_PARTS, 8),
    (Habit.JUST_LATE, 5),
    (Habit.STOPPED, 9),
    (Habit.PREPAYING, 4),
    (Habit.PENALTY_LEFT, 3),
    (Habit.RESTRUCTURED, 2),
    (Habit.WRITTEN_OFF, 2),
    (Habit.UNDRAWN, 2),
)


@dataclass(frozen=True, slots=True)
class InventedLoan:
    """A loan by the place of its parties in the cast: None is the company itself."""

    number: str
    side: Side
    counterparty: int
    terms: Terms
    events: tuple[LoanEvent, ...]
    purpose: str
    product: str


def loans(
    chance: Random, *, today: date, received: int, issued: int, banks: int, shared: SharedFacts
) -> tuple[InventedLoan, ...]:
    """So many loans received from the banks, and issued to clients, as they stand today."""
    return (
        *_received(chance, today, received, banks, shared),
        *_issued(chance, today, issued, shared),
    )


def _received(
    chance: Random, today: date, count: int, banks: int, shared: SharedFacts
) -> Iterator[InventedLoan]:
    for place in range(1, count + 1):
        started = today - timedelta(days=chance.randint(40, 900))
        currency = (NGN, NGN, USD, KZT)[place % 4]
        major = {NGN: 5_000_000, USD: 40_000, KZT: 20_000_000}[currency]
        principal = Money(major * chance.randint(2, 30) * 100, currency)
        terms, product = _bank_terms(chance, place, principal, started)
        habit = (Habit.PUNCTUAL, Habit.PUNCTUAL, Habit.PUNCTUAL, Habit.TARDY, Habit.JUST_LATE)[
            place % 5
        ]
        yield InventedLoan(
            number=f"R-{started:%y}-{place:03d}",
            side=Side.BORROWER,
            counterparty=chance.randrange(banks),
            terms=terms,
            events=life(terms, habit, chance, today=today, shared=shared),
            purpose=chance.choice(_PURPOSES[:3]),
            product=product,
        )


def _bank_terms(chance: Random, place: int, principal: Money, started: date) -> tuple[Terms, str]:
    rate = Decimal(chance.randint(75, 240)) / 1000
    match place % 6:
        case 0:
            months, kind, frequency, product = 24, ScheduleKind.LINEAR, _MONTH, "term loan"
        case 1:
            months, kind, frequency, product = 36, ScheduleKind.ANNUITY, _QUARTER, "investment loan"
        case 2:
            months, kind, frequency, product = 18, ScheduleKind.BULLET, _QUARTER, "bullet loan"
        case 3:
            months, kind, frequency, product = 60, ScheduleKind.LINEAR, _HALF_YEAR, "project loan"
        case 4:
            months, kind, frequency, product = 12, ScheduleKind.BULLET, AT_MATURITY, "bridge loan"
        case _:
            months, kind, frequency, product = 48, ScheduleKind.LINEAR, _MONTH, "floating loan"
    is_floating = product == "floating loan" and principal.currency == NGN
    rates = (
        RateTerms(reference=REFERENCE, margin=Decimal("0.035"), floor=Decimal("0.15"))
        if is_floating
        else RateTerms(fixed=rate)
    )
    return (
        _terms(principal, started, months, kind, frequency, rates, DayCount.ACT_365F),
        product,
    )


def _issued(chance: Random, today: date, count: int, shared: SharedFacts) -> Iterator[InventedLoan]:
    for place in range(1, count + 1):
        product = place % 10
        oldest = {0: 120, 1: 120, 2: 160}.get(product, 760)
        started = today - timedelta(days=chance.randint(3, oldest))
        currency = KZT if place % 6 == 0 else USD if place % 41 == 0 else NGN
        major = {NGN: 50_000, USD: 500, KZT: 100_000}[currency]
        principal = Money(major * chance.randint(2, 40) * 100, currency)
        terms, name = _client_terms(chance, product, principal, started)
        yield InventedLoan(
            number=f"L-{started:%y}-{place:04d}",
            side=Side.LENDER,
            counterparty=place - 1,
            terms=terms,
            events=life(terms, _habit(chance), chance, today=today, shared=shared),
            purpose=chance.choice(_PURPOSES),
            product=name,
        )


def _client_terms(
    chance: Random, product: int, principal: Money, started: date
) -> tuple[Terms, str]:
    rate = RateTerms(fixed=Decimal(chance.randint(180, 420)) / 1000)
    months = chance.choice((6, 9, 12, 18, 24, 36))
    level = ScheduleKind.ANNUITY
    match product:
        case 0:
            return (
                _terms(principal, started, 4, level, _WEEK, rate, DayCount.ACT_365F, has_fee=True),
                "market trader loan",
            )
        case 1:
            return (
                _terms(principal, started, 4, level, _FORTNIGHT, rate, DayCount.ACT_365F),
                "fortnight loan",
            )
        case 2:
            return (
                _terms(
                    principal, started, 5, ScheduleKind.LINEAR, _TEN_DAYS, rate, DayCount.ACT_360
                ),
                "ten-day loan",
            )
        case 3:
            return (
                _terms(
                    principal, started, months, ScheduleKind.LINEAR, _MONTH, rate, DayCount.ACT_365F
                ),
                "business loan",
            )
        case 4:
            terms = _terms(principal, started, 12, level, _MONTH, rate, DayCount.THIRTY_E_360)
            return _with_balloon(terms), "balloon loan"
        case 5:
            return _seasonal(principal, started, rate), "harvest loan"
        case _:
            return (
                _terms(
                    principal,
                    started,
                    months,
                    level,
                    _MONTH,
                    rate,
                    DayCount.EQUAL_PERIODS,
                    has_fee=product % 2 == 0,
                ),
                "consumer loan",
            )


def _terms(
    principal: Money,
    started: date,
    months: int,
    kind: ScheduleKind,
    frequency: Frequency,
    rate: RateTerms,
    day_count: DayCount,
    *,
    has_fee: bool = False,
) -> Terms:
    maturity = roll(started, _MONTH, months, end_of_month=False)
    first_due = maturity
    if frequency is not AT_MATURITY:
        first_due = roll(started, frequency, 1, end_of_month=False)
    fee = FeeTerms(
        fee_kind="processing", timing=FeeTiming.WITHHELD_AT_DRAWDOWN, rate=Decimal("0.01")
    )
    return Terms(
        currency=principal.currency,
        principal=principal,
        signed_on=started - timedelta(days=3),
        interest_from=started,
        first_due_date=first_due,
        maturity_date=maturity,
        frequency=frequency,
        schedule_kind=kind,
        rate=rate,
        day_count=day_count,
        instalment_rounding=Rounding.HALF_UP,
        fees=(fee,) if has_fee else (),
        penalty=PenaltyTerms(
            tiers=(PenaltyTier(1, Decimal("0.001")), PenaltyTier(91, Decimal("0.0003"))),
            base=PenaltyBase.OVERDUE_PRINCIPAL_AND_INTEREST,
            grace_days=3,
            cap_of_principal=Decimal("0.1"),
        ),
    )


def _with_balloon(terms: Terms) -> Terms:
    return replace(terms, balloon=Money(terms.principal.minor * 3 // 10, terms.currency))


def _seasonal(principal: Money, started: date, rate: RateTerms) -> Terms:
    """Interest by the month, principal in three parts after the harvest."""
    terms = _terms(principal, started, 9, ScheduleKind.ANNUITY, _MONTH, rate, DayCount.ACT_365F)
    parts = _thirds(principal)
    rows = tuple(
        PlannedPrincipal(
            roll(started, _MONTH, month, end_of_month=False),
            parts[month - 7] if month >= 7 else Money(0, principal.currency),
        )
        for month in range(1, 10)
    )
    return replace(terms, schedule_kind=ScheduleKind.CUSTOM, custom_principal=rows)


def _thirds(principal: Money) -> Sequence[Money]:
    third = Money(principal.minor * 3 // 10, principal.currency)
    return (third, principal - third - third, third)


def _habit(chance: Random) -> Habit:
    habits = [habit for habit, _ in _HABITS]
    return chance.choices(habits, weights=[weight for _, weight in _HABITS])[0]
