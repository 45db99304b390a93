"""A program: the demonstration company with as many loans as asked, in the data of the environment.

    python -m bench._portfolio 10000

The first 320 are the demonstration's own; the others are lives of a second seed, opened in copies.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import replace
from random import Random
from typing import Any

import django

SEED = 41
LIVES = 320


def main(count: int) -> None:
    django.setup()
    from gbese.apps.lending import services as lending
    from gbese.interfaces.cli._installation import cli_act, prepare

    prepare()
    act = cli_act()
    making: Any = importlib.import_module("gbese.apps.demonstration.services.make_demonstration")
    making.make_demonstration(act=act)
    copies = list(_copies(making, act, count - LIVES))
    lending.open_loans(
        loans=copies,
        act=replace(act, request_id=making.uuid5(act.request_id, "copies")),
        source="bench",
    )
    print(f"{LIVES + len(copies)} loans")


def _copies(making: Any, act: Any, count: int) -> Any:
    from gbese.apps.bookkeeping import queries as books
    from gbese.apps.parties.services import find_or_add_parties

    today = books.open_day().open_day
    company = making.cast(Random(making._SEED), clients=making._ISSUED)
    known = find_or_add_parties(parties=company.everybody(), act=act)
    lives = making.loans(
        Random(SEED),
        today=today,
        received=making._RECEIVED,
        issued=making._ISSUED,
        banks=len(company.banks),
        shared=making._shared(today),
    )
    for number in range(count):
        life = lives[number % len(lives)]
        events = tuple(event for event in life.events if event.value_date <= today)
        copied = replace(life, number=f"C{number // len(lives)}-{life.number}", events=events)
        yield making._new_loan(copied, company, known, copied.events)


if __name__ == "__main__":
    main(int(sys.argv[1]))
