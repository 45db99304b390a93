"""Loans worked out before the transaction that opens them, so that other writers need not wait.

Everything that takes time, from terms to entries, is done without holding anything, and waits as
rows in a file that nobody else sees. What the work rested on is compared once the books are held.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.db import models

from gbese.apps.bookkeeping import queries as books
from gbese.apps.bookkeeping.queries import BookDayRow, SidesKept
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import AuditFact
from gbese.apps.lending import mapping
from gbese.apps.lending.errors import BooksMovedOn, SideNotKept
from gbese.apps.lending.mapping import NewLoan
from gbese.apps.lending.models import Loan
from gbese.apps.lending.own_side import own_parties, require_two_parties
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
from gbese.core.contracts.terms import Terms
from gbese.core.ledger import BookingPoint, FiscalPeriod, JournalEntry
from gbese.core.posting.changes import entries_of_change
from gbese.core.projections.project import project
from gbese.core.projections.rows import Projection
from gbese.core.servicing.events import LoanEvent as Event

_CHUNK = 500
_IN_MEMORY_BYTES = 32_000_000  # more waits on the disk
_NOT_STORED = 0  # the key of a version that has none yet

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Basis:
    """What entries rest on besides the loans themselves."""

    day: BookDayRow
    closed: frozenset[FiscalPeriod]
    own: frozenset[int]
    sides_kept: SidesKept

    @classmethod
    def now(cls) -> _Basis:
        return cls(
            books.open_day(), books.closed_periods(), own_parties(), books.entity().sides_kept
        )


@dataclass(slots=True)
class PreparedRows:
    """Rows of some loans, ready to be added; a row that belongs to a loan begins with its place."""

    loans: list[Row] = field(default_factory=list)
    terms: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    versions: list[Row] = field(default_factory=list)
    readings: list[Row] = field(default_factory=list)
    entries: list[JournalEntry] = field(default_factory=list)
    audit: list[AuditFact] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedLoans:
    """Loans that are worked out and wait to be opened, all of one act."""

    act: Act
    source: str
    numbers: tuple[str, ...]
    basis: _Basis
    shared: mapping.SharedFactsCache
    _file: IO[bytes]

    def require_current(self) -> None:
        """Check, holding the books, that nothing the work rested on has changed meanwhile.

        Raises:
            BooksMovedOn: a day or a period was closed, or a fixing or a holiday was recorded.
        """
        if self.basis != _Basis.now() or not self.shared.is_current():
            raise BooksMovedOn(open_day=books.open_day().open_day)

    def portions(self) -> Iterator[PreparedRows]:
        """The rows, some hundred loans at a time, in the order in which they were given."""
        self._file.seek(0)
        for _ in range(0, len(self.numbers), _CHUNK):
            rows: PreparedRows = pickle.load(self._file)  # noqa: S301 - nobody else has the file
            yield rows


@contextmanager
def prepared_loans(
    *, loans: Sequence[NewLoan], act: Act, source: str, progress: Callable[[int], None]
) -> Iterator[PreparedLoans]:
    """Work loans out with their history; nothing is stored.

    Args:
        loans: each with its events in the order they were recorded; they are numbered from 1.
        act: who, when, in which request.
        source: the act behind them as kind and name, `import:12`; undoing asks for it.
        progress: told how many are done, from time to time.

    Raises:
        SideNotKept, LenderIsBorrower, EntityOnOtherSide, TermsRefused and what projecting refuses.
    """
    basis = _Basis.now()
    work = _Work(act, source, basis)
    with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:
        done = 0
        for chunk in _chunks(loans):
            pickle.dump(work.rows_of(chunk), file)
            done += len(chunk)
            progress(done)
        yield PreparedLoans(
            act=act,
            source=source,
            numbers=tuple(new.loan_number for new in loans),
            basis=basis,
            shared=work.shared,
            _file=file,
        )


@cache
def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """The columns in which rows of a model are prepared: its loan first, its own key left out."""
    names = [field.name for field in model._meta.concrete_fields if field.name != "id"]  # noqa: SLF001
    return tuple(sorted(names, key=lambda name: name != "loan"))


@dataclass(slots=True)
class _Work:
    """What all loans of one act share, read once."""

    act: Act
    source: str
    basis: _Basis
    shared: mapping.SharedFactsCache = field(default_factory=mapping.SharedFactsCache)
    _points: dict[date, tuple[BookingPoint, ...]] = field(default_factory=dict)

    def rows_of(self, loans: Sequence[NewLoan]) -> PreparedRows:
        names = party_names([pk for new in loans for pk in (new.lender, new.borrower)])
        rows = PreparedRows()
        for place, new in enumerate(loans):
            self._work_out(new, place, names, rows)
        return rows

    def _work_out(
        self, new: NewLoan, place: int, names: dict[int, str], rows: PreparedRows
    ) -> None:
        if not self.basis.sides_kept.includes(new.side):
            raise SideNotKept(loan_number=new.loan_number, side=new.side)
        require_two_parties(new, self.basis.own)
        require_sound(new.terms)
        events = tuple(replace(one, number=number) for number, one in enumerate(new.events, 1))
        facts = mapping.facts(new.terms, events, self.shared, open_day=self.basis.day.open_day)
        projection = project(facts)
        in_force = mapping.terms_in_force(new.terms, events)
        loan = self._loan(new, in_force)
        version = new_version_row(
            loan,
            projection,
            number=1,
            cause="opened",
            event_number=len(events),
            cut_number=self.basis.day.cut_number,
            open_ended_until=facts.open_ended_until,
            act=self.act,
        )
        terms = new_terms_row(loan, new.terms, number=1, event_number=None, act=self.act)
        told = read(loan, projection, in_force, events, on=self.basis.day.open_day)
        rows.loans.append(_row(loan, place))
        rows.terms.append(_row(terms, place))
        for event in events:
            request_id = request_of(self.act, loan.number, event.number)
            rows.events.append(
                _row(new_event_row(loan, event, new.terms, request_id, self.act), place)
            )
        rows.versions.append(_row(version, place))
        rows.readings.append(
            _row(mapping.reading_row(loan, _NOT_STORED, told, in_force, names), place)
        )
        rows.entries.extend(self._entries(new, events, projection))
        rows.audit.append(
            AuditFact(
                what="loan.opened",
                subject=f"loan:{loan.number}",
                before={},
                after={
                    "side": loan.side,
                    "source": self.source,
                    "events": str(len(events)),
                    "projection": version.digest,
                },
            )
        )

    def _loan(self, new: NewLoan, in_force: Terms) -> Loan:
        return Loan(
            number=new.loan_number,
            side=new.side.value,
            lender_id=new.lender,
            borrower_id=new.borrower,
            guarantor_id=new.guarantor,
            agreement_number=new.agreement_number,
            purpose=new.purpose,
            product=new.product,
            external_status=new.external_status,
            source=self.source,
            recorded_at=self.act.recorded_at,
            recorded_by=self.act.login,
            request_id=self.act.request_id,
            reference_series=in_force.rate.reference or "",
            calendar_code=in_force.calendar_code,
        )

    def _entries(
        self, new: NewLoan, events: tuple[Event, ...], projection: Projection
    ) -> tuple[JournalEntry, ...]:
        if not events:
            return ()
        first_day = min(event.value_date for event in events)
        return entries_of_change(
            None,
            projection,
            side=new.side,
            term_class=term_class(new.terms),
            value_date=first_day,
            points=self._points_of(first_day),
            loan_number=new.loan_number,
        )

    def _points_of(self, value_date: date) -> tuple[BookingPoint, ...]:
        """Where the difference of a fact of this day is booked."""
        if value_date not in self._points:
            self._points[value_date] = books.booking_points(value_date)
        return self._points[value_date]


def _row(instance: models.Model, place: int) -> Row:
    """A row of the columns of its model; in the place of its loan, the loan's place among all."""
    fields = {field.name: field.attname for field in instance._meta.concrete_fields}  # noqa: SLF001
    return tuple(
        place if column == "loan" else getattr(instance, fields[column])
        for column in columns_of(type(instance))
    )


def _chunks(loans: Sequence[NewLoan]) -> Iterator[list[NewLoan]]:
    coming = iter(loans)
    while chunk := list(islice(coming, _CHUNK)):
        yield chunk
