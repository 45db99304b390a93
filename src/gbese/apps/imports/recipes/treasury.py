"""A government lender's cash book: what was lent, what came in, client by client.

A movement says its day, client, kind and amount, and nothing of the contract. Where a program's
terms are published, they are the loan's, so that a coupon that did not come is a coupon missed;
`coupons.py` weighs the receipts against them. Elsewhere income is charged on the day it comes.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
from gbese.apps.imports.recipes.coupons import CashRow, CouponRules, Debt, events_of_debt
from gbese.apps.imports.tables import Place, Table
from gbese.apps.rates.currencies import currency_of
from gbese.apps.rates.services import shipped_calendar
from gbese.core.calendars.frequencies import add_months
from gbese.core.contracts.terms import Side
from gbese.core.money import Currency, Money, money_from_text, total

RECIPE = "treasury"
_OWN = "own"
_NOT_IN_NAMES = re.compile(r"[^A-Z0-9]+")
_NUMBER_LENGTH = 60


class Treasury:
    """The recipe for the cash book; several files are one book."""

    name = RECIPE

    def recognises(self, tables: Sequence[Table]) -> bool:
        """Whether every table has the columns of the shipped mapping."""
        return bool(tables) and all(_mapping().fits(table) for table in tables)

    def plan(self, tables: Sequence[Table], context: Context) -> Plan:
        """A loan per client and kind of claim, with everything that was paid on it."""
        settings = _mapping().settings
        book = _Book(currency_of(_mapping().currency))
        for table in tables:
            book.read(FactReader(table, _mapping(), dates=["paid_on"], amounts=["amount"]))
        lender = context.own_party or PlannedParty(
            key=_OWN, name=settings["lender"], country=settings["country"]
        )
        loans: list[PlannedLoan] = []
        unchanged: list[tuple[Place, str]] = []
        left_out: list[LeftOut] = []
        parties = [lender]
        findings = list(book.findings)
        rules = _rules(settings, book, context)
        numbers: set[str] = set()
        for client, rows in book.clients.items():
            parties.append(PlannedParty(key=client, name=client, country=settings["country"]))
            for debt in _debts(client, rows, settings):
                if debt.loan_number in numbers:
                    book.faults.append(_same_number(debt))
                    continue
                numbers.add(debt.loan_number)
                place = debt.rows[0].place
                if not debt.lent:
                    left_out += [LeftOut(row.place, client, "nothing_lent") for row in debt.rows]
                    continue
                if debt.loan_number in context.known_loans:
                    unchanged.append((place, debt.loan_number))
                    continue
                found = events_of_debt(debt, rules)
                findings += found.findings
                loans.append(
                    PlannedLoan(
                        place=place,
                        loan_number=debt.loan_number,
                        side=Side.LENDER,
                        lender=lender.key,
                        borrower=client,
                        terms=found.terms,
                        events=found.events,
                        product=debt.product,
                        agreement_number=debt.agreement_number,
                    )
                )
        return Plan(
            recipe=RECIPE,
            mapping=_mapping().name,
            parties=parties,
            loans=loans,
            unchanged=unchanged,
            faults=book.faults,
            findings=findings,
            left_out=left_out,
            column_sums=book.column_sums,
        )


def _same_number(debt: Debt) -> Fault:
    """Two clients whose names make the same number: one of them must be spelled otherwise."""
    place = debt.rows[0].place
    return Fault(place, "", debt.loan_number, "loan_number_taken", {})


def _mapping() -> FileMapping:
    return shipped_mappings()["us_treasury"]


@dataclass(slots=True)
class _Book:
    """All rows of the files, by client."""

    currency: Currency
    clients: dict[str, list[CashRow]] = field(default_factory=lambda: defaultdict(list))
    faults: list[Fault] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    column_sums: list[ColumnSum] = field(default_factory=list)

    def read(self, reader: FactReader) -> None:
        """Take the rows of one file; the same line twice is two payments."""
        sums: dict[str, list[Money]] = defaultdict(list)
        exit_fee = re.compile(reader.mapping.settings["exit_fee"], re.IGNORECASE)
        for _ in reader.rows():
            paid_on = reader.day("paid_on", is_required=True)
            client = " ".join(html.unescape(reader.text("borrower", is_required=True)).split())
            kind = reader.word("kind", {})
            amount = reader.money("amount", self.currency, is_required=True)
            if amount is not None and amount.minor <= 0:
                reader.fault("amount", reader.text("amount"), "amount_not_positive")
            if reader.is_faulty or paid_on is None or amount is None:
                reader.count_row()
                continue
            reader.count_row(taken=True)
            sums[reader.text("kind")].append(amount)
            description = html.unescape(reader.text("description"))
            place = reader.table.place(reader.line)
            if kind == "interest" and exit_fee.search(description):
                kind = "exit_fee"
                self.findings.append(
                    Finding(place, client, "income_is_exit_fee", {"amount": amount.plain()})
                )
            row = CashRow(place, paid_on, kind, amount, reader.text("program"), description)
            self.clients[client].append(row)
        self.faults += reader.faults
        self.column_sums += reader.column_sums()
        nothing = Money(0, self.currency)
        self.column_sums += [
            ColumnSum(
                reader.table.file_name,
                f"{reader.header_of('amount')}: {word}",
                self.currency,
                taken=total(amounts, self.currency),
                left_out=nothing,
                faulty=nothing,
            )
            for word, amounts in sums.items()
        ]


def _debts(client: str, rows: Sequence[CashRow], settings: Mapping[str, Any]) -> Iterator[Debt]:
    """What a client owes: one debt, and beside it the share where the lender bought into a fund."""
    name = _NOT_IN_NAMES.sub("-", client.upper()).strip("-")
    number = settings["loan_number"].format(name=name)[: _NUMBER_LENGTH - 2].rstrip("-")
    ordered = sorted(rows, key=lambda row: (row.paid_on, row.place))
    is_fund = any(row.kind == "committed" and row.program in settings["funds"] for row in rows)
    if not is_fund:
        yield Debt(number, number, ordered, _program(ordered), is_commitment=False)
        return
    of_loan, of_share = _apart(ordered)
    program = _program(ordered)
    yield Debt(f"{number}-L", number, of_loan, program, is_commitment=True)
    if of_share:
        yield Debt(f"{number}-S", number, of_share, program, is_commitment=False, is_share=True)


def _apart(rows: Sequence[CashRow]) -> tuple[list[CashRow], list[CashRow]]:
    """The loan of a fund and the share in it, which one client repays side by side.

    Interest is the loan's, distributions are the share's. Of two repayments on one day the smaller
    is the share's, since half as much was put in; alone they are the loan's, until it is repaid.
    """
    committed = sum(row.amount.minor for row in rows if row.kind == "committed")
    repaid_by_day: dict[date, list[CashRow]] = defaultdict(list)
    for row in rows:
        if row.kind == "repaid":
            repaid_by_day[row.paid_on].append(row)
    smaller = {
        min(pair, key=lambda row: row.amount.minor).place
        for pair in repaid_by_day.values()
        if len(pair) > 1
    }
    of_loan: list[CashRow] = []
    of_share: list[CashRow] = []
    for row in rows:
        match row.kind:
            case "committed" | "interest":
                of_loan.append(row)
            case "repaid" if row.place not in smaller and committed > 0:
                part = min(row.amount.minor, committed)
                committed -= part
                of_loan.append(row.of(part))
                if rest := row.amount.minor - part:
                    of_share.append(row.of(rest))
            case _:
                of_share.append(row)
    return of_loan, of_share


def _program(rows: Sequence[CashRow]) -> str:
    """The program a debt began in: early rows carry its last one, the first coupons do not."""
    coupons = [row.program for row in rows if row.is_income]
    return coupons[0] if coupons else rows[0].program


def _rules(settings: Mapping[str, Any], book: _Book, context: Context) -> CouponRules:
    days = [row.paid_on for rows in book.clients.values() for row in rows]
    first, last = min(days, default=context.business_date), max(days, default=context.business_date)
    years = range(first.year, last.year + settings["maturity_years"] + 1)
    return CouponRules(
        programs=settings["programs"],
        calendar=shipped_calendar(code=settings["calendar"], years=years),
        months=tuple(settings["coupon_months"]),
        day=settings["coupon_day"],
        early_days=settings["early_days"],
        maturity_years=settings["maturity_years"],
        tolerance=money_from_text(settings["tolerance"], book.currency),
        tolerance_share=Decimal(settings["tolerance_share"]),
        listed_to=add_months(last, 0, day=31),
        business_date=context.business_date,
    )
