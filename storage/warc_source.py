"""What records are cut from: a plain file, or one gzip member of it at a time."""

from __future__ import annotations

from typing import BinaryIO, Protocol, cast

from isal import isal_zlib

from storage.content_coding import GZIP_MAGIC, GZIP_WBITS

_STEP = 1 << 15
"""Bytes read from a file at once."""
_FEW = 1 << 14
"""Bytes of a member, with fewer of which at hand more are read before it is unpacked."""
ROOM = 1 << 20
"""Bytes taken at once out of what is read, decompressed: a record of most pages."""
# isal's stubs declare this class as if it were an instance.
_GZIP_ERROR = cast("type[Exception]", isal_zlib.error)


class Source(Protocol):
    """Record bytes, decompressed if need be."""

    def read(self, size: int) -> bytes:
        """Give up to ``size`` bytes, none at the end."""

    def end(self) -> int:
        """Give the file offset behind what was read."""


class Plain:
    """A file without compression."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self._file = file
        file.seek(start)

    def read(self, size: int) -> bytes:
        """Give up to ``size`` bytes, none at the end."""
        return self._file.read(size)

    def end(self) -> int:
        """Give the file offset behind what was read."""
        return self._file.tell()


def topped_up(file: BinaryIO, ahead: bytes) -> bytes:
    """Read on where little is left of what was read, so that most members are there whole."""
    return ahead + file.read(_STEP) if len(ahead) < _FEW else ahead


def unpacked(ahead: bytes) -> tuple[bytes, bytes] | None:
    """Give what the member at the start of ``ahead`` holds, and what follows it there.

    Returns:
        None where the member is not there whole, not sound, or large: then :class:`Member` reads it, or says why not.
    """
    inner = isal_zlib.decompressobj(wbits=GZIP_WBITS)
    try:
        data = inner.decompress(ahead, ROOM)
    except _GZIP_ERROR:
        return None
    return (data, inner.unused_data) if inner.eof else None


class Member:
    """One gzip member.

    Args:
        file: The file it stands in; it stands behind ``ahead``.
        start: The byte offset at which the member begins.
        ahead: What of it was read from the file already.
        step: How many bytes are read first; a length that is known spares reading on into the next member.
    """

    def __init__(self, file: BinaryIO, start: int, ahead: bytes = b"", step: int = _STEP) -> None:
        self._file = file
        self.start = start
        if not ahead:
            file.seek(start)
        self._inner = isal_zlib.decompressobj(wbits=GZIP_WBITS)
        self._behind = start + len(ahead)
        self._fed = ahead
        self._ahead = bool(ahead)
        self._step = step
        self._begun = False

    def read(self, size: int) -> bytes:
        """Give up to ``size`` bytes, none at the end.

        Raises:
            EOFError: The member is cut short or damaged, its checksum included.
        """
        out = b""
        inner = self._inner
        while not out and not inner.eof:
            fed = self._fed or self._more()
            if not self._begun:
                fed = self._beginning(fed)
            elif not fed:
                raise EOFError("the file ends inside a gzip member")
            try:
                out = inner.decompress(fed, size)
            except _GZIP_ERROR as error:
                raise EOFError(f"a damaged gzip member ({error})") from error
            self._fed = inner.unconsumed_tail
        return out

    def _beginning(self, fed: bytes) -> bytes:
        """Give the first bytes of the member, enough of them to be known by, and for most members all there are."""
        if len(fed) < _FEW and self._ahead:
            fed += self._more()
        while len(fed) < len(GZIP_MAGIC) and (more := self._more()):
            fed += more
        if not fed.startswith(GZIP_MAGIC):
            reason = f"no gzip member, but {fed[:12]!r}" if fed[1:] else "the file ends inside a gzip member"
            raise EOFError(reason)
        self._begun = True
        return fed

    def _more(self) -> bytes:
        more = self._file.read(self._step)
        self._behind += len(more)
        self._step = _STEP
        return more

    def end(self) -> int:
        """Give the file offset behind what was read."""
        return self._behind - len(self._fed) - len(self._inner.unused_data)

    @property
    def left(self) -> bytes:
        """What was read from the file behind the member's end."""
        return self._inner.unused_data + self._fed
