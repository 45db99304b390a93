"""Print the number and hash of the last audit record: kept elsewhere, they prove the past."""

from __future__ import annotations

import argparse
import sys

from gbese.apps.identity import queries


def configure(parser: argparse.ArgumentParser) -> None:
    """No arguments; it prints one line, the number and the hash."""


def run(_arguments: argparse.Namespace) -> int:
    head = queries.audit_head()
    sys.stdout.write(f"{head.number} {head.record_hash}\n")
    return 0
