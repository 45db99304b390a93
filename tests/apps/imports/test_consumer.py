"""Consumer instalment loans: the instalment rounded up, balances, the split, what was written off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gbese.apps.imports.plans import Context, Plan, PlannedLoan, PlannedParty
from gbese.apps.imports.reading import Limits, SourceFile, read_tables, source_file
from gbese.apps.imports.recipes.consumer import (
    Consumer,
    Contract,
    instalment_of,
    instalments_paid,
)
from gbese.apps.imports.tables import Table
from gbese.core.calendars.business_days import EVERY_DAY
from gbese.core.money import Currency, Money, Rounding, money_from_text
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.position import Position, position
from gbese.core.projections.project import project
from gbese.core.projections.rows import Cause, Life, Projection
from gbese.core.servicing.events import Component, Opened

USD = Currency("USD", 2)
CONTEXT = Context(
    business_date=date(2026, 1, 15), own_party=PlannedParty(key="own", name="A Lender")
)
OBSERVED = date(2018, 6, 30)


def usd(text: str) -> Money:
    return money_from_text(text, USD)


def projection_of(loan: PlannedLoan) -> Projection:
    shared = SharedFacts(calendar=EVERY_DAY)
    return project(LoanFacts(terms=loan.terms, events=loan.events, shared=shared))


def position_of(loan: PlannedLoan, on: date = OBSERVED) -> Position:
    return position(projection_of(loan), on)


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> list[Table]:
    path = shared_data / "lender" / "consumer" / "lendingclub_2018q1.csv"
    return list(read_tables(source_file(path, Limits()), Limits()))


@pytest.fixture(scope="module")
def plan(tables: list[Table]) -> Plan:
    assert Consumer().recognises(tables)
    return Consumer().plan(tables, CONTEXT)


@pytest.fixture(scope="module")
def positions(plan: Plan) -> Mapping[str, Position]:
    """Of every loan that is not current, and of each fortieth that is."""
    return {
        loan.loan_number: position_of(loan)
        for number, loan in enumerate(plan.loans)
        if loan.external_status != "current" or number % 40 == 0
    }


def test_every_row_becomes_a_loan(plan: Plan) -> None:
    assert not plan.faults
    assert len(plan.loans) == 6_000
    assert len({loan.borrower for loan in plan.loans}) == 6_000  # no client key in the file
    assert Counter(loan.external_status for loan in plan.loans) == {
        "current": 5_630,
        "fully_paid": 257,
        "late_31_120": 44,
        "in_grace_period": 38,
        "late_16_30": 26,
        "charged_off": 5,
    }


@pytest.mark.parametrize(
    ("column", "total"),
    [
        ("loan_amount", "96974225"),
        ("balance", "85824942.47"),
        ("paid_total", "14619733.54"),
        ("paid_principal", "11085607.29"),
        ("paid_interest", "3533255.25"),
        ("paid_late_fees", "871.00"),
    ],
)
def test_the_columns_add_up_as_published(plan: Plan, column: str, total: str) -> None:
    (found,) = [one for one in plan.column_sums if one.column == column]
    assert found.taken == found.whole == usd(total)


@pytest.mark.parametrize(
    ("rounding", "agreeing"), [(Rounding.UP, 5_998), (Rounding.HALF_UP, 2_968)]
)
def test_the_instalment_is_rounded_up(
    tables: list[Table], rounding: Rounding, agreeing: int
) -> None:
    agree = 0
    for row in tables[0].rows:
        cells = dict(zip(tables[0].headers, row.cells, strict=True))
        computed = instalment_of(
            usd(cells["loan_amount"]),
            Decimal(cells["interest_rate"]) / 100,
            int(cells["term"]),
            rounding,
        )
        agree += computed == usd(cells["installment"])
    assert agree == agreeing


def test_the_two_misfits_are_told(plan: Plan) -> None:
    differing = [f.subject for f in plan.findings if f.code == "instalment_differs"]
    assert differing == ["LC-1548", "LC-1968"]


def test_balances_after_whole_instalments(tables: list[Table]) -> None:
    """5,105 of 5,630 current loans, to five cents, after 2 to 7 instalments."""
    found: Counter[int | None] = Counter()
    for row in tables[0].rows:
        cells = dict(zip(tables[0].headers, row.cells, strict=True))
        if cells["loan_status"] != "Current":
            continue
        contract = Contract(
            usd(cells["loan_amount"]),
            Decimal(cells["interest_rate"]) / 100,
            int(cells["term"]),
            usd(cells["installment"]),
        )
        found[
            instalments_paid(
                contract, usd(cells["balance"]), tolerance=usd("0.05"), instalments_max=7
            )
        ] += 1
    assert sum(found.values()) == 5_630
    assert found[None] == 525
    assert min(paid for paid in found if paid is not None) == 2


def test_outstanding_is_the_balance_and_not_lent_less_received(
    plan: Plan, positions: Mapping[str, Position]
) -> None:
    opened = {loan.loan_number: loan.events[0] for loan in plan.loans}
    written_off = sum(
        found.total(Component.PRINCIPAL, Cause.WRITTEN_OFF).minor for found in positions.values()
    )
    assert written_off == usd("63675.24").minor
    assert positions["LC-3902"].life is Life.WRITTEN_OFF
    assert positions["LC-3902"].total(Component.PRINCIPAL, Cause.WRITTEN_OFF) == usd("20000")
    taken_over = sum(
        event.principal.minor for event in opened.values() if isinstance(event, Opened)
    )
    assert taken_over - written_off == usd("85824942.47").minor
    for loan in plan.loans:
        event = opened[loan.loan_number]
        if loan.loan_number in positions and loan.external_status != "charged_off":
            assert isinstance(event, Opened)
            assert positions[loan.loan_number].outstanding == event.principal


def test_statuses_show_as_days_late(plan: Plan, positions: Mapping[str, Position]) -> None:
    classes = {
        "current": range(1),
        "in_grace_period": range(1, 16),
        "late_16_30": range(16, 31),
        "late_31_120": range(31, 121),
    }
    for loan in plan.loans:
        if loan.external_status not in classes or loan.loan_number not in positions:
            continue
        since = positions[loan.loan_number].oldest_unpaid
        late = (OBSERVED - since).days if since else 0
        assert late in classes[loan.external_status], loan.loan_number
    settled = [n.loan_number for n in plan.loans if n.external_status == "fully_paid"]
    assert {positions[number].life for number in settled} == {Life.SETTLED}


def test_the_rest_of_the_schedule_keeps_the_printed_instalment(
    plan: Plan, tables: list[Table]
) -> None:
    """A current loan taken over after whole instalments goes on with the same payment."""
    printed = {
        f"LC-{row.cells[0]}": dict(zip(tables[0].headers, row.cells, strict=True))
        for row in tables[0].rows
    }
    (loan,) = [loan for loan in plan.loans if loan.loan_number == "LC-1"]
    rows = [row for row in projection_of(loan).plan if row.due_date_adjusted > OBSERVED]
    assert len(rows) == 60 - 3  # 27,015.86 is the balance after three instalments
    assert {row.principal + row.interest for row in rows[:-1]} <= {652_53, 652_52}
    assert printed["LC-1"]["installment"] == "652.53"
    assert rows[-1].outstanding_after == 0
    assert "first_due_date" in loan.terms.assumed


def test_a_portfolio_report_by_status(plan: Plan, positions: Mapping[str, Position]) -> None:
    """The share of the balance over 30 days late is that of the class 31 to 120 days."""
    late = sum(
        opened.principal.minor
        for loan in plan.loans
        for opened in loan.events
        if isinstance(opened, Opened) and loan.external_status == "late_31_120"
    )
    by_days = sum(
        found.outstanding.minor
        for found in positions.values()
        if found.oldest_unpaid and (OBSERVED - found.oldest_unpaid).days > 30
    )
    assert by_days == late > 0


HEADERS = (
    "row,loan_purpose,loan_amount,term,interest_rate,installment,grade,issue_month,loan_status,"
    "balance,paid_total,paid_principal,paid_interest,paid_late_fees\n"
)
GOOD = "1,car,28000,60,14.07,652.53,C,Mar-2018,Current,27015.86,1999.33,984.14,1015.19,0.00"


def planned(row: str, context: Context = CONTEXT) -> Plan:
    file = SourceFile.of("loans.csv", (HEADERS + row + "\n").encode())
    return Consumer().plan(list(read_tables(file, Limits())), context)


@pytest.mark.parametrize(
    ("old", "new", "column", "code"),
    [
        ("1999.33", "1999.34", "paid_total", "split_does_not_add_up"),
        ("27015.86", "27015.87", "balance", "more_than_lent"),
        ("27015.86", "27015.85", "balance", "less_than_lent"),
        ("Mar-2018", "Mrz-2018", "issue_month", "date_unreadable"),
        ("Current", "Sleeping", "loan_status", "word_unknown"),
        (",60,", ",sixty,", "term", "number_unreadable"),
        ("14.07", "9999", "interest_rate", "rate_improbable"),
    ],
)
def test_a_faulty_row_says_where_and_why(old: str, new: str, column: str, code: str) -> None:
    plan = planned(GOOD.replace(old, new))
    assert [(fault.column, fault.code) for fault in plan.faults] == [(column, code)]
    assert not plan.loans


def test_a_fresh_balance_is_followed_by_payments_and_an_old_one_by_statements() -> None:
    fresh = Context(business_date=date(2018, 7, 10), own_party=CONTEXT.own_party)
    assert not planned(GOOD, fresh).loans[0].terms.follows_statements
    assert planned(GOOD).loans[0].terms.follows_statements


def test_a_known_loan_is_recognised() -> None:
    known = Context(
        business_date=date(2026, 1, 15),
        own_party=CONTEXT.own_party,
        known_loans=frozenset({"LC-1"}),
    )
    plan = planned(GOOD, known)
    assert not plan.loans
    assert [number for _, number in plan.unchanged] == ["LC-1"]
