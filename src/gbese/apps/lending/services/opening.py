"""Opening loans: one by hand, or a whole portfolio in one act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.db import transaction

from gbese.apps.bookkeeping import locks as book_locks
from gbese.apps.bookkeeping.services import post
from gbese.apps.identity.acts import Act
from gbese.apps.identity.bulk_rows import add_rows, take_keys
from gbese.apps.identity.services import record_audits
from gbese.apps.lending.errors import LoanNumberTaken, RequestReused
from gbese.apps.lending.mapping import NewLoan
from gbese.apps.lending.models import (
    Loan,
    LoanEvent,
    LoanReading,
    ProjectionVersion,
    TermsVersion,
)
from gbese.apps.lending.own_side import own_parties, require_own_loan
from gbese.apps.lending.services.preparing import (
    PreparedLoans,
    PreparedRows,
    Row,
    columns_of,
    prepared_loans,
)

_ASKED_AT_ONCE = 900


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
    with prepared_loans(loans=loans, act=act, source=source, progress=progress) as prepared:
        return open_prepared(prepared)


@transaction.atomic
def open_prepared(prepared: PreparedLoans) -> int:
    """Open loans that were worked out before, all or none; how many.

    Raises:
        LoanNumberTaken: one of the numbers exists.
        BooksMovedOn: what they were worked out from is no longer so.
    """
    book_locks.book_day_shared()
    prepared.require_current()
    _require_free_numbers(prepared.numbers)
    for rows in prepared.portions():
        _add(rows, prepared)
    return len(prepared.numbers)


def _add(rows: PreparedRows, prepared: PreparedLoans) -> None:
    loans = take_keys(Loan, len(rows.loans))
    versions = take_keys(ProjectionVersion, len(rows.versions))

    def of_loans(prepared_rows: list[Row]) -> Iterator[Row]:
        return ((loans[place], *others) for place, *others in prepared_rows)

    add_rows(
        Loan,
        ("id", *columns_of(Loan)),
        ((key, *row) for key, row in zip(loans, rows.loans, strict=True)),
    )
    add_rows(TermsVersion, columns_of(TermsVersion), of_loans(rows.terms))
    add_rows(LoanEvent, columns_of(LoanEvent), of_loans(rows.events))
    add_rows(
        ProjectionVersion,
        ("id", *columns_of(ProjectionVersion)),
        ((key, *row) for key, row in zip(versions, of_loans(rows.versions), strict=True)),
    )
    place_of_version = columns_of(LoanReading).index("version")
    add_rows(
        LoanReading,
        columns_of(LoanReading),
        (
            (*row[:place_of_version], version, *row[place_of_version + 1 :])
            for version, row in zip(versions, of_loans(rows.readings), strict=True)
        ),
    )
    post(entries=rows.entries, source=f"opened:{prepared.source}", act=prepared.act)
    record_audits(act=prepared.act, facts=rows.audit)


def _require_free_numbers(wanted: Sequence[str]) -> None:
    seen: set[str] = set()
    for number in wanted:
        if number in seen:
            raise LoanNumberTaken(loan_number=number)
        seen.add(number)
    numbers = sorted(seen)
    for start in range(0, len(numbers), _ASKED_AT_ONCE):
        taken = Loan.objects.filter(
            number__in=numbers[start : start + _ASKED_AT_ONCE], removed_at__isnull=True
        ).first()
        if taken is not None:
            raise LoanNumberTaken(loan_number=taken.number)
