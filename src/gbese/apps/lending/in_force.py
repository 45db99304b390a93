"""The loans as a cut knew them: what the work of a closed day reads."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from gbese.apps.lending import documents, mapping
from gbese.apps.lending.models import Loan, ProjectionVersion, TermsVersion
from gbese.core.contracts.term_classes import TermClass, term_class
from gbese.core.contracts.terms import Side
from gbese.core.errors import Refusal
from gbese.core.projections.rows import Projection

_AT_ONCE = 500

# What reading damaged bytes or text can end in.
UNREADABLE = (
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class ProjectionUnreadable(Refusal):
    """The stored rows of the loan's projection cannot be read, or are not as they were stored."""

    code = "projection_unreadable"


@dataclass(frozen=True, slots=True)
class LoanInForce:
    """A loan and the version of it in force at a cut; why not, where it cannot be read.

    `set_aside_from` is the first day that is not booked; None for a loan that is not set aside.
    """

    loan_number: str
    side: Side
    term_class: TermClass
    version: int
    projection: Projection | Refusal
    set_aside_from: date | None


def projections_in_force(cut: int, *, sealed_at: datetime | None = None) -> Iterator[LoanInForce]:
    """Every loan with the version in force at a cut, by the order in which loans were opened.

    Args:
        cut: its number; versions made after it are not in force at it.
        sealed_at: when it was made; loans taken out again before are left out. None is now.
    """
    gone = Q(removed_at__isnull=False)
    if sealed_at is not None:
        gone &= Q(removed_at__lte=sealed_at)
    last = 0
    while True:
        loans = list(Loan.objects.exclude(gone).filter(pk__gt=last).order_by("pk")[:_AT_ONCE])
        if not loans:
            return
        last = loans[-1].pk
        yield from _in_force(loans, cut)


def _in_force(loans: list[Loan], cut: int) -> Iterator[LoanInForce]:
    first, last = loans[0].pk, loans[-1].pk
    numbers = dict(
        ProjectionVersion.objects.filter(loan_id__gte=first, loan_id__lte=last, cut_number__lt=cut)
        .order_by()
        .values("loan_id")
        .annotate(newest=Max("number"))
        .values_list("loan_id", "newest")
    )
    versions = {
        version.loan_id: version
        for version in ProjectionVersion.objects.filter(
            loan_id__gte=first, loan_id__lte=last, number__in=set(numbers.values())
        )
        if numbers.get(version.loan_id) == version.number
    }
    agreed = {
        row.loan_id: row.document
        for row in TermsVersion.objects.filter(
            loan_id__gte=first, loan_id__lte=last, event_number__isnull=True
        ).order_by("number")
    }
    for loan in loans:
        if version := versions.get(loan.pk):
            yield _loan_in_force(loan, version, agreed.get(loan.pk, ""))


def _loan_in_force(loan: Loan, version: ProjectionVersion, agreed: str) -> LoanInForce:
    projection: Projection | Refusal
    try:
        terms = documents.terms_from(agreed)
    except UNREADABLE as broken:
        # The class is not read of a loan whose projection is a refusal.
        kind = TermClass.SHORT
        projection = ProjectionUnreadable(version=version.number, reason=type(broken).__name__)
    else:
        kind = term_class(terms)
        projection = readable(version, terms.currency.code)
    return LoanInForce(
        loan_number=loan.number,
        side=Side(loan.side),
        term_class=kind,
        version=version.number,
        projection=projection,
        set_aside_from=loan.set_aside_from,
    )


def readable(version: ProjectionVersion, currency_code: str) -> Projection | Refusal:
    """The projection of a stored version, or why its rows cannot be read."""
    try:
        if mapping.block_digest(bytes(version.block)) != version.digest:
            return ProjectionUnreadable(version=version.number, reason="digest")
        return mapping.projection_of(version, currency_code)
    except UNREADABLE as broken:
        return ProjectionUnreadable(version=version.number, reason=type(broken).__name__)
