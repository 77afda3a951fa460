"""The WARC record's grammar: field lines, dates, digests, URIs, gzip members.

What writer, reader, index and check must agree on to the byte, in one place. Source: ISO 28500:2017 (WARC/1.1) and
the IIPC's community annotations to it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import quote

VERSION = "WARC/1.1"
BLOCK_END = b"\r\n\r\n"
"""What follows a block."""
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
WARC_FIELDS = "application/warc-fields"

PAYLOAD_SHA256 = "Gochim-Payload-SHA256"
"""Extension field of revisits by payload: hex SHA-256 of the payload that is not in the record.

It lets an index be made from one file alone, and guards the SHA-1 match that made the record a revisit. A 304 answer
matched nothing: the record that it refers to tells its own payload. Older records of one have both fields."""

PAYLOAD_LENGTH = "Gochim-Payload-Length"
"""Extension field of revisits by payload: length in bytes of the payload that is not in the record."""

DIGEST_SIZES = {"md5": 16, "sha1": 20, "sha224": 28, "sha256": 32, "sha384": 48, "sha512": 64}
"""Digest algorithms that can be recomputed, and their sizes in bytes."""

# WARC-Date at any granularity of the W3C profile, any case: 2026, 2026-09-15T09:16Z, 2026-09-15t09:16:48.123456z.
_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?Z)?)?)?",
    re.IGNORECASE,
)

# "WARC-Type: response\r\n": one blank behind the colon, ASCII; a blank at the end is not plain
_PLAIN_FIELD = re.compile(r"^([!-9;-~]+): ([!-~][ -~]*)\r\n", re.MULTILINE)


class Fields:
    """Named fields in file order; names compare without case and may repeat."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = list(pairs)
        self._first: dict[str, str] | None = None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def get(self, name: str) -> str | None:
        """Give the first value of ``name``, or None."""
        if self._first is None:
            self._first = {one.lower(): value for one, value in reversed(self.pairs)}
        return self._first.get(name.lower())

    def all(self, name: str) -> list[str]:
        """Give every value of ``name`` in file order."""
        if self.get(name) is None:
            return []
        wanted = name.lower()
        return [value for one, value in self.pairs if one.lower() == wanted]


def parse_fields(block: bytes) -> Fields:
    """Read ``Name: value`` lines up to the first empty one; folded lines are joined, lines without colon skipped."""
    text = block.decode("utf-8", "replace")
    pairs: list[tuple[str, str]] = _PLAIN_FIELD.findall(text)
    # All of a header as nearly everyone writes it: then nothing stands between its fields, and one empty line ends it.
    told = len("".join(map("".join, pairs))) + 4 * len(pairs)
    if told + 2 == len(text) and text.endswith("\r\n\r\n") and " \r\n" not in text:
        return Fields(pairs)
    read: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if read and line[:1] in {" ", "\t"}:
            read[-1][1].append(line.strip())
        elif colon:
            read.append((name.strip(), [value.strip()]))
        elif read and line in {"", "\r"}:
            break
    return Fields((name, " ".join(filter(None, parts))) for name, parts in read)


def field_lines(pairs: Iterable[tuple[str, str]]) -> bytes:
    """Write ``Name: value`` lines with CRLF, each value brought onto one line."""
    given = list(pairs)
    told = f"|{'|'.join([value for _, value in given])}|"
    # What nearly every header holds: nothing that one_line would change, neither in a value nor at its ends.
    if told.isascii() and told.isprintable() and not ("  " in told or " |" in told or "| " in told):
        return "".join([f"{name}: {value}\r\n" for name, value in given]).encode()
    return b"".join(f"{name}: {one_line(value)}\r\n".encode() for name, value in given)


def one_line(text: str) -> str:
    """Bring text onto one line: every run of white space or control characters becomes one space."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    # "line one\r\n\tline two\x00" -> "line one line two"; lone surrogates cannot be written as UTF-8.
    plain = text.encode("utf-8", "replace").decode()
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", plain).strip()


def header(pairs: Iterable[tuple[str, str]]) -> bytes:
    """Write a whole record header, version line to empty line."""
    return VERSION.encode() + b"\r\n" + field_lines(pairs) + b"\r\n"


def warc_date(moment: datetime) -> str:
    """Write a WARC-Date with microseconds, ``2026-09-15T09:16:48.123456Z``."""
    moment = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    # "2026-09-15T09:16:48.123456+00:00"
    return f"{moment.isoformat('T', 'microseconds')[:26]}Z"


@lru_cache(maxsize=1024)
def parse_date(text: str) -> datetime:
    """Read a WARC-Date of any granularity; digits beyond microseconds are cut.

    Raises:
        ValueError: It is not a W3C date-time in UTC.
    """
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a date like 2026-09-15T09:16:48Z")
    year, month, day, hour, minute, second, fraction = match.groups()
    leap = second == "60"
    moment = datetime(
        int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), 59 if leap else int(second or 0),
        int((fraction or "0").ljust(6, "0")[:6]), tzinfo=UTC,
    )  # fmt: skip
    try:
        return moment + timedelta(seconds=1) if leap else moment
    except OverflowError as error:
        raise ValueError(f"{text!r} is beyond the last year there is") from error


def sha1(data: bytes | memoryview) -> bytes:
    """Hash what is in memory; a checksum, never a secret."""
    return hashlib.sha1(data, usedforsecurity=False).digest()


_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# Two digits of Base32 (RFC 4648) for each ten bits.
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]


def sha1_label(digest: bytes) -> str:
    """Write a SHA-1 as the WARC field has it, ``sha1:`` and upper-case Base32."""
    # As base64.b32encode does, in half its time: five bytes are eight digits.
    number, pair = int.from_bytes, _PAIRS
    one, two = number(digest[:5], "big"), number(digest[5:10], "big")
    three, four = number(digest[10:15], "big"), number(digest[15:], "big")
    return (
        f"sha1:{pair[one >> 30]}{pair[one >> 20 & 1023]}{pair[one >> 10 & 1023]}{pair[one & 1023]}"
        f"{pair[two >> 30]}{pair[two >> 20 & 1023]}{pair[two >> 10 & 1023]}{pair[two & 1023]}"
        f"{pair[three >> 30]}{pair[three >> 20 & 1023]}{pair[three >> 10 & 1023]}{pair[three & 1023]}"
        f"{pair[four >> 30]}{pair[four >> 20 & 1023]}{pair[four >> 10 & 1023]}{pair[four & 1023]}"
    )


@lru_cache(maxsize=1024)
def parse_digest(label: str) -> tuple[str, bytes | None] | None:
    """Read a labelled digest in Base16, Base32 or Base64.

    Returns:
        The algorithm's name (``sha1``) and the digest's bytes; None for the bytes of an algorithm that cannot be
        recomputed here; None altogether where the text is not a digest.
    """
    algorithm, colon, value = label.partition(":")
    # Algorithm and value are tokens, "=" and "/" tolerated: sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ, md5:7eIlgWhZQnI...=
    if not colon or not re.fullmatch(r"[\w.+-]+", algorithm) or not re.fullmatch(r"[\w+/=-]+", value):
        return None
    name = re.sub(r"^(sha)-", r"\1", algorithm.lower())
    size = DIGEST_SIZES.get(name)
    if size is None:
        return name, None
    for decode in (bytes.fromhex, _base32, _base64):
        try:
            digest = decode(value)
        except (ValueError, binascii.Error):
            continue
        if len(digest) == size:
            return name, digest
    return None


def _base32(value: str) -> bytes:
    bare = value.upper().rstrip("=")
    return base64.b32decode(bare + "=" * (-len(bare) % 8))


def _base64(value: str) -> bytes:
    # Both alphabets are met: "2jmj7l5rSw0yVb/vlWAYkK/YBwk=" and, for URLs, "2jmj7l5rSw0yVb_vlWAYkK_YBwk=".
    return base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True)


def new_hash(algorithm: str) -> hashlib._Hash:
    """Start a hash for one of :data:`DIGEST_SIZES`; a checksum, never a secret."""
    if algorithm == "sha1":
        return hashlib.sha1(usedforsecurity=False)
    return hashlib.new(algorithm, usedforsecurity=False)


def bare_uri(value: str) -> str:
    """Take the angle brackets off ``<urn:uuid:...>``, where there are any."""
    text = value.strip()
    return text[1:-1] if text.startswith("<") and text.endswith(">") else text


@lru_cache(maxsize=1024)
def encoded_uri(url: str) -> str:
    """Percent-encode what RFC 3986 does not allow in a URI: spaces, <>, non-ASCII, a % that encodes nothing."""
    # A bare per cent sign, as in "?rate=100%&x=1"; "%EA%B0%80" is left alone.
    whole = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", url.strip())
    return quote(whole, safe="!#$%&'()*+,/:;=?@[]~-._", errors="replace")
