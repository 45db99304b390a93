"""One act of recording: its batch, and the newest version of each day it may touch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gbese.apps.identity.acts import Act
from gbese.apps.rates.kinds import BatchKind
from gbese.apps.rates.models import RateBatch
from gbese.core.errors import Refusal

WRITE_BLOCK_ROWS = 5_000  # of a bulk insert


class RateRequestReused(Refusal):
    """The request has already recorded something else."""

    code = "rate_request_reused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateJump:
    """A finding: a rate that is far off the last one of its series."""

    series: str
    valid_on: date
    rate: str
    last_valid_on: date
    last_rate: str
    awaits_confirmation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesRecorded:
    """What an act of recording did, in rows.

    `recognised` stood there already with the same figure; `corrected` got a newer version.
    """

    recorded: int
    recognised: int
    corrected: int
    withdrawn: int
    jumps: tuple[RateJump, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest version of one series and day."""

    version: int
    rate: str
    is_withdrawn: bool


def recorded_before(act: Act, what: BatchKind) -> RatesRecorded | None:
    """What the same request recorded the first time; its findings were told then."""
    batch = RateBatch.objects.filter(request_id=act.request_id, what=what).first()
    if batch is None:
        return None
    return RatesRecorded(
        recorded=batch.recorded,
        recognised=batch.recognised,
        corrected=batch.corrected,
        withdrawn=batch.withdrawn,
    )


def store_batch(act: Act, what: BatchKind, note: str, counts: RatesRecorded) -> RateBatch:
    """Store who recorded how much."""
    return RateBatch.objects.create(
        request_id=act.request_id,
        what=what,
        login=act.login,
        channel=act.channel,
        recorded_at=act.recorded_at,
        note=note[:200],
        recorded=counts.recorded,
        recognised=counts.recognised,
        corrected=counts.corrected,
        withdrawn=counts.withdrawn,
    )
