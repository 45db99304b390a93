"""What a day books of many loans: grouped, adding up, without those that cannot be computed."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import ClassVar

from hypothesis import given
from hypothesis import strategies as st

from gbese.core.closing import LoanOfDay, movements_of_day, summaries_of_day
from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.errors import Refusal
from gbese.core.ledger import BookingPoint, EntryKind, fiscal_period_of
from gbese.core.posting import ledger_movements
from gbese.core.projections.rows import Cause, Projection
from tests.core.posting.projections import NIGHT, I, P, drawn, projection, step, untouched

DRAWN_ON, DAY = date(2026, 3, 2), date(2026, 3, 10)
POINT = BookingPoint(DAY, fiscal_period_of(DAY), DAY)


class Spoilt(Refusal):
    """For a test."""

    code: ClassVar[str] = "spoilt"


def loan(
    number: str,
    told: Projection | Refusal,
    *,
    side: Side = Side.LENDER,
    term_class: TermClass = TermClass.SHORT,
) -> LoanOfDay:
    return LoanOfDay(number, side, term_class, told)


def test_loans_that_share_accounts_share_an_entry() -> None:
    moved = movements_of_day(
        [
            loan("L-1", untouched(DRAWN_ON)),
            loan("L-2", untouched(DRAWN_ON)),
            loan("L-3", untouched(DRAWN_ON), term_class=TermClass.LONG),
            loan("B-1", untouched(DRAWN_ON), side=Side.BORROWER),
        ],
        DAY,
    )
    summaries = summaries_of_day(moved, POINT)
    assert [
        (one.group.side, one.group.term_class, one.entry.lines[0].amount.minor, dict(one.amounts))
        for one in summaries
    ] == [
        (Side.BORROWER, TermClass.SHORT, NIGHT, {(I, Cause.ACCRUED): {"B-1": NIGHT}}),
        (Side.LENDER, TermClass.LONG, NIGHT, {(I, Cause.ACCRUED): {"L-3": NIGHT}}),
        (
            Side.LENDER, TermClass.SHORT, 2 * NIGHT,
            {(I, Cause.ACCRUED): {"L-1": NIGHT, "L-2": NIGHT}},
        ),
    ]  # fmt: skip
    assert all(one.entry.kind is EntryKind.ACCRUAL for one in summaries)


def test_what_cannot_be_computed_is_a_finding_and_the_rest_goes_on() -> None:
    moved = movements_of_day(
        [
            loan("L-1", untouched(DRAWN_ON)),
            loan("L-2", Spoilt(version=3)),
        ],
        DAY,
    )
    assert [(found.code, found.subject, found.facts) for found in moved.findings] == [
        ("spoilt", "L-2", {"version": 3}),
    ]
    assert moved.loans == 2
    assert [dict(one.amounts) for one in summaries_of_day(moved, POINT)] == [
        {(I, Cause.ACCRUED): {"L-1": NIGHT}}
    ]


def test_a_loan_taken_back_books_what_it_missed() -> None:
    back = LoanOfDay("L-1", Side.LENDER, TermClass.SHORT, untouched(DRAWN_ON), date(2026, 3, 7))
    moved = movements_of_day([back], DAY)
    assert moved.taken_back == ["L-1"]
    (summary,) = summaries_of_day(moved, POINT)
    assert summary.amounts == {(I, Cause.ACCRUED): {"L-1": 4 * NIGHT}}


def test_a_day_on_which_nothing_moves_books_nothing() -> None:
    idle = projection((), (drawn(DRAWN_ON),))
    assert summaries_of_day(movements_of_day([loan("L-1", idle)], DAY), POINT) == ()


moves = st.lists(
    st.tuples(
        st.sampled_from([(I, Cause.ACCRUED), (I, Cause.PAID), (P, Cause.PAID), (I, Cause.ADJUSTED)]),
        st.integers(-(10**12), 10**12).filter(bool),
        st.sampled_from(list(Side)),
        st.sampled_from(list(TermClass)),
    ),
    max_size=12,
)  # fmt: skip


@given(moves)
def test_the_entries_are_the_sum_of_their_loans_up_and_down_apart(
    moved: list[tuple[tuple[object, Cause], int, Side, TermClass]],
) -> None:
    loans = [
        loan(
            f"L-{number}",
            projection((), (step(DAY, component, cause, minor, event=0),)),  # type: ignore[arg-type]
            side=side,
            term_class=term_class,
        )
        for number, ((component, cause), minor, side, term_class) in enumerate(moved)
    ]
    summaries = summaries_of_day(movements_of_day(loans, DAY), POINT)
    assert len(
        {number for one in summaries for amounts in one.amounts.values() for number in amounts}
    ) == len(loans)
    for one in summaries:
        lines: Counter[tuple[object, str]] = Counter()
        for line in one.entry.lines:
            lines[line.account, line.component] += line.signed_minor
        behind: Counter[tuple[object, str]] = Counter()
        for place, amounts in one.amounts.items():
            for minor in amounts.values():
                behind.update(
                    ledger_movements(
                        {place: minor}, side=one.group.side, term_class=one.group.term_class
                    )
                )
        assert {place: minor for place, minor in lines.items() if minor} == {
            place: minor for place, minor in behind.items() if minor
        }
