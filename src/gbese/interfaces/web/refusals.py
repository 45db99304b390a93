"""The sentences of what the core and the apps refuse: what, which, and what would help.

`%(name)s` is a fact of the refusal. An area with pages of its own words what only its pages meet.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from gbese.interfaces.web.wording import word_refusals

word_refusals(
    {
        # what an address asks for
        "address_wrong": _("This address cannot be read: “%(text)s”."),
        "wrong_day": _(
            "“%(text)s” in this address is not a day. Write the year, the month and the day, such "
            "as 2026-03-31, from 1900 to 2200."
        ),
        "wrong_number": _("“%(text)s” in this address is not a whole number."),
        "wrong_choice": _(
            "“%(text)s” in this address is none of the choices of “%(part)s”: %(choices)s."
        ),
        "not_here": _("“%(text)s” in this address (“%(part)s”) names nothing that is here."),
        "no_such_page": _(
            "The list has no page %(text)s; its pages count from 1 to %(page_count)s."
        ),
        "span_backwards": _("The first day, %(since)s, comes after the last, %(until)s."),
        # why an amount is what it is
        "figure_unknown": _(
            "The loan has no figure “%(figure)s” on %(on)s. Ask for one that its page shows."
        ),
        # dates and periods
        "no_business_day": _(
            "The calendar %(calendar)s has no working day within a year of %(day)s. Check its "
            "holidays."
        ),
        "clock_code_unknown": _(
            "A stored way of counting days (%(clock_code)s) is unknown to this version of Gbese."
        ),
        "schedule_ends_before_it_starts": _(
            "The dates are out of order: they start on %(start)s and end on %(end)s."
        ),
        "stub_contradicts_dates": _(
            "The dates leave odd days where the agreement has whole periods only."
        ),
        "stub_not_allowed": _(
            "Whole periods do not fill the time from %(start)s to %(end)s. Say where the odd days "
            "go."
        ),
        "day_count_needs": _("The day count %(day_count)s also needs %(missing)s."),
        "date_out_of_range": _("The date lies outside the years 1 to 9999."),
        "frequency_has_no_length": _("What falls due once, at maturity, cannot be repeated."),
        "frequency_not_positive": _("A period has at least one %(unit)s, not %(count)s."),
        "first_due_date_before_interest": _(
            "The first due date, %(first_due_date)s, must come after the day interest starts, "
            "%(interest_from)s."
        ),
        "first_due_date_not_maturity": _(
            "All falls due at maturity, %(maturity_date)s, so the first due date cannot be "
            "%(first_due_date)s."
        ),
        "maturity_before_first_due_date": _(
            "The maturity date, %(maturity_date)s, cannot come before the first due date, "
            "%(first_due_date)s."
        ),
        "no_instalments": _("A loan has at least one instalment, not %(instalments)s."),
        "period_ends_before_it_starts": _(
            "A period must end after it starts: %(start)s to %(end)s does not."
        ),
        "period_error": _("The dates do not make a chain of periods."),
        # rates and rules
        "rate_out_of_range": _(
            "A rate of %(rate)s is not possible. Write 12 per cent as 12, and check the decimals."
        ),
        "rate_not_convertible": _(
            "A rate of %(rate)s would lose all that was lent, or more, so it has no counterpart."
        ),
        "fixing_missing": _(
            "The rate %(series)s has no value for %(day)s. Record it, then try again."
        ),
        "fixings_out_of_order": _(
            "The values of the rate %(series)s are out of order: %(earlier)s, then %(later)s."
        ),
        "floor_above_cap": _("The lowest rate, %(floor)s, is above the highest, %(cap)s."),
        "rule_ambiguous": _("Two rules of %(rule)s hold on %(day)s. Make one of them narrower."),
        "rule_not_in_force": _("No approved rule of %(rule)s is in force on %(day)s."),
        "rule_version_ends_before_it_starts": _(
            "A rule must be in force for a day at least: %(valid_from)s to %(valid_to)s is none."
        ),
        "rule_versions_overlap": _("Two versions of the rule %(rule)s would hold on %(day)s."),
        # yearly rates and amortised cost
        "no_rate_exists": _("No yearly rate makes these payments worth nothing."),
        "several_rates_exist": _(
            "More than one yearly rate fits these payments, %(rates)s, so none is told as theirs."
        ),
        "interval_runs_backwards": _("The interval ends, on %(end)s, before it starts: %(start)s."),
        "settled_more_than_owed": _("Only %(owed)s is owed, so %(settled)s cannot be settled."),
        # terms and schedules
        "terms_refused": _("These terms cannot be (%(field_name)s): %(problem)s"),
        "schedule_error": _("These terms make no schedule: %(problem)s"),
        "event_not_for_these_terms": _("The terms of this loan know no such event."),
        "delinquency_pause_overlaps": _(
            "The count of days late is already paused from %(other_start)s to %(other_end)s."
        ),
        "delinquency_resumed_on_another_day": _(
            "A pause is ended on the open day, %(business_date)s, and on no other."
        ),
        "delinquency_nothing_to_resume": _("No pause of the count of days late runs."),
        "instruction_exceeds_payment": _(
            "The instruction settles %(instructed)s, but only %(received)s was paid."
        ),
        # loans
        "loan_unknown": _("There is no loan %(loan_number)s."),
        "loan_number_taken": _("There is a loan %(loan_number)s already. Choose another number."),
        "side_not_kept": _("These books do not keep loans of this side: loan %(loan_number)s."),
        "lender_is_borrower": _(
            "%(party)s would be both lender and borrower of loan %(loan_number)s. Name the other."
        ),
        "entity_on_other_side": _(
            "%(party)s is the firm these books are kept for, and would stand on the other side of "
            "loan %(loan_number)s. Choose whether the loan is issued or received, or swap the two."
        ),
        "entity_not_party": _(
            "Loan %(loan_number)s would be booked for %(entity)s, but names %(party)s in its "
            "place. Write the firm's own name; a branch must be declared to belong to it first."
        ),
        "loan_set_aside": _(
            "Loan %(loan_number)s is set aside (%(reason)s). Repair it before anything else is "
            "recorded."
        ),
        "loan_written_off": _(
            "Loan %(loan_number)s was written off; only money recovered can be recorded on it."
        ),
        "amount_not_positive": _(
            "%(amount)s on loan %(loan_number)s: the amount must be above zero. To undo an earlier "
            "one, reverse it."
        ),
        "charge_above_ceiling": _(
            "%(amount)s cannot be charged on loan %(loan_number)s: interest and penalties may come "
            "to %(ceiling)s in all, and %(room)s is left."
        ),
        "drawdown_above_limit": _(
            "%(amount)s cannot be drawn on loan %(loan_number)s: of the agreed %(limit)s, "
            "%(drawable)s is left."
        ),
        "drawdown_after_maturity": _(
            "Loan %(loan_number)s ended on %(maturity_date)s, so nothing can be drawn on "
            "%(value_date)s. Amend its terms first."
        ),
        "value_date_before_drawdown": _(
            "Nothing was owed on loan %(loan_number)s on %(value_date)s; it was first drawn on "
            "%(first_drawdown)s."
        ),
        "value_date_before_drawdown without first_drawdown": _(
            "Nothing was ever drawn on loan %(loan_number)s, so nothing is owed on %(value_date)s. "
            "Record the drawdown first."
        ),
        "value_date_before_takeover": _(
            "Loan %(loan_number)s was taken over with its balances of %(taken_over_on)s, so "
            "%(value_date)s is too early."
        ),
        "value_date_after_open_day": _(
            "The books are open on %(open_day)s. What counts from %(value_date)s can be recorded "
            "when that day has come."
        ),
        "waiver_exceeds_claim": _(
            "%(amount)s cannot be waived on loan %(loan_number)s: only %(owed)s is owed of it."
        ),
        "refund_exceeds_unallocated": _(
            "%(amount)s cannot be paid back on loan %(loan_number)s: only %(unallocated)s is not "
            "settling anything."
        ),
        "interest_refund_not_undone_alone": _(
            "The interest refunded on loan %(loan_number)s on %(on)s is undone with its refund "
            "only."
        ),
        "loan_charged_off": _(
            "Loan %(loan_number)s was charged off on %(on)s: nothing more can be drawn or charged."
        ),
        "loan_not_charged_off": _("Loan %(loan_number)s is not charged off."),
        "charged_off_before_other_facts": _(
            "Loan %(loan_number)s cannot be charged off on %(on)s: money moved on %(latest)s."
        ),
        "nothing_to_write_off": _("Nothing was owed on loan %(loan_number)s on %(on)s."),
        "event_unknown": _("Loan %(loan_number)s has no event %(event_number)s."),
        "event_reversed_already": _(
            "Event %(event_number)s of loan %(loan_number)s was reversed already, by event "
            "%(reversed_by)s."
        ),
        "request_reused": _(
            "The same request has already recorded something else on loan %(loan_number)s."
        ),
        "import_built_upon": _(
            "%(loans)s loans of this import have later records (%(first_loans)s), so it cannot be "
            "undone."
        ),
        "books_moved_on": _(
            "The books moved on to %(open_day)s or changed while this was worked out. Nothing was "
            "done; do it again."
        ),
        "method_changes_nothing": _(
            "Every loan is what this version of the program computes; there is nothing to change."
        ),
        "method_change_unknown": _("There is no proposed change of method %(number)s."),
        "method_change_approved": _(
            "Change of method %(number)s was approved already, by %(approved_by)s."
        ),
        "method_change_outdated": _(
            "Change of method %(number)s was shown for %(shown_on)s, and would book something else "
            "now. Propose it again."
        ),
        "approved_by_proposer": _(
            "%(login)s proposed change of method %(number)s; another person must approve it."
        ),
        "reason_missing": _("Give a reason that others can read later."),
        "projection_too_large": _("A figure of this loan in %(currency)s is too large to be kept."),
        # the books
        "books_not_set_up": _("There are no books yet. Set them up first."),
        "books_already_set_up": _("These books have their owner already."),
        "chart_unknown": _("There is no chart of accounts %(chart)s. There are: %(shipped)s."),
        "entity_fact_invalid": _("%(given)s cannot be the %(fact)s of these books."),
        "account_unmapped": _(
            "The account “%(account)s” has no code in the chart of accounts. Give it one."
        ),
        "analysis_not_booked": _(
            "Amounts in %(currency)s that are finer than its money are for analysis. Book rounded "
            "amounts instead."
        ),
        "unbalanced_entry": _("Debits and credits of the entry differ (%(kind)s)."),
        "no_posting_rule": _("There is no rule to book %(cause)s of %(component)s."),
        "entry_unknown": _("There is no entry %(number)s."),
        "already_reversed": _("Entry %(number)s was reversed already, by entry %(reversed_by)s."),
        "posted_outside_books": _(
            "The books begin on %(books_from)s and are open on %(open_day)s; nothing can be posted "
            "on %(posting_date)s."
        ),
        "period_closed": _(
            "The fiscal period %(period)s is closed; nothing can be posted on %(posting_date)s."
        ),
        "period_open": _("The fiscal period %(period)s is not closed."),
        "period_not_over": _(
            "The fiscal period %(period)s is not over; the books are open on %(open_day)s."
        ),
        "earlier_period_open": _("Close the fiscal period %(earlier)s before %(period)s."),
        "later_period_closed": _("Reopen the fiscal period %(later)s before %(period)s."),
        "day_not_open": _("The books are open on %(open_day)s, so %(day)s cannot be closed."),
        "block_damaged": _("Stored figures are damaged. Run `gbese verify`, and restore a backup."),
        # parties
        "party_unknown": _("There is no party %(party)s."),
        "party_name_missing": _("A party needs a name."),
        "party_name_too_long": _("A name has at most %(most)s characters: “%(name)s”."),
        "party_kind_unknown": _("“%(kind)s” is no kind of party; there are %(kinds)s."),
        "country_malformed": _("“%(country)s” is no country. Write its two letters, such as NG."),
        # published rates and holidays
        "currency_unknown": _("“%(text)s” is no currency. Write its three letters, such as NGN."),
        "malformed_currency": _("“%(text)s” is no currency. Write its three letters, such as NGN."),
        "malformed_rate": _("“%(text)s” is no rate. Write digits with a dot before the decimals."),
        "exchange_rate_missing": _(
            "No exchange rate from %(base)s to %(quote)s is known for %(on)s or the "
            "%(max_age_days)s days before. Record one."
        ),
        "reference_series_unknown": _("There is no reference rate %(series)s."),
        "calendar_unknown": _("There is no calendar of holidays %(calendar)s."),
        "calendar_not_seedable": _("No holidays of %(calendar)s are shipped. Enter them by hand."),
        "holiday_unknown": _("%(day)s is no holiday in the calendar %(calendar)s."),
        "rate_unknown": _("This rate is not there any more, or a newer one has taken its place."),
        "rate_given_twice": _("Two different rates are given for %(series)s on %(valid_on)s."),
        "fixing_given_twice": _("Two different values are given for %(series)s on %(valid_on)s."),
        "rate_not_awaiting_confirmation": _("This rate is in use already."),
        "confirmed_by_same_person": _(
            "Another person than %(login)s must confirm a rate so far from the last."
        ),
        "rate_request_reused": _("The same request has already recorded other rates."),
        "series_unit_differs": _(
            "The reference rate %(series)s is kept in %(unit)s, not in %(unit_given)s."
        ),
    }
)
