"""Which row of a table is its header: not always the first."""

from __future__ import annotations

import re
from collections.abc import Sequence

ROWS_LOOKED_AT = 40
_NUMBER = re.compile(r"[-+(]?[0-9][0-9 .,'\u00a0\u202f]*\)?%?")


def header_index(rows: Sequence[Sequence[str]]) -> int | None:
    """The index of the header among the first rows; None when all of them are empty.

    The header is the first row that is about as wide as the table and has words only: a title, a
    date and empty lines may stand above it.
    """
    filled = [[cell for cell in row if cell.strip()] for row in rows]
    widest = max((len(cells) for cells in filled), default=0)
    if not widest:
        return None
    for index, cells in enumerate(filled):
        if len(cells) * 10 >= widest * 6 and not any(_NUMBER.fullmatch(cell) for cell in cells):
            return index
    return next(index for index, cells in enumerate(filled) if cells)
