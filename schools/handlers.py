"""The list of schools, one school and its students, the office's teams and districts."""

from __future__ import annotations

from datetime import date

from accounts import queries as accounts_queries
from accounts.actions import note_access
from common import access
from common.access import Route, allow
from common.handler import Handler, whole_number
from common.ordering import order_of
from schools import actions, queries

NETWORKS = ("unknown", "good", "poor")


class Schools(Handler):
    """Every school of the office."""

    async def get(self) -> None:
        """The list, by district; of one district or with a part of the name where asked."""
        search, district = self.asked("q")[:100], self.asked_number("district", 0)
        order = order_of(self.asked("sort"), queries.SCHOOL_COLUMNS, "district")
        page = await self.read(
            queries.schools_page, self.who, search, district, order, self.asked_number("page")
        )
        self.page("schools/schools.html", page=page, search=search, district=district, order=order)


class SchoolPage(Handler):
    """One school: what is known of it, who its admin is."""

    async def get(self, school_id: str) -> None:
        """The school's page."""
        school = await self.read(queries.school, self.who, int(school_id))
        await self._show(
            school,
            {
                "contact_name": school.contact_name,
                "contact_phone": school.contact_phone,
                "network": school.network,
                "week_days": str(school.week_days),
            },
            {},
        )

    async def post(self, school_id: str) -> None:
        """Save what the office knows of the school."""
        school = await self.read(queries.school, self.who, int(school_id))
        form = self.sent_form("network", "week_days", "contact_name", "contact_phone")
        errors = {}
        if form["network"] not in NETWORKS:
            errors["network"] = self._("Choose how good the network is.")
        if form["week_days"] not in ("5", "6"):
            errors["week_days"] = self._("Choose a school week of 5 or 6 days.")
        if errors:
            await self._show(school, form, errors, 422)
            return
        await self.act(
            actions.edit_school,
            self.who,
            school.id,
            form["network"],
            int(form["week_days"]),
            form["contact_name"][:100],
            form["contact_phone"][:30],
        )
        self.notice("done", self._("The school is saved."))
        self.go("school", school.id)

    async def _show(
        self, school: queries.SchoolCard, form: dict[str, str], errors: dict[str, str], status: int = 200
    ) -> None:
        people = []
        if self.who.role == access.COORDINATOR:
            people = await self.read(accounts_queries.people_of_school, self.who, school.id)
        self.page("schools/school.html", status, school=school, form=form, errors=errors, people=people)


class InviteAdmin(Handler):
    """Make a school's admin a one-time link, with a WhatsApp message ready to send."""

    async def post(self, school_id: str) -> None:
        """Make the link and go where it is shown."""
        school = await self.read(queries.school, self.who, int(school_id))
        name, phone = self.sent("name", 100), self.sent("phone", 30)
        if not name:
            self.notice("error", self._("Write the name of the school's admin, then invite again."))
            self.go("school", school.id)
            return
        made = await self.act(actions.invite_admin, self.who, school.id, school.npsn, name, phone)
        self.carry("link", f"{made.id}:{made.token}")
        self.go("invitation_made", made.id)


class Students(Handler):
    """The students of a school, a hundred at a time."""

    async def get(self, school_id: str) -> None:
        """One page of the list, of one class where asked."""
        await self._show(int(school_id), "")

    async def post(self, school_id: str) -> None:
        """The students whose name holds what was typed: a name never stands in an address."""
        await self._show(int(school_id), self.sent("name")[:100])

    async def _show(self, school_id: int, search: str) -> None:
        class_name, order = (
            self.asked("class"),
            order_of(self.asked("sort"), queries.STUDENT_COLUMNS, "class"),
        )
        page = await self.read(
            queries.students_page, self.who, school_id, class_name, search, order, self.asked_number("page")
        )
        await self.note(note_access, self.who, "students_listed", "school", page.school.id)
        self.page("schools/students.html", page=page, class_name=class_name, search=search, order=order)


class RevealNik(Handler):
    """Show one student's whole NIK, once, and write that down."""

    async def post(self, student_id: str) -> None:
        """The number, for the script of the page; or a page of its own where scripts are off."""
        student = await self.read(queries.student, self.who, int(student_id))
        nik = await self.act(actions.reveal_nik, self.who, student.id)
        if self.wants_json:
            self.json({"nik": nik})
        else:
            self.page("schools/nik.html", student=student, nik=nik)


class Teams(Handler):
    """The office's teams and their kits."""

    async def get(self) -> None:
        """The list and the form for a new one."""
        await self._show({"name": "", "kits": "2", "weekdays": "12345"}, {})

    async def post(self) -> None:
        """Add a team."""
        form = {
            "name": self.sent("name", 60),
            "kits": self.sent("kits"),
            "weekdays": "".join(sorted(set(self.sent_list("weekdays")))),
        }
        errors = team_faults(self, form)
        if not errors:
            try:
                await self.act(actions.add_team, self.who, form["name"], int(form["kits"]), form["weekdays"])
            except actions.NameTaken:
                errors["name"] = self._("Another team has this name. Choose another one.")
            else:
                self.notice("done", self._("The team is added."))
                if self.visit.campaign is not None:
                    words = self._(
                        "It is planned for once it is ticked in the programme: press the name of the programme at "
                        "the top, then Change the programme."
                    )
                    self.notice("info", words)
                self.go("teams")
                return
        await self._show(form, errors, 422)

    async def _show(self, form: dict[str, str], errors: dict[str, str], status: int = 200) -> None:
        teams = await self.read(queries.teams, self.who)
        self.page("schools/teams.html", status, teams=teams, form=form, errors=errors)


class TeamPage(Handler):
    """One team: name, kits, weekdays, days off."""

    async def get(self, team_id: str) -> None:
        """The form."""
        team = await self.read(queries.team, self.who, int(team_id))
        form = {
            "name": team.name,
            "kits": str(team.kits),
            "weekdays": team.weekdays,
            "is_active": "1" if team.is_active else "",
            "days_off": "\n".join(day.isoformat() for day in team.days_off),
        }
        self.page("schools/team.html", team=team, form=form, errors={})

    async def post(self, team_id: str) -> None:
        """Save the team."""
        team = await self.read(queries.team, self.who, int(team_id))
        form = {
            "name": self.sent("name", 60),
            **self.sent_form("kits", "is_active", "days_off"),
            "weekdays": "".join(sorted(set(self.sent_list("weekdays")))),
        }
        errors = team_faults(self, form)
        days_off: list[date] = []
        for line in form["days_off"].split():
            try:
                days_off.append(date.fromisoformat(line))
            except ValueError:
                errors["days_off"] = self._("Write each day off on its own line, like 2026-08-17.")
        if not errors:
            try:
                await self.act(
                    actions.edit_team,
                    self.who,
                    team.id,
                    form["name"],
                    int(form["kits"]),
                    form["weekdays"],
                    bool(form["is_active"]),
                    days_off,
                )
            except actions.NameTaken:
                errors["name"] = self._("Another team has this name. Choose another one.")
            else:
                self.notice("done", self._("The team is saved."))
                self.go("teams")
                return
        self.page("schools/team.html", 422, team=team, form=form, errors=errors)


def team_faults(handler: Handler, form: dict[str, str]) -> dict[str, str]:
    """What is wrong with a typed team, by field, in the reader's language."""
    errors = {}
    if not form["name"]:
        errors["name"] = handler._("Write the team's name.")
    if not 1 <= (whole_number(form["kits"]) or 0) <= 20:
        errors["kits"] = handler._("Write how many recording kits the team has, from 1 to 20.")
    if not form["weekdays"] or set(form["weekdays"]) - set("1234567"):
        errors["weekdays"] = handler._("Choose the weekdays on which the team goes out.")
    return errors


_STAFF = (access.COORDINATOR, access.SCHOOL_ADMIN)

ROUTES = [
    Route("schools", r"/schools", Schools, allow(access.COORDINATOR, access.OFFICER), apart=True),
    Route("school", r"/schools/([0-9]{1,18})", SchoolPage, allow(access.COORDINATOR), apart=True),
    Route("invite_admin", r"/schools/([0-9]{1,18})/invitations", InviteAdmin, allow(access.COORDINATOR)),
    Route("students", r"/schools/([0-9]{1,18})/students", Students, allow(*_STAFF), apart=True),
    Route("reveal_nik", r"/students/([0-9]{1,18})/nik", RevealNik, allow(*_STAFF)),
    Route("teams", r"/teams", Teams, allow(access.COORDINATOR)),
    Route("team", r"/teams/([0-9]{1,18})", TeamPage, allow(access.COORDINATOR)),
]
