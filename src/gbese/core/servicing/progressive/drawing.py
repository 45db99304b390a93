"""Money drawn on a progressive loan, and the down payments that fall due with it."""

from __future__ import annotations

from collections.abc import Sequence

from gbese.core.contracts.progressive import Owed, PaymentKind
from gbese.core.money import round_minor
from gbese.core.servicing.events import Drawn
from gbese.core.servicing.progressive.instalments import Instalment, InstalmentKind
from gbese.core.servicing.progressive.levying import spread_levies
from gbese.core.servicing.progressive.loan import ProgressiveLoan
from gbese.core.servicing.progressive.paying import pay, use_overpaid
from gbese.core.servicing.progressive.postings import PostingKind


def expect_drawings(loan: ProgressiveLoan, drawings: Sequence[Drawn]) -> None:
    """Nothing is drawn yet: the plan is the one of what is to be drawn."""
    first = loan.plan.periods[0].start
    for drawing in drawings:
        loan.day = max(drawing.value_date, first)
        amount = drawing.amount.minor
        down = _down_payment(loan, amount)
        if loan.agreed.down_payment is not None:
            _add_down_payment(loan, down)
        loan.expected += amount
        loan.plan.draw(loan.day, amount - down)
    loan.follow_plan(loan.planned)


def draw(loan: ProgressiveLoan, event: Drawn) -> None:
    """Money is drawn; what falls due with it may be paid at once."""
    loan.follow_to(loan.day)
    amount = event.amount.minor
    posting = loan.post(event.number, PostingKind.DISBURSEMENT, amount)
    overpaid = loan.overpaid
    if event.number not in loan.known_ahead:
        _plan_drawing(loan, amount)
    loan.drawn += amount
    loan.first_drawn_on = loan.first_drawn_on or loan.day
    spread_levies(loan)
    use_overpaid(loan, posting)
    if loan.agreed.down_payment_is_automatic and (event.number not in loan.down_payments_undone):
        down = _down_payment(loan, amount) - overpaid
        if down > 0:
            pay(loan, event.number, PaymentKind.DOWN_PAYMENT, down)


def know_ahead(loan: ProgressiveLoan, drawings: Sequence[Drawn]) -> None:
    """Drawings are planned for before anything happens."""
    for drawing in drawings:
        loan.day = drawing.value_date
        _plan_drawing(loan, drawing.amount.minor)
        loan.known_ahead.add(drawing.number)


def _plan_drawing(loan: ProgressiveLoan, amount: int) -> None:
    loan.planned_drawings += amount
    down = _down_payment(loan, amount)
    if loan.agreed.down_payment is not None:
        _add_down_payment(loan, down)
    day = loan.day
    if loan.agreed.drawings_are_known_ahead and not loan.plan.rate:
        day = loan.plan.periods[0].start
    loan.plan.draw(day, amount - down)
    if all(each.due < day for each in loan.planned):
        additional = loan.additional(day)
        additional.charged[Owed.PRINCIPAL] += amount - down
    loan.follow_plan([each for each in loan.planned if each.due >= day])


def _down_payment(loan: ProgressiveLoan, amount: int) -> int:
    if loan.agreed.down_payment is None:
        return 0
    exact = amount * loan.agreed.down_payment
    conventions = loan.agreed.plan
    minor = round_minor(*exact.as_integer_ratio(), conventions.rounding)
    multiple = conventions.level_multiple
    return round_minor(minor, multiple, conventions.rounding) * multiple


def _add_down_payment(loan: ProgressiveLoan, amount: int) -> None:
    instalment = Instalment(loan.day, loan.day, InstalmentKind.DOWN_PAYMENT)
    instalment.charged[Owed.PRINCIPAL] = amount
    instalment.check_met(loan.day)
    goes_before = loan.agreed.drawings_are_known_ahead
    place = sum(
        each.due < loan.day
        or (each.due == loan.day and not (goes_before and each.kind is InstalmentKind.PLANNED))
        for each in loan.instalments
    )
    loan.instalments.insert(place, instalment)
