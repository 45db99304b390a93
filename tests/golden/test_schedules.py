"""Schedules row by row: worked examples of the domain, to the minor unit."""

from __future__ import annotations

from gbese.core.calendars.day_counts import DayCount
from gbese.core.contracts.terms import ScheduleKind, Terms
from gbese.core.servicing.events import SurplusUse
from tests.core.loans import KZT, I, P, Story, day, terms_of

Row = tuple[str, str, str, str]

# E05. 1,200,000.00 at 30 % a year in equal months (2.5 % a month), 12 instalments of 116,984.55;
# the last takes the rounding. Rows: interest + principal -> balance.
E05 = """
    30000.00  86984.55 1113015.45
    27825.39  89159.16 1023856.29
    25596.41  91388.14  932468.15
    23311.70  93672.85  838795.30
    20969.88  96014.67  742780.63
    18569.52  98415.03  644365.60
    16109.14 100875.41  543490.19
    13587.25 103397.30  440092.89
    11002.32 105982.23  334110.66
     8352.77 108631.78  225478.88
     5636.97 111347.58  114131.30
     2853.28 114131.30       0.00
"""


def table(text: str) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]


def amounts(rows: list[Row]) -> list[list[str]]:
    return [list(row[1:]) for row in rows]


def e05_terms(*, principal: str = "1,200,000.00", rate: str = "0.30", months: int = 12) -> Terms:
    maturity = f"2027-{months - 11:02}-31" if months > 11 else f"2026-{months + 1:02}-28"
    return terms_of(
        principal,
        rate,
        start="2026-01-31",
        first_due="2026-02-28",
        maturity=maturity,
        day_count=DayCount.EQUAL_PERIODS,
        end_of_month=True,
    )


def test_e05_annuity_in_equal_months() -> None:
    story = Story(e05_terms())
    assert amounts(story.rows()) == table(E05)
    assert amounts(story.drawn("2026-01-31").rows()) == table(E05)
    assert sum(row.due for row in story.projection.plan) == 1_403_814_63
    assert sum(row.interest for row in story.projection.plan) == 203_814_63


def test_e06_equal_principal_by_actual_days() -> None:
    """E06. 700,000.00 at 28 % ACT/365F from 2026-01-31, on the last day of six months."""
    story = Story(
        terms_of(
            "700,000.00",
            "0.28",
            start="2026-01-31",
            first_due="2026-02-28",
            maturity="2026-07-31",
            kind=ScheduleKind.LINEAR,
            end_of_month=True,
            currency=KZT,
        )
    )
    expected = [
        ("2026-02-28", "15035.62", "116666.67", "583333.33"),
        ("2026-03-31", "13872.15", "116666.67", "466666.66"),
        ("2026-04-30", "10739.73", "116666.67", "349999.99"),
        ("2026-05-31", "8323.29", "116666.67", "233333.32"),
        ("2026-06-30", "5369.86", "116666.67", "116666.65"),
        ("2026-07-31", "2774.43", "116666.65", "0.00"),
    ]
    assert story.rows() == expected
    story.drawn("2026-01-31")
    for (due, interest, principal, balance), paid in zip(
        expected,
        ["131702.29", "130538.82", "127406.40", "124989.96", "122036.53", "119441.08"],
        strict=True,
    ):
        at = story.on(due)
        assert at.fallen_due(I).plain() == interest, due
        assert at.fallen_due(P).plain() == principal, due
        story.paid(due, paid)
        assert story.on(due).outstanding.plain() == balance, due
    assert story.on("2026-07-31").debt.plain() == "0.00"


def test_e09_annuity_with_a_balloon() -> None:
    """E09. 2,000,000.00 at 2 % a month, 12 instalments of 144,383.44, 600,000.00 with the last."""
    story = Story(
        terms_of(
            "2,000,000.00",
            "0.24",
            start="2026-01-15",
            first_due="2026-02-15",
            maturity="2027-01-15",
            day_count=DayCount.EQUAL_PERIODS,
            balloon="600,000.00",
        )
    )
    story.drawn("2026-01-15")
    rows = amounts(story.rows())
    assert rows[0] == ["40000.00", "104383.44", "1895616.56"]
    assert rows[1] == ["37912.33", "106471.11", "1789145.45"]
    assert rows[10] == ["17140.61", "127242.83", "729787.63"]
    assert rows[11] == ["14595.75", "729787.63", "0.00"]
    assert sum(row.interest for row in story.projection.plan) == 332_601_22


def test_e10_interest_is_paid_while_principal_waits() -> None:
    """E10 (a). 600,000.00 at 2.5 % a month: three months of interest alone, then six annuities."""
    story = Story(
        terms_of(
            "600,000.00",
            "0.30",
            start="2026-01-15",
            first_due="2026-02-15",
            maturity="2026-10-15",
            day_count=DayCount.EQUAL_PERIODS,
            principal_grace_instalments=3,
        )
    )
    story.drawn("2026-01-15")
    rows = story.projection.plan
    assert [row.due for row in rows] == [15_000_00] * 3 + [108_929_98] * 5 + [108_930_00]
    assert sum(row.interest for row in rows) == 98_579_90


def test_e11_level_payment_over_actual_days() -> None:
    """E11. 400,000.00 at 24 % ACT/365F from 2026-03-10, due on the last day of April to July; the
    first period has 51 days."""
    story = Story(
        terms_of(
            "400,000.00",
            "0.24",
            start="2026-03-10",
            first_due="2026-04-30",
            maturity="2026-07-31",
            end_of_month=True,
        )
    )
    expected = [
        ("2026-04-30", "13413.70", "93055.10", "306944.90"),
        ("2026-05-31", "6256.63", "100212.17", "206732.73"),
        ("2026-06-30", "4078.02", "102390.78", "104341.95"),
        ("2026-07-31", "2126.86", "104341.95", "0.00"),
    ]
    assert story.rows() == expected
    assert story.drawn("2026-03-10").rows() == expected
    assert [row.due for row in story.projection.plan] == [106_468_80] * 3 + [106_468_81]


def test_e14_seasonal() -> None:
    """E14. 900,000.00 at 2.2 % a month on the balance; principal 30, 40 and 30 % in months 7 to 9."""
    principal = ["0"] * 6 + ["270,000.00", "360,000.00", "270,000.00"]
    story = Story(
        terms_of(
            "900,000.00",
            "0.264",
            start="2026-01-10",
            first_due="2026-02-10",
            maturity="2026-10-10",
            kind=ScheduleKind.CUSTOM,
            day_count=DayCount.EQUAL_PERIODS,
            custom=[(f"2026-{month:02}-10", principal[month - 2]) for month in range(2, 11)],
        )
    )
    due = [19_800_00] * 6 + [289_800_00, 373_860_00, 275_940_00]
    assert [row.due for row in story.projection.plan] == due
    story.drawn("2026-01-10")
    assert [row.due for row in story.projection.plan] == due
    assert sum(row.interest for row in story.projection.plan) == 158_400_00


def paid_to_instalment_6() -> Story:
    """E34 begins here: the loan of E05 on the day of its sixth instalment, all paid on its day."""
    story = Story(e05_terms()).drawn("2026-01-31")
    dates = ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31"]
    for due in dates:
        story.paid(due, "116,984.55")
    assert story.on("2026-07-31").outstanding.plain() == "644365.60"
    return story


def coming(story: Story) -> list[int]:
    return [row.due for row in story.projection.plan if row.period_end > day("2026-07-31")]


def interest_coming(story: Story) -> int:
    return sum(row.interest for row in story.projection.plan if row.period_end > day("2026-07-31"))


def test_e34_early_repayment_keeps_the_term() -> None:
    story = paid_to_instalment_6()
    assert interest_coming(story) == 57_541_73
    story.paid("2026-07-31", "200,000.00", SurplusUse.KEEP_TERM)
    assert story.on("2026-07-31").outstanding.plain() == "444365.60"
    assert coming(story) == [80_674_56] * 6
    assert interest_coming(story) == 39_681_76


def test_e34_early_repayment_keeps_the_instalment() -> None:
    story = paid_to_instalment_6()
    story.paid("2026-07-31", "200,000.00", SurplusUse.KEEP_INSTALMENT)
    assert coming(story) == [116_984_55] * 4 + [4_834_21]
    assert interest_coming(story) == 28_406_81


def test_e34_the_surplus_comes_with_the_instalment() -> None:
    """The same in one payment: what is due first, the rest repays early."""
    story = Story(e05_terms()).drawn("2026-01-31")
    for due in ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]:
        story.paid(due, "116,984.55")
    story.paid("2026-07-31", "316,984.55", SurplusUse.KEEP_INSTALMENT)
    assert coming(story) == [116_984_55] * 4 + [4_834_21]


def test_e34_full_settlement_twelve_days_after() -> None:
    """12 of 30 days (30E/360) of 2.5 % on 644,365.60: 6,443.66."""
    terms = terms_of(
        "1,200,000.00",
        "0.30",
        start="2026-01-15",
        first_due="2026-02-15",
        maturity="2027-01-15",
        day_count=DayCount.THIRTY_E_360,
    )
    story = Story(terms).drawn("2026-01-15")
    for month in range(2, 8):
        story.paid(f"2026-{month:02}-15", "116,984.55")
    assert story.on("2026-07-27").debt.plain() == "650809.26"
    story.paid("2026-07-27", "650,809.26", SurplusUse.KEEP_TERM)
    after = story.on("2026-07-27")
    assert (after.debt.plain(), after.unallocated.plain()) == ("0.00", "0.00")
    assert after.life == "settled"
    assert story.on("2027-03-01").debt.plain() == "0.00"
