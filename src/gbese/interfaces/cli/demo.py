"""Make the demonstration company: invented loans of both sides, as they stand today."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from gbese.apps.demonstration.services import make_demonstration
from gbese.interfaces.cli import _links as links
from gbese.interfaces.cli._installation import cli_act

_STAGES = {
    "inventing": "Inventing a portfolio",
    "opening": "Opening loans",
    "living": "Living the last days",
}


def configure(parser: argparse.ArgumentParser) -> None:
    links.add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks = {stage: bars.add_task(words, total=None) for stage, words in _STAGES.items()}

        def told(stage: str, done: int, of: int) -> None:
            bars.update(tasks[stage], completed=done, total=of)

        login = make_demonstration(act=cli_act(), progress=told)
    sys.stdout.write(f"The demonstration company is ready; {login} is its administrator.\n")
    sys.stdout.write(f"{links.new_link(login, arguments.address)}\n")
    return 0
