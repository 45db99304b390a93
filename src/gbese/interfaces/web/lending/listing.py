"""What the list of loans is asked for in its address, and the columns it is taken away with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext

from gbese.apps.lending.queries import LoanFilter, LoanOrder, LoanRow
from gbese.apps.parties.queries import party_choices, party_names
from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.status.trouble import LoanStatus
from gbese.interfaces.web import wording
from gbese.interfaces.web.addresses import (
    NotHere,
    code_asked,
    code_of,
    codes_asked,
    currency_asked,
    text_asked,
    whole_asked,
)
from gbese.interfaces.web.exports import Cell

PAGE_ROWS = 25
PARTIES_MAX = 200  # a longer list to choose from helps nobody; names are searched instead
_TEXT_MAX = 200
_CHOICES = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """The filter and the order of an address."""

    chosen: LoanFilter
    order: LoanOrder
    descending: bool
    status: str
    lender_name: str
    borrower_name: str

    @property
    def is_filtering(self) -> bool:
        return self.chosen != LoanFilter()


def asked(query: QueryDict) -> Asked:
    """Read an address.

    Raises:
        AddressWrong: a part of it is not understood.
    """
    order = text_asked(query, "order")
    statuses = codes_asked(query, "status", LoanStatus)
    lender, lender_words = _party(query, "lender")
    borrower, borrower_words = _party(query, "borrower")
    words = " ".join((text_asked(query, "text"), lender_words, borrower_words)).strip()
    return Asked(
        chosen=LoanFilter(
            side=code_asked(query, "side", Side),
            lender=lender,
            borrower=borrower,
            currency=currency_asked(query),
            term_class=code_asked(query, "term", TermClass),
            statuses=statuses,
            text=words[:_TEXT_MAX],
        ),
        order=code_of("order", order.removeprefix("-"), LoanOrder) if order else LoanOrder.TROUBLE,
        descending=order.startswith("-"),
        status=statuses[0].value if len(statuses) == 1 else "",
        lender_name=_name(lender),
        borrower_name=_name(borrower),
    )


def headings() -> tuple[str, ...]:
    """The columns of an exported list."""
    return (
        gettext("Loan"),
        gettext("Side"),
        gettext("Lender"),
        gettext("Borrower"),
        gettext("Status"),
        gettext("Days late"),
        gettext("Currency"),
        gettext("Outstanding"),
        gettext("Overdue"),
        gettext("Not drawn"),
        gettext("Current part"),
        gettext("Non-current part"),
        gettext("Next due"),
        gettext("Amount next due"),
        gettext("Maturity"),
        gettext("Term"),
        gettext("Rate a year"),
        gettext("Effective rate"),
        gettext("Something assumed"),
    )


def export_rows(rows: Iterable[LoanRow]) -> Iterator[tuple[Cell, ...]]:
    """The rows of an exported list, under `headings`."""
    yes = gettext("yes")
    for row in rows:
        yield (
            row.loan_number,
            wording.word("side", row.side),
            row.lender_name,
            row.borrower_name,
            wording.status_look(row.status, row.days_past_due).word,
            row.days_past_due,
            row.currency.code,
            row.outstanding,
            row.overdue,
            row.undrawn,
            row.current_part,
            row.noncurrent_part,
            row.next_due_date,
            row.next_due,
            row.maturity_date,
            wording.word("term_class", row.term_class),
            row.nominal_rate,
            row.effective_rate,
            yes if row.has_assumptions else "",
        )


def _party(query: QueryDict, part: str) -> tuple[int | None, str]:
    """The party of a filter by key or by name; a name that is nobody's is looked for as text."""
    if (pk := whole_asked(query, part)) is not None:
        if pk not in party_names([pk]):
            raise NotHere(part=part, text=str(pk))
        return pk, ""
    name = text_asked(query, f"{part}_name")
    if not name:
        return None, ""
    found = party_choices(name, _CHOICES)
    named = [party for party in found if party.name.casefold() == name.casefold()] or found
    return (named[0].pk, "") if len(named) == 1 else (None, name)


def _name(pk: int | None) -> str:
    return party_names([pk]).get(pk, "") if pk is not None else ""
