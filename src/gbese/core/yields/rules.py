"""What a jurisdiction lays down about its yearly cost figure: by which method, how printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from gbese.core.rulebook import Rule, Scope

DECIMALS = "yearly_cost.decimals"
DAYS_IN_YEAR = "yearly_cost.days_in_year"


class YearlyCostMethod(StrEnum):
    """How the yearly cost of a loan is worked out."""

    XIRR = "xirr"  # effective, actual days over the days of a year: the plain figure
    APR_EU = "apr_eu"  # European Union: effective, equal months and days counted back
    APR_US = "apr_us"  # United States: nominal, by unit-periods
    GESV = "gesv"  # Kazakhstan: effective, actual days
    PSK = "psk"  # Russia: nominal, by base periods
    KEY_FACTS = "key_facts"  # Nigeria: nominal and effective, by the month


EUROPEAN_UNION = frozenset(
    {
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
    }
)
_METHODS = {
    "EU": YearlyCostMethod.APR_EU,
    "KZ": YearlyCostMethod.GESV,
    "NG": YearlyCostMethod.KEY_FACTS,
    "RU": YearlyCostMethod.PSK,
    "US": YearlyCostMethod.APR_US,
}


@dataclass(frozen=True, slots=True)
class YearlyCostRules:
    """The figures of law a method needs, by jurisdiction and from a date."""

    decimals: Rule  # of the percentage as printed
    days_in_year: Rule

    def printing(self, country: str, *, signed_on: date) -> int:
        """How many decimals the percentage of a contract signed that day is printed with.

        Raises:
            RuleNotInForce: no approved rule holds on the day.
            RuleAmbiguous: two hold and neither is the narrower.
        """
        return int(_figure(self.decimals, country, signed_on))

    def year(self, country: str, *, signed_on: date) -> Fraction:
        """How many days a year has for a contract signed that day.

        Raises:
            RuleNotInForce: no approved rule holds on the day.
            RuleAmbiguous: two hold and neither is the narrower.
        """
        return Fraction(_figure(self.days_in_year, country, signed_on))


def method_in(country: str) -> YearlyCostMethod:
    """How the consumers of a country are told the cost; the plain figure where no law says."""
    return _METHODS.get(jurisdiction_of(country), YearlyCostMethod.XIRR)


def jurisdiction_of(country: str) -> str:
    """Whose law a country's cost figure follows: its own, or the European Union's."""
    return "EU" if country in EUROPEAN_UNION else country


def _figure(rule: Rule, country: str, signed_on: date) -> Decimal:
    return rule.within(Scope(jurisdiction=jurisdiction_of(country))).on(signed_on).value
