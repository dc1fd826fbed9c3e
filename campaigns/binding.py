"""Binding: papers of any kind -> one PDF. Slow by the measure of a web page: call it in a worker thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from itertools import chain
from typing import TypeAlias

from pypdf import PdfWriter

from campaigns.crew_list import CrewListPage
from campaigns.crew_printing import print_crew_list
from campaigns.minutes_printing import print_minutes
from campaigns.paper import CallListPage, DayListPage, MinutesPage, SchoolLetterPage, SharedCallLists
from campaigns.paper_words import date_in_words
from campaigns.printing import print_call_list, print_day_list, print_school_letter
from campaigns.slips_printing import print_slips
from campaigns.summons import SlipsPage

Document: TypeAlias = DayListPage | CallListPage | SchoolLetterPage | MinutesPage | SlipsPage | CrewListPage
Paper: TypeAlias = Document | SharedCallLists


def print_page(page: Paper, lang: str = "id") -> bytes:
    """Any one paper as PDF, by its kind; the call lists of a shared day stand one behind the other."""
    match page:
        case DayListPage():
            return print_day_list(page, lang)
        case CallListPage():
            return print_call_list(page, lang)
        case SharedCallLists():
            return print_all(page.lists, lang)
        case SchoolLetterPage():
            return print_school_letter(page, lang)
        case MinutesPage():
            return print_minutes(page, lang)
        case SlipsPage():
            return print_slips(page, lang)
        case CrewListPage():
            return print_crew_list(page, lang)


def print_all(
    papers: Iterable[Paper], lang: str = "id", watch: Callable[[int], bool] = lambda done: False
) -> bytes:
    """Every paper in one PDF in the order given, each counting its own pages from 1, with a bookmark each.

    One document is typeset at a time and the PDFs are joined, so that memory stays that of one however many there are
    (docs/decisions/0003). `watch` hears how many are done and says whether to stop; what was stopped is empty. Raises
    ValueError when there is nothing to print.
    """
    joined = PdfWriter()
    for done, page in enumerate(documents(papers), 1):
        joined.append(
            BytesIO(print_page(page, lang)), outline_item=_bookmark(page, lang), import_outline=False
        )
        if watch(done):
            return b""
    if not joined.pages:
        raise ValueError("no pages to print")
    whole = BytesIO()
    joined.write(whole)
    return whole.getvalue()


def documents(papers: Iterable[Paper]) -> Sequence[Document]:
    """The documents that these papers are: each school's list of a shared day is one of its own."""
    alone = (paper.lists if isinstance(paper, SharedCallLists) else (paper,) for paper in papers)
    return tuple(chain.from_iterable(alone))


def _bookmark(page: Document, lang: str) -> str:
    match page:
        case SlipsPage():
            return page.school.name
        case CrewListPage():
            return date_in_words(page.first, lang)
        case _:
            return f"{page.school.name}, {date_in_words(page.date, lang)}"
