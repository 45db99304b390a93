"""What the templates may say: the only way to print an amount, a date, a rate or a status."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from gbese.core.money import Money
from gbese.interfaces.web import formatting, wording
from gbese.interfaces.web.charts import Chart
from gbese.interfaces.web.icons import drawings
from gbese.interfaces.web.paging import Paging

register = template.Library()

NOTHING = mark_safe('<span class="text-secondary">—</span>')
_JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def money(amount: Money | None, *, bare: bool = False) -> SafeString:
    """An amount in one piece, left to right; `bare` where the column names the currency."""
    if amount is None:
        return NOTHING
    # Written out, not by format_html: there are hundreds on a page, and digits need no escape.
    sign = " money-negative" if amount.minor < 0 else ""
    unit = "" if bare else f'&nbsp;<span class="currency">{escape(amount.currency.code)}</span>'
    written = formatting.money_text(amount)
    return mark_safe(f'<bdi dir="ltr" class="money{sign}">{written}{unit}</bdi>')  # noqa: S308


@register.simple_tag(takes_context=True)
def why(
    context: template.Context, amount: Money | int | None, *figure: object, bare: bool = True
) -> SafeString:
    """An amount, or a count, that opens its derivation; `figure` are the parts of its address."""
    if amount is None:
        return NOTHING
    if isinstance(amount, int):
        told, currency = formatting.number_text(amount), ""
    else:
        told = formatting.money_text(amount)
        currency = "" if bare else f" {amount.currency.code}"
    code = ".".join(str(part) for part in figure)
    return format_html('<a href="{}{}">{}{}</a>', context["why"], code, told, currency)


@register.simple_tag
def day(when: date | None, style: str = "medium") -> SafeString:
    """A date by the reader's language, with the machine's form beside it."""
    if when is None:
        return NOTHING
    return _day(when, style, get_language())


@lru_cache(maxsize=4096)
def _day(when: date, style: str, language: str | None) -> SafeString:
    written = formatting.day_text(when, language, style=style)
    return format_html('<time datetime="{}">{}</time>', when.isoformat(), written)


@register.simple_tag
def moment(when: datetime | None) -> SafeString:
    """A date and a time, by the clock of the books."""
    if when is None:
        return NOTHING
    written = formatting.moment_text(timezone.localtime(when))
    return mark_safe(f'<time datetime="{when.isoformat()}">{written}</time>')  # noqa: S308


@register.simple_tag
def percent(rate: Decimal | None) -> SafeString:
    """A rate, stored as a fraction, as per cent."""
    if rate is None:
        return NOTHING
    return _percent(rate, get_language())


@lru_cache(maxsize=4096)
def _percent(rate: Decimal, language: str | None) -> SafeString:
    written = formatting.percent_text(rate, language)
    return format_html('<bdi dir="ltr" class="money">{}</bdi>', written)


@register.simple_tag
def percent_of(rate: str) -> SafeString:
    """A rate kept as exact text, as per cent."""
    return percent(Decimal(rate))


@register.simple_tag
def number(count: int | Decimal | None) -> SafeString:
    """A count, grouped."""
    if count is None:
        return NOTHING
    written = formatting.number_text(count)
    return mark_safe(f'<bdi dir="ltr" class="money">{written}</bdi>')  # noqa: S308 - digits


@register.simple_tag
def figure(told: Money | int) -> SafeString:
    """An amount or a count."""
    return number(told) if isinstance(told, int) else money(told)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing; without a label it only decorates, and readers of the screen skip it."""
    return _drawn(name, label)


@lru_cache(maxsize=1024)
def _drawn(name: str, label: str) -> SafeString:
    lines = format_html('<path d="{}"/>', drawings()[name])
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            label,
            lines,
        )
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', lines)


@register.simple_tag
def status(code: str, days_past_due: int = 0) -> SafeString:
    """A status as colour, icon and word."""
    return _status(code, days_past_due, get_language())


@lru_cache(maxsize=4096)
def _status(code: str, days_past_due: int, language: str | None) -> SafeString:
    look = wording.status_look(code, days_past_due)
    return format_html(
        '<span class="status-mark status-{}">{}<span>{}</span></span>',
        look.token,
        icon(look.icon),
        look.word,
    )


_ROW_STATES = {
    "paid": ("check", "settled"),
    "part_paid": ("hourglass", "deadline_breached"),
    "overdue": ("alert-triangle", "in_delay_31"),
    "due_today": ("calendar-due", "due_soon"),
    "to_come": ("circle-dashed", "undrawn"),
}


@register.simple_tag
def row_state(code: str) -> SafeString:
    """Where an instalment stands, as colour, icon and word."""
    return _row_state(code, get_language())


@lru_cache(maxsize=64)
def _row_state(code: str, language: str | None) -> SafeString:
    drawing, token = _ROW_STATES[code]
    return format_html(
        '<span class="status-mark status-{}">{}<span>{}</span></span>',
        token,
        icon(drawing),
        wording.word("row_state", code),
    )


@register.inclusion_tag("web/parts/legend.html")
def status_legend(*, open: bool = False) -> dict[str, Any]:  # noqa: A002 - HTML's own word
    """All statuses with their colours and meanings, folded unless `open`."""
    return {"looks": wording.status_legend(), "open": open}


@register.simple_tag
def word(kind: str, code: str) -> str:
    """The word for a stored code, such as `{% word "side" row.side %}`."""
    return wording.word(kind, code)


@register.simple_tag(takes_context=True)
def address(context: template.Context, **changes: object) -> str:
    """This page's address with some of its query changed; a change to nothing takes a part out."""
    query = _query(context)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.inclusion_tag("web/parts/sortable.html", takes_context=True)
def sortable(
    context: template.Context, field: str, label: str, css: str = "", *, descending: bool = False
) -> dict[str, Any]:
    """A column heading that sorts; the order stays in the address with everything else."""
    query = _query(context)
    order = query.get("order") or str(context.get("order") or "")
    is_ascending, is_descending = order == field, order == f"-{field}"
    first, second = (f"-{field}", field) if descending else (field, f"-{field}")
    query["order"] = second if order == first else first
    query.pop("page", None)
    return {
        "label": label,
        "css": css,
        "href": f"?{query.urlencode()}",
        "sorted": "ascending" if is_ascending else "descending" if is_descending else "",
    }


@register.inclusion_tag("web/parts/pagination.html", takes_context=True)
def pagination(context: template.Context, paging: Paging) -> dict[str, Any]:
    """Where the reader is in a long list, and the ways on."""
    query = _query(context)
    query.pop("page", None)
    kept = query.urlencode()
    return {"paging": paging, "kept": f"{kept}&" if kept else ""}


@register.inclusion_tag("web/parts/kept_query.html", takes_context=True)
def kept_query(context: template.Context, *names: str) -> dict[str, Any]:
    """Hidden fields that carry parts of this page's query through a form."""
    query = _query(context)
    return {"fields": [(name, value) for name in names for value in query.getlist(name)]}


@register.inclusion_tag("web/parts/chart.html")
def chart(drawn: Chart) -> dict[str, Any]:
    """A picture with its figures in a table beside it, for whoever cannot see it."""
    return {"chart": drawn, "option": json_block(drawn.option, f"{drawn.key}-option")}


def json_block(content: Mapping[str, Any] | Sequence[Any], key: str) -> SafeString:
    """Data for a script, in a block no browser runs."""
    written = json.dumps(content, ensure_ascii=False, default=str).translate(_JSON_ESCAPES)
    return format_html(
        '<script type="application/json" id="{}">{}</script>',
        key,
        mark_safe(written),  # noqa: S308 - the three characters that could end the block are escaped
    )


@register.inclusion_tag("web/parts/field.html")
def field(
    bound: Any,  # noqa: ANN401 - Django's BoundField
    hint: str = "",
    *,
    needed: bool = False,
) -> dict[str, Any]:
    """A form's field with its label, its hint, and what is wrong with it.

    `needed` where it must be filled whenever another choice lets it be seen.
    """
    is_needed = needed or bound.field.required
    return {"field": bound, "hint": hint or bound.help_text, "is_needed": is_needed}


def _query(context: template.Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request is not None else QueryDict(mutable=True)
