"""The office's list of schools: sent, checked, loaded."""

from __future__ import annotations

import asyncio
import re

from common.access import COORDINATOR, Route, allow
from common.handler import Handler
from common.i18n import N_
from common.upload import UploadHandler
from imports import actions, queries
from imports.school_list import SchoolRow
from imports.school_plan import SchoolPlan, UnknownDistrict, district_code, with_named
from imports.school_reading import SchoolReading, kept_reading, kept_text, read_schools_in_sandbox
from imports.sentences import SCHOOL_SENTENCES, SENTENCES
from schools.actions import SchoolFacts

NO_SCHOOL = N_("The file has headings but no school under them. Fill the list in, then send it.")
NONE_CAN = N_("No school of this file can be loaded. Row %(row)s, the first: %(fault)s")
NO_FILE = N_("Choose the file with the list of schools, then send it.")
EMPTY = N_("This file is empty (0 bytes). Download the list again, then send it.")
TOO_MANY = N_("The list has more than 5,000 schools. Send the schools of your own office alone.")
TOO_LARGE = N_("The file is too large: at most 20 MB can be sent.")
MOST_SCHOOLS = 5_000  # of one kabupaten or kota; the largest has about 700


# facts of a school as the plan names them
FACTS: dict[str, str] = {
    "name": N_("Name"),
    "level": N_("Level"),
    "is_public": N_("Status"),
    "district": N_("District"),
}


class SchoolsLoad(UploadHandler):
    """Load the list of schools: send the file, look at it and name its districts, load it."""

    async def get(self) -> None:
        """The form; or a list that was read, to be looked at; or, after loading, what was done and what comes next."""
        if self.asked("list"):
            await self._check()
        elif self.asked("new"):
            done = {name: self.asked_number(name, 0) for name in ("new", "changed", "same", "left")}
            self.page("imports/schools_loaded.html", done=done)
        else:
            self.page("imports/schools_load.html", errors={})

    async def post(self) -> None:
        """A file is read, kept and shown; what was shown is loaded."""
        upload = self.take_upload()
        if upload is None and self.sent("list"):
            await self._load(self.sent("list"))
            return
        if upload is None:
            fault = TOO_LARGE if self.is_too_large else EMPTY if self.is_empty else NO_FILE
            self._refuse(fault, 413 if self.is_too_large else 422)
            return
        reading = await read_schools_in_sandbox(upload.path)
        if reading.refused is not None:
            self._refuse(SENTENCES[reading.refused])
        elif not reading.schools:
            self._refuse_all(reading)
        elif len(reading.schools) > MOST_SCHOOLS:
            self._refuse(TOO_MANY)
        else:
            # what was read takes the file's place; like any file that no upload names it is deleted after a day
            text = kept_text(reading, self.who.office_id)
            await asyncio.to_thread(upload.path.write_text, text, "utf-8")
            self.keep_upload()
            self.go("schools_load", list=upload.path.stem)

    async def _check(self) -> None:
        name = self.asked("list")
        reading = await self._kept(name)
        if reading is None:
            self._ask_again()
            return
        plan, _, region = await self.read(queries.school_plan, self.who, _listed(reading))
        form: dict[str, str] = {}
        for number, district in enumerate(plan.unknown):
            form |= {f"code-{number}": district.code, f"name-{number}": district.name}
        self._show(name, plan, reading, region, form, {})

    async def _load(self, name: str) -> None:
        reading = await self._kept(name)
        if reading is None:
            self._ask_again()
            return
        plan, districts, region = await self.read(queries.school_plan, self.who, _listed(reading))
        fields = [f"{what}-{number}" for number in range(len(plan.unknown)) for what in ("code", "name")]
        form = self.sent_form(*fields)
        named, errors = named_districts(self, plan.unknown, region, form)
        if errors:
            self._show(name, plan, reading, region, form, errors)
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
        left = len(plan.schools) - len(found)
        self.go("schools_load", new=str(done.new), changed=done.changed, same=done.same, left=left)

    async def _kept(self, name: str) -> SchoolReading | None:
        """The list that was read and kept under that name by this office; None when it is gone."""
        if not re.fullmatch(r"[0-9a-f]{32}", name):
            return None
        path = self.config.files / f"{name}.upload"
        try:
            return kept_reading(await asyncio.to_thread(path.read_text, "utf-8"), self.who.office_id)
        except (OSError, ValueError, LookupError, TypeError):
            return None  # deleted meanwhile, or a file of another kind

    def _ask_again(self) -> None:
        self.notice("info", self._("This list is no longer kept. Send the file again."))
        self.go("schools_load")

    def _refuse_all(self, reading: SchoolReading) -> None:
        """No school of the file can be loaded: say why of the first row, or of the list as a whole."""
        if not reading.findings:
            self._refuse(NO_SCHOOL)
            return
        first = reading.findings[0]
        fault = SCHOOL_SENTENCES[first.kind]
        if first.row:
            fault = self._(NONE_CAN, row=first.row, fault=self._(fault))
        self._refuse(fault)

    def _refuse(self, sentence: str, status: int = 422) -> None:
        self.page("imports/schools_load.html", status, errors={"file": self._(sentence)})

    def _show(
        self,
        name: str,
        plan: SchoolPlan,
        reading: SchoolReading,
        region: str,
        form: dict[str, str],
        errors: dict[str, str],
    ) -> None:
        self.page(
            "imports/schools_check.html",
            422 if errors else 200,
            plan=plan,
            region=region,
            form=form,
            errors=errors,
            findings=reading.findings,
            sentences={kind.value: sentence for kind, sentence in SCHOOL_SENTENCES.items()},
            facts=FACTS,
            kept=name,
        )


def _listed(reading: SchoolReading) -> list[tuple[SchoolRow, str]]:
    return [(named.school, named.district_name) for named in reading.schools]


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


ROUTES: list[Route] = [Route("schools_load", r"/schools/load", SchoolsLoad, allow(COORDINATOR))]
