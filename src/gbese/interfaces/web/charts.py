"""Pictures: one option object, drawn by ECharts on the screen; a table has the same figures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from gbese.core.money import Money
from gbese.interfaces.web import formatting

# Colours of Okabe and Ito's palette, told apart with any kind of colour vision; patterns are added.
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#8a6d00", "#666666")


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures, one a category: amounts, or counts.

    `stack` puts series of one name on each other.
    """

    name: str
    amounts: tuple[Money | int, ...]
    stack: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, and the table that says the same.

    `key` is unique on its page. `option` is ECharts' own; each datum carries its written amount, so
    no script formats money. `told_under` is the heading of a table of the page that has the figures
    already; without one they stand in a table beside the picture.
    """

    key: str
    title: str
    option: dict[str, Any]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Money | int, ...]], ...]
    is_lying: bool = False
    told_under: str = ""


def bars(
    *,
    key: str,
    title: str,
    categories: tuple[str, ...],
    series: tuple[Series, ...],
    told_under: str = "",
) -> Chart:
    """Bars by category, stacked where the series say so; all amounts in one currency."""
    drawn = _cartesian("bar", key, title, categories, series)
    return replace(drawn, told_under=told_under)


def bands(
    *, key: str, title: str, categories: tuple[str, ...], series: tuple[Series, ...]
) -> Chart:
    """Lying bars, for categories whose names are long; the first is on top."""
    drawn = _cartesian("bar", key, title, categories, series)
    option = drawn.option
    option["xAxis"], option["yAxis"] = (
        option["yAxis"],
        option["xAxis"] | {"inverse": True, "axisLabel": {"width": 150, "overflow": "truncate"}},
    )
    return replace(drawn, is_lying=True)


def lines(
    *, key: str, title: str, categories: tuple[str, ...], series: tuple[Series, ...]
) -> Chart:
    """Lines over categories in time; all amounts in one currency."""
    return _cartesian("line", key, title, categories, series)


def _cartesian(
    kind: str, key: str, title: str, categories: tuple[str, ...], series: tuple[Series, ...]
) -> Chart:
    option: dict[str, Any] = {
        "color": list(PALETTE),
        "aria": {"enabled": True, "decal": {"show": kind == "bar"}},
        "tooltip": {"trigger": "axis", "renderMode": "richText"},
        "legend": {"show": len(series) > 1, "bottom": 0, "type": "scroll"},
        "grid": {"left": 8, "right": 16, "top": 16, "bottom": 44 if len(series) > 1 else 8},
        "xAxis": {"type": "category", "data": list(categories)},
        "yAxis": {"type": "value"},
        "series": [
            {
                "name": one.name,
                "type": kind,
                **({"stack": one.stack} if one.stack else {}),
                **({"step": "end", "showSymbol": False} if kind == "line" else {}),
                "data": [_datum(amount) for amount in one.amounts],
            }
            for one in series
        ],
    }
    rows = tuple(
        (category, tuple(one.amounts[index] for one in series))
        for index, category in enumerate(categories)
    )
    return Chart(key, title, option, tuple(one.name for one in series), rows)


def _datum(amount: Money | int) -> dict[str, Any]:
    """The height of a bar, in whole major units as near as a picture needs, and its exact text."""
    if isinstance(amount, int):
        return {"value": amount, "text": formatting.number_text(amount)}
    return {
        "value": amount.minor // 10**amount.currency.exponent,
        "text": f"{formatting.money_text(amount)} {amount.currency.code}",
    }
