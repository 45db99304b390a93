"""An ordinary portfolio: one row is one loan, either side, new or taken over in mid-life.

A row with a balance opens its loan at the day of the balance; a row with a day of drawing draws all
of it on that day; a row with neither is a loan not drawn yet. What a row leaves out is filled in by
the usual, and named as assumed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from gbese.apps.imports.facts import FactReader
from gbese.apps.imports.mappings import FileMapping, normal_header
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
from gbese.apps.rates.currencies import CurrencyUnknown, currency_of
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import (
    AT_MATURITY,
    DAILY,
    FORTNIGHTLY,
    HALF_YEARLY,
    MONTHLY,
    QUARTERLY,
    WEEKLY,
    YEARLY,
    Frequency,
    FrequencyUnit,
    roll,
)
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Side, Terms
from gbese.core.money import Currency, Money, zero
from gbese.core.servicing.events import Drawn, LoanEvent, Opened

RECIPE = "portfolio"
_Word = TypeVar("_Word")
_DAYS = (
    "signed_on",
    "drawn_on",
    "first_due_date",
    "maturity_date",
    "balance_on",
    "overdue_since",
    "next_due_date",
)
_BALANCES = (
    "outstanding",
    "principal_overdue",
    "interest_accrued",
    "interest_overdue",
    "fee_overdue",
    "penalty_overdue",
    "drawn",
    "repaid",
)
_NUMBERS = ("principal", "balloon", "nominal_rate", "margin", *_BALANCES)
_FREQUENCIES = {
    "monthly": MONTHLY,
    "month": MONTHLY,
    "quarterly": QUARTERLY,
    "quarter": QUARTERLY,
    "half yearly": HALF_YEARLY,
    "semi annual": HALF_YEARLY,
    "semiannual": HALF_YEARLY,
    "semi annually": HALF_YEARLY,
    "yearly": YEARLY,
    "annual": YEARLY,
    "annually": YEARLY,
    "weekly": WEEKLY,
    "fortnightly": FORTNIGHTLY,
    "biweekly": FORTNIGHTLY,
    "daily": DAILY,
    "at maturity": AT_MATURITY,
    "once": AT_MATURITY,
    "ежемесячно": MONTHLY,
    "ежеквартально": QUARTERLY,
}
_EVERY = re.compile(r"every ([0-9]{1,4}) (day|week|month|year)s?", re.ASCII)
_KINDS = {
    "annuity": ScheduleKind.ANNUITY,
    "level payments": ScheduleKind.ANNUITY,
    "equal instalments": ScheduleKind.ANNUITY,
    "equal installments": ScheduleKind.ANNUITY,
    "linear": ScheduleKind.LINEAR,
    "equal principal": ScheduleKind.LINEAR,
    "differentiated": ScheduleKind.LINEAR,
    "bullet": ScheduleKind.BULLET,
    "interest only": ScheduleKind.BULLET,
    "on demand": ScheduleKind.ON_DEMAND,
    "balloon": ScheduleKind.ANNUITY,
    "аннуитет": ScheduleKind.ANNUITY,
    "дифференцированный": ScheduleKind.LINEAR,
}
_DAY_COUNTS = {
    **{normal_header(kind.value): kind for kind in DayCount},
    "act 365": DayCount.ACT_365F,
    "actual 365": DayCount.ACT_365F,
    "actual 360": DayCount.ACT_360,
    "act act": DayCount.ACT_ACT_ISDA,
    "actual actual": DayCount.ACT_ACT_ISDA,
    "30 360": DayCount.THIRTY_360_BOND,
    "30e 360": DayCount.THIRTY_E_360,
    "30 360e": DayCount.THIRTY_E_360,
    "bus 252": DayCount.BUS_252,
    "12 months": DayCount.EQUAL_PERIODS,
}
_SIDES = {"borrower": "borrower", "lender": "lender"}


@dataclass(slots=True)
class Portfolio:
    """The recipe for one mapping of this kind."""

    mapping: FileMapping
    name: str = RECIPE

    def recognises(self, tables: Sequence[Table]) -> bool:
        return all(self.mapping.fits(table) for table in tables)

    def plan(self, tables: Sequence[Table], context: Context) -> Plan:
        reading = _Reading(context)
        for table in tables:
            reading.read(table, self.mapping)
        return Plan(
            recipe=RECIPE,
            mapping=self.mapping.name,
            parties=list(reading.parties.values()),
            loans=list(reading.loans.values()),
            unchanged=reading.unchanged,
            faults=reading.faults,
            findings=reading.findings,
            left_out=reading.left_out,
            column_sums=reading.column_sums,
        )


@dataclass(slots=True)
class _Reading:
    context: Context
    parties: dict[str, PlannedParty] = field(default_factory=dict)
    loans: dict[str, PlannedLoan] = field(default_factory=dict)
    unchanged: list[tuple[Place, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    column_sums: list[ColumnSum] = field(default_factory=list)

    def read(self, table: Table, mapping: FileMapping) -> None:
        reader = FactReader(table, mapping, dates=_DAYS, amounts=_NUMBERS)
        if reader.is_readable:
            for _row in reader.rows():
                self._read_row(reader)
        self.faults += reader.faults
        self.findings += (*reader.rounding_findings(), *reader.rate_findings())
        self.column_sums += reader.column_sums()

    def _read_row(self, reader: FactReader) -> None:
        place = reader.table.place(reader.line)
        rule = reader.left_out_by()
        loan = self._loan(reader, place)
        if rule is not None:
            reader.count_row(left_out=True)
            self.left_out.append(LeftOut(place, reader.text("loan_number"), rule.reason))
        elif loan is None:
            reader.count_row()
        elif loan.loan_number in self.context.known_loans:
            reader.count_row(taken=True)
            self.unchanged.append((place, loan.loan_number))
        else:
            reader.count_row(taken=True)
            self.loans[loan.loan_number] = loan

    def _loan(self, reader: FactReader, place: Place) -> PlannedLoan | None:
        number = reader.text("loan_number", is_required=True)
        if earlier := self.loans.get(number):
            reader.fault("loan_number", number, "row_repeated", first_at=str(earlier.place))
        side = self._side(reader)
        currency = _currency(reader)
        if currency is None:
            return None
        row = _Row.of(reader, currency)
        row.check(reader, self.context.business_date)
        lender = self._party(reader, "lender", is_own=side is Side.LENDER)
        borrower = self._party(reader, "borrower", is_own=side is Side.BORROWER)
        guarantor = self._party(reader, "guarantor", is_own=False, is_required=False)
        if reader.is_faulty or side is None or lender is None or borrower is None:
            return None
        terms = row.terms()
        events, findings = row.events(reader, number)
        self.findings += findings
        for party in (lender, borrower, guarantor):
            if party is not None:
                self.parties.setdefault(party.key, party)
        return PlannedLoan(
            place=place,
            loan_number=number,
            side=side,
            lender=lender.key,
            borrower=borrower.key,
            guarantor=guarantor.key if guarantor else None,
            terms=terms,
            events=events,
            purpose=reader.text("purpose"),
            product=reader.text("product"),
            agreement_number=reader.text("agreement_number"),
            external_status=reader.text("external_status"),
        )

    def _side(self, reader: FactReader) -> Side | None:
        told = reader.word("side", _SIDES)
        if told:
            return Side(told)
        if self.context.side is None and not reader.is_faulty:
            reader.fault("side", "", "cell_missing")
        return self.context.side

    def _party(
        self, reader: FactReader, role: str, *, is_own: bool, is_required: bool = True
    ) -> PlannedParty | None:
        name = reader.text(role)
        if not name and is_own and self.context.own_party is not None:
            return self.context.own_party
        if not name:
            if is_required:
                reader.fault(role, "", "cell_missing")
            return None
        number = reader.text(f"{role}_number")
        kind = reader.word(f"{role}_kind") or "organisation"
        return PlannedParty(
            key=f"{role}_number:{number}" if number else f"name:{name.casefold()}",
            name=name,
            kind=kind,
            identifiers=(("tax_number", number),) if number else (),
        )


@dataclass(slots=True)
class _Row:
    """The facts of one row, read and not yet checked against each other."""

    currency: Currency
    days: dict[str, date | None]
    amounts: dict[str, Money | None]
    frequency: Frequency
    schedule_kind: ScheduleKind
    day_count: DayCount
    nominal_rate: Decimal | None
    reference: str
    margin: Decimal | None
    grace_instalments: int
    days_past_due: int | None
    assumed: list[str]

    @classmethod
    def of(cls, reader: FactReader, currency: Currency) -> _Row:
        assumed: list[str] = []
        days = {fact: reader.day(fact, is_required=fact == "signed_on") for fact in _DAYS}
        amounts = {
            fact: reader.money(fact, currency, is_required=fact == "principal")
            for fact in ("principal", "balloon", *_BALANCES)
        }
        reference = reader.text("reference")
        rate = reader.rate("nominal_rate")
        if rate is None and not reference:
            assumed.append("rate")
        return cls(
            currency=currency,
            days=days,
            amounts=amounts,
            frequency=_frequency(reader, assumed),
            schedule_kind=_chosen(reader, "schedule_kind", _KINDS, ScheduleKind.ANNUITY, assumed),
            day_count=_chosen(reader, "day_count", _DAY_COUNTS, DayCount.ACT_365F, assumed),
            nominal_rate=rate,
            reference=reference,
            margin=reader.rate("margin"),
            grace_instalments=_count(reader, "grace_instalments") or 0,
            days_past_due=_count(reader, "days_past_due"),
            assumed=assumed,
        )

    def check(self, reader: FactReader, business_date: date) -> None:
        """The facts of a row agree with each other; each that does not is a fault."""
        is_open_ended = self.schedule_kind is ScheduleKind.ON_DEMAND
        if self.days["maturity_date"] is None and not is_open_ended and not reader.is_faulty:
            reader.fault("maturity_date", "", "cell_missing")
        if self.amounts["outstanding"] is not None and self.days["balance_on"] is None:
            reader.fault("balance_on", reader.text("balance_on"), "cell_missing")
        self._check_amounts(reader)
        for fact in ("balance_on", "drawn_on", "overdue_since"):
            self._check_day(reader, fact, "date_in_future", latest=business_date)
        signed_on, maturity = self.days["signed_on"], self.days["maturity_date"]
        if signed_on is None:
            return
        after_start = signed_on + timedelta(days=1)
        self._check_day(reader, "maturity_date", "maturity_before_start", earliest=after_start)
        self._check_day(reader, "first_due_date", "first_due_before_start", earliest=after_start)
        for fact in ("balance_on", "drawn_on"):
            self._check_day(reader, fact, "date_before_start", earliest=signed_on)
        if maturity is not None:
            self._check_day(reader, "first_due_date", "first_due_after_maturity", latest=maturity)

    def _check_day(
        self,
        reader: FactReader,
        fact: str,
        code: str,
        *,
        earliest: date = date.min,
        latest: date = date.max,
    ) -> None:
        day = self.days[fact]
        if day is None or earliest <= day <= latest:
            return
        told = {
            "start": (self.days["signed_on"] or date.min).isoformat(),
            "maturity": latest.isoformat(),
            "today": latest.isoformat(),
        }
        reader.fault(fact, reader.text(fact), code, **told)

    def _check_amounts(self, reader: FactReader) -> None:
        for fact, amount in self.amounts.items():
            if amount is not None and amount.minor < 0:
                reader.fault(fact, reader.text(fact), "amount_negative")
        principal = self.amounts["principal"]
        if principal is not None and principal.minor == 0:
            reader.fault("principal", reader.text("principal"), "amount_zero")
        outstanding, overdue = self.amounts["outstanding"], self.amounts["principal_overdue"]
        if outstanding is not None and overdue is not None and overdue > outstanding:
            reader.fault(
                "principal_overdue",
                reader.text("principal_overdue"),
                "overdue_above_outstanding",
                outstanding=str(outstanding),
            )
        drawn = self.amounts["drawn"]
        if principal is not None and drawn is not None and drawn > principal:
            reader.fault("drawn", reader.text("drawn"), "drawn_above_limit", limit=str(principal))

    def terms(self) -> Terms:
        signed_on, principal = self.days["signed_on"], self.amounts["principal"]
        if signed_on is None or principal is None:
            raise AssertionError
        interest_from = self.days["drawn_on"] or signed_on
        maturity = self.days["maturity_date"]
        rate = (
            RateTerms(reference=self.reference, margin=self.margin or Decimal(0))
            if self.reference
            else RateTerms(fixed=self.nominal_rate)  # none where it is not said
        )
        return Terms(
            currency=self.currency,
            principal=principal,
            signed_on=signed_on,
            interest_from=interest_from,
            first_due_date=self._first_due_date(interest_from, maturity),
            maturity_date=maturity,
            frequency=self.frequency,
            schedule_kind=self.schedule_kind,
            rate=rate,
            day_count=self.day_count,
            balloon=self.amounts["balloon"],
            principal_grace_instalments=self.grace_instalments,
            assumed=tuple(self.assumed),
        )

    def _first_due_date(self, interest_from: date, maturity: date | None) -> date:
        """As stated; else by stepping back from the next due date; else one period on."""
        if first := self.days["first_due_date"]:
            return first
        if self.frequency.unit is FrequencyUnit.AT_MATURITY and maturity:
            return maturity
        if next_due := self.days["next_due_date"]:
            first, count = next_due, 0
            while first > interest_from:
                earliest, count = first, count + 1
                first = roll(next_due, self.frequency, -count, end_of_month=False)
            return earliest if count else next_due
        self.assumed.append("first_due_date")
        first = roll(interest_from, self.frequency, 1, end_of_month=False)
        return min(first, maturity) if maturity else first

    def events(
        self, reader: FactReader, loan_number: str
    ) -> tuple[tuple[LoanEvent, ...], list[Finding]]:
        """Opened at the day of the balance, or drawn whole, or nothing yet."""
        principal = self.amounts["principal"]
        outstanding = self.amounts["outstanding"]
        if principal is None:
            raise AssertionError
        if outstanding is None:
            drawn_on = self.days["drawn_on"]
            if drawn_on is None:
                return (), [reader.finding(loan_number, "no_balance_so_undrawn")]
            return (Drawn(number=1, value_date=drawn_on, amount=principal),), []
        return self._opened(reader, loan_number, principal, outstanding)

    def _opened(
        self, reader: FactReader, loan_number: str, principal: Money, outstanding: Money
    ) -> tuple[tuple[LoanEvent, ...], list[Finding]]:
        balance_on = self.days["balance_on"]
        if balance_on is None:
            raise AssertionError
        findings = []
        nothing = zero(self.currency)
        overdue = self.amounts["principal_overdue"]
        since = self.days["overdue_since"]
        maturity = self.days["maturity_date"]
        if since is None and self.days_past_due:
            since = balance_on - timedelta(days=self.days_past_due)
        if overdue is None and maturity and maturity <= balance_on and outstanding:
            overdue, since = outstanding, since or maturity
            findings.append(reader.finding(loan_number, "overdue_since_maturity_assumed"))
        overdue = overdue or nothing
        late = any(
            self.amounts[fact] for fact in ("interest_overdue", "fee_overdue", "penalty_overdue")
        )
        if (overdue or late) and since is None:
            since = balance_on
            findings.append(reader.finding(loan_number, "overdue_since_balance_assumed"))
        if outstanding > principal:
            findings.append(
                reader.finding(loan_number, "outstanding_above_limit", outstanding=str(outstanding))
            )
        drawn = self.amounts["drawn"] or max(principal, outstanding)
        repaid = self.amounts["repaid"] or drawn - outstanding
        opened = Opened(
            number=1,
            value_date=balance_on,
            principal=outstanding,
            principal_overdue=overdue,
            overdue_since=since if (overdue or late) else None,
            interest_accrued=self.amounts["interest_accrued"] or nothing,
            interest_overdue=self.amounts["interest_overdue"] or nothing,
            fee_overdue=self.amounts["fee_overdue"] or nothing,
            penalty_overdue=self.amounts["penalty_overdue"] or nothing,
            drawn=drawn,
            repaid=repaid,
        )
        return (opened,), findings


def template_headers(mapping: FileMapping) -> tuple[str, ...]:
    """The columns of an empty file to fill in, in the order a person fills them."""
    return tuple(column.headers[0] for column in mapping.columns if column.headers)


def _currency(reader: FactReader) -> Currency | None:
    code = reader.text("currency") or reader.mapping.currency
    if not code:
        reader.fault("currency", "", "cell_missing")
        return None
    try:
        return currency_of(code)
    except CurrencyUnknown as unknown:
        reader.fault("currency", code, unknown.code)
        return None


def _frequency(reader: FactReader, assumed: list[str]) -> Frequency:
    text = reader.text("frequency")
    if every := _EVERY.fullmatch(normal_header(text)):
        return Frequency(int(every[1]), FrequencyUnit(every[2]))
    return _chosen(reader, "frequency", _FREQUENCIES, MONTHLY, assumed)


def _chosen(
    reader: FactReader,
    fact: str,
    words: Mapping[str, _Word],
    usual: _Word,
    assumed: list[str],
) -> _Word:
    """What the word of a cell stands for; the usual, named as assumed, where there is none."""
    text = reader.text(fact)
    if not text:
        assumed.append(fact)
        return usual
    found = words.get(normal_header(text))
    if found is None:
        reader.fault(fact, text, "word_unknown", known=", ".join(sorted(words)))
        return usual
    return found


def _count(reader: FactReader, fact: str) -> int | None:
    text = reader.text(fact)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        reader.fault(fact, text, "number_unreadable")
        return None
    return int(text)
