"""Versions that no event of the loan brought: shared facts, horizons, readings of a new day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from itertools import islice

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from gbese.apps.bookkeeping import locks as book_locks
from gbese.apps.bookkeeping.queries import BookDayRow
from gbese.apps.identity.acts import Act
from gbese.apps.lending import locks, mapping
from gbese.apps.lending.in_force import readable
from gbese.apps.lending.models import Loan, LoanReading, ProjectionVersion
from gbese.apps.lending.readings import read, replace_rows
from gbese.apps.lending.services.renewal import bring_to_method, keep, renewal_of
from gbese.apps.parties.queries import party_names
from gbese.core.errors import Refusal
from gbese.core.status.trouble import TROUBLE_RANK, LoanStatus

_CHUNK = 500


@transaction.atomic
def renew_for_series(*, series: str, act: Act) -> int:
    """Give each loan that follows a reference series a version with its new fixings; how many.

    A version is only made where a figure moves; the difference is booked as for a late fact.
    """
    day = book_locks.book_day_shared()
    shared = mapping.SharedFactsCache()
    renewed = 0
    for loan in locks.loans_of_series(series):
        renewed += _renew(loan, shared, day, cause="fixing", act=act)
    return renewed


def followed_series() -> tuple[str, ...]:
    """The reference series that some loan follows."""
    followed = Loan.objects.filter(removed_at__isnull=True).exclude(reference_series="")
    codes = followed.order_by("reference_series").values_list("reference_series", flat=True)
    return tuple(codes.distinct())


@transaction.atomic
def renew_for_calendar(*, code: str, act: Act) -> int:
    """Give each loan whose due dates follow a calendar a version with its days off; how many.

    A version is only made where a figure or a date moves.
    """
    day = book_locks.book_day_shared()
    shared = mapping.SharedFactsCache()
    return sum(
        _renew(loan, shared, day, cause="calendar", act=act)
        for loan in locks.loans_of_calendar(code)
    )


@transaction.atomic
def renew_horizons(*, up_to: date, act: Act) -> int:
    """Carry call loans on whose projection ends by a day; how many."""
    day = book_locks.book_day_shared()
    shared = mapping.SharedFactsCache()
    ending = _in_force().filter(open_ended_until__isnull=False, open_ended_until__lte=up_to)
    renewed = 0
    for number in ending.order_by("loan__number").values_list("loan__number", flat=True):
        loan = locks.loan(number)
        bring_to_method(loan, shared, day, act=act)
        renewed += _renew(loan, shared, day, cause="horizon", act=act)
    return renewed


def bring_to_method_before(*, series: str = "", calendar: str = "", act: Act) -> None:
    """Give the loans that a shared fact is about to move their versions by this program first."""
    day = book_locks.book_day_shared()
    shared = mapping.SharedFactsCache()
    loans = locks.loans_of_series(series) if series else locks.loans_of_calendar(calendar)
    for loan in loans:
        bring_to_method(loan, shared, day, act=act)


def refresh_readings(
    day: date, *, everything: bool = False, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Read anew the loans whose shown figures change by `day`; how many."""
    rows = LoanReading.objects.filter(loan__removed_at__isnull=True)
    if not everything:
        rows = rows.filter(Q(changes_on__lte=day) | Q(read_on__gt=day))
    pks = list(rows.order_by("loan_id").values_list("loan_id", flat=True))
    done = 0
    for chunk in _chunks(pks):
        done += len(_reread(chunk, day))
        progress(done)
    return done


def reread(loan_numbers: Collection[str], day: date) -> None:
    """Read these loans anew, whatever the day: they were set aside or taken back."""
    pks = Loan.objects.filter(number__in=loan_numbers, removed_at__isnull=True)
    for chunk in _chunks(list(pks.order_by("pk").values_list("pk", flat=True))):
        _reread(chunk, day)


@transaction.atomic
def rebuild(*, day: date, progress: Callable[[int], None] = lambda _: None) -> int:
    """Throw the readings away and make them anew from the versions in force; how many."""
    LoanReading.objects.all().delete()
    pks = list(
        Loan.objects.filter(removed_at__isnull=True).order_by("pk").values_list("pk", flat=True)
    )
    done = 0
    for chunk in _chunks(pks):
        done += len(_reread(chunk, day))
        progress(done)
    return done


def _renew(
    loan: Loan, shared: mapping.SharedFactsCache, day: BookDayRow, *, cause: str, act: Act
) -> bool:
    renewal = renewal_of(loan, shared, day)
    if renewal is None:
        return False
    keep(renewal, day, cause=cause, act=act)
    return True


def _reread(pks: Sequence[int], day: date) -> list[LoanReading]:
    """Read loans while others record on them; what they store meanwhile is newer, and stays."""
    versions = _in_force().filter(loan__in=pks).select_related("loan").order_by("loan_id")
    names = party_names([pk for v in versions for pk in (v.loan.lender_id, v.loan.borrower_id)])
    facts = mapping.facts_of_many(list(pks))
    rows: list[LoanReading] = []
    unreadable: list[ProjectionVersion] = []
    for version in versions:
        if version.loan_id not in facts:  # its terms are gone
            unreadable.append(version)
            continue
        terms, events = facts[version.loan_id]
        in_force = mapping.terms_in_force(terms, events)
        projection = readable(version, in_force.currency.code)
        if isinstance(projection, Refusal):
            unreadable.append(version)
            continue
        told = read(version.loan, projection, in_force, events, on=day)
        rows.append(mapping.reading_row(version.loan, version.pk, told, in_force, names))
    with transaction.atomic():
        locks.loans_by_key(pks)
        newest = set(_in_force().filter(loan__in=pks).values_list("pk", flat=True))
        replace_rows(row for row in rows if row.version_id in newest)
        _show_as_set_aside([v.loan_id for v in unreadable if v.pk in newest], day)
    return rows


def _show_as_set_aside(pks: Sequence[int], day: date) -> None:
    """Of a loan whose version cannot be read, lists show the last figures and that it waits."""
    LoanReading.objects.filter(loan__in=pks).update(
        status=LoanStatus.SET_ASIDE.value,
        trouble_rank=TROUBLE_RANK[LoanStatus.SET_ASIDE],
        read_on=day,
        changes_on=None,
    )


def _in_force() -> QuerySet[ProjectionVersion]:
    newest = (
        ProjectionVersion.objects.filter(loan=OuterRef("loan"))
        .order_by("-number")
        .values("number")[:1]
    )
    return ProjectionVersion.objects.filter(number=Subquery(newest), loan__removed_at__isnull=True)


def _chunks(pks: Sequence[int]) -> Iterator[list[int]]:
    coming = iter(pks)
    while chunk := list(islice(coming, _CHUNK)):
        yield chunk
