"""The first schema: offices, accounts, schools, students, rosters, programmes, recording days, marks."""

# {id} and the like are the only differences between SQLite and PostgreSQL.
TABLES = """
CREATE TABLE secret (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE office (
  id {id}, name TEXT NOT NULL, government TEXT NOT NULL, region_code TEXT NOT NULL, address TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '', time_zone TEXT NOT NULL DEFAULT 'Asia/Jakarta', created_at {moment} NOT NULL);

CREATE TABLE district (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), code TEXT NOT NULL, name TEXT NOT NULL,
  UNIQUE (office_id, code));

CREATE TABLE school (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), district_id {ref} NOT NULL REFERENCES district(id),
  npsn TEXT NOT NULL, name TEXT NOT NULL, level TEXT NOT NULL CHECK (level IN ('SMA','SMK','MA','SLB')),
  is_public {flag} NOT NULL, week_days INTEGER NOT NULL DEFAULT 5 CHECK (week_days IN (5, 6)),
  network TEXT NOT NULL DEFAULT 'unknown' CHECK (network IN ('good','poor','unknown')),
  contact_name TEXT NOT NULL DEFAULT '', contact_phone TEXT NOT NULL DEFAULT '', created_at {moment} NOT NULL,
  UNIQUE (office_id, npsn));
CREATE INDEX school_district ON school (district_id);

CREATE TABLE account (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), username TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('coordinator','officer','school_admin','viewer')),
  school_id {ref} REFERENCES school(id), password_hash TEXT NOT NULL, language TEXT NOT NULL DEFAULT '',
  disabled_at {moment}, created_at {moment} NOT NULL,
  CHECK ((role = 'school_admin') = (school_id IS NOT NULL)));
CREATE INDEX account_office ON account (office_id);
CREATE INDEX account_school ON account (school_id);

CREATE TABLE session (
  token_hash TEXT PRIMARY KEY, account_id {ref} NOT NULL REFERENCES account(id), created_at {moment} NOT NULL,
  last_seen_at {moment} NOT NULL);
CREATE INDEX session_account ON session (account_id);

CREATE TABLE login_failure (username_hash TEXT PRIMARY KEY, failures INTEGER NOT NULL, last_at {moment} NOT NULL);

CREATE TABLE invitation (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), token_hash TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
  school_id {ref} REFERENCES school(id), name TEXT NOT NULL, phone TEXT NOT NULL DEFAULT '', username TEXT NOT NULL,
  invited_by_id {ref} REFERENCES account(id), created_at {moment} NOT NULL, expires_at {moment} NOT NULL,
  used_at {moment}, withdrawn_at {moment});
CREATE INDEX invitation_school ON invitation (school_id);
CREATE INDEX invitation_office ON invitation (office_id);

CREATE TABLE audit (
  id {id}, office_id {ref} REFERENCES office(id), at {moment} NOT NULL, account_id {ref} REFERENCES account(id),
  kind TEXT NOT NULL CHECK (kind IN ('change','access')), act TEXT NOT NULL, subject TEXT NOT NULL,
  subject_id {ref}, detail TEXT NOT NULL DEFAULT '');
CREATE INDEX audit_office ON audit (office_id, id);
CREATE INDEX audit_subject ON audit (office_id, subject, subject_id);

CREATE TABLE student (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), school_id {ref} NOT NULL REFERENCES school(id),
  nik TEXT CHECK (nik IS NULL OR length(nik) = 16), nisn TEXT, name TEXT NOT NULL, name_key TEXT NOT NULL,
  sex TEXT NOT NULL CHECK (sex IN ('L','P','')), birth_place TEXT NOT NULL DEFAULT '', birth_date {date} NOT NULL,
  class_name TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '', home_district TEXT NOT NULL DEFAULT '',
  special_needs TEXT NOT NULL DEFAULT '', is_married {flag} NOT NULL DEFAULT {no},
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active','moved','left')),
  recorded_before {flag} NOT NULL DEFAULT {no}, created_at {moment} NOT NULL, updated_at {moment} NOT NULL);
CREATE UNIQUE INDEX student_nik ON student (office_id, nik) WHERE nik IS NOT NULL;
CREATE INDEX student_school ON student (school_id, class_name);
CREATE INDEX student_name_key ON student (office_id, name_key);

CREATE TABLE team (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), name TEXT NOT NULL, kits INTEGER NOT NULL CHECK (kits > 0),
  weekdays TEXT NOT NULL DEFAULT '12345', is_active {flag} NOT NULL DEFAULT {yes}, UNIQUE (office_id, name));
CREATE TABLE team_day_off (
  id {id}, team_id {ref} NOT NULL REFERENCES team(id), date {date} NOT NULL, UNIQUE (team_id, date));

CREATE TABLE roster_upload (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), school_id {ref} NOT NULL REFERENCES school(id),
  file_name TEXT NOT NULL, file_size INTEGER NOT NULL, sha256 TEXT NOT NULL, stored_as TEXT,
  state TEXT NOT NULL CHECK (state IN ('reading','refused','waiting','confirmed','withdrawn')),
  action TEXT NOT NULL DEFAULT '', reasons TEXT NOT NULL DEFAULT '[]', counts TEXT NOT NULL DEFAULT '{{}}',
  notes TEXT NOT NULL DEFAULT '{{}}', uploaded_by_id {ref} NOT NULL REFERENCES account(id), uploaded_at {moment} NOT NULL,
  decided_by_id {ref} REFERENCES account(id), decided_at {moment}, outcome TEXT NOT NULL DEFAULT '{{}}',
  wishes INTEGER NOT NULL DEFAULT 0, wishes_read INTEGER NOT NULL DEFAULT 0);
CREATE INDEX roster_upload_school ON roster_upload (school_id, id);
CREATE INDEX roster_upload_office ON roster_upload (office_id, state);

CREATE TABLE roster_row (
  id {id}, upload_id {ref} NOT NULL REFERENCES roster_upload(id), sheet TEXT, row_number INTEGER NOT NULL,
  status TEXT NOT NULL, reasons TEXT NOT NULL, fixes TEXT NOT NULL, person TEXT, findings TEXT NOT NULL);
CREATE INDEX roster_row_upload ON roster_row (upload_id, status);

CREATE TABLE column_answer (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), school_id {ref} NOT NULL REFERENCES school(id),
  layout TEXT NOT NULL, heading TEXT NOT NULL, field TEXT NOT NULL, answered_by_id {ref} NOT NULL REFERENCES account(id),
  answered_at {moment} NOT NULL, UNIQUE (school_id, layout, heading));
CREATE TABLE roster_mend (
  id {id}, upload_id {ref} NOT NULL REFERENCES roster_upload(id), sheet TEXT NOT NULL, row_number INTEGER NOT NULL,
  column_letter TEXT NOT NULL, heading TEXT NOT NULL, value TEXT NOT NULL, made_by_id {ref} NOT NULL REFERENCES account(id),
  made_at {moment} NOT NULL, UNIQUE (upload_id, sheet, row_number, column_letter));
CREATE TABLE roster_decision (
  id {id}, upload_id {ref} NOT NULL REFERENCES roster_upload(id), sheet TEXT NOT NULL, row_number INTEGER NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('same','different','moved_here')), student_id {ref} NOT NULL REFERENCES student(id),
  made_by_id {ref} NOT NULL REFERENCES account(id), made_at {moment} NOT NULL,
  UNIQUE (upload_id, sheet, row_number, student_id));
CREATE INDEX roster_decision_student ON roster_decision (student_id);
CREATE TABLE still_here (
  id {id}, upload_id {ref} NOT NULL REFERENCES roster_upload(id), student_id {ref} NOT NULL REFERENCES student(id),
  made_by_id {ref} NOT NULL REFERENCES account(id), made_at {moment} NOT NULL, UNIQUE (upload_id, student_id));
CREATE INDEX still_here_student ON still_here (student_id);
CREATE TABLE roster_change (
  id {id}, upload_id {ref} NOT NULL REFERENCES roster_upload(id), student_id {ref} NOT NULL REFERENCES student(id),
  before TEXT NOT NULL, changed_at {moment} NOT NULL, UNIQUE (upload_id, student_id));
CREATE INDEX roster_change_student ON roster_change (student_id);

CREATE TABLE fix_item (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), school_id {ref} NOT NULL REFERENCES school(id),
  upload_id {ref} NOT NULL REFERENCES roster_upload(id), sheet TEXT, row_number INTEGER NOT NULL, name TEXT NOT NULL,
  reasons TEXT NOT NULL, findings TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','mended','replaced','dismissed')),
  decided_by_id {ref} REFERENCES account(id), decided_at {moment},
  replaced_by_id {ref} REFERENCES roster_upload(id));
CREATE INDEX fix_item_school ON fix_item (school_id, state);
CREATE INDEX fix_item_upload ON fix_item (upload_id);

CREATE TABLE campaign (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), name TEXT NOT NULL, from_date {date} NOT NULL,
  to_date {date} NOT NULL, voting_day {date} NOT NULL, voting_day_is_fixed {flag} NOT NULL, record_age INTEGER NOT NULL DEFAULT 16,
  print_age INTEGER NOT NULL DEFAULT 17, weekdays TEXT NOT NULL DEFAULT '12345', reserved_weekdays TEXT NOT NULL DEFAULT '5',
  rate_good INTEGER NOT NULL DEFAULT 25, rate_poor INTEGER NOT NULL DEFAULT 10, max_days_per_school INTEGER NOT NULL DEFAULT 2,
  latest_useful_day {date} NOT NULL, day_start TEXT NOT NULL DEFAULT '08:00', day_end TEXT NOT NULL DEFAULT '14:00',
  closed_at {moment}, created_at {moment} NOT NULL, CHECK (from_date <= to_date));
CREATE INDEX campaign_office ON campaign (office_id);
CREATE TABLE campaign_team (
  id {id}, campaign_id {ref} NOT NULL REFERENCES campaign(id), team_id {ref} NOT NULL REFERENCES team(id),
  UNIQUE (campaign_id, team_id));
CREATE TABLE campaign_pause (
  id {id}, campaign_id {ref} NOT NULL REFERENCES campaign(id), from_date {date} NOT NULL, to_date {date} NOT NULL,
  reason TEXT NOT NULL, urgent_allowed {flag} NOT NULL DEFAULT {no}, CHECK (from_date <= to_date));
CREATE TABLE office_day (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), date {date} NOT NULL, name TEXT NOT NULL,
  is_free {flag} NOT NULL, UNIQUE (office_id, date));
CREATE TABLE school_blackout (
  id {id}, school_id {ref} NOT NULL REFERENCES school(id), from_date {date} NOT NULL, to_date {date} NOT NULL,
  reason TEXT NOT NULL, CHECK (from_date <= to_date));
CREATE INDEX school_blackout_school ON school_blackout (school_id);

CREATE TABLE recording_day (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), campaign_id {ref} NOT NULL REFERENCES campaign(id),
  date {date} NOT NULL, team_id {ref} NOT NULL REFERENCES team(id), school_id {ref} REFERENCES school(id),
  venue TEXT NOT NULL DEFAULT '', kind TEXT NOT NULL CHECK (kind IN ('school','retake','office','home','community')),
  state TEXT NOT NULL CHECK (state IN ('draft','proposed','change_asked','confirmed','open','closed','cancelled','postponed')),
  -- the half days the visit takes, 1 or nothing: two visits may share a team's day, never the same half
  takes_morning INTEGER CHECK (takes_morning = 1), takes_afternoon INTEGER CHECK (takes_afternoon = 1),
  starts_at TEXT NOT NULL, ends_at TEXT NOT NULL, part INTEGER NOT NULL DEFAULT 1, of_parts INTEGER NOT NULL DEFAULT 1,
  capacity INTEGER NOT NULL, planned INTEGER NOT NULL DEFAULT 0, planned_voters INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '{{}}', note TEXT NOT NULL DEFAULT '', is_locked {flag} NOT NULL DEFAULT {no},
  announced_at {moment}, confirmed_at {moment}, closed_at {moment}, closed_by_id {ref} REFERENCES account(id),
  created_at {moment} NOT NULL, CHECK (takes_morning = 1 OR takes_afternoon = 1));
CREATE UNIQUE INDEX recording_day_morning ON recording_day (team_id, date, takes_morning)
  WHERE takes_morning = 1 AND state NOT IN ('cancelled','postponed');
CREATE UNIQUE INDEX recording_day_afternoon ON recording_day (team_id, date, takes_afternoon)
  WHERE takes_afternoon = 1 AND state NOT IN ('cancelled','postponed');
CREATE INDEX recording_day_campaign ON recording_day (campaign_id, date);
CREATE INDEX recording_day_school ON recording_day (school_id, date);

-- whom the last plan had no day for, and the rule that kept them out
CREATE TABLE left_out (
  id {id}, campaign_id {ref} NOT NULL REFERENCES campaign(id), school_id {ref} NOT NULL REFERENCES school(id),
  rule TEXT NOT NULL, students INTEGER NOT NULL, UNIQUE (campaign_id, school_id));

CREATE TABLE booking (
  id {id}, day_id {ref} NOT NULL REFERENCES recording_day(id), student_id {ref} NOT NULL REFERENCES student(id),
  queue_number INTEGER NOT NULL, slot TEXT NOT NULL, UNIQUE (day_id, student_id), UNIQUE (day_id, queue_number));
CREATE INDEX booking_student ON booking (student_id);

CREATE TABLE mark (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), uuid TEXT NOT NULL, day_id {ref} REFERENCES recording_day(id),
  student_id {ref} REFERENCES student(id), outcome TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', device TEXT NOT NULL,
  seq INTEGER NOT NULL, lc INTEGER NOT NULL, supersedes TEXT NOT NULL DEFAULT '[]', officer_id {ref} REFERENCES account(id),
  device_time TEXT NOT NULL DEFAULT '', received_at {moment} NOT NULL, quarantine TEXT NOT NULL DEFAULT '',
  body_hash TEXT NOT NULL);
CREATE UNIQUE INDEX mark_uuid ON mark (office_id, uuid, body_hash);
CREATE INDEX mark_day ON mark (day_id, id);
CREATE INDEX mark_student ON mark (student_id);
CREATE INDEX mark_device ON mark (office_id, device, seq);

CREATE TABLE unreadable_mark (
  id {id}, office_id {ref} NOT NULL REFERENCES office(id), day_id {ref} NOT NULL REFERENCES recording_day(id),
  sender_id {ref} REFERENCES account(id), body TEXT NOT NULL, body_hash TEXT NOT NULL, received_at {moment} NOT NULL,
  UNIQUE (office_id, body_hash));
CREATE INDEX unreadable_mark_day ON unreadable_mark (day_id);

CREATE TABLE standing (
  id {id}, campaign_id {ref} NOT NULL REFERENCES campaign(id), student_id {ref} NOT NULL REFERENCES student(id),
  outcome TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', needs_look {flag} NOT NULL DEFAULT {no},
  attempts INTEGER NOT NULL, last_day_id {ref} NOT NULL REFERENCES recording_day(id), UNIQUE (campaign_id, student_id));
CREATE INDEX standing_student ON standing (student_id);

CREATE TABLE tally (
  id {id}, campaign_id {ref} NOT NULL REFERENCES campaign(id), school_id {ref} NOT NULL REFERENCES school(id),
  class_name TEXT NOT NULL, students INTEGER NOT NULL, target INTEGER NOT NULL, voters INTEGER NOT NULL,
  recorded INTEGER NOT NULL, recorded_voters INTEGER NOT NULL, waiting INTEGER NOT NULL, retake_due INTEGER NOT NULL,
  already INTEGER NOT NULL, not_yet INTEGER NOT NULL, UNIQUE (campaign_id, school_id, class_name));
"""

KINDS = {
    "sqlite": {
        "id": "INTEGER PRIMARY KEY AUTOINCREMENT",
        "ref": "INTEGER",
        "moment": "DATETIME",
        "date": "DATE",
        "flag": "INTEGER",
        "yes": "1",
        "no": "0",
    },
    "postgresql": {
        "id": "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        "ref": "BIGINT",
        "moment": "TIMESTAMP",
        "date": "DATE",
        "flag": "BOOLEAN",
        "yes": "TRUE",
        "no": "FALSE",
    },
}


def up(migrator, db):
    """Make every table, in an order in which each foreign key finds its table."""
    kinds = KINDS["sqlite" if type(db).__name__.startswith("Sqlite") else "postgresql"]
    for statement in TABLES.format(**kinds).split(";"):
        if statement.strip():
            db.execute_sql(statement)
