"""The rows of the long tables of loans, written out.

A page of loans has hundreds of cells. A template takes longer over them than everything else of the
page takes, so the tables stand in the templates and their rows here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from gbese.apps.lending.queries import LoanPage, LoanRow
from gbese.core.money import Money
from gbese.core.status.schedule import RowState, ScheduleRow
from gbese.core.status.trouble import LoanStatus
from gbese.interfaces.web import formatting, wording
from gbese.interfaces.web.lending.dossier import StoryRow
from gbese.interfaces.web.templatetags import gbese as tags

register = template.Library()


@register.simple_tag(takes_context=True)
def loan_rows(context: template.Context, rows: Iterable[LoanRow]) -> SafeString:
    """The loans of a list; a party's name leads to the same list with that party's loans alone."""
    return _together(_loan_rows(rows, context["request"].GET))


def _loan_rows(rows: Iterable[LoanRow], query: QueryDict) -> Iterator[str]:
    status, loan = _label(gettext("Status")), _label(gettext("Loan"))
    parties = _label(gettext("Lender and borrower"))
    outstanding, overdue = _label(gettext("Outstanding")), _label(gettext("Overdue"))
    next_due, maturity = _label(gettext("Next due")), _label(gettext("Maturity, rate"))
    lends_to = tags.icon("arrow-right", gettext("lends to"))
    lender, borrower = _narrowed(query, "lender"), _narrowed(query, "borrower")
    marks = _LoanMarks(
        penalties=_mark("gavel", gettext("Penalties charged")),
        restructured=_mark("refresh", gettext("Restructured")),
        assumed=_mark("info-circle", gettext("Something about it was assumed")),
    )
    for row in rows:
        address = escape(reverse("web:loan", args=[row.loan_number]))
        kind = f"{wording.word('side', row.side)} · {wording.word('term_class', row.term_class)}"
        due = _next_due(row.next_due_date, row.next_due)
        rate = "" if row.nominal_rate is None else _below(tags.percent(row.nominal_rate))
        yield (
            f"<tr><td{status}>{tags.status(row.status, row.days_past_due)}</td>"
            f'<th scope="row" class="nowrap"{loan}><span><a class="row-link" href="{address}">'
            f'<bdi dir="ltr">{escape(row.loan_number)}</bdi></a>{marks.of(row)}'
            f"{_below(escape(kind))}</span></th>"
            f'<td{parties}><span><a class="plain" href="{lender}{row.lender}">'
            f"<bdi>{escape(row.lender_name)}</bdi></a><br>"
            f'<span class="flips text-secondary">{lends_to}</span> '
            f'<a class="plain" href="{borrower}{row.borrower}">'
            f"<bdi>{escape(row.borrower_name)}</bdi></a></span></td>"
            f'<td class="amount"{outstanding}>{tags.money(row.outstanding)}</td>'
            f'<td class="amount{_empty(row.overdue)}"{overdue}>'
            f"{tags.money(row.overdue or None)}</td>"
            f'<td class="nowrap{_empty(due)}"{next_due}>{due or tags.NOTHING}</td>'
            f'<td class="nowrap"{maturity}><span>{tags.day(row.maturity_date)}{rate}</span></td>'
            "</tr>"
        )


@dataclass(frozen=True, slots=True)
class _LoanMarks:
    """What is told of a loan beside its status."""

    penalties: str
    restructured: str
    assumed: str

    def of(self, row: LoanRow) -> str:
        told = ""
        if row.has_penalties and row.status is not LoanStatus.PENALTIES_CHARGED:
            told += self.penalties
        if row.is_restructured and row.status is not LoanStatus.RESTRUCTURED:
            told += self.restructured
        return told + self.assumed if row.has_assumptions else told


def _mark(drawing: str, meaning: str) -> str:
    drawn = tags.icon(drawing, meaning)
    return f' <span class="note-mark" title="{escape(meaning)}">{drawn}</span>'


def _next_due(due_date: date | None, due: Money | None) -> str:
    return f"<span>{tags.day(due_date)}{_below(tags.money(due))}</span>" if due_date else ""


def _narrowed(query: QueryDict, part: str) -> str:
    """The address of the list with another party, whose key is to follow."""
    narrowed = query.copy()
    for name in (part, "page"):
        narrowed.pop(name, None)
    narrowed[part] = ""
    return escape(f"?{narrowed.urlencode()}")


@register.simple_tag(takes_context=True)
def schedule_rows(context: template.Context, rows: Sequence[ScheduleRow]) -> SafeString:
    """What falls due, date by date."""
    first_open = next((row.number for row in rows if row.state is not RowState.PAID), None)
    return _together(
        _schedule_rows(
            rows,
            first_open=first_open,
            has_fees=context["has_fees"],
            whys=escape(context["why"]),
        )
    )


def _schedule_rows(
    rows: Iterable[ScheduleRow], *, first_open: int | None, has_fees: bool, whys: str
) -> Iterator[str]:
    place, due_date = _label(gettext("No.")), _label(gettext("Due date"))
    principal, interest = _label(gettext("Principal")), _label(gettext("Interest"))
    fee, to_pay = _label(gettext("Fees")), _label(gettext("To pay"))
    settled, left = _label(gettext("Settled")), _label(gettext("Left after"))
    state = _label(gettext("State"))
    expected = f' <span class="tag">{escape(gettext("expected"))}</span>'
    for row in rows:
        is_next = ' id="next-instalment" class="is-next"' if row.number == first_open else ""
        why = f"{whys}{row.number}."
        fees = f'<td class="amount"{fee}>{_why(row.fee, f"{why}fee")}</td>' if has_fees else ""
        yield (
            f"<tr{is_next}><td{place}>{tags.number(row.number)}</td>"
            f'<td class="nowrap"{due_date}><span>{tags.day(row.due_date_adjusted)}{_moved(row)}'
            "</span></td>"
            f'<td class="amount"{principal}>{_why(row.principal, f"{why}principal")}</td>'
            f'<td class="amount"{interest}>{_why(row.interest, f"{why}interest")}</td>{fees}'
            f'<td class="amount"{to_pay}><strong>{_why(row.total, f"{why}total")}</strong></td>'
            f'<td class="amount"{settled}>{_why(row.settled, f"{why}settled")}</td>'
            f'<td class="amount"{left}>{_why(row.outstanding_after, f"{why}balance")}</td>'
            f"<td{state}>{tags.row_state(row.state)}{expected if row.is_expected else ''}</td></tr>"
        )


def _moved(row: ScheduleRow) -> str:
    """The day that was agreed, where it is a day off."""
    if row.due_date_adjusted == row.due_date:
        return ""
    return f' <span class="text-secondary small">({tags.day(row.due_date)})</span>'


@register.simple_tag(takes_context=True)
def story_rows(context: template.Context, rows: Iterable[StoryRow], loan: LoanPage) -> SafeString:
    """What happened; a payment opens what it settled by the date of the page."""
    reversal = reverse("web:record", args=[loan.loan_number, "reversal"])
    return _together(
        _story_rows(
            rows,
            on=loan.on,
            whys=escape(context["why"]),
            reversal=escape(reversal) if context["may_reverse"] else "",
        )
    )


def _story_rows(rows: Iterable[StoryRow], *, on: date, whys: str, reversal: str) -> Iterator[str]:
    place, value_date = _label(gettext("No.")), _label(gettext("Value date"))
    happened, amount = _label(gettext("What happened")), _label(gettext("Amount"))
    recorded = _label(gettext("Recorded"))
    undone = tags.icon("arrow-back-up") + escape(gettext("reversed"))
    reverse_it = tags.icon("arrow-back-up") + escape(gettext("Reverse"))
    for row in rows:
        is_reversed = ' class="is-reversed"' if row.is_reversed else ""
        detail = f' <span class="text-secondary">{escape(row.detail)}</span>' if row.detail else ""
        tag = f' <span class="tag">{undone}</span>' if row.is_reversed else ""
        number = tags.number(row.number)
        way = ""
        if reversal and row.may_be_reversed:
            way = (
                f'<a class="btn" href="{reversal}?event={row.number}">{reverse_it}'
                f'<span class="visually-hidden"> {number}</span></a>'
            )
        yield (
            f'<tr id="event-{row.number}"{is_reversed}><td{place}>{number}</td>'
            f'<td class="nowrap"{value_date}>{tags.day(row.value_date)}</td>'
            f"<td{happened}><span>{escape(row.told)}{detail}{tag}</span></td>"
            f'<td class="amount{_empty(row.amount is not None)}"{amount}>'
            f"{_paid(row, on, whys)}</td>"
            f'<td class="text-secondary small"{recorded}><span>{tags.moment(row.recorded_at)}<br>'
            f"<bdi>{escape(row.recorded_by)}</bdi> · {escape(wording.word('channel', row.channel))}"
            f'</span></td><td class="{_empty(way).strip()}">{way}</td></tr>'
        )


def _paid(row: StoryRow, on: date, whys: str) -> str:
    if row.amount is None:
        return ""
    if row.kind == "received" and not row.is_reversed and row.value_date <= on:
        currency = f" {escape(row.amount.currency.code)}"
        return _why(row.amount, f"{whys}payment.{row.number}", unit=currency)
    return tags.money(row.amount)


def _why(amount: Money, address: str, *, unit: str = "") -> str:
    return f'<a href="{address}">{formatting.money_text(amount)}{unit}</a>'


def _label(text: str) -> str:
    """The column of a cell, which a phone shows beside it."""
    return f' data-label="{escape(text)}"'


def _below(told: str) -> str:
    return f'<br><span class="text-secondary small">{told}</span>'


def _empty(told: object) -> str:
    return "" if told else " is-empty"


def _together(rows: Iterable[str]) -> SafeString:
    return mark_safe("".join(rows))  # noqa: S308 - each row escapes what is not ours
