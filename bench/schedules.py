"""Schedules a second beside other packages, how exact each is, and the cost of a long replay.

The same loans for all: level monthly payments, equal months. A schedule is exact where its rows
add up to what was lent and end at zero, each payment is its two parts, and each figure is that of
a reference in rationals, which is a dozen lines here and shares nothing with the engine.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

from bench._peers import STARTS_ON, Case, Row, Way, ways
from gbese.core import (
    EVERY_DAY,
    WEEKLY,
    Currency,
    Drawn,
    LoanFacts,
    Money,
    PenaltyTerms,
    PenaltyTier,
    Received,
    ScheduleKind,
    SharedFacts,
    SurplusUse,
    Terms,
    common_terms,
    position,
    project,
    schedule,
)

CASES, SAMPLES, REPLAYS = 60, 5, 2
EVENTS = (600, 1_200, 2_400)
_NGN = Currency("NGN", 2)
_NOISE = Fraction(1, 1_000)  # hundredths: a float stands for the decimal it is nearest to


def measure() -> None:
    cases = _cases()
    references = [_reference(case) for case in cases]
    found = ways()
    rows = sum(case.months for case in cases)
    print(f"{len(cases)} loans, {rows} rows; median of {SAMPLES} runs, taken in turns")
    seconds = _in_turns(found, cases)
    print(
        f"{'':16} {'schedules/s':>11} {'ratio':>6}  add up  end at 0  figures exact  farthest off"
    )
    for way in found:
        speed = len(cases) / statistics.median(seconds[way.name])
        ratio = statistics.median(
            mine / theirs for mine, theirs in zip(seconds["gbese"], seconds[way.name], strict=True)
        )
        told = _exactness(way, cases, references)
        print(f"{way.name:16} {speed:11,.0f} {ratio:6.2f}  {told}")
        if way.name == "gbese" and not told.startswith("100 %   100 %     100 %"):
            raise SystemExit("Gbese's schedules are not those of the reference")
    print("\nreplaying a weekly loan with so many events: milliseconds, and against half as many")
    for name in ("on time", "late", "early"):
        print(f"{name:8}  {_replays(name)}")


def _cases() -> list[Case]:
    chance = random.Random(2026)
    return [
        Case(
            principal_minor=chance.randrange(100_00, 100_000_000_00),
            rate=Decimal(chance.randrange(1, 6_000)).scaleb(-4),
            months=chance.choice([6, 12, 24, 36, 60, 120, 360]),
        )
        for _ in range(CASES)
    ]


def _reference(case: Case) -> list[tuple[int, int, int, int]]:
    """The schedule by hand, in hundredths: (due, interest, principal, outstanding after)."""
    monthly = Fraction(case.rate) / 12
    with localcontext() as context:
        context.prec = 60
        growth = (1 + case.rate / 12) ** case.months
        level = _half_up(Fraction(case.principal_minor * (case.rate / 12) * growth / (growth - 1)))
    left, rows = case.principal_minor, []
    for number in range(case.months):
        interest = _half_up(left * monthly)
        principal = left if number == case.months - 1 else min(level - interest, left)
        left -= principal
        rows.append((interest + principal, interest, principal, left))
    return rows


def _half_up(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def _in_turns(found: Sequence[Way], cases: Sequence[Case]) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {way.name: [] for way in found}
    for _ in range(SAMPLES):
        for way in found:
            began = time.perf_counter()
            for case in cases:
                way.rows(case)
            seconds[way.name].append(time.perf_counter() - began)
    return seconds


def _exactness(
    way: Way, cases: Sequence[Case], references: Sequence[Sequence[tuple[int, int, int, int]]]
) -> str:
    add_up, end, exact, farthest = 0, 0, 0, Fraction(0)
    for case, reference in zip(cases, references, strict=True):
        rows = way.rows(case)
        hundredths = [[Fraction(figure) * 100 for figure in row] for row in rows]
        apart = [sum(row[2] for row in hundredths) - Fraction(case.principal_minor)]
        apart += [row[0] - row[1] - row[2] for row in hundredths]
        add_up += max(map(abs, apart)) < _NOISE
        end += abs(hundredths[-1][3]) < _NOISE
        off = _farthest(rows, reference)
        exact += off == 0
        farthest = max(farthest, off)
    shares = [f"{100 * count // len(cases)} %" for count in (add_up, end, exact)]
    return f"{shares[0]:7} {shares[1]:9} {shares[2]:14} {float(farthest) / 100:,.2f}"


def _farthest(rows: Sequence[Row], reference: Sequence[tuple[int, int, int, int]]) -> Fraction:
    """The largest difference of any figure, in hundredths; a row that lacks counts whole."""
    off = Fraction(0)
    for place, expected in enumerate(reference):
        figures = rows[place] if place < len(rows) else (0, 0, 0, 0)
        for figure, sound in zip(figures, expected, strict=True):
            off = max(off, abs(Fraction(figure) * 100 - sound))
    return off if off >= _NOISE else Fraction(0)


def _replays(name: str) -> str:
    told, before = [], 0.0
    for count in EVENTS:
        facts = _WAYS_TO_PAY[name](count)
        took = min(_replay(facts) for _ in range(REPLAYS))
        growth = f" ({took / before:.1f} times)" if before else ""
        told.append(f"{count:,}: {took * 1e3:,.0f} ms{growth}")
        before = took
    return "   ".join(told)


def _replay(facts: LoanFacts) -> float:
    began = time.perf_counter()
    projection = project(facts)
    took = time.perf_counter() - began
    last = max(event.value_date for event in facts.events)
    at = position(projection, last + timedelta(days=1))
    if at.unallocated.minor < 0 or not 0 <= at.outstanding.minor <= facts.terms.principal.minor:
        raise SystemExit(f"the replayed loan owes {at.outstanding}")
    return took


def _weekly(instalments: int) -> Terms:
    terms = common_terms(
        ScheduleKind.ANNUITY,
        Money(100_000_000_00, _NGN),
        Decimal("0.12"),
        instalments,
        STARTS_ON,
        frequency=WEEKLY,
    )
    return replace(terms, penalty=PenaltyTerms(tiers=(PenaltyTier(1, Decimal("0.001")),)))


def _paid(count: int, *, days_late: int, more: int, surplus: SurplusUse) -> LoanFacts:
    """Drawn, and paid `count` - 1 times: each its instalment, and `more` per cent of it."""
    terms = _weekly(count)
    events = tuple(
        Received(
            number=row.number + 1,
            value_date=row.due_date_adjusted + timedelta(days=days_late),
            amount=Money(row.due * (100 + more) // 100, _NGN),
            surplus=surplus,
        )
        for row in schedule(terms).instalments[: count - 1]
    )
    drawn = Drawn(number=1, value_date=STARTS_ON, amount=terms.principal)
    return LoanFacts(terms=terms, events=(drawn, *events), shared=SharedFacts(calendar=EVERY_DAY))


_WAYS_TO_PAY: dict[str, Callable[[int], LoanFacts]] = {
    "on time": lambda count: _paid(count, days_late=0, more=0, surplus=SurplusUse.HOLD),
    "late": lambda count: _paid(count, days_late=10, more=10, surplus=SurplusUse.HOLD),
    "early": lambda count: _paid(count, days_late=-3, more=0, surplus=SurplusUse.KEEP_TERM),
}
