"""The facts of the report for the head of the office: those of the coverage page and of the forecast, once more."""

from __future__ import annotations

from accounts.queries import office_card
from campaigns.booking.paper_queries import letterhead_of, printed_by
from campaigns.charts import burn_up, day_bars
from campaigns.progress.book_queries import coverage_book
from campaigns.progress.chart_queries import chart_facts
from campaigns.progress.forecast_queries import ForecastLine, ForecastPage, forecast_page
from campaigns.report import ReportPage, SchoolAtRisk
from common import clock
from common.access import Who


def report(who: Who, campaign_id: int) -> ReportPage:
    """The report as of now. Raises Missing, also for who sees one school alone."""
    page = forecast_page(who, campaign_id)
    facts = chart_facts(who, campaign_id)
    card, today = page.campaign, clock.today(who.time_zone)
    districts = coverage_book(who, campaign_id, with_students=False).districts
    days = [(day.date, (day.recorded, day.waiting, day.missed)) for day in facts.outcomes]
    return ReportPage(
        letterhead=letterhead_of(office_card(who)),
        campaign=card.name,
        voting_day=card.voting_day,
        voting_day_is_fixed=card.voting_day_is_fixed,
        today=today,
        total=page.coverage,
        districts=districts,
        burn=burn_up(
            [(day.date, day.recorded) for day in facts.recorded],
            page.coverage.target,
            card.from_date,
            card.to_date,
            today,
            card.voting_day,
        ),
        bars=day_bars(days),
        outcomes=(
            sum(day.recorded for day in facts.outcomes),
            sum(day.waiting for day in facts.outcomes),
            sum(day.missed for day in facts.outcomes),
        ),
        pace=page.forecast.pace,
        outlooks=page.forecast.total,
        at_risk=tuple(_at_risk(page, line) for line in page.at_risk),
        printed=printed_by(who),
    )


def _at_risk(page: ForecastPage, line: ForecastLine) -> SchoolAtRisk:
    expected = line.one.outlooks.expected
    mend = line.one.mends[0] if line.one.mends else None
    return SchoolAtRisk(
        name=line.name,
        district=line.district_name,
        voters_left=expected.voters_by_plan,
        left=expected.left_by_plan,
        days=tuple(visit.date for visit in line.one.school.visits),
        mend=mend,
        team=page.team_name(mend.team) if mend else "",
    )
