from __future__ import annotations

from django.db import transaction

from gbese.apps.bookkeeping.errors import AccountUnmapped, EntityFactInvalid
from gbese.apps.bookkeeping.models import Account
from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.core.ledger import AccountKey


@transaction.atomic
def set_account_code(*, key: AccountKey, code: str, name: str, act: Act) -> None:
    """Give a part that accounts play another code or name; entries keep the part, so all follow.

    Raises:
        AccountUnmapped: the entity's chart has no such account.
        EntityFactInvalid: the code or the name is empty.
    """
    account = Account.objects.select_for_update().filter(key=key).first()
    if account is None:
        raise AccountUnmapped(account=key)
    for fact, given in (("code", code), ("name", name)):
        if not given.strip():
            raise EntityFactInvalid(fact=fact, given=given)
    before = {"code": account.code, "name": account.name}
    account.code, account.name = code.strip(), name.strip()
    after = {"code": account.code, "name": account.name}
    if after == before:
        return
    account.save(update_fields=["code", "name"])
    record_audit(
        act=act, what="account.renamed", subject=f"account:{key}", before=before, after=after
    )
