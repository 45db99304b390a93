"""Exchange rates: recorded once, corrected by newer versions, found with their own date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from django.db import DatabaseError, transaction

from gbese.apps.identity.acts import Act
from gbese.apps.rates.kinds import JumpPolicy, RateKind, RatePath
from gbese.apps.rates.models import ExchangeRate
from gbese.apps.rates.queries import ExchangeRateMissing, RateFound, exchange_rate
from gbese.apps.rates.services import (
    ConfirmedBySamePerson,
    MalformedCurrency,
    MalformedRate,
    NewExchangeRate,
    RateGivenTwice,
    RateNotAwaitingConfirmation,
    RatesRecorded,
    confirm_exchange_rate,
    record_exchange_rates,
    withdraw_exchange_rates,
)

pytestmark = pytest.mark.django_db

Acts = Callable[..., Act]
MONDAY = date(2025, 3, 3)


def rate(
    text: str,
    valid_on: date = MONDAY,
    base: str = "USD",
    quote: str = "PLN",
    quantity: int = 1,
    kind: RateKind = RateKind.OFFICIAL,
) -> NewExchangeRate:
    return NewExchangeRate(base, quote, kind, "nbp", valid_on, text, quantity)


def record(
    act: Act, *rates: NewExchangeRate, jumps: JumpPolicy = JumpPolicy.RECORD
) -> RatesRecorded:
    return record_exchange_rates(rates=rates, jumps=jumps, note="a table", act=act)


def found(base: str, quote: str, on: date = MONDAY, **more: object) -> RateFound:
    asked = {"kind": RateKind.OFFICIAL, "source": "nbp", "on": on, "max_age_days": 7} | more
    return exchange_rate(base, quote, **asked)  # type: ignore[arg-type]


def counts(done: RatesRecorded) -> Sequence[int]:
    return (done.recorded, done.recognised, done.corrected, done.withdrawn)


def test_a_rate_is_found_both_ways_exactly(acts: Acts) -> None:
    record(acts(), rate("3.9000"))
    direct, inverse = found("USD", "PLN"), found("PLN", "USD")
    assert (direct.rate, direct.path) == (Fraction(39, 10), RatePath.DIRECT)
    assert (inverse.rate, inverse.path) == (Fraction(10, 39), RatePath.INVERSE)


def test_a_rate_for_a_hundred_units_is_of_one(acts: Acts) -> None:
    record(acts(), rate("0.7785", base="KZT", quantity=100))
    assert found("KZT", "PLN").rate == Fraction("0.007785")


def test_a_currency_is_worth_itself(acts: Acts) -> None:
    assert found("NGN", "NGN").rate == 1
    assert found("NGN", "NGN").path is RatePath.IDENTITY


def test_a_cross_takes_both_legs_of_one_table(acts: Acts) -> None:
    """NGN comes weekly, USD daily: the cross is of the last day that has both."""
    wednesday, friday = MONDAY + timedelta(days=2), MONDAY + timedelta(days=4)
    record(
        acts(),
        rate("0.0025", wednesday, base="NGN"),
        rate("3.90", wednesday),
        rate("4.00", friday),
    )
    cross = found("USD", "NGN", friday)
    assert (cross.rate, cross.valid_on, cross.path) == (1560, wednesday, RatePath.CROSS)
    assert [(leg.base, leg.quote, leg.valid_on) for leg in cross.legs] == [
        ("USD", "PLN", wednesday),
        ("NGN", "PLN", wednesday),
    ]


def test_a_day_without_a_rate_takes_the_last_and_says_its_date(acts: Acts) -> None:
    record(acts(), rate("3.90"))
    last = found("USD", "PLN", MONDAY + timedelta(days=7))
    assert (last.rate, last.valid_on) == (Fraction("3.9"), MONDAY)


@pytest.mark.parametrize(
    ("days_later", "asked"),
    [
        (8, {}),  # older than the maximum age
        (-1, {}),  # the future is not known
        (0, {"kind": RateKind.CUSTOMS}),
        (0, {"source": "ecb"}),
    ],
)
def test_no_rate_is_a_refusal_and_never_one(
    acts: Acts, days_later: int, asked: dict[str, object]
) -> None:
    record(acts(), rate("3.90"))
    with pytest.raises(ExchangeRateMissing) as refused:
        found("USD", "PLN", MONDAY + timedelta(days=days_later), **asked)
    assert refused.value.code == "exchange_rate_missing"
    assert refused.value.facts["base"] == "USD"


def test_the_same_row_again_is_recognised(acts: Acts) -> None:
    assert counts(record(acts(), rate("3.9000"))) == (1, 0, 0, 0)
    assert counts(record(acts(), rate("3.90"))) == (0, 1, 0, 0)
    assert counts(record(acts(), rate("390", quantity=100))) == (0, 1, 0, 0)
    assert ExchangeRate.objects.count() == 1


def test_the_same_request_again_does_nothing(acts: Acts) -> None:
    act = acts()
    assert counts(record(act, rate("3.90"))) == (1, 0, 0, 0)
    assert counts(record(act, rate("3.90"))) == (1, 0, 0, 0)
    assert ExchangeRate.objects.count() == 1


def test_a_correction_is_a_newer_version_and_the_past_is_as_known(acts: Acts) -> None:
    first, second = datetime(2025, 3, 4, tzinfo=UTC), datetime(2025, 3, 5, tzinfo=UTC)
    record(acts(recorded_at=first), rate("3.90"))
    assert counts(record(acts(recorded_at=second), rate("3.95"))) == (0, 0, 1, 0)
    assert found("USD", "PLN").rate == Fraction("3.95")
    assert found("USD", "PLN", as_known=first).rate == Fraction("3.90")


def test_what_a_request_recorded_can_be_taken_back(acts: Acts) -> None:
    act = acts()
    record(act, rate("3.90"), rate("3.91", MONDAY + timedelta(days=1)))
    record(acts(), rate("3.95"))  # a correction of one of the two stays
    done = withdraw_exchange_rates(recorded_by=act.request_id, note="undo", act=acts())
    assert done.withdrawn == 1
    assert found("USD", "PLN", MONDAY + timedelta(days=1)).rate == Fraction("3.95")
    assert counts(record(acts(), rate("3.91", MONDAY + timedelta(days=1)))) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("last", "new", "is_far_off"),
    [
        ("100", "120", False),  # exactly a fifth is not more than a fifth
        ("100", "120.0001", True),
        ("100", "80", False),
        ("100", "79.9999", True),
    ],
)
def test_more_than_a_fifth_off_the_last_is_a_finding(
    acts: Acts, last: str, new: str, *, is_far_off: bool
) -> None:
    record(acts(), rate(last))
    done = record(acts(), rate(new, MONDAY + timedelta(days=9)))
    assert bool(done.jumps) is is_far_off


def test_a_rate_far_off_by_hand_waits_for_another_person(acts: Acts) -> None:
    record(acts(), rate("3.90"))
    tuesday = MONDAY + timedelta(days=1)
    done = record(acts(), rate("39.0", tuesday), jumps=JumpPolicy.AWAIT_CONFIRMATION)
    assert [jump.awaits_confirmation for jump in done.jumps] == [True]
    assert found("USD", "PLN", tuesday).valid_on == MONDAY  # not in use yet
    waiting = ExchangeRate.objects.get(awaits_confirmation=True)
    with pytest.raises(ConfirmedBySamePerson):
        confirm_exchange_rate(rate_pk=waiting.pk, act=acts())
    confirm_exchange_rate(rate_pk=waiting.pk, act=acts(login="timur"))
    assert found("USD", "PLN", tuesday).rate == 39
    with pytest.raises(RateNotAwaitingConfirmation):
        confirm_exchange_rate(rate_pk=waiting.pk, act=acts(login="timur"))


@pytest.mark.parametrize("text", ["", ".", "0", "-1", "1,5", "1e3", "٣", "NaN", " 1"])
def test_what_is_no_rate_is_refused_and_leaves_nothing(acts: Acts, text: str) -> None:
    with pytest.raises(MalformedRate):
        record(acts(), rate("3.90"), rate(text, MONDAY + timedelta(days=1)))
    assert not ExchangeRate.objects.exists()


def test_a_currency_has_three_capital_letters(acts: Acts) -> None:
    with pytest.raises(MalformedCurrency):
        record(acts(), rate("3.90", base="usd"))


def test_one_call_does_not_contradict_itself(acts: Acts) -> None:
    with pytest.raises(RateGivenTwice):
        record(acts(), rate("3.90"), rate("3.91"))
    assert counts(record(acts(), rate("3.90"), rate("3.900"))) == (1, 1, 0, 0)


def test_the_database_itself_refuses_to_change_a_rate(acts: Acts) -> None:
    record(acts(), rate("3.90"))
    with pytest.raises(DatabaseError), transaction.atomic():
        ExchangeRate.objects.update(rate="4")
    with pytest.raises(DatabaseError), transaction.atomic():
        ExchangeRate.objects.all().delete()
