"""Make the data directory, its secret key and an empty database; there is no default password."""

from __future__ import annotations

import argparse
import sys

from gbese.interfaces.cli import _installation as installation


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments; doing it again changes nothing. The books begin with `set-up-books`."""


def run(_arguments: argparse.Namespace) -> int:
    sys.stdout.write(f"Ready in {installation.environment().data}.\n")
    return 0
