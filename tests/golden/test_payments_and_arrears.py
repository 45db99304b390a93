"""Allocation, penalties, ceilings, days late, terms: worked examples, to the minor unit."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

import pytest

from gbese.core.calendars.frequencies import AT_MATURITY, QUARTERLY
from gbese.core.contracts.term_classes import TermClass, term_class
from gbese.core.contracts.terms import HOUSE_ORDER, AllocationClaim, PenaltyTerms, ScheduleKind
from gbese.core.servicing.allocation import OpenClaim, allocate
from gbese.core.servicing.events import Component
from gbese.core.status.deferral import DeferralFacts, is_current
from gbese.core.status.term import TermPolicy, TermSplit, split_by_term
from tests.core.loans import KZT, I, N, P, Story, day, days, money, penalty_of, terms_of

C, FE, PE, OI, OP, CI, CP = (
    AllocationClaim.COSTS,
    AllocationClaim.FEE,
    AllocationClaim.PENALTY,
    AllocationClaim.OVERDUE_INTEREST,
    AllocationClaim.OVERDUE_PRINCIPAL,
    AllocationClaim.CURRENT_INTEREST,
    AllocationClaim.CURRENT_PRINCIPAL,
)
COMPONENTS = {
    C: Component.FEE,
    FE: Component.FEE,
    PE: Component.PENALTY,
    OI: Component.INTEREST,
    CI: Component.INTEREST,
    OP: Component.PRINCIPAL,
    CP: Component.PRINCIPAL,
}
# E31. Owed: costs 1,500.00; fees 500.00; penalty 4,320.50; overdue interest 12,450.00; overdue
# principal 38,000.00; current interest 11,900.00; current principal 39,100.00.
OWED = {C: 150000, FE: 50000, PE: 432050, OI: 1245000, OP: 3800000, CI: 1190000, CP: 3910000}
RU_NOW = (OI, OP, CI, CP, PE, FE, C)
RU_BEFORE = (OI, OP, PE, CI, CP, FE, C)
RU_319 = (C, OI, CI, OP, CP, PE, FE)
KZ_282 = (C, PE, OI, CI, OP, CP, FE)
KZ_BANK_EARLY = (OP, OI, PE, CP, CI, C, FE)
KZ_BANK_LATE = (OP, OI, CP, CI, PE, FE, C)
PENALTY_FIRST = (C, FE, PE, OI, OP, CI, CP)
E31 = [
    (HOUSE_ORDER, "60,000.00", "OI 12,450.00; OP 38,000.00; CI 9,550.00"),
    (
        HOUSE_ORDER,
        "103,000.00",
        "OI 12,450.00; OP 38,000.00; CI 11,900.00; CP 39,100.00; F 500.00; P 1,050.00",
    ),
    (RU_NOW, "60,000.00", "OI 12,450.00; OP 38,000.00; CI 9,550.00"),
    (RU_NOW, "103,000.00", "OI 12,450.00; OP 38,000.00; CI 11,900.00; CP 39,100.00; P 1,550.00"),
    (RU_BEFORE, "60,000.00", "OI 12,450.00; OP 38,000.00; P 4,320.50; CI 5,229.50"),
    (
        RU_BEFORE,
        "103,000.00",
        "OI 12,450.00; OP 38,000.00; P 4,320.50; CI 11,900.00; CP 36,329.50",
    ),
    (RU_319, "60,000.00", "C 1,500.00; OI 12,450.00; CI 11,900.00; OP 34,150.00"),
    (
        RU_319,
        "103,000.00",
        "C 1,500.00; OI 12,450.00; CI 11,900.00; OP 38,000.00; CP 39,100.00; P 50.00",
    ),
    (KZ_282, "60,000.00", "C 1,500.00; P 4,320.50; OI 12,450.00; CI 11,900.00; OP 29,829.50"),
    (
        KZ_282,
        "103,000.00",
        "C 1,500.00; P 4,320.50; OI 12,450.00; CI 11,900.00; OP 38,000.00; CP 34,829.50",
    ),
    (KZ_BANK_EARLY, "60,000.00", "OP 38,000.00; OI 12,450.00; P 4,320.50; CP 5,229.50"),
    (
        KZ_BANK_EARLY,
        "103,000.00",
        "OP 38,000.00; OI 12,450.00; P 4,320.50; CP 39,100.00; CI 9,129.50",
    ),
    (KZ_BANK_LATE, "60,000.00", "OP 38,000.00; OI 12,450.00; CP 9,550.00"),
    (
        KZ_BANK_LATE,
        "103,000.00",
        "OP 38,000.00; OI 12,450.00; CP 39,100.00; CI 11,900.00; P 1,550.00",
    ),
    (
        PENALTY_FIRST,
        "60,000.00",
        "C 1,500.00; F 500.00; P 4,320.50; OI 12,450.00; OP 38,000.00; CI 3,229.50",
    ),
    (
        PENALTY_FIRST,
        "103,000.00",
        "C 1,500.00; F 500.00; P 4,320.50; OI 12,450.00; OP 38,000.00; CI 11,900.00; CP 34,329.50",
    ),
]
NAMES = {C: "C", FE: "F", PE: "P", OI: "OI", OP: "OP", CI: "CI", CP: "CP"}


@pytest.mark.parametrize(("order", "received", "expected"), E31)
def test_e31_allocation_of_a_partial_payment(
    order: tuple[AllocationClaim, ...], received: str, expected: str
) -> None:
    kinds = list(OWED)
    claims = [
        OpenClaim(kind, COMPONENTS[kind], place, day("2026-04-15"), OWED[kind])
        for place, kind in enumerate(kinds)
    ]
    allocation = allocate(money(received).minor, claims, order)
    told = [
        f"{NAMES[kinds[part.claim]]} {part.amount // 100:,}.{part.amount % 100:02}"
        for part in allocation.parts
    ]
    assert "; ".join(told) == expected
    assert allocation.unallocated == 0


def late(overdue: str, penalty: PenaltyTerms, *, lent: str, rate: str = "0") -> Story:
    """A loan with one instalment `overdue` on 2026-02-01; the rest falls due years later."""
    rest = money(lent, KZT) - money(overdue, KZT)
    story = Story(
        terms_of(
            lent,
            rate,
            start="2026-01-01",
            first_due="2026-02-01",
            maturity="2029-01-01",
            frequency=AT_MATURITY,
            kind=ScheduleKind.CUSTOM,
            custom=[("2026-02-01", overdue), ("2029-01-01", rest.plain())],
            currency=KZT,
            penalty=penalty,
            interest_runs_on_overdue=False,
        )
    )
    return story.drawn("2026-01-01")


KZ_TIERS = ((1, "0.005"), (91, "0.0003"))
DAY_120 = "2026-06-01"  # 120 days after 2026-02-01: 27 + 31 + 30 + 31 + 1


@pytest.mark.parametrize(
    ("lent", "overdue", "penalty", "on", "expected"),
    [
        # 0.5 % a day to day 90, then 0.03 %: 38,250.00 + 765.00
        ("500,000.00", "85,000.00", penalty_of(*KZ_TIERS), DAY_120, "39015.00"),
        # 63,000.00 + 1,260.00, at most 10 % of the loan
        ("500,000.00", "140,000.00", penalty_of(*KZ_TIERS, cap="0.10"), DAY_120, "50000.00"),
        ("500,000.00", "140,000.00", penalty_of(*KZ_TIERS), DAY_120, "64260.00"),
        # nothing after 90 days
        ("500,000.00", "85,000.00", penalty_of((1, "0.005"), (91, "0")), DAY_120, "38250.00"),
        # 0.1 % a day, 45 days
        ("15,000.01", "15,000.00", penalty_of((1, "0.001")), "2026-03-18", "675.00"),
        # pro rata by 30 days of 1 % a month, 40 days: 500.00 x 40 / 30 = 666.67
        (
            "50,000.01",
            "50,000.00",
            penalty_of((1, "0.000333333333333333333333333")),
            "2026-03-13",
            "666.67",
        ),
    ],
)
def test_e32_penalties_and_caps(
    lent: str, overdue: str, penalty: PenaltyTerms, on: str, expected: str
) -> None:
    assert late(overdue, penalty, lent=lent).owed(on, N) == expected


def test_e32_twenty_per_cent_a_year_while_interest_runs() -> None:
    """15,000.00 x 20 % x 45 / 365 = 369.86; 0.20 / 365 has no end, 28 digits are enough."""
    daily = Decimal("0.20") / 365
    story = late("15,000.00", penalty_of((1, str(daily))), lent="15,000.01")
    assert story.owed("2026-03-18", N) == "369.86"


def test_e32_two_overdue_instalments_share_the_ceiling() -> None:
    """By hand. 100,000.00 lent; ceiling 10 % of it: 10,000.00; 0.5 % a day.

    First instalment 30,000.00, due 2026-02-01: 150.00 a day from 2026-02-02.
    Second 20,000.00, due 2026-03-01: 100.00 a day from 2026-03-02.
    2026-03-01: 28 days x 150.00 = 4,200.00. From then 250.00 a day; 5,800.00 left: 23 days give
    5,750.00 by 2026-03-24 (first 7,650.00, second 2,300.00; 9,950.00 in all). On 2026-03-25 only
    50.00 are left: the first, served first, takes them; the second gets nothing.
    """
    story = Story(
        terms_of(
            "100,000.00",
            "0",
            start="2026-01-01",
            first_due="2026-02-01",
            maturity="2029-01-01",
            kind=ScheduleKind.CUSTOM,
            custom=[
                ("2026-02-01", "30,000.00"),
                ("2026-03-01", "20,000.00"),
                ("2029-01-01", "50,000.00"),
            ],
            penalty=penalty_of((1, "0.005"), cap="0.10"),
        )
    )
    story.drawn("2026-01-01")
    assert story.owed("2026-03-01", N) == "4200.00"
    assert story.owed("2026-03-24", N) == "9950.00"
    assert story.owed("2026-03-25", N) == "10000.00"
    assert story.owed("2026-03-26", N) == "10000.00"
    assert story.owed("2028-12-31", N) == "10000.00"
    story.paid("2026-03-26", "57,650.00")  # 50,000.00 principal, the rest to the older penalty
    parts = [
        (step.claim, step.amount)
        for step in story.projection.steps
        if step.component is N and step.cause == "paid"
    ]
    assert parts == [(1, 7_650_00)]
    story.paid("2026-03-26", "2,350.00")  # 50.00 of the first, 2,300.00 of the second
    parts = [
        (step.claim, step.amount)
        for step in story.projection.steps
        if step.component is N and step.cause == "paid"
    ]
    assert parts == [(1, 7_650_00), (1, 50_00), (2, 2_300_00)]
    assert story.owed("2026-03-26", N) == "0.00"


@pytest.mark.parametrize(
    ("ceiling", "last_day", "last_charge", "most"),
    [("1.3", 163, "120.00", "39000.00"), ("1.0", 125, "240.00", "30000.00")],
)
def test_e33_ceiling_on_all_charges(
    ceiling: str, last_day: int, last_charge: str, most: str
) -> None:
    """E33. 30,000.00 at 0.8 % a day, running on after the due date (30 days), nothing paid."""
    story = Story(
        terms_of(
            "30,000.00",
            str(Decimal("0.008") * 365),
            start="2026-01-01",
            first_due="2026-01-31",
            maturity="2026-01-31",
            frequency=AT_MATURITY,
            kind=ScheduleKind.BULLET,
            charges_ceiling=Decimal(ceiling),
        )
    )
    story.drawn("2026-01-01")
    by_day = [story.on(str(each)) for each in days(day("2025-12-31"), day("2026-12-31"))]
    charged = [
        (after.owed(I) - before.owed(I)).plain() for before, after in itertools.pairwise(by_day)
    ]
    full_days = last_day - 1 if last_charge != "240.00" else last_day
    assert charged[:full_days] == ["240.00"] * full_days
    assert charged[last_day - 1] == last_charge
    assert set(charged[last_day:]) == {"0.00"}
    assert by_day[-1].owed(I).plain() == most


@pytest.mark.parametrize(
    ("paid", "overdue", "days_past_due"),
    [
        ("0", "44000.00", 105),
        ("5,000.00", "39000.00", 105),
        ("11,000.00", "33000.00", 74),
        ("22,500.00", "21500.00", 46),
        ("33,000.00", "11000.00", 15),
    ],
)
def test_e35_days_past_due(paid: str, overdue: str, days_past_due: int) -> None:
    """E35. 11,000.00 due on 15 Jan, 15 Feb, 15 Mar and 15 Apr 2026; as of 2026-04-30."""
    story = Story(
        terms_of(
            "44,000.00",
            "0",
            start="2025-12-15",
            first_due="2026-01-15",
            maturity="2026-04-15",
            kind=ScheduleKind.LINEAR,
        )
    )
    story.drawn("2025-12-15")
    if paid != "0":
        story.paid("2026-04-20", paid)
    as_of = story.on("2026-04-30")
    assert as_of.fallen_due(P).plain() == overdue
    assert as_of.days_past_due == days_past_due


def split(story: Story, on: str, policy: TermPolicy) -> TermSplit:
    return split_by_term(
        story.projection,
        story.on(on),
        policy=policy,
        by_contract=term_class(story.terms),
        maturity_date=story.terms.maturity_date,
    )


def test_e29_current_and_noncurrent() -> None:
    """E29 (1). 12,000,000.00 in 12 quarterly parts from 2027-03-31, at 2026-12-31: 4,000,000.00
    falls due within twelve months."""
    story = Story(
        terms_of(
            "12,000,000.00",
            "0",
            start="2026-12-31",
            first_due="2027-03-31",
            maturity="2029-12-31",
            frequency=QUARTERLY,
            kind=ScheduleKind.LINEAR,
            end_of_month=True,
        )
    )
    story.drawn("2026-12-31")
    assert split(story, "2026-12-31", TermPolicy.REPORTING_DATE) == TermSplit(
        long_term=8_000_000_00, short_term=4_000_000_00, overdue=0
    )


@pytest.mark.parametrize(
    ("facts", "current"),
    [
        # (2) breached at the date; the waiver of 20 January 2027 comes too late
        (
            DeferralFacts(
                due_date=day("2028-06-30"),
                repayable_since=day("2026-12-31"),
                grace_agreed_on=day("2027-01-20"),
                grace_until=day("2028-06-30"),
            ),
            True,
        ),
        # (3) breached, but before the date the lender agreed to wait until 31 January 2028
        (
            DeferralFacts(
                due_date=day("2028-06-30"),
                repayable_since=day("2026-11-30"),
                grace_agreed_on=day("2026-12-20"),
                grace_until=day("2028-01-31"),
            ),
            False,
        ),
        # (4) the covenant is first tested on 30 June 2027: disclosed, not reclassified
        (DeferralFacts(due_date=day("2029-06-30"), repayable_since=day("2027-06-30")), False),
        # (5) due on 1 March 2027, may be rolled over to 2029 under a facility that exists
        (
            DeferralFacts(
                due_date=day("2027-03-01"),
                roll_over_agreed_on=day("2025-01-10"),
                may_roll_over_until=day("2029-03-01"),
            ),
            False,
        ),
        # (6) due on 1 May 2027; the refinancing was signed on 15 January 2027
        (
            DeferralFacts(
                due_date=day("2027-05-01"),
                roll_over_agreed_on=day("2027-01-15"),
                may_roll_over_until=day("2030-05-01"),
            ),
            True,
        ),
        # (7) on demand
        (DeferralFacts(due_date=None), True),
    ],
)
def test_e29_the_right_to_pay_later(facts: DeferralFacts, *, current: bool) -> None:
    assert is_current(facts, on=day("2026-12-31")) is current


@pytest.mark.parametrize(("until", "current"), [("2027-12-30", True), ("2027-12-31", False)])
def test_e29_grace_must_last_twelve_months(until: str, *, current: bool) -> None:
    """By hand: twelve months after 31 December 2026 is 31 December 2027."""
    facts = DeferralFacts(
        due_date=day("2028-06-30"),
        repayable_since=day("2026-12-31"),
        grace_agreed_on=day("2026-12-31"),
        grace_until=day(until),
    )
    assert is_current(facts, on=day("2026-12-31")) is current


def test_e29_on_demand_is_current() -> None:
    """E29 (7). 1,000,000.00 repayable on demand."""
    story = Story(
        terms_of(
            "1,000,000.00",
            "0.05",
            start="2026-01-01",
            first_due="2026-02-01",
            maturity=None,
            kind=ScheduleKind.ON_DEMAND,
        ),
        open_ended_until="2027-12-31",
    )
    story.drawn("2026-01-01")
    for policy in TermPolicy:
        assert split(story, "2026-12-31", policy).long_term == 0


def test_e30_policies_of_term() -> None:
    """E30. 2025-09-01 to 2027-09-01: by the reporting date non-current at 2026-06-30, current at
    2026-12-31; by 365 days left short-term from 2026-09-01; overdue from 2027-09-02."""
    story = Story(
        terms_of(
            "1,000.00",
            "0.10",
            start="2025-09-01",
            first_due="2025-10-01",
            maturity="2027-09-01",
            kind=ScheduleKind.BULLET,
        )
    )
    story.drawn("2025-09-01")
    lent = 1_000_00
    assert term_class(story.terms) is TermClass.LONG
    assert split(story, "2026-06-30", TermPolicy.REPORTING_DATE) == TermSplit(lent, 0, 0)
    assert split(story, "2026-12-31", TermPolicy.REPORTING_DATE) == TermSplit(0, lent, 0)
    assert split(story, "2026-08-31", TermPolicy.DAYS_LEFT) == TermSplit(lent, 0, 0)
    assert split(story, "2026-09-01", TermPolicy.DAYS_LEFT) == TermSplit(0, lent, 0)
    assert split(story, "2027-09-01", TermPolicy.ORIGINAL_TERM) == TermSplit(lent, 0, 0)
    for policy in TermPolicy:
        assert split(story, "2027-09-01", policy).overdue == 0
        assert split(story, "2027-09-02", policy) == TermSplit(0, 0, lent)


def test_term_class_by_the_contract() -> None:
    """Up to twelve months is short-term; 29 February counts to 28 February."""
    for start, maturity, expected in [
        ("2026-01-15", "2027-01-15", TermClass.SHORT),
        ("2026-01-15", "2027-01-16", TermClass.LONG),
        ("2024-02-29", "2025-02-28", TermClass.SHORT),
        ("2024-02-29", "2025-03-01", TermClass.LONG),
    ]:
        terms = terms_of("1.00", "0", start=start, first_due=maturity, maturity=maturity)
        assert term_class(terms) is expected, (start, maturity)
    assert date(2027, 1, 15) == day("2027-01-15")
