"""Rule: who stood earlier in the file with a row's NIK, NISN, or name and birth date.

Nearly all of these stand in a file once, so a row is looked up only where its number or name repeats; the rows of a
sheet are gone through for the next one, if there is one.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from imports.findings import Status
from imports.roster import RosterRow, known_birth_date
from schools.names import same_name


class Repeated(NamedTuple):
    """NIKs, NISNs and names of a sheet that stand in the file more than once as far as it was read."""

    niks: Collection[str | None]
    nisns: Collection[str | None]
    names: Collection[str | None]


class SeenInFile:
    """The first row with each NIK, NISN, and name with birth date, over the sheets of a file.

    `niks` are of rows with a name, `people` of rows that go in. Rows of the present sheet are there where
    `begin_sheet` said that they repeat.
    """

    def __init__(self) -> None:
        """Nothing was read yet."""
        self.niks: dict[str, RosterRow] = {}
        self.nisns: dict[str, RosterRow] = {}
        self.people: dict[tuple[str, date], RosterRow] = {}
        self._named: set[str] = set()
        self._sheet_before: Iterable[RosterRow] = ()

    def begin_sheet(
        self, niks: Collection[str | None], nisns: Collection[str | None], names: Collection[str | None]
    ) -> Repeated:
        """Take in the sheet before; what of the coming sheet's numbers and names is to be looked up row by row."""
        for row in self._sheet_before:
            self._remember(row)
        self._sheet_before = ()
        return Repeated(
            _repeated(niks, self.niks), _repeated(nisns, self.nisns), _repeated(names, self._named)
        )

    def end_sheet(self, rows: Iterable[RosterRow]) -> None:
        """Keep the rows of a sheet for when there is another."""
        self._sheet_before = rows

    def _remember(self, row: RosterRow) -> None:
        if row.nik and row.name:
            self.niks.setdefault(row.nik, row)
        if row.nisn:
            self.nisns.setdefault(row.nisn, row)
        if row.name and row.birth_date and row.status in (Status.ACCEPTED, Status.WARNED):
            self.people.setdefault((row.name, row.birth_date), row)
            self._named.add(row.name)


def _repeated(values: Collection[str | None], before: Collection[str]) -> set[str | None]:
    """The values that stand there more than once, or before."""
    distinct = set(values)
    found = {value for value in distinct if value in before} if before else set()
    if len(distinct) < len(values):
        found.update(value for value, count in Counter(values).items() if count > 1)
    return found


def may_be_one(one: str | None, other: str | None) -> bool:
    """Whether two numbers can be one person's: equal, or one of them is not there."""
    return not one or not other or one == other


def is_same_person(
    first: RosterRow, nik: str | None, name: str | None, birth_date: date | None, as_of: date
) -> bool:
    """Whether an earlier row is this person: by NIK where both have one, else by name and birth date."""
    if first.nik is not None and nik is not None:
        return first.nik == nik
    return same_name(first.name or "", name or "") and known_birth_date(first, as_of) == birth_date
