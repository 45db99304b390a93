"""Random words that open a door, and the digest that is kept instead of them."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 in hexadecimal; enough for a random secret, which needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
