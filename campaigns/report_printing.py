"""Paper: the report for the head of the office, two pages. Another page beside those of `campaigns.printing`."""

from __future__ import annotations

from datetime import date
from typing import Any

from campaigns.charts import FLOOR, TOP, Mark
from campaigns.coverage import Coverage
from campaigns.forecast import ObservedPace, Outlooks
from campaigns.paper import breakable
from campaigns.paper_words import (
    date_in_words,
    day_and_month,
    figure,
    frame,
    month_in_words,
    share,
    short_date_in_words,
)
from campaigns.press import typeset
from campaigns.report import MOST_SCHOOLS, ReportPage, SchoolAtRisk, shown_districts
from campaigns.school_mends import MendKind
from common.i18n import translator

_MOST_DATES = 4


def print_report(page: ReportPage, lang: str = "id") -> bytes:
    """The report as PDF: A4 upright, always two pages, one sheet when printed on both sides."""
    return typeset("report.typ", _report(page, lang), page.printed)


def _report(page: ReportPage, lang: str) -> dict[str, Any]:
    _ = translator(lang).gettext
    title = _("Report on the recording programme")
    fixed = "" if page.voting_day_is_fixed else _(" (estimated)")
    return {
        **frame(page.letterhead, page.printed, lang),
        "title": f"{title} – {short_date_in_words(page.today, lang)}",
        "title_on_page": title,
        "running": f"{title}, {short_date_in_words(page.today, lang)}",
        "warning": "",
        "labels": {
            "page": _("Page {page} of {pages}"),
            "name_and_number": _("Name and NIP"),
            "recorded": _("Recorded"),
            "waiting": _("Waiting for the data centre"),
            "missed": _("Absent, failed or refused"),
            "needed": _("Needed: evenly to the last day of the programme"),
        },
        "subtitle": page.campaign,
        "dates": _("As of %(day)s. Voting day: %(voting)s.")
        % {
            "day": date_in_words(page.today, lang),
            "voting": f"{date_in_words(page.voting_day, lang)}{fixed}",
        },
        "tiles": _tiles(page.total, lang),
        "stands_title": _("Where everyone stands"),
        "stands_columns": [_("Students"), _("All"), _("Voters")],
        "stands": _stands(page.total, lang),
        "burn_title": _("Recorded, and what is needed"),
        "burn_words": _("%(done)s of %(target)s are recorded; an even pace would stand at %(needed)s today.")
        % {
            "done": figure(page.burn.now, lang),
            "target": figure(page.burn.target, lang),
            "needed": figure(page.burn.needed_now, lang),
        },
        "burn": {
            "recorded": _points(page.burn.recorded),
            "needed": _points(page.burn.needed) if page.burn.target else [],
            "grid": _grid(page.burn.grid, lang),
            "months": [(mark.at, month_in_words(mark.value, lang)) for mark in page.burn.months],
            "today": page.burn.today,
        },
        "districts_title": _("By district"),
        "districts_columns": [
            *(_("District"), _("Schools"), _("Target"), _("Recorded"), _("Coverage"), _("Left")),
            *(_("Not yet planned"), _("Voters"), _("Voters left")),
        ],
        "districts": _districts(page, lang),
        "districts_total": _district(
            _("In all"), sum(row.schools for row in page.districts), page.total, lang
        ),
        "outcomes_title": _("What came of the last days"),
        "outcomes_words": _(
            "Of those called on these days %(recorded)s were recorded, %(waiting)s wait, %(missed)s were missed."
        )
        % dict(zip(("recorded", "waiting", "missed"), (figure(n, lang) for n in page.outcomes), strict=True))
        if page.bars.bars
        else _("No recording day is closed yet."),
        "bars": {
            "grid": _grid(page.bars.grid, lang),
            "columns": [
                {
                    "x": bar.x,
                    "width": bar.width,
                    "parts": [(_down(top), _down(height + TOP)) for top, height in bar.parts],
                    "label": day_and_month(bar.date, lang) if bar.label else "",
                }
                for bar in page.bars.bars
            ],
        },
        "forecast_title": _("Until voting day"),
        "forecast": _forecast(page, lang) if page.total.target else [_("There is nothing to foresee yet.")],
        "risk_title": _("Schools at risk"),
        "risk_lead": _("By the days that stand, voters of these schools are not recorded in time.")
        if page.at_risk
        else _("No school is at risk: at most a few voters of each are left after the days that stand.")
        if page.total.target
        else _("There is nothing to foresee yet."),
        "risk_columns": [_("School"), _("Voters left"), _("Left"), _("What would mend it")],
        "risk": [_school(one, lang) for one in page.at_risk[:MOST_SCHOOLS]],
        "risk_more": _more(len(page.at_risk) - MOST_SCHOOLS, lang),
        "signature": [short_date_in_words(page.today, lang), _("Head of the office")],
    }


def _tiles(total: Coverage, lang: str) -> list[dict[str, Any]]:
    _ = translator(lang).gettext
    of = _("of %(target)s")
    return [
        {
            "value": figure(total.recorded, lang),
            "name": _("Recorded"),
            "of": f"{of % {'target': figure(total.target, lang)}} · {share(total.recorded, total.target, lang)}",
            "part": total.recorded / total.target if total.target else 0,
        },
        {"value": figure(total.left, lang), "name": _("Left"), "of": "", "part": None},
        {
            "value": figure(total.recorded_voters, lang),
            "name": _("Voters recorded"),
            "of": f"{of % {'target': figure(total.voters, lang)}} · {share(total.recorded_voters, total.voters, lang)}",
            "part": total.recorded_voters / total.voters if total.voters else 0,
        },
        {"value": figure(total.left_voters, lang), "name": _("Voters left"), "of": "", "part": None},
    ]


def _stands(total: Coverage, lang: str) -> list[list[str]]:
    """Every student of the target in one of the lines; the sum last."""
    _ = translator(lang).gettext
    v = total.of_voters
    lines = [
        (_("Recorded"), total.recorded, v.recorded),
        (_("Waiting for the data centre"), total.waiting, v.waiting),
        (_("Due a retake"), total.retake_due, v.retake_due),
        (_("Has a place"), total.planned, v.planned),
        (_("Not yet planned"), total.unplanned, v.unplanned),
        (_("Target"), total.target, v.target),
    ]
    return [[name, figure(everyone, lang), figure(voters, lang)] for name, everyone, voters in lines]


def _districts(page: ReportPage, lang: str) -> list[list[str]]:
    shown, others, rest = shown_districts(page.districts)
    rows = [_district(row.name, row.schools, row.coverage, lang) for row in shown]
    if rest is not None:
        name: str = translator(lang).ngettext("%(num)s other district", "%(num)s other districts", others)
        rows.append(_district(name % {"num": figure(others, lang)}, rest.schools, rest.coverage, lang))
    return rows


def _district(name: str, schools: int, its: Coverage, lang: str) -> list[str]:
    return [
        breakable(name),
        *(figure(n, lang) for n in (schools, its.target, its.recorded)),
        share(its.recorded, its.target, lang),
        *(figure(n, lang) for n in (its.left, its.unplanned, its.voters, its.left_voters)),
    ]


def _forecast(page: ReportPage, lang: str) -> list[str]:
    """How it ends, in sentences: by the days that stand, if the teams go on, and what that rests on."""
    _ = translator(lang).gettext
    looks = page.outlooks
    by_plan = _(
        "By the days that stand, %(voters)s voters (between %(low)s and %(high)s) and %(left)s students in all"
        " will not be recorded on voting day."
    )
    return [
        by_plan
        % {
            "voters": figure(looks.expected.voters_by_plan, lang),
            "low": figure(looks.fast.voters_by_plan, lang),
            "high": figure(looks.slow.voters_by_plan, lang),
            "left": figure(looks.expected.left_by_plan, lang),
        },
        _going_on(looks, lang),
        _pace(page.pace, lang),
    ]


def _going_on(looks: Outlooks, lang: str) -> str:
    _ = translator(lang).gettext
    if not looks.expected.left_by_plan:
        return _("Nobody of the target is left without a day.")
    if looks.expected.done_on is None:
        left = _("If the teams go on with their free days, %(voters)s voters are left nevertheless.")
        return left % {"voters": figure(looks.expected.voters, lang)}
    first, last = _when(looks.fast.done_on, lang), _when(looks.slow.done_on, lang)
    days: str = translator(lang).ngettext(
        "If the teams go on, with %(num)s more day, all are recorded on %(day)s%(band)s.",
        "If the teams go on, with %(num)s more days, all are recorded on %(day)s%(band)s.",
        looks.expected.more_days,
    )
    return days % {
        "num": figure(looks.expected.more_days, lang),
        "day": short_date_in_words(looks.expected.done_on, lang),
        "band": ""
        if first == last
        else _(" (between %(first)s and %(last)s)") % {"first": first, "last": last},
    }


def _when(day: date | None, lang: str) -> str:
    return short_date_in_words(day, lang) if day else translator(lang).gettext("not in time")


def _pace(observed: ObservedPace | None, lang: str) -> str:
    if observed is None:
        return translator(lang).gettext(
            "Too few days are closed to tell the pace: everyone called is expected to be recorded, at the rates of"
            " the programme."
        )
    words: str = translator(lang).ngettext(
        "Of the last %(num)s closed day: %(share)s of those called were recorded, between %(low)s and %(high)s.",
        "Of the last %(num)s closed days: %(share)s of those called were recorded, between %(low)s and %(high)s.",
        observed.days,
    )
    shares = {"share": observed.share, "low": observed.low, "high": observed.high}
    return words % {
        "num": figure(observed.days, lang),
        **{name: share(part.numerator, part.denominator, lang) for name, part in shares.items()},
    }


def _school(one: SchoolAtRisk, lang: str) -> list[str]:
    return [
        f"{breakable(one.name)}, {one.district}",
        figure(one.voters_left, lang),
        figure(one.left, lang),
        _mend(one, lang),
    ]


def _mend(one: SchoolAtRisk, lang: str) -> str:
    _, ngettext = translator(lang).gettext, translator(lang).ngettext
    if one.mend is None:
        return _("No day is left on which a team could come.")
    count = one.mend.students if one.mend.kind is MendKind.OFFICE else len(one.mend.dates)
    words = {
        MendKind.OFFICE: ngettext(
            "Ask the %(num)s student to the office for a retake",
            "Ask the %(num)s students to the office for retakes",
            count,
        ),
        MendKind.ONE_MORE_DAY: _("One more day with %(team)s, %(days)s"),
        MendKind.MORE_DAYS: ngettext(
            "%(num)s more day with %(team)s: %(days)s", "%(num)s more days with %(team)s: %(days)s", count
        ),
        MendKind.ANOTHER_TEAM: ngettext(
            "Another team for %(num)s day, %(days)s", "Another team for %(num)s days, %(days)s", count
        ),
    }[one.mend.kind]
    days = ", ".join(day_and_month(day, lang) for day in one.mend.dates[:_MOST_DATES])
    if len(one.mend.dates) > _MOST_DATES:
        days += ", …"
    said = words % {"num": figure(count, lang), "team": breakable(one.team), "days": days}
    if one.mend.voters_left:
        still = ngettext("then %(num)s voter is left", "then %(num)s voters are left", one.mend.voters_left)
        said += "; " + still % {"num": figure(one.mend.voters_left, lang)}
    return f"{said}."


def _more(count: int, lang: str) -> str:
    if count <= 0:
        return ""
    words: str = translator(lang).ngettext(
        "And %(num)s more school; see the program.", "And %(num)s more schools; see the program.", count
    )
    return words % {"num": figure(count, lang)}


def _points(line: str) -> list[list[float]]:
    """The points of a line of `charts`: percent across and down."""
    return [[float(number) for number in point.split(",")] for point in line.split()]


def _grid(marks: tuple[Mark, ...], lang: str) -> list[tuple[float, str]]:
    return [(_down(mark.at), figure(int(mark.value), lang)) for mark in marks if isinstance(mark.value, int)]


def _down(points: float) -> float:
    """Percent of the plot's height, from points of the drawing."""
    return round(100 * (points - TOP) / (FLOOR - TOP), 2)
