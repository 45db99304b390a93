"""The catalogues: complete, compiled, and every word of a template in them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from babel.numbers import format_decimal
from django.template import Context, Template
from django.utils import translation

from gbese.core.money import Currency, Money
from gbese.interfaces.web import formatting
from gbese.interfaces.web.languages import mirrored, register_preview
from tools import messages

TEMPLATES = sorted(messages.INTERFACES.glob("web/templates/**/*.html"))
# Words that are the same in every language.
NAMES = {"Gbese", "CSV", "Excel", "API", "gbese init", "/", "?", "g", "d", "l", "t", "i", "n", "j"}
NAMES |= {"k", "Enter", "Esc", "·", "—", "…", "=", "· Gbese"}
NAMES |= {"wide", "outside"}  # names of classes, in blocks of their own


@pytest.fixture(params=messages.catalogues(), ids=lambda path: path.parent.parent.name)
def catalogue(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_a_catalogue_has_every_message(catalogue: Path) -> None:
    kept = {
        messages.Message(entry.msgid, entry.msgid_plural or "", entry.msgctxt or "")
        for entry in polib.pofile(str(catalogue))
    }
    missing = set(messages.messages()) - kept
    assert not missing, "run tools/messages.py, then translate what is new"


def test_a_catalogue_is_translated(catalogue: Path) -> None:
    entries = polib.pofile(str(catalogue))
    missing = [entry.msgid for entry in entries if not messages.is_translated(entry)]
    assert not missing


def test_a_translation_names_only_facts_of_its_message(catalogue: Path) -> None:
    for entry in polib.pofile(str(catalogue)):
        told = set(re.findall(r"%\((\w+)\)[sd]", entry.msgid + (entry.msgid_plural or "")))
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            assert set(re.findall(r"%\((\w+)\)[sd]", text)) <= told, entry.msgid


def test_a_catalogue_is_compiled_as_it_stands(catalogue: Path) -> None:
    compiled = polib.mofile(str(catalogue.with_suffix(".mo")))
    told = {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural)
        for entry in polib.pofile(str(catalogue))
        if messages.is_translated(entry)
    }
    assert {
        (entry.msgctxt, entry.msgid): (entry.msgstr, entry.msgstr_plural) for entry in compiled
    } == told


class Literals(HTMLParser):
    """The texts of a page that no tag translated."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside.append(tag)
        for name, value in attrs:
            if name in {"title", "aria-label", "placeholder", "alt"} and value:
                self.handle_data(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self._inside):
            self.found += [text for text in data.split("\0") if text.strip()]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_word_of_a_template_is_left_untranslated(path: Path) -> None:
    text = path.read_text("utf-8")
    text = re.sub(r"\{% blocktranslate.*?\{% endblocktranslate %\}", "\0", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "\0", text, flags=re.DOTALL)
    text = re.sub(r"<[^<>]*>", lambda tag: tag[0].replace("\0", " "), text)
    literals = Literals()
    literals.feed(text)
    words = {
        found.strip()
        for found in literals.found
        if re.search(r"[^\W\d_]{2,}", found) and found.strip() not in NAMES
    }
    words = {word for word in words if not re.fullmatch(r"[\w.:-]*[:\d][\w.:-]*", word)}
    assert not words


def test_yoruba_is_read_with_its_own_dates_and_the_amounts_of_the_books() -> None:
    page = Template(
        '{% load gbese i18n %}{% translate "Loans" %} {% money m %} {% day d %} {% percent r %}'
    )
    told = {
        "m": Money(-123_456_789, Currency("NGN", 2)),
        "d": date(2026, 3, 5),
        "r": Decimal("0.0725"),
    }
    with translation.override("yo"):
        shown = page.render(Context(told))
    assert "Àwọn awin" in shown
    assert "−1,234,567.89" in shown
    assert "5 Ẹrẹ̀nà 2026" in shown
    assert "7.25%" in shown


def test_the_largest_amount_is_written_to_its_last_digit() -> None:
    page = Template("{% load gbese %}{% money m bare=True %}")
    shown = page.render(Context({"m": Money(8_999_999_999_999_999_999, Currency("NGN", 2))}))
    assert ">89,999,999,999,999,999.99<" in shown
    assert 'dir="ltr"' in shown


@pytest.mark.parametrize("language", ["en", "yo", "ar-xb"])
@pytest.mark.parametrize("exponent", [0, 2, 3])
@pytest.mark.parametrize("minor", [0, 7, 99, 1_000, 123_456, 999_999, 1_234_567_890_12])
def test_amounts_are_grouped_as_cldr_groups(language: str, exponent: int, minor: int) -> None:
    amount = Money(minor, Currency("XTS", exponent))
    pattern = "#,##0" + ("." + "0" * exponent if exponent else "")
    locale = formatting.locale_of(language)
    expected = format_decimal(amount.amount, pattern, locale=locale)
    assert formatting.money_text(amount, language) == expected
    assert formatting.number_text(minor, language) == format_decimal(minor, locale=locale)


def test_the_preview_turns_words_and_keeps_facts() -> None:
    assert "%(count)s" in mirrored("%(count)s loans")
    assert mirrored("loans") != "loans"
    register_preview()
    with translation.override("ar-xb"):
        assert translation.get_language_bidi()
        assert translation.gettext("Loans") == mirrored("Loans")
