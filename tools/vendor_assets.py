"""Copy the front-end files of others into the package, and write down what they are.

A maintainer runs `npm ci` in a copy of `tools/assets` and `pip install fonttools brotli`, then

    python tools/vendor_assets.py <that folder>/node_modules

Users and continuous integration need neither: the copies are committed, and a test recomputes the
digests of `assets.json`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

WEB = Path(__file__).parent.parent / "src/gbese/interfaces/web"
STATIC = WEB / "static/gbese"
DROPPED = Path(__file__).parent / "assets/dropped_classes.txt"
VENDOR = STATIC / "vendor"

SCRIPTS_OF = ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext")
# The letters of the Latin languages of Africa and Europe, and the signs of currencies, are two fifths of
# the file that has them; what phonetics and the like need is in the whole file, which few pages read.
COMMON_LATIN = "U+0100-024F,U+0304,U+0308,U+0329,U+1E00-1E9F,U+1EF2-1EFF,U+20A0-20AB,U+20AD-20C0"
# Yoruba writes an accent over a letter of its own; the accent is in the file of the letter, and a page
# need not read Cyrillic for it.
ACCENT = "U+0301,"
NOTO = "@fontsource-variable/noto-sans"
NOTO_ARABIC = "@fontsource-variable/noto-sans-arabic"

# The names of the drawings the templates use; a test compares them with the templates.
ICONS = sorted((Path(__file__).parent / "assets/icons.txt").read_text(encoding="utf-8").split())


@dataclass
class Package:
    """One package and the files taken from it: name in the product → sha256."""

    package: str
    version: str
    licence: str
    files: dict[str, str] = field(default_factory=dict)


def main(node_modules: Path) -> None:
    """Copy everything anew; what is no longer listed disappears."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    packages = [
        _tabler(node_modules),
        _copied(
            node_modules,
            "echarts",
            {
                "dist/echarts.common.min.js": "echarts.common.min.js",
                "LICENSE": "echarts.LICENSE.txt",
                "NOTICE": "echarts.NOTICE.txt",
            },
        ),
        _copied(
            node_modules,
            NOTO,
            {
                f"files/noto-sans-{script}-wght-normal.woff2": f"noto-sans-{script}.woff2"
                for script in SCRIPTS_OF
            }
            | {"LICENSE": "noto-sans.LICENSE.txt"},
        ),
        _common_latin(node_modules),
        _copied(
            node_modules,
            NOTO_ARABIC,
            {"files/noto-sans-arabic-arabic-wght-normal.woff2": "noto-sans-arabic.woff2"},
        ),
        _icon_sprite(node_modules),
        _htmx(),
    ]
    _font_faces(node_modules)
    (STATIC / "assets.json").write_text(
        json.dumps([asdict(package) for package in packages], indent=2) + "\n", encoding="utf-8"
    )


def _copied(node_modules: Path, name: str, files: dict[str, str]) -> Package:
    package = _described(node_modules, name)
    for source, target in files.items():
        content = (node_modules / name / source).read_bytes()
        if target.endswith((".css", ".js")):  # the maps are not shipped
            content = re.sub(rb"\n?(/\*|//)# sourceMappingURL=[^\n*]*(\*/)?\s*$", b"\n", content)
        _written(package, f"vendor/{target}", content)
    return package


def _common_latin(node_modules: Path) -> Package:
    package = _described(node_modules, NOTO)
    package.package += " (common letters)"
    whole = node_modules / NOTO / "files/noto-sans-latin-ext-wght-normal.woff2"
    with tempfile.TemporaryDirectory() as folder:
        cut = Path(folder) / "cut.woff2"
        subprocess.run(
            [
                *(sys.executable, "-m", "fontTools.subset", whole, f"--output-file={cut}"),
                *(f"--unicodes={COMMON_LATIN}", "--flavor=woff2"),
                *("--layout-features=*", "--name-IDs=*", "--no-hinting"),
            ],
            check=True,
        )
        _written(package, "vendor/noto-sans-latin-common.woff2", cut.read_bytes())
    return package


def _tabler(node_modules: Path) -> Package:
    """The rules of Tabler for what our pages use: a tenth of it, so a page is styled sooner.

    The names left out are written down; a test finds a page that uses one of them.
    """
    package = _described(node_modules, "@tabler/core")
    package.package += " (the rules of the classes our pages use)"
    used = words_of_pages()
    dropped: set[str] = set()
    for name in ("tabler.min.css", "tabler.rtl.min.css"):
        sheet = (node_modules / "@tabler/core/dist/css" / name).read_text("utf-8")
        sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
        _written(package, f"vendor/{name}", (_kept(sheet, used, dropped) + "\n").encode())
    DROPPED.write_text("\n".join(sorted(dropped)) + "\n", encoding="utf-8")
    return package


def words_of_pages() -> set[str]:
    """Every word in templates, scripts and code that may be the name of a class."""
    words: set[str] = set()
    for path in (*WEB.rglob("*.html"), *WEB.rglob("*.py"), *STATIC.glob("*.js")):
        words.update(re.findall(r"[A-Za-z_][\w-]*", path.read_text("utf-8")))
    return words


def _kept(sheet: str, used: set[str], dropped: set[str]) -> str:
    """A sheet without the rules that no word asks for; what was dropped is added to `dropped`."""
    kept, at = [], 0
    while (opening := sheet.find("{", at)) >= 0:
        closing = _end_of_block(sheet, opening)
        head, body = sheet[at:opening].strip(), sheet[opening + 1 : closing]
        at = closing + 1
        while ";" in head and head.startswith(("@charset", "@import")):
            head = head.partition(";")[2].strip()
        if head.startswith(("@media", "@supports", "@container")):
            if inside := _kept(body, used, dropped):
                kept.append(f"{head}{{{inside}}}")
        elif head.startswith("@keyframes"):
            if head.split()[1] == "spinner-border":
                kept.append(f"{head}{{{body}}}")
        elif head.startswith("@"):
            kept.append(f"{head}{{{body}}}")
        else:
            selectors = [
                selector for selector in _split(head) if _is_asked_for(selector, used, dropped)
            ]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def _is_asked_for(selector: str, used: set[str], dropped: set[str]) -> bool:
    classes = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", re.sub(r"\\.", "", selector)))
    missing = classes - used
    dropped |= missing
    return not missing


def _split(selectors: str) -> list[str]:
    """Selectors of one rule; commas inside brackets do not part them."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(selectors):
        depth += letter in "(["
        depth -= letter in ")]"
        if letter == "," and not depth:
            parts.append(selectors[start:place])
            start = place + 1
    return [*parts, selectors[start:]]


def _end_of_block(sheet: str, opening: int) -> int:
    depth, quote = 0, ""
    for place in range(opening, len(sheet)):
        letter = sheet[place]
        if quote:
            quote = "" if letter == quote and sheet[place - 1] != "\\" else quote
        elif letter in "\"'":
            quote = letter
        elif letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
            if not depth:
                return place
    return len(sheet)


def _icon_sprite(node_modules: Path) -> Package:
    package = _described(node_modules, "@tabler/icons")
    symbols = []
    for name in ICONS:
        drawing = node_modules / "@tabler/icons/icons/outline" / f"{name}.svg"
        paths = re.findall(r"<(?:path|circle|rect|line)\b[^>]*/>", drawing.read_text("utf-8"))
        body = "".join(path for path in paths if 'd="M0 0h24v24H0z"' not in path)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    _written(package, "vendor/icons.svg", sprite.encode())
    licence = (node_modules / "@tabler/icons/LICENSE").read_bytes()
    _written(package, "vendor/tabler.LICENSE.txt", licence)
    return package


def _htmx() -> Package:
    """Htmx comes inside the wheel of django-htmx, so it needs no npm."""
    spec = importlib.util.find_spec("django_htmx")
    if spec is None or spec.origin is None:
        sys.exit("django-htmx is not installed here")
    content = (Path(spec.origin).parent / "static/django_htmx/htmx-2.min.js").read_bytes()
    found = re.search(rb'version:"(2\.[0-9.]+)"', content)
    package = Package(
        f"htmx.org (in django-htmx {version('django-htmx')})",
        found[1].decode() if found else "2",
        "0BSD",
    )
    _written(package, "vendor/htmx.min.js", content)
    return package


def _font_faces(node_modules: Path) -> None:
    """Write fonts.css: which file serves which letters."""
    ranges = json.loads((node_modules / NOTO / "unicode.json").read_text("utf-8"))
    ranges["cyrillic"] = ranges["cyrillic"].removeprefix(ACCENT)
    faces = [
        _font_face("Noto Sans", f"noto-sans-{script}.woff2", ranges[script])
        for script in SCRIPTS_OF
    ]
    # The later of two faces with the same letter is read.
    faces.insert(2, _font_face("Noto Sans", "noto-sans-latin-common.woff2", COMMON_LATIN))
    ranges = json.loads((node_modules / NOTO_ARABIC / "unicode.json").read_text("utf-8"))
    faces.append(_font_face("Noto Sans", "noto-sans-arabic.woff2", ranges["arabic"]))
    (STATIC / "fonts.css").write_text("".join(faces), encoding="utf-8")


def _font_face(family: str, file: str, unicode_range: str) -> str:
    return (
        "@font-face {\n"
        f'  font-family: "{family}";\n'
        "  font-style: normal;\n"
        "  font-display: swap;\n"
        "  font-weight: 100 900;\n"
        f'  src: url("vendor/{file}") format("woff2");\n'
        f"  unicode-range: {unicode_range};\n"
        "}\n"
    )


def _described(node_modules: Path, name: str) -> Package:
    told = json.loads((node_modules / name / "package.json").read_text("utf-8"))
    return Package(told["name"], told["version"], told["license"])


def _written(package: Package, name: str, content: bytes) -> None:
    (STATIC / name).write_bytes(content)
    package.files[name] = hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
