"""Tables of the roster's way in: uploads, their rows as read, and what is to be fixed."""

from __future__ import annotations

from peewee import AutoField, DateTimeField, ForeignKeyField, IntegerField, TextField

from accounts.models import Account, Office
from common.database import Record
from schools.models import School


class RosterUpload(Record):
    """A roster as a school sent it, and how far it has come. `stored_as` is the file's name under the files folder."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    school = ForeignKeyField(School)
    school_id: int
    file_name = TextField()
    file_size = IntegerField()
    sha256 = TextField()
    stored_as = TextField(null=True)
    state = TextField()
    action = TextField(default="")
    reasons = TextField(default="[]")
    counts = TextField(default="{}")
    notes = TextField(default="{}")
    uploaded_by = ForeignKeyField(Account)
    uploaded_by_id: int
    uploaded_at = DateTimeField()
    decided_by = ForeignKeyField(Account, null=True)
    decided_by_id: int | None
    decided_at = DateTimeField(null=True)
    outcome = TextField(default="{}")


class RosterRowRecord(Record):
    """A row of a roster as it was read: status, reasons, fixes, the person, the findings (JSON)."""

    id = AutoField()
    upload = ForeignKeyField(RosterUpload)
    upload_id: int
    sheet = TextField(null=True)
    row_number = IntegerField()
    status = TextField()
    reasons = TextField()
    fixes = TextField()
    person = TextField(null=True)
    findings = TextField()

    class Meta:
        table_name = "roster_row"


class FixItem(Record):
    """A row that could not go in: on the school's fix list until mended, replaced or dismissed."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    school = ForeignKeyField(School)
    school_id: int
    upload = ForeignKeyField(RosterUpload)
    upload_id: int
    sheet = TextField(null=True)
    row_number = IntegerField()
    name = TextField()
    reasons = TextField()
    findings = TextField()
    state = TextField(default="open")
    decided_by = ForeignKeyField(Account, null=True)
    decided_by_id: int | None
    decided_at = DateTimeField(null=True)
