"""Consumer instalment loans seen at one date: taken over in mid-life with their balances.

The file gives the month of issue and no other day, so the days are assumed: due dates are ends of
months, counted back from the date of observation by the instalments that had fallen due. A balance
older than one instalment at the open day says nothing of today: such a loan follows statements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gbese.apps.imports.facts import FactReader
from gbese.apps.imports.mappings import FileMapping, shipped_mappings
from gbese.apps.imports.plans import Context, Finding, Plan, PlannedLoan, PlannedParty
from gbese.apps.imports.tables import Place, Table
from gbese.apps.rates.currencies import currency_of
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import MONTHLY, add_months
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Side, Terms
from gbese.core.money import Currency, Money, Rounding, money_from_text, round_minor, zero
from gbese.core.schedules.annuity import AnnuityRounding, level_payment
from gbese.core.servicing.events import LoanEvent, Opened, WrittenOff

RECIPE = "consumer"
_LOAN_SCHEME = "lending_club_loan"
_MONTHS_A_YEAR = 12
_STALE_DAYS = 31
_AMOUNTS = (
    "principal",
    "instalment",
    "outstanding",
    "paid",
    "paid_principal",
    "paid_interest",
    "paid_late_fees",
)
_ASSUMED = ("signed_on", "first_due_date", "maturity_date", "observed_on", "day_count")


def instalment_of(
    principal: Money, nominal_rate: Decimal, months: int, rounding: Rounding
) -> Money:
    """The level monthly payment at a twelfth of the yearly rate a month.

    Source: P·i / (1 − (1+i)^−n); an interest-free loan pays equal parts.
    """
    payment = level_payment(
        principal.minor,
        [Fraction(nominal_rate) / _MONTHS_A_YEAR] * months,
        balloon=0,
        rounding=AnnuityRounding(payment=rounding, payment_multiple=1, interest=Rounding.HALF_UP),
    )
    return Money(payment, principal.currency)


def instalments_paid(
    contract: Contract, outstanding: Money, *, tolerance: Money, instalments_max: int
) -> int | None:
    """After how many whole instalments the annuity has this balance; None: after none of them.

    The balance is followed unrounded, since the lender's own rounding of each month is not known.
    """
    growth = 1 + contract.nominal_rate / _MONTHS_A_YEAR
    left = Decimal(contract.principal.minor)
    for paid in range(instalments_max + 1):
        if abs(left - outstanding.minor) <= tolerance.minor:
            return paid
        left = left * growth - contract.instalment.minor
    return None


@dataclass(frozen=True, slots=True)
class Contract:
    """What was agreed: amount, yearly rate as a fraction, months, and the instalment as printed."""

    principal: Money
    nominal_rate: Decimal
    months: int
    instalment: Money

    def interest_on(self, outstanding: int) -> int:
        """A month's interest on a balance, in minor units."""
        exact = Fraction(self.nominal_rate) * outstanding / _MONTHS_A_YEAR
        return round_minor(exact.numerator, exact.denominator, Rounding.HALF_UP)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a row says of a loan at the date of observation."""

    issued_on: date
    status: str
    outstanding: Money
    paid_principal: Money
    observed_on: date


@dataclass(frozen=True, slots=True)
class _Arrears:
    """Unpaid instalments that had fallen due, and since when."""

    instalments: int
    since: date
    principal: Money
    interest: Money


@dataclass(slots=True)
class _Gathered:
    parties: list[PlannedParty] = field(default_factory=list)
    loans: list[PlannedLoan] = field(default_factory=list)
    unchanged: list[tuple[Place, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class Consumer:
    """The recipe for files of this kind."""

    name = RECIPE

    def recognises(self, tables: Sequence[Table]) -> bool:
        """Whether every table has the columns of the shipped mapping."""
        return bool(tables) and all(_mapping().fits(table) for table in tables)

    def plan(self, tables: Sequence[Table], context: Context) -> Plan:
        """Each row as a loan taken over with its balance at the date of observation."""
        lender = context.own_party or PlannedParty(key="own", name="", country="US")
        gathered = _Gathered(parties=[lender])
        readers = [
            FactReader(table, _mapping(), dates=["issued_in"], amounts=[*_AMOUNTS])
            for table in tables
        ]
        for reader in readers:
            _read(reader, lender.key, context, gathered)
        return Plan(
            recipe=RECIPE,
            mapping=_mapping().name,
            parties=gathered.parties,
            loans=gathered.loans,
            unchanged=gathered.unchanged,
            faults=[fault for reader in readers for fault in reader.faults],
            findings=gathered.findings,
            column_sums=[total for reader in readers for total in reader.column_sums()],
        )


def _mapping() -> FileMapping:
    return shipped_mappings()["lending_club"]


def _read(reader: FactReader, lender: str, context: Context, gathered: _Gathered) -> None:
    settings = reader.mapping.settings
    currency = currency_of(reader.mapping.currency)
    for _ in reader.rows():
        key = reader.text("row") or str(reader.line)
        contract = _contract(reader, currency)
        seen = _seen(reader, currency, settings)
        if contract is not None and seen is not None and not reader.is_faulty:
            _check(contract, seen, reader)
        if reader.is_faulty or contract is None or seen is None:
            reader.count_row()
            continue
        reader.count_row(taken=True)
        place = reader.table.place(reader.line)
        number = settings["loan_number"].format(row=key)
        if number in context.known_loans:
            gathered.unchanged.append((place, number))
            continue
        rounding = Rounding(settings["instalment_rounding"])
        expected = instalment_of(
            contract.principal, contract.nominal_rate, contract.months, rounding
        )
        if expected != contract.instalment:
            gathered.findings.append(
                reader.finding(
                    number,
                    "instalment_differs",
                    printed=contract.instalment.plain(),
                    computed=expected.plain(),
                )
            )
        gathered.parties.append(
            PlannedParty(
                key=key,
                name=settings["client_name"].format(row=key),
                kind="person",
                country=settings["country"],
                identifiers=((_LOAN_SCHEME, key),),
            )
        )
        is_stale = (context.business_date - seen.observed_on).days > _STALE_DAYS
        terms, events = _taken_over(contract, seen, settings, follows_statements=is_stale)
        gathered.loans.append(
            PlannedLoan(
                place=place,
                loan_number=number,
                side=Side.LENDER,
                lender=lender,
                borrower=key,
                terms=terms,
                events=events,
                purpose=reader.text("purpose"),
                product=reader.text("grade"),
                external_status=seen.status,
            )
        )


def _contract(reader: FactReader, currency: Currency) -> Contract | None:
    principal = reader.money("principal", currency, is_required=True)
    rate = reader.rate("nominal_rate", is_required=True)
    months = reader.text("term_months", is_required=True).removesuffix("months").strip()
    instalment = reader.money("instalment", currency, is_required=True)
    if not (months.isascii() and months.isdigit() and int(months)):
        reader.fault("term_months", months, "number_unreadable")
        return None
    if principal is None or rate is None or instalment is None:
        return None
    if principal <= zero(currency):
        reader.fault("principal", reader.text("principal"), "amount_not_positive")
    return Contract(principal, rate, int(months), instalment)


def _seen(reader: FactReader, currency: Currency, settings: Mapping[str, Any]) -> _Seen | None:
    issued_on = reader.day("issued_in", is_required=True)
    status = reader.word("external_status", {})
    outstanding = reader.money("outstanding", currency, is_required=True)
    paid = reader.money("paid", currency, is_required=True)
    parts = [
        reader.money(fact, currency, is_required=True)
        for fact in ("paid_principal", "paid_interest", "paid_late_fees")
    ]
    told = [part for part in parts if part is not None]
    if issued_on is None or outstanding is None or paid is None or len(told) < len(parts):
        return None
    if sum((part.minor for part in told), start=0) != paid.minor:
        reader.fault("paid", reader.text("paid"), "split_does_not_add_up")
    observed_on = settings["observed_on"]
    if isinstance(observed_on, str):
        observed_on = date.fromisoformat(observed_on)
    return _Seen(issued_on, status, outstanding, told[0], observed_on)


def _check(contract: Contract, seen: _Seen, reader: FactReader) -> None:
    """What is outstanding and what was repaid is never more than what was lent.

    Less is no fault: what a charged-off loan lacks was written off.
    """
    left = contract.principal - seen.paid_principal - seen.outstanding
    if left.minor < 0:
        reader.fault("outstanding", reader.text("outstanding"), "more_than_lent")
    elif left and seen.status != "charged_off":
        reader.fault("outstanding", reader.text("outstanding"), "less_than_lent")
    if seen.issued_on >= seen.observed_on:
        reader.fault("issued_in", reader.text("issued_in"), "date_in_future")


def _taken_over(
    contract: Contract, seen: _Seen, settings: Mapping[str, Any], *, follows_statements: bool
) -> tuple[Terms, tuple[LoanEvent, ...]]:
    """The terms with due dates that fit what was paid, and the balances at the observation."""
    months_passed = _months_between(seen.issued_on, seen.observed_on)
    paid = instalments_paid(
        contract,
        seen.outstanding,
        tolerance=money_from_text(settings["balance_tolerance"], contract.principal.currency),
        instalments_max=contract.months,
    )
    arrears = _arrears(contract, seen, settings, paid=paid, months_passed=months_passed)
    if paid is None or seen.status in {"fully_paid", "charged_off"}:
        fallen_due = months_passed  # extra, short or shifted payments
    else:
        fallen_due = paid + arrears.instalments
    fallen_due = min(fallen_due, contract.months - bool(seen.outstanding))
    first_due_date = add_months(seen.observed_on, 1 - fallen_due, day=31)
    signed_on = min(seen.issued_on, add_months(first_due_date, -1, day=1))
    terms = Terms(
        currency=contract.principal.currency,
        principal=contract.principal,
        signed_on=signed_on,
        interest_from=signed_on,
        first_due_date=first_due_date,
        maturity_date=add_months(first_due_date, contract.months - 1, day=31),
        frequency=MONTHLY,
        schedule_kind=ScheduleKind.ANNUITY,
        rate=RateTerms(fixed=contract.nominal_rate),
        day_count=DayCount.EQUAL_PERIODS,
        end_of_month=True,
        instalment_rounding=Rounding(settings["instalment_rounding"]),
        follows_statements=follows_statements and bool(seen.outstanding),
        assumed=(*_ASSUMED, "overdue_since") if arrears.instalments else _ASSUMED,
    )
    return terms, _opening(contract, seen, arrears)


def _opening(contract: Contract, seen: _Seen, arrears: _Arrears) -> tuple[LoanEvent, ...]:
    nothing = zero(contract.principal.currency)
    is_charged_off = seen.status == "charged_off"
    opened = Opened(
        number=1,
        value_date=seen.observed_on,
        principal=contract.principal - seen.paid_principal if is_charged_off else seen.outstanding,
        principal_overdue=arrears.principal,
        overdue_since=arrears.since if arrears.instalments else None,
        interest_accrued=nothing,
        interest_overdue=arrears.interest,
        fee_overdue=nothing,
        penalty_overdue=nothing,
        drawn=contract.principal,
        repaid=seen.paid_principal,
    )
    if is_charged_off:
        return (opened, WrittenOff(number=2, value_date=seen.observed_on))
    return (opened,)


def _arrears(
    contract: Contract,
    seen: _Seen,
    settings: Mapping[str, Any],
    *,
    paid: int | None,
    months_passed: int,
) -> _Arrears:
    """The instalments a late loan has not paid, at the parts the annuity gives them."""
    late = settings["late"].get(seen.status)
    currency = contract.principal.currency
    if late is None:
        return _Arrears(0, seen.observed_on, zero(currency), zero(currency))
    least = late["instalments"]
    instalments = least
    if paid is not None:
        most = late.get("instalments_max", least)
        instalments = min(max(months_passed - paid, least), most)
    days = late["days"] + late.get("days_an_instalment", 0) * (instalments - least)
    principal = interest = 0
    left = seen.outstanding.minor
    for _ in range(instalments):
        month = contract.interest_on(left)
        part = min(contract.instalment.minor - month, left)
        interest += month
        principal += part
        left -= part
    return _Arrears(
        instalments,
        date.fromordinal(seen.observed_on.toordinal() - days),
        Money(principal, currency),
        Money(interest, currency),
    )


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * _MONTHS_A_YEAR + last.month - first.month
