"""What new facts change of a loan, and the one way such a change is stored and booked.

A preview and a record are the same computation; only a record commits it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from gbese.apps.bookkeeping import locks as book_locks
from gbese.apps.bookkeeping import queries as books
from gbese.apps.bookkeeping.queries import BookDayRow
from gbese.apps.bookkeeping.services import post
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.lending import locks, mapping
from gbese.apps.lending.checks import require_recordable
from gbese.apps.lending.documents import digest_of, event_document, kind_of, terms_document
from gbese.apps.lending.errors import LoanSetAside
from gbese.apps.lending.models import Loan, LoanEvent, ProjectionVersion, TermsVersion
from gbese.apps.lending.readings import store_reading
from gbese.core.contracts.term_classes import term_class
from gbese.core.contracts.terms import Side, Terms
from gbese.core.ledger import JournalEntry
from gbese.core.posting.changes import entries_of_change
from gbese.core.projections.facts import METHOD
from gbese.core.projections.position import Position, position
from gbese.core.projections.project import project
from gbese.core.projections.rows import Projection
from gbese.core.servicing.events import Amended
from gbese.core.servicing.events import LoanEvent as Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A loan before and after new facts, and what that books."""

    loan_number: str
    events: tuple[Event, ...]  # the new ones
    open_day: date
    terms: Terms  # in force after
    old: Projection | None
    new: Projection
    before: Position
    after: Position
    entries: tuple[JournalEntry, ...]
    all_events: tuple[Event, ...]
    open_ended_until: date | None


def change_of(
    loan: Loan, new_events: Sequence[Event], day: BookDayRow, *, checked: bool = True
) -> Change:
    """Work out what new events, numbered after the loan's last, change.

    Raises:
        LoanSetAside: the loan waits for repair.
        ValueDateAfterOpenDay: a fact waits for its day.
        Refusals of `checks.require_recordable`, where `checked`.
    """
    if loan.set_aside_from is not None:
        raise LoanSetAside(loan_number=loan.number, reason=loan.set_aside_reason)
    terms = mapping.first_terms(loan)
    stored = mapping.events_of(loan)
    version = loan.versions.order_by("-number").first()
    old = _by_this_method(version, terms, stored, day) if version else None
    points = books.booking_points(min(event_day(event, stored) for event in new_events))
    if checked:
        for event in new_events:
            require_recordable(loan.number, terms, stored, event, old)
    events = (*stored, *new_events)
    facts = mapping.facts(terms, events, mapping.SharedFactsCache(), open_day=day.open_day)
    new = project(facts)
    in_force = mapping.terms_in_force(terms, events)
    return Change(
        loan_number=loan.number,
        events=tuple(new_events),
        open_day=day.open_day,
        terms=in_force,
        old=old,
        new=new,
        before=position(old or new, day.open_day),
        after=position(new, day.open_day),
        entries=entries_of_change(
            old,
            new,
            side=Side(loan.side),
            term_class=term_class(terms),
            value_date=new_events[0].value_date,
            points=points,
            loan_number=loan.number,
        ),
        all_events=events,
        open_ended_until=facts.open_ended_until,
    )


def _by_this_method(
    version: ProjectionVersion, terms: Terms, stored: Sequence[Event], day: BookDayRow
) -> Projection:
    """The version in force; as this program computes it, where an earlier one did.

    What the method moves is a change of its own (`renewal.bring_to_method`), not of the new facts.
    """
    if version.method == METHOD:
        return mapping.projection_of(version, terms.currency.code)
    facts = mapping.facts(terms, stored, mapping.SharedFactsCache(), open_day=day.open_day)
    if version.open_ended_until is not None:
        facts = mapping.with_open_end(facts, version.open_ended_until)
    return project(facts)


def event_day(event: Event, stored: Sequence[Event]) -> date:
    """The first day an event can move a figure on: a reversal reaches back to what it reverses."""
    reverses = getattr(event, "reverses", None)
    for earlier in stored:
        if earlier.number == reverses:
            return min(event_day(earlier, stored), event.value_date)
    return event.value_date


def held(loan_number: str) -> tuple[Loan, BookDayRow]:
    """Hold the book's open day, then the loan: the order every fact takes."""
    day = book_locks.book_day_shared()
    return locks.loan(loan_number), day


def store(loan: Loan, change: Change, day: BookDayRow, *, cause: str, act: Act) -> int:
    """Keep the new facts and the version they make, book the difference; the version's number."""
    stored_events = _store_events(loan, change.events, act)
    _store_amended_terms(loan, change.events, act)
    version = store_version(
        loan,
        change.new,
        cause=cause,
        event_number=change.all_events[-1].number,
        cut_number=day.cut_number,
        open_ended_until=change.open_ended_until,
        act=act,
    )
    _follow_terms(loan, change.terms)
    store_reading(loan, version, change.new, change.terms, change.all_events, on=day.open_day)
    source = f"{cause}:{loan.number}/{version.event_number}"
    post(entries=change.entries, source=source, act=act)
    for row in stored_events:
        record_audit(
            act=act,
            what=f"loan.{row.kind}",
            subject=f"loan:{loan.number}",
            before=_figures(change.before) if change.old else {},
            after={
                "event": str(row.number),
                "value_date": row.value_date.isoformat(),
                "document": row.document,
                **_figures(change.after),
            },
        )
    return version.number


def store_version(
    loan: Loan,
    projection: Projection,
    *,
    cause: str,
    event_number: int,
    cut_number: int,
    open_ended_until: date | None,
    act: Act,
) -> ProjectionVersion:
    """Append a projection version; it is in force from now on."""
    last = loan.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = new_version_row(
        loan,
        projection,
        number=last + 1,
        cause=cause,
        event_number=event_number,
        cut_number=cut_number,
        open_ended_until=open_ended_until,
        act=act,
    )
    version.save(force_insert=True)
    return version


def new_version_row(
    loan: Loan,
    projection: Projection,
    *,
    number: int,
    cause: str,
    event_number: int,
    cut_number: int,
    open_ended_until: date | None,
    act: Act,
) -> ProjectionVersion:
    """A version as a row that is not stored yet."""
    block = mapping.packed(projection)
    return ProjectionVersion(
        loan=loan,
        number=number,
        cause=cause,
        event_number=event_number,
        cut_number=cut_number,
        method=projection.method,
        horizon=projection.horizon,
        open_ended_until=open_ended_until,
        block=block,
        digest=mapping.block_digest(block),
        recorded_at=act.recorded_at,
    )


def new_event_row(loan: Loan, event: Event, terms: Terms, request_id: UUID, act: Act) -> LoanEvent:
    """An event as a row that is not stored yet."""
    return LoanEvent(
        loan=loan,
        number=event.number,
        kind=kind_of(event),
        value_date=event.value_date,
        amount_minor=mapping.amount_of(event),
        document=event_document(event, terms.currency),
        reverses=getattr(event, "reverses", None),
        recorded_at=act.recorded_at,
        recorded_by=act.login,
        request_id=request_id,
        channel=act.channel,
    )


def new_terms_row(
    loan: Loan, terms: Terms, *, number: int, event_number: int | None, act: Act
) -> TermsVersion:
    """Terms as a row that is not stored yet."""
    document = terms_document(terms)
    return TermsVersion(
        loan=loan,
        number=number,
        event_number=event_number,
        document=document,
        digest=digest_of(document),
        recorded_at=act.recorded_at,
        recorded_by=act.login,
    )


def request_of(act: Act, loan_number: str, event_number: int) -> UUID:
    """The request of one event where an act records several."""
    return uuid5(act.request_id, f"{loan_number}/{event_number}")


def _store_events(loan: Loan, events: Sequence[Event], act: Act) -> list[LoanEvent]:
    terms = mapping.first_terms(loan)
    rows = []
    for place, event in enumerate(events):
        request_id = act.request_id if place == 0 else request_of(act, loan.number, event.number)
        row = new_event_row(loan, event, terms, request_id, act)
        row.save(force_insert=True)
        rows.append(row)
    return rows


def _store_amended_terms(loan: Loan, events: Sequence[Event], act: Act) -> None:
    for event in events:
        if isinstance(event, Amended):
            last = loan.terms.order_by("-number").values_list("number", flat=True).first() or 0
            new_terms_row(
                loan, event.terms, number=last + 1, event_number=event.number, act=act
            ).save(force_insert=True)


def _follow_terms(loan: Loan, terms: Terms) -> None:
    followed = (terms.rate.reference or "", terms.calendar_code)
    if (loan.reference_series, loan.calendar_code) != followed:
        loan.reference_series, loan.calendar_code = followed
        loan.save(update_fields=["reference_series", "calendar_code"])


def _figures(now: Position) -> dict[str, str]:
    return {
        "outstanding": now.outstanding.plain(),
        "debt": now.debt.plain(),
        "days_past_due": str(now.days_past_due),
    }
