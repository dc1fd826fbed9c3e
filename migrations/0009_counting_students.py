"""The students of a school, by class and by whether they are still there, are counted from an index alone."""


def up(migrator, db):
    """Widen the index by the status."""
    db.execute_sql("DROP INDEX student_school")
    db.execute_sql("CREATE INDEX student_school ON student (school_id, class_name, status)")
