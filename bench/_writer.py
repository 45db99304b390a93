"""A program beside an import: it makes books with one loan, charges it again and again, counts.

    python -m bench._writer prepare | charge | check

`charge` goes on until its input ends, and prints how long each charge took, in milliseconds.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import date
from decimal import Decimal

import django

django.setup()

from gbese.apps.bookkeeping import services as bookkeeping  # noqa: E402
from gbese.apps.lending import queries  # noqa: E402
from gbese.apps.lending import services as lending  # noqa: E402
from gbese.apps.parties.services import NewParty, find_or_add_parties  # noqa: E402
from gbese.core.calendars.day_counts import DayCount  # noqa: E402
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit  # noqa: E402
from gbese.core.contracts.terms import RateTerms, ScheduleKind, Side, Terms  # noqa: E402
from gbese.core.money import Currency, Money  # noqa: E402
from gbese.core.servicing.events import Component, Drawn  # noqa: E402
from gbese.interfaces.cli._installation import cli_act, prepare  # noqa: E402

NGN = Currency("NGN", 2)
OPEN_DAY, SIGNED_ON = date(2026, 3, 2), date(2026, 1, 10)
PAUSE_SECONDS = 0.2


def make() -> None:
    """Books of a lender, and the loan that is charged."""
    prepare()
    bookkeeping.set_up_entity(
        name="Bench Lending",
        country="NG",
        base_currency="NGN",
        fiscal_year_start_month=1,
        time_zone="Africa/Lagos",
        sides="both",
        start=bookkeeping.BooksStart(books_from=date(2026, 1, 1), open_day=OPEN_DAY, chart="ng"),
        act=cli_act(),
    )
    ours, other = find_or_add_parties(
        parties=[NewParty(name="Bench Lending", country="NG"), NewParty(name="Client")],
        act=cli_act(),
    )
    principal = Money(1_000_000_00, NGN)
    lending.open_loan(
        new=lending.NewLoan(
            loan_number="W-1",
            side=Side.LENDER,
            lender=ours.pk,
            borrower=other.pk,
            terms=Terms(
                currency=NGN,
                principal=principal,
                signed_on=SIGNED_ON,
                interest_from=SIGNED_ON,
                first_due_date=date(2026, 2, 10),
                maturity_date=date(2027, 1, 10),
                frequency=Frequency(1, FrequencyUnit.MONTH),
                schedule_kind=ScheduleKind.ANNUITY,
                rate=RateTerms(fixed=Decimal("0.24")),
                day_count=DayCount.ACT_365F,
            ),
            events=(Drawn(number=1, value_date=SIGNED_ON, amount=principal),),
        ),
        act=cli_act(),
    )


def charge() -> None:
    """Charge 1.00 until the input ends."""
    ended = threading.Event()
    threading.Thread(target=_wait_for_end, args=(ended,), daemon=True).start()
    waits: list[float] = []
    while not ended.wait(PAUSE_SECONDS):
        began = time.perf_counter()
        lending.record(
            loan_number="W-1",
            made=lending.charge(
                component=Component.FEE,
                amount=Money(1_00, NGN),
                charge_kind="reminder",
                value_date=OPEN_DAY,
            ),
            act=cli_act(),
        )
        waits.append(1_000 * (time.perf_counter() - began))
    sys.stdout.write(json.dumps(waits))


def _wait_for_end(ended: threading.Event) -> None:
    sys.stdin.read()
    ended.set()


def check() -> None:
    """How many loans there are, and how many charges."""
    charges = [one for one in queries.loan_page("W-1", OPEN_DAY).events if one.kind == "charged"]
    told = {"loans": len(queries.known_numbers()), "charges": len(charges)}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    {"prepare": make, "charge": charge, "check": check}[sys.argv[1]]()
