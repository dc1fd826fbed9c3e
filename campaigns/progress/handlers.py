"""Coverage for everyone who follows the programme, and one student's own page for those who work on it."""

from __future__ import annotations

from accounts.actions import note_access
from campaigns.progress import queries, student_queries
from common import access
from common.access import Route, allow
from common.handler import Handler
from schools import queries as schools_queries


class CoverageOverview(Handler):
    """The office's coverage by district and school; a school admin is led to the own school."""

    async def get(self) -> None:
        """The page; `district` narrows it, `sort` orders it."""
        if self.who.school_id is not None:
            self.go("coverage_school", self.who.school_id)
            return
        page = None
        if self.visit.campaign is not None:
            page = await self.read(
                queries.coverage_page,
                self.who,
                self.visit.campaign.id,
                self.asked_number("district", 0) or None,
                self.asked("sort", "left"),
                self.asked_number("page"),
            )
        self.page("campaigns/progress/coverage.html", page=page)


class SchoolCoverage(Handler):
    """One school's coverage by class: figures, no names."""

    async def get(self, school_id: str) -> None:
        """The page; without a programme there is nothing to count, which the overview says."""
        await self.read(schools_queries.school, self.who, int(school_id))
        if self.visit.campaign is None:
            self.page("campaigns/progress/coverage.html", page=None)
            return
        page = await self.read(queries.school_page, self.who, self.visit.campaign.id, int(school_id))
        self.page("campaigns/progress/school.html", page=page)


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


_STAFF = (access.COORDINATOR, access.SCHOOL_ADMIN)

ROUTES = [
    Route("coverage", r"/coverage", CoverageOverview, allow(*access.ROLES)),
    Route("coverage_school", r"/coverage/schools/([0-9]{1,18})", SchoolCoverage, allow(*access.ROLES)),
    Route("coverage_class", r"/coverage/schools/([0-9]{1,18})/classes", ClassCoverage, allow(*_STAFF)),
    Route("student", r"/students/([0-9]{1,18})", StudentPage, allow(*_STAFF)),
]
