"""The guide in the program: the book of each role, read from the same text as in docs/guide."""

from __future__ import annotations

from tornado.web import HTTPError

from common import access
from common.access import ANYONE, ROLES, Route, allow
from common.handler import Handler
from home.guide_books import NAMES, Picture, book, picture
from home.guide_text import pictures_of

OPEN_BOOK = "sekolah"
BOOK_OF = {
    access.COORDINATOR: "koordinator",
    access.OFFICER: "petugas",
    access.SCHOOL_ADMIN: OPEN_BOOK,
    access.VIEWER: "pimpinan",
}


class Guide(Handler):
    """The guide of whoever asks."""

    async def get(self) -> None:
        """On to the book of the person's role."""
        name = BOOK_OF[self.who.role]
        self.redirect(self.url("guide_school") if name == OPEN_BOOK else self.url("guide_book", name))


class GuideBook(Handler):
    """One book. That of the schools is open to all: an operator reads it before having an account."""

    async def get(self, name: str = OPEN_BOOK) -> None:
        """The book, with the others to choose from."""
        if name not in NAMES or (name == OPEN_BOOK) != (self.route.name == "guide_school"):
            raise HTTPError(404)
        shown = book(name, self.language)
        others = [(one, book(one, self.language).title) for one in NAMES] if self.visit.who else []
        pictures: dict[str, Picture] = {one: picture(one) for one in pictures_of(shown)}
        own = BOOK_OF[self.visit.who.role] if self.visit.who else ""
        self.page(
            "home/guide.html", book=shown, name=name, books=others, pictures=pictures, is_own=name == own
        )


ROUTES = [
    Route("guide", r"/panduan", Guide, allow(*ROLES)),
    Route("guide_school", r"/panduan/sekolah", GuideBook, allow(ANYONE)),
    Route("guide_book", r"/panduan/([a-z_]{1,20})", GuideBook, allow(*ROLES)),
]
