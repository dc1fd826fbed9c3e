"""Binding: papers of any kind -> one PDF. Slow by the measure of a web page: call it in a worker thread."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from itertools import chain, groupby
from typing import TypeAlias

from pypdf import PdfReader, PdfWriter
from pypdf.generic import Destination

from campaigns.crew_list import CrewListPage
from campaigns.crew_printing import print_crew_list
from campaigns.letter_printing import print_school_letter
from campaigns.minutes_printing import print_minutes
from campaigns.paper import CallListPage, DayListPage, MinutesPage, SchoolLetterPage, SharedCallLists
from campaigns.paper_words import date_in_words
from campaigns.press import let_go
from campaigns.printing import print_call_list, print_day_list, print_day_lists
from campaigns.slips_printing import print_slips
from campaigns.summons import SlipsPage

Document: TypeAlias = DayListPage | CallListPage | SchoolLetterPage | MinutesPage | SlipsPage | CrewListPage
Paper: TypeAlias = Document | SharedCallLists

# So many day lists are typeset at once: fonts and emblem are set once for them.
TOGETHER = 10
# typst keeps what it set for ten rounds. Each group counts for three, so that it keeps four groups and not ten.
EMPTY_ROUNDS = 2
PRESSES = min(2, os.cpu_count() or 1)
"""Documents typeset at once where there are many: the typesetter leaves the other threads alone."""


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

    A few documents are typeset at a time and the PDFs are joined, so that memory stays that of those however many there
    are (docs/decisions/0003). `watch` hears how many are done and says whether to stop; what was stopped is empty.
    Raises ValueError when there is nothing to print.
    """
    joined, done = PdfWriter(), 0
    for group, made in _typeset(list(_groups(documents(papers))), lang):
        before = len(joined.pages)
        # the joined file holds on to what it was joined from: that gives up its bytes and its objects
        with BytesIO(made) as file:
            pdf = PdfReader(file)
            joined.append(pdf, import_outline=False)
            for page, start in zip(group, _starts(pdf, group), strict=True):
                joined.add_outline_item(title=_bookmark(page, lang), page_number=before + start)
            pdf.resolved_objects.clear()
            joined.reset_translation(pdf)
        done += len(group)
        if watch(done):
            return b""
    if not joined.pages:
        raise ValueError("no pages to print")
    whole = BytesIO()
    joined.write(whole)
    return whole.getvalue()


def _typeset(groups: Sequence[Sequence[Document]], lang: str) -> Iterator[tuple[Sequence[Document], bytes]]:
    """Every group with its PDF, in their order; two at a time, and never more ready than are being bound."""
    if len(groups) == 1:
        yield groups[0], _print_group(groups[0], lang)
        return
    with ThreadPoolExecutor(PRESSES, thread_name_prefix="press") as presses:
        under_way: deque[tuple[Sequence[Document], Future[bytes]]] = deque()
        for group in groups:
            under_way.append((group, presses.submit(_print_group, group, lang)))
            if len(under_way) > PRESSES:
                first, made = under_way.popleft()
                yield first, made.result()
        for first, made in under_way:
            yield first, made.result()


def documents(papers: Iterable[Paper]) -> Sequence[Document]:
    """The documents that these papers are: each school's list of a shared day is one of its own."""
    alone = (paper.lists if isinstance(paper, SharedCallLists) else (paper,) for paper in papers)
    return tuple(chain.from_iterable(alone))


def _groups(pages: Sequence[Document]) -> Iterator[Sequence[Document]]:
    """Documents that are typeset together: day lists that follow each other, and every other one alone."""
    for are_day_lists, found in groupby(pages, lambda page: isinstance(page, DayListPage)):
        alike = list(found)
        size = TOGETHER if are_day_lists else 1
        for start in range(0, len(alike), size):
            yield alike[start : start + size]


def _print_group(group: Sequence[Document], lang: str) -> bytes:
    day_lists = [page for page in group if isinstance(page, DayListPage)]
    if len(day_lists) < 2:
        return print_page(group[0], lang)
    made = print_day_lists(day_lists, lang)
    let_go(EMPTY_ROUNDS)
    return made


def _starts(pdf: PdfReader, group: Sequence[Document]) -> list[int]:
    """The pages on which the documents of a group begin: day lists tell it by the outline of their file."""
    if len(group) == 1:
        return [0]
    places = [pdf.get_destination_page_number(mark) for mark in pdf.outline if isinstance(mark, Destination)]
    return [place for place in places if place is not None]


def _bookmark(page: Document, lang: str) -> str:
    match page:
        case SlipsPage():
            return page.school.name
        case CrewListPage():
            return date_in_words(page.first, lang)
        case _:
            return f"{page.school.name}, {date_in_words(page.date, lang)}"
