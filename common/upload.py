"""A form with one file, streamed to disk: who asks is known before the body is read, and nothing is held whole."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from tornado.httputil import HTTPInputError
from tornado.web import HTTPError, stream_request_body

from common.handler import Handler

MAX_FILE = 20 * 1024 * 1024
MAX_FIELD = 10_000
SLOWEST = 600  # seconds for a body: 20 MiB on a bad line
MAX_FIELDS = 200
MAX_HEADER = 16 * 1024  # of one part
MAX_FORM = 1024 * 1024  # of a form without a file
FRAME = 64 * 1024  # what a form needs around its file
READ_ON = (
    2 * MAX_FILE
)  # a file somewhat too large is read to its end and dropped, so that the browser hears the reason


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that arrived. `name` is what the sender calls it: for showing only, never a path."""

    path: Path
    name: str
    size: int
    sha256: str


class FormReader:
    """Reads a multipart body as it comes: small fields into memory, the one file into `folder`."""

    def __init__(self, content_type: str, folder: Path) -> None:
        """Raises ValueError when the body is not a multipart form."""
        kind, options = parse_options_header(content_type)
        if kind != b"multipart/form-data" or b"boundary" not in options:
            raise ValueError(content_type)
        self.fields: dict[str, str] = {}
        self.file_name: str | None = None
        self.path: Path | None = None
        self.size = 0
        self.is_too_large = False
        self._folder = folder
        self._hash = hashlib.sha256()
        self._file: BinaryIO | None = None
        self._headers: dict[bytes, bytes] = {}
        self._header = (b"", b"")
        self._name = ""
        self._value = bytearray()
        self._is_file = False
        self._header_size = 0
        self._parts = 0
        self._parser = MultipartParser(
            options[b"boundary"],
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._on_header(data[start:end], b""),
                "on_header_value": lambda data, start, end: self._on_header(b"", data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": self._named,
                "on_part_data": lambda data, start, end: self._data(data[start:end]),
                "on_part_end": self._end,
            },
        )

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the body. Raises ValueError when they are no form."""
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise ValueError("not a form") from error

    def keep(self) -> None:
        """The file has found its use: from now on `drop` leaves it alone."""
        self.path = None

    @property
    def is_empty(self) -> bool:
        """Whether a file was chosen that holds nothing: not the same as none chosen."""
        return bool(self.file_name) and self.size == 0

    def finish(self) -> Upload | None:
        """The file, or None when none was chosen or it `is_empty`. Call once the body has ended."""
        self._parser.finalize()
        self._close()
        if self.path is None or not self.file_name or self.size == 0:
            self.drop()
            return None
        return Upload(self.path, self.file_name, self.size, self._hash.hexdigest())

    def drop(self) -> None:
        """Remove what was written."""
        self._close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)
            self.path = None

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MAX_FIELDS + 1:
            raise ValueError("a form of ours has fewer parts")
        self._headers = {}
        self._header = (b"", b"")
        self._header_size = 0
        self._value = bytearray()
        self._is_file = False

    def _on_header(self, name: bytes, value: bytes) -> None:
        self._header_size += len(name) + len(value)
        if self._header_size > MAX_HEADER:
            raise ValueError("the header of a part is too long")
        self._header = (self._header[0] + name, self._header[1] + value)

    def _end_header(self) -> None:
        self._headers[self._header[0].lower()] = self._header[1]
        self._header = (b"", b"")

    def _named(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._is_file = b"filename" in options
        if self._is_file and self.path is None:
            shown = options[b"filename"].decode("utf-8", "replace").replace("\\", "/").rsplit("/", 1)[-1]
            self.file_name = "".join(mark if mark.isprintable() else " " for mark in shown)[:200]
            self._folder.mkdir(parents=True, exist_ok=True)
            self.path = self._folder / f"{secrets.token_hex(16)}.upload"
            self._file = self.path.open("xb")

    def _data(self, data: bytes) -> None:
        if not self._is_file:
            if len(self._value) < MAX_FIELD:
                self._value += data
            return
        if self._file is None:
            return  # a second file: a form of ours has one
        self.size += len(data)
        if self.size > MAX_FILE:
            self.is_too_large = True
            return
        self._hash.update(data)
        self._file.write(data)

    def _end(self) -> None:
        if self._is_file:
            self._close()
        elif len(self.fields) < MAX_FIELDS:
            self.fields[self._name] = bytes(self._value).decode("utf-8", "replace")


@stream_request_body
class UploadHandler(Handler):
    """A handler whose POST carries one file: `take_upload` answers it, `keep_upload` says that it is not to be removed.

    A file that was not kept when the answer is out, or when the sender goes away, is removed.
    """

    upload: Upload | None = None
    is_too_large = False
    is_empty = False
    _reader: FormReader | None = None
    _fault = 0
    _is_taken = False

    async def prepare(self) -> None:
        """Know who asks, then let the body come in."""
        try:
            await super().prepare()
        except HTTPError as error:
            if self.request.method != "POST":
                raise
            # who was signed out meanwhile shall read why: the body is let in, dropped, and then answered
            self._fault = error.status_code
        if self._finished or self.request.method != "POST":
            return
        connection: Any = self.request.connection
        connection.set_max_body_size(READ_ON + FRAME)
        connection.set_body_timeout(SLOWEST)
        if self._fault:
            return
        kind = self.request.headers.get("Content-Type", "")
        if kind.startswith("application/x-www-form-urlencoded"):
            return  # a form of the page that sends no file: fields only
        try:
            self._reader = FormReader(kind, self.config.files)
        except ValueError:
            raise HTTPError(400) from None

    def data_received(self, chunk: bytes) -> None:
        """Pass the body on as it comes. What is wrong with it is said once it is in: nobody hears an answer before."""
        if self._fault:
            return
        if self._reader is None:
            self.request.body += chunk
            if len(self.request.body) > MAX_FORM:
                self.request.body, self._fault = b"", 413
            return
        try:
            self._reader.feed(chunk)
        except ValueError:
            self._reader.drop()
            self._fault = 400

    def take_upload(self) -> Upload | None:
        """The file of this request. Without one `is_too_large` says whether it was over 20 MiB, `is_empty` whether it
        has 0 bytes.

        Call it first in `post`. Its fields are then found with `sent`, as in any form. Raises HTTPError for a body
        that is no form.
        """
        self._is_taken = True
        if self._fault:
            raise HTTPError(self._fault)
        if self._reader is None:
            try:
                self.request._parse_body()
            except HTTPInputError:
                raise HTTPError(400) from None
            return None
        self.upload = self._reader.finish()
        self.is_too_large = self._reader.is_too_large
        self.is_empty = self._reader.is_empty
        for name, value in self._reader.fields.items():
            self.request.body_arguments.setdefault(name, []).append(value.encode())
        if self.is_too_large:
            self._reader.drop()
            self.upload = None
        return self.upload

    def keep_upload(self) -> None:
        """The file was written down and stays."""
        if self._reader is not None:
            self._reader.keep()

    def on_finish(self) -> None:
        """Leave no file that nobody wrote down."""
        self._drop()
        super().on_finish()

    def on_connection_close(self) -> None:
        """The sender went away: in the middle of sending, leave no half file; later, the handler ends as it would."""
        if not self._is_taken:
            self._drop()
            # no answer will go out: stopping the server need not wait for one
            self.settings["under_way"].discard(self)
        super().on_connection_close()

    def _drop(self) -> None:
        if self._reader is not None:
            self._reader.drop()
