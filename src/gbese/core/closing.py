"""The close of a day: its steps in order, and what it books of many loans at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.errors import Refusal
from gbese.core.ledger import BookingPoint, JournalEntry
from gbese.core.money import Currency
from gbese.core.posting import booked_by_close, entries_of, kind_of
from gbese.core.projections.rows import Cause, Projection
from gbese.core.servicing.events import Component


class ClosingStep(StrEnum):
    """A step of the work of a day; each is done once."""

    BOOK = "book"  # what the day moved in every loan
    READ = "read"  # the readings of the lists that change with the date


DAY = (ClosingStep.BOOK, ClosingStep.READ)


@dataclass(frozen=True, slots=True)
class LoanOfDay:
    """A loan as the cut knew it. `projection` is why not, where it cannot be read.

    `first_unbooked` is the first day not booked of a loan that was set aside; None for others.
    """

    loan_number: str
    side: Side
    term_class: TermClass
    projection: Projection | Refusal
    first_unbooked: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person should see; the close goes on with the next loan."""

    code: str
    subject: str  # the loan's number
    on: date
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """Loans that share a summary entry; what goes down stands apart from what goes up."""

    side: Side
    term_class: TermClass
    currency_code: str
    currency_exponent: int
    is_upward: bool

    @property
    def currency(self) -> Currency:
        """Of every amount in the group."""
        return Currency(self.currency_code, self.currency_exponent)


Amounts = Mapping[str, int]  # minor units by loan number
Place = tuple[Component | None, Cause]


@dataclass(slots=True)
class DayMovements:
    """What a day moved: minor units by group, component, cause and loan."""

    groups: dict[Group, dict[Place, dict[str, int]]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)  # set aside before, booked now
    loans: int = 0


@dataclass(frozen=True, slots=True)
class SummaryOfDay:
    """One summary entry and the amounts of every loan behind it."""

    group: Group
    entry: JournalEntry
    amounts: Mapping[Place, Amounts]


def movements_of_day(loans: Iterable[LoanOfDay], day: date) -> DayMovements:
    """What a day moved in every loan, the recorded facts of the day left out.

    A loan that cannot be computed becomes a finding and is left out whole. Beyond a loan's horizon
    nothing is booked: a later fixing or statement makes a version that books what was waited for.
    """
    moved = DayMovements()
    for loan in loans:
        moved.loans += 1
        try:
            projection = _readable(loan.projection)
            differences = booked_by_close(projection, day, first_unbooked=loan.first_unbooked)
        except Refusal as refusal:
            moved.findings.append(Finding(refusal.code, loan.loan_number, day, refusal.facts))
            continue
        if loan.first_unbooked is not None:
            moved.taken_back.append(loan.loan_number)
        _add(moved, loan, projection.currency, differences)
    return moved


def summaries_of_day(moved: DayMovements, point: BookingPoint) -> tuple[SummaryOfDay, ...]:
    """One summary entry for each group and kind of movement, in a fixed order.

    The amounts behind an entry add up to its lines.
    """
    summaries: list[SummaryOfDay] = []
    for group in sorted(moved.groups):
        places = moved.groups[group]
        entries = entries_of(
            {place: sum(amounts.values()) for place, amounts in places.items()},
            side=group.side,
            term_class=group.term_class,
            currency=group.currency,
            value_date=point.as_of,
            point=point,
            loan_number="",
        )
        summaries += [
            SummaryOfDay(
                group,
                entry,
                {
                    place: amounts
                    for place, amounts in sorted(places.items(), key=_order)
                    if kind_of(place[1]) is entry.kind
                },
            )
            for entry in entries
        ]
    return tuple(summaries)


def _readable(projection: Projection | Refusal) -> Projection:
    if isinstance(projection, Refusal):
        raise projection
    return projection


def _add(
    moved: DayMovements, loan: LoanOfDay, currency: Currency, differences: Mapping[Place, int]
) -> None:
    for place, minor in differences.items():
        if kind_of(place[1]) is None:
            continue
        group = Group(loan.side, loan.term_class, currency.code, currency.exponent, minor > 0)
        places = moved.groups.setdefault(group, defaultdict(dict))
        places[place][loan.loan_number] = minor


def _order(item: tuple[Place, Amounts]) -> tuple[str, str]:
    component, cause = item[0]
    return (component or "", cause)
