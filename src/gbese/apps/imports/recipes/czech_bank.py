"""A bank's loans with its clients, accounts, standing orders and payments (PKDD'99, Czech).

The contracts name no interest: the amount is the instalment times the term. Only the owner of an
account borrows; whoever may use it does not. What the files of payments cover is recorded payment
by payment; after that the bank's own status at one date is all that is known of a loan.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from gbese.apps.imports.facts import FactReader
from gbese.apps.imports.mappings import FileMapping, shipped_mappings
from gbese.apps.imports.plans import (
    ColumnSum,
    Context,
    Fault,
    Finding,
    LeftOut,
    Plan,
    PlannedLoan,
    PlannedParty,
)
from gbese.apps.imports.tables import Place, Table
from gbese.apps.rates.currencies import currency_of
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import MONTHLY, add_months
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Side, Terms
from gbese.core.errors import Refusal
from gbese.core.money import Currency, Money, money_from_text, zero
from gbese.core.servicing.events import (
    Amended,
    Charged,
    Component,
    Drawn,
    LoanEvent,
    Received,
    Restated,
    Waived,
)

RECIPE = "czech_bank"
ROUNDING_DIFFERENCE = "rounding_difference"
_CLIENT_SCHEME = "czech_bank_client"
_ACCOUNT_SCHEME = "czech_bank_account"
_WOMEN_MONTHS = 50  # added to the month of birth
_CENTURY = 1900


class BirthNumberUnreadable(Refusal):
    """The number holds no day of birth: YYMMDD, for women with fifty added to the month."""

    code = "birth_number_unreadable"


@dataclass(frozen=True, slots=True)
class Birth:
    """What a Czech birth number tells of a person."""

    born_on: date
    sex: str  # "female" or "male"


def birth(birth_number: str) -> Birth:
    """Read a birth number of this century's first people: `705613` is a woman of 13 June 1970.

    Raises:
        BirthNumberUnreadable: it holds no day.
    """
    if len(birth_number) != 6 or not (birth_number.isascii() and birth_number.isdigit()):
        raise BirthNumberUnreadable(text=birth_number)
    year, month, day = (int(birth_number[at : at + 2]) for at in (0, 2, 4))
    sex = "female" if month > _WOMEN_MONTHS else "male"
    try:
        return Birth(date(_CENTURY + year, month % _WOMEN_MONTHS, day), sex)
    except ValueError as wrong:
        raise BirthNumberUnreadable(text=birth_number) from wrong


def scheduled_balance(principal: Money, instalment: Money, first_due: date, on: date) -> Money:
    """What is left on schedule: one instalment falls due each month from `first_due`."""
    months = (on.year - first_due.year) * 12 + on.month - first_due.month
    fallen_due = months + (on.day >= first_due.day)
    left = principal.minor - instalment.minor * max(fallen_due, 0)
    return Money(max(left, 0), principal.currency)


@dataclass(frozen=True, slots=True)
class _Payment:
    place: Place
    paid_on: date
    amount: Money


@dataclass(slots=True)
class _Files:
    """What the tables beside the loans say, by account."""

    owners: dict[str, str] = field(default_factory=dict)
    parties: dict[str, PlannedParty] = field(default_factory=dict)
    accounts: set[str] = field(default_factory=set)
    orders: dict[str, list[tuple[Place, Money]]] = field(default_factory=lambda: defaultdict(list))
    payments: dict[str, list[_Payment]] = field(default_factory=lambda: defaultdict(list))
    covered: set[date] = field(default_factory=set)
    has_payments: bool = False
    has_accounts: bool = False
    faults: list[Fault] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    column_sums: list[ColumnSum] = field(default_factory=list)

    @property
    def payments_to(self) -> date | None:
        """The last day the file of payments speaks of: the end of its last month."""
        if not self.has_payments or not self.covered:
            return None
        return add_months(max(self.covered), 0, day=31)

    @property
    def due_day(self) -> int | None:
        """The day of the month on which payments come, when they tell."""
        days = Counter(
            payment.paid_on.day for payments in self.payments.values() for payment in payments
        )
        return days.most_common(1)[0][0] if days else None


class CzechBank:
    """The recipe; it needs the file of loans and takes whatever of the other five is there."""

    name = RECIPE

    def recognises(self, tables: Sequence[Table]) -> bool:
        """Whether all tables are of this source and one of them is of loans."""
        kinds = [_mapping_of(table) for table in tables]
        return all(kinds) and any(kind and kind.settings["table"] == "loan" for kind in kinds)

    def plan(self, tables: Sequence[Table], context: Context) -> Plan:
        """The loans of the bank, with their borrowers and what was paid."""
        readers: dict[str, list[FactReader]] = defaultdict(list)
        for table in tables:
            mapping = _mapping_of(table)
            if mapping is not None:
                readers[mapping.settings["table"]].append(_reader(table, mapping))
        files = _Files()
        for kind, gather in _GATHERERS:
            for reader in readers[kind]:
                gather(reader, files)
                _close(reader, files)
        loans: list[PlannedLoan] = []
        unchanged: list[tuple[Place, str]] = []
        for reader in readers["loan"]:
            for loan in _loans(reader, files, context):
                if loan.loan_number in context.known_loans:
                    unchanged.append((loan.place, loan.loan_number))
                else:
                    loans.append(loan)
            _close(reader, files)
        lender = _lender(context)
        return Plan(
            recipe=RECIPE,
            mapping=RECIPE,
            parties=[lender, *files.parties.values()],
            loans=loans,
            unchanged=unchanged,
            faults=files.faults,
            findings=files.findings,
            left_out=files.left_out,
            column_sums=files.column_sums,
        )


def _mapping_of(table: Table) -> FileMapping | None:
    return max(
        (
            mapping
            for mapping in shipped_mappings().values()
            if mapping.recipe == RECIPE and mapping.fits(table)
        ),
        key=lambda mapping: sum(column.is_required for column in mapping.columns),
        default=None,
    )


def _reader(table: Table, mapping: FileMapping) -> FactReader:
    days = [fact for fact in ("granted_on", "opened_on", "paid_on") if mapping.column_of(fact)]
    return FactReader(table, mapping, dates=days, amounts=["principal", "amount"])


def _close(reader: FactReader, files: _Files) -> None:
    files.faults += reader.faults
    files.column_sums += reader.column_sums()


def _lender(context: Context) -> PlannedParty:
    return context.own_party or PlannedParty(key="own", name="", country="CZ")


# -- the files beside the loans ------------------------------------------------------------------


def _gather_clients(reader: FactReader, files: _Files) -> None:
    pattern = _loan_settings()["client_name"]
    for _ in reader.rows():
        number = reader.text("client_id", is_required=True)
        birth_number = reader.text("birth_number", is_required=True)
        try:
            born = birth(birth_number)
        except BirthNumberUnreadable as unreadable:
            reader.fault("birth_number", birth_number, unreadable.code)
            continue
        files.parties[number] = PlannedParty(
            key=number,
            name=pattern.format(number=number),
            kind="person",
            country=_loan_settings()["country"],
            identifiers=((_CLIENT_SCHEME, number),),
            born_on=born.born_on,
            sex=born.sex,
        )


def _gather_dispositions(reader: FactReader, files: _Files) -> None:
    for _ in reader.rows():
        account = reader.text("account_id", is_required=True)
        client = reader.text("client_id", is_required=True)
        role = reader.word("role", {})
        if reader.is_faulty:
            continue
        if role == "owner":
            if files.owners.setdefault(account, client) != client:
                reader.fault("client_id", client, "account_has_two_owners", account=account)
        else:
            files.findings.append(reader.finding(client, "uses_account_only", account=account))


def _gather_accounts(reader: FactReader, files: _Files) -> None:
    files.has_accounts = True
    for _ in reader.rows():
        reader.day("opened_on", is_required=True)
        files.accounts.add(reader.text("account_id", is_required=True))


def _gather_orders(reader: FactReader, files: _Files) -> None:
    currency = _currency(reader)
    for _ in reader.rows():
        account = reader.text("account_id", is_required=True)
        amount = reader.money("amount", currency, is_required=True)
        is_for_loan = reader.word("purpose") == "loan_payment"
        if amount is not None and is_for_loan:
            files.orders[account].append((reader.table.place(reader.line), amount))
        reader.count_row(taken=amount is not None and is_for_loan, left_out=not is_for_loan)


def _gather_payments(reader: FactReader, files: _Files) -> None:
    currency = _currency(reader)
    files.has_payments = True
    for _ in reader.rows():
        purpose = reader.word("purpose")
        paid_on = reader.day("paid_on", is_required=True)
        amount = reader.money("amount", currency, is_required=True)
        account = reader.text("account_id", is_required=True)
        if reader.is_faulty or paid_on is None or amount is None:
            reader.count_row()
            continue
        files.covered.add(paid_on)
        place = reader.table.place(reader.line)
        if purpose == "loan_payment":
            files.payments[account].append(_Payment(place, paid_on, amount))
        elif purpose == "account_penalty_interest":
            files.left_out.append(LeftOut(place, account, purpose))
        reader.count_row(taken=purpose == "loan_payment", left_out=purpose != "loan_payment")


_GATHERERS: Sequence[tuple[str, Callable[[FactReader, _Files], None]]] = (
    ("client", _gather_clients),
    ("disposition", _gather_dispositions),
    ("account", _gather_accounts),
    ("order", _gather_orders),
    ("payment", _gather_payments),
)


# -- the loans -----------------------------------------------------------------------------------


def _loans(reader: FactReader, files: _Files, context: Context) -> Iterator[PlannedLoan]:
    settings = reader.mapping.settings
    currency = _currency(reader)
    due_day = files.due_day or settings["due_day"]
    tolerance = money_from_text(settings["order_tolerance"], currency)
    for _ in reader.rows():
        number = reader.text("loan_id", is_required=True)
        account = reader.text("account_id", is_required=True)
        granted_on = reader.day("granted_on", is_required=True)
        principal = reader.money("principal", currency, is_required=True)
        months_text = reader.text("term_months", is_required=True)
        instalment = reader.money("instalment", currency, is_required=True)
        status = settings["statuses"].get(reader.text("external_status", is_required=True))
        if status is None:
            reader.fault("external_status", reader.text("external_status"), "word_unknown")
        if not (months_text.isascii() and months_text.isdigit() and int(months_text)):
            reader.fault("term_months", months_text, "number_unreadable")
        if files.has_accounts and account not in files.accounts:
            reader.fault("account_id", account, "account_unknown")
        borrower = _borrower(reader, files, account)
        if (
            reader.is_faulty
            or granted_on is None
            or principal is None
            or instalment is None
            or borrower is None
        ):
            reader.count_row()
            continue
        months = int(months_text)
        if instalment.minor * months != principal.minor:
            files.findings.append(
                reader.finding(number, "instalments_do_not_add_up", instalments=str(months))
            )
        loan = _Loan(number, account, granted_on, principal, instalment, months, status or "")
        _compare_order(loan, files, tolerance)
        terms = _terms(loan, _first_due(loan, files, due_day))
        if loan.status.endswith("in_debt"):
            files.findings.append(reader.finding(number, "in_debt_without_amount"))
        reader.count_row(taken=True)
        yield PlannedLoan(
            place=reader.table.place(reader.line),
            loan_number=number,
            side=Side.LENDER,
            lender=_lender(context).key,
            borrower=borrower,
            terms=terms,
            events=_events(loan, terms, files, _observed_on(settings), tolerance),
            product="consumer",
            agreement_number=account,
            external_status=loan.status,
        )


@dataclass(frozen=True, slots=True)
class _Loan:
    number: str
    account: str
    granted_on: date
    principal: Money
    instalment: Money
    months: int
    status: str


def _borrower(reader: FactReader, files: _Files, account: str) -> str | None:
    """The key of the account's owner; of the account itself where no file tells of people."""
    if not files.owners:
        key = f"account {account}"
        files.parties.setdefault(
            key,
            PlannedParty(
                key=key,
                name=_loan_settings()["account_name"].format(number=account),
                kind="person",
                country=_loan_settings()["country"],
                identifiers=((_ACCOUNT_SCHEME, account),),
            ),
        )
        return key
    owner = files.owners.get(account)
    if owner is None:
        reader.fault("account_id", account, "account_has_no_owner")
        return None
    if owner not in files.parties:
        files.parties[owner] = PlannedParty(
            key=owner,
            name=_loan_settings()["client_name"].format(number=owner),
            kind="person",
            country=_loan_settings()["country"],
            identifiers=((_CLIENT_SCHEME, owner),),
        )
    return owner


def _first_due(loan: _Loan, files: _Files, due_day: int) -> date:
    """The due day of the month after granting; of the same month where a payment came in it."""
    in_month_after = add_months(loan.granted_on, 1, day=due_day)
    in_same_month = add_months(loan.granted_on, 0, day=due_day)
    payments = files.payments.get(loan.account, ())
    is_paid_at_once = any(
        loan.granted_on < payment.paid_on <= in_same_month for payment in payments
    )
    return in_same_month if is_paid_at_once else in_month_after


def _terms(loan: _Loan, first_due: date) -> Terms:
    """Equal principal at no interest, one instalment a month."""
    return Terms(
        currency=loan.principal.currency,
        principal=loan.principal,
        signed_on=loan.granted_on,
        interest_from=loan.granted_on,
        first_due_date=first_due,
        maturity_date=add_months(first_due, loan.months - 1, day=first_due.day),
        frequency=MONTHLY,
        schedule_kind=ScheduleKind.LINEAR,
        rate=RateTerms(fixed=_NO_INTEREST),
        day_count=DayCount.EQUAL_PERIODS,
        assumed=("first_due_date", "maturity_date", "day_count"),
    )


_NO_INTEREST = Decimal(0)


def _events(
    loan: _Loan, terms: Terms, files: _Files, observed_on: date, tolerance: Money
) -> tuple[LoanEvent, ...]:
    """The grant, the payments that are listed, and after them the status of one day."""
    events: list[LoanEvent] = [Drawn(number=1, value_date=loan.granted_on, amount=loan.principal)]
    payments = sorted(files.payments.get(loan.account, ()), key=lambda paid: paid.paid_on)
    settled = zero(loan.principal.currency)
    for payment in payments:
        settled += _record_payment(payment, loan, events, files, tolerance)
    listed_to = files.payments_to
    if listed_to is None or listed_to < loan.granted_on:
        listed_to = loan.granted_on
    maturity = terms.maturity_date
    if listed_to >= observed_on or maturity is None or maturity <= listed_to:
        return tuple(events)
    stated = replace(
        terms, follows_statements=True, assumed=(*terms.assumed, "repayments_after_listed")
    )
    events.append(
        Amended(number=len(events) + 1, value_date=listed_to, terms=stated, is_restructuring=False)
    )
    left = scheduled_balance(loan.principal, loan.instalment, terms.first_due_date, observed_on)
    nothing = zero(loan.principal.currency)
    events.append(
        Restated(
            number=len(events) + 1,
            value_date=observed_on,
            drawn=nothing,
            repaid=loan.principal - left - settled,
            adjustment=nothing,
            adjustment_reason="",
        )
    )
    return tuple(events)


def _record_payment(
    payment: _Payment, loan: _Loan, events: list[LoanEvent], files: _Files, tolerance: Money
) -> Money:
    """Take a payment; returns the principal it settles, with the cents that are given up.

    The standing order is the instalment before rounding. Cents too many are income, cents too few
    are given up, so that neither piles up nor makes the loan late.
    """
    difference = payment.amount - loan.instalment
    is_close = -tolerance <= difference <= tolerance
    is_above = is_close and difference > zero(tolerance.currency)
    if is_above:
        events.append(
            Charged(
                number=len(events) + 1,
                value_date=payment.paid_on,
                component=Component.FEE,
                amount=difference,
                charge_kind=ROUNDING_DIFFERENCE,
            )
        )
    events.append(
        Received(
            number=len(events) + 1,
            value_date=payment.paid_on,
            amount=payment.amount,
            instruction=((Component.FEE, difference),) if is_above else (),
        )
    )
    if is_close and difference < zero(tolerance.currency):
        events.append(
            Waived(
                number=len(events) + 1,
                value_date=payment.paid_on,
                component=Component.PRINCIPAL,
                amount=-difference,
            )
        )
    if not is_close:
        files.findings.append(
            Finding(
                payment.place,
                loan.number,
                "payment_differs",
                {"paid": payment.amount.plain(), "instalment": loan.instalment.plain()},
            )
        )
    return loan.instalment if is_close else payment.amount


def _compare_order(loan: _Loan, files: _Files, tolerance: Money) -> None:
    """Tell where the standing order and the contract differ, within the tolerance or beyond."""
    for place, amount in files.orders.get(loan.account, ()):
        difference = amount - loan.instalment
        if not difference:
            continue
        is_close = -tolerance <= difference <= tolerance
        files.findings.append(
            Finding(
                place,
                loan.number,
                "standing_order_differs" if is_close else "standing_order_does_not_match",
                {
                    "order": amount.plain(),
                    "instalment": loan.instalment.plain(),
                    "difference": difference.plain(),
                },
            )
        )


def _currency(reader: FactReader) -> Currency:
    return currency_of(reader.mapping.currency)


def _observed_on(settings: Mapping[str, Any]) -> date:
    told = settings["observed_on"]
    return told if isinstance(told, date) else date.fromisoformat(told)


def _loan_settings() -> Mapping[str, Any]:
    return shipped_mappings()["czech_bank_loan"].settings
