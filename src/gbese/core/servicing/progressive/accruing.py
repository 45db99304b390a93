"""Income accrued day by day as days are closed: what has been earned less what was posted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from gbese.core.contracts.progressive import Owed
from gbese.core.servicing.progressive.instalments import (
    Instalment,
    InstalmentKind,
    no_parts,
)
from gbese.core.servicing.progressive.loan import ProgressiveLoan
from gbese.core.servicing.progressive.postings import Posting, PostingKind

_EARNED = (Owed.INTEREST, Owed.FEE, Owed.PENALTY)


@dataclass(slots=True)
class Accruals:
    """What has been posted as earned, and on which days."""

    postings: list[Posting] = field(default_factory=list)
    closing: Posting | None = None  # told when the loan was paid off
    activities: list[Posting] = field(default_factory=list)  # what each instalment earned in all

    def accrue(self, loan: ProgressiveLoan, day: date) -> None:
        """Post what was earned by a day and not posted yet."""
        is_given_up = loan.written_off_on is not None or loan.charged_off_on is not None
        if is_given_up or loan.is_paid_off:
            return
        self._post(loan.earned_by(day), min(day, loan.instalments[-1].due))

    def follow(self, loan: ProgressiveLoan, day: date) -> None:
        """Once nothing is left to pay, post all that is left of what was asked for.

        Of a loan that is charged off, interest is earned up to that day and no further.
        """
        if loan.charged_off_on is not None:
            self._follow_charge_off(loan, loan.charged_off_on)
        elif loan.is_paid_off and loan.written_off_on is None:
            last = day if loan.agreed.drawings_are_known_ahead else loan.instalments[-1].due
            self._post(loan.earned(), min(day, last))

    def _follow_charge_off(self, loan: ProgressiveLoan, day: date) -> None:
        self.postings = [each for each in self.postings if each.day <= day]
        posted = {owed: self._posted(owed) for owed in _EARNED}
        self._post({**posted, Owed.INTEREST: loan.earned_by(day)[Owed.INTEREST]}, day)

    def tell_due(self, loan: ProgressiveLoan, day: date) -> None:
        """Tell what the instalments due on a closed day have earned in all."""
        for instalment in loan.instalments:
            if instalment.due == day and instalment.kind is not InstalmentKind.DOWN_PAYMENT:
                self._tell(day, _earned_with([instalment]))

    def tell_again(self, loan: ProgressiveLoan, day: date) -> None:
        """Instalments that turned out otherwise are told anew; those to come when all is paid."""
        for activity in self.activities:
            at_due = [each for each in loan.instalments if each.due == activity.day]
            if at_due and not self._is_closing(activity):
                _tell_otherwise(activity, _earned_with(at_due))
        self.activities = [each for each in self.activities if each.amount]
        is_closed = loan.is_paid_off and loan.written_off_on is None
        if is_closed and self.closing is None:
            self._tell_closing(loan, loan.last_paid_on or day)
        elif not is_closed and self.closing is not None:
            self._tell_reopened(loan, day)
        elif self.closing is not None:
            _tell_otherwise(self.closing, _earned_with(self._untold(loan)))

    def _tell_closing(self, loan: ProgressiveLoan, day: date) -> None:
        """What was due by the last payment is told on its date, the rest with the payment."""
        self._tell_dues(loan, day)
        left = _earned_with(self._untold(loan))
        self._tell(min(day, loan.instalments[-1].due), left, is_closing=True)

    def _untold(self, loan: ProgressiveLoan) -> list[Instalment]:
        told = {each.day for each in self.activities if not self._is_closing(each)}
        return [each for each in loan.instalments if each.due not in told]

    def _tell_reopened(self, loan: ProgressiveLoan, day: date) -> None:
        """It was not the end: what has fallen due since is told on its date."""
        self.activities = [each for each in self.activities if not self._is_closing(each)]
        self.closing = None
        before = len(self.activities)
        self._tell_dues(loan, day)
        for replaced in self.activities[before:][:1]:
            replaced.is_replayed = True

    def _tell_dues(self, loan: ProgressiveLoan, day: date) -> None:
        told = {each.day for each in self.activities}
        for instalment in loan.planned:
            if instalment.due < day and instalment.due not in told:
                self._tell(instalment.due, _earned_with([instalment]))

    def _is_closing(self, activity: Posting) -> bool:
        return activity is self.closing

    def _tell(self, day: date, parts: dict[Owed, int], *, is_closing: bool = False) -> None:
        if not (amount := sum(parts.values())):
            return
        activity = Posting(0, PostingKind.ACCRUAL_ACTIVITY, day, amount, parts)
        self.activities.append(activity)
        if is_closing:
            self.closing = activity

    def _post(self, earned: dict[Owed, int], day: date) -> None:
        more, less = no_parts(), no_parts()
        for owed in _EARNED:
            difference = earned[owed] - self._posted(owed)
            more[owed], less[owed] = max(difference, 0), max(-difference, 0)
        for kind, parts in (
            (PostingKind.ACCRUAL_ADJUSTMENT, less),
            (PostingKind.ACCRUAL, more),
        ):
            if amount := sum(parts.values()):
                self.postings.append(Posting(0, kind, day, amount, parts))

    def _posted(self, owed: Owed) -> int:
        return sum(
            posting.parts[owed] * (1 if posting.kind is PostingKind.ACCRUAL else -1)
            for posting in self.postings
        )


def _tell_otherwise(activity: Posting, parts: dict[Owed, int]) -> None:
    if parts != activity.parts:
        activity.parts, activity.amount = parts, sum(parts.values())
        activity.is_replayed = True


def _earned_with(instalments: list[Instalment]) -> dict[Owed, int]:
    parts = no_parts()
    for instalment in instalments:
        parts[Owed.INTEREST] += instalment.charged[Owed.INTEREST] - instalment.credited_interest
        for owed in (Owed.FEE, Owed.PENALTY):
            parts[owed] += instalment.charged[owed] - instalment.waived[owed]
    return parts
