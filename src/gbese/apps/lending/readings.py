"""What lists show of each loan: derived from the version in force, and thrown away at will."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from gbese.apps.lending import mapping
from gbese.apps.lending.models import Loan, LoanReading, ProjectionVersion
from gbese.apps.parties.queries import party_names
from gbese.apps.rates.shipped_rules import yearly_cost_rules
from gbese.core.contracts.terms import Terms
from gbese.core.projections.rows import Projection
from gbese.core.servicing.events import LoanEvent as Event
from gbese.core.status.reading import Reading, reading
from gbese.core.status.trouble import StatusPolicy

HOUSE_POLICY = StatusPolicy()
_SHOWN = tuple(
    field.name
    for field in LoanReading._meta.concrete_fields  # noqa: SLF001 - documented API
    if not field.primary_key
)


def store_reading(
    loan: Loan,
    version: ProjectionVersion,
    projection: Projection,
    terms: Terms,
    events: Sequence[Event],
    *,
    on: date,
) -> None:
    """Read one loan and keep what lists show of it."""
    names = party_names([loan.lender_id, loan.borrower_id])
    told = read(loan, projection, terms, events, on=on)
    replace_rows([mapping.reading_row(loan, version.pk, told, terms, names)])


def read(
    loan: Loan, projection: Projection, terms: Terms, events: Sequence[Event], *, on: date
) -> Reading:
    """Read one loan off its projection."""
    return reading(
        projection,
        terms,
        on,
        drawn=mapping.drawn_so_far(events),
        policy=HOUSE_POLICY,
        cost_rules=yearly_cost_rules(),
        is_set_aside=loan.set_aside_from is not None,
    )


def replace_rows(rows: Iterable[LoanReading]) -> None:
    """Keep readings in place of those of the same loans."""
    LoanReading.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["loan"],
        update_fields=_SHOWN,
    )
