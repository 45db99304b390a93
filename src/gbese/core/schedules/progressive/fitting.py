"""The last unpaid period takes what a progressive plan has left over."""

from __future__ import annotations

from datetime import date

from gbese.core.schedules.progressive.balances import PlanBalances
from gbese.core.schedules.progressive.periods import PlanPeriod


def fit_last(plan: PlanBalances, day: date) -> None:
    """The last unpaid period takes what is left; what it cannot take yet is pulled into it."""
    left = plan.principal - plan.paid_principal
    rows = plan.rows()
    for place, period in enumerate(plan.periods):
        outstanding = max(rows[place].principal - period.paid_principal, 0)
        if outstanding > left:
            period.level -= outstanding - left
            period.level = max(period.level, period.paid - period.credited, 0)
            rows = plan.rows()  # those after it follow
    unpaid = [period for period in plan.periods if not period.is_fully_paid]
    if unpaid:
        last = unpaid[-1]
    elif not plan.paid_principal and _has_balance_at_end(plan):
        last = plan.periods.last
    else:
        return
    last.interest_pulled = 0
    for period in plan.periods:
        period.interest_is_pulled_away = False
    moved = sum(
        stretch.drawn + stretch.capitalised
        for period in plan.periods
        for stretch in period.stretches
    )
    asked = sum(period.to_pay for period in plan.periods)
    interest = sum(row.interest for row in plan.rows())
    level = last.level + moved + plan.credited_principal + interest - asked
    if last.interest_fixed:
        level = max(level, last.paid_principal + last.interest_fixed)
    last.level = level
    if last.level < last.paid - last.credited:
        last.level = last.paid - last.credited
        fit_last(plan, day)
    pull_interest(plan, last, day)


def _has_balance_at_end(plan: PlanBalances) -> bool:
    last = plan.periods.last
    return bool(last.stretches) and plan.outstanding_after(last) > 0


def pull_interest(plan: PlanBalances, into: PlanPeriod, day: date) -> None:
    """Interest earned by a day that later periods cannot take is asked for in this one."""
    draft = plan.copy()
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
            for later in plan.periods:
                if later.due > into.due:
                    later.interest_is_pulled_away = True
            return


def after_correction(plan: PlanBalances, period: PlanPeriod, day: date) -> None:
    """A balance of a period was moved: all that comes after it follows."""
    plan.set_factors([period])
    plan.carry_balances()
    fit_last(plan, day)


def level_ahead(plan: PlanBalances, period: PlanPeriod, unpaid: int) -> None:
    """Paid before it begins, a period asks for its agreed level as long as that is owed."""
    if unpaid > 1:
        period.level = period.level_agreed
        outstanding = max(plan.row(period).principal - period.paid_principal, 0)
        left = max(plan.principal - plan.paid_principal, 0)
        period.level -= max(outstanding - left, 0)
    elif period.is_fully_paid and unpaid == 1:
        left = plan.principal - plan.paid_principal + period.paid_principal
        period.level = min(period.level_agreed, left + plan.row(period).interest)
