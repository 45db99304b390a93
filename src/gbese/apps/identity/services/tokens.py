from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from gbese.apps.identity import locks
from gbese.apps.identity.acts import Act
from gbese.apps.identity.errors import RoleAboveOwn, RoleUnknown, TokenLifeTooLong, TokenUnknown
from gbese.apps.identity.mapping import Caller
from gbese.apps.identity.models import ApiToken
from gbese.apps.identity.permissions import Role, rights_of
from gbese.apps.identity.secrets import digest, new_secret
from gbese.apps.identity.services.audit import record_audit

PREFIX = "gbese_"  # so that a token found in the wrong place is known for what it is
_USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token at the only moment it can be read."""

    pk: int
    name: str
    token: str
    role: str
    expires_at: datetime


@transaction.atomic
def make_api_token(
    *, login: str, name: str, role: str, lives_for: timedelta, most_days: int, act: Act
) -> NewToken:
    """Give a person's program a token; it is shown this once.

    Raises:
        UserUnknown: nobody has this login.
        RoleUnknown: there is no such role.
        RoleAboveOwn: the role has a right that its owner has not.
        TokenLifeTooLong: it would live longer than `most_days`.
    """
    user = locks.user(login)
    if role not in set(Role):
        raise RoleUnknown(role=role, roles=tuple(Role))
    if not rights_of(role) <= rights_of(user.role):
        raise RoleAboveOwn(role=role, own_role=user.role)
    if not timedelta(0) < lives_for <= timedelta(days=most_days):
        raise TokenLifeTooLong(days=lives_for.days, most_days=most_days)
    token = PREFIX + new_secret()
    made = ApiToken.objects.create(
        user=user,
        name=name,
        role=role,
        token_digest=digest(token),
        token_start=token[: len(PREFIX) + 4],
        made_at=act.recorded_at,
        expires_at=act.recorded_at + lives_for,
    )
    record_audit(
        act=act,
        what="api_token.made",
        subject=f"api_token:{made.pk}",
        before={},
        after={
            "login": user.login,
            "name": name,
            "role": role,
            "expires_at": made.expires_at.isoformat(),
        },
    )
    return NewToken(made.pk, name, token, role, made.expires_at)


@transaction.atomic
def revoke_api_token(*, pk: int, act: Act, login: str | None = None) -> None:
    """End a token at once; ending it again changes nothing.

    Args:
        pk: the token's number, as its list shows it.
        act: who ends it.
        login: only a token of this person; None is anybody's.

    Raises:
        TokenUnknown: there is no such token.
    """
    tokens = ApiToken.objects.select_for_update(of=("self",)).select_related("user").filter(pk=pk)
    token = (tokens if login is None else tokens.filter(user__login=login)).first()
    if token is None:
        raise TokenUnknown(token=pk)
    if token.revoked_at is not None:
        return
    token.revoked_at = act.recorded_at
    token.save(update_fields=["revoked_at"])
    record_audit(
        act=act,
        what="api_token.revoked",
        subject=f"api_token:{pk}",
        before={"login": token.user.login},
        after={},
    )


def caller_of_token(
    *, token: str, at: datetime, noted_every: timedelta = _USED_EVERY
) -> Caller | None:
    """Who calls with this token, or None when it opens nothing: unknown, old, revoked.

    That it was used is noted at most as often as said: to note it is to write, and a reader must
    not wait for a long writer.
    """
    found = (
        ApiToken.objects.select_related("user")
        .filter(token_digest=digest(token), revoked_at=None, expires_at__gt=at)
        .first()
    )
    if found is None or not found.user.is_active:
        return None
    if found.last_used_at is None or at - found.last_used_at > noted_every:
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=at)
    return Caller(
        user_pk=found.user.pk,
        login=found.user.login,
        role=found.role,
        rights=rights_of(found.role) & rights_of(found.user.role),
        token_pk=found.pk,
    )
