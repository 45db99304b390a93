"""How the trials name their requests; needs no Django."""

from uuid import UUID, uuid5

NAMESPACE = UUID("0e3c8d2e-7d2f-4a55-8a1a-9b5f0c7e2d11")
LOANS = 12  # of an installation that is prepared


def request_of(name: str) -> UUID:
    """The request id of a named act, the same whenever it is sent."""
    return uuid5(NAMESPACE, name)


def request_id(payment: int) -> str:
    """The request id of a payment, as text."""
    return str(request_of(f"payment {payment}"))
