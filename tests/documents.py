"""Pages of docs/ whose blocks of Python are one program, run in order."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def blocks(name: str) -> list[str]:
    """The blocks of Python of a page, in its order."""
    page = (DOCS / name).read_text("utf-8")
    return re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def run(name: str) -> None:
    """Run a page as one program; what it claims is asserted in it."""
    exec(compile("\n".join(blocks(name)), str(DOCS / name), "exec"), {})  # noqa: S102 - our own page
