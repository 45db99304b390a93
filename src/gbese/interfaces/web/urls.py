"""Every page's address; `gbese/data/permissions.yaml` says who may open it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from gbese.interfaces.web.books import views as books
from gbese.interfaces.web.first_start import views as first_start
from gbese.interfaces.web.frame import views as frame
from gbese.interfaces.web.help import views as help_pages
from gbese.interfaces.web.identity import views as identity
from gbese.interfaces.web.imports.urls import urlpatterns as imports_urls
from gbese.interfaces.web.lending import views as lending
from gbese.interfaces.web.people import tokens
from gbese.interfaces.web.people import views as people
from gbese.interfaces.web.rates.urls import urlpatterns as rates_urls
from gbese.interfaces.web.reporting import views as reporting

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", reporting.home, name="home"),
    path("sign-in", identity.sign_in, name="sign_in"),
    path("sign-in/<str:secret>", identity.sign_in_link, name="sign_in_link"),
    path("sign-out", identity.sign_out, name="sign_out"),
    path("first-start", first_start.first_start, name="first_start"),
    path(
        "first-start/demonstration",
        first_start.first_start_demonstration,
        name="first_start_demonstration",
    ),
    path("first-start/secret", first_start.first_start_secret, name="first_start_secret"),
    path("set-up", first_start.set_up, name="set_up"),
    path("language", frame.language, name="language"),
    path("theme", frame.theme, name="theme"),
    path("manifest.webmanifest", frame.manifest, name="manifest"),
    path("service-worker.js", frame.service_worker, name="service_worker"),
    path("offline", frame.offline, name="offline"),
    path("loans", lending.loans, name="loans"),
    path("loans/parties", lending.loan_parties, name="loan_parties"),
    path("loans.csv", lending.loans_csv, name="loans_csv"),
    path("loans.xlsx", lending.loans_xlsx, name="loans_xlsx"),
    path("loans/new", lending.loan_new, name="loan_new"),
    path("loans/new/preview", lending.loan_new_preview, name="loan_new_preview"),
    path(
        "loan/<path:loan_number>/record/<slug:kind>/preview",
        lending.record_preview,
        name="record_preview",
    ),
    path("loan/<path:loan_number>/record/<slug:kind>", lending.record, name="record"),
    path("loan/<path:loan_number>", lending.loan, name="loan"),
    path("ladder", reporting.ladder, name="ladder"),
    path("debt-by-term", reporting.debt_by_term, name="debt_by_term"),
    path("debt-by-term.csv", reporting.debt_by_term_csv, name="debt_by_term_csv"),
    path("debt-by-term.xlsx", reporting.debt_by_term_xlsx, name="debt_by_term_xlsx"),
    *imports_urls,
    *rates_urls,
    path("books", books.books, name="books"),
    path("books/close", books.close, name="books_close"),
    path("books/period", books.period, name="books_period"),
    path("books/trial-balance", books.trial_balance, name="trial_balance"),
    path("books/trial-balance.csv", books.trial_balance_csv, name="trial_balance_csv"),
    path("books/trial-balance.xlsx", books.trial_balance_xlsx, name="trial_balance_xlsx"),
    path("books/account/<slug:key>/<slug:currency>", books.account_card, name="account_card"),
    path("books/day-book", books.day_book, name="day_book"),
    path("books/entry/<int:number>", books.entry, name="entry"),
    path("books/entry/<int:number>/loans/<int:place>", books.entry_loans, name="entry_loans"),
    path("books/chart", books.chart, name="chart"),
    path("books/late-entries", books.late_entries, name="late_entries"),
    path("books/check", books.verify, name="verify"),
    path("people", people.people, name="people"),
    path("people/<str:login>/role", people.person_role, name="person_role"),
    path("people/<str:login>/active", people.person_active, name="person_active"),
    path("people/<str:login>/link", people.person_link, name="person_link"),
    path("tokens", tokens.tokens, name="tokens"),
    path("tokens/<int:token>/revoke", tokens.token_revoke, name="token_revoke"),
    path("password", people.own_password, name="own_password"),
    path("audit", people.audit, name="audit"),
    path("audit.csv", people.audit_csv, name="audit_csv"),
    path("help", help_pages.overview, name="help"),
    path("help/keyboard", help_pages.keyboard, name="keyboard"),
    path("help/tour", help_pages.tour, name="tour"),
]
