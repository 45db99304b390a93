"""Status, buckets, the day a status changes, and how a debt is divided by term."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.apps.rates.shipped_rules import yearly_cost_rules
from gbese.core.contracts.term_classes import term_class
from gbese.core.contracts.terms import ScheduleKind
from gbese.core.projections.position import position
from gbese.core.projections.project import project
from gbese.core.status.reading import reading
from gbese.core.status.term import TermPolicy, split_by_term, twelve_months_after
from gbese.core.status.trouble import (
    TROUBLE_RANK,
    LoanStatus,
    StatusPolicy,
    StatusReading,
    bucket,
    status_on,
)
from tests.core.loan_strategies import Life, lives
from tests.core.loans import N, Story, day, penalty_of, terms_of

POLICY = StatusPolicy(due_soon_days=7, tolerance_days=5)


def linear(**more: Any) -> Story:
    """300.00 in three parts on the first of February, March and April 2026, without interest."""
    agreed = terms_of(
        "300.00",
        "0",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity="2026-04-01",
        kind=ScheduleKind.LINEAR,
        **more,
    )
    return Story(agreed).drawn("2026-01-01")


def told(story: Story, on: str) -> StatusReading:
    coming = [row.due_date_adjusted for row in story.projection.plan if row.due]
    next_due = min((each for each in coming if each >= day(on)), default=None)
    return status_on(story.on(on), next_due=next_due, policy=POLICY)


@pytest.mark.parametrize(
    ("on", "status", "late", "changes_on"),
    [
        ("2026-01-10", LoanStatus.ON_SCHEDULE, 0, "2026-01-25"),
        ("2026-01-24", LoanStatus.ON_SCHEDULE, 0, "2026-01-25"),
        ("2026-01-25", LoanStatus.DUE_SOON, 0, "2026-02-02"),
        ("2026-02-01", LoanStatus.DUE_SOON, 0, "2026-02-02"),
        ("2026-02-02", LoanStatus.DEADLINE_BREACHED, 1, "2026-02-07"),
        ("2026-02-06", LoanStatus.DEADLINE_BREACHED, 5, "2026-02-07"),
        ("2026-02-07", LoanStatus.IN_DELAY, 6, "2026-02-22"),
        ("2026-03-03", LoanStatus.IN_DELAY, 30, "2026-03-04"),
    ],
)
def test_the_status_of_a_loan_that_is_never_paid(
    on: str, status: LoanStatus, late: int, changes_on: str
) -> None:
    assert told(linear(), on) == StatusReading(status, late, day(changes_on))


def test_other_statuses() -> None:
    undrawn = Story(linear().terms)
    assert told(undrawn, "2026-01-10").status is LoanStatus.UNDRAWN
    penalised = linear(penalty=penalty_of((1, "0.01"))).paid("2026-02-11", "100.00")
    assert penalised.owed("2026-02-12", N) == "10.00"
    assert told(penalised, "2026-02-12").status is LoanStatus.PENALTIES_CHARGED
    eased = linear().amended("2026-01-05", linear().terms, is_restructuring=True)
    assert told(eased, "2026-01-10").status is LoanStatus.RESTRUCTURED
    settled = linear().pay_off("2026-01-10")
    assert told(settled, "2026-01-10").status is LoanStatus.SETTLED
    assert told(linear().written_off("2026-01-10"), "2026-01-11").status is LoanStatus.WRITTEN_OFF


def test_trouble_is_ordered_worst_first() -> None:
    ordered = sorted(LoanStatus, key=TROUBLE_RANK.__getitem__)
    assert ordered[:4] == [
        LoanStatus.SET_ASIDE,
        LoanStatus.IN_DELAY,
        LoanStatus.PENALTIES_CHARGED,
        LoanStatus.DEADLINE_BREACHED,
    ]
    assert ordered[-1] is LoanStatus.SETTLED


@pytest.mark.parametrize(
    ("late", "edges"),
    [
        (0, (0, 0)),
        (1, (1, 30)),
        (30, (1, 30)),
        (31, (31, 60)),
        (90, (61, 90)),
        (91, (91, 180)),
        (360, (181, 360)),
        (361, (361, None)),
    ],
)
def test_buckets(late: int, edges: tuple[int, int | None]) -> None:
    assert bucket(late) == edges


def test_twelve_months_after_keeps_the_day_or_takes_the_last() -> None:
    assert twelve_months_after(day("2026-12-31")) == day("2027-12-31")
    assert twelve_months_after(day("2024-02-29")) == day("2025-02-28")


@given(lives(max_events=4), st.integers(0, 400), st.sampled_from(list(TermPolicy)))
def test_the_parts_of_a_debt_add_up(life: Life, offset: int, policy: TermPolicy) -> None:
    projection = project(life.facts)
    at = position(projection, life.first + timedelta(days=offset))
    agreed = life.facts.terms
    split = split_by_term(
        projection,
        at,
        policy=policy,
        by_contract=term_class(agreed),
        maturity_date=agreed.maturity_date,
    )
    assert split.long_term + split.short_term + split.overdue == at.outstanding.minor
    assert min(split.long_term, split.short_term, split.overdue) >= 0


@given(lives(max_events=3), st.integers(0, 200))
def test_a_reading_holds_until_it_says(life: Life, offset: int) -> None:
    """What lists show is the same on every day before the day of its next change."""
    projection, agreed = project(life.facts), life.facts.terms
    on = life.first + timedelta(days=offset)

    def read(at: date) -> tuple[object, ...]:
        now = reading(
            projection,
            agreed,
            at,
            drawn=agreed.principal.minor,
            policy=POLICY,
            cost_rules=yearly_cost_rules(),
            is_set_aside=False,
        )
        shown = (now.status, now.oldest_unpaid, now.has_penalties, now.outstanding, now.overdue)
        return (*shown, now.current, now.noncurrent, now.next_due, now.is_restructured)

    first = reading(
        projection,
        agreed,
        on,
        drawn=agreed.principal.minor,
        policy=POLICY,
        cost_rules=yearly_cost_rules(),
        is_set_aside=False,
    )
    until = first.changes_on or on + timedelta(days=400)
    for days in range(1, min((until - on).days, 400)):
        assert read(on + timedelta(days=days)) == read(on), (on, days)


def test_what_is_overdue_grows_with_its_penalty_from_day_to_day() -> None:
    """100.00 due on 1 February and unpaid; 0.1 % of it a day: 0.10 x 10 days = 1.00 by the 11th."""
    story = linear(penalty=penalty_of((1, "0.001")))
    read = reading(
        story.projection,
        story.terms,
        day("2026-02-11"),
        drawn=300_00,
        policy=POLICY,
        cost_rules=yearly_cost_rules(),
        is_set_aside=False,
    )
    assert (read.overdue, read.current) == (101_00, 300_00)
    assert read.changes_on == day("2026-02-12")
