"""The pieces of the pages: rendered as pages render them, their structure and the colours they stand on."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import html

from common import page
from ground.drawn import context

ROOT = Path(__file__).resolve().parents[2]
PIECES = sorted((ROOT / "templates" / "pieces").glob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
MACRO = re.compile(r"\{%-? macro ([a-z]\w*)\(([^%]*)\) -?%\}")
TEXT_CONTRAST, MARK_CONTRAST, FIELD_CONTRAST = 4.5, 3.0, 7.0


def rendered(source: str, language: str = "id", **values: Any) -> html.HtmlElement:
    """`source`, a use of the macros as `p`, as an element tree."""
    template = page.environment(language).from_string('{% import "pieces/all.html" as p %}' + source)
    return html.fragment_fromstring(template.render(**values), create_parent="div")


def whole_page(template: str, language: str = "id", **changes: Any) -> html.HtmlElement:
    """A whole page as an element tree."""
    return html.document_fromstring(page.render(template, language, context(language=language, **changes)))


def text_of(element: html.HtmlElement) -> str:
    """The words of an element, spaces made single."""
    return " ".join(element.text_content().split())


# ---------------------------------------------------------------------- every piece


@pytest.mark.parametrize("path", PIECES, ids=lambda path: path.name)
def test_every_macro_says_what_it_is_for(path: Path) -> None:
    source = path.read_text()
    for match in MACRO.finditer(source):
        assert re.search(r"\{#-? " + match[1] + r"\(", source[: match.start()]), match[1]


def test_every_macro_is_in_the_one_import_and_in_the_document() -> None:
    shared = (ROOT / "templates/pieces/all.html").read_text()
    document = (ROOT / "docs/components.md").read_text()
    for path in PIECES:
        for match in MACRO.finditer(path.read_text()):
            assert f"set {match[1]} = _{path.stem}.{match[1]} " in shared
            assert re.search(rf"\b{match[1]}\b", document) or match[1] in PLACED_BY_THE_LAYOUT, match[1]


PLACED_BY_THE_LAYOUT = {"patterns", "nav_list", "person", "language_switch", "small_line"}


def test_the_document_gives_every_signature_as_it_is() -> None:
    document = (ROOT / "docs/components.md").read_text()
    signatures = {m[1]: m[2] for path in PIECES for m in MACRO.finditer(path.read_text())}
    for name, arguments in re.findall(r"`(\w+)\(([^`]*?)\)`", document):
        if name in signatures:
            assert signatures[name] == arguments, name


def test_every_piece_stands_on_the_page_of_pieces() -> None:
    """By itself, or drawn by another piece that does."""
    page_of_pieces = (ROOT / "templates/common/components.html").read_text()
    sources = "".join(path.read_text() for path in PIECES)
    for path in PIECES:
        for match in MACRO.finditer(path.read_text()):
            by_others = len(
                re.findall(rf"(?<!macro )\b{match[1]}\(", re.sub(r"\{#.*?#\}", "", sources, flags=re.S))
            )
            shown = f"p.{match[1]}(" in page_of_pieces or by_others or match[1] in PLACED_BY_THE_LAYOUT
            assert shown, f"{match[1]} is shown nowhere"


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_page_of_pieces_is_well_made(language: str) -> None:
    tree = whole_page("common/components.html", language)

    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert len(tree.xpath("//h1")) == 1
    for target in tree.xpath("//@aria-describedby | //@aria-labelledby | //label/@for"):
        assert set(target.split()) <= set(ids), target
    for control in tree.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        assert control.get("aria-label") or tree.xpath("//label[@for=$id]", id=control.get("id"))
    for link in tree.xpath("//a[starts-with(@href, '#')]/@href"):
        assert link[1:] in ids
    for button in tree.xpath("//button"):
        assert button.get("aria-label") or text_of(button)


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("common/components.html", {}),
        ("accounts/login.html", {"who": None, "form": {"username": ""}, "errors": {"password": "Salah."}}),
        ("common/error.html", {"code": 404}),
    ],
)
def test_no_page_carries_a_style_or_a_script_inside(template: str, values: dict[str, Any]) -> None:
    tree = whole_page(template, **values)

    assert not tree.xpath("//@style | //style | //@*[starts-with(name(), 'on')]")
    assert not tree.xpath("//script[not(@src)]")
    assert not [a for a in tree.xpath("//@src | //link/@href") if not a.startswith("/static/")]


# ---------------------------------------------------------------------- the layout


def test_language_is_switched_by_a_form_that_comes_back_here() -> None:
    forms = whole_page("common/error.html", code=404).xpath("//form[@action='/language']")

    assert {form.get("method") for form in forms} == {"post"}
    assert {form.xpath("string(.//input[@name='next']/@value)") for form in forms} == {"/schools?page=2"}
    assert {value for form in forms for value in form.xpath(".//button[@name='language']/@value")} == {"en"}


def test_sari_leaves_by_a_form_and_sees_where_she_is() -> None:
    tree = whole_page("common/error.html", code=404)

    assert tree.xpath("//form[@action='/logout' and @method='post']")
    assert set(tree.xpath("//nav//a[@aria-current='page']/@href")) == {"/schools"}
    assert "Jadwal disimpan." in text_of(tree.xpath("//main")[0])


def test_nobody_signed_in_sees_no_navigation() -> None:
    tree = whole_page("accounts/login.html", who=None, campaign=None, nav=[], form={}, errors={})

    assert not tree.xpath("//nav | //form[@action='/logout']")


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 413, 415, 429, 500, 503])
def test_every_error_says_what_happened_and_what_to_do(code: int) -> None:
    tree = whole_page("common/error.html", code=code, notices=[])

    assert text_of(tree.xpath("//h1")[0])
    assert text_of(tree.xpath("//p[@class='lead']")[0])
    assert tree.xpath("//main//a[contains(@class, 'button--solid')]")


# ---------------------------------------------------------------------- signing in


def test_a_wrong_password_keeps_the_name_and_not_the_password() -> None:
    form = {"username": "ratna", "next": "/schools"}
    tree = whole_page("accounts/login.html", who=None, form=form, errors={"password": "Salah."})

    assert tree.xpath("string(//input[@name='username']/@value)") == "ratna"
    assert tree.xpath("string(//main//input[@name='next']/@value)") == "/schools"
    assert tree.xpath("//input[@name='password'][@aria-invalid='true'][not(@value)][@data-focus]")
    assert text_of(tree.xpath("//*[@id='f-password-error']")[0]) == "Salah."


def test_ratna_sees_who_invites_her_to_which_school() -> None:
    invitation = SimpleNamespace(
        name="Ratna",
        role="school_admin",
        username="ratna",
        office_name="Disdukcapil Kabupaten Sukoharjo",
        invited_by="Sari",
        expires=datetime(2026, 8, 19, 1, 30),
    )
    tree = whole_page(
        "accounts/invitation.html",
        who=None,
        form={},
        errors={},
        invitation=invitation,
        school_name="SMA Negeri 3 Sukoharjo",
    )

    words = text_of(tree.xpath("//main")[0])
    for expected in ("SMA Negeri 3 Sukoharjo", "Sari", "19 Agu 2026 08.30 WIB", "Disdukcapil"):
        assert expected in words
    assert tree.xpath("//input[@type='password']/@name") == ["password", "again"]


# ---------------------------------------------------------------------- forms


KINDS = ["text", "email", "password", "date", "time", "number", "search", "tel", "textarea", "select", "file"]


@pytest.mark.parametrize("kind", [*KINDS, "checkbox", "checkboxes", "radio"])
def test_a_field_shows_its_label_hint_and_error_together(kind: str) -> None:
    tree = rendered(
        "{{ p.field('npsn', 'NPSN', kind=kind, hint='8 angka', error='Isi 8 angka.', options=[('1', 'Satu')]) }}",
        kind=kind,
    )

    owner = tree.xpath(".//*[@aria-describedby]")[0]
    assert owner.get("aria-describedby").split() == ["f-npsn-hint", "f-npsn-error"]
    assert text_of(tree.xpath(".//*[@id='f-npsn-hint']")[0]) == "8 angka"
    assert text_of(tree.xpath(".//*[@id='f-npsn-error']")[0]) == "Isi 8 angka."
    assert tree.xpath(".//*[@id='f-npsn'][@name='npsn']")
    assert tree.xpath(".//label[@for='f-npsn']")


@pytest.mark.parametrize("kind", ["text", "email", "date", "number", "textarea"])
def test_what_was_typed_is_shown_again_as_text(kind: str) -> None:
    tree = rendered("{{ p.field('a', 'A', kind=kind, value=v) }}", kind=kind, v='<b>"Budi"</b> & co')

    control = tree.xpath(".//*[@id='f-a']")[0]
    shown = control.text if kind == "textarea" else control.get("value")
    assert shown.strip() == '<b>"Budi"</b> & co'
    assert not tree.xpath(".//b")


def test_a_choice_made_stays_made() -> None:
    options = [(5, "5 hari"), (6, "6 hari")]
    radio = rendered("{{ p.field('w', 'W', kind='radio', value='6', options=o) }}", o=options)
    boxes = rendered("{{ p.field('w', 'W', kind='checkboxes', value=[5], options=o) }}", o=options)
    select = rendered("{{ p.field('w', 'W', kind='select', value=6, options=o) }}", o=options)
    one = rendered("{{ p.field('w', 'W', kind='checkbox', value=true) }}")

    assert radio.xpath(".//input[@checked]/@value") == ["6"]
    assert boxes.xpath(".//input[@checked]/@value") == ["5"]
    assert select.xpath(".//option[@selected]/@value") == ["6"]
    assert one.xpath(".//input[@checked]")


def test_an_empty_value_is_an_empty_field() -> None:
    assert rendered("{{ p.field('a', 'A', value=none) }}").xpath("string(.//input/@value)") == ""


def test_the_error_summary_leads_to_each_field() -> None:
    tree = rendered("{{ p.error_summary({'npsn': 'Isi 8 angka.', '': 'Belum disimpan.'}) }}")

    assert tree.xpath(".//*[@role='alert']//a/@href") == ["#f-npsn"]
    assert "Belum disimpan." in text_of(tree)
    assert text_of(rendered("{{ p.error_summary({}) }}")) == ""


def test_a_confirmation_says_what_will_happen_and_carries_its_values() -> None:
    tree = rendered(
        "{{ p.confirmation('Batalkan?', ['84 siswa'], '/days/3/cancel', 'Batalkan hari', '/days/3',"
        " fields={'plan': 'abc', 'row': [1, 2]}, danger=true, irreversible=true) }}"
    )

    assert tree.xpath("string(.//form[@method='post']/@action)") == "/days/3/cancel"
    assert tree.xpath(".//input[@type='hidden']/@value") == ["abc", "1", "2"]
    assert tree.xpath(".//a/@href") == ["/days/3"]
    assert "84 siswa" in text_of(tree) and tree.xpath(".//p[@class='confirmation__final']")


# ---------------------------------------------------------------------- tables


def test_a_table_names_its_rows_and_its_cells_carry_their_heading() -> None:
    tree = rendered(
        "{% call(row) p.data_table('Sekolah', [{'label': 'Sekolah', 'sort': '/s', 'sorted': 'ascending'},"
        " {'label': 'Sasaran', 'numeric': true}], rows) %}{{ p.head_cell(row.name, '/schools/1') }}"
        "{{ p.cell('Sasaran', row.target|number, numeric=true) }}{% endcall %}",
        rows=[SimpleNamespace(name="SMA <Negeri> 1", target=1250)],
    )

    assert text_of(tree.xpath(".//caption")[0]) == "Sekolah"
    assert tree.xpath("string(.//thead/tr/th[1]/@aria-sort)") == "ascending"
    assert text_of(tree.xpath(".//tbody//th[@scope='row']")[0]) == "SMA <Negeri> 1"
    assert tree.xpath(".//td[@data-label='Sasaran' and @class='number']/text()") == ["1.250"]


def test_a_table_without_a_body_shows_the_named_values() -> None:
    tree = rendered("{{ p.data_table('T', [{'label': 'Baris', 'key': 'row'}], [{'row': 14}]) }}")

    assert tree.xpath(".//td/text()") == ["14"]


def test_old_stands_beside_new_and_what_stayed_is_shown_once() -> None:
    tree = rendered(
        "{{ p.side_by_side('Dwi', [('Kelas', 'X-2', 'XI-2'), ('NISN', '', '009'), ('JK', 'P', 'P')]) }}"
    )

    rows = tree.xpath(".//tbody/tr")
    assert [row.xpath("string(.//del)") for row in rows] == ["X-2", "", ""]
    assert [row.xpath("string(.//ins)") for row in rows] == ["XI-2", "009", ""]
    assert rows[2].xpath("count(td)") == 1


def test_the_pager_offers_only_pages_that_are_there() -> None:
    first = rendered("{{ p.pager(1, 50, 1250, following='/s?page=2') }}")

    last = rendered("{{ p.pager(1201, 1250, 1250, previous='/s?page=24') }}")

    assert first.xpath(".//a/@rel") == ["next"]
    assert last.xpath(".//a/@rel") == ["prev"]
    assert "1.250" in text_of(first)


# ---------------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("recorded", "waiting", "target", "done", "left"),
    [(412, 20, 522, 78.93, 110), (0, 0, 0, None, 0), (600, 0, 522, 100.0, 0), (0, 0, 7, None, 7)],
)
def test_a_coverage_bar_says_its_numbers_and_never_runs_over(
    recorded: int, waiting: int, target: int, done: float | None, left: int
) -> None:
    tree = rendered("{{ p.coverage_bar(a, b, c) }}", "en", a=recorded, b=waiting, c=target)

    label = tree.xpath("string(.//*[@role='img']/@aria-label)")
    assert (
        label == f"{recorded} of {target} recorded, {left} left, of which {waiting} wait for the data centre"
    )
    widths = [float(w.rstrip("%")) for w in tree.xpath(".//rect[@class='bar-chart__done']/@width")]
    assert widths == ([] if done is None else [done])


def test_a_line_of_equal_numbers_is_flat() -> None:
    points = rendered("{{ p.small_line([5, 5, 5]) }}").xpath("string(.//polyline/@points)").split()

    assert [point.split(",")[1] for point in points] == ["12.0"] * 3


@pytest.mark.parametrize("kind", ["done", "waiting", "person", "not_yet", "now"])
def test_a_status_is_word_shape_and_colour(kind: str) -> None:
    tree = rendered("{{ p.status_tag(kind, 'Sudah rekam') }}", kind=kind)

    assert text_of(tree) == "Sudah rekam"
    assert tree.xpath(f".//*[contains(@class, 'tag--{kind}')]/*[@aria-hidden='true']")


def test_every_status_has_a_shape_of_its_own() -> None:
    drawn = rendered("{{ p.patterns() }}").xpath(".//symbol")
    shapes = {symbol.get("id"): b"".join(html.tostring(part) for part in symbol) for symbol in drawn}

    assert set(shapes) == {f"shape-{k}" for k in ("done", "waiting", "person", "not_yet", "now", "info")}
    assert len(set(shapes.values())) == len(shapes)


# ---------------------------------------------------------------------- the way through


def test_progress_can_be_followed_and_cancelled() -> None:
    tree = rendered(
        "{{ p.progress('Membaca', value=412, maximum=900, source='/jobs/3', cancel='/jobs/3/cancel') }}"
    )

    assert tree.xpath("string(.//@data-progress-url)") == "/jobs/3"
    assert tree.xpath("string(.//progress/@value)") == "412"
    assert tree.xpath(".//form[@method='post' and @action='/jobs/3/cancel']")


def test_the_stepper_marks_the_step_that_is_now() -> None:
    tree = rendered("{{ p.stepper(['Kirim', 'Periksa', 'Simpan'], 2) }}")

    assert [text_of(step)[-7:] for step in tree.xpath(".//li[@aria-current='step']")] == ["Periksa"]


def test_a_blocked_day_says_why_and_takes_no_visit() -> None:
    days: list[dict[str, Any]] = [
        {
            "date": date(2026, 8, 17 + n),
            "outside": False,
            "today": n == 1,
            "blocked": "Hari Kemerdekaan" if n == 0 else None,
            "visits": [],
            "url": f"/days/new?date=2026-08-{17 + n}",
        }
        for n in range(7)
    ]
    days[2]["visits"] = [
        SimpleNamespace(
            url="/days/9",
            school="SLB Bulu",
            count=1250,
            team="Tim 2",
            stripe=2,
            kind="not_yet",
            status="Draf",
        )
    ]
    tree = rendered("{{ p.calendar('Agustus 2026', [days]) }}", days=days)

    cells = tree.xpath(".//ol/li")
    assert "Hari Kemerdekaan" in text_of(cells[0]) and not cells[0].xpath(".//a")
    assert ["day--empty" in cell.get("class") for cell in cells] == [True, False, False] + [True] * 4
    assert "Selasa, 18 Agustus 2026" in text_of(cells[1]) and cells[1].get("aria-current") == "date"
    assert cells[2].xpath(".//a/@href")[0] == "/days/9"
    assert "1.250" in text_of(cells[2]) and "Tim 2" in text_of(cells[2])


def test_a_row_of_the_officers_page_is_one_wide_button_and_one_for_the_rest() -> None:
    row = {"key": "a", "number": 7, "name": "Budi", "class_name": "XI-1", "state": "open", "word": None}
    open_row = rendered("<ol>{{ p.field_row(row) }}</ol>", row=row)
    done_row = rendered(
        "<ol>{{ p.field_row(row) }}</ol>", row={**row, "state": "done", "word": "Sudah rekam"}
    )

    assert len(open_row.xpath(".//button")) == 2
    assert len(done_row.xpath(".//button")) == 1 and "Sudah rekam" in text_of(done_row)


# ---------------------------------------------------------------------- colours and weight


def tokens_of(scheme: str) -> dict[str, str]:
    """The colours of tokens.css in a scheme: name -> six hexadecimal digits."""
    light, dark = (ROOT / "static/css/tokens.css").read_text().split("@media", 1)
    found = dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", dark))
    return found


def luminance(colour: str) -> float:
    """Relative luminance of six hexadecimal digits (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXT = [
    *[(ink, ground) for ink in ("ink", "soft", "action", "action-strong") for ground in ("paper", "ground")],
    *[
        ("action", "action-tint"),
        ("action-strong", "action-tint"),
        ("ink", "action-tint"),
        ("soft", "now-tint"),
    ],
    *[("on-action", "action"), ("on-action", "action-strong"), ("action", "now-tint"), ("paper", "person")],
    *[(f"{kind}-ink", f"{kind}-tint") for kind in ("done", "waiting", "person", "not-yet")],
    *[("now-ink", "now"), ("person-tint", "person-ink"), ("person-ink", "paper")],
]
MARKS = [
    *[
        (kind, ground)
        for kind in ("done", "waiting", "person", "not-yet")
        for ground in ("paper", f"{kind}-tint")
    ],
    *[
        ("edge", "paper"),
        ("edge", "ground"),
        ("now-mark", "paper"),
        ("now-mark", "ground"),
        ("now-ink", "now"),
        ("action", "ground"),
        *[(f"team-{n}", "paper") for n in range(1, 7)],
    ],
]
FIELD = [
    *[("ink", "paper"), ("ink", "ground"), ("ink", "now-tint"), ("soft", "paper"), ("soft", "ground")],
    *[("soft", "now-tint"), ("on-action", "action-strong"), ("now-ink", "now"), ("ink", "action-tint")],
    *[(f"{k}-ink", g) for k in ("done", "waiting", "person", "not-yet") for g in ("paper", "ground")],
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("pairs", "least"), [(TEXT, TEXT_CONTRAST), (MARKS, MARK_CONTRAST), (FIELD, FIELD_CONTRAST)]
)
def test_colours_can_be_told_apart(scheme: str, pairs: list[tuple[str, str]], least: float) -> None:
    tokens = tokens_of(scheme)

    weak = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in pairs}
    assert not {pair: ratio for pair, ratio in weak.items() if ratio < least}


COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\(")
NAMED = re.compile(
    r"(?:color|background|fill|stroke|border[\w-]*|outline|shadow)\b[^;:{}]*[:=][^;{}]*"
    r"\b(?:white|black|red|green|blue|gr[ae]y|orange|yellow|silver|navy|teal|purple|pink|brown)\b"
)


def colours_in(text: str) -> list[str]:
    """Every colour that a style, a template or a script names by itself; marks of places (href="#...") are none."""
    text = re.sub(r"""(?:href|id|for|url\(|action)=?["']?#[\w-]+|&#\w+;""", "", text)
    return COLOUR.findall(text) + NAMED.findall(text)


def test_no_colour_stands_outside_the_tokens() -> None:
    places = [path for path in STYLES if path.name != "tokens.css"]
    places += [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static/js").glob("*.js")]
    assert {path.name: colours_in(path.read_text()) for path in places if colours_in(path.read_text())} == {}


@pytest.mark.parametrize(
    "text",
    [
        "a { color: #fff }",
        "a { border: 1px solid grey }",
        '<path fill="red">',
        "x.style.color = rgb(1, 2, 3)",
    ],
)
def test_a_colour_that_is_no_token_is_found(text: str) -> None:
    assert colours_in(text)


def test_every_token_used_exists() -> None:
    text = "".join(path.read_text() for path in STYLES)
    assert set(re.findall(r"var\(--([\w-]+)", text)) <= set(re.findall(r"--([\w-]+):", text))


def test_styles_and_script_stay_light() -> None:
    # every page has three; a few pages have one more of their own
    always = [path for path in STYLES if path.stem in ("tokens", "base", "pieces")]
    own = [path for path in STYLES if path not in always]
    heaviest = sum(path.stat().st_size for path in always) + max(path.stat().st_size for path in own)
    assert len(always) == 3
    assert heaviest < 30 * 1024
    assert (ROOT / "static/js/base.js").stat().st_size < 4 * 1024


def test_no_text_is_smaller_than_14_px() -> None:
    text = "".join(path.read_text() for path in STYLES)
    sizes = re.findall(r"(?:font-size|--text-\w+): ([\d.]+)rem", text)
    assert sizes and all(float(size) * 16 >= 14 for size in sizes)
