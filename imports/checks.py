"""Rows become roster rows or findings: each row for itself, then the rows of a column and of the file together.

Works column by column: most cells are sound and repeat, so a value is judged once and an object is made only where
something is off. A finding of a cell exists only where the list has the column.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from imports.columns import Column, Field
from imports.dates import Dated
from imports.evidence import (
    ListColumns,
    Rounding,
    SettledDate,
    date_order_of,
    rounding_of,
    settle_date,
    values_at,
)
from imports.findings import SEVERITY, Finding, Kind, Severity, Status
from imports.layout import Row, Table
from imports.roster import RosterRow, known_birth_date
from imports.rows import PickedRows, pick_rows
from imports.seen import SeenInFile, is_same_person, may_be_one
from imports.sheets import Cell
from imports.values import (
    Number,
    as_typed,
    is_blank,
    read_married,
    read_nik,
    read_recorded,
)
from schools.names import same_name
from schools.nik import OLDEST_STUDENT, NikFault, birth_in, completed_years, fault_of
from schools.regions import PROVINCES

USUAL_AGES = (14, 21)
"""Completed years between which a student of SMA, SMK or MA usually is."""


@dataclass(frozen=True, slots=True)
class CheckedSheet:
    """The rows of one table in the order of the file, and whether its NIK column was rounded."""

    rows: tuple[RosterRow, ...]
    nik_column_rounded: bool


_NIK_FAULTS = {
    NikFault.NONDIGIT: Kind.NIK_NONDIGIT,
    NikFault.LENGTH: Kind.NIK_LENGTH,
    NikFault.REGION_UNKNOWN: Kind.NIK_REGION_UNKNOWN,
    NikFault.DATE_INVALID: Kind.NIK_DATE_INVALID,
    NikFault.SERIAL_ZERO: Kind.NIK_PRECISION_LOST,  # nobody has serial 0000: the end was lost or filled up
}
_ABOUT = {
    Kind.NAME_MISSING: (Field.NAME,),
    Kind.DOB_INVALID: (Field.BIRTH_DATE, Field.PLACE_AND_DATE),
    Kind.NIK_DOB_MISMATCH: (Field.BIRTH_DATE, Field.PLACE_AND_DATE),
    Kind.DOB_AMBIGUOUS: (Field.BIRTH_DATE, Field.PLACE_AND_DATE),
    Kind.DOB_FROM_NIK: (Field.BIRTH_DATE, Field.PLACE_AND_DATE),
    Kind.AGE_UNUSUAL: (Field.BIRTH_DATE, Field.PLACE_AND_DATE),
    Kind.NIK_SEX_MISMATCH: (Field.SEX,),
    Kind.JK_FROM_NIK: (Field.SEX,),
    Kind.NISN_MISSING: (Field.NISN,),
    Kind.NISN_INVALID: (Field.NISN,),
    Kind.NISN_DUPLICATE: (Field.NISN,),
    Kind.NISN_ZERO_PADDED: (Field.NISN,),
    Kind.ROMBEL_MISSING: (Field.CLASS, Field.GRADE),
}
"""Which column a kind is shown at; every other kind of a row is about its NIK."""

T = TypeVar("T")
Tell = Callable[[int], None]


def check_sheet(
    sheet: str | None,
    rows: Sequence[Row],
    table: Table,
    as_of: date,
    seen: SeenInFile,
    sheet_class: str | None = None,
    tell: Tell | None = None,
) -> CheckedSheet:
    """Judge every row of a table that is not blank, in the order of the file.

    `seen` remembers NIKs and NISNs over the sheets of one file and is added to. `sheet_class` is the class that the
    titles or the sheet's name give to rows that have none. `tell` hears how many rows are done, every thousand.
    """
    picked = pick_rows(rows, table)
    columns = ListColumns([rows[index] for index in picked.persons], table, as_of)
    checked = _check_persons(sheet, picked, columns, sheet_class, seen, tell)
    if picked.skipped:
        checked.rows.extend(
            RosterRow(sheet, i + 1, Status.SKIPPED, (kind,), ()) for i, kind in picked.skipped
        )
        checked.rows.sort(key=lambda row: row.row)
    return CheckedSheet(tuple(checked.rows), checked.rounded)


class _Persons(NamedTuple):
    rows: list[RosterRow]
    rounded: bool


def _check_persons(
    sheet: str | None,
    picked: PickedRows,
    columns: ListColumns,
    sheet_class: str | None,
    seen: SeenInFile,
    tell: Tell | None,
) -> _Persons:
    at, as_of, year_now = columns.at, columns.as_of, columns.as_of.year
    has_nik, has_nisn, has_sex = Field.NIK in at, Field.NISN in at, Field.SEX in at
    has_name = Field.NAME in at
    has_date = Field.BIRTH_DATE in at or Field.PLACE_AND_DATE in at
    has_class = Field.CLASS in at or Field.GRADE in at
    rounding = rounding_of(columns.niks)
    is_rounded = rounding.all_lost or rounding.numbers_lost
    usual: set[date] = set()
    order = date_order_of(columns.dates)
    zeros_kept = any(
        n.digits and n.digits[0] == "0" and n.fault is None and not n.was_number for n in columns.nisns
    )
    parents = [values_at(columns.rows, column.index) for column in columns.table.columns_of(Field.PARENT_NIK)]
    parents_of: Iterable[tuple[Cell, ...]] = (
        zip(*parents, strict=True) if parents else [()] * len(picked.persons)
    )
    recorded, married = columns.values_of(Field.RECORDED), columns.values_of(Field.MARRIED)
    repeated = seen.begin_sheet(
        [read.digits for read in columns.niks],
        [read.digits for read in columns.nisns],
        [text.value for text in columns.names],
    )
    youngest_adult = as_of.year - OLDEST_STUDENT - 1
    found: list[RosterRow] = []
    # looked up once: an enum's member costs a call
    as_row = RosterRow._make  # half the cost of calling it with 22 arguments
    accepted, warned, rejected = Status.ACCEPTED, Status.WARNED, Status.REJECTED

    for done, (
        (index, nik_read, nisn_read, name_text, sex_text, place_text, dated, class_text, parents_here),
        (address, village, district, needs, recorded_text, married_text, status_text, npsn, school),
    ) in enumerate(
        zip(
            zip(
                picked.persons,
                columns.niks,
                columns.nisns,
                columns.names,
                columns.sexes,
                columns.places,
                columns.dates,
                columns.classes(picked.classes, sheet_class),
                parents_of,
                strict=True,
            ),
            zip(
                columns.addresses(),
                columns.values_of(Field.VILLAGE),
                columns.values_of(Field.DISTRICT),
                columns.values_of(Field.SPECIAL_NEEDS),
                recorded,
                married,
                columns.values_of(Field.STATUS),
                columns.values_of(Field.NPSN),
                columns.values_of(Field.SCHOOL),
                strict=True,
            ),
            strict=True,
        )
    ):
        if tell is not None and done % 1000 == 0:
            tell(done)
        reasons: list[Kind] = []
        row = index + 1
        earlier: RosterRow | None = None
        is_first_of_nik = is_first_of_nisn = is_first_of_name = False
        name = name_text.value or None
        nik = nik_read.digits
        in_nik: date | None = None
        sex_in_nik: str | None = None

        if nik is not None:
            born = birth_in(nik[6:12], year_now)
            fault = None
            if born is None or nik[:2] not in PROVINCES or nik[12:] == "0000" or is_rounded:
                fault = _nik_kind(nik, nik_read, rounding, year_now)
            if fault is None and born is not None:
                in_nik, sex_in_nik = born
                is_adults = in_nik.year <= youngest_adult and not _agrees(dated, in_nik)
                if is_adults or (parents_here and any(_is_number(cell, nik) for cell in parents_here)):
                    fault = Kind.NIK_PARENT_SUSPECT
            if fault is not None:
                reasons.append(fault)
                nik = in_nik = sex_in_nik = None
        elif has_nik:
            reasons.append(nik_read.fault or Kind.NIK_MISSING)

        read = dated if dated.order is None else settle_date(dated, order, in_nik)
        birth_date = read.value

        if nik is not None and name is not None and nik in repeated.niks:
            first = seen.niks.get(nik)
            if first is None:
                is_first_of_nik = True
            else:
                earlier = first
                born_first = known_birth_date(first, as_of)
                if same_name(first.name or "", name) and born_first == (birth_date or in_nik):
                    reasons.append(Kind.DUPLICATE_ROW)
                else:
                    reasons.append(Kind.NIK_DUPLICATE_CONFLICT)
                    nik = in_nik = sex_in_nik = None

        if has_name and name is None:
            reasons.append(Kind.NAME_MISSING)
        if nik is not None and nik_read.was_number and nik[-1] == "0":
            reasons.append(Kind.NIK_LAST_DIGIT_ZERO)
        if has_date:
            if birth_date is None:
                birth_date = in_nik
                reasons.append(Kind.DOB_INVALID if in_nik is None else Kind.DOB_FROM_NIK)
            else:
                if in_nik is not None and in_nik != birth_date:
                    reasons.append(Kind.NIK_DOB_MISMATCH)
                if isinstance(read, SettledDate) and read.ambiguous:
                    reasons.append(Kind.DOB_AMBIGUOUS)
        sex = sex_text.value or None
        if has_sex:
            if sex is None:
                sex = sex_in_nik
                if sex is not None:
                    reasons.append(Kind.JK_FROM_NIK)
            elif sex_in_nik is not None and sex_in_nik != sex:
                reasons.append(Kind.NIK_SEX_MISMATCH)
        if birth_date is not None and birth_date not in usual and not _is_usual(birth_date, as_of, usual):
            reasons.append(Kind.AGE_UNUSUAL)

        nisn = nisn_read.digits
        if nisn_read.fault is Kind.NISN_INVALID and nisn is not None:
            # Text that lost its zeros: so did the whole column, or the year of birth in the number says so.
            lost = not zeros_kept or (birth_date is not None and nisn[:3] == f"{birth_date.year % 1000:03}")
            reasons.append(Kind.NISN_ZERO_PADDED if lost else Kind.NISN_INVALID)
            nisn = nisn if lost else None
        elif nisn_read.fault is not None:
            reasons.append(nisn_read.fault)
        elif nisn is None and has_nisn:
            reasons.append(Kind.NISN_MISSING)
        if nisn is not None and nisn in repeated.nisns:
            user = seen.nisns.get(nisn)
            if user is None:
                is_first_of_nisn = True
            elif not is_same_person(user, nik, name, birth_date, as_of):
                reasons.append(Kind.NISN_DUPLICATE)
                earlier = earlier or user
        if has_class and not class_text.value:
            reasons.append(Kind.ROMBEL_MISSING)
        if name in repeated.names and name and birth_date and (not reasons or not _is_rejected(reasons)):
            # a row copied without its NIK is found by nothing else
            double = seen.people.get((name, birth_date))
            if double is None:
                is_first_of_name = True
            elif may_be_one(double.nik, nik) and may_be_one(double.nisn, nisn):
                reasons.append(Kind.DUPLICATE_ROW)
                earlier = double

        fixes = (
            nik_read.fixes
            + nisn_read.fixes
            + name_text.fixes
            + place_text.fixes
            + read.fixes
            + sex_text.fixes
        )
        fixes += class_text.fixes
        if len(fixes) > 1:
            fixes = tuple(dict.fromkeys(fixes))
        status = accepted
        if reasons:
            status = rejected if _is_rejected(reasons) else warned
        judged = as_row(
            (
                sheet,
                row,
                status,
                tuple(reasons),
                fixes,
                name,
                nik,
                nisn,
                sex,
                place_text.value or None,
                birth_date,
                class_text.value or None,
                address,
                village,
                district,
                needs,
                read_recorded(recorded_text) if recorded_text else None,
                read_married(married_text) if married_text else None,
                status_text or recorded_text,
                npsn,
                school,
                _findings(sheet, row, reasons, columns.rows[done], at, earlier) if reasons else (),
            )
        )
        found.append(judged)
        if is_first_of_nik and nik is not None:
            seen.niks[nik] = judged
        if is_first_of_nisn and nisn is not None:
            seen.nisns[nisn] = judged
        if is_first_of_name and name is not None and birth_date is not None:
            seen.people[name, birth_date] = judged
    seen.end_sheet(found)
    return _Persons(found, is_rounded)


def _is_rejected(reasons: Sequence[Kind]) -> bool:
    return any(SEVERITY[reason] is Severity.REJECT for reason in reasons)


def _is_usual(birth_date: date, as_of: date, usual: set[date]) -> bool:
    """Whether a person of that birth date is of a usual age; the date is remembered in `usual` where so."""
    if not USUAL_AGES[0] <= completed_years(birth_date, as_of) <= USUAL_AGES[1]:
        return False
    usual.add(birth_date)
    return True


def _nik_kind(nik: str, read: Number, rounding: Rounding, year_now: int) -> Kind | None:
    """Why sixteen digits are no usable NIK, or None."""
    if rounding.all_lost or (rounding.numbers_lost and read.was_number):
        return Kind.NIK_PRECISION_LOST
    fault = fault_of(nik, year_now)
    return None if fault is None else _NIK_FAULTS[fault]


def _is_number(cell: Cell, nik: str) -> bool:
    """True where a parent's cell holds the same number."""
    if isinstance(cell, str) and len(cell) == len(nik):
        return cell == nik
    return not is_blank(cell) and read_nik(cell).digits == nik


def _agrees(dated: Dated, in_nik: date) -> bool:
    """True where the row's own birth date, in either reading, is the one in the NIK: then it is the person's own."""
    if dated.value is not None:
        return dated.value == in_nik
    return dated.order is not None and in_nik in (dated.order.day_first, dated.order.month_first)


def _findings(
    sheet: str | None,
    row: int,
    reasons: Sequence[Kind],
    cells: Row,
    at: dict[Field, Column],
    earlier: RosterRow | None,
) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for kind in reasons:
        column = next((at[f] for f in _ABOUT.get(kind, (Field.NIK,)) if f in at), None)
        compares = earlier is not None and kind in (
            Kind.DUPLICATE_ROW,
            Kind.NIK_DUPLICATE_CONFLICT,
            Kind.NISN_DUPLICATE,
        )
        found.append(
            Finding(
                kind,
                sheet,
                row,
                column.letter if column else None,
                column.heading if column else None,
                as_typed(cells[column.index]) if column and column.index < len(cells) else None,
                earlier.sheet if compares and earlier else None,
                earlier.row if compares and earlier else None,
            )
        )
    return tuple(found)
