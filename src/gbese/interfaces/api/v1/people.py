"""People who may sign in, and the tokens their programs call with."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Query
from pydantic import BeforeValidator, Field, StrictInt, StringConstraints

from gbese.apps.identity import queries, services
from gbese.apps.identity.errors import RoleAboveOwn
from gbese.apps.identity.permissions import Right, Role, rights_of
from gbese.interfaces.api.callers import RightMissing
from gbese.interfaces.api.operations import Area, api_act, caller, require_unchanged
from gbese.interfaces.api.schemas import (
    Asked,
    Key,
    Listed,
    Moment,
    Paged,
    PathText,
    Text60,
    Text120,
    Told,
    YesNo,
    listed,
    whole_of_json,
)
from gbese.interfaces.sign_in import make_sign_in_link

area = Area("People")

Login = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9][a-z0-9._@+-]{1,99}$")]
Password = Annotated[str, StringConstraints(strict=True, min_length=10, max_length=200)]
Language = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]{2,3}(-[a-z]{2,4})?$")]


class MeTold(Told):
    """Who calls, in which role, with which rights."""

    login: str
    role: str
    rights: list[Right]
    is_token: bool


class UserTold(Told):
    """A person with a login."""

    login: str
    full_name: str
    language: str
    role: Role
    is_active: bool
    has_password: bool
    created_at: Moment
    last_login: Moment | None


class NewUserAsked(Asked):
    """A person to be let in; without a password they first come by a sign-in link."""

    login: Login
    full_name: Text120
    role: Role
    password: Password | None = None
    language: Language = "en"


class UserChanged(Asked):
    """What is to change of a person; what is left out stays."""

    role: Role | None = None
    is_active: YesNo | None = None
    language: Language | None = None


class LinkTold(Told):
    """A link that signs a person in once; it cannot be read again."""

    address: str
    lives_seconds: int


class TokenAsked(Asked):
    """A token for a program of the caller's; it may do no more than the caller."""

    name: Text60
    role: Role
    lives_days: Annotated[StrictInt, Field(ge=1, le=3_650), BeforeValidator(whole_of_json)] = 90


class NewTokenTold(Told):
    """A token at the only moment it can be read."""

    pk: int
    name: str
    token: str
    role: Role
    expires_at: Moment


class TokenTold(Told):
    """A token of the list: never the token itself."""

    pk: int
    login: str
    name: str
    role: Role
    token_start: str
    made_at: Moment
    expires_at: Moment
    revoked_at: Moment | None
    last_used_at: Moment | None


class TokensAsked(Paged):
    """Whose tokens; the caller's where nobody is named."""

    login: Login | None = None


@area.get("/me", answers=MeTold)
def get_me(request: HttpRequest) -> MeTold:
    """Who calls, and what they may do."""
    known = caller(request)
    return MeTold(
        login=known.login,
        role=known.role,
        rights=sorted(known.rights),
        is_token=known.token_pk is not None,
    )


@area.get("/users", answers=Listed[UserTold])
def list_users(request: HttpRequest, asked: Query[Paged]) -> Listed[UserTold]:
    """Everybody with a login."""
    rows = queries.users()[asked.offset : asked.offset + asked.limit + 1]
    return listed(rows, asked, UserTold)


@area.post("/users", answers=UserTold, status=201)
def create_user(request: HttpRequest, body: NewUserAsked) -> UserTold:
    """Let a person in."""
    made = services.create_user(
        login=body.login,
        full_name=body.full_name,
        role=body.role,
        password=body.password,
        language=body.language,
        act=api_act(request),
    )
    return UserTold.model_validate(made)


@area.get("/users/{login}", answers=UserTold, has_etag=True)
def get_user(request: HttpRequest, login: PathText) -> UserTold:
    """One person."""
    return UserTold.model_validate(queries.user(login))


@area.patch("/users/{login}", answers=UserTold)
def change_user(request: HttpRequest, login: PathText, body: UserChanged) -> UserTold:
    """Give a person another role or language, let them in again, or keep them out."""
    now = queries.user(login)
    require_unchanged(request, UserTold.model_validate(now))
    services.change_user(
        login=now.login,
        role=body.role,
        is_active=body.is_active,
        language=body.language,
        act=api_act(request),
    )
    return UserTold.model_validate(queries.user(login))


@area.post("/users/{login}/sign-in-links", answers=LinkTold, status=201)
def make_link(request: HttpRequest, login: PathText) -> LinkTold:
    """Make a link that signs a person in once, to be passed on to them."""
    return LinkTold(
        address=make_sign_in_link(request, login_name=queries.user(login).login),
        lives_seconds=settings.ENVIRONMENT.sign_in_link_seconds,
    )


@area.get("/tokens", answers=Listed[TokenTold])
def list_tokens(request: HttpRequest, asked: Query[TokensAsked]) -> Listed[TokenTold]:
    """The tokens of the caller; whoever manages users may ask for another person's."""
    known = caller(request)
    login = asked.login or known.login
    if login != known.login and Right.USERS_MANAGE not in known.rights:
        raise RightMissing(right=Right.USERS_MANAGE)
    rows = queries.api_tokens(login)[asked.offset : asked.offset + asked.limit + 1]
    return listed(rows, asked, TokenTold)


@area.post("/tokens", answers=NewTokenTold, status=201)
def make_token(request: HttpRequest, body: TokenAsked) -> NewTokenTold:
    """Make a token of the caller's; it is shown this once."""
    known = caller(request)
    if not rights_of(body.role) <= known.rights:
        raise RoleAboveOwn(role=body.role, own_role=known.role)
    made = services.make_api_token(
        login=known.login,
        name=body.name,
        role=body.role,
        lives_for=timedelta(days=body.lives_days),
        most_days=settings.ENVIRONMENT.token_days,
        act=api_act(request),
    )
    return NewTokenTold.model_validate(made)


@area.delete("/tokens/{token}")
def revoke_token(request: HttpRequest, token: Key) -> None:
    """End a token at once: the caller's own, or anybody's for whoever manages users."""
    known = caller(request)
    anybody = Right.USERS_MANAGE in known.rights
    services.revoke_api_token(
        pk=token, login=None if anybody else known.login, act=api_act(request)
    )
