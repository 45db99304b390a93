"""How the steps of a derivation are written: leaves by their fact, the rest by their formula."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from gbese.core.calendars.clocks import Clock
from gbese.core.derivations.tree import (
    NOTHING_MORE,
    About,
    Derivation,
    Fact,
    FactKind,
    Figure,
    Formula,
    Unit,
    Value,
    result,
)
from gbese.core.money import Rounding

_UNITS: dict[type, Unit] = {date: Unit.DAY, Clock: Unit.CLOCK, Rounding: Unit.ROUNDING}
ZERO = Fact(FactKind.CONVENTION, "zero")


def leaf(
    name: str,
    figure: int | Fraction | Decimal | date | Clock | Rounding | str,
    fact: Fact,
    *,
    unit: Unit | None = None,
    elsewhere: Figure | None = None,
    about: About = NOTHING_MORE,
) -> Derivation:
    """A figure read off a fact; money where no unit is given and it is a number."""
    if unit is None:
        is_number = isinstance(figure, int | Fraction | Decimal)
        unit = Unit.MONEY if is_number else _UNITS.get(type(figure), Unit.CODE)
    value: Value = Fraction(figure) if isinstance(figure, int | Decimal) else figure
    return Derivation(name, value, unit, Formula.FACT, fact=fact, elsewhere=elsewhere, about=about)


def elsewhere(
    name: str, figure: int, place: Figure, *, unit: Unit = Unit.MONEY, about: About = NOTHING_MORE
) -> Derivation:
    """A figure that has a derivation of its own."""
    return Derivation(name, Fraction(figure), unit, Formula.FIGURE, elsewhere=place, about=about)


def worked(
    name: str,
    formula: Formula,
    parts: Sequence[Derivation],
    *,
    unit: Unit = Unit.MONEY,
    figure: int | None = None,
    about: About = NOTHING_MORE,
) -> Derivation:
    """A figure worked out from parts.

    Where the engine's own `figure` is given it is kept, so that a derivation that does not lead to
    it is found out by `re_adds`.
    """
    value = result(formula, parts) if figure is None else Fraction(figure)
    return Derivation(name, value, unit, formula, tuple(parts), about=about)


def added(
    name: str,
    parts: Sequence[Derivation],
    *,
    figure: int | None = None,
    about: About = NOTHING_MORE,
) -> Derivation:
    """A sum of amounts."""
    return worked(name, Formula.SUM, parts, figure=figure, about=about)


def less(
    name: str,
    first: Derivation,
    *others: Derivation,
    figure: int | None = None,
    about: About = NOTHING_MORE,
) -> Derivation:
    """An amount without others; the amount itself where there are none."""
    if not others and figure is None:
        return first
    return worked(name, Formula.LESS, (first, *others), figure=figure, about=about)


def not_below_zero(step: Derivation) -> Derivation:
    """The step itself, or zero where it is below."""
    if step.number >= 0:
        return step
    parts = (step, leaf("zero", 0, ZERO))
    return worked(step.name, Formula.LARGEST, parts, about=step.about)


def at_most(step: Derivation, limit: Derivation) -> Derivation:
    """The step itself, or the limit where it is above."""
    if step.number <= limit.number:
        return step
    return worked(step.name, Formula.SMALLEST, (step, limit), about=step.about)


def rounded(
    name: str,
    exact: Derivation,
    rounding: Derivation,
    *,
    multiple: Derivation | None = None,
    about: About = NOTHING_MORE,
) -> Derivation:
    """A figure in whole minor units, or in a multiple of them."""
    parts = (exact, rounding) if multiple is None else (exact, rounding, multiple)
    return worked(name, Formula.ROUNDED, parts, about=about)


def as_name(step: Derivation, name: str) -> Derivation:
    """The same step under another name."""
    return Derivation(
        name,
        step.figure,
        step.unit,
        step.formula,
        step.parts,
        step.fact,
        step.elsewhere,
        step.about,
    )


def event_fact(number: int) -> Fact:
    """An event of the loan."""
    return Fact(FactKind.EVENT, str(number))


def instalment_fact(number: int) -> Fact:
    """A row of the schedule."""
    return Fact(FactKind.INSTALMENT, str(number))
