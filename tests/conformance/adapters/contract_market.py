"""What a contract with cycles takes from the market: rates, an index, a price."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from gbese.core.projections.cash_flows import Deal, Index
from gbese.core.rates.reference import Fixing, Fixings
from gbese.core.servicing.events import Component
from tests.conformance.adapters.contract_words import cycle, day_of, is_end_of_day, money
from tests.conformance.cases import Document


def fixings(series: Document | None) -> Fixings | None:
    if series is None:
        return None
    return Fixings(series["code"], "case", _rows(series), 36500)


def _rows(series: Document) -> tuple[Fixing, ...]:
    return tuple(Fixing(day_of(day), Decimal(value)) for day, value in series["rows"])


def deal(asked: Document, what: str) -> Deal | None:
    stamp = asked.get(f"{what}_date")
    price = money(asked, f"price_at_{what}_date")
    if stamp is None or price is None:
        return None
    return Deal(day_of(stamp), price, counts_day=is_end_of_day(stamp))


def index(asked: Document, observed: dict[str, Document]) -> Index | None:
    read = cycle(asked, "scaling_index")
    if read is None:
        return None
    effect = asked["scaling_effect"]
    letters = {"I": Component.INTEREST, "N": Component.PRINCIPAL}
    return Index(
        rows=_rows(observed[asked["market_object_code_of_scaling_index"]]),
        at_signing=Fraction(asked["scaling_index_at_contract_deal_date"]),
        cycle=read,
        scales=frozenset(scaled for letter, scaled in letters.items() if letter in effect),
    )
