"""Addresses of this part."""

from common.access import COORDINATOR, SCHOOL_ADMIN, Route, allow
from common.handler import Handler

_BOTH = allow(COORDINATOR, SCHOOL_ADMIN)
ROUTES: list[Route] = [
    Route("roster_upload", r"/schools/([0-9]{1,18})/rosters", Handler, _BOTH),
    Route("schools_load", r"/schools/load", Handler, allow(COORDINATOR)),
    Route("my_rosters", r"/my/rosters", Handler, allow(SCHOOL_ADMIN)),
    Route("fix_list", r"/schools/([0-9]{1,18})/fixes", Handler, _BOTH),
]
