"""Terms for analysis: the same contract, counted without rounding and paid as it falls due."""

from __future__ import annotations

from dataclasses import replace

from gbese.core.contracts.terms import PlannedPrincipal, Terms
from gbese.core.money import ANALYSIS_DIGITS, Money


def for_analysis(terms: Terms) -> Terms:
    """The terms in units so fine that nothing visible is rounded; the ledger refuses them.

    What falls due counts as paid on its day. All else is as agreed, and calculated by the same
    engine.
    """
    finer = 10 ** (ANALYSIS_DIGITS - terms.currency.exponent)
    multiple = terms.instalment_multiple_minor
    return replace(
        terms,
        currency=terms.currency.for_analysis(),
        principal=terms.principal.for_analysis(),
        balloon=_refined(terms.balloon),
        given_instalment=_refined(terms.given_instalment),
        instalment_multiple_minor=1 if multiple == 1 else multiple * finer,
        custom_principal=tuple(
            PlannedPrincipal(row.due_date, row.principal.for_analysis(), row.pays_interest)
            for row in terms.custom_principal
        ),
        fees=tuple(replace(fee, amount=_refined(fee.amount)) for fee in terms.fees),
        follows_statements=True,
    )


def _refined(amount: Money | None) -> Money | None:
    return None if amount is None else amount.for_analysis()
