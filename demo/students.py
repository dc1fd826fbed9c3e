"""Invented students: plausible names, classes and birth dates, the same ones every time, and nobody real.

Every NIK has a serial from 9000 to 9999, which no office gives out first: real serials count from 0001 a day and place.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from zlib import crc32

from campaigns.eligibility import completed_years
from demo.sukoharjo import DISTRICTS, NEIGHBOURS, OUTSIDE
from schools.students import StudentFacts

FIRST_SERIAL = 9000
SERIALS = 1000
CLASS_SIZE = 34


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_BOYS = _words(
    "Adi Agus Ahmad Aldi Andika Angga Arif Bagas Bagus Bambang Bayu Bima Candra Danang Deni Dimas Edi "
    "Eko Fajar Farhan Galih Gilang Hafiz Hendra Ilham Indra Irfan Krisna Lukman Muhammad Nanda Nur "
    "Panji Prasetyo Rafi Rendi Reza Rizky Satria Sigit Surya Taufik Teguh Tri Wahyu Yoga Yusuf Zaki"
)
_GIRLS = _words(
    "Aisyah Alya Ana Anisa Aulia Ayu Bunga Citra Desi Dewi Diah Dian Dina Eka Fitri Hana Indah Intan "
    "Kartika Laras Lia Maya Mega Nabila Nadia Novi Nur Nurul Puput Putri Rahma Ratih Retno Rina Risma "
    "Salma Sari Sekar Septi Siti Sri Tiara Umi Vina Wulan Yuni Zahra"
)
_BOYS_SECOND = _words(
    "Adi Aji Arya Budi Cahyo Dwi Eka Fauzan Hadi Ikhsan Jati Kusuma Maulana Nur Putra Rizal Setya Tri "
    "Wahyu Yudha"
)
_GIRLS_SECOND = _words(
    "Ayu Aulia Cahya Dwi Eka Fatimah Hasna Indri Kurnia Laila Mutiara Nur Oktavia Puspita Rahayu Sinta "
    "Tri Wahyu Yulia Zahra"
)
_BOYS_LAST = _words(
    "Ardiansyah Firmansyah Gunawan Haryanto Hermawan Hidayat Kurniawan Mahendra Nugroho Nurcahyo "
    "Permana Pradana Pramono Prasetya Pratama Purnomo Rahmanto Ramadhan Santosa Saputra Setiawan "
    "Setyawan Susanto Utomo Wibowo Widodo Wijaya Yulianto"
)
_GIRLS_LAST = _words(
    "Agustina Anggraini Apriliani Astuti Damayanti Febriani Handayani Hapsari Kinasih Kusumawati "
    "Lestari Maharani Ningrum Ningsih Nuraini Oktaviani Permatasari Pertiwi Pratiwi Puspitasari Rahayu "
    "Rahmawati Ramadhani Safitri Salsabila Setyaningsih Utami Wahyuni Wulandari Yuliana"
)
_VOCATIONS = ("AKL", "BDP", "DKV", "MPLB", "TJKT", "TKRO", "TSM", "TB")
_NEEDS = ("tunanetra", "tunarungu", "tunadaksa", "tunagrahita")


class Registry:
    """Gives out NIK and NISN, each once, in the order they are asked for."""

    def __init__(self) -> None:
        self._serials: dict[str, int] = {}
        self._nisn: dict[int, int] = {}

    def nik(self, region: str, birth_date: date, sex: str) -> str:
        """A NIK of that region, birth date and sex, its serial from 9000 to 9999 not yet given.

        Raises OverflowError when none is left.
        """
        day = birth_date.day + (40 if sex == "P" else 0)
        first = f"{region.replace('.', '')}{day:02d}{birth_date:%m%y}"
        given = self._serials.get(first, 0)
        if given == SERIALS:
            raise OverflowError(f"no serial left for {first[:6]}")
        self._serials[first] = given + 1
        # not all from 9000 on: the last two digits are what screens show
        return f"{first}{FIRST_SERIAL + (crc32(first.encode()) + given) % SERIALS}"

    def nisn(self, birth_year: int) -> str:
        """A NISN of that birth year."""
        number = self._nisn.get(birth_year, 9_000_000)
        self._nisn[birth_year] = number + 1
        return f"{birth_year % 1000:03d}{number}"


def size_of(level: str, is_public: bool, chance: Random) -> int:
    """Students of a school. Shape: state schools about 950, private ones mostly 40 to 250 with a few large.

    Source: the sizes of 1,247 schools of five cities (Dapodik 2025), brought down to a kabupaten's.
    """
    if is_public:
        return min(1250, max(380, round(chance.gauss(960, 190))))
    return min(760, max(18, round(chance.lognormvariate(4.55 if level == "SMA" else 4.65, 0.85))))


def students_of(
    npsn: str, level: str, district: str, size: int, today: date, registry: Registry
) -> Iterator[StudentFacts]:
    """The students of a school, class by class; the same for the same school, size and date."""
    chance = Random(f"{npsn} {size}")
    year = today.year if today.month >= 7 else today.year - 1  # a school year begins in July
    for grade, (roman, share) in enumerate((("X", 0.345), ("XI", 0.335), ("XII", 0.32))):
        count = round(size * share)
        classes = max(1, -(-count // CLASS_SIZE))
        for number in range(count):
            name = _class_name(level, roman, number * classes // count, classes, npsn)
            yield _student(chance, registry, district, name, date(year - 16 - grade, 7, 1), today)


def _class_name(level: str, roman: str, n: int, classes: int, npsn: str) -> str:
    if level != "SMK":
        return f"{roman}-{n + 1}"
    first = int(npsn) % len(_VOCATIONS)
    kinds = max(1, min(4, classes // 2))
    return f"{roman} {_VOCATIONS[(first + n % kinds) % len(_VOCATIONS)]} {n // kinds + 1}"


def _student(
    chance: Random, registry: Registry, district: str, class_name: str, oldest: date, today: date
) -> StudentFacts:
    sex = "P" if chance.random() < 0.51 else "L"
    born = oldest + timedelta(days=chance.randrange(365))
    if chance.random() < 0.09:  # started school later, or repeated a year
        born -= timedelta(days=365)
    region, home = _home(chance, district)
    age = completed_years(born, today)
    # most of those of 17 have a card already; of those of 16 many were recorded in the year before
    is_recorded = chance.random() < (0.91 if age >= 17 else 0.62 if age == 16 else 0)
    has_nik = chance.random() > 0.004
    return StudentFacts(
        name=_name(chance, sex),
        birth_date=born,
        nik=registry.nik(region, born, sex) if has_nik else None,
        nisn=registry.nisn(born.year),
        sex=sex,
        birth_place=chance.choice(("Sukoharjo", "Sukoharjo", "Sukoharjo", "Surakarta", "Klaten", "Wonogiri")),
        class_name=class_name,
        address=f"RT {chance.randrange(1, 9):02d} RW {chance.randrange(1, 13):02d}",
        home_district=home,
        special_needs=chance.choice(_NEEDS) if chance.random() < 0.003 else "",
        is_married=age >= 18 and chance.random() < 0.002,
        recorded_before=is_recorded,
    )


def _home(chance: Random, district: str) -> tuple[str, str]:
    lot = chance.random()
    if lot < 0.7:
        return district, DISTRICTS[district]
    if lot < 0.92:
        other = chance.choice(NEIGHBOURS[district])
        return other, DISTRICTS[other]
    return chance.choice(OUTSIDE)


def _name(chance: Random, sex: str) -> str:
    first, second, last = (
        (_BOYS, _BOYS_SECOND, _BOYS_LAST) if sex == "L" else (_GIRLS, _GIRLS_SECOND, _GIRLS_LAST)
    )
    parts = [chance.choice(first)]
    if chance.random() < 0.55:
        parts.append(chance.choice([name for name in second if name != parts[0]]))
    if chance.random() < 0.9 or len(parts) == 1:
        parts.append(chance.choice(last))
    return " ".join(parts)
