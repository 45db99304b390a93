"""What `gbese export` can write: a module a subject.

A module has `COLUMNS`, the names of its columns, and `rows()`, which yields tuples of text in that
order (None is an empty cell). Adding a file adds a subject.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, cast

Row = tuple[str | None, ...]


class Subject(Protocol):
    """A module of this package."""

    COLUMNS: tuple[str, ...]

    def rows(self) -> Iterator[Row]: ...


def subject_names() -> tuple[str, ...]:
    """Every subject there is."""
    return tuple(sorted(found.name for found in iter_modules(__path__)))


def subject(name: str) -> Subject:
    """The subject of this name."""
    return cast("Subject", import_module(f"{__name__}.{name}"))
