"""Rules of statements on invented rows: what a row becomes, and how a series becomes a history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from gbese.apps.identity.acts import Act
from gbese.apps.imports.mappings import shipped_mappings
from gbese.apps.imports.plans import Context, Plan
from gbese.apps.imports.reading import Limits, SourceFile, read_tables
from gbese.apps.imports.recipes.lender_statements import LenderStatements
from gbese.apps.imports.services import plan_import
from gbese.core.contracts.terms import ScheduleKind, Side
from gbese.core.money import Currency, Money
from gbese.core.servicing.events import Amended, Opened, Restated
from tests.apps.imports.statement_files import row, statement

USD = Currency("USD", 2)
Y20, Y22 = "11/30/2020 12:00:00 AM", "05/31/2022 12:00:00 AM"


def planned(*files: SourceFile) -> Plan:
    tables = [table for file in files for table in read_tables(file, Limits())]
    recipe = LenderStatements(shipped_mappings()["world_bank"])
    return recipe.plan(tables, Context(business_date=date(2025, 4, 30)))


def one(**facts: str) -> Plan:
    return planned(statement("a.csv", row("IBRD11110", **facts)))


def test_a_loan_is_taken_over_with_what_is_assumed_named() -> None:
    (loan,) = one().loans
    assert (loan.side, loan.lender, loan.borrower, loan.guarantor) == (
        Side.BORROWER,
        "IBRD",
        "KZ:ministry of finance",
        "KZ:",
    )
    assert (loan.agreement_number, loan.product, loan.purpose) == ("IBRD1111", "FSL", "ROADS")
    terms = loan.terms
    assert terms.schedule_kind is ScheduleKind.LINEAR
    assert (terms.first_due_date, terms.first_principal_date, terms.maturity_date) == (
        date(2013, 6, 15),  # the rhythm of principal, back to the agreement of 10 January 2013
        date(2018, 6, 15),
        date(2028, 12, 15),
    )
    assert terms.follows_statements
    assert {"schedule_kind", "frequency", "day_count", "rate"} <= set(terms.assumed)
    (opened,) = loan.events
    assert isinstance(opened, Opened)
    assert (opened.value_date, opened.principal, opened.drawn, opened.repaid) == (
        date(2020, 11, 30),
        Money(60_000, USD),
        Money(100_000, USD),
        Money(40_000, USD),
    )


@pytest.mark.parametrize(
    ("number", "rate", "fixed", "is_assumed"),
    [("IBRD11110", "7.25", "0.0725", False), ("IBRD11110", "0", "", True), ("IBRD11110", "", "", True),
     ("IDA11110", "0.75", "0.0075", False), ("IDA11110", "0", "0", False)],
)  # fmt: skip
def test_rates(number: str, rate: str, fixed: str, is_assumed: bool) -> None:
    (loan,) = planned(statement("a.csv", row(number, rate=rate))).loans
    assert loan.terms.rate.fixed == (Decimal(fixed) if fixed else None)
    assert ("rate" in loan.terms.assumed) is is_assumed


def test_what_is_owed_after_the_last_date_is_overdue_since() -> None:
    (loan,) = one(last="12/15/2019 12:00:00 AM").loans
    (opened,) = loan.events
    assert isinstance(opened, Opened)
    assert (opened.principal_overdue, opened.overdue_since) == (
        Money(60_000, USD),
        date(2019, 12, 15),
    )


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "Fully Repaid", "obligation": "0.06", "due": "0.06"},
        {"last": "12/15/2019 12:00:00 AM", "obligation": "0.99", "due": "0.99"},
    ],
)
def test_residues_have_no_due_date(facts: dict[str, str]) -> None:
    plan = one(**facts, repaid="1000")
    (loan,) = plan.loans
    (opened,) = loan.events
    assert isinstance(opened, Opened)
    assert (loan.terms.schedule_kind, loan.terms.maturity_date) == (ScheduleKind.ON_DEMAND, None)
    assert (opened.principal_overdue, opened.overdue_since) == (Money(0, USD), None)
    assert opened.principal == Money(int(Decimal(facts["obligation"]) * 100), USD)
    assert "residue_kept" in [each.code for each in plan.findings]


def test_a_negative_residue_is_no_debt() -> None:
    plan = one(obligation="-0.02", due="-0.02", repaid="1000.02")
    (opened,) = plan.loans[0].events
    assert isinstance(opened, Opened)
    assert opened.principal == Money(0, USD)
    assert [each.code for each in plan.findings] == ["residue_negative"]
    (_place, stated), *_ = plan.statements
    assert stated.outstanding == -2  # kept as stated, so that the lender's total is reached


def test_what_can_still_be_drawn_is_the_commitment() -> None:
    (loan,) = one(drawn="250", undisbursed="650", repaid="0", due="250", obligation="250").loans
    assert loan.terms.principal == Money(90_000, USD)
    (ended,) = one(drawn="0", undisbursed="0", repaid="0", due="0", obligation="0",
                   status="Terminated", first="", last="", signed="").loans  # fmt: skip
    assert ended.terms.principal == Money(0, USD)
    assert "signed_on" in ended.terms.assumed


@pytest.mark.parametrize(
    ("number", "kind", "reason"),
    [("IDAH1230", "", "grant"), ("IDAD1230", "", "grant"), ("IDAE1230", "", "grant"),
     ("IBRDG1230", "GURB", "guarantee"), ("IBRDB1230", "GUBF", "guarantee")],
)  # fmt: skip
def test_what_is_no_debt_is_left_out(number: str, kind: str, reason: str) -> None:
    plan = planned(
        statement("a.csv", row(number, kind=kind, drawn="0", repaid="0", due="0", obligation="0"))
    )
    assert [each.reason for each in plan.left_out] == [reason]
    assert (plan.loans, plan.statements) == ([], [])


def test_a_called_guarantee_is_a_debt() -> None:
    assert planned(statement("a.csv", row("IBRDG1230", kind="GURB"))).left_out == []


def test_a_later_date_tells_what_moved() -> None:
    plan = planned(
        statement("a.csv", row("IBRD11110", stated_on=Y20, exchange="10", obligation="610")),
        statement(
            "b.csv",
            row("IBRD11110", stated_on=Y22, drawn="1200", repaid="500", due="700", exchange="-5",
                obligation="695", original="1200", last="12/15/2030 12:00:00 AM"),
        ),
    )  # fmt: skip
    (loan,) = plan.loans
    _opened, amended, restated = loan.events
    assert isinstance(amended, Amended)
    assert (amended.terms.maturity_date, amended.terms.principal) == (
        date(2030, 12, 15),
        Money(120_000, USD),
    )
    assert isinstance(restated, Restated)
    # 610 + 200 - 100 - 15 = 695
    assert (restated.drawn, restated.repaid, restated.adjustment) == (
        Money(20_000, USD),
        Money(10_000, USD),
        Money(-1_500, USD),
    )


def test_a_country_that_changes_its_name_keeps_its_parties() -> None:
    old = {"country": "TR,Turkey", "guarantor": "TR,Turkey"}
    new = {"country": "TR,Turkiye", "guarantor": "TR,Turkiye", "stated_on": Y22}
    plan = planned(
        statement("a.csv", row("IBRD11110", **old)), statement("b.csv", row("IBRD11110", **new))
    )
    assert sorted(party.key for party in plan.parties) == ["IBRD", "TR:", "TR:ministry of finance"]
    assert "Turkiye" in [party.name for party in plan.parties]


def test_codes_of_countries_become_those_of_iso() -> None:
    plan = one(country="YF,Serbia", guarantor="YF,Serbia")
    assert {party.country for party in plan.parties} == {"", "RS"}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"due": "500"}, "outstanding_does_not_tie"),
        ({"repaid": "300"}, "drawn_less_repaid_does_not_tie"),
        ({"last": "12/15/2017 12:00:00 AM"}, "repayment_dates_contradict"),
        ({"borrower": ""}, "borrower_not_named"),
        ({"obligation": "600.0000000037"}, "amounts_rounded"),
    ],
)
def test_defects_of_the_source_are_findings_and_stop_nothing(
    facts: dict[str, str], code: str
) -> None:
    plan = one(**facts)
    assert code in [each.code for each in plan.findings]
    assert (len(plan.loans), plan.faults) == (1, [])


@pytest.mark.parametrize(
    ("facts", "column", "code"),
    [
        ({"stated_on": "31/12/2020"}, "End of Period", "date_unreadable"),
        ({"stated_on": ""}, "End of Period", "cell_missing"),
        ({"drawn": "-1000"}, "Disbursed Amount", "amount_negative"),
        ({"obligation": "6OO"}, "Borrower's Obligation", "number_unreadable"),
        ({"rate": "seven"}, "Interest Rate", "number_unreadable"),
    ],
)
def test_a_faulty_row_says_where_and_why(facts: dict[str, str], column: str, code: str) -> None:
    (fault,) = one(**facts).faults
    assert (fault.place.line, fault.column, fault.code) == (2, column, code)


def test_a_number_of_another_lender_is_a_fault() -> None:
    (fault,) = planned(statement("a.csv", row("EBRD1"))).faults
    assert (fault.column, fault.code) == ("Loan Number", "lender_unknown")


def test_a_row_twice_is_a_fault_and_in_two_files_once() -> None:
    twice = planned(statement("a.csv", row("IBRD11110"), row("IBRD11110")))
    assert [fault.code for fault in twice.faults] == ["row_repeated"]
    beside = planned(statement("a.csv", row("IBRD11110")), statement("b.csv", row("IBRD11110")))
    assert (beside.faults, len(beside.unchanged), len(beside.loans)) == ([], 1, 1)


@pytest.mark.django_db
def test_a_statement_of_the_future_waits(books: None, acts: Callable[..., Act]) -> None:
    file = statement("a.csv", row("IBRD11110"), row("IBRD22220", stated_on="05/31/2025"))
    plan = plan_import(files=[file], act=acts()).plan
    assert [loan.loan_number for loan in plan.loans] == ["IBRD11110"]
    (fault,) = plan.faults
    assert (fault.place.line, fault.code, fault.text) == (3, "date_in_future", "2025-05-31")
    assert len(plan.statements) == 1
