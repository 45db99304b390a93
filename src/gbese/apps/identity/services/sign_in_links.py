from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from gbese.apps.identity import locks, mapping
from gbese.apps.identity.acts import Act
from gbese.apps.identity.errors import SignInLinkInvalid
from gbese.apps.identity.mapping import UserRow
from gbese.apps.identity.models import SignInLink
from gbese.apps.identity.secrets import digest, new_secret
from gbese.apps.identity.services.audit import record_audit


@transaction.atomic
def make_sign_in_link(*, login: str, lives_for: timedelta, act: Act) -> str:
    """A secret that signs this person in once; the edge makes an address of it.

    Raises:
        UserUnknown: nobody has this login.
    """
    user = locks.user(login)
    secret = new_secret()
    SignInLink.objects.create(
        user=user,
        token_digest=digest(secret),
        made_at=act.recorded_at,
        made_by=act.login,
        expires_at=act.recorded_at + lives_for,
    )
    record_audit(
        act=act, what="sign_in_link.made", subject=f"user:{user.login}", before={}, after={}
    )
    return secret


def is_sign_in_link_good(*, secret: str, at: datetime) -> bool:
    """Whether the link would still sign somebody in; it stays unused."""
    return SignInLink.objects.filter(
        token_digest=digest(secret), used_at=None, expires_at__gt=at, user__is_active=True
    ).exists()


@transaction.atomic
def use_sign_in_link(*, secret: str, act: Act) -> UserRow:
    """Spend the link: the person it was made for may be signed in now.

    Raises:
        SignInLinkInvalid: it was used, is too old, was never made, or the person is kept out.
    """
    link = (
        SignInLink.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(token_digest=digest(secret), used_at=None, expires_at__gt=act.recorded_at)
        .first()
    )
    if link is None or not link.user.is_active:
        raise SignInLinkInvalid
    link.used_at = act.recorded_at
    link.save(update_fields=["used_at"])
    record_audit(
        act=act, what="sign_in_link.used", subject=f"user:{link.user.login}", before={}, after={}
    )
    return mapping.user_row(link.user)


def forget_expired_links(*, act: Act) -> int:
    """Remove links that can sign nobody in any more; the audit trail keeps that they were made."""
    forgotten, _ = SignInLink.objects.filter(expires_at__lt=act.recorded_at).delete()
    return forgotten
