"""A version of a loan that no event of its own brought: worked out first, then kept and booked."""

from __future__ import annotations

from dataclasses import dataclass

from gbese.apps.bookkeeping import queries as books
from gbese.apps.bookkeeping.queries import BookDayRow
from gbese.apps.bookkeeping.services import post
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.lending import mapping
from gbese.apps.lending.models import Loan, ProjectionVersion
from gbese.apps.lending.readings import store_reading
from gbese.apps.lending.services.changing import store_version
from gbese.core.contracts.term_classes import term_class
from gbese.core.contracts.terms import Side
from gbese.core.ledger import JournalEntry
from gbese.core.posting.changes import entries_of_change
from gbese.core.projections.facts import METHOD, LoanFacts
from gbese.core.projections.project import project
from gbese.core.projections.rows import Projection

BY_METHOD = "method"  # the cause of a version that only the program's own rules brought


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What the facts of a loan give now where its version in force says otherwise."""

    loan: Loan
    version: ProjectionVersion
    facts: LoanFacts
    old: Projection
    new: Projection
    entries: tuple[JournalEntry, ...]

    @property
    def digest(self) -> str:
        """Of the rows the version would have."""
        return mapping.block_digest(mapping.packed(self.new))


def renewal_of(
    loan: Loan,
    shared: mapping.SharedFactsCache,
    day: BookDayRow,
    *,
    keeps_open_end: bool = False,
) -> Renewal | None:
    """Compute a loan anew; None where nothing but the method's name would change.

    Args:
        loan: whose facts are read.
        shared: calendars and fixings, read once for many loans.
        day: the open one; the difference is booked as for a late fact.
        keeps_open_end: a loan without maturity stays projected to where it was.
    """
    terms, events = mapping.first_terms(loan), mapping.events_of(loan)
    version = loan.versions.order_by("-number").first()
    if version is None:
        return None
    facts = mapping.facts(terms, events, shared, open_day=day.open_day)
    if keeps_open_end and version.open_ended_until is not None:
        facts = mapping.with_open_end(facts, version.open_ended_until)
    new = project(facts)
    if mapping.block_digest(mapping.packed(new)) == version.digest:
        return None
    old = mapping.projection_of(version, terms.currency.code)
    first_day = min((event.value_date for event in events), default=day.open_day)
    entries = entries_of_change(
        old,
        new,
        side=Side(loan.side),
        term_class=term_class(terms),
        value_date=first_day,
        points=books.booking_points(first_day),
        loan_number=loan.number,
        first_unbooked=loan.set_aside_from,
    )
    return Renewal(loan=loan, version=version, facts=facts, old=old, new=new, entries=entries)


def keep(renewal: Renewal, day: BookDayRow, *, cause: str, act: Act) -> None:
    """Store the version, book the difference and write who brought it."""
    loan, facts = renewal.loan, renewal.facts
    stored = store_version(
        loan,
        renewal.new,
        cause=cause,
        event_number=renewal.version.event_number,
        cut_number=day.cut_number,
        open_ended_until=facts.open_ended_until,
        act=act,
    )
    in_force = mapping.terms_in_force(facts.terms, facts.events)
    store_reading(loan, stored, renewal.new, in_force, facts.events, on=day.open_day)
    post(entries=renewal.entries, source=f"{cause}:{loan.number}/{stored.number}", act=act)
    record_audit(
        act=act,
        what=f"loan.{cause}",
        subject=f"loan:{loan.number}",
        before={"projection": renewal.version.digest, "method": renewal.version.method},
        after={"projection": stored.digest, "method": stored.method},
    )


def bring_to_method(
    loan: Loan, shared: mapping.SharedFactsCache, day: BookDayRow, *, act: Act
) -> None:
    """Give a loan that an earlier program computed a version by this one, before it gets a fact.

    So the entry of the fact is of the fact alone, and what the method moves has an entry of its
    own.
    """
    method = loan.versions.order_by("-number").values_list("method", flat=True).first()
    if method in {None, METHOD}:
        return
    if renewal := renewal_of(loan, shared, day, keeps_open_end=True):
        keep(renewal, day, cause=BY_METHOD, act=act)
