"""Print, compare and export repayment schedules; no data directory and no database are needed.

Terms come from a TOML or YAML file, or from the options as one set; an option beside a file holds
for every set in it. In a file the options are fields: `first_due_date` for `--first-due-date`.
Tables give a file several sets of terms by name, and a table's `rows` list the due dates and the
principal of a schedule that follows no rule.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gbese.config.files import written_whole
from gbese.core.calendars.day_counts import DayCount
from gbese.core.money import Rounding
from gbese.core.projections.schedule import schedule
from gbese.interfaces.cli import _schedule_tables as tables
from gbese.interfaces.cli._errors import OutputNeedsFile, TermsNotNamed
from gbese.interfaces.cli._offers import FREQUENCIES, KINDS, Offer, offer, offers_in

_FORMATS = ("text", "csv", "json", "xlsx")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="sets of terms")
    parser.add_argument("--set", metavar="NAME", action="append", help="of FILE; repeatable")
    parser.add_argument(
        "--compare", action="store_true", help="side by side, with the difference from the first"
    )
    parser.add_argument("--format", choices=_FORMATS, default="text")
    parser.add_argument("--to", type=Path, metavar="OUT", help="else standard output")
    written = parser.add_argument_group("terms")
    written.add_argument("--principal", metavar="AMOUNT", help="what is lent, such as 1000000.00")
    written.add_argument("--currency", metavar="CODE", help="three letters, such as NGN")
    written.add_argument("--rate", help="a year: 24%% or 0.24")
    written.add_argument("--instalments", metavar="COUNT", help="or else the maturity date")
    written.add_argument("--starts-on", metavar="YYYY-MM-DD", help="when interest starts")
    written.add_argument("--first-due-date", metavar="YYYY-MM-DD", help="else after one period")
    written.add_argument("--maturity-date", metavar="YYYY-MM-DD")
    written.add_argument(
        "--schedule-kind", choices=[each.value for each in KINDS], help="else annuity"
    )
    written.add_argument("--frequency", choices=tuple(FREQUENCIES), help="else monthly")
    written.add_argument(
        "--day-count", choices=[each.value for each in DayCount], help="else equal_periods"
    )
    written.add_argument("--balloon", metavar="AMOUNT", help="left for the last instalment")
    written.add_argument(
        "--principal-grace-instalments", metavar="COUNT", help="that carry interest only"
    )
    written.add_argument("--instalment-fee", metavar="AMOUNT", help="with each instalment")
    written.add_argument("--instalment-multiple", metavar="AMOUNT", help="such as 100.00")
    roundings = [each.value for each in Rounding]
    written.add_argument("--instalment-rounding", choices=roundings, help="else half_up")
    written.add_argument("--rounding", choices=roundings, help="of interest; else half_up")


_NO_TERMS = frozenset({"file", "set", "compare", "format", "to"})


def run(arguments: argparse.Namespace) -> int:
    offers = _offers(arguments)
    priced = [(each.name, schedule(each.terms)) for each in offers]
    made = tables.comparison(priced) if arguments.compare else tables.listing(priced)
    if arguments.format == "xlsx" and arguments.to is None:
        raise OutputNeedsFile(format=arguments.format)
    with _output(arguments.to) as output:
        tables.write(made, output, arguments.format)
    return 0


def _offers(arguments: argparse.Namespace) -> tuple[Offer, ...]:
    said = {
        name: fact
        for name, fact in vars(arguments).items()
        if name not in _NO_TERMS and fact is not None
    }
    if arguments.file is None:
        return (offer("terms", said),)
    found = offers_in(arguments.file, said)
    wanted = arguments.set or [each.name for each in found]
    by_name = {each.name: each for each in found}
    if unknown := sorted(set(wanted) - set(by_name)):
        raise TermsNotNamed(name=unknown[0], names=tuple(by_name))
    return tuple(by_name[name] for name in wanted)


@contextmanager
def _output(path: Path | None) -> Iterator[BinaryIO]:
    if path is None:
        yield sys.stdout.buffer
        return
    with written_whole(path) as part, part.open("wb") as file:
        yield file
