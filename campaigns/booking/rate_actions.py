"""The rate a programme reckons with, taken over from what closed days tell."""

from __future__ import annotations

from accounts.actions import note_change
from campaigns.booking.actions import hold_campaign
from campaigns.booking.throughput_queries import measured
from campaigns.capacity import Network
from campaigns.models import Campaign
from common.access import COORDINATOR, Missing, Who


def take_over_rate(who: Who, campaign_id: int, network: Network, rate: int) -> bool:
    """Reckon with the measured rate of a network from now on; False where another was measured meanwhile.

    Raises Missing; ValueError for a network that has no rate of its own.
    """
    if who.role != COORDINATOR:
        raise Missing
    hold_campaign(who, campaign_id)
    column = {Network.GOOD: Campaign.rate_good, Network.POOR: Campaign.rate_poor}.get(network)
    if column is None:
        raise ValueError(network)
    found = measured(who, campaign_id).get(network)
    if found is None or not found.is_enough or found.rate != rate:
        return False

    Campaign.update({column: rate}).where(Campaign.id == campaign_id).execute()
    note_change(who, "rate_taken_over", "campaign", campaign_id, f"{network.value}={rate}")
    return True
