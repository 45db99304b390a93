"""The drawings of the pages, from the sprite that ships with them.

A page holds the lines of each drawing it shows. A reference to the sprite would be fewer bytes, but
a browser follows it after the first frame only, and then lays out the page a second time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="0 0 24 24">(.*?)</symbol>')
_PATH = re.compile(r'<path d="(M[^"]+)" />')


@cache
def drawings() -> Mapping[str, str]:
    """The lines of every drawing by its name, as one path in a square of 24 by 24."""
    sprite = files("gbese.interfaces.web").joinpath("static/gbese/vendor/icons.svg")
    symbols = _SYMBOL.findall(sprite.read_text("utf-8"))
    # Each path begins where it says, so that one after the other they draw the same.
    return {name: " ".join(_PATH.findall(body)) for name, body in symbols}
