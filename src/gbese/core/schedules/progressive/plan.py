"""A progressive plan: level payments that follow the balance as it really moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gbese.core.schedules.progressive import levels
from gbese.core.schedules.progressive.balances import PlanBalances, precisely
from gbese.core.schedules.progressive.fitting import (
    after_correction,
    fit_last,
    level_ahead,
    pull_interest,
)
from gbese.core.schedules.progressive.levels import due_from_change, level_anew
from gbese.core.schedules.progressive.periods import (
    OverdueCorrection,
    PeriodRow,
    PlannedRate,
    PlanPeriod,
    Stretch,
)

_NIGHT = timedelta(days=1)


@dataclass(slots=True)
class ProgressivePlan(PlanBalances):
    """The plan of one loan; each method is one thing that happens to it. Amounts in minor units.

    Source: docs/methods/progressive.md.
    """

    @precisely
    def draw(self, day: date, amount: int, *, is_capitalised: bool = False) -> None:
        """Money is drawn, or a fee joins the principal: the level payment is found anew."""
        levels.draw(self, day, amount, is_capitalised=is_capitalised)

    def earned_in(self, period: PlanPeriod, nights: int) -> int:
        """The interest that the first nights of a period have earned."""
        plan = self.as_of(period.start + nights * _NIGHT)
        return plan.row(plan.periods[self.periods.index(period)]).interest_earned

    def earned_in_night(self, period: PlanPeriod, night: int) -> int:
        """The interest of one night of a period, the first is 1; whole minor units add up."""
        return self.earned_in(period, night) - self.earned_in(period, night - 1)

    @precisely
    def change_rate(self, day: date, rate: Decimal) -> None:
        """A new nominal rate holds from the night before a day."""
        day -= _NIGHT
        self.rates.append(PlannedRate(day, rate))
        if period := self.move_balance(day):
            level_anew(self, due_from_change(self, period, day), is_actual=True, day=day)

    @precisely
    def lengthen(self, day: date, dates: Sequence[tuple[date, date]]) -> None:
        """Periods are added at the end; the level payment is found anew from a day on."""
        last = self.periods.last
        for start, due in dates:
            added = PlanPeriod(start, due, [Stretch(start, due)])
            added.drawn_before = last.drawn_before
            self.periods.items.append(added)
        if period := self.move_balance(day - _NIGHT):
            level_anew(self, due_from_change(self, period, day - _NIGHT), is_actual=True, day=day)

    @precisely
    def move_due_dates(self, due: date, dates: Sequence[date]) -> None:
        """The period due on `due` and those after it fall due on other dates."""
        target = self.periods.holding(due)
        if target is None:
            return
        place = self.periods.index(target)
        start = target.start
        for period, new_due in zip(self.periods.items[place:], dates, strict=True):
            period.start, period.due = start, new_due
            if start != period.stretches[0].start:
                period.stretches[0].start = start
            period.stretches[-1].end = new_due
            start = new_due
        self.set_factors(self.periods.due_from(due))
        self.carry_balances()
        fit_last(self, due)

    @precisely
    def pause(self, start: date, end: date) -> None:
        """No interest is earned from the night before `start` up to `end`."""
        affected = [period for period in self.periods if period.start < end and period.due >= start]
        for period in affected:
            first = max(start - _NIGHT, period.start)
            last = min(end, period.due)
            if not any(stretch.start == first for stretch in period.stretches):
                self.cut(period, first)
            if not any(stretch.end == last for stretch in period.stretches):
                self.cut(period, last)
            for stretch in period.stretches:
                if stretch.start >= first and stretch.end <= last:
                    stretch.is_paused = True
        if affected:
            self.set_factors(self.periods.due_from(affected[0].start))
            self.carry_balances()
            fit_last(self, affected[0].start)

    @precisely
    def end_on(self, day: date) -> None:
        """Nothing is earned after a day, and the period it lies in asks for all that is left."""
        last = self.periods.holding(day)
        if last is None:
            return
        self.pause(day + _NIGHT, self.periods.last.due)
        place = self.periods.index(last) + 1
        for dropped in self.periods.items[place:]:
            last.paid_principal += dropped.paid_principal
            last.paid_interest += dropped.paid_interest
            last.level += dropped.level
        del self.periods.items[place:]
        self.carry_balances()
        fit_last(self, day)

    @precisely
    def correct_balance(self, day: date, amount: int) -> None:
        """The balance moves by an amount from a day on; negative is principal repaid ahead."""
        if period := self.move_balance(day, corrected=amount):
            after_correction(self, period, day)

    @precisely
    def credit(self, day: date, *, principal: int = 0, interest: int = 0) -> None:
        """Principal or interest comes back: a payment returned, or a refund beyond the surplus."""
        if not (period := self.move_balance(day, corrected=principal)):
            return
        holding = [
            period
            for period in self.periods
            if period.start <= day
            and (day < period.due or (period is self.periods.last and day == period.due))
        ]
        stretches = [
            stretch for stretch in (holding[0].stretches if holding else ()) if stretch.start == day
        ]
        if stretches:
            stretches[-1].credited_principal += principal
            stretches[-1].credited_interest += interest
        after_correction(self, period, day)

    @precisely
    def pay_interest(self, period: PlanPeriod, day: date, amount: int) -> None:
        """Interest of a period is paid; never more in all than is asked for."""
        unpaid = [other for other in self.periods if not other.is_fully_paid]
        if (
            unpaid
            and unpaid[-1] is not self.periods.last
            and day >= unpaid[-1].due
            and unpaid[-1] is period
        ):
            pull_interest(self, period, day)
        interest, paid = self.interest(), self.paid_interest
        period.paid_interest += min(amount, interest - paid) if paid + amount > interest else amount
        self.carry_balances()
        fit_last(self, day)

    @precisely
    def pay_principal(self, period: PlanPeriod, day: date, amount: int) -> None:
        """Principal of a period is repaid; paid late, it counts from the due date."""
        if not amount:
            return
        principal, paid = self.principal, self.paid_principal
        limit = principal + self.credited_principal
        period.paid_principal += principal - paid if paid + amount > limit else amount
        counted_from = min(period.due, day)
        if moved := self.move_balance(counted_from, corrected=-amount):
            after_correction(self, moved, counted_from)
        if sum(not other.is_fully_paid for other in self.periods) > 1 and day < period.start:
            is_above = period.paid > period.to_pay
            if is_above or period.paid == period.level_agreed + period.credited:
                period.level = period.paid - period.credited
        fit_last(self, counted_from)

    @precisely
    def follow_overdue(self, day: date, *, to_due_date: bool) -> bool:
        """Principal not repaid in time goes on bearing interest up to a day; did that change it?

        With `to_due_date` it does so up to the end of the period the day lies in.
        """
        day = min(day, self.periods.last.due)
        late = [period for period in self.periods if period.due < day]
        if not late:
            return False
        changed = False
        overdue = gathered = 0
        for period in late:
            if overdue:
                changed |= self._follow_in(period, day, overdue, gathered, to_due_date=to_due_date)
            overdue = max(self.row(period).principal - period.paid_principal, 0)
            gathered += overdue
        current = self.periods.holding(day) or self.periods.last
        changed |= self._follow_in(current, day, overdue, gathered, to_due_date=to_due_date)
        if gathered and (self.overdue_followed_to is None or self.overdue_followed_to < day):
            self.overdue_followed_to = day
        return changed

    @precisely
    def as_of(self, day: date) -> ProgressivePlan:
        """The plan as if nothing were earned after a day."""
        plan = self.copy()
        items = plan.periods.items
        if day < items[0].start:
            for period in items:
                period.stretches.clear()
            return plan
        current = plan.periods.holding(day)
        if day >= plan.periods.last.due or current is None:
            return plan
        for place, period in enumerate(items):
            if period.due <= day:
                continue
            if period is current:
                plan.end_stretch(period, day, is_first=place == 0)
            elif (
                place
                and items[place - 1] is current
                and (
                    period.stretches[0].credited_interest > 0
                    or period.stretches[0].credited_principal > 0
                )
            ):
                period.stretches[0].end = period.stretches[0].start
                del period.stretches[1:]
            else:
                period.stretches.clear()
        plan.set_factors(items)
        plan.carry_balances()
        fit_last(plan, day)
        return plan

    @precisely
    def payable_ahead(self, period: PlanPeriod, day: date, *, is_vertical: bool) -> PeriodRow:
        """The most that may be paid of a period on a day before it is due."""
        plan = self.as_of(day)
        copied = plan.periods[self.periods.index(period)]
        unpaid = sum(not other.is_fully_paid for other in plan.periods)
        if day <= copied.start:
            level_ahead(plan, copied, unpaid)
        row = plan.row(copied)
        if not is_vertical:
            return row
        principal = copied.to_pay if unpaid > 1 else row.principal
        return PeriodRow(
            row.interest_earned,
            min(row.interest, max(plan.interest() - plan.paid_interest, copied.paid_interest)),
            min(principal, max(plan.principal - plan.paid_principal, copied.paid_principal)),
        )

    @precisely
    def outstanding_on(self, day: date) -> tuple[int, int]:
        """Principal and interest that would have to be paid on a day to pay all off."""
        plan = self.copy()
        plan.earn_nothing_after(day)
        plan.carry_balances()
        fit_last(plan, day)
        return (
            max(plan.principal - plan.paid_principal, 0),
            max(plan.interest() - plan.paid_interest, 0),
        )

    def _follow_in(
        self, period: PlanPeriod, day: date, overdue: int, gathered: int, *, to_due_date: bool
    ) -> bool:
        followed = self.overdue_followed_to
        if day == followed:
            return False
        is_new = followed is None or period.start > followed
        self._correct_overdue(period.start if followed is None or is_new else followed, overdue)
        if period.start < day <= period.due:
            end = period.due if to_due_date else day
            self._correct_overdue(end, -gathered)
            self.overdue_followed_to = end
        return True

    def _correct_overdue(self, day: date, amount: int) -> None:
        if period := self.move_balance(day, corrected=amount):
            self.overdue.append(OverdueCorrection(day, amount, period.due))
            after_correction(self, period, day)
