"""The words of the rates area: kinds of exchange rate, units of a series, and its refusals."""

from __future__ import annotations

from enum import StrEnum

from gbese.core.errors import Refusal


class RateKind(StrEnum):
    """What an exchange rate may be used for: one day has several rates of one pair."""

    OFFICIAL = "official"  # fixed by a central bank
    MARKET = "market"
    CUSTOMS = "customs"  # for duties and tax, set in advance for a period
    BANK_BUYING = "bank_buying"
    BANK_SELLING = "bank_selling"
    CONTRACT = "contract"  # agreed between two parties


class SeriesUnit(StrEnum):
    """What the figures of a reference series are."""

    YEARLY_RATE = "yearly_rate"  # a fraction of one a year, published in per cent
    INDEX = "index"  # a level; two of them give the growth between their days


class RatePath(StrEnum):
    """How an exchange rate was found."""

    IDENTITY = "identity"  # the two currencies are one
    DIRECT = "direct"
    INVERSE = "inverse"
    CROSS = "cross"  # through a currency both are quoted in by the same source


class JumpPolicy(StrEnum):
    """What becomes of a rate that is far off the last one of its series."""

    RECORD = "record"  # a published table stands behind it: recorded, and told as a finding
    AWAIT_CONFIRMATION = "await_confirmation"  # kept, and used once another person confirms it


class ExchangeRateMissing(Refusal):
    """No rate of the pair is known for the day within the maximum age."""

    code = "exchange_rate_missing"


class MalformedRate(Refusal):
    """The text is not a rate: ASCII digits with one dot; above zero for an exchange rate."""

    code = "malformed_rate"


class MalformedCurrency(Refusal):
    """A currency is three capital letters."""

    code = "malformed_currency"


class SeriesUnknown(Refusal):
    """No reference series has this code."""

    code = "reference_series_unknown"


class CalendarUnknown(Refusal):
    """No holiday calendar has this code."""

    code = "calendar_unknown"


class CalendarNotSeedable(Refusal):
    """The shipped tables of holidays have no such country."""

    code = "calendar_not_seedable"


class RateUnknown(Refusal):
    """No recorded rate has this number, or a newer version has taken its place."""

    code = "rate_unknown"


class RateNotAwaitingConfirmation(Refusal):
    """The rate is in use already."""

    code = "rate_not_awaiting_confirmation"


class ConfirmedBySamePerson(Refusal):
    """Whoever entered a rate that is far off the last cannot be the one who confirms it."""

    code = "confirmed_by_same_person"


class RateRequestReused(Refusal):
    """The request has already recorded something else."""

    code = "rate_request_reused"
