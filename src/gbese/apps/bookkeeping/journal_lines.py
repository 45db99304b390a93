"""The journal line by line, each amount on the loan it is of: what an auditor adds up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gbese.apps.bookkeeping import queries
from gbese.apps.bookkeeping.queries import BlockRow, EntryRow
from gbese.core.ledger import AccountKey
from gbese.core.money import Money
from gbese.core.posting import ledger_movements


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line; `amount` is signed, debit positive.

    A line of a summary is told loan by loan, so `line_id` is then made of the entry's number, the
    place of the block and the loan.
    """

    entry: EntryRow
    line_id: str
    loan_number: str
    account: AccountKey
    component: str
    amount: Money


def journal_lines() -> Iterator[JournalLine]:
    """Every line of the journal, oldest first; lines of a summary loan by loan."""
    blocks = queries.summaries()
    waiting = next(blocks, None)
    for entry in queries.journal():
        if waiting is None or waiting[0].entry_number != entry.number:
            for line in entry.lines:
                yield JournalLine(
                    entry,
                    f"{entry.number}-{line.place}",
                    entry.loan_number,
                    line.account,
                    line.component,
                    Money(line.signed_minor, line.amount.currency),
                )
        while waiting is not None and waiting[0].entry_number == entry.number:
            block, amounts = waiting
            for loan_number, minor in amounts.items():
                yield from _lines_of_loan(entry, block, loan_number, minor)
            waiting = next(blocks, None)


def _lines_of_loan(
    entry: EntryRow, block: BlockRow, loan_number: str, minor: int
) -> Iterator[JournalLine]:
    moved = ledger_movements(
        {(block.component, block.cause): minor}, side=block.side, term_class=block.term_class
    )
    for place, ((account, component), signed) in enumerate(moved.items(), start=1):
        yield JournalLine(
            entry,
            f"{entry.number}-{block.place}-{loan_number}-{place}",
            loan_number,
            account,
            component,
            Money(signed, block.currency),
        )
