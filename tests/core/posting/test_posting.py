"""Every cause books its T-account, on both sides; what is booked in steps is booked at once."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.ledger import AccountKey, BookingPoint, fiscal_period_of
from gbese.core.money import Currency
from gbese.core.posting import Differences, NoPostingRule, entries_of, ledger_movements
from gbese.core.posting.borrowing import RULES as BORROWING
from gbese.core.posting.lending import RULES as LENDING
from gbese.core.projections.rows import Cause
from gbese.core.servicing.events import Component

NGN = Currency("NGN", 2)
DAY = date(2026, 3, 10)
MARCH = fiscal_period_of(DAY)
P, I, F, N = Component.PRINCIPAL, Component.INTEREST, Component.FEE, Component.PENALTY  # noqa: E741
Booked = list[list[str]]
Place = tuple[Component | None, Cause]
CASH_CAUSES = {Cause.RECEIVED, Cause.REFUNDED, Cause.RECOVERED}


def booked(
    differences: Differences,
    side: Side = Side.LENDER,
    *,
    term_class: TermClass = TermClass.SHORT,
    before_books: bool = False,
) -> Booked:
    """What the entries say, as an accountant writes it: `Dr CASH 100.00`."""
    point = BookingPoint(DAY, MARCH, DAY, is_open_day=True, is_before_books=before_books)
    entries = entries_of(
        differences,
        side=side,
        term_class=term_class,
        currency=NGN,
        value_date=DAY,
        point=point,
        loan_number="L-1",
    )
    return [
        [
            f"{'Dr' if line.signed_minor > 0 else 'Cr'} {line.account} {line.amount.plain()}"
            for line in entry.lines
        ]
        for entry in entries
    ]


# Worked example "Mirror journal": 240,000.00 at 2 % a month, two annuities 123,611.88, fee 4,800.00
# withheld; contract figures, so the fee is earned at once and not by the effective rate.
MIRROR = [
    (
        "drawdown",
        {(P, Cause.DRAWN): 240_000_00, (F, Cause.ACCRUED): 4_800_00, (F, Cause.WITHHELD): 4_800_00},
        [
            ["Dr cash 235200.00", "Dr bor_fee 4800.00", "Cr bor_st 240000.00"],
            ["Dr fin_oth 4800.00", "Cr bor_fee 4800.00"],
        ],
        [
            ["Dr ln_st 240000.00", "Cr cash 235200.00", "Cr ln_fee 4800.00"],
            ["Dr ln_fee 4800.00", "Cr fee_inc 4800.00"],
        ],
    ),
    (
        "month 1",
        {
            (I, Cause.ACCRUED): 4_800_00,
            (None, Cause.RECEIVED): 123_611_88,
            (I, Cause.PAID): 4_800_00,
            (P, Cause.PAID): 118_811_88,
        },
        [
            ["Dr int_exp 4800.00", "Cr bor_int 4800.00"],
            ["Dr bor_int 4800.00", "Dr bor_st 118811.88", "Cr cash 123611.88"],
        ],
        [
            ["Dr ln_int 4800.00", "Cr int_inc 4800.00"],
            ["Dr cash 123611.88", "Cr ln_int 4800.00", "Cr ln_st 118811.88"],
        ],
    ),
    (
        "month 2",
        {
            (I, Cause.ACCRUED): 2_423_76,
            (None, Cause.RECEIVED): 123_611_88,
            (I, Cause.PAID): 2_423_76,
            (P, Cause.PAID): 121_188_12,
        },
        [
            ["Dr int_exp 2423.76", "Cr bor_int 2423.76"],
            ["Dr bor_int 2423.76", "Dr bor_st 121188.12", "Cr cash 123611.88"],
        ],
        [
            ["Dr ln_int 2423.76", "Cr int_inc 2423.76"],
            ["Dr cash 123611.88", "Cr ln_int 2423.76", "Cr ln_st 121188.12"],
        ],
    ),
]


@pytest.mark.parametrize(("name", "differences", "borrower", "lender"), MIRROR)
def test_the_same_loan_in_two_books(
    name: str, differences: Differences, borrower: Booked, lender: Booked
) -> None:
    assert booked(differences, Side.BORROWER) == borrower
    assert booked(differences, Side.LENDER) == lender


@pytest.mark.parametrize(
    ("side", "sign", "earned_on", "fee_on"),
    [
        (Side.LENDER, 1, AccountKey.INTEREST_INCOME, AccountKey.FEE_INCOME),
        (Side.BORROWER, -1, AccountKey.INTEREST_EXPENSE, AccountKey.OTHER_FINANCE_COST),
    ],
)
def test_after_the_last_instalment_every_account_of_the_loan_is_empty(
    side: Side, sign: int, earned_on: AccountKey, fee_on: AccountKey
) -> None:
    position: Counter[Place] = Counter()
    for _, differences, _, _ in MIRROR:
        position.update(differences)
    # 12,023.76 in cash = 7,223.76 of interest + the fee of 4,800.00
    assert ledger_movements(position, side=side, term_class=TermClass.SHORT) == {
        (AccountKey.CASH, ""): sign * 12_023_76,
        (earned_on, "interest"): -sign * 7_223_76,
        (fee_on, "fee"): -sign * 4_800_00,
    }


CASES = [
    # cause, difference | lender | borrower
    ({(P, Cause.OPENED): 1_00}, "Dr ln_st 1.00, Cr opening 1.00", "Dr opening 1.00, Cr bor_st 1.00"),
    ({(I, Cause.OPENED): 1_00}, "Dr ln_int 1.00, Cr opening 1.00", "Dr opening 1.00, Cr bor_int 1.00"),
    ({(F, Cause.ACCRUED): 1_00}, "Dr ln_fee 1.00, Cr fee_inc 1.00", "Dr fin_oth 1.00, Cr bor_fee 1.00"),
    ({(N, Cause.ACCRUED): 1_00}, "Dr ln_pen 1.00, Cr pen_inc 1.00", "Dr fin_oth 1.00, Cr bor_pen 1.00"),
    # paid too much: the rest waits
    (
        {(None, Cause.RECEIVED): 145_01, (N, Cause.PAID): 5_00, (I, Cause.PAID): 40_00, (P, Cause.PAID): 100_00},
        "Dr cash 145.01, Cr unalloc 0.01, Cr ln_pen 5.00, Cr ln_int 40.00, Cr ln_st 100.00",
        "Dr adv_paid 0.01, Dr bor_pen 5.00, Dr bor_int 40.00, Dr bor_st 100.00, Cr cash 145.01",
    ),
    # what waited meets its due date
    ({(I, Cause.PAID): 1_00}, "Dr unalloc 1.00, Cr ln_int 1.00", "Dr bor_int 1.00, Cr adv_paid 1.00"),
    ({(None, Cause.REFUNDED): 1_00}, "Dr unalloc 1.00, Cr cash 1.00", "Dr cash 1.00, Cr adv_paid 1.00"),
    ({(I, Cause.CAPITALISED): 1_00}, "Dr ln_st 1.00, Cr ln_int 1.00", "Dr bor_int 1.00, Cr bor_st 1.00"),
    ({(N, Cause.WAIVED): 1_00}, "Dr mod_l 1.00, Cr ln_pen 1.00", "Dr bor_pen 1.00, Cr mod_g 1.00"),
    (
        {(P, Cause.WRITTEN_OFF): 180_000_00, (I, Cause.WRITTEN_OFF): 22_000_00},
        "Dr imp 180000.00, Dr imp 22000.00, Cr ln_st 180000.00, Cr ln_int 22000.00",
        "Dr bor_st 180000.00, Dr bor_int 22000.00, Cr other_inc 180000.00, Cr other_inc 22000.00",
    ),
    ({(None, Cause.RECEIVED): 15_000_00, (None, Cause.RECOVERED): 15_000_00}, "Dr cash 15000.00, Cr recov 15000.00", "Dr other_inc 15000.00, Cr cash 15000.00"),
    ({(P, Cause.ADJUSTED): 1_00}, "Dr ln_st 1.00, Cr fx_g 1.00", "Dr fx_l 1.00, Cr bor_st 1.00"),
    ({(P, Cause.ADJUSTED): -1_00}, "Dr fx_l 1.00, Cr ln_st 1.00", "Dr bor_st 1.00, Cr fx_g 1.00"),
    # a correction books the same accounts the other way
    ({(I, Cause.ACCRUED): -1_00}, "Dr int_inc 1.00, Cr ln_int 1.00", "Dr bor_int 1.00, Cr int_exp 1.00"),
    # a payment allocated otherwise than before moves no cash
    (
        {(I, Cause.PAID): 2_00, (P, Cause.PAID): -2_00},
        "Dr ln_st 2.00, Cr ln_int 2.00",
        "Dr bor_int 2.00, Cr bor_st 2.00",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("differences", "lender", "borrower"), CASES)
def test_each_cause_books_its_t_account(
    differences: Differences, lender: str, borrower: str
) -> None:
    assert booked(differences, Side.LENDER) == [lender.split(", ")]
    assert booked(differences, Side.BORROWER) == [borrower.split(", ")]


def test_the_term_class_chooses_the_account_of_the_loan() -> None:
    assert booked({(P, Cause.DRAWN): 1_00}, term_class=TermClass.LONG) == [
        ["Dr ln_lt 1.00", "Cr cash 1.00"]
    ]
    assert booked({(P, Cause.DRAWN): 1_00}, Side.BORROWER, term_class=TermClass.LONG) == [
        ["Dr cash 1.00", "Cr bor_lt 1.00"]
    ]


def test_falling_due_books_nothing() -> None:
    assert booked({(P, Cause.DUE): 1_00, (I, Cause.DUE): 1_00}) == []


def test_what_was_before_the_books_is_taken_over_as_balances() -> None:
    history = {(P, Cause.DRAWN): 100_00, (I, Cause.ACCRUED): 9_00, (None, Cause.RECEIVED): 45_00, (I, Cause.PAID): 4_00, (P, Cause.PAID): 40_00}  # fmt: skip
    assert booked(history, before_books=True) == [
        ["Dr ln_st 60.00", "Dr ln_int 5.00", "Cr opening 64.00", "Cr unalloc 1.00"]
    ]
    settled = {(I, Cause.ACCRUED): 9_00, (None, Cause.RECEIVED): 9_00, (I, Cause.PAID): 9_00}
    assert booked(settled, before_books=True) == []


@pytest.mark.parametrize("place", [(P, Cause.ACCRUED), (None, Cause.PAID), (I, Cause.RECEIVED)])
def test_what_has_no_rule_is_refused(place: Place) -> None:
    with pytest.raises(NoPostingRule) as refused:
        booked({place: 1})
    assert refused.value.facts == {"component": place[0], "cause": place[1]}


def test_both_tables_have_a_rule_for_the_same_causes() -> None:
    assert set(LENDING) == set(BORROWING) == set(Cause) - {Cause.DUE, Cause.ADJUSTED}


amounts = st.integers(-(10**15), 10**15)
places = st.sampled_from(
    [(component, cause) for component in Component for cause in Cause if cause not in CASH_CAUSES]
    + [(None, cause) for cause in CASH_CAUSES]
).filter(lambda place: place != (P, Cause.ACCRUED))
differences_of_a_loan = st.dictionaries(places, amounts, max_size=12)
sides = st.sampled_from(Side)
PAIRED = {AccountKey.EXCHANGE_LOSS: AccountKey.EXCHANGE_GAIN}  # one result, shown as gain or loss


def net(movements: Mapping[tuple[AccountKey, str], int]) -> Mapping[tuple[AccountKey, str], int]:
    paired = Counter()
    for (account, component), minor in movements.items():
        paired[PAIRED.get(account, account), component] += minor
    return {place: minor for place, minor in paired.items() if minor}


@given(differences_of_a_loan, differences_of_a_loan, sides)
def test_what_is_booked_in_steps_is_what_the_position_books_at_once(
    first: Differences, second: Differences, side: Side
) -> None:
    both = Counter(first)
    both.update(second)
    in_steps = Counter(ledger_movements(first, side=side, term_class=TermClass.LONG))
    in_steps.update(ledger_movements(second, side=side, term_class=TermClass.LONG))
    assert net(in_steps) == net(ledger_movements(both, side=side, term_class=TermClass.LONG))


@given(differences_of_a_loan, sides)
def test_the_entries_move_what_the_differences_move(differences: Differences, side: Side) -> None:
    entries = entries_of(
        differences, side=side, term_class=TermClass.SHORT, currency=NGN, value_date=DAY,
        point=BookingPoint(DAY, MARCH, DAY), loan_number="L-1",
    )  # fmt: skip
    moved = Counter()
    for entry in entries:
        for line in entry.lines:
            moved[line.account, line.component] += line.signed_minor
    assert {place: minor for place, minor in moved.items() if minor} == ledger_movements(
        differences, side=side, term_class=TermClass.SHORT
    )


MIRRORED = {
    AccountKey.LOANS_SHORT: AccountKey.BORROWINGS_SHORT,
    AccountKey.INTEREST_RECEIVABLE: AccountKey.INTEREST_PAYABLE,
    AccountKey.FEES_RECEIVABLE: AccountKey.FEES_PAYABLE,
    AccountKey.PENALTIES_RECEIVABLE: AccountKey.PENALTIES_PAYABLE,
    AccountKey.UNALLOCATED_RECEIPTS: AccountKey.ADVANCES_PAID,
    AccountKey.INTEREST_INCOME: AccountKey.INTEREST_EXPENSE,
    AccountKey.FEE_INCOME: AccountKey.OTHER_FINANCE_COST,
    AccountKey.PENALTY_INCOME: AccountKey.OTHER_FINANCE_COST,
    AccountKey.MODIFICATION_LOSS: AccountKey.MODIFICATION_GAIN,
    AccountKey.IMPAIRMENT: AccountKey.OTHER_INCOME,
    AccountKey.RECOVERIES: AccountKey.OTHER_INCOME,
    AccountKey.EXCHANGE_GAIN: AccountKey.EXCHANGE_LOSS,
    AccountKey.EXCHANGE_LOSS: AccountKey.EXCHANGE_GAIN,
}


@given(differences_of_a_loan)
def test_the_borrower_books_the_lenders_entries_turned_round(differences: Differences) -> None:
    lender = ledger_movements(differences, side=Side.LENDER, term_class=TermClass.SHORT)
    borrower = ledger_movements(differences, side=Side.BORROWER, term_class=TermClass.SHORT)
    mirrored = Counter()
    for (account, component), minor in lender.items():
        mirrored[MIRRORED.get(account, account), component] -= minor
    assert {place: minor for place, minor in mirrored.items() if minor} == borrower
