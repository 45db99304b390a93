"""The loan whose figures are derived, and what its rows and facts say of each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from gbese.core.accruals.claims import Segment
from gbese.core.accruals.rate_path import RatePath
from gbese.core.accruals.resets import rate_resets
from gbese.core.calendars.clocks import Clock
from gbese.core.contracts.terms import Terms
from gbese.core.derivations.steps import event_fact, instalment_fact, leaf
from gbese.core.derivations.tree import About, Derivation, Fact, FactKind, Unit
from gbese.core.money import round_minor
from gbese.core.projections.facts import LoanFacts, standing_events
from gbese.core.projections.position import Position, position
from gbese.core.projections.project import project_with_plannings
from gbese.core.projections.rows import Cause, Projection, Step
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.schedules.interest_periods import (
    InterestPeriod,
    clock_after_maturity,
    interest_periods,
)
from gbese.core.schedules.plan import Planning
from gbese.core.servicing.events import (
    Amended,
    Component,
    Drawn,
    LoanEvent,
    Opened,
    RateSet,
    Received,
    Restated,
)
from gbese.core.status.trouble import StatusPolicy

ClaimKey = tuple[Component, int]


@dataclass(frozen=True)
class LoanRows:
    """A loan's facts, the projection whose figures are explained, and look-ups in both."""

    facts: LoanFacts
    projection: Projection
    policy: StatusPolicy

    @cached_property
    def events(self) -> dict[int, LoanEvent]:
        """The events that count, by number, in the order in which they happened."""
        return {event.number: event for event in standing_events(self.facts.events)}

    @cached_property
    def plan(self) -> dict[int, PlannedInstalment]:
        """The rows of the plan by number."""
        return {row.number: row for row in self.projection.plan}

    @cached_property
    def segments(self) -> dict[ClaimKey, list[Segment]]:
        """All segments by claim, each claim's from first to last."""
        claims: dict[ClaimKey, list[Segment]] = {}
        for segment in sorted(self.projection.segments, key=lambda one: one.start):
            claims.setdefault((segment.component, segment.claim), []).append(segment)
        return claims

    @cached_property
    def plannings(self) -> tuple[Planning, ...]:
        """Every time principal was spread over instalments, in order."""
        _, plannings = project_with_plannings(self.facts)
        return plannings

    @cached_property
    def last_known_day(self) -> date:
        """The day the plan was made on: of the last event; of the agreement where there is none."""
        days = [event.value_date for event in self.events.values()]
        return max(days, default=self.facts.terms.interest_from)

    @cached_property
    def taken_over(self) -> frozenset[int]:
        """The events that took the loan over."""
        return frozenset(n for n, event in self.events.items() if isinstance(event, Opened))

    def terms_on(self, day: date) -> tuple[Terms, int]:
        """The terms in force on a day, and the number of the amendment; 0 for the agreement."""
        found, version = self.facts.terms, 0
        for event in self.events.values():
            if isinstance(event, Amended) and event.value_date <= day:
                found, version = event.terms, event.number
        return found, version

    def rates_on(self, day: date) -> tuple[RatePath, RateSet | None]:
        """The rates that hold on a day, and the event that set one, if any."""
        path = RatePath(self.facts.terms.rate, self.facts.shared.fixings)
        latest: RateSet | None = None
        for event in self.events.values():
            if event.value_date > day:
                break
            if isinstance(event, RateSet):
                path.set_rate(event.value_date, event.rate)
                latest = event
            elif isinstance(event, Amended):
                path.amend(event.value_date, event.terms.rate)
                if latest is not None and latest.value_date < event.value_date:
                    latest = None
        terms, _ = self.terms_on(day)
        last_day = terms.maturity_date or self.facts.open_ended_until or date.max
        calendar = self.facts.shared.calendar
        path.resets = rate_resets(terms, self.facts.shared.fixings, calendar, last_day=last_day)
        return path, latest

    def accrued(self, key: ClaimKey, day: date) -> int:
        """What a claim has accrued by a day, rounded once, in minor units."""
        segments = self.segments.get(key, [])
        exact = sum((segment.accrued(day) for segment in segments), Fraction(0))
        return round_minor(exact.numerator, exact.denominator, self.projection.rounding)

    def claims_begun(self, component: Component, day: date) -> list[int]:
        """The numbers of the claims that have accrued something by a day."""
        return [
            number
            for (of, number), segments in self.segments.items()
            if of is component and segments[0].start < day
        ]

    def drawings(self, day: date) -> list[tuple[LoanEvent, int]]:
        """The events by which principal was drawn up to a day, and how much, in minor units."""
        found: list[tuple[LoanEvent, int]] = []
        for event in self.events.values():
            if event.value_date > day:
                continue
            match event:
                case Drawn(amount=amount) | Opened(drawn=amount) | Restated(drawn=amount):
                    found.append((event, amount.minor))
                case _:
                    pass
        return found

    def owed_by(self, claim: int) -> list[int]:
        """The places among what has fallen due of a claim; a claim below zero is one by itself."""
        if claim < 0:
            return [-claim]
        places = [
            step.owed
            for step in self.projection.steps
            if step.claim == claim and step.owed and step.cause is Cause.DUE
        ]
        return list(dict.fromkeys(places))

    def clock_of(self, claim: int, day: date) -> Clock:
        """How days count in an interest period of the terms in force; after the last, as then."""
        if (period := self.period_of(claim, day)) is not None:
            return period.clock
        terms, _ = self.terms_on(day)
        periods = self.periods_on(day)
        start = periods[-1].end if periods else day
        return clock_after_maturity(terms, start, self.facts.shared.calendar)

    def period_of(self, claim: int, day: date) -> InterestPeriod | None:
        """An interest period of the terms in force on a day; None after the last."""
        row = self.plan.get(claim)
        for period in self.periods_on(day) if row is not None else ():
            if row is not None and (period.start, period.end) == (row.period_start, row.period_end):
                return period
        return None

    def periods_on(self, day: date) -> tuple[InterestPeriod, ...]:
        """The periods of the terms in force on a day."""
        terms, version = self.terms_on(day)
        if version not in self._periods:
            calendar, until = self.facts.shared.calendar, self.facts.open_ended_until
            self._periods[version] = interest_periods(terms, calendar, until=until)
        return self._periods[version]

    @cached_property
    def _periods(self) -> dict[int, tuple[InterestPeriod, ...]]:
        """Of each version of the terms that was asked for."""
        return {}

    def term(self, name: str, day: date) -> Fact:
        """A term of the contract as it stood on a day."""
        return Fact(FactKind.TERM, name, self.terms_on(day)[1])

    def behind(self, step: Step) -> Fact:
        """What a movement rests on: its event, its instalment, or the end of the contract."""
        if step.event:
            return event_fact(step.event)
        if step.claim in self.plan:
            return instalment_fact(step.claim)
        return self.term("maturity_date", date.max)

    def rounding(self, day: date) -> Derivation:
        """The contract's rounding."""
        return leaf("rounding", self.projection.rounding, self.term("rounding", day))


@dataclass(frozen=True)
class Subject:
    """A loan at the end of a date."""

    loan: LoanRows
    on: date

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """What has moved up to the date."""
        return tuple(step for step in self.loan.projection.steps if step.day <= self.on)

    @cached_property
    def position(self) -> Position:
        """The loan at the date."""
        return position(self.loan.projection, self.on)

    def at(self, on: date) -> Subject:
        """The same loan on another date."""
        return Subject(self.loan, on)

    def payments(self) -> Iterator[Received]:
        """The payments up to the date."""
        for event in self.loan.events.values():
            if isinstance(event, Received) and event.value_date <= self.on:
                yield event

    def day(self, name: str, day: date) -> Derivation:
        """A day, by whatever makes it a day of change."""
        return leaf(name, day, self._maker_of(day))

    def _maker_of(self, day: date) -> Fact:
        if day == self.on:
            return Fact(FactKind.ASKED, day.isoformat())
        for row in self.loan.projection.plan:
            if day in {row.period_start, row.period_end, row.due_date_adjusted}:
                return instalment_fact(row.number)
        for event in self.loan.events.values():
            if event.value_date == day:
                return event_fact(event.number)
        fixings = self.loan.facts.shared.fixings
        if fixings is not None and any(row.valid_on == day for row in fixings.rows):
            return Fact(FactKind.FIXING, f"{fixings.series}/{day.isoformat()}")
        if self.loan.terms_on(day)[0].penalty is not None:
            return self.loan.term("penalty", day)
        return self.loan.term("frequency", day)


def money_of(step: Step) -> About:
    """What a movement is about."""
    return About(
        day=step.day,
        instalment=step.claim if step.claim > 0 else None,
        component=step.component.value if step.component else "",
    )


def number_leaf(name: str, number: int, fact: Fact) -> Derivation:
    """A plain number read off a fact."""
    return leaf(name, number, fact, unit=Unit.NUMBER)
