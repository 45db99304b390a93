"""The audit trail in words: what happened, to which thing, and what was otherwise before."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gbese.apps.identity.audit import values_of
from gbese.apps.identity.queries import AuditRow
from gbese.apps.lending.documents import event_from
from gbese.apps.parties.queries import party_names
from gbese.core.ledger import AccountKey
from gbese.core.money import Currency, Money, money_from_text
from gbese.core.servicing.events import Amended
from gbese.interfaces.days import day_of
from gbese.interfaces.web import choices, formatting, wording
from gbese.interfaces.web.books import wording as books_wording
from gbese.interfaces.web.imports import wording as imports_wording
from gbese.interfaces.web.lending import dossier

_VALUE_SHOWN = 160

WHAT: Mapping[str, str | Promise] = {
    "loan.opened": _("Loan opened"),
    "loan.drawn": _("Drawdown recorded"),
    "loan.received": _("Repayment recorded"),
    "loan.charged": _("Charge recorded"),
    "loan.waived": _("Waiver recorded"),
    "loan.written_off": _("Loan written off"),
    "loan.refunded": _("Refund recorded"),
    "loan.rate_set": _("New rate recorded"),
    "loan.amended": _("New terms recorded"),
    "loan.restated": _("Restatement recorded"),
    "loan.reversed": _("Reversal recorded"),
    "loan.levied": _("Fee or penalty agreed"),
    "loan.levy_waived": _("Fee or penalty given up"),
    "loan.charged_back": _("Payment taken back"),
    "loan.charged_off": _("Loan charged off"),
    "loan.interest_paused": _("Interest paused"),
    "loan.due_date_moved": _("Due date moved"),
    "loan.lengthened": _("Term lengthened"),
    "loan.removed": _("Loan taken out"),
    "loan.set_aside": _("Loan set aside"),
    "loan.taken_back": _("Loan taken back"),
    "loan.fixing": _("Worked out again: a reference rate changed"),
    "loan.calendar": _("Worked out again: days off changed"),
    "loan.horizon": _("Carried on: a loan on demand"),
    "loan.method": _("Worked out again: another method"),
    "loans.external_status_taken": _("Statuses taken from a source"),
    "method.proposed": _("Change of method proposed"),
    "method.approved": _("Change of method approved"),
    "parties.added": _("Parties added"),
    "party.belonging": _("Said whether a party is the company itself"),
    "entity.set_up": _("Books set up"),
    "entity.day_end_set": _("End of the day changed"),
    "account.renamed": _("Account renamed"),
    "day.cut": _("Day sealed"),
    "fiscal_period.closed": _("Fiscal period closed"),
    "fiscal_period.reopened": _("Fiscal period opened again"),
    "import.committed": _("Import carried out"),
    "import.undone": _("Import undone"),
    "mapping.remembered": _("Mapping remembered"),
    "mapping.forgotten": _("Mapping forgotten"),
    "rates.exchange_rates_recorded": _("Exchange rates recorded"),
    "rates.exchange_rate_confirmed": _("Exchange rate confirmed"),
    "rates.exchange_rates_withdrawn": _("Exchange rates withdrawn"),
    "rates.fixings_recorded": _("Values of a reference rate recorded"),
    "rates.fixings_withdrawn": _("Values of a reference rate withdrawn"),
    "rates.holidays_recorded": _("Days off recorded"),
    "rates.holiday_withdrawn": _("Day off taken back"),
    "user.created": _("Person let in"),
    "user.role_changed": _("Role changed"),
    "user.activated": _("Person let in again"),
    "user.deactivated": _("Person kept out"),
    "user.password_set": _("Password changed"),
    "user.language_set": _("Language changed"),
    "user.signed_in": _("Signed in"),
    "user.signed_out": _("Signed out"),
    "api_token.made": _("API token made"),
    "api_token.revoked": _("API token revoked"),
    "sign_in_link.made": _("Sign-in link made"),
    "sign_in_link.used": _("Signed in by a link"),
}

# The kinds of things that records are about.
SUBJECTS: Mapping[str, str | Promise] = {
    "loan": _("Loan"),
    "user": _("Login"),
    "party": _("Party"),
    "import": _("Import"),
    "day": _("Day"),
    "fiscal_period": _("Fiscal period"),
    "entity": _("Company"),
    "account": _("Account"),
    "api_token": _("API token"),
    "mapping": _("Mapping"),
    "method_change": _("Change of method"),
    "act": _("Request"),
}

# Who does something without a login of their own.
_WHO_ELSE: Mapping[str, str | Promise] = {
    "nobody": _("Somebody not signed in"),
    "operator": _("Whoever runs the machine"),
    "system": _("Gbese itself"),
}

LABELS: Mapping[str, str | Promise] = {
    "base_currency": _("Currency of the books"),
    "belongs_to_entity": _("Is the company itself"),
    "books_from": _("Books from"),
    "chart": _("Chart of accounts"),
    "code": _("Code"),
    "confirmed_by": _("Confirmed by"),
    "continued": _("Loans continued"),
    "corrected": _("Corrected"),
    "count": _("How many"),
    "country": _("Country"),
    "cut": _("Number of the day"),
    "cut_off_hour": _("The day ends at the hour"),
    "day": _("Day"),
    "days_past_due": _("Days late"),
    "debt": _("Debt in all"),
    "entered_by": _("Entered by"),
    "event": _("Number of the record"),
    "events": _("Records"),
    "expires_at": _("Expires"),
    "far_off": _("Far off the last"),
    "files": _("Files"),
    "fiscal_year_start_month": _("First month of the fiscal year"),
    "from": _("From"),
    "full_name": _("Name"),
    "is_active": _("May sign in"),
    "journal_hash": _("Seal of the journal"),
    "journal_number": _("Last entry"),
    "kind": _("Kind"),
    "language": _("Language"),
    "last": _("The last"),
    "loans": _("Loans"),
    "login": _("Login"),
    "method": _("Method"),
    "name": _("Name"),
    "open_day": _("Open day"),
    "outstanding": _("Principal outstanding"),
    "projection": _("Seal of the figures"),
    "proposed_by": _("Proposed by"),
    "rate": _("Rate"),
    "reason": _("Reason"),
    "recognised": _("Known already"),
    "recorded": _("Recorded"),
    "request_id": _("Request"),
    "role": _("Role"),
    "side": _("Side"),
    "sides_kept": _("Loans kept"),
    "source": _("Source"),
    "state": _("State"),
    "text": _("Mapping"),
    "time_zone": _("Time zone"),
    "valid_on": _("Valid on"),
    "value_date": _("Value date"),
    "withdrawn": _("Withdrawn"),
    "words": _("Words"),
}

_AMOUNTS = frozenset({"debt", "outstanding"})


@dataclass(frozen=True, slots=True)
class Subject:
    """The thing a record is about: what kind it is, its name, and its page where it has one."""

    kind: str
    name: str
    address: str
    key: str


@dataclass(frozen=True, slots=True)
class ValueTold:
    """One value before and after; empty where there was none."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return bool(self.before) and self.before != self.after


@dataclass(frozen=True, slots=True)
class RecordTold:
    """One record as people read it."""

    row: AuditRow
    who: str
    what: str
    subject: Subject
    values: tuple[ValueTold, ...]

    def values_text(self) -> str:
        """The values in one line, for a cell of a list."""
        return "; ".join(
            f"{value.label}: {value.before} → {value.after}"
            if value.is_changed
            else f"{value.label}: {value.after or value.before}"
            for value in self.values
        )


def told(rows: Sequence[AuditRow], names: Mapping[str, str]) -> list[RecordTold]:
    """Records in words.

    Args:
        rows: as they are stored.
        names: of people by login.
    """
    keys = [row.subject.partition(":")[2] for row in rows if row.subject.startswith("party:")]
    parties = party_names([int(key) for key in keys if key.isdecimal()])
    return [
        RecordTold(
            row=row,
            who=names.get(row.login) or str(_WHO_ELSE.get(row.login, "")),
            what=what_text(row.what),
            subject=_subject(row.subject, parties),
            values=tuple(_values(row)),
        )
        for row in rows
    ]


def what_text(code: str) -> str:
    """What happened, in words."""
    found = WHAT.get(code)
    return str(found) if found is not None else code.replace("_", " ").replace(".", ": ")


def subjects_named(text: str) -> tuple[str, ...]:
    """The things that a person may mean by a name: `L-1` is the loan L-1, or the login."""
    if not text or ":" in text:
        return (text,) if text else ()
    return (text, *(f"{kind}:{text}" for kind in SUBJECTS))


def _subject(key: str, parties: Mapping[int, str]) -> Subject:
    kind, _colon, name = key.partition(":")
    if kind not in SUBJECTS or not name:
        return Subject("", key, "", key)
    address = ""
    match kind:
        case "loan":
            address = reverse("web:loan", args=[name])
        case "import" if name.isdecimal():
            address = reverse("web:import_run", args=[int(name)])
        case "day" if (day := day_of(name)) is not None:
            address = f"{reverse('web:day_book')}?on={name}"
            name = formatting.day_text(day)
        case "party" if name.isdecimal():
            name = parties.get(int(name), name)
        case "account" if name in set(AccountKey):
            name = books_wording.part_name(AccountKey(name))
        case _:
            pass
    return Subject(str(SUBJECTS[kind]), name, address, key)


def _values(row: AuditRow) -> Iterator[ValueTold]:
    before, after = values_of(row.before), values_of(row.after)
    document = after.pop("document", "")
    currency = None
    if document:
        currency = Currency(*json.loads(document)["currency"])
        yield from _of_event(document)
    for name in dict.fromkeys((*after, *before)):
        yield ValueTold(
            label=_label(name),
            before=_value(name, before[name], currency) if name in before else "",
            after=_value(name, after[name], currency) if name in after else "",
        )


def _of_event(document: str) -> Iterator[ValueTold]:
    event = event_from(document)
    amount = getattr(event, "amount", None)
    if isinstance(amount, Money):
        yield ValueTold(gettext("Amount"), "", wording.fact_text(amount))
    if detail := dossier.event_detail(event):
        yield ValueTold(gettext("Detail"), "", detail)
    if isinstance(event, Amended):
        for label, text in dossier.facts_of(event.terms):
            yield ValueTold(label, "", text)


def _label(name: str) -> str:
    found = LABELS.get(name)
    return str(found) if found is not None else imports_wording.count_text(name)


def _value(name: str, text: str, currency: Currency | None) -> str:
    if name in _AMOUNTS and currency is not None:
        return wording.fact_text(money_from_text(text, currency))
    if (written := _WRITTEN.get(name)) is not None:
        return written(text)
    if text.casefold() in {"true", "false"}:
        return gettext("yes") if text.casefold() == "true" else gettext("no")
    if (day := day_of(text)) is not None:
        return formatting.day_text(day)
    return formatting.number_text(int(text)) if text.isdecimal() else text[:_VALUE_SHOWN]


def _rate(text: str) -> str:
    try:
        return formatting.percent_text(Decimal(text))
    except InvalidOperation:
        return text


def _moment(text: str) -> str:
    return formatting.moment_text(timezone.localtime(datetime.fromisoformat(text)))


def _seal(text: str) -> str:
    return f"{text[:16]}…"


def _word(kind: str) -> Callable[[str], str]:
    return lambda text: wording.word(kind, text)


# Values that are not what they look like: codes of things, seals, moments, names that are digits.
_WRITTEN: Mapping[str, Callable[[str], str]] = {
    "code": str,
    "country": choices.country_name,
    "expires_at": _moment,
    "journal_hash": _seal,
    "kind": _word("party_kind"),
    "name": str,
    "projection": _seal,
    "rate": _rate,
    "reason": str,
    "role": _word("role"),
    "side": _word("side"),
    "sides_kept": _word("sides_kept"),
    "state": _word("period_state"),
}
