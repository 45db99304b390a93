"""The sentences of imports: what is wrong with a row, what should be known of one, what is refused.

Facts of a fault are named in its sentence; a code without a sentence shows itself and its facts.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gbese.interfaces.web.wording import word_refusals

word_refusals(
    {
        # files
        "file_too_large": _(
            "%(file)s has %(bytes)s; at most %(bytes_max)s are accepted. Send it in parts."
        ),
        "file_empty": _("%(file)s is empty."),
        "file_kind_unknown": _(
            "%(file)s is neither a table in text (CSV) nor a workbook (XLSX, XLS or ODS)."
        ),
        "workbook_broken": _(
            "%(file)s cannot be opened: it is damaged, cut short or locked with a password. Save "
            "it again and send it once more."
        ),
        "workbook_suspicious": _(
            "%(file)s is not taken: it unpacks to more than a table of its size can hold, or has "
            "parts no workbook has."
        ),
        "too_many_rows": _("%(file)s has more rows or columns than are read from one file."),
        "line_unreadable": _(
            "Line %(line)s of %(file)s has a quotation mark that is not closed, so nothing after "
            "it is certain."
        ),
        "encoding_unknown": _("The letters of %(file)s cannot be read. Save it as UTF-8."),
        # mappings
        "mapping_unknown": _("There is no mapping “%(mapping)s”."),
        "mapping_malformed": _("The mapping cannot be read: %(reason)s"),
        "mapping_name_taken": _("A mapping “%(mapping)s” comes with Gbese; choose another name."),
        "columns_missing": _("%(file)s lacks columns that “%(mapping)s” needs: %(columns)s."),
        "mapping_not_recognised": _(
            "No ready mapping fits the columns of %(file)s. Choose which column is which."
        ),
        # cells, where one is refused by itself
        "cell_missing": _("A cell that must be filled is empty."),
        "word_unknown": _("The word is not among those known for this column."),
        "date_unreadable": _("“%(text)s” is not a day, as this file writes its days."),
        "date_order_ambiguous": _(
            "Every day of the file reads both as day/month and as month/day. Say which."
        ),
        "number_unreadable": _("“%(text)s” is not a number, as this file writes its numbers."),
        "number_style_ambiguous": _(
            "In “%(text)s” the comma may split thousands or begin the decimals. Say which."
        ),
        "rate_improbable": _(
            "A rate of “%(text)s” a year is improbable. Does the file write per cent or fractions?"
        ),
        "birth_number_unreadable": _("The birth number holds no day of birth."),
        # runs
        "files_missing": _("Choose at least one file."),
        "import_unknown": _("There is no import %(run)s."),
        "already_imported": _("%(file)s was imported already, on %(on)s as import %(run)s."),
        "import_not_planned": _("Import %(run)s is not waiting to be carried out."),
        "import_not_committed": _("Import %(run)s was not carried out, so it cannot be undone."),
        "import_has_faults": _(
            "%(faults)s rows of import %(run)s have faults. Correct the file, or agree to leave "
            "those rows out."
        ),
        "import_is_empty": _("Import %(run)s would change nothing: all it says is known already."),
        "import_plan_changed": _(
            "The books have changed since the dry run of import %(run)s. Make another dry run."
        ),
        "import_file_missing": _("The file %(file)s is no longer kept here. Send it again."),
        "import_continued_later": _(
            "Later imports (%(runs)s) continue loans of import %(run)s: %(loans)s. Undo "
            "those first."
        ),
        "import_loans_changed": _(
            "Something else was recorded on %(count)s of its loans, so the import stays: %(loans)s."
        ),
    }
)

_FAULTS: dict[str, str | Promise] = {
    "column_missing": _("The file has no such column, and it is needed."),
    "row_cut_short": _(
        "The row has %(cells)s cells where there are %(headers)s columns; the file may be cut off."
    ),
    "row_too_long": _("The row has %(cells)s cells where there are %(headers)s columns."),
    "cell_missing": _("The cell is empty, and it is needed."),
    "word_unknown": _("The word is not known for this column."),
    "date_unreadable": _("This is not a day, as the file writes its days."),
    "date_order_ambiguous": _(
        "Every day of the file reads both as day/month and as month/day. Say which."
    ),
    "date_in_future": _("The day is in the future: the books are open on %(today)s."),
    "date_before_start": _("The day is before the agreement of %(start)s."),
    "number_unreadable": _("This is not a number, as the file writes its numbers."),
    "number_style_ambiguous": _(
        "A comma may split thousands or begin the decimals, and nothing in the file tells which."
    ),
    "malformed_amount": _("This is not an amount."),
    "amount_too_fine": _("%(currency)s has at most %(decimals_max)s decimals."),
    "amount_too_large": _("The amount is larger than the books can hold."),
    "amount_negative": _("The amount is below zero."),
    "amount_zero": _("The amount is zero."),
    "amount_not_positive": _("The amount must be above zero."),
    "rate_improbable": _("The rate is improbable: per cent or a fraction?"),
    "malformed_rate": _("This is not a rate."),
    "malformed_currency": _("A currency has three capital letters."),
    "currency_unknown": _("No currency has this code."),
    "row_repeated": _("The same loan and day stand in the file already, at %(first_at)s."),
    "stated_otherwise_before": _(
        "An earlier import has other figures of this loan for %(stated_on)s."
    ),
    "lender_unknown": _("The number does not begin as those of a lender this mapping knows."),
    "maturity_before_start": _("The maturity date is not after the start, %(start)s."),
    "maturity_before_first_repayment": _("The last repayment date is before the first, %(first)s."),
    "first_due_before_start": _("The first due date is not after the start, %(start)s."),
    "first_due_after_maturity": _("The first due date is after the maturity date, %(maturity)s."),
    "loan_number_too_long": _("The number has more than %(most)s characters."),
    "side_not_kept": _("The books do not keep loans of this side."),
    "lender_is_borrower": _("%(party)s would be both lender and borrower."),
    "entity_on_other_side": _(
        "%(party)s is the firm of these books, and would be on the other side of its loan."
    ),
    "series_unknown": _("No reference rate “%(series)s” is kept here; import its values first."),
    "terms_refused": _("The terms contradict themselves (%(problem)s, %(field_name)s)."),
    "day_count_needs": _("This way of counting days needs regular periods."),
    "first_due_date_not_maturity": _(
        "All falls due at maturity, so there cannot be an earlier first due date."
    ),
    "overdue_above_outstanding": _("More is overdue than is outstanding, %(outstanding)s."),
    "drawn_above_limit": _("More is drawn than was agreed, %(limit)s."),
    "birth_number_unreadable": _("The birth number holds no day of birth."),
    "account_has_two_owners": _("Account %(account)s has two owners."),
    "account_unknown": _("No other file has this account."),
    "account_has_no_owner": _("The account has no owner, so nobody could be the borrower."),
    "split_does_not_add_up": _("What was paid is not the sum of its parts."),
    "more_than_lent": _("What was repaid and what is left are more than was lent."),
    "less_than_lent": _("What was repaid and what is left are less than was lent."),
    "loan_number_taken": _("Another client of the file has the same loan number."),
}

_FINDINGS: dict[str, str | Promise] = {
    "residue_negative": _(
        "Stated below zero, %(amount)s: no debt. Nothing is owed here; the lender's total has it."
    ),
    "residue_kept": _(
        "A residue of %(amount)s, settled or past maturity: kept without a due date until somebody "
        "writes it off."
    ),
    "outstanding_does_not_tie": _(
        "Outstanding at historical rates and the exchange adjustment miss the debt by "
        "%(difference)s."
    ),
    "drawn_less_repaid_does_not_tie": _(
        "Drawn less repaid misses what is outstanding at historical rates by %(difference)s."
    ),
    "rates_below_one_percent": _(
        "All rates are at most 1 per cent a year. Does the workbook show fractions as per cent?"
    ),
    "held_does_not_tie": _(
        "What the lender holds is not outstanding and undrawn together: off by %(difference)s."
    ),
    "repayment_dates_contradict": _(
        "The last repayment date is before the first, so the loan has no due dates here."
    ),
    "borrower_not_named": _("The borrower is not named; the country stands in."),
    "owed_to_others_too": _("%(amount)s more is owed to others the loan was sold to."),
    "amounts_rounded": _("%(cells)s amounts finer than their currency were rounded."),
    "loan_not_from_statements": _(
        "The loan was entered another way, so a statement does not change it."
    ),
    "stated_before_opening": _(
        "Stated earlier than the loan was taken over, and people recorded on it since: kept for "
        "reports only."
    ),
    "no_balance_so_undrawn": _("No balance and no day of drawing: the loan is not drawn yet."),
    "overdue_since_maturity_assumed": _(
        "Past maturity: all that is outstanding is taken as overdue since then."
    ),
    "overdue_since_balance_assumed": _("Late since when is not said; the balance date is taken."),
    "outstanding_above_limit": _("More is outstanding, %(outstanding)s, than was agreed."),
    "sheet_not_read": _("The sheet is no table of loans, and was not read."),
    "days_without_rate": _("%(cells)s cells have no rate."),
    "rates_rounded": _("%(cells)s figures with more than twelve decimals were rounded."),
    "rate_far_off": _("%(rate)s is more than a fifth off the last rate, %(last)s of %(on)s."),
    "uses_account_only": _("May use account %(account)s and is not the borrower."),
    "instalments_do_not_add_up": _("%(instalments)s instalments do not add up to the loan."),
    "in_debt_without_amount": _("Said to be in debt, without an amount."),
    "payment_differs": _("Paid %(paid)s where %(instalment)s was due."),
    "standing_order_differs": _(
        "The standing order of %(order)s differs from the instalment, %(instalment)s, by less than "
        "the tolerance; the difference is income, or given up."
    ),
    "standing_order_does_not_match": _(
        "The standing order of %(order)s does not match the instalment, %(instalment)s."
    ),
    "instalment_differs": _(
        "The file prints an instalment of %(printed)s; amount, rate and term give %(computed)s."
    ),
    "income_is_exit_fee": _("Typed as income, and no interest: an exit fee of %(amount)s."),
    "income_charged_as_received": _(
        "The price of this money is not known: %(rows)s receipts are charged on the day they came."
    ),
    "drawings_not_listed": _(
        "A commitment of %(commitment)s whose drawings are not listed; what was repaid, "
        "%(repaid)s, is taken as drawn."
    ),
    "coupon_in_two_parts": _(
        "The coupon has two parts: %(rate)s on the principal and %(note_rate)s on a note of "
        "%(note)s."
    ),
    "coupon_short": _("On %(on)s %(paid)s came where %(due)s was due."),
    "coupon_beyond_terms": _(
        "On %(on)s %(paid)s came where %(due)s was due; the rest is charged as interest beyond the "
        "terms."
    ),
    "coupons_missed": _("Interest of %(owed)s is unpaid, the oldest since %(since)s."),
    "exchanged_into_program": _(
        "Exchanged into %(program)s on %(on)s, at a rate of %(rate)s from then on."
    ),
}

# What the columns of a portfolio are called on the page that asks which is which.
FACTS: dict[str, str | Promise] = {
    "loan_number": _("Loan number"),
    "side": _("Side"),
    "lender": _("Lender"),
    "lender_number": _("Lender's tax number"),
    "borrower": _("Borrower"),
    "borrower_number": _("Borrower's tax number"),
    "borrower_kind": _("Borrower: person or organisation"),
    "guarantor": _("Guarantor"),
    "currency": _("Currency"),
    "principal": _("Amount agreed"),
    "signed_on": _("Day of the agreement"),
    "drawn_on": _("Day drawn, where all was drawn at once"),
    "first_due_date": _("First due date"),
    "maturity_date": _("Maturity date"),
    "frequency": _("Frequency of payments"),
    "schedule_kind": _("Kind of schedule"),
    "grace_instalments": _("First instalments of interest only"),
    "balloon": _("Balloon"),
    "nominal_rate": _("Rate a year"),
    "reference": _("Reference rate"),
    "margin": _("Margin"),
    "day_count": _("Day count"),
    "balance_on": _("Day of the balances"),
    "outstanding": _("Outstanding principal"),
    "principal_overdue": _("Overdue principal"),
    "overdue_since": _("Overdue since"),
    "days_past_due": _("Days past due"),
    "interest_accrued": _("Accrued interest"),
    "interest_overdue": _("Overdue interest"),
    "fee_overdue": _("Overdue fees"),
    "penalty_overdue": _("Penalties owed"),
    "next_due_date": _("Next due date"),
    "drawn": _("Drawn so far"),
    "repaid": _("Repaid so far"),
    "purpose": _("Purpose"),
    "product": _("Product"),
    "agreement_number": _("Facility"),
    "external_status": _("Status, as the source says"),
}

_REASONS: dict[str, str | Promise] = {
    "grant": _("Grants: not a debt"),
    "guarantee": _("Guarantees: no debt until called"),
    "account_penalty_interest": _("Penalty interest of an account, not of the loan"),
    "nothing_lent": _("Receipts from a client to whom nothing was lent in these files"),
}

_COUNTS: dict[str, str | Promise] = {
    "parties": _("Parties, new or known"),
    "loans": _("New loans"),
    "reopened": _("Loans whose history begins earlier now"),
    "later_events": _("Loans that go on"),
    "statements": _("Statements of balances"),
    "exchange_rates": _("Exchange rates"),
    "fixings": _("Values of reference rates"),
    "unchanged": _("Rows that are known already"),
    "left_out": _("Rows left out"),
    "faults": _("Faults"),
    "findings": _("Findings"),
}

_STATES: dict[str, str | Promise] = {
    "planned": _("Dry run"),
    "committed": _("Carried out"),
    "undone": _("Undone"),
}

_STAGES: dict[str, str | Promise] = {
    "reading": _("Reading the files"),
    "parties": _("Looking for the parties"),
    "loans": _("Opening loans"),
    "events": _("Continuing loans"),
    "statements": _("Keeping statements"),
    "rates": _("Recording rates"),
    "done": _("Done"),
    "failed": _("Stopped; nothing was changed"),
}

COUNTED = tuple(_COUNTS)


def fault_text(code: str, facts: Mapping[str, str]) -> str:
    """What is wrong with a row."""
    return _worded(_FAULTS, code, facts)


def finding_text(code: str, facts: Mapping[str, str]) -> str:
    """What should be known of a row that is taken."""
    return _worded(_FINDINGS, code, facts)


def column_text(column: str) -> str:
    """A column as the file spells it; a fact that is no column of the file by its label."""
    found = FACTS.get(column)
    return str(found) if found is not None else column


def reason_text(reason: str) -> str:
    """Why rows are left out."""
    return str(_REASONS.get(reason, reason.replace("_", " ")))


def count_text(what: str) -> str:
    return str(_COUNTS.get(what, what))


def state_text(state: str) -> str:
    return str(_STATES.get(state, state))


def stage_text(stage: str) -> str:
    return str(_STAGES.get(stage, stage))


def _worded(table: Mapping[str, str | Promise], code: str, facts: Mapping[str, str]) -> str:
    sentence = table.get(code)
    if sentence is not None:
        try:
            return str(sentence) % facts
        except KeyError:
            pass
    told = ", ".join(f"{name} {fact}" for name, fact in facts.items())
    return f"{code.replace('_', ' ')}. {told}".strip()
