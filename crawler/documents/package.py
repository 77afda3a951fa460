"""ZIP packages opened with care: so many members, so many bytes, so deep, and XML without entities."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from crawler.documents.text import Corrupt, Encrypted, Room, TooLarge, Unsupported
from storage.magic import BAD_ZIP, is_crowded

MAX_MEMBERS = 20_000
MAX_XML = 48 * 1024 * 1024
"""Bytes of one XML part."""
MAX_ELEMENTS = 1_000_000
"""Of one XML part; a report of 500 pages has about 300,000."""
MAX_DEPTH = 200
"""Elements within elements; 한글 nests about nine for each table inside a table."""

_LOCAL_HEADER = 30
"""Bytes before a member's name (APPNOTE.TXT, 4.3.7)."""
_ENCRYPTED, _UTF_8 = 1 << 0, 1 << 11
"""Flags of a member (APPNOTE.TXT, 4.4.4)."""


class Member(NamedTuple):
    """What a package declares of one member."""

    entry: zipfile.ZipInfo
    name: str
    size: int
    """In bytes, unpacked."""
    checksum: int
    """CRC-32 of its bytes; where AES leaves that out (AE-2), of its packed bytes."""
    encrypted: bool


class Package:
    """A ZIP file's members, read within the limits.

    Args:
        payload: Its bytes.
        room: What may be unpacked of it.

    Raises:
        Corrupt: It is no ZIP file.
        TooLarge: It has too many members.
    """

    def __init__(self, payload: bytes, room: Room) -> None:
        if is_crowded(payload):
            raise TooLarge(f"more than {MAX_MEMBERS} members")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(payload))
        except BAD_ZIP as error:
            raise Corrupt(f"no ZIP file: {error}") from error
        self.names = self._zip.namelist()
        if len(self.names) > MAX_MEMBERS:
            raise TooLarge(f"more than {MAX_MEMBERS} members")
        self._payload = payload
        self._room = room

    def __contains__(self, name: str) -> bool:
        return name in self._zip.NameToInfo

    def members(self) -> Iterator[Member]:
        """Give the members that are no folders, in the order in which they are packed."""
        for one in self._zip.infolist():
            if not one.filename.endswith("/"):
                encrypted = bool(one.flag_bits & _ENCRYPTED)
                checksum = zlib.crc32(self._packed(one)) if encrypted and not one.CRC else one.CRC
                yield Member(one, _korean(one), one.file_size, checksum, encrypted)

    def _packed(self, entry: zipfile.ZipInfo) -> memoryview:
        """Give a member's bytes as they are packed; name and extra field stand before them."""
        head = memoryview(self._payload)[entry.header_offset :]
        start = _LOCAL_HEADER + sum(int.from_bytes(head[at : at + 2], "little") for at in (26, 28))
        return head[start : start + entry.compress_size]

    def check(self) -> None:
        """Refuse a package whose members are encrypted or too large together, for readers that open it themselves.

        ``zipfile`` never gives more bytes of a member than the package declares.

        Raises:
            Encrypted: A member has a password.
            TooLarge: They unpack to more than the limit.
        """
        if any(one.encrypted for one in self.members()):
            raise Encrypted("its members have a password")
        if sum(one.size for one in self.members()) > self._room.left:
            raise TooLarge(f"unpacks to more than {self._room.left} bytes")

    def head(self, member: Member, size: int) -> bytes:
        """Give a member's first bytes; see :meth:`read`."""
        return self._opened(member.entry, size)

    def read(self, part: str | Member, limit: int | None = None) -> bytes:
        """Give a member's bytes.

        Args:
            part: The member, or its name; of several members that have it the last.
            limit: How many bytes it may have, if less than there is room for.

        Raises:
            Corrupt: It is missing or damaged.
            Encrypted: It has a password.
            TooLarge: It unpacks to more than the limit.
            Unsupported: It is packed in a way that ``zipfile`` does not know.
        """
        entry = self._zip.NameToInfo.get(part) if isinstance(part, str) else part.entry
        if entry is None:
            raise Corrupt(f"{part} is missing")
        limit = self._room.left if limit is None else min(limit, self._room.left)
        content = self._opened(entry, limit + 1)
        if len(content) > limit:
            raise TooLarge(f"{entry.filename} unpacks to more than {limit} bytes")
        self._room.take(len(content))
        return content

    def _opened(self, entry: zipfile.ZipInfo, size: int) -> bytes:
        if entry.flag_bits & _ENCRYPTED:
            raise Encrypted(f"{entry.filename} has a password")
        try:
            with self._zip.open(entry) as member:
                return member.read(size)
        except NotImplementedError as error:
            raise Unsupported(f"{entry.filename}: {error}") from error
        except BAD_ZIP as error:
            raise Corrupt(f"{entry.filename} is damaged: {error}") from error

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """Give the parts of an Office Open XML package that a part leads to, by id: the relation's last word, the part.

        The package itself is the part without a name. Whatever is not there is left out.
        """
        folder, _, name = part.rpartition("/")
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}
        for one in self.xml(relations) if relations in self else ():
            target = posixpath.normpath(posixpath.join("/", folder, attribute(one, "Target")))[1:]
            if target in self:
                found[attribute(one, "Id")] = attribute(one, "Type").rpartition("/")[2], target
        return found

    def xml(self, name: str) -> Element:
        """Parse a member; see :func:`parse`."""
        return parse(self.read(name, MAX_XML), name)


def _korean(member: zipfile.ZipInfo) -> str:
    """Give a member's name; without the flag for UTF-8 it is that all the same, or what Windows in Korea writes."""
    if member.flag_bits & _UTF_8:
        return _with_slashes(member.filename)
    # Some versions of Python put another name in its place that an extra field may give.
    said = member.orig_filename.partition("\0")[0].encode("cp437")
    for encoding in ("utf-8", "cp949"):
        with suppress(UnicodeDecodeError):
            return _with_slashes(said.decode(encoding))
    return _with_slashes(member.filename)


def _with_slashes(name: str) -> str:
    """Part folders by the slashes that the format asks for: ``자료\\표.hwp`` of some programs for Windows."""
    return name.replace("\\", "/")


def parse(content: bytes, name: str) -> Element:
    """Parse XML whose depth is bounded and in which no entity is declared.

    Raises:
        Corrupt: It is not well-formed, or declares entities.
        TooLarge: It is nested deeper, or has more elements, than the limits allow.
    """
    depth, count, root = 0, 0, Element("")
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end")):
            if not depth:
                root = element
            depth += 1 if event == "start" else -1
            count += event == "start"
            if depth > MAX_DEPTH or count > MAX_ELEMENTS:
                raise TooLarge(f"{name} is nested deeper than {MAX_DEPTH} or has more than {MAX_ELEMENTS} elements")
    except ParseError as error:
        raise Corrupt(f"{name} is not well-formed: {error}") from error
    except DefusedXmlException as error:
        raise Corrupt(f"{name} declares entities ({type(error).__name__}); none is ever expanded") from error
    except (ValueError, LookupError) as error:
        raise Corrupt(f"{name} has an unknown encoding: {error}") from error
    return root


def local(element: Element) -> str:
    """Give an element's name without its namespace, ``p`` of ``{http://...}p``; versions differ in the namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: Element, name: str) -> str:
    """Give an attribute's value by its name without namespace, empty where it is not set."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return value
    return ""
