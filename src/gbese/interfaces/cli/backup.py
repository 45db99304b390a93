"""Write a backup of the database and the files into one ZIP file, while the product may run."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from gbese.config import clock
from gbese.interfaces.cli import _backups as backups
from gbese.interfaces.cli._installation import environment


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FILE",
        help="the ZIP file to write; else one named by the time, in `backups` in the data",
    )


def run(arguments: argparse.Namespace) -> int:
    target = arguments.to or environment().data / "backups" / f"{clock.now():%Y%m%dT%H%M%SZ}.zip"
    manifest = backups.make(target)
    as_of = manifest.data_as_of.isoformat() if manifest.data_as_of else "the beginning"
    sys.stdout.write(
        f"{target}: {len(manifest.files)} files, data as of {as_of}, "
        f"audit record {manifest.audit_number} {manifest.audit_hash}\n"
    )
    return 0
