"""What is stored and is not what the facts of a loan give: found here, and never put right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from gbese.apps.bookkeeping import queries as books
from gbese.apps.lending import mapping
from gbese.apps.lending.documents import digest_of, event_from, kind_of
from gbese.apps.lending.in_force import UNREADABLE
from gbese.apps.lending.models import Loan, LoanEvent, LoanReading, ProjectionVersion, TermsVersion
from gbese.apps.lending.readings import read
from gbese.apps.parties.queries import party_names
from gbese.core.errors import Refusal
from gbese.core.projections.project import project

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Drift:
    """Something stored that is not what the facts give.

    `what` is "projection" or "reading" of what is derived; "terms", "event" or "version" of what
    is kept for ever and is not as it was kept.
    """

    loan_number: str
    what: str
    stored: str
    recomputed: str


def drifts(*, limit: int | None = None) -> Iterator[Drift]:
    """What is stored and is not what the facts give, loan by loan, by the number of the loan."""
    shared = mapping.SharedFactsCache()
    loans = Loan.objects.filter(removed_at__isnull=True).order_by("number", "pk")
    found = (
        drift for loan in loans.iterator(chunk_size=_AT_ONCE) for drift in _drifts_of(loan, shared)
    )
    return islice(found, limit)


def _drifts_of(loan: Loan, shared: mapping.SharedFactsCache) -> Iterator[Drift]:
    """What differs; a loan whose facts or version cannot be read differs in its projection."""
    versions = list(loan.versions.order_by("number"))
    try:
        yield from _terms_drifts(loan, loan.terms.order_by("number"))
        yield from _event_drifts(loan, loan.events.order_by("number"))
        yield from _version_drifts(loan, versions)
        yield from _derived_drifts(loan, versions, shared)
    except Refusal as refusal:
        yield Drift(loan.number, "projection", _digest(versions), refusal.code)
    except UNREADABLE as broken:
        yield Drift(loan.number, "projection", _digest(versions), type(broken).__name__)


def _digest(versions: list[ProjectionVersion]) -> str:
    return versions[-1].digest if versions else ""


def _terms_drifts(loan: Loan, rows: Iterable[TermsVersion]) -> Iterator[Drift]:
    for row in rows:
        digest = digest_of(row.document)
        if row.digest != digest:
            yield Drift(loan.number, "terms", f"{row.number}: {row.digest}", digest)


def _event_drifts(loan: Loan, rows: Iterable[LoanEvent]) -> Iterator[Drift]:
    """Events have no gap in their numbers, and their columns say what their documents do."""
    for place, row in enumerate(rows, start=1):
        event = event_from(row.document)
        stored = (row.number, row.kind, row.value_date, row.amount_minor, row.reverses)
        told = (
            place,
            kind_of(event),
            event.value_date,
            mapping.amount_of(event),
            getattr(event, "reverses", None),
        )
        if stored != told or event.number != place:
            yield Drift(loan.number, "event", _as_text(stored), _as_text(told))


def _as_text(figures: Iterable[object]) -> str:
    return " ".join(map(str, figures))


def _version_drifts(loan: Loan, rows: Iterable[ProjectionVersion]) -> Iterator[Drift]:
    """What the books were kept by earlier is still what it was: the past is shown from it."""
    for place, row in enumerate(rows, start=1):
        try:
            digest = mapping.block_digest(bytes(row.block))
        except UNREADABLE as broken:
            digest = type(broken).__name__
        if row.number != place or row.digest != digest:
            yield Drift(loan.number, "version", f"{row.number}: {row.digest}", digest)


def _derived_drifts(
    loan: Loan, versions: list[ProjectionVersion], shared: mapping.SharedFactsCache
) -> Iterator[Drift]:
    if not versions:
        yield Drift(loan.number, "projection", "missing", "")
        return
    version = versions[-1]
    terms, events = mapping.first_terms(loan), mapping.events_of(loan)
    facts = mapping.facts(terms, events, shared, open_day=books.open_day().open_day)
    if version.open_ended_until is not None:
        facts = mapping.with_open_end(facts, version.open_ended_until)
    projection = project(facts)
    digest = mapping.block_digest(mapping.packed(projection))
    if digest != version.digest:
        yield Drift(loan.number, "projection", version.digest, digest)
        return
    row = LoanReading.objects.filter(loan=loan).first()
    if row is None:
        yield Drift(loan.number, "reading", "missing", "")
        return
    in_force = mapping.terms_in_force(terms, events)
    told = read(loan, projection, in_force, events, on=row.read_on)
    names = party_names([loan.lender_id, loan.borrower_id])
    wanted = mapping.reading_row(loan, version.pk, told, in_force, names)
    for field in LoanReading._meta.concrete_fields:  # noqa: SLF001 - documented API
        stored, recomputed = getattr(row, field.attname), getattr(wanted, field.attname)
        if stored != recomputed:
            yield Drift(loan.number, "reading", f"{field.name}={stored}", str(recomputed))
