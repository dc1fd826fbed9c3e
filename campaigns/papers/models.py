"""Tables of the crews: who goes out with a team, and with which of the office's devices."""

from __future__ import annotations

from peewee import CompositeKey, ForeignKeyField

from accounts.models import Account
from campaigns.field.models import Device
from common.database import Record
from schools.models import Team


class CrewMember(Record):
    """An officer who goes out with a team; one may go with several."""

    team = ForeignKeyField(Team)
    team_id: int
    account = ForeignKeyField(Account)
    account_id: int

    class Meta:
        table_name = "crew_member"
        primary_key = CompositeKey("team", "account")


class CrewDevice(Record):
    """A registered device that a team takes along."""

    team = ForeignKeyField(Team)
    team_id: int
    device = ForeignKeyField(Device)
    device_id: int

    class Meta:
        table_name = "crew_device"
        primary_key = CompositeKey("team", "device")
