"""Everything derived, worked out again from the facts and compared with what is stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, islice

from gbese.apps.bookkeeping import queries as books
from gbese.apps.closing import queries
from gbese.apps.identity import queries as identity
from gbese.apps.lending.in_force import UNREADABLE, LoanInForce, projections_in_force
from gbese.apps.lending.queries import known_numbers
from gbese.apps.lending.services import drifts
from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.errors import Refusal
from gbese.core.ledger import AccountKey, BookingPoint, fiscal_period_of
from gbese.core.posting import booked, is_carried_forward, ledger_movements
from gbese.core.projections.rows import Cause
from gbese.core.servicing.events import Component

_MOST_TOLD = 100  # of each check; the first bad record matters, and a million of them helps nobody

LedgerPlace = tuple[AccountKey, str]
_Moved = dict[tuple[Side, TermClass], Counter[tuple[Component | None, Cause]]]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something stored that is not what it must be: which check, what it is about, the facts."""

    code: str
    subject: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: `mismatches` are wrong, `doubts` could not be told."""

    mismatches: tuple[Mismatch, ...]
    doubts: tuple[Mismatch, ...]
    entries: int
    loans: int
    audit_records: int


def verify(*, progress: Callable[[str], None]) -> Verification:
    """Check the journal, the audit trail, blocks, sub-ledgers, projections and readings.

    Args:
        progress: told the code of each check when it begins.
    """
    checks: dict[str, Callable[[], Iterable[Mismatch]]] = {"journal": _journal, "audit": _audit}
    doubts: list[Mismatch] = []
    if books.has_entity():
        left = queries.work_left()
        doubts += [Mismatch("work_left", str(left[0].day), {"days": len(left)})] if left else []
        checks |= {"cuts": _cuts, "summaries": _summaries}
        checks |= {} if left else {"subledger": _subledger}
        checks |= {"projections": _drifts}
    checks |= {"people": _people}
    mismatches: list[Mismatch] = []
    for name, check in checks.items():
        progress(name)
        mismatches += _found(name, check)
    return Verification(
        mismatches=tuple(mismatches),
        doubts=tuple(doubts),
        entries=books.journal_head().number,
        loans=len(known_numbers()),
        audit_records=identity.audit_head().number,
    )


def _found(name: str, check: Callable[[], Iterable[Mismatch]]) -> list[Mismatch]:
    """What a check finds, the first of it; what it cannot even read is a finding too."""
    found: list[Mismatch] = []
    try:
        found.extend(islice(check(), _MOST_TOLD))
    except Refusal as refusal:
        found.append(Mismatch(refusal.code, name, refusal.facts))
    except UNREADABLE as broken:
        found.append(Mismatch("unreadable", name, {"reason": type(broken).__name__}))
    return found


def _journal() -> Iterator[Mismatch]:
    if broken := books.first_broken_entry():
        yield Mismatch(broken.code, f"entry:{broken.number}", {})


def _audit() -> Iterator[Mismatch]:
    if broken := identity.first_broken_record():
        yield Mismatch(broken.code, f"audit:{broken.number}", {})


def _people() -> Iterator[Mismatch]:
    """Everybody has the role and the way in that the audit trail gave them."""
    for login in identity.logins_unlike_audit():
        yield Mismatch("person_differs", f"user:{login}", {})


def _drifts() -> Iterator[Mismatch]:
    for drift in drifts():
        told = {"stored": drift.stored, "recomputed": drift.recomputed}
        yield Mismatch(f"{drift.what}_differs", drift.loan_number, told)


def _cuts() -> Iterator[Mismatch]:
    """Numbers and days of cuts follow each other without a gap, up to the open day."""
    held, cuts = books.open_day(), books.cuts()
    number, day = held.cut_number, held.last_cut_day
    for cut in cuts:
        if (cut.number, cut.day) != (number, day):
            yield Mismatch("cut_missing", str(day), {"number": number})
            return
        number, day = number - 1, day.fromordinal(day.toordinal() - 1)
    if number:
        yield Mismatch("cut_missing", str(day), {"number": number})


def _summaries() -> Iterator[Mismatch]:
    """The amounts behind a summary entry add up to its lines."""
    blocks = (row for row, _ in books.summaries())
    for number, group in groupby(blocks, key=lambda row: row.entry_number):
        expected: Counter[LedgerPlace] = Counter()
        for row in group:
            expected.update(
                ledger_movements(
                    {(row.component, row.cause): row.amount_sum},
                    side=row.side,
                    term_class=row.term_class,
                )
            )
        lines: Counter[LedgerPlace] = Counter()
        for line in books.entry(number).lines:
            lines[line.account, line.component] += line.signed_minor
        if told := _difference(lines, expected):
            yield Mismatch("summary_differs", f"entry:{number}", told)


def _subledger() -> Iterator[Mismatch]:
    """For each loan: what was booked of it is what its position asks for."""
    singles = _single_entries()
    moved = _moved_by_closes()
    held = books.open_day()
    point = BookingPoint(
        held.open_day, fiscal_period_of(held.open_day), held.open_day, is_open_day=True
    )
    seen: set[str] = set()
    for loan in projections_in_force(held.cut_number + 1):
        seen.add(loan.loan_number)
        found = _compared(loan, point, singles[loan.loan_number], moved[loan.loan_number])
        if found is not None:
            yield found
    for number in (singles.keys() | moved.keys()) - seen:  # taken out again
        if left := _difference(_booked(singles[number], moved[number]), {}):
            yield Mismatch("subledger_differs", f"loan:{number}", left)


def _compared(
    loan: LoanInForce, point: BookingPoint, singles: Counter[LedgerPlace], moved: _Moved
) -> Mismatch | None:
    subject = f"loan:{loan.loan_number}"
    if isinstance(loan.projection, Refusal):
        return Mismatch(loan.projection.code, subject, loan.projection.facts)
    expected = ledger_movements(
        booked(loan.projection, point, first_unbooked=loan.set_aside_from),
        side=loan.side,
        term_class=loan.term_class,
    )
    told = _difference(_booked(singles, moved), expected)
    return Mismatch("subledger_differs", subject, told) if told else None


def _booked(singles: Counter[LedgerPlace], moved: _Moved) -> Counter[LedgerPlace]:
    summed = Counter(singles)
    for (side, term_class), differences in moved.items():
        summed.update(ledger_movements(differences, side=side, term_class=term_class))
    return summed


def _single_entries() -> dict[str, Counter[LedgerPlace]]:
    singles: dict[str, Counter[LedgerPlace]] = defaultdict(Counter)
    for number, account, component, _, minor in books.ledger_totals_by_loan():
        singles[number][account, component] += minor
    return singles


def _moved_by_closes() -> dict[str, _Moved]:
    moved: dict[str, _Moved] = defaultdict(lambda: defaultdict(Counter))
    for row, amounts in books.summaries():
        for number, minor in amounts.items():
            moved[number][row.side, row.term_class][row.component, row.cause] += minor
    return moved


def _difference(
    stored: Mapping[LedgerPlace, int], expected: Mapping[LedgerPlace, int]
) -> dict[str, object]:
    """Where balances of claims, debts and advances differ; results follow, as entries balance."""
    places = {place for place in stored.keys() | expected.keys() if is_carried_forward(place[0])}
    return {
        f"{account} {component}".strip(): (
            f"booked {stored.get((account, component), 0)}, "
            f"position {expected.get((account, component), 0)}"
        )
        for account, component in sorted(places)
        if stored.get((account, component), 0) != expected.get((account, component), 0)
    }
