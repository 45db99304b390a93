"""Pictures of a portfolio: statuses, what falls due by year, debt by term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext

from gbese.apps.lending.queries import CurrencyTotals
from gbese.apps.reporting.queries import LadderBand, TermRow
from gbese.core.calendars.frequencies import add_months
from gbese.core.money import Currency, Money, total
from gbese.core.status.trouble import LoanStatus
from gbese.interfaces.web import formatting, wording
from gbese.interfaces.web.charts import Chart, Series, bands, bars

_PARTIES_DRAWN = 12
_CHARTS_MAX = 3
_PERMILLE = 1000
_LADDER_MONTHS = (1, 3, 6, 12, 24, 36, 60, 120)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole for a bar 1000 wide: where it begins, and how wide it is."""

    name: str
    token: str
    amount: Money
    start: int
    width: int


@dataclass(frozen=True, slots=True)
class SharedTotals:
    """The totals of one currency with the parts of its debt as a bar."""

    line: CurrencyTotals
    parts: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class TermTable:
    """The debt by term in one currency, with its sums."""

    currency: Currency
    rows: tuple[TermRow, ...]
    loans: int
    long_term: Money
    short_term: Money
    overdue_principal: Money
    outstanding: Money


def shares(lines: Sequence[CurrencyTotals]) -> list[SharedTotals]:
    """Each currency's debt as non-current and current; what owes nothing has no bar."""
    return [SharedTotals(line, _parts(line)) for line in lines]


def _parts(line: CurrencyTotals) -> tuple[Share, ...]:
    whole = line.current_part.minor + line.noncurrent_part.minor
    if whole <= 0:
        return ()
    current = min(max(line.current_part.minor * _PERMILLE // whole, 0), _PERMILLE)
    return (
        Share(gettext("Current"), "current", line.current_part, 0, current),
        Share(
            gettext("Non-current"),
            "noncurrent",
            line.noncurrent_part,
            current,
            _PERMILLE - current,
        ),
    )


def statuses(counts: Mapping[LoanStatus, int]) -> Chart:
    """How many loans stand in each status, the most troubled first."""
    present = [status for status in LoanStatus if counts.get(status)]
    return bands(
        key="status-chart",
        title=gettext("Loans by status"),
        categories=tuple(wording.status_look(status).word for status in present),
        series=(Series(gettext("Loans"), tuple(counts[status] for status in present)),),
    )


def ladder_ends(on: date) -> list[date]:
    """The last days of the bands of a ladder: months first, then years."""
    return [add_months(on, months, day=on.day) for months in _LADDER_MONTHS]


def ladders(
    found: Mapping[Currency, tuple[LadderBand, ...]], on: date, ends: Sequence[date]
) -> list[Chart]:
    """What falls due in each band, a picture a currency, the fullest currencies first."""
    categories = _band_names(on, ends)
    fullest = sorted(found, key=lambda currency: -sum(b.amount.minor > 0 for b in found[currency]))
    return [
        bars(
            key=f"ladder-{currency.code}",
            title=gettext("Principal falling due from now on (%(currency)s)")
            % {"currency": currency.code},
            categories=categories,
            series=(Series(gettext("Principal"), tuple(band.amount for band in found[currency])),),
        )
        for currency in fullest[:_CHARTS_MAX]
        if any(band.amount for band in found[currency])
    ]


def _band_names(on: date, ends: Sequence[date]) -> tuple[str, ...]:
    names, start = [], on
    for end in ends:
        names.append(
            gettext("to %(month)s") % {"month": formatting.month_text(end)}
            if start == on
            else f"{formatting.month_text(start)} – {formatting.month_text(end)}"
        )
        start = end + timedelta(days=1)
    return (*names, gettext("later"))


def by_currency(rows: Sequence[TermRow]) -> list[TermTable]:
    """Rows of debt by term as a table a currency."""
    tables = []
    for currency in dict.fromkeys(row.currency for row in rows):
        of_it = tuple(row for row in rows if row.currency == currency)
        tables.append(
            TermTable(
                currency=currency,
                rows=of_it,
                loans=sum(row.loans for row in of_it),
                long_term=total((row.long_term for row in of_it), currency),
                short_term=total((row.short_term for row in of_it), currency),
                overdue_principal=total((row.overdue_principal for row in of_it), currency),
                outstanding=total((row.outstanding for row in of_it), currency),
            )
        )
    return tables


def term_charts(rows: Sequence[TermRow]) -> list[Chart]:
    """The largest parties of each currency, their debt divided by term."""
    return [
        bands(
            key=f"term-{table.currency.code}",
            title=gettext("The largest, by term (%(currency)s)")
            % {"currency": table.currency.code},
            categories=tuple(row.party_name for row in table.rows[:_PARTIES_DRAWN]),
            series=tuple(
                Series(name, tuple(amounts[:_PARTIES_DRAWN]), "term")
                for name, amounts in (
                    (gettext("Long-term"), [row.long_term for row in table.rows]),
                    (gettext("Short-term"), [row.short_term for row in table.rows]),
                    (gettext("Overdue principal"), [row.overdue_principal for row in table.rows]),
                )
            ),
        )
        for table in by_currency(rows)[:_CHARTS_MAX]
    ]
