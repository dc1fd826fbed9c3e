"""Tables of the recording day itself: the devices of the office, how a day is going, and what comes after it."""

from __future__ import annotations

from peewee import AutoField, BooleanField, DateTimeField, ForeignKeyField, IntegerField, TextField

from accounts.models import Account, Office
from campaigns.models import Booking, Campaign, RecordingDay
from common.database import Record
from schools.models import Team


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


class RetakeCall(Record):
    """Students called to one day for a retake by one press. `way` is one of `Way`; `made_day`: the day is new."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    campaign = ForeignKeyField(Campaign)
    campaign_id: int
    day = ForeignKeyField(RecordingDay)
    day_id: int
    way = TextField()
    made_day = BooleanField()
    students = IntegerField()
    called_by = ForeignKeyField(Account)
    called_by_id: int
    called_at = DateTimeField()
    taken_back_at = DateTimeField(null=True)
    taken_back_by = ForeignKeyField(Account, null=True)
    taken_back_by_id: int | None

    class Meta:
        table_name = "retake_call"


class Retake(Record):
    """A booked retake: which try it is, and what came of the day before it. It goes with its booking."""

    booking = ForeignKeyField(Booking, primary_key=True)
    booking_id: int
    call = ForeignKeyField(RetakeCall)
    call_id: int
    attempt = IntegerField()
    outcome = TextField(default="")
    reason = TextField(default="")
    from_day = ForeignKeyField(RecordingDay)
    from_day_id: int


class OfficeOpening(Record):
    """When the office itself records, by which crew, and how many a day; and how many homes a team visits a day."""

    office = ForeignKeyField(Office, primary_key=True)
    office_id: int
    team = ForeignKeyField(Team, null=True)
    team_id: int | None
    weekdays = TextField()
    starts_at = TextField()
    ends_at = TextField()
    places_a_day = IntegerField()
    home_visits_a_day = IntegerField()

    class Meta:
        table_name = "office_opening"


class WaitingConfirm(Record):
    """Students who waited to be sent, told in one act to be recorded or failed. Its marks name it as their device."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    campaign = ForeignKeyField(Campaign)
    campaign_id: int
    outcome = TextField()
    reason = TextField(default="")
    students = IntegerField()
    made_by = ForeignKeyField(Account)
    made_by_id: int
    made_at = DateTimeField()
    undone_at = DateTimeField(null=True)
    undone_by = ForeignKeyField(Account, null=True)
    undone_by_id: int | None

    class Meta:
        table_name = "waiting_confirm"
