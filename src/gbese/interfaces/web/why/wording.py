"""The words for the steps of a derivation, for its formulas and for the facts it rests on."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gbese.core.derivations.tree import Formula
from gbese.interfaces.web import wording

_FORMULAS: Mapping[Formula, str | Promise] = {
    Formula.SUM: _("Added up"),
    Formula.LESS: _("The first, less the others"),
    Formula.PRODUCT: _("Multiplied with each other"),
    Formula.QUOTIENT: _("The first, divided by the second"),
    Formula.SMALLEST: _("The smallest of these"),
    Formula.LARGEST: _("The largest of these"),
    Formula.ROUNDED: _("Rounded once"),
    Formula.COUNTED: _("Counted from the first day to the second, by the day count"),
    Formula.DAYS: _("Days from the first date to the second"),
    Formula.LEVEL: _(
        "What is outstanding, with interest earned before and without what stays for the end, each "
        "brought to its value today, divided by the value today of one unit in every period"
    ),
    Formula.GRADUATED: _(
        "The same, with every later payment so many times the first, and so much more"
    ),
    Formula.STATUS: _("The first status that holds, the most troubled first"),
}
_STEPS: Mapping[str, str | Promise] = {
    # what is owed
    "owed": _("Owed"),
    "debt": _("Debt in all"),
    "came": _("Came to the debt"),
    "went": _("Left the debt"),
    "received": _("Received"),
    "refunded": _("Sent back"),
    "recovered": _("Recovered after the write-off"),
    "outstanding": _("Principal outstanding"),
    "fell_due": _("Fell due"),
    "falls_due": _("Falls due"),
    "due_later": _("Falls due after twelve months"),
    "left_unpaid": _("Left unpaid"),
    "fallen_due": _("Due and unpaid"),
    "overdue": _("Overdue"),
    "due_today": _("Due today"),
    "not_due": _("Not due yet"),
    "to_pay": _("To pay now"),
    "pay_off": _("To pay the loan off"),
    "unallocated": _("Paid and settling nothing yet"),
    "received_and_waiting": _("Paid and settling nothing yet"),
    "left_of_payment": _("Left of the payment"),
    "instructed": _("Meant for it by the payer"),
    "asked": _("What the claim asks for"),
    # what days earn
    "interest_after_maturity": _("Interest after the last due date"),
    "interest_payable": _("Interest payable at once"),
    "interest_of_period": _("Interest of the period"),
    "penalty_of_instalment": _("Penalty of the instalment"),
    "unrounded": _("Before rounding"),
    "accrued": _("Earned by the day"),
    "accrued_with_the_day": _("Earned with the day itself"),
    "accrual": _("Amount × rate × time"),
    "units": _("Days counted"),
    "days_counted": _("Days counted"),
    "year_fraction": _("Part of the year"),
    "units_a_year": _("Days of the year"),
    "day_count": _("Day count"),
    "from_day": _("From"),
    "to_day": _("To"),
    "on": _("To"),
    "principal_bearing": _("Principal that bears interest"),
    "interest_base": _("What interest is counted on"),
    "with_paid_early": _("Principal, with what was paid ahead"),
    "paid_before_period_end": _("Paid before the period ended"),
    "overdue_without_interest": _("Overdue and without interest"),
    "waits_for_business_day": _("Waits for a working day to fall due"),
    "principal_not_due": _("Principal not due yet"),
    "overdue_base": _("Overdue amount that bears the penalty"),
    "rounding": _("Rounding"),
    "nominal_rate": _("Rate a year"),
    "fixing": _("Published rate"),
    "multiplier": _("Multiplied by"),
    "margin": _("Margin"),
    "rate_cap": _("Highest rate"),
    "rate_floor": _("Lowest rate"),
    "penalty_rate": _("Penalty rate a day"),
    "rate_of_period": _("Rate of this period"),
    "by_digits": _("Its part by the sum of digits"),
    "digit": _("Its digit"),
    "sum_of_digits": _("Sum of digits"),
    "by_time": _("Whole time to its own"),
    "years_in_all": _("Years in all"),
    "years": _("Years of the period"),
    "interest_pending": _("Interest not due yet"),
    "interest_due": _("Interest that fell due"),
    "interest_expected": _("Interest expected"),
    "interest_by_the_terms": _("Interest by the terms"),
    # ceilings
    "room": _("Left under the ceiling"),
    "ceiling": _("Ceiling"),
    "part_of_drawn": _("Part of what was drawn"),
    "ceiling_rate": _("Ceiling, as a part"),
    "rest_of_ceiling": _("Rest of the ceiling"),
    "earned_by_the_day": _("What the day earns"),
    "used": _("Used of the ceiling"),
    # the schedule
    "instalment": _("Instalment"),
    "settled": _("Settled"),
    "settled_early": _("Settled ahead"),
    "cell": _("By the schedule"),
    "sum_of_principal": _("Principal"),
    "sum_of_interest": _("Interest"),
    "sum_of_fee": _("Fees"),
    "sum_of_total": _("To pay"),
    "sum_of_settled": _("Settled"),
    "balance": _("Left after the instalment"),
    "balance_by_the_terms": _("Left by the terms"),
    "fee": _("Fees"),
    "fee_of_terms": _("Fee of the terms"),
    "fee_rate": _("Fee rate"),
    "principal": _("Principal"),
    "interest": _("Interest"),
    "principal_by_the_terms": _("Principal by the terms"),
    "principal_in_grace": _("No principal in the grace period"),
    "level_kept": _("Instalment kept as it was"),
    "level_payment": _("Level payment"),
    "level_unrounded": _("Level payment before rounding"),
    "times_the_first": _("Times the first payment"),
    "more_than_the_first": _("More than the first payment"),
    "grown": _("Risen from the first payment"),
    "payment_by_then": _("Payment by then"),
    "all_to_pay": _("Principal and interest to pay"),
    "least_fraction": _("Least part of the balance"),
    "least_amount": _("Least amount"),
    "instalment_multiple": _("Rounded to a multiple of"),
    "accrued_before": _("Interest earned before"),
    "balloon": _("Left for the end"),
    "may_grow": _("Interest may join the debt"),
    "cost_of_one": _("What one unit costs in the period"),
    "planned_outstanding": _("Principal to plan for"),
    "planned_before": _("Planned for earlier instalments"),
    "left_to_plan": _("Left to plan for"),
    "interest_planned": _("Interest in the plan"),
    "rest": _("The last takes what is left"),
    "part": _("Equal part"),
    "to_spread": _("To be spread evenly"),
    "instalments": _("Instalments"),
    "nothing_before_the_end": _("All falls due at the end"),
    "listed": _("As listed"),
    "on_demand": _("Falls due when it is asked for"),
    "next_due": _("Next due"),
    # where the loan stands
    "zero": _("Nothing"),
    "days_past_due": _("Days late"),
    "oldest_unpaid": _("Oldest due date with something unpaid"),
    "nothing_late": _("Nothing is late"),
    "status": _("Status"),
    "life": _("Stage of its life"),
    "tolerance_days": _("Days of tolerance"),
    "due_soon_days": _("Due soon, days before"),
    "days_to_next_due": _("Days to the next due date"),
    "due_date": _("Due date"),
    "nothing_to_come": _("Nothing falls due any more"),
    "restructured": _("Restructured"),
    "undrawn": _("Not drawn yet"),
    "limit": _("Amount or limit"),
    "current": _("Current"),
    "short_term": _("Short-term"),
    "long_term": _("Long-term"),
    "not_overdue": _("Principal that is not overdue"),
    "nothing_long_term": _("Nothing is long-term"),
    # sums of loans
    "sum_of_loans": _("All of these loans"),
    "loan": _("Loan"),
    "further_loans": _("Further loans"),
}
_CODES: Mapping[str, str | Promise] = {
    "yes": _("yes"),
    "no": _("no"),
    "none": _("none"),
    "undrawn": _("Not drawn yet"),
    "active": _("Running"),
    "settled": _("Settled"),
    "written_off": _("Written off"),
}


def step_word(name: str) -> str:
    """What a step is called; a cause of a movement by its own word."""
    found = _STEPS.get(name)
    return str(found) if found is not None else wording.word("cause", name)


def is_worded(name: str) -> bool:
    """Whether a step has a name in words."""
    return name in _STEPS or wording.word("cause", name) != name.replace("_", " ")


def formula_text(formula: Formula) -> str:
    """How a figure follows from the steps below it; nothing for a leaf."""
    return str(_FORMULAS.get(formula, ""))


def code_word(code: str) -> str:
    """A code of the loan's life, or a yes or no; a status by its own word."""
    found = _CODES.get(code)
    if found is not None:
        return str(found)
    return wording.status_look(code).word if code in wording.STATUS_CODES else code


def instalment_word(number: int) -> str:
    """An instalment by its number."""
    return gettext("Instalment %(number)s") % {"number": number}
