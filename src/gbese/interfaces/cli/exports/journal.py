"""The journal line by line, oldest first; a summary of many loans is told loan by loan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC

from gbese.apps.bookkeeping import queries
from gbese.apps.bookkeeping.journal_lines import journal_lines
from gbese.interfaces.cli.exports import Row

COLUMNS = (
    "entry_id",
    "line_id",
    "kind",
    "loan",
    "account",
    "account_key",
    "component",
    "currency",
    "amount",
    "value_date",
    "posting_date",
    "corrects_period",
    "reverses",
    "recorded_at",
    "login",
    "request_id",
    "source",
    "entry_hash",
)


def rows() -> Iterator[Row]:
    accounts = queries.accounts() if queries.has_entity() else {}
    for line in journal_lines():
        entry = line.entry
        yield (
            str(entry.number),
            line.line_id,
            entry.kind.value,
            line.loan_number or None,
            accounts[line.account].code if line.account in accounts else None,
            line.account.value,
            line.component or None,
            line.amount.currency.code,
            line.amount.plain(),
            entry.value_date.isoformat(),
            entry.posting_date.isoformat(),
            str(entry.concerns) if entry.is_late else None,
            None if entry.reverses is None else str(entry.reverses),
            entry.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.login,
            str(entry.request_id),
            entry.source,
            entry.entry_hash,
        )
