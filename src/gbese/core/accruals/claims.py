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
        """What it has earned by the end of the last night before `day`, in minor units."""
        return Fraction(self.numerator(day), self.denominator)

    def numerator(self, day: date) -> int:
        """The same in parts of a minor unit, `denominator` of them each."""
        if day <= self.start:
            return 0
        last = day if self.end is None or day < self.end else self.end
        units = self.clock.units(last) - self.clock.units(self.start)
        return self.base * self.rate_numerator * units

    @property
    def denominator(self) -> int:
        """Parts of a minor unit that `numerator` counts in."""
        return self.rate_denominator * self.clock.denominator


@dataclass(slots=True)
class AccruingClaim:
    """Builds the segments of one claim as its base and rate change."""

    component: Component
    number: int
    rounding: Rounding
    segments: list[Segment] = field(default_factory=list)
    charged: int = 0  # known amounts that joined the claim beside its segments
    _closed: tuple[int, int] = (0, 1)  # numerator and denominator of what no longer runs
    _closed_rounded: int = 0
    _open: Segment | None = None

    @property
    def is_running(self) -> bool:
        """Whether a segment is open now."""
        return self._open is not None

    def run(
        self, day: date, *, base: int, rate: Decimal | Fraction, clock: Clock, end: date | None
    ) -> None:
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
            self.segments.pop()  # the one that runs is the last
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
        self._closed = self._with(running, day)
        self._closed_rounded = round_minor(*self._closed, self.rounding)

    def unrounded(self, day: date) -> Fraction:
        """What the claim has accrued by `day`, in minor units, before rounding."""
        return Fraction(*self._with(self._open, day))

    def accrued(self, day: date) -> int:
        """What the claim has accrued by `day`, its segments rounded once, in whole minor units.

        `day` is not before the start of the segment that runs now.
        """
        if self._open is None:
            return self.charged + self._closed_rounded
        return self.charged + round_minor(*self._with(self._open, day), self.rounding)

    def _with(self, segment: Segment | None, day: date) -> tuple[int, int]:
        """What is closed and a segment by `day`: plain integers, for this is asked very often."""
        if segment is None:
            return self._closed
        closed, denominator = self._closed
        if not closed:
            return segment.numerator(day), segment.denominator
        if denominator == segment.denominator:
            return closed + segment.numerator(day), denominator
        return (
            closed * segment.denominator + segment.numerator(day) * denominator,
            denominator * segment.denominator,
        )
