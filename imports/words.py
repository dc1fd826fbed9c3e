"""The words of the pages about rosters: reasons, remedies, facts, decisions. Messages for the catalogs."""

from __future__ import annotations

from typing import Any

from common.i18n import N_
from imports.columns import Field
from imports.decisions import Decision
from imports.dependence import Depends
from imports.findings import Kind
from imports.fixes import FixReason
from imports.sentences import FIXES, SENTENCES

# what stands on the fix list although the row itself was read without a fault
REASONS: dict[str, str] = {
    FixReason.UNCLEAR: N_(
        "A student the office knows looks like this one. Say whether it is the same person."
    ),
    FixReason.SAME_NIK: N_("An earlier row of this file has the same NIK."),
    FixReason.AT_OTHER_SCHOOL: N_(
        "The office knows this student at another school. The coordinator decides where the student belongs."
    ),
    FixReason.NAMESAKE_ELSEWHERE: N_(
        "A student of this name and birth date is known at another school. The coordinator says whether it is the same."
    ),
    **{kind.value: sentence for kind, sentence in SENTENCES.items()},
}
# what the school does about it
REMEDIES: dict[str, str] = {
    Kind.NIK_LENGTH.value: N_("Copy the NIK from the family card."),
    Kind.NIK_NONDIGIT.value: N_("Copy the NIK from the family card."),
    Kind.NIK_PRECISION_LOST.value: N_(
        "Download the list again and do not save it in Excel, or type the NIK as text."
    ),
    Kind.NIK_DATE_INVALID.value: N_("Copy the NIK from the family card."),
    Kind.NIK_REGION_UNKNOWN.value: N_("Copy the NIK from the family card."),
    Kind.NIK_PARENT_SUSPECT.value: N_("Put the student's own NIK in this column, not a parent's."),
    Kind.DUPLICATE_ROW.value: N_("Delete one of the two rows, or dismiss this one here."),
    Kind.NIK_DUPLICATE_CONFLICT.value: N_(
        "Compare both students with their family cards and mend the wrong NIK."
    ),
    Kind.NAME_MISSING.value: N_("Fill in the name, or delete the row."),
    Kind.DOB_INVALID.value: N_("Fill in the birth date, for example 12-03-2009."),
}
# facts of a student as the comparison names them
FACTS: dict[str, str] = {
    "status": N_("Status"),
    "name": N_("Name"),
    "birth_date": N_("Birth date"),
    "nik": N_("NIK"),
    "nisn": N_("NISN"),
    "sex": N_("Sex"),
    "birth_place": N_("Birth place"),
    "class_name": N_("Class"),
    "address": N_("Address"),
    "home_district": N_("Home district"),
    "special_needs": N_("Special needs"),
    "is_married": N_("Married"),
    "recorded_before": N_("Recorded before"),
}
UNREADABLE = N_(
    "The file could not be read with what was said of it, so its rows stay as they were. Name its columns anew, "
    "or take back what was mended."
)
# what a person can say of a row beside a known student
DECISIONS: dict[str, str] = {
    Decision.SAME: N_("Same person: the known student gets this row"),
    Decision.DIFFERENT: N_("Different persons: this one is new"),
    Decision.MOVED_HERE: N_("Moved here: the student is at this school now"),
}
DECIDED: dict[str, str] = {
    Decision.SAME: N_("same person as %(name)s"),
    Decision.DIFFERENT: N_("not %(name)s"),
    Decision.MOVED_HERE: N_("%(name)s moved here"),
}
# what a column can hold, as the choice is offered
FIELDS: dict[str, str] = {
    Field.UNNEEDED.value: N_("Not needed"),
    Field.NAME.value: N_("Name of the student"),
    Field.NIK.value: N_("NIK of the student"),
    Field.NISN.value: N_("NISN"),
    Field.SEX.value: N_("Sex"),
    Field.BIRTH_PLACE.value: N_("Birth place"),
    Field.BIRTH_DATE.value: N_("Birth date"),
    Field.PLACE_AND_DATE.value: N_("Birth place and date in one cell"),
    Field.CLASS.value: N_("Class"),
    Field.GRADE.value: N_("Grade (10, 11, 12)"),
    Field.MAJOR.value: N_("Major"),
    Field.PARALLEL.value: N_("Number of the parallel class"),
    Field.ADDRESS.value: N_("Address"),
    Field.RT.value: N_("RT"),
    Field.RW.value: N_("RW"),
    Field.VILLAGE.value: N_("Village"),
    Field.DISTRICT.value: N_("Home district"),
    Field.SPECIAL_NEEDS.value: N_("Special needs"),
    Field.STATUS.value: N_("Status"),
    Field.RECORDED.value: N_("KTP-el recorded or not"),
    Field.MARRIED.value: N_("Married or not"),
}
# why a confirmed roster can no longer be taken back
DEPENDS: dict[str, str] = {
    Depends.NEWER_ROSTER: N_("It cannot be taken back: a newer file of this school was confirmed since."),
    Depends.FILE_GONE: N_("It cannot be taken back: the file was deleted, 30 days after it was sent."),
    Depends.ON_A_DAY: N_(
        "It cannot be taken back: students it brought already have a place on a recording day. "
        "Send a newer file instead."
    ),
    Depends.CHANGED: N_(
        "It cannot be taken back: its students were changed since. Send a newer file instead."
    ),
}
WORDS: dict[str, Any] = {
    "decisions": DECISIONS,
    "decided": DECIDED,
    "fields": FIELDS,
    "reasons": REASONS,
    "remedies": REMEDIES,
    "facts": FACTS,
    "fixes": {fix.value: sentence for fix, sentence in FIXES.items()},
}
