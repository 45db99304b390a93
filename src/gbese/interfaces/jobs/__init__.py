"""Timed work: what the product does by itself, while `gbese serve` or `gbese worker` runs.

A job is a function of one argument, the `Act` it is recorded under (login `system`, channel `job`).
It stands in a module of its own here, and in `timed()`. Jobs run one after another; the same job
never runs twice at once, on this machine or another; a killed one runs again in its turn. So a job
does what is due now, and nothing when it was done already.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from gbese.apps.identity.acts import Act


class TimedJob(NamedTuple):
    """One piece of timed work: its name, how often it runs, and what it does."""

    name: str
    every_seconds: int
    function: Callable[[Act], None]


def timed() -> tuple[TimedJob, ...]:
    """Every job there is: a module of this package that has a `JOB` adds one."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    return tuple(module.JOB for module in modules if hasattr(module, "JOB"))
