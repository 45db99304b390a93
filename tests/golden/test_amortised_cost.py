"""Amortised cost, changed terms, currencies, capitalised interest, expected losses: worked
examples, to the minor unit. Unrounded inside, half up at the end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from gbese.apps.rates.shipped_rules import shipped_rule
from gbese.core.amortised_cost.borrowing_costs import (
    GeneralBorrowing,
    WeightedAmount,
    capitalisation_rate,
    capitalised_cost,
)
from gbese.core.amortised_cost.effective_interest import (
    CarryingRow,
    ExpectedFlow,
    effective_interest_rate,
    expected_by_period,
    fee_parts,
    minor_rows,
    present_value,
    straight_line,
)
from gbese.core.amortised_cost.expected_losses import (
    DefaultProspect,
    ProvisionBand,
    expected_credit_loss,
    impaired_loss,
    prudential_provision,
    transfer_to_reserve,
)
from gbese.core.amortised_cost.foreign_currency import (
    MonetaryItem,
    difference_at,
    index_difference,
    indexed_payment,
)
from gbese.core.amortised_cost.modifications import modification_gain, modification_test
from gbese.core.calendars.day_counts import DayCount
from gbese.core.contracts.terms import FeeTerms, FeeTiming
from gbese.core.money import Currency, Rounding, round_money
from gbese.core.yields.roots import in_per_cent
from tests.core.loans import NGN, Story, money, terms_of

TENTH = Fraction(shipped_rule("ifrs9.substantial_modification").on(date(2026, 1, 1)).value)


def rounded(amount: Fraction | Decimal, currency: Currency = NGN) -> str:
    return round_money(Fraction(amount), currency, Rounding.HALF_UP).plain()


def yearly(coupon: int, years: int, principal: int) -> tuple[ExpectedFlow, ...]:
    """A coupon a year, the principal with the last; minor units."""
    flows = [Fraction(coupon)] * years
    flows[-1] += principal
    return expected_by_period(flows)


def told(rows: tuple[CarryingRow, ...]) -> list[tuple[str, ...]]:
    return [
        tuple(
            f"{part / 100:.2f}"
            for part in map(float_free, (row.opening, row.interest, row.cash, row.closing))
        )
        for row in rows
    ]


def float_free(amount: Fraction) -> Decimal:
    return Decimal(amount.numerator) / amount.denominator


# E22. 10,000,000.00, 12 % paid yearly, repaid after three years, transaction cost 200,000.00.
E22_FLOWS = yearly(1_200_000_00, 3, 10_000_000_00)
E22_RATE = effective_interest_rate(Fraction(9_800_000_00), E22_FLOWS)


def test_e22_effective_interest_of_a_loan_received() -> None:
    assert str(in_per_cent(E22_RATE, 6)) == "12.844813"
    rows = minor_rows(9_800_000_00, E22_FLOWS, E22_RATE, rounding=Rounding.HALF_UP)
    assert told(rows) == [
        ("9800000.00", "1258791.66", "1200000.00", "9858791.66"),
        ("9858791.66", "1266343.33", "1200000.00", "9925134.99"),
        ("9925134.99", "1274865.01", "11200000.00", "0.00"),
    ]
    assert sum(row.interest for row in rows) == 3_800_000_00


def test_e22_the_cost_in_equal_parts() -> None:
    """By hand: 200,000.00 over three years."""
    parts = [part.plain() for part in straight_line(money("200,000.00"), 3)]
    assert parts == ["66666.67", "66666.67", "66666.66"]


# E23. 600,000.00 at 3 % a month, six level payments, 12,000.00 withheld.
E23 = terms_of(
    "600,000.00",
    "0.36",
    start="2026-01-15",
    first_due="2026-02-15",
    maturity="2026-07-15",
    day_count=DayCount.EQUAL_PERIODS,
    fees=(
        FeeTerms(
            fee_kind="arrangement",
            timing=FeeTiming.WITHHELD_AT_DRAWDOWN,
            amount=money("12,000.00"),
        ),
    ),
)
E23_PLAN = Story(E23).projection.plan
E23_FLOWS = expected_by_period([Fraction(row.principal + row.interest) for row in E23_PLAN])
E23_RATE = effective_interest_rate(Fraction(588_000_00), E23_FLOWS)
E23_ROWS = minor_rows(588_000_00, E23_FLOWS, E23_RATE, rounding=Rounding.HALF_UP)


def test_e23_effective_interest_with_a_withheld_fee() -> None:
    assert [row.principal + row.interest for row in E23_PLAN] == [110_758_50] * 5 + [110_758_51]
    assert str(in_per_cent(E23_RATE, 6)) == "3.612906"
    assert str(in_per_cent((1 + E23_RATE) ** 12 - 1, 4)) == "53.0968"
    fees = fee_parts(E23_ROWS, [row.interest for row in E23_PLAN])
    figures = [
        tuple(
            f"{float_free(Fraction(part)) / 100:.2f}"
            for part in (row.interest, interest, fee, row.closing)
        )
        for row, interest, fee in zip(
            E23_ROWS, [row.interest for row in E23_PLAN], fees, strict=True
        )
    ]
    assert figures == [
        ("21243.89", "18000.00", "3243.89", "498485.39"),
        ("18009.81", "15217.25", "2792.56", "405736.70"),
        ("14658.88", "12351.01", "2307.87", "309637.08"),
        ("11186.90", "9398.78", "1788.12", "210065.48"),
        ("7589.47", "6357.99", "1231.48", "106896.45"),
        ("3862.06", "3225.98", "636.08", "0.00"),
    ]
    assert sum(row.interest for row in E23_ROWS) == 76_551_01
    assert sum(fees) == 12_000_00


@pytest.mark.parametrize(
    ("coupon", "fee", "value", "share", "is_substantial"),
    [
        # (a) 9 %: the difference is 1,006,117.58
        (900_000_00, 0, "8852674.08", "10.2053", True),
        # (b) 9.5 %
        (950_000_00, 0, "9001878.48", "8.6919", False),
        # (c) 9.5 % and 150,000.00 to the lender
        (950_000_00, 150_000_00, "9151878.48", "7.1704", False),
    ],
)
def test_e24_ten_per_cent_test(
    coupon: int, fee: int, value: str, share: str, *, is_substantial: bool
) -> None:
    """E24. Loan E22 at the end of year 1: 9,858,791.66 carried; four years left after the change."""
    test = modification_test(
        Fraction(9_858_791_66),
        yearly(coupon, 4, 10_000_000_00),
        original_rate=E22_RATE,
        fees_between_parties=Fraction(fee),
        threshold=TENTH,
    )
    assert rounded(test.new_value / 100) == value
    assert str(in_per_cent(test.share, 4)) == share
    assert test.is_substantial is is_substantial


def test_e24_gain_where_the_loan_stays() -> None:
    """E24 (a) 1,006,117.58 apart; (b) 856,913.18 gained now."""
    at_nine = modification_gain(
        Fraction(9_858_791_66), yearly(900_000_00, 4, 10_000_000_00), original_rate=E22_RATE
    )
    at_nine_and_a_half = modification_gain(
        Fraction(9_858_791_66), yearly(950_000_00, 4, 10_000_000_00), original_rate=E22_RATE
    )
    assert rounded(at_nine / 100) == "1006117.58"
    assert rounded(at_nine_and_a_half / 100) == "856913.18"


def test_e25_a_lender_reschedules() -> None:
    """E25. After instalment 3 of E23 the contract's 313,292.76 over six months at 2.5 %."""
    terms = terms_of(
        "313,292.76",
        "0.30",
        start="2026-04-15",
        first_due="2026-05-15",
        maturity="2026-10-15",
        day_count=DayCount.EQUAL_PERIODS,
    )
    payments = [row.due for row in Story(terms).projection.plan]
    assert payments == [56_878_29] * 5 + [56_878_31]
    flows = expected_by_period([Fraction(payment) for payment in payments])
    assert rounded(present_value(E23_RATE, flows) / 100) == "301958.19"
    carried = E23_ROWS[2].closing
    assert carried == 309_637_08
    assert rounded(modification_gain(carried, flows, original_rate=E23_RATE) / 100) == "7678.89"


def test_e26_general_borrowings_capitalised() -> None:
    """E26. 5,000,000.00 at 14 % all year, 3,000,000.00 at 18 % from July; 2,000,000 spent on
    1 March, 1,200,000 on 1 September."""
    borrowings = [
        GeneralBorrowing(WeightedAmount(Fraction(5_000_000), Fraction(1)), Fraction("0.14")),
        GeneralBorrowing(WeightedAmount(Fraction(3_000_000), Fraction(6, 12)), Fraction("0.18")),
    ]
    spent = [
        WeightedAmount(Fraction(2_000_000), Fraction(10, 12)),
        WeightedAmount(Fraction(1_200_000), Fraction(4, 12)),
    ]
    assert str(in_per_cent(capitalisation_rate(borrowings), 6)) == "14.923077"
    assert rounded(sum((each.weighted for each in spent), Fraction(0))) == "2066666.67"
    assert rounded(capitalised_cost(borrowings, spent)) == "308410.26"


def test_e26_never_more_than_was_incurred() -> None:
    """By hand: 100.00 spent all year against 50.00 borrowed at 10 %: 5.00, not 10.00."""
    borrowings = [GeneralBorrowing(WeightedAmount(Fraction(50), Fraction(1)), Fraction("0.10"))]
    spent = [WeightedAmount(Fraction(100), Fraction(1))]
    assert capitalised_cost(borrowings, spent) == 5


def test_e27_a_loan_in_dollars_in_naira_books() -> None:
    """E27. USD 100,000.00 received at 1,500; 9 % ACT/360; averages 1,510, 1,505, 1,492; closing
    1,520 and 1,490; interest paid on 10 April at 1,495."""
    principal = MonetaryItem().with_more(Fraction(100_000), Fraction(1_500))
    assert rounded(difference_at(principal, Fraction(1_520))) == "2000000.00"
    principal = principal.revalued(Fraction(1_520))
    assert rounded(difference_at(principal, Fraction(1_490))) == "-3000000.00"

    interest = [Fraction(100_000) * Fraction(9, 100) * days / 360 for days in (18, 31, 10)]
    assert [rounded(part) for part in interest] == ["450.00", "775.00", "250.00"]
    expense = [
        part * average for part, average in zip(interest, (1_510, 1_505, 1_492), strict=True)
    ]
    assert [rounded(part) for part in expense] == ["679500.00", "1166375.00", "373000.00"]

    payable = MonetaryItem().with_more(interest[0], Fraction(1_510))
    february = difference_at(payable, Fraction(1_520))
    payable = payable.revalued(Fraction(1_520))
    assert (rounded(payable.carried), rounded(february)) == ("684000.00", "4500.00")
    payable = payable.with_more(interest[1], Fraction(1_505))
    march = difference_at(payable, Fraction(1_490))
    payable = payable.revalued(Fraction(1_490))
    assert (rounded(payable.carried), rounded(march)) == ("1825250.00", "-25125.00")
    payable = payable.with_more(interest[2], Fraction(1_492))
    assert rounded(payable.carried) == "2198250.00"
    on_payment = difference_at(payable, Fraction(1_495))
    assert rounded(on_payment) == "6875.00"
    assert payable.settled(Fraction(1_475), Fraction(1_495)) == MonetaryItem()
    assert rounded(sum(expense) + february + march + on_payment) == "2205125.00"


def test_e28_indexed_to_the_dollar_and_paid_in_tenge() -> None:
    """E28. USD 10,000.00 at 505.00, four times 2,500.00 and 12 % a year by 30/360."""
    rates = [Fraction(rate) for rate in ("508.20", "512.75", "499.10", "503.00")]
    interest = [Fraction(left) / 100 for left in (10_000, 7_500, 5_000, 2_500)]
    payments = [
        indexed_payment(2_500 + part, rate) for part, rate in zip(interest, rates, strict=True)
    ]
    assert [rounded(payment) for payment in payments] == [
        "1321320.00",
        "1320331.25",
        "1272705.00",
        "1270075.00",
    ]
    assert rounded(sum(payments, Fraction(0))) == "5184431.25"
    differences = [
        index_difference(Fraction(2_500), rate=rate, issue_rate=Fraction(505)) for rate in rates
    ]
    assert [rounded(part) for part in differences] == [
        "8000.00",
        "19375.00",
        "-14750.00",
        "-5000.00",
    ]
    assert rounded(sum(differences, Fraction(0))) == "7625.00"


def test_e36_prudential_provision_against_the_expected_loss() -> None:
    bands = [
        ProvisionBand(Fraction(balance), Fraction(part))
        for balance, part in (
            (8_000_000, "0.01"),
            (600_000, "0.05"),
            (250_000, "0.20"),
            (120_000, "0.50"),
            (90_000, "1"),
        )
    ]
    required = prudential_provision(bands)
    assert rounded(required) == "310000.00"
    assert rounded(transfer_to_reserve(required, Fraction(265_000))) == "45000.00"
    assert transfer_to_reserve(Fraction(265_000), required) == 0


def test_e37_stages_of_expected_loss() -> None:
    """E37. Effective rate 26 %, loss given default 45 %."""
    rate, lost = Decimal("0.26"), Fraction("0.45")
    within_a_year = [DefaultProspect(Fraction(1, 2), Fraction("0.03"), Fraction(500_000), lost)]
    assert rounded(expected_credit_loss(within_a_year, effective_rate=rate)) == "6013.38"
    life = [
        DefaultProspect(Fraction(year), Fraction(likely), Fraction(exposure), lost)
        for year, likely, exposure in (
            (1, "0.04", 500_000),
            (2, "0.05", 350_000),
            (3, "0.06", 180_000),
        )
    ]
    by_year = [expected_credit_loss([each], effective_rate=rate) for each in life]
    assert [rounded(loss) for loss in by_year] == ["7142.86", "4960.32", "2429.54"]
    assert rounded(expected_credit_loss(life, effective_rate=rate)) == "14532.72"
    cash = expected_by_period([Fraction(150_000), Fraction(100_000)])
    assert rounded(present_value(rate, cash)) == "182035.78"
    loss = impaired_loss(Fraction(400_000), cash, effective_rate=rate)
    assert rounded(loss) == "217964.22"
    net = Fraction(400_000) - loss
    assert rounded(net * Fraction("0.26") / 12) == "3944.11"


def test_e44_effective_interest_of_both_sides() -> None:
    """E44. 240,000.00 at 2 % a month, two level payments, 4,800.00 withheld."""
    terms = terms_of(
        "240,000.00",
        "0.24",
        start="2026-01-15",
        first_due="2026-02-15",
        maturity="2026-03-15",
        day_count=DayCount.EQUAL_PERIODS,
    )
    plan = Story(terms).projection.plan
    assert [row.due for row in plan] == [123_611_88, 123_611_88]
    flows = expected_by_period([Fraction(row.due) for row in plan])
    rate = effective_interest_rate(Fraction(235_200_00), flows)
    assert str(in_per_cent(rate, 6)) == "3.389269"
    rows = minor_rows(235_200_00, flows, rate, rounding=Rounding.HALF_UP)
    interest = [row.interest for row in plan]
    assert [int(row.interest) for row in rows] == [7_971_56, 4_052_20]
    assert interest == [4_800_00, 2_423_76]
    assert fee_parts(rows, interest) == (3_171_56, 1_628_44)
    assert rows[-1].closing == 0


def test_a_loan_below_the_market() -> None:
    """By hand. 1,000,000.00 free of interest for two years; the market asks 10 %: worth
    1,000,000 / 1.21 = 826,446.28, so 173,553.72 is a gift, and interest is 82,644.63 and
    90,909.09."""
    flows = yearly(0, 2, 1_000_000_00)
    value = round(present_value(Decimal("0.10"), flows))
    assert value == 826_446_28
    assert 1_000_000_00 - value == 173_553_72
    rows = minor_rows(value, flows, Decimal("0.10"), rounding=Rounding.HALF_UP)
    assert [int(row.interest) for row in rows] == [82_644_63, 90_909_09]
