from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from gbese.apps.identity.acts import Act
from gbese.apps.imports import storage
from gbese.apps.imports.models import ImportFile, ImportRun


@transaction.atomic
def forget_dry_runs(*, age: timedelta, act: Act) -> int:
    """Forget dry runs nobody has carried out for so long, and files no run needs; how many runs.

    A file stays while any run has it, and as long as the age allows somebody to choose its columns.
    """
    before: datetime = act.recorded_at - age
    abandoned = ImportRun.objects.filter(state=ImportRun.State.PLANNED, planned_at__lt=before)
    forgotten = abandoned.count()
    abandoned.delete()
    needed = frozenset(ImportFile.objects.values_list("sha256", flat=True))
    transaction.on_commit(lambda: storage.forget(before=before, needed=needed))
    return forgotten
