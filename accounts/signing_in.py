"""Rule: how long a session lives, how long one waits after wrong passwords, what a password must be."""

from __future__ import annotations

from datetime import datetime, timedelta

OFFICE_IDLE = timedelta(minutes=30)
FIELD_IDLE = timedelta(hours=12)  # an officer's device is out all day
SESSION_LIFE = timedelta(days=14)
TOUCH_EVERY = timedelta(minutes=1)  # writing "seen" more often would tell nothing new
INVITATION_LIFE = timedelta(days=7)
FREE_FAILURES = 4
LONGEST_WAIT = timedelta(minutes=1)  # long enough to stop guessing, too short to lock a school out
LONGEST_PASSWORD = 200
MINIMUM_PASSWORD = 12


def idle_limit(role: str) -> timedelta:
    """How long a session of this role may stay unused: 12 hours for an officer, else 30 minutes."""
    return FIELD_IDLE if role == "officer" else OFFICE_IDLE


def is_session_alive(role: str, created_at: datetime, last_seen_at: datetime, now: datetime) -> bool:
    """Whether a session is still good `now`."""
    return now - last_seen_at < idle_limit(role) and now - created_at < SESSION_LIFE


def wait_after(failures: int) -> timedelta:
    """How long signing in waits after so many failures in a row: nothing for four, then 2, 4, 8 ... seconds."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE_FAILURES, 20)), LONGEST_WAIT)


def password_fault(password: str, again: str, username: str) -> str | None:
    """What is wrong with a new password: `short`, `long`, `same_as_username`, `differs` (typed twice), or None."""
    if len(password) < MINIMUM_PASSWORD:
        return "short"
    if len(password) > LONGEST_PASSWORD:
        return "long"
    if password.lower() == username.lower():
        return "same_as_username"
    if password != again:
        return "differs"
    return None
