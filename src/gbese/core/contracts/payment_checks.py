"""Whether the ways of paying that terms agree on fit their kind of schedule."""

from __future__ import annotations

from gbese.core.contracts.terms import (
    InterestBase,
    InterestSpread,
    MinimumPayment,
    ScheduleKind,
    Terms,
)
from gbese.core.contracts.terms_refused import refuse


def require_sound_flat_rate(terms: Terms) -> None:
    """Check how a flat rate is spread, and what may be agreed beside equal instalments of it.

    Raises:
        TermsRefused: the first problem found.
    """
    is_flat = terms.interest_base is InterestBase.AS_DRAWN
    if terms.interest_spread is InterestSpread.SUM_OF_DIGITS and (
        not is_flat or terms.maturity_date is None or terms.rate.fixed is None or terms.rate.steps
    ):
        refuse("spread_without_flat_rate", "interest_spread")
    if terms.interest_base is InterestBase.OUTSTANDING or (
        terms.schedule_kind is not ScheduleKind.ANNUITY
    ):
        return
    grows = terms.capitalises_until or terms.allows_growth or terms.amortises_until
    if not is_flat or grows or terms.graduation or terms.rate.reference:
        refuse("annuity_on_other_base", "interest_base")


def require_sound_graduation(terms: Terms) -> None:
    """Check payments that rise or fall.

    Raises:
        TermsRefused: `no_instalments_in_schedule`, `graduation_with_cycles`,
            `graduation_of_rate_or_amount`, `multiple_not_positive`, `rate_out_of_range`,
            `other_currency`.
    """
    graduation = terms.graduation
    if graduation is None:
        return
    if terms.schedule_kind is not ScheduleKind.ANNUITY:
        refuse("no_instalments_in_schedule", "graduation")
    if terms.principal_cycle or terms.capitalises_until or terms.amortises_until:
        refuse("graduation_with_cycles", "graduation")
    if graduation.every < 1:
        refuse("multiple_not_positive", "graduation")
    if (graduation.rate is None) == (graduation.amount is None):
        refuse("graduation_of_rate_or_amount", "graduation")
    if graduation.rate is not None and not -1 < graduation.rate <= 1:
        refuse("rate_out_of_range", "graduation", rate=format(graduation.rate, "f"))
    if graduation.amount is not None and graduation.amount.currency != terms.currency:
        refuse("other_currency", "graduation", currency=graduation.amount.currency.code)


def require_sound_minimum(terms: Terms) -> None:
    """Check what a revolving line asks for each time.

    Raises:
        TermsRefused: `revolving_without_minimum`, `minimum_of_other_schedule`,
            `no_instalments_in_schedule`, `rate_out_of_range`, `negative_amount`, `other_currency`.
    """
    revolves = terms.schedule_kind is ScheduleKind.REVOLVING
    if terms.minimum_payment is None:
        if revolves:
            refuse("revolving_without_minimum", "minimum_payment")
        return
    if not revolves:
        refuse("minimum_of_other_schedule", "minimum_payment")
    if terms.interest_base is not InterestBase.OUTSTANDING or terms.balloon is not None:
        refuse("no_instalments_in_schedule", "minimum_payment")
    _require_amounts(terms, terms.minimum_payment)


def _require_amounts(terms: Terms, least: MinimumPayment) -> None:
    if not 0 <= least.fraction <= 1:
        refuse("rate_out_of_range", "minimum_payment", rate=format(least.fraction, "f"))
    if least.floor is None:
        return
    if least.floor.minor < 0:
        refuse("negative_amount", "minimum_payment", amount=least.floor.plain())
    if least.floor.currency != terms.currency:
        refuse("other_currency", "minimum_payment", currency=least.floor.currency.code)
