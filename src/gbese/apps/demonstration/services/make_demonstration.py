"""The demonstration company, from an empty database to a day in its life."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from gbese.apps.bookkeeping import services as bookkeeping
from gbese.apps.closing.services import close_to
from gbese.apps.demonstration.people import COMPANY, Cast, cast
from gbese.apps.demonstration.portfolio import InventedLoan, loans
from gbese.apps.demonstration.rates import REFERENCE, SOURCE, base_rate, exchange_rates
from gbese.apps.identity import services as identity
from gbese.apps.identity.acts import Act
from gbese.apps.identity.permissions import Role
from gbese.apps.lending import services as lending
from gbese.apps.parties.services import PartyRef, find_or_add_parties
from gbese.apps.rates import services as rates
from gbese.apps.rates.kinds import JumpPolicy
from gbese.core.calendars.business_days import Calendar
from gbese.core.contracts.terms import Side
from gbese.core.projections.facts import SharedFacts
from gbese.core.rates.reference import Fixing, Fixings
from gbese.core.servicing.events import LoanEvent

ADMINISTRATOR = "adunni"
_STAFF = (
    ("bisi", "Bísí Adéọlá", Role.ACCOUNTANT),
    ("chike", "Chike Obi", Role.LOAN_OFFICER),
    ("funmi", "Fúnmi Ọlátúnjí", Role.CASHIER),
    ("mira", "Mira Sadykova", Role.MANAGER),
    ("tunde", "Túndé Bákàrè", Role.AUDITOR),
)
_SEED = 20261
_RECEIVED, _ISSUED = 44, 276
_TIME_ZONE = "Africa/Lagos"
_LIVED_DAYS = 30  # the last days are lived one by one; what was before is taken over with history
_RATES_DAYS = 1100
Told = Callable[[str, int, int], None]


@transaction.atomic
def make_demonstration(*, act: Act, progress: Told = lambda _stage, _done, _of: None) -> str:
    """Make the demonstration company as it stands on the day of the act, whole or not at all.

    The same day gives the same company: names, loans, rates and events are invented by a fixed
    seed. Nobody has a password; people come in by a sign-in link.

    Args:
        act: who asks, and when; its day is the company's today.
        progress: told the stage, how far it is, of how much.

    Returns:
        The login of its administrator.

    Raises:
        AlreadySetUp: there is a user already.
    """
    today = act.recorded_at.astimezone(ZoneInfo(_TIME_ZONE)).date()
    first_lived = today - timedelta(days=_LIVED_DAYS)
    chance = Random(_SEED)  # noqa: S311 - invented, not secret
    _people(act, first_lived)
    _books(act, first_lived)
    _rates(chance, act, first_lived, today)
    progress("inventing", 0, _RECEIVED + _ISSUED)
    company = cast(chance, clients=_ISSUED)
    invented = loans(
        chance,
        today=today,
        received=_RECEIVED,
        issued=_ISSUED,
        banks=len(company.banks),
        shared=_shared(today),
    )
    known = find_or_add_parties(
        parties=company.everybody(), act=_at(act, first_lived, "parties", ADMINISTRATOR)
    )
    _take_over(invented, company, known, first_lived, act, progress)
    _live(invented, company, known, first_lived, today, act, progress)
    return ADMINISTRATOR


def _people(act: Act, day: date) -> None:
    identity.create_first_user(
        login=ADMINISTRATOR, full_name="Àdùnní Ìrètí", act=_at(act, day, "first", "system")
    )
    for login, full_name, role in _STAFF:
        identity.create_user(
            login=login,
            full_name=full_name,
            role=role,
            act=_at(act, day, f"user:{login}", ADMINISTRATOR),
        )


def _books(act: Act, first_lived: date) -> None:
    bookkeeping.set_up_entity(
        name=COMPANY,
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone=_TIME_ZONE,
        sides="both",
        act=_at(act, first_lived, "books", ADMINISTRATOR),
        start=bookkeeping.BooksStart(
            books_from=date(first_lived.year, 1, 1), open_day=first_lived, chart="ng"
        ),
    )


def _rates(chance: Random, act: Act, first_lived: date, today: date) -> None:
    first = today - timedelta(days=_RATES_DAYS)
    rates.record_exchange_rates(
        rates=exchange_rates(chance, first, today),
        jumps=JumpPolicy.RECORD,
        note=SOURCE,
        act=_at(act, first_lived, "exchange", ADMINISTRATOR),
    )
    rates.record_fixings(
        series=[base_rate(first, today)],
        note=SOURCE,
        act=_at(act, first_lived, "fixings", ADMINISTRATOR),
    )


def _shared(today: date) -> SharedFacts:
    series = base_rate(today - timedelta(days=_RATES_DAYS), today)
    return SharedFacts(
        calendar=Calendar(code="", weekend=frozenset(), holidays=frozenset()),
        fixings=Fixings(
            series=REFERENCE,
            source=SOURCE,
            rows=tuple(Fixing(row.valid_on, Decimal(row.rate)) for row in series.fixings),
            max_age_days=series.max_age_days,
        ),
    )


def _take_over(
    invented: Sequence[InventedLoan],
    company: Cast,
    known: Sequence[PartyRef],
    first_lived: date,
    act: Act,
    progress: Told,
) -> None:
    """Open the loans signed before the lived days, with what had happened by then."""
    older = [loan for loan in invented if loan.terms.signed_on < first_lived]
    lending.open_loans(
        loans=[
            _new_loan(
                loan,
                company,
                known,
                tuple(event for event in loan.events if event.value_date < first_lived),
            )
            for loan in older
        ],
        act=_at(act, first_lived, "open", "chike"),
        source="demonstration",
        progress=lambda done: progress("opening", done, len(older)),
    )


def _live(
    invented: Sequence[InventedLoan],
    company: Cast,
    known: Sequence[PartyRef],
    first_lived: date,
    today: date,
    act: Act,
    progress: Told,
) -> None:
    """Record what happened on each of the last days on its day, and close it."""
    signed: dict[date, list[InventedLoan]] = defaultdict(list)
    happened: dict[date, list[tuple[InventedLoan, int, LoanEvent]]] = defaultdict(list)
    for loan in invented:
        if loan.terms.signed_on >= first_lived:
            signed[loan.terms.signed_on].append(loan)
        for place, event in enumerate(loan.events):
            if event.value_date >= first_lived:
                happened[event.value_date].append((loan, place, event))
    for passed in range(_LIVED_DAYS + 1):
        day = first_lived + timedelta(days=passed)
        progress("living", passed, _LIVED_DAYS)
        for loan in signed[day]:
            lending.open_loan(
                new=_new_loan(loan, company, known, ()),
                act=_at(act, day, f"open:{loan.number}", "chike"),
            )
        for loan, place, event in happened[day]:
            lending.record_several(
                loan_number=loan.number,
                events=(event,),
                act=_at(act, day, f"{loan.number}/{place}", "funmi"),
            )
        if day < today:
            close_to(
                day=day,
                act=_at(act, day, "close", "bisi", hour=23),
                progress=lambda _: None,
            )


def _new_loan(
    loan: InventedLoan, company: Cast, known: Sequence[PartyRef], events: tuple[LoanEvent, ...]
) -> lending.NewLoan:
    own = known[0].pk
    if loan.side is Side.BORROWER:
        lender, borrower = known[1 + loan.counterparty].pk, own
    else:
        lender, borrower = own, known[1 + len(company.banks) + loan.counterparty].pk
    return lending.NewLoan(
        loan_number=loan.number,
        side=loan.side,
        lender=lender,
        borrower=borrower,
        terms=loan.terms,
        events=events,
        purpose=loan.purpose,
        product=loan.product,
    )


def _at(act: Act, day: date, what: str, login: str, *, hour: int = 10) -> Act:
    """An act of one of the staff on a day of the demonstration, never after the act itself."""
    moment = datetime.combine(day, time(hour), tzinfo=ZoneInfo(_TIME_ZONE))
    return Act(
        login=login,
        recorded_at=min(moment, act.recorded_at),
        request_id=uuid5(act.request_id, f"{day}/{what}"),
        channel=act.channel,
    )
