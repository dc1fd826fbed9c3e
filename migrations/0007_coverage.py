"""Coverage counted further: who has no place yet, and the figures of voters that were missing."""

from datetime import date

# what a target consists of besides the recorded: waiting, due a retake, with a place, without one; each for voters too
COLUMNS = ("waiting_voters", "retake_due_voters", "unplanned", "unplanned_voters", "not_yet_voters")

COUNTED = """
UPDATE tally SET waiting_voters = c.waiting_voters, retake_due_voters = c.retake_due_voters,
  unplanned = c.unplanned, unplanned_voters = c.unplanned_voters, not_yet_voters = c.not_yet_voters
FROM (SELECT school_id, class_name,
  SUM(CASE WHEN in_target AND outcome = 'waiting' AND votes THEN 1 ELSE 0 END) AS waiting_voters,
  SUM(CASE WHEN in_target AND outcome IN ('failed', 'absent', 'refused') AND votes THEN 1 ELSE 0 END) AS retake_due_voters,
  SUM(CASE WHEN in_target AND outcome = '' AND NOT has_place THEN 1 ELSE 0 END) AS unplanned,
  SUM(CASE WHEN in_target AND outcome = '' AND NOT has_place AND votes THEN 1 ELSE 0 END) AS unplanned_voters,
  SUM(CASE WHEN is_young AND votes THEN 1 ELSE 0 END) AS not_yet_voters
  FROM (SELECT s.school_id, s.class_name, COALESCE(t.outcome, '') AS outcome,
    s.status = 'active' AND NOT s.recorded_before AND s.birth_date <= {target}
      AND COALESCE(t.outcome, '') NOT IN ('already_recorded', 'not_ours') AS in_target,
    s.status = 'active' AND NOT s.recorded_before AND s.birth_date > {target}
      AND COALESCE(t.outcome, '') NOT IN ('already_recorded', 'not_ours') AS is_young,
    s.birth_date <= {voters} OR s.is_married AS votes,
    s.id IN (SELECT b.student_id FROM booking b JOIN recording_day d ON d.id = b.day_id WHERE d.campaign_id = {campaign}
      AND d.state IN ('draft', 'proposed', 'change_asked', 'confirmed', 'open')) AS has_place
    FROM student s LEFT JOIN standing t ON t.student_id = s.id AND t.campaign_id = {campaign}
    WHERE s.office_id = {office}) AS one
  GROUP BY school_id, class_name) AS c
WHERE tally.campaign_id = {campaign} AND tally.school_id = c.school_id AND tally.class_name = c.class_name
"""


def up(migrator, db):
    """Add the columns and count them for the programmes there are."""
    for column in COLUMNS:
        db.execute_sql(f"ALTER TABLE tally ADD COLUMN {column} INTEGER NOT NULL DEFAULT 0")
    campaigns = db.execute_sql(
        "SELECT id, office_id, record_age, to_date, voting_day FROM campaign"
    ).fetchall()
    for campaign, office, age, last, voting in campaigns:
        db.execute_sql(
            COUNTED.format(
                campaign=int(campaign),
                office=int(office),
                target=f"'{_born_by(age, last)}'",
                voters=f"'{_born_by(17, voting)}'",
            )
        )


def _born_by(age, on):
    """The latest birth date of anyone of that age on that date, as eligibility says."""
    on = on if isinstance(on, date) else date.fromisoformat(str(on)[:10])
    year = on.year - age
    return date(year, 2, 28) if (on.month, on.day) == (2, 29) and not _leaps(year) else on.replace(year=year)


def _leaps(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
