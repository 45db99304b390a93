"""Opening loans: one by hand, or a whole portfolio in one act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from django.db import transaction

from gbese.apps.bookkeeping import locks as book_locks
from gbese.apps.bookkeeping import queries as books
from gbese.apps.bookkeeping.queries import BookDayRow
from gbese.apps.bookkeeping.services import post
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import AuditFact, record_audits
from gbese.apps.lending import mapping
from gbese.apps.lending.errors import LoanNumberTaken, RequestReused, SideNotKept
from gbese.apps.lending.mapping import NewLoan
from gbese.apps.lending.models import (
    Loan,
    LoanEvent,
    LoanReading,
    ProjectionVersion,
    TermsVersion,
)
from gbese.apps.lending.own_side import own_parties, require_own_loan, require_two_parties
from gbese.apps.lending.readings import read
from gbese.apps.lending.services.changing import (
    new_event_row,
    new_terms_row,
    new_version_row,
    request_of,
)
from gbese.apps.parties.queries import party_names
from gbese.core.contracts.checks import require_sound
from gbese.core.contracts.term_classes import term_class
from gbese.core.ledger import BookingPoint, JournalEntry
from gbese.core.posting.changes import entries_of_change
from gbese.core.projections.project import project
from gbese.core.projections.rows import Projection
from gbese.core.servicing.events import LoanEvent as Event

_CHUNK = 500
_ASKED_AT_ONCE = 900


@dataclass(slots=True)
class _Act:
    """What all loans of one act share, read once."""

    act: Act
    source: str
    day: BookDayRow
    shared: mapping.SharedFactsCache = field(default_factory=mapping.SharedFactsCache)
    _points: dict[date, tuple[BookingPoint, ...]] = field(default_factory=dict)

    def points(self, value_date: date) -> tuple[BookingPoint, ...]:
        """Where the difference of a fact of this day is booked."""
        if value_date not in self._points:
            self._points[value_date] = books.booking_points(value_date)
        return self._points[value_date]


@dataclass(slots=True)
class _Opened:
    """One loan of the act, worked out and waiting to be stored."""

    loan: Loan
    new: NewLoan
    events: tuple[Event, ...]
    projection: Projection
    version: ProjectionVersion
    entries: tuple[JournalEntry, ...]


@transaction.atomic
def open_loan(*, new: NewLoan, act: Act) -> str:
    """Open one loan; its number. Sending the same request again returns it.

    Raises:
        RequestReused: the request has opened another loan.
        LenderIsBorrower, EntityOnOtherSide, EntityNotParty: it is not a loan of the entity with
            somebody else, on the side that is named.
        LoanNumberTaken, SideNotKept: the number exists, the books do not keep this side.
        TermsRefused, ScheduleError, PeriodError: the terms do not make a schedule.
    """
    done = Loan.objects.filter(request_id=act.request_id, source="by_hand").first()
    if done is not None:
        if done.number != new.loan_number:
            raise RequestReused(loan_number=done.number, request_id=str(act.request_id))
        return done.number
    require_own_loan(new, own_parties())
    open_loans(loans=[new], act=act, source="by_hand")
    return new.loan_number


@transaction.atomic
def open_loans(
    *,
    loans: Sequence[NewLoan],
    act: Act,
    source: str,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Open many loans with their history, all or none; how many.

    Args:
        loans: each with its events in the order they were recorded; they are numbered from 1.
        act: who, when, in which request.
        source: the act behind them as kind and name, `import:12`; undoing asks for it.
        progress: told how many are done, from time to time.

    Raises:
        LoanNumberTaken, SideNotKept, LenderIsBorrower, EntityOnOtherSide, TermsRefused and what
            projecting refuses.
    """
    day = book_locks.book_day_shared()
    _require_free_numbers(loans)
    kept, own = books.entity().sides_kept, own_parties()
    shared = _Act(act, source, day)
    names = party_names([pk for new in loans for pk in (new.lender, new.borrower)])
    done = 0
    for chunk in _chunks(loans):
        opened = []
        for new in chunk:
            if not kept.includes(new.side):
                raise SideNotKept(loan_number=new.loan_number, side=new.side)
            require_two_parties(new, own)
            require_sound(new.terms)
            opened.append(_worked_out(new, shared))
        _store(opened, names, shared)
        done += len(opened)
        progress(done)
    return done


def _worked_out(new: NewLoan, shared: _Act) -> _Opened:
    act = shared.act
    events = tuple(replace(event, number=place) for place, event in enumerate(new.events, start=1))
    facts = mapping.facts(new.terms, events, shared.shared, open_day=shared.day.open_day)
    projection = project(facts)
    in_force = mapping.terms_in_force(new.terms, events)
    loan = Loan(
        number=new.loan_number,
        side=new.side.value,
        lender_id=new.lender,
        borrower_id=new.borrower,
        guarantor_id=new.guarantor,
        agreement_number=new.agreement_number,
        purpose=new.purpose,
        product=new.product,
        external_status=new.external_status,
        source=shared.source,
        recorded_at=act.recorded_at,
        recorded_by=act.login,
        request_id=act.request_id,
        reference_series=in_force.rate.reference or "",
        calendar_code=in_force.calendar_code,
    )
    entries: tuple[JournalEntry, ...] = ()
    if events:
        first_day = min(event.value_date for event in events)
        entries = entries_of_change(
            None,
            projection,
            side=new.side,
            term_class=term_class(new.terms),
            value_date=first_day,
            points=shared.points(first_day),
            loan_number=new.loan_number,
        )
    version = new_version_row(
        loan,
        projection,
        number=1,
        cause="opened",
        event_number=len(events),
        cut_number=shared.day.cut_number,
        open_ended_until=facts.open_ended_until,
        act=act,
    )
    return _Opened(loan, new, events, projection, version, entries)


def _store(opened: Sequence[_Opened], names: dict[int, str], shared: _Act) -> None:
    act, source, day = shared.act, shared.source, shared.day
    Loan.objects.bulk_create([one.loan for one in opened])
    TermsVersion.objects.bulk_create(
        [
            new_terms_row(one.loan, one.new.terms, number=1, event_number=None, act=act)
            for one in opened
        ]
    )
    LoanEvent.objects.bulk_create(
        [
            new_event_row(
                one.loan,
                event,
                one.new.terms,
                request_of(act, one.loan.number, event.number),
                act,
            )
            for one in opened
            for event in one.events
        ]
    )
    ProjectionVersion.objects.bulk_create([one.version for one in opened])
    readings: list[LoanReading] = []
    for one in opened:
        in_force = mapping.terms_in_force(one.new.terms, one.events)
        told = read(one.loan, one.projection, in_force, one.events, on=day.open_day)
        readings.append(mapping.reading_row(one.loan, one.version.pk, told, in_force, names))
    LoanReading.objects.bulk_create(readings)
    post(
        entries=[entry for one in opened for entry in one.entries],
        source=f"opened:{source}",
        act=act,
    )
    record_audits(
        act=act,
        facts=[
            AuditFact(
                what="loan.opened",
                subject=f"loan:{one.loan.number}",
                before={},
                after={
                    "side": one.loan.side,
                    "source": source,
                    "events": str(len(one.events)),
                    "projection": one.version.digest,
                },
            )
            for one in opened
        ],
    )


def _require_free_numbers(loans: Sequence[NewLoan]) -> None:
    seen: set[str] = set()
    for new in loans:
        if new.loan_number in seen:
            raise LoanNumberTaken(loan_number=new.loan_number)
        seen.add(new.loan_number)
    numbers = sorted(seen)
    for start in range(0, len(numbers), _ASKED_AT_ONCE):
        taken = Loan.objects.filter(
            number__in=numbers[start : start + _ASKED_AT_ONCE], removed_at__isnull=True
        ).first()
        if taken is not None:
            raise LoanNumberTaken(loan_number=taken.number)


def _chunks(loans: Sequence[NewLoan]) -> Iterator[list[NewLoan]]:
    coming = iter(loans)
    while chunk := list(islice(coming, _CHUNK)):
        yield chunk
