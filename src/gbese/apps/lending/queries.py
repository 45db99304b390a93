"""Reads about loans, as typed rows: the list, its totals, the dossier, what reports need."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import numpy as np
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.expressions import OrderBy
from numpy.typing import NDArray

from gbese.apps.bookkeeping import queries as books
from gbese.apps.lending import mapping
from gbese.apps.lending.documents import event_from
from gbese.apps.lending.errors import LoanUnknown
from gbese.apps.lending.models import Loan, LoanReading, ProjectionVersion
from gbese.apps.lending.models import LoanEvent as EventRecord
from gbese.apps.lending.readings import HOUSE_POLICY
from gbese.apps.lending.yearly_costs import yearly_cost_of
from gbese.apps.parties.names import folded
from gbese.apps.parties.queries import party_names
from gbese.apps.rates.currencies import currency_of
from gbese.columns.steps import PrincipalSteps, principal_steps
from gbese.core.contracts.term_classes import TermClass, term_class
from gbese.core.contracts.terms import Side, Terms
from gbese.core.derivations.figures import derivation_of
from gbese.core.derivations.tree import Derivation
from gbese.core.money import Currency, Money
from gbese.core.projections.facts import standing_events
from gbese.core.projections.position import Position, position
from gbese.core.projections.rates_so_far import RateFrom, rates_so_far
from gbese.core.projections.rows import Projection
from gbese.core.servicing.events import LoanEvent as Event
from gbese.core.status.claims import ClaimRow, claims_on
from gbese.core.status.schedule import ScheduleRow, schedule_on
from gbese.core.status.trouble import LoanStatus
from gbese.core.yields.disclosure import YearlyCost

_CHUNK = 1000


class LoanOrder(StrEnum):
    """How a list is ordered; a minus before it turns it round."""

    TROUBLE = "trouble"
    NUMBER = "number"
    OUTSTANDING = "outstanding"
    OVERDUE = "overdue"
    NEXT_DUE = "next_due"
    MATURITY = "maturity"


_ORDER_COLUMNS = {
    LoanOrder.TROUBLE: ("trouble_rank", "oldest_unpaid", "number"),
    LoanOrder.NUMBER: ("number",),
    LoanOrder.OUTSTANDING: ("outstanding_minor", "number"),
    LoanOrder.OVERDUE: ("overdue_minor", "number"),
    LoanOrder.NEXT_DUE: ("next_due_date", "number"),
    LoanOrder.MATURITY: ("maturity_date", "number"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanFilter:
    """Which loans a list shows; what is None or empty does not narrow it."""

    side: Side | None = None
    lender: int | None = None
    borrower: int | None = None
    currency: str = ""
    term_class: TermClass | None = None
    statuses: tuple[LoanStatus, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanRow:
    """One loan of a list, as of the open day."""

    loan_number: str
    side: Side
    lender: int
    lender_name: str
    borrower: int
    borrower_name: str
    currency: Currency
    status: LoanStatus
    days_past_due: int
    has_penalties: bool
    is_restructured: bool
    is_by_statement: bool
    has_assumptions: bool
    outstanding: Money
    overdue: Money
    undrawn: Money
    next_due_date: date | None
    next_due: Money | None
    maturity_date: date | None
    term_class: TermClass
    current_part: Money
    noncurrent_part: Money
    nominal_rate: Decimal | None
    effective_rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyTotals:
    """The loans of a filter of one side in one currency, added up: debts and claims stay apart.

    `loans` counts them all; `loans_outstanding` those on which principal is owed.
    """

    side: Side
    currency: Currency
    loans: int
    loans_outstanding: int
    outstanding: Money
    overdue: Money
    undrawn: Money
    current_part: Money
    noncurrent_part: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """Something that happened, as the story tells it."""

    number: int
    kind: str
    value_date: date
    amount: Money | None
    event: Event
    recorded_at: datetime
    recorded_by: str
    channel: str
    is_reversed: bool
    reverses: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanPage:
    """The dossier of one loan at a date."""

    loan_number: str
    side: Side
    on: date
    open_day: date
    lender: int
    lender_name: str
    borrower: int
    borrower_name: str
    guarantor_name: str
    agreement_number: str
    purpose: str
    product: str
    external_status: str
    source: str
    recorded_at: datetime
    recorded_by: str
    set_aside_reason: str
    row: LoanRow
    terms: Terms
    term_class: TermClass
    rates: tuple[RateFrom, ...]  # up to the date, oldest first; the last is in force
    position: Position
    claims: tuple[ClaimRow, ...]
    schedule: tuple[ScheduleRow, ...]
    events: tuple[EventRow, ...]
    tranches: tuple[str, ...]  # other loans of the same agreement
    horizon: date | None
    version: int
    yearly_cost: YearlyCost | None  # None where no one rate fits what falls due


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """All loans as columns, one entry a loan in every one of them."""

    side: tuple[Side, ...]
    lender: NDArray[np.int64]  # keys of parties
    borrower: NDArray[np.int64]
    currency: tuple[str, ...]
    is_long_by_contract: NDArray[np.bool_]
    maturity: NDArray[np.int32]  # ordinals; 0 where there is none
    principal: PrincipalSteps


def loan_list(
    chosen: LoanFilter, *, order: LoanOrder, descending: bool, offset: int, limit: int
) -> tuple[LoanRow, ...]:
    """A page of the loans of a filter, as of the open day."""
    open_day = books.open_day().open_day
    rows = _filtered(chosen).order_by(*_ordering(order, descending=descending))
    page = list(rows[offset : offset + limit])
    names = party_names([pk for row in page for pk in (row.lender_id, row.borrower_id)])
    return tuple(_loan_row(row, names, open_day) for row in page)


def loan_rows(chosen: LoanFilter, *, order: LoanOrder, descending: bool) -> Iterator[LoanRow]:
    """All loans of a filter, for an export."""
    open_day = books.open_day().open_day
    rows = _filtered(chosen).order_by(*_ordering(order, descending=descending))
    pks = rows.values_list("lender_id", "borrower_id").order_by().distinct()
    names = party_names({pk for pair in pks for pk in pair})
    for row in rows.iterator(chunk_size=_CHUNK):
        yield _loan_row(row, names, open_day)


def loan_totals(chosen: LoanFilter) -> tuple[CurrencyTotals, ...]:
    """What the loans of a filter add up to, a row a side and currency, the most loans first."""
    grouped = (
        _filtered(chosen)
        .values("side", "currency")
        .annotate(
            loans=Count("*"),
            loans_outstanding=Count("side", filter=Q(outstanding_minor__gt=0)),
            outstanding=Sum("outstanding_minor"),
            overdue=Sum("overdue_minor"),
            undrawn=Sum("undrawn_minor"),
            current=Sum("current_minor"),
            noncurrent=Sum("noncurrent_minor"),
        )
        .order_by("-loans", "side", "currency")
    )
    return tuple(
        CurrencyTotals(
            side=Side(row["side"]),
            currency=(currency := currency_of(row["currency"])),
            loans=row["loans"],
            loans_outstanding=row["loans_outstanding"],
            outstanding=Money(int(row["outstanding"]), currency),
            overdue=Money(int(row["overdue"]), currency),
            undrawn=Money(int(row["undrawn"]), currency),
            current_part=Money(int(row["current"]), currency),
            noncurrent_part=Money(int(row["noncurrent"]), currency),
        )
        for row in grouped
    )


def status_counts(chosen: LoanFilter) -> dict[LoanStatus, int]:
    """How many loans of a filter stand in each status."""
    counted = _filtered(chosen).values("status").annotate(loans=Count("loan_id")).order_by()
    return {LoanStatus(row["status"]): row["loans"] for row in counted}


def loan_page(loan_number: str, on: date) -> LoanPage:
    """The dossier of one loan at a date.

    Raises:
        LoanUnknown: there is none with this number.
    """
    loan = (
        Loan.objects.filter(number=loan_number, removed_at__isnull=True)
        .select_related("lender", "borrower", "guarantor")
        .first()
    )
    if loan is None:
        raise LoanUnknown(loan_number=loan_number)
    open_day = books.open_day().open_day
    version = loan.versions.order_by("-number").first()
    assert version is not None, loan_number  # noqa: S101 - stored with the loan
    event_rows = list(loan.events.order_by("number"))
    events = tuple(event_from(row.document) for row in event_rows)
    first = mapping.first_terms(loan)
    in_force = mapping.terms_in_force(first, events)
    projection = mapping.projection_of(version, first.currency.code)
    now = position(projection, on)
    names = {loan.lender_id: loan.lender.name, loan.borrower_id: loan.borrower.name}
    standing = {event.number for event in standing_events(events)}
    undone = {row.reverses for row in event_rows if row.reverses is not None}
    return LoanPage(
        loan_number=loan.number,
        side=Side(loan.side),
        on=on,
        open_day=open_day,
        lender=loan.lender_id,
        lender_name=loan.lender.name,
        borrower=loan.borrower_id,
        borrower_name=loan.borrower.name,
        guarantor_name=loan.guarantor.name if loan.guarantor else "",
        agreement_number=loan.agreement_number,
        purpose=loan.purpose,
        product=loan.product,
        external_status=loan.external_status,
        source=loan.source,
        recorded_at=loan.recorded_at,
        recorded_by=loan.recorded_by,
        set_aside_reason=loan.set_aside_reason,
        row=_loan_row(LoanReading.objects.get(pk=loan.pk), names, open_day),
        terms=in_force,
        term_class=term_class(first),
        rates=rates_so_far(first, events, projection, on),
        position=now,
        claims=claims_on(projection, now),
        schedule=schedule_on(projection, on),
        events=tuple(
            EventRow(
                number=row.number,
                kind=row.kind,
                value_date=row.value_date,
                amount=None
                if row.amount_minor is None
                else Money(row.amount_minor, first.currency),
                event=event,
                recorded_at=row.recorded_at,
                recorded_by=row.recorded_by,
                channel=row.channel,
                is_reversed=row.number in undone and row.number not in standing,
                reverses=row.reverses,
            )
            for row, event in zip(event_rows, events, strict=True)
        ),
        tranches=_tranches(loan),
        horizon=projection.horizon,
        version=version.number,
        yearly_cost=yearly_cost_of(projection, first),
    )


def projection_in_force(loan_number: str) -> Projection:
    """The projection behind every figure of a loan, for whoever asks why.

    Raises:
        LoanUnknown: there is none with this number.
    """
    version = (
        ProjectionVersion.objects.filter(loan__number=loan_number, loan__removed_at__isnull=True)
        .order_by("-number")
        .first()
    )
    if version is None:
        raise LoanUnknown(loan_number=loan_number)
    return mapping.projection_of(version, loan_currency(loan_number).code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A figure of a loan at a date, with its derivation and what its facts are called by."""

    loan_number: str
    figure: str
    on: date
    terms: Terms
    event_kinds: Mapping[int, str]
    derivation: Derivation


def explained(loan_number: str, figure: str, on: date) -> Explained:
    """Why a figure of a loan is what it is at the end of a date, by the version in force.

    Raises:
        LoanUnknown: there is none with this number.
        FigureUnknown: the loan has no such figure on that date.
    """
    loan = Loan.objects.filter(number=loan_number, removed_at__isnull=True).first()
    if loan is None:
        raise LoanUnknown(loan_number=loan_number)
    terms, events = mapping.first_terms(loan), mapping.events_of(loan)
    open_day = books.open_day().open_day
    return Explained(
        loan_number=loan.number,
        figure=figure,
        on=on,
        terms=mapping.terms_in_force(terms, events),
        event_kinds=dict(loan.events.values_list("number", "kind")),
        derivation=derivation_of(
            figure,
            mapping.facts(terms, events, mapping.SharedFactsCache(), open_day=open_day),
            projection_in_force(loan_number),
            on,
            policy=HOUSE_POLICY,
        ),
    )


def loan_currency(loan_number: str) -> Currency:
    """The currency a loan is kept in.

    Raises:
        LoanUnknown: there is none with this number.
    """
    code = (
        LoanReading.objects.filter(number=loan_number, loan__removed_at__isnull=True)
        .values_list("currency", flat=True)
        .first()
    )
    if code is None:
        raise LoanUnknown(loan_number=loan_number)
    return currency_of(code)


def currencies() -> tuple[str, ...]:
    """The codes of the currencies loans are kept in."""
    codes = LoanReading.objects.order_by("currency").values_list("currency", flat=True)
    return tuple(codes.distinct())


def lenders(limit: int) -> tuple[tuple[int, str], ...]:
    """Who lends in any loan, at most so many, by name: their keys and names."""
    return _parties_as("lender_id", limit)


def borrowers(limit: int) -> tuple[tuple[int, str], ...]:
    """Who borrows in any loan, at most so many, by name: their keys and names."""
    return _parties_as("borrower_id", limit)


def _parties_as(part: str, limit: int) -> tuple[tuple[int, str], ...]:
    pks = LoanReading.objects.order_by(part).values_list(part, flat=True).distinct()[:limit]
    names = party_names(list(pks))
    return tuple(sorted(names.items(), key=lambda named: named[1].casefold()))


def known_numbers() -> frozenset[str]:
    """The numbers of all loans."""
    return frozenset(Loan.objects.filter(removed_at__isnull=True).values_list("number", flat=True))


def recorded_upon(numbers: Collection[str]) -> frozenset[str]:
    """Those of some loans on which something else than an import was recorded."""
    found: set[str] = set()
    asked = sorted(numbers)
    for start in range(0, len(asked), 900):
        found.update(
            EventRecord.objects.filter(
                loan__number__in=asked[start : start + 900], loan__removed_at__isnull=True
            )
            .exclude(channel="import")
            .values_list("loan__number", flat=True)
        )
    return frozenset(found)


def portfolio(side: Side | None) -> Portfolio:
    """The loans of one side, or of both, with the steps of their principal as now known."""
    readings = LoanReading.objects.all()
    if side is not None:
        readings = readings.filter(side=side.value)
    rows = list(
        readings.order_by("loan_id").values_list(
            "side",
            "lender_id",
            "borrower_id",
            "currency",
            "term_class",
            "maturity_date",
            "version__block",
        )
    )
    return Portfolio(
        side=tuple(Side(row[0]) for row in rows),
        lender=np.array([row[1] for row in rows], dtype=np.int64),
        borrower=np.array([row[2] for row in rows], dtype=np.int64),
        currency=tuple(row[3] for row in rows),
        is_long_by_contract=np.array([row[4] == TermClass.LONG for row in rows], dtype=np.bool_),
        maturity=np.array([row[5].toordinal() if row[5] else 0 for row in rows], dtype=np.int32),
        principal=principal_steps(bytes(row[6]) for row in rows),
    )


def _filtered(chosen: LoanFilter) -> QuerySet[LoanReading]:
    rows = LoanReading.objects.all()  # a loan that is taken out loses its reading
    if chosen.side is not None:
        rows = rows.filter(side=chosen.side.value)
    if chosen.lender is not None:
        rows = rows.filter(lender_id=chosen.lender)
    if chosen.borrower is not None:
        rows = rows.filter(borrower_id=chosen.borrower)
    if chosen.currency:
        rows = rows.filter(currency=chosen.currency)
    if chosen.term_class is not None:
        rows = rows.filter(term_class=chosen.term_class.value)
    if chosen.statuses:
        rows = rows.filter(status__in=[status.value for status in chosen.statuses])
    for word in folded(chosen.text).split():
        rows = rows.filter(folded_text__contains=word)
    return rows


def _ordering(order: LoanOrder, *, descending: bool) -> list[OrderBy]:
    """Days that are missing come last either way; what stands in an index is asked for plainly."""
    last = True if order in {LoanOrder.NEXT_DUE, LoanOrder.MATURITY} else None
    return [
        F(column).desc(nulls_last=last) if descending else F(column).asc(nulls_last=last)
        for column in _ORDER_COLUMNS[order]
    ]


def _loan_row(row: LoanReading, names: dict[int, str], open_day: date) -> LoanRow:
    currency = currency_of(row.currency)
    late = (open_day - row.oldest_unpaid).days if row.oldest_unpaid else 0
    return LoanRow(
        loan_number=row.number,
        side=Side(row.side),
        lender=row.lender_id,
        lender_name=names[row.lender_id],
        borrower=row.borrower_id,
        borrower_name=names[row.borrower_id],
        currency=currency,
        status=LoanStatus(row.status),
        days_past_due=max(late, 0),
        has_penalties=row.has_penalties,
        is_restructured=row.is_restructured,
        is_by_statement=row.is_by_statement,
        has_assumptions=row.has_assumptions,
        outstanding=Money(row.outstanding_minor, currency),
        overdue=Money(row.overdue_minor, currency),
        undrawn=Money(row.undrawn_minor, currency),
        next_due_date=row.next_due_date,
        next_due=None if row.next_due_minor is None else Money(row.next_due_minor, currency),
        maturity_date=row.maturity_date,
        term_class=TermClass(row.term_class),
        current_part=Money(row.current_minor, currency),
        noncurrent_part=Money(row.noncurrent_minor, currency),
        nominal_rate=mapping.rate_of(row.nominal_rate),
        effective_rate=mapping.rate_of(row.effective_rate),
    )


def _tranches(loan: Loan) -> tuple[str, ...]:
    if not loan.agreement_number:
        return ()
    others = Loan.objects.filter(
        agreement_number=loan.agreement_number, removed_at__isnull=True
    ).exclude(pk=loan.pk)
    return tuple(others.order_by("number").values_list("number", flat=True))
