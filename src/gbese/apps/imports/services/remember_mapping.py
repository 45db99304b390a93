from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction

from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.imports.errors import MappingNameTaken
from gbese.apps.imports.mappings import (
    FileMapping,
    MappingUnknown,
    header_signature,
    mapping_to_yaml,
    shipped_mappings,
)
from gbese.apps.imports.models import RememberedMapping


@transaction.atomic
def remember_mapping(*, mapping: FileMapping, headers: Sequence[str], act: Act) -> None:
    """Keep a mapping somebody made, to be proposed for files with the same headers.

    Raises:
        MappingNameTaken: a shipped mapping has its name.
    """
    if mapping.name in shipped_mappings():
        raise MappingNameTaken(mapping=mapping.name)
    signature = hashlib.sha256(header_signature(headers).encode()).hexdigest()
    text = mapping_to_yaml(mapping)
    before = RememberedMapping.objects.filter(name=mapping.name).first()
    RememberedMapping.objects.update_or_create(
        name=mapping.name,
        defaults={
            "signature_sha256": signature,
            "text": text,
            "remembered_at": act.recorded_at,
            "remembered_by": act.login,
        },
    )
    record_audit(
        act=act,
        what="mapping.remembered",
        subject=f"mapping:{mapping.name}",
        before={"text": before.text} if before else {},
        after={"text": text},
    )


@transaction.atomic
def forget_mapping(*, name: str, act: Act) -> None:
    """No longer propose a mapping; imports made with it keep their own copy.

    Raises:
        MappingUnknown: nothing remembered has this name.
    """
    found = RememberedMapping.objects.filter(name=name).first()
    if found is None:
        raise MappingUnknown(mapping=name)
    record_audit(
        act=act,
        what="mapping.forgotten",
        subject=f"mapping:{name}",
        before={"text": found.text},
        after={},
    )
    found.delete()
