"""What a loan costs a year, as the entity's country tells it."""

from __future__ import annotations

from gbese.apps.bookkeeping import queries as books
from gbese.apps.rates.shipped_rules import yearly_cost_rules
from gbese.core.contracts.terms import Terms
from gbese.core.projections.rows import Projection
from gbese.core.yields.disclosure import YearlyCost, planned_flows, yearly_cost
from gbese.core.yields.roots import NoRateExists, SeveralRatesExist


def yearly_cost_of(projection: Projection, terms: Terms) -> YearlyCost | None:
    """The yearly cost of what falls due, fees included; None where no one rate fits it.

    Args:
        projection: of the loan, or of one that is only looked at.
        terms: as first agreed; the rules are those of the day it was signed.
    """
    try:
        return yearly_cost(
            planned_flows(projection),
            country=books.entity().country if books.has_entity() else "",
            signed_on=terms.signed_on,
            rules=yearly_cost_rules(),
        )
    except (NoRateExists, SeveralRatesExist):
        return None
