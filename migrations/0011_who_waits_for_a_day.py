"""Who of a class is in the target is found from an index alone: the page of the plan asks it of every class."""


def up(migrator, db):
    """Widen the index of the classes by what decides it."""
    db.execute_sql("DROP INDEX student_school")
    db.execute_sql(
        "CREATE INDEX student_school ON student"
        " (school_id, class_name, status, recorded_before, birth_date, is_married)"
    )
