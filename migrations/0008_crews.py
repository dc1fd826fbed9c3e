"""Who goes out with a team, and with which of the office's devices."""

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE crew_member (
  team_id {ref} NOT NULL REFERENCES team(id), account_id {ref} NOT NULL REFERENCES account(id),
  PRIMARY KEY (team_id, account_id));

CREATE TABLE crew_device (
  team_id {ref} NOT NULL REFERENCES team(id), device_id {ref} NOT NULL REFERENCES device(id),
  PRIMARY KEY (team_id, device_id));
"""

KINDS = {"sqlite": {"ref": "INTEGER"}, "postgresql": {"ref": "BIGINT"}}


def up(migrator, db):
    """Make the tables."""
    kinds = KINDS["sqlite" if isinstance(db, SqliteDatabase) else "postgresql"]
    for statement in TABLES.format(**kinds).split(";"):
        if statement.strip():
            db.execute_sql(statement)
