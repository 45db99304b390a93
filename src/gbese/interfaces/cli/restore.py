"""Put a backup in the place of the data; it is checked whole before anything is replaced."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gbese.interfaces.cli import _backups as backups


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a ZIP file that `gbese backup` wrote")
    parser.add_argument(
        "--replace", action="store_true", help="replace the data that are here; they are lost"
    )


def run(arguments: argparse.Namespace) -> int:
    manifest = backups.restore(arguments.file, replace=arguments.replace)
    as_of = manifest.data_as_of.isoformat() if manifest.data_as_of else "the beginning"
    sys.stdout.write(
        f"Restored {arguments.file}: data as of {as_of}, "
        f"audit record {manifest.audit_number} {manifest.audit_hash}\n"
    )
    return 0
