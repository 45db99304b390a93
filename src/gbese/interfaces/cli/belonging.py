"""Say that a party is the company under another name, such as a branch, whose loans it keeps."""

from __future__ import annotations

import argparse
import sys

from gbese.apps.bookkeeping import queries as books
from gbese.apps.parties import services
from gbese.interfaces.cli._installation import cli_act


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True, help="of the branch, as loans name it")
    parser.add_argument("--country", help="two letters; else the company's own")
    parser.add_argument("--no", action="store_true", help="it does not belong to it any longer")


def run(arguments: argparse.Namespace) -> int:
    entity, act = books.entity(), cli_act()
    party = services.find_or_add_party(
        name=arguments.name,
        country=arguments.country or entity.country,
        kind=services.PartyKind.ORGANISATION,
        act=act,
    )
    services.set_belonging(party=party.pk, belongs_to_entity=not arguments.no, act=act)
    belongs = "does not belong" if arguments.no else "belongs"
    sys.stdout.write(f"{party.name} {belongs} to {entity.name}.\n")
    return 0
