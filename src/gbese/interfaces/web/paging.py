"""Where a reader is in a long list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list of `row_count` rows; pages count from 1."""

    page_number: int
    page_rows: int
    row_count: int

    @property
    def offset(self) -> int:
        return (self.page_number - 1) * self.page_rows

    @property
    def page_count(self) -> int:
        return max(-(-self.row_count // self.page_rows), 1)

    @property
    def first_row(self) -> int:
        return self.offset + 1 if self.row_count else 0

    @property
    def last_row(self) -> int:
        return min(self.offset + self.page_rows, self.row_count)

    @property
    def has_previous(self) -> bool:
        return self.page_number > 1

    @property
    def has_next(self) -> bool:
        return self.page_number < self.page_count

    @property
    def previous_number(self) -> int:
        return self.page_number - 1

    @property
    def next_number(self) -> int:
        return self.page_number + 1


def paging(asked: str | None, *, page_rows: int, row_count: int) -> Paging:
    """The page asked for, or the nearest there is."""
    number = int(asked) if asked and asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1
    last = max(-(-row_count // page_rows), 1)
    return Paging(min(max(number, 1), last), page_rows, row_count)
