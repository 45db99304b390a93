"""Print a link that signs one person in, once, within some minutes."""

from __future__ import annotations

import argparse
import sys

from gbese.interfaces.cli import _links as links


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--login", required=True)
    links.add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    sys.stdout.write(f"{links.new_link(arguments.login, arguments.address)}\n")
    return 0
