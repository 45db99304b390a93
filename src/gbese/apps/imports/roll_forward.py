"""From one statement of a lender to a later one: what moved the debt, and which rows do not tie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from gbese.apps.imports.statements import Statement

_CENT = 1


@dataclass(frozen=True, slots=True)
class Movement:
    """One loan between two dates, in minor units: closing is the sum of all that stands before it.

    opening + drawn - repaid - sold + exchange_difference + untied = closing
    """

    loan_number: str
    opening: int
    drawn: int
    repaid: int
    sold: int
    exchange_difference: int
    untied: int
    closing: int
    is_new: bool
    is_gone: bool

    @property
    def ties(self) -> bool:
        return abs(self.untied) <= _CENT


@dataclass(frozen=True, slots=True)
class Revaluation:
    """How exchange alone changed what is outstanding on a loan: closing divided by opening."""

    loan_number: str
    contract_currency: str
    factor: Fraction


@dataclass(slots=True)
class RollForward:
    """The movements of one group of loans, added up."""

    group: str
    opening: int = 0
    drawn: int = 0
    repaid: int = 0
    sold: int = 0
    exchange_difference: int = 0
    untied: int = 0
    closing: int = 0
    new_loans: list[str] = field(default_factory=list)
    gone_loans: list[str] = field(default_factory=list)
    not_tying: list[Movement] = field(default_factory=list)
    negative_repayments: list[Movement] = field(default_factory=list)
    negative_drawings: list[Movement] = field(default_factory=list)

    def add(self, movement: Movement) -> None:
        self.opening += movement.opening
        self.drawn += movement.drawn
        self.repaid += movement.repaid
        self.sold += movement.sold
        self.exchange_difference += movement.exchange_difference
        self.untied += movement.untied
        self.closing += movement.closing
        if movement.is_new:
            self.new_loans.append(movement.loan_number)
        if movement.is_gone:
            self.gone_loans.append(movement.loan_number)
        if not movement.ties:
            self.not_tying.append(movement)
        if movement.repaid < 0:
            self.negative_repayments.append(movement)
        if movement.drawn < 0:
            self.negative_drawings.append(movement)


def movement(before: Statement | None, after: Statement | None) -> Movement:
    """What moved one loan; `before` or `after` is None where it is not on that statement.

    The exchange difference is the change of the adjustment the lender states. Where it states none,
    it is the rest for a contract in another currency; in the same currency a rest does not tie.
    """
    present = after or before
    if present is None:
        raise AssertionError
    opening = before.outstanding if before else 0
    closing = after.outstanding if after else 0
    if after is None:
        return Movement(
            loan_number=present.loan_number,
            opening=opening,
            drawn=0,
            repaid=0,
            sold=0,
            exchange_difference=0,
            untied=-opening,
            closing=0,
            is_new=False,
            is_gone=True,
        )
    drawn = after.drawn - (before.drawn if before else 0)
    repaid = after.repaid - (before.repaid if before else 0)
    sold = _sold_on(after) - (_sold_on(before) if before else 0)
    rest = closing - opening - drawn + repaid + sold
    if after.exchange_adjustment is not None:
        before_adjustment = before.exchange_adjustment if before else 0
        exchange = after.exchange_adjustment - (before_adjustment or 0)
    elif after.contract_currency and after.contract_currency != after.currency.code:
        exchange = rest
    else:
        exchange = 0
    return Movement(
        loan_number=present.loan_number,
        opening=opening,
        drawn=drawn,
        repaid=repaid,
        sold=sold,
        exchange_difference=exchange,
        untied=rest - exchange,
        closing=closing,
        is_new=before is None,
        is_gone=False,
    )


def roll_forward(
    opening: Iterable[Statement],
    closing: Iterable[Statement],
    groups: Mapping[str, str],
    *,
    whole: str = "",
) -> tuple[RollForward, ...]:
    """The movements between two dates, all of them first, then by group in alphabetical order.

    Args:
        opening, closing: the statements at either date; loans are matched by number.
        groups: the group of each loan number: its borrower, lender or country.
        whole: the name of the first row.
    """
    before = {statement.loan_number: statement for statement in opening}
    after = {statement.loan_number: statement for statement in closing}
    total = RollForward(whole)
    by_group: dict[str, RollForward] = {}
    for number in sorted(before.keys() | after.keys()):
        moved = movement(before.get(number), after.get(number))
        total.add(moved)
        group = groups.get(number, "")
        by_group.setdefault(group, RollForward(group)).add(moved)
    return (total, *(by_group[group] for group in sorted(by_group)))


def matched(
    opening: Sequence[Statement], closing: Sequence[Statement]
) -> tuple[tuple[Statement, Statement], ...]:
    """The loans that are on both statements, by number."""
    before = {statement.loan_number: statement for statement in opening}
    return tuple(
        (before[statement.loan_number], statement)
        for statement in closing
        if statement.loan_number in before
    )


def revaluations(
    opening: Sequence[Statement], closing: Sequence[Statement]
) -> tuple[Revaluation, ...]:
    """Loans in other currencies that only exchange has moved: no drawing and no repayment.

    Movements under one unit of the currency are noise of the source, and are passed over.
    """
    found = []
    for before, after in matched(opening, closing):
        unit = 10**after.currency.exponent
        is_foreign = after.contract_currency not in {"", after.currency.code}
        is_moved = (
            abs(after.drawn - before.drawn) >= unit or abs(after.repaid - before.repaid) >= unit
        )
        if is_foreign and not is_moved and min(before.outstanding, after.outstanding) >= unit:
            factor = Fraction(after.outstanding, before.outstanding)
            found.append(Revaluation(after.loan_number, after.contract_currency, factor))
    return tuple(sorted(found, key=lambda each: (each.contract_currency, each.loan_number)))


def _sold_on(statement: Statement) -> int:
    """Principal that left this lender's books by sale and was not repaid to the buyer.

    `repaid` counts repayments to both; what was sold and repaid is in it.
    """
    return statement.sold - statement.repaid_to_others
