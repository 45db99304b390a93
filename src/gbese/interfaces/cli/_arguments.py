"""What commands are given, read exactly; what is wrong is told as a person would."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import date

from gbese.interfaces.days import day_of


def day(text: str) -> date:
    """A day, written 2026-03-31.

    Raises:
        ArgumentTypeError: it is not one; the command's help is shown with the reason.
    """
    found = day_of(text)
    if found is None:
        told = f"“{text}” is not a day from 1900 to 2200; write it as 2026-03-31"
        raise ArgumentTypeError(told)
    return found
