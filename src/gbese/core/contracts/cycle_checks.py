"""Whether the cycles of terms, and the rules that go by them, agree with each other."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from gbese.core.calendars.cycles import Cycle
from gbese.core.calendars.frequencies import FrequencyUnit, roll
from gbese.core.contracts.terms import InterestBase, RateTerms, ScheduleKind, Terms
from gbese.core.contracts.terms_refused import refuse

_IN_PARTS = frozenset({ScheduleKind.ANNUITY, ScheduleKind.LINEAR})


def require_grace_within(terms: Terms) -> None:
    """Check that principal and interest start before the loan ends.

    Raises:
        TermsRefused: `negative_grace`, `grace_longer_than_term`.
    """
    grace, maturity = terms.principal_grace_instalments, terms.maturity_date
    if grace < 0:
        refuse("negative_grace", "principal_grace_instalments")
    if maturity is None:
        return
    if grace and terms.frequency.unit is not FrequencyUnit.AT_MATURITY:
        last_of_grace = roll(
            terms.first_due_date, terms.frequency, grace - 1, end_of_month=terms.end_of_month
        )
        if last_of_grace >= maturity:
            refuse("grace_longer_than_term", "principal_grace_instalments", grace=grace)
    for field_name in ("first_principal_date", "first_interest_date"):
        day: date | None = getattr(terms, field_name)
        if day is not None and day > maturity:
            refuse("grace_longer_than_term", field_name, date=day)


def require_sound_cycles(terms: Terms) -> None:
    """Check the cycles of principal and of the base of interest, and capitalising.

    Raises:
        TermsRefused: the first problem found.
    """
    if terms.principal_cycle is not None:
        _require_principal_cycle(terms, terms.principal_cycle)
    if terms.capitalises_until is not None and terms.capitalises_until <= terms.interest_from:
        refuse("capitalising_ends_before_start", "capitalises_until", date=terms.capitalises_until)
    is_lagged = terms.interest_base is InterestBase.LAGGED
    if is_lagged != (terms.interest_base_cycle is not None):
        refuse("base_without_cycle", "interest_base")


def require_sound_instalment(terms: Terms) -> None:
    """Check an instalment that is agreed, or worked out over another term.

    Raises:
        TermsRefused: the first problem found.
    """
    given, until = terms.given_instalment, terms.amortises_until
    if given is not None:
        if given.currency != terms.currency:
            refuse("other_currency", "given_instalment", currency=given.currency.code)
        if given.minor <= 0:
            refuse("negative_amount", "given_instalment", amount=given.plain())
        if terms.schedule_kind not in _IN_PARTS:
            refuse("no_instalments_in_schedule", "given_instalment")
    if until is None:
        return
    if terms.schedule_kind is not ScheduleKind.ANNUITY:
        refuse("no_instalments_in_schedule", "amortises_until")
    if terms.maturity_date is not None and until < terms.maturity_date:
        refuse("amortises_before_maturity", "amortises_until", date=until)


def require_sound_resets(rate: RateTerms) -> None:
    """Check when a rate is fixed anew, and by how much it may move.

    Raises:
        TermsRefused: the first problem found.
    """
    has_margin_steps = any(step.margin is not None for step in rate.steps)
    if rate.reference is None and (rate.resets is not None or has_margin_steps):
        refuse("resets_without_reference", "rate")
    if rate.next_reset_rate is not None and rate.resets is None:
        refuse("resets_without_cycle", "next_reset_rate")
    for field_name in ("rise_max", "fall_max", "reset_lag_days"):
        most = getattr(rate, field_name)
        if most is not None and most < 0:
            refuse("negative_limit", field_name)
    if any(later.from_day <= earlier.from_day for earlier, later in pairwise(rate.steps)):
        refuse("steps_not_ascending", "rate")
    if any((step.rate is None) == (step.margin is None) for step in rate.steps):
        refuse("step_of_rate_or_margin", "rate")


def _require_principal_cycle(terms: Terms, cycle: Cycle) -> None:
    if terms.schedule_kind not in _IN_PARTS:
        refuse("no_instalments_in_schedule", "principal_cycle")
    if terms.principal_grace_instalments or terms.first_principal_date is not None:
        refuse("principal_starts_twice", "principal_cycle")
    if cycle.first_date <= terms.interest_from:
        refuse("cycle_before_start", "principal_cycle", date=cycle.first_date)
    maturity = terms.maturity_date
    if maturity is None:
        return
    if cycle.first_date > maturity:
        refuse("grace_longer_than_term", "principal_cycle", date=cycle.first_date)
    if terms.schedule_kind is ScheduleKind.ANNUITY:
        interest = Cycle(terms.first_due_date, terms.frequency, terms.final_stub)
        repaid = cycle.dates(before=maturity, end_of_month=terms.end_of_month)
        paid = interest.dates(before=maturity, end_of_month=terms.end_of_month)
        if not set(repaid) <= set(paid):
            refuse("annuity_without_interest", "principal_cycle")
