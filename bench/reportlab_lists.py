"""The day lists of bench/printing.py as ReportLab sets them: `python bench/reportlab_lists.py FONTS WRAPS FIRST COUNT`.

Run by a Python that has reportlab and segno, which the program itself does not need. Every cell of the table is there,
letterhead, facts, QR code, page x of y and foot; the emblem and the heavier rules are not. WRAPS 1: names, classes and
remarks may take two lines, as ours may, in the same font. WRAPS 0: bare strings in a font that every reader has.
Prints seconds of the processor, and the bytes of the PDF.
"""

from __future__ import annotations

import io
import sys
import time

import segno
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

HEADINGS = [
    "No.",
    "Jam",
    "Nama",
    "Kelas",
    "Tgl. lahir",
    "NIK",
    "Sudah rekam",
    "Gagal",
    "Tidak hadir",
    "Menolak",
]
HEADINGS += ["Keterangan", "Tanda tangan"]
WIDTHS = [width * mm for width in (10, 13, 61, 26, 22, 34, 13, 13, 13, 13, 28, 27)]
HOW = (
    "Centang satu kotak untuk tiap siswa dan minta siswa menandatangani. Bila belum terekam, tulis alasannya."
)
FOOT = "RAHASIA: memuat data pribadi anak. Jangan difoto, digandakan, atau ditinggalkan."
PRINTED = "Dicetak oleh Sari Wulandari, 11 Agustus 2026, 14.05 WIB"


class Code(Flowable):
    """The QR code, a square a module."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.modules = segno.make(address, micro=False, error="m").matrix

    def wrap(self, *_: float) -> tuple[float, float]:
        """How large it is."""
        return 18 * mm, 18 * mm

    def draw(self) -> None:
        """Draw it."""
        size = 18 * mm / len(self.modules)
        for down, line in enumerate(self.modules):
            for across, dark in enumerate(line):
                if dark:
                    self.canv.rect(across * size, 18 * mm - (down + 1) * size, size, size, stroke=0, fill=1)


class Numbered(canvas.Canvas):
    """Pages that know how many they are."""

    def __init__(self, *arguments: object, **named: object) -> None:
        super().__init__(*arguments, **named)
        self.pages: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802
        """Keep the page until their number is known."""
        self.pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Write foot and number on each."""
        for page in self.pages:
            self.__dict__.update(page)
            self.setFont(FACES[0], 8.5)
            self.drawString(12 * mm, 9 * mm, FOOT)
            self.drawString(12 * mm, 5.5 * mm, PRINTED)
            self.drawRightString(285 * mm, 8 * mm, f"Halaman {self._pageNumber} dari {len(self.pages)}")
            super().showPage()
        super().save()


FACES = ["Helvetica", "Helvetica-Bold"]


def rows_of(number: int) -> list[list[object]]:
    """The students of bench/printing.py's list of this number."""
    return [
        [
            str(place),
            f"{8 + place // 10 % 8:02d}.00",
            f"SISWA CONTOH {number} NOMOR {place}",
            f"XII MIPA {1 + place // 36}",
            f"{1 + place % 28:02d}-{1 + (place + number) % 12:02d}-2009",
            f"331108{1 + place % 28:02d}{1 + (place + number) % 12:02d}09{9000 + place}",
            *("",) * 6,
        ]
        for place in range(1, 51)
    ]


def list_of(number: int, wraps: bool) -> bytes:
    """One list."""
    plain = ParagraphStyle("plain", fontName=FACES[0], fontSize=10.5, leading=12)
    bold = ParagraphStyle("bold", fontName=FACES[1], fontSize=10.5, leading=12)
    table = Table(
        [HEADINGS]
        + [
            [
                Paragraph(str(cell), bold if column == 2 else plain)
                if wraps and column in (2, 3, 10)
                else cell
                for column, cell in enumerate(row)
            ]
            for row in rows_of(number)
        ],
        colWidths=WIDTHS,
        rowHeights=None if wraps else 8.2 * mm,
        repeatRows=1,
    )
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), FACES[0], 9),
                ("FONT", (0, 1), (0, -1), FACES[1], 12),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.grey),
                ("INNERGRID", (6, 0), (-1, -1), 0.5, colors.grey),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        )
    )
    made = io.BytesIO()
    margins = {"leftMargin": 12 * mm, "rightMargin": 12 * mm, "topMargin": 17 * mm, "bottomMargin": 16 * mm}
    SimpleDocTemplate(made, pagesize=landscape(A4), **margins).build(
        [
            Code(f"https://perekaman.example/hari/{number}"),
            Paragraph("PEMERINTAH KABUPATEN SUKOHARJO", plain),
            Paragraph("Dinas Kependudukan dan Pencatatan Sipil", bold),
            Paragraph("Daftar sesi perekaman harian, Rabu, 12 Agustus 2026", bold),
            Paragraph(f"SMA Contoh {number}, 20399001, Mojolaban, Tim Melati, 2 alat, 50 siswa", plain),
            Paragraph(HOW, plain),
            table,
            Table([["Terjadwal", *HEADINGS[6:10]], ["50", "", "", "", ""]]),
            PageBreak(),
        ],
        canvasmaker=Numbered,
    )
    return made.getvalue()


def main(fonts: str, wraps: str, first: str, count: str) -> None:
    """Set the lists and say what they took. They are not joined, which only helps ReportLab."""
    if wraps == "1":
        FACES[:] = ["SourceSans", "SourceSansBold"]
        for face, file in zip(FACES, ("Regular", "Semibold"), strict=True):
            pdfmetrics.registerFont(TTFont(face, f"{fonts}/SourceSansPro-{file}.ttf"))
    list_of(0, wraps == "1")
    begun, begun_work = time.perf_counter(), time.process_time()
    size = sum(len(list_of(int(first) + number, wraps == "1")) for number in range(int(count)))
    print(time.perf_counter() - begun, time.process_time() - begun_work, size)


if __name__ == "__main__":
    main(*sys.argv[1:])
