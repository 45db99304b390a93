"""A progressive plan: level payments that follow the balance as it really moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from functools import wraps
from itertools import pairwise
from typing import Concatenate, ParamSpec, TypeVar, cast

from gbese.core.contracts.progressive import FactorBasis, InterestMethod, PlanConventions
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

_Given = ParamSpec("_Given")
_Said = TypeVar("_Said")
_ONE = Decimal(1)
_LEVEL_FITS = 3  # how often the level is moved so that the last payment comes near it
_NIGHT = timedelta(days=1)


def _precisely(
    method: Callable[Concatenate[ProgressivePlan, _Given], _Said],
) -> Callable[Concatenate[ProgressivePlan, _Given], _Said]:
    """Work in the plan's own precision, half to even, in every step."""

    @wraps(method)
    def working(plan: ProgressivePlan, *args: _Given.args, **kwargs: _Given.kwargs) -> _Said:
        with localcontext() as context:
            context.prec = plan.conventions.working_digits
            context.rounding = ROUND_HALF_EVEN
            return method(plan, *args, **kwargs)

    return cast("Callable[Concatenate[ProgressivePlan, _Given], _Said]", working)


@dataclass(slots=True)
class ProgressivePlan:
    """The plan of one loan; each method is one thing that happens to it. Amounts in minor units.

    Source: docs/methods/progressive.md.
    """

    conventions: PlanConventions
    periods: Periods
    rate: Decimal  # nominal, a fraction of one a year, until another is set
    rates: list[PlannedRate] = field(default_factory=list)
    is_draft: bool = False  # a copy that only finds the level payment
    overdue: list[OverdueCorrection] = field(default_factory=list)
    overdue_followed_to: date | None = None

    # What it says

    @_precisely
    def rows(self) -> list[PeriodRow]:
        """What each period asks for."""
        rows: list[PeriodRow] = []
        deferred = 0
        for period in self.periods:
            row = self._row(period, deferred)
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

    @_precisely
    def earned(self, period: PlanPeriod, stretch: Stretch) -> Decimal:
        """What a stretch of a period earns, in minor units before rounding."""
        return self._earned(period, stretch)

    def earned_in(self, period: PlanPeriod, nights: int) -> int:
        """The interest that the first nights of a period have earned."""
        plan = self.as_of(period.start + nights * _NIGHT)
        return plan.row(plan.periods[self.periods.index(period)]).interest_earned

    def earned_in_night(self, period: PlanPeriod, night: int) -> int:
        """The interest of one night of a period, the first is 1; whole minor units add up."""
        return self.earned_in(period, night) - self.earned_in(period, night - 1)

    def copy(self) -> ProgressivePlan:
        """The same plan, free to be changed."""
        return ProgressivePlan(
            self.conventions,
            self.periods.copy(),
            self.rate,
            list(self.rates),
            overdue=list(self.overdue),
        )

    # What happens to it

    @_precisely
    def draw(self, day: date, amount: int, *, is_capitalised: bool = False) -> None:
        """Money is drawn, or a fee joins the principal: the level payment is found anew."""
        if not is_capitalised:
            day = self._drawing_day(day)
        for period in self.periods:
            if day <= period.start:
                period.drawn_before += amount
        moved = {"capitalised" if is_capitalised else "drawn": amount}
        if changed := self.move_balance(day, **moved):
            self._level_anew(self._due_from_change(changed, day), is_actual=False, day=day)

    @_precisely
    def change_rate(self, day: date, rate: Decimal) -> None:
        """A new nominal rate holds from the night before a day."""
        day -= _NIGHT
        self.rates.append(PlannedRate(day, rate))
        if period := self.move_balance(day):
            self._level_anew(self._due_from_change(period, day), is_actual=True, day=day)

    @_precisely
    def lengthen(self, day: date, dates: Sequence[tuple[date, date]]) -> None:
        """Periods are added at the end; the level payment is found anew from a day on."""
        last = self.periods.last
        for start, due in dates:
            added = PlanPeriod(start, due, [Stretch(start, due)])
            added.drawn_before = last.drawn_before
            self.periods.items.append(added)
        if period := self.move_balance(day - _NIGHT):
            self._level_anew(self._due_from_change(period, day - _NIGHT), is_actual=True, day=day)

    @_precisely
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
        self.fit_last(due)

    @_precisely
    def pause(self, start: date, end: date) -> None:
        """No interest is earned from the night before `start` up to `end`."""
        affected = [period for period in self.periods if period.start < end and period.due >= start]
        for period in affected:
            first = max(start - _NIGHT, period.start)
            last = min(end, period.due)
            if not any(stretch.start == first for stretch in period.stretches):
                self._cut(period, first)
            if not any(stretch.end == last for stretch in period.stretches):
                self._cut(period, last)
            for stretch in period.stretches:
                if stretch.start >= first and stretch.end <= last:
                    stretch.is_paused = True
        if affected:
            self.set_factors(self.periods.due_from(affected[0].start))
            self.carry_balances()
            self.fit_last(affected[0].start)

    @_precisely
    def correct_balance(self, day: date, amount: int) -> None:
        """The balance moves by an amount from a day on; negative is principal repaid ahead."""
        if period := self.move_balance(day, corrected=amount):
            self._after_correction(period, day)

    @_precisely
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
        self._after_correction(period, day)

    @_precisely
    def pay_interest(self, period: PlanPeriod, day: date, amount: int) -> None:
        """Interest of a period is paid; never more in all than is asked for."""
        unpaid = [other for other in self.periods if not other.is_fully_paid]
        if (
            unpaid
            and unpaid[-1] is not self.periods.last
            and day >= unpaid[-1].due
            and unpaid[-1] is period
        ):
            self._pull_interest(period, day)
        interest, paid = self.interest(), self.paid_interest
        period.paid_interest += min(amount, interest - paid) if paid + amount > interest else amount
        self.carry_balances()
        self.fit_last(day)

    @_precisely
    def pay_principal(self, period: PlanPeriod, day: date, amount: int) -> None:
        """Principal of a period is repaid; paid late, it counts from the due date."""
        if not amount:
            return
        principal, paid = self.principal, self.paid_principal
        limit = principal + self.credited_principal
        period.paid_principal += principal - paid if paid + amount > limit else amount
        counted_from = min(period.due, day)
        if moved := self.move_balance(counted_from, corrected=-amount):
            self._after_correction(moved, counted_from)
        if sum(not other.is_fully_paid for other in self.periods) > 1 and day < period.start:
            is_above = period.paid > period.to_pay
            if is_above or period.paid == period.level_agreed + period.credited:
                period.level = period.paid - period.credited
        self.fit_last(counted_from)

    @_precisely
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

    # As of a day

    @_precisely
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
        plan.fit_last(day)
        return plan

    @_precisely
    def payable_ahead(self, period: PlanPeriod, day: date, *, is_vertical: bool) -> PeriodRow:
        """The most that may be paid of a period on a day before it is due."""
        plan = self.as_of(day)
        copied = plan.periods[self.periods.index(period)]
        unpaid = sum(not other.is_fully_paid for other in plan.periods)
        if day <= copied.start:
            plan.level_ahead(copied, unpaid)
        row = plan.row(copied)
        if not is_vertical:
            return row
        principal = copied.to_pay if unpaid > 1 else row.principal
        return PeriodRow(
            row.interest_earned,
            min(row.interest, max(plan.interest() - plan.paid_interest, copied.paid_interest)),
            min(principal, max(plan.principal - plan.paid_principal, copied.paid_principal)),
        )

    @_precisely
    def outstanding_on(self, day: date) -> tuple[int, int]:
        """Principal and interest that would have to be paid on a day to pay all off."""
        plan = self.copy()
        plan.earn_nothing_after(day)
        plan.carry_balances()
        plan.fit_last(day)
        return (
            max(plan.principal - plan.paid_principal, 0),
            max(plan.interest() - plan.paid_interest, 0),
        )

    # How it is worked out

    def _row(self, period: PlanPeriod, deferred: int) -> PeriodRow:
        earned = 0
        if not period.interest_is_pulled_away:
            exact = sum((self._earned(period, each) for each in period.stretches), Decimal(0))
            earned = _whole(exact, self.conventions.rounding)
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
            base = self._drawn_by(period, stretch)
        earned = base * stretch.factor_to_due / days_to_due * stretch.days
        return max(stretch.credited_interest + earned, Decimal(0))

    def _drawn_by(self, period: PlanPeriod, until: Stretch | None) -> int:
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
            row = self._row(period, deferred)
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
            stretch = self._cut(period, day)
        stretch.drawn += drawn
        stretch.capitalised += capitalised
        stretch.corrected += corrected
        return period

    def _ending_on(self, period: PlanPeriod, day: date) -> Stretch | None:
        if period is self.periods.last and day == period.due:
            last = period.stretches[-1]
            return last if not last.days else None
        return next((stretch for stretch in period.stretches if stretch.end == day), None)

    def _cut(self, period: PlanPeriod, day: date) -> Stretch:
        """Cut the stretch a day lies in; its first part ends on the day."""
        holding = [each for each in period.stretches if each.start < day <= each.end]
        stretch = holding[-1] if holding else period.stretches[0]
        end = stretch.end
        stretch.end = min(max(day, stretch.start), stretch.end)
        rest = Stretch(stretch.end, end, is_paused=stretch.is_paused)
        period.stretches.insert(_place(period, stretch) + 1, rest)
        return stretch

    def _after_correction(self, period: PlanPeriod, day: date) -> None:
        self.set_factors([period])
        self.carry_balances()
        self.fit_last(day)

    def _drawing_day(self, day: date) -> date:
        if (
            self.conventions.factor_basis is FactorBasis.WHOLE_PERIOD
            and not self.conventions.counts_part_periods
        ):
            return next((each.start for each in self.periods if each.due > day), day)
        return day

    def _due_from_change(self, period: PlanPeriod, day: date) -> date:
        """The first due date that a change on a day concerns."""
        place = self.periods.index(period) + 1
        if period.due == day and place < len(self.periods):
            return self.periods[place].due
        return period.due

    # The level payment

    def _level_anew(self, due: date, *, is_actual: bool, day: date) -> None:
        concerned = self.periods.due_from(due)
        for place, period in enumerate(self.periods):
            period.has_interest_grace = place < self.conventions.interest_grace_periods
        self.set_factors(concerned)
        if self.conventions.interest_method is InterestMethod.FLAT:
            if concerned:
                self._level_flat(concerned)
                self._keep_principal_grace(concerned)
            return
        self.carry_balances()
        is_first = all(not period.level for period in self.periods)
        if is_first or is_actual or self.is_draft:
            is_actual = True
            self._level_declining(concerned)
        else:
            self._level_of_draft(concerned, day)
        self._keep_principal_grace(concerned)
        self.carry_balances()
        self.fit_last(due)
        if is_actual:
            self._fit_level(concerned)

    def _level_of_draft(self, concerned: list[PlanPeriod], day: date) -> None:
        """The level is found as if nothing had been paid yet."""
        if not concerned:
            return
        draft = self.copy()
        draft.is_draft = True
        draft.overdue = []
        for period in draft.periods:
            period.paid_principal = period.paid_interest = period.interest_pulled = 0
            for stretch in period.stretches:
                stretch.corrected = 0
        draft.draw(day, 0)
        draft.draw(day, 0, is_capitalised=True)
        for period, drafted in zip(self.periods, draft.periods, strict=True):
            if period.due >= concerned[0].due:
                period.level, period.level_agreed = drafted.level, drafted.level_agreed

    def _level_declining(self, concerned: list[PlanPeriod]) -> None:
        if not concerned:
            return
        growths = [
            _ONE
            if self.conventions.interest_grace_periods and period.has_interest_grace
            else sum((stretch.factor for stretch in period.stretches), _ONE)
            for period in concerned
        ]
        growth, annuity = _ONE, _ONE
        for each in growths:
            growth *= each
        for each in growths[1:]:
            annuity = _ONE + annuity * each
        level = _whole(
            growth * self._opening_balance(concerned[0]) / annuity, self.conventions.rounding
        )
        fixed = Decimal(sum(period.interest_fixed for period in concerned)) / len(concerned)
        level = self._in_multiples(level + _whole(fixed, self.conventions.rounding))
        for period in concerned:
            if level >= period.paid:
                period.level = period.level_agreed = level

    def _opening_balance(self, period: PlanPeriod) -> int:
        place = self.periods.index(period)
        before = self.outstanding_after(self.periods[place - 1]) if place else 0
        return before + sum(stretch.drawn + stretch.capitalised for stretch in period.stretches)

    def _level_flat(self, concerned: list[PlanPeriod]) -> None:
        interests = []
        for period in concerned:
            place = self.periods.index(period)
            rows = self.rows()
            interests.append(rows[place].interest_earned)
            period.level = interests[-1]
        place = self.periods.index(concerned[0])
        repaid = 0
        if place:
            before = self.periods[place - 1]
            repaid = self._drawn_by(before, None) - self.outstanding_after(before)
        last = concerned[0].stretches[-1]
        owed = self._drawn_by(concerned[0], last) + sum(interests) - repaid
        each = _whole(Decimal(owed) / len(concerned), self.conventions.rounding)
        each = self._in_multiples(each)
        rest = owed - each * len(concerned)
        above = 0
        for period in concerned:
            level = each + (rest if period is concerned[-1] else 0)
            short = period.paid - level - period.credited - period.interest_pulled
            above += max(short, 0)
            period.level = period.level_agreed = period.paid if short > 0 else level
            self.carry_balances()
        for period in reversed(concerned):
            if above > 0 and not period.is_fully_paid:
                least = max(period.level - above, 0)
                already = period.paid - period.credited - period.interest_pulled
                level = max(self.row(period).interest_earned, least, already)
                above -= period.level - level
                period.level = level
                self.carry_balances()

    def _keep_principal_grace(self, concerned: list[PlanPeriod]) -> None:
        for period in self.periods:
            period.has_principal_grace = False
        graced = self.periods.items[: self.conventions.principal_grace_periods]
        if not concerned or not graced:
            return
        for period in graced:
            if period.due >= concerned[0].due:
                period.level = period.level_agreed = self.row(period).interest
                period.has_principal_grace = True
            elif not self.row(period).principal:
                period.has_principal_grace = True
        amortising = [period for period in concerned if not period.has_principal_grace]
        if not amortising:
            return
        self.carry_balances()
        if self.conventions.interest_method is InterestMethod.FLAT:
            self._level_flat(amortising)
        else:
            self._level_declining(amortising)

    def _in_multiples(self, level: int) -> int:
        """A whole multiple, unless that would leave nothing of it."""
        multiple = self.conventions.level_multiple
        return round_minor(level, multiple, self.conventions.level_rounding) * multiple or level

    def _fit_level(self, concerned: list[PlanPeriod]) -> None:
        """Spread what the last payment differs back over all, while that makes it smaller."""
        if not concerned:
            return
        draft: ProgressivePlan | None = None
        for _ in range(_LEVEL_FITS):
            gap = _level_gap(concerned)
            if not gap.is_large:
                return
            level = self._in_multiples(gap.level_fitted(self.conventions.rounding))
            if level == gap.level:
                return
            draft = draft or self.copy()
            first = concerned[0]
            fitted = [
                period
                for period in draft.periods
                if period.start >= first.start
                and period.due >= first.due
                and not period.has_principal_grace
            ]
            for period in fitted:
                if level >= period.paid:
                    period.level = period.level_agreed = level
            draft.carry_balances()
            draft.fit_last(first.due)
            if abs(_level_gap(draft.periods.items).difference) >= abs(gap.difference):
                return
            mine = [period for period in concerned if not period.has_principal_grace]
            for period, other in zip(mine, fitted, strict=False):
                period.level = period.level_agreed = other.level
            self.carry_balances()

    def fit_last(self, day: date) -> None:
        """The last unpaid period takes what is left; what it cannot take yet is pulled into it."""
        left = self.principal - self.paid_principal
        rows = self.rows()
        for place, period in enumerate(self.periods):
            outstanding = max(rows[place].principal - period.paid_principal, 0)
            if outstanding > left:
                period.level -= outstanding - left
                period.level = max(period.level, period.paid - period.credited, 0)
                rows = self.rows()  # those after it follow
        unpaid = [period for period in self.periods if not period.is_fully_paid]
        if unpaid:
            last = unpaid[-1]
        elif not self.paid_principal and self._has_balance_at_end():
            last = self.periods.last
        else:
            return
        last.interest_pulled = 0
        for period in self.periods:
            period.interest_is_pulled_away = False
        moved = sum(
            stretch.drawn + stretch.capitalised
            for period in self.periods
            for stretch in period.stretches
        )
        asked = sum(period.to_pay for period in self.periods)
        interest = sum(row.interest for row in self.rows())
        level = last.level + moved + self.credited_principal + interest - asked
        if last.interest_fixed:
            level = max(level, last.paid_principal + last.interest_fixed)
        last.level = level
        if last.level < last.paid - last.credited:
            last.level = last.paid - last.credited
            self.fit_last(day)
        self._pull_interest(last, day)

    def _has_balance_at_end(self) -> bool:
        last = self.periods.last
        return bool(last.stretches) and self.outstanding_after(last) > 0

    def _pull_interest(self, into: PlanPeriod, day: date) -> None:
        """Interest earned by a day that later periods cannot take is asked for in this one."""
        draft = self.copy()
        beyond = any(each.due > into.due for each in draft.overdue)
        on = any(each.due == into.due for each in draft.overdue)
        if on and not beyond:
            for each in draft.overdue:
                draft.move_balance(each.day, corrected=-each.amount)
            draft.overdue = []
        draft.earn_nothing_after(day)
        if on and not beyond:
            draft.carry_balances()
        rows = draft.rows()
        for period, row in zip(reversed(draft.periods.items), reversed(rows), strict=True):
            if row.interest_deferred > 0 and period.due > into.due:
                into.interest_pulled = row.interest_deferred
                for later in self.periods:
                    if later.due > into.due:
                        later.interest_is_pulled_away = True
                return

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
            self._after_correction(period, day)

    def level_ahead(self, period: PlanPeriod, unpaid: int) -> None:
        """Paid before it begins, a period asks for its agreed level as long as that is owed."""
        if unpaid > 1:
            period.level = period.level_agreed
            outstanding = max(self.row(period).principal - period.paid_principal, 0)
            left = max(self.principal - self.paid_principal, 0)
            period.level -= max(outstanding - left, 0)
        elif period.is_fully_paid and unpaid == 1:
            left = self.principal - self.paid_principal + period.paid_principal
            period.level = min(period.level_agreed, left + self.row(period).interest)


@dataclass(frozen=True, slots=True)
class _LevelGap:
    """How far the last payment is from the level, and over how many payments to spread it."""

    level: int
    difference: int
    countable: int
    amortising: int

    @property
    def is_large(self) -> bool:
        """Whether it is more minor units than half the payments."""
        half = self.amortising // 2
        return half > 0 and abs(self.difference) > half

    def level_fitted(self, rounding: Rounding) -> int:
        """The level with its share of the difference."""
        return self.level + round_minor(self.difference, max(self.countable, 1), rounding)


def _level_gap(periods: Sequence[PlanPeriod]) -> _LevelGap:
    amortising = sum(not period.has_principal_grace for period in periods)
    for before, last in reversed(list(pairwise(periods))):
        if last.has_principal_grace or before.has_principal_grace:
            continue
        if not last.is_fully_paid and not before.is_fully_paid:
            countable = sum(
                not period.has_principal_grace and before.level >= period.paid for period in periods
            )
            return _LevelGap(before.level, last.level - before.level, countable, amortising)
    return _LevelGap(periods[0].level, 0, len(periods), amortising)


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


def _whole(amount: Decimal, rounding: Rounding) -> int:
    return round_minor(*amount.as_integer_ratio(), rounding)
