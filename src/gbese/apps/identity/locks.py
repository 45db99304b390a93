"""Rows held to the end of the transaction: people by id, then the head of the audit trail, last."""

from __future__ import annotations

from django.db import transaction

from gbese.apps.identity.audit import CHAIN
from gbese.apps.identity.errors import UserUnknown
from gbese.apps.identity.models import ChainHead, User


def user(login: str) -> User:
    """Hold this user.

    Raises:
        UserUnknown: nobody has this login.
    """
    held = User.objects.select_for_update().filter(login=login.casefold()).first()
    if held is None:
        raise UserUnknown(login=login)
    return held


def audit_head() -> ChainHead:
    """Hold the last link of the audit trail; whoever records next waits for this transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "An audit record belongs in the transaction of the act it records."
        )
    return ChainHead.objects.select_for_update().get(chain=CHAIN)
