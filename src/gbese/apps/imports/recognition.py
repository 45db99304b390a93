"""Which recipe reads the files somebody sends: told by their headers, or by a mapping's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from gbese.apps.imports.mappings import (
    ColumnsMissing,
    FileMapping,
    MappingNotRecognised,
    MappingUnknown,
    shipped_mappings,
)
from gbese.apps.imports.plans import Recipe
from gbese.apps.imports.recipes.consumer import Consumer
from gbese.apps.imports.recipes.czech_bank import CzechBank
from gbese.apps.imports.recipes.lender_statements import LenderStatements
from gbese.apps.imports.recipes.portfolio import Portfolio
from gbese.apps.imports.recipes.rates import RatesRecipe
from gbese.apps.imports.recipes.treasury import Treasury
from gbese.apps.imports.tables import Table

PORTFOLIO = "portfolio"

# Recipes that find their own mappings among the shipped ones, several files of one source together.
SOURCES: tuple[Callable[[], Recipe], ...] = (RatesRecipe, CzechBank, Consumer, Treasury)

# Recipes that are given one mapping, which a person may have made.
BY_MAPPING: Mapping[str, Callable[[FileMapping], Recipe]] = {
    "lender_statement": LenderStatements,
    PORTFOLIO: Portfolio,
}


@dataclass(frozen=True, slots=True)
class Known:
    """The mappings to choose from: those shipped, and those people made here."""

    shipped: Mapping[str, FileMapping] = field(default_factory=shipped_mappings)
    remembered: Sequence[FileMapping] = ()

    def named(self, name: str) -> FileMapping | None:
        for mapping in self.remembered:
            if mapping.name == name:
                return mapping
        return self.shipped.get(name)


def recognised(
    tables: Sequence[Table], known: Known, *, mapping: str = ""
) -> tuple[Recipe, Sequence[Table]]:
    """The recipe, and the tables it reads: sheets of a workbook that are no loans stay out.

    Raises:
        The same as `recipe_for`.
    """
    try:
        return recipe_for(tables, known, mapping=mapping), tables
    except (MappingNotRecognised, ColumnsMissing):
        chosen = [
            table for table in tables if not table.sheet or _is_recognised(table, known, mapping)
        ]
        if not chosen or len(chosen) == len(tables):
            raise
        return recipe_for(chosen, known, mapping=mapping), chosen


def _is_recognised(table: Table, known: Known, mapping: str) -> bool:
    try:
        recipe_for([table], known, mapping=mapping)
    except (MappingNotRecognised, ColumnsMissing):
        return False
    return True


def recipe_for(tables: Sequence[Table], known: Known, *, mapping: str = "") -> Recipe:
    """The recipe that reads these tables.

    Args:
        tables: all of one import; one recipe reads them together.
        known: mappings to choose from; a person's own come first, then the narrowest.
        mapping: the name of a mapping or of a recipe, where a person has chosen.

    Raises:
        MappingUnknown: nothing has this name.
        ColumnsMissing: the chosen mapping needs columns a file does not have.
        MappingNotRecognised: nothing chosen, and nothing fits.
    """
    if mapping:
        return _chosen(tables, known, mapping)
    for own in known.remembered:
        recipe = BY_MAPPING[own.recipe](own)
        if recipe.recognises(tables):
            return recipe
    candidates = [source() for source in SOURCES]
    narrowest_first = sorted(
        (found for found in known.shipped.values() if found.recipe in BY_MAPPING),
        key=lambda found: -sum(column.is_required for column in found.columns),
    )
    candidates += [BY_MAPPING[found.recipe](found) for found in narrowest_first]
    for recipe in candidates:
        if recipe.recognises(tables):
            return recipe
    unknown = next(iter(tables))
    raise MappingNotRecognised(file=unknown.file_name, headers=", ".join(unknown.headers[:40]))


def _chosen(tables: Sequence[Table], known: Known, name: str) -> Recipe:
    found = known.named(name)
    if found is not None and found.recipe in BY_MAPPING:
        for table in tables:
            if missing := found.missing_from(table.headers):
                raise ColumnsMissing(file=table.file_name, mapping=name, columns=", ".join(missing))
        return BY_MAPPING[found.recipe](found)
    for source in SOURCES:
        recipe = source()
        if name == recipe.name or (found is not None and found.recipe == recipe.name):
            if not recipe.recognises(tables):
                raise ColumnsMissing(file=tables[0].file_name, mapping=name, columns="")
            return recipe
    raise MappingUnknown(mapping=name)
