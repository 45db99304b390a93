"""An accruing claim: segments that are added unrounded and rounded once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from gbese.core.calendars.day_counts import Clock
from gbese.core.money import Rounding, round_minor
from gbese.core.servicing.events import Component


@dataclass(frozen=True, slots=True)
class Segment:
    """Accrues base x rate x units(day) from `start` (in) to `end` (out; None is open).

    Segments with one component and `claim` are added unrounded and rounded once. A claim is one
    interest period, or the penalty of one instalment.
    """

    component: Component
    claim: int
    base: int  # minor units
    rate_numerator: int
    rate_denominator: int
    clock: Clock
    start: date
    end: date | None

    def accrued(self, day: date) -> Fraction:
        """What it has earned in the nights before `day`, unrounded, in minor units."""
        if day <= self.start:
            return Fraction(0)
        last = day if self.end is None or day < self.end else self.end
        units = self.clock.units(last) - self.clock.units(self.start)
        return Fraction(
            self.base * self.rate_numerator * units,
            self.rate_denominator * self.clock.denominator,
        )


@dataclass(slots=True)
class AccruingClaim:
    """Builds the segments of one claim as its base and rate change."""

    component: Component
    number: int
    rounding: Rounding
    segments: list[Segment] = field(default_factory=list)
    charged: int = 0  # known amounts that joined the claim beside its segments
    _closed: Fraction = Fraction(0)
    _open: Segment | None = None

    @property
    def is_running(self) -> bool:
        """Whether a segment is open now."""
        return self._open is not None

    def run(self, day: date, *, base: int, rate: Decimal, clock: Clock, end: date | None) -> None:
        """From `day` on, accrue on `base` at `rate` until `end`; what ran before stops here."""
        running = self._open
        numerator, denominator = rate.as_integer_ratio()
        if (
            running is not None
            and (running.base, running.rate_numerator, running.rate_denominator)
            == (base, numerator, denominator)
            and running.clock == clock
            and running.end == end
        ):
            return
        self.stop(day)
        if base and numerator and (end is None or day < end):
            self._open = Segment(
                self.component, self.number, base, numerator, denominator, clock, day, end
            )
            self.segments.append(self._open)

    def stop(self, day: date) -> None:
        """Nothing accrues from `day` on."""
        running = self._open
        if running is None:
            return
        self._open = None
        if running.end is None or day < running.end:
            self.segments.remove(running)
            if day <= running.start:
                return
            running = Segment(
                running.component,
                running.claim,
                running.base,
                running.rate_numerator,
                running.rate_denominator,
                running.clock,
                running.start,
                day,
            )
            self.segments.append(running)
        self._closed += running.accrued(running.end or day)

    def unrounded(self, day: date) -> Fraction:
        """What the claim has accrued by `day`, in minor units, before rounding."""
        return self._closed + (self._open.accrued(day) if self._open else Fraction(0))

    def accrued(self, day: date) -> int:
        """What the claim has accrued by `day`, its segments rounded once, in whole minor units.

        `day` is not before the start of the segment that runs now.
        """
        exact = self.unrounded(day)
        return self.charged + round_minor(exact.numerator, exact.denominator, self.rounding)
