"""The charts of accounts that ship: codes and names for every part accounts play."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from gbese.apps.bookkeeping.errors import ChartUnknown
from gbese.apps.bookkeeping.mapping import AccountRow
from gbese.core.ledger import AccountKey


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of accounts: `country` is where it is usual, empty for anywhere."""

    name: str
    title: str
    country: str
    source: str
    accounts: tuple[AccountRow, ...]


@cache
def chart(name: str) -> Chart:
    """The chart of this name, with every account key once, in the order of the keys.

    Raises:
        ChartUnknown: none of this name is shipped.
    """
    if name not in chart_names():
        raise ChartUnknown(chart=name, shipped=chart_names())
    text = (files("gbese") / "data" / "charts" / f"{name}.yaml").read_text(encoding="utf-8")
    told = yaml.safe_load(text)
    return Chart(
        name=name,
        title=told["title"],
        country=told["country"],
        source=told["source"],
        accounts=tuple(
            AccountRow(key, told["accounts"][key]["code"], told["accounts"][key]["name"])
            for key in AccountKey
        ),
    )


@cache
def chart_names() -> tuple[str, ...]:
    """The names of the charts shipped."""
    folder = files("gbese") / "data" / "charts"
    return tuple(
        sorted(
            found.name.removesuffix(".yaml")
            for found in folder.iterdir()
            if found.name.endswith(".yaml")
        )
    )


def usual_chart(country: str) -> str:
    """The name of the chart that is usual in a country, else the plain one."""
    for name in chart_names():
        if chart(name).country == country:
            return name
    return "ifrs"
