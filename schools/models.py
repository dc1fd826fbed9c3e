"""Tables of who exists: districts, schools, students, teams. Each hangs on an office."""

from __future__ import annotations

from peewee import AutoField, BooleanField, DateField, DateTimeField, ForeignKeyField, IntegerField, TextField

from accounts.models import Office
from common.database import Record


class District(Record):
    """A kecamatan, by its Kemendagri code (`33.11.08`)."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    code = TextField()
    name = TextField()


class School(Record):
    """A school, by its NPSN. `network` is good, poor or unknown; `week_days` 5 or 6."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    district = ForeignKeyField(District)
    district_id: int
    npsn = TextField()
    name = TextField()
    level = TextField()
    is_public = BooleanField()
    week_days = IntegerField(default=5)
    network = TextField(default="unknown")
    contact_name = TextField(default="")
    contact_phone = TextField(default="")
    created_at = DateTimeField()


class Student(Record):
    """A student of a school; `name_key` is the name as matching compares it."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    school = ForeignKeyField(School)
    school_id: int
    nik = TextField(null=True)
    nisn = TextField(null=True)
    name = TextField()
    name_key = TextField()
    sex = TextField()
    birth_place = TextField(default="")
    birth_date = DateField()
    class_name = TextField(default="")
    address = TextField(default="")
    home_district = TextField(default="")
    special_needs = TextField(default="")
    is_married = BooleanField(default=False)
    status = TextField(default="active")
    recorded_before = BooleanField(default=False)
    created_at = DateTimeField()
    updated_at = DateTimeField()


class Team(Record):
    """A crew with its recording kits. `weekdays` are ISO numbers as text: "12345"."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    name = TextField()
    kits = IntegerField()
    weekdays = TextField(default="12345")
    is_active = BooleanField(default=True)


class TeamDayOff(Record):
    """A date on which a team does not go out."""

    id = AutoField()
    team = ForeignKeyField(Team)
    team_id: int
    date = DateField()
