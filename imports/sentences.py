"""The sentence for each kind of finding: a message for the catalogs, the same on screen and in the terminal."""

from typing import Final

from common.i18n import N_
from imports.findings import Action, Fix, Kind, Status
from imports.school_list import SchoolKind

SENTENCES: Final[dict[Kind, str]] = {
    Kind.NIK_LENGTH: N_("The NIK does not have 16 digits."),
    Kind.NIK_NONDIGIT: N_("The NIK contains something that is not a digit."),
    Kind.NIK_PRECISION_LOST: N_("The last digits of the NIK were lost because Excel stored it as a number."),
    Kind.NIK_DATE_INVALID: N_("Digits 7 to 12 of the NIK are not a date."),
    Kind.NIK_REGION_UNKNOWN: N_("The NIK begins with a province code that does not exist."),
    Kind.NIK_PARENT_SUSPECT: N_("The NIK is an adult's, probably a parent's."),
    Kind.DUPLICATE_ROW: N_("This student is already in an earlier row."),
    Kind.NIK_DUPLICATE_CONFLICT: N_("Another person in an earlier row has the same NIK."),
    Kind.NAME_MISSING: N_("The name is missing."),
    Kind.DOB_INVALID: N_("The birth date is missing or cannot be read, and there is no NIK to take it from."),
    Kind.NIK_MISSING: N_("The NIK is missing."),
    Kind.NIK_DOB_MISMATCH: N_("The date in the NIK differs from the birth date."),
    Kind.NIK_SEX_MISMATCH: N_("The NIK and the sex do not agree."),
    Kind.NISN_MISSING: N_("The NISN is missing."),
    Kind.NISN_INVALID: N_("The NISN does not have 10 digits."),
    Kind.NISN_DUPLICATE: N_("Another student in an earlier row has the same NISN."),
    Kind.NISN_ZERO_PADDED: N_("The NISN had lost its leading zeros; they were put back."),
    Kind.DOB_AMBIGUOUS: N_("Day and month of the birth date could be swapped; please check."),
    Kind.DOB_FROM_NIK: N_("The birth date could not be read and was taken from the NIK."),
    Kind.JK_FROM_NIK: N_("The sex could not be read and was taken from the NIK."),
    Kind.AGE_UNUSUAL: N_("The age is unusual for this school."),
    Kind.ROMBEL_MISSING: N_("The class is missing."),
    Kind.NIK_LAST_DIGIT_ZERO: N_(
        "The NIK is stored as a number and ends in 0; Excel may have changed its last digit."
    ),
    Kind.TOTAL_ROW: N_("A row of totals."),
    Kind.COLUMN_NUMBER_ROW: N_("A row that only numbers the columns."),
    Kind.CLASS_TITLE_ROW: N_("The title of a class."),
    Kind.REPEATED_HEADER: N_("The headings again."),
    Kind.SIGNATURE_BLOCK: N_("A note or signature, no student."),
    Kind.HIDDEN_SHEET: N_("A row of a hidden sheet."),
    Kind.NIK_COLUMN_ROUNDED: N_(
        "This file went through Excel as numbers, so the last digits of the NIKs are lost. "
        "Download it again and do not save it in Excel before sending it."
    ),
    Kind.FILE_ENCRYPTED: N_("The file is protected by a password. Remove the password and send it again."),
    Kind.FILE_CORRUPT: N_(
        "The file is damaged or incomplete. Download it again from its source and send that copy."
    ),
    Kind.NO_STUDENT_ROWS: N_("The list has no students in it."),
    Kind.WRONG_DOCUMENT_DAFTAR_GURU: N_(
        "This is a list of teachers, not of students. Nothing was taken from it."
    ),
    Kind.WRONG_DOCUMENT_TENDIK: N_(
        "This is a list of school staff, not of students. Nothing was taken from it."
    ),
    Kind.WRONG_DOCUMENT_PD_KELUAR: N_(
        "This is a list of students who have left. Send the list of current students."
    ),
    Kind.WRONG_DOCUMENT_ROSTER: N_(
        "This is the student list of a school. Open the school and send it there, as its student data."
    ),
    Kind.WRONG_DOCUMENT: N_("No list of students was found in this file."),
    Kind.FILE_EMPTY: N_("The file is empty."),
    Kind.FILE_HAS_MACROS: N_(
        "The file contains macros. Save it as an ordinary workbook (.xlsx) and send it again."
    ),
    Kind.FILE_UNSUPPORTED: N_(
        "What is in this file is no spreadsheet that can be read, whatever its name says. "
        "Send the list itself, as .xlsx, .xls, .ods or .csv."
    ),
    Kind.FILE_TOO_HEAVY: N_(
        "Opening this file takes more memory than one file may have. Copy the list alone into a new workbook, "
        "as values, and send that."
    ),
    Kind.FILE_TOO_LARGE: N_("The file is too large. At most 20 MB can be read."),
    Kind.FILE_TOO_MANY_ROWS: N_("The file has more than 50,000 rows."),
    Kind.FILE_TOO_MANY_COLUMNS: N_("The file has more than 200 columns."),
    Kind.FILE_TOO_SLOW: N_(
        "The file took too long to read. Copy the list into a new workbook and send that."
    ),
    Kind.READING_CANCELLED: N_("Reading was cancelled."),
    Kind.READING_UNAVAILABLE: N_("The file could not be read just now. Try again in a moment."),
}

FIXES: Final[dict[Fix, str]] = {
    Fix.STRIP_APOSTROPHE: N_("an apostrophe in front was removed"),
    Fix.TRIM: N_("spaces around it were removed"),
    Fix.COLLAPSE_SPACE: N_("double spaces were made single"),
    Fix.NEWLINE_IN_NAME: N_("a line break was removed"),
    Fix.NUMERIC_NIK: N_("the NIK was stored as a number"),
    Fix.NUMERIC_NISN: N_("the NISN was stored as a number"),
    Fix.NIK_SEPARATORS: N_("spaces or marks between the digits were removed"),
    Fix.EXCEL_SERIAL_DATE: N_("the date was stored as an Excel day number"),
    Fix.DATE_CELL: N_("the date was stored as a date cell"),
    Fix.DMY_TEXT: N_("the date was read as day, month, year"),
    Fix.MDY_TEXT: N_("the date was read as month, day, year"),
    Fix.MONTH_NAME_DATE: N_("the month was written as a word"),
    Fix.TTL_SPLIT: N_("place and date of birth were in one cell"),
    Fix.TWO_DIGIT_YEAR: N_("the year had two digits"),
    Fix.JK_WORDS: N_("the sex was written as a word or code"),
    Fix.FORMULA_STRING: N_("the value was written as a formula"),
    Fix.NBSP: N_("invisible characters were removed"),
}

STATUSES: Final[dict[Status, str]] = {
    Status.ACCEPTED: N_("accepted"),
    Status.WARNED: N_("accepted with a warning"),
    Status.REJECTED: N_("rejected"),
    Status.SKIPPED: N_("no student"),
}

ACTIONS: Final[dict[Action, str]] = {
    Action.IMPORT: N_("The list can be taken in."),
    Action.IMPORT_WITH_FIX_LIST: N_("The list can be taken in, but the school should send a better file."),
    Action.REFUSE: N_("The file cannot be taken in."),
}

SCHOOL_SENTENCES: Final[dict[SchoolKind, str]] = {
    SchoolKind.NPSN_MISSING: N_("The NPSN is missing."),
    SchoolKind.NPSN_INVALID: N_("The NPSN does not have 8 digits."),
    SchoolKind.NPSN_DUPLICATE: N_("An earlier row has the same NPSN."),
    SchoolKind.SCHOOL_NAME_MISSING: N_("The name of the school is missing."),
    SchoolKind.LEVEL_UNKNOWN: N_("The level is not SMA, SMK, MA or SLB."),
    SchoolKind.OWNERSHIP_UNKNOWN: N_("The status is neither public nor private."),
    SchoolKind.DISTRICT_MISSING: N_("The district is missing."),
    SchoolKind.NO_SCHOOL_LIST: N_("No list of schools was found: the columns NPSN and name are needed."),
}
