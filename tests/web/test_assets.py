"""What ships beside the pages: files of others, colours people can tell apart, no names left out."""

from __future__ import annotations

import hashlib
import json
import re
from itertools import combinations
from pathlib import Path

import pytest

from gbese.interfaces.web import wording
from gbese.interfaces.web.icons import drawings

ROOT = Path(__file__).parent.parent.parent
WEB = ROOT / "src/gbese/interfaces/web"
STATIC = WEB / "static/gbese"
SHEET = (STATIC / "gbese.css").read_text("utf-8")
TEMPLATES = sorted(WEB.glob("templates/**/*.html"))


def test_every_file_of_others_is_listed_with_its_digest() -> None:
    packages = json.loads((STATIC / "assets.json").read_text("utf-8"))
    listed = {name: digest for one in packages for name, digest in one["files"].items()}
    there = {f"vendor/{path.name}" for path in (STATIC / "vendor").iterdir()}
    assert set(listed) == there
    for name, digest in listed.items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest, name
    assert all(one["version"] and one["licence"] for one in packages)


def test_pages_use_no_class_that_was_left_out_of_the_sheet() -> None:
    dropped = set((ROOT / "tools/assets/dropped_classes.txt").read_text("utf-8").split())
    used = {
        name
        for path in TEMPLATES
        for classes in re.findall(r'class="([^"]*)"', path.read_text("utf-8"))
        for name in re.sub(r"\{[{%].*?[%}]\}", " ", classes).split()
    }
    assert not used & dropped, "run tools/vendor_assets.py again"


def test_pages_use_only_drawings_that_are_in_the_sprite() -> None:
    drawn = set(drawings())
    for path in TEMPLATES:
        asked = set(re.findall(r'\{% icon "([\w-]+)"', path.read_text("utf-8")))
        assert asked <= drawn, path.name
    assert {look.icon for look in wording.status_legend()} <= drawn


def test_every_line_of_the_sprite_is_drawn() -> None:
    sprite = (STATIC / "vendor/icons.svg").read_text("utf-8")
    assert len(drawings()) == sprite.count("<symbol ")
    for name, drawn in drawings().items():
        symbol = sprite.partition(f'id="{name}"')[2].partition(">")[2].partition("</symbol>")[0]
        lines = re.findall(r' d="([^"]+)"', symbol)
        assert drawn == " ".join(lines)
        assert symbol.count("<") == len(lines)  # there is nothing else in it


def test_no_template_has_a_script_or_a_style_of_its_own() -> None:
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text), path.name
        scripts = re.findall(r"<script[^>]*>", text)
        assert all(" src=" in script for script in scripts), path.name


def test_amounts_are_printed_by_the_money_tag_alone() -> None:
    """No template takes the digits of an amount into its own hands."""
    for path in TEMPLATES:
        text = path.read_text("utf-8")
        assert "floatformat" not in text, path.name
        assert "intcomma" not in text, path.name
        assert not re.search(r"\{\{[^}]*\.(minor|amount|plain)\b", text), path.name


def tokens(theme: str) -> dict[str, str]:
    start = (
        SHEET.index(":root {") if theme == "light" else SHEET.index('\n[data-bs-theme="dark"] {')
    )
    block = SHEET[start : SHEET.index("\n}", start)]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_statuses_are_readable(theme: str) -> None:
    colours = tokens(theme)
    for look in wording.status_legend():
        ink, ground = colours[f"{look.token}-ink"], colours[f"{look.token}-ground"]
        assert contrast(ink, ground) >= 4.5, (look.token, contrast(ink, ground))
    assert contrast(colours["ink"], colours["paper"]) >= 7
    assert contrast(colours["ink-soft"], colours["sheet"]) >= 4.5
    assert contrast(colours["ink-soft"], colours["sheet-sunk"]) >= 4.5
    assert contrast(colours["line-strong"], colours["sheet"]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_worse_a_delay_the_stronger_it_looks(theme: str) -> None:
    """Bands of delay differ in lightness, not in hue alone: told apart with any colour vision."""
    colours = tokens(theme)
    grounds = [luminance(colours[f"in_delay_{first}-ground"]) for first, _ in wording.BUCKETS]
    for one, other in combinations(range(len(grounds)), 2):
        assert grounds[one] != grounds[other]
    if theme == "light":
        assert grounds == sorted(grounds, reverse=True)


def test_every_status_has_a_word_an_icon_and_a_meaning() -> None:
    looks = wording.status_legend()
    assert len({(look.token, look.word) for look in looks}) == len(looks)
    assert all(look.icon and look.meaning for look in looks)
