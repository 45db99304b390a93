"""A government lender's cash book: coupons met and missed, exchanges, prepayments, fees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from gbese.apps.imports.plans import Context, Plan, PlannedLoan, PlannedParty
from gbese.apps.imports.reading import Limits, SourceFile, read_tables, source_file
from gbese.apps.imports.recipes.treasury import Treasury
from gbese.apps.imports.tables import Table
from gbese.apps.rates.services import shipped_calendar
from gbese.core.contracts.terms import Terms
from gbese.core.money import Currency, Money, money_from_text
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.position import Position, position
from gbese.core.projections.project import project
from gbese.core.projections.rows import Cause, Life, Projection
from gbese.core.servicing.events import (
    Amended,
    Charged,
    Component,
    Drawn,
    LoanEvent,
    Received,
    Waived,
)

USD = Currency("USD", 2)
OWN = PlannedParty(key="own", name="US Treasury", country="US")
CONTEXT = Context(business_date=date(2026, 1, 15), own_party=OWN)
CALENDAR = shipped_calendar(code="US", years=range(2009, 2045))
END_2012 = date(2012, 12, 31)


def usd(text: str) -> Money:
    return money_from_text(text, USD)


def projection_of(terms: Terms, events: tuple[LoanEvent, ...]) -> Projection:
    return project(LoanFacts(terms=terms, events=events, shared=SharedFacts(calendar=CALENDAR)))


def position_of(loan: PlannedLoan, on: date) -> Position:
    return position(projection_of(loan.terms, loan.events), on)


def due_by_day(loan: PlannedLoan) -> dict[date, Money]:
    """Interest that fell due by the terms, and with a payment before its date."""
    dues: dict[date, Money] = {}
    for step in projection_of(loan.terms, loan.events).steps:
        if step.component is Component.INTEREST and step.cause is Cause.DUE:
            dues[step.day] = dues.get(step.day, usd("0")) + Money(step.amount, USD)
    return dues


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> list[Table]:
    path = shared_data / "lender" / "treasury" / "tarp_debt_cashflows.csv"
    return list(read_tables(source_file(path, Limits()), Limits()))


@pytest.fixture(scope="module")
def plan(tables: list[Table]) -> Plan:
    assert Treasury().recognises(tables)
    return Treasury().plan(tables, CONTEXT)


@pytest.fixture(scope="module")
def loans(plan: Plan) -> Mapping[str, PlannedLoan]:
    return {loan.loan_number.removeprefix("UST-"): loan for loan in plan.loans}


def test_every_client_is_there_without_a_fault(plan: Plan) -> None:
    assert not plan.faults
    assert not plan.left_out
    borrowers = {loan.borrower for loan in plan.loans}
    assert len(borrowers) == 60
    assert "F & C Bancorp, Inc." in borrowers  # was `F &amp; C Bancorp, Inc. `
    assert "Lower East Side People's Federal Credit Union" in borrowers
    assert len(plan.loans) == 63  # three funds have a loan and a share
    assert {loan.lender for loan in plan.loans} == {OWN.key}


@pytest.mark.parametrize(
    ("kind", "total"),
    [
        ("Loan", "8870591735"),
        ("Purchase", "3752348058"),
        ("Interest", "366239002"),
        ("Dividend", "601374697"),
        ("Refund", "9985773683"),
        ("Proceeds", "314269233"),
        ("Distribution", "42763380"),
        ("Warrant", "6470697"),
    ],
)
def test_the_totals_by_kind_are_those_published(plan: Plan, kind: str, total: str) -> None:
    (found,) = [one for one in plan.column_sums if one.column == f"Amount: {kind}"]
    if kind == "Interest":  # the exit fees are typed Interest too
        assert found.taken == usd(total)
    assert found.whole == usd(total)


def test_all_money_is_in_the_events(plan: Plan) -> None:
    received = sum(
        event.amount.minor
        for loan in plan.loans
        for event in loan.events
        if isinstance(event, Received)
    )
    paid_in = ["366239002", "601374697", "9985773683", "314269233", "42763380", "6470697"]
    assert received == sum(usd(text).minor for text in paid_in)


def test_a_quarter_by_months_of_thirty_days(loans: Mapping[str, PlannedLoan]) -> None:
    """14,000,000 at 7.7 %: 50 days first, then a quarter; the 15th moves to a business day."""
    loan = loans["GUARANTY-CAPITAL-CORPORATION"]
    drawn = (Drawn(number=1, value_date=date(2009, 9, 25), amount=usd("14000000")),)
    rows = projection_of(loan.terms, drawn).plan[:3]
    assert [(row.due_date_adjusted, row.interest) for row in rows] == [
        (date(2009, 11, 16), 149_722_22),
        (date(2010, 2, 16), 269_500_00),
        (date(2010, 5, 17), 269_500_00),
    ]


def test_an_exchange_breaks_the_period(loans: Mapping[str, PlannedLoan]) -> None:
    """75 days at 7.7 % are paid on the day; 105 days at 3.1 % follow, then 108,500 a quarter."""
    loan = loans["GUARANTY-CAPITAL-CORPORATION"]
    amended = next(event for event in loan.events if isinstance(event, Amended))
    assert amended.value_date == date(2010, 7, 30)
    assert amended.is_restructuring
    assert f"{amended.terms.rate.fixed:f}" == "0.031"
    dues = due_by_day(loan)
    assert dues[date(2010, 7, 30)] == usd("224583.33")  # 33 cents of it are given up
    assert dues[date(2010, 11, 15)] == usd("126583.33")  # the same
    assert dues[date(2011, 2, 15)] == usd("108500.00")
    after = position_of(loan, END_2012)
    assert (after.is_restructured, after.oldest_unpaid) == (True, None)
    assert after.outstanding == usd("14000000")


def test_new_money_at_the_exchange(loans: Mapping[str, PlannedLoan]) -> None:
    loan = loans["UNIVERSITY-FINANCIAL-CORP-INC"]
    assert position_of(loan, date(2010, 12, 31)).outstanding == usd("22115000")
    assert due_by_day(loan)[date(2011, 2, 15)] == usd("171391.00")  # 3.1 % / 4, whole dollars
    assert position_of(loan, END_2012).life is Life.SETTLED


def test_a_coupon_of_two_parts_and_then_nothing(
    plan: Plan, loans: Mapping[str, PlannedLoan]
) -> None:
    """(5,586,000 x 7.7 % + 279,000 x 13.8 %) / 4 = 117,156; none after May 2010."""
    loan = loans["BOSCOBEL-BANCORP-INC"]
    told = {f.code: f.facts for f in plan.findings if f.subject == loan.loan_number}
    assert told["coupon_in_two_parts"]["note"] == "279000.00"
    dues = due_by_day(loan)
    assert {dues[day] for day in dues if day <= END_2012} == {usd("117156.00")}
    found = position_of(loan, END_2012)
    assert found.fallen_due(Component.INTEREST) == usd("1171560.00")  # ten coupons
    assert found.oldest_unpaid == date(2010, 8, 16)  # 15 August 2010 was a Sunday
    assert found.days_past_due == 868


def test_who_stopped_paying_goes_on_being_late(loans: Mapping[str, PlannedLoan]) -> None:
    """After the file ends, a client who paid is expected to; one who did not is not."""
    later = date(2025, 6, 30)
    silent, paying = loans["BOSCOBEL-BANCORP-INC"], loans["FREEPORT-BANCSHARES"]
    assert position_of(silent, later).fallen_due(Component.INTEREST) > usd("6000000")
    assert position_of(paying, later).oldest_unpaid is None


def test_an_exit_fee_is_no_interest(loans: Mapping[str, PlannedLoan]) -> None:
    for name, fee in (
        ("CHRYSLER-RECEIVABLES-SPV-LLC", "44533054"),
        ("GM-SUPPLIER-RECEIVABLES-LLC", "56541893"),
    ):
        charged = [event for event in loans[name].events if isinstance(event, Charged)]
        fees = [event for event in charged if event.component is Component.FEE]
        assert [(event.amount, event.charge_kind) for event in fees] == [(usd(fee), "exit_fee")]
        found = position_of(loans[name], END_2012)
        assert found.total(Component.FEE, Cause.PAID) == usd(fee)
        assert found.life is Life.SETTLED


def test_income_without_known_terms_is_charged_as_it_comes(
    loans: Mapping[str, PlannedLoan],
) -> None:
    loan = loans["CHRYSLER-RECEIVABLES-SPV-LLC"]
    found = position_of(loan, date(2009, 12, 31))
    paid = ["19429", "574920", "556374", "574920", "574920", "556374", "574920", "556374"]
    assert found.total(Component.INTEREST, Cause.PAID).minor == sum(usd(p).minor for p in paid)
    assert "rate" in loan.terms.assumed
    assert found.outstanding == usd("123076735")


def test_a_partial_prepayment(loans: Mapping[str, PlannedLoan]) -> None:
    """Interest on the repaid part alone; every later coupon is 796,094 in whole dollars."""
    loan = loans["FIRST-SOUTH-BANCORP-INC"]
    dues = due_by_day(loan)
    assert dues[date(2011, 8, 15)] == usd("1048750.00")
    assert dues[date(2011, 9, 28)] == usd("120714.00")
    assert dues[date(2012, 2, 15)] == usd("796094.00")  # 796,093.75, the rest is charged
    assert position_of(loan, date(2011, 12, 31)).outstanding == usd("36875000")
    final = position_of(loan, END_2012)
    assert (final.life, final.oldest_unpaid) == (Life.SETTLED, None)
    assert final.total(Component.FEE, Cause.PAID) == usd("2500000")  # the warrant note


def test_a_commitment_is_no_drawing(plan: Plan, loans: Mapping[str, PlannedLoan]) -> None:
    """What the funds drew is not listed; what they repaid was surely drawn."""
    loan = loans["WELLINGTON-MANAGEMENT-LEGACY-SECURITIES-PPIF-MASTER-FU-L"]
    assert loan.terms.principal == usd("2298974000")
    (drawn,) = [event for event in loan.events if isinstance(event, Drawn)]
    assert drawn.amount < loan.terms.principal
    told = [f.code for f in plan.findings if f.subject == loan.loan_number]
    assert "drawings_not_listed" in told
    for part in "LS":  # this fund repaid its loan and its share to the dollar
        name = f"ALLIANCEBERNSTEIN-LEGACY-SECURITIES-MASTER-FUND-L-P-{part}"
        assert position_of(loans[name], END_2012).life is Life.SETTLED


def test_principal_outstanding_by_client_at_each_year_end(
    tables: list[Table], loans: Mapping[str, PlannedLoan]
) -> None:
    """Lent less repaid, from the rows themselves; the funds apart, whose drawings are not listed."""
    expected: Counter[tuple[str, int]] = Counter()
    for row in tables[0].rows:
        paid_on, entity, kind, amount, program, _ = row.cells
        sign = {"Loan": 1, "Purchase": 1, "Refund": -1}.get(kind, 0)
        if program == "PPIP" or not sign:
            continue
        client = entity.replace("&amp;", "&").replace("&#x27;", "'").strip()
        for year in range(int(paid_on[-4:]), 2013):
            expected[client, year] += sign * int(amount)
    for loan in loans.values():
        if loan.product.startswith("PPIP"):
            continue
        for year in range(2009, 2013):
            found = position_of(loan, date(year, 12, 31)).outstanding
            assert found.minor == expected[loan.borrower, year] * 100, (loan.borrower, year)


def test_interest_by_client_and_year(loans: Mapping[str, PlannedLoan]) -> None:
    """Paid in the year: of Guaranty Capital Corporation, from the rows of the file."""
    loan = loans["GUARANTY-CAPITAL-CORPORATION"]
    ends = [
        position_of(loan, date(year, 12, 31)).total(Component.INTEREST, Cause.PAID)
        for year in range(2009, 2013)
    ]
    assert ends[0] == usd("149716")
    assert ends[1] - ends[0] == usd("890166")  # 2 x 269,500 + 224,583 + 126,583
    assert ends[2] - ends[1] == ends[3] - ends[2] == usd("434000")


def test_clients_without_a_coupon_for_two_quarters(loans: Mapping[str, PlannedLoan]) -> None:
    """The August and November coupons of 2012 have not come."""
    silent = {
        name
        for name, loan in loans.items()
        if (since := position_of(loan, END_2012).oldest_unpaid) and since <= date(2012, 8, 15)
    }
    assert silent == {
        "BOSCOBEL-BANCORP-INC",
        "BROGAN-BANKSHARES-INC",
        "GREAT-RIVER-HOLDING-COMPANY",
        "GULFSOUTH-PRIVATE-BANK",
        "ONEFINANCIAL-CORPORATION",
        "RIVERSIDE-BANCSHARES-INC",
        "SECURITY-STATE-BANK-HOLDING-COMPANY",
        "SUBURBAN-ILLINOIS-BANCORP-INC",
    }


def test_a_coupon_paid_ahead_for_a_prepayment_waits_for_its_day(
    loans: Mapping[str, PlannedLoan],
) -> None:
    """Frontier pays nine days' interest of what it repays eight days later with its coupon."""
    loan = loans["FRONTIER-BANCSHARES"]
    assert position_of(loan, date(2009, 11, 16)).unallocated == usd("3080")
    assert position_of(loan, date(2010, 2, 16)).unallocated == usd("0")
    assert position_of(loan, END_2012).life is Life.SETTLED


HEADERS = "Date,Entity,Type,Amount,Program,Description\n"
LENT = "05/15/2009,A Bank ,Purchase,1000000,CPP,Subordinated Debentures w/ Exercised Warrants\n"


def planned(rows: str, context: Context = CONTEXT) -> Plan:
    file = SourceFile.of("book.csv", (HEADERS + rows).encode())
    return Treasury().plan(list(read_tables(file, Limits())), context)


def test_other_clients_follow_the_same_rules() -> None:
    """1,000,000 with a note of 50,000: (77,000 + 6,900) / 4 = 20,975; paid once, then missed."""
    soon = Context(business_date=date(2010, 3, 31), own_party=OWN)
    plan = planned(
        LENT
        + "08/17/2009,A Bank,Interest,20975,CPP,Interest Payment\n"
        + "02/16/2010,A Bank,Interest,20974,CPP,Interest Payment\n",
        soon,
    )
    (loan,) = plan.loans
    found = position_of(loan, date(2010, 3, 31))
    assert found.fallen_due(Component.INTEREST) == usd("20975")
    assert found.oldest_unpaid == date(2010, 2, 16)  # the February money met November's coupon
    given_up = [event.amount for event in loan.events if isinstance(event, Waived)]
    assert given_up == [usd("1")]
    assert not any(event for event in loan.events if isinstance(event, Amended))


def test_payments_of_a_client_to_whom_nothing_was_lent_are_left_out() -> None:
    plan = planned("08/17/2009,B Bank,Interest,20975,CPP,Interest Payment\n" + LENT)
    assert [(row.subject, row.reason) for row in plan.left_out] == [("B Bank", "nothing_lent")]
    assert len(plan.loans) == 1


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("13/15/2009,A Bank,Purchase,1000000,CPP,", "Date", "date_unreadable"),
        ("05/15/2009,A Bank,Grant,1000000,CPP,", "Type", "word_unknown"),
        ("05/15/2009,A Bank,Purchase,-5,CPP,", "Amount", "amount_not_positive"),
        ("05/15/2009,A Bank,Purchase,1.005,CPP,", "Amount", "amount_too_fine"),
        ("05/15/2009,,Purchase,1000000,CPP,", "Entity", "cell_missing"),
    ],
)
def test_a_faulty_row_says_where_and_why(row: str, column: str, code: str) -> None:
    plan = planned(row + "\n")
    assert [(fault.column, fault.code) for fault in plan.faults] == [(column, code)]
    assert not plan.loans


def test_a_known_loan_is_recognised() -> None:
    known = Context(
        business_date=date(2026, 1, 15), own_party=OWN, known_loans=frozenset({"UST-A-BANK"})
    )
    plan = planned(LENT, known)
    assert not plan.loans
    assert [number for _, number in plan.unchanged] == ["UST-A-BANK"]
