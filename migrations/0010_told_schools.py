"""Which schools were told of a day to which students of several go, and of how many of theirs."""

from peewee import SqliteDatabase

TABLES = """
CREATE TABLE told_school (
  told_id {ref} NOT NULL REFERENCES told_day(id), school_id {ref} NOT NULL REFERENCES school(id),
  students INTEGER NOT NULL, PRIMARY KEY (told_id, school_id));
"""

KINDS = {"sqlite": {"ref": "INTEGER"}, "postgresql": {"ref": "BIGINT"}}


def up(migrator, db):
    """Make the table; what was told before is worked out from who has a place."""
    kinds = KINDS["sqlite" if isinstance(db, SqliteDatabase) else "postgresql"]
    for statement in TABLES.format(**kinds).split(";"):
        if statement.strip():
            db.execute_sql(statement)
