"""The words of the rates area: kinds of exchange rate, units of a series, ways a rate is found."""

from __future__ import annotations

from enum import StrEnum


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


class BatchKind(StrEnum):
    """What one act of recording brought."""

    EXCHANGE_RATES = "exchange_rates"
    FIXINGS = "fixings"
    HOLIDAYS = "holidays"
