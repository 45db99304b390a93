"""An ordinary portfolio: what its rows become, and every way a row can be wrong."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from gbese.apps.imports.mappings import (
    FileMapping,
    MappingMalformed,
    mapping_from_yaml,
    mapping_to_yaml,
    normal_header,
    shipped_mappings,
)
from gbese.apps.imports.plans import Context, Plan, PlannedParty
from gbese.apps.imports.reading import Limits, SourceFile, read_tables
from gbese.apps.imports.recipes.portfolio import Portfolio
from gbese.apps.imports.recognition import Known, recipe_for
from gbese.apps.imports.tables import Table
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import MONTHLY, Frequency, FrequencyUnit
from gbese.core.contracts.terms import ScheduleKind, Side
from gbese.core.money import Currency, Money
from gbese.core.servicing.events import Drawn, Opened

NGN = Currency("NGN", 2)
HEADERS = (
    "Loan number,Side,Lender,Borrower,Currency,Amount,Signed,First due,Maturity,Frequency,Schedule,"
    "Rate,Day count,Balance at,Outstanding,Overdue principal,Overdue since"
)
ROW = {
    "Loan number": "A-1",
    "Side": "borrower",
    "Lender": "First Bank",
    "Currency": "NGN",
    "Amount": "1000.00",
    "Signed": "15.01.2025",
    "First due": "15.02.2025",
    "Maturity": "15.01.2027",
    "Frequency": "monthly",
    "Schedule": "annuity",
    "Rate": "24",
    "Day count": "act/365",
    "Balance at": "30.11.2025",
    "Outstanding": "800.00",
}


def line(**changed: str) -> str:
    told = {**ROW, **{name.replace("_", " "): text for name, text in changed.items()}}
    return ",".join(told.get(header, "") for header in HEADERS.split(","))


@pytest.fixture
def planned(table: Callable[..., Table]) -> Callable[..., Plan]:
    def made(*lines: str, side: Side | None = None, known: frozenset[str] = frozenset()) -> Plan:
        context = Context(
            business_date=date(2025, 12, 31),
            own_party=PlannedParty(key="own", name="Kaduna Mills"),
            side=side,
            known_loans=known,
        )
        recipe = Portfolio(shipped_mappings()["portfolio"])
        return recipe.plan([table(HEADERS, *lines)], context)

    return made


def test_a_row_with_a_balance_is_taken_over(planned: Callable[..., Plan]) -> None:
    (loan,) = planned(line(Overdue_principal="50.00", Overdue_since="15.11.2025")).loans
    assert (loan.side, loan.lender, loan.borrower) == (Side.BORROWER, "name:first bank", "own")
    terms = loan.terms
    assert (terms.frequency, terms.schedule_kind, terms.day_count, terms.rate.fixed) == (
        MONTHLY,
        ScheduleKind.ANNUITY,
        DayCount.ACT_365F,
        Decimal("0.24"),
    )
    assert terms.assumed == ()
    (opened,) = loan.events
    assert isinstance(opened, Opened)
    assert (
        opened.value_date,
        opened.principal,
        opened.principal_overdue,
        opened.overdue_since,
    ) == (
        date(2025, 11, 30),
        Money(80_000, NGN),
        Money(5_000, NGN),
        date(2025, 11, 15),
    )
    assert (opened.drawn, opened.repaid) == (Money(100_000, NGN), Money(20_000, NGN))


def test_what_a_row_leaves_out_is_named_as_assumed(planned: Callable[..., Plan]) -> None:
    (loan,) = planned(line(Frequency="", Schedule="", Rate="", Day_count="", First_due="")).loans
    assert sorted(loan.terms.assumed) == [
        "day_count",
        "first_due_date",
        "frequency",
        "rate",
        "schedule_kind",
    ]
    assert loan.terms.first_due_date == date(2025, 2, 15)


def test_a_row_without_balance_is_drawn_or_waits(table: Callable[..., Table]) -> None:
    context = Context(business_date=date(2025, 12, 31), side=Side.LENDER)
    plan = Portfolio(shipped_mappings()["portfolio"]).plan(
        [
            table(
                "Loan number,Lender,Borrower,Currency,Amount,Signed,Drawn on,Maturity,Rate",
                "A-1,Us,Ada,NGN,100,2025-01-15,2025-01-20,2026-01-15,36",
                "A-2,Us,Obi,NGN,100,2025-01-15,,2026-01-15,36",
            )
        ],
        context,
    )
    drawn, waiting = plan.loans
    assert drawn.events == (
        Drawn(number=1, value_date=date(2025, 1, 20), amount=Money(10_000, NGN)),
    )
    assert waiting.events == ()
    assert [each.code for each in plan.findings] == ["no_balance_so_undrawn"]


def test_a_frequency_of_every_so_many_days(planned: Callable[..., Plan]) -> None:
    (loan,) = planned(line(Frequency="every 10 days")).loans
    assert loan.terms.frequency == Frequency(10, FrequencyUnit.DAY)


def test_past_maturity_everything_is_overdue(planned: Callable[..., Plan]) -> None:
    plan = planned(line(Maturity="15.10.2025"))
    (opened,) = plan.loans[0].events
    assert isinstance(opened, Opened)
    assert (opened.principal_overdue, opened.overdue_since) == (
        Money(80_000, NGN),
        date(2025, 10, 15),
    )
    assert [each.code for each in plan.findings] == ["overdue_since_maturity_assumed"]


@pytest.mark.parametrize(
    ("changed", "column", "text", "code"),
    [
        ({"Loan_number": ""}, "Loan number", "", "cell_missing"),
        ({"Amount": "1000.005"}, "Amount", "1000.005", "amount_too_fine"),
        ({"Amount": "-5"}, "Amount", "-5", "amount_negative"),
        ({"Amount": "0"}, "Amount", "0", "amount_zero"),
        ({"Amount": "ten"}, "Amount", "ten", "number_unreadable"),
        ({"Amount": "99999999999999999999"}, "Amount", "99999999999999999999", "malformed_amount"),
        ({"Currency": "NGX"}, "Currency", "NGX", "currency_unknown"),
        ({"Currency": ""}, "Currency", "", "cell_missing"),
        ({"Signed": "32.01.2025"}, "Signed", "32.01.2025", "date_unreadable"),
        ({"Maturity": "15.01.2024"}, "Maturity", "15.01.2024", "maturity_before_start"),
        ({"Maturity": ""}, "Maturity", "", "cell_missing"),
        ({"First_due": "15.01.2025"}, "First due", "15.01.2025", "first_due_before_start"),
        ({"First_due": "15.02.2027"}, "First due", "15.02.2027", "first_due_after_maturity"),
        ({"Balance_at": "31.01.2026"}, "Balance at", "31.01.2026", "date_in_future"),
        ({"Balance_at": "01.01.2025"}, "Balance at", "01.01.2025", "date_before_start"),
        ({"Balance_at": ""}, "Balance at", "", "cell_missing"),
        ({"Overdue_principal": "801"}, "Overdue principal", "801", "overdue_above_outstanding"),
        ({"Rate": "6000"}, "Rate", "6000", "rate_improbable"),
        ({"Side": "other"}, "Side", "other", "word_unknown"),
        ({"Frequency": "often"}, "Frequency", "often", "word_unknown"),
        ({"Schedule": "spiral"}, "Schedule", "spiral", "word_unknown"),
        ({"Lender": ""}, "Lender", "", "cell_missing"),
    ],
)
def test_a_faulty_row_says_where_and_why(
    planned: Callable[..., Plan], changed: dict[str, str], column: str, text: str, code: str
) -> None:
    plan = planned(line(Loan_number="OK-1"), line(**changed))
    assert [loan.loan_number for loan in plan.loans] == ["OK-1"]
    fault = plan.faults[0]
    assert (fault.place.line, fault.column, fault.text, fault.code) == (3, column, text, code)


def test_the_same_number_twice_is_a_fault(planned: Callable[..., Plan]) -> None:
    plan = planned(line(), line())
    assert [(fault.place.line, fault.code) for fault in plan.faults] == [(3, "row_repeated")]
    assert plan.faults[0].facts == {"first_at": "loans.csv:2"}


def test_a_row_cut_short_is_a_fault(planned: Callable[..., Plan]) -> None:
    (fault,) = planned("A-1,borrower,First Ba").faults
    assert (fault.code, fault.facts) == ("row_cut_short", {"cells": "3", "headers": "17"})


def test_a_loan_that_exists_is_not_touched(planned: Callable[..., Plan]) -> None:
    plan = planned(line(), known=frozenset({"A-1"}))
    assert (plan.loans, len(plan.unchanged)) == ([], 1)


def test_ambiguous_dates_are_asked_for(planned: Callable[..., Plan]) -> None:
    days = {"Signed": "01/02/2025", "First_due": "01/03/2025", "Maturity": "01/02/2027",
            "Balance_at": "01/11/2025"}  # fmt: skip
    plan = planned(line(**days))
    assert [(fault.code, fault.place.line) for fault in plan.faults] == [
        ("date_order_ambiguous", 1)
    ]


def test_sums_are_told_by_what_became_of_the_rows(planned: Callable[..., Plan]) -> None:
    plan = planned(line(), line(Loan_number="A-2", Maturity="15.01.2024"))
    (principal,) = [row for row in plan.column_sums if row.column == "Amount"]
    assert (principal.taken, principal.faulty, principal.whole) == (
        Money(100_000, NGN),
        Money(100_000, NGN),
        Money(200_000, NGN),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Country / Economy Code", "Country Code"),
        ("Borrower's Obligation", "Borrowers Obligation (US$)"),
        ("Disbursed Amount (US$)", "disbursed  amount"),
        ("LOAN_NUMBER", "Loan number"),
    ],
)
def test_generations_of_a_header_are_one(one: str, other: str) -> None:
    assert normal_header(one) == normal_header(other)


@pytest.mark.parametrize("name", sorted(shipped_mappings()))
def test_a_mapping_is_read_back_as_written(name: str) -> None:
    mapping = shipped_mappings()[name]
    again = mapping_from_yaml(mapping_to_yaml(mapping))
    assert _comparable(again) == _comparable(mapping)


def _comparable(mapping: FileMapping) -> tuple[object, ...]:
    return (
        mapping.name,
        mapping.recipe,
        mapping.columns,
        mapping.date_order,
        mapping.numbers,
        mapping.is_percent,
        mapping.rounds,
        mapping.settings,
        [(rule.fact, rule.pattern.pattern, rule.reason, rule.unless) for rule in mapping.left_out],
    )


@pytest.mark.parametrize(
    "text", ["", "[]", "name: x", "name: x\nrecipe: y\ncolumns: {a: {words: 3}}", "{"]
)
def test_a_mapping_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(MappingMalformed):
        mapping_from_yaml(text)


def test_a_portfolio_is_recognised_by_its_columns(table: Callable[..., Table]) -> None:
    assert isinstance(recipe_for([table(HEADERS, line())], Known()), Portfolio)


def typed(*rows: tuple[object, ...]) -> Table:
    opened = io.BytesIO()
    book = xlsxwriter.Workbook(opened, {"in_memory": True})
    sheet = book.add_worksheet()
    headers = ("Loan number", "Side", "Lender", "Currency", "Amount", "Signed", "Maturity", "Rate")
    for line, cells in enumerate((headers, *rows)):
        sheet.write_row(line, 0, cells)
    book.close()
    return read_tables(SourceFile.of("a.xlsx", opened.getvalue()), Limits())[0]


@pytest.mark.parametrize(
    ("written", "rows"),
    [
        ("comma", ("1.234,50", 1831234.56)),
        ("point", ("1,234.50", 1831234.56)),
        ("space", ("1 234,50", 1831234.56)),
    ],
)
def test_a_workbook_may_have_amounts_as_numbers_and_as_text(
    written: str, rows: tuple[object, object]
) -> None:
    context = Context(
        business_date=date(2025, 12, 31), own_party=PlannedParty(key="own", name="Kaduna Mills")
    )
    table = typed(
        *(
            (f"A-{number}", "borrower", "First Bank", "NGN", amount, "2025-01-15", "2026-01-15", 24)
            for number, amount in enumerate(rows)
        )
    )
    plan = Portfolio(shipped_mappings()["portfolio"]).plan([table], context)
    assert [loan.terms.principal.plain() for loan in plan.loans] == ["1234.50", "1831234.56"], (
        written
    )


def test_fractions_shown_as_per_cent_are_noticed() -> None:
    table = typed(("A-1", "borrower", "First Bank", "NGN", 100, "2025-01-15", "2026-01-15", 0.24))
    context = Context(
        business_date=date(2025, 12, 31), own_party=PlannedParty(key="own", name="Kaduna Mills")
    )
    plan = Portfolio(shipped_mappings()["portfolio"]).plan([table], context)
    assert "rates_below_one_percent" in [each.code for each in plan.findings]
