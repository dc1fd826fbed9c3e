"""Coverage for everyone who follows the programme, and one student's own page for those who work on it."""

from __future__ import annotations

import asyncio
from typing import Any

from accounts.actions import note_access
from campaigns.charts import burn_up, day_bars
from campaigns.coverage_book_writing import coverage_workbook
from campaigns.progress import (
    book_queries,
    chart_queries,
    forecast_queries,
    queries,
    report_queries,
    student_queries,
)
from campaigns.progress.figure_queries import Asked
from campaigns.report_printing import print_report
from campaigns.slices import slice_of
from common import access
from common.access import Route, allow
from common.handler import Handler
from schools import queries as schools_queries

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PART = 256 * 1024  # bytes of a workbook that are handed over at a time


class CoverageHandler(Handler):
    """What the pages of figures share: of which students, and as of which day."""

    async def asked_for(self) -> tuple[Asked, dict[str, Any], tuple[tuple[int, str], ...]]:
        """What the address asks for, the words that say so in addresses, and the districts to choose from.

        A day to come is today, and nonsense is left out.
        """
        districts = await self.read(queries.districts_of, self.who)
        part = slice_of(
            self.asked("level"),
            self.asked("owner"),
            self.asked("sex"),
            self.asked("home"),
            [number for number, _ in districts],
        )
        on = self.asked_date("on")
        if on is not None and on >= self.today:
            on = None
        words = {
            "on": on.isoformat() if on else None,
            "level": part.level,
            "owner": part.owner,
            "sex": part.sex,
            "home": part.home,
            "of": "voters" if self.asked("of") == "voters" else None,
        }
        return Asked(part, on, words["of"] is not None), words, districts

    def say_unused_date(self) -> None:
        """A day that was asked for and cannot be shown: say so, and why."""
        on = self.asked_date("on")
        if on is None and self.asked("on"):
            self.notice(
                "warn", self._("What was asked for is no date, so it is not used: these are today's figures.")
            )
        elif on is not None and on > self.today:
            self.notice("warn", self._("The day asked for is still to come, so these are today's figures."))


class CoverageOverview(CoverageHandler):
    """The office's coverage by district and school; a school admin is led to the own school."""

    async def get(self) -> None:
        """The page; `district` narrows it, `sort` orders it; `on`, `level`, `owner`, `sex`, `home` say of whom."""
        if self.who.school_id is not None:
            self.go("coverage_school", self.who.school_id)
            return
        if self.visit.campaign is None:
            self.page("campaigns/progress/coverage.html", page=None)
            return
        asked, words, districts = await self.asked_for()
        self.say_unused_date()
        page = await self.read(
            queries.coverage_page,
            self.who,
            self.visit.campaign.id,
            self.asked_number("district", 0) or None,
            self.asked("sort", "left"),
            self.asked_number("page"),
            asked,
        )
        self.page("campaigns/progress/coverage.html", page=page, words=words, districts=districts)


class CoverageWorkbook(CoverageHandler):
    """The coverage of the page as a workbook, a sheet for each level; students for the coordinator alone."""

    async def get(self) -> None:
        """The workbook, of the same students and day as the page. With students in it, that is written down first."""
        if self.visit.campaign is None:
            self.go("coverage")
            return
        asked, _, _ = await self.asked_for()
        district = self.asked_number("district", 0) or None
        book = await self.read(book_queries.coverage_book, self.who, self.visit.campaign.id, asked, district)
        made = await asyncio.to_thread(coverage_workbook, book, self.language)
        if book.students is not None:
            detail = f"students={len(book.students)}"
            await self.act(
                note_access, self.who, "coverage_exported", "campaign", self.visit.campaign.id, detail
            )
        self.set_header("Content-Type", XLSX)
        self.set_header("Content-Length", str(len(made)))
        name = f"capaian-{asked.on or self.today}.xlsx"
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        for start in range(0, len(made), _PART):
            self.write(made[start : start + _PART])
            await self.flush()
        self.finish()


class ForecastOverview(Handler):
    """What will be unrecorded on voting day, which schools are at risk, and the charts."""

    async def get(self) -> None:
        """The page."""
        campaign = self.visit.campaign
        if campaign is None:
            self.page("campaigns/progress/coverage.html", page=None)
            return
        page = await self.read(forecast_queries.forecast_page, self.who, campaign.id)
        facts = await self.read(chart_queries.chart_facts, self.who, campaign.id)
        self.page(
            "campaigns/progress/forecast.html",
            page=page,
            facts=facts,
            burn=burn_up(
                [(day.date, day.recorded) for day in facts.recorded],
                page.coverage.target,
                campaign.from_date,
                campaign.to_date,
                self.today,
                campaign.voting_day,
            ),
            bars=day_bars([(day.date, (day.recorded, day.waiting, day.missed)) for day in facts.outcomes]),
        )


class Report(Handler):
    """The report for the head of the office, on paper."""

    async def get(self) -> None:
        """The PDF, as of now; without a programme there is nothing to report, which the coverage page says."""
        if self.visit.campaign is None:
            self.go("coverage")
            return
        page = await self.read(report_queries.report, self.who, self.visit.campaign.id)
        pdf = await asyncio.to_thread(print_report, page, self.language)
        self.pdf(pdf, f"laporan-{self.today}.pdf")


class SchoolCoverage(CoverageHandler):
    """One school's coverage by class: figures, no names."""

    async def get(self, school_id: str) -> None:
        """The page; without a programme there is nothing to count, which the overview says."""
        await self.read(schools_queries.school, self.who, int(school_id))
        if self.visit.campaign is None:
            self.page("campaigns/progress/coverage.html", page=None)
            return
        asked, words, _ = await self.asked_for()
        self.say_unused_date()
        page = await self.read(queries.school_page, self.who, self.visit.campaign.id, int(school_id), asked)
        self.page("campaigns/progress/school.html", page=page, words=words)


class ClassCoverage(Handler):
    """The students of one class and where each stands."""

    async def get(self, school_id: str) -> None:
        """The page; that it was shown is written down."""
        await self.read(schools_queries.school, self.who, int(school_id))
        if self.visit.campaign is None:
            self.page("campaigns/progress/coverage.html", page=None)
            return
        page = await self.read(
            student_queries.class_page, self.who, self.visit.campaign, int(school_id), self.asked("class")
        )
        await self.note(
            note_access, self.who, "class_shown", "school", page.school.id, f"students={len(page.students)}"
        )
        self.page("campaigns/progress/class.html", page=page)


class StudentPage(Handler):
    """One student: facts, where he or she stands, and what happened."""

    async def get(self, student_id: str) -> None:
        """The page; that it was shown is written down."""
        page = await self.read(student_queries.student_page, self.who, self.visit.campaign, int(student_id))
        await self.note(note_access, self.who, "student_shown", "student", page.student.id)
        self.page("campaigns/progress/student.html", page=page)


_OFFICE = (access.COORDINATOR, access.OFFICER, access.VIEWER)
_FIGURES = (access.COORDINATOR, access.VIEWER)
_STAFF = (access.COORDINATOR, access.SCHOOL_ADMIN)

ROUTES = [
    Route("coverage", r"/coverage", CoverageOverview, allow(*access.ROLES), apart=True),
    Route("coverage_book", r"/coverage/coverage\.xlsx", CoverageWorkbook, allow(*_FIGURES)),
    Route("report", r"/coverage/report\.pdf", Report, allow(*_FIGURES)),
    Route("forecast", r"/coverage/forecast", ForecastOverview, allow(*_OFFICE), apart=True),
    Route(
        "coverage_school",
        r"/coverage/schools/([0-9]{1,18})",
        SchoolCoverage,
        allow(*access.ROLES),
        apart=True,
    ),
    Route(
        "coverage_class",
        r"/coverage/schools/([0-9]{1,18})/classes",
        ClassCoverage,
        allow(*_STAFF),
        apart=True,
    ),
    Route("student", r"/students/([0-9]{1,18})", StudentPage, allow(*_STAFF), apart=True),
]
