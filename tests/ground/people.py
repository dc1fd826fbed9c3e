"""The people of the tests: Sari (coordinator), Budi (officer), Ratna and Joko (school admins), Lina (viewer).

They belong to the office of Sukoharjo; Wahyu coordinates another office, which must never see anything of the first.
"""

from __future__ import annotations

from dataclasses import dataclass

from accounts import actions as accounts
from accounts.passwords import hash_password
from common.access import COORDINATOR, OFFICER, SCHOOL_ADMIN, VIEWER, Who
from common.database import Store
from schools import actions as schools
from schools.queries import school_by_npsn

PASSWORD = "kata sandi yang panjang"
_HASH = hash_password(PASSWORD)


@dataclass(frozen=True)
class Cast:
    """Everyone, with the schools they belong to."""

    sari: Who
    budi: Who
    ratna: Who
    joko: Who
    lina: Who
    wahyu: Who
    ratnas_school: int
    jokos_school: int


def invite_everyone(store: Store) -> Cast:
    """Two offices; the first has three districts, four schools, two teams of two kits, and five people."""
    return store.write_now(_invite_everyone)


def _invite_everyone() -> Cast:
    office = accounts.open_office(
        "Disdukcapil Kabupaten Sukoharjo",
        "Pemerintah Kabupaten Sukoharjo",
        "33.11",
        "Jl. Sudirman 199",
        "0271",
    )
    other = accounts.open_office("Disdukcapil Kota Surakarta", "Pemerintah Kota Surakarta", "33.72", "", "")
    sari = _open(office, "sari", "Sari Wulandari", COORDINATOR)
    schools.load_districts(
        sari, [("33.11.04", "Sukoharjo"), ("33.11.08", "Mojolaban"), ("33.11.12", "Kartasura")]
    )
    schools.load_schools(
        sari,
        [
            schools.SchoolFacts("20310417", "SMAN 1 SUKOHARJO", "SMA", True, "33.11.04"),
            schools.SchoolFacts("20310436", "SMKN 1 SUKOHARJO", "SMK", True, "33.11.04"),
            schools.SchoolFacts("20310424", "SMAN 1 MOJOLABAN", "SMA", True, "33.11.08"),
            schools.SchoolFacts("20310425", "SMAN 1 KARTASURA", "SMA", True, "33.11.12"),
        ],
    )
    for name in ("Tim A", "Tim B"):
        schools.add_team(sari, name, 2, "12345")
    first = school_by_npsn(sari, "20310417")
    second = school_by_npsn(sari, "20310436")
    assert first is not None and second is not None
    return Cast(
        sari=sari,
        budi=_open(office, "budi", "Budi Santosa", OFFICER),
        ratna=_open(office, "ratna", "Ratna Dewi", SCHOOL_ADMIN, first.id),
        joko=_open(office, "joko", "Joko Prasetyo", SCHOOL_ADMIN, second.id),
        lina=_open(office, "lina", "Lina Hartati", VIEWER),
        wahyu=_open(other, "wahyu", "Wahyu Nugroho", COORDINATOR),
        ratnas_school=first.id,
        jokos_school=second.id,
    )


def _open(office_id: int, username: str, name: str, role: str, school_id: int | None = None) -> Who:
    account_id = accounts.open_account(office_id, username, name, role, _HASH, school_id)
    return Who(
        account_id, office_id, role, name, "Disdukcapil Kabupaten Sukoharjo", "Asia/Jakarta", school_id
    )
