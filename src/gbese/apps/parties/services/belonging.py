"""Which parties are the entity itself under another name: a branch, a head office."""

from __future__ import annotations

from django.db import transaction

from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.parties.errors import PartyUnknown
from gbese.apps.parties.models import Party


@transaction.atomic
def set_belonging(*, party: int, belongs_to_entity: bool, act: Act) -> bool:
    """Say whether loans of this party are loans of the entity; whether that changes anything.

    Raises:
        PartyUnknown: there is no such party.
    """
    held = Party.objects.select_for_update().filter(pk=party).first()
    if held is None:
        raise PartyUnknown(party=party)
    if held.belongs_to_entity == belongs_to_entity:
        return False
    record_audit(
        act=act,
        what="party.belonging",
        subject=f"party:{party}",
        before={"belongs_to_entity": str(held.belongs_to_entity)},
        after={"belongs_to_entity": str(belongs_to_entity), "name": held.name},
    )
    held.belongs_to_entity = belongs_to_entity
    held.save(update_fields=["belongs_to_entity"])
    return True
