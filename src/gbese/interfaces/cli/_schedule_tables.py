"""Schedules as tables, and the tables as text, CSV, JSON or an Excel file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from io import TextIOWrapper
from typing import BinaryIO, TextIO

from gbese.core.errors import Refusal
from gbese.core.money import CurrencyMismatch, Money
from gbese.core.projections.schedule import Schedule
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.yields.effective import xirr
from gbese.core.yields.flows import DatedFlow
from gbese.core.yields.roots import in_per_cent
from gbese.interfaces.web.exports import BOM, Cell, Row, Sheet, csv_lines, write_xlsx

Priced = Sequence[tuple[str, Schedule]]

_ROW_COLUMNS = (
    "terms",
    "number",
    "due_date",
    "due",
    "principal",
    "interest",
    "fee",
    "outstanding_after",
)
_TOTAL_COLUMNS = (
    "terms",
    "instalments",
    "last_due_date",
    "principal",
    "interest",
    "fees",
    "due",
    "effective_rate_percent",
)
_PERCENT_DECIMALS = 4
_DAYS_IN_YEAR = Fraction(365)
_MEASURES: Mapping[str, Callable[[Schedule], Money]] = {
    "first_instalment": lambda planned: Money(planned.instalments[0].due, planned.currency),
    "largest_instalment": lambda planned: Money(
        max(row.due for row in planned.instalments), planned.currency
    ),
    "interest": lambda planned: planned.interest,
    "fees": lambda planned: planned.fees,
    "due": lambda planned: planned.due,
}


@dataclass(frozen=True, slots=True)
class Tables:
    """What is shown: the rows, and what they come to."""

    rows: Sheet
    totals: Sheet


def listing(priced: Priced) -> Tables:
    """Every instalment of every set of terms, and the totals of each."""
    return Tables(
        rows=Sheet(
            "instalments",
            _ROW_COLUMNS,
            tuple(
                (name, *_cells(row, planned))
                for name, planned in priced
                for row in planned.instalments
            ),
        ),
        totals=Sheet("totals", _TOTAL_COLUMNS, tuple(_total(*each) for each in priced)),
    )


def comparison(priced: Priced) -> Tables:
    """What each set of terms comes to and asks for, beside the first, and the differences.

    Raises:
        CurrencyMismatch: amounts of two currencies have no difference.
    """
    (_, first), *others = priced
    for _, planned in others:
        if planned.currency != first.currency:
            raise CurrencyMismatch(left=first.currency.code, right=planned.currency.code)
    names = [name for name, _ in priced]
    columns = (*names, *(f"{name} - {names[0]}" for name in names[1:]))
    totals: list[Row] = [
        (measure, *_beside([figure(planned) for _, planned in priced]))
        for measure, figure in _MEASURES.items()
    ]
    rates = [_effective_percent(planned) for _, planned in priced]
    apart = [None if rate is None or rates[0] is None else rate - rates[0] for rate in rates[1:]]
    totals.append(("effective_rate_percent", *rates, *apart))
    by_day = [_by_day(planned) for _, planned in priced]
    days = sorted({day for each in by_day for day in each})
    nothing = Money(0, first.currency)
    rows: list[Row] = [(day, *_beside([each.get(day, nothing) for each in by_day])) for day in days]
    return Tables(
        rows=Sheet("due", ("due_date", *columns), tuple(rows)),
        totals=Sheet("totals", ("measure", *columns), tuple(totals)),
    )


def write(tables: Tables, output: BinaryIO, form: str) -> None:
    """Write the tables; CSV has the rows alone."""
    if form == "xlsx":
        write_xlsx(output, (tables.rows, tables.totals))
        return
    text = TextIOWrapper(output, encoding="utf-8", newline="", write_through=True)
    if form == "csv":
        lines = "".join(csv_lines(tables.rows.headings, tables.rows.rows))
        text.write(lines.removeprefix(BOM).replace("\r\n", "\n"))
    elif form == "json":
        told = {sheet.name: _objects(sheet) for sheet in (tables.totals, tables.rows)}
        text.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        _write_text(tables.totals, text)
        text.write("\n")
        _write_text(tables.rows, text)
    text.detach()


def _cells(row: PlannedInstalment, planned: Schedule) -> tuple[Cell, ...]:
    amounts = (row.due, row.principal, row.interest, row.fee, row.outstanding_after)
    return (
        row.number,
        row.due_date_adjusted,
        *(Money(minor, planned.currency) for minor in amounts),
    )


def _total(name: str, planned: Schedule) -> tuple[Cell, ...]:
    return (
        name,
        len(planned.instalments),
        planned.instalments[-1].due_date_adjusted,
        planned.principal,
        planned.interest,
        planned.fees,
        planned.due,
        _effective_percent(planned),
    )


def _effective_percent(planned: Schedule) -> Decimal | None:
    """What the schedule costs a year, compounded over actual days; None where no rate solves it."""
    drawn_on = planned.instalments[0].period_start
    flows = [DatedFlow(drawn_on, Fraction(planned.principal.minor))]
    flows += [DatedFlow(row.due_date_adjusted, Fraction(-row.due)) for row in planned.instalments]
    try:
        return in_per_cent(xirr(flows, days_in_year=_DAYS_IN_YEAR), _PERCENT_DECIMALS)
    except Refusal:
        return None


def _beside(amounts: Sequence[Money]) -> tuple[Money, ...]:
    return (*amounts, *(each - amounts[0] for each in amounts[1:]))


def _by_day(planned: Schedule) -> dict[date, Money]:
    due: dict[date, Money] = {}
    for row in planned.instalments:
        before = due.get(row.due_date_adjusted, Money(0, planned.currency))
        due[row.due_date_adjusted] = before + Money(row.due, planned.currency)
    return due


def _objects(sheet: Sheet) -> list[dict[str, object]]:
    return [
        {
            heading: cell if isinstance(cell, int) else _plain(cell)
            for heading, cell in zip(sheet.headings, row, strict=True)
        }
        for row in sheet.rows
    ]


def _plain(cell: Cell) -> str | None:
    if cell is None:
        return None
    return cell.plain() if isinstance(cell, Money) else str(cell)


def _write_text(sheet: Sheet, output: TextIO) -> None:
    """Columns as wide as their widest cell; figures stand to the right."""
    rows = tuple(sheet.rows)
    lines = [tuple(sheet.headings), *(tuple(map(_shown, row)) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(sheet.headings))]
    is_figure = [isinstance(cell, Money | int | Decimal) for cell in rows[0]]
    for line in lines:
        cells = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, is_figure, strict=True)
        )
        output.write("  ".join(cells).rstrip() + "\n")


def _shown(cell: Cell) -> str:
    if isinstance(cell, Money):
        return f"{cell.amount:,.{cell.currency.exponent}f}"
    return "" if cell is None else str(cell)
