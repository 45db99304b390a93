"""Make the data directory, its secret key and an empty database; there is no default password.

With --company it also sets up the books, as the first start does on the screen. Doing it again
changes nothing, and a company that is there is not set up twice.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date

from gbese.apps.bookkeeping import services as bookkeeping
from gbese.interfaces.cli import _installation as installation


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--company", metavar="NAME", help="set up the books of this company")
    parser.add_argument("--country", default="NG", help="where it is, ISO 3166-1 (NG)")
    parser.add_argument("--currency", default="NGN", help="of its books, ISO 4217 (NGN)")
    parser.add_argument("--time-zone", default="Africa/Lagos", help="where its day ends")
    parser.add_argument(
        "--sides",
        default="both",
        choices=("borrower", "lender", "both"),
        help="which loans it keeps",
    )
    parser.add_argument(
        "--fiscal-year-start-month", type=int, default=1, metavar="MONTH", help="1 to 12 (1)"
    )
    parser.add_argument(
        "--business-date",
        type=date.fromisoformat,
        metavar="DATE",
        help="first open day; else today",
    )
    parser.add_argument(
        "--books-from", type=date.fromisoformat, metavar="DATE", help="first day of the books"
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.company:
        entity = bookkeeping.set_up_entity(
            name=arguments.company,
            country=arguments.country,
            base_currency=arguments.currency,
            fiscal_year_start_month=arguments.fiscal_year_start_month,
            time_zone=arguments.time_zone,
            sides=arguments.sides,
            start=_start(arguments),
            act=installation.cli_act(),
        )
        sys.stdout.write(f"The books of {entity.name} begin on {entity.books_from}.\n")
    sys.stdout.write(f"Ready in {installation.environment().data}.\n")
    return 0


def _start(arguments: argparse.Namespace) -> bookkeeping.BooksStart:
    usual = bookkeeping.usual_start(
        country=arguments.country,
        time_zone=arguments.time_zone,
        fiscal_year_start_month=arguments.fiscal_year_start_month,
        recorded_at=installation.cli_act().recorded_at,
    )
    open_day = arguments.business_date or usual.open_day
    books_from = arguments.books_from or min(usual.books_from, open_day.replace(day=1))
    return bookkeeping.BooksStart(books_from=books_from, open_day=open_day, chart=usual.chart)
