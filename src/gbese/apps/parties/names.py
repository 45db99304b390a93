"""Names as they are searched: one spelling for all ways of writing a letter."""

from __future__ import annotations

import unicodedata

# Letters that carry their mark inside, so that decomposition does not take it off.
_BARRED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "ғ": "г",
     "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х", "ә": "а", "і": "и"}
)  # fmt: skip


def folded(name: str) -> str:
    """A name without case, marks or double spaces: Ọlá → ola, Ёлкин → елкин, Қазақстан → казакстан.

    Whoever searches types on the keyboard they have, so Kazakh letters meet their Russian kin.
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.translate(_BARRED).split())
