"""How a payment is used on the instalments: by due class, part, and the rule for a surplus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from gbese.core.contracts.progressive import (
    DueClass,
    Owed,
    PaymentRule,
    Place,
    Processing,
    SurplusRule,
)
from gbese.core.money import Rounding, round_minor
from gbese.core.servicing.progressive.instalments import Instalment, no_parts, unpaid

Pay = Callable[[Instalment, Place, int], int]  # uses money on one part; how much it took


@dataclass(slots=True)
class Use:
    """What a payment became: the parts it settled, and what is left of it."""

    left: int
    parts: dict[Owed, int] = field(default_factory=no_parts)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money to be used on a day by a rule."""

    day: date
    rule: PaymentRule
    processing: Processing
    counts_emptied: bool = False  # a last instalment that asks for nothing may ask for something
    dues_by_charge_date: bool = False  # a charge is due from its own date


def use_payment(
    money: int,
    instalments: Sequence[Instalment],
    payment: Payment,
    pay: Pay,
    *,
    is_skipped: Callable[[Instalment], bool],
) -> Use:
    """Use money on the instalments; what nothing asks for is left.

    Args:
        money: minor units, more than zero.
        instalments: by number.
        payment: the day and the rule.
        pay: takes money for one part of one instalment.
        is_skipped: an emptied instalment that has proved to ask for nothing.
    """
    use = Use(money)
    if payment.processing is Processing.VERTICAL:
        for place in payment.rule.order:
            _use_on(use, instalments, payment, [place], pay, is_skipped)
        return use
    classes = dict.fromkeys(place.due_class for place in payment.rule.order)
    for due_class in classes:
        if due_class is DueClass.IN_ADVANCE and payment.dues_by_charge_date:
            _use_on_charges(use, instalments, payment, pay)
        places = [place for place in payment.rule.order if place.due_class is due_class]
        _use_on(use, instalments, payment, places, pay, is_skipped)
    return use


def _use_on(
    use: Use,
    instalments: Sequence[Instalment],
    payment: Payment,
    places: Sequence[Place],
    pay: Pay,
    is_skipped: Callable[[Instalment], bool],
) -> None:
    """Go on with one class of instalments until nothing takes money any more."""
    is_vertical = payment.processing is Processing.VERTICAL
    while use.left > 0:
        owed = places[0].owed if is_vertical else None
        takers = _takers(instalments, payment, places[0].due_class, owed, is_skipped)
        before = use.left
        for place in places if takers else ():
            for taker, share in zip(takers, _shares(use.left, len(takers)), strict=True):
                taken = pay(taker, place, share)
                use.parts[place.owed] += taken
                use.left -= taken
        if use.left == before:
            return


def _use_on_charges(
    use: Use, instalments: Sequence[Instalment], payment: Payment, pay: Pay
) -> None:
    """Pay the fees and penalties whose own date has come, of instalments to come."""
    places = [place for place in payment.rule.order if place.due_class is DueClass.DUE]
    for instalment in instalments:
        for place in places if instalment.due > payment.day else ():
            due = instalment.due_of(place.owed, payment.day)
            if due and use.left:
                taken = pay(instalment, place, min(due, use.left))
                use.parts[place.owed] += taken
                use.left -= taken


def _takers(
    instalments: Sequence[Instalment],
    payment: Payment,
    due_class: DueClass,
    owed: Owed | None,
    is_skipped: Callable[[Instalment], bool],
) -> list[Instalment]:
    def takes(instalment: Instalment) -> bool:
        return instalment.is_unpaid if owed is None else instalment.left(owed) > 0

    day = payment.day
    if due_class is DueClass.PAST_DUE:
        return [each for each in instalments if takes(each) and each.due < day][:1]
    if due_class is DueClass.DUE:
        return [each for each in instalments if takes(each) and each.due == day][:1]
    coming = [each for each in instalments if takes(each) and each.due > day]
    match payment.rule.surplus:
        case SurplusRule.NEXT_INSTALMENT:
            return coming[:1]
        case SurplusRule.REAMORTISATION:
            return coming
        case SurplusRule.LAST_INSTALMENT:
            if owed is None and payment.counts_emptied and unpaid(instalments):
                coming = [
                    each
                    for each in instalments
                    if each.due > day
                    and (each.is_unpaid or (not each.asked and not is_skipped(each)))
                ]
            return coming[-1:]


def _shares(money: int, count: int) -> list[int]:
    """Even shares; the last takes what rounding left over."""
    if not count:
        return []
    share = round_minor(money, count, Rounding.HALF_EVEN)
    if money - share * (count - 1) < 0:
        share = money // count
    return [*([share] * (count - 1)), money - share * (count - 1)]
