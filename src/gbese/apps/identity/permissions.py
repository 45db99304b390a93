"""Who may do what: rights, roles, and the table that joins them."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """One thing a person may be allowed to do."""

    LOANS_VIEW = "loans.view"
    LOANS_ENTER = "loans.enter"
    LOANS_RECORD = "loans.record"
    LOANS_REVERSE = "loans.reverse"
    LOANS_WRITE_OFF = "loans.write_off"
    LOANS_IMPORT = "loans.import"
    LOANS_EXPORT = "loans.export"
    RATES_VIEW = "rates.view"
    RATES_ENTER = "rates.enter"
    PARTIES_VIEW = "parties.view"
    PARTIES_ENTER = "parties.enter"
    BOOKS_VIEW = "books.view"
    BOOKS_CLOSE = "books.close"
    REPORTS_VIEW = "reports.view"
    USERS_MANAGE = "users.manage"
    AUDIT_VIEW = "audit.view"
    SETTINGS_MANAGE = "settings.manage"


class Role(StrEnum):
    """What a person is in the firm; it decides their rights."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    ACCOUNTANT = "accountant"
    LOAN_OFFICER = "loan_officer"
    CASHIER = "cashier"
    AUDITOR = "auditor"
