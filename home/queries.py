"""What is known of a visit before its page is made."""

from __future__ import annotations

from accounts.queries import identity_of
from campaigns.queries import current_campaign
from common.handler import Visit


def visit_of(token: str) -> tuple[Visit, bool]:
    """Who comes with this session, the programme in view, and whether to write the session down as seen."""
    identity = identity_of(token)
    if identity is None:
        return Visit(None), False
    return Visit(identity.who, identity.language, current_campaign(identity.who)), identity.is_due_a_touch
