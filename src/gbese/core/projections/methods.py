"""Whether another version of the program reads the same facts otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from gbese.core.projections.position import TotalKey, totals
from gbese.core.projections.rows import Projection


@dataclass(frozen=True, slots=True)
class MethodDifference:
    """What a new version of the program would move of a loan without any new fact.

    `moved` is by component and cause, in minor units, at the end of `on`. It is empty where the
    rows differ in figures to come alone, or only in how they are cut.
    """

    stored_method: str
    method: str
    on: date
    moved: Mapping[TotalKey, int]


def method_difference(
    stored: Projection, recomputed: Projection, *, on: date
) -> MethodDifference | None:
    """What a version in force and the same facts computed anew disagree in; None if in nothing.

    A late fact is never allowed to carry such a difference along: it is shown, and applied, as a
    change of method of its own.

    Args:
        stored: the version in force.
        recomputed: by the program that runs now, from the facts of that version and no others.
        on: the day up to which figures have been booked.
    """
    if replace(recomputed, method=stored.method) == stored:
        return None
    moved = Counter(totals(recomputed, on))
    moved.subtract(totals(stored, on))
    return MethodDifference(
        stored_method=stored.method,
        method=recomputed.method,
        on=on,
        moved={place: minor for place, minor in moved.items() if minor},
    )
