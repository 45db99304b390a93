"""A Czech bank's loans: roles, zero-rate linear schedules, orders, payments, statuses."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from gbese.apps.imports.plans import Context, Plan, PlannedLoan, PlannedParty
from gbese.apps.imports.reading import Limits, SourceFile, read_tables, source_file
from gbese.apps.imports.recipes.czech_bank import (
    BirthNumberUnreadable,
    CzechBank,
    birth,
    scheduled_balance,
)
from gbese.apps.imports.tables import Table
from gbese.core.calendars.business_days import EVERY_DAY
from gbese.core.money import Currency, Money, money_from_text
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.position import Position, position
from gbese.core.projections.project import project
from gbese.core.servicing.events import Component, Drawn, Received

CZK = Currency("CZK", 2)
BANK = PlannedParty(key="own", name="The Bank", country="CZ")
CONTEXT = Context(business_date=date(2026, 1, 15), own_party=BANK)
END_1998 = date(1998, 12, 31)


def table(name: str, text: str) -> list[Table]:
    return list(read_tables(SourceFile.of(name, text.encode()), Limits()))


def czk(text: str) -> Money:
    return money_from_text(text, CZK)


def position_of(loan: PlannedLoan, on: date) -> Position:
    facts = LoanFacts(terms=loan.terms, events=loan.events, shared=SharedFacts(calendar=EVERY_DAY))
    return position(project(facts), on)


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> list[Table]:
    return [
        one
        for path in sorted((shared_data / "lender" / "czech_bank").glob("*.csv"))
        for one in read_tables(source_file(path, Limits()), Limits())
    ]


@pytest.fixture(scope="module")
def plan(tables: list[Table]) -> Plan:
    assert CzechBank().recognises(tables)
    return CzechBank().plan(tables, CONTEXT)


def test_every_loan_is_read_without_a_fault(plan: Plan) -> None:
    assert not plan.faults
    assert len(plan.loans) == 462
    assert sum(loan.terms.principal.minor for loan in plan.loans) == 71_305_200_00
    statuses = Counter(loan.external_status for loan in plan.loans)
    assert statuses == {
        "running": 284,
        "finished": 133,
        "running_in_debt": 28,
        "finished_in_debt": 17,
    }


def test_the_columns_add_up_as_published(plan: Plan) -> None:
    sums = {(one.file_name, one.column): one for one in plan.column_sums}
    assert sums["loan.csv", "amount"].taken == czk("71305200")
    assert sums["loan.csv", "payments"].taken == czk("1934880")
    payments = sums["trans_loan_1993_1994q1.csv", "amount"]
    assert payments.taken == czk("195304.10")
    assert payments.left_out > czk("0")  # penalty interest on accounts


def test_a_loan_without_interest_repays_equal_parts(plan: Plan) -> None:
    """Amount = instalment x months on every loan; nothing is divided by zero."""
    for loan in plan.loans[:40]:
        assert loan.terms.rate.fixed == 0
        rows = project(
            LoanFacts(
                terms=loan.terms,
                events=(
                    Drawn(number=1, value_date=loan.terms.signed_on, amount=loan.terms.principal),
                ),
                shared=SharedFacts(calendar=EVERY_DAY),
            )
        ).plan
        assert {row.interest for row in rows} == {0}
        assert len({row.principal for row in rows}) == 1
        assert rows[-1].outstanding_after == 0


def test_scheduled_balances_at_the_end_of_1998(plan: Plan) -> None:
    left: Counter[str] = Counter()
    for loan in plan.loans:
        left[loan.external_status] += position_of(loan, END_1998).outstanding.minor
    assert left["running"] + left["running_in_debt"] == 32_493_292_00
    assert left["finished"] + left["finished_in_debt"] == 0


def test_all_payments_fall_on_the_twelfth(plan: Plan) -> None:
    received = [
        event for loan in plan.loans for event in loan.events if isinstance(event, Received)
    ]
    assert len(received) == 61
    assert {event.value_date.day for event in received} == {12}
    assert {loan.terms.first_due_date.day for loan in plan.loans} == {12}


def test_orders_agree_to_the_halere_or_within_half_a_crown(plan: Plan) -> None:
    codes = Counter(finding.code for finding in plan.findings)
    assert codes["standing_order_differs"] == 212
    assert codes["standing_order_does_not_match"] == 0
    assert 462 - codes["standing_order_differs"] == 250


def test_only_owners_borrow(plan: Plan) -> None:
    people = {party.key: party for party in plan.parties if party.kind == "person"}
    assert len(people) == 558
    users = [finding.subject for finding in plan.findings if finding.code == "uses_account_only"]
    assert len(users) == 96
    borrowers = {loan.borrower for loan in plan.loans}
    assert len(borrowers) == 462
    assert borrowers <= people.keys()
    assert borrowers.isdisjoint(users)
    assert {loan.lender for loan in plan.loans} == {BANK.key}


def test_penalty_interest_of_accounts_is_not_the_loans(plan: Plan) -> None:
    assert [row.reason for row in plan.left_out] == ["account_penalty_interest"] * 10


def test_loans_in_debt_are_told_apart(plan: Plan) -> None:
    """Status D by amount granted and by what is left on schedule."""
    in_debt = [loan for loan in plan.loans if loan.external_status == "running_in_debt"]
    told = {
        finding.subject for finding in plan.findings if finding.code == "in_debt_without_amount"
    }
    assert {loan.loan_number for loan in in_debt} <= told
    assert len(told) == 28 + 17
    granted = sum((loan.terms.principal for loan in in_debt), start=czk("0"))
    left = sum((position_of(loan, END_1998).outstanding for loan in in_debt), start=czk("0"))
    assert czk("0") < left < granted


def test_listed_payments_leave_no_cents_and_no_arrears(plan: Plan) -> None:
    """Account 9188 pays 2,118.30 on a contract of 2,118.00."""
    (loan,) = [loan for loan in plan.loans if loan.agreement_number == "9188"]
    at_march = position_of(loan, date(1994, 3, 31))
    paid = [event for event in loan.events if isinstance(event, Received)]
    assert [event.amount for event in paid] == [czk("2118.30")] * 8  # August to March
    assert at_march.outstanding == czk("127080") - Money(8 * 2118_00, CZK)
    assert at_march.oldest_unpaid is None
    assert at_march.unallocated == czk("0")
    assert at_march.owed(Component.FEE) == czk("0")


def test_a_known_loan_is_recognised(tables: list[Table], plan: Plan) -> None:
    known = frozenset(loan.loan_number for loan in plan.loans)
    again = CzechBank().plan(
        tables, Context(business_date=date(2026, 1, 15), own_party=BANK, known_loans=known)
    )
    assert not again.loans
    assert len(again.unchanged) == 462


LOANS = "loan_id,account_id,date,amount,duration,payments,status\n"


def test_a_file_of_loans_alone_names_its_borrowers_by_account() -> None:
    tables = table("loan.csv", LOANS + "1,77,970103,12000,12,1000.00,A\n")
    plan = CzechBank().plan(tables, CONTEXT)
    (loan,) = plan.loans
    assert [party.name for party in plan.parties] == ["The Bank", "Holder of account 77"]
    assert (loan.terms.first_due_date, loan.terms.maturity_date) == (
        date(1997, 2, 12),
        date(1998, 1, 12),
    )
    assert position_of(loan, END_1998).outstanding == czk("0")
    assert position_of(loan, date(1997, 6, 30)).outstanding == czk("7000")


def test_a_short_payment_gives_up_cents_and_a_missed_one_is_late() -> None:
    tables = table("loan.csv", LOANS + "1,77,930601,12000,12,1000.00,C\n") + table(
        "trans.csv",
        "trans_id,account_id,date,type,operation,amount,balance,k_symbol,bank,account\n"
        "1,77,930712,VYDAJ,PREVOD NA UCET,999.60,5000.00,UVER,AB,1\n"
        "2,77,930912,VYDAJ,PREVOD NA UCET,1000.40,5000.00,UVER,AB,1\n",
    )
    (loan,) = CzechBank().plan(tables, CONTEXT).loans
    july, september = (position_of(loan, date(1993, month, 30)) for month in (7, 9))
    assert (july.outstanding, july.oldest_unpaid) == (czk("11000"), None)
    assert september.outstanding == czk("10000")
    assert september.oldest_unpaid == date(1993, 9, 12)  # the oldest is met first


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("1,77,971301,12000,12,1000.00,A", "date", "date_unreadable"),
        ("1,77,970103,12000.005,12,1000.00,A", "amount", "amount_too_fine"),
        ("1,77,970103,12000,0,1000.00,A", "duration", "number_unreadable"),
        ("1,77,970103,12000,12,1000.00,Z", "status", "word_unknown"),
    ],
)
def test_a_faulty_row_says_where_and_why(row: str, column: str, code: str) -> None:
    plan = CzechBank().plan(table("loan.csv", LOANS + row + "\n"), CONTEXT)
    (fault,) = plan.faults
    assert (str(fault.place), fault.column, fault.code) == ("loan.csv:2", column, code)
    assert not plan.loans


def test_a_birth_number_tells_day_and_sex() -> None:
    assert (birth("705613").born_on, birth("705613").sex) == (date(1970, 6, 13), "female")
    assert (birth("520826").born_on, birth("520826").sex) == (date(1952, 8, 26), "male")
    for text in ("701332", "70561", "7o5613", "705600"):
        with pytest.raises(BirthNumberUnreadable):
            birth(text)


def test_scheduled_balance_counts_the_due_dates_gone_by() -> None:
    first_due = date(1993, 8, 12)
    ask = [date(1993, 8, 11), date(1993, 8, 12), date(1999, 1, 31)]
    left = [scheduled_balance(czk("127080"), czk("2118"), first_due, day).amount for day in ask]
    assert left == [Decimal("127080.00"), Decimal("124962.00"), Decimal("0.00")]
