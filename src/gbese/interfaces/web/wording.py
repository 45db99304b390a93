"""The words for codes: statuses, sides, rights, and everything the core can refuse.

A refusal is worded by its code and its facts. The core has no sentences; a test demands one here
for each refusal there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import structlog
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gbese.core.errors import Refusal
from gbese.core.money import Money
from gbese.interfaces.sizes import MEGABYTE
from gbese.interfaces.web import formatting

_log = structlog.stdlib.get_logger("gbese.wording")

BUCKETS = ((1, 30), (31, 60), (61, 90), (91, 180), (181, 360), (361, None))


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How a status is shown: its word, its drawing, and the name of its colours."""

    code: str
    word: str
    icon: str
    token: str
    meaning: str = ""


_STATUS_WORDS: dict[str, tuple[str | Promise, str]] = {
    "set_aside": (_("Set aside"), "hand-stop"),
    "in_delay": (_("In delay"), "alert-triangle"),
    "penalties_charged": (_("Penalties charged"), "gavel"),
    "deadline_breached": (_("Deadline breached"), "clock-exclamation"),
    "due_soon": (_("Due soon"), "calendar-due"),
    "restructured": (_("Restructured"), "refresh"),
    "on_schedule": (_("On schedule"), "circle-check"),
    "undrawn": (_("Not drawn yet"), "circle-dashed"),
    "written_off": (_("Written off"), "ban"),
    "settled": (_("Settled"), "archive"),
}

STATUS_CODES = tuple(_STATUS_WORDS)

_STATUS_MEANINGS: dict[str, str | Promise] = {
    "set_aside": _("Its figures cannot be worked out; somebody must look."),
    "in_delay": _("Something due is unpaid beyond the days of tolerance."),
    "penalties_charged": _("Nothing is late, but a penalty is unpaid."),
    "deadline_breached": _("A due date has passed unpaid, within the days of tolerance."),
    "due_soon": _("A payment falls due in the coming days."),
    "restructured": _("Goes on under eased terms."),
    "on_schedule": _("Everything due is paid."),
    "undrawn": _("Agreed, and no money taken yet."),
    "written_off": _("Out of the books; what comes in is a recovery."),
    "settled": _("Nothing is owed any more."),
}


def bucket_of(days_past_due: int) -> tuple[int, int | None] | None:
    """The band of days late; none when nothing is late."""
    for first, last in BUCKETS:
        if days_past_due >= first and (last is None or days_past_due <= last):
            return first, last
    return None


def bucket_word(bucket: tuple[int, int | None]) -> str:
    """A band of days late in words."""
    first, last = bucket
    if last is None:
        return gettext("In delay over %(days)s days") % {"days": first - 1}
    return gettext("In delay %(first)s–%(last)s days") % {"first": first, "last": last}


def status_look(code: str, days_past_due: int = 0) -> StatusLook:
    """How a status is shown; a delay is shown by its band of days."""
    word, icon = _STATUS_WORDS[code]
    if code == "in_delay" and (bucket := bucket_of(days_past_due)):
        return StatusLook(code, bucket_word(bucket), icon, f"in_delay_{bucket[0]}")
    return StatusLook(code, str(word), icon, code)


def status_legend() -> list[StatusLook]:
    """Every status there is, the most troubled first; a delay in each of its bands."""
    looks: list[StatusLook] = []
    for code in STATUS_CODES:
        if code == "in_delay":
            looks += [status_look(code, first) for first, _last in reversed(BUCKETS)]
        else:
            looks.append(status_look(code))
    return [replace(look, meaning=str(_STATUS_MEANINGS[look.code])) for look in looks]


_WORDS: dict[str, str | Promise] = {
    # whose books
    "side.borrower": _("Loan received"),
    "side.lender": _("Loan issued"),
    "side_many.borrower": _("Loans received"),
    "side_many.lender": _("Loans issued"),
    "group_by.lender": _("Lender"),
    "group_by.borrower": _("Borrower"),
    # by the contract's term
    "term_class.short_term": _("Short-term"),
    "term_class.long_term": _("Long-term"),
    # how principal falls due
    "schedule_kind.annuity": _("Level payments"),
    "schedule_kind.linear": _("Equal principal"),
    "schedule_kind.bullet": _("All at the end"),
    "schedule_kind.custom": _("By listed dates"),
    "schedule_kind.on_demand": _("On demand"),
    "schedule_kind.revolving": _("Revolving, a least part each time"),
    # how interest of a flat rate is spread
    "interest_spread.even": _("Evenly"),
    "interest_spread.sum_of_digits": _("By the sum of digits (rule of 78)"),
    # what a loan costs a year, by the law that asks for it
    "yearly_cost.xirr": _("Effective rate"),
    "yearly_cost.apr_eu": _("Annual percentage rate of charge"),
    "yearly_cost.apr_us": _("Annual percentage rate (APR)"),
    "yearly_cost.gesv": _("Annual effective rate of interest"),
    "yearly_cost.psk": _("Full cost of the loan"),
    "yearly_cost.key_facts": _("Nominal yearly cost, fees included"),
    # parts of the debt
    "component.principal": _("Principal"),
    "component.interest": _("Interest"),
    "component.fee": _("Fees"),
    "component.penalty": _("Penalties"),
    # what happened
    "event.opened": _("Taken over"),
    "event.drawn": _("Drawdown"),
    "event.received": _("Repayment"),
    "event.charged": _("Charge"),
    "event.waived": _("Waiver"),
    "event.written_off": _("Written off"),
    "event.refunded": _("Refund"),
    "event.rate_set": _("New rate"),
    "event.amended": _("Amendment"),
    "event.restated": _("Restated by the other side"),
    "event.reversed": _("Reversal"),
    "event.levied": _("Fee or penalty agreed"),
    "event.levy_waived": _("Fee or penalty given up"),
    "event.charged_back": _("Payment taken back"),
    "event.charged_off": _("Charged off"),
    "event.interest_paused": _("Interest paused"),
    "event.due_date_moved": _("Due date moved"),
    "event.lengthened": _("Term lengthened"),
    # why an event is turned round
    "reversal_reason.entered_twice": _("Entered twice"),
    "reversal_reason.wrong_loan": _("Wrong loan"),
    "reversal_reason.wrong_amount": _("Wrong amount"),
    "reversal_reason.wrong_date": _("Wrong date"),
    "reversal_reason.payment_returned": _("Payment returned"),
    "reversal_reason.other": _("Other"),
    # what becomes of money beyond what is due
    "surplus_use.hold": _("Keep it for the next due date"),
    "surplus_use.keep_term": _("Repay principal early; instalments shrink"),
    "surplus_use.keep_instalment": _("Repay principal early; the term shrinks"),
    # how days become years
    "day_count.act_360": _("Actual/360"),
    "day_count.act_365f": _("Actual/365 fixed"),
    "day_count.act_364": _("Actual/364"),
    "day_count.nl_365": _("Actual/365 without 29 February"),
    "day_count.act_365l": _("Actual/365 leap"),
    "day_count.act_act_isda": _("Actual/actual (ISDA)"),
    "day_count.act_act_icma": _("Actual/actual (ICMA)"),
    "day_count.thirty_360_bond": _("30/360 bond basis"),
    "day_count.thirty_e_360": _("30E/360"),
    "day_count.thirty_e_360_isda": _("30E/360 (ISDA)"),
    "day_count.thirty_360_us_eom": _("30/360 US, end of month"),
    "day_count.bus_252": _("Business days/252"),
    "day_count.equal_periods": _("Equal periods"),
    # why a component's total moved
    "cause.opened": _("Taken over"),
    "cause.drawn": _("Drawdown"),
    "cause.accrued": _("Charged"),
    "cause.due": _("Fell due"),
    "cause.paid": _("Paid"),
    "cause.waived": _("Waived"),
    "cause.written_off": _("Written off"),
    "cause.capitalised": _("Joined principal"),
    "cause.withheld": _("Withheld from the drawdown"),
    "cause.adjusted": _("Restated"),
    # rounding
    "rounding.half_up": _("halves away from zero"),
    "rounding.half_even": _("halves to the even neighbour"),
    "rounding.up": _("away from zero"),
    "rounding.down": _("towards zero"),
    # figures
    "figure.debt": _("Debt in all"),
    "figure.unallocated": _("Paid and settling nothing yet"),
    # where an instalment stands
    "row_state.paid": _("Paid"),
    "row_state.part_paid": _("Partly paid"),
    "row_state.overdue": _("Overdue"),
    "row_state.due_today": _("Due today"),
    "row_state.to_come": _("To come"),
    # whether a token opens anything
    "token_state.in_force": _("In force"),
    "token_state.expired": _("Expired"),
    "token_state.revoked": _("Revoked"),
    # through which door
    "channel.web": _("page"),
    "channel.api": _("API"),
    "channel.cli": _("command"),
    "channel.import": _("import"),
    "channel.job": _("timed work"),
    # terms an import may have had to assume
    "term.signed_on": _("Signed on"),
    "term.interest_from": _("Interest from"),
    "term.first_due_date": _("First due date"),
    "term.maturity_date": _("Maturity"),
    "term.frequency": _("Falls due"),
    "term.schedule_kind": _("Principal is repaid"),
    "term.rate": _("Rate"),
    "term.day_count": _("Day count"),
    "term.principal": _("Amount or limit"),
    "term.maturity": _("Maturity"),
    "term.balloon": _("Balloon"),
    "term.margin": _("Margin"),
    "term.floor": _("Lowest rate"),
    "term.cap": _("Highest rate"),
    "term.penalty": _("Penalty"),
    "term.custom_principal": _("The listed dates"),
    "term.principal_grace_instalments": _("First instalments without principal"),
    "term.first_principal_date": _("First principal date"),
    "term.instalment_multiple": _("Rounding of instalments"),
    "term.graduation": _("Payments that rise or fall"),
    "term.minimum_payment": _("Least payment"),
    "term.interest_spread": _("Interest is spread"),
    "term.interest_base": _("Interest is counted on"),
    "term.fees": _("Fees"),
    "term.charges_ceiling": _("Ceiling of interest and penalties"),
    "term.allocation_order": _("What a payment settles first"),
    # what a day count needs
    "missing.calendar": _("a calendar of business days"),
    "missing.periods_per_year": _("how many periods a year has"),
    "missing.notional_dates": _("the dates of whole periods"),
    # lengths of time
    "frequency_unit.day": _("day"),
    "frequency_unit.week": _("week"),
    "frequency_unit.month": _("month"),
    "frequency_unit.year": _("year"),
    # which loans the books keep, and how a fiscal period stands
    "sides_kept.borrower": _("Loans received"),
    "sides_kept.lender": _("Loans issued"),
    "sides_kept.both": _("Both sides"),
    "period_state.open": _("open"),
    "period_state.closed": _("closed"),
    # what a party is
    "party_kind.person": _("A person"),
    "party_kind.organisation": _("An organisation"),
    # where a date on a day off goes
    "business_days.unadjusted": _("Stays where it is"),
    "business_days.following": _("Goes to the next business day"),
    "business_days.modified_following": _("Next business day, but not into another month"),
    "business_days.preceding": _("Goes to the business day before"),
    "business_days.modified_preceding": _("Business day before, but not into another month"),
    "business_days.nearest": _("Goes to the nearest business day"),
    # fees and penalties
    "fee_timing.withheld_at_drawdown": _("Withheld from the drawdown"),
    "fee_timing.paid_at_drawdown": _("Paid at the drawdown"),
    "fee_timing.with_each_instalment": _("With each instalment"),
    "penalty_base.overdue_principal": _("Overdue principal"),
    "penalty_base.overdue_principal_and_interest": _("Overdue principal and interest"),
    # how a debt is divided
    "term_policy.original_term": _("By the contract's term"),
    "term_policy.days_left": _("Short-term once 365 days or fewer remain"),
    "term_policy.reporting_date": _("By what falls due within twelve months of the date"),
    # rates
    "rate_kind.official": _("Official"),
    "rate_kind.market": _("Market"),
    "rate_kind.customs": _("Customs"),
    "rate_kind.bank_buying": _("Bank buys"),
    "rate_kind.bank_selling": _("Bank sells"),
    "rate_kind.contract": _("Agreed in a contract"),
    "series_unit.yearly_rate": _("A rate a year"),
    "series_unit.index": _("An index level"),
    # rights
    "right.loans.view": _("See loans"),
    "right.loans.enter": _("Open loans"),
    "right.loans.record": _("Record drawdowns and payments"),
    "right.loans.reverse": _("Reverse what was recorded"),
    "right.loans.write_off": _("Waive and write off"),
    "right.loans.import": _("Import loans"),
    "right.loans.export": _("Take lists away"),
    "right.rates.view": _("See rates"),
    "right.rates.enter": _("Record rates"),
    "right.parties.view": _("See parties"),
    "right.parties.enter": _("Enter parties"),
    "right.books.view": _("See the books"),
    "right.books.close": _("Close days"),
    "right.reports.view": _("See reports"),
    "right.users.manage": _("Manage people"),
    "right.audit.view": _("See the audit trail"),
    "right.settings.manage": _("Change settings"),
    # people
    "role.administrator": _("Administrator"),
    "role.manager": _("Manager"),
    "role.accountant": _("Accountant"),
    "role.loan_officer": _("Loan officer"),
    "role.cashier": _("Cashier"),
    "role.auditor": _("Auditor"),
}


def word(kind: str, code: str | StrEnum) -> str:
    """The word for a stored code; the code itself where nobody has worded it yet."""
    found = _WORDS.get(f"{kind}.{code}")
    return str(found) if found is not None else str(code).replace("_", " ")


def choices_of(kind: str, codes: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Codes with their words, to choose from."""
    return [(code.value, word(kind, code)) for code in codes]


def fact_text(fact: object, name: str = "") -> str:
    """A fact of a refusal as a reader of the current language writes it.

    Args:
        fact: an amount, a day, a moment, a count, a code, or several of them.
        name: of the fact, which tells codes that have words, and fractions that are rates.
    """
    match fact:
        case Money():
            return f"{formatting.money_text(fact)} {fact.currency.code}"
        case datetime():
            return formatting.moment_text(timezone.localtime(fact))
        case date():
            return formatting.day_text(fact)
        case bool():
            return gettext("yes") if fact else gettext("no")
        case int() | Decimal():
            return _number_text(name, fact)
        case tuple() | list() | frozenset():
            return formatting.list_text([fact_text(one, name) for one in fact])
        case _:
            return _code_text(name, str(fact))


def _number_text(name: str, fact: int | Decimal) -> str:
    if name in _RATE_FACTS and isinstance(fact, Decimal):
        return formatting.percent_text(fact)
    if name in _BYTE_FACTS and isinstance(fact, int):
        return _size_text(fact)
    return formatting.number_text(fact)


def _code_text(name: str, code: str) -> str:
    for kind in _CODE_FACTS.get(name, ()):
        if (found := _WORDS.get(f"{kind}.{code}")) is not None:
            return str(found)
    if name == "problem":
        return str(_PROBLEMS.get(code, code.replace("_", " ")))
    return code


# Facts that are codes, and the kinds of words that say them.
_CODE_FACTS = {
    "cause": ("cause",),
    "component": ("component",),
    "day_count": ("day_count",),
    "field_name": ("term",),
    "missing": ("missing", "allocation_claim"),
    "own_role": ("role",),
    "right": ("right",),
    "role": ("role",),
    "side": ("side",),
    "unit": ("series_unit", "frequency_unit"),
    "unit_given": ("series_unit",),
}
_RATE_FACTS = frozenset({"cap", "floor", "rate"})
_BYTE_FACTS = frozenset({"bytes", "bytes_max"})


def _size_text(size: int) -> str:
    """A size in megabytes to one decimal, rounded up, so that too much never reads as enough."""
    if size < MEGABYTE:
        return gettext("%(bytes)s bytes") % {"bytes": formatting.number_text(size)}
    megabytes = Decimal(-(-size * 10 // MEGABYTE)) / 10
    return gettext("%(megabytes)s MB") % {"megabytes": formatting.number_text(megabytes)}


_REFUSALS: dict[str, str | Promise] = {
    "malformed_amount": _(
        "“%(text)s” is not an amount. Write digits with a dot before the decimals, such as 1234.50."
    ),
    "amount_too_fine": _(
        "%(text)s has more decimals than %(currency)s has: at most %(decimals_max)s."
    ),
    "amount_too_large": _("%(text)s %(currency)s is larger than the books can hold."),
    "currency_mismatch": _(
        "Amounts in %(left)s and %(right)s cannot be added; record each in its own currency."
    ),
    # people
    "sign_in_refused": _("The login or the password is not right."),
    "sign_in_paused": _(
        "Too many wrong passwords. Wait %(pause_seconds)s seconds, then try again."
    ),
    "sign_in_link_invalid": _("This link was used already, or it is too old."),
    "user_unknown": _("Nobody has the login %(login)s."),
    "login_taken": _("Somebody has the login %(login)s already."),
    "login_malformed": _(
        "A login has 2 to 100 small Latin letters, digits, or . _ @ + -; “%(login)s” does not."
    ),
    "role_unknown": _("There is no role “%(role)s”."),
    "password_weak": _(
        "The password is easy to guess. Take at least 10 characters; a short sentence is best."
    ),
    "last_administrator": _(
        "%(login)s is the last administrator. Make another one before changing this one."
    ),
    "already_set_up": _("The first start is over: somebody can sign in already."),
    "token_unknown": _("There is no such token."),
    "token_life_too_long": _("A token may live %(most_days)s days, not %(days)s."),
    "role_above_own": _("A token of the role %(role)s may do more than its owner, %(own_role)s."),
    "idempotency_key_reused": _("This key was sent with another request before."),
    "request_still_running": _("The same request is being worked on. Wait for its answer."),
    "clock_ran_backwards": _(
        "The computer's clock (%(recorded_at)s) is behind the last record (%(last_recorded_at)s)."
        " Set the clock right first."
    ),
}


def word_refusals(words: Mapping[str, str | Promise]) -> None:
    """An area adds the sentences for what its own services may refuse."""
    _REFUSALS.update(words)


def refusal_text(refusal: Refusal) -> str:
    """What could not be done and why, in the reader's language."""
    facts = {name: fact_text(fact, name) for name, fact in refusal.facts.items()}
    sentence = _sentence_of(refusal)
    if sentence is not None:
        try:
            return str(sentence) % facts
        except KeyError as unknown:  # a fault of ours; the person still learns what is known
            _log.exception("a sentence names a fact it has not", code=refusal.code, fact=unknown)
    told = formatting.list_text([f"{name} {fact}" for name, fact in facts.items()])
    return gettext("This cannot be done (%(code)s). %(facts)s") % {
        "code": refusal.code,
        "facts": told,
    }


def _sentence_of(refusal: Refusal) -> str | Promise | None:
    """The sentence of a code; another one, where there is one, while a fact is not known."""
    for name, fact in refusal.facts.items():
        if fact is None and (found := _REFUSALS.get(f"{refusal.code} without {name}")) is not None:
            return found
    return _REFUSALS.get(refusal.code)


_PROBLEMS: dict[str, str | Promise] = {
    "negative_amount": _("The amount is below zero."),
    "other_currency": _("All amounts of a loan are in its currency."),
    "balloon_exceeds_principal": _("More would be left for the end than was lent."),
    "no_maturity": _("Only a loan repaid on demand has no maturity date."),
    "maturity_before_start": _("It must mature after the day interest starts."),
    "first_due_date_before_start": _("The first due date must come after the day interest starts."),
    "first_due_date_after_maturity": _("The first due date comes after the maturity date."),
    "fixed_and_floating": _("The rate is either fixed, or a reference rate and a margin."),
    "rate_out_of_range": _("Such a rate is not possible. Write 12 per cent as 12."),
    "rate_in_per_cent": _("Such a rate is too high: is it a hundred times what was meant?"),
    "fee_of_rate_or_amount": _("A fee is either an amount or a percentage."),
    "row_before_start": _("The first listed date must come after the day interest starts."),
    "spread_without_flat_rate": _(
        "Interest by the sum of digits needs a flat fixed rate and a maturity date."
    ),
    "graduation_with_cycles": _(
        "Payments that rise or fall have no cycle of principal's own and no interest that joins it."
    ),
    "graduation_of_rate_or_amount": _("Payments rise either by a percentage or by an amount."),
    "revolving_without_minimum": _("Say how much of a revolving balance is paid each time."),
    "minimum_of_other_schedule": _("Only a revolving balance has a least payment."),
    "floor_above_cap": _("The lowest rate is above the highest."),
    "day_count_needs_frequency": _("This day count needs payments that repeat."),
    "negative_grace": _("A number below zero is not possible here."),
    "grace_longer_than_term": _("Principal would start after the maturity date."),
    "only_for_analysis": _("These amounts are finer than money; they are for analysis alone."),
    "cycle_before_start": _("Principal would fall due before interest starts."),
    "principal_starts_twice": _("Say once when principal starts to be repaid."),
    "annuity_without_interest": _("A level payment needs interest on each of its dates."),
    "annuity_on_other_base": _(
        "Equal instalments of a flat rate allow no growth, no reference rate and no steps."
    ),
    "capitalising_ends_before_start": _("Interest would join principal before it starts."),
    "base_without_cycle": _("Say on which dates interest takes up the principal as it stands."),
    "no_instalments_in_schedule": _("This kind of schedule has no instalments to agree on."),
    "amortises_before_maturity": _("The payment would repay all before the maturity date."),
    "resets_without_reference": _("A rate that is fixed anew needs a reference rate."),
    "resets_without_cycle": _("Say on which dates the rate is fixed anew."),
    "negative_limit": _("A number below zero is not possible here."),
    "steps_not_ascending": _("The steps of the rate must ascend by date."),
    "step_of_rate_or_margin": _("A step gives either a rate or a margin."),
    "no_rows": _("List the dates and amounts of the principal."),
    "rows_do_not_add_up": _("The listed amounts must add up to the amount of the loan."),
    "tiers_not_ascending": _("The steps of the penalty must ascend by days."),
    "multiple_not_positive": _("Instalments are rounded to a whole number of minor units."),
    "incomplete_order": _("The order must name each kind of claim once."),
    "no_instalment": _("No instalment is agreed, so it cannot be told when all is repaid."),
    "never_repaid": _("The instalments would never repay it; agree more, or a last day."),
    "rate_takes_all": _("At such a rate below zero a period would take all that is owed."),
    "no_dates": _("There are no due dates."),
    "dates_do_not_increase": _("The due dates must come one after another, after interest starts."),
}


def is_problem_worded(problem: str) -> bool:
    """Whether what can be wrong with terms has a sentence."""
    return problem in _PROBLEMS


def problem_text(refused: Refusal) -> str:
    """What is wrong with terms, in words; as any refusal where nobody has worded it."""
    found = _PROBLEMS.get(str(refused.facts.get("problem")))
    return str(found) if found is not None else refusal_text(refused)


def is_worded(code: str) -> bool:
    """Whether a refusal's code has a sentence."""
    return code in _REFUSALS


def frequency_text(count: int, unit: str) -> str:
    """How often something falls due."""
    named = _FREQUENCIES.get((count, unit))
    if named is not None:
        return str(named)
    match unit:
        case "day":
            text = ngettext("Every %(count)s day", "Every %(count)s days", count)
        case "week":
            text = ngettext("Every %(count)s week", "Every %(count)s weeks", count)
        case "month":
            text = ngettext("Every %(count)s month", "Every %(count)s months", count)
        case _:
            text = ngettext("Every %(count)s year", "Every %(count)s years", count)
    return text % {"count": formatting.number_text(count)}


_FREQUENCIES: dict[tuple[int, str], str | Promise] = {
    (1, "month"): _("Monthly"),
    (3, "month"): _("Quarterly"),
    (6, "month"): _("Half-yearly"),
    (12, "month"): _("Yearly"),
    (1, "year"): _("Yearly"),
    (1, "week"): _("Weekly"),
    (2, "week"): _("Fortnightly"),
    (1, "at_maturity"): _("Once, at maturity"),
}


def days_text(days: int) -> str:
    """A number of days in words."""
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": formatting.number_text(days)}
