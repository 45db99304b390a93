"""A change of method: shown loan by loan, proposed with a reason, approved by another, booked.

A new version of the program may compute a loan otherwise from the same facts. No figure moves by
itself: the versions in force stay what is booked until two people have agreed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from django.db import transaction

from gbese.apps.bookkeeping import locks as book_locks
from gbese.apps.bookkeeping import queries as books
from gbese.apps.bookkeeping.queries import BookDayRow
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.lending import locks, mapping
from gbese.apps.lending.errors import (
    ApprovedByProposer,
    MethodChangeApproved,
    MethodChangeOutdated,
    MethodChangesNothing,
    MethodChangeUnknown,
    ReasonMissing,
)
from gbese.apps.lending.models import Loan, MethodChange, MethodChangeLoan
from gbese.apps.lending.services.renewal import BY_METHOD, Renewal, keep, renewal_of
from gbese.core.ledger import JournalEntry
from gbese.core.money import Currency
from gbese.core.projections.facts import METHOD
from gbese.core.projections.methods import method_difference
from gbese.core.projections.position import TotalKey

_AT_ONCE = 500
_REASON_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanMoved:
    """What the method moves in one loan: totals up to the open day, and what that books.

    Totals are minor units by component and cause. Both are empty where only figures to come move.
    """

    loan_number: str
    currency: Currency
    stored_method: str
    on: date
    moved: Mapping[TotalKey, int]
    entries: tuple[JournalEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodProposal:
    """A change of method that was put forward; `approved_by` is empty while it waits."""

    number: int
    method: str
    open_day: date
    reason: str
    loans: int
    proposed_at: datetime
    proposed_by: str
    approved_at: datetime | None
    approved_by: str
    booked_loans: int


def method_preview(*, progress: Callable[[int], None] = lambda _: None) -> Iterator[LoanMoved]:
    """What applying the method of this program would move, loan by loan; nothing is stored.

    Args:
        progress: told how many loans have been compared, from time to time.
    """
    day = books.open_day()
    for renewal in _renewals(_standing_loans(progress), day):
        yield _moved(renewal, day)


def moved_in_all(loans: Sequence[LoanMoved]) -> Mapping[tuple[str, TotalKey], int]:
    """The sums of a preview by currency, component and cause, in minor units."""
    sums: Counter[tuple[str, TotalKey]] = Counter()
    for one in loans:
        for place, minor in one.moved.items():
            sums[one.currency.code, place] += minor
    return {place: minor for place, minor in sums.items() if minor}


def method_proposals() -> tuple[MethodProposal, ...]:
    """All changes of method that were proposed, newest first."""
    return tuple(_told(change) for change in MethodChange.objects.order_by("-pk"))


@transaction.atomic
def propose_method(
    *, reason: str, act: Act, progress: Callable[[int], None] = lambda _: None
) -> MethodProposal:
    """Put a change of method forward, as the preview shows it now; nothing is booked.

    Raises:
        ReasonMissing: nobody could read later why.
        MethodChangesNothing: there is nothing to apply.
    """
    if not reason.strip():
        raise ReasonMissing
    if done := MethodChange.objects.filter(request_id=act.request_id).first():
        return _told(done)
    day = book_locks.book_day_shared()
    renewals = list(_renewals(_standing_loans(progress), day))
    if not renewals:
        raise MethodChangesNothing(method=METHOD)
    change = MethodChange.objects.create(
        method=METHOD,
        open_day=day.open_day,
        reason=reason.strip()[:_REASON_MAX],
        loans=len(renewals),
        proposed_at=act.recorded_at,
        proposed_by=act.login,
        request_id=act.request_id,
    )
    MethodChangeLoan.objects.bulk_create(
        [
            MethodChangeLoan(
                change=change,
                loan=renewal.loan,
                version_number=renewal.version.number,
                digest=renewal.digest,
            )
            for renewal in renewals
        ],
        batch_size=_AT_ONCE,
    )
    _audit("method.proposed", change, act)
    return _told(change)


@transaction.atomic
def approve_method(
    *, number: int, act: Act, progress: Callable[[int], None] = lambda _: None
) -> MethodProposal:
    """Apply a proposed change of method: a version and the entries of each loan, all or nothing.

    Closed periods keep what they have: what concerns them is booked on the open day. A loan that
    something was recorded on since had its own change then, and is left as it is.

    Raises:
        MethodChangeUnknown, MethodChangeApproved: there is nothing that waits.
        ApprovedByProposer: the second person is the first.
        MethodChangeOutdated: the day, the program or a loan is no longer as it was shown.
    """
    day = book_locks.book_day_shared()
    change = MethodChange.objects.select_for_update().filter(pk=number).first()
    if change is None:
        raise MethodChangeUnknown(number=number)
    if change.approved_at is not None:
        raise MethodChangeApproved(number=number, approved_by=change.approved_by)
    if change.proposed_by == act.login:
        raise ApprovedByProposer(number=number, login=act.login)
    if (change.open_day, change.method) != (day.open_day, METHOD):
        raise MethodChangeOutdated(number=number, shown_on=change.open_day, open_day=day.open_day)
    change.booked_loans = _apply(change, day, act, progress)
    change.approved_at, change.approved_by = act.recorded_at, act.login
    change.save(update_fields=["booked_loans", "approved_at", "approved_by"])
    _audit("method.approved", change, act)
    return _told(change)


def _apply(change: MethodChange, day: BookDayRow, act: Act, progress: Callable[[int], None]) -> int:
    shown = {row.loan_id: row for row in MethodChangeLoan.objects.filter(change=change)}
    shared = mapping.SharedFactsCache()
    booked = 0
    for pks in _portions(sorted(shown)):
        for loan in locks.loans_by_key(pks):
            renewal = renewal_of(loan, shared, day, keeps_open_end=True)
            row = shown[loan.pk]
            if loan.removed_at is not None or renewal is None:
                continue
            if renewal.version.number != row.version_number:
                continue
            if renewal.digest != row.digest:
                raise MethodChangeOutdated(
                    number=change.pk, shown_on=change.open_day, open_day=day.open_day
                )
            keep(renewal, day, cause=BY_METHOD, act=act)
            booked += 1
        progress(booked)
    return booked


def _standing_loans(progress: Callable[[int], None]) -> Iterator[Loan]:
    """All loans that were not taken out, by key, without holding them in memory."""
    last, done = 0, 0
    while True:
        found = Loan.objects.filter(removed_at__isnull=True, pk__gt=last).order_by("pk")
        loans = list(found[:_AT_ONCE])
        if not loans:
            return
        yield from loans
        last, done = loans[-1].pk, done + len(loans)
        progress(done)


def _renewals(loans: Iterator[Loan], day: BookDayRow) -> Iterator[Renewal]:
    shared = mapping.SharedFactsCache()
    for loan in loans:
        if renewal := renewal_of(loan, shared, day, keeps_open_end=True):
            yield renewal


def _moved(renewal: Renewal, day: BookDayRow) -> LoanMoved:
    difference = method_difference(renewal.old, renewal.new, on=day.open_day)
    return LoanMoved(
        loan_number=renewal.loan.number,
        currency=renewal.new.currency,
        stored_method=renewal.version.method,
        on=day.open_day,
        moved=difference.moved if difference else {},
        entries=renewal.entries,
    )


def _audit(what: str, change: MethodChange, act: Act) -> None:
    record_audit(
        act=act,
        what=what,
        subject=f"method_change:{change.pk}",
        before={"proposed_by": change.proposed_by} if change.approved_by else {},
        after={
            "method": change.method,
            "reason": change.reason,
            "loans": str(change.booked_loans if change.approved_by else change.loans),
        },
    )


def _told(change: MethodChange) -> MethodProposal:
    return MethodProposal(
        number=change.pk,
        method=change.method,
        open_day=change.open_day,
        reason=change.reason,
        loans=change.loans,
        proposed_at=change.proposed_at,
        proposed_by=change.proposed_by,
        approved_at=change.approved_at,
        approved_by=change.approved_by,
        booked_loans=change.booked_loans,
    )


def _portions(pks: Sequence[int]) -> Iterator[list[int]]:
    coming = iter(pks)
    while chunk := list(islice(coming, _AT_ONCE)):
        yield chunk
