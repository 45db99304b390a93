"""Make the lists anew from the facts, and check that every stored version is what they give."""

from __future__ import annotations

import argparse
import sys

from gbese.apps.bookkeeping import queries as books
from gbese.apps.lending import services

MOST_TOLD = 100


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")


def run(arguments: argparse.Namespace) -> int:
    day = books.open_day().open_day
    if not arguments.check:
        rebuilt = services.rebuild(day=day, progress=_tell)
        sys.stdout.write(f"{rebuilt} loans read anew on {day}.\n")
    drifted = list(services.drifts(limit=MOST_TOLD))
    for drift in drifted:
        sys.stdout.write(f"{drift.what}_differs {drift.loan_number}\n")
    sys.stdout.write(
        f"{len(drifted)} differ.\n" if drifted else "Every version is what its facts give.\n"
    )
    return 1 if drifted else 0


def _tell(loans: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{loans}\x1b[K")
        sys.stderr.flush()
