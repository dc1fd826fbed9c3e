"""Which heading is which field: headings are read by meaning, over one to three joined rows.

A Dapodik export has four columns called NIK and four called Nama, so a heading is always judged together with
the group above it: `Data Ayah / NIK` is a parent's and never the student's.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, unique
from functools import lru_cache


@unique
class Field(Enum):
    """What a column may hold. Only the columns of a field listed here are ever looked into."""

    NAME = "name"
    NIK = "nik"
    NISN = "nisn"
    SEX = "sex"
    BIRTH_PLACE = "birth_place"
    BIRTH_DATE = "birth_date"
    PLACE_AND_DATE = "place_and_date"
    CLASS = "class"
    GRADE = "grade"
    MAJOR = "major"
    PARALLEL = "parallel"
    ADDRESS = "address"
    RT = "rt"
    RW = "rw"
    VILLAGE = "village"
    DISTRICT = "district"
    SPECIAL_NEEDS = "special_needs"
    STATUS = "status"
    RECORDED = "recorded"
    MARRIED = "married"
    NPSN = "npsn"
    SCHOOL = "school"
    ROW_NUMBER = "row_number"
    PARENT_NIK = "parent_nik"
    STAFF = "staff"
    LEFT_SCHOOL = "left_school"
    UNNEEDED = "unneeded"


IDENTIFYING = frozenset(
    {
        Field.NAME,
        Field.NIK,
        Field.NISN,
        Field.SEX,
        Field.BIRTH_PLACE,
        Field.BIRTH_DATE,
        Field.PLACE_AND_DATE,
        Field.CLASS,
        Field.GRADE,
    }
)
"""Fields that make a row of headings the head of a student list."""

KEPT = frozenset(Field) - {Field.ROW_NUMBER, Field.STAFF, Field.LEFT_SCHOOL, Field.UNNEEDED, Field.PARENT_NIK}
"""Fields whose values may leave the reading process; parents' NIKs are compared inside it and dropped."""

_WORDS: dict[Field, str] = {
    Field.NAME: """nama; nama siswa; nama lengkap; nama peserta didik; nama pd; nama murid; nama santri; nama lengkap
        siswa; nama siswa lengkap; nama lengkap peserta didik; nama lengkap murid; nama siswa siswi; nama pemilih;
        nama penduduk; nama peserta; nama anak; nm siswa; nama siswa i; nama dan gelar; full name; name; student name;
        nama lengkap sesuai akta; nama sesuai kk; nama sesuai ijazah; nama calon pemilih; nama lgkp""",
    Field.NIK: """nik; no nik; nomor nik; nik siswa; nomor induk kependudukan; nomor induk kependudukan nik; nomor induk
        kependudukan nik siswa; no induk kependudukan; no ktp; nomor ktp; nik ktp; nik no ktp; nik nomor ktp; no nik
        siswa; nik peserta didik; nik pd; nik murid; nik sesuai kk; no identitas; nomor identitas nik; nik kitas;
        nik no kitas untuk wna; n i k""",
    Field.NISN: """nisn; no nisn; nomor nisn; nomor induk siswa nasional; no induk siswa nasional; nisn siswa; n i s n;
        nomor induk siswa nasional nisn; nomor urut nasional""",
    Field.SEX: """jk; l p; lp; p l; jenis kelamin; kelamin; sex; gender; jns kelamin; j k; jenkel; jen kel; kel; seks;
        jenis kelamin l p; jk l p; jenis kel; jns kel; jenis klmin; l atau p""",
    Field.BIRTH_PLACE: """tempat lahir; tmp lahir; tmpt lahir; tpt lahir; tmp lhr; tempat kelahiran; kota lahir;
        kabupaten lahir; tempat lhr; birth place; place of birth; tempat lahir siswa; kab kota lahir""",
    Field.BIRTH_DATE: """tanggal lahir; tgl lahir; tgl lhr; tanggal kelahiran; birth date; date of birth; dob; tgllahir;
        tanggal lahir siswa; tanggal lhr; tg lahir; birthdate; tanggallahir; tanggal bulan tahun lahir""",
    Field.PLACE_AND_DATE: """ttl; t t l; tempat tanggal lahir; tempat tgl lahir; tempat dan tanggal lahir; tempat dan
        tgl lahir; tmp tgl lahir; tmpt tgl lahir; tempat tanggal kelahiran; kelahiran; tempat lahir tanggal lahir;
        tempat lahir tgl lahir; tempat tgl lhr""",
    Field.CLASS: """kelas; rombel; rombel saat ini; rombongan belajar; nama rombel; nama kelas; kelas rombel; rombel
        kelas; tingkat rombel; kode kelas; kls; kelas saat ini; class; kelas sekarang; rombongan belajar saat ini;
        kelas rombongan belajar; nama rombongan belajar; rombel aktif; class name; kelas jurusan""",
    Field.GRADE: "tingkat; tingkat kelas; tingkat pendidikan; grade; tkt; tingkatan",
    Field.MAJOR: """jurusan; program keahlian; konsentrasi keahlian; kompetensi keahlian; program studi; peminatan;
        kode kompetensi""",
    Field.PARALLEL: "kelas paralel; paralel; nomor kelas",
    Field.ADDRESS: """alamat; alamat jalan; alamat rumah; alamat siswa; alamat lengkap; alamat tempat tinggal; jalan;
        alamat tinggal; alamat domisili; address; alamat sesuai kk; alamat peserta didik""",
    Field.RT: "rt; no rt",
    Field.RW: "rw; no rw",
    Field.VILLAGE: """kelurahan; desa; desa kelurahan; kelurahan desa; desa kel; kel desa; keluarahan; nama
        kelurahan; nama desa; nama desa kelurahan; nama kel; desa atau kelurahan; kalurahan""",
    Field.DISTRICT: "kecamatan; kec; nama kecamatan; kapanewon; kemantren; kecamatan siswa; kecamatan tempat tinggal",
    Field.SPECIAL_NEEDS: """kebutuhan khusus; disabilitas; berkebutuhan khusus; kode disabilitas; jenis disabilitas;
        abk; jenis kebutuhan khusus; ragam disabilitas; kebutuhan khusus siswa""",
    Field.STATUS: """status; status siswa; status peserta didik; status aktif; keaktifan; keterangan; ket; status murid;
        keterangan siswa; status keaktifan; catatan""",
    Field.RECORDED: """status ktp el; status ktp; status rekam; status perekaman; ktp elektronik; ktp el; status
        ektp; status e ktp; sudah rekam; rekam ktp; perekaman; keterangan rekam; status rekam ktp el; rekam ktp el;
        sudah rekam ktp
        el; status perekaman ktp el; sudah perekaman; rekam e ktp; sudah belum rekam""",
    Field.MARRIED: "status perkawinan; status kawin; kawin; status nikah; status pernikahan; perkawinan",
    Field.NPSN: "npsn; no npsn; npsn sekolah; kode sekolah npsn",
    Field.SCHOOL: """nama sekolah; sekolah; nama satuan pendidikan; satuan pendidikan; nama madrasah;
        nama madrasah aliyah;        madrasah; school; asal satuan pendidikan; unit sekolah""",
    Field.ROW_NUMBER: "no; nomor; no urut; nomor urut; urut; nomer; num; number; no absen; absen; id; n0",
    Field.STAFF: """nuptk; nip; jenis ptk; status kepegawaian; tugas tambahan; sk cpns; tmt pengangkatan;
        pangkat golongan; sk pengangkatan; lembaga pengangkatan; mata pelajaran diampu; nip nuptk; npk; jabatan;
        mapel""",
    Field.LEFT_SCHOOL: "keluar karena; alasan keluar; mutasi karena; sebab keluar",
    Field.UNNEEDED: """nipd; nis; nis lokal; no induk; nomor induk; induk; no induk siswa; nomor induk siswa; nis nisn;
        nism; agama; dusun; nama dusun; kode pos; jenis tinggal; alat transportasi; transportasi; telepon; hp; no hp;
        no telepon; e mail; email; skhun; penerima kps; no kps; tahun lahir; jenjang pendidikan; pekerjaan;
        penghasilan; no peserta ujian nasional; no seri ijazah; penerima kip; nomor kip; nama di kip; nomor kks; no
        registrasi akta lahir; bank; nomor rekening bank; rekening atas nama; layak pip usulan dari sekolah; alasan
        layak pip; sekolah asal; asal sekolah; anak ke berapa; lintang; bujur; no kk; nomor kk; berat badan; tinggi
        badan; lingkar kepala; jml saudara kandung; jarak rumah ke sekolah km; umur; usia; nomor kip pip; pendidikan;
        no kartu keluarga; nomor kartu keluarga; kewarganegaraan; tahun masuk; tahun lulus; username; password; hobi;
        cita cita; tps; kode tms; coklit; pemilih baru; pemilih pemula; ubah data; guru wali; wali kelas; jumlah;
        nsm; nsm ma; status lembaga; provinsi; kab kota; kabupaten; kabupaten kota; kota; semester; foto; tanda
        tangan; ttd; paraf; nilai; data ayah; data ibu; data wali; identitas siswa; identitas; data siswa; data
        pribadi; orang tua; data orang tua; tempat; tanggal; tgl; tanggal keluar; tgl keluar""",
}
_FIELD_OF: dict[str, Field] = {
    " ".join(word.split()): field for field, words in _WORDS.items() for word in words.split(";")
}

_PARENT = re.compile(r"\b(ayah|bapak|ibu|wali|ortu|orangtua|orang tua|bpk|kepala keluarga|suami|istri)\b")
_GROUP = re.compile(r"^(identitas|informasi|biodata|data)\b")
_PARENT_NIK = re.compile(r"\b(nik|ktp|induk kependudukan)\b")
_OF_SCHOOL = re.compile(r"\b(sekolah|madrasah|lembaga|satuan pendidikan)\b")
_HOME_FIELDS = frozenset({Field.ADDRESS, Field.RT, Field.RW, Field.VILLAGE, Field.DISTRICT})

# Read only when no exact heading matched; a column mapped by one of these is shown as unsure.
_LIKELY: tuple[tuple[re.Pattern[str], Field], ...] = (
    (re.compile(r"\b(kk|kip|kps|kks|kartu keluarga|rekening|ijazah|akta|asal|panggilan)\b"), Field.UNNEEDED),
    (re.compile(r"\bnisn\b"), Field.NISN),
    (re.compile(r"\bnpsn\b"), Field.NPSN),
    (re.compile(r"\b(nik|induk kependudukan|no(mor)? ktp)\b"), Field.NIK),
    (re.compile(r"\b(ktp|rekam|perekaman)\b"), Field.RECORDED),
    (re.compile(r"\b(tempat|tmpt?)\b.*\b(tanggal|tgl)\b|\bttl\b"), Field.PLACE_AND_DATE),
    (re.compile(r"\b(tempat|tmpt?|kota)\b.*\b(lahir|lhr)\b"), Field.BIRTH_PLACE),
    (re.compile(r"\b(tanggal|tgl)\b.*\b(lahir|lhr)\b|\bbirth\b"), Field.BIRTH_DATE),
    (re.compile(r"\b(jenis kelamin|kelamin|gender)\b"), Field.SEX),
    (re.compile(r"\b(rombel|rombongan belajar)\b|^kelas\b(?! \d)"), Field.CLASS),
    (re.compile(r"^nama\b.*\b(siswa|peserta|murid|lengkap|pd|santri)\b|\bstudent\b.*\bname\b"), Field.NAME),
    (re.compile(r"^(kawin|perkawinan)\b|\bperkawinan\b"), Field.MARRIED),
    (re.compile(r"^alamat\b"), Field.ADDRESS),
    (re.compile(r"\b(disabilitas|kebutuhan khusus)\b"), Field.SPECIAL_NEEDS),
)

_UNNAMED = re.compile(r"_?unnamed:?[ _]*\d+(_level_\d+)?", re.I)
_FORMAT_HINT = re.compile(
    r"\((?=[^()]*(dd|mm|yy|format|contoh|wajib|teks|text|hh|digit|angka))[^()]*\)", re.I
)
_NOT_WORD = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: `index` from 0, its letter, the heading as typed, and the field it was taken for.

    `sure` is False where the heading only resembles a known one, or another column claims the same field.
    """

    index: int
    letter: str
    heading: str
    field: Field
    sure: bool


@lru_cache(maxsize=1024)
def column_letter(index: int) -> str:
    """The letter of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letter: str) -> int:
    """The index from 0 of a column by its letter: A is 0, AA is 26."""
    index = 0
    for sign in letter:
        index = 26 * index + ord(sign) - 64
    return index - 1


@lru_cache(maxsize=8192)
def heading_key(text: str) -> str:
    """A heading as compared: small letters and single spaces, without marks and format hints."""
    text = unicodedata.normalize("NFKC", text)
    text = _FORMAT_HINT.sub(" ", _UNNAMED.sub(" ", text))
    return _NOT_WORD.sub(" ", _CAMEL.sub(" ", text).casefold()).strip()


@lru_cache(maxsize=8192)
def is_heading_word(text: str) -> bool:
    """True where a single cell reads as a heading on its own, needed or not."""
    key = heading_key(text)
    if key in _FIELD_OF:
        return True
    return len(key) <= 70 and bool(_GROUP.match(key) or _PARENT.search(key))


def field_of(parts: Sequence[str]) -> tuple[Field | None, bool]:
    """The field of a column from its heading parts, outermost first, and whether that is sure.

    None means that nothing is known about such a heading. Parents' NIK comes back as PARENT_NIK and everything
    else of a parent as UNNEEDED, whatever it is called.
    """
    keys = [key for key in map(heading_key, parts) if key]
    if not keys:
        return None, False
    joined, leaf, groups = " ".join(keys), keys[-1], " ".join(keys[:-1])

    if joined in _FIELD_OF and not _PARENT.search(joined):
        return _FIELD_OF[joined], True
    if re.fullmatch(r"nik [aiw]", joined):
        return Field.PARENT_NIK, True
    if _PARENT.search(joined):
        if _PARENT_NIK.search(leaf):
            return Field.PARENT_NIK, True
        # The address under "Orang tua" is, in EMIS forms, the only home address that the list has.
        if not _PARENT.search(leaf) and _FIELD_OF.get(leaf) in _HOME_FIELDS:
            return _FIELD_OF[leaf], False
        return Field.UNNEEDED, True
    if groups and _OF_SCHOOL.search(groups) and _FIELD_OF.get(leaf) in _HOME_FIELDS | {Field.STATUS}:
        return Field.UNNEEDED, True
    if groups and _FIELD_OF.get(keys[-2]) in (Field.PLACE_AND_DATE, Field.BIRTH_DATE, Field.BIRTH_PLACE):
        if leaf.startswith(("tempat", "tmp", "kota")) and "t" in leaf:
            return Field.BIRTH_PLACE, True
        if leaf.startswith(("tanggal", "tgl")):
            return Field.BIRTH_DATE, True
    # "Tanggal Keluar / Sekolah" names no school: a group over such a word changes what it says.
    if leaf in _FIELD_OF and not (groups and _FIELD_OF[leaf] in (Field.SCHOOL, Field.STATUS)):
        return _FIELD_OF[leaf], True
    if groups and groups in _FIELD_OF:
        return _FIELD_OF[groups], False
    for pattern, field in _LIKELY:
        if pattern.search(joined):
            return field, False
    return None, False


def map_columns(
    headings: Sequence[Sequence[str]], chosen: Mapping[str, Field] | None = None
) -> tuple[Column, ...]:
    """Every column that has a heading, with its field; `headings[i]` are the parts of column i, outermost first.

    `chosen` holds answers a person gave before, by `heading_key` of the joined heading; they outrank everything.
    Where two columns claim one field the surer, then the first, keeps it and the other becomes UNNEEDED and unsure
    (parents' NIKs and markers may repeat).
    """
    taken: dict[Field, Column] = {}
    columns: list[Column] = []
    for index, parts in enumerate(headings):
        shown = " / ".join(part.strip() for part in parts if part.strip())
        if not shown:
            continue
        answer = chosen.get(heading_key(shown)) if chosen else None
        if answer is not None:
            field, sure = answer, True
        else:
            found, sure = field_of(parts)
            field = found or Field.UNNEEDED
        column = Column(index, column_letter(index), shown, field, sure)
        if field in KEPT:
            holder = taken.get(field)
            if holder is None:
                taken[field] = column
            elif column.sure and not holder.sure:
                columns[columns.index(holder)] = _not_used(holder)
                taken[field] = column
            else:
                column = _not_used(column)
        columns.append(column)
    return tuple(columns)


def _not_used(column: Column) -> Column:
    return Column(column.index, column.letter, column.heading, Field.UNNEEDED, False)
