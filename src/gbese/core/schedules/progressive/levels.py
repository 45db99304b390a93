"""The level payment of a progressive plan, and how near the last payment comes to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from gbese.core.contracts.progressive import FactorBasis, InterestMethod
from gbese.core.money import Rounding, round_minor
from gbese.core.schedules.progressive.balances import PlanBalances, whole
from gbese.core.schedules.progressive.fitting import fit_last
from gbese.core.schedules.progressive.periods import PlanPeriod

_ONE = Decimal(1)
_LEVEL_FITS = 3  # how often the level is moved so that the last payment comes near it


def draw(plan: PlanBalances, day: date, amount: int, *, is_capitalised: bool = False) -> None:
    """Money is drawn, or a fee joins the principal: the level payment is found anew."""
    if not is_capitalised:
        day = _drawing_day(plan, day)
    for period in plan.periods:
        if day <= period.start:
            period.drawn_before += amount
    moved = {"capitalised" if is_capitalised else "drawn": amount}
    if changed := plan.move_balance(day, **moved):
        level_anew(plan, due_from_change(plan, changed, day), is_actual=False, day=day)


def _drawing_day(plan: PlanBalances, day: date) -> date:
    if (
        plan.conventions.factor_basis is FactorBasis.WHOLE_PERIOD
        and not plan.conventions.counts_part_periods
    ):
        return next((each.start for each in plan.periods if each.due > day), day)
    return day


def due_from_change(plan: PlanBalances, period: PlanPeriod, day: date) -> date:
    """The first due date that a change on a day concerns."""
    place = plan.periods.index(period) + 1
    if period.due == day and place < len(plan.periods):
        return plan.periods[place].due
    return period.due


def level_anew(plan: PlanBalances, due: date, *, is_actual: bool, day: date) -> None:
    """Find the level payment of the periods due on a date or later.

    With `is_actual` it is that of what is owed now; without, that of a loan nobody has paid on yet.
    """
    concerned = plan.periods.due_from(due)
    for place, period in enumerate(plan.periods):
        period.has_interest_grace = place < plan.conventions.interest_grace_periods
    plan.set_factors(concerned)
    if plan.conventions.interest_method is InterestMethod.FLAT:
        if concerned:
            _level_flat(plan, concerned)
            _keep_principal_grace(plan, concerned)
        return
    plan.carry_balances()
    is_first = all(not period.level for period in plan.periods)
    if is_first or is_actual or plan.is_draft:
        is_actual = True
        _level_declining(plan, concerned)
    else:
        _level_of_draft(plan, concerned, day)
    _keep_principal_grace(plan, concerned)
    plan.carry_balances()
    fit_last(plan, due)
    if is_actual:
        _fit_level(plan, concerned)


def _level_of_draft(plan: PlanBalances, concerned: list[PlanPeriod], day: date) -> None:
    """The level is found as if nothing had been paid yet."""
    if not concerned:
        return
    draft = plan.copy()
    draft.is_draft = True
    draft.overdue = []
    for period in draft.periods:
        period.paid_principal = period.paid_interest = period.interest_pulled = 0
        for stretch in period.stretches:
            stretch.corrected = 0
    draw(draft, day, 0)
    draw(draft, day, 0, is_capitalised=True)
    for period, drafted in zip(plan.periods, draft.periods, strict=True):
        if period.due >= concerned[0].due:
            period.level, period.level_agreed = drafted.level, drafted.level_agreed


def _level_declining(plan: PlanBalances, concerned: list[PlanPeriod]) -> None:
    if not concerned:
        return
    growths = [
        _ONE
        if plan.conventions.interest_grace_periods and period.has_interest_grace
        else sum((stretch.factor for stretch in period.stretches), _ONE)
        for period in concerned
    ]
    growth, annuity = _ONE, _ONE
    for each in growths:
        growth *= each
    for each in growths[1:]:
        annuity = _ONE + annuity * each
    level = whole(
        growth * _opening_balance(plan, concerned[0]) / annuity, plan.conventions.rounding
    )
    fixed = Decimal(sum(period.interest_fixed for period in concerned)) / len(concerned)
    level = _in_multiples(plan, level + whole(fixed, plan.conventions.rounding))
    for period in concerned:
        if level >= period.paid:
            period.level = period.level_agreed = level


def _opening_balance(plan: PlanBalances, period: PlanPeriod) -> int:
    place = plan.periods.index(period)
    before = plan.outstanding_after(plan.periods[place - 1]) if place else 0
    return before + sum(stretch.drawn + stretch.capitalised for stretch in period.stretches)


def _level_flat(plan: PlanBalances, concerned: list[PlanPeriod]) -> None:
    interests = []
    for period in concerned:
        place = plan.periods.index(period)
        rows = plan.rows()
        interests.append(rows[place].interest_earned)
        period.level = interests[-1]
    place = plan.periods.index(concerned[0])
    repaid = 0
    if place:
        before = plan.periods[place - 1]
        repaid = plan.drawn_by(before, None) - plan.outstanding_after(before)
    last = concerned[0].stretches[-1]
    owed = plan.drawn_by(concerned[0], last) + sum(interests) - repaid
    each = whole(Decimal(owed) / len(concerned), plan.conventions.rounding)
    each = _in_multiples(plan, each)
    rest = owed - each * len(concerned)
    above = 0
    for period in concerned:
        level = each + (rest if period is concerned[-1] else 0)
        short = period.paid - level - period.credited - period.interest_pulled
        above += max(short, 0)
        period.level = period.level_agreed = period.paid if short > 0 else level
        plan.carry_balances()
    for period in reversed(concerned):
        if above > 0 and not period.is_fully_paid:
            least = max(period.level - above, 0)
            already = period.paid - period.credited - period.interest_pulled
            level = max(plan.row(period).interest_earned, least, already)
            above -= period.level - level
            period.level = level
            plan.carry_balances()


def _keep_principal_grace(plan: PlanBalances, concerned: list[PlanPeriod]) -> None:
    for period in plan.periods:
        period.has_principal_grace = False
    graced = plan.periods.items[: plan.conventions.principal_grace_periods]
    if not concerned or not graced:
        return
    for period in graced:
        if period.due >= concerned[0].due:
            period.level = period.level_agreed = plan.row(period).interest
            period.has_principal_grace = True
        elif not plan.row(period).principal:
            period.has_principal_grace = True
    amortising = [period for period in concerned if not period.has_principal_grace]
    if not amortising:
        return
    plan.carry_balances()
    if plan.conventions.interest_method is InterestMethod.FLAT:
        _level_flat(plan, amortising)
    else:
        _level_declining(plan, amortising)


def _in_multiples(plan: PlanBalances, level: int) -> int:
    """A whole multiple, unless that would leave nothing of it."""
    multiple = plan.conventions.level_multiple
    return round_minor(level, multiple, plan.conventions.level_rounding) * multiple or level


def _fit_level(plan: PlanBalances, concerned: list[PlanPeriod]) -> None:
    """Spread what the last payment differs back over all, while that makes it smaller."""
    if not concerned:
        return
    draft: PlanBalances | None = None
    for _ in range(_LEVEL_FITS):
        gap = _level_gap(concerned)
        if not gap.is_large:
            return
        level = _in_multiples(plan, gap.level_fitted(plan.conventions.rounding))
        if level == gap.level:
            return
        draft = draft or plan.copy()
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
        fit_last(draft, first.due)
        if abs(_level_gap(draft.periods.items).difference) >= abs(gap.difference):
            return
        mine = [period for period in concerned if not period.has_principal_grace]
        for period, other in zip(mine, fitted, strict=False):
            period.level = period.level_agreed = other.level
        plan.carry_balances()


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
