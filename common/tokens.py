"""Random tokens, and what is stored of them."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """256 random bits for a session or an invitation."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored of a token: its SHA-256, so that the database opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()
