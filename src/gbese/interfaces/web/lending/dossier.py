"""A loan's page: what is to be paid now, the story so far, the pictures, the entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.lending.queries import EventRow, LoanPage
from gbese.core.contracts.terms import Terms
from gbese.core.ledger import Direction
from gbese.core.money import Money
from gbese.core.projections.rates_so_far import RateFrom
from gbese.core.servicing.events import (
    Amended,
    Charged,
    LoanEvent,
    Opened,
    RateSet,
    Received,
    Restated,
    Reversed,
    Waived,
)
from gbese.core.status.claims import to_pay
from gbese.core.status.schedule import sums_of
from gbese.core.yields.disclosure import YearlyCost
from gbese.core.yields.rules import YearlyCostMethod
from gbese.interfaces.web import charts, formatting, wording
from gbese.interfaces.web.lending.changes import EntryLine, ShownEntry

ENTRIES_SHOWN = 20
_CHART_ROWS_MAX = 120
_RATES_SHOWN = 12
_RATES_THAT_CHANGED = 2


@dataclass(frozen=True, slots=True)
class StoryRow:
    """One thing that happened, told."""

    number: int
    kind: str
    told: str
    detail: str
    value_date: date
    amount: Money | None
    recorded_at: datetime
    recorded_by: str
    channel: str
    is_reversed: bool
    may_be_reversed: bool


def story(page: LoanPage) -> tuple[StoryRow, ...]:
    """What happened to the loan, newest first."""
    return tuple(_story_row(row) for row in reversed(page.events))


def to_pay_now(page: LoanPage) -> Money | None:
    """All that is overdue or falls due today; none when that is nothing."""
    due = to_pay(page.claims, page.row.currency)
    return due if due.minor > 0 else None


def figures(page: LoanPage) -> dict[str, Any]:
    """What the template shows beside the page's own rows."""
    currency = page.row.currency
    return {
        "to_pay_now": to_pay_now(page),
        "is_due_today": any(claim.due_today for claim in page.claims),
        "debt": page.position.debt,
        "unallocated": page.position.unallocated,
        "sums": sums_of(page.schedule, currency),
        "has_fees": any(row.fee for row in page.schedule),
        "chart": _chart(page),
        "facts": [*_facts_in_force(page), *costs_told(page.yearly_cost)],
        "assumed": [wording.word("term", name) for name in page.terms.assumed],
        "entries": _entries(page.loan_number),
    }


def costs_told(cost: YearlyCost | None) -> list[tuple[str, str]]:
    """What a loan costs a year in words: the plain rate, and the one its country asks for."""
    if cost is None:
        return []
    told = [(wording.word("yearly_cost", YearlyCostMethod.XIRR), cost.effective_rate)]
    if cost.method is not YearlyCostMethod.XIRR:
        told.append((wording.word("yearly_cost", cost.method), cost.disclosed_rate))
    return [(name, formatting.printed_percent_text(rate)) for name, rate in told]


def facts_of(terms: Terms) -> list[tuple[str, str]]:
    """The terms in words, in the order of a contract."""
    rate = terms.rate
    if rate.reference:
        price = f"{rate.reference} + {formatting.percent_text(rate.margin)}"
    elif rate.fixed is not None:
        price = formatting.percent_text(rate.fixed)
    else:
        price = gettext("not known")
    told = [
        (gettext("Signed on"), formatting.day_text(terms.signed_on)),
        (gettext("Interest from"), formatting.day_text(terms.interest_from)),
        (gettext("First due date"), formatting.day_text(terms.first_due_date)),
        (gettext("Rate"), price),
        (gettext("Day count"), wording.word("day_count", terms.day_count)),
        (gettext("Falls due"), _how_often(terms)),
        (gettext("Principal is repaid"), wording.word("schedule_kind", terms.schedule_kind)),
        (
            gettext("A due date on a day off"),
            wording.word("business_days", terms.business_days),
        ),
    ]
    if terms.maturity_date:
        told.insert(3, (gettext("Maturity"), formatting.day_text(terms.maturity_date)))
    if terms.principal_grace_instalments:
        count = formatting.number_text(terms.principal_grace_instalments)
        told.append((gettext("First instalments without principal"), count))
    if terms.penalty:
        tiers = [
            gettext("%(rate)s a day from day %(day)s late")
            % {"rate": formatting.percent_text(tier.daily_rate), "day": tier.from_day}
            for tier in terms.penalty.tiers
        ]
        told.append((gettext("Penalty"), formatting.list_text(tiers)))
    return told


def _facts_in_force(page: LoanPage) -> list[tuple[str, str]]:
    """The terms in words, with the rate in force at the page's date and those before it."""
    told = facts_of(page.terms)
    if len(page.rates) < _RATES_THAT_CHANGED:
        return told
    name = gettext("Rate")
    *earlier, last = page.rates
    history = [_rate_from(row) for row in reversed(earlier[-_RATES_SHOWN:])]
    place = next(index for index, (label, _text) in enumerate(told) if label == name)
    told[place : place + 1] = [
        (
            name,
            f"{told[place][1]}: {_rate_from(last)}"
            if page.terms.rate.reference
            else _rate_from(last),
        ),
        (gettext("Rates before"), formatting.list_text(history)),
    ]
    return told


def _rate_from(row: RateFrom) -> str:
    return gettext("%(rate)s from %(day)s") % {
        "rate": formatting.percent_text(row.rate),
        "day": formatting.day_text(row.start),
    }


def _how_often(terms: Terms) -> str:
    every = terms.frequency
    return wording.frequency_text(every.count, every.unit)


def _story_row(row: EventRow) -> StoryRow:
    told = wording.word("event", row.kind)
    return StoryRow(
        number=row.number,
        kind=row.kind,
        told=told,
        detail=event_detail(row.event),
        value_date=row.value_date,
        amount=row.amount,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        channel=row.channel,
        is_reversed=row.is_reversed,
        may_be_reversed=not row.is_reversed and not isinstance(row.event, Reversed | Opened),
    )


def event_detail(event: LoanEvent) -> str:
    """What there is to say of an event beside its kind, its day and its amount."""
    match event:
        case RateSet(rate=rate):
            return formatting.percent_text(rate)
        case Charged(component=component, charge_kind=kind):
            return f"{wording.word('component', component)}: {kind}"
        case Waived(component=component):
            return wording.word("component", component)
        case Received(surplus=surplus):
            return "" if surplus == "hold" else wording.word("surplus_use", surplus)
        case Reversed(reverses=number, reason=reason):
            return gettext("no. %(number)s, %(reason)s") % {
                "number": number,
                "reason": wording.word("reversal_reason", reason),
            }
        case Amended(is_restructuring=True):
            return gettext("eased, as the borrower could not pay")
        case Restated(adjustment_reason=reason):
            return reason.replace("_", " ")
        case _:
            return ""


def _chart(page: LoanPage) -> charts.Chart | None:
    rows = page.schedule[:_CHART_ROWS_MAX]
    if not rows:
        return None
    series = [
        charts.Series(gettext("Principal"), tuple(row.principal for row in rows), "due"),
        charts.Series(gettext("Interest"), tuple(row.interest for row in rows), "due"),
    ]
    if any(row.fee for row in rows):
        series.append(charts.Series(gettext("Fees"), tuple(row.fee for row in rows), "due"))
    return charts.bars(
        key="schedule-chart",
        title=gettext("What falls due, by date (%(currency)s)") % {"currency": page.row.currency},
        categories=tuple(formatting.day_text(row.due_date_adjusted) for row in rows),
        series=tuple(series),
        told_under="schedule",
    )


def _entries(loan_number: str) -> tuple[ShownEntry, ...]:
    accounts = bookkeeping.accounts()
    shown = []
    for entry in bookkeeping.entries_of(loan_number, limit=ENTRIES_SHOWN):
        lines = []
        for line in entry.lines:
            account = accounts.get(line.account)
            is_debit = line.direction is Direction.DEBIT
            lines.append(
                EntryLine(
                    code=account.code if account else line.account.value,
                    name=account.name if account else "",
                    debit=line.amount if is_debit else None,
                    credit=None if is_debit else line.amount,
                )
            )
        shown.append(ShownEntry(entry.posting_date, tuple(lines), number=entry.number))
    return tuple(shown)
