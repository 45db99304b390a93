"""What is recorded on a loan. Each act has a preview: the same request, and nothing is stored."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated

from django.http import HttpRequest
from pydantic import Field

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.lending import services as lending
from gbese.apps.lending.services import Change, EventMaker
from gbese.core.contracts.checks import require_sound
from gbese.core.ledger import Direction, JournalEntry
from gbese.core.servicing.events import Component, ReversalReason, SurplusUse
from gbese.interfaces.api.operations import Area, Keyed, api_act
from gbese.interfaces.api.schemas import (
    Amount,
    Asked,
    Day,
    KeyInBody,
    MoneyOut,
    PathText,
    Rate,
    Text60,
    Told,
    YesNo,
    money_told,
)
from gbese.interfaces.api.v1.loans import PlannedTold, PositionTold, position_told
from gbese.interfaces.api.v1.terms import TermsAsked
from gbese.interfaces.web.lending.new_loan import preview_of

area = Area("What is recorded on a loan")


class FactAsked(Asked):
    """A fact of a loan and the day it counts from, which may be earlier than today."""

    value_date: Day

    @abstractmethod
    def maker(self) -> EventMaker:
        """The event it is."""


class DrawdownAsked(FactAsked):
    """The borrower takes money."""

    amount: Amount

    def maker(self) -> EventMaker:
        return lending.drawdown(amount=self.amount.money, value_date=self.value_date)


class InstructionAsked(Asked):
    """How much of a payment settles a component."""

    component: Component
    amount: Amount


class RepaymentAsked(FactAsked):
    """Money is paid. It settles as instructed, then in the contract's order; `surplus` is left."""

    amount: Amount
    surplus: SurplusUse = SurplusUse.HOLD
    instruction: Annotated[list[InstructionAsked], Field(max_length=len(Component))] = []

    def maker(self) -> EventMaker:
        return lending.repayment(
            received=self.amount.money,
            value_date=self.value_date,
            surplus=self.surplus,
            instruction=tuple((part.component, part.amount.money) for part in self.instruction),
        )


class NewRateAsked(FactAsked):
    """The loan costs another rate, a fraction of one a year."""

    nominal_rate: Rate

    def maker(self) -> EventMaker:
        return lending.rate(nominal_rate=self.nominal_rate, value_date=self.value_date)


class ChargeAsked(FactAsked):
    """A fee, a penalty or interest is charged by hand."""

    component: Annotated[Component, Field(json_schema_extra={"not": {"const": "principal"}})]
    amount: Amount
    charge_kind: Text60

    def maker(self) -> EventMaker:
        return lending.charge(
            component=self.component,
            amount=self.amount.money,
            charge_kind=self.charge_kind,
            value_date=self.value_date,
        )


class WaiverAsked(FactAsked):
    """A claim, or a part of it, is given up."""

    component: Component
    amount: Amount

    def maker(self) -> EventMaker:
        return lending.waiver(
            component=self.component, amount=self.amount.money, value_date=self.value_date
        )


class WriteOffAsked(FactAsked):
    """All that is owed leaves the books."""

    def maker(self) -> EventMaker:
        return lending.write_off(value_date=self.value_date)


class RefundAsked(FactAsked):
    """Money that settled nothing goes back."""

    amount: Amount

    def maker(self) -> EventMaker:
        return lending.refund(amount=self.amount.money, value_date=self.value_date)


class AmendmentAsked(FactAsked):
    """New terms; `is_restructuring` says that they were eased for want of means."""

    terms: TermsAsked
    is_restructuring: YesNo

    def maker(self) -> EventMaker:
        terms = self.terms.terms()
        require_sound(terms)
        return lending.amendment(
            terms=terms, is_restructuring=self.is_restructuring, value_date=self.value_date
        )


class ReversalAsked(FactAsked):
    """An event counts as never having happened; both stay in the story."""

    event_number: KeyInBody
    reason: ReversalReason

    def maker(self) -> EventMaker:
        return lending.reversal(
            event_number=self.event_number, reason=self.reason, value_date=self.value_date
        )


class RecordedTold(Told):
    """An event that is on record."""

    loan_number: str
    event_number: int
    value_date: Day


class DraftLineTold(Told):
    """A line of an entry that would be posted."""

    account: str
    code: str
    name: str
    component: str
    direction: Direction
    amount: MoneyOut


class DraftEntryTold(Told):
    """An entry that would be posted."""

    value_date: Day
    posting_date: Day
    lines: list[DraftLineTold]


class ChangeTold(Told):
    """What recording would change: the loan before and after, the entries, the schedule after."""

    loan_number: str
    open_day: Day
    before: PositionTold
    after: PositionTold
    entries: list[DraftEntryTold]
    schedule: list[PlannedTold]


@dataclass(frozen=True, slots=True)
class Fact:
    """One kind of fact: its address under the loan, its name, what is asked, what it says."""

    path: str
    name: str
    asked: type[FactAsked]
    said: str


FACTS = (
    Fact("drawdowns", "drawdown", DrawdownAsked, "Record that the borrower takes money"),
    Fact("repayments", "repayment", RepaymentAsked, "Record that money is paid"),
    Fact("rates", "rate", NewRateAsked, "Record that the loan costs another rate"),
    Fact("charges", "charge", ChargeAsked, "Charge a fee, a penalty or interest by hand"),
    Fact("waivers", "waiver", WaiverAsked, "Give up a claim, or a part of it"),
    Fact("write-offs", "write_off", WriteOffAsked, "Write off all that is owed"),
    Fact("refunds", "refund", RefundAsked, "Pay back money that settled nothing"),
    Fact("amendments", "amendment", AmendmentAsked, "Record new terms of a loan"),
    Fact("reversals", "reversal", ReversalAsked, "Reverse an event recorded by mistake"),
)


def _declare(fact: Fact) -> None:
    def record(request: HttpRequest, loan_number: PathText, body: FactAsked) -> RecordedTold:
        done = lending.record(loan_number=loan_number, made=body.maker(), act=api_act(request))
        return RecordedTold.model_validate(done)

    def preview(request: HttpRequest, loan_number: PathText, body: FactAsked) -> ChangeTold:
        return _change_told(lending.preview(loan_number=loan_number, made=body.maker()))

    record.__name__, preview.__name__ = f"record_{fact.name}", f"preview_{fact.name}"
    record.__doc__ = f"{fact.said}."
    preview.__doc__ = f"{fact.said}: what it would change; nothing is stored."
    for function in (record, preview):
        function.__annotations__["body"] = fact.asked
    address = f"/loans/{{path:loan_number}}/{fact.path}"
    area.post(f"{address}/preview", answers=ChangeTold)(preview)
    area.post(address, answers=RecordedTold, status=201, keyed=Keyed.ONE_TRANSACTION)(record)


def _change_told(change: Change) -> ChangeTold:
    plan = preview_of(change.new)
    return ChangeTold(
        loan_number=change.loan_number,
        open_day=change.open_day,
        before=position_told(change.before),
        after=position_told(change.after),
        entries=[_entry_told(entry) for entry in change.entries],
        schedule=[PlannedTold.model_validate(row) for row in plan.rows],
    )


def _entry_told(entry: JournalEntry) -> DraftEntryTold:
    accounts = bookkeeping.accounts()
    lines = []
    for line in entry.lines:
        account = accounts.get(line.account)
        lines.append(
            DraftLineTold(
                account=line.account.value,
                code=account.code if account else "",
                name=account.name if account else "",
                component=line.component,
                direction=line.direction,
                amount=money_told(line.amount),
            )
        )
    return DraftEntryTold(value_date=entry.value_date, posting_date=entry.posting_date, lines=lines)


for _fact in FACTS:
    _declare(_fact)
