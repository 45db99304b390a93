"""Let a person in: the password comes on standard input, or a one-time link is printed."""

from __future__ import annotations

import argparse
import getpass
import sys

from gbese.apps.identity import services
from gbese.apps.identity.permissions import Role
from gbese.interfaces.cli import _links as links
from gbese.interfaces.cli._errors import PasswordMissing
from gbese.interfaces.cli._installation import cli_act


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--login", required=True)
    parser.add_argument("--role", required=True, choices=[role.value for role in Role])
    parser.add_argument("--name", required=True, help="the person's full name")
    parser.add_argument("--language", default="en")
    links.add_options(parser)
    parser.add_argument(
        "--link", action="store_true", help="ask for no password and print a sign-in link"
    )


def run(arguments: argparse.Namespace) -> int:
    user = services.create_user(
        login=arguments.login,
        full_name=arguments.name,
        role=arguments.role,
        language=arguments.language,
        password=None if arguments.link else _password(),
        act=cli_act(),
    )
    sys.stdout.write(f"{user.login} may sign in as {user.role}.\n")
    if arguments.link:
        sys.stdout.write(f"{links.new_link(user.login, arguments.address)}\n")
    return 0


def _password() -> str:
    typed = (
        getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    )
    if not typed:
        raise PasswordMissing
    return typed
