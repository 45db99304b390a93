"""The events of one contract, listed off its terms and its projection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from gbese.core.accruals.rate_path import RatePath
from gbese.core.accruals.resets import RateReset, rate_resets
from gbese.core.contracts.terms import InterestBase, ScheduleKind
from gbese.core.money import round_minor
from gbese.core.projections.facts import LoanFacts, standing_events
from gbese.core.projections.flow_kinds import FlowKind, Move
from gbese.core.projections.indexing import Index
from gbese.core.projections.position import accrued_by_claim
from gbese.core.projections.rows import Cause, Projection
from gbese.core.schedules.interest_periods import InterestPeriod, InterestUse, interest_periods
from gbese.core.schedules.plan import carries_principal
from gbese.core.servicing.events import Component, Drawn, Opened, RateSet

_NIGHT = timedelta(days=1)
_Amounts = dict[tuple[Component | None, Cause], int]


@dataclass(slots=True)
class EventListing:
    """What the events of a contract are listed from; its terms are those first agreed."""

    facts: LoanFacts
    projection: Projection
    called_on: date | None
    index: Index | None
    periods: tuple[InterestPeriod, ...] = field(init=False)
    resets: tuple[RateReset, ...] = field(init=False)
    rates: RatePath = field(init=False)

    def __post_init__(self) -> None:
        facts, terms, calendar = self.facts, self.facts.terms, self.facts.shared.calendar
        self.periods = interest_periods(terms, calendar, until=facts.open_ended_until)
        last_day = terms.maturity_date or self.periods[-1].end
        self.resets = rate_resets(terms, facts.shared.fixings, calendar, last_day=last_day)
        self.rates = RatePath(terms.rate, facts.shared.fixings, self.resets)
        for event in standing_events(facts.events):
            if isinstance(event, RateSet):
                self.rates.set_rate(event.value_date, event.rate)

    def moves(self) -> Iterator[Move]:
        """Every event, in no order."""
        yield from self._drawdowns()
        yield from self._prepayments()
        due = self._amounts_by_claim()
        for period in self.periods:
            if not self._lies_beyond(period):
                yield from self._of_period(period, due[period.number])
        yield from self._rate_resets()
        yield from self._instalments_fixed()
        yield from self._readings()
        if self.called_on is not None:
            yield self._still(self.called_on, FlowKind.CALL)

    def earned(self, day: date) -> int:
        """Interest earned from the beginning to a day, minor units."""
        taken_over = sum(
            step.amount
            for step in self.projection.steps
            if step.component is Component.INTEREST
            and step.cause in {Cause.OPENED, Cause.ACCRUED}
            and step.day <= day
        )
        segments = [
            segment
            for segment in self.projection.segments
            if segment.component is Component.INTEREST
        ]
        rounding = self.projection.rounding
        by_claim = accrued_by_claim(segments, day).values()
        return taken_over + sum(round_minor(*exact, rounding) for exact in by_claim)

    def rate_on(self, night: date) -> Decimal:
        """The nominal rate of the night that begins on a day."""
        started = [period.start for period in self.periods if period.start <= night]
        return self.rates.on(night, period_start=max(started, default=night))

    def taken_over(self) -> int:
        """Principal taken over in mid-life, minor units."""
        events = standing_events(self.facts.events)
        return sum(event.principal.minor for event in events if isinstance(event, Opened))

    def _lies_beyond(self, period: InterestPeriod) -> bool:
        """A contract without maturity is followed up to a day, and that day is not looked at."""
        until = self.facts.open_ended_until
        is_open = self.facts.terms.maturity_date is None
        return is_open and until is not None and period.due_date_adjusted >= until

    def _still(self, day: date, kind: FlowKind) -> Move:
        """An event that moves nothing."""
        return Move(day, kind, self.rate_on(day), day)

    def _drawdowns(self) -> Iterator[Move]:
        kept_back: dict[int, int] = defaultdict(int)
        for step in self.projection.steps:
            if step.cause is Cause.WITHHELD:
                kept_back[step.event] += step.amount
        kind = FlowKind.DRAWDOWN
        for event in standing_events(self.facts.events):
            if isinstance(event, Drawn):
                amount, day = event.amount.minor, event.value_date
                is_first = kind is FlowKind.DRAWDOWN
                yield Move(
                    day,
                    kind,
                    self.rate_on(day if is_first else day - _NIGHT),  # a reset comes after it
                    day,
                    cash=kept_back[event.number] - amount,
                    principal=amount,
                )
                kind = FlowKind.FURTHER_DRAWDOWN

    def _prepayments(self) -> Iterator[Move]:
        """What fell due because it was paid, or charged, outside the schedule."""
        for step in self.projection.steps:
            if step.cause is not Cause.DUE or not step.event:
                continue
            is_paid_out = step.component is Component.FEE and self._is_withheld(step.event)
            if not is_paid_out:
                principal = step.component is Component.PRINCIPAL
                interest = step.component is Component.INTEREST
                yield Move(
                    step.day,
                    FlowKind.PREPAYMENT if principal or interest else FlowKind.FEE,
                    self.rate_on(step.day - _NIGHT),
                    step.day,
                    cash=step.amount,
                    principal=-step.amount if principal else 0,
                    interest=step.amount if interest else 0,
                )

    def _is_withheld(self, event: int) -> bool:
        steps = self.projection.steps
        return any(step.cause is Cause.WITHHELD and step.event == event for step in steps)

    def _amounts_by_claim(self) -> defaultdict[int, _Amounts]:
        """What fell due or joined principal by the terms alone, by the number of its period."""
        amounts: defaultdict[int, _Amounts] = defaultdict(dict)
        for step in self.projection.steps:
            if not step.event and step.claim > 0 and step.cause in {Cause.DUE, Cause.CAPITALISED}:
                of_claim = amounts[step.claim]
                key = (step.component, step.cause)
                of_claim[key] = of_claim.get(key, 0) + step.amount
        return amounts

    def _of_period(self, period: InterestPeriod, amounts: _Amounts) -> Iterator[Move]:
        """Principal, interest and fees at the end of a period, also where they are nothing."""
        terms, day = self.facts.terms, period.due_date_adjusted
        rate = self.rate_on(max(period.end - _NIGHT, period.start))
        joined = amounts.get((Component.PRINCIPAL, Cause.CAPITALISED), 0)
        principal = amounts.get((Component.PRINCIPAL, Cause.DUE), 0)
        interest = amounts.get((Component.INTEREST, Cause.DUE), 0)
        if period.interest is InterestUse.CAPITALISED:
            yield Move(
                day, FlowKind.CAPITALISATION, rate, period.end, principal=joined, interest=joined
            )
        elif period.interest is InterestUse.PAID:
            cash = self._indexed(interest, day, Component.INTEREST)
            yield Move(day, FlowKind.INTEREST, rate, period.end, cash=cash, interest=interest)
            principal -= joined
        is_last = period is self.periods[-1] and terms.maturity_date is not None
        has_parts = terms.schedule_kind not in {ScheduleKind.BULLET, ScheduleKind.ON_DEMAND}
        if is_last or (has_parts and carries_principal(terms, period)):
            kind = FlowKind.PRINCIPAL
            if is_last:
                kind = FlowKind.MATURITY if self.called_on is None else FlowKind.SETTLEMENT
            cash = self._indexed(principal, day, Component.PRINCIPAL)
            yield Move(day, kind, rate, period.end, cash=cash, principal=-principal)
        if fee := amounts.get((Component.FEE, Cause.DUE), 0):
            yield Move(day, FlowKind.FEE, rate, period.end, cash=fee)

    def _indexed(self, amount: int, day: date, component: Component) -> int:
        """A payment times what the index, as last read before the day, has come to."""
        if self.index is None or component not in self.index.scales:
            return amount
        factor = self.index.factor_before(day, end_of_month=self.facts.terms.end_of_month)
        exact = amount * factor
        return round_minor(exact.numerator, exact.denominator, self.projection.rounding)

    def _rate_resets(self) -> Iterator[Move]:
        for reset in self.resets:
            kind = FlowKind.RATE_RESET if reset.looked_at else FlowKind.RATE_AGREED
            yield self._still(reset.day, kind)

    def _instalments_fixed(self) -> Iterator[Move]:
        """A level payment is known the day before its first date, and changes with the rate."""
        terms = self.facts.terms
        if terms.schedule_kind is not ScheduleKind.ANNUITY:
            return
        firsts = [period.end for period in self.periods if carries_principal(terms, period)]
        if terms.given_instalment is None and firsts:
            yield self._still(firsts[0] - _NIGHT, FlowKind.INSTALMENT_FIXED)
        if terms.given_instalment is None or terms.instalment_follows_rate:
            for reset in self.resets:
                yield self._still(reset.day, FlowKind.INSTALMENT_FIXED)

    def _readings(self) -> Iterator[Move]:
        """Days on which an index is read, or a lagged base of interest is taken anew."""
        terms = self.facts.terms
        last_day = terms.maturity_date or self.periods[-1].end
        if self.index is not None:
            for day in self.index.cycle.dates(before=last_day, end_of_month=terms.end_of_month):
                yield self._still(day, FlowKind.INDEX_READ)
        cycle = terms.interest_base_cycle
        if terms.interest_base is InterestBase.LAGGED and cycle is not None:
            for day in cycle.dates(before=last_day, end_of_month=terms.end_of_month):
                yield self._still(day, FlowKind.BASE_TAKEN)
