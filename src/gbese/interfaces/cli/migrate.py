"""Bring the tables of the database up to this version of the program."""

from __future__ import annotations

import argparse
import sys

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from gbese.interfaces.cli import _installation as installation


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plan", action="store_true", help="only print what would be done")


def run(arguments: argparse.Namespace) -> int:
    installation.environment().prepare()
    if not arguments.plan:
        installation.migrate()
        sys.stdout.write("The database has the tables of this version.\n")
        return 0
    executor = MigrationExecutor(connection)
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        sys.stdout.write(f"{migration.app_label}.{migration.name}\n")
    return 0
