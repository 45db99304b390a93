"""The steps of many loans as columns."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from gbese.columns.blocks import CAUSES, COMPONENTS, STEP, steps_in
from gbese.core.projections.rows import Cause, adds, settles
from gbese.core.servicing.events import Component

Amounts = NDArray[np.int64]  # minor units, one a loan
Chosen = NDArray[np.bool_]

_RECORD = np.dtype(
    [
        ("day", "<i4"),
        ("claim", "<i4"),
        ("event", "<i4"),
        ("component", "u1"),
        ("cause", "u1"),
        ("owed", "<u2"),
        ("amount", "<i8"),
    ]
)
assert _RECORD.itemsize == STEP.size  # noqa: S101 - two descriptions of one layout
_PRINCIPAL = COMPONENTS.index(Component.PRINCIPAL)
_DUE = CAUSES.index(Cause.DUE)


def _signs(plus: Iterable[Cause], minus: Iterable[Cause]) -> NDArray[np.int64]:
    signs = np.zeros(len(CAUSES), dtype=np.int64)
    signs[[CAUSES.index(cause) for cause in plus]] = 1
    signs[[CAUSES.index(cause) for cause in minus]] = -1
    return signs


_ADDING = [cause for cause in CAUSES if adds(Component.PRINCIPAL, cause)]
_SETTLING = [cause for cause in CAUSES if settles(Component.PRINCIPAL, cause)]
_OUTSTANDING = _signs(_ADDING, _SETTLING)
_SETTLED = _signs(_SETTLING, ())


@dataclass(frozen=True, slots=True)
class PrincipalSteps:
    """The steps of principal of many loans; those of loan i lie from `edges[i]` to `edges[i+1]`."""

    edges: NDArray[np.int64]
    day: NDArray[np.int32]  # proleptic Gregorian ordinal
    cause: NDArray[np.uint8]
    amount: Amounts

    def outstanding(self, on: date) -> Amounts:
        """Principal drawn and not yet repaid at the end of a date."""
        return self._sums(_OUTSTANDING[self.cause] * self.amount, self.day <= on.toordinal())

    def overdue(self, on: date) -> Amounts:
        """Principal that fell due before the date and is unpaid at its end."""
        is_due = self.cause == _DUE
        fell_due = self._sums(self.amount, is_due & (self.day < on.toordinal()))
        settled = self._sums(_SETTLED[self.cause] * self.amount, self.day <= on.toordinal())
        late: Amounts = np.maximum(fell_due - settled, 0)
        return late

    def due_between(self, after: date, last: date | None) -> Amounts:
        """Principal that falls due after a day, up to and with another; None is no end."""
        chosen = (self.cause == _DUE) & (self.day > after.toordinal())
        if last is not None:
            chosen &= self.day <= last.toordinal()
        return self._sums(self.amount, chosen)

    def _sums(self, amounts: Amounts, chosen: Chosen) -> Amounts:
        """The chosen amounts added up by loan; whole numbers throughout."""
        running = np.zeros(len(amounts) + 1, dtype=np.int64)
        np.cumsum(np.where(chosen, amounts, 0), out=running[1:])
        sums: Amounts = running[self.edges[1:]] - running[self.edges[:-1]]
        return sums


def principal_steps(blocks: Iterable[bytes]) -> PrincipalSteps:
    """Read the steps of principal out of packed projections, one block a loan, in their order."""
    parts = [steps_in(zlib.decompress(block)) for block in blocks]
    if not parts:
        empty = np.zeros(0, dtype=_RECORD)
        return PrincipalSteps(
            np.zeros(1, dtype=np.int64), empty["day"], empty["cause"], empty["amount"]
        )
    records = np.frombuffer(b"".join(parts), dtype=_RECORD)
    counts = np.array([len(part) // _RECORD.itemsize for part in parts], dtype=np.int64)
    is_principal = records["component"] == _PRINCIPAL
    kept_before = np.concatenate(([0], np.cumsum(is_principal)))
    edges = kept_before[np.concatenate(([0], np.cumsum(counts)))]
    kept = records[is_principal]
    return PrincipalSteps(
        edges.astype(np.int64),
        np.ascontiguousarray(kept["day"]),
        np.ascontiguousarray(kept["cause"]),
        np.ascontiguousarray(kept["amount"]),
    )
