from __future__ import annotations

import re
import uuid

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from gbese.apps.identity import locks, mapping
from gbese.apps.identity.acts import Act
from gbese.apps.identity.errors import (
    AlreadySetUp,
    LastAdministrator,
    LoginMalformed,
    LoginTaken,
    PasswordWeak,
    RoleUnknown,
)
from gbese.apps.identity.mapping import UserRow
from gbese.apps.identity.models import User
from gbese.apps.identity.permissions import Role
from gbese.apps.identity.services.audit import record_audit

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")


@transaction.atomic
def create_user(
    *,
    login: str,
    full_name: str,
    role: str,
    act: Act,
    password: str | None = None,
    language: str = "en",
) -> UserRow:
    """Let a person in; without a password they first come by a sign-in link.

    Raises:
        LoginMalformed: the login has other characters than small Latin letters, digits, . _ @ + -.
        LoginTaken: somebody has it already.
        RoleUnknown: there is no such role.
        PasswordWeak: the password is easy to guess.
    """
    login = login.strip().casefold()
    if not _LOGIN.fullmatch(login):
        raise LoginMalformed(login=login)
    if User.objects.filter(login=login).exists():
        raise LoginTaken(login=login)
    user = User(
        login=login,
        full_name=full_name.strip() or login,
        role=_role(role),
        language=language,
        created_at=act.recorded_at,
    )
    _give_password(user, password)
    user.save()
    record_audit(
        act=act,
        what="user.created",
        subject=f"user:{login}",
        before={},
        after={"full_name": user.full_name, "role": user.role, "language": language},
    )
    return mapping.user_row(user)


@transaction.atomic
def create_first_user(
    *, login: str, full_name: str, act: Act, password: str | None = None, language: str = "en"
) -> UserRow:
    """Let the first person in, as administrator; afterwards this door is closed for ever.

    Raises:
        AlreadySetUp: there is a user.
    """
    locks.audit_head()  # two first starts at once: the second waits here, and then finds the user
    if User.objects.exists():
        raise AlreadySetUp
    return create_user(
        login=login,
        full_name=full_name,
        role=Role.ADMINISTRATOR,
        act=act,
        password=password,
        language=language,
    )


@transaction.atomic
def change_role(*, login: str, role: str, act: Act) -> UserRow:
    """Give a person another role and end their sessions.

    Raises:
        UserUnknown: nobody has this login.
        RoleUnknown: there is no such role.
        LastAdministrator: no other administrator would be left.
    """
    user = locks.user(login)
    before, user.role = user.role, _role(role)
    if before == user.role:
        return mapping.user_row(user)
    if before == Role.ADMINISTRATOR:
        _require_another_administrator(user)
    _end_sessions(user)
    user.save(update_fields=["role", "session_epoch"])
    record_audit(
        act=act,
        what="user.role_changed",
        subject=f"user:{user.login}",
        before={"role": before},
        after={"role": user.role},
    )
    return mapping.user_row(user)


@transaction.atomic
def set_active(*, login: str, is_active: bool, act: Act) -> UserRow:
    """Let a person in again, or keep them out: their sessions and tokens end at once.

    Raises:
        UserUnknown: nobody has this login.
        LastAdministrator: no other administrator would be left.
    """
    user = locks.user(login)
    if user.is_active == is_active:
        return mapping.user_row(user)
    if not is_active and user.role == Role.ADMINISTRATOR:
        _require_another_administrator(user)
    user.is_active = is_active
    _end_sessions(user)
    user.save(update_fields=["is_active", "session_epoch"])
    record_audit(
        act=act,
        what="user.activated" if is_active else "user.deactivated",
        subject=f"user:{user.login}",
        before={"is_active": str(not is_active).lower()},
        after={"is_active": str(is_active).lower()},
    )
    return mapping.user_row(user)


@transaction.atomic
def change_user(
    *, login: str, role: str | None, is_active: bool | None, language: str | None, act: Act
) -> None:
    """Change several things of a person in one act; what is None stays.

    Raises:
        UserUnknown: nobody has this login.
        RoleUnknown: there is no such role.
        LastAdministrator: no other administrator would be left.
    """
    if role is not None:
        change_role(login=login, role=role, act=act)
    if is_active is not None:
        set_active(login=login, is_active=is_active, act=act)
    if language is not None:
        set_language(login=login, language=language, act=act)


@transaction.atomic
def set_password(*, login: str, password: str, act: Act) -> None:
    """Give a person a new password and end their sessions.

    Raises:
        UserUnknown: nobody has this login.
        PasswordWeak: the password is easy to guess.
    """
    user = locks.user(login)
    _give_password(user, password)
    _end_sessions(user)
    user.save(update_fields=["password", "session_epoch"])
    record_audit(
        act=act, what="user.password_set", subject=f"user:{user.login}", before={}, after={}
    )


@transaction.atomic
def set_language(*, login: str, language: str, act: Act) -> UserRow:
    """Remember the language a person reads in.

    Raises:
        UserUnknown: nobody has this login.
    """
    user = locks.user(login)
    before, user.language = user.language, language
    if before != language:
        user.save(update_fields=["language"])
        record_audit(
            act=act,
            what="user.language_set",
            subject=f"user:{user.login}",
            before={"language": before},
            after={"language": language},
        )
    return mapping.user_row(user)


def _role(role: str) -> str:
    try:
        return Role(role).value
    except ValueError:
        raise RoleUnknown(role=role, roles=tuple(Role)) from None


def _give_password(user: User, password: str | None) -> None:
    if password is None:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise PasswordWeak(reasons=tuple(sorted(str(e.code) for e in weak.error_list))) from weak
    user.set_password(password)


def _end_sessions(user: User) -> None:
    user.session_epoch = uuid.uuid4()


def _require_another_administrator(user: User) -> None:
    others = (
        User.objects.select_for_update()
        .filter(role=Role.ADMINISTRATOR, is_active=True)
        .exclude(pk=user.pk)
    )
    if not others:
        raise LastAdministrator(login=user.login)
