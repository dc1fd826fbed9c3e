"""Queries whose text is made once and asked often: the library needs longer to write a long query than SQLite to
answer it, and a batch of marks asks a dozen, and every page asks who has come."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

import peewee

from common.database import db


@dataclass(frozen=True, slots=True)
class _Named:
    """Stands in a query's values for what is given when it is asked."""

    name: str


class Given:
    """Names the values that a prepared query is asked with."""

    def __init__(self, is_sqlite: bool) -> None:
        self.is_sqlite = is_sqlite
        self._mark = "?" if is_sqlite else "%s"

    def __call__(self, name: str) -> Any:
        """The value of that name."""
        return peewee.SQL(self._mark, (_Named(name),))

    def among(self, column: Any, name: str) -> Any:
        """The condition that `column` is one of the numbers or texts given as a list of that name."""
        one_of = "IN (SELECT value FROM json_each(?))" if self.is_sqlite else "= ANY(%s)"
        return peewee.NodeList((column, peewee.SQL(one_of, (_Named(name),))))


# SQLite knows neither dates nor moments nor yes and no
_READS: dict[type, Callable[[Any], Any]] = {
    peewee.DateField: date.fromisoformat,
    peewee.DateTimeField: datetime.fromisoformat,
    peewee.BooleanField: bool,
}
_Reads: TypeAlias = dict[int, Callable[[Any], Any]]
_Made: TypeAlias = tuple[str, tuple[Any, ...], _Reads]


class Prepared:
    """A query made by `make(given)` the first time it is asked, and kept.

    Values come back as the database has them, but for dates, moments and yes or no, which are that.
    """

    def __init__(self, make: Callable[[Given], Any]) -> None:
        self._make = make
        self._made: dict[bool, _Made] = {}

    def rows(self, **values: object) -> list[tuple[Any, ...]]:
        """What the selection answers for these values."""
        cursor, reads = self._ask(values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        if not reads:
            return found
        return [
            tuple(
                reads[n](value) if n in reads and value is not None else value for n, value in enumerate(row)
            )
            for row in found
        ]

    def execute(self, **values: object) -> int:
        """Do it with these values; answers how many rows it changed."""
        cursor, _ = self._ask(values)
        return int(cursor.rowcount)

    def _ask(self, values: dict[str, object]) -> tuple[Any, _Reads]:
        is_sqlite = isinstance(db.obj, peewee.SqliteDatabase)
        made = self._made.get(is_sqlite) or self._compile(is_sqlite)
        text, holders, reads = made
        asked = [
            _as_given(values[holder.name], is_sqlite) if isinstance(holder, _Named) else holder
            for holder in holders
        ]
        return db.execute_sql(text, asked), reads

    def _compile(self, is_sqlite: bool) -> _Made:
        query = self._make(Given(is_sqlite))
        text, holders = query.bind(db).sql()
        columns = getattr(query, "_returning", None) or ()
        reads = {n: _READS[type(column)] for n, column in enumerate(columns) if type(column) in _READS}
        made = (text, tuple(holders), reads if is_sqlite else {})
        self._made[is_sqlite] = made
        return made


def _as_given(value: object, is_sqlite: bool) -> object:
    if is_sqlite and isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, Collection) or isinstance(value, str | bytes):
        return value
    return json.dumps(list(value)) if is_sqlite else list(value)
