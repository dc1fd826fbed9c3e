"""Marks as they arrive: stored first, judged after, each answered, and every count following."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
from collections import Counter
from datetime import date
from typing import Any

import pytest

from accounts.actions import disable_account
from campaigns.attendance import Mark, Outcome, OutcomeReason, views_of
from campaigns.field import actions, closing_actions, look_queries, queries, taking_actions
from campaigns.field.received import received
from campaigns.models import Campaign, MarkRow, RecordingDay, StandingRow, Tally, UnreadableMark
from campaigns.tally_queries import tally_rows
from common import clock
from common.access import Missing
from common.database import Store, rows_of
from ground import field_day
from ground.field_day import WEDNESDAY
from ground.people import Cast, invite_everyone

_numbers = itertools.count(1)


class Day:
    """A day of Ratna's school with twelve students, on Wednesday 12 August 2026; confirmed unless said otherwise."""

    def __init__(self, store: Store, state: str = "confirmed") -> None:
        self.store = store
        self.cast: Cast = invite_everyone(store)
        self.campaign = field_day.open_campaign(store, self.cast)
        self.students = field_day.add_students(store, self.cast, self.cast.ratnas_school, 12)
        self.id = field_day.add_day(
            store, self.cast, self.campaign, self.cast.ratnas_school, self.students, state=state
        )

    def mark(self, student: int, outcome: str = "recorded", **other: Any) -> dict[str, Any]:
        n = next(_numbers)
        made = {
            "uuid": f"{n:032x}",
            "day": self.id,
            "student": student,
            "outcome": outcome,
            "reason": "",
            "device": "kit-1",
            "seq": n,
            "lc": n,
            "supersedes": [],
            "officer": self.cast.budi.account_id,
            "device_time": "2026-08-12T08:30:00.000Z",
        }
        return {**made, **other}

    def take(self, *marks: Any, day: int | None = None) -> list[str]:
        answers = self.store.write_now(taking_actions.take_marks, self.cast.budi, day or self.id, list(marks))
        return [answer.verdict.value for answer in answers]

    def outcomes(self) -> dict[int, str]:
        page = self.store.read_now(queries.field_page, self.cast.sari, self.id)
        return {student.id: student.outcome for student in page.students if student.outcome}

    def standings(self) -> dict[int, tuple[str, int, bool]]:
        def read() -> dict[int, tuple[str, int, bool]]:
            rows = StandingRow.select().where(StandingRow.campaign == self.campaign)
            return {row.student_id: (row.outcome, row.attempts, row.needs_look) for row in rows}

        return self.store.read_now(read)

    def state(self) -> str:
        return self.store.read_now(lambda: RecordingDay.get_by_id(self.id).state)

    def quarantine(self) -> list[str]:
        return self.store.read_now(lambda: [row.quarantine for row in MarkRow.select().order_by(MarkRow.id)])

    def move_to(self, state: str) -> None:
        self.store.write_now(
            lambda: RecordingDay.update(state=state).where(RecordingDay.id == self.id).execute()
        )

    def close(self, on: date = WEDNESDAY) -> None:
        with clock.fixed_at(on):
            self.store.write_now(closing_actions.close_day, self.cast.budi, self.id)


@pytest.fixture
def day(store: Store) -> Day:
    return Day(store)


@pytest.fixture
def quick_day(sqlite_store: Store) -> Day:
    return Day(sqlite_store)


def test_the_first_mark_opens_the_day_and_counts_at_once(day: Day) -> None:
    assert day.take(day.mark(day.students[0])) == ["stored"]
    assert day.state() == "open"
    assert day.standings() == {day.students[0]: ("recorded", 1, False)}


def test_a_mark_sent_again_is_acknowledged_and_counted_once(day: Day) -> None:
    mark = day.mark(day.students[0])
    assert day.take(mark, mark) == ["stored", "duplicate"]
    assert day.take(mark) == ["duplicate"]
    assert len(day.quarantine()) == 1


def test_the_same_number_with_another_content_is_kept_beside_the_first_and_waits(day: Day) -> None:
    mark = day.mark(day.students[0])
    other = {**mark, "outcome": "refused", "reason": "uniform"}
    assert day.take(mark, other, other) == ["stored", "quarantined", "duplicate"]
    assert day.quarantine() == ["", "same_number"]
    assert day.outcomes() == {day.students[0]: "recorded"}


def test_what_cannot_be_read_is_kept_aside_and_holds_up_nothing(day: Day) -> None:
    good = day.mark(day.students[0])
    bad: list[Any] = [
        "rekam",
        None,
        {},
        day.mark(day.students[1], "danced"),
        day.mark(day.students[1], "failed", reason="sick"),
        day.mark(day.students[1], "failed"),
        day.mark(day.students[1], seq=0),
        day.mark(day.students[1], lc=2**40),
        day.mark(day.students[1], lc=True),
        day.mark(day.students[1], uuid="x'; DROP TABLE mark"),
        day.mark(day.students[1], supersedes="all"),
        day.mark(day.students[1], day=day.id + 1),
        day.mark(999_999),
    ]
    assert day.take(*bad, good) == ["unreadable"] * len(bad) + ["stored"]
    assert day.take(*bad) == ["unreadable"] * len(bad)
    kept = day.store.read_now(lambda: [json.loads(row.body) for row in UnreadableMark.select()])
    assert len(kept) == len(bad)
    assert bad[3] in kept
    assert day.outcomes() == {day.students[0]: "recorded"}


def test_a_student_of_another_school_waits_for_the_coordinator_unless_called_to_that_day(
    quick_day: Day,
) -> None:
    day = quick_day
    strangers = field_day.add_students(day.store, day.cast, day.cast.jokos_school, 2, 9500)
    assert day.take(day.mark(strangers[0])) == ["quarantined"]
    assert day.state() == "confirmed"
    shared = field_day.add_day(
        day.store, day.cast, day.campaign, day.cast.ratnas_school, strangers, date(2026, 8, 13)
    )
    assert day.take({**day.mark(strangers[1]), "day": shared}, day=shared) == ["stored"]


def test_marks_for_a_cancelled_day_are_stored_and_out_of_the_totals(quick_day: Day) -> None:
    day = quick_day
    day.move_to("cancelled")
    assert day.take(day.mark(day.students[0])) == ["quarantined"]
    assert day.quarantine() == ["day_gone"]
    assert day.state() == "cancelled"
    assert day.standings() == {}


def test_marks_from_a_list_of_the_date_a_day_had_before_it_was_moved_wait(quick_day: Day) -> None:
    day = quick_day
    student = day.students[0]
    assert day.take(day.mark(student, date="2026-08-11"), day.mark(student, date="2026-08-12")) == [
        "quarantined",
        "stored",
    ]
    assert day.quarantine() == ["day_moved", ""]


def test_the_hash_of_a_mark_is_that_of_its_content_as_json(quick_day: Day) -> None:
    day = quick_day
    first, second = (day.mark(student) for student in day.students[:2])
    named = {"name": 'Si "Dul" \\ Contoh é', "class": "XI"}
    for body in (
        first,
        {**second, "outcome": "absent", "reason": "sick", "supersedes": [first["uuid"], second["uuid"]]},
        {**first, "date": "2026-08-12"},
        {**first, "student": None, "walk_in": named},
        {**first, "student": None, "walk_in": {**named, "class": ""}},
    ):
        known = received(body, day.id, 1)
        assert known is not None
        later = {"list_date", "walk_in_name", "walk_in_class"}
        content = {name: value for name, value in known._asdict().items() if value or name not in later}
        text = json.dumps({**content, "day": day.id}, sort_keys=True, ensure_ascii=False)
        assert known.hash_on(day.id) == hashlib.sha256(text.encode()).hexdigest()


def test_a_mark_kept_by_a_device_of_an_older_program_is_still_known_when_it_comes_again(
    quick_day: Day,
) -> None:
    mark = quick_day.mark(quick_day.students[0])
    known = received(mark, quick_day.id, 1)
    assert known is not None
    older_fields = (
        "uuid",
        "student",
        "outcome",
        "reason",
        "device",
        "seq",
        "lc",
        "supersedes",
        "officer",
        "device_time",
    )
    older = {name: value for name, value in known._asdict().items() if name in older_fields}
    text = json.dumps({**older, "day": quick_day.id}, sort_keys=True, ensure_ascii=False)
    assert known.hash_on(quick_day.id) == hashlib.sha256(text.encode()).hexdigest()


def test_a_device_that_comes_back_after_five_weeks_loses_nothing(quick_day: Day) -> None:
    day = quick_day
    with clock.fixed_at(WEDNESDAY):
        day.take(day.mark(day.students[0]))
        day.close()
    with clock.fixed_at(date(2026, 9, 16)):
        assert day.take(day.mark(day.students[1]), day.mark(day.students[2], "failed", reason="iris")) == [
            "stored",
            "stored",
        ]
    assert day.standings()[day.students[1]] == ("recorded", 1, False)
    assert day.standings()[day.students[2]] == ("failed", 1, False)
    assert day.state() == "closed"


def test_a_disabled_officers_marks_wait(quick_day: Day) -> None:
    day = quick_day
    day.store.write_now(disable_account, day.cast.sari, day.cast.budi.account_id)
    mark = day.mark(day.students[0])
    answers = day.store.write_now(taking_actions.take_marks, day.cast.sari, day.id, [mark])
    assert [(answer.verdict, answer.why) for answer in answers] == [("quarantined", "officer_disabled")]


def test_nobody_marks_in_the_name_of_someone_who_is_no_officer_of_the_office(quick_day: Day) -> None:
    day = quick_day
    for stranger in (day.cast.wahyu, day.cast.ratna):
        assert day.take(day.mark(day.students[0], officer=stranger.account_id)) == ["quarantined"]
    assert day.quarantine() == ["officer_unknown", "officer_unknown"]


def test_another_office_and_a_school_admin_cannot_send_marks(quick_day: Day) -> None:
    day = quick_day
    for stranger in (day.cast.wahyu, day.cast.ratna, day.cast.lina):
        with pytest.raises(Missing):
            day.store.write_now(taking_actions.take_marks, stranger, day.id, [day.mark(day.students[0])])
    assert day.quarantine() == []


def test_two_devices_out_of_order_and_repeated_give_the_same_list(quick_day: Day) -> None:
    day = quick_day
    first = day.mark(day.students[0], "absent", reason="sick", device="kit-1", seq=1, lc=1)
    second = day.mark(day.students[0], "recorded", device="kit-2", seq=1, lc=2, supersedes=[first["uuid"]])
    slip = day.mark(day.students[1], device="kit-1", seq=2, lc=2)
    mended = day.mark(
        day.students[1], "refused", reason="uniform", device="kit-1", seq=3, lc=3, supersedes=[slip["uuid"]]
    )
    waiting = day.mark(day.students[2], "waiting", device="kit-2", seq=2, lc=3)
    batch = [first, second, slip, mended, waiting]
    chance = random.Random(7)
    for _ in range(4):
        chance.shuffle(batch)
        day.take(*batch[:3])
        day.take(*batch)
    assert day.outcomes() == {
        day.students[0]: "recorded",
        day.students[1]: "refused",
        day.students[2]: "waiting",
    }


def test_whatever_reaches_the_server_when_the_list_is_the_merge_of_all_marks(quick_day: Day) -> None:
    day = quick_day
    chance = random.Random(40)
    reasons = {"failed": "iris", "absent": "sick", "refused": "other", "not_ours": "moved"}
    made: list[dict[str, Any]] = []
    for n in range(120):
        student, outcome = chance.choice(day.students[:6]), chance.choice(list(Outcome)).value
        before = [its for its in made if its["student"] == student]
        seen = chance.sample(before, chance.randrange(len(before) + 1))
        clock_seen = max((its["lc"] for its in seen), default=0)
        device = f"kit-{n % 4}"
        made.append(
            day.mark(
                student,
                outcome,
                reason=reasons.get(outcome, ""),
                device=device,
                seq=n // 4 + 1,
                lc=clock_seen + 1,
                supersedes=[its["uuid"] for its in seen],
            )
        )
    for _ in range(12):  # most batches arrive late, twice, or in another order
        day.take(*chance.sample(made, 30))
    chance.shuffle(made)
    day.take(*made)

    merged = views_of(
        Mark(
            **{
                **its,
                "outcome": Outcome(its["outcome"]),
                "reason": OutcomeReason(its["reason"]) if its["reason"] else None,
                "supersedes": frozenset(its["supersedes"]),
            }
        )
        for its in made
    )
    page = day.store.read_now(queries.field_page, day.cast.sari, day.id)
    assert {its.id: (its.outcome, its.reason, its.needs_look) for its in page.students if its.outcome} == {
        student: (str(view.outcome), view.reason or "", view.needs_look)
        for (student, _), view in merged.items()
        if view.outcome
    }
    assert len(day.quarantine()) == len(made)


def test_the_standings_and_counts_equal_those_worked_out_anew(day: Day) -> None:
    chance = random.Random(12)
    reasons = {"failed": "iris", "absent": "sick", "refused": "other", "not_ours": "moved"}
    last: dict[int, str] = {}
    expected: dict[int, str] = {}
    for n in range(60):
        student = chance.choice(day.students[:10])
        outcome = chance.choice(list(Outcome)).value
        seen = [last[student]] if student in last else []
        mark = day.mark(student, outcome, reason=reasons.get(outcome, ""), supersedes=seen)
        day.take(mark)
        last[student], expected[student] = mark["uuid"], outcome
        if outcome == "taken_back":
            del expected[student]
        if n == 30:
            day.close()
    day.close()
    expected = dict.fromkeys(day.students, "absent") | expected

    assert {student: standing[0] for student, standing in day.standings().items()} == expected
    stored, anew = day.store.read_now(_stored_and_anew, day)
    assert stored == anew
    told = Counter(expected.values())
    assert sum(row[5] for row in stored) == told["recorded"]
    assert sum(row[8] for row in stored) == told["failed"] + told["absent"] + told["refused"]


def _stored_and_anew(day: Day) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    fields = [
        getattr(Tally, name) for name in Tally._meta.sorted_field_names if name not in ("id", "campaign")
    ]
    rows = Tally.select(*fields).where(Tally.campaign == day.campaign, Tally.school == day.cast.ratnas_school)
    anew = tally_rows(Campaign.get_by_id(day.campaign), [day.cast.ratnas_school])
    return sorted(rows_of(rows)), sorted(tuple(row[1:]) for row in anew)


def test_closing_makes_the_unmarked_absent_and_reopening_undoes_it(day: Day) -> None:
    day.take(day.mark(day.students[0]))
    day.close()
    assert day.state() == "closed"
    assert Counter(outcome for outcome, _, _ in day.standings().values()) == {"absent": 11, "recorded": 1}
    day.store.write_now(closing_actions.reopen_day, day.cast.sari, day.id, "Budi menutup terlalu cepat")
    assert day.state() == "open"
    assert day.standings() == {day.students[0]: ("recorded", 1, False)}


def test_a_mark_that_comes_after_the_closing_still_counts(quick_day: Day) -> None:
    day = quick_day
    with clock.fixed_at(WEDNESDAY):
        day.take(day.mark(day.students[0]))
    day.close()
    with clock.fixed_at(date(2026, 8, 13)):
        assert day.take(day.mark(day.students[1])) == ["stored"]
    assert day.standings()[day.students[1]][0] == "recorded"
    assert day.state() == "closed"
    summary = day.store.read_now(queries.summary_page, day.cast.sari, day.id)
    assert summary.late_marks == 1
    assert summary.total.outcomes == {"recorded": 2, "absent": 10}
    assert [(row.sex, row.planned) for row in summary.rows] == [("L", 5), ("P", 5), ("L", 1), ("P", 1)]


def test_a_day_is_not_closed_before_its_date_nor_unconfirmed(quick_day: Day) -> None:
    day = quick_day
    with pytest.raises(actions.NotAllowed, match="early"):
        day.close(date(2026, 8, 11))
    day.move_to("proposed")
    with pytest.raises(actions.NotAllowed, match="state"):
        day.close()
    assert day.standings() == {}


def test_only_a_coordinator_reopens_and_says_why(quick_day: Day) -> None:
    day = quick_day
    day.close()
    with pytest.raises(actions.NotAllowed, match="reason"):
        day.store.write_now(closing_actions.reopen_day, day.cast.sari, day.id, "  ")
    for stranger in (day.cast.budi, day.cast.wahyu):
        with pytest.raises(Missing):
            day.store.write_now(closing_actions.reopen_day, stranger, day.id, "salah tutup")
    assert day.state() == "closed"


def test_marks_that_disagree_are_shown_side_by_side_until_sari_decides(day: Day) -> None:
    student = day.students[0]
    day.take(day.mark(student, "absent", reason="sick", device="kit-1"), day.mark(student, device="kit-2"))
    assert day.standings()[student] == ("recorded", 1, True)
    (look,) = day.store.read_now(look_queries.looks_page, day.cast.sari).looks
    assert [mark.outcome for mark in look.marks] == ["absent", "recorded"]
    assert {mark.officer_name for mark in look.marks} == {"Budi Santosa"}

    for _ in range(2):
        day.store.write_now(
            actions.decide, day.cast.sari, day.id, student, Outcome.ABSENT, OutcomeReason.SICK, look.seen
        )

    assert day.standings()[student] == ("absent", 1, False)
    assert len(day.quarantine()) == 3
    assert day.store.read_now(look_queries.looks_count, day.cast.sari) == 0


def test_a_quarantined_mark_counts_only_once_sari_says_so(quick_day: Day) -> None:
    day = quick_day
    strangers = field_day.add_students(day.store, day.cast, day.cast.jokos_school, 2, 9500)
    day.take(day.mark(strangers[0]), day.mark(strangers[1]))
    first, second = day.store.read_now(look_queries.looks_page, day.cast.sari).quarantined
    for _ in range(2):
        day.store.write_now(actions.decide_quarantined, day.cast.sari, first.mark.id, True)
        day.store.write_now(actions.decide_quarantined, day.cast.sari, second.mark.id, False)
    assert day.standings() == {strangers[0]: ("recorded", 1, False)}
    assert day.quarantine() == ["decided", "decided", ""]


def test_missing_numbers_of_a_device_are_shown(day: Day) -> None:
    day.take(*(day.mark(day.students[0], device="kit-9", seq=seq) for seq in (1, 2, 5)))
    (gap,) = day.store.read_now(look_queries.looks_page, day.cast.sari).gaps
    assert (gap.device, gap.missing) == ("kit-9", 2)


def test_budi_sees_his_days_of_two_weeks_with_how_far_they_are(day: Day) -> None:
    field_day.add_day(
        day.store, day.cast, day.campaign, day.cast.jokos_school, [], date(2026, 8, 27), "confirmed"
    )
    draft = date(2026, 8, 14)
    field_day.add_day(day.store, day.cast, day.campaign, day.cast.jokos_school, [], draft, "draft")
    day.take(day.mark(day.students[0]), day.mark(day.students[0]))
    (found,) = day.store.read_now(queries.days_of_officer, day.cast.budi, WEDNESDAY)
    assert (found.day.id, found.count.called, found.count.done) == (day.id, 12, 1)
    assert day.store.read_now(queries.days_of_officer, day.cast.wahyu, WEDNESDAY) == []


def test_the_list_on_the_device_holds_no_nik_birth_date_or_address(quick_day: Day) -> None:
    day = quick_day
    page = day.store.read_now(queries.field_page, day.cast.budi, day.id)
    assert not {"nik", "birth_date", "address"} & set(page.students[0].__dataclass_fields__)
