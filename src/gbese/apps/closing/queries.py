"""Reads about the days closed and what they found, as typed rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from gbese.apps.bookkeeping import queries as books
from gbese.apps.closing.models import FindingRow, StepDone
from gbese.core.closing import DAY, ClosingStep

__all__ = [
    "ClosedDay",
    "FindingOfDay",
    "StepRow",
    "closed_days",
    "findings",
    "last_day_over",
    "steps_done",
    "work_left",
]


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a day's work, done."""

    day: date
    step: ClosingStep
    cut_number: int
    loans: int
    entries: int
    findings: int
    recorded_at: datetime
    login: str


@dataclass(frozen=True, slots=True)
class FindingOfDay:
    """What a person should see: `code` is the refusal's, `subject` the loan's number."""

    day: date
    code: str
    subject: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A sealed day: its cut, the steps done for it, and whether that is all of them."""

    day: date
    cut_number: int
    steps: tuple[StepRow, ...]
    is_complete: bool
    findings: int


def steps_done(day: date) -> tuple[StepRow, ...]:
    """The steps done for a day, in the order of the day."""
    order = {step: place for place, step in enumerate(DAY)}
    rows = [_step_row(done) for done in StepDone.objects.filter(day=day)]
    return tuple(sorted(rows, key=lambda row: order[row.step]))


def closed_days(*, limit: int) -> tuple[ClosedDay, ...]:
    """The sealed days, newest first."""
    cuts = books.cuts(limit=limit)
    if not cuts:
        return ()
    by_day: dict[date, list[StepRow]] = {cut.day: [] for cut in cuts}
    for done in StepDone.objects.filter(day__gte=cuts[-1].day).order_by("pk"):
        by_day.setdefault(done.day, []).append(_step_row(done))
    return tuple(
        ClosedDay(
            day=cut.day,
            cut_number=cut.number,
            steps=tuple(by_day[cut.day]),
            is_complete=len(by_day[cut.day]) == len(DAY),
            findings=sum(row.findings for row in by_day[cut.day]),
        )
        for cut in cuts
    )


def work_left() -> tuple[books.DayCutRow, ...]:
    """The cuts whose work is not all done, oldest first."""
    done: dict[date, int] = {}
    for day in StepDone.objects.values_list("day", flat=True):
        done[day] = done.get(day, 0) + 1
    return tuple(cut for cut in reversed(books.cuts()) if done.get(cut.day, 0) < len(DAY))


def findings(day: date) -> tuple[FindingOfDay, ...]:
    """What the work of a day found, by code and loan."""
    rows = FindingRow.objects.filter(day=day).order_by("code", "subject", "pk")
    return tuple(
        FindingOfDay(row.day, row.code, row.subject, json.loads(row.facts)) for row in rows
    )


def last_day_over(moment: datetime) -> date:
    """The last day whose cut-off hour has passed at a moment, in the entity's time zone.

    Raises:
        BooksNotSetUp: there is no entity yet.
    """
    entity = books.entity()
    local = moment.astimezone(ZoneInfo(entity.time_zone)).replace(tzinfo=None)
    return (local - timedelta(hours=entity.cut_off_hour)).date() - timedelta(days=1)


def _step_row(done: StepDone) -> StepRow:
    return StepRow(
        day=done.day,
        step=ClosingStep(done.step),
        cut_number=done.cut_number,
        loans=done.loans,
        entries=done.entries,
        findings=done.findings,
        recorded_at=done.recorded_at,
        login=done.login,
    )
