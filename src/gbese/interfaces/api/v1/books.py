"""The books: the open day, entries, balances, fiscal periods, closing, and the proof of it all."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query
from pydantic import BeforeValidator, Field, StrictInt

from gbese.apps.bookkeeping import queries, services
from gbese.apps.closing import queries as closing
from gbese.apps.closing import services as closing_services
from gbese.apps.closing.verification import Mismatch
from gbese.apps.closing.verification import verify as verify_books
from gbese.apps.lending.queries import loan_currency
from gbese.core.closing import DAY, ClosingStep
from gbese.core.ledger import AccountKey, Direction, EntryKind
from gbese.interfaces.api.operations import Area, Keyed, api_act, require_unchanged
from gbese.interfaces.api.schemas import (
    Asked,
    CurrencyOut,
    Day,
    Key,
    Limit,
    Listed,
    Moment,
    MoneyOut,
    Paged,
    PathText,
    Period,
    Text300,
    Told,
    listed,
    money_told,
    whole_of_json,
)
from gbese.interfaces.web.books import wording

area = Area("Books")

Hour = Annotated[StrictInt, Field(ge=0, le=23), BeforeValidator(whole_of_json)]


class BooksTold(Told):
    """Whose books these are, and the day they are open on: the business date."""

    name: str
    country: str
    base_currency: str
    fiscal_year_start_month: int
    time_zone: str
    cut_off_hour: int
    sides_kept: services.SidesKept
    books_from: Day
    open_day: Day
    last_closed_day: Day | None


class BooksChanged(Asked):
    """When a day ends: where the books are kept, and at which hour of the next day."""

    time_zone: Annotated[str, Field(max_length=60, pattern="^[A-Za-z0-9_+/-]+$")] | None = None
    cut_off_hour: (
        Annotated[StrictInt, Field(ge=0, le=23), BeforeValidator(whole_of_json)] | None
    ) = None


class AccountTold(Told):
    """What the books call a part accounts play."""

    key: AccountKey
    code: str
    name: str


class AccountsTold(Told):
    """The chart of accounts."""

    items: list[AccountTold]


class LineTold(Told):
    """One line of an entry."""

    place: int
    account: AccountKey
    code: str
    name: str
    component: str
    direction: Direction
    amount: MoneyOut


class EntryTold(Told):
    """An entry with its lines. `concerns` is the fiscal period it is of, YYYY-MM."""

    number: int
    kind: EntryKind
    value_date: Day
    posting_date: Day
    concerns: str
    loan_number: str
    source: str
    reverses: int | None
    recorded_at: Moment
    login: str
    request_id: UUID
    entry_hash: str
    lines: list[LineTold]


class DayBookAsked(Paged):
    """Of which day; the open day where none is given."""

    on: Day | None = None


class TrialBalanceAsked(Asked):
    """At the end of which day, with turnovers since when: the fiscal year's start if not said."""

    on: Day | None = None
    since: Day | None = None


class BalanceRowTold(Told):
    """One account in one currency; balances are debit positive."""

    account: AccountKey
    code: str
    name: str
    currency: CurrencyOut
    opening: MoneyOut
    debits: MoneyOut
    credits: MoneyOut
    closing: MoneyOut


class BalanceTotalTold(Told):
    """The sums of one currency."""

    currency: CurrencyOut
    debits: MoneyOut
    credits: MoneyOut
    closing_debit: MoneyOut
    closing_credit: MoneyOut


class TrialBalanceTold(Told):
    """The trial balance at the end of a day."""

    on: Day
    is_balanced: bool
    rows: list[BalanceRowTold]
    totals: list[BalanceTotalTold]


class CardAsked(Paged):
    """An account in one currency, between two posting dates."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    since: Day
    until: Day


class PeriodTold(Told):
    """A fiscal period of the books, YYYY-MM, and whether it takes entries."""

    period: str
    start: Day
    end: Day
    is_closed: bool


class PeriodsTold(Told):
    """The fiscal periods of the books, the newest first."""

    items: list[PeriodTold]


class ReopenAsked(Asked):
    """Why a closed period is to take entries again."""

    reason: Text300


class CloseAsked(Asked):
    """The last day to close; days before it that are open are closed too, in order."""

    day: Day


class StepTold(Told):
    """One step of a day's work, done."""

    step: ClosingStep
    loans: int
    entries: int
    findings: int
    recorded_at: Moment
    login: str


class FindingTold(Told):
    """What a person should see; the close went on with the next loan."""

    day: Day
    code: str
    subject: str
    facts: dict[str, str]
    text: str


class DayCloseTold(Told):
    """The close of a day as a job: its day is its id, with its state and its counters."""

    id: str
    day: Day
    state: str = Field(pattern="^(running|done)$")
    cut_number: int
    steps: list[StepTold]
    counts: dict[str, int]
    findings: list[FindingTold]


class DayClosesTold(Told):
    """The sealed days, the newest first."""

    items: list[DayCloseTold]


class ClosesAsked(Asked):
    """How many days back."""

    limit: Limit = 31


class HeadTold(Told):
    """The last entry: written down elsewhere, it proves that nothing before it changed."""

    number: int
    entry_hash: str


class MismatchTold(Told):
    """Something stored that is not what it must be."""

    code: str
    subject: str
    facts: dict[str, str]


class VerificationTold(Told):
    """What working everything out again found: clean, broken, or cannot_tell."""

    status: str = Field(pattern="^(clean|broken|cannot_tell)$")
    entries: int
    loans: int
    audit_records: int
    mismatches: list[MismatchTold]
    doubts: list[MismatchTold]


@area.get("/books", answers=BooksTold, has_etag=True)
def get_books(request: HttpRequest) -> BooksTold:
    """Whose books these are, and their open day."""
    return _books()


@area.patch("/books", answers=BooksTold)
def change_books(request: HttpRequest, body: BooksChanged) -> BooksTold:
    """Change when a day of the books ends."""
    require_unchanged(request, _books())
    now = queries.entity()
    services.set_day_end(
        time_zone=body.time_zone if body.time_zone is not None else now.time_zone,
        cut_off_hour=body.cut_off_hour if body.cut_off_hour is not None else now.cut_off_hour,
        act=api_act(request),
    )
    return _books()


@area.get("/accounts", answers=AccountsTold)
def list_accounts(request: HttpRequest) -> AccountsTold:
    """The chart of accounts."""
    rows = queries.accounts().values()
    return AccountsTold(items=[AccountTold.model_validate(row) for row in rows])


@area.get("/trial-balance", answers=TrialBalanceTold)
def get_trial_balance(request: HttpRequest, asked: Query[TrialBalanceAsked]) -> TrialBalanceTold:
    """Every account's opening balance, turnover and closing balance."""
    on = asked.on or queries.open_day().open_day
    balance, accounts = queries.trial_balance(on, since=asked.since), queries.accounts()
    return TrialBalanceTold(
        on=on,
        is_balanced=balance.is_balanced,
        rows=[
            BalanceRowTold(
                account=row.account,
                code=wording.account_code(accounts, row.account),
                name=wording.account_name(accounts, row.account),
                currency=row.currency.code,
                opening=money_told(row.opening),
                debits=money_told(row.debits),
                credits=money_told(row.credits),
                closing=money_told(row.closing),
            )
            for row in balance.rows
        ],
        totals=[BalanceTotalTold.model_validate(total) for total in balance.totals()],
    )


@area.get("/day-book", answers=Listed[EntryTold])
def list_day_book(request: HttpRequest, asked: Query[DayBookAsked]) -> Listed[EntryTold]:
    """The entries posted on a day, in order."""
    on = asked.on or queries.open_day().open_day
    rows = queries.day_book(on, offset=asked.offset, limit=asked.limit + 1)
    return listed(_entries(rows), asked, EntryTold)


@area.get("/entries/{number}", answers=EntryTold)
def get_entry(request: HttpRequest, number: Key) -> EntryTold:
    """One entry with its lines."""
    return _entries([queries.entry(number)])[0]


@area.get("/loans/{path:loan_number}/entries", answers=Listed[EntryTold])
def list_loan_entries(
    request: HttpRequest, loan_number: PathText, asked: Query[Paged]
) -> Listed[EntryTold]:
    """The single entries of a loan, the newest first.

    What closes of days booked of it stands in summary entries.
    """
    loan_currency(loan_number)
    rows = queries.entries_of(loan_number, limit=asked.offset + asked.limit + 1)
    return listed(_entries(rows[asked.offset :]), asked, EntryTold)


@area.get("/journal-head", answers=HeadTold)
def get_journal_head(request: HttpRequest) -> HeadTold:
    """The last entry of the journal and its hash."""
    return HeadTold.model_validate(queries.journal_head())


@area.get("/fiscal-periods", answers=PeriodsTold)
def list_fiscal_periods(request: HttpRequest) -> PeriodsTold:
    """The fiscal periods of the books, the newest first."""
    return PeriodsTold(
        items=[
            PeriodTold(
                period=str(row.period),
                start=row.period.start,
                end=row.period.end,
                is_closed=row.is_closed,
            )
            for row in queries.fiscal_periods()
        ]
    )


@area.post("/fiscal-periods/{period}/close", answers=PeriodTold, keyed=Keyed.ONE_TRANSACTION)
def close_fiscal_period(request: HttpRequest, period: Period) -> PeriodTold:
    """Close a fiscal period: it takes no entries any more, late facts go to a later one."""
    closed = services.close_fiscal_period(day=_first_day(period), act=api_act(request))
    return PeriodTold(period=str(closed), start=closed.start, end=closed.end, is_closed=True)


@area.post("/fiscal-periods/{period}/reopening", answers=PeriodTold, keyed=Keyed.ONE_TRANSACTION)
def reopen_fiscal_period(request: HttpRequest, period: Period, body: ReopenAsked) -> PeriodTold:
    """Let a closed fiscal period take entries again."""
    opened = services.reopen_fiscal_period(
        day=_first_day(period), reason=body.reason, act=api_act(request)
    )
    return PeriodTold(period=str(opened), start=opened.start, end=opened.end, is_closed=False)


@area.get("/day-closes", answers=DayClosesTold)
def list_day_closes(request: HttpRequest, asked: Query[ClosesAsked]) -> DayClosesTold:
    """The sealed days, the newest first."""
    return DayClosesTold(items=[_close(row) for row in closing.closed_days(limit=asked.limit)])


@area.post("/day-closes", answers=DayCloseTold, status=201, keyed=Keyed.BY_ITSELF)
def close_day(request: HttpRequest, body: CloseAsked) -> DayCloseTold:
    """Close every open day up to a day, in order.

    What was done before is found done, so that a close that was cut off is asked for again.
    """
    closing_services.close_to(day=body.day, act=api_act(request), progress=lambda _: None)
    return _close_of(body.day)


@area.get("/day-closes/{day}", answers=DayCloseTold)
def get_day_close(request: HttpRequest, day: Day) -> DayCloseTold:
    """The close of one day: its state, its steps, its counters, what it found."""
    return _close_of(day)


@area.get("/verification", answers=VerificationTold)
def verify(request: HttpRequest) -> VerificationTold:
    """Work everything derived out again and compare it with what is stored.

    It takes the longer the more loans there are.
    """
    found = verify_books(progress=lambda _: None)
    return VerificationTold(
        status="broken" if found.mismatches else "cannot_tell" if found.doubts else "clean",
        entries=found.entries,
        loans=found.loans,
        audit_records=found.audit_records,
        mismatches=[_mismatch(one) for one in found.mismatches],
        doubts=[_mismatch(one) for one in found.doubts],
    )


def _books() -> BooksTold:
    entity, day = queries.entity(), queries.open_day()
    return BooksTold(
        name=entity.name,
        country=entity.country,
        base_currency=entity.base_currency,
        fiscal_year_start_month=entity.fiscal_year_start_month,
        time_zone=entity.time_zone,
        cut_off_hour=entity.cut_off_hour,
        sides_kept=entity.sides_kept,
        books_from=entity.books_from,
        open_day=day.open_day,
        last_closed_day=day.last_cut_day if day.cut_number else None,
    )


def _entries(rows: tuple[queries.EntryRow, ...] | list[queries.EntryRow]) -> list[EntryTold]:
    accounts = queries.accounts() if rows else {}
    return [
        EntryTold(
            number=row.number,
            kind=row.kind,
            value_date=row.value_date,
            posting_date=row.posting_date,
            concerns=str(row.concerns),
            loan_number=row.loan_number,
            source=row.source,
            reverses=row.reverses,
            recorded_at=row.recorded_at,
            login=row.login,
            request_id=row.request_id,
            entry_hash=row.entry_hash,
            lines=[
                LineTold(
                    place=line.place,
                    account=line.account,
                    code=wording.account_code(accounts, line.account),
                    name=wording.account_name(accounts, line.account),
                    component=line.component,
                    direction=line.direction,
                    amount=money_told(line.amount),
                )
                for line in row.lines
            ],
        )
        for row in rows
    ]


def _close_of(day: date) -> DayCloseTold:
    cut = queries.cut_of(day)
    if cut is None:
        raise services.DayNotOpen(day=day, open_day=queries.open_day().open_day)
    steps = closing.steps_done(day)
    return _close(
        closing.ClosedDay(
            day, cut.number, steps, len(steps) == len(DAY), sum(step.findings for step in steps)
        )
    )


def _close(closed: closing.ClosedDay) -> DayCloseTold:
    return DayCloseTold(
        id=closed.day.isoformat(),
        day=closed.day,
        state="done" if closed.is_complete else "running",
        cut_number=closed.cut_number,
        steps=[StepTold.model_validate(step) for step in closed.steps],
        counts={
            "steps": len(closed.steps),
            "steps_total": len(DAY),
            "loans": max((step.loans for step in closed.steps), default=0),
            "entries": sum(step.entries for step in closed.steps),
            "findings": closed.findings,
        },
        findings=[
            FindingTold(
                day=finding.day,
                code=finding.code,
                subject=finding.subject,
                facts=dict(finding.facts),
                text=wording.finding(finding.code, finding.facts),
            )
            for finding in (closing.findings(closed.day) if closed.findings else ())
        ],
    )


def _mismatch(found: Mismatch) -> MismatchTold:
    return MismatchTold(
        code=found.code,
        subject=found.subject,
        facts={name: str(fact) for name, fact in found.facts.items()},
    )


def _first_day(period: str) -> date:
    return date.fromisoformat(f"{period}-01")
