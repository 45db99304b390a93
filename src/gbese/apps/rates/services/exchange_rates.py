"""Record, confirm and withdraw exchange rates."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db import transaction

from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.rates import locks
from gbese.apps.rates.kinds import BatchKind, JumpPolicy, RateKind
from gbese.apps.rates.mapping import currency_code, exchange_rate_exact, unit_rate
from gbese.apps.rates.models import ExchangeRate, RateBatch, RateConfirmation
from gbese.apps.rates.services.batches import (
    WRITE_BLOCK_ROWS,
    RateJump,
    RatesRecorded,
    recorded_before,
    store_batch,
)
from gbese.core.errors import Refusal

JUMP_LIMIT = Fraction(1, 5)  # off the last rate of the series; policy, RELIABILITY of rates entered

_SeriesKey = tuple[str, str, str, str]


class RateGivenTwice(Refusal):
    """One call gives two different rates for one series and day."""

    code = "rate_given_twice"


class RateUnknown(Refusal):
    """No recorded rate has this number, or a newer version has taken its place."""

    code = "rate_unknown"


class RateNotAwaitingConfirmation(Refusal):
    """The rate is in use already."""

    code = "rate_not_awaiting_confirmation"


class ConfirmedBySamePerson(Refusal):
    """Whoever entered a rate that is far off the last cannot be the one who confirms it."""

    code = "confirmed_by_same_person"


@dataclass(frozen=True, slots=True)
class NewExchangeRate:
    """`rate`, exact decimal text, units of `quote` for `quantity` units of `base` on a day."""

    base: str
    quote: str
    kind: RateKind
    source: str
    valid_on: date
    rate: str
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class _Standing:
    version: int
    rate: str
    quantity: int
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class ExchangeRatesPlan:
    """What recording would do: rows to write, rows recognised, and what a person should see."""

    rows: tuple[tuple[NewExchangeRate, int], ...]  # with the version each would get
    counts: RatesRecorded


def plan_exchange_rates(
    *, rates: Sequence[NewExchangeRate], jumps: JumpPolicy
) -> ExchangeRatesPlan:
    """Work out what recording these rates would do, without recording anything.

    Raises:
        MalformedRate: a rate is no exact figure above zero.
        MalformedCurrency: a currency is not three capital letters.
        RateGivenTwice: two of the rates contradict each other.
    """
    by_series: dict[_SeriesKey, dict[date, NewExchangeRate]] = defaultdict(dict)
    repeated = 0
    for rate in rates:
        exchange_rate_exact(rate.rate)
        key = _series_key(rate)
        days = by_series[key]
        if (other := days.get(rate.valid_on)) is not None:
            if _figure(other) != _figure(rate):
                raise RateGivenTwice(series="/".join(key), valid_on=rate.valid_on, rate=rate.rate)
            repeated += 1
            continue
        days[rate.valid_on] = rate

    rows: list[tuple[NewExchangeRate, int]] = []
    found: list[RateJump] = []
    recognised, corrected = repeated, 0
    for series_key, days in by_series.items():
        standing = _standing(series_key, min(days), max(days))
        written: list[NewExchangeRate] = []
        for day, rate in sorted(days.items()):
            old = standing.get(day)
            if old is None:
                rows.append((rate, 1))
            elif not old.is_withdrawn and _figure(rate) == unit_rate(old.rate, old.quantity):
                recognised += 1
                continue
            else:
                rows.append((rate, old.version + 1))
                corrected += not old.is_withdrawn
            written.append(rate)
        found += _jumps(series_key, written, standing, jumps)
    counts = RatesRecorded(
        recorded=len(rows) - corrected,
        recognised=recognised,
        corrected=corrected,
        withdrawn=0,
        jumps=tuple(found),
    )
    return ExchangeRatesPlan(tuple(rows), counts)


@transaction.atomic
def record_exchange_rates(
    *, rates: Sequence[NewExchangeRate], jumps: JumpPolicy, note: str, act: Act
) -> RatesRecorded:
    """Record exchange rates of any number of series; the same row again is recognised.

    A rate for a day that has another one becomes its newer version. A rate more than a fifth off
    the last of its series is told as a finding, and by `jumps` waits for a second person. The
    same request again returns what it did the first time.

    Raises:
        MalformedRate: a rate is no exact figure above zero.
        MalformedCurrency: a currency is not three capital letters.
        RateGivenTwice: two of the rates contradict each other.
    """
    if done := recorded_before(act, BatchKind.EXCHANGE_RATES):
        return done
    keys = {_series_key(rate) for rate in rates}
    series = locks.exchange_series(keys)
    plan = plan_exchange_rates(rates=rates, jumps=jumps)
    batch = store_batch(act, BatchKind.EXCHANGE_RATES, note, plan.counts)
    waiting = {(j.series, j.valid_on) for j in plan.counts.jumps if j.awaits_confirmation}
    ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(
                series_id=series[key].pk,
                valid_on=rate.valid_on,
                version=version,
                rate=rate.rate,
                quantity=rate.quantity,
                awaits_confirmation=bool(waiting) and ("/".join(key), rate.valid_on) in waiting,
                is_withdrawn=False,
                batch_id=batch.pk,
            )
            for rate, version in plan.rows
            for key in [_series_key(rate)]
        ],
        batch_size=WRITE_BLOCK_ROWS,
    )
    record_audit(
        act=act,
        what="rates.exchange_rates_recorded",
        subject=note,
        before={},
        after=_audit_facts(plan, rates),
    )
    return plan.counts


@transaction.atomic
def confirm_exchange_rate(*, rate_pk: int, act: Act) -> None:
    """Stand behind a rate that is far off the last one, so that it comes into use.

    Raises:
        RateUnknown: there is no such rate.
        RateNotAwaitingConfirmation: it is in use already.
        ConfirmedBySamePerson: the one who entered it cannot confirm it.
    """
    rate = ExchangeRate.objects.select_for_update().filter(pk=rate_pk).first()
    if rate is None:
        raise RateUnknown(rate=rate_pk)
    if not rate.awaits_confirmation or RateConfirmation.objects.filter(exchange_rate=rate).exists():
        raise RateNotAwaitingConfirmation(rate=rate_pk)
    entered_by = RateBatch.objects.values_list("login", flat=True).get(pk=rate.batch_id)
    if entered_by == act.login:
        raise ConfirmedBySamePerson(login=act.login)
    RateConfirmation.objects.create(
        exchange_rate=rate, login=act.login, recorded_at=act.recorded_at
    )
    record_audit(
        act=act,
        what="rates.exchange_rate_confirmed",
        subject=str(rate),
        before={"entered_by": entered_by},
        after={"confirmed_by": act.login},
    )


@transaction.atomic
def withdraw_exchange_rates(*, recorded_by: UUID, note: str, act: Act) -> RatesRecorded:
    """Take back what one request recorded; days corrected since then keep their newer rate."""
    if done := recorded_before(act, BatchKind.EXCHANGE_RATES):
        return done
    rows = list(
        ExchangeRate.objects.filter(
            batch__request_id=recorded_by, batch__what=BatchKind.EXCHANGE_RATES
        ).order_by("series_id", "valid_on")
    )
    newest = _newest_versions({row.series_id for row in rows})
    rows = [row for row in rows if newest[row.series_id, row.valid_on] == row.version]
    counts = RatesRecorded(recorded=0, recognised=0, corrected=0, withdrawn=len(rows))
    batch = store_batch(act, BatchKind.EXCHANGE_RATES, note, counts)
    ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(
                series_id=row.series_id,
                valid_on=row.valid_on,
                version=row.version + 1,
                rate=row.rate,
                quantity=row.quantity,
                awaits_confirmation=False,
                is_withdrawn=True,
                batch=batch,
            )
            for row in rows
        ],
        batch_size=WRITE_BLOCK_ROWS,
    )
    record_audit(
        act=act,
        what="rates.exchange_rates_withdrawn",
        subject=note,
        before={"request_id": str(recorded_by)},
        after={"withdrawn": str(len(rows))},
    )
    return counts


def _series_key(rate: NewExchangeRate) -> _SeriesKey:
    return (currency_code(rate.base), currency_code(rate.quote), str(rate.kind), rate.source)


def _figure(rate: NewExchangeRate) -> Fraction:
    return unit_rate(rate.rate, rate.quantity)


def _standing(key: _SeriesKey, first: date, last: date) -> dict[date, _Standing]:
    """The newest version of each day between two, and the last usable day before them."""
    base, quote, kind, source = key
    rows = ExchangeRate.objects.filter(
        series__base=base, series__quote=quote, series__kind=kind, series__source=source
    )
    columns = ("valid_on", "version", "rate", "quantity", "is_withdrawn")
    before = rows.filter(valid_on__lt=first).order_by("-valid_on", "-version")[:1]
    within = rows.filter(valid_on__range=(first, last)).order_by("valid_on", "version")
    return {
        day: _Standing(*rest)
        for chosen in (before, within)
        for day, *rest in chosen.values_list(*columns)
    }


def _jumps(
    key: _SeriesKey,
    written: Iterable[NewExchangeRate],
    standing: dict[date, _Standing],
    policy: JumpPolicy,
) -> list[RateJump]:
    """Those of the new rates that are far off the rate before them in the series."""
    texts = {day: (row.rate, row.quantity) for day, row in standing.items() if not row.is_withdrawn}
    new = {rate.valid_on: (rate.rate, rate.quantity) for rate in written}
    texts.update(new)
    days = sorted(texts)
    found: list[RateJump] = []
    for day in new:
        place = bisect_left(days, day)
        if not place:
            continue
        last_day = days[place - 1]
        if is_far_off(texts[day], texts[last_day]):
            found.append(
                RateJump(
                    series="/".join(key),
                    valid_on=day,
                    rate=texts[day][0],
                    last_valid_on=last_day,
                    last_rate=texts[last_day][0],
                    awaits_confirmation=policy is JumpPolicy.AWAIT_CONFIRMATION,
                )
            )
    return found


def is_far_off(rate: tuple[str, int], last: tuple[str, int]) -> bool:
    """Whether a rate, with its quantity, is more than a fifth off the last one."""
    scaled, scaled_last = Decimal(rate[0]) * last[1], Decimal(last[0]) * rate[1]
    return abs(scaled - scaled_last) * JUMP_LIMIT.denominator > scaled_last * JUMP_LIMIT.numerator


def _newest_versions(series_pks: set[int]) -> dict[tuple[int, date], int]:
    rows = ExchangeRate.objects.filter(series_id__in=series_pks).order_by("version")
    return {
        (series, day): version
        for series, day, version in rows.values_list("series_id", "valid_on", "version")
    }


def _audit_facts(plan: ExchangeRatesPlan, rates: Sequence[NewExchangeRate]) -> dict[str, str]:
    facts = {
        "recorded": str(plan.counts.recorded),
        "recognised": str(plan.counts.recognised),
        "corrected": str(plan.counts.corrected),
        "far_off": str(len(plan.counts.jumps)),
    }
    if len(rates) == 1:  # by hand: the figure itself
        (rate,) = rates
        facts["rate"] = f"{rate.quantity} {rate.base} = {rate.rate} {rate.quote}"
        facts["valid_on"] = rate.valid_on.isoformat()
        facts["kind"], facts["source"] = rate.kind, rate.source
    return facts
