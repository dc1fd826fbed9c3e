"""Rows become roster rows or findings: each row for itself, then the rows of a column and of the file together.

Works column by column: most cells of a list are sound and repeat, so a value is judged once and an object is
made only where something is off. A finding of a cell exists only where the list has the column.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import NamedTuple, TypeVar

from imports.columns import Column, Field
from imports.findings import SEVERITY, Finding, Fix, Kind, Severity, Status
from imports.layout import Row, RowJudge, Table, title_class
from imports.values import (
    BARE_GRADE,
    Cell,
    Dated,
    Number,
    Text,
    as_typed,
    is_blank,
    read_date,
    read_married,
    read_nik,
    read_nisn,
    read_recorded,
    read_sex,
    read_text,
    split_place_and_date,
)
from schools.names import plain_name
from schools.nik import OLDEST_STUDENT, NikFault, birth_in, completed_years, fault_of

USUAL_AGES = (14, 21)
"""Completed years between which a student of SMA, SMK or MA usually is."""
ROUNDED_SHARE = 0.9
"""Share of a column's NIKs ending in 0, or in scientific notation, from which the whole column went through Excel as
numbers. Of sound serials one in ten ends in 0."""
FEWEST_TO_JUDGE = 5
"""NIKs below which nothing is said of a column: four sound ones all end in 0 once in 10,000 lists."""


class RosterRow(NamedTuple):
    """One row of a roster as read and judged; the only columns of a school's file that leave the reading process.

    A tuple by kind and not a dataclass, for 20,000 of them cross a process border and this is a fifth of the cost.
    `row` is the physical row counted from 1; `values` that were rejected are None and stand as typed in `findings`.
    `recorded` and `married` are None where the list does not say.
    """

    sheet: str | None
    row: int
    status: Status
    reasons: tuple[Kind, ...]
    fixes: tuple[Fix, ...]
    name: str | None = None
    nik: str | None = None
    nisn: str | None = None
    sex: str | None = None
    birth_place: str | None = None
    birth_date: date | None = None
    class_name: str | None = None
    address: str | None = None
    village: str | None = None
    home_district: str | None = None
    special_needs: str | None = None
    recorded: bool | None = None
    married: bool | None = None
    status_text: str | None = None
    npsn: str | None = None
    school: str | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedSheet:
    """The rows of one table in the order of the file, and whether its NIK column was rounded."""

    rows: tuple[RosterRow, ...]
    nik_column_rounded: bool


_NO_TEXT = Text("", ())
_NO_NUMBER = Number(None, None, ())
_NIK_FAULTS = {
    NikFault.NONDIGIT: Kind.NIK_NONDIGIT,
    NikFault.LENGTH: Kind.NIK_LENGTH,
    NikFault.REGION_UNKNOWN: Kind.NIK_REGION_UNKNOWN,
    NikFault.DATE_INVALID: Kind.NIK_DATE_INVALID,
    # No person has serial 0000: the end of the number was lost or filled up with zeros.
    NikFault.SERIAL_ZERO: Kind.NIK_PRECISION_LOST,
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


class _First(NamedTuple):
    """Who stood first in the file with a NIK or NISN."""

    nik: str | None
    name: str
    birth_date: date | None
    sheet: str | None
    row: int


@dataclass(slots=True)
class SeenInFile:
    """NIKs and NISNs of the rows read so far, over all sheets of one file."""

    niks: dict[str, _First] = field(default_factory=dict)
    nisns: dict[str, _First] = field(default_factory=dict)


def _values(rows: Sequence[Row], index: int) -> list[Cell]:
    """One column of the rows; rows may be shorter than the column."""
    try:
        return [row[index] for row in rows]
    except IndexError:
        return [row[index] if index < len(row) else None for row in rows]


def _each(read: Callable[[Cell], T], cells: Sequence[Cell]) -> list[T]:
    """`read` of every cell, done once for cells that repeat."""
    # 1.0 and 1 are one key and also one meaning in every field.
    known = {cell: read(cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


class _Picked(NamedTuple):
    """The rows of a table told apart: persons with their row index and the class of the title above them."""

    persons: list[int]
    classes: list[str | None]
    skipped: list[tuple[int, Kind]]


def _pick_rows(rows: Sequence[Row], table: Table) -> _Picked:
    """Tell the persons of a table from titles, totals, repeated headers and signatures; blank rows are neither."""
    judge = RowJudge(table)
    named = table.column(Field.NAME)
    keys = [c.index for c in (table.column(f) for f in (Field.NIK, Field.NISN, Field.BIRTH_DATE)) if c is not None]
    first = table.first_row
    plain = [_is_plain(row, named.index if named else None, keys) for row in rows[first:]]
    last_plain = first + max((i for i, is_person in enumerate(plain) if is_person), default=len(rows))
    picked = _Picked([], [], [])
    class_name: str | None = None
    for index in range(first, len(rows)):
        row = rows[index]
        if plain[index - first]:
            picked.persons.append(index)
            picked.classes.append(class_name)
            continue
        if all(cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in row):
            continue
        kind = judge.skip_kind(row, is_tail=index > last_plain)
        if kind is None:
            picked.persons.append(index)
            picked.classes.append(class_name)
            continue
        if kind is Kind.CLASS_TITLE_ROW:
            class_name = title_class(row)
        picked.skipped.append((index, kind))
    return picked


def _is_plain(row: Row, named: int | None, keys: Sequence[int]) -> bool:
    """True for the ordinary row, which needs no further look: a name, and a number as long as a NIK or NISN or a date."""
    width = len(row)
    if named is None or named >= width or not row[named]:
        return False
    for key in keys:
        if key >= width:
            continue
        cell = row[key]
        if isinstance(cell, str):
            if len(cell) >= 10 and sum(map(str.isdigit, cell)) >= 8:
                return True
        elif isinstance(cell, float | int):
            if cell > 1_000_000:
                return True
        elif isinstance(cell, date):
            return True
    return False


class _Columns:
    """The columns of the persons of one table, read as far as a cell alone can say."""

    def __init__(self, rows: Sequence[Row], table: Table, as_of: date) -> None:
        self.rows = rows
        self.table = table
        self.as_of = as_of
        self.at: dict[Field, Column] = {}
        for column in table.columns:
            self.at.setdefault(column.field, column)
        self.niks = self._read(Field.NIK, read_nik, _NO_NUMBER)
        self.nisns = self._read(Field.NISN, read_nisn, _NO_NUMBER)
        self.names = self._text(Field.NAME)
        self.sexes = self._read(Field.SEX, read_sex, _NO_TEXT)
        self.places = self._text(Field.BIRTH_PLACE)
        self.dates: list[Dated]
        if Field.BIRTH_DATE in self.at:
            self.dates = self._read(Field.BIRTH_DATE, partial(read_date, latest=as_of), Dated(None, ()))
        elif Field.PLACE_AND_DATE in self.at:
            self._split_places_and_dates()
        else:
            self.dates = [Dated(None, ())] * len(rows)

    def cells(self, wanted: Field) -> list[Cell]:
        """The cells of a field as the file holds them."""
        column = self.at.get(wanted)
        return [None] * len(self.rows) if column is None else _values(self.rows, column.index)

    def _read(self, wanted: Field, read: Callable[[Cell], T], absent: T) -> list[T]:
        if wanted not in self.at:
            return [absent] * len(self.rows)
        return _each(read, self.cells(wanted))

    def _text(self, wanted: Field) -> list[Text]:
        return self._read(wanted, read_text, _NO_TEXT)

    def values_of(self, wanted: Field) -> list[str | None]:
        """A text field that is kept as it is, None where blank; what was mended in it is not worth a word."""
        return [text.value or None for text in self._text(wanted)]

    def _split_places_and_dates(self) -> None:
        self.dates, places = [], []
        for cell in self.cells(Field.PLACE_AND_DATE):
            place, written, was_split = split_place_and_date(cell)
            found = read_date(written, self.as_of)
            if was_split and (found.value or found.order):
                found = found._replace(fixes=(Fix.TTL_SPLIT, *found.fixes))
            self.dates.append(found)
            places.append(Text(place, ()))
        if Field.BIRTH_PLACE not in self.at:
            self.places = places

    def classes(self, titled: Sequence[str | None], sheet_class: str | None) -> list[Text]:
        """The class of each row: its own column, else its parts, else the title above it, else that of the sheet."""
        own = self._text(Field.CLASS)
        major, parallel = self.values_of(Field.MAJOR), self.values_of(Field.PARALLEL)
        if Field.CLASS not in self.at:
            own = self._text(Field.GRADE)
        found: list[Text] = []
        for text, title, part, number in zip(own, titled, major, parallel, strict=True):
            if text.value and (part or number) and BARE_GRADE.match(text.value):
                text = Text(" ".join(filter(None, (text.value, part, number))), text.fixes)
            elif not text.value and (title or sheet_class):
                text = Text(title or sheet_class or "", ())
            found.append(text)
        return found

    def addresses(self) -> list[str | None]:
        """Street, RT and RW in one line, as a team looks for a house."""
        streets = self.values_of(Field.ADDRESS)
        if Field.RT not in self.at and Field.RW not in self.at:
            return streets
        lines: list[str | None] = []
        for street, rt, rw in zip(streets, self.values_of(Field.RT), self.values_of(Field.RW), strict=True):
            if street and not (rt and f"RT {rt}" in street):
                street = f"{street}{f' RT {rt}' if rt else ''}{f' RW {rw}' if rw else ''}"
            lines.append(street)
        return lines


class _Rounding(NamedTuple):
    """What a NIK column as a whole tells: every NIK lost, or every one that was a number."""

    all_lost: bool
    numbers_lost: bool


def _rounding(niks: Iterable[Number]) -> _Rounding:
    """Whether a column went through Excel as numbers, which keeps 15 digits and puts 0 for the 16th."""
    total = ending = scientific = numbers = numbers_ending = 0
    for read in niks:
        if read.scientific:
            total += 1
            scientific += 1
        elif read.digits is not None:
            total += 1
            ends = read.digits[-1] == "0"
            ending += ends
            if read.was_number:
                numbers += 1
                numbers_ending += ends
    lossy = total >= FEWEST_TO_JUDGE and ending + scientific >= ROUNDED_SHARE * total
    shown = total >= 3 and scientific >= ROUNDED_SHARE * total
    of_numbers = numbers >= FEWEST_TO_JUDGE and numbers_ending >= ROUNDED_SHARE * numbers
    return _Rounding(lossy or shown, of_numbers)


class _DateOrder(NamedTuple):
    """What the numeric dates of a column prove: dates that can only be day first, and only month first."""

    day_first: bool
    month_first: bool

    @property
    def settled(self) -> bool:
        """True where all the proof points one way."""
        return self.day_first != self.month_first


def _date_order(dates: Iterable[Dated]) -> _DateOrder:
    day_first = month_first = False
    for read in dates:
        if read.order is not None:
            day_first = day_first or read.order.month_first is None
            month_first = month_first or read.order.day_first is None
    return _DateOrder(day_first, month_first)


class _Read(NamedTuple):
    """A birth date after its column and the NIK have had their say."""

    value: date | None
    fixes: tuple[Fix, ...]
    ambiguous: bool


def _settle_date(read: Dated, column: _DateOrder, in_nik: date | None) -> _Read:
    """Choose between the two readings of a numeric date.

    The column decides where all its certain dates agree. Where it does not, a slashed date that can be read both
    ways follows the NIK and is named ambiguous; with no NIK to ask it is day first, as Indonesia writes.
    """
    order = read.order
    if order is None:
        return _Read(read.value, read.fixes, False)
    ambiguous = False
    month_first = order.day_first is None
    if order.day_first is not None and order.month_first is not None:
        month_first = column.settled and column.month_first
        if order.day_first != order.month_first and not column.settled:
            ambiguous = order.slashed or column.month_first
            month_first = ambiguous and in_nik is not None and order.month_first == in_nik != order.day_first
    fix = Fix.MDY_TEXT if month_first else Fix.DMY_TEXT
    fixes = tuple(f for f in read.fixes if f is not Fix.TWO_DIGIT_YEAR)
    late = (Fix.TWO_DIGIT_YEAR,) if len(fixes) != len(read.fixes) else ()
    return _Read(order.month_first if month_first else order.day_first, (*fixes, fix, *late), ambiguous)


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
    picked = _pick_rows(rows, table)
    columns = _Columns([rows[index] for index in picked.persons], table, as_of)
    checked = _check_persons(sheet, picked, columns, sheet_class, seen, tell)
    if picked.skipped:
        checked.rows.extend(RosterRow(sheet, i + 1, Status.SKIPPED, (kind,), ()) for i, kind in picked.skipped)
        checked.rows.sort(key=lambda row: row.row)
    return CheckedSheet(tuple(checked.rows), checked.rounded)


class _Persons(NamedTuple):
    rows: list[RosterRow]
    rounded: bool


def _check_persons(
    sheet: str | None,
    picked: _Picked,
    columns: _Columns,
    sheet_class: str | None,
    seen: SeenInFile,
    tell: Tell | None,
) -> _Persons:
    at, as_of, year_now = columns.at, columns.as_of, columns.as_of.year
    has_nik, has_nisn, has_sex = Field.NIK in at, Field.NISN in at, Field.SEX in at
    has_name = Field.NAME in at
    has_date = Field.BIRTH_DATE in at or Field.PLACE_AND_DATE in at
    has_class = Field.CLASS in at or Field.GRADE in at
    rounding = _rounding(columns.niks)
    order = _date_order(columns.dates)
    zeros_kept = any(n.digits and n.digits[0] == "0" and n.fault is None and not n.was_number for n in columns.nisns)
    parents = [_values(columns.rows, column.index) for column in columns.table.columns_of(Field.PARENT_NIK)]
    parents_of: Iterable[tuple[Cell, ...]] = zip(*parents, strict=True) if parents else [()] * len(picked.persons)
    recorded, married = columns.values_of(Field.RECORDED), columns.values_of(Field.MARRIED)
    youngest_adult = as_of.year - OLDEST_STUDENT - 1
    found: list[RosterRow] = []

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
        earlier: _First | None = None
        name = name_text.value or None
        nik = nik_read.digits
        in_nik: date | None = None
        sex_in_nik: str | None = None

        if nik is not None:
            fault = _nik_kind(nik, nik_read, rounding, year_now)
            if fault is None:
                born = birth_in(nik[6:12], year_now)
                in_nik, sex_in_nik = born if born is not None else (None, None)
                if parents_here and any(_is_number(cell, nik) for cell in parents_here):
                    fault = Kind.NIK_PARENT_SUSPECT
                elif in_nik is not None and in_nik.year <= youngest_adult and not _agrees(dated, in_nik):
                    fault = Kind.NIK_PARENT_SUSPECT
            if fault is not None:
                reasons.append(fault)
                nik = in_nik = sex_in_nik = None
        elif has_nik:
            reasons.append(nik_read.fault or Kind.NIK_MISSING)

        read = dated if dated.order is None else _settle_date(dated, order, in_nik)
        birth_date = read.value

        if nik is not None and name is not None:
            first = seen.niks.get(nik)
            if first is None:
                seen.niks[nik] = _First(nik, plain_name(name), birth_date or in_nik, sheet, row)
            else:
                earlier = first
                if first.name == plain_name(name) and first.birth_date == (birth_date or in_nik):
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
                if dated.order is not None and read.ambiguous:  # type: ignore[union-attr]
                    reasons.append(Kind.DOB_AMBIGUOUS)
        sex = sex_text.value or None
        if has_sex:
            if sex is None:
                sex = sex_in_nik
                if sex is not None:
                    reasons.append(Kind.JK_FROM_NIK)
            elif sex_in_nik is not None and sex_in_nik != sex:
                reasons.append(Kind.NIK_SEX_MISMATCH)
        if birth_date is not None and not USUAL_AGES[0] <= completed_years(birth_date, as_of) <= USUAL_AGES[1]:
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
        if nisn is not None:
            user = seen.nisns.get(nisn)
            if user is None:
                seen.nisns[nisn] = _First(nik, plain_name(name or ""), birth_date, sheet, row)
            elif not _is_same_person(user, nik, name, birth_date):
                reasons.append(Kind.NISN_DUPLICATE)
                earlier = earlier or user
        if has_class and not class_text.value:
            reasons.append(Kind.ROMBEL_MISSING)

        fixes = nik_read.fixes + nisn_read.fixes + name_text.fixes + place_text.fixes + read.fixes + sex_text.fixes
        fixes += class_text.fixes
        if len(fixes) > 1:
            fixes = tuple(dict.fromkeys(fixes))
        status = Status.ACCEPTED
        if reasons:
            status = Status.WARNED
            for reason in reasons:
                if SEVERITY[reason] is Severity.REJECT:
                    status = Status.REJECTED
                    break
        found.append(
            RosterRow(
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
    return _Persons(found, rounding.all_lost or rounding.numbers_lost)


def _nik_kind(nik: str, read: Number, rounding: _Rounding, year_now: int) -> Kind | None:
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


def _is_same_person(first: _First, nik: str | None, name: str | None, birth_date: date | None) -> bool:
    """Whether an earlier row is this person: by NIK where both have one, else by name and birth date."""
    if first.nik is not None and nik is not None:
        return first.nik == nik
    return first.name == plain_name(name or "") and first.birth_date == birth_date


def _findings(
    sheet: str | None,
    row: int,
    reasons: Sequence[Kind],
    cells: Row,
    at: dict[Field, Column],
    earlier: _First | None,
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


def known_birth_date(row: RosterRow, as_of: date) -> date | None:
    """The birth date of a row, taken from its NIK where the list has no column for it; None where neither says."""
    if row.birth_date is not None or row.nik is None:
        return row.birth_date
    born = birth_in(row.nik[6:12], as_of.year)
    return born[0] if born else None
