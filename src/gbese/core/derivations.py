"""Why an amount is what it is: a tree of named steps from facts to a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

Figure = Fraction | int | str


@dataclass(frozen=True, slots=True)
class Derivation:
    """One step: what it is called, the figure it gives, and the steps it rests on.

    `name` and `fact` are codes, worded at the edge. A leaf has no parts: it is a figure read off a
    fact, and `fact` says which (an event, a fixing, a term of the contract, a row of the rulebook).
    """

    name: str
    figure: Figure
    parts: tuple[Derivation, ...] = ()
    fact: str | None = None

    def leaves(self) -> Iterator[Derivation]:
        """The steps at the bottom, from first to last."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def leaf(name: str, figure: Figure, fact: str) -> Derivation:
    """A figure read off a fact."""
    return Derivation(name, figure, fact=fact)


def added(name: str, parts: Sequence[Derivation]) -> Derivation:
    """A figure that is the sum of its parts, exactly."""
    return Derivation(name, sum((_number(part) for part in parts), Fraction(0)), tuple(parts))


def multiplied(name: str, parts: Sequence[Derivation]) -> Derivation:
    """A figure that is the product of its parts, exactly."""
    product = Fraction(1)
    for part in parts:
        product *= _number(part)
    return Derivation(name, product, tuple(parts))


def _number(step: Derivation) -> Fraction:
    if isinstance(step.figure, str):
        message = f"{step.name} is told in words and cannot be reckoned with"
        raise TypeError(message)
    return Fraction(step.figure)
