"""Tables of accounts. The office is the tenant: every other table hangs on it."""

from __future__ import annotations

from peewee import AutoField, CharField, DateTimeField, ForeignKeyField, IntegerField, TextField

from common.database import Record


class Office(Record):
    """A civil-registry office of one kabupaten or kota."""

    id = AutoField()
    name = TextField()
    government = TextField()
    region_code = TextField()
    address = TextField(default="")
    phone = TextField(default="")
    time_zone = TextField(default="Asia/Jakarta")
    created_at = DateTimeField()


class Account(Record):
    """A person who signs in. `school_id` is set for a school admin and nobody else."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    username = TextField(unique=True)
    name = TextField()
    role = TextField()
    school_id = IntegerField(null=True)  # a table of a package above: the database holds the foreign key
    password_hash = TextField()
    language = TextField(default="")
    disabled_at = DateTimeField(null=True)
    created_at = DateTimeField()


class Session(Record):
    """A signed-in browser; only the hash of its token is kept."""

    token_hash = CharField(primary_key=True)
    account = ForeignKeyField(Account)
    account_id: int
    created_at = DateTimeField()
    last_seen_at = DateTimeField()


class LoginFailure(Record):
    """How often in a row signing in failed for a username, whether it exists or not."""

    username_hash = CharField(primary_key=True)
    failures = IntegerField()
    last_at = DateTimeField()


class Invitation(Record):
    """A one-time link by which a person sets a password and gets an account."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    token_hash = TextField(unique=True)
    role = TextField()
    school_id = IntegerField(null=True)
    name = TextField()
    phone = TextField(default="")
    username = TextField()
    invited_by = ForeignKeyField(Account, null=True)
    invited_by_id: int | None
    created_at = DateTimeField()
    expires_at = DateTimeField()
    used_at = DateTimeField(null=True)
    withdrawn_at = DateTimeField(null=True)


class Audit(Record):
    """Who changed what, and who was shown personal data. Rows are only ever added."""

    id = AutoField()
    office = ForeignKeyField(Office, null=True)
    at = DateTimeField()
    account = ForeignKeyField(Account, null=True)
    account_id: int | None
    kind = TextField()
    act = TextField()
    subject = TextField()
    subject_id = IntegerField(null=True)
    detail = TextField(default="")


class Secret(Record):
    """Random keys made once for this database: what signs the notice cookie."""

    name = CharField(primary_key=True)
    value = TextField()
