"""Random loans: terms that make sense, and things that happen to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from gbese.core.calendars.business_days import EVERY_DAY, BusinessDayConvention, Calendar
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import (
    AT_MATURITY,
    DAILY,
    FORTNIGHTLY,
    FOUR_WEEKLY,
    HALF_YEARLY,
    MONTHLY,
    QUARTERLY,
    TWO_MONTHLY,
    WEEKLY,
    YEARLY,
    Frequency,
    FrequencyUnit,
    roll,
)
from gbese.core.contracts.terms import (
    FeeTerms,
    FeeTiming,
    Graduation,
    InterestBase,
    InterestSpread,
    MinimumPayment,
    PenaltyBase,
    PenaltyTerms,
    PenaltyTier,
    PlannedPrincipal,
    RateEffect,
    RateTerms,
    ScheduleKind,
    Terms,
)
from gbese.core.money import Currency, Money, Rounding, share
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.rates.reference import Fixing, Fixings
from gbese.core.servicing.events import (
    Amended,
    Charged,
    Component,
    Drawn,
    LoanEvent,
    Opened,
    RateSet,
    Received,
    Refunded,
    Restated,
    SurplusUse,
    Waived,
    WrittenOff,
)

CURRENCIES = (
    Currency("JPY", 0),
    Currency("NGN", 2),
    Currency("KWD", 3),
    Currency("CLF", 4),
)
WEEKENDS = Calendar(code="WE")
FREQUENCIES = (MONTHLY, WEEKLY, FORTNIGHTLY, QUARTERLY, YEARLY, Frequency(10, FrequencyUnit.DAY))
DAY_COUNTS = (
    DayCount.ACT_360,
    DayCount.ACT_365F,
    DayCount.ACT_ACT_ISDA,
    DayCount.THIRTY_E_360,
    DayCount.THIRTY_360_BOND,
    DayCount.NL_365,
    DayCount.EQUAL_PERIODS,
)
LATE_OR_NEVER = (BusinessDayConvention.UNADJUSTED, BusinessDayConvention.FOLLOWING)
START = date(2024, 1, 1)
rates = st.one_of(
    st.just(Decimal(0)),
    st.decimals("0.0001", "0.6", places=4),
    st.decimals("1", "10", places=2),
)


@st.composite
def terms(
    draw: st.DrawFn,
    *,
    conventions: tuple[BusinessDayConvention, ...] = LATE_OR_NEVER,
    with_extras: bool = True,
    any_rate: st.SearchStrategy[Decimal] = rates,
) -> Terms:
    """Terms of a loan of one to eighteen periods, with fees and penalties where `with_extras`."""
    currency = draw(st.sampled_from(CURRENCIES))
    start = START + timedelta(days=draw(st.integers(0, 500)))
    frequency = draw(st.sampled_from(FREQUENCIES))
    first_due = roll(start, frequency, 1, end_of_month=False)
    first_due += timedelta(days=draw(st.integers(0, 5)))
    periods = draw(st.integers(1, 18 if frequency is not YEARLY else 6))
    maturity = roll(first_due, frequency, periods - 1, end_of_month=False)
    principal = Money(draw(st.integers(1_000, 100_000_000)), currency)
    kind = draw(
        st.sampled_from([kind for kind in ScheduleKind if kind is not ScheduleKind.ON_DEMAND])
    )
    more: dict[str, Any] = {}
    if kind is ScheduleKind.CUSTOM:
        weights = draw(st.lists(st.integers(0, 9), min_size=periods, max_size=periods))
        weights[-1] += 1
        more["custom_principal"] = tuple(
            PlannedPrincipal(roll(first_due, frequency, number, end_of_month=False), part)
            for number, part in enumerate(share(principal, weights))
        )
    elif kind is ScheduleKind.ANNUITY and draw(st.booleans()):
        more["balloon"] = Money(principal.minor // 4, currency)
    if kind in {ScheduleKind.ANNUITY, ScheduleKind.LINEAR}:
        more["principal_grace_instalments"] = draw(st.integers(0, periods - 1))
    if kind is ScheduleKind.ANNUITY:
        more |= draw(st.sampled_from([{}, {}, FLAT, BY_DIGITS, *_graduated(principal)]))
    if kind is ScheduleKind.REVOLVING:
        floor = Money(draw(st.integers(0, principal.minor // 10)), currency)
        least = MinimumPayment(fraction=draw(st.decimals(0, 1, places=2)), floor=floor)
        more["minimum_payment"] = least
    if with_extras:
        more["fees"] = draw(_fees(principal))
        more["penalty"] = draw(st.one_of(st.none(), penalties()))
        more["charges_ceiling"] = draw(st.sampled_from([None, None, Decimal("0.3"), Decimal(1)]))
    return Terms(
        currency=currency,
        principal=principal,
        signed_on=start,
        interest_from=start,
        first_due_date=first_due,
        maturity_date=maturity,
        frequency=frequency,
        schedule_kind=kind,
        rate=RateTerms(fixed=draw(any_rate)),
        day_count=draw(st.sampled_from(DAY_COUNTS)),
        business_days=draw(st.sampled_from(conventions)),
        rounding=draw(st.sampled_from(list(Rounding))),
        **more,
    )


FLAT = {"interest_base": InterestBase.AS_DRAWN}
BY_DIGITS = FLAT | {"interest_spread": InterestSpread.SUM_OF_DIGITS}


def _graduated(principal: Money) -> list[dict[str, Any]]:
    """Payments that rise by a fraction each time, or fall by an amount every third time."""
    falls = Money(-principal.minor // 200, principal.currency)
    return [
        {"graduation": Graduation(rate=Decimal("0.05"))},
        {"graduation": Graduation(every=3, amount=falls)},
    ]


@st.composite
def penalties(draw: st.DrawFn) -> PenaltyTerms:
    """One or two tiers, with or without days of grace and a cap."""
    tiers = [PenaltyTier(1, draw(st.decimals("0.0001", "0.01", places=4)))]
    if draw(st.booleans()):
        tiers.append(PenaltyTier(draw(st.integers(2, 90)), draw(st.sampled_from(SECOND_TIERS))))
    return PenaltyTerms(
        tiers=tuple(tiers),
        base=draw(st.sampled_from(list(PenaltyBase))),
        grace_days=draw(st.integers(0, 6)),
        cap_of_principal=draw(st.sampled_from([None, Decimal("0.05"), Decimal("0.2")])),
        cap_is_yearly=draw(st.booleans()),
    )


SECOND_TIERS = (Decimal(0), Decimal("0.0003"))


@st.composite
def _fees(draw: st.DrawFn, principal: Money) -> tuple[FeeTerms, ...]:
    return tuple(
        FeeTerms(fee_kind="service", timing=timing, amount=Money(principal.minor // 50, currency))
        for currency in [principal.currency]
        for timing in draw(st.sets(st.sampled_from(list(FeeTiming)), max_size=2))
    )


@dataclass(frozen=True, slots=True)
class Life:
    """Facts of a random loan and the days to look at it."""

    facts: LoanFacts
    first: date
    last: date

    def with_events(self, *more: LoanEvent) -> LoanFacts:
        """The same facts and some more, in the order of recording."""
        return LoanFacts(
            terms=self.facts.terms,
            events=(*self.facts.events, *more),
            shared=self.facts.shared,
        )

    @property
    def next_number(self) -> int:
        return max((event.number for event in self.facts.events), default=0) + 1


@st.composite
def lives(
    draw: st.DrawFn,
    *,
    agreed: st.SearchStrategy[Terms] | None = None,
    max_events: int = 6,
    distinct_days: bool = False,
) -> Life:
    """A loan that is drawn, and then paid, charged, repriced, waived and amended at random."""
    signed = draw(terms() if agreed is None else agreed)
    assert signed.maturity_date is not None
    length = (signed.maturity_date - signed.interest_from).days
    events: list[LoanEvent] = []
    used: set[date] = set()
    for offset, fact in [
        *draw(_drawdowns(signed, length)),
        *draw(st.lists(st.tuples(_offsets(length), _facts(signed)), max_size=max_events)),
    ]:
        value_date = signed.interest_from + timedelta(days=offset)
        if distinct_days and value_date in used:
            continue
        used.add(value_date)
        events.append(fact(len(events) + 1, value_date))
    calendar = EVERY_DAY
    if signed.business_days is not BusinessDayConvention.UNADJUSTED:
        calendar = WEEKENDS
    return Life(
        LoanFacts(terms=signed, events=tuple(events), shared=SharedFacts(calendar=calendar)),
        first=signed.interest_from - timedelta(days=3),
        last=signed.maturity_date + timedelta(days=120),
    )


def _offsets(length: int) -> st.SearchStrategy[int]:
    return st.integers(0, length + 60)


@st.composite
def _drawdowns(draw: st.DrawFn, signed: Terms, length: int) -> list[tuple[int, Any]]:
    whole = signed.principal.minor
    first = draw(st.sampled_from([whole, whole, whole // 2]))
    drawdowns = [(draw(st.sampled_from([0, 0, 3])), _drawn(Money(first, signed.currency)))]
    if first < whole:
        rest = Money(whole - first, signed.currency)
        drawdowns.append((draw(st.integers(4, max(length, 5))), _drawn(rest)))
    return drawdowns


def _drawn(amount: Money) -> Any:
    return lambda number, on: Drawn(number=number, value_date=on, amount=amount)


def _facts(signed: Terms) -> st.SearchStrategy[Any]:
    currency = signed.currency
    amounts = st.integers(1, signed.principal.minor * 2 // 3 + 1).map(
        lambda minor: Money(minor, currency)
    )
    components = st.sampled_from(list(Component))
    charged = st.sampled_from([Component.FEE, Component.PENALTY])
    small = st.integers(1, max(signed.principal.minor // 100, 1)).map(
        lambda minor: Money(minor, currency)
    )
    return st.one_of(
        st.builds(
            lambda amount, surplus: (
                lambda number, on: Received(
                    number=number, value_date=on, amount=amount, surplus=surplus
                )
            ),
            amounts,
            st.sampled_from(list(SurplusUse)),
        ),
        st.builds(
            lambda amount, component: (
                lambda number, on: Received(
                    number=number,
                    value_date=on,
                    amount=amount,
                    instruction=((component, Money(amount.minor // 2, currency)),),
                )
            ),
            amounts,
            components,
        ),
        st.builds(
            lambda component, amount: (
                lambda number, on: Charged(
                    number=number,
                    value_date=on,
                    component=component,
                    amount=amount,
                    charge_kind="other",
                )
            ),
            charged,
            small,
        ),
        st.builds(
            lambda component, amount: (
                lambda number, on: Waived(
                    number=number, value_date=on, component=component, amount=amount
                )
            ),
            components,
            small,
        ),
        rates.map(lambda rate: lambda number, on: RateSet(number=number, value_date=on, rate=rate)),
        st.builds(
            lambda new, eased: (
                lambda number, on: Amended(
                    number=number, value_date=on, terms=new, is_restructuring=eased
                )
            ),
            later_terms(signed),
            st.booleans(),
        ),
    )


@st.composite
def later_terms(draw: st.DrawFn, signed: Terms) -> Terms:
    """Other terms for the same money: later, at another rate, linear or in one sum."""
    assert signed.maturity_date is not None
    later = timedelta(days=draw(st.integers(0, 400)))
    kind = draw(st.sampled_from([ScheduleKind.ANNUITY, ScheduleKind.LINEAR, ScheduleKind.BULLET]))
    maturity = signed.maturity_date + later
    return Terms(
        currency=signed.currency,
        principal=signed.principal,
        signed_on=signed.signed_on,
        interest_from=signed.interest_from,
        first_due_date=maturity if signed.frequency == AT_MATURITY else signed.first_due_date,
        maturity_date=maturity,
        frequency=signed.frequency,
        schedule_kind=kind,
        rate=RateTerms(fixed=draw(rates)),
        day_count=signed.day_count,
        business_days=signed.business_days,
        rounding=signed.rounding,
        penalty=signed.penalty,
        fees=signed.fees,
    )


EVERY_DAY_COUNT = tuple(DayCount)
COUNTS_PERIODS = (DayCount.EQUAL_PERIODS, DayCount.ACT_ACT_ICMA, DayCount.ACT_365L)
ANY_FREQUENCY = (*FREQUENCIES, FOUR_WEEKLY, TWO_MONTHLY, HALF_YEARLY, DAILY, AT_MATURITY)
EVERY_BUSINESS_DAY_CONVENTION = tuple(BusinessDayConvention)
any_rates = st.one_of(
    st.sampled_from([Decimal(0), Decimal("0.24"), Decimal(10), Decimal("-0.5")]),
    st.decimals("-0.05", "0.6", places=6),
    st.decimals("1", "10", places=2),
)


@st.composite
def any_terms(draw: st.DrawFn, *, periods_max: int = 60) -> Terms:
    """Sound terms of any loan with a maturity: of a day or of forty years, at any rate.

    First periods may be longer or shorter than the others, and so may the last.
    """
    currency = draw(st.sampled_from(CURRENCIES))
    kinds = [kind for kind in ScheduleKind if kind is not ScheduleKind.ON_DEMAND]
    kind = draw(st.sampled_from(kinds))
    frequency = draw(st.sampled_from(ANY_FREQUENCY))
    start = draw(st.dates(date(1999, 1, 1), date(2040, 12, 31)))
    first_due = start + timedelta(days=draw(st.integers(1, 420)))
    maturity, count = first_due, 0
    if frequency is not AT_MATURITY:
        count = draw(st.integers(0, periods_max - 1))
        maturity = roll(first_due, frequency, count, end_of_month=False)
        maturity += timedelta(days=draw(st.sampled_from([0, 0, 1, 5, 20])))
    principal = Money(draw(st.integers(1, 10 ** draw(st.integers(1, 14)))), currency)
    day_counts = EVERY_DAY_COUNT
    if frequency is AT_MATURITY:
        day_counts = tuple(each for each in day_counts if each not in COUNTS_PERIODS)
    more: dict[str, Any] = {}
    if kind is ScheduleKind.CUSTOM:
        later = draw(st.sets(st.integers(1, 2_000), max_size=8))
        days = [first_due, *(first_due + timedelta(days=each) for each in sorted(later))]
        weights = draw(st.lists(st.integers(0, 9), min_size=len(days), max_size=len(days)))
        weights[-1] += 1
        parts = share(principal, weights)
        more["custom_principal"] = tuple(map(PlannedPrincipal, days, parts))
        maturity = days[-1]
    if kind in {ScheduleKind.ANNUITY, ScheduleKind.LINEAR} and draw(st.booleans()):
        more["balloon"] = Money(draw(st.integers(0, principal.minor)), currency)
    if kind in {ScheduleKind.ANNUITY, ScheduleKind.LINEAR}:
        graces = [grace for grace in (0, 0, 0, 1, 7) if grace <= count]
        more["principal_grace_instalments"] = draw(st.sampled_from(graces))
    if kind is ScheduleKind.ANNUITY:
        more["instalment_multiple_minor"] = draw(st.sampled_from([1, 1, 100]))
    if kind is ScheduleKind.REVOLVING:
        more["minimum_payment"] = MinimumPayment(fraction=draw(st.decimals(0, 1, places=2)))
    if kind is ScheduleKind.ANNUITY:
        more["instalment_rounding"] = draw(st.sampled_from(list(Rounding)))
    return Terms(
        currency=currency,
        principal=principal,
        signed_on=start,
        interest_from=start,
        first_due_date=first_due,
        maturity_date=maturity,
        frequency=frequency,
        schedule_kind=kind,
        rate=RateTerms(fixed=draw(any_rates)),
        day_count=draw(st.sampled_from(day_counts)),
        end_of_month=draw(st.booleans()),
        business_days=draw(st.sampled_from(EVERY_BUSINESS_DAY_CONVENTION)),
        rounding=draw(st.sampled_from(list(Rounding))),
        **more,
    )


def _rarer_facts(signed: Terms) -> st.SearchStrategy[Any]:
    """What ends a loan or comes from the other side: write-offs, refunds, takings-over, statements."""
    amounts = st.integers(0, signed.principal.minor).map(
        lambda minor: Money(minor, signed.currency)
    )
    nothing = st.just(Money(0, signed.currency))
    return st.one_of(
        st.just(lambda number, on: WrittenOff(number=number, value_date=on)),
        amounts.map(
            lambda amount: lambda number, on: Refunded(number=number, value_date=on, amount=amount)
        ),
        st.builds(
            lambda drawn, repaid: (
                lambda number, on: Restated(
                    number=number,
                    value_date=on,
                    drawn=drawn,
                    repaid=repaid,
                    adjustment=Money(0, signed.currency),
                    adjustment_reason="statement",
                )
            ),
            nothing,
            amounts,
        ),
    )


@st.composite
def _opened(draw: st.DrawFn, signed: Terms) -> Any:
    currency = signed.currency
    outstanding = draw(st.integers(0, signed.principal.minor))
    overdue = draw(st.integers(0, outstanding))
    small = st.integers(0, max(signed.principal.minor // 50, 1))
    late = [Money(draw(small), currency) for _ in range(3)]
    late_days = draw(st.integers(1, 200))
    return lambda number, on: Opened(
        number=number,
        value_date=on,
        principal=Money(outstanding, currency),
        principal_overdue=Money(overdue, currency),
        overdue_since=on - timedelta(days=late_days) if overdue or any(late) else None,
        interest_accrued=Money(draw(small), currency),
        interest_overdue=late[0],
        fee_overdue=late[1],
        penalty_overdue=late[2],
        drawn=signed.principal,
        repaid=Money(signed.principal.minor - outstanding, currency),
    )


@st.composite
def fixings(draw: st.DrawFn, since: date) -> Fixings:
    """A reference rate published every few weeks, from a year before."""
    gaps = draw(st.lists(st.integers(1, 120), min_size=1, max_size=12))
    day, rows = since - timedelta(days=365), []
    for gap in gaps:
        rows.append(Fixing(day, draw(st.decimals("-0.01", "0.4", places=4))))
        day += timedelta(days=gap)
    return Fixings("REF", "made up", tuple(rows), 366)


@st.composite
def any_lives(
    draw: st.DrawFn, *, agreed: st.SearchStrategy[Terms] | None = None, max_events: int = 6
) -> Life:
    """Any loan, drawn or taken over in mid-life, and whatever may happen to it."""
    periods_max = draw(st.sampled_from([12, 12, 12, 12, 120, 480]))
    signed = draw(any_terms(periods_max=periods_max) if agreed is None else agreed)
    assert signed.maturity_date is not None
    if signed.schedule_kind is not ScheduleKind.CUSTOM and draw(st.booleans()):
        signed = replace(signed, penalty=draw(penalties()), fees=draw(_fees(signed.principal)))
    series = None
    if draw(st.sampled_from([False, False, True])):
        series = draw(fixings(signed.interest_from))
        effect = draw(st.sampled_from(list(RateEffect)))
        floating = RateTerms(reference="REF", margin=Decimal("0.02"), effect=effect)
        signed = replace(signed, rate=floating)
    length = (signed.maturity_date - signed.interest_from).days
    begun = draw(st.one_of(_drawdowns(signed, length), _opened(signed).map(lambda o: [(0, o)])))
    happening = st.one_of(_facts(signed), _facts(signed), _rarer_facts(signed))
    later = draw(st.lists(st.tuples(_offsets(length), happening), max_size=max_events))
    events = tuple(
        fact(number, signed.interest_from + timedelta(days=offset))
        for number, (offset, fact) in enumerate([*begun, *later], start=1)
    )
    return Life(
        LoanFacts(
            terms=signed,
            events=events,
            shared=SharedFacts(calendar=WEEKENDS, fixings=series),
        ),
        first=signed.interest_from - timedelta(days=3),
        last=signed.maturity_date + timedelta(days=120),
    )
