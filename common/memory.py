"""Hands memory back to the system after work that needed much of it for a moment."""

from __future__ import annotations

import ctypes


def _trim() -> ctypes._NamedFuncPointer | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None  # not glibc: its allocator keeps what it keeps


_MALLOC_TRIM = _trim()


def give_back_memory() -> None:
    """Let go of what was freed; some milliseconds, so call it on a worker thread.

    Without it every thread's share of the allocator keeps the most it ever held: a server that has read fifty thousand
    students would hold their memory until it is restarted.
    """
    if _MALLOC_TRIM is not None:
        _MALLOC_TRIM(0)
