"""Acts on accounts: load, decide, save, each in one transaction of the writer."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from accounts import signing_in
from accounts.models import Account, Audit, Invitation, LoginFailure, Office, Secret, Session
from common import clock
from common.access import COORDINATOR, SCHOOL_ADMIN, Missing, Who
from common.database import bound, insert_rows
from common.tokens import hash_of, new_token


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation just made. The token is shown this once and kept nowhere."""

    id: int
    token: str
    username: str


class UsernameTaken(Exception):
    """Somebody has this username already."""


class InvitationSpent(Exception):
    """The invitation was used, withdrawn, or is too old."""


def note_change(who: Who, act: str, subject: str, subject_id: int | None = None, detail: str = "") -> None:
    """Write down that `who` did `act` (a word such as `roster_confirmed`). `detail` holds no personal data."""
    _note(who, "change", act, subject, subject_id, detail)


def note_changes(who: Who, act: str, subject: str, subject_ids: Sequence[int], detail: str = "") -> None:
    """Write down that `who` did `act` to each of many, quickly."""
    before = (who.office_id, bound(clock.now()), who.account_id, "change", act, subject)
    insert_rows("audit", _AUDIT, [(*before, subject_id, detail) for subject_id in subject_ids])


def note_access(who: Who, act: str, subject: str, subject_id: int | None = None, detail: str = "") -> None:
    """Write down that personal data was shown to, exported by or printed for `who`."""
    _note(who, "access", act, subject, subject_id, detail)


def _note(who: Who, kind: str, act: str, subject: str, subject_id: int | None, detail: str) -> None:
    said = (kind, act, subject, subject_id, detail)
    insert_rows("audit", _AUDIT, [(who.office_id, bound(clock.now()), who.account_id, *said)])


_AUDIT = ("office_id", "at", "account_id", "kind", "act", "subject", "subject_id", "detail")


def open_office(
    name: str, government: str, region_code: str, address: str, phone: str, time_zone: str = "Asia/Jakarta"
) -> int:
    """Make an office (a tenant); answers its id."""
    return Office.create(
        name=name,
        government=government,
        region_code=region_code,
        address=address,
        phone=phone,
        time_zone=time_zone,
        created_at=clock.now(),
    ).id


def open_account(
    office_id: int, username: str, name: str, role: str, password_hash: str, school_id: int | None = None
) -> int:
    """Make an account; answers its id. Raises UsernameTaken."""
    username = username.strip().lower()
    if Account.select().where(Account.username == username).exists():
        raise UsernameTaken(username)
    account = Account.create(
        office=office_id,
        username=username,
        name=name,
        role=role,
        school_id=school_id,
        password_hash=password_hash,
        created_at=clock.now(),
    )
    Audit.create(
        office=office_id,
        at=clock.now(),
        kind="change",
        act="account_opened",
        subject="account",
        subject_id=account.id,
    )
    return account.id


def start_session(account_id: int, before: str | None = None) -> str:
    """A new session for a person whose password was right; answers its token. Forgets earlier failures.

    `before` is the token this browser had until now: that session ends.
    """
    account = Account.get_by_id(account_id)

    token = new_token()
    now = clock.now()

    if before:
        end_session(before)
    Session.insert(token_hash=hash_of(token), account=account, created_at=now, last_seen_at=now).execute()
    LoginFailure.delete().where(LoginFailure.username_hash == hash_of(account.username)).execute()
    Session.delete().where(Session.last_seen_at < now - signing_in.SESSION_LIFE).execute()
    LoginFailure.delete().where(LoginFailure.last_at < now - timedelta(days=1)).execute()
    return token


def end_session(token: str) -> None:
    """Sign this browser out, at once."""
    Session.delete().where(Session.token_hash == hash_of(token)).execute()


def touch_session(token: str) -> None:
    """Write down that a session is in use."""
    Session.update(last_seen_at=clock.now()).where(Session.token_hash == hash_of(token)).execute()


def begin_attempt(username: str) -> timedelta:
    """How long this username, existing or not, must wait before a password is looked at; no time when it may be now.

    The try is counted as failed before the password is checked, and forgotten when it was right: many tries sent at
    once get no further than the same number sent one by one.
    """
    now = clock.now()
    failure = LoginFailure.get_or_none(LoginFailure.username_hash == hash_of(username))
    if failure is not None:
        wait = failure.last_at + signing_in.wait_after(failure.failures) - now
        if wait > timedelta(0):
            return wait

    LoginFailure.insert(username_hash=hash_of(username), failures=1, last_at=now).on_conflict(
        conflict_target=[LoginFailure.username_hash],
        preserve=[LoginFailure.last_at],
        update={LoginFailure.failures: LoginFailure.failures + 1},
    ).execute()
    return timedelta(0)


def disable_account(who: Who, account_id: int) -> None:
    """Close a person's account of the same office and end all its sessions. Raises Missing."""
    account = Account.get_or_none(Account.id == account_id, Account.office == who.office_id)
    if account is None or account.id == who.account_id:
        raise Missing

    account.disabled_at = clock.now()

    account.save()
    Session.delete().where(Session.account == account).execute()
    _withdraw((Invitation.invited_by == account.id) | (Invitation.username == account.username))
    note_change(who, "account_disabled", "account", account.id)


def enable_account(who: Who, account_id: int) -> None:
    """Open a closed account of the same office again; its password is the one of before. Raises Missing."""
    account = Account.get_or_none(
        Account.id == account_id, Account.office == who.office_id, Account.disabled_at.is_null(False)
    )
    if account is None:
        raise Missing

    account.disabled_at = None

    account.save()
    note_change(who, "account_enabled", "account", account.id)


def withdraw_invitation(who: Who, invitation_id: int) -> None:
    """End a link that was not used yet. Raises Missing."""
    if not _withdraw((Invitation.id == invitation_id) & (Invitation.office == who.office_id)):
        raise Missing
    note_change(who, "invitation_withdrawn", "invitation", invitation_id)


def invite_to_new_password(who: Who, account_id: int) -> NewInvitation:
    """A one-time link by which a person of the office sets a new password. Raises Missing."""
    account = Account.get_or_none(
        Account.id == account_id, Account.office == who.office_id, Account.disabled_at.is_null()
    )
    if account is None:
        raise Missing
    token = new_token()
    now = clock.now()

    _withdraw((Invitation.office == who.office_id) & (Invitation.username == account.username))
    invitation = Invitation.create(
        office=who.office_id,
        token_hash=hash_of(token),
        role=account.role,
        school_id=account.school_id,
        name=account.name,
        username=account.username,
        invited_by=who.account_id,
        created_at=now,
        expires_at=now + signing_in.INVITATION_LIFE,
    )
    note_change(who, "password_link_made", "account", account.id)
    return NewInvitation(invitation.id, token, account.username)


def _withdraw(which: object) -> int:
    return (
        Invitation.update(withdrawn_at=clock.now())
        .where(which, Invitation.used_at.is_null(), Invitation.withdrawn_at.is_null())
        .execute()
    )


def invite(
    who: Who, role: str, name: str, username: str, phone: str = "", school_id: int | None = None
) -> NewInvitation:
    """Make a one-time link for a person, good for seven days. Earlier links for the same username end.

    Raises UsernameTaken when somebody signs in with that name already, Missing when `who` may not invite.
    """
    username = username.strip().lower()
    if who.role != COORDINATOR or (role == SCHOOL_ADMIN) != (school_id is not None):
        raise Missing
    if Account.select().where(Account.username == username).exists():
        raise UsernameTaken(username)

    token = new_token()
    now = clock.now()

    _withdraw((Invitation.office == who.office_id) & (Invitation.username == username))
    invitation = Invitation.create(
        office=who.office_id,
        token_hash=hash_of(token),
        role=role,
        school_id=school_id,
        name=name,
        phone=phone,
        username=username,
        invited_by=who.account_id,
        created_at=now,
        expires_at=now + signing_in.INVITATION_LIFE,
    )
    note_change(who, "invited", "invitation", invitation.id, role)
    return NewInvitation(invitation.id, token, username)


def accept_invitation(token: str, password_hash: str) -> int:
    """Turn an invitation into an account, or set the new password of one that is there; answers the account's id.

    A new password ends the person's sessions. Raises InvitationSpent, UsernameTaken.
    """
    invitation = Invitation.get_or_none(Invitation.token_hash == hash_of(token))
    now = clock.now()
    if invitation is None or invitation.used_at or invitation.withdrawn_at or invitation.expires_at <= now:
        raise InvitationSpent

    invitation.used_at = now

    invitation.save()
    account = Account.get_or_none(
        Account.username == invitation.username,
        Account.office == invitation.office_id,
        Account.role == invitation.role,
        Account.disabled_at.is_null(),
    )
    if account is not None:
        Account.update(password_hash=password_hash).where(Account.id == account.id).execute()
        Session.delete().where(Session.account == account).execute()
        return account.id
    return open_account(
        invitation.office_id,
        invitation.username,
        invitation.name,
        invitation.role,
        password_hash,
        invitation.school_id,
    )


def secret(name: str) -> str:
    """A random key of this database, made when first asked for."""
    Secret.insert(name=name, value=secrets.token_urlsafe(32)).on_conflict_ignore().execute()
    return Secret.get_by_id(name).value


def open_first_office(
    username: str,
    name: str,
    password_hash: str,
    office: str,
    government: str,
    region_code: str,
    address: str,
    phone: str,
    time_zone: str,
) -> int:
    """Make a coordinator, and the office with that name when there is none yet; answers the account's id.

    Raises UsernameTaken.
    """
    found = Office.get_or_none(Office.name == office, Office.region_code == region_code)
    office_id = found.id if found else open_office(office, government, region_code, address, phone, time_zone)
    return open_account(office_id, username, name, COORDINATOR, password_hash)
