"""Record and withdraw fixings of reference rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.rates import locks
from gbese.apps.rates.kinds import BatchKind, SeriesUnit
from gbese.apps.rates.mapping import exact_rate
from gbese.apps.rates.models import ReferenceRate, ReferenceSeries
from gbese.apps.rates.services.batches import (
    WRITE_BLOCK_ROWS,
    RatesRecorded,
    Standing,
    recorded_before,
    store_batch,
)
from gbese.core.errors import Refusal

PUBLISHED_DAILY = 14  # weekends and the longest holidays
UNTIL_CHANGED = 36_500


class FixingGivenTwice(Refusal):
    """One call gives two different values for one day of a series."""

    code = "fixing_given_twice"


class SeriesUnitDiffers(Refusal):
    """The series is kept in another unit."""

    code = "series_unit_differs"


@dataclass(frozen=True, slots=True)
class NewFixing:
    """The value of a series on a day, exact text: a fraction of one a year, or an index level."""

    valid_on: date
    rate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFixings:
    """Values of one reference series, and what the series is.

    `max_age_days` says how long a value may hold without a newer one: a few days where one is
    published daily, `UNTIL_CHANGED` where it is set by decision. It counts for a new series.
    """

    code: str
    source: str
    unit: SeriesUnit
    fixings: tuple[NewFixing, ...]
    max_age_days: int = PUBLISHED_DAILY


@dataclass(frozen=True, slots=True)
class FixingsPlan:
    """What recording would do: rows to write with the version each would get, and the counts."""

    rows: tuple[tuple[str, NewFixing, int], ...]
    counts: RatesRecorded


def plan_fixings(*, series: Sequence[SeriesFixings]) -> FixingsPlan:
    """Work out what recording these fixings would do, without recording anything.

    Raises:
        MalformedRate: a value is no exact figure.
        FixingGivenTwice: two of them contradict each other, or a series is given twice.
        SeriesUnitDiffers: a series is kept in another unit.
    """
    plans = [_plan_one(one.code, one.unit, one.fixings) for one in series]
    return FixingsPlan(
        rows=tuple(row for plan in plans for row in plan.rows),
        counts=RatesRecorded(
            recorded=sum(plan.counts.recorded for plan in plans),
            recognised=sum(plan.counts.recognised for plan in plans),
            corrected=sum(plan.counts.corrected for plan in plans),
            withdrawn=0,
        ),
    )


def _plan_one(code: str, unit: SeriesUnit, fixings: Sequence[NewFixing]) -> FixingsPlan:
    series = ReferenceSeries.objects.filter(code=code).first()
    if series is not None and series.unit != unit:
        raise SeriesUnitDiffers(series=code, unit=series.unit, unit_given=str(unit))
    standing = {
        day: Standing(version, rate, is_withdrawn)
        for day, version, rate, is_withdrawn in ReferenceRate.objects.filter(series=series)
        .order_by("version")
        .values_list("valid_on", "version", "rate", "is_withdrawn")
    }
    rows: dict[date, tuple[NewFixing, int]] = {}
    seen: dict[date, str] = {}
    recognised = corrected = 0
    for fixing in fixings:
        value = exact_rate(fixing.rate)
        if (other := seen.setdefault(fixing.valid_on, fixing.rate)) is not fixing.rate:
            if exact_rate(other) != value:
                raise FixingGivenTwice(series=code, valid_on=fixing.valid_on, rate=fixing.rate)
            recognised += 1
            continue
        old = standing.get(fixing.valid_on)
        if old is None:
            rows[fixing.valid_on] = (fixing, 1)
        elif not old.is_withdrawn and exact_rate(old.rate) == value:
            recognised += 1
        else:
            rows[fixing.valid_on] = (fixing, old.version + 1)
            corrected += not old.is_withdrawn
    counts = RatesRecorded(
        recorded=len(rows) - corrected, recognised=recognised, corrected=corrected, withdrawn=0
    )
    return FixingsPlan(tuple((code, *rows[day]) for day in sorted(rows)), counts)


@transaction.atomic
def record_fixings(*, series: Sequence[SeriesFixings], note: str, act: Act) -> RatesRecorded:
    """Record values of reference series; the same value again is recognised.

    Another value for a day becomes its newer version. The same request again returns what it did
    the first time.

    Raises:
        MalformedRate: a value is no exact figure.
        FixingGivenTwice: two of them contradict each other.
        SeriesUnitDiffers: a series is kept in another unit.
    """
    if done := recorded_before(act, BatchKind.FIXINGS):
        return done
    held = {
        one.code: locks.reference_series(
            code=one.code, source=one.source, unit=one.unit, max_age_days=one.max_age_days
        )
        for one in sorted(series, key=lambda one: one.code)
    }
    plan = plan_fixings(series=series)
    batch = store_batch(act, BatchKind.FIXINGS, note, plan.counts)
    ReferenceRate.objects.bulk_create(
        [
            ReferenceRate(
                series=held[code],
                valid_on=fixing.valid_on,
                version=version,
                rate=fixing.rate,
                is_withdrawn=False,
                batch=batch,
            )
            for code, fixing, version in plan.rows
        ],
        batch_size=WRITE_BLOCK_ROWS,
    )
    after = {
        "recorded": str(plan.counts.recorded),
        "recognised": str(plan.counts.recognised),
        "corrected": str(plan.counts.corrected),
    }
    if len(plan.rows) == 1:  # by hand: the figure itself
        _, fixing, _ = plan.rows[0]
        after |= {"rate": fixing.rate, "valid_on": fixing.valid_on.isoformat()}
    record_audit(
        act=act,
        what="rates.fixings_recorded",
        subject=", ".join(sorted(held)),
        before={},
        after=after,
    )
    return plan.counts


@transaction.atomic
def withdraw_fixings(*, recorded_by: UUID, note: str, act: Act) -> RatesRecorded:
    """Take back what one request recorded; days corrected since then keep their newer value."""
    if done := recorded_before(act, BatchKind.FIXINGS):
        return done
    rows = list(
        ReferenceRate.objects.filter(
            batch__request_id=recorded_by, batch__what=BatchKind.FIXINGS
        ).order_by("valid_on")
    )
    newest = {
        (series, day): version
        for series, day, version in ReferenceRate.objects.filter(
            series_id__in={row.series_id for row in rows}
        )
        .order_by("version")
        .values_list("series_id", "valid_on", "version")
    }
    rows = [row for row in rows if newest[row.series_id, row.valid_on] == row.version]
    counts = RatesRecorded(recorded=0, recognised=0, corrected=0, withdrawn=len(rows))
    batch = store_batch(act, BatchKind.FIXINGS, note, counts)
    ReferenceRate.objects.bulk_create(
        [
            ReferenceRate(
                series_id=row.series_id,
                valid_on=row.valid_on,
                version=row.version + 1,
                rate=row.rate,
                is_withdrawn=True,
                batch=batch,
            )
            for row in rows
        ],
        batch_size=WRITE_BLOCK_ROWS,
    )
    record_audit(
        act=act,
        what="rates.fixings_withdrawn",
        subject=note,
        before={"request_id": str(recorded_by)},
        after={"withdrawn": str(len(rows))},
    )
    return counts
