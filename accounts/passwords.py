"""EDGE: passwords -> argon2id, in a small pool of their own (133 ms and 64 MiB each, see libraries)."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=64 * 1024, parallelism=1, type=Type.ID)
# verified when nobody of that name exists, so that the answer takes as long as for somebody who does
_NOBODY = _hasher.hash("nobody has this password")
_pool = ThreadPoolExecutor(2, thread_name_prefix="password")
# more than these waiting would keep everybody else's sign-in waiting for minutes
MOST_WAITING = 8
_waiting = 0


class TooBusy(Exception):
    """So many passwords are being checked that this one should come again later."""


def hash_password(password: str) -> str:
    """The argon2id hash of `password`, for commands; handlers use `hash_later`."""
    return _hasher.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether `password` belongs to the hash; for no hash it takes as long and is False."""
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


async def hash_later(password: str) -> str:
    """`hash_password` off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_pool, hash_password, password)


async def is_right_later(password_hash: str | None, password: str) -> bool:
    """`is_right` off the event loop. Raises TooBusy at once rather than letting a queue grow."""
    global _waiting
    if _waiting >= MOST_WAITING:
        raise TooBusy
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_pool, is_right, password_hash, password)
    finally:
        _waiting -= 1
