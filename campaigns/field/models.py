"""Tables of the recording day itself: the devices of the office, and how a day is going."""

from __future__ import annotations

from peewee import AutoField, BooleanField, DateTimeField, ForeignKeyField, IntegerField, TextField

from accounts.models import Account, Office
from campaigns.models import RecordingDay
from common.database import Record


class Device(Record):
    """A phone or laptop of the office. `device` is what its marks name it, and empty until it is registered."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    name = TextField()
    device = TextField(null=True)
    code_hash = TextField(null=True)
    code_expires_at = DateTimeField(null=True)
    made_by = ForeignKeyField(Account)
    made_at = DateTimeField()
    registered_by = ForeignKeyField(Account, null=True)
    registered_at = DateTimeField(null=True)
    disabled_at = DateTimeField(null=True)


class DayPace(Record):
    """What the crew says of a day: whether the network is bad, and how many kits work (None: all of the team's)."""

    day = ForeignKeyField(RecordingDay, primary_key=True)
    day_id: int
    network_is_bad = BooleanField()
    kits = IntegerField(null=True)
    set_by = ForeignKeyField(Account)
    set_at = DateTimeField()
