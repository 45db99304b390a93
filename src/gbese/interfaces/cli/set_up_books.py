"""Open the books of the company, as the first-start page does: whose, where, since when."""

from __future__ import annotations

import argparse
import sys

from gbese.apps.bookkeeping import charts, services
from gbese.apps.bookkeeping.services import BooksStart, SidesKept
from gbese.core.ledger import fiscal_year_start
from gbese.interfaces.cli._arguments import day
from gbese.interfaces.cli._installation import cli_act


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True, help="of the company")
    parser.add_argument("--country", required=True, help="two letters, such as NG")
    parser.add_argument("--currency", required=True, help="three letters, such as NGN")
    parser.add_argument("--sides", default="both", choices=[side.value for side in SidesKept])
    parser.add_argument("--fiscal-year-start", type=int, default=1, metavar="MONTH")
    parser.add_argument("--time-zone", required=True, help="such as Africa/Lagos")
    parser.add_argument("--open-day", type=day, metavar="YYYY-MM-DD", help="else today there")
    parser.add_argument(
        "--books-from",
        type=day,
        metavar="YYYY-MM-01",
        help="else the fiscal year's first day",
    )
    parser.add_argument(
        "--chart", choices=charts.chart_names(), help="else the country's usual one"
    )
    parser.add_argument(
        "--cut-off-hour", type=int, default=0, help="0 is midnight, 1 to 23 of the next day"
    )


def run(arguments: argparse.Namespace) -> int:
    act = cli_act()
    usual = services.usual_start(
        country=arguments.country,
        time_zone=arguments.time_zone,
        fiscal_year_start_month=arguments.fiscal_year_start,
        recorded_at=act.recorded_at,
    )
    open_day = arguments.open_day or usual.open_day
    row = services.set_up_entity(
        name=arguments.name,
        country=arguments.country,
        base_currency=arguments.currency,
        fiscal_year_start_month=arguments.fiscal_year_start,
        time_zone=arguments.time_zone,
        sides=arguments.sides,
        act=act,
        start=BooksStart(
            books_from=arguments.books_from
            or fiscal_year_start(open_day, start_month=arguments.fiscal_year_start),
            open_day=open_day,
            chart=arguments.chart or usual.chart,
            cut_off_hour=arguments.cut_off_hour,
        ),
    )
    sys.stdout.write(f"The books of {row.name} begin on {row.books_from}, open on {open_day}.\n")
    return 0
