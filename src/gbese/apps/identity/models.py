"""People who may sign in, and what is remembered of their acts."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        """The user of this login, in any case of letters; logins are kept in small ones."""
        return self.get(login=(username or "").casefold())


class User(AbstractBaseUser):
    """A person with a login."""

    login = models.CharField(max_length=100, unique=True)
    full_name = models.CharField(max_length=200)
    language = models.CharField(max_length=20, default="en")
    role = models.CharField(max_length=30)  # a Role
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    # Part of what a session is signed with: a new one ends every session of this user.
    session_epoch = models.UUIDField(default=uuid.uuid4)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["full_name", "role"]

    def __str__(self) -> str:
        return self.login

    def get_full_name(self) -> str:
        return self.full_name

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        signed = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{signed}{self.session_epoch.hex}"


class SignInLink(models.Model):
    """A link that signs one person in, once, soon; only its digest is kept."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} until {self.expires_at}"


class ApiToken(models.Model):
    """What a program signs in with: it acts for its owner, within a role; only a digest is kept."""

    user = models.ForeignKey("identity.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=30)  # a Role; the owner's rights limit it further
    token_digest = models.CharField(max_length=64, unique=True)
    token_start = models.CharField(max_length=12)  # so that its owner can tell it from others
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.token_start}…)"


class IdempotentRequest(models.Model):
    """A request that was answered, and its answer, kept for when it is sent again."""

    login = models.CharField(max_length=100)
    route = models.CharField(max_length=200)
    key = models.CharField(max_length=255)
    body_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100)
    body = models.BinaryField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["login", "route", "key"], name="identity_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.login} {self.route} {self.key}"


class ChainHead(models.Model):
    """The last link of a chain of records; it is locked while the next one is added."""

    chain = models.CharField(max_length=30, primary_key=True)
    number = models.BigIntegerField()
    record_hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"


class AuditRecord(models.Model):
    """One act as it was recorded: who, when, what, on what, the values before and after.

    Append-only. Each record carries the hash of the one before, so that a change, a removal or an
    insertion anywhere breaks the chain from there on.
    """

    number = models.BigIntegerField(primary_key=True)  # 1, 2, 3 …, without a gap
    recorded_at = models.DateTimeField()  # never earlier than the record before
    login = models.CharField(max_length=100)
    request_id = models.UUIDField()
    channel = models.CharField(max_length=20)
    what = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    before = models.TextField()  # canonical text: see audit.canonical
    after = models.TextField()
    previous_hash = models.CharField(max_length=64)
    record_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "number"], name="identity_audit_subject"),
            models.Index(fields=["login", "number"], name="identity_audit_login"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.what} {self.subject}"
