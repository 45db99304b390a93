"""The words of rates: kinds, units, and how a published figure is shown."""

from __future__ import annotations

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gbese.apps.rates.kinds import RateKind, SeriesUnit
from gbese.apps.rates.queries import rate_source
from gbese.interfaces.web import formatting

_KINDS: dict[RateKind, str | Promise] = {
    RateKind.OFFICIAL: _("Official"),
    RateKind.MARKET: _("Market"),
    RateKind.CUSTOMS: _("Customs"),
    RateKind.BANK_BUYING: _("Bank buys"),
    RateKind.BANK_SELLING: _("Bank sells"),
    RateKind.CONTRACT: _("Agreed"),
}
_UNITS: dict[SeriesUnit, str | Promise] = {
    SeriesUnit.YEARLY_RATE: _("Per cent a year"),
    SeriesUnit.INDEX: _("Index"),
}


def kind_text(kind: RateKind) -> str:
    return str(_KINDS[kind])


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.value, kind_text(kind)) for kind in RateKind]


def unit_text(unit: SeriesUnit) -> str:
    return str(_UNITS[unit])


def unit_choices() -> list[tuple[str, str]]:
    return [(unit.value, unit_text(unit)) for unit in SeriesUnit]


def source_text(code: str) -> str:
    """A publisher's name; its code where it has none."""
    return rate_source(code).name


def figure_text(rate: str, unit: SeriesUnit) -> str:
    """A value of a reference series: a rate in per cent, an index as it is."""
    if unit is SeriesUnit.INDEX:
        return rate
    return formatting.percent_text(Decimal(rate))
