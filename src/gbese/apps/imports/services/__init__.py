"""What is done with imports."""

from gbese.apps.imports.services.commit_import import CommittedRun, commit_import
from gbese.apps.imports.services.forget_dry_runs import forget_dry_runs
from gbese.apps.imports.services.plan_import import PlannedRun, plan_import
from gbese.apps.imports.services.remember_mapping import forget_mapping, remember_mapping
from gbese.apps.imports.services.undo_import import UndoneRun, undo_import

__all__ = [
    "CommittedRun",
    "PlannedRun",
    "UndoneRun",
    "commit_import",
    "forget_dry_runs",
    "forget_mapping",
    "plan_import",
    "remember_mapping",
    "undo_import",
]
