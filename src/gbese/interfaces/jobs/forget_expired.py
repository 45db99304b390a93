"""Forget what has run out: sessions, sign-in links, old pauses after wrong passwords."""

from __future__ import annotations

from django.core.management import call_command

from gbese.apps.identity import services
from gbese.apps.identity.acts import Act
from gbese.interfaces.jobs import TimedJob


def forget_expired(act: Act) -> None:
    call_command("clearsessions", verbosity=0)
    services.forget_expired_links(act=act)


JOB = TimedJob("forget-expired", 24 * 3600, forget_expired)
