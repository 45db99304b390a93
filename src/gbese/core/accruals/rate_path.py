"""The nominal rate of a loan over time, from its terms, its own rate rows and published fixings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from gbese.core.accruals.resets import RateReset
from gbese.core.calendars.periods import Period
from gbese.core.contracts.terms import RateEffect, RateTerms
from gbese.core.rates.reference import Fixing, Fixings, floating_rate


@dataclass(slots=True)
class RatePath:
    """Which rate holds on which night. Rows set on the loan itself replace what the terms say."""

    terms: RateTerms
    fixings: Fixings | None = None  # of the reference in the terms
    resets: tuple[RateReset, ...] = ()  # the days of the terms on which another rate begins
    _set: list[Fixing] = field(default_factory=list)

    def set_rate(self, day: date, rate: Decimal) -> None:
        """From the night of `day` on the loan costs `rate`; days come in ascending order."""
        self._set.append(Fixing(day, rate))

    def amend(self, day: date, terms: RateTerms) -> None:
        """From `day` on other rate terms hold, and rows set before it no longer count."""
        self.terms = terms
        self._set = [row for row in self._set if row.valid_on >= day]

    def on(self, night: date, *, period_start: date) -> Decimal:
        """The rate of the night that begins on `night`, in the period that began on `period_start`.

        Zero where the rate is not known at all; the terms say so by naming neither a rate nor a
        reference.
        """
        row = _latest(self._set, night)
        if row is not None:
            return row.rate
        if self.resets:
            place = bisect_right(self.resets, night, key=lambda reset: reset.day)
            return self.resets[place - 1].rate if place else self.terms.fixed or Decimal(0)
        if self.terms.reference is None or self.terms.resets is not None:
            return self.terms.fixed or Decimal(0)
        reset = night if self.terms.effect is RateEffect.SAME_DAY else period_start
        fixing = _latest(self.fixings.rows, reset) if self.fixings else None
        return floating_rate(
            self.terms.multiplier * (fixing.rate if fixing else Decimal(0)),
            margin=self.terms.margin,
            floor=self.terms.floor,
            cap=self.terms.cap,
        )

    def changes_between(self, after: date, before: date) -> list[date]:
        """Days strictly between the two on which another rate begins in a running period."""
        if self.resets or self.terms.resets is not None:
            return [reset.day for reset in self.resets if after < reset.day < before]
        if self.fixings is None or self.terms.effect is not RateEffect.SAME_DAY:
            return []
        rows = self.fixings.rows
        first = bisect_right(rows, after, key=lambda row: row.valid_on)
        last = bisect_left(rows, before, key=lambda row: row.valid_on)
        return [row.valid_on for row in rows[first:last]]

    def is_reset_on(self, day: date) -> bool:
        """Whether the terms fix the rate anew on the day."""
        return bool(self.resets) and any(reset.day == day for reset in self.resets)

    @property
    def fixed_to(self) -> date | None:
        """The last day whose rate is known; None where the terms need no fixing.

        A value stands until a newer one is published, but not for longer than its series allows.
        """
        if self.terms.reference is None:
            return None
        if self.fixings is None or not self.fixings.rows:
            return date.min
        if self.fixings.known_to is not None:
            return self.fixings.known_to
        last = self.fixings.rows[-1].valid_on
        return last + timedelta(days=min(self.fixings.max_age_days, (date.max - last).days))

    def unfixed_from(self, first_night: date, period_starts: Iterable[date]) -> date | None:
        """The first night whose rate lies in a hole of the series; None where none does.

        Args:
            first_night: the first on which anything is owed.
            period_starts: of the interest periods that the loan lives through from then on.
        """
        if not self._holes:
            return None
        if self.resets or self.terms.resets is not None:
            nights = [
                one.day for one in self.resets if one.looked_at and self._is_in_hole(one.looked_at)
            ]
        elif self.terms.effect is RateEffect.SAME_DAY:
            nights = [hole.start for hole in self._holes if hole.end > first_night]
        else:
            nights = [day for day in period_starts if self._is_in_hole(day)]
        set_from = self._set[0].valid_on if self._set else date.max
        coming = (max(night, first_night) for night in nights)
        return min((night for night in coming if night < set_from), default=None)

    def is_fixed(self, period_start: date) -> bool:
        """Whether the rate of the period that begins then rests on a published fixing."""
        is_known = self.fixed_to is None or period_start <= self.fixed_to
        return is_known and not self._is_in_hole(period_start)

    @property
    def _holes(self) -> tuple[Period, ...]:
        return self.fixings.holes if self.fixings and self.terms.reference else ()

    def _is_in_hole(self, day: date) -> bool:
        return any(day in hole for hole in self._holes)


def _latest(rows: Sequence[Fixing], day: date) -> Fixing | None:
    place = bisect_right(rows, day, key=lambda row: row.valid_on)
    return rows[place - 1] if place else None
