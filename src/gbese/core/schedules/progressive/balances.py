"""The balances of a progressive plan: what its stretches earn and its periods ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import wraps
from typing import Concatenate, ParamSpec, Self, TypeVar, cast

from gbese.core.contracts.progressive import InterestMethod, PlanConventions
from gbese.core.money import Rounding, round_minor
from gbese.core.schedules.progressive.periods import (
    OverdueCorrection,
    PeriodRow,
    Periods,
    PlannedRate,
    PlanPeriod,
    Stretch,
)
from gbese.core.schedules.progressive.rate_factors import rate_factor

_Plan = TypeVar("_Plan", bound="PlanBalances")
_Given = ParamSpec("_Given")
_Said = TypeVar("_Said")


def precisely(
    method: Callable[Concatenate[_Plan, _Given], _Said],
) -> Callable[Concatenate[_Plan, _Given], _Said]:
    """Work in the plan's own precision, half to even, in every step."""

    @wraps(method)
    def working(plan: _Plan, *args: _Given.args, **kwargs: _Given.kwargs) -> _Said:
        with localcontext() as context:
            context.prec = plan.conventions.working_digits
            context.rounding = ROUND_HALF_EVEN
            return method(plan, *args, **kwargs)

    return cast("Callable[Concatenate[_Plan, _Given], _Said]", working)


@dataclass(slots=True)
class PlanBalances:
    """The periods of one loan's plan and how their balances move. Amounts in minor units."""

    conventions: PlanConventions
    periods: Periods
    rate: Decimal  # nominal, a fraction of one a year, until another is set
    rates: list[PlannedRate] = field(default_factory=list)
    is_draft: bool = False  # a copy that only finds the level payment
    overdue: list[OverdueCorrection] = field(default_factory=list)
    overdue_followed_to: date | None = None

    @precisely
    def rows(self) -> list[PeriodRow]:
        """What each period asks for."""
        rows: list[PeriodRow] = []
        deferred = 0
        for period in self.periods:
            row = self.row_after(period, deferred)
            rows.append(row)
            deferred = row.interest_deferred
        return rows

    def row(self, period: PlanPeriod) -> PeriodRow:
        """What one period asks for."""
        return self.rows()[self.periods.index(period)]

    @property
    def principal(self) -> int:
        """All principal that was drawn or came back."""
        moved = sum(
            stretch.drawn + stretch.capitalised + stretch.credited_principal
            for period in self.periods
            for stretch in period.stretches
        )
        return max(moved, 0)

    @property
    def credited_principal(self) -> int:
        """All principal that came back."""
        return sum(period.credited_principal for period in self.periods)

    @property
    def paid_principal(self) -> int:
        """All principal that was repaid."""
        return max(sum(period.paid_principal for period in self.periods), 0)

    @property
    def paid_interest(self) -> int:
        """All interest that was paid."""
        return max(sum(period.paid_interest for period in self.periods), 0)

    def interest(self) -> int:
        """All interest that is asked for."""
        return max(sum(row.interest for row in self.rows()), 0)

    def outstanding_after(self, period: PlanPeriod) -> int:
        """The balance when a period's payment has been made."""
        return self._balance_after(period, self.row(period))

    @precisely
    def earned(self, period: PlanPeriod, stretch: Stretch) -> Decimal:
        """What a stretch of a period earns, in minor units before rounding."""
        return self._earned(period, stretch)

    def copy(self) -> Self:
        """The same plan, free to be changed."""
        return replace(
            self,
            periods=self.periods.copy(),
            rates=list(self.rates),
            is_draft=False,
            overdue=list(self.overdue),
            overdue_followed_to=None,
        )

    def row_after(self, period: PlanPeriod, deferred: int) -> PeriodRow:
        earned = 0
        if not period.interest_is_pulled_away:
            exact = sum((self._earned(period, each) for each in period.stretches), Decimal(0))
            earned = whole(exact, self.conventions.rounding)
        earned = max(earned + period.interest_fixed + period.interest_pulled + deferred, 0)
        to_pay = period.to_pay
        if period.has_interest_grace:
            interest = period.paid_interest
        else:
            is_above = period.paid_principal > max(to_pay - earned, 0)
            interest = period.paid_interest if is_above else min(earned, to_pay)
            interest = max(interest, period.paid_interest)
        principal = max(to_pay - interest, 0, period.paid_principal)
        return PeriodRow(earned, interest, principal)

    def _earned(self, period: PlanPeriod, stretch: Stretch) -> Decimal:
        if stretch.is_paused:
            return Decimal(stretch.credited_interest)
        days_to_due = (period.due - stretch.start).days
        if not days_to_due:
            return max(Decimal(stretch.credited_interest), Decimal(0))
        base = stretch.balance
        if self.conventions.interest_method is InterestMethod.FLAT:
            base = self.drawn_by(period, stretch)
        earned = base * stretch.factor_to_due / days_to_due * stretch.days
        return max(stretch.credited_interest + earned, Decimal(0))

    def drawn_by(self, period: PlanPeriod, until: Stretch | None) -> int:
        drawn = period.drawn_before
        for stretch in period.stretches:
            if stretch is until:
                break
            if stretch.end != period.start:
                drawn += stretch.drawn + stretch.capitalised
        return drawn

    def _balance_after(self, period: PlanPeriod, row: PeriodRow) -> int:
        last = period.stretches[-1]
        return max(last.balance + last.moved + period.paid_principal - row.principal, 0)

    def carry_balances(self) -> None:
        """Carry the balance through all stretches."""
        deferred, carried = 0, None
        for period in self.periods:
            before: Stretch | None = None
            for stretch in period.stretches:
                if before is not None:
                    stretch.balance = max(before.balance + before.moved, 0)
                elif carried is not None:
                    stretch.balance = carried
                before = stretch
            row = self.row_after(period, deferred)
            deferred = row.interest_deferred
            if before is not None:
                carried = self._balance_after(period, row)

    def _rate_on(self, day: date) -> Decimal:
        known = [each for each in self.rates if each.start <= day]
        return max(reversed(known), key=lambda each: each.start).rate if known else self.rate

    def set_factors(self, periods: Sequence[PlanPeriod]) -> None:
        """What a unit costs in each stretch of some periods."""
        for period in periods:
            for stretch in period.stretches:
                stretch.factor = self._factor(period, stretch.start, stretch.end, None)
                stretch.factor_to_due = self._factor(
                    period, stretch.start, period.due, self.periods[0].start
                )

    def _factor(
        self, period: PlanPeriod, start: date, end: date, first_start: date | None
    ) -> Decimal:
        return rate_factor(
            self.conventions,
            self._rate_on(start),
            start=start,
            end=end,
            period_start=period.start,
            period_due=period.due,
            first_start=first_start,
        )

    def earn_nothing_after(self, day: date) -> None:
        """Nothing is earned after a day."""
        if current := self.periods.holding(day):
            is_first = current is self.periods[0]
            if (stretch := _stretch_holding(current, day, is_first=is_first)) is not None:
                stretch.end = day
        self.set_factors(self.periods.items)
        for period in self.periods:
            for stretch in period.stretches:
                if day < stretch.end:
                    stretch.factor = stretch.factor_to_due = Decimal(0)

    def end_stretch(self, period: PlanPeriod, day: date, *, is_first: bool) -> None:
        """The period ends on a day as far as interest is concerned."""
        stretch = _stretch_holding(period, day, is_first=is_first)
        if stretch is None:
            return
        stretch.end = day
        place = _place(period, stretch) + 1
        if place < len(period.stretches):
            following = period.stretches[place]
            stretch.credited_principal += following.credited_principal
            stretch.credited_interest += following.credited_interest
        del period.stretches[place:]

    def move_balance(
        self, day: date, *, drawn: int = 0, corrected: int = 0, capitalised: int = 0
    ) -> PlanPeriod | None:
        """The balance moves on a day; the period it lies in, where there is one."""
        period = self.periods.holding(day)
        if period is None or not period.stretches:
            return None
        stretch = self._ending_on(period, day)
        if stretch is None:
            stretch = self.cut(period, day)
        stretch.drawn += drawn
        stretch.capitalised += capitalised
        stretch.corrected += corrected
        return period

    def _ending_on(self, period: PlanPeriod, day: date) -> Stretch | None:
        if period is self.periods.last and day == period.due:
            last = period.stretches[-1]
            return last if not last.days else None
        return next((stretch for stretch in period.stretches if stretch.end == day), None)

    def cut(self, period: PlanPeriod, day: date) -> Stretch:
        """Cut the stretch a day lies in; its first part ends on the day."""
        holding = [each for each in period.stretches if each.start < day <= each.end]
        stretch = holding[-1] if holding else period.stretches[0]
        end = stretch.end
        stretch.end = min(max(day, stretch.start), stretch.end)
        rest = Stretch(stretch.end, end, is_paused=stretch.is_paused)
        period.stretches.insert(_place(period, stretch) + 1, rest)
        return stretch


def _stretch_holding(period: PlanPeriod, day: date, *, is_first: bool) -> Stretch | None:
    holding = [
        stretch
        for place, stretch in enumerate(period.stretches)
        if (stretch.start < day or (is_first and not place and stretch.start == day))
        and day <= stretch.end
    ]
    return holding[-1] if holding else None


def _place(period: PlanPeriod, stretch: Stretch) -> int:
    return next(place for place, each in enumerate(period.stretches) if each is stretch)


def whole(amount: Decimal, rounding: Rounding) -> int:
    """In whole minor units."""
    return round_minor(*amount.as_integer_ratio(), rounding)
