"""Facts of Kabupaten Sukoharjo, Central Java: its 12 districts and its 60 SMA and SMK with their NPSN.

Sources: districts by the region codes of Kemendagri; schools as the ministry of education publishes them in its open
school data (Dapodik, sekolah.data.kemdikbud.go.id, state of December 2024). Facts of places only, nothing of persons.
"""

from __future__ import annotations

from typing import Final

GOVERNMENT: Final = "Pemerintah Kabupaten Sukoharjo"
REGION_CODE: Final = "33.11"

DISTRICTS: Final[dict[str, str]] = {
    "33.11.01": "Weru",
    "33.11.02": "Bulu",
    "33.11.03": "Tawangsari",
    "33.11.04": "Sukoharjo",
    "33.11.05": "Nguter",
    "33.11.06": "Bendosari",
    "33.11.07": "Polokarto",
    "33.11.08": "Mojolaban",
    "33.11.09": "Grogol",
    "33.11.10": "Baki",
    "33.11.11": "Gatak",
    "33.11.12": "Kartasura",
}

# NPSN, name, level, public (negeri), district
SCHOOLS: Final[tuple[tuple[str, str, str, bool, str], ...]] = (
    ("20310414", "SMAS KRISTEN KALAM KUDUS SUKOHARJO", "SMA", False, "33.11.09"),
    ("20310415", "SMAN 1 NGUTER", "SMA", True, "33.11.05"),
    ("20310416", "SMAN 1 POLOKARTO", "SMA", True, "33.11.07"),
    ("20310417", "SMAN 1 SUKOHARJO", "SMA", True, "33.11.04"),
    ("20310418", "SMAN 1 TAWANGSARI", "SMA", True, "33.11.03"),
    ("20310419", "SMAN 1 WERU", "SMA", True, "33.11.01"),
    ("20310420", "SMAN 2 SUKOHARJO", "SMA", True, "33.11.12"),
    ("20310421", "SMAN 3 SUKOHARJO", "SMA", True, "33.11.06"),
    ("20310422", "SMAN 1 BULU", "SMA", True, "33.11.02"),
    ("20310423", "SMKS MUHAMMADIYAH WATUKELIR", "SMK", False, "33.11.01"),
    ("20310424", "SMAN 1 MOJOLABAN", "SMA", True, "33.11.08"),
    ("20310425", "SMAN 1 KARTASURA", "SMA", True, "33.11.12"),
    ("20310427", "SMAS MUHAMMADIYAH 1 SUKOHARJO", "SMA", False, "33.11.04"),
    ("20310429", "SMAS MUHAMMADIYAH 3 WATUKELIR", "SMA", False, "33.11.01"),
    ("20310430", "SMAS MUHAMMADIYAH AL KAUTSAR PROGRAM KHUSUS KARTASURA", "SMA", False, "33.11.12"),
    ("20310431", "SMAS MUHAMMADIYAH 5 GATAK", "SMA", False, "33.11.11"),
    ("20310434", "SMAS PRAWIRA MARTA KARTASURA", "SMA", False, "33.11.12"),
    ("20310435", "SMAS VETERAN 1 SUKOHARJO", "SMA", False, "33.11.04"),
    ("20310436", "SMKN 1 SUKOHARJO", "SMK", True, "33.11.06"),
    ("20310437", "SMKS PERTIWI KARTASURA", "SMK", False, "33.11.12"),
    ("20310438", "SMKS PGRI SUKOHARJO", "SMK", False, "33.11.06"),
    ("20310439", "SMKS MUHAMMADIYAH 1 SUKOHARJO", "SMK", False, "33.11.04"),
    ("20310440", "SMKS MUHAMMADIYAH 2 SUKOHARJO", "SMK", False, "33.11.05"),
    ("20310441", "SMKN 2 SUKOHARJO", "SMK", True, "33.11.04"),
    ("20310442", "SMKS PEMBANGUNAN NASIONAL", "SMK", False, "33.11.04"),
    ("20310443", "SMKS TUNAS BANGSA TAWANGSARI", "SMK", False, "33.11.03"),
    ("20310445", "SMKS VETERAN 1 SUKOHARJO", "SMK", False, "33.11.06"),
    ("20310446", "SMKS KASATRIAN SOLO SUKOHARJO", "SMK", False, "33.11.12"),
    ("20310447", "SMKS KRIYA SAHID SUKOHARJO", "SMK", False, "33.11.04"),
    ("20310448", "SMKS PELAYARAN PANCASILA KARTASURA", "SMK", False, "33.11.12"),
    ("20310449", "SMKS MUHAMMADIYAH KARTASURA", "SMK", False, "33.11.12"),
    ("20310450", "SMKS IPTEK WERU SUKOHARJO", "SMK", False, "33.11.01"),
    ("20310451", "SMKS HARAPAN KARTASURA", "SMK", False, "33.11.12"),
    ("20310452", "SMKS PRAWIRA MARTA KARTASURA", "SMK", False, "33.11.12"),
    ("20310453", "SMKS SARASWATI GROGOL SUKOHARJO", "SMK", False, "33.11.09"),
    ("20310454", "SMKS TAMANSISWA SUKOHARJO", "SMK", False, "33.11.04"),
    ("20310458", "SMKS BINA PATRIA 1 SUKOHARJO", "SMK", False, "33.11.04"),
    ("20310459", "SMKS BINA PATRIA 2 SUKOHARJO", "SMK", False, "33.11.04"),
    ("20310460", "SMKS COKROAMINOTO SUKOHARJO", "SMK", False, "33.11.12"),
    ("20310495", "SMAS ASSALAM SUKOHARJO", "SMA", False, "33.11.12"),
    ("20310496", "SMAS GAJAH MADA KARTASURA", "SMA", False, "33.11.12"),
    ("20310509", "SMAS MUHAMMADIYAH PONTREN IMAM SYUHODO", "SMA", False, "33.11.07"),
    ("20330886", "SMKS ASSALAAM SUKOHARJO", "SMK", False, "33.11.12"),
    ("20337801", "SMKS MUHAMADIYAH PONTREN IMAM SYUHODO", "SMK", False, "33.11.07"),
    ("20337802", "SMKN 3 SUKOHARJO", "SMK", True, "33.11.09"),
    ("20341554", "SMAS IT NURHIDAYAH", "SMA", False, "33.11.12"),
    ("20353956", "SMAS AL FIRDAUS", "SMA", False, "33.11.12"),
    ("20360534", "SMAS ADH DHUHAA", "SMA", False, "33.11.10"),
    ("20360953", "SMKN 4 SUKOHARJO", "SMK", True, "33.11.10"),
    ("20360954", "SMKN 6 SUKOHARJO", "SMK", True, "33.11.11"),
    ("20361201", "SMAS INSAN CENDIKIA AL-MUJTABA", "SMA", False, "33.11.10"),
    ("20362426", "SMAS ISLAM AL-AZHAR SOLO BARU", "SMA", False, "33.11.10"),
    ("69727079", "SMKN 5 SUKOHARJO", "SMK", True, "33.11.02"),
    ("69754834", "SMAS AL-AMIN PALUR", "SMA", False, "33.11.08"),
    ("69760565", "SMAS ISLAM KHALIFATULLAH", "SMA", False, "33.11.08"),
    ("69849333", "SMK TEKSTIL LAILATUL QODAR SUKOHARJO", "SMK", False, "33.11.04"),
    ("69849398", "SMK KESEHATAN CITRA MEDIKA SUKOHARJO", "SMK", False, "33.11.11"),
    ("69849400", "SMK MARTHA ABADI SUKOHARJO", "SMK", False, "33.11.04"),
    ("69945932", "SMK DAARUL HIDAYAH", "SMK", False, "33.11.04"),
    ("69986890", "SMA UNGGULAN CT ARSA FOUNDATION SUKOHARJO", "SMA", False, "33.11.06"),
)

# the districts that neighbour each other, and the kabupaten around: where students of a school also live
NEIGHBOURS: Final[dict[str, tuple[str, ...]]] = {
    "33.11.01": ("33.11.02", "33.11.03"),
    "33.11.02": ("33.11.01", "33.11.03", "33.11.05"),
    "33.11.03": ("33.11.01", "33.11.02", "33.11.04"),
    "33.11.04": ("33.11.03", "33.11.05", "33.11.06"),
    "33.11.05": ("33.11.02", "33.11.04", "33.11.06"),
    "33.11.06": ("33.11.04", "33.11.05", "33.11.07"),
    "33.11.07": ("33.11.06", "33.11.08"),
    "33.11.08": ("33.11.07", "33.11.09"),
    "33.11.09": ("33.11.08", "33.11.10", "33.11.04"),
    "33.11.10": ("33.11.09", "33.11.11"),
    "33.11.11": ("33.11.10", "33.11.12"),
    "33.11.12": ("33.11.11", "33.11.10"),
}
OUTSIDE: Final[tuple[tuple[str, str], ...]] = (
    ("33.10.25", "Klaten"),
    ("33.12.12", "Wonogiri"),
    ("33.13.09", "Karanganyar"),
    ("33.72.01", "Surakarta"),
)
