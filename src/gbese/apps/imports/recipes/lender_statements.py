"""Statements of a lender: one row is one loan, or one tranche, at one date; stocks, no movements.

Rules, the same for every source of this kind:

- A loan opens at its earliest stated date with what is outstanding then; each later date adds what
  was drawn and repaid since, and the rest of the change as an adjustment.
- What is outstanding after the last repayment date has been overdue since that date.
- Instalment dates are not stated: equal principal from the first to the last repayment date is
  assumed, and marked. A loan with no such dates yet has no maturity here until they are stated.
- A residue of a loan its lender calls settled, and dust left after the last repayment date, is kept
  without a due date until somebody writes it off; it is a finding. A negative residue is no debt:
  nothing is owed then, and it is a finding too: the lender's total can be reached from ours.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gbese.apps.imports.facts import FactReader
from gbese.apps.imports.mappings import FileMapping, normal_header
from gbese.apps.imports.plans import (
    ColumnSum,
    Context,
    Fault,
    Finding,
    LaterEvents,
    LeftOut,
    Plan,
    PlannedLoan,
    PlannedParty,
)
from gbese.apps.imports.statements import Statement
from gbese.apps.imports.tables import Place, Table
from gbese.apps.rates.currencies import CurrencyUnknown, currency_of
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit, roll
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Side, Terms
from gbese.core.money import Currency, Money, zero
from gbese.core.servicing.events import Amended, LoanEvent, Opened, Restated

RECIPE = "lender_statement"
_DAYS = (
    "stated_on",
    "first_repayment_on",
    "last_repayment_on",
    "signed_on",
    "approved_on",
    "effective_on",
    "drawable_until",
    "last_drawn_on",
)
_AMOUNTS = (
    "original",
    "cancelled",
    "undisbursed",
    "drawn",
    "repaid",
    "outstanding_historical",
    "exchange_adjustment",
    "outstanding",
    "sold",
    "repaid_elsewhere",
    "owed_elsewhere",
    "held",
)
_PREFIX = re.compile(r"[A-Za-z]+")
_CENT = 1


@dataclass(frozen=True, slots=True)
class _Lender:
    """What a mapping says of one lender, by the letters its loan numbers begin with."""

    code: str
    name: str
    identifier: tuple[str, str]
    zero_is_variable: bool
    states_exchange: bool
    day_count: DayCount


@dataclass(frozen=True, slots=True)
class Source:
    """The rules of a mapping that are about more than columns."""

    lenders: Mapping[str, _Lender]
    frequency: Frequency
    settled_words: frozenset[str]
    dust_below: int  # major units
    countries: Mapping[str, str]
    tranche_digits: int

    @classmethod
    def of(cls, mapping: FileMapping) -> Source:
        told = mapping.settings
        return cls(
            lenders={code: _lender(code, facts) for code, facts in told["lenders"].items()},
            frequency=Frequency(int(told.get("frequency_months", 6)), FrequencyUnit.MONTH),
            settled_words=frozenset(told.get("settled_words", ())),
            dust_below=int(told.get("dust_below", 0)),
            countries=told.get("countries", {}),
            tranche_digits=int(told.get("tranche_digits", 0)),
        )

    def lender_of(self, loan_number: str) -> _Lender | None:
        for code, lender in self.lenders.items():
            if loan_number.startswith(code):
                return lender
        return None

    def country(self, code: str) -> str:
        """ISO 3166 of the source's own code; empty for regions, which have digits in theirs."""
        known = self.countries.get(code.upper(), code.upper())
        return known if len(known) == 2 and known.isalpha() and known.isascii() else ""


@dataclass(slots=True)
class LenderStatements:
    """The recipe for one mapping of this kind."""

    mapping: FileMapping
    name: str = RECIPE

    def recognises(self, tables: Sequence[Table]) -> bool:
        return all(self.mapping.fits(table) for table in tables)

    def plan(self, tables: Sequence[Table], context: Context) -> Plan:
        side = context.side or Side(self.mapping.side)
        reading = _Reading(Source.of(self.mapping), context, side)
        for table in tables:
            reading.read(table, self.mapping)
        return reading.plan(self.mapping)


@dataclass(slots=True)
class _Reading:
    """What has been read so far, over all files of one import."""

    source: Source
    context: Context
    side: Side
    stated: dict[tuple[str, date], tuple[Place, Statement]] = field(default_factory=dict)
    loans: list[PlannedLoan] = field(default_factory=list)
    reopened: list[PlannedLoan] = field(default_factory=list)
    later: list[LaterEvents] = field(default_factory=list)
    unchanged: list[tuple[Place, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    column_sums: list[ColumnSum] = field(default_factory=list)

    def read(self, table: Table, mapping: FileMapping) -> None:
        reader = FactReader(table, mapping, dates=_DAYS, amounts=(*_AMOUNTS, "nominal_rate"))
        if reader.is_readable:
            for _row in reader.rows():
                self._read_row(reader)
        self.faults += reader.faults
        self.findings += (*reader.rounding_findings(), *reader.rate_findings())
        self.column_sums += reader.column_sums()

    def plan(self, mapping: FileMapping) -> Plan:
        by_loan: dict[str, list[tuple[Place, Statement]]] = defaultdict(list)
        for (number, _day), each in self.stated.items():
            by_loan[number].append(each)
        for number, found in by_loan.items():
            found.sort(key=lambda each: each[1].stated_on)
            self._plan_loan(number, found)
        statements = [statement for _place, statement in self.stated.values()]
        return Plan(
            recipe=RECIPE,
            mapping=mapping.name,
            parties=parties_of([*statements, *_known_of(self.reopened, self.context)], self.source),
            loans=self.loans,
            reopened=self.reopened,
            later_events=[events for events in self.later if events.events],
            statements=list(self.stated.values()),
            unchanged=self.unchanged,
            faults=self.faults,
            findings=self.findings,
            left_out=self.left_out,
            column_sums=self.column_sums,
        )

    def _read_row(self, reader: FactReader) -> None:
        faults_before = len(reader.faults)
        statement = _statement(reader, self.source)
        place = reader.table.place(reader.line)
        if rule := reader.left_out_by():
            del reader.faults[faults_before:]  # nobody needs to repair what is no loan
            reader.count_row(left_out=True)
            self.left_out.append(LeftOut(place, reader.text("loan_number"), rule.reason))
        elif statement is None or self._contradicts(reader, statement):
            reader.count_row()
        else:
            reader.count_row(taken=True)
            self._take(reader, place, statement)

    def _contradicts(self, reader: FactReader, statement: Statement) -> bool:
        """Whether the row says something else than another one of its loan and date."""
        number, day = statement.loan_number, statement.stated_on
        earlier = self.stated.get((number, day))
        is_in_this_file = earlier and earlier[0].file_name == reader.table.file_name
        if earlier and (is_in_this_file or earlier[1] != statement):
            reader.fault("loan_number", number, "row_repeated", first_at=str(earlier[0]))
            return True
        known = self._known_on(number, day)
        if known and not _says_the_same(known, statement):
            on = day.isoformat()
            reader.fault("loan_number", number, "stated_otherwise_before", stated_on=on)
            return True
        return False

    def _take(self, reader: FactReader, place: Place, statement: Statement) -> None:
        number, day = statement.loan_number, statement.stated_on
        if (number, day) in self.stated or self._known_on(number, day):
            self.unchanged.append((place, number))
            return
        self.stated[number, day] = (place, statement)
        self.findings += _row_findings(reader, statement, self.source)

    def _known_on(self, number: str, day: date) -> Statement | None:
        known = self.context.known_statements.get(number, ())
        return next((each for each in known if each.stated_on == day), None)

    def _plan_loan(self, number: str, found: Sequence[tuple[Place, Statement]]) -> None:
        """Open the loan, or go on from what is known, or begin its history anew."""
        known = sorted(
            self.context.known_statements.get(number, ()), key=lambda each: each.stated_on
        )
        new = [statement for _place, statement in found]
        place = found[0][0]
        if not known and number in self.context.known_loans:
            self.findings.append(Finding(place, number, "loan_not_from_statements"))
        elif not known:
            self.loans.append(_loan(place, new, self.source, self.side))
        elif new[0].stated_on > known[-1].stated_on:
            _terms, history = loan_history([*known, *new], self.source)
            events = tuple(each for each in history if each.value_date > known[-1].stated_on)
            self.later.append(
                LaterEvents(
                    place=place,
                    loan_number=number,
                    events=events,
                    external_status=new[-1].external_status,
                )
            )
        elif number in self.context.changed_loans:
            self.findings.append(Finding(place, number, "stated_before_opening"))
        else:
            series = sorted([*known, *new], key=lambda each: each.stated_on)
            self.reopened.append(_loan(place, series, self.source, self.side))


def loan_history(series: Sequence[Statement], source: Source) -> tuple[Terms, list[LoanEvent]]:
    """The terms at the earliest statement, and the events that lead through all later ones.

    Args:
        series: statements of one loan, ascending by date, at least one.
        source: the rules of their mapping.
    """
    first_terms = in_force = terms_of(series[0], source)
    events: list[LoanEvent] = [_opened(series[0], source)]
    for before, after in itertools.pairwise(series):
        agreed = terms_of(after, source)
        if owed(after) == 0 and after.undisbursed <= 0:
            agreed = replace(in_force, principal=agreed.principal)  # over: only the limit ends
        if agreed != in_force:
            in_force = agreed
            events.append(
                Amended(
                    number=len(events) + 1,
                    value_date=after.stated_on,
                    terms=agreed,
                    is_restructuring=False,
                )
            )
        restated = _restated(before, after, number=len(events) + 1)
        if restated is not None:
            events.append(restated)
    return first_terms, events


def terms_of(statement: Statement, source: Source) -> Terms:
    """The terms as far as a statement tells them; what it does not tell is named as assumed."""
    lender = source.lenders[statement.lender_code]
    currency = statement.currency
    assumed = ["frequency", "schedule_kind", "day_count"]
    signed_on = statement.signed_on or statement.approved_on or statement.stated_on
    if statement.signed_on is None:
        assumed.append("signed_on")
    rate = statement.nominal_rate
    if rate is None:
        assumed.append("rate")
    first, last = statement.first_repayment_on, statement.last_repayment_on
    interest_from = statement.effective_on or signed_on
    common: dict[str, Any] = {
        "currency": currency,
        "principal": Money(max(statement.drawn + max(statement.undisbursed, 0), 0), currency),
        "signed_on": signed_on,
        "frequency": source.frequency,
        "rate": RateTerms(fixed=rate),  # none where it is not known: nothing accrues
        "day_count": lender.day_count,
        "follows_statements": True,
    }
    if first is None or last is None or last < first or is_residue(statement, source):
        return Terms(
            **common,
            interest_from=interest_from,
            first_due_date=roll(interest_from, source.frequency, 1, end_of_month=False),
            maturity_date=None,
            schedule_kind=ScheduleKind.ON_DEMAND,
            assumed=(*assumed, "interest_from", "first_due_date", "maturity_date"),
        )
    if interest_from >= first:
        interest_from = roll(first, source.frequency, -1, end_of_month=False)
        assumed.append("interest_from")
    first_due_date = _first_due_date(first, interest_from, source.frequency)
    if first_due_date != first:
        assumed.append("first_due_date")
    return Terms(
        **common,
        interest_from=interest_from,
        first_due_date=first_due_date,
        first_principal_date=first,
        maturity_date=last,
        schedule_kind=ScheduleKind.LINEAR,
        assumed=tuple(assumed),
    )


def owed(statement: Statement) -> int:
    """What is owed in minor units: a negative residue is no debt."""
    return max(statement.outstanding, 0)


def overdue_since(statement: Statement, source: Source) -> date | None:
    """Since when all that is outstanding is overdue: the last repayment date, once it has come."""
    last = statement.last_repayment_on
    if last is None or last > statement.stated_on or owed(statement) == 0:
        return None
    return None if is_residue(statement, source) else last


def is_residue(statement: Statement, source: Source) -> bool:
    """Whether what is left is nothing its lender still asks for: settled, or dust after the end."""
    last = statement.last_repayment_on
    is_over = last is not None and last <= statement.stated_on
    is_dust = statement.outstanding < source.dust_below * 10**statement.currency.exponent
    is_settled = statement.external_status.casefold() in source.settled_words
    return statement.outstanding > 0 and (is_settled or (is_over and is_dust))


def _first_due_date(first_principal: date, interest_from: date, frequency: Frequency) -> date:
    """Interest is paid by the same rhythm before principal is: the earliest such day."""
    earliest = first_principal
    for count in itertools.count(1):
        before = roll(first_principal, frequency, -count, end_of_month=False)
        if before <= interest_from:
            return earliest
        earliest = before
    raise AssertionError


def _opened(statement: Statement, source: Source) -> Opened:
    currency = statement.currency
    since = overdue_since(statement, source)
    principal = Money(owed(statement), currency)
    nothing = zero(currency)
    return Opened(
        number=1,
        value_date=statement.stated_on,
        principal=principal,
        principal_overdue=principal if since else nothing,
        overdue_since=since,
        interest_accrued=nothing,
        interest_overdue=nothing,
        fee_overdue=nothing,
        penalty_overdue=nothing,
        drawn=Money(statement.drawn, currency),
        repaid=Money(statement.repaid, currency),
    )


def _restated(before: Statement, after: Statement, *, number: int) -> Restated | None:
    currency = after.currency
    drawn = after.drawn - before.drawn
    repaid = after.repaid - before.repaid
    adjustment = owed(after) - owed(before) - drawn + repaid
    if not (drawn or repaid or adjustment or owed(after)):
        return None  # settled before, and nothing new; a debt that stays is told, as unpaid
    return Restated(
        number=number,
        value_date=after.stated_on,
        drawn=Money(drawn, currency),
        repaid=Money(repaid, currency),
        adjustment=Money(adjustment, currency),
        adjustment_reason="exchange",
    )


def _loan(place: Place, series: Sequence[Statement], source: Source, side: Side) -> PlannedLoan:
    terms, events = loan_history(series, source)
    latest = series[-1]
    return PlannedLoan(
        place=place,
        loan_number=latest.loan_number,
        side=side,
        lender=latest.lender_code,
        borrower=latest.borrower_key,
        guarantor=latest.guarantor_key or None,
        terms=terms,
        events=tuple(events),
        purpose=latest.purpose,
        product=latest.product,
        agreement_number=latest.agreement_number,
        external_status=latest.external_status,
    )


def reopened_from_statements(
    series: Sequence[Statement], source: Source, side: Side
) -> PlannedLoan:
    """A loan as it follows from its statements, ascending by date."""
    number = series[0].loan_number
    return _loan(Place(f"statements of {number}", "", 0), series, source, side)


def _known_of(reopened: Iterable[PlannedLoan], context: Context) -> list[Statement]:
    return [
        statement
        for loan in reopened
        for statement in context.known_statements.get(loan.loan_number, ())
    ]


def parties_of(statements: Iterable[Statement], source: Source) -> list[PlannedParty]:
    """Each party once; its name is the one stated last."""
    latest: dict[str, tuple[date, PlannedParty]] = {}
    for statement in statements:
        lender = source.lenders[statement.lender_code]
        for party in (
            PlannedParty(key=lender.code, name=lender.name, identifiers=(lender.identifier,)),
            _stated_party(statement.borrower_key, statement.borrower_name),
            _stated_party(statement.guarantor_key, statement.guarantor_name),
        ):
            if not party.key:
                continue
            if party.key not in latest or latest[party.key][0] <= statement.stated_on:
                latest[party.key] = (statement.stated_on, party)
    return [party for _day, party in latest.values()]


def _stated_party(key: str, name: str) -> PlannedParty:
    country = key.partition(":")[0]
    return PlannedParty(
        key=key,
        name=name,
        country=country if len(country) == 2 else "",
        identifiers=(("lender_statement", key),),
    )


def _statement(reader: FactReader, source: Source) -> Statement | None:
    """One row as a value; None where it has a fault."""
    currency = _currency(reader)
    amounts = {fact: _minor(reader, fact, currency) for fact in _AMOUNTS}
    days = {fact: reader.day(fact, is_required=fact == "stated_on") for fact in _DAYS}
    number = reader.text("loan_number", is_required=True).upper()
    lender = source.lender_of(number)
    if number and lender is None:
        reader.fault("loan_number", number, "lender_unknown")
    borrower = reader.text("borrower") or reader.text("country_name", is_required=True)
    rate = reader.rate("nominal_rate")
    first, last = days["first_repayment_on"], days["last_repayment_on"]
    for fact in ("original", "drawn"):
        if (amounts[fact] or 0) <= -(10**currency.exponent):  # less than one unit is a residue
            reader.fault(fact, reader.text(fact), "amount_negative")
    stated_on = days["stated_on"]
    if reader.is_faulty or lender is None or stated_on is None:
        return None
    if rate == 0 and lender.zero_is_variable:
        rate = None
    country_code = reader.text("country_code").upper()
    guarantor_code = reader.text("guarantor_country_code").upper()
    guarantor = reader.text("guarantor")
    return Statement(
        loan_number=number,
        stated_on=stated_on,
        agreement_number=number[: len(number) - source.tranche_digits],
        lender_code=lender.code,
        borrower_key=_party_key(source.country(country_code) or country_code, borrower),
        borrower_name=borrower,
        guarantor_key=_state_key(source, guarantor_code, guarantor),
        guarantor_name=guarantor,
        country=source.country(country_code),
        product=reader.text("product"),
        purpose=reader.text("purpose"),
        external_status=reader.text("external_status"),
        nominal_rate=rate,
        currency=currency,
        contract_currency=_contract_currency(reader),
        original=amounts["original"] or 0,
        cancelled=amounts["cancelled"] or 0,
        undisbursed=amounts["undisbursed"] or 0,
        drawn=amounts["drawn"] or 0,
        repaid=(amounts["repaid"] or 0) + (amounts["repaid_elsewhere"] or 0),
        sold=amounts["sold"] or 0,
        repaid_to_others=amounts["repaid_elsewhere"] or 0,
        outstanding_historical=amounts["outstanding_historical"] or 0,
        exchange_adjustment=(amounts["exchange_adjustment"] or 0)
        if lender.states_exchange
        else None,
        outstanding=amounts["outstanding"] or 0,
        first_repayment_on=first,
        last_repayment_on=last,
        signed_on=days["signed_on"],
        approved_on=days["approved_on"],
        effective_on=days["effective_on"],
        drawable_until=days["drawable_until"],
        last_drawn_on=days["last_drawn_on"],
    )


def _row_findings(reader: FactReader, statement: Statement, source: Source) -> list[Finding]:
    """What a person should know of a row that is taken."""
    found: list[Finding] = []

    def tell(code: str, **minor: int) -> None:
        facts = {name: str(Money(amount, statement.currency)) for name, amount in minor.items()}
        found.append(reader.finding(statement.loan_number, code, **facts))

    first, last = statement.first_repayment_on, statement.last_repayment_on
    if first and last and last < first:
        tell("repayment_dates_contradict")
    if not reader.text("borrower"):
        tell("borrower_not_named")
    if statement.outstanding < 0:
        tell("residue_negative", amount=statement.outstanding)
    elif is_residue(statement, source):
        tell("residue_kept", amount=statement.outstanding)
    for code, difference in _identities(reader, statement):
        if abs(difference) > _CENT:
            tell(code, difference=difference)
    owed_elsewhere = _minor(reader, "owed_elsewhere", statement.currency) or 0
    if owed_elsewhere:
        tell("owed_to_others_too", amount=owed_elsewhere)
    return found


def _identities(reader: FactReader, statement: Statement) -> Iterator[tuple[str, int]]:
    """What should be equal in a row, and by how much it is not."""
    historical = statement.outstanding_historical
    adjusted = historical + (statement.exchange_adjustment or 0)
    yield "outstanding_does_not_tie", statement.outstanding - adjusted
    if statement.exchange_adjustment is not None:
        sold_on = statement.sold - statement.repaid_to_others
        expected = statement.drawn - statement.repaid - sold_on
        yield "drawn_less_repaid_does_not_tie", historical - expected
    if reader.has("held"):
        held = _minor(reader, "held", statement.currency) or 0
        difference = held - historical - statement.undisbursed
        if abs(difference) >= 10**statement.currency.exponent:  # less is rounding of the source
            yield "held_does_not_tie", difference


def _says_the_same(known: Statement, statement: Statement) -> bool:
    """Whether two statements say the same, whatever the names have become."""
    return (
        replace(
            statement,
            borrower_name=known.borrower_name,
            guarantor_name=known.guarantor_name,
            purpose=known.purpose,
        )
        == known
    )


def _currency(reader: FactReader) -> Currency:
    return currency_of(reader.text("currency") or reader.mapping.currency)


def _contract_currency(reader: FactReader) -> str:
    code = reader.text("contract_currency")
    if not code:
        return ""
    try:
        return currency_of(code).code
    except CurrencyUnknown:
        return code[:3].upper()


def _minor(reader: FactReader, fact: str, currency: Currency) -> int | None:
    amount = reader.money(fact, currency)
    return None if amount is None else amount.minor


def _party_key(country: str, name: str) -> str:
    return f"{country}:{normal_header(name)}"[:120]


def _state_key(source: Source, code: str, name: str) -> str:
    """A guarantor that is a country keeps its code when its name changes."""
    if not (code or name):
        return ""
    country = source.country(code)
    return f"{country}:" if country else _party_key(code, name)


def _lender(code: str, told: Mapping[str, Any]) -> _Lender:
    scheme, number = told["identifier"]
    return _Lender(
        code=code,
        name=str(told["name"]),
        identifier=(str(scheme), str(number)),
        zero_is_variable=told.get("zero_rate") == "variable",
        states_exchange=bool(told.get("states_exchange", False)),
        day_count=DayCount(told["day_count"]),
    )
