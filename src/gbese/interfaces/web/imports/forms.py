"""What a person sends: files, and which column is which fact."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gbese.apps.imports import queries
from gbese.apps.imports.conventions import COMMA, POINT, DateOrder
from gbese.apps.imports.mappings import (
    ColumnMapping,
    FileMapping,
    normal_header,
    shipped_mappings,
    with_columns,
)
from gbese.apps.imports.recognition import PORTFOLIO
from gbese.apps.imports.tables import Table
from gbese.core.contracts.terms import Side
from gbese.interfaces.web.imports import wording

_SAMPLES = 3


class UploadForm(forms.Form):
    """The choices that go with files; the files themselves are read from the request."""

    mapping = forms.ChoiceField(label=_("Mapping"), required=False)
    side = forms.ChoiceField(
        label=_("Whose books, where the files do not say"),
        required=False,
        choices=[
            ("", _("As the files say")),
            (Side.BORROWER.value, _("Loans received")),
            (Side.LENDER.value, _("Loans issued")),
        ],
    )
    currency = forms.CharField(
        label=_("Currency, where the files do not say"), required=False, max_length=3
    )

    def __init__(self, sent: QueryDict | None = None) -> None:
        super().__init__(sent, auto_id="upload-%s")
        named = [(row.name, row.title) for row in queries.mapping_choices()]
        choice = self.fields["mapping"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", _("The one that fits")), *named]
        for name, widget in (("mapping", "form-select"), ("side", "form-select")):
            self.fields[name].widget.attrs["class"] = widget
        self.fields["currency"].widget.attrs["class"] = "form-control"


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One fact, and the column that may hold it."""

    fact: str
    label: str
    is_required: bool
    chosen: str
    constant: str


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of the file with its first values."""

    header: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnsForm:
    """The columns of one file against the facts of a portfolio."""

    columns: tuple[FileColumn, ...]
    choices: tuple[ColumnChoice, ...]
    dates: str
    numbers: str
    rates: str
    name: str

    @classmethod
    def of(
        cls, table: Table, sent: QueryDict | None, chosen: FileMapping | None = None
    ) -> ColumnsForm:
        """As sent; else as chosen before, for this file or its headers, or as the headers tell."""
        mapping = chosen or queries.remembered_for(table.headers) or shipped_mappings()[PORTFOLIO]
        return cls(
            columns=_columns(table),
            choices=tuple(
                _choice(column, table, sent)
                for column in mapping.columns
                if column.fact in wording.FACTS
            ),
            dates=_sent(sent, "dates", mapping.date_order.value if mapping.date_order else ""),
            numbers=_sent(sent, "numbers", _style(mapping)),
            rates=_sent(sent, "rates", "percent" if mapping.is_percent else "fraction"),
            name=_sent(sent, "name", "" if mapping.name == PORTFOLIO else mapping.name),
        )

    def mapping(self) -> FileMapping:
        """The mapping these choices make."""
        made = with_columns(
            shipped_mappings()[PORTFOLIO],
            {choice.fact: choice.chosen for choice in self.choices},
            constants={choice.fact: choice.constant for choice in self.choices},
        )
        return replace(
            made,
            name=self.name or "own",
            title=self.name,
            date_order=DateOrder(self.dates) if self.dates else None,
            numbers={"point": POINT, "comma": COMMA}.get(self.numbers),
            is_percent=self.rates != "fraction",
        )


def _columns(table: Table) -> tuple[FileColumn, ...]:
    samples: list[list[str]] = [[] for _header in table.headers]
    for row in islice(table.rows, 50):
        for index, cell in enumerate(row.cells[: len(samples)]):
            if cell.strip() and len(samples[index]) < _SAMPLES:
                samples[index].append(cell.strip()[:40])
    return tuple(
        FileColumn(header, tuple(found))
        for header, found in zip(table.headers, samples, strict=True)
        if header
    )


def _choice(column: ColumnMapping, table: Table, sent: QueryDict | None) -> ColumnChoice:
    spelled = set(map(normal_header, column.headers))
    fitting = next((one for one in table.headers if normal_header(one) in spelled), "")
    return ColumnChoice(
        fact=column.fact,
        label=wording.column_text(column.fact),
        is_required=column.is_required,
        chosen=_sent(sent, f"column-{column.fact}", fitting),
        constant=_sent(sent, f"constant-{column.fact}", column.constant).strip(),
    )


def _style(mapping: FileMapping) -> str:
    if mapping.numbers is None:
        return ""
    return "comma" if mapping.numbers == COMMA else "point"


def _sent(sent: QueryDict | None, name: str, otherwise: str) -> str:
    return otherwise if sent is None else str(sent.get(name, ""))
