"""Undoing the opening of loans that nothing was built upon."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from gbese.apps.bookkeeping import locks as book_locks
from gbese.apps.bookkeeping import queries as books
from gbese.apps.bookkeeping.services import post
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.lending import locks, mapping
from gbese.apps.lending.errors import ImportBuiltUpon
from gbese.apps.lending.models import Loan, LoanEvent, LoanReading
from gbese.core.contracts.term_classes import term_class
from gbese.core.contracts.terms import Side
from gbese.core.ledger import JournalEntry
from gbese.core.posting.changes import entries_of_change

IMPORT_CHANNEL = "import"
_LISTED = 20
_AT_ONCE = 900


@transaction.atomic
def remove_imported(*, source: str, act: Act) -> int:
    """Take out the loans that one act opened, booking them back; how many.

    Their facts stay on record, marked as removed; their numbers are free again.

    Raises:
        ImportBuiltUpon: something else was recorded on some of them.
    """
    book_locks.book_day_shared()
    loans = locks.loans_of_source(source)
    _require_untouched(source)
    return _take_out(loans, source=source, act=act)


@transaction.atomic
def remove_loans(*, loan_numbers: Sequence[str], act: Act) -> int:
    """Take out loans all of whose events came by imports, booking them back; how many.

    For a history that is to be opened anew, or an import that only continued it and is undone.

    Raises:
        LoanUnknown: there is none of one of the numbers.
        ImportBuiltUpon: something else than an import was recorded on some of them.
    """
    book_locks.book_day_shared()
    loans = [locks.loan(number) for number in sorted(loan_numbers)]
    _require_only_imported([loan.pk for loan in loans], act)
    return _take_out(loans, source=f"act:{act.request_id}", act=act)


def _take_out(loans: Sequence[Loan], *, source: str, act: Act) -> int:
    entries: list[JournalEntry] = []
    for loan in loans:
        version = loan.versions.order_by("-number").first()
        terms = mapping.first_terms(loan)
        first_day = loan.events.order_by("value_date").values_list("value_date", flat=True).first()
        if version is not None and first_day is not None:
            entries += entries_of_change(
                mapping.projection_of(version, terms.currency.code),
                None,
                side=Side(loan.side),
                term_class=term_class(terms),
                value_date=first_day,
                points=books.booking_points(first_day),
                loan_number=loan.number,
                first_unbooked=loan.set_aside_from,
            )
        record_audit(
            act=act,
            what="loan.removed",
            subject=f"loan:{loan.number}",
            before={"source": loan.source},
            after={},
        )
    post(entries=entries, source=f"removed:{source}", act=act)
    for start in range(0, len(loans), _AT_ONCE):
        some = [loan.pk for loan in loans[start : start + _AT_ONCE]]
        LoanReading.objects.filter(loan__in=some).delete()
        Loan.objects.filter(pk__in=some).update(removed_at=act.recorded_at)
    return len(loans)


def _require_only_imported(pks: Sequence[int], act: Act) -> None:
    touched: list[str] = []
    for start in range(0, len(pks), _AT_ONCE):
        some = pks[start : start + _AT_ONCE]
        by_hand = LoanEvent.objects.filter(loan__in=some).exclude(channel=IMPORT_CHANNEL)
        touched += by_hand.order_by("loan__number").values_list("loan__number", flat=True)
    if touched:
        first_loans = ", ".join(sorted(set(touched))[:_LISTED])
        raise ImportBuiltUpon(
            source=f"act:{act.request_id}", loans=len(set(touched)), first_loans=first_loans
        )


def _require_untouched(source: str) -> None:
    later = LoanEvent.objects.filter(loan=OuterRef("pk")).exclude(
        recorded_at=OuterRef("recorded_at")
    )
    touched = (
        Loan.objects.filter(Exists(later), source=source, removed_at__isnull=True)
        .order_by("number")
        .values_list("number", flat=True)
    )
    if touched:
        raise ImportBuiltUpon(
            source=source, loans=len(touched), first_loans=", ".join(touched[:_LISTED])
        )
