"""Where a reader is in a long list."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from gbese.interfaces.web.addresses import NoSuchPage, whole_asked


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


def paging(query: QueryDict, *, page_rows: int, row_count: int) -> Paging:
    """The page of a list that an address asks for; the first where it asks for none.

    Raises:
        WrongNumber: it is not a number.
        NoSuchPage: the list has no such page.
    """
    number = whole_asked(query, "page")
    found = Paging(1 if number is None else number, page_rows, row_count)
    if not 1 <= found.page_number <= found.page_count:
        raise NoSuchPage(part="page", text=str(found.page_number), page_count=found.page_count)
    return found
