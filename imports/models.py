"""Tables of the roster's way in: uploads, their rows as read, and what is to be fixed."""

from __future__ import annotations

from peewee import AutoField, DateTimeField, ForeignKeyField, IntegerField, TextField

from accounts.models import Account, Office
from common.database import Record
from schools.models import School, Student


class RosterUpload(Record):
    """A roster as a school sent it, and how far it has come. `stored_as` is the file's name under the files folder.

    `wishes` counts what people said of it (a cell mended, a column named), `wishes_read` those its rows were read with.
    """

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
    wishes = IntegerField(default=0)
    wishes_read = IntegerField(default=0)


class ColumnAnswer(Record):
    """What a school said a heading of its lists holds; `layout` and `heading` as the reading names them."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    school = ForeignKeyField(School)
    school_id: int
    layout = TextField()
    heading = TextField()
    field = TextField()
    answered_by = ForeignKeyField(Account)
    answered_by_id: int
    answered_at = DateTimeField()


class RosterMend(Record):
    """A cell of a roster as a person mended it on screen; the file itself stays as it was sent. No sheet is ''."""

    id = AutoField()
    upload = ForeignKeyField(RosterUpload)
    upload_id: int
    sheet = TextField()
    row_number = IntegerField()
    column_letter = TextField()
    heading = TextField()
    value = TextField()
    made_by = ForeignKeyField(Account)
    made_by_id: int
    made_at = DateTimeField()


class RosterDecision(Record):
    """What a person said of a row beside a known student: same, different, moved_here. No sheet is ''."""

    id = AutoField()
    upload = ForeignKeyField(RosterUpload)
    upload_id: int
    sheet = TextField()
    row_number = IntegerField()
    decision = TextField()
    student = ForeignKeyField(Student)
    student_id: int
    made_by = ForeignKeyField(Account)
    made_by_id: int
    made_at = DateTimeField()


class StillHere(Record):
    """A student whom a roster does not name and who, a person said, is still at the school."""

    id = AutoField()
    upload = ForeignKeyField(RosterUpload)
    upload_id: int
    student = ForeignKeyField(Student)
    student_id: int
    made_by = ForeignKeyField(Account)
    made_by_id: int
    made_at = DateTimeField()


class RosterChange(Record):
    """What a student was before a confirmed roster changed them (JSON), or '' for one it brought by mending."""

    id = AutoField()
    upload = ForeignKeyField(RosterUpload)
    upload_id: int
    student = ForeignKeyField(Student)
    student_id: int
    before = TextField()
    changed_at = DateTimeField()


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
    replaced_by = ForeignKeyField(RosterUpload, null=True, backref="replaced_items")
    replaced_by_id: int | None
