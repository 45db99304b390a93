"""The refusals of imports that are not about one file or one cell."""

from __future__ import annotations

from gbese.core.errors import Refusal


class FilesMissing(Refusal):
    """No file was given."""

    code = "files_missing"


class RunUnknown(Refusal):
    """There is no import with this number."""

    code = "import_unknown"


class AlreadyImported(Refusal):
    """The same bytes were imported before, and that import stands. Facts: `run`, `on`."""

    code = "already_imported"


class RunNotPlanned(Refusal):
    """The import is committed already, or was undone. Facts: `run`, `state`."""

    code = "import_not_planned"


class RunNotCommitted(Refusal):
    """Only an import that was carried out can be undone. Facts: `run`, `state`."""

    code = "import_not_committed"


class RunHasFaults(Refusal):
    """Rows of the import have faults, and nobody agreed to leave them out. Facts: `faults`."""

    code = "import_has_faults"


class RunIsEmpty(Refusal):
    """The import would change nothing."""

    code = "import_is_empty"


class PlanChanged(Refusal):
    """The books changed since the dry run, so that the import would now do something else."""

    code = "import_plan_changed"


class FileMissing(Refusal):
    """The file of an import is no longer in the store, or is not what it was. Facts: `file`."""

    code = "import_file_missing"


class RunRestsUnderLater(Refusal):
    """Later imports continue the loans of this one: undo them first. Facts: `runs`, `loans`."""

    code = "import_continued_later"


class LoansChangedSince(Refusal):
    """Something else was recorded on loans of the import. Facts: `loans`, `count`."""

    code = "import_loans_changed"


class MappingNameTaken(Refusal):
    """A shipped mapping has this name. Facts: `mapping`."""

    code = "mapping_name_taken"
