"""A progressive loan that is charged off: still owed, by the rule of its terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gbese.core.contracts.progressive import ChargeOffRule, Owed, ProgressiveTerms
from gbese.core.money import Money
from gbese.core.posting.progressive import ProgressiveRole, account_lines
from gbese.core.servicing.errors import (
    ChargedOffBeforeOtherFacts,
    LoanChargedOff,
    LoanNotChargedOff,
)
from gbese.core.servicing.events import ChargedOff, Component, Levied, LevyWaived
from gbese.core.servicing.progressive.history import ProgressiveHistory
from gbese.core.servicing.progressive.postings import PostingKind
from gbese.core.servicing.progressive.readings import schedule
from tests.core.servicing.test_progressive_history import (
    AGREED,
    FIRST_DUE,
    START,
    drawn,
    opened,
    received,
)
from tests.core.servicing.test_progressive_history import EUR as CURRENCY

MID_FEBRUARY = date(2024, 2, 14)


def charged_off(
    rule: ChargeOffRule, agreed: ProgressiveTerms = AGREED, *, is_fraud: bool = False
) -> ProgressiveHistory:
    """100.00 at 7 %, the first 17.01 paid when due, charged off on 14 February."""
    loan = opened(replace(agreed, charge_off=rule), 100_00)
    loan.record(drawn(1, START, 100_00))
    loan.today = FIRST_DUE
    loan.record(received(2, FIRST_DUE, 17_01))
    loan.today = MID_FEBRUARY
    loan.record(ChargedOff(number=3, value_date=MID_FEBRUARY, is_fraud=is_fraud))
    return loan


def asked(loan: ProgressiveHistory) -> list[tuple[date, int, int]]:
    return [
        (row.due, row.principal, row.interest)
        for row in schedule(loan.loan)
        if row.number is not None
    ]


def charge_off_of(loan: ProgressiveHistory) -> tuple[int, int]:
    [posting] = [
        each
        for each in loan.postings
        if each.kind is PostingKind.CHARGE_OFF and not each.is_reverted
    ]
    return posting.parts[Owed.PRINCIPAL], posting.parts[Owed.INTEREST]


@pytest.mark.parametrize("agreed", [AGREED, replace(AGREED, recalculation=None)])
def test_without_interest_from_the_day_on_the_last_payment_takes_the_rest(
    agreed: ProgressiveTerms,
) -> None:
    """83.57 x 0.07 / 12 x 13/29 = 0.2185; then 17.01 three times and 100 less all others."""
    loan = charged_off(ChargeOffRule.ZERO_INTEREST, agreed)
    principal = [1643, 1701 - 22, 1701, 1701, 1701]
    assert [row[1] for row in asked(loan)] == [*principal, 100_00 - sum(principal)]
    assert [row[2] for row in asked(loan)] == [58, 22, 0, 0, 0, 0]
    assert charge_off_of(loan) == (83_57, 22)


@pytest.mark.parametrize("agreed", [AGREED, replace(AGREED, recalculation=None)])
def test_all_that_is_left_falls_due_on_the_day(agreed: ProgressiveTerms) -> None:
    loan = charged_off(ChargeOffRule.ACCELERATE_MATURITY, agreed)
    assert asked(loan) == [(FIRST_DUE, 1643, 58), (MID_FEBRUARY, 83_57, 22)]
    assert charge_off_of(loan) == (83_57, 22)


def test_by_the_regular_rule_the_plan_stays_and_all_of_it_is_charged_off() -> None:
    """The interest of 100.00 in six months is 2.05, of which 0.58 was paid."""
    loan = charged_off(ChargeOffRule.REGULAR)
    assert sum(row[2] for row in asked(loan)) == 2_05
    assert charge_off_of(loan) == (83_57, 2_05 - 58)


def test_what_is_earned_by_the_day_is_accrued_with_it_and_nothing_later() -> None:
    loan = charged_off(ChargeOffRule.ZERO_INTEREST)
    loan.close_days(date(2024, 3, 31))
    assert [(each.day, each.amount) for each in loan.accruals.postings] == [(MID_FEBRUARY, 58 + 22)]


def test_a_charge_off_undone_leaves_the_plan_as_it_was() -> None:
    loan = charged_off(ChargeOffRule.ACCELERATE_MATURITY)
    loan.undo_charge_off()
    assert sum(row[2] for row in asked(loan)) == 2_05
    with pytest.raises(LoanNotChargedOff):
        loan.undo_charge_off()


def test_nothing_is_drawn_or_charged_off_again_nor_before_what_was_paid() -> None:
    loan = charged_off(ChargeOffRule.REGULAR)
    for fact in (drawn(4, MID_FEBRUARY, 1), ChargedOff(number=4, value_date=MID_FEBRUARY)):
        with pytest.raises(LoanChargedOff):
            loan.record(fact)
    loan.undo_charge_off()
    with pytest.raises(ChargedOffBeforeOtherFacts):
        loan.record(ChargedOff(number=4, value_date=START))


def test_what_is_waived_on_the_day_is_not_charged_off() -> None:
    loan = opened(AGREED, 100_00)
    loan.record(drawn(1, START, 100_00))
    fee = Levied(
        number=2,
        value_date=START,
        component=Component.FEE,
        charge_kind="reminder",
        due_date=FIRST_DUE,
        amount=Money(3_00, CURRENCY),
    )
    loan.record(fee)
    loan.record(ChargedOff(number=3, value_date=START))
    loan.record(LevyWaived(number=4, value_date=START, levy=2))
    [posting] = [each for each in loan.postings if each.kind is PostingKind.CHARGE_OFF]
    assert (posting.parts[Owed.FEE], posting.is_replayed) == (0, True)


def test_in_the_books_principal_is_an_expense_and_later_payments_are_recovered() -> None:
    accounts = {role: role.value for role in ProgressiveRole}
    loan = charged_off(ChargeOffRule.ZERO_INTEREST, is_fraud=True)
    loan.record(received(4, MID_FEBRUARY, 10_00))
    told = {
        posting.kind: {
            line.account: line.debit - line.credit for line in account_lines(posting, accounts)
        }
        for posting in loan.postings
        if posting.day == MID_FEBRUARY
    }
    assert told[PostingKind.CHARGE_OFF] == {
        "chargeoff_fraud_expense": 83_57,
        "chargeoff_interest_income": 22,
        "loan_portfolio": -83_57,
        "interest_receivable": -22,
    }
    assert told[PostingKind.REPAYMENT] == {"fund_source": 10_00, "recovery_income": -10_00}


def test_what_a_reason_costs_may_have_an_account_of_its_own() -> None:
    accounts = {role: role.value for role in ProgressiveRole}
    loan = opened(AGREED, 100_00)
    loan.record(drawn(1, START, 100_00))
    loan.record(ChargedOff(number=2, value_date=START, reason="bankrupt"))
    lines = account_lines(loan.loan.postings[-1], accounts, {"bankrupt": "bankruptcies"})
    assert [line.debit for line in lines if line.account == "bankruptcies"] == [100_00]
