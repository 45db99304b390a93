"""The books of a published loan: the lines of its transactions."""

from __future__ import annotations

from collections.abc import Iterator

from gbese.core.posting.progressive import AccountLine, ProgressiveRole, account_lines
from gbese.core.servicing.progressive.postings import PostingKind
from tests.conformance.adapters.loan_steps import Told
from tests.conformance.cases import Document, Unsupported, apart


def compare_journal(told: Told, step: Document) -> Iterator[str | None]:
    """The difference of the entries of the transactions of a day and a kind."""
    try:
        kind = PostingKind(step["type"])
        accounts = {role: told.accounts[role.value] for role in ProgressiveRole}
    except (ValueError, KeyError):
        raise Unsupported(f"journal of {step['type']}") from None
    found = [
        account_lines(posting, accounts, told.expense_by_reason)
        for posting in told.history.postings
        if posting.kind is kind and posting.day == told.day(step)
    ]
    expected = [_line(told, row) for row in step["rows"]]
    together = tuple(line for lines in found for line in lines)
    differences = [apart(expected, lines) for lines in (*found, together)]
    if not any(not missing and not more for missing, more in differences):
        yield f"journal of {kind}: expected {expected}, got {found}"


def _line(told: Told, row: list[str | None]) -> AccountLine:
    _, code, name, debit, credit = row
    return AccountLine(
        f"{code} {name}",
        told.money(debit).minor if debit else 0,
        told.money(credit).minor if credit else 0,
    )
