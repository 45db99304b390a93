"""The tour's blocks run, in order, as one program: what it claims of the code is so."""

from __future__ import annotations

import re
from pathlib import Path

TOUR = Path(__file__).resolve().parent.parent / "docs" / "tour.md"


def test_the_tour_runs() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", TOUR.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 4
    exec(compile("\n".join(blocks), str(TOUR), "exec"), {})  # noqa: S102 - our own page


def test_the_tour_names_modules_that_exist() -> None:
    package = TOUR.parent.parent / "src" / "gbese"
    named = re.findall(
        r"`((?:core|apps|columns|interfaces)/[a-z_/]+(?:\.py)?)`", TOUR.read_text("utf-8")
    )
    assert named
    assert [name for name in named if not (package / name).exists()] == []
