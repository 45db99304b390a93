"""The books of a published loan: the lines of its transactions."""

from __future__ import annotations

from collections.abc import Iterator

from gbese.core.posting.progressive import AccountLine, ProgressiveRole, account_lines
from gbese.core.servicing.progressive.postings import PostingKind
from tests.conformance.adapters.loan_steps import Told
from tests.conformance.cases import Document, Unsupported, apart, difference


def compare_journal(told: Told, step: Document) -> Iterator[str | None]:
    """The difference of the entries of the transactions of a day and a kind.

    Where the case tells how many transactions there are, its entries are those of all of them;
    where it does not, they are those of one or of all, and it does not tell which.
    """
    try:
        kind = PostingKind(step["type"])
        accounts = {role: told.accounts[role.value] for role in ProgressiveRole}
    except (ValueError, KeyError):
        raise Unsupported(f"journal of {step['type']}") from None
    found = [
        account_lines(posting, accounts, told.expense_by_reason)
        for posting in told.history.postings
        if posting.kind is kind and posting.day == told.day(step)
        if posting.is_reverted or not step.get("reversed")
    ]
    expected = [_line(told, row) for row in step["rows"]]
    together = tuple(line for lines in found for line in lines)
    meant = [together]
    if "transactions" in step:
        yield difference(f"number of {kind}", int(step["transactions"]), len(found))
    else:
        meant += found
    if not any(apart(expected, lines) == ([], []) for lines in meant):
        yield f"journal of {kind}: expected {expected}, got {found}"


def _line(told: Told, row: list[str | None]) -> AccountLine:
    _, code, name, debit, credit = row
    return AccountLine(
        f"{code} {name}",
        told.money(debit).minor if debit else 0,
        told.money(credit).minor if credit else 0,
    )
