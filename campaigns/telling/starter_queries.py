"""What stands on the two pages that a school begins with."""

from __future__ import annotations

from accounts.queries import office_card
from campaigns.paper import Letterhead, Printed, PrintedSchool
from campaigns.starter_printing import StarterPage
from common import clock
from common.access import COORDINATOR, Who
from schools.queries import school


def starter(who: Who, address: str, school_id: int | None = None) -> StarterPage:
    """The starter for a school, or for all. `address` is where the program is. Raises Missing."""
    office = office_card(who)
    card = None if school_id is None else school(who, school_id)
    return StarterPage(
        letterhead=Letterhead(office.government, office.name, office.address, office.phone),
        school=None if card is None else PrintedSchool(card.name, card.npsn, card.district_name),
        address=address,
        contact_name=who.name if who.role == COORDINATOR else office.name,
        contact_phone=office.phone or "–",
        printed=Printed(who.name, clock.local(clock.now(), who.time_zone)),
    )
