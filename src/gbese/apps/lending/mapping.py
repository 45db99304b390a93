"""Rows of lending ↔ values of the core: the one translator."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from gbese.apps.lending.documents import event_from, terms_from
from gbese.apps.lending.models import (
    Loan,
    LoanEvent,
    LoanReading,
    ProjectionVersion,
    TermsVersion,
)
from gbese.apps.parties.names import folded
from gbese.apps.rates import queries as rates
from gbese.apps.rates.currencies import currency_of
from gbese.columns.blocks import pack, unpack
from gbese.core.calendars.business_days import Calendar
from gbese.core.contracts.terms import ScheduleKind, Side, Terms
from gbese.core.money import Money
from gbese.core.projections.facts import LoanFacts, SharedFacts, standing_events
from gbese.core.projections.rows import Projection
from gbese.core.servicing.events import Amended, Drawn, Opened, Restated
from gbese.core.servicing.events import LoanEvent as Event
from gbese.core.status.reading import Reading
from gbese.core.status.trouble import TROUBLE_RANK

NO_CALENDAR = Calendar(code="", weekend=frozenset(), holidays=frozenset())
_OPEN_ENDED_DAYS = 400  # how far a contract without maturity is projected


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLoan:
    """A loan to be opened, with what has happened to it so far, in the order of recording."""

    loan_number: str
    side: Side
    lender: int  # primary keys of parties
    borrower: int
    guarantor: int | None = None
    terms: Terms
    events: tuple[Event, ...] = ()
    purpose: str = ""
    product: str = ""
    agreement_number: str = ""
    external_status: str = ""


@dataclass(slots=True)
class SharedFactsCache:
    """Calendars and fixings, read once for many loans of one act."""

    _calendars: dict[str, Calendar] = field(default_factory=dict)
    _shared: dict[tuple[str, str], SharedFacts] = field(default_factory=dict)

    def of(self, terms: Terms) -> SharedFacts:
        """The shared facts terms depend on.

        Raises:
            CalendarUnknown, SeriesUnknown: the terms name one that is not kept.
        """
        return self.of_codes(terms.calendar_code, terms.rate.reference or "")

    def of_codes(self, calendar_code: str, series: str) -> SharedFacts:
        """The shared facts of a calendar and a series; an empty code is none."""
        key = (calendar_code, series)
        if key not in self._shared:
            self._shared[key] = SharedFacts(
                calendar=self._calendar(calendar_code),
                fixings=rates.fixings(series) if series else None,
            )
        return self._shared[key]

    def is_current(self) -> bool:
        """Whether all that was read is still what is recorded."""
        now = SharedFactsCache()
        return all(
            now.of_codes(calendar_code, series) == shared
            for (calendar_code, series), shared in self._shared.items()
        )

    def _calendar(self, code: str) -> Calendar:
        if not code:
            return NO_CALENDAR
        if code not in self._calendars:
            self._calendars[code] = rates.calendar(code)
        return self._calendars[code]


def first_terms(loan: Loan) -> Terms:
    """The terms as first agreed.

    Raises:
        LookupError: they are gone, which only damage can do: a loan is stored with its terms.
    """
    version = loan.terms.filter(event_number__isnull=True).order_by("-number").first()
    if version is None:
        raise LookupError(f"{loan.number} has no terms")
    return _terms(version.document)


def events_of(loan: Loan) -> tuple[Event, ...]:
    """All events in the order of recording, reversals and what they reverse included."""
    documents = loan.events.order_by("number").values_list("document", flat=True)
    return tuple(event_from(document) for document in documents)


def facts(
    terms: Terms, events: Sequence[Event], shared: SharedFactsCache, *, open_day: date
) -> LoanFacts:
    """What the core projects a loan from."""
    in_force = terms_in_force(terms, events)
    until = None
    agreed = [terms, *(event.terms for event in events if isinstance(event, Amended))]
    if any(one.schedule_kind is ScheduleKind.ON_DEMAND for one in agreed):
        until = open_day + timedelta(days=_OPEN_ENDED_DAYS)
    return LoanFacts(
        terms=terms, events=tuple(events), shared=shared.of(in_force), open_ended_until=until
    )


def terms_in_force(terms: Terms, events: Sequence[Event]) -> Terms:
    """The terms after all amendments that stand."""
    for event in reversed(standing_events(events)):
        if isinstance(event, Amended):
            return event.terms
    return terms


def drawn_so_far(events: Sequence[Event]) -> int:
    """Principal drawn, before a takeover included, in minor units."""
    drawn = 0
    for event in standing_events(events):
        match event:
            case Drawn():
                drawn += event.amount.minor
            case Opened() | Restated():
                drawn += event.drawn.minor
            case _:
                pass
    return drawn


def projection_of(version: ProjectionVersion, currency_code: str) -> Projection:
    """The projection of a stored version."""
    return unpack(
        bytes(version.block),
        currency=currency_of(currency_code),
        horizon=version.horizon,
        method=version.method,
    )


def packed(projection: Projection) -> bytes:
    """A projection as it is stored."""
    return pack(projection)


def block_digest(block: bytes) -> str:
    """SHA-256 of the rows in a block, whatever the compression."""
    return hashlib.sha256(zlib.decompress(block)).hexdigest()


def reading_row(
    loan: Loan, version_pk: int, told: Reading, terms: Terms, names: dict[int, str]
) -> LoanReading:
    """What a list shows of a loan, as a row to store."""
    lender, borrower = names[loan.lender_id], names[loan.borrower_id]
    text = f"{loan.number} {loan.agreement_number} {lender} {borrower} {loan.purpose}"
    return LoanReading(
        loan=loan,
        version_id=version_pk,
        read_on=told.on,
        changes_on=told.changes_on,
        number=loan.number,
        side=loan.side,
        lender_id=loan.lender_id,
        borrower_id=loan.borrower_id,
        folded_text=folded(text)[:1500],
        currency=terms.currency.code,
        status=told.status.value,
        trouble_rank=TROUBLE_RANK[told.status],
        oldest_unpaid=told.oldest_unpaid,
        has_penalties=told.has_penalties,
        is_restructured=told.is_restructured,
        is_by_statement=terms.follows_statements,
        has_assumptions=bool(terms.assumed),
        term_class=told.term_class.value,
        maturity_date=terms.maturity_date,
        nominal_rate="" if terms.rate.fixed is None else format(terms.rate.fixed, "f"),
        effective_rate="" if told.effective_rate is None else format(told.effective_rate, "f"),
        next_due_date=told.next_due.due_date_adjusted if told.next_due else None,
        next_due_minor=told.next_due.due if told.next_due else None,
        outstanding_minor=told.outstanding,
        overdue_minor=told.overdue,
        current_minor=told.current,
        noncurrent_minor=told.noncurrent,
        undrawn_minor=told.undrawn,
    )


def amount_of(event: Event) -> int | None:
    """The one amount of an event in minor units, where it has one."""
    amount = getattr(event, "amount", None)
    return amount.minor if isinstance(amount, Money) else None


def rate_of(text: str) -> Decimal | None:
    """A stored rate; empty text is an unknown one."""
    return Decimal(text) if text else None


def stored_event(event_row: LoanEvent) -> Event:
    """The core's event of a row."""
    return event_from(event_row.document)


@lru_cache(maxsize=4096)
def _terms(document: str) -> Terms:
    return terms_from(document)


def with_open_end(facts: LoanFacts, until: date) -> LoanFacts:
    """The same facts, projected to another open end."""
    return replace(facts, open_ended_until=until)


def facts_of_many(pks: Sequence[int]) -> dict[int, tuple[Terms, tuple[Event, ...]]]:
    """Terms as first agreed and all events of many loans, in two queries."""
    terms: dict[int, Terms] = {}
    for loan, document in (
        TermsVersion.objects.filter(loan__in=pks, event_number__isnull=True)
        .order_by("loan_id", "number")
        .values_list("loan_id", "document")
    ):
        terms[loan] = terms_from(document)
    events: dict[int, list[Event]] = {pk: [] for pk in pks}
    for loan, document in (
        LoanEvent.objects.filter(loan__in=pks)
        .order_by("loan_id", "number")
        .values_list("loan_id", "document")
    ):
        events[loan].append(event_from(document))
    return {pk: (terms[pk], tuple(events[pk])) for pk in pks if pk in terms}
