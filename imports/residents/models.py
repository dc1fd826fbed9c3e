"""Tables of the office's own lists. Its people are kept only until it is decided what they are to the students."""

from __future__ import annotations

from peewee import AutoField, BooleanField, DateField, DateTimeField, ForeignKeyField, IntegerField, TextField

from accounts.models import Account, Office
from common.database import Record
from schools.models import Student


class ResidentList(Record):
    """A list as a coordinator sent it. `kind`: its people are `recorded` or `not_yet`, where a row does not say.

    `stored_as` is the file's name under the files folder while it is being read; then the file is deleted.
    """

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    file_name = TextField()
    file_size = IntegerField()
    sha256 = TextField()
    stored_as = TextField(null=True)
    kind = TextField()
    state = TextField()
    reasons = TextField(default="[]")
    outcome = TextField(default="{}")
    as_of = DateField()
    uploaded_by = ForeignKeyField(Account)
    uploaded_by_id: int
    uploaded_at = DateTimeField()
    decided_by = ForeignKeyField(Account, null=True)
    decided_by_id: int | None
    decided_at = DateTimeField(null=True)
    undone_by = ForeignKeyField(Account, null=True)
    undone_by_id: int | None
    undone_at = DateTimeField(null=True)


class ResidentRow(Record):
    """A person of a list that waits, or about whom something is still to be decided."""

    id = AutoField()
    list = ForeignKeyField(ResidentList)
    list_id: int
    sheet = TextField(null=True)
    row_number = IntegerField()
    name = TextField()
    birth_date = DateField(null=True)
    nik = TextField(null=True)
    nik_shown = TextField()
    sex = TextField()
    address = TextField()
    district = TextField()
    is_recorded = BooleanField(null=True)


class ResidentDecision(Record):
    """What a person said of a row and a student: the same person or not, back into the target or not."""

    id = AutoField()
    list = ForeignKeyField(ResidentList)
    list_id: int
    row = ForeignKeyField(ResidentRow)
    row_id: int
    student = ForeignKeyField(Student)
    student_id: int
    is_same = BooleanField(null=True)
    puts_back = BooleanField(null=True)
    decided_by = ForeignKeyField(Account)
    decided_by_id: int
    decided_at = DateTimeField()


class ResidentStatement(Record):
    """What a confirmed list said of a student, and what was known before any list spoke; kept when it is undone."""

    id = AutoField()
    list = ForeignKeyField(ResidentList)
    list_id: int
    student = ForeignKeyField(Student)
    student_id: int
    is_recorded = BooleanField()
    base = BooleanField()
    matched_by = TextField()
    stated_at = DateTimeField()
    undone_at = DateTimeField(null=True)


class ListedNik(Record):
    """A keyed hash of a NIK that a confirmed list calls recorded and no student had: for students who come later."""

    id = AutoField()
    list = ForeignKeyField(ResidentList)
    list_id: int
    nik_hash = TextField()
