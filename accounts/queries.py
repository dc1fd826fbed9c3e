"""Questions about accounts, each answered from one moment of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts import signing_in
from accounts.details import Part, parts_of
from accounts.models import Account, Audit, Invitation, Office, Session
from common import clock
from common.access import Missing, Who
from common.prepared import Prepared
from common.tokens import hash_of


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a session belongs to, and whether it should be written down as seen."""

    who: Who
    language: str
    is_due_a_touch: bool


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in needs to know of a username."""

    account_id: int | None
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """An invitation as its receiver sees it."""

    name: str
    role: str
    username: str
    school_id: int | None
    office_id: int
    office_name: str
    invited_by: str
    expires: datetime
    has_account: bool  # then the link sets a new password


@dataclass(frozen=True, slots=True)
class InvitationMadeCard:
    """An invitation as the coordinator who made it sees it."""

    id: int
    name: str
    phone: str
    username: str
    school_id: int | None
    has_account: bool  # then the link sets a new password


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the office who signs in, or was invited to (then `id` is the invitation's)."""

    id: int
    name: str
    username: str
    role: str
    school_id: int | None
    state: str  # active, disabled, invited, expired
    since: datetime


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One line of the log of who did what."""

    id: int
    at: datetime
    by: str
    kind: str
    act: str
    subject: str
    subject_id: int | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class OfficeCard:
    """The office as its paper shows it."""

    id: int
    name: str
    government: str
    region_code: str
    address: str
    phone: str
    time_zone: str


def identity_of(token: str) -> Identity | None:
    """Who this session token belongs to, or None when it is unknown, idle too long, ended or disabled."""
    found = _SESSION.rows(hash=hash_of(token))
    if not found:
        return None
    ((created_at, last_seen_at, language, *account),) = found
    who, now = Who(*account), clock.now()
    if not signing_in.is_session_alive(who.role, created_at, last_seen_at, now):
        return None
    return Identity(who, language, now - last_seen_at >= signing_in.TOUCH_EVERY)


_SESSION = Prepared(  # asked at every request; the last columns are those of Who
    lambda given: (
        Session.select(
            Session.created_at,
            Session.last_seen_at,
            Account.language,
            Account.id,
            Account.office,
            Account.role,
            Account.name,
            Office.name,
            Office.time_zone,
            Account.school_id,
        )
        .join(Account)
        .join(Office)
        .where(Session.token_hash == given("hash"), Account.disabled_at.is_null())
    )
)


def credentials_of(username: str) -> Credentials:
    """What to check a password against; nothing for a name that nobody has."""
    account = Account.get_or_none(Account.username == username.strip().lower(), Account.disabled_at.is_null())
    return Credentials(account.id, account.password_hash) if account else Credentials(None, None)


def invitation_of(token: str) -> InvitationPage:
    """The invitation behind a link. Raises Missing when it is unknown, used, withdrawn or too old."""
    invitation = (
        Invitation.select(Invitation, Office)
        .join(Office)
        .where(
            Invitation.token_hash == hash_of(token),
            Invitation.used_at.is_null(),
            Invitation.withdrawn_at.is_null(),
            Invitation.expires_at > clock.now(),
        )
        .first()
    )
    if invitation is None:
        raise Missing
    inviter = Account.get_or_none(Account.id == invitation.invited_by_id)
    return InvitationPage(
        name=invitation.name,
        role=invitation.role,
        username=invitation.username,
        school_id=invitation.school_id,
        office_id=invitation.office_id,
        office_name=invitation.office.name,
        invited_by=inviter.name if inviter else "",
        expires=invitation.expires_at,
        has_account=Account.select().where(Account.username == invitation.username).exists(),
    )


def invitation_made(who: Who, invitation_id: int) -> InvitationMadeCard:
    """An invitation of the office that was not used yet. Raises Missing."""
    found = Invitation.get_or_none(
        Invitation.id == invitation_id,
        Invitation.office == who.office_id,
        Invitation.used_at.is_null(),
        Invitation.withdrawn_at.is_null(),
    )
    if found is None:
        raise Missing
    has_account = Account.select().where(Account.username == found.username).exists()
    return InvitationMadeCard(found.id, found.name, found.phone, found.username, found.school_id, has_account)


def people(who: Who) -> list[PersonRow]:
    """Everyone of the office who signs in or was invited, coordinators first."""
    accounts = Account.select().where(Account.office == who.office_id).order_by(Account.role, Account.name)
    rows = [
        PersonRow(
            account.id,
            account.name,
            account.username,
            account.role,
            account.school_id,
            "disabled" if account.disabled_at else "active",
            account.disabled_at or account.created_at,
        )
        for account in accounts
    ]
    now = clock.now()
    rows += [
        PersonRow(
            invitation.id,
            invitation.name,
            invitation.username,
            invitation.role,
            invitation.school_id,
            "invited" if invitation.expires_at > now else "expired",
            invitation.expires_at,
        )
        for invitation in Invitation.select()
        .where(
            Invitation.office == who.office_id,
            Invitation.used_at.is_null(),
            Invitation.withdrawn_at.is_null(),
        )
        .order_by(Invitation.name)
    ]
    return rows


def person(who: Who, account_id: int) -> PersonRow:
    """One person of the office who signs in. Raises Missing."""
    for row in people(who):
        if row.id == account_id and row.state == "active":
            return row
    raise Missing


def people_of_school(who: Who, school_id: int) -> list[PersonRow]:
    """The people of one school who sign in or were invited."""
    return [person for person in people(who) if person.school_id == school_id]


def office_card(who: Who) -> OfficeCard:
    """The office of the person who asks."""
    office = Office.get_by_id(who.office_id)
    return OfficeCard(
        office.id,
        office.name,
        office.government,
        office.region_code,
        office.address,
        office.phone,
        office.time_zone,
    )


def audit_log(who: Who, before_id: int | None = None, limit: int = 100) -> list[AuditRow]:
    """The newest lines of the office's log, or those before `before_id`."""
    query = (
        Audit.select(Audit, Account)
        .left_outer_join(Account)
        .where(Audit.office == who.office_id)
        .order_by(Audit.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(Audit.id < before_id)
    return [
        AuditRow(
            row.id,
            row.at,
            row.account.name if row.account else "",
            row.kind,
            row.act,
            row.subject,
            row.subject_id,
            parts_of(row.detail),
        )
        for row in query
    ]
