"""The office's list of schools: sent, checked, loaded."""

from __future__ import annotations

import json

from tornado.web import HTTPError

from common.access import COORDINATOR, Route, allow
from common.handler import Handler
from common.i18n import N_
from common.upload import UploadHandler
from imports import actions, queries
from imports.school_list import SchoolFinding, SchoolRow, read_schools
from imports.school_plan import SchoolPlan, UnknownDistrict, district_code, with_named
from imports.school_reading import NamedSchool, SchoolReading, read_schools_in_sandbox
from imports.sentences import SCHOOL_SENTENCES, SENTENCES
from imports.sheets import RawRow, RawSheet
from schools.actions import SchoolFacts

NO_FILE = N_("Choose the file with the list of schools, then send it.")
TOO_LARGE = N_("The file is too large: at most 20 MB can be sent.")
HEADER: RawRow = ["NPSN", "Nama sekolah", "Jenjang", "Status", "Kecamatan"]
MOST_SCHOOLS = 5_000  # of one kabupaten or kota; the largest has about 700


class SchoolsLoad(UploadHandler):
    """Load the list of schools: send the file, look at it and name its districts, load it."""

    async def get(self) -> None:
        """The form; or, after loading, what was done and what comes next."""
        if self.asked("new"):
            done = {name: self.asked_number(name, 0) for name in ("new", "changed", "same", "left")}
            self.page("imports/schools_loaded.html", done=done)
            return
        self.page("imports/schools_load.html", errors={})

    async def post(self) -> None:
        """A file is read and shown; what was shown is loaded."""
        upload = self.take_upload()
        if upload is None and self.sent("schools"):
            await self._load(_listed(self))
            return
        if upload is None:
            self._refuse(TOO_LARGE if self.is_too_large else NO_FILE, 413 if self.is_too_large else 422)
            return
        reading = await read_schools_in_sandbox(upload.path)
        if reading.refused is not None:
            self._refuse(SENTENCES[reading.refused])
        elif not reading.schools:
            self._refuse(SCHOOL_SENTENCES[reading.findings[0].kind] if reading.findings else NO_FILE)
        elif len(reading.schools) > MOST_SCHOOLS:
            self._refuse(
                N_("The list has more than 5,000 schools. Send the schools of your own office alone.")
            )
        else:
            await self._check(reading)

    async def _check(self, reading: SchoolReading) -> None:
        listed = [(school.school, school.district_name) for school in reading.schools]
        plan, _, region = await self.read(queries.school_plan, self.who, listed)
        form: dict[str, str] = {}
        for number, district in enumerate(plan.unknown):
            form |= {f"code-{number}": district.code, f"name-{number}": district.name}
        self._show(plan, reading.schools, region, form, {}, reading.findings)

    async def _load(self, schools: tuple[NamedSchool, ...]) -> None:
        listed = [(school.school, school.district_name) for school in schools]
        plan, districts, region = await self.read(queries.school_plan, self.who, listed)
        fields = [f"{what}-{number}" for number in range(len(plan.unknown)) for what in ("code", "name")]
        form = self.sent_form(*fields)
        named, errors = named_districts(self, plan.unknown, region, form)
        if errors:
            self._show(plan, schools, region, form, errors, (), 422)
            return
        codes, new = with_named(districts, named)
        found = [
            SchoolFacts(
                listed.school.npsn, listed.school.name, listed.school.level, listed.school.public, code
            )
            for listed in plan.schools
            if (code := listed.code or codes.get(listed.school.district))
        ]
        done = await self.act(actions.load_school_list, self.who, new, found)
        left = len(schools) - len(found)
        self.go("schools_load", new=str(done.new), changed=done.changed, same=done.same, left=left)

    def _refuse(self, sentence: str, status: int = 422) -> None:
        self.page("imports/schools_load.html", status, errors={"file": self._(sentence)})

    def _show(
        self,
        plan: SchoolPlan,
        schools: tuple[NamedSchool, ...],
        region: str,
        form: dict[str, str],
        errors: dict[str, str],
        findings: tuple[SchoolFinding, ...],
        status: int = 200,
    ) -> None:
        self.page(
            "imports/schools_check.html",
            status,
            plan=plan,
            region=region,
            form=form,
            errors=errors,
            findings=findings,
            sentences={kind.value: sentence for kind, sentence in SCHOOL_SENTENCES.items()},
            sent=json.dumps([_as_cells(school) for school in schools], ensure_ascii=False),
        )


def named_districts(
    handler: Handler, unknown: tuple[UnknownDistrict, ...], region: str, form: dict[str, str]
) -> tuple[dict[str, tuple[str, str]], dict[str, str]]:
    """The districts as typed (text of the list -> code, name) without those left empty; what is wrong, by field."""
    named: dict[str, tuple[str, str]] = {}
    errors: dict[str, str] = {}
    for number, district in enumerate(unknown):
        typed, name = form[f"code-{number}"], form[f"name-{number}"][:60]
        if not typed and not name:
            continue
        code = district_code(typed, region)
        if code is None:
            errors[f"code-{number}"] = handler._(
                "Write the code of the district as %(example)s, beginning with %(region)s.",
                example=f"{region}.01",
                region=region,
            )
        if not name:
            errors[f"name-{number}"] = handler._("Write the name of the district.")
        named[district.text] = (code or "", name)
    return named, errors


def _as_cells(school: NamedSchool) -> list[str]:
    row = school.school
    status = "NEGERI" if row.public else "SWASTA"
    return [row.npsn, row.name, row.level, status, row.district, school.district_name]


def _listed(handler: Handler) -> tuple[NamedSchool, ...]:
    """The schools that the page was given, judged again by the rule that judged the file. Raises HTTPError(400)."""
    try:
        cells = json.loads(handler.get_body_argument("schools"))
        rows: list[RawRow] = [HEADER]
        rows += [[str(cell) for cell in row[:5]] for row in cells]
        names = {str(row[0]): str(row[5]) for row in cells}
    except (ValueError, TypeError, IndexError, KeyError):
        raise HTTPError(400) from None
    found: tuple[SchoolRow, ...] = read_schools(RawSheet(None, rows)).schools
    return tuple(NamedSchool(school, names.get(school.npsn, "")) for school in found)


ROUTES: list[Route] = [Route("schools_load", r"/schools/load", SchoolsLoad, allow(COORDINATOR))]
