"""The archive as one WACZ file: WARC files, index, page list, and a manifest with a digest of each, perhaps signed.

Written as a stream, so memory holds the index of one WARC file at most; entries are stored, not compressed, so that
players read single records out of the package. The same archive, pages and time give the same bytes. Source:
Webrecorder's WACZ 1.1.1 and CDXJ 0.1.0; the compressed index is ZipNum, as py-wacz and wabac.js have it.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import tempfile
import zipfile
import zlib
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric import ec

from storage.archive import Archive
from storage.cdxj import cdxj_of, finished_warcs, index_directory, index_path, merge_files, write_lines
from storage.command_line import gochim
from storage.content_coding import GZIP_MAGIC, GZIP_WBITS
from storage.errors import ArchiveDisagrees, SettingsError
from storage.wacz_signing import load_key, signed_data
from storage.whole_files import written_for_user

WACZ_VERSION = "1.1.1"
_STEP = 1 << 20
_BLOCK_LINES = 1024
# What the name of a Data Package's resource may not hold; "import-0123456789abcdef-정책 (2).warc.gz" has some of it.
_NOT_IN_NAMES = re.compile(r"[^-a-z0-9._/]+")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the package's list: its address and time as the index has them, its title, its full text."""

    url: str
    ts: datetime
    title: str
    text: str


def write_wacz(  # noqa: PLR0913  # each is one fact about the package, all but two by name
    archive: Archive,
    out_path: Path,
    *,
    pages: Iterable[Page],
    title: str,
    description: str,
    key: Path | None,
    software: str,
    created: datetime,
    left_out: Container[str] = (),
) -> None:
    """Write the archive's finished WARC files as a WACZ file, whole or not at all.

    Args:
        archive: Which archive; no run may be writing to it.
        out_path: The file to write; one that is there is replaced when the new one is whole.
        pages: The page list, in the order in which it is shown.
        title: One line that names the collection.
        description: Markdown that says what it holds.
        key: A PEM file with an ECDSA key on P-384 to sign with, None for no signature.
        software: Name and version of this program.
        created: The time stated in the package.
        left_out: Files that cannot be read (:mod:`storage.strays`), by their path under the archive.

    Raises:
        SettingsError: There is nothing to package, or the key is of no use.
        ArchiveDisagrees: The index does not fit a WARC file.
        RunEndedEarly: The file cannot be written.
    """
    private = load_key(key) if key else None
    warcs = finished_warcs(archive, left_out)
    if not warcs:
        raise SettingsError(f"There are no finished WARC files in {archive.warcs}. Run `{gochim('crawl')}` first.")
    stated = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with (
        written_for_user(out_path) as file,
        tempfile.TemporaryDirectory(prefix="gochim-wacz-") as made,
        _Package(file, created, scratch := Path(made)) as package,
    ):
        indexes = [_add_warc(package, path, archive, scratch) for path in warcs]
        _add_index(package, merge_files(indexes))
        package.gather("pages/pages.jsonl", (_json_line(one) for one in _page_list(pages)))
        facts = {"title": title, "description": description, "created": stated, "software": software}
        _seal(package, facts, private)


class _Package:
    """A ZIP file being written, entry after entry; ``resources`` is what the manifest lists."""

    def __init__(self, file: BinaryIO, created: datetime, scratch: Path) -> None:
        self._scratch = scratch
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True)
        moment = created.astimezone(UTC)
        # ZIP's calendar begins in 1980 and ends in 2107.
        self._moment = min(max((moment.year, *moment.timetuple()[1:6]), (1980, 1, 1, 0, 0, 0)), (2107, 12, 31, 0, 0, 0))
        self.resources: list[dict[str, Any]] = []

    def __enter__(self) -> _Package:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def gather(self, name: str, pieces: Iterable[bytes]) -> None:
        """Add an entry whose length is known only when all of it has been made."""
        # ZIP64 fields "in case it grows" would spare the detour, and make wabac.js misread where the entry begins.
        with tempfile.TemporaryFile(dir=self._scratch) as file:
            for piece in pieces:
                file.write(piece)
            size = file.tell()
            file.seek(0)
            self.add(name, _pieces(file, size), size)

    def add(self, name: str, pieces: Iterable[bytes], size: int) -> None:
        """Add an entry of ``size`` bytes."""
        info = zipfile.ZipInfo(name, self._moment)
        info.create_system, info.external_attr, info.file_size = 3, 0o100644 << 16, size
        digest = hashlib.sha256()
        length = 0
        with self._zip.open(info, "w") as entry:
            for piece in pieces:
                entry.write(piece)
                digest.update(piece)
                length += len(piece)
        self.resources.append(
            {
                "name": _NOT_IN_NAMES.sub("-", name.rpartition("/")[2].lower()),
                "path": name,
                "hash": "sha256:" + digest.hexdigest(),
                "bytes": length,
            }
        )


def _add_warc(package: _Package, path: Path, archive: Archive, scratch: Path) -> Path:
    """Add a WARC file, and give its sorted index with each record's digest, for players that load single records."""
    index = index_path(index_directory(archive), path.name)
    try:
        lines = index.read_text(encoding="ascii").splitlines() if index.exists() else cdxj_of(path, archive.root)
        entries = [_Entry(line) for line in lines]
    except (ValueError, KeyError, TypeError) as error:
        raise ArchiveDisagrees(
            f"index/{index.name} holds a line that is none ({error}). Run `{gochim('rebuild')}`, then export again."
        ) from error
    with path.open("rb") as file:
        package.add(f"archive/{path.name}", _copied(file, path, entries), path.stat().st_size)
    target = scratch / f"{path.name}.cdxj"
    write_lines(target, sorted(entry.line() for entry in entries))
    return target


class _Entry:
    """An index line taken apart, to have its record's digest added."""

    def __init__(self, line: str) -> None:
        self._key, self._moment, block = line.rstrip("\n").split(" ", 2)
        self._fields: dict[str, Any] = json.loads(block)
        self.offset, self.length = int(self._fields["offset"]), int(self._fields["length"])

    def line(self) -> str:
        """Write the line."""
        return f"{self._key} {self._moment} {json.dumps(self._fields)}\n"

    def set_digest(self, digest: str) -> None:
        """Add ``recordDigest``, over the record's bytes as they stand in the file."""
        self._fields["recordDigest"] = digest


def _copied(file: IO[bytes], path: Path, entries: list[_Entry]) -> Iterator[bytes]:
    """Give a WARC file's bytes, and meanwhile each entry its record's digest."""
    at = 0
    for entry in sorted(entries, key=lambda one: one.offset):
        yield from _pieces(file, entry.offset - at)
        digest = hashlib.sha256()
        length = 0
        for piece in _pieces(file, entry.length):
            # A record begins with a gzip member, or uncompressed with "WARC/1.1".
            if entry.offset < at or (length == 0 and not piece.startswith((GZIP_MAGIC, b"WARC/"))):
                raise _unfit(path, entry)
            digest.update(piece)
            length += len(piece)
            yield piece
        if length != entry.length:
            raise _unfit(path, entry)
        entry.set_digest("sha256:" + digest.hexdigest())
        at = entry.offset + entry.length
    while piece := file.read(_STEP):
        yield piece


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (piece := file.read(min(size, _STEP))):
        size -= len(piece)
        yield piece


def _unfit(path: Path, entry: _Entry) -> ArchiveDisagrees:
    return ArchiveDisagrees(
        f"index/{path.name}.cdxj says that a record of {entry.length:,} bytes stands at byte {entry.offset:,} of "
        f"{path.name}, which is not so. Run `{gochim('rebuild')}`, then export again."
    )


def _add_index(package: _Package, lines: Iterable[str]) -> None:
    """Add the index in gzip blocks of 1,024 lines, and the list of the blocks."""
    blocks = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': 'index.cdx.gz'})}\n"]
    package.gather("indexes/index.cdx.gz", _zipped(lines, blocks))
    package.gather("indexes/index.idx", (line.encode() for line in blocks))


def _zipped(lines: Iterable[str], blocks: list[str]) -> Iterator[bytes]:
    """Give the index in gzip members, and meanwhile write into ``blocks`` where each begins."""
    offset = 0
    ahead = iter(lines)
    while block := list(itertools.islice(ahead, _BLOCK_LINES)):
        member = zlib.compressobj(wbits=GZIP_WBITS)
        data = member.compress("".join(block).encode()) + member.flush()
        place = {"offset": offset, "length": len(data), "digest": "sha256:" + hashlib.sha256(data).hexdigest()}
        blocks.append(f"{block[0].partition(' {')[0]} {json.dumps(place)}\n")
        offset += len(data)
        yield data


def _page_list(pages: Iterable[Page]) -> Iterator[dict[str, Any]]:
    yield {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
    for page in pages:
        moment = page.ts.astimezone(UTC)
        name = hashlib.sha256(f"{page.url} {moment:%Y-%m-%dT%H:%M:%S.%f}".encode()).hexdigest()[:24]
        # To the second, as in the index: a player joins both by address and time.
        yield {
            "id": name, "url": page.url, "ts": f"{moment:%Y-%m-%dT%H:%M:%SZ}", "title": page.title, "text": page.text
        }  # fmt: skip


def _seal(package: _Package, facts: dict[str, str], private: ec.EllipticCurvePrivateKey | None) -> None:
    """Add the manifest, and the file that says its digest and who vouches for it."""
    listed = list(package.resources)
    manifest = _pretty({"profile": "data-package", "wacz_version": WACZ_VERSION, **facts, "resources": listed})
    hashed = "sha256:" + hashlib.sha256(manifest).hexdigest()
    digest: dict[str, object] = {"path": "datapackage.json", "hash": hashed}
    if private:
        digest["signedData"] = signed_data(private, hashed, facts["created"], facts["software"])
    package.gather("datapackage.json", [manifest])
    package.gather("datapackage-digest.json", [_pretty(digest)])


def _pretty(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _json_line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"
