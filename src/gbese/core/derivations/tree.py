"""A derivation: one figure, the formula that gives it, and the steps it is worked out from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from gbese.core.calendars.clocks import Clock
from gbese.core.money import Rounding, round_minor
from gbese.core.projections.rows import Life
from gbese.core.schedules.annuity import PaymentStep, unrounded_level
from gbese.core.status.trouble import StatusPolicy, status_of

Value = Fraction | date | Clock | Rounding | str


class Unit(StrEnum):
    """What a figure is counted in."""

    MONEY = "money"  # minor units, perhaps not whole yet
    RATE = "rate"  # a fraction
    NUMBER = "number"
    DAYS = "days"
    DAY = "day"
    CLOCK = "clock"  # a day count's way of counting
    ROUNDING = "rounding"
    CODE = "code"


class Formula(StrEnum):
    """How a figure follows from its parts, in their order."""

    FACT = "fact"  # read off a fact
    FIGURE = "figure"  # worked out elsewhere
    SUM = "sum"
    LESS = "less"  # the first without all the others
    PRODUCT = "product"
    QUOTIENT = "quotient"
    SMALLEST = "smallest"
    LARGEST = "largest"
    ROUNDED = "rounded"  # the first, by a rounding, to a multiple where there is a third
    COUNTED = "counted"  # from a day to a day by a clock
    DAYS = "days"  # from a day to a day
    LEVEL = "level"  # outstanding, accrued, balloon, growth, costs of one unit by period
    GRADUATED = "graduated"  # the same, each cost followed by times and more than the first
    STATUS = "status"  # life, days late, tolerance, penalties, days to go, soon, restructured


class FactKind(StrEnum):
    """What kind of fact a leaf is read off."""

    TERM = "term"
    EVENT = "event"
    FIXING = "fixing"
    INSTALMENT = "instalment"  # a row of the schedule
    POLICY = "policy"  # of the house
    CONVENTION = "convention"  # of the method: what zero is, how a year is long
    ASKED = "asked"  # the date of the question
    LOAN = "loan"  # in sums of many


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact by its key: a term's name, an event's number, a series and its day.

    `version` is the number of the amendment whose terms are meant; 0 is what was first agreed.
    """

    kind: FactKind
    key: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a loan by its address, at the end of a date."""

    code: str
    on: date


@dataclass(frozen=True, slots=True)
class About:
    """What a step is about, where its name does not say it all."""

    day: date | None = None
    until: date | None = None
    instalment: int | None = None
    component: str = ""


NOTHING_MORE = About()


@dataclass(frozen=True, slots=True)
class Derivation:
    """One step. `name` says what its figure is; `fact` and `elsewhere` say where a leaf is from."""

    name: str
    figure: Value
    unit: Unit
    formula: Formula
    parts: tuple[Derivation, ...] = ()
    fact: Fact | None = None
    elsewhere: Figure | None = None
    about: About = NOTHING_MORE

    @property
    def number(self) -> Fraction:
        """The figure, where it is a number."""
        if not isinstance(self.figure, Fraction):
            message = f"{self.name} is not a number"
            raise TypeError(message)
        return self.figure

    def steps(self) -> Iterator[Derivation]:
        """This step and all below it, each before its parts."""
        yield self
        for part in self.parts:
            yield from part.steps()

    def leaves(self) -> Iterator[Derivation]:
        """The steps that are read off facts, or worked out elsewhere."""
        return (step for step in self.steps() if step.formula in {Formula.FACT, Formula.FIGURE})

    def re_adds(self) -> bool:
        """Whether every step is what its formula makes of its parts, and every leaf has a source.

        Figures worked out elsewhere are taken as they are; they have a derivation of their own.
        """
        return all(_is_right(step) for step in self.steps())


def _is_right(step: Derivation) -> bool:
    match step.formula:
        case Formula.FACT:
            return step.fact is not None and not step.parts
        case Formula.FIGURE:
            return step.elsewhere is not None and not step.parts
        case _:
            return _FORMULAS[step.formula](step.parts) == step.figure


def result(formula: Formula, parts: Sequence[Derivation]) -> Value:
    """What a formula makes of parts."""
    return _FORMULAS[formula](parts)


def _numbers(parts: Sequence[Derivation]) -> list[Fraction]:
    return [part.number for part in parts]


def _sum(parts: Sequence[Derivation]) -> Value:
    return sum(_numbers(parts), Fraction(0))


def _less(parts: Sequence[Derivation]) -> Value:
    first, *others = _numbers(parts)
    return first - sum(others)


def _product(parts: Sequence[Derivation]) -> Value:
    product = Fraction(1)
    for number in _numbers(parts):
        product *= number
    return product


def _quotient(parts: Sequence[Derivation]) -> Value:
    dividend, divisor = _numbers(parts)
    return dividend / divisor


def _rounded(parts: Sequence[Derivation]) -> Value:
    exact, rounding = parts[0].number, parts[1].figure
    multiple = parts[2].number if parts[2:] else Fraction(1)
    exact /= multiple
    return multiple * round_minor(exact.numerator, exact.denominator, Rounding(str(rounding)))


def _counted(parts: Sequence[Derivation]) -> Value:
    start, end, clock = (part.figure for part in parts)
    assert isinstance(start, date)  # noqa: S101 - so a counted step is built
    assert isinstance(end, date)  # noqa: S101
    assert isinstance(clock, Clock)  # noqa: S101
    return Fraction(clock.units(end) - clock.units(start))


def _days(parts: Sequence[Derivation]) -> Value:
    start, end = (part.figure for part in parts)
    assert isinstance(start, date)  # noqa: S101 - so a step of days is built
    assert isinstance(end, date)  # noqa: S101
    return Fraction((end - start).days)


def _level(parts: Sequence[Derivation]) -> Value:
    return _first_payment(parts[:4], _numbers(parts[4:]), ())


def _graduated(parts: Sequence[Derivation]) -> Value:
    numbers = _numbers(parts[4:])
    steps = [
        PaymentStep(factor, int(more))
        for factor, more in zip(numbers[1::3], numbers[2::3], strict=True)
    ]
    return _first_payment(parts[:4], numbers[::3], steps)


def _first_payment(
    head: Sequence[Derivation], costs: Sequence[Fraction], steps: Sequence[PaymentStep]
) -> Value:
    outstanding, accrued, balloon = _numbers(head[:3])
    return unrounded_level(
        int(outstanding),
        costs,
        accrued=accrued,
        balloon=int(balloon),
        may_grow=head[3].figure == "yes",
        steps=steps,
    )


def _status(parts: Sequence[Derivation]) -> Value:
    life, late, tolerance, penalties, to_go, soon, restructured = (part.figure for part in parts)
    assert isinstance(late, Fraction)  # noqa: S101 - so a status is built
    assert isinstance(tolerance, Fraction)  # noqa: S101
    assert isinstance(soon, Fraction)  # noqa: S101
    return status_of(
        Life(str(life)),
        days_past_due=int(late),
        has_penalties=penalties != 0,
        days_to_next_due=int(to_go) if isinstance(to_go, Fraction) else None,
        is_restructured=restructured == "yes",
        policy=StatusPolicy(due_soon_days=int(soon), tolerance_days=int(tolerance)),
    ).value


_FORMULAS: Mapping[Formula, Callable[[Sequence[Derivation]], Value]] = {
    Formula.SUM: _sum,
    Formula.LESS: _less,
    Formula.PRODUCT: _product,
    Formula.QUOTIENT: _quotient,
    Formula.SMALLEST: lambda parts: min(_numbers(parts)),
    Formula.LARGEST: lambda parts: max(_numbers(parts)),
    Formula.ROUNDED: _rounded,
    Formula.COUNTED: _counted,
    Formula.DAYS: _days,
    Formula.LEVEL: _level,
    Formula.GRADUATED: _graduated,
    Formula.STATUS: _status,
}
