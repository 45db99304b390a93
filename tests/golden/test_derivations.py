"""Why two figures of the worked examples are what they are, node by node, worked by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from gbese.core.calendars.day_counts import DayCount
from gbese.core.contracts.terms import ScheduleKind
from gbese.core.derivations.figures import derivation_of
from gbese.core.derivations.tree import Derivation, Unit
from gbese.core.money import Rounding
from gbese.core.servicing.events import SurplusUse
from gbese.core.status.trouble import StatusPolicy
from tests.core.loans import Story, day, terms_of

Node = tuple[int, str, str, str]  # depth, name, figure, fact or figure elsewhere


def derived(story: Story, figure: str, on: str) -> Derivation:
    return derivation_of(figure, story.facts, story.projection, day(on), policy=StatusPolicy())


def outline(step: Derivation, depth: int = 0) -> list[Node]:
    source = f"{step.fact.kind} {step.fact.key}" if step.fact else ""
    if step.elsewhere and not step.fact:
        source = f"{step.elsewhere.code} on {step.elsewhere.on}"
    nodes = [(depth, step.name, written(step), source)]
    for part in step.parts:
        nodes += outline(part, depth + 1)
    return nodes


def written(step: Derivation) -> str:
    match step.figure:
        case Fraction() if step.unit is Unit.MONEY:
            return f"{step.figure / 100}"
        case Fraction() | Rounding():
            return str(step.figure)
        case date():
            return step.figure.isoformat()
        case _:
            return ""


def test_e02_balance_and_rate_change_inside_a_period() -> None:
    """E02. 15, 7 and 9 days of 365 on 1,500,000, 1,100,000 and 1,100,000 at 24, 24 and 26 %.

    By hand: 1,500,000 × 6/25 × 15/365 = 1,080,000/73 = 14,794.5205…; 1,100,000 × 6/25 × 7/365 =
    369,600/73 = 5,063.0136…; 1,100,000 × 13/50 × 9/365 = 514,800/73 = 7,052.0547…; together
    1,964,400/73 = 26,909.5890…, so 26,909.59.
    """
    story = Story(
        terms_of(
            "1,500,000.00",
            "0.24",
            start="2026-03-10",
            first_due="2026-04-10",
            maturity="2027-03-10",
            kind=ScheduleKind.BULLET,
        )
    )
    story.drawn("2026-03-10").paid("2026-03-25", "400,000.00", SurplusUse.KEEP_TERM)
    story.rate_set("2026-04-01", "0.26")
    why = derived(story, "1.interest", "2026-04-10")
    assert why.re_adds()
    assert outline(why) == [
        (0, "interest_due", "2690959/100", ""),
        (1, "interest_of_period", "2690959/100", ""),
        (2, "unrounded", "1964400/73", ""),
        *accrual("1080000/73", "1500000", "2026-03-10", "6/25", "term rate", "3/73"),
        *days("15", "2026-03-10", "instalment 1", "2026-03-25", "event 2"),
        *accrual("369600/73", "1100000", "2026-03-25", "6/25", "term rate", "7/365"),
        *days("7", "2026-03-25", "event 2", "2026-04-01", "event 3"),
        *accrual("514800/73", "1100000", "2026-04-01", "13/50", "event 3", "9/365"),
        *days("9", "2026-04-01", "event 3", "2026-04-10", "asked 2026-04-10"),
        (2, "rounding", "half_up", "term rounding"),
    ]


def accrual(
    earned: str, base: str, since: str, rate: str, rate_fact: str, fraction: str
) -> list[Node]:
    return [
        (3, "accrual", earned, ""),
        (4, "principal_bearing", base, ""),
        (5, "outstanding", base, f"principal on {since}"),
        (4, "nominal_rate", rate, rate_fact),
        (4, "year_fraction", fraction, ""),
    ]


def days(count: str, start: str, start_fact: str, end: str, end_fact: str) -> list[Node]:
    return [
        (5, "units", count, ""),
        (6, "from_day", start, start_fact),
        (6, "to_day", end, end_fact),
        (6, "day_count", "", "term day_count"),
        (5, "units_a_year", "365", "term day_count"),
    ]


def test_e05_the_second_instalment_of_an_annuity() -> None:
    """E05. 1,200,000 at 30 % in 12 equal months: after 86,984.55 of principal 1,113,015.45 is left,
    of which a month costs 30 %/12: 27,825.38625, so 27,825.39; 116,984.55 less it is 89,159.16."""
    story = Story(
        terms_of(
            "1,200,000.00",
            "0.30",
            start="2026-01-15",
            first_due="2026-02-15",
            maturity="2027-01-15",
            day_count=DayCount.EQUAL_PERIODS,
        )
    )
    why = derived(story.drawn("2026-01-15"), "2.principal", "2026-01-15")
    assert why.re_adds()
    assert outline(why) == [
        (0, "principal", "2228979/25", ""),
        (1, "level_payment", "2339691/20", "2.level on 2026-01-15"),
        (1, "interest_planned", "2782539/100", ""),
        (2, "unrounded", "22260309/800", ""),
        (3, "left_to_plan", "22260309/20", ""),
        (4, "planned_outstanding", "1200000", "event 1"),
        (4, "planned_before", "1739691/20", "instalment 1"),
        (3, "cost_of_one", "1/40", ""),
        (4, "nominal_rate", "3/10", "term rate"),
        (4, "year_fraction", "1/12", ""),
        (5, "units", "28", "term day_count"),  # 15 February to 15 March, of twelve such months
        (5, "units_a_year", "336", "term day_count"),
        (2, "rounding", "half_up", "term rounding"),
    ]
    level = derived(story, "2.level", "2026-01-15")
    assert [node[:3] for node in outline(level) if node[0] < 2] == [
        (0, "level_payment", "2339691/20"),
        (1, "level_unrounded", written(level.parts[0])),
        (1, "rounding", "half_up"),
        (1, "instalment_multiple", "1"),
    ]
    # 1,200,000 × 0.025 / (1 − 1.025^−12), in exact fractions.
    exact = 120_000_000 * Fraction(1, 40) / (1 - Fraction(40, 41) ** 12)
    assert abs(level.parts[0].number - exact) < Fraction(1, 10**30)
