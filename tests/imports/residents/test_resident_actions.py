"""The office's own lists stored, decided, confirmed and undone, on both databases."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from peewee import IntegrityError

import campaigns.actions  # noqa: F401 - keeps the counts of the programme
from accounts.models import Audit
from campaigns.models import StandingRow, Tally
from common.access import Missing, Who
from common.database import Store
from ground.field_day import add_day, open_campaign
from ground.people import Cast, invite_everyone
from imports.actions import ReceivedFile
from imports.findings import Kind
from imports.reading import read_roster
from imports.residents import actions, queries
from imports.residents.actions import Choice
from imports.residents.listing import ListRead, Resident, read_list
from imports.residents.models import ListedNik, ResidentDecision, ResidentList, ResidentRow, ResidentStatement
from imports.workbook import read_workbook
from schools import actions as schools
from schools.models import Student
from schools.students import StudentChanges, StudentFacts

TODAY = date(2026, 11, 22)
ROSTERS = Path(__file__).resolve().parents[2] / "data/rosters"
BORN = date(2009, 1, 5)
DEWI = StudentFacts("DEWI CONTOH", BORN, "3311084501099001", sex="P", class_name="X-1")
EKO = StudentFacts("EKO CONTOH", date(2009, 1, 6), "3311080601099002", sex="L", class_name="X-1")
RINA = StudentFacts("RINA AYU CONTOH", date(2009, 1, 7), None, sex="P", class_name="X-2")


@pytest.fixture
def cast(store: Store) -> Cast:
    return invite_everyone(store)


def enrol(store: Store, cast: Cast, *students: StudentFacts) -> dict[str, int]:
    """Students of Ratna's school; answers their ids by first name."""

    def write() -> dict[str, int]:
        schools.apply_student_changes(cast.sari, cast.ratnas_school, StudentChanges(create=students))
        return {row.name.split()[0]: row.id for row in Student.select()}

    return store.write_now(write)


def person(
    nik: str | None = None, name: str = "", born: date | None = None, says: bool | None = None
) -> Resident:
    return Resident(0, None, 1, name, born, nik, "", "", "", "", says)


def sha_of(people: tuple[Resident, ...]) -> str:
    return hashlib.sha256(repr(people).encode()).hexdigest()


def send(store: Store, who: Who, kind: str, *people: Resident) -> int:
    """A list of these people, read and waiting."""

    def write() -> int:
        file = ReceivedFile("daftar.xlsx", 1, sha_of(people), "a.upload")
        received = actions.receive_list(who, kind, file)
        rows = tuple(one._replace(row=place) for place, one in enumerate(people, 1))
        actions.store_list(received.to_read, ListRead(None, rows))
        return received.to_read.id

    return store.write_now(write)


def confirm(store: Store, who: Who, list_id: int) -> dict[str, int]:
    review = store.read_now(queries.list_review, who, list_id)
    return store.write_now(actions.confirm_list, who, list_id, review.fingerprint)


def is_recorded(store: Store, student_id: int) -> bool:
    return store.read_now(lambda: bool(Student.get_by_id(student_id).recorded_before))


def count(store: Store, model: type) -> int:
    return store.read_now(lambda: model.select().count())  # type: ignore[attr-defined]


# --- the two files of the office -------------------------------------------------------------------------------------


@cache
def roster_01(with_niks: bool) -> tuple[StudentFacts, ...]:
    rows = read_roster(ROSTERS / "01_dapodik_clean_900.xlsx", "01.xlsx", TODAY).rows
    return tuple(
        StudentFacts(
            row.name or "", row.birth_date or BORN, row.nik if with_niks else None, class_name=str(row.row)
        )
        for row in rows
    )


@cache
def list_17() -> ListRead:
    found = read_workbook((ROSTERS / "17_disdukcapil_pemula_belum_rekam_350.xlsx").read_bytes())
    assert not isinstance(found, Kind)
    return read_list(found, TODAY, lambda *_: None)


@cache
def shared() -> dict[int, int]:
    """Row of the list -> row of the roster, for the people whom the truth calls the same."""
    truth = json.loads((ROSTERS / "17_disdukcapil_pemula_belum_rekam_350.xlsx.truth.json").read_text())
    return {row["row"]: row["same_person_in"]["row"] for row in truth["rows"] if row["same_person_in"]}


@pytest.mark.parametrize("with_niks", [True, False])
def test_all_250_people_of_the_offices_list_are_found_and_none_invented(
    store: Store, cast: Cast, with_niks: bool
) -> None:
    enrol(store, cast, *roster_01(with_niks))
    list_id = send(store, cast.sari, "not_yet", *list_17().residents)

    def found() -> tuple[dict[int, int], dict[int, int]]:
        _, plan = queries.plan_of(cast.sari, ResidentList.get_by_id(list_id))
        places = {row.id: int(row.class_name) for row in Student.select(Student.id, Student.class_name)}
        lines = {row.row_number: row.id for row in ResidentRow.select()}
        row_of = {value: list_17().residents[number - 1].row for number, value in lines.items()}
        sure = {row_of[pair.resident.id]: places[pair.student.id] for pair in plan.sure}
        likely = {row_of[pair.resident.id]: places[pair.student.id] for pair in plan.likely}
        assert len(likely) == len(plan.likely)
        return sure, likely

    sure, likely = store.read_now(found)
    assert (sure, likely) == ((shared(), {}) if with_niks else ({}, shared()))


def test_the_offices_list_marks_those_whose_row_says_recorded(store: Store, cast: Cast) -> None:
    enrol(store, cast, *roster_01(True))
    outcome = confirm(store, cast.sari, send(store, cast.sari, "not_yet", *list_17().residents))
    assert (outcome["persons"], outcome["students"], outcome["strangers"]) == (350, 250, 100)
    assert outcome["leaving"] + outcome["unrecorded"] == 250
    marked = store.read_now(lambda: Student.select().where(Student.recorded_before == True).count())
    assert marked == outcome["leaving"] > 0


# --- confirming ------------------------------------------------------------------------------------------------------


def test_students_on_a_list_of_recorded_residents_are_marked_and_who_and_which_list_is_kept(
    store: Store, cast: Cast
) -> None:
    ids = enrol(store, cast, DEWI, EKO)
    list_id = send(
        store, cast.sari, "recorded", person(DEWI.nik), person("3311084501099777", "ORANG LAIN", BORN)
    )
    outcome = confirm(store, cast.sari, list_id)
    assert (outcome["leaving"], outcome["strangers"]) == (1, 1)
    assert is_recorded(store, ids["DEWI"])
    assert not is_recorded(store, ids["EKO"])

    said = store.read_now(lambda: ResidentStatement.get())
    assert (said.list_id, said.student_id, said.matched_by) == (list_id, ids["DEWI"], "nik")
    card = store.read_now(queries.list_card, cast.sari, list_id)
    assert (card.state, card.decided_by) == ("confirmed", "Sari Wulandari")
    acts = store.read_now(lambda: [row.act for row in Audit.select()])
    assert {"residents_sent", "residents_confirmed", "students_recorded_before"} <= set(acts)


def test_nothing_of_people_who_are_no_student_stays_after_confirming(store: Store, cast: Cast) -> None:
    enrol(store, cast, DEWI)
    confirm(
        store, cast.sari, send(store, cast.sari, "recorded", person("3311084501099777", "ORANG LAIN", BORN))
    )
    confirm(
        store, cast.sari, send(store, cast.sari, "not_yet", person("3311084501099778", "ORANG LAGI", BORN))
    )
    assert count(store, ResidentRow) == 0

    def everything() -> str:
        tables = (ResidentList, ListedNik, ResidentStatement, Audit)
        return repr([row.__data__ for table in tables for row in table.select()])

    kept = store.read_now(everything)
    for trace in ("ORANG", "99777", "99778", "450109"):
        assert trace not in kept
    assert count(store, ListedNik) == 1, "of the recorded alone a keyed hash, for those who come later"


def test_the_counts_of_the_programme_follow(store: Store, cast: Cast) -> None:
    open_campaign(store, cast)
    enrol(store, cast, DEWI, EKO)
    list_id = send(store, cast.sari, "recorded", person(DEWI.nik))

    def counts() -> tuple[int, int]:
        tally = Tally.get()
        return tally.target, tally.already

    assert store.read_now(counts) == (2, 0)
    confirm(store, cast.sari, list_id)
    assert store.read_now(counts) == (1, 1)
    store.write_now(actions.undo_list, cast.sari, list_id)
    assert store.read_now(counts) == (2, 0)


def test_who_was_recorded_by_a_team_of_ours_stays_in_the_programmes_count(store: Store, cast: Cast) -> None:
    campaign = open_campaign(store, cast)
    ids = enrol(store, cast, DEWI, EKO)
    day = add_day(store, cast, campaign, cast.ratnas_school, [ids["DEWI"]])
    store.write_now(
        lambda: StandingRow.create(
            campaign=campaign, student=ids["DEWI"], outcome="recorded", attempts=1, last_day=day
        )
    )
    outcome = confirm(store, cast.sari, send(store, cast.sari, "recorded", person(DEWI.nik), person(EKO.nik)))
    assert (outcome["here"], outcome["leaving"]) == (1, 1)
    assert not is_recorded(store, ids["DEWI"])
    assert is_recorded(store, ids["EKO"])
    assert store.read_now(lambda: (Tally.get().target, Tally.get().recorded)) == (1, 1)


def test_a_list_that_no_longer_says_what_was_shown_is_not_carried_out(store: Store, cast: Cast) -> None:
    list_id = send(store, cast.sari, "recorded", person(DEWI.nik))
    review = store.read_now(queries.list_review, cast.sari, list_id)
    ids = enrol(store, cast, DEWI)
    with pytest.raises(actions.ListChanged):
        store.write_now(actions.confirm_list, cast.sari, list_id, review.fingerprint)
    assert not is_recorded(store, ids["DEWI"])
    assert store.read_now(queries.list_card, cast.sari, list_id).state == "waiting"


def test_a_failure_in_the_middle_leaves_nothing_half_done(
    store: Store, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = enrol(store, cast, DEWI)
    list_id = send(store, cast.sari, "recorded", person(DEWI.nik))

    def broken(*_: object) -> None:
        raise IntegrityError("the disk is full")

    monkeypatch.setattr(actions, "_forget_people", broken)
    with pytest.raises(IntegrityError):
        confirm(store, cast.sari, list_id)
    assert not is_recorded(store, ids["DEWI"])
    assert count(store, ResidentStatement) == 0
    assert store.read_now(queries.list_card, cast.sari, list_id).state == "waiting"


def test_confirming_twice_does_it_once(store: Store, cast: Cast) -> None:
    enrol(store, cast, DEWI)
    list_id = send(store, cast.sari, "recorded", person(DEWI.nik))
    review = store.read_now(queries.list_review, cast.sari, list_id)
    store.write_now(actions.confirm_list, cast.sari, list_id, review.fingerprint)
    with pytest.raises(actions.AlreadyDecided):
        store.write_now(actions.confirm_list, cast.sari, list_id, review.fingerprint)
    with pytest.raises(actions.AlreadyDecided):
        store.write_now(actions.withdraw_list, cast.sari, list_id)
    assert count(store, ResidentStatement) == 1


def test_a_list_of_another_office_or_for_another_role_is_missing(store: Store, cast: Cast) -> None:
    list_id = send(store, cast.sari, "recorded", person(DEWI.nik))
    doors: list[Callable[[Who], object]] = [
        lambda who: actions.confirm_list(who, list_id, ""),
        lambda who: actions.withdraw_list(who, list_id),
        lambda who: actions.undo_list(who, list_id),
        lambda who: actions.decide_pairs(who, list_id, []),
        lambda who: queries.list_page(who, list_id, None),
        lambda who: queries.list_card(who, list_id),
        lambda who: queries.list_to_read(who, list_id),
    ]
    for who in (cast.ratna, cast.budi, cast.lina, cast.wahyu):
        for door in doors:
            with pytest.raises(Missing):
                store.write_now(door, who)
    with pytest.raises(Missing):
        store.write_now(actions.receive_list, cast.ratna, "recorded", ReceivedFile("a", 1, "0", "a.upload"))
    assert store.read_now(queries.lists_page, cast.wahyu).lists == ()


def test_students_of_another_office_are_never_matched(store: Store, cast: Cast) -> None:
    ids = enrol(store, cast, DEWI)
    outcome = confirm(store, cast.wahyu, send(store, cast.wahyu, "recorded", person(DEWI.nik)))
    assert (outcome["leaving"], outcome["strangers"]) == (0, 1)
    assert not is_recorded(store, ids["DEWI"])
    enrol(store, cast, EKO)
    assert not is_recorded(store, ids["DEWI"]), "nor later, when students of the first office change"


# --- decisions -------------------------------------------------------------------------------------------------------


def likely(store: Store, who: Who, list_id: int) -> list[Choice]:
    lines = store.read_now(queries.list_page, who, list_id, None, "likely").lines  # type: ignore[union-attr]
    return [Choice(*map(int, line.key.split("-")), "same") for line in lines]


def test_a_likely_student_is_marked_only_after_somebody_said_so(store: Store, cast: Cast) -> None:
    ids = enrol(store, cast, RINA)
    list_id = send(store, cast.sari, "recorded", person(None, "RINA AYU C.", RINA.birth_date))
    (choice,) = likely(store, cast.sari, list_id)
    assert confirm(store, cast.sari, list_id)["open"] == 1
    assert not is_recorded(store, ids["RINA"])

    assert store.write_now(actions.decide_pairs, cast.sari, list_id, [choice]) == 1
    assert is_recorded(store, ids["RINA"])
    assert (count(store, ResidentRow), count(store, ResidentDecision)) == (0, 0)
    assert store.read_now(lambda: ResidentStatement.get().matched_by) == "name"


def test_decisions_before_confirming_are_carried_out_with_it(store: Store, cast: Cast) -> None:
    ids = enrol(store, cast, RINA, EKO)
    list_id = send(
        store,
        cast.sari,
        "recorded",
        person(None, "RINA AYU C.", RINA.birth_date),
        person(None, "EKO C.", EKO.birth_date),
    )
    first, second = likely(store, cast.sari, list_id)
    store.write_now(actions.decide_pairs, cast.sari, list_id, [first, second._replace(word="different")])
    assert not is_recorded(store, ids["RINA"])
    outcome = confirm(store, cast.sari, list_id)
    assert (outcome["leaving"], outcome["open"]) == (1, 0)
    assert (is_recorded(store, ids["RINA"]), is_recorded(store, ids["EKO"])) == (True, False)
    assert count(store, ResidentRow) == 0


def test_all_with_wholly_the_same_name_are_decided_together(store: Store, cast: Cast) -> None:
    enrol(store, cast, RINA, EKO)
    people = [person(None, name, born) for name, born in (("Rina Ayu Contoh", RINA.birth_date),)]
    list_id = send(store, cast.sari, "recorded", *people, person(None, "EKO C.", EKO.birth_date))
    assert store.write_now(actions.decide_pairs, cast.sari, list_id, [], "same") == 1
    assert confirm(store, cast.sari, list_id)["leaving"] == 1


def test_a_decision_about_people_of_no_such_pair_is_passed_over(store: Store, cast: Cast) -> None:
    ids = enrol(store, cast, DEWI, RINA)
    list_id = send(store, cast.sari, "recorded", person(None, "RINA AYU C.", RINA.birth_date))
    (choice,) = likely(store, cast.sari, list_id)
    wrong = [
        choice._replace(student_id=ids["DEWI"]),
        choice._replace(row_id=99),
        choice._replace(word="back"),
    ]
    assert store.write_now(actions.decide_pairs, cast.sari, list_id, wrong) == 0
    assert count(store, ResidentDecision) == 0


@pytest.mark.parametrize("after_confirming", [True, False])
def test_contradicting_students_go_back_when_somebody_says_so(
    store: Store, cast: Cast, after_confirming: bool
) -> None:
    ids = enrol(store, cast, DEWI, EKO)
    confirm(store, cast.sari, send(store, cast.sari, "recorded", person(DEWI.nik), person(EKO.nik)))
    list_id = send(store, cast.sari, "not_yet", person(DEWI.nik), person(EKO.nik))
    if after_confirming:
        assert confirm(store, cast.sari, list_id)["contradicting"] == 2
        assert is_recorded(store, ids["DEWI"]), "nobody decided yet"
    lines = store.read_now(queries.list_page, cast.sari, list_id, None, "contradicting").lines  # type: ignore[union-attr]
    choices = [
        Choice(*map(int, line.key.split("-")), "back" if line.student.id == ids["DEWI"] else "keep")
        for line in lines
    ]
    store.write_now(actions.decide_pairs, cast.sari, list_id, choices)
    if not after_confirming:
        confirm(store, cast.sari, list_id)
    assert (is_recorded(store, ids["DEWI"]), is_recorded(store, ids["EKO"])) == (False, True)
    assert count(store, ResidentRow) == 0
    store.write_now(actions.undo_list, cast.sari, list_id)
    assert is_recorded(store, ids["DEWI"])


def test_contradicting_students_are_decided_together(store: Store, cast: Cast) -> None:
    ids = enrol(store, cast, DEWI, EKO)
    confirm(store, cast.sari, send(store, cast.sari, "recorded", person(DEWI.nik), person(EKO.nik)))
    list_id = send(store, cast.sari, "not_yet", person(DEWI.nik), person(EKO.nik))
    assert store.write_now(actions.decide_pairs, cast.sari, list_id, [], "back") == 2
    confirm(store, cast.sari, list_id)
    assert not is_recorded(store, ids["EKO"])


# --- undoing, later, forgetting --------------------------------------------------------------------------------------


def test_undoing_a_list_takes_its_word_back_unless_another_list_says_so(store: Store, cast: Cast) -> None:
    ids = enrol(store, cast, DEWI, EKO)
    first = send(store, cast.sari, "recorded", person(DEWI.nik), person(EKO.nik))
    confirm(store, cast.sari, first)
    second = send(store, cast.sari, "recorded", person(DEWI.nik))
    assert confirm(store, cast.sari, second)["known"] == 1

    assert store.write_now(actions.undo_list, cast.sari, first) == 1
    assert (is_recorded(store, ids["DEWI"]), is_recorded(store, ids["EKO"])) == (True, False)
    store.write_now(actions.undo_list, cast.sari, second)
    assert not is_recorded(store, ids["DEWI"])
    with pytest.raises(actions.AlreadyDecided):
        store.write_now(actions.undo_list, cast.sari, second)


def test_undoing_leaves_what_was_known_before_any_list(store: Store, cast: Cast) -> None:
    known = StudentFacts(DEWI.name, DEWI.birth_date, DEWI.nik, recorded_before=True)
    ids = enrol(store, cast, known)
    list_id = send(store, cast.sari, "recorded", person(DEWI.nik))
    confirm(store, cast.sari, list_id)
    assert store.write_now(actions.undo_list, cast.sari, list_id) == 0
    assert is_recorded(store, ids["DEWI"])


def test_a_student_who_comes_after_the_list_is_marked_when_the_roster_is_confirmed(
    store: Store, cast: Cast
) -> None:
    enrol(store, cast, EKO)
    list_id = send(store, cast.sari, "recorded", person(DEWI.nik), person("3311084501099778", says=False))
    confirm(store, cast.sari, list_id)
    later = StudentFacts("ANI CONTOH", BORN, "3311084501099778")
    ids = enrol(store, cast, DEWI, later)
    assert (is_recorded(store, ids["DEWI"]), is_recorded(store, ids["ANI"])) == (True, False)
    assert store.read_now(lambda: ResidentStatement.get().matched_by) == "later"
    page = store.read_now(queries.list_page, cast.sari, list_id, None, "marked")
    assert [line.student.name for line in page.lines] == ["DEWI CONTOH"]  # type: ignore[union-attr]

    store.write_now(actions.undo_list, cast.sari, list_id)
    assert not is_recorded(store, ids["DEWI"])
    enrol(store, cast, RINA)
    assert not is_recorded(store, ids["DEWI"]), "an undone list speaks no more"


def test_what_is_kept_of_a_nik_tells_nobody_and_differs_between_offices(store: Store, cast: Cast) -> None:
    for who in (cast.sari, cast.wahyu):
        confirm(store, who, send(store, who, "recorded", person(DEWI.nik)))
    kept = store.read_now(lambda: [row.nik_hash for row in ListedNik.select()])
    assert len(set(kept)) == 2
    nik = str(DEWI.nik).encode()
    without_key = [hashlib.blake2b(told, digest_size=16).hexdigest() for told in (nik, b"1:" + nik)]
    assert not set(kept) & set(without_key)


def test_a_student_put_back_by_a_person_is_not_marked_again_when_students_change(
    store: Store, cast: Cast
) -> None:
    enrol(store, cast, RINA)
    confirm(store, cast.sari, send(store, cast.sari, "recorded", person(DEWI.nik)))
    ids = enrol(store, cast, DEWI)
    assert is_recorded(store, ids["DEWI"])
    second = send(store, cast.sari, "not_yet", person(DEWI.nik))
    store.write_now(actions.decide_pairs, cast.sari, second, [], "back")
    confirm(store, cast.sari, second)
    enrol(store, cast, EKO)
    assert not is_recorded(store, ids["DEWI"])


def test_people_of_a_list_are_forgotten_after_30_days(store: Store, cast: Cast) -> None:
    enrol(store, cast, RINA)
    waiting = send(store, cast.sari, "recorded", person(DEWI.nik))
    still_open = send(store, cast.sari, "recorded", person(None, "RINA AYU C.", RINA.birth_date))
    confirm(store, cast.sari, still_open)
    sent = store.read_now(lambda: ResidentList.get_by_id(waiting).uploaded_at)
    assert isinstance(sent, datetime)
    store.write_now(actions.forget_old_lists, sent + timedelta(days=29))
    assert count(store, ResidentRow) == 2
    store.write_now(actions.forget_old_lists, sent + timedelta(days=31))
    assert count(store, ResidentRow) == 0
    states = store.read_now(lambda: [row.state for row in ResidentList.select().order_by(ResidentList.id)])
    assert states == ["withdrawn", "confirmed"]


def test_a_reading_that_comes_after_the_withdrawal_is_dropped(store: Store, cast: Cast) -> None:
    def write() -> None:
        received = actions.receive_list(cast.sari, "recorded", ReceivedFile("a", 1, "0", "a.upload"))
        actions.withdraw_list(cast.sari, received.to_read.id)
        actions.store_list(received.to_read, ListRead(None, (person(DEWI.nik),)))

    store.write_now(write)
    assert count(store, ResidentRow) == 0


def test_the_same_file_of_the_same_kind_is_the_same_list_while_it_waits(store: Store, cast: Cast) -> None:
    first = send(store, cast.sari, "recorded", person(DEWI.nik))
    assert send(store, cast.sari, "not_yet", person(DEWI.nik)) != first

    def again() -> bool:
        file = ReceivedFile("daftar.xlsx", 1, sha_of((person(DEWI.nik),)), "b.upload")
        received = actions.receive_list(cast.sari, "recorded", file)
        return received.is_again and received.to_read.id == first

    assert store.write_now(again)
