"""What recipes may know of the books: gathered once per plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.imports.mapping import to_statement
from gbese.apps.imports.mappings import FileMapping, mapping_from_yaml
from gbese.apps.imports.models import RememberedMapping, StatedBalance
from gbese.apps.imports.plans import Context, PlannedParty
from gbese.apps.imports.recognition import Known
from gbese.apps.imports.soundness import Books
from gbese.apps.imports.statements import Statement
from gbese.apps.lending import queries as lending
from gbese.apps.parties.queries import own_names
from gbese.apps.rates import queries as rates
from gbese.core.contracts.terms import Side

OWN_PARTY = "own"


def context(*, side: Side | None, currency: str, mapping: str) -> Context:
    """The books as they are now, for a plan.

    Raises:
        BooksNotSetUp: there is no entity yet, so no day that loans could be opened on.
    """
    entity = bookkeeping.entity()
    statements = known_statements()
    return Context(
        business_date=bookkeeping.open_day().open_day,
        own_party=PlannedParty(key=OWN_PARTY, name=entity.name, country=entity.country),
        side=side,
        currency=currency or entity.base_currency,
        mapping=mapping,
        known_loans=lending.known_numbers(),
        changed_loans=lending.recorded_upon(statements),
        known_statements=statements,
    )


def limits_of_books() -> Books:
    """Up to which day, for which sides, with which reference rates, for whom loans are opened."""
    entity = bookkeeping.entity()
    return Books(
        open_day=bookkeeping.open_day().open_day,
        sides=frozenset(side for side in Side if entity.sides_kept.includes(side)),
        series=frozenset(row.code for row in rates.reference_series()),
        own=own_names(entity_name=entity.name, entity_country=entity.country),
    )


def known_mappings() -> Known:
    return Known(remembered=remembered_mappings())


def remembered_mappings() -> Sequence[FileMapping]:
    rows = RememberedMapping.objects.order_by("-remembered_at")
    return [mapping_from_yaml(row.text) for row in rows]


def known_statements() -> Mapping[str, Sequence[Statement]]:
    found: dict[str, list[Statement]] = defaultdict(list)
    for row in StatedBalance.objects.order_by("loan_number", "stated_on"):
        found[row.loan_number].append(to_statement(row))
    return found


def statements_on(lender_code: str, day: date) -> Sequence[Statement]:
    """All loans of a lender as stated at one date."""
    rows = StatedBalance.objects.filter(lender_code=lender_code, stated_on=day)
    return [to_statement(row) for row in rows.order_by("loan_number")]
