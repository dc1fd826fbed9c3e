"""Tables of the recording programme: campaigns, days, bookings, marks, and the counts kept of them."""

from __future__ import annotations

from peewee import (
    AutoField,
    BooleanField,
    CompositeKey,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from accounts.models import Account, Office
from common.database import Record
from schools.models import District, School, Student, Team


class Campaign(Record):
    """A recording programme (program perekaman): its window, voting day, ages, weekdays and rates."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    name = TextField()
    from_date = DateField()
    to_date = DateField()
    voting_day = DateField()
    voting_day_is_fixed = BooleanField()
    record_age = IntegerField(default=16)
    print_age = IntegerField(default=17)
    weekdays = TextField(default="12345")
    reserved_weekdays = TextField(default="5")
    rate_good = IntegerField(default=25)
    rate_poor = IntegerField(default=10)
    max_days_per_school = IntegerField(default=2)
    latest_useful_day = DateField()
    day_start = TextField(default="08:00")
    day_end = TextField(default="14:00")
    closed_at = DateTimeField(null=True)
    created_at = DateTimeField()


class CampaignTeam(Record):
    """A team that works in a campaign."""

    id = AutoField()
    campaign = ForeignKeyField(Campaign)
    campaign_id: int
    team = ForeignKeyField(Team)
    team_id: int


class CampaignPause(Record):
    """Dates on which the campaign rests, with the reason."""

    id = AutoField()
    campaign = ForeignKeyField(Campaign)
    campaign_id: int
    from_date = DateField()
    to_date = DateField()
    reason = TextField()
    urgent_allowed = BooleanField(default=False)


class OfficeDay(Record):
    """A date the office's calendar knows better than the holidays package: free, or worked after all."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    date = DateField()
    name = TextField()
    is_free = BooleanField()


class SchoolBlackout(Record):
    """Dates on which schools cannot be visited (exams, internship), and whom they concern (`closed_dates.Reach`)."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    from_date = DateField()
    to_date = DateField()
    reason = TextField()
    reach = TextField()
    levels = TextField(default="")
    district = ForeignKeyField(District, null=True)
    district_id: int | None
    made_by = ForeignKeyField(Account, null=True)
    made_by_id: int | None
    made_at = DateTimeField(null=True)
    changed_by = ForeignKeyField(Account, null=True)
    changed_by_id: int | None
    changed_at = DateTimeField(null=True)


class BlackoutSchool(Record):
    """A school that closed dates concern by name."""

    blackout = ForeignKeyField(SchoolBlackout)
    blackout_id: int
    school = ForeignKeyField(School)
    school_id: int

    class Meta:
        primary_key = CompositeKey("blackout", "school")


class CalendarFeed(Record):
    """The unguessable address of a school's or a team's calendar. It opens less than the database holds: no person."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    school = ForeignKeyField(School, null=True)
    school_id: int | None
    team = ForeignKeyField(Team, null=True)
    team_id: int | None
    token = TextField()
    made_by = ForeignKeyField(Account)
    made_by_id: int
    made_at = DateTimeField()


class RecordingDay(Record):
    """A visit: a date, a team, a school. `takes_morning` and `takes_afternoon` are 1 or nothing."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    campaign = ForeignKeyField(Campaign)
    campaign_id: int
    date = DateField()
    team = ForeignKeyField(Team)
    team_id: int
    school = ForeignKeyField(School, null=True)
    school_id: int
    venue = TextField(default="")
    kind = TextField()
    state = TextField()
    takes_morning = IntegerField(null=True)
    takes_afternoon = IntegerField(null=True)
    starts_at = TextField()
    ends_at = TextField()
    part = IntegerField(default=1)
    of_parts = IntegerField(default=1)
    capacity = IntegerField()
    planned = IntegerField(default=0)
    planned_voters = IntegerField(default=0)
    reason = TextField(default="{}")
    note = TextField(default="")
    is_locked = BooleanField(default=False)
    announced_at = DateTimeField(null=True)
    confirmed_at = DateTimeField(null=True)
    closed_at = DateTimeField(null=True)
    closed_by = ForeignKeyField(Account, null=True)
    closed_by_id: int | None
    created_at = DateTimeField()


class ToldDay(Record):
    """What a school was told of a day, once: as it is from then on, and as it was. Rows are only ever added."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    day = ForeignKeyField(RecordingDay)
    day_id: int
    kind = TextField()
    told_by = ForeignKeyField(Account, null=True)
    told_by_id: int | None
    told_at = DateTimeField()
    date = DateField()
    starts_at = TextField()
    team = ForeignKeyField(Team)
    team_id: int
    students = IntegerField()
    before_date = DateField(null=True)
    before_starts_at = TextField(default="")
    before_team = ForeignKeyField(Team, null=True)
    before_team_id: int | None


class ToldSchool(Record):
    """A school that was told of a day to which students of several schools go, and how many of them are its own."""

    class Meta:
        primary_key = CompositeKey("told", "school")

    told = ForeignKeyField(ToldDay)
    told_id: int
    school = ForeignKeyField(School)
    school_id: int
    students = IntegerField()


class DayException(Record):
    """Rules that a day breaks on purpose, and why. One a day; it goes when the day is moved again."""

    id = AutoField()
    day = ForeignKeyField(RecordingDay)
    day_id: int
    rules = TextField()
    reason = TextField()
    made_by = ForeignKeyField(Account)
    made_by_id: int
    made_at = DateTimeField()


class LeftOutRow(Record):
    """A school whose students the last plan had no day for, how many, and the rule that kept them out."""

    id = AutoField()
    campaign = ForeignKeyField(Campaign)
    campaign_id: int
    school = ForeignKeyField(School)
    school_id: int
    rule = TextField()
    students = IntegerField()

    class Meta:
        table_name = "left_out"


class Booking(Record):
    """A student's place on a recording day. Places left are counted, never stored."""

    id = AutoField()
    day = ForeignKeyField(RecordingDay)
    day_id: int
    student = ForeignKeyField(Student)
    student_id: int
    queue_number = IntegerField()
    slot = TextField()


class MarkRow(Record):
    """A mark as it arrived. Rows are only ever added; `quarantine` says why one is out of the totals."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    uuid = TextField()
    day = ForeignKeyField(RecordingDay, null=True)
    day_id: int | None
    student = ForeignKeyField(Student, null=True)
    student_id: int | None
    outcome = TextField()
    reason = TextField(default="")
    device = TextField()
    seq = IntegerField()
    lc = IntegerField()
    supersedes = TextField(default="[]")
    officer = ForeignKeyField(Account, null=True)
    officer_id: int | None
    device_time = TextField(default="")
    received_at = DateTimeField()
    quarantine = TextField(default="")
    body_hash = TextField()
    walk_in_name = TextField(default="")
    walk_in_class = TextField(default="")

    class Meta:
        table_name = "mark"


class UnreadableMark(Record):
    """What a device sent as a mark and could not be read: kept aside as it came, so that it blocks nothing."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    day = ForeignKeyField(RecordingDay)
    day_id: int
    sender = ForeignKeyField(Account, null=True)
    sender_id: int | None
    body = TextField()
    body_hash = TextField()
    received_at = DateTimeField()
    looked_at = DateTimeField(null=True)
    looked_by = ForeignKeyField(Account, null=True)
    looked_by_id: int | None


class StandingRow(Record):
    """A stored copy of where a student stands in a campaign, kept by the transaction that changes its source."""

    id = AutoField()
    campaign = ForeignKeyField(Campaign)
    campaign_id: int
    student = ForeignKeyField(Student)
    student_id: int
    outcome = TextField()
    reason = TextField(default="")
    needs_look = BooleanField(default=False)
    attempts = IntegerField()
    last_day = ForeignKeyField(RecordingDay)
    last_day_id: int

    class Meta:
        table_name = "standing"


class Tally(Record):
    """A stored copy of the counts of one class in a campaign, kept by the transaction that changes its source."""

    id = AutoField()
    campaign = ForeignKeyField(Campaign)
    campaign_id: int
    school = ForeignKeyField(School)
    school_id: int
    class_name = TextField()
    students = IntegerField()
    target = IntegerField()
    voters = IntegerField()
    recorded = IntegerField()
    recorded_voters = IntegerField()
    waiting = IntegerField()
    retake_due = IntegerField()
    already = IntegerField()
    not_yet = IntegerField()
    waiting_voters = IntegerField()
    retake_due_voters = IntegerField()
    unplanned = IntegerField()
    unplanned_voters = IntegerField()
    not_yet_voters = IntegerField()


class PlanVersion(Record):
    """A plan as it stood after a change, with who changed it, when and why. `days` and `left_out` are JSON."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    campaign = ForeignKeyField(Campaign)
    campaign_id: int
    number = IntegerField()
    why = TextField()
    note = TextField(default="")
    days = TextField()
    left_out = TextField()
    made_by = ForeignKeyField(Account)
    made_by_id: int
    made_at = DateTimeField()

    class Meta:
        table_name = "plan_version"


class PlanProposal(Record):
    """A plan that was made and not taken yet; `basis` tells whether it still fits. One for each programme."""

    id = AutoField()
    office = ForeignKeyField(Office)
    office_id: int
    campaign = ForeignKeyField(Campaign)
    campaign_id: int
    basis = TextField()
    visits = TextField()
    left_out = TextField()
    bound_voters = IntegerField()
    is_proved = BooleanField()
    made_by = ForeignKeyField(Account)
    made_by_id: int
    made_at = DateTimeField()

    class Meta:
        table_name = "plan_proposal"
