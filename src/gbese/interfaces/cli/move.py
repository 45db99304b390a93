"""Move all data from SQLite to an empty PostgreSQL database, and prove that they are the same."""

from __future__ import annotations

import argparse
import sys

from gbese.interfaces.cli._moving import Moved, move


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", required=True, metavar="URL", help="postgres://user:…@host/name")


def run(arguments: argparse.Namespace) -> int:
    moved = move(arguments.to, progress=_tell)
    sys.stdout.write(
        f"{len(moved)} tables, {sum(table.rows for table in moved)} rows are the same on both "
        "sides.\nNow set GBESE_DATABASE_URL to the new address. The data directory still keeps the "
        "files; the SQLite database in it is as it was.\n"
    )
    return 0


def _tell(table: Moved) -> None:
    if table.rows:
        sys.stdout.write(f"{table.table}: {table.rows} rows, SHA-256 {table.digest}\n")
