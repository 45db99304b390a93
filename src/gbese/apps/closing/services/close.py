from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from gbese.apps.bookkeeping import locks as book_locks
from gbese.apps.bookkeeping import queries as books
from gbese.apps.bookkeeping import services as bookkeeping
from gbese.apps.closing import queries
from gbese.apps.closing.errors import CloseBackwards, CloseBeforeBooks, CloseBeyondTomorrow
from gbese.apps.closing.models import FindingRow, StepDone
from gbese.apps.identity.acts import Act
from gbese.apps.lending.in_force import projections_in_force
from gbese.apps.lending.services import refresh_readings, renew_horizons
from gbese.apps.lending.services.setting_aside import set_loans_aside, take_loans_back
from gbese.core.closing import (
    DAY,
    ClosingStep,
    DayMovements,
    Finding,
    Group,
    LoanOfDay,
    Place,
    movements_of_day,
    summaries_of_day,
)
from gbese.core.ledger import BookingPoint, fiscal_period_of


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a close has come: the step of the day it works on, and the loans looked at."""

    day: date
    step: ClosingStep
    loans: int


@dataclass(frozen=True, slots=True)
class ClosedTo:
    """What a close did: the days it worked on, in order, and all they found."""

    day: date
    days: tuple[date, ...]
    findings: tuple[queries.FindingOfDay, ...]


_RENEWED_AHEAD = timedelta(days=60)  # a version is in force from the cut after it was made
Told = Callable[[Progress], None]


def close_to(*, day: date, act: Act, progress: Told) -> ClosedTo:
    """Close every day up to and with `day`, in order: seal it, then do its work.

    Days missed are made up for, each as itself. What was done before is found done, so a close
    that was killed is run again; of two at once, each step is done by one.

    Args:
        day: the last day to close.
        act: who, when, in which request.
        progress: told how far it has come.

    Raises:
        BooksNotSetUp: there is no entity yet.
        CloseBeyondTomorrow: the day is after tomorrow where the books are kept.
        CloseBackwards: a later day was closed already.
        CloseBeforeBooks: the books were not open yet.
    """
    entity, held = books.entity(), books.open_day()
    today = act.recorded_at.astimezone(ZoneInfo(entity.time_zone)).date()
    if day > today + timedelta(days=1):
        raise CloseBeyondTomorrow(day=day, today=today)
    first_day = books.first_open_day()
    if day < first_day:
        raise CloseBeforeBooks(day=day, first_day=first_day)
    if day < held.last_cut_day:
        raise CloseBackwards(day=day, open_day=held.open_day)
    worked: list[date] = []
    for cut in _cuts_to_work(day, act):
        worked.append(cut.day)
        for step in DAY:
            _do(step, cut, act, progress)
    found = tuple(finding for done in worked for finding in queries.findings(done))
    return ClosedTo(day, tuple(worked), found)


def close_what_is_over(*, act: Act, progress: Told) -> ClosedTo | None:
    """Close every day whose cut-off hour has passed; None when there is nothing to close."""
    if not books.has_entity():
        return None
    day = queries.last_day_over(act.recorded_at)
    held = books.open_day()
    if day < held.open_day:
        if not queries.work_left():
            return None
        day = held.last_cut_day
    return close_to(day=day, act=act, progress=progress)


def _cuts_to_work(day: date, act: Act) -> Iterator[books.DayCutRow]:
    """The cuts with work left, then those that are to be made; each is made when it is its turn."""
    yield from queries.work_left()
    open_day = books.open_day().open_day
    while open_day <= day:
        yield bookkeeping.cut_day(day=open_day, act=act)
        open_day += timedelta(days=1)


def _do(step: ClosingStep, cut: books.DayCutRow, act: Act, progress: Told) -> None:
    if StepDone.objects.filter(day=cut.day, step=step).exists():
        return
    progress(Progress(cut.day, step, 0))
    match step:
        case ClosingStep.BOOK:
            renew_horizons(up_to=cut.day + _RENEWED_AHEAD, act=act)
            _book(cut, act, progress)
        case ClosingStep.READ:
            refresh_readings(books.open_day().open_day)
            with transaction.atomic():
                _claim(step, cut, DayMovements(), entries=0, act=act)


def _book(cut: books.DayCutRow, act: Act, progress: Told) -> None:
    """Evaluate and pack outside of the transaction: what the cut knew does not change any more."""
    moved = movements_of_day(_loans(cut, progress), cut.day)
    packed = _packed(moved)
    with transaction.atomic():
        book_locks.book_day_shared()
        summaries = summaries_of_day(moved, _point(cut.day))
        if not _claim(ClosingStep.BOOK, cut, moved, entries=len(summaries), act=act):
            return  # somebody else did it meanwhile
        bookkeeping.post_summaries(
            summaries=[
                bookkeeping.Summary(
                    summary.entry,
                    tuple(packed[summary.group, place] for place in summary.amounts),
                )
                for summary in summaries
            ],
            source=f"close:{cut.day}",
            act=act,
        )
        set_loans_aside(
            reasons={finding.subject: finding.code for finding in moved.findings},
            first_unbooked=cut.day,
            act=act,
        )
        take_loans_back(loan_numbers=moved.taken_back, act=act)
        _keep(moved.findings, cut, act)


def _packed(moved: DayMovements) -> dict[tuple[Group, Place], bookkeeping.PackedBlock]:
    places = [
        (group, place, amounts)
        for group, by_place in moved.groups.items()
        for place, amounts in by_place.items()
    ]
    packed = bookkeeping.pack_blocks(
        [
            bookkeeping.Block(
                side=group.side,
                term_class=group.term_class,
                currency=group.currency,
                component=component,
                cause=cause,
                amounts=amounts,
            )
            for group, (component, cause), amounts in places
        ]
    )
    return {(group, place): block for (group, place, _), block in zip(places, packed, strict=True)}


def _loans(cut: books.DayCutRow, progress: Told) -> Iterator[LoanOfDay]:
    for number, loan in enumerate(
        projections_in_force(cut.number, sealed_at=cut.recorded_at), start=1
    ):
        if number % 1_000 == 0:
            progress(Progress(cut.day, ClosingStep.BOOK, number))
        yield LoanOfDay(
            loan.loan_number, loan.side, loan.term_class, loan.projection, loan.set_aside_from
        )


def _point(day: date) -> BookingPoint:
    period = fiscal_period_of(day)
    is_closed = period in books.closed_periods()
    return BookingPoint(day, period, books.open_day().open_day if is_closed else day)


def _claim(
    step: ClosingStep, cut: books.DayCutRow, moved: DayMovements, *, entries: int, act: Act
) -> bool:
    """Record the step as done; False when another close has done it."""
    try:
        with transaction.atomic():
            StepDone.objects.create(
                entity_id=books.open_day().entity,
                day=cut.day,
                step=step.value,
                cut_number=cut.number,
                loans=moved.loans,
                entries=entries,
                findings=len(moved.findings),
                recorded_at=act.recorded_at,
                login=act.login,
                request_id=act.request_id,
            )
    except IntegrityError:
        return False
    return True


def _keep(findings: list[Finding], cut: books.DayCutRow, act: Act) -> None:
    FindingRow.objects.bulk_create(
        [
            FindingRow(
                entity_id=books.open_day().entity,
                day=cut.day,
                step=ClosingStep.BOOK.value,
                code=finding.code,
                subject=finding.subject,
                facts=_facts(finding.facts),
                recorded_at=act.recorded_at,
            )
            for finding in findings
        ],
        batch_size=100,
    )


def _facts(facts: Mapping[str, object]) -> str:
    return json.dumps(
        {name: str(fact) for name, fact in facts.items()}, ensure_ascii=False, sort_keys=True
    )
