"""Gather what users read on pages into the catalogues, and compile them.

What commands and the API say is read by operators and programmers, in English.

    python tools/messages.py            bring the catalogues up to date and compile them
    python tools/messages.py --missing  also list what has no translation yet

No gettext tools are needed: Django turns a template into calls, Babel reads calls, polib writes.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from babel.messages.extract import extract
from django.utils.translation.template import templatize

INTERFACES = Path(__file__).resolve().parent.parent / "src/gbese/interfaces"
LOCALE = INTERFACES / "web/locale"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


@dataclass(frozen=True, order=True)
class Message:
    """One thing a user may read; `plural` is empty where there is no number."""

    text: str
    plural: str = ""
    context: str = ""


def messages() -> dict[Message, list[str]]:
    """Every message of the pages, with the files it is in."""
    found: dict[Message, list[str]] = {}
    for path in sorted((INTERFACES / "web").rglob("*")):
        if path.suffix not in {".py", ".html", ".js"} or "static" in path.parts:
            continue
        where = path.relative_to(INTERFACES).as_posix()
        for message in _in_file(path):
            places = found.setdefault(message, [])
            if where not in places:
                places.append(where)
    return found


def _in_file(path: Path) -> Iterator[Message]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    read = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)
    for _line, texts, _comments, context in read:
        if isinstance(texts, tuple):
            yield Message(texts[0], texts[1], context or "")
        elif texts:
            yield Message(texts, "", context or "")


def catalogues() -> list[Path]:
    """The catalogue of each language."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def update(catalogue: Path) -> polib.POFile:
    """Add what is new, drop what nobody reads any more, keep every translation."""
    kept = polib.pofile(str(catalogue), wrapwidth=98)
    known = {_message(entry): entry for entry in kept}
    fresh = polib.POFile(wrapwidth=98)
    fresh.metadata = kept.metadata
    fresh.header = kept.header
    for message, places in sorted(messages().items()):
        entry = known.get(message) or _entry(message)
        entry.occurrences = [(place, "") for place in places]
        entry.obsolete = False
        fresh.append(entry)
    fresh.save(str(catalogue))
    fresh.save_as_mofile(str(catalogue.with_suffix(".mo")))
    return fresh


def _message(entry: polib.POEntry) -> Message:
    return Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")


def _entry(message: Message) -> polib.POEntry:
    plural = {"msgid_plural": message.plural, "msgstr_plural": {0: ""}} if message.plural else {}
    flags = ["python-format"] if "%(" in message.text else []
    return polib.POEntry(msgid=message.text, msgctxt=message.context or None, flags=flags, **plural)


def is_translated(entry: polib.POEntry) -> bool:
    """Whether a reader of the language reads their own words."""
    return all(entry.msgstr_plural.values()) if entry.msgid_plural else bool(entry.msgstr)


if __name__ == "__main__":
    for catalogue in catalogues():
        updated = update(catalogue)
        missing = [entry.msgid for entry in updated if not is_translated(entry)]
        print(f"{catalogue.parent.parent.name}: {len(updated)} messages, {len(missing)} missing")
        if "--missing" in sys.argv:
            print(*(repr(text) for text in missing), sep="\n")
