"""What can be found in a roster: each kind of finding, how grave it is, and where it was found.

A finding is data, never a sentence: `imports/sentences.py` has the words. The codes are the office's own
and stay the same in every file, page and answer.
"""

from dataclasses import dataclass
from enum import Enum, unique


class Severity(Enum):
    """What a finding does to its row or file."""

    REJECT = "reject"
    """The row stays on the fix list and does not enter the population."""
    WARN = "warn"
    """The row goes in and is shown for a look."""
    SKIP = "skip"
    """The row is no person."""
    REFUSE = "refuse"
    """The whole file is refused."""
    FILE = "file"
    """A word on the whole file, whose sound rows go in."""


@unique
class Kind(Enum):
    """Every kind of finding, grouped by severity."""

    NIK_LENGTH = "NIK_LENGTH"
    NIK_NONDIGIT = "NIK_NONDIGIT"
    NIK_PRECISION_LOST = "NIK_PRECISION_LOST"
    NIK_DATE_INVALID = "NIK_DATE_INVALID"
    NIK_REGION_UNKNOWN = "NIK_REGION_UNKNOWN"
    NIK_PARENT_SUSPECT = "NIK_PARENT_SUSPECT"
    DUPLICATE_ROW = "DUPLICATE_ROW"
    NIK_DUPLICATE_CONFLICT = "NIK_DUPLICATE_CONFLICT"
    NAME_MISSING = "NAME_MISSING"
    DOB_INVALID = "DOB_INVALID"

    NIK_MISSING = "NIK_MISSING"
    NIK_DOB_MISMATCH = "NIK_DOB_MISMATCH"
    NIK_SEX_MISMATCH = "NIK_SEX_MISMATCH"
    NISN_MISSING = "NISN_MISSING"
    NISN_INVALID = "NISN_INVALID"
    NISN_DUPLICATE = "NISN_DUPLICATE"
    NISN_ZERO_PADDED = "NISN_ZERO_PADDED"
    DOB_AMBIGUOUS = "DOB_AMBIGUOUS"
    DOB_FROM_NIK = "DOB_FROM_NIK"
    JK_FROM_NIK = "JK_FROM_NIK"
    AGE_UNUSUAL = "AGE_UNUSUAL"
    ROMBEL_MISSING = "ROMBEL_MISSING"
    NIK_LAST_DIGIT_ZERO = "NIK_LAST_DIGIT_ZERO"

    TOTAL_ROW = "TOTAL_ROW"
    COLUMN_NUMBER_ROW = "COLUMN_NUMBER_ROW"
    CLASS_TITLE_ROW = "CLASS_TITLE_ROW"
    REPEATED_HEADER = "REPEATED_HEADER"
    SIGNATURE_BLOCK = "SIGNATURE_BLOCK"
    HIDDEN_SHEET = "HIDDEN_SHEET"

    NIK_COLUMN_ROUNDED = "NIK_COLUMN_ROUNDED"

    FILE_ENCRYPTED = "FILE_ENCRYPTED"
    FILE_CORRUPT = "FILE_CORRUPT"
    NO_STUDENT_ROWS = "NO_STUDENT_ROWS"
    WRONG_DOCUMENT_DAFTAR_GURU = "WRONG_DOCUMENT_DAFTAR_GURU"
    WRONG_DOCUMENT_TENDIK = "WRONG_DOCUMENT_TENDIK"
    WRONG_DOCUMENT_PD_KELUAR = "WRONG_DOCUMENT_PD_KELUAR"
    WRONG_DOCUMENT_ROSTER = "WRONG_DOCUMENT_ROSTER"
    WRONG_DOCUMENT = "WRONG_DOCUMENT"
    FILE_EMPTY = "FILE_EMPTY"
    FILE_HAS_MACROS = "FILE_HAS_MACROS"
    FILE_UNSUPPORTED = "FILE_UNSUPPORTED"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FILE_TOO_HEAVY = "FILE_TOO_HEAVY"
    FILE_TOO_MANY_ROWS = "FILE_TOO_MANY_ROWS"
    FILE_TOO_MANY_COLUMNS = "FILE_TOO_MANY_COLUMNS"
    FILE_TOO_SLOW = "FILE_TOO_SLOW"
    READING_CANCELLED = "READING_CANCELLED"
    READING_UNAVAILABLE = "READING_UNAVAILABLE"

    @property
    def severity(self) -> Severity:
        """How grave this kind is."""
        return SEVERITY[self]


def _severities() -> dict[Kind, Severity]:
    """The groups above, by the first kind of each, so that a kind added to a group needs no second entry."""
    starts = {
        Kind.NIK_LENGTH: Severity.REJECT,
        Kind.NIK_MISSING: Severity.WARN,
        Kind.TOTAL_ROW: Severity.SKIP,
        Kind.NIK_COLUMN_ROUNDED: Severity.FILE,
        Kind.FILE_ENCRYPTED: Severity.REFUSE,
    }
    found: dict[Kind, Severity] = {}
    severity = Severity.REJECT
    for kind in Kind:
        severity = starts.get(kind, severity)
        found[kind] = severity
    return found


SEVERITY = _severities()


@unique
class Fix(Enum):
    """What was mended in a cell on the way in; a mended cell is no finding."""

    STRIP_APOSTROPHE = "strip_apostrophe"
    TRIM = "trim"
    COLLAPSE_SPACE = "collapse_space"
    NEWLINE_IN_NAME = "newline_in_name"
    NUMERIC_NIK = "numeric_nik"
    NUMERIC_NISN = "numeric_nisn"
    NIK_SEPARATORS = "nik_separators"
    EXCEL_SERIAL_DATE = "excel_serial_date"
    DATE_CELL = "date_cell"
    DMY_TEXT = "dmy_text"
    MDY_TEXT = "mdy_text"
    MONTH_NAME_DATE = "month_name_date"
    TTL_SPLIT = "ttl_split"
    TWO_DIGIT_YEAR = "two_digit_year"
    JK_WORDS = "jk_words"
    FORMULA_STRING = "formula_string"
    NBSP = "nbsp"


@unique
class Status(Enum):
    """Where a row of a roster ends. No row ends anywhere else, and none is lost."""

    ACCEPTED = "accepted"
    WARNED = "warned"
    REJECTED = "rejected"
    SKIPPED = "skipped"


@unique
class Action(Enum):
    """What may be done with the whole file."""

    IMPORT = "import"
    IMPORT_WITH_FIX_LIST = "import_with_fix_list"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: its kind, and the cell as the school's own file shows it.

    `row` is the physical row, counted from 1; `column` the letter; `value` the cell as typed. `earlier_sheet` and
    `earlier_row` say where in the file the same number stood first, for the kinds that compare rows.
    """

    kind: Kind
    sheet: str | None
    row: int
    column: str | None = None
    heading: str | None = None
    value: str | None = None
    earlier_sheet: str | None = None
    earlier_row: int | None = None
