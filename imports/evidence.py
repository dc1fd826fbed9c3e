"""What a column says as a whole: the cells of each field, the order of its dates, whether its NIKs were rounded."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from imports.columns import Column, Field
from imports.dates import Dated, read_date, split_place_and_date
from imports.findings import Fix
from imports.layout import Row, Table
from imports.sheets import Cell
from imports.values import BARE_GRADE, BLANKS, Number, Text, read_nik, read_nisn, read_sex, read_text
from schools.nik import NIK_LENGTH

NISN_LENGTH = 10
ROUNDED_SHARE = 0.9
"""Share of a column's NIKs ending in 0, or in scientific notation, from which the whole column went through Excel as
numbers. Of sound serials one in ten ends in 0."""
FEWEST_TO_JUDGE = 5
"""NIKs below which nothing is said of a column: four sound ones all end in 0 once in 10,000 lists."""


T = TypeVar("T")
_NO_TEXT = Text("", ())
_LONGEST_SIGN = max(map(len, BLANKS))


def values_at(rows: Sequence[Row], index: int) -> list[Cell]:
    """One column of the rows; rows may be shorter than the column."""
    try:
        return [row[index] for row in rows]
    except IndexError:
        return [row[index] if index < len(row) else None for row in rows]


def each(read: Callable[[list[Cell]], list[T]], cells: Sequence[Cell]) -> list[T]:
    """What `read` makes of a column, cells that repeat being read once."""
    # 1.0 and 1 are one key and also one meaning in every field.
    distinct = list(set(cells))
    known = dict(zip(distinct, read(distinct), strict=True))
    return list(map(known.__getitem__, cells))


def _texts(cells: Iterable[Cell]) -> list[Text]:
    """`read_text` of every cell; the ordinary ones, with nothing around or in them to mend, at once."""
    as_text = Text._make
    return [
        as_text((cell, ()))
        if cell.__class__ is str
        and cell[:1].isalpha()
        and cell[-1:].isalnum()
        and cell.isascii()
        and cell.isprintable()
        and "  " not in cell
        and (len(cell) > _LONGEST_SIGN or cell.casefold() not in BLANKS)
        else read_text(cell)
        for cell in cells
    ]


def _numbers(cells: Iterable[Cell], length: int, read: Callable[[Cell], Number]) -> list[Number]:
    """`read` of every cell of a column, the ordinary ones at once: a text of that many digits."""
    as_number, nothing = Number._make, "0" * length
    return [
        as_number((cell, None, (), False, False))
        if cell.__class__ is str
        and len(cell) == length
        and cell.isdigit()
        and cell.isascii()
        and cell != nothing
        else read(cell)
        for cell in cells
    ]


def _values_in(cells: list[Cell]) -> list[str | None]:
    return [text.value or None for text in _texts(cells)]


class ListColumns:
    """The columns of the persons of one table, read as far as a cell alone can say."""

    def __init__(self, rows: Sequence[Row], table: Table, as_of: date) -> None:
        self.rows = rows
        self.table = table
        self.as_of = as_of
        self.at: dict[Field, Column] = {}
        for column in table.columns:
            self.at.setdefault(column.field, column)
        # Numbers and names hardly repeat, so looking each up first would only cost.
        self.niks = _numbers(self.cells(Field.NIK), NIK_LENGTH, read_nik)
        self.nisns = _numbers(self.cells(Field.NISN), NISN_LENGTH, read_nisn)
        self.names = _texts(self.cells(Field.NAME))
        self.sexes = self._read(Field.SEX, lambda cells: list(map(read_sex, cells)), _NO_TEXT)
        self.places = self._text(Field.BIRTH_PLACE)
        self.dates: list[Dated]
        if Field.BIRTH_DATE in self.at:
            self.dates = self._read(
                Field.BIRTH_DATE, lambda cells: [read_date(cell, as_of) for cell in cells], Dated(None, ())
            )
        elif Field.PLACE_AND_DATE in self.at:
            self._split_places_and_dates()
        else:
            self.dates = [Dated(None, ())] * len(rows)

    def cells(self, wanted: Field) -> list[Cell]:
        """The cells of a field as the file holds them."""
        column = self.at.get(wanted)
        return [None] * len(self.rows) if column is None else values_at(self.rows, column.index)

    def _read(self, wanted: Field, read: Callable[[list[Cell]], list[T]], absent: T) -> list[T]:
        if wanted not in self.at:
            return [absent] * len(self.rows)
        return each(read, self.cells(wanted))

    def _text(self, wanted: Field) -> list[Text]:
        return self._read(wanted, _texts, _NO_TEXT)

    def values_of(self, wanted: Field) -> list[str | None]:
        """A text field that is kept as it is, None where blank; what was mended in it is not worth a word."""
        if wanted not in self.at:
            return [None] * len(self.rows)
        return each(_values_in, self.cells(wanted))

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
        apart = {Field.MAJOR, Field.PARALLEL} & self.at.keys()
        if Field.CLASS in self.at and not apart and sheet_class is None and not any(titled):
            return own
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


class Rounding(NamedTuple):
    """What a NIK column as a whole tells: every NIK lost, or every one that was a number."""

    all_lost: bool
    numbers_lost: bool


def rounding_of(niks: Iterable[Number]) -> Rounding:
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
    return Rounding(lossy or shown, of_numbers)


class DateOrder(NamedTuple):
    """What the numeric dates of a column prove: dates that can only be day first, and only month first."""

    day_first: bool
    month_first: bool

    @property
    def settled(self) -> bool:
        """True where all the proof points one way."""
        return self.day_first != self.month_first


def date_order_of(dates: Iterable[Dated]) -> DateOrder:
    """What the numeric dates of a column prove about their order."""
    day_first = month_first = False
    for read in dates:
        if read.order is not None:
            day_first = day_first or read.order.month_first is None
            month_first = month_first or read.order.day_first is None
    return DateOrder(day_first, month_first)


class SettledDate(NamedTuple):
    """A birth date after its column and the NIK have had their say."""

    value: date | None
    fixes: tuple[Fix, ...]
    ambiguous: bool


def settle_date(read: Dated, column: DateOrder, in_nik: date | None) -> SettledDate:
    """Choose between the two readings of a numeric date.

    The column decides where all its certain dates agree. Where it does not, a slashed date that can be read both
    ways follows the NIK and is named ambiguous; with no NIK to ask it is day first, as Indonesia writes.
    """
    order = read.order
    if order is None:
        return SettledDate(read.value, read.fixes, False)
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
    return SettledDate(order.month_first if month_first else order.day_first, (*fixes, fix, *late), ambiguous)
