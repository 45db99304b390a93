"""The projection of a loan whose plan follows what has happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from gbese.core.accruals.claims import Segment
from gbese.core.calendars.clocks import Clock
from gbese.core.calendars.day_counts import DayCount, clock_for
from gbese.core.calendars.periods import Period
from gbese.core.contracts.progressive import InterestMethod, Owed, ProgressiveTerms
from gbese.core.money import round_minor
from gbese.core.projections.facts import METHOD, LoanFacts, standing_events
from gbese.core.projections.rows import Cause, Interval, IntervalKind, Life, Projection, Step
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.schedules.progressive.periods import Stretch
from gbese.core.servicing.events import Component, Drawn, LoanEvent
from gbese.core.servicing.progressive.history import life_of
from gbese.core.servicing.progressive.instalments import PARTS, Instalment
from gbese.core.servicing.progressive.loan import ProgressiveLoan
from gbese.core.servicing.progressive.postings import Posting, PostingKind

_COMPONENTS = {
    Owed.PRINCIPAL: Component.PRINCIPAL,
    Owed.INTEREST: Component.INTEREST,
    Owed.FEE: Component.FEE,
    Owed.PENALTY: Component.PENALTY,
}
_GOES_BACK = {PostingKind.CHARGEBACK, PostingKind.CREDIT_BALANCE_REFUND}
_FINEST_DENOMINATOR = 10**9  # a rate factor is a fraction of small whole numbers


def project_progressive(facts: LoanFacts, agreed: ProgressiveTerms) -> Projection:
    """What will happen to a progressive loan if nothing more is recorded.

    Principal that is late goes on costing interest up to the last due date. Rows of the plan are
    those of the last day on which something was recorded.
    """
    events = standing_events(facts.events)
    expected = Drawn(number=0, value_date=facts.terms.interest_from, amount=facts.terms.principal)
    today = events[-1].value_date if events else facts.terms.interest_from
    planned = life_of(facts.terms, agreed, events, expected=expected, follow_to=today)
    maturity = planned.plan.periods.last.due
    loan = life_of(facts.terms, agreed, events, expected=expected, follow_to=max(maturity, today))
    rows = _Rows(loan, events)
    rows.gather()
    return Projection(
        currency=facts.terms.currency,
        rounding=agreed.plan.rounding,
        segments=tuple(rows.segments),
        steps=tuple(sorted(rows.steps, key=lambda step: step.day)),
        intervals=tuple(_intervals(loan)),
        plan=tuple(_plan(planned)),
        horizon=None,
        method=METHOD,
    )


@dataclass(slots=True)
class _Rows:
    """Segments and steps as they are gathered from a loan."""

    loan: ProgressiveLoan
    events: tuple[LoanEvent, ...]
    segments: list[Segment] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def gather(self) -> None:
        if not self.loan.drawn:
            return
        for posting in self.loan.postings:
            self._post(posting)
        for settled in self.loan.settled:
            claim = self._claim(settled.instalment)
            self._step(
                settled.day,
                _COMPONENTS[settled.owed],
                Cause.PAID,
                settled.amount,
                claim=claim,
                event=settled.event,
            )
        for instalment in self.loan.instalments:
            self._levies(instalment)
            self._dues(instalment)
            self._interest(instalment)
        self._even_out()

    def _post(self, posting: Posting) -> None:
        day, event = posting.day, posting.event
        principal = posting.parts[Owed.PRINCIPAL]
        match posting.kind:
            case PostingKind.DISBURSEMENT:
                self._step(day, Component.PRINCIPAL, Cause.DRAWN, posting.amount, event=event)
            case PostingKind.CREDIT_BALANCE_REFUND:
                self._step(day, Component.PRINCIPAL, Cause.DRAWN, principal, event=event)
                self._step(day, None, Cause.REFUNDED, posting.amount - principal, event=event)
            case PostingKind.CHARGEBACK:
                self._step(day, None, Cause.REFUNDED, posting.amount, event=event)
                for owed in PARTS:
                    part = -posting.parts[owed]
                    self._step(day, _COMPONENTS[owed], Cause.DUE, part, event=event)
                    self._step(day, _COMPONENTS[owed], Cause.PAID, part, event=event)
            case PostingKind.CHARGE_OFF:
                pass  # all is still owed
            case PostingKind.CHARGE_WAIVER | PostingKind.WRITE_OFF:
                self._give_up(posting)
            case _:
                self._step(day, None, Cause.RECEIVED, posting.amount, event=event)

    def _give_up(self, posting: Posting) -> None:
        is_waiver = posting.kind is PostingKind.CHARGE_WAIVER
        cause = Cause.WAIVED if is_waiver else Cause.WRITTEN_OFF
        for owed in PARTS:
            amount = posting.parts[owed] + posting.given_up[owed]
            if owed is Owed.INTEREST and not is_waiver:
                amount = self._interest_unpaid(posting.day)
            self._step(posting.day, _COMPONENTS[owed], cause, amount, event=posting.event)

    def _interest_unpaid(self, day: date) -> int:
        paid = sum(each.amount for each in self.loan.settled if each.owed is Owed.INTEREST)
        return max(self.loan.earned_by(day)[Owed.INTEREST] - paid, 0)

    def _levies(self, instalment: Instalment) -> None:
        for levy in instalment.levies:
            paid = [
                each.day
                for each in self.loan.settled
                if each.instalment is instalment and each.owed is levy.owed
            ]
            day = min([max(levy.submitted_on, instalment.start), *paid])
            self._step(
                day,
                _COMPONENTS[levy.owed],
                Cause.ACCRUED,
                levy.amount,
                claim=self._claim(instalment),
                event=levy.number,
            )

    def _dues(self, instalment: Instalment) -> None:
        """What is paid ahead falls due when it is paid, the rest on the due date."""
        claim, written_off = self._claim(instalment), self.loan.written_off_on
        for owed in (Owed.PRINCIPAL, Owed.INTEREST, Owed.FEE):
            left = instalment.charged[owed]
            if owed is Owed.PRINCIPAL:
                left -= instalment.refunded
            for settled in self.loan.settled:
                if (
                    settled.instalment is instalment
                    and settled.owed is owed
                    and (settled.day < instalment.due)
                ):
                    left -= settled.amount
                    self._step(
                        settled.day,
                        _COMPONENTS[owed],
                        Cause.DUE,
                        settled.amount,
                        claim=claim,
                        event=settled.event,
                    )
            day = instalment.due if written_off is None else min(instalment.due, written_off)
            self._step(day, _COMPONENTS[owed], Cause.DUE, left, claim=claim, event=0)

    def _interest(self, instalment: Instalment) -> None:
        period, ended = instalment.period, self.loan.written_off_on
        if period is None:
            return
        flat = self.loan.agreed.plan.interest_method is InterestMethod.FLAT
        for stretch in period.stretches:
            base = self.loan.drawn if flat else stretch.balance
            if stretch.is_paused or not stretch.days or not base or not stretch.factor_to_due:
                continue
            end = stretch.end if ended is None else min(stretch.end, ended)
            if stretch.start < end:
                segment = _segment(self._claim(instalment), stretch, period.due, base, end)
                self.segments.append(segment)

    def _even_out(self) -> None:
        """The last due date takes the difference of what was asked for from what was earned."""
        if self.loan.written_off_on is not None:
            return
        exact: dict[int, Fraction] = {}
        for segment in self.segments:
            earned = segment.accrued(date.max)
            exact[segment.claim] = exact.get(segment.claim, Fraction(0)) + earned
        rounding = self.loan.agreed.plan.rounding
        earned_in_all = sum(
            round_minor(each.numerator, each.denominator, rounding) for each in exact.values()
        )
        last = self.loan.planned[-1]
        difference = self.loan.earned()[Owed.INTEREST] - earned_in_all
        claim = self._claim(last)
        self._step(last.due, Component.INTEREST, Cause.ACCRUED, difference, claim=claim, event=0)

    def _claim(self, instalment: Instalment) -> int:
        return self.loan.instalments.index(instalment) + 1

    def _step(
        self,
        day: date,
        component: Component | None,
        cause: Cause,
        amount: int,
        *,
        event: int,
        claim: int = 0,
    ) -> None:
        if amount:
            self.steps.append(Step(day, component, cause, amount, claim, event))


def _segment(claim: int, stretch: Stretch, due: date, base: int, end: date) -> Segment:
    clock = _days_clock(stretch.start)
    cost = Fraction(stretch.factor_to_due).limit_denominator(_FINEST_DENOMINATOR)
    rate = cost * clock.denominator / (due - stretch.start).days
    return Segment(
        Component.INTEREST,
        claim,
        base,
        rate.numerator,
        rate.denominator,
        clock,
        stretch.start,
        end,
    )


def _days_clock(start: date) -> Clock:
    return clock_for(DayCount.ACT_365F, period=Period(start, date.max))


def _plan(loan: ProgressiveLoan) -> Iterator[PlannedInstalment]:
    out = loan.drawn or loan.expected
    for number, instalment in enumerate(loan.instalments, start=1):
        out = max(out - instalment.charged[Owed.PRINCIPAL] + instalment.credited_principal, 0)
        yield PlannedInstalment(
            number=number,
            period_start=instalment.start,
            period_end=instalment.due,
            due_date_adjusted=instalment.due,
            principal=instalment.charged[Owed.PRINCIPAL],
            interest=instalment.charged[Owed.INTEREST],
            fee=instalment.charged[Owed.FEE],
            outstanding_after=out,
            is_expected=False,
        )


def _intervals(loan: ProgressiveLoan) -> Iterator[Interval]:
    if loan.first_drawn_on is None:
        yield Interval(IntervalKind.LIFE, loan.plan.periods[0].start, None, Life.UNDRAWN)
        return
    days = sorted(
        {
            loan.first_drawn_on,
            *(each.due for each in loan.instalments),
            *(each.day for each in loan.settled),
            *([loan.written_off_on] if loan.written_off_on else []),
        }
    )
    days = [day for day in days if day >= loan.first_drawn_on]
    for kind, told in ((IntervalKind.LIFE, _life), (IntervalKind.OLDEST_UNPAID, _oldest)):
        start, held = days[0], told(loan, days[0])
        for day in days[1:]:
            fact = told(loan, day)
            if fact != held:
                if held:
                    yield Interval(kind, start, day, held)
                start, held = day, fact
        if held:
            yield Interval(kind, start, None, held)


def _life(loan: ProgressiveLoan, day: date) -> str:
    if loan.written_off_on is not None and day >= loan.written_off_on:
        return Life.WRITTEN_OFF
    drawn_later = any(
        posting.day > day
        for posting in loan.postings
        if posting.kind in {PostingKind.DISBURSEMENT, *_GOES_BACK}
    )
    if drawn_later or any(_unpaid_on(loan, each, day) for each in loan.instalments):
        return Life.ACTIVE
    return Life.SETTLED


def _oldest(loan: ProgressiveLoan, day: date) -> str:
    if loan.written_off_on is not None and day >= loan.written_off_on:
        return ""
    late = [
        each.due for each in loan.instalments if each.due <= day and _unpaid_on(loan, each, day)
    ]
    return min(late).isoformat() if late else ""


def _unpaid_on(loan: ProgressiveLoan, instalment: Instalment, day: date) -> bool:
    paid = sum(
        each.amount for each in loan.settled if each.instalment is instalment and each.day <= day
    )
    given_up = sum(instalment.waived.values()) + instalment.refunded
    return instalment.asked - given_up > paid
