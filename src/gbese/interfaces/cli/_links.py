"""One-time sign-in links as addresses."""

from __future__ import annotations

import argparse
from datetime import timedelta

from gbese.apps.identity import services
from gbese.interfaces.cli._installation import cli_act, environment
from gbese.interfaces.sign_in import link_path


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--address", default="http://127.0.0.1:8000", help="where the product is served"
    )


def new_link(login: str, address: str) -> str:
    """A link that signs this person in once, within some minutes.

    Raises:
        UserUnknown: nobody has this login.
    """
    lives_for = timedelta(seconds=environment().sign_in_link_seconds)
    secret = services.make_sign_in_link(login=login, lives_for=lives_for, act=cli_act())
    return f"{address.rstrip('/')}{link_path(secret)}"
