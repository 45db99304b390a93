"""Close the days of the books up to a date, in order; run it again after any fault."""

from __future__ import annotations

import argparse
import sys

from gbese.apps.closing import services
from gbese.apps.closing.services import Progress
from gbese.interfaces.cli._arguments import day
from gbese.interfaces.cli._installation import cli_act
from gbese.interfaces.web.books import wording  # words what closing refuses
from gbese.interfaces.web.wording import fact_text


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--date", required=True, type=day, metavar="YYYY-MM-DD", dest="day")


def run(arguments: argparse.Namespace) -> int:
    closed = services.close_to(day=arguments.day, act=cli_act(), progress=_tell)
    for finding in closed.findings:
        facts = ", ".join(f"{name} {fact_text(fact)}" for name, fact in finding.facts.items())
        sys.stdout.write(f"{finding.day} {finding.subject} {finding.code}: {facts}\n")
    exceptions = f", with {len(closed.findings)} exceptions" if closed.findings else ""
    sys.stdout.write(f"Closed to {closed.day}: {len(closed.days)} days of work done{exceptions}.\n")
    return 0


def _tell(progress: Progress) -> None:
    """On a terminal, one line that moves; nothing in a log."""
    if sys.stderr.isatty():
        step = wording.STEPS[progress.step]
        sys.stderr.write(f"\r{progress.day} {step} {progress.loans or ''}\x1b[K")
        sys.stderr.flush()
