"""Tell why a figure of a loan is what it is, step by step, down to the facts."""

from __future__ import annotations

import argparse
import sys

from gbese.apps.bookkeeping import queries as bookkeeping
from gbese.apps.lending import queries
from gbese.interfaces.cli._arguments import day
from gbese.interfaces.web.why.shown import ShownStep, shown

_STEPS_DO_NOT_ADD_UP = 1


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help="of the loan")
    parser.add_argument(
        "figure", metavar="FIGURE", help="such as debt, interest.overdue, 3.principal, payment.2"
    )
    parser.add_argument("--on", type=day, metavar="YYYY-MM-DD")


def run(arguments: argparse.Namespace) -> int:
    on = arguments.on or bookkeeping.open_day().open_day
    found = queries.explained(arguments.number, arguments.figure, on)
    _tell(shown(found, found.derivation), 0)
    return 0 if found.derivation.re_adds() else _STEPS_DO_NOT_ADD_UP


def _tell(step: ShownStep, depth: int) -> None:
    about = f" ({step.about})" if step.about else ""
    source = f"  [{step.fact or step.formula}]" if step.fact or step.formula else ""
    sys.stdout.write(f"{'  ' * depth}{step.name}{about}: {step.figure}{source}\n")
    for part in step.parts:
        _tell(part, depth + 1)
