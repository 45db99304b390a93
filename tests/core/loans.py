"""Loans for tests: terms by keyword, events numbered as they are recorded, positions as amounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from gbese.core.calendars.business_days import EVERY_DAY, Calendar
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import MONTHLY, Frequency
from gbese.core.contracts.terms import (
    PenaltyBase,
    PenaltyTerms,
    PenaltyTier,
    PlannedPrincipal,
    RateTerms,
    ScheduleKind,
    Terms,
)
from gbese.core.money import Currency, Money, money_from_text
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.position import Position, position
from gbese.core.projections.project import project
from gbese.core.projections.rows import Cause, Projection
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
    ReversalReason,
    Reversed,
    SurplusUse,
    Waived,
    WrittenOff,
)

NGN, KZT, JPY, KWD = Currency("NGN", 2), Currency("KZT", 2), Currency("JPY", 0), Currency("KWD", 3)
CLF = Currency("CLF", 4)
P, I, F, N = Component.PRINCIPAL, Component.INTEREST, Component.FEE, Component.PENALTY  # noqa: E741


def money(amount: str, currency: Currency = NGN) -> Money:
    """`money("1,200.50")`: as people write it."""
    return money_from_text(amount.replace(",", ""), currency)


def day(text: str) -> date:
    return date.fromisoformat(text)


def terms_of(
    principal: str,
    rate: str | RateTerms,
    *,
    start: str,
    first_due: str,
    maturity: str | None,
    frequency: Frequency = MONTHLY,
    kind: ScheduleKind = ScheduleKind.ANNUITY,
    day_count: DayCount = DayCount.ACT_365F,
    currency: Currency = NGN,
    custom: Sequence[tuple[str, str]] = (),
    balloon: str | None = None,
    **more: Any,
) -> Terms:
    """Terms signed on the day interest starts; `rate` is a fraction a year."""
    return Terms(
        currency=currency,
        principal=money(principal, currency),
        signed_on=day(start),
        interest_from=day(start),
        first_due_date=day(first_due),
        maturity_date=day(maturity) if maturity else None,
        frequency=frequency,
        schedule_kind=kind,
        rate=rate if isinstance(rate, RateTerms) else RateTerms(fixed=Decimal(rate)),
        day_count=day_count,
        custom_principal=tuple(
            PlannedPrincipal(day(due), money(part, currency)) for due, part in custom
        ),
        balloon=money(balloon, currency) if balloon else None,
        **more,
    )


def penalty_of(
    *tiers: tuple[int, str],
    base: PenaltyBase = PenaltyBase.OVERDUE_PRINCIPAL,
    grace_days: int = 0,
    cap: str | None = None,
    cap_is_yearly: bool = False,
) -> PenaltyTerms:
    """Tiers as (first day late, rate a day)."""
    return PenaltyTerms(
        tiers=tuple(PenaltyTier(from_day, Decimal(rate)) for from_day, rate in tiers),
        base=base,
        grace_days=grace_days,
        cap_of_principal=Decimal(cap) if cap else None,
        cap_is_yearly=cap_is_yearly,
    )


class Story:
    """One loan and what happens to it, told in the order of recording."""

    def __init__(
        self,
        terms: Terms,
        *,
        calendar: Calendar = EVERY_DAY,
        fixings: Iterable[tuple[str, str]] = (),
        fixed_to: str | None = None,
        max_age_days: int = 366,
        open_ended_until: str | None = None,
    ) -> None:
        self.terms = terms
        self.events: list[LoanEvent] = []
        rows = tuple(Fixing(day(on), Decimal(rate)) for on, rate in fixings)
        known_to = day(fixed_to) if fixed_to else None
        series = Fixings("REF", "made up", rows, max_age_days, known_to)
        self.shared = SharedFacts(calendar=calendar, fixings=series if rows else None)
        self.open_ended_until = day(open_ended_until) if open_ended_until else None
        self._numbers = count(1)
        self._cache: Projection | None = None

    def drawn(self, on: str, amount: str | None = None) -> Story:
        lent = self._money(amount) if amount else self.terms.principal
        return self.tell(Drawn(**self._head(on), amount=lent))

    def paid(
        self,
        on: str,
        amount: str,
        surplus: SurplusUse = SurplusUse.HOLD,
        instruction: Sequence[tuple[Component, str]] = (),
    ) -> Story:
        parts = tuple((component, self._money(part)) for component, part in instruction)
        return self.tell(
            Received(
                **self._head(on), amount=self._money(amount), surplus=surplus, instruction=parts
            )
        )

    def charged(self, on: str, component: Component, amount: str) -> Story:
        return self.tell(
            Charged(
                **self._head(on),
                component=component,
                amount=self._money(amount),
                charge_kind="other",
            )
        )

    def waived(self, on: str, component: Component, amount: str) -> Story:
        return self.tell(Waived(**self._head(on), component=component, amount=self._money(amount)))

    def written_off(self, on: str) -> Story:
        return self.tell(WrittenOff(**self._head(on)))

    def refunded(self, on: str, amount: str) -> Story:
        return self.tell(Refunded(**self._head(on), amount=self._money(amount)))

    def rate_set(self, on: str, rate: str) -> Story:
        return self.tell(RateSet(**self._head(on), rate=Decimal(rate)))

    def amended(self, on: str, terms: Terms, *, is_restructuring: bool = False) -> Story:
        return self.tell(Amended(**self._head(on), terms=terms, is_restructuring=is_restructuring))

    def opened(self, on: str, principal: str, **more: str | None) -> Story:
        """Taken over; amounts not named are zero."""
        zero = self._money("0")
        since = more.pop("overdue_since", None)
        amounts = {name: self._money(amount) for name, amount in more.items() if amount}
        names = ("principal_overdue", "interest_accrued", "interest_overdue", "fee_overdue")
        for name in (*names, "penalty_overdue", "drawn", "repaid"):
            amounts.setdefault(name, zero)
        return self.tell(
            Opened(
                **self._head(on),
                principal=self._money(principal),
                overdue_since=day(since) if since else None,
                **amounts,
            )
        )

    def restated(
        self, on: str, *, drawn: str = "0", repaid: str = "0", adjustment: str = "0"
    ) -> Story:
        return self.tell(
            Restated(
                **self._head(on),
                drawn=self._money(drawn),
                repaid=self._money(repaid),
                adjustment=self._money(adjustment),
                adjustment_reason="statement",
            )
        )

    def reversed(self, on: str, number: int) -> Story:
        return self.tell(
            Reversed(**self._head(on), reverses=number, reason=ReversalReason.WRONG_AMOUNT)
        )

    def tell(self, event: LoanEvent) -> Story:
        self.events.append(event)
        self._cache = None
        return self

    @property
    def last(self) -> int:
        """The number of the event told last."""
        return self.events[-1].number

    @property
    def facts(self) -> LoanFacts:
        return LoanFacts(
            terms=self.terms,
            events=tuple(self.events),
            shared=self.shared,
            open_ended_until=self.open_ended_until,
        )

    @property
    def projection(self) -> Projection:
        if self._cache is None:
            self._cache = project(self.facts)
        return self._cache

    def on(self, text: str) -> Position:
        return position(self.projection, day(text))

    def owed(self, on: str, component: Component) -> str:
        return self.on(on).owed(component).plain()

    def total(self, on: str, component: Component | None, cause: Cause) -> str:
        return self.on(on).total(component, cause).plain()

    def accrued(self, component: Component, after: str, until: str) -> str:
        """What a component earned in the nights between two dates."""
        earned = self.on(until).total(component, Cause.ACCRUED) - self.on(after).total(
            component, Cause.ACCRUED
        )
        return earned.plain()

    def rows(self) -> list[tuple[str, str, str, str]]:
        """The plan as (due date, interest, principal, principal still to fall due)."""
        return [
            (
                row.period_end.isoformat(),
                self._plain(row.interest),
                self._plain(row.principal),
                self._plain(row.outstanding_after),
            )
            for row in self.projection.plan
        ]

    def pay_off(self, on: str) -> Story:
        """Pay all that is owed at the end of a day, principal not due with it."""
        debt = self.on(on).debt.minor - self.on(on).unallocated.minor
        return self.tell(
            Received(
                **self._head(on),
                amount=Money(debt, self.terms.currency),
                surplus=SurplusUse.KEEP_TERM,
            )
        )

    def _head(self, on: str) -> dict[str, Any]:
        return {"number": next(self._numbers), "value_date": day(on)}

    def _money(self, amount: str) -> Money:
        return money(amount, self.terms.currency)

    def _plain(self, minor: int) -> str:
        return Money(minor, self.terms.currency).plain()


def days(after: date, until: date) -> Iterable[date]:
    """Each day after one date, up to another."""
    return (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
