"""Do the timed work apart from `serve`; several at once are safe."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from types import FrameType

from gbese.interfaces.cli import _installation as installation
from gbese.interfaces.jobs import runner, timed


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="do what is due, once, and end")
    parser.add_argument(
        "--with-parent", action="store_true", help="end when the process that started it ends"
    )


def run(arguments: argparse.Namespace) -> int:
    if arguments.once:
        done = [runner.run_once(job) for job in timed()]
        return 0 if all(done) else 1
    asked_to_end = threading.Event()
    _end_on_signal(asked_to_end)
    parent_lives = runner.parent_lives() if arguments.with_parent else lambda: True
    with installation.in_use():
        runner.run(timed(), is_wanted=lambda: not asked_to_end.is_set() and parent_lives())
    return 0


def _end_on_signal(asked_to_end: threading.Event) -> None:
    """End between two jobs, not in the middle of one."""

    def end(_number: int, _frame: FrameType | None) -> None:
        asked_to_end.set()

    signal.signal(signal.SIGTERM, end)
    if sys.platform != "win32":
        signal.signal(signal.SIGINT, end)
