"""Coupons received, weighed against the terms of a program: what was met, missed, or beyond them.

Money moves in whole dollars and on business days; a coupon that differs from the contract's by no
more than the tolerance is met, and the difference is charged or given up, so that no loan is late
by cents. Where the receipts do not follow the terms, income is charged on the day it comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

from gbese.apps.imports.plans import Finding
from gbese.apps.imports.tables import Place
from gbese.core.calendars.business_days import BusinessDayConvention, Calendar
from gbese.core.calendars.day_counts import DayCount, year_fraction
from gbese.core.calendars.frequencies import AT_MATURITY, QUARTERLY, add_months
from gbese.core.contracts.terms import RateEffect, RateTerms, ScheduleKind, Terms
from gbese.core.money import Money, Rounding, round_minor, total, zero
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.position import Position, instalment_states, position
from gbese.core.projections.project import project
from gbese.core.projections.rows import Cause, Projection
from gbese.core.servicing.events import (
    Amended,
    Charged,
    Component,
    Drawn,
    LoanEvent,
    RateSet,
    Received,
    Restated,
    Waived,
)

AS_RECEIVED, COUPON_DIFFERENCE, BEYOND_TERMS = "as_received", "coupon_difference", "beyond_terms"
_QUARTERS_A_YEAR = 4
_CENTS = 100  # the book is in dollars
_RATE_STEP = Decimal("1e-12")  # a thousandth of a cent a quarter on fifty millions
_NOTE_MAX = Decimal("0.2")  # of the principal; a larger note is another contract
_LATE_DAYS = 45  # a receipt so late still belongs to the coupon before it
_STALE_DAYS = 100  # a quarter without news


@dataclass(frozen=True, slots=True)
class CashRow:
    """One movement of the cash book."""

    place: Place
    paid_on: date
    kind: str
    amount: Money
    program: str
    description: str

    @property
    def is_lent(self) -> bool:
        return self.kind in {"lent", "committed"}

    @property
    def is_income(self) -> bool:
        return self.kind in {"interest", "dividend"}

    def of(self, minor: int) -> CashRow:
        """The same movement for a part of its amount."""
        return replace(self, amount=Money(minor, self.amount.currency))


@dataclass(frozen=True, slots=True)
class Debt:
    """What one client owes under one kind of claim, with its movements by date."""

    loan_number: str
    agreement_number: str
    rows: Sequence[CashRow]
    program: str  # the first one
    is_commitment: bool
    is_share: bool = False

    @property
    def product(self) -> str:
        return f"{self.program} share" if self.is_share else self.program

    @property
    def lent(self) -> list[CashRow]:
        return [row for row in self.rows if row.is_lent]

    @property
    def income(self) -> list[CashRow]:
        return [row for row in self.rows if row.is_income]

    def outstanding_before(self, day: date) -> int:
        """Principal lent and not repaid on the days before, in minor units."""
        return sum(
            row.amount.minor * (1 if row.is_lent else -1)
            for row in self.rows
            if row.paid_on < day and (row.is_lent or row.kind == "repaid")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponRules:
    """What is known of the contracts, and how much a receipt may differ from them."""

    programs: Mapping[str, Any]
    calendar: Calendar
    months: tuple[int, ...]
    day: int
    early_days: int
    maturity_years: int
    tolerance: Money
    tolerance_share: Decimal
    listed_to: date
    business_date: date

    def is_close(self, paid: int, due: int) -> bool:
        """Whether a payment meets what was due, in minor units."""
        return abs(paid - due) <= max(self.tolerance.minor, int(due * self.tolerance_share))

    def first_due_date(self, start: date) -> date:
        """The first coupon date after a day."""
        candidates = (
            date(year, month, self.day)
            for year in (start.year, start.year + 1)
            for month in self.months
        )
        return min(day for day in candidates if day > start)

    def shortened(self, terms: Terms) -> Terms:
        """The same bullet, due a year after the last listed day; the coupons before stay."""
        due = add_months(self.first_due_date(self.listed_to), 12, day=self.day)
        if terms.maturity_date is None or terms.maturity_date <= due:
            return terms
        return replace(terms, maturity_date=due)


@dataclass(frozen=True, slots=True)
class DebtFound:
    """A debt as a loan: its terms, its events numbered from 1, and what a person should know."""

    terms: Terms
    events: tuple[LoanEvent, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Price:
    """What a debt costs: a rate on principal, and a note beside it with a rate of its own."""

    rate: Decimal
    note: int  # minor units
    note_rate: Decimal

    def on(self, outstanding: int) -> Decimal:
        """The rate on principal that brings the coupons of both, to twelve decimals."""
        if not self.note or not outstanding:
            return self.rate
        return (self.rate + self.note * self.note_rate / outstanding).quantize(_RATE_STEP)

    def coupon(self, outstanding: int) -> Decimal:
        """A regular quarter's coupon, in minor units, unrounded."""
        yearly = outstanding * self.rate + self.note * self.note_rate
        return yearly / _QUARTERS_A_YEAR


# The order of the events of one day.
(
    _DRAWN,
    _CHARGED,
    _INTEREST,
    _WAIVED,
    _REPAID,
    _FEE_CHARGED,
    _FEE_PAID,
    _RATE_SET,
    _AMENDED,
    _DRAWN_AFTER,
    _LISTED,
    _STATED,
) = range(12)


@dataclass(slots=True)
class _Journal:
    """The events of a loan as they are found; numbered by day, and by order within it."""

    terms: Terms
    rules: CouponRules
    entries: list[tuple[date, int, int, LoanEvent]] = field(default_factory=list)

    def add(self, place: int, event: LoanEvent) -> None:
        self.entries.append((event.value_date, place, len(self.entries), event))

    def events(self) -> tuple[LoanEvent, ...]:
        ordered = sorted(self.entries, key=lambda entry: entry[:3])
        return tuple(
            replace(event, number=number) for number, (*_, event) in enumerate(ordered, start=1)
        )

    def projection(self) -> Projection:
        """What the events make of the loan; coupons long after the last listed day are left out."""
        events = tuple(
            replace(event, terms=self.rules.shortened(event.terms))
            if isinstance(event, Amended)
            else event
            for event in self.events()
        )
        return project(
            LoanFacts(
                terms=self.rules.shortened(self.terms),
                events=events,
                shared=SharedFacts(calendar=self.rules.calendar),
            )
        )


def events_of_debt(debt: Debt, rules: CouponRules) -> DebtFound:
    """The loan behind the movements of a debt.

    Args:
        debt: its rows, by date; something was lent.
        rules: programs with published terms, and tolerances.
    """
    if debt.program in rules.programs and not debt.is_share and not debt.is_commitment:
        found = _Weighing(debt, rules)
        found.weigh()
        if not debt.income or 2 * found.met >= len(debt.income):
            return found.result()
    return _as_received(debt, rules)


# -- by the terms of a program -------------------------------------------------------------------


@dataclass(slots=True)
class _Weighing:
    """The receipts of one debt, weighed against its program's terms one after the other."""

    debt: Debt
    rules: CouponRules
    journal: _Journal = field(init=False)
    price: _Price = field(init=False)
    first_price: _Price = field(init=False)
    exchanged_on: date | None = field(init=False)
    findings: list[Finding] = field(default_factory=list)
    met: int = 0

    def __post_init__(self) -> None:
        self.exchanged_on, second = _exchange(self.debt, self.rules)
        before = [
            row
            for row in self.debt.lent
            if not self.exchanged_on or row.paid_on < self.exchanged_on
        ]
        self.price = self.first_price = _price(self.debt, self.debt.program, self.rules)
        lent = total((row.amount for row in before), before[0].amount.currency)
        start = before[0].paid_on
        first_due = self._first_due(start, lent.minor)
        rate = self.price.on(lent.minor)
        self.journal = _Journal(_terms(lent, start, first_due, rate, self.rules), self.rules)
        self._lay_out(second)

    def _first_due(self, start: date, outstanding: int) -> date:
        """The first coupon date; the one after it where the first receipt is for the time to there.

        A short first period may be joined to the next: the receipt then comes a quarter later and
        is for all of it.
        """
        first = self.rules.first_due_date(start)
        second = self.rules.first_due_date(first)
        receipt = next((row for row in self.debt.income if row.paid_on > start), None)
        if receipt is None or receipt.paid_on <= first + timedelta(days=_LATE_DAYS):
            return first
        fraction = year_fraction(DayCount.THIRTY_360_BOND, start, second)
        yearly = self.price.coupon(outstanding) * _QUARTERS_A_YEAR
        joined = round(yearly * fraction.numerator / fraction.denominator)
        return second if self.rules.is_close(receipt.amount.minor, joined) else first

    def _lay_out(self, second: str) -> None:
        """Everything but the coupons: what was lent, repaid, exchanged, and other receipts."""
        outstanding = 0
        for day in sorted({row.paid_on for row in self.debt.rows}):
            rows = [row for row in self.debt.rows if row.paid_on == day]
            for row in rows:
                if row.is_lent:
                    is_new_money = day == self.exchanged_on
                    self.journal.add(
                        _DRAWN_AFTER if is_new_money else _DRAWN,
                        Drawn(number=0, value_date=day, amount=row.amount),
                    )
                    outstanding += row.amount.minor
            repaid = sum(row.amount.minor for row in rows if row.kind == "repaid")
            outstanding -= self._repay(day, rows)
            for row in rows:
                if row.kind in {"warrant", "other_income", "exit_fee"}:
                    _take_fee(self.journal, row)
            note_repaid = sum(row.amount.minor for row in rows if row.kind == "warrant")
            if self.price.note and outstanding > 0 and (repaid or note_repaid):
                note = max(self.price.note - note_repaid, 0)
                self.price = replace(self.price, note=note)
                rate = self.price.on(outstanding)
                self.journal.add(_RATE_SET, RateSet(number=0, value_date=day, rate=rate))
            if day == self.exchanged_on:
                self._exchange(day, second, outstanding)

    def _repay(self, day: date, rows: Sequence[CashRow]) -> int:
        repaid = 0
        for row in rows:
            if row.kind == "repaid":
                principal = ((Component.PRINCIPAL, row.amount),)
                self.journal.add(
                    _REPAID,
                    Received(number=0, value_date=day, amount=row.amount, instruction=principal),
                )
                repaid += row.amount.minor
        return repaid

    def _exchange(self, day: date, second: str, outstanding: int) -> None:
        """The client exchanges its debt into another program, at easier terms."""
        self.price = _price(self.debt, second, self.rules)
        lent = Money(outstanding, self.journal.terms.currency)
        first_due = self._first_due(day, outstanding)
        terms = _terms(lent, day, first_due, self.price.on(outstanding), self.rules)
        signed_on = self.journal.terms.signed_on
        self.journal.add(
            _AMENDED,
            Amended(
                number=0,
                value_date=day,
                terms=replace(terms, signed_on=signed_on),
                is_restructuring=True,
            ),
        )
        self.findings.append(
            Finding(
                self.debt.rows[0].place,
                self.debt.loan_number,
                "exchanged_into_program",
                {"program": second, "on": day.isoformat(), "rate": f"{self.price.rate:f}"},
            )
        )

    def weigh(self) -> None:
        """Take the coupons in the order they came."""
        for row in self.debt.income:
            self._weigh_one(row)

    def _weigh_one(self, row: CashRow) -> None:
        paid, day = row.amount.minor, row.paid_on
        projection = self.journal.projection()
        now = position(projection, day)
        dues = _coupons_after(projection, day)
        overdue = now.fallen_due(Component.INTEREST).minor
        accrued = now.owed(Component.INTEREST).minor - overdue
        held = now.unallocated.minor
        next_due = min(dues, default=None)
        is_final = not now.outstanding or day == self.exchanged_on
        to_date = overdue + accrued - held
        is_early = next_due is not None and (next_due - day).days <= self.rules.early_days
        expected = overdue
        if is_early and next_due is not None:
            expected = overdue + dues[next_due] - held
        if is_final:
            self._settle_to_date(row, to_date)
            return
        for due in (expected, *_oldest_together(projection, day)):
            if due > 0 and self.rules.is_close(paid, due):
                self.met += 1
                self._adjust(day, paid - due, COUPON_DIFFERENCE)
                self._receive(row, of_running=False)
                return
        repaid_part = self._on_repaid_part(day)
        if repaid_part and self.rules.is_close(paid, overdue + repaid_part):
            self.met += 1
            self._receive(row, of_running=True)
            return
        if any(other.kind == "repaid" and other.paid_on == day for other in self.debt.rows):
            self._receive(row, of_running=True)
            return
        if paid > expected:
            if is_early and next_due is not None:
                del dues[next_due]
            self._beyond(row, paid - expected, dues)
        else:
            self._tell(row, "coupon_short", expected)
        self._receive(row, of_running=False)

    def _settle_to_date(self, row: CashRow, due: int) -> None:
        """The last coupon, or the one before an exchange: interest to the day."""
        paid = row.amount.minor
        if self.rules.is_close(paid, due):
            self.met += 1
            self._adjust(row.paid_on, paid - due, COUPON_DIFFERENCE)
        elif paid > due:
            self._adjust(row.paid_on, paid - due, BEYOND_TERMS)
            self._tell(row, "coupon_beyond_terms", due)
        else:
            self._tell(row, "coupon_short", due)
        self._receive(row, of_running=True)

    def _on_repaid_part(self, day: date) -> int:
        """Interest of the running period on what is repaid on this day alone, without the note."""
        repaid = sum(
            row.amount.minor
            for row in self.debt.rows
            if row.kind == "repaid" and row.paid_on == day
        )
        start = max(
            self.journal.terms.interest_from,
            add_months(self.rules.first_due_date(day), -3, day=self.rules.day),
        )
        if not repaid or start >= day:
            return 0
        fraction = year_fraction(DayCount.THIRTY_360_BOND, start, day)
        return round(repaid * self.price.rate * fraction.numerator / fraction.denominator)

    def _beyond(self, row: CashRow, excess: int, later: Mapping[date, int]) -> None:
        """More than was due: held when the next coupon is short by it, else charged."""
        coming = min(later, default=None)
        if coming is not None:
            until = coming + timedelta(days=_LATE_DAYS)
            received = sum(
                other.amount.minor
                for other in self.debt.income
                if row.paid_on < other.paid_on <= until
            )
            if received and self.rules.is_close(received + excess, later[coming]):
                return
        self._adjust(row.paid_on, excess, BEYOND_TERMS)
        self._tell(row, "coupon_beyond_terms", row.amount.minor - excess)

    def _adjust(self, day: date, difference: int, charge_kind: str) -> None:
        """Charge what is more than the terms give, or give up what is less."""
        currency = self.journal.terms.currency
        if difference > 0:
            self.journal.add(
                _CHARGED,
                Charged(
                    number=0,
                    value_date=day,
                    component=Component.INTEREST,
                    amount=Money(difference, currency),
                    charge_kind=charge_kind,
                ),
            )
        elif difference < 0:
            self.journal.add(
                _WAIVED,
                Waived(
                    number=0,
                    value_date=day,
                    component=Component.INTEREST,
                    amount=Money(-difference, currency),
                ),
            )

    def _receive(self, row: CashRow, *, of_running: bool) -> None:
        instruction = ((Component.INTEREST, row.amount),) if of_running else ()
        self.journal.add(
            _INTEREST,
            Received(number=0, value_date=row.paid_on, amount=row.amount, instruction=instruction),
        )

    def _tell(self, row: CashRow, code: str, due: int) -> None:
        facts = {
            "paid": row.amount.plain(),
            "due": Money(due, row.amount.currency).plain(),
            "on": row.paid_on.isoformat(),
        }
        self.findings.append(Finding(row.place, self.debt.loan_number, code, facts))

    def result(self) -> DebtFound:
        """The loan; what falls due long after the last listed month is an expectation."""
        last = position(self.journal.projection(), self.rules.listed_to)
        if missed := last.fallen_due(Component.INTEREST):
            since = last.oldest_unpaid
            self.findings.append(
                Finding(
                    self.debt.rows[-1].place,
                    self.debt.loan_number,
                    "coupons_missed",
                    {"owed": missed.plain(), "since": since.isoformat() if since else ""},
                )
            )
        if self.first_price.note:
            self.findings.append(
                Finding(
                    self.debt.rows[0].place,
                    self.debt.loan_number,
                    "coupon_in_two_parts",
                    {
                        "note": Money(self.first_price.note, self.rules.tolerance.currency).plain(),
                        "note_rate": f"{self.first_price.note_rate:f}",
                        "rate": f"{self.first_price.rate:f}",
                    },
                )
            )
        _follow_statements(self.journal, last, self.rules)
        return DebtFound(self.journal.terms, self.journal.events(), tuple(self.findings))


def _exchange(debt: Debt, rules: CouponRules) -> tuple[date | None, str]:
    """When the debt went into another program: with the last coupon under the first one."""
    last_of_first: date | None = None
    for row in debt.income:
        if row.program == debt.program:
            last_of_first = row.paid_on
        elif row.program in rules.programs and last_of_first is not None:
            return last_of_first, row.program
    return None, ""


def _price(debt: Debt, program: str, rules: CouponRules) -> _Price:
    """The price of a program that brings the coupon seen most often, of those it can bring."""
    told = rules.programs[program]
    rates = [Decimal(rate) for rate in told["rates"]]
    note_rate = Decimal(told.get("note_rate", 0))
    coupons = Counter(row.amount.minor for row in debt.income if row.program == program)
    lent = debt.lent
    if not coupons:
        has_note = bool(note_rate) and "arrant" in lent[0].description
        note = _usual_note(debt, told) if has_note else 0
        return _Price(rates[0], note, note_rate)
    for coupon in sorted(coupons, key=lambda amount: (-coupons[amount], amount)):
        first = min(row.paid_on for row in debt.income if row.amount.minor == coupon)
        price = _price_of_coupon(coupon, debt.outstanding_before(first), rates, note_rate, told)
        if price is not None and rules.is_close(
            coupon, round(price.coupon(debt.outstanding_before(first)))
        ):
            return price
    return _Price(rates[0], _usual_note(debt, told) if note_rate else 0, note_rate)


def _price_of_coupon(
    coupon: int,
    outstanding: int,
    rates: Sequence[Decimal],
    note_rate: Decimal,
    told: Mapping[str, Any],
) -> _Price | None:
    """The rate nearest to a regular coupon, and the note that explains the rest of it."""
    rate = min(rates, key=lambda one: abs(outstanding * one / _QUARTERS_A_YEAR - coupon))
    if not note_rate:
        return _Price(rate, 0, note_rate)
    multiple = int(Decimal(told["note_multiple"]) * _CENTS)
    exact = (coupon * _QUARTERS_A_YEAR - outstanding * rate) / note_rate
    note = max(multiple * round(exact / multiple), 0)
    return _Price(rate, note, note_rate) if note <= outstanding * _NOTE_MAX else None


def _usual_note(debt: Debt, told: Mapping[str, Any]) -> int:
    lent = debt.lent[0].amount
    share = lent.minor * Decimal(told["note_share"])
    multiple = int(Decimal(told["note_multiple"]) * _CENTS)
    return multiple * round_minor(int(share), multiple, Rounding.HALF_UP)


def _terms(
    lent: Money, start: date, first_due_date: date, rate: Decimal, rules: CouponRules
) -> Terms:
    """A bullet with quarterly coupons on months of thirty days."""
    return Terms(
        currency=lent.currency,
        principal=lent,
        signed_on=start,
        interest_from=start,
        first_due_date=first_due_date,
        maturity_date=add_months(first_due_date, 12 * rules.maturity_years, day=rules.day),
        frequency=QUARTERLY,
        schedule_kind=ScheduleKind.BULLET,
        rate=RateTerms(fixed=rate, effect=RateEffect.SAME_DAY),
        day_count=DayCount.THIRTY_360_BOND,
        business_days=BusinessDayConvention.FOLLOWING,
        calendar_code=rules.calendar.code,
        assumed=("rate", "day_count", "frequency", "first_due_date", "maturity_date"),
    )


def _oldest_together(projection: Projection, day: date) -> Sequence[int]:
    """The interest of unpaid coupons, all of them, then all but the newest, down to the oldest."""
    unpaid = [
        state.due.get(Component.INTEREST, 0) - state.settled.get(Component.INTEREST, 0)
        for state in instalment_states(projection, day)
        if state.left > 0
    ]
    return list(accumulate(unpaid))[::-1]


def _coupons_after(projection: Projection, day: date) -> dict[date, int]:
    """What falls due of interest by the terms alone on the days after one, in minor units."""
    dues: dict[date, int] = {}
    for step in projection.steps:
        if (
            step.day > day
            and step.component is Component.INTEREST
            and step.cause is Cause.DUE
            and not step.event
        ):
            dues[step.day] = dues.get(step.day, 0) + step.amount
    return dues


# -- as it came ----------------------------------------------------------------------------------


def _as_received(debt: Debt, rules: CouponRules) -> DebtFound:
    """Income is charged on the day it comes, since the contract's price is not known."""
    start = debt.lent[0].paid_on
    currency = debt.lent[0].amount.currency
    lent = total((row.amount for row in debt.lent), currency)
    maturity_date = add_months(start, 12 * rules.maturity_years, day=start.day)
    terms = Terms(
        currency=currency,
        principal=lent,
        signed_on=start,
        interest_from=start,
        first_due_date=maturity_date,
        maturity_date=maturity_date,
        frequency=AT_MATURITY,
        schedule_kind=ScheduleKind.BULLET,
        rate=RateTerms(fixed=Decimal(0)),
        day_count=DayCount.ACT_365F,
        assumed=("rate", "day_count", "maturity_date"),
    )
    journal = _Journal(terms, rules)
    findings: list[Finding] = []
    repaid = total((row.amount for row in debt.rows if row.kind == "repaid"), currency)
    if debt.is_commitment:
        # The row is a promise; drawings are not listed. What was repaid was surely drawn.
        if repaid:
            drawn = min(repaid, lent)
            journal.add(_DRAWN, Drawn(number=0, value_date=start, amount=drawn))
        findings.append(
            Finding(
                debt.rows[0].place,
                debt.loan_number,
                "drawings_not_listed",
                {"commitment": lent.plain(), "repaid": repaid.plain()},
            )
        )
    for row in debt.rows:
        if row.is_lent and not debt.is_commitment:
            journal.add(_DRAWN, Drawn(number=0, value_date=row.paid_on, amount=row.amount))
        elif row.is_income:
            _take_income(journal, row)
        elif row.kind == "repaid":
            journal.add(
                _REPAID,
                Received(
                    number=0,
                    value_date=row.paid_on,
                    amount=row.amount,
                    instruction=((Component.PRINCIPAL, row.amount),),
                ),
            )
        elif not row.is_lent:
            _take_fee(journal, row)
    if debt.income:
        findings.append(
            Finding(
                debt.income[0].place,
                debt.loan_number,
                "income_charged_as_received",
                {"rows": str(len(debt.income))},
            )
        )
    return DebtFound(terms, journal.events(), tuple(findings))


def _take_income(journal: _Journal, row: CashRow) -> None:
    _charge_and_receive(journal, row, Component.INTEREST, AS_RECEIVED, (_CHARGED, _INTEREST))


def _take_fee(journal: _Journal, row: CashRow) -> None:
    _charge_and_receive(journal, row, Component.FEE, row.kind, (_FEE_CHARGED, _FEE_PAID))


def _charge_and_receive(
    journal: _Journal,
    row: CashRow,
    component: Component,
    charge_kind: str,
    places: tuple[int, int],
) -> None:
    """What comes is owed on the day it comes, and settled by it."""
    journal.add(
        places[0],
        Charged(
            number=0,
            value_date=row.paid_on,
            component=component,
            amount=row.amount,
            charge_kind=charge_kind,
        ),
    )
    journal.add(
        places[1],
        Received(
            number=0,
            value_date=row.paid_on,
            amount=row.amount,
            instruction=((component, row.amount),),
        ),
    )


def _follow_statements(journal: _Journal, last: Position, rules: CouponRules) -> None:
    """After the last listed month nothing is known; what falls due then is an expectation.

    Who had stopped paying by then is not expected to have begun again.
    """
    is_stale = (rules.business_date - rules.listed_to).days > _STALE_DAYS
    if not is_stale or not last.outstanding or last.oldest_unpaid is not None:
        return
    amended = [event for *_, event in journal.entries if isinstance(event, Amended)]
    terms = amended[-1].terms if amended else journal.terms
    nothing = zero(terms.currency)
    journal.add(
        _LISTED,
        Amended(
            number=0,
            value_date=rules.listed_to,
            terms=replace(
                terms,
                follows_statements=True,
                assumed=(*terms.assumed, "payments_after_listed"),
            ),
            is_restructuring=False,
        ),
    )
    journal.add(
        _STATED,
        Restated(
            number=0,
            value_date=rules.listed_to,
            drawn=nothing,
            repaid=nothing,
            adjustment=nothing,
            adjustment_reason="",
        ),
    )
