"""Delinquency by days: buckets of a lender, days of grace, pauses that stop the count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gbese.core.errors import Refusal


class PauseOverlaps(Refusal):
    """A pause of the count may not lie over another one."""

    code = "delinquency_pause_overlaps"


class ResumedOnAnotherDay(Refusal):
    """A pause is ended on the business date, neither before nor after it."""

    code = "delinquency_resumed_on_another_day"


class NothingToResume(Refusal):
    """No pause runs that could be ended, or the loan is not active."""

    code = "delinquency_nothing_to_resume"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A range of days late with a name; `to_day` None is open."""

    name: str
    from_day: int
    to_day: int | None

    def holds(self, days: int) -> bool:
        """Whether a number of days lies in it."""
        return self.from_day <= days and (self.to_day is None or days <= self.to_day)


@dataclass(frozen=True, slots=True)
class Pause:
    """The count stands still from `start` up to `end`."""

    start: date
    end: date

    def days_before(self, day: date, *, since: date) -> int:
        """How many of its days lie after `since` and up to a day."""
        return max((min(self.end, day) - max(self.start, since)).days, 0)

    def is_on(self, day: date) -> bool:
        """Whether it holds on a day; its last day included."""
        return self.start <= day <= self.end


@dataclass(frozen=True, slots=True)
class OverdueAmount:
    """What fell due on a date and is unpaid, in minor units."""

    due: date
    amount: int


@dataclass(frozen=True, slots=True)
class Delinquency:
    """How late a loan is on a day: `days_past_due` plainly, `days` less grace and pauses."""

    amount: int
    since: date | None
    days: int
    days_past_due: int


def delinquency(
    overdue: Iterable[OverdueAmount], pauses: Sequence[Pause], *, on: date, grace_days: int
) -> Delinquency:
    """How late a loan is on a day.

    Args:
        overdue: what is unpaid by due date; amounts not yet due are left out.
        pauses: of the count.
        on: the day.
        grace_days: days after the due date before the loan is called delinquent.
    """
    late = [each for each in overdue if each.due < on and each.amount > 0]
    if not late:
        return Delinquency(0, None, 0, 0)
    oldest = min(each.due for each in late)
    return Delinquency(
        amount=sum(each.amount for each in late),
        since=oldest + timedelta(days=grace_days),
        days=max(_counted_days(oldest, pauses, on) - grace_days, 0),
        days_past_due=(on - oldest).days,
    )


def bucket_of(days: int, buckets: Sequence[Bucket]) -> Bucket | None:
    """The bucket that holds a number of days; None where no bucket does."""
    return next((each for each in buckets if days > 0 and each.holds(days)), None)


def amounts_by_bucket(
    overdue: Iterable[OverdueAmount],
    pauses: Sequence[Pause],
    buckets: Sequence[Bucket],
    *,
    on: date,
) -> dict[str, int]:
    """What is late, instalment by instalment, by the name of its bucket."""
    amounts: dict[str, int] = {}
    for each in overdue:
        found = bucket_of(_counted_days(each.due, pauses, on), buckets)
        if found is not None and each.amount > 0:
            amounts[found.name] = amounts.get(found.name, 0) + each.amount
    return amounts


def paused(pauses: Sequence[Pause], start: date, end: date) -> tuple[Pause, ...]:
    """One pause more.

    Raises:
        PauseOverlaps: it lies over another one.
    """
    for each in pauses:
        if start < each.end and each.start < end:
            raise PauseOverlaps(start=start, end=end, other_start=each.start, other_end=each.end)
    return (*pauses, Pause(start, end))


def resumed(pauses: Sequence[Pause], day: date, *, business_date: date) -> tuple[Pause, ...]:
    """The pause that runs ends on a day.

    Raises:
        ResumedOnAnotherDay: the day is not the business date.
        NothingToResume: no pause runs.
    """
    if day != business_date:
        raise ResumedOnAnotherDay(day=day, business_date=business_date)
    running = [each for each in pauses if each.is_on(day)]
    if not running:
        raise NothingToResume(day=day)
    return tuple(Pause(each.start, day) if each is running[-1] else each for each in pauses)


def _counted_days(since: date, pauses: Sequence[Pause], on: date) -> int:
    stood_still = sum(pause.days_before(on, since=since) for pause in pauses)
    return max((on - since).days - stood_still, 0)
