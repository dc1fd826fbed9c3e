"""The words of the workbook that goes back to a school, and of the blank template: messages for the catalogs."""

from typing import Final

from common.i18n import N_
from imports.findings import Kind
from imports.words import REMEDIES

# what the school does about it in its file; the fix list on screen has more ways
IN_THE_FILE: Final[dict[str, str]] = {
    **REMEDIES,
    Kind.DUPLICATE_ROW.value: N_("Delete one of the two rows."),
    Kind.NIK_MISSING.value: N_("Fill in the NIK from the family card."),
    Kind.NIK_DOB_MISMATCH.value: N_(
        "Compare the birth date and the NIK with the family card and mend the wrong one."
    ),
    Kind.NIK_SEX_MISMATCH.value: N_(
        "Compare the sex and the NIK with the family card and mend the wrong one."
    ),
    Kind.NIK_LAST_DIGIT_ZERO.value: N_("Compare the NIK with the family card."),
    Kind.NISN_MISSING.value: N_("Fill in the NISN, where the student has one."),
    Kind.NISN_INVALID.value: N_("Copy the NISN from Dapodik or EMIS."),
    Kind.NISN_DUPLICATE.value: N_("Copy the NISN from Dapodik or EMIS."),
    Kind.NISN_ZERO_PADDED.value: N_("Nothing has to be done, unless the number is wrong."),
    Kind.DOB_AMBIGUOUS.value: N_("Write the date as year-month-day, for example 2009-03-12."),
    Kind.DOB_FROM_NIK.value: N_("Fill in the birth date, for example 2009-03-12."),
    Kind.JK_FROM_NIK.value: N_("Fill in L for male or P for female."),
    Kind.AGE_UNUSUAL.value: N_("Compare the birth date with the family card."),
    Kind.ROMBEL_MISSING.value: N_("Fill in the class."),
}

# the first sheet; every name is a key of the words that a book is made with
LABELS: Final[dict[str, str]] = {
    "title": N_("What %(school)s should mend in this file"),
    "source": N_("%(file)s, sent by %(person)s on %(moment)s. CONFIDENTIAL: personal data of students."),
    "how": N_(
        "Red cells must be mended, yellow cells should be looked at; point at a cell to read its note. "
        "The link in the first column leads to the cell. Mend it, save, and send this same file again."
    ),
    "converted": N_(
        "Your file was not an .xlsx workbook, so its lists were copied into this one, "
        "without colours, pictures and formulas. Send this file from now on."
    ),
    "nothing": N_("Nothing has to be mended."),
    "cell": N_("Cell"),
    "list": N_("Sheet"),
    "row": N_("Row"),
    "name": N_("Name"),
    "column": N_("Column"),
    "value": N_("As typed"),
    "kind": N_("What kind"),
    "reason": N_("Reason"),
    "remedy": N_("What to do"),
    "grave": N_("Must be mended"),
    "mild": N_("Please look"),
    "empty": N_("(empty)"),
    "see": N_("See row %(row)s."),
    "see_sheet": N_("See %(sheet)s, row %(row)s."),
    "footer": N_("CONFIDENTIAL"),
}

TEMPLATE: Final[dict[str, str]] = {
    "title": N_("How to fill in the sheet %(sheet)s"),
    "once": N_("One student a row, from row 2 on. Leave the headings as they are; empty rows do no harm."),
    "paste": N_("Copying from another file? Paste values only, so that NIK and NISN stay text."),
    "send": N_(
        "Save as .xlsx and send the file on the page Student data. Whatever is missing will be shown there."
    ),
    "invented": N_("The example is an invented student."),
    "heading": N_("Column"),
    "meaning": N_("How to fill it in"),
    "example": N_("Example"),
    "name": N_("Full name as in the birth certificate, without a title. Must be filled in."),
    "nik": N_("16 digits from the family card, as text. Never a parent's NIK."),
    "nisn": N_("10 digits, with the zeros in front."),
    "sex": N_("L for male, P for female; choose from the list."),
    "birth_place": N_("Kabupaten or kota of birth."),
    "birth_date": N_("year-month-day, for example 2009-03-12. Must be filled in."),
    "class": N_("As the school writes it, for example X-1 or XII TKJ 2."),
    "address": N_("Street and number, without RT and RW."),
    "rt": N_("Number of the RT."),
    "rw": N_("Number of the RW."),
    "village": N_("Name of the desa or kelurahan."),
    "district": N_("Name of the kecamatan."),
    "special_needs": N_(
        "Leave it empty where there are none; otherwise the kind, so that the team comes prepared."
    ),
    "married": N_("Choose from the list; who is or was married votes at any age."),
    "recorded": N_("Choose from the list; who has been recorded need not come."),
    "nik_title": N_("NIK: 16 digits"),
    "nik_fault": N_("A NIK has exactly 16 digits. Copy it from the family card."),
    "nisn_title": N_("NISN: 10 digits"),
    "nisn_fault": N_("A NISN has exactly 10 digits. Zeros in front belong to it."),
    "date_title": N_("Birth date"),
    "date_fault": N_("Write the birth date as year-month-day, for example 2009-03-12."),
    "choice_title": N_("Choose from the list"),
    "choice_fault": N_("Choose one of the words in the list of this cell."),
}
