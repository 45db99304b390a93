"""The use cases of rates, and their refusals."""

from gbese.apps.rates.mapping import MalformedCurrency, MalformedRate, fraction_text
from gbese.apps.rates.services.batches import RateJump, RateRequestReused, RatesRecorded
from gbese.apps.rates.services.calendars import (
    CalendarNotSeedable,
    CalendarUnknown,
    HolidayUnknown,
    NewHoliday,
    record_holidays,
    seed_calendar,
    withdraw_holiday,
)
from gbese.apps.rates.services.exchange_rates import (
    ConfirmedBySamePerson,
    ExchangeRatesPlan,
    NewExchangeRate,
    RateGivenTwice,
    RateNotAwaitingConfirmation,
    RateUnknown,
    confirm_exchange_rate,
    plan_exchange_rates,
    record_exchange_rates,
    withdraw_exchange_rates,
)
from gbese.apps.rates.services.fixings import (
    FixingGivenTwice,
    FixingsPlan,
    NewFixing,
    SeriesFixings,
    SeriesUnitDiffers,
    plan_fixings,
    record_fixings,
    withdraw_fixings,
)

__all__ = [
    "CalendarNotSeedable",
    "CalendarUnknown",
    "ConfirmedBySamePerson",
    "ExchangeRatesPlan",
    "FixingGivenTwice",
    "FixingsPlan",
    "HolidayUnknown",
    "MalformedCurrency",
    "MalformedRate",
    "NewExchangeRate",
    "NewFixing",
    "NewHoliday",
    "RateGivenTwice",
    "RateJump",
    "RateNotAwaitingConfirmation",
    "RateRequestReused",
    "RateUnknown",
    "RatesRecorded",
    "SeriesFixings",
    "SeriesUnitDiffers",
    "confirm_exchange_rate",
    "fraction_text",
    "plan_exchange_rates",
    "plan_fixings",
    "record_exchange_rates",
    "record_fixings",
    "record_holidays",
    "seed_calendar",
    "withdraw_exchange_rates",
    "withdraw_fixings",
    "withdraw_holiday",
]
