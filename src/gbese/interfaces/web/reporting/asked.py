"""What the address of a report asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from gbese.apps.bookkeeping.queries import SidesKept
from gbese.apps.reporting.queries import GroupBy
from gbese.core.contracts.terms import Side
from gbese.core.status.term import TermPolicy


@dataclass(frozen=True, slots=True)
class TermQuestion:
    """Whose debt, at which date, divided how."""

    on: date
    policy: TermPolicy
    group_by: GroupBy
    side: Side


def side_asked(query: QueryDict, sides: Sequence[Side]) -> Side:
    """The side asked for, where the books keep it; else the first they keep."""
    return next((side for side in sides if side.value == query.get("side")), sides[0])


def term_question(query: QueryDict, kept: SidesKept, open_day: date) -> TermQuestion:
    """Read an address; what it leaves out, or nobody understands, is the house's usual."""
    side = side_asked(query, [side for side in Side if kept.includes(side)])
    usual_group = GroupBy.LENDER if side is Side.BORROWER else GroupBy.BORROWER
    return TermQuestion(
        on=_day(query.get("on", "")) or open_day,
        policy=next(
            (policy for policy in TermPolicy if policy.value == query.get("policy")),
            TermPolicy.REPORTING_DATE,
        ),
        group_by=next((by for by in GroupBy if by.value == query.get("by")), usual_group),
        side=side,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
