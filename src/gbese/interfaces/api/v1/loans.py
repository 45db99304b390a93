"""Loans: the list, its totals and its export, a loan at a date, opening one, trying out terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Query
from pydantic import Field

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.lending import queries
from gbese.apps.lending import services as lending
from gbese.apps.lending.queries import LoanFilter, LoanOrder
from gbese.apps.parties import queries as parties
from gbese.core.contracts.checks import require_sound
from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.errors import Refusal
from gbese.core.money import Money
from gbese.core.projections.position import Position
from gbese.core.projections.rows import Life
from gbese.core.servicing.events import Component, Drawn
from gbese.core.servicing.events import LoanEvent as Event
from gbese.core.status.schedule import RowState
from gbese.core.status.trouble import LoanStatus
from gbese.core.yields.rules import YearlyCostMethod
from gbese.interfaces.api.errors import NamesNothing
from gbese.interfaces.api.operations import Area, Keyed, api_act
from gbese.interfaces.api.schemas import (
    Asked,
    CurrencyCode,
    CurrencyOut,
    Day,
    Key,
    KeyInBody,
    Listed,
    LoanNumber,
    Moment,
    MoneyOut,
    Note60,
    Note200,
    Paged,
    PathText,
    RateOut,
    Search,
    Told,
    listed,
    money_told,
)
from gbese.interfaces.api.v1.terms import TermsAsked
from gbese.interfaces.web import exports
from gbese.interfaces.web.lending.new_loan import schedule_preview

area = Area("Loans")


class Direction(StrEnum):
    """Which way a list runs."""

    ASCENDING = "ascending"
    DESCENDING = "descending"


class Narrowed(Asked):
    """Which loans; what is left out does not narrow the list."""

    side: Side | None = None
    lender: Key | None = None
    borrower: Key | None = None
    currency: CurrencyCode | None = None
    term_class: TermClass | None = None
    status: Annotated[list[LoanStatus], Field(max_length=20)] = []
    text: Search = ""

    def chosen(self) -> LoanFilter:
        """The filter as lending knows it."""
        return LoanFilter(
            side=self.side,
            lender=self.lender,
            borrower=self.borrower,
            currency=self.currency or "",
            term_class=self.term_class,
            statuses=tuple(self.status),
            text=self.text,
        )


class LoansAsked(Narrowed, Paged):
    """Which loans, in which order, which part of the list."""

    order: LoanOrder = LoanOrder.TROUBLE
    direction: Direction = Direction.ASCENDING


class LoanTold(Told):
    """One loan as of the open day."""

    loan_number: str
    side: Side
    lender: int
    lender_name: str
    borrower: int
    borrower_name: str
    currency: CurrencyOut
    status: LoanStatus
    days_past_due: int
    has_penalties: bool
    is_restructured: bool
    is_by_statement: bool
    has_assumptions: bool
    outstanding: MoneyOut
    overdue: MoneyOut
    undrawn: MoneyOut
    next_due_date: Day | None
    next_due: MoneyOut | None
    maturity_date: Day | None
    term_class: TermClass
    current_part: MoneyOut
    noncurrent_part: MoneyOut
    nominal_rate: RateOut | None
    effective_rate: RateOut | None


class TotalsTold(Told):
    """The loans of a filter of one side in one currency, added up.

    `loans` counts them all, `loans_outstanding` those on which principal is owed.
    """

    side: Side
    currency: CurrencyOut
    loans: int
    loans_outstanding: int
    outstanding: MoneyOut
    overdue: MoneyOut
    undrawn: MoneyOut
    current_part: MoneyOut
    noncurrent_part: MoneyOut


class AllTotalsTold(Told):
    """A row a currency."""

    items: list[TotalsTold]


class StatusCountTold(Told):
    """How many loans stand in a status."""

    status: LoanStatus
    loans: int


class StatusCountsTold(Told):
    """Every status there is, the most troubled first."""

    items: list[StatusCountTold]


class ClaimTold(Told):
    """One component of the debt: all of it, and what is overdue, due today, not yet due."""

    component: Component
    owed: MoneyOut
    overdue: MoneyOut
    due_today: MoneyOut
    not_due: MoneyOut


class PositionTold(Told):
    """What is owed at the end of a day."""

    on: Day
    life: Life
    debt: MoneyOut
    principal: MoneyOut
    interest: MoneyOut
    fee: MoneyOut
    penalty: MoneyOut
    unallocated: MoneyOut
    oldest_unpaid: Day | None
    days_past_due: int
    is_restructured: bool


class InstalmentTold(Told):
    """One due date and what has been settled of it; `is_expected` is not fixed yet."""

    number: int
    period_start: Day
    due_date: Day
    due_date_adjusted: Day
    principal: MoneyOut
    interest: MoneyOut
    fee: MoneyOut
    total: MoneyOut
    settled: MoneyOut
    outstanding_after: MoneyOut
    state: RowState
    is_expected: bool


class EventTold(Told):
    """Something that happened; `details` are the facts its kind has beside its amount."""

    number: int
    kind: str
    value_date: Day
    amount: MoneyOut | None
    details: dict[str, str | MoneyOut | None]
    recorded_at: Moment
    recorded_by: str
    channel: str
    is_reversed: bool
    reverses: int | None


class DatedAsked(Asked):
    """At which date; the open day where none is given."""

    on: Day | None = None


class ScheduleTold(Told):
    """Every due date, as known now and settled at a date."""

    loan_number: str
    on: Day
    items: list[InstalmentTold]


class ExportFormat(StrEnum):
    """How a list is written."""

    CSV = "csv"
    JSONL = "jsonl"


class ExportAsked(Narrowed):
    """Which loans, in which order, written how."""

    order: LoanOrder = LoanOrder.NUMBER
    direction: Direction = Direction.ASCENDING
    format: ExportFormat = ExportFormat.CSV


class NewLoanAsked(Asked):
    """A loan to be opened; `drawn_on` says that all of it was drawn on a day."""

    loan_number: LoanNumber
    side: Side
    lender: KeyInBody
    borrower: KeyInBody
    guarantor: KeyInBody | None = None
    terms: TermsAsked
    drawn_on: Day | None = None
    agreement_number: Note60 = ""
    purpose: Note200 = ""
    product: Annotated[Note200, Field(max_length=100)] = ""


class OpenedTold(Told):
    """A loan that is open."""

    loan_number: str


class TermsToTryAsked(Asked):
    """Terms to be tried out, as if all were drawn on a day and paid in time."""

    terms: TermsAsked
    drawn_on: Day | None = None


class PlannedTold(Told):
    """One due date of a schedule that is only looked at."""

    number: int
    due_date: Day
    principal: MoneyOut
    interest: MoneyOut
    fee: MoneyOut
    due: MoneyOut
    outstanding_after: MoneyOut
    is_expected: bool


class YearlyCostTold(Told):
    """What a loan costs a year, fees included, as fractions: plain, and by its country's method."""

    effective_rate: RateOut
    method: YearlyCostMethod
    disclosed_rate: RateOut


class PlanTold(Told):
    """A schedule with its sums; `yearly_cost` is null where no one rate fits it."""

    rows: list[PlannedTold]
    principal: MoneyOut
    interest: MoneyOut
    fees: MoneyOut
    due: MoneyOut
    yearly_cost: YearlyCostTold | None


@area.get("/loans", answers=Listed[LoanTold])
def list_loans(request: HttpRequest, asked: Query[LoansAsked]) -> Listed[LoanTold]:
    """The loans of a filter, the most troubled first.

    As of the open day.
    """
    rows = queries.loan_list(
        asked.chosen(),
        order=asked.order,
        descending=asked.direction is Direction.DESCENDING,
        offset=asked.offset,
        limit=asked.limit + 1,
    )
    return listed(rows, asked, LoanTold)


@area.get("/loan-totals", answers=AllTotalsTold)
def total_loans(request: HttpRequest, asked: Query[Narrowed]) -> AllTotalsTold:
    """What the loans of a filter add up to, currency by currency."""
    totals = queries.loan_totals(asked.chosen())
    return AllTotalsTold(items=[TotalsTold.model_validate(row) for row in totals])


@area.get("/loan-statuses", answers=StatusCountsTold)
def count_loans_by_status(request: HttpRequest, asked: Query[Narrowed]) -> StatusCountsTold:
    """How many loans of a filter stand in each status."""
    counts = queries.status_counts(asked.chosen())
    return StatusCountsTold(
        items=[StatusCountTold(status=status, loans=counts.get(status, 0)) for status in LoanStatus]
    )


@area.get("/loan-export", answers=None, media="text/csv")
def export_loans(request: HttpRequest, asked: Query[ExportAsked]) -> HttpResponseBase:
    """The loans of a filter as a file: CSV, or a JSON object a line.

    Amounts are exact; in CSV their currency stands in its own column.
    """
    rows = queries.loan_rows(
        asked.chosen(), order=asked.order, descending=asked.direction is Direction.DESCENDING
    )
    if asked.format is ExportFormat.CSV:
        return exports.csv_file("loans", tuple(LoanTold.model_fields), _cells(rows))
    return StreamingHttpResponse(
        (f"{LoanTold.model_validate(row).model_dump_json()}\n" for row in rows),
        content_type="application/jsonl",
        headers={"Content-Disposition": 'attachment; filename="loans.jsonl"'},
    )


@area.post("/loan-previews", answers=PlanTold)
def preview_terms(request: HttpRequest, body: TermsToTryAsked) -> PlanTold:
    """The schedule that terms lead to; nothing is stored."""
    terms = body.terms.terms()
    require_sound(terms)
    return PlanTold.model_validate(schedule_preview(terms, drawn_on=body.drawn_on), strict=False)


@area.post("/loans", answers=OpenedTold, status=201, keyed=Keyed.ONE_TRANSACTION)
def open_loan(request: HttpRequest, body: NewLoanAsked) -> OpenedTold:
    """Open a loan between two parties."""
    for place, party in (
        ("lender", body.lender),
        ("borrower", body.borrower),
        ("guarantor", body.guarantor),
    ):
        if party is not None:
            _require_party(party, f"body.{place}")
    terms = body.terms.terms()
    drawn_on = body.drawn_on
    events = (Drawn(number=1, value_date=drawn_on, amount=terms.principal),) if drawn_on else ()
    number = lending.open_loan(
        new=lending.NewLoan(
            loan_number=body.loan_number,
            side=body.side,
            lender=body.lender,
            borrower=body.borrower,
            guarantor=body.guarantor,
            terms=terms,
            events=events,
            purpose=body.purpose,
            product=body.product,
            agreement_number=body.agreement_number,
        ),
        act=api_act(request),
    )
    return OpenedTold(loan_number=number)


@area.get("/loans/{path:loan_number}/schedule", answers=ScheduleTold)
def get_schedule(
    request: HttpRequest, loan_number: PathText, asked: Query[DatedAsked]
) -> ScheduleTold:
    """Every due date of a loan, with what is settled of it at a date."""
    page = queries.loan_page(loan_number, day_asked(asked))
    return ScheduleTold(
        loan_number=page.loan_number,
        on=page.on,
        items=[InstalmentTold.model_validate(row) for row in page.schedule],
    )


@area.get("/loans/{path:loan_number}/events", answers=Listed[EventTold])
def list_loan_events(
    request: HttpRequest, loan_number: PathText, asked: Query[Paged]
) -> Listed[EventTold]:
    """What happened to a loan, in the order it was recorded."""
    page = queries.loan_page(loan_number, bookkeeping.open_day().open_day)
    rows = page.events[asked.offset : asked.offset + asked.limit + 1]
    return listed([_event_told(row) for row in rows], asked, EventTold)


def position_told(now: Position) -> PositionTold:
    """A position of the core as it goes out."""
    return PositionTold.model_validate(
        {
            "on": now.on,
            "life": now.life,
            "debt": now.debt,
            **{component.value: now.owed(component) for component in Component},
            "unallocated": now.unallocated,
            "oldest_unpaid": now.oldest_unpaid,
            "days_past_due": now.days_past_due,
            "is_restructured": now.is_restructured,
        }
    )


def day_asked(asked: DatedAsked) -> date:
    """The day asked for, else the open day."""
    return asked.on or bookkeeping.open_day().open_day


def _require_party(party: int, where: str) -> None:
    try:
        parties.party_page(party)
    except Refusal as refused:
        raise NamesNothing(refused, where) from refused


def _cells(rows: Iterable[queries.LoanRow]) -> Iterator[list[exports.Cell]]:
    for row in rows:
        told = LoanTold.model_validate(row).model_dump(mode="json")
        yield [
            value["amount"] if isinstance(value, dict) else "" if value is None else str(value)
            for value in told.values()
        ]


def _event_told(row: queries.EventRow) -> EventTold:
    return EventTold.model_validate(
        {name: getattr(row, name) for name in EventTold.model_fields if name != "details"}
        | {"details": _details(row.event)}
    )


_TOLD_BESIDES = frozenset({"number", "value_date", "amount", "terms"})


def _details(event: Event) -> dict[str, object]:
    """The facts of an event beside its number, day and amount; terms are told by the loan."""
    told: dict[str, object] = {}
    for name in event.__dataclass_fields__:
        if name in _TOLD_BESIDES:
            continue
        value = getattr(event, name)
        match value:
            case None:
                told[name] = None
            case Money():
                told[name] = money_told(value)
            case tuple():
                told |= {f"{name}.{component}": money_told(part) for component, part in value}
            case bool():
                told[name] = "true" if value else "false"
            case _:
                told[name] = str(value)
    return told
