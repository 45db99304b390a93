"""A change of method: what a new version of the program moves, and the two people who agree."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query
from pydantic import StringConstraints

from gbese.apps.lending import services
from gbese.apps.lending.services import LoanMoved
from gbese.core.ledger import AccountKey, Direction, EntryKind
from gbese.core.money import Currency, Money
from gbese.core.projections.position import TotalKey
from gbese.core.projections.rows import Cause
from gbese.core.servicing.events import Component
from gbese.interfaces.api.operations import Area, Keyed, api_act
from gbese.interfaces.api.schemas import Asked, Day, Key, Moment, MoneyOut, Paged, Told, money_told

area = Area("Changes of method")

Reason = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=500)]


class ProposalAsked(Asked):
    """Why the difference should be booked, for whoever reads it later."""

    reason: Reason


class MovedTold(Told):
    """A total that moves: of a component, or of cash where it is null."""

    component: Component | None
    cause: Cause
    amount: MoneyOut


class MethodLineTold(Told):
    """A line that would be booked."""

    account: AccountKey
    component: str
    direction: Direction
    amount: MoneyOut


class MethodEntryTold(Told):
    """An entry that would be booked. `concerns` is the fiscal period it is of, YYYY-MM."""

    kind: EntryKind
    value_date: Day
    posting_date: Day
    concerns: str
    lines: list[MethodLineTold]


class LoanMovedTold(Told):
    """What the method of this program moves in one loan."""

    loan_number: str
    stored_method: str
    on: Day
    moved: list[MovedTold]
    entries: list[MethodEntryTold]


class MethodPreviewTold(Told):
    """How many loans differ, what moves in all, and a part of the loans."""

    loans: int
    moved: list[MovedTold]
    items: list[LoanMovedTold]
    next_offset: int | None


class ProposalTold(Told):
    """A proposed change of method; `approved_at` is null while nothing is booked."""

    number: int
    method: str
    open_day: Day
    reason: str
    loans: int
    proposed_at: Moment
    proposed_by: str
    approved_at: Moment | None
    approved_by: str
    booked_loans: int


class ProposalsTold(Told):
    """Changes of method, the newest first."""

    items: list[ProposalTold]


@area.get("/method-preview", answers=MethodPreviewTold)
def preview_method(request: HttpRequest, asked: Query[Paged]) -> MethodPreviewTold:
    """What the program computes otherwise than the versions in force; nothing is stored."""
    moved = list(services.method_preview())
    shown = moved[asked.offset : asked.offset + asked.limit]
    end = asked.offset + len(shown)
    currencies = {one.currency.code: one.currency for one in moved}
    return MethodPreviewTold(
        loans=len(moved),
        moved=[
            _moved(place, minor, currencies[code])
            for (code, place), minor in services.moved_in_all(moved).items()
        ],
        items=[_loan(one) for one in shown],
        next_offset=end if end < len(moved) else None,
    )


@area.get("/method-changes", answers=ProposalsTold)
def list_method_changes(request: HttpRequest) -> ProposalsTold:
    """The changes of method that were proposed, the newest first."""
    rows = services.method_proposals()
    return ProposalsTold(items=[ProposalTold.model_validate(row) for row in rows])


@area.post("/method-changes", answers=ProposalTold, status=201, keyed=Keyed.ONE_TRANSACTION)
def propose_method(request: HttpRequest, body: ProposalAsked) -> ProposalTold:
    """Put a change of method forward as it is shown now; another person approves it."""
    return ProposalTold.model_validate(
        services.propose_method(reason=body.reason, act=api_act(request))
    )


@area.post("/method-changes/{number}/approval", answers=ProposalTold, keyed=Keyed.ONE_TRANSACTION)
def approve_method(request: HttpRequest, number: Key) -> ProposalTold:
    """Book a change of method that another person proposed on the same business day."""
    return ProposalTold.model_validate(services.approve_method(number=number, act=api_act(request)))


def _loan(one: LoanMoved) -> LoanMovedTold:
    return LoanMovedTold(
        loan_number=one.loan_number,
        stored_method=one.stored_method,
        on=one.on,
        moved=[_moved(place, minor, one.currency) for place, minor in one.moved.items()],
        entries=[
            MethodEntryTold(
                kind=entry.kind,
                value_date=entry.value_date,
                posting_date=entry.posting_date,
                concerns=str(entry.concerns),
                lines=[MethodLineTold.model_validate(line) for line in entry.lines],
            )
            for entry in one.entries
        ],
    )


def _moved(place: TotalKey, minor: int, currency: Currency) -> MovedTold:
    component, cause = place
    return MovedTold(component=component, cause=cause, amount=money_told(Money(minor, currency)))
