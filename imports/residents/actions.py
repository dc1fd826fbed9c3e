"""Acts on the office's own lists: received, read, decided line by line, confirmed, undone, forgotten."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from accounts.actions import note_change, secret
from common import clock
from common.access import COORDINATOR, Missing, Who
from common.database import db, insert_rows, rows_of
from imports.actions import KEPT_DAYS, ReceivedFile
from imports.residents.lines import counts_of
from imports.residents.listing import ListRead, Resident
from imports.residents.models import ListedNik, ResidentDecision, ResidentList, ResidentRow, ResidentStatement
from imports.residents.plan import ListPlan, Pair
from imports.residents.queries import ListToRead, list_of, lists_with_niks, plan_of, recorded_here, to_read
from imports.residents.statements import Statement, base_for, value_without
from schools.actions import after_students_changed
from schools.models import Student
from schools.recorded_actions import set_recorded_before

KINDS = ("recorded", "not_yet")
CHOICES = ("same", "different", "back", "keep")
AT_ONCE = 500  # ids in one statement


@dataclass(frozen=True, slots=True)
class ReceivedList:
    """A list that was stored, or the earlier one of the very same file that is still under way (`is_again`)."""

    to_read: ListToRead
    is_again: bool
    is_unread: bool


class Choice(NamedTuple):
    """What a person said of a row and a student: one of CHOICES."""

    row_id: int
    student_id: int
    word: str


class ListChanged(Exception):
    """What confirming would do is no longer what was shown: somebody changed the students meanwhile."""


class AlreadyDecided(Exception):
    """The list was confirmed, put aside, refused or undone before."""


def receive_list(who: Who, kind: str, file: ReceivedFile) -> ReceivedList:
    """Write down a list of residents that are `recorded` or `not_yet`, to be read. Raises Missing, ValueError.

    The same file of the same kind sent again while it is being read or waits is the same list.
    """
    if not who.is_coordinator:
        raise Missing
    if kind not in KINDS:
        raise ValueError(kind)
    again = (
        ResidentList.select()
        .where(
            ResidentList.office == who.office_id,
            ResidentList.sha256 == file.sha256,
            ResidentList.kind == kind,
            ResidentList.state.in_(("reading", "waiting")),
        )
        .order_by(ResidentList.id.desc())
        .first()
    )
    if again is not None:
        return ReceivedList(to_read(again), True, again.state == "reading")

    found = ResidentList.create(
        office=who.office_id,
        file_name=file.name,
        file_size=file.size,
        sha256=file.sha256,
        stored_as=file.stored_as,
        kind=kind,
        state="reading",
        as_of=clock.today(who.time_zone),
        uploaded_by=who.account_id,
        uploaded_at=clock.now(),
    )
    note_change(who, "residents_sent", "resident_list", found.id, f"kind={kind} bytes={file.size}")
    return ReceivedList(to_read(found), False, True)


def store_list(asked: ListToRead, read: ListRead) -> None:
    """Keep what was read of a list; its file is needed no more. Nothing when it was put aside while it was read."""
    if read.refused is not None:
        state, reasons = "refused", [read.refused.value]
    else:
        state, reasons = "waiting", ["NIK_COLUMN_ROUNDED"] if read.is_rounded else []
    changed = (
        ResidentList.update(state=state, reasons=json.dumps(reasons), stored_as=None)
        .where(ResidentList.id == asked.id, ResidentList.state == "reading")
        .execute()
    )
    if changed:
        insert_rows(
            "resident_row",
            ("list_id", *(name if name != "row" else "row_number" for name in Resident._fields[1:])),
            [(asked.id, *resident[1:]) for resident in read.residents],
        )


def withdraw_list(who: Who, list_id: int) -> None:
    """Put a list aside that is being read or waits; nothing of it is kept. Raises Missing, AlreadyDecided."""
    found = list_of(who, list_id)
    if found.state not in ("reading", "waiting"):
        raise AlreadyDecided(found.state)

    _decide(who, found, "withdrawn", {})
    _forget_people(found, frozenset())
    note_change(who, "residents_withdrawn", "resident_list", found.id)


def decide_pairs(who: Who, list_id: int, choices: Iterable[Choice], everyone: str = "") -> int:
    """Write down what a person said of likely pairs and of contradicting students; answers how many.

    `everyone`: `same` for every open pair with equal names and no rival, `back` or `keep` for every contradicting
    student. Of a confirmed list each is carried out at once. What is no question of this list is passed over. Raises
    Missing, AlreadyDecided.
    """
    found = list_of(who, list_id)
    if found.state not in ("waiting", "confirmed"):
        raise AlreadyDecided(found.state)
    _, plan = plan_of(who, found)
    said = {(choice.row_id, choice.student_id): choice.word for choice in choices}
    if everyone == "same":
        said = {pair.key: everyone for pair in plan.plainly_same}
    elif everyone:
        said = {pair.key: everyone for pair in plan.contradicting}

    decided = 0
    for pair in plan.likely:
        if said.get(pair.key) in ("same", "different"):
            decided += _keep_decision(who, found, pair, "is_same", said[pair.key] == "same")
    for pair in plan.contradicting:
        if said.get(pair.key) in ("back", "keep"):
            decided += _keep_decision(who, found, pair, "puts_back", said[pair.key] == "back")
    if decided:
        note_change(who, "residents_decided", "resident_list", found.id, f"decisions={decided}")
    if decided and found.state == "confirmed":
        _, plan = plan_of(who, found)
        _carry_out(who, found, plan)
    return decided


def confirm_list(who: Who, list_id: int, fingerprint: str) -> dict[str, int]:
    """Carry out what a list says, all or nothing: who is recorded leaves the target, with the list as the reason.

    Matched again here, among the students as they are in this transaction. Of its people only those stay about whom
    something is still open; answers the counts. Raises Missing, AlreadyDecided, and ListChanged when it is not what
    the fingerprint showed: then nothing is written.
    """
    found = list_of(who, list_id)
    if found.state != "waiting":
        raise AlreadyDecided(found.state)
    residents, plan = plan_of(who, found)
    if plan.fingerprint != fingerprint:
        raise ListChanged

    outcome = {kind.value: count for kind, count in counts_of(plan).items()}
    outcome |= {"persons": len(residents), "repeated": plan.repeated, "open": plan.open_people}
    outcome |= {"students": len(plan.sure), "put_back": len(plan.put_back)}
    outcome["stated_recorded"], outcome["stated_not_yet"], outcome["unstated"] = plan.stated

    _decide(who, found, "confirmed", outcome)
    _keep_hashes(who.office_id, found, plan, residents)
    _carry_out(who, found, plan)
    told = " ".join(f"{name}={count}" for name, count in outcome.items() if count)
    note_change(who, "residents_confirmed", "resident_list", found.id, told)
    return outcome


def undo_list(who: Who, list_id: int) -> int:
    """Take a confirmed list's word back: its students are again what they were, unless another list says so too.

    Answers how many changed. Raises Missing, AlreadyDecided.
    """
    found = list_of(who, list_id)
    if found.state != "confirmed":
        raise AlreadyDecided(found.state)
    spoken = ResidentStatement.select(ResidentStatement.student).where(
        ResidentStatement.list == found.id, ResidentStatement.undone_at.is_null()
    )
    ids = [student_id for (student_id,) in rows_of(spoken)]
    after: dict[bool, list[int]] = {True: [], False: []}
    standing = _standing(ids)
    for start in range(0, len(ids), AT_ONCE):
        query = Student.select(Student.id, Student.recorded_before).where(
            Student.id.in_(ids[start : start + AT_ONCE])
        )
        for student_id, current in rows_of(query):
            value = value_without(found.id, bool(current), standing.get(student_id, []))
            if value is not None:
                after[value].append(student_id)

    ResidentList.update(state="undone", undone_by=who.account_id, undone_at=clock.now()).where(
        ResidentList.id == found.id
    ).execute()
    ResidentStatement.update(undone_at=clock.now()).where(
        ResidentStatement.list == found.id, ResidentStatement.undone_at.is_null()
    ).execute()
    _forget_people(found, frozenset())
    ListedNik.delete().where(ListedNik.list == found.id).execute()
    changed = sum(set_recorded_before(who, students, value) for value, students in after.items())
    note_change(who, "residents_undone", "resident_list", found.id, f"students={changed}")
    return changed


def mark_recorded_before(office_id: int, school_ids: frozenset[int]) -> None:
    """Students who came, or whose NIK was mended, after a list was confirmed that calls them recorded: so they are.

    Runs after students of these schools changed, in the same transaction. A student of whom a list spoke before is
    left alone, for a person may have decided otherwise since.
    """
    lists = lists_with_niks(office_id)
    if not lists:
        return
    spoken = ResidentStatement.select(ResidentStatement.student).where(ResidentStatement.undone_at.is_null())
    candidates = Student.select(Student.id, Student.nik).where(
        Student.office == office_id,
        Student.school.in_(sorted(school_ids)),
        Student.recorded_before == False,
        Student.nik.is_null(False),
        Student.id.not_in(spoken),
    )
    here = recorded_here(office_id)
    hashed = _hasher(office_id)
    by_hash = {hashed(nik): student_id for student_id, nik in rows_of(candidates) if student_id not in here}
    hashes = sorted(by_hash)
    of_list: dict[int, list[int]] = {}
    for start in range(0, len(hashes), AT_ONCE):
        listed = ListedNik.select(ListedNik.list, ListedNik.nik_hash).where(
            ListedNik.nik_hash.in_(hashes[start : start + AT_ONCE]),
            ListedNik.list.in_([found.id for found in lists]),
        )
        for list_id, told in rows_of(listed):
            of_list.setdefault(list_id, []).append(by_hash[told])

    for found in lists:
        students = of_list.get(found.id, [])
        if students:
            _state(found, [(student_id, False, True, "later") for student_id in students])
            # it follows from what this person confirmed
            who = Who(found.decided_by_id or 0, office_id, COORDINATOR, "", "", clock.DEFAULT_ZONE)
            set_recorded_before(who, students, True)


def forget_old_lists(now: datetime) -> list[str]:
    """Let go of people of lists sent more than 30 days ago, of all offices; answers the names of files to delete.

    A list that nobody confirmed in that time is put aside; what confirmed lists said of the students stays.
    """
    before = now - timedelta(days=KEPT_DAYS)
    names: list[str] = []
    kept = ResidentRow.select(ResidentRow.list).distinct()
    old = ResidentList.select().where(
        ResidentList.uploaded_at < before,
        ResidentList.state.in_(("reading", "waiting")) | ResidentList.id.in_(kept),
    )
    for found in old:
        if found.stored_as:
            names.append(found.stored_as)
        state = "withdrawn" if found.state in ("reading", "waiting") else found.state
        ResidentList.update(state=state, stored_as=None).where(ResidentList.id == found.id).execute()
        _forget_people(found, frozenset())
    return names


def _carry_out(who: Who, found: ResidentList, plan: ListPlan) -> None:
    """Mark whom the plan says, keep that this list said it, and keep of its people only those still in question."""
    told = [(pair, True) for pair in plan.leaving + plan.known]
    told += [(pair, False) for pair in plan.put_back]
    _state(
        found,
        [
            (pair.student.id, pair.student.recorded_before, says, "nik" if pair.niks is None else "name")
            for pair, says in told
        ],
    )
    set_recorded_before(who, [pair.student.id for pair in plan.leaving], True)
    set_recorded_before(who, [pair.student.id for pair in plan.put_back], False)
    asked = {pair.resident.id for pair in (*plan.open, *plan.undecided) if pair.would_change}
    _forget_people(found, frozenset(asked))


def _state(found: ResidentList, told: Sequence[tuple[int, bool, bool, str]]) -> None:
    """Keep what the list says of students: (student, recorded before as known now, what the list says, by what)."""
    standing = _standing([student_id for student_id, *_ in told])
    now = clock.now()
    insert_rows(
        "resident_statement",
        ("list_id", "student_id", "is_recorded", "base", "matched_by", "stated_at"),
        [
            (found.id, student_id, says, base_for(current, standing.get(student_id, [])), by, now)
            for student_id, current, says, by in told
            if all(statement.list_id != found.id for statement in standing.get(student_id, []))
        ],
    )


def _standing(student_ids: Sequence[int]) -> dict[int, list[Statement]]:
    """What lists that were not undone said of these students, oldest first."""
    found: dict[int, list[Statement]] = {}
    for start in range(0, len(student_ids), AT_ONCE):
        query = (
            ResidentStatement.select(
                ResidentStatement.student,
                ResidentStatement.list,
                ResidentStatement.is_recorded,
                ResidentStatement.base,
            )
            .where(
                ResidentStatement.student.in_(list(student_ids[start : start + AT_ONCE])),
                ResidentStatement.undone_at.is_null(),
            )
            .order_by(ResidentStatement.id)
        )
        for student_id, list_id, is_recorded, base in rows_of(query):
            found.setdefault(student_id, []).append(Statement(list_id, bool(is_recorded), bool(base)))
    return found


def _keep_decision(who: Who, found: ResidentList, pair: Pair, field: str, value: bool) -> bool:
    """Write one decision down; False where it was the same before."""
    if getattr(pair.decision, field) is value:
        return False
    changed = {field: value, "decided_by": who.account_id, "decided_at": clock.now()}
    where = (ResidentDecision.row == pair.resident.id) & (ResidentDecision.student == pair.student.id)
    if not ResidentDecision.update(**changed).where(where).execute():
        ResidentDecision.insert(
            list=found.id, row=pair.resident.id, student=pair.student.id, **changed
        ).execute()
    return True


def _keep_hashes(office_id: int, found: ResidentList, plan: ListPlan, residents: Sequence[Resident]) -> None:
    """Keyed hashes of the NIKs that the list calls recorded and no student has: of these people nothing else stays."""
    matched = {pair.resident.id for pair in plan.sure if pair.niks is None}
    is_recorded = found.kind == "recorded"
    denied = {r.nik for r in residents if not (is_recorded if r.is_recorded is None else r.is_recorded)}
    hashed = _hasher(office_id)
    kept = {
        hashed(resident.nik)
        for resident in residents
        if resident.nik and resident.nik not in denied and resident.id not in matched
    }
    insert_rows("listed_nik", ("list_id", "nik_hash"), [(found.id, told) for told in sorted(kept)])


class _Hasher(NamedTuple):
    key: bytes
    office_id: int

    def __call__(self, nik: str) -> str:
        told = f"{self.office_id}:{nik}".encode()
        return hashlib.blake2b(told, key=self.key, digest_size=16).hexdigest()


def _hasher(office_id: int) -> _Hasher:
    # NIKs are few enough to be tried one by one, so a hash without a key would hide nothing
    return _Hasher(secret("listed_nik").encode()[:64], office_id)


def _forget_people(found: ResidentList, kept: frozenset[int]) -> None:
    """Delete the people of a list but for some, and what was decided of them."""
    mark = db.obj.param
    rows = db.execute_sql(f"SELECT id FROM resident_row WHERE list_id = {mark}", (found.id,)).fetchall()
    gone = [row_id for (row_id,) in rows if row_id not in kept]
    for start in range(0, len(gone), AT_ONCE):
        # up to 50,000 of them: put together by the model, the statements would take most of the time
        part = gone[start : start + AT_ONCE]
        which = ", ".join([mark] * len(part))
        db.execute_sql(f"DELETE FROM resident_decision WHERE row_id IN ({which})", part)
        db.execute_sql(f"DELETE FROM resident_row WHERE id IN ({which})", part)


def _decide(who: Who, found: ResidentList, state: str, outcome: dict[str, int]) -> None:
    ResidentList.update(
        state=state,
        decided_by=who.account_id,
        decided_at=clock.now(),
        outcome=json.dumps(outcome),
        stored_as=None,
    ).where(ResidentList.id == found.id).execute()


after_students_changed.append(mark_recorded_before)
