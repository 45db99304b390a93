"""Programs that the kill trials start and kill: `python -m tests.kill.programs NAME ARGUMENTS`.

They run on the installation that the environment names, through the services, as the product does.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import django

django.setup()

from django.db import connection, connections  # noqa: E402

from gbese.apps.bookkeeping import queries as books  # noqa: E402
from gbese.apps.bookkeeping.services import BooksStart, set_up_entity  # noqa: E402
from gbese.apps.closing.services import close_to  # noqa: E402
from gbese.apps.closing.verification import verify  # noqa: E402
from gbese.apps.identity.acts import Act  # noqa: E402
from gbese.apps.lending import services as lending  # noqa: E402
from gbese.apps.parties.mapping import NewParty  # noqa: E402
from gbese.apps.parties.services import find_or_add_parties  # noqa: E402
from gbese.config import clock  # noqa: E402
from gbese.core.calendars.day_counts import DayCount  # noqa: E402
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit  # noqa: E402
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Side, Terms  # noqa: E402
from gbese.core.money import Currency, Money  # noqa: E402
from gbese.core.servicing.events import Drawn  # noqa: E402
from tests.kill.requests import LOANS, request_of  # noqa: E402

NGN = Currency("NGN", 2)
OPEN_DAY = date(2026, 3, 2)
CLIENTS = 4


def _act(request: str) -> Act:
    return Act(
        login="amina",
        recorded_at=clock.now(),
        request_id=request_of(request),
        channel="api",
    )


def prepare() -> None:
    """Books, two parties, and loans of both sides."""
    set_up_entity(
        name="Kill Trials",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="both",
        start=BooksStart(books_from=date(2026, 1, 1), open_day=OPEN_DAY, chart="ng"),
        act=_act("books"),
    )
    ours, other = find_or_add_parties(
        parties=[NewParty(name="Kill Trials"), NewParty(name="Counterparty")], act=_act("parties")
    )
    lending.open_loans(
        loans=[_loan(number, ours.pk, other.pk) for number in range(LOANS)],
        act=_act("loans"),
        source="trial",
    )


def _loan(number: int, ours: int, other: int) -> lending.NewLoan:
    side = Side.LENDER if number % 2 else Side.BORROWER
    principal = Money(120_000_000 + number * 100, NGN)
    terms = Terms(
        currency=NGN,
        principal=principal,
        signed_on=date(2026, 1, 10),
        interest_from=date(2026, 1, 10),
        first_due_date=date(2026, 2, 10),
        maturity_date=date(2028, 1, 10),
        frequency=Frequency(1, FrequencyUnit.MONTH),
        schedule_kind=ScheduleKind.ANNUITY,
        rate=RateTerms(fixed=Decimal("0.24")),
        day_count=DayCount.ACT_365F,
    )
    return lending.NewLoan(
        loan_number=f"L-{number}",
        side=side,
        lender=ours if side is Side.LENDER else other,
        borrower=other if side is Side.LENDER else ours,
        terms=terms,
        events=(Drawn(number=1, value_date=date(2026, 1, 10), amount=principal),),
    )


def pay(first: str, after_last: str) -> None:
    """Send payments from four clients; print the number of each one that was acknowledged."""

    def client(place: int) -> None:
        for payment in range(int(first) + place, int(after_last), CLIENTS):
            lending.record(
                loan_number=f"L-{payment % LOANS}",
                made=lending.repayment(received=Money(100_000 + payment, NGN), value_date=OPEN_DAY),
                act=_act(f"payment {payment}"),
            )
            sys.stdout.write(f"{payment}\n")
            sys.stdout.flush()
        connections.close_all()

    with ThreadPoolExecutor(CLIENTS) as clients:
        for _ in clients.map(client, range(CLIENTS)):
            pass


def close(day: str) -> None:
    """Close every day up to `day`."""
    act = Act(
        login="system",
        recorded_at=clock.now(),
        request_id=uuid4(),
        channel="job",
    )
    close_to(day=date.fromisoformat(day), act=act, progress=lambda _: None)


def report() -> None:
    """Print what is on record, as JSON: payments by request, the books, and what `verify` finds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT request_id, count(*) FROM lending_loanevent GROUP BY request_id")
        events = {str(UUID(str(request))): count for request, count in cursor.fetchall()}
        cursor.execute("SELECT count(*) FROM lending_loan")
        (loans,) = cursor.fetchone()
    found = verify(progress=lambda _: None)
    day = books.open_day().open_day
    told = {
        "events": events,
        "loans": loans,
        "open_day": day.isoformat(),
        "entries": found.entries,
        "trial_balance": repr(books.trial_balance(day)),
        "mismatches": [f"{wrong.code} {wrong.subject} {wrong.facts}" for wrong in found.mismatches],
        "doubts": [doubt.code for doubt in found.doubts],
    }
    sys.stdout.write(json.dumps(told))


PROGRAMS: dict[str, Callable[..., None]] = {
    "prepare": prepare,
    "pay": pay,
    "close": close,
    "report": report,
}


def main(words: list[str]) -> None:
    """Run one program, or several with `then` between them."""
    while words:
        end = words.index("then") if "then" in words else len(words)
        PROGRAMS[words[0]](*words[1:end])
        words = words[end + 1 :]


if __name__ == "__main__":
    main(sys.argv[1:])
