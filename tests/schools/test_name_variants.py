"""When two written names may be one person's: the ways in which Indonesian names are written differently."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.name_variants import Named, alike, alike_pairs, variant_keys

# one way of writing differently a line
ALIKE = """
Nur’aini  Putri | NURAINI PUTRI
AISYAH PUTRI | AISYAHPUTRI
NUR AINI SAFITRI | NURAINI S.
AL FARIZI | ALFARIZI
Ir. H. BUDI SANTOSO, S.T., M.M. | BUDI SANTOSO
BUDI SANTOSO S.Pd. | Budi Santoso
Hj. SITI AMINAH | SITI AMINAH
R. AYU KARTIKA | AYU KARTIKA
I MADE SURYA | MADE SURYA
NI LUH PUTU SARI | LUH PT SARI
I MD SURYA | I MADE SURYA
SITI AISYAH BINTI AHMAD | SITI AISYAH AHMAD
MUHAMMAD RIZKI ADITYA | M. RIZKI ADITYA
MUH. RIZKI ADITYA | MOHAMAD RIZKI ADITYA
MOCH. HENDRA | Mohammad Hendra
MUHAMMAD RIZKI ADITYA | RIZKI ADITYA
ACHMAD FAUZI | AHMAD FAUZI
ABD. ROHMAN WAHID | ABDURRAHMAN WAHID
ABDUSSALAM | ABDUL SALAM
ST. AMINAH | SITI AMINAH
NURUL HIDAYAH | NUR HIDAYAH
ANGGA S. | ANGGA SETIAWAN
SYIFA TIARA K. | SYIFA TIARA KHASANAH
R. DEWI | RATNA DEWI
TR. WAHYUDI | TRI WAHYUDI
MUHAMMAD S. | MUHAMMAD SANTOSO
DJOKO SOESILO | JOKO SUSILO
JUSUF WIDJAJA | YUSUF WIJAYA
TJAHJONO | CAHYONO
SJARIFAH | SYARIFAH
SAFI'I WICAKSONO | SYAFII WICAKSONO
SHOLEH | SOLIH
RAMADHAN | ROMADHON
RAMADHAN | RAMADLAN
RIZKI | RISKY
RIZQI | RIZKY
ZAENAL | JAINAL
KHOIRUL ANAM | CHAERUL ANAM
KHOIRUL ANAM | HOIRUL ANAM
FITRI | VITRI
NOVA | NOPA
UTSMAN | USMAN
LUTHFI | LUTFI
GHOZALI | GOZALI
NADYA | NADIA
RIYADI | RIADI
SUWARNO | SUARNO
RAHMAT | RACHMAD
YAQUB | YAKUP
OCTAVIA | OKTAVIA
CINTYA | SINTIA
DICKY | DIKI
AISYAH | AISYA
NI'MAH | NIKMAH
MA'RUF AMIN | MAKRUF AMIN
PUTRI AISYAH | AISYAH PUTRI
RATNA AYU | RATNA
DWI HANIF ANGGORO | DWI ANGGORO
LUTHFIA LINTANG NINGRUM | LINTANG NINGRUM
"""
# twins, siblings, strangers
OTHERS = """
RATNA AYU | RATNA DEWI
BUDI SANTOSO | BUDI SUSILO
DWI AYU LESTARI | TRI AYU LESTARI
HASAN ARIFIN | HUSEN ARIFIN
PUTRA PRATAMA | PUTRI PRATAMA
ANDI | ANDRI
RONI | RANI
RINO | RINA
DIMAS | BIMAS
SETIAWAN | SETIAWATI
RAHMA | RAMA
ADLI | ADI
YOKO | ZOKO
CICI | KIKI
SYIFA TIARA K. | SYIFA TIARA RAHMA
A. K. | AYU KARTIKA
MUHAMMAD | MUHAMMAD RIZKI
MUHAMMAD ANDI | MUHAMMAD BUDI
SITI | SITI AMINAH
LESTARI | AYU LESTARI
RATNA | RATNA AYU PUTRI LESTARI
 | RATNA
. | -
"""


def pairs(text: str) -> list[tuple[str, str]]:
    found = [line.split("|") for line in text.splitlines() if "|" in line]
    return [(one.strip(), other.strip()) for one, other in found]


@pytest.mark.parametrize(("one", "other"), pairs(ALIKE))
def test_two_ways_of_writing_one_name_are_alike_both_ways(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)
    assert variant_keys(one) & variant_keys(other)


@pytest.mark.parametrize(("one", "other"), pairs(OTHERS))
def test_names_of_two_people_are_not_alike(one: str, other: str) -> None:
    assert not alike(one, other)
    assert not alike(other, one)


PARTS = sorted({word for line in pairs(ALIKE + OTHERS) for name in line for word in name.split()})
NAMES = st.one_of(
    st.lists(st.sampled_from(PARTS), min_size=1, max_size=5).map(" ".join),
    st.text(alphabet=string.ascii_uppercase + " '.", max_size=20),
)
PLAIN = st.lists(
    st.sampled_from([part for part in PARTS if part.isalpha() and len(part) > 3 and part != "BINTI"]),
    min_size=1,
    max_size=4,
).map(" ".join)


@given(NAMES, NAMES)
def test_being_alike_has_no_direction_and_shows_in_the_keys(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)
    if alike(one, other):
        assert variant_keys(one) & variant_keys(other)


@given(PLAIN)
def test_case_marks_spaces_titles_and_an_initial_do_not_make_another_name(name: str) -> None:
    words = name.split()
    assert alike(name, name.lower())
    assert alike(name, "  ".join(words))
    assert alike(name, "".join(words))
    assert alike(name, f"H. {name}, S.Pd.")
    if len(words) > 1:
        assert alike(name, " ".join([*words[:-1], words[-1][0] + "."]))
        assert alike(name, " ".join(reversed(words)))


@given(st.lists(st.tuples(NAMES, st.sampled_from([date(2009, 1, 5), date(2009, 1, 6)])), max_size=8))
def test_pairs_are_those_of_one_birth_date_that_are_alike(people: list[tuple[str, date]]) -> None:
    named = [Named(place, name, born) for place, (name, born) in enumerate(people)]
    expected = {
        (a.who, b.who) for a in named for b in named if a.birth_date == b.birth_date and alike(a.name, b.name)
    }
    assert set(alike_pairs(named, named)) == expected


def test_letters_alone_decide_where_only_spaces_differ() -> None:
    assert alike("ABDUL ABDURRAHMAN", "ABDULABDURRAHMAN")


def test_a_name_of_any_length_is_answered_at_once() -> None:
    long = "A B C D E F G H I J " * 50
    assert not alike(long, "RATNA " * 400)
    assert alike(long, long)
