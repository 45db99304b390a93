"""The amounts of many loans as one packed block, and back."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction

from gbese.apps.bookkeeping.models import Subledger
from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.errors import Refusal
from gbese.core.money import Currency
from gbese.core.projections.rows import Cause
from gbese.core.servicing.events import Component

_FORMAT = b"\x01"  # of the bytes that follow
_NAMES_AT_ONCE = 500


class BlockDamaged(Refusal):
    """The packed bytes are not what their digest says."""

    code = "block_damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """How much one cause moved one component of each loan: minor units by loan number."""

    side: Side
    term_class: TermClass
    currency: Currency
    component: Component | None
    cause: Cause
    amounts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedBlock:
    """A block as it is stored; `amount_sum` is minor units, `digest` the SHA-256 of `packed`."""

    side: Side
    term_class: TermClass
    currency: Currency
    component: Component | None
    cause: Cause
    loans: int
    amount_sum: int
    packed: bytes
    digest: str


@transaction.atomic
def pack_blocks(blocks: Sequence[Block]) -> tuple[PackedBlock, ...]:
    """Blocks as they are stored, in their order; every contract has its small number then."""
    numbers = subledger_numbers({name for block in blocks for name in block.amounts})
    return tuple(_packed(block, numbers) for block in blocks)


def _packed(block: Block, numbers: Mapping[str, int]) -> PackedBlock:
    packed = pack({numbers[name]: minor for name, minor in block.amounts.items()})
    return PackedBlock(
        side=block.side,
        term_class=block.term_class,
        currency=block.currency,
        component=block.component,
        cause=block.cause,
        loans=len(block.amounts),
        amount_sum=sum(block.amounts.values()),
        packed=packed,
        digest=digest(packed),
    )


def pack(amounts: Mapping[int, int]) -> bytes:
    """Amounts by small number as bytes: numbers ascending, as steps; then amounts; compressed.

    Bytes of one place stand together (all lowest bytes first), so that small figures compress.
    """
    numbers = np.array(sorted(amounts), dtype="<i8")
    values = np.array([amounts[number] for number in numbers.tolist()], dtype="<i8")
    steps = np.diff(numbers, prepend=np.int64(0))
    body = np.concatenate([steps, values]).view(np.uint8).reshape(-1, 8).T.tobytes()
    return _FORMAT + zlib.compress(body, 6)


def unpack(packed: bytes) -> dict[int, int]:
    """The amounts by small number that `pack` was given.

    Raises:
        BlockDamaged: the bytes cannot be read.
    """
    if packed[:1] != _FORMAT:
        raise BlockDamaged(format=packed[:1].hex())
    try:
        body = zlib.decompress(packed[1:])
    except zlib.error as broken:
        raise BlockDamaged(reason="compression") from broken
    columns = np.frombuffer(body, dtype=np.uint8)
    if columns.size % 16:
        raise BlockDamaged(reason="length")
    figures = np.ascontiguousarray(columns.reshape(8, -1).T).view("<i8").ravel()
    half = figures.size // 2
    numbers = np.cumsum(figures[:half])
    return dict(zip(numbers.tolist(), figures[half:].tolist(), strict=True))


def digest(packed: bytes) -> str:
    """SHA-256 of the packed bytes, in hexadecimal."""
    return hashlib.sha256(packed).hexdigest()


def subledger_numbers(names: set[str]) -> dict[str, int]:
    """The small number of each contract; a contract gets its number when it is first packed."""
    known = _known(names)
    missing = sorted(names - known.keys())
    if missing:
        # Another close may number the same contracts now; both then read the one number.
        Subledger.objects.bulk_create(
            [Subledger(name=name) for name in missing],
            batch_size=_NAMES_AT_ONCE,
            ignore_conflicts=True,
        )
        known |= _known(set(missing))
    return known


def subledger_names(numbers: set[int]) -> dict[int, str]:
    """The contract of each small number."""
    if len(numbers) <= _NAMES_AT_ONCE:
        rows = Subledger.objects.filter(pk__in=numbers)
    else:
        rows = Subledger.objects.all()
    return {pk: name for pk, name in rows.values_list("pk", "name") if pk in numbers}


def _known(names: set[str]) -> dict[str, int]:
    if len(names) <= _NAMES_AT_ONCE:
        rows = Subledger.objects.filter(name__in=names)
    else:
        rows = Subledger.objects.all()
    return {name: pk for name, pk in rows.values_list("name", "pk") if name in names}
