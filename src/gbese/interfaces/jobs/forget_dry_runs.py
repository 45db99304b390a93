"""Forget dry runs of imports that nobody has carried out, with their files."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from gbese.apps.identity.acts import Act
from gbese.apps.imports import services
from gbese.interfaces.jobs import TimedJob


def forget_dry_runs(act: Act) -> None:
    services.forget_dry_runs(age=timedelta(days=settings.ENVIRONMENT.dry_run_days), act=act)


JOB = TimedJob("forget-dry-runs", 24 * 3600, forget_dry_runs)
