"""Write OLE compound files (MS-CFB, version 3): a small file system of sectors, as HWP 5 documents are kept in."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

SECTOR = 512
MINI = 64
CUTOFF = 4096
"""Streams shorter than this live in the mini stream, in sectors of 64 bytes."""

_END = 0xFFFFFFFE
_FREE = 0xFFFFFFFF
_FAT = 0xFFFFFFFD
_NONE = 0xFFFFFFFF
_STORAGE, _STREAM, _ROOT = 1, 2, 5


@dataclass(slots=True)
class _Entry:
    """One directory entry: a storage with children, or a stream with data."""

    name: str
    kind: int
    data: bytes = b""
    children: list[_Entry] = field(default_factory=list)
    start: int = _END
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Pack ``streams``, named by their paths (``BodyText/Section0``), into one compound file.

    The directory's trees are balanced by halving; every node is black, which readers accept (MS-CFB, 2.6.4).
    """
    root = _Entry("Root Entry", _ROOT)
    for path, data in streams.items():
        *folders, name = path.split("/")
        storage = root
        for folder in folders:
            storage = _child(storage, folder)
        storage.children.append(_Entry(name, _STREAM, data))
    entries = _numbered(root)
    sectors: list[bytes] = []
    fat: list[int] = []
    mini, mini_fat = _mini_stream(entries)
    for one in entries:
        if one.kind == _STREAM and len(one.data) >= CUTOFF:
            one.start = _chain(sectors, fat, one.data)
    root.data, root.start = mini, _chain(sectors, fat, mini)
    mini_start = _chain(sectors, fat, b"".join(struct.pack("<I", one) for one in mini_fat), fill=b"\xff")
    mini_sectors = -(-len(mini_fat) * 4 // SECTOR)
    directory = _chain(sectors, fat, b"".join(_written(one) for one in entries), fill=_written(_Entry("", 0)))
    return _assembled(sectors, fat, directory, mini_start, mini_sectors)


def _child(storage: _Entry, name: str) -> _Entry:
    """Find the storage's child storage, or make it."""
    for one in storage.children:
        if one.name == name and one.kind == _STORAGE:
            return one
    made = _Entry(name, _STORAGE)
    storage.children.append(made)
    return made


def _numbered(root: _Entry) -> list[_Entry]:
    """List all entries, root first, and set each one's place in its parent's tree."""
    entries = [root]
    waiting = [root]
    while waiting:
        storage = waiting.pop(0)
        # Shorter names come first, then by upper-case letters (MS-CFB, 2.6.4).
        ordered = sorted(storage.children, key=lambda one: (len(one.name), one.name.upper()))
        first = len(entries)
        entries += ordered
        storage.child = _tree(entries, first, len(entries))
        waiting += ordered
    return entries


def _tree(entries: list[_Entry], first: int, end: int) -> int:
    """Make the entries from ``first`` to ``end`` a balanced tree and give its top."""
    if first >= end:
        return _NONE
    top = (first + end) // 2
    entries[top].left, entries[top].right = _tree(entries, first, top), _tree(entries, top + 1, end)
    return top


def _mini_stream(entries: list[_Entry]) -> tuple[bytes, list[int]]:
    """Gather the short streams into the mini stream and chain its sectors."""
    mini = b""
    fat: list[int] = []
    for one in entries:
        if one.kind != _STREAM or not one.data or len(one.data) >= CUTOFF:
            continue
        one.start = len(fat)
        count = -(-len(one.data) // MINI)
        mini += one.data.ljust(count * MINI, b"\0")
        fat += [*range(one.start + 1, one.start + count), _END]
    return mini, fat


def _chain(sectors: list[bytes], fat: list[int], data: bytes, fill: bytes = b"\0") -> int:
    """Cut ``data`` into sectors at the end of the file and give the first one's number."""
    if not data:
        return _END
    start = len(sectors)
    count = -(-len(data) // SECTOR)
    missing = count * SECTOR - len(data)
    data += fill * (missing // len(fill))
    sectors += [data[at : at + SECTOR] for at in range(0, len(data), SECTOR)]
    fat += [*range(start + 1, start + count), _END]
    return start


def _written(entry: _Entry) -> bytes:
    """Write one directory entry of 128 bytes; no time of day enters it."""
    name = entry.name.encode("utf-16-le")
    length = len(name) + 2 if entry.name else 0
    head = name.ljust(64, b"\0") + struct.pack("<HBB", length, entry.kind, 1)
    size = len(entry.data) if entry.kind in (_STREAM, _ROOT) else 0
    start = 0 if entry.kind in (0, _STORAGE) else entry.start
    place = struct.pack("<III", entry.left, entry.right, entry.child)
    return head + place + bytes(16) + bytes(4) + bytes(16) + struct.pack("<IQ", start, size)


def _assembled(sectors: list[bytes], fat: list[int], directory: int, mini_start: int, mini_sectors: int) -> bytes:
    """Put header, sectors and the allocation table's own sectors together."""
    per = SECTOR // 4
    tables = 1
    while (len(fat) + tables) > tables * per:
        tables += 1
    if tables > 109:
        raise ValueError("a compound file of more than 109 table sectors (7 MB) is more than the replica writes")
    places = range(len(sectors), len(sectors) + tables)
    whole = [*fat, *[_FAT] * tables]
    whole += [_FREE] * (tables * per - len(whole))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, directory, 0, CUTOFF, mini_start, mini_sectors, _END, 0)
    header += b"".join(struct.pack("<I", one) for one in places).ljust(109 * 4, b"\xff")
    return header + b"".join(sectors) + struct.pack(f"<{len(whole)}I", *whole)
