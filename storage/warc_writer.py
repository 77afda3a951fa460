"""Rolling WARC/1.1 files: one gzip member per record, the wire's bytes as blocks, never a half-written record.

A file carries ``.open`` while it is written and takes its final name, atomically, when it is full or the run ends.
A write that fails takes the file back to the last whole exchange.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from storage.errors import RunEndedEarly
from storage.kept_memory import keep_freed_memory
from storage.records import Capture, Exchange
from storage.warc_exchange import Original, capture_of, main_record, records_of
from storage.warc_member import Buffer, is_coded, lightly_packed, packed, packing
from storage.warc_planned import Planned, new_record_id
from storage.warc_record import BLOCK_END, WARC_FIELDS, field_lines, new_hash, sha1, warc_date
from storage.whole_files import sync_directory

CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_IN_MEMORY = 4 << 20
_LARGE = 16 << 10
"""Bytes of a message from which on those of the request beside it count for little, and the time to pack it more."""


def _now() -> datetime:
    return datetime.now(UTC)


class WarcWriter:
    """Writes exchanges into WARC files of one run; not for use from several threads.

    Args:
        directory: Where the files go; made when missing.
        run: The run's identifier, ``isPartOf`` of every file.
        software: Name and version of this program.
        fields: Further warcinfo fields, in order (WARC/1.1, 6.2).
        max_size: Bytes after which the next exchange begins a new file.
        fsync: Whether new files, finished ones, their directory and what :meth:`sync` is told are forced to the disk.
        clock: Gives the time for file names and warcinfo records.
    """

    def __init__(  # noqa: PLR0913 - each is one fact about the run, all but two by name
        self,
        directory: Path,
        *,
        run: str,
        software: str,
        fields: Mapping[str, str],
        max_size: int = 1_000_000_000,
        fsync: bool = True,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        keep_freed_memory()
        self._directory = directory
        self._run = run
        self._software = software
        self._fields = dict(fields)
        self._max_size = max_size
        self._fsync = fsync
        self._clock = clock
        self._serial = 0
        self.finished: list[str] = []
        """The names of the files that have their final names."""
        self._file: int | None = None
        self._name = ""
        self._offset = 0
        self._unsynced = False
        self._lost = False
        self._waiting: list[Buffer] = []
        """Members of the exchange under way that are not in the file yet, though ``_offset`` counts them."""

    def __enter__(self) -> WarcWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, exchange: Exchange, refers_to: Original | None) -> Capture:
        """Write one exchange and say where it stands.

        Args:
            exchange: What crossed the wire; its ``response`` is read from the start.
            refers_to: The record that already holds this payload, which makes the new one a revisit.

        Raises:
            RunEndedEarly: The disk is full or failing. Nothing of this exchange stays in the file, and later writes
                work again once the cause is gone.
            ValueError: The exchange holds neither a response nor a failure.
        """
        records = records_of(exchange, refers_to)
        main = main_record(records, exchange)
        if self._file is not None and self._offset >= self._max_size:
            self.close()
        place = ("", 0, 0)
        before = self._offset if self._file is not None else None
        try:
            if self._file is None:
                self._begin()
            coded = main.length <= _IN_MEMORY and main.head_length > 0 and is_coded(main.whole(), main.head_length)
            for record in records:
                offset = self._offset
                self._append(record, light=coded or (record is not main and main.length >= _LARGE))
                if record is main:
                    place = (f"warc/{self._name}", offset, self._offset - offset)
            self._write_out()
        except BaseException as error:
            self._undo(error, before, f"the capture of {exchange.url}")
            raise
        self._unsynced = True
        return capture_of(exchange, main, place, self._run)

    def begin(self) -> str:
        """Begin a file, so that its warcinfo record stands in the archive though nothing is captured; give its name.

        Raises:
            RunEndedEarly: The disk is full or failing.
        """
        before = self._offset if self._file is not None else None
        try:
            if self._file is None:
                self._begin()
            self._write_out()
        except BaseException as error:
            self._undo(error, before, "its first record")
            raise
        return self._name

    def sync(self) -> None:
        """Force what was written so far to the disk, as before a database commit that points at it.

        Raises:
            RunEndedEarly: The disk refuses, or did so when a file was finished since the last time. The kernel may have
                dropped what was written and would not say so again, so the file keeps its ``.open`` name, to be mended
                at the next start, and the next exchange begins a new one.
        """
        if self._lost:
            self._lost = False
            raise RunEndedEarly(
                f"What was written to {self._directory} last may not be on the disk. Everything captured before is "
                "kept; make room or mend the disk, then run the same command again."
            )
        if self._file is None or not self._fsync:
            return
        with self._reporting(
            f"forcing {self._name} to the disk (it is taken for damaged and judged at the next start)"
        ):
            try:
                os.fsync(self._file)
            except OSError:
                self._let_go()
                self._lost = False
                raise
        self._unsynced = False

    def close(self) -> None:
        """Finish the current file and give it its final name; without a file there is nothing to do.

        Raises:
            RunEndedEarly: The disk refuses; the file keeps its ``.open`` name and is mended at the next start.
        """
        if self._file is None:
            return
        file, self._file = self._file, None
        with self._reporting(f"finishing {self._name}"):
            try:
                if self._fsync:
                    os.fsync(file)
                self._unsynced = False
            except OSError:
                self._lost, self._unsynced = self._unsynced, False
                raise
            finally:
                os.close(file)
            publish(self._directory / f"{self._name}.open", self._directory / self._name, fsync=self._fsync)
        self.finished.append(self._name)

    @contextlib.contextmanager
    def _reporting(self, deed: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._ended(error, deed) from error

    def _undo(self, error: BaseException, before: int | None, what: str) -> None:
        """Leave nothing of an exchange in the file, which ended at ``before``, None where it has just begun.

        Raises:
            RunEndedEarly: The disk refused to take the exchange, or to let go of it.
        """
        deed = f"writing {what} to {self._name if before is not None else 'a new file'}"
        with self._reporting(deed):
            self._retreat(before)
        if isinstance(error, OSError):
            raise self._ended(error, deed) from error

    def _ended(self, error: OSError, deed: str) -> RunEndedEarly:
        return RunEndedEarly(
            f"{error.strerror or error} while {deed} in {self._directory}. Everything captured before is kept; "
            f"make room or mend the disk, then run the same command again."
        )

    def _retreat(self, offset: int | None) -> None:
        """Take the file back to ``offset``, or away altogether where this exchange began it."""
        self._waiting.clear()
        if self._file is None:
            return
        try:
            os.ftruncate(self._file, offset or 0)
            self._offset = os.lseek(self._file, offset or 0, os.SEEK_SET)
            if offset is None:
                (self._directory / f"{self._name}.open").unlink()
        except OSError:
            # The half-written tail stays behind in the .open file, to be mended at the next start.
            self._let_go()
            raise
        if offset is None:
            self._let_go()

    def _let_go(self) -> None:
        self._lost, self._unsynced = self._lost or self._unsynced, False
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _begin(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        moment = self._clock().astimezone(UTC)
        stamp = moment.strftime("%Y%m%d%H%M%S%f")[:17]
        # "20260915T091648Z-ab12" -> "648Zab12": whatever a run is called, its file names stay plain.
        short = re.sub(r"[^A-Za-z0-9]", "", self._run)[-8:] or "run"
        while self._file is None:
            self._name = f"gochim-{stamp}-{self._serial:05d}-{short}.warc.gz"
            self._serial += 1
            if (self._directory / self._name).exists():
                continue
            with contextlib.suppress(FileExistsError):
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
                self._file = os.open(self._directory / f"{self._name}.open", flags, 0o644)
        self._offset = 0
        if self._fsync:
            sync_directory(self._directory)
        self._append(self._warcinfo(moment))

    def _warcinfo(self, moment: datetime) -> Planned:
        lines = {
            "software": self._software,
            "format": "WARC File Format 1.1",
            "conformsTo": CONFORMS_TO,
            **self._fields,
            "isPartOf": self._run,
        }
        block = field_lines(lines.items())
        own = f"WARC-Date: {warc_date(moment)}\r\nWARC-Filename: {self._name}\r\nContent-Type: {WARC_FIELDS}\r\n"
        return Planned("warcinfo", new_record_id(), own, block, len(block))

    def _append(self, record: Planned, *, light: bool = False) -> None:
        if record.length <= _IN_MEMORY:
            block = record.whole()
            header = record.header(sha1(block))
            body_at = record.head_length or len(block)
            self._put(lightly_packed(header, block, body_at) if light else packed(header, block))
            return
        digest = new_hash("sha1")
        for piece in record.pieces():
            digest.update(piece)
        member = packing()
        self._put(member.compress(record.header(digest.digest())))
        for piece in record.pieces():
            self._put(member.compress(piece))
            self._write_out()
        self._put(member.compress(BLOCK_END) + member.flush())

    def _put(self, member: Buffer) -> None:
        self._waiting.append(member)
        self._offset += len(member)

    def _write_out(self) -> None:
        """Write what waits, an exchange's records at once."""
        if self._file is None:
            raise ValueError("No WARC file is open.")
        waiting = b"".join(self._waiting)
        self._waiting.clear()
        written = os.write(self._file, waiting) if waiting else 0
        while written < len(waiting):
            written += os.write(self._file, memoryview(waiting)[written:])


def publish(unfinished: Path, final: Path, *, fsync: bool) -> None:
    """Give a finished file its final name, once and for good.

    Raises:
        FileExistsError: The final name is taken; nothing was changed.
        OSError: The disk refuses.
    """
    if final.exists():
        raise FileExistsError(errno.EEXIST, f"{final.name} exists already")
    unfinished.rename(final)
    if fsync:
        sync_directory(final.parent)
