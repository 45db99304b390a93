"""What must come out of a published loan, compared with our readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gbese.core.contracts.progressive import Owed
from gbese.core.money import Money
from gbese.core.servicing.progressive.postings import Posting, PostingKind
from gbese.core.servicing.progressive.readings import (
    LoanState,
    ScheduleRow,
    closed_on,
    schedule,
    schedule_totals,
    state,
)
from tests.conformance.adapters.loan_steps import Told
from tests.conformance.cases import Document, Unsupported, difference

_STATES = {
    "submitted_and_pending_approval": LoanState.AGREED,
    "approved": LoanState.AGREED,
    "active": LoanState.ACTIVE,
    "closed_obligations_met": LoanState.SETTLED,
    "overpaid": LoanState.OVERPAID,
    "closed_written_off": LoanState.WRITTEN_OFF,
}
_COLUMNS = {"due": "asked"}  # named otherwise by us
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


def compare(told: Told, step: Document) -> str | None:
    """The first difference of a check, if there is one."""
    return next(filter(None, _differences(told, step)), None)


def _differences(told: Told, step: Document) -> Iterator[str | None]:  # noqa: C901
    history = told.history
    match step["check"]:
        case "schedule":
            yield from _compare_schedule(told, step)
        case "schedule_totals":
            totals = schedule_totals(history.loan)
            for name, expected in step["values"].items():
                yield _money(told, f"total {name}", expected, totals[_COLUMNS.get(name, name)])
        case "transactions":
            yield from _compare_postings(told, step)
        case "status":
            yield difference("status", _state(step["value"]), state(history))
        case "closed_and_met":
            yield difference("status", _state(step["status"]), state(history))
            yield _money(told, "outstanding", step["outstanding"], history.loan.outstanding)
        case "outstanding":
            yield _money(told, "outstanding", step["amount"], history.loan.outstanding)
        case "overpaid":
            yield _money(told, "overpaid", step["amount"], history.loan.overpaid)
        case "reversed":
            kind = _kind(step["type"])
            found = [each for each in history.postings if each.kind is kind]
            if step.get("date"):
                found = [each for each in found if each.day == told.day(step)]
            reverted = any(each.is_reverted for each in found)
            yield difference(f"{kind} reverted", step["value"], reverted)
        case "all_installments_met":
            met = all(each.is_met for each in history.loan.instalments)
            yield difference("all instalments met", True, met)  # noqa: FBT003 - expected
        case "charges":
            yield from _compare_levies(told, step)
        case "closed_on":
            closed = closed_on(history)
            yield difference("closed on", step["date"], closed.isoformat() if closed else "null")
        case "actual_maturity":
            yield difference("maturity", step["date"], history.loan.instalments[-1].due.isoformat())
        case "last_transaction":
            last = [each for each in history.postings if not each.is_reverted][-1]
            yield _money(told, "last amount", step["amount"], last.amount)
        case "count_transactions":
            found = [each for each in history.postings if each.kind is _kind(step["type"])]
            yield difference("count", step["count"], len(found))
        case "has_transaction":
            yield from _compare_postings(told, step, is_complete=False)
        case "overdue":
            yield _money(told, "overdue", step["amount"], history.loan.overdue(told.today))
        case name if "delinquency" in name or name == "next_payment_due":
            yield from told.delinquent.differences(history.loan, step, told.today)
        case unknown:
            raise Unsupported(f"check of {unknown}")


def _compare_schedule(told: Told, step: Document) -> Iterator[str | None]:
    rows = list(schedule(told.history.loan))
    expected = [dict(zip(step["columns"], cells, strict=True)) for cells in step["rows"]]
    yield difference("rows of the schedule", len(expected), len(rows))
    for wanted, row in zip(expected, rows, strict=False):
        name = f"row {wanted['period']} of {wanted['date']}"
        yield difference(f"{name} date", wanted["date"], row.due.isoformat())
        if row.number is None:
            yield _money(told, f"{name} balance", wanted["balance"], row.balance)
            continue
        met = row.met_on.isoformat() if row.met_on else None
        yield difference(f"{name} paid on", wanted["paid_date"], met)
        for column, cell in wanted.items():
            if column not in {"period", "days", "date", "paid_date"} and cell is not None:
                yield _money(told, f"{name} {column}", cell, _cell(row, column))


def _cell(row: ScheduleRow, column: str) -> int:
    minor = getattr(row, _COLUMNS.get(column, column))
    assert isinstance(minor, int)
    return minor


def _compare_levies(told: Told, step: Document) -> Iterator[str | None]:
    expected = [dict(zip(step["columns"], cells, strict=True)) for cells in step["rows"]]
    actual = Counter(
        f"{levy.owed} {levy.due if told.levies[levy.number].get('due') else None} "
        f"{levy.amount} {levy.paid} {levy.waived} {levy.left}"
        for levy in told.history.loan.levied()
    )
    wanted = Counter(
        f"{'penalty' if row['is_penalty'] else 'fee'} {row['due_as_of']} "
        + " ".join(str(told.money(row[name]).minor) for name in _LEVY_COLUMNS)
        for row in expected
    )
    missing, more = wanted - actual, actual - wanted
    if missing or (more and step["complete"]):
        yield f"charges: missing {sorted(missing)}, more {sorted(more)}"


def _compare_postings(
    told: Told, step: Document, *, is_complete: bool = True
) -> Iterator[str | None]:
    if not step["columns"]:
        yield difference("transactions", 0, len(told.history.postings))
        return
    columns = step["columns"]
    left_out = {_kind(name) for name in step.get("leaving_out", ())}
    expected = Counter(
        _told(dict(zip(columns, cells, strict=True)), told) for cells in step["rows"]
    )
    actual = Counter(
        _posted(posting, columns)
        for posting in told.history.postings
        if posting.kind not in left_out and (is_complete or posting.day == told.day(step))
    )
    if expected - actual or (is_complete and actual - expected):
        missing = "; ".join(map(_words, sorted((expected - actual).elements())))
        surplus = "; ".join(map(_words, sorted((actual - expected).elements())))
        yield f"transactions: missing {missing or 'none'}, more {surplus or 'none'}"


def _told(row: Document, told: Told) -> tuple[str, ...]:
    money = set(row) - {"date", "type", "reverted", "replayed"}
    cells = {name: str(told.money(row[name]).minor) for name in money if row[name] is not None}
    cells["type"] = _kind(row["type"]).value
    if "date" in row:
        cells["date"] = row["date"]
    for flag in {"reverted", "replayed"} & set(row):
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


def _kind(name: str) -> PostingKind:
    try:
        return _KINDS.get(name) or PostingKind(name.lower().replace(" ", "_").replace("-", "_"))
    except ValueError:
        raise Unsupported(f"transaction {name}") from None


def _state(name: str) -> LoanState:
    if name not in _STATES:
        raise Unsupported(f"status {name}")
    return _STATES[name]


def _money(told: Told, name: str, expected: str, minor: int) -> str | None:
    return difference(name, told.money(expected), Money(minor, told.terms.currency))
