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
from gbese.interfaces.web.addresses import code_asked, day_asked


@dataclass(frozen=True, slots=True)
class TermQuestion:
    """Whose debt, at which date, divided how."""

    on: date
    policy: TermPolicy
    group_by: GroupBy
    side: Side


def side_asked(query: QueryDict, sides: Sequence[Side]) -> Side:
    """The side asked for, of those the books keep; the first of them where none is asked for."""
    return code_asked(query, "side", sides) or sides[0]


def term_question(query: QueryDict, kept: SidesKept, open_day: date) -> TermQuestion:
    """Read an address; what it leaves out is the house's usual."""
    side = side_asked(query, [side for side in Side if kept.includes(side)])
    usual_group = GroupBy.LENDER if side is Side.BORROWER else GroupBy.BORROWER
    return TermQuestion(
        on=day_asked(query, "on") or open_day,
        policy=code_asked(query, "policy", TermPolicy) or TermPolicy.REPORTING_DATE,
        group_by=code_asked(query, "by", GroupBy) or usual_group,
        side=side,
    )
