"""Rule: how what a list says of the students is shown for review: by kind, line by line, no NIK whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from imports.residents.listing import Resident
from imports.residents.plan import ListPlan, Niks, Pair
from schools.names import plain_name
from schools.nik import masked


class Shown(StrEnum):
    """The kinds by which a list is filtered; what waits for a person first."""

    LIKELY = "likely"
    CONTRADICTING = "contradicting"
    LEAVING = "leaving"
    UNRECORDED = "unrecorded"
    KNOWN = "known"
    HERE = "here"
    STRANGERS = "strangers"
    UNUSABLE = "unusable"
    MARKED = "marked"


@dataclass(frozen=True, slots=True)
class ResidentShown:
    """A person of a list as the screen shows it."""

    name: str
    birth_date: date | None
    nik_masked: str
    sex: str
    address: str
    district: str
    row: int
    sheet: str | None


@dataclass(frozen=True, slots=True)
class StudentShown:
    """A student beside it."""

    id: int
    name: str
    birth_date: date
    nik_masked: str
    sex: str
    class_name: str
    school_name: str
    status: str
    recorded_before: bool


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of a review. `student` is None for who is no student of the office, `resident` for a student whom the
    list marked and whose row is no longer kept. `choice` is what was decided: same, different, back, keep or ''.
    """

    resident: ResidentShown | None
    student: StudentShown | None
    says: bool | None
    niks: str
    key: str
    choice: str
    would_change: bool


def counts_of(plan: ListPlan) -> dict[Shown, int]:
    """How many lines each kind of a waiting list's review has."""
    return {
        Shown.LIKELY: len(plan.likely),
        Shown.CONTRADICTING: len(plan.contradicting),
        Shown.LEAVING: len(plan.leaving),
        Shown.UNRECORDED: len(plan.unrecorded),
        Shown.KNOWN: len(plan.known),
        Shown.HERE: len(plan.here),
        Shown.STRANGERS: len(plan.strangers),
        Shown.UNUSABLE: len(plan.unusable),
    }


def items_of(plan: ListPlan, kind: Shown, search: str = "") -> list[Pair | Resident]:
    """What stands behind the lines of one kind in which the name of either side holds `search`; `line` shows each."""
    kinds: dict[Shown, Sequence[Pair | Resident]] = {
        Shown.LIKELY: plan.likely,
        Shown.CONTRADICTING: plan.contradicting,
        Shown.LEAVING: plan.leaving,
        Shown.UNRECORDED: plan.unrecorded,
        Shown.KNOWN: plan.known,
        Shown.HERE: plan.here,
        Shown.STRANGERS: plan.strangers,
        Shown.UNUSABLE: plan.unusable,
        Shown.MARKED: (),
    }
    found = kinds[kind]
    wanted = plain_name(search)
    return [item for item in found if wanted in _names(item)] if wanted else list(found)


def line(item: Pair | Resident, schools: Mapping[int, str]) -> ListLine:
    """One line of a review; `schools` are the names of the office's schools by id."""
    if isinstance(item, Resident):
        return ListLine(_resident(item), None, item.is_recorded, "", "", "", False)
    student = item.student
    return ListLine(
        resident=_resident(item.resident),
        student=StudentShown(
            student.id,
            student.name,
            student.birth_date,
            masked(student.nik) if student.nik else "",
            student.sex,
            student.class_name,
            schools.get(student.school_id, ""),
            student.status,
            student.recorded_before,
        ),
        says=item.says,
        niks=item.niks.value if item.niks in (Niks.FIT, Niks.DIFFER) else "",
        key=f"{item.resident.id}-{student.id}",
        choice=_choice(item),
        would_change=item.would_change,
    )


def _choice(pair: Pair) -> str:
    if pair.decision.puts_back is not None:
        return "back" if pair.decision.puts_back else "keep"
    if pair.decision.is_same is not None:
        return "same" if pair.decision.is_same else "different"
    return ""


def _resident(resident: Resident) -> ResidentShown:
    nik = resident.nik or resident.nik_shown
    return ResidentShown(
        resident.name,
        resident.birth_date,
        masked(nik).replace("*", "•") if nik else "",
        resident.sex,
        resident.address,
        resident.district,
        resident.row,
        resident.sheet,
    )


def _names(item: Pair | Resident) -> str:
    if isinstance(item, Resident):
        return plain_name(item.name)
    return f"{plain_name(item.resident.name)}\n{plain_name(item.student.name)}"
