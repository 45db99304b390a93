"""People who may sign in, and what is remembered of their acts."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        """The user of this login, in any case of letters."""
        return self.get(login__iexact=username)


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

    class Meta:
        constraints = [models.UniqueConstraint(Lower("login"), name="identity_user_login_any_case")]

    def __str__(self) -> str:
        return self.login

    def get_full_name(self) -> str:
        return self.full_name

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        signed = super()._get_session_auth_hash(secret=secret)
        return f"{signed}{self.session_epoch.hex}"
