from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from gbese.apps.identity import queries, services
from gbese.apps.identity.acts import Act
from gbese.apps.identity.errors import (
    RoleAboveOwn,
    SignInLinkInvalid,
    SignInPaused,
    SignInRefused,
    TokenLifeTooLong,
    TokenUnknown,
)
from gbese.apps.identity.models import ApiToken, AuditRecord, SignInLink
from gbese.apps.identity.permissions import Right
from gbese.interfaces.sign_in import sign_in_by_password

Acts = Callable[..., Act]
PASSWORD = "seven goats on a hill"
QUARTER = timedelta(minutes=15)
pytestmark = pytest.mark.django_db


@pytest.fixture
def amina(acts: Acts) -> queries.UserRow:
    return services.create_user(
        login="amina", full_name="Amina", role="accountant", password=PASSWORD, act=acts()
    )


@pytest.mark.usefixtures("amina")
class TestSignInLink:
    def test_it_signs_in_once(self, acts: Acts) -> None:
        secret = services.make_sign_in_link(login="amina", lives_for=QUARTER, act=acts())

        assert services.is_sign_in_link_good(secret=secret, at=acts().recorded_at)
        assert services.use_sign_in_link(secret=secret, act=acts()).login == "amina"
        assert not services.is_sign_in_link_good(secret=secret, at=acts().recorded_at)
        with pytest.raises(SignInLinkInvalid):
            services.use_sign_in_link(secret=secret, act=acts())

    def test_it_is_kept_as_a_digest(self, acts: Acts) -> None:
        secret = services.make_sign_in_link(login="amina", lives_for=QUARTER, act=acts())

        assert secret not in SignInLink.objects.get().token_digest
        assert not AuditRecord.objects.filter(after__contains=secret).exists()

    def test_it_is_soon_too_old(self, acts: Acts) -> None:
        secret = services.make_sign_in_link(login="amina", lives_for=QUARTER, act=acts())
        later = replace(acts(), recorded_at=acts().recorded_at + QUARTER)

        with pytest.raises(SignInLinkInvalid):
            services.use_sign_in_link(secret=secret, act=later)
        assert (
            services.forget_expired_links(
                act=replace(later, recorded_at=later.recorded_at + QUARTER)
            )
            == 1
        )

    def test_it_does_not_let_in_who_is_kept_out(self, acts: Acts) -> None:
        secret = services.make_sign_in_link(login="amina", lives_for=QUARTER, act=acts())
        services.set_active(login="amina", is_active=False, act=acts())

        with pytest.raises(SignInLinkInvalid):
            services.use_sign_in_link(secret=secret, act=acts())


@pytest.mark.usefixtures("amina")
class TestApiToken:
    def make(self, acts: Acts, role: str = "cashier", days: int = 30) -> services.NewToken:
        return services.make_api_token(
            login="amina",
            name="till",
            role=role,
            lives_for=timedelta(days=days),
            most_days=365,
            act=acts(),
        )

    def test_it_acts_within_its_role(self, acts: Acts) -> None:
        token = self.make(acts)
        caller = services.caller_of_token(token=token.token, at=acts().recorded_at)

        assert caller is not None
        assert caller.login == "amina"
        assert Right.LOANS_RECORD in caller.rights
        assert Right.BOOKS_CLOSE not in caller.rights  # Amina's, but not a cashier's

    def test_it_shrinks_with_its_owner(self, acts: Acts) -> None:
        token = self.make(acts)
        services.change_role(login="amina", role="auditor", act=acts())
        caller = services.caller_of_token(token=token.token, at=acts().recorded_at)

        assert caller is not None
        assert Right.LOANS_RECORD not in caller.rights

    def test_it_ends_when_it_expires_is_revoked_or_its_owner_is_kept_out(self, acts: Acts) -> None:
        expired, revoked, orphan = self.make(acts), self.make(acts), self.make(acts)
        now = acts().recorded_at
        services.revoke_api_token(pk=revoked.pk, act=acts())

        assert services.caller_of_token(token=expired.token, at=now + timedelta(days=30)) is None
        assert services.caller_of_token(token=revoked.token, at=now) is None
        assert services.caller_of_token(token=orphan.token, at=now) is not None
        services.set_active(login="amina", is_active=False, act=acts())
        assert services.caller_of_token(token=orphan.token, at=now) is None

    def test_it_is_shown_once(self, acts: Acts) -> None:
        token = self.make(acts)
        kept = ApiToken.objects.get()

        assert token.token not in (kept.token_digest, kept.token_start)
        assert not AuditRecord.objects.filter(after__contains=token.token).exists()
        [row] = queries.api_tokens("amina")
        assert row.last_used_at is None
        services.caller_of_token(token=token.token, at=acts().recorded_at)
        assert queries.api_tokens("amina")[0].last_used_at == acts().recorded_at

    def test_what_is_refused(self, acts: Acts) -> None:
        with pytest.raises(RoleAboveOwn):
            self.make(acts, role="administrator")
        with pytest.raises(TokenLifeTooLong):
            self.make(acts, days=366)
        with pytest.raises(TokenLifeTooLong):
            self.make(acts, days=0)
        with pytest.raises(TokenUnknown):
            services.revoke_api_token(pk=self.make(acts).pk, login="timur", act=acts())


def request_from(address: str) -> HttpRequest:
    request = RequestFactory().post("/sign-in", REMOTE_ADDR=address)
    request.session = SessionStore()
    request.user = AnonymousUser()
    return request


@pytest.mark.usefixtures("amina")
class TestPassword:
    def attempt(self, password: str, login: str = "amina", address: str = "10.0.0.1") -> None:
        sign_in_by_password(request_from(address), login_name=login, password=password)

    def test_the_right_one_lets_in_in_any_case_of_the_login(self) -> None:
        self.attempt(PASSWORD, login=" Amina ")
        assert queries.user("amina").last_login is not None
        assert queries.audit_records(limit=1)[0].what == "user.signed_in"

    @pytest.mark.parametrize("login", ["amina", "ghost"])
    def test_a_wrong_one_and_an_unknown_login_are_told_the_same(self, login: str) -> None:
        with pytest.raises(SignInRefused):
            self.attempt("wrong", login=login)

    @pytest.mark.parametrize("login", ["amina", "ghost"])
    def test_guessing_is_paused_for_known_and_unknown_logins_alike(self, login: str) -> None:
        for _ in range(4):  # the fifth wrong one begins the pause
            with pytest.raises(SignInRefused):
                self.attempt("wrong", login=login)
        for _ in range(5):
            with pytest.raises(SignInPaused):
                self.attempt("wrong", login=login)

    def test_one_password_for_many_logins_is_guessing_too(self) -> None:
        for number in range(20):
            with pytest.raises(SignInRefused):
                self.attempt("wrong", login=f"user{number}")
        with pytest.raises(SignInPaused):
            self.attempt(PASSWORD)

    def test_a_stranger_cannot_lock_a_person_out(self) -> None:
        for _ in range(10):
            with pytest.raises((SignInRefused, SignInPaused)):
                self.attempt("wrong", address="203.0.113.9")
        with pytest.raises(SignInPaused):
            self.attempt(PASSWORD, address="203.0.113.9")

        self.attempt(PASSWORD, address="10.0.0.1")

    def test_who_is_kept_out_is_told_no_more_than_a_stranger(self, acts: Acts) -> None:
        services.set_active(login="amina", is_active=False, act=acts())
        with pytest.raises(SignInRefused):
            self.attempt(PASSWORD)
