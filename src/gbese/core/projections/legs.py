"""Two loans between the same parties as one contract: what is lent one way, and the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from gbese.core.projections.cash_flows import CashFlow, Deal, FlowKind
from gbese.core.projections.flow_kinds import place_of

_NO_RATE = Decimal(0)  # two legs together have none


def flows_of_two_legs(
    first: Sequence[CashFlow],
    second: Sequence[CashFlow],
    *,
    is_netted: bool,
    sold: Deal | None = None,
) -> tuple[CashFlow, ...]:
    """The events of both legs in order, the first leg's before the second's.

    Args:
        first: as one party sees them.
        second: as the same party sees them; what it lends on one leg it owes on the other.
        is_netted: of what happens to both legs at once, only the difference is paid; the state
            after it is that of both together.
        sold: the contract ends at a price for both legs, and nothing accrued is added.

    Source: ACTUS, contract type SWAPS.
    """
    flows = sorted((*first, *second), key=_order)
    if is_netted:
        flows = [_together(list(alike)) for _, alike in groupby(flows, key=_order)]
    if sold is None:
        return tuple(flows)
    ended = CashFlow(sold.on, FlowKind.TERMINATION, sold.price.minor, 0, _NO_RATE, 0)
    return (*(flow for flow in flows if _order(flow) < _order(ended)), ended)


def flows_of_swapped_rates(
    fixed: Sequence[CashFlow],
    floating: Sequence[CashFlow],
    *,
    is_netted: bool,
    bought: Deal | None = None,
    sold: Deal | None = None,
) -> tuple[CashFlow, ...]:
    """The events of one amount that bears a fixed rate one way and a floating rate the other.

    Principal is never exchanged. The state after an event is that of the fixed leg, at the floating
    rate. A price paid or received takes the place of what the legs would cost.

    Args:
        fixed: as one party sees the leg at a fixed rate.
        floating: as the same party sees the other.
        is_netted: of the two interests of a day, only the difference is paid.
        bought: the deal that both legs were listed with; its price is the whole contract's.
        sold: the same at the end.

    Source: ACTUS, contract type SWPPV.
    """
    flows: list[CashFlow] = []
    prices = {FlowKind.PURCHASE: bought, FlowKind.TERMINATION: sold}
    sign = 1 if any(flow.outstanding > 0 for flow in fixed) else -1
    rest = [flow for flow in floating if flow.kind is FlowKind.INTEREST]
    resets = [flow for flow in floating if flow.kind in _RESETS]
    rates = {_order(flow): flow.rate for flow in floating}
    for flow in fixed:
        seen = replace(flow, rate=rates.get(_order(flow), flow.rate))
        deal = prices.get(flow.kind)
        if deal is not None:
            price = deal.price.minor
            amount = price if flow.kind is FlowKind.TERMINATION else -sign * price
            flows.append(replace(seen, amount=amount))
        elif flow.kind is FlowKind.INTEREST:
            flows += _interests(seen, rest.pop(0), is_netted=is_netted)
        else:
            flows.append(replace(seen, amount=0))
    flows += [replace(reset, outstanding=-reset.outstanding) for reset in resets]
    return tuple(sorted(flows, key=_order))


_RESETS = frozenset({FlowKind.RATE_RESET, FlowKind.RATE_AGREED})


def _interests(fixed: CashFlow, floating: CashFlow, *, is_netted: bool) -> list[CashFlow]:
    if is_netted:
        return [replace(fixed, amount=fixed.amount + floating.amount)]
    return [
        replace(fixed, kind=FlowKind.FIXED_INTEREST),
        replace(fixed, kind=FlowKind.FLOATING_INTEREST, amount=floating.amount),
    ]


def _order(flow: CashFlow) -> tuple[date, int]:
    return flow.day, place_of(flow.kind)


def _together(alike: Sequence[CashFlow]) -> CashFlow:
    if len(alike) == 1:
        return alike[0]
    return CashFlow(
        alike[0].day,
        alike[0].kind,
        sum(flow.amount for flow in alike),
        sum(flow.outstanding for flow in alike),
        _NO_RATE,
        sum(flow.accrued for flow in alike),
    )
