"""Delinquency of a published loan: its pauses, and what is read of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gbese.core.money import Money, money_from_text
from gbese.core.servicing.progressive.history import ProgressiveHistory
from gbese.core.servicing.progressive.loan import ProgressiveLoan
from gbese.core.status.delinquency import (
    Bucket,
    NothingToResume,
    OverdueAmount,
    Pause,
    amounts_by_bucket,
    bucket_of,
    delinquency,
    paused,
    resumed,
)
from tests.conformance.cases import Document, Unsupported, difference

_BUCKETS = (
    Bucket("RANGE_1", 1, 3),
    Bucket("RANGE_3", 4, 30),
    Bucket("RANGE_30", 31, 60),
    Bucket("RANGE_60", 61, 90),
    Bucket("RANGE_90", 91, 120),
    Bucket("RANGE_120", 121, 150),
    Bucket("RANGE_150", 151, 180),
    Bucket("RANGE_180", 181, 240),
    Bucket("RANGE_240", 241, None),
)
_NONE = "NO_DELINQUENCY"


@dataclass
class Delinquent:
    """The pauses of one loan, and the class it was given last."""

    grace_days: int
    pauses: tuple[Pause, ...] = ()
    actions: tuple[tuple[str, str, str | None], ...] = ()
    name: str = _NONE
    by_bucket: dict[str, int] | None = None

    def pause(self, step: Document) -> None:
        start, end = step["start"], step["end"]
        self.pauses = paused(self.pauses, date.fromisoformat(start), date.fromisoformat(end))
        self.actions = (*self.actions, ("PAUSE", start, end))

    def resume(self, step: Document, history: ProgressiveHistory, today: date) -> None:
        if history.loan.is_paid_off:
            raise NothingToResume(day=today)
        if step.get("end"):
            raise Unsupported("resuming with an end")
        day = date.fromisoformat(step["start"])
        self.pauses = resumed(self.pauses, day, business_date=today)
        self.actions = (*self.actions, ("RESUME", step["start"], None))

    def classify(self, loan: ProgressiveLoan, today: date) -> None:
        """Give the class of a day; instalments have one where the loan has."""
        if not loan.drawn:
            return
        late = delinquency(_overdue(loan), self.pauses, on=today, grace_days=self.grace_days)
        found = bucket_of(late.days, _BUCKETS)
        self.name = found.name if found else _NONE
        by_bucket = amounts_by_bucket(_overdue(loan), self.pauses, _BUCKETS, on=today)
        self.by_bucket = by_bucket if found else {}

    def differences(
        self, loan: ProgressiveLoan, step: Document, today: date
    ) -> Iterator[str | None]:
        match step["check"]:
            case "delinquency_actions":
                rows = [tuple(row) for row in step["rows"]]
                yield difference("actions", rows, list(self.actions))
            case "delinquency_pauses":
                rows = [
                    [pause.is_on(today), pause.start.isoformat(), pause.end.isoformat()]
                    for pause in self.pauses
                ]
                yield difference("pauses", step["rows"], rows)
            case "installment_delinquency":
                expected = {name: _minor(amount, loan) for name, amount in step["rows"]}
                yield difference("by bucket", expected, self.by_bucket or {})
            case "delinquency":
                yield from self._compare(loan, step["values"], today)
            case "next_payment_due":
                yield from self._compare_next(loan, step["values"])

    def _compare(
        self, loan: ProgressiveLoan, values: Document, today: date
    ) -> Iterator[str | None]:
        overdue = _overdue(loan) if loan.drawn else []
        late = delinquency(overdue, self.pauses, on=today, grace_days=self.grace_days)
        actual = {
            "classification": self.name,
            "delinquent_date": late.since.isoformat() if late.since else None,
            "delinquent_days": str(late.days),
            "past_due_days": str(late.days_past_due),
        }
        for name in [each for each in actual if each in values]:
            yield difference(name, values[name], actual[name])
        if "delinquent_amount" in values:
            yield difference("amount", _minor(values["delinquent_amount"], loan), late.amount)
        if unknown := set(values).difference(actual, {"delinquent_amount"}):
            raise Unsupported(f"delinquency {sorted(unknown)}")

    def _compare_next(self, loan: ProgressiveLoan, values: Document) -> Iterator[str | None]:
        coming = [each for each in loan.instalments if each.is_unpaid][:1]
        if "classification" in values:
            yield difference("class", values["classification"], self.name)
        for instalment in coming:
            due = instalment.due.isoformat()
            yield difference("next due date", values["next_payment_due_date"], due)
            if "next_payment_amount" in values:
                amount = Money(instalment.outstanding, loan.terms.currency)
                expected = money_from_text(values["next_payment_amount"], loan.terms.currency)
                yield difference("next amount", expected, amount)


def _overdue(loan: ProgressiveLoan) -> list[OverdueAmount]:
    return [OverdueAmount(each.due, each.outstanding) for each in loan.instalments]


def _minor(text: str, loan: ProgressiveLoan) -> int:
    return money_from_text(text, loan.terms.currency).minor
