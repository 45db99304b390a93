"""The rows of imports, locked in a fixed order."""

from __future__ import annotations

from gbese.apps.imports.errors import RunUnknown
from gbese.apps.imports.models import ImportRun


def run(number: int) -> ImportRun:
    """One run, held until the transaction ends.

    Raises:
        RunUnknown: there is none of this number.
    """
    found = ImportRun.objects.select_for_update().filter(pk=number).first()
    if found is None:
        raise RunUnknown(run=number)
    return found
