"""The transactions and charges of a published loan."""

from __future__ import annotations

from collections.abc import Iterator

from gbese.core.contracts.progressive import Owed
from gbese.core.servicing.progressive.postings import Posting, PostingKind
from tests.conformance.adapters.loan_steps import Told
from tests.conformance.cases import Document, Unsupported, apart, difference

_KINDS = {
    "Repayment (at time of disbursement)": PostingKind.REPAYMENT_AT_DISBURSEMENT,
    "Close (as written-off)": PostingKind.WRITE_OFF,
    "Waive loan charges": PostingKind.CHARGE_WAIVER,
}
_LEVY_COLUMNS = ("due", "paid", "waived", "outstanding")
_PARTS = {
    "principal": Owed.PRINCIPAL,
    "interest": Owed.INTEREST,
    "fees": Owed.FEE,
    "penalties": Owed.PENALTY,
}


def compare_levies(told: Told, step: Document) -> Iterator[str | None]:
    """The differences of the charges, if there are any."""
    expected = [dict(zip(step["columns"], cells, strict=True)) for cells in step["rows"]]
    actual = [
        (
            levy.owed.value,
            str(levy.due if told.levies[levy.number].get("due") else None),
            *map(str, (levy.amount, levy.paid, levy.waived, levy.left)),
        )
        for levy in told.history.loan.levied()
    ]
    wanted = [
        (
            "penalty" if row["is_penalty"] else "fee",
            str(row["due_as_of"]),
            *(str(told.money(row[name]).minor) for name in _LEVY_COLUMNS),
        )
        for row in expected
    ]
    missing, more = apart(wanted, actual)
    if missing or (more and step["complete"]):
        yield f"charges: missing {sorted(missing)}, more {sorted(more)}"


def compare_postings(
    told: Told, step: Document, *, is_complete: bool = True
) -> Iterator[str | None]:
    """The differences of the transactions; their order is not told reliably by the source."""
    if not step["columns"]:
        yield difference("transactions", 0, len(told.history.postings))
        return
    columns = step["columns"]
    left_out = {kind_of(name) for name in step.get("leaving_out", ())}
    missing, more = apart(
        (_told(dict(zip(columns, cells, strict=True)), told) for cells in step["rows"]),
        (
            _posted(posting, columns)
            for posting in told.history.postings
            if posting.kind not in left_out and (is_complete or posting.day == told.day(step))
        ),
    )
    if missing or (is_complete and more):
        told_missing, told_more = ("; ".join(map(_words, sorted(each))) for each in (missing, more))
        yield f"transactions: missing {told_missing or 'none'}, more {told_more or 'none'}"


def _told(row: Document, told: Told) -> tuple[str, ...]:
    money = set(row).difference({"date", "type", "reverted", "replayed"})
    cells = {name: str(told.money(row[name]).minor) for name in money if row[name] is not None}
    cells["type"] = kind_of(row["type"]).value
    if "date" in row:
        cells["date"] = row["date"]
    for flag in {"reverted", "replayed"}.intersection(row):
        cells[flag] = str(row[flag])
    return tuple(f"{name}={cells[name]}" for name in sorted(cells))


def _posted(posting: Posting, columns: list[str]) -> tuple[str, ...]:
    cells: dict[str, object] = {
        "date": posting.day.isoformat(),
        "type": posting.kind.value,
        "amount": posting.amount,
        "balance_after": posting.balance_after,
        "overpayment": posting.overpaid,
        "reverted": posting.is_reverted,
        "replayed": posting.is_replayed,
        **{name: posting.parts[part] for name, part in _PARTS.items()},
    }
    return tuple(f"{name}={cells[name]}" for name in sorted(columns))


def _words(cells: tuple[str, ...]) -> str:
    shown = [cell for cell in cells if not cell.endswith(("=0", "=False"))]
    return " ".join(shown)


def kind_of(name: str) -> PostingKind:
    try:
        return _KINDS.get(name) or PostingKind(name.lower().replace(" ", "_").replace("-", "_"))
    except ValueError:
        raise Unsupported(f"transaction {name}") from None
