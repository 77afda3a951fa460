"""How a capture's values are stored: times as microseconds, record ids as 16 bytes, SHA-1 digests as 20.

A value of another form (a record id that is no UUID, a digest of another algorithm) is stored as its text.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)

# urn:uuid:5f0c2a4e-6c1b-4b6e-9d4e-0a7a4a1f3b52
_UUID = re.compile(r"urn:uuid:([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})")
# sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ
_SHA1 = re.compile(r"sha1:([A-Z2-7]{32})")
_TO_BASE_32 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghijklmnopqrstuv")
# 64 hexadecimal digits
_SHA256 = re.compile(r"[0-9a-f]{64}")


def ticks(moment: datetime) -> int:
    """Give an aware time as microseconds since 1970."""
    return ticks_in(moment - _EPOCH)


def ticks_in(time: timedelta) -> int:
    """Give the whole microseconds of a span of time."""
    return time // _TICK


def stored_record(record_id: str) -> bytes | str:
    """Give a WARC-Record-ID as the 16 bytes of its UUID."""
    found = _UUID.fullmatch(record_id)
    return bytes.fromhex("".join(found.groups())) if found else record_id


def stored_digest(digest: str | None) -> bytes | str | None:
    """Give a payload digest as the 20 bytes of its SHA-1."""
    found = _SHA1.fullmatch(digest) if digest else None
    # As base64.b32decode does, in a fifth of its time: Python reads numbers to this base by other digits.
    return int(found[1].translate(_TO_BASE_32), 32).to_bytes(20, "big") if found else digest


def stored_sha256(digest: str | None) -> bytes | str | None:
    """Give a hex SHA-256 as its 32 bytes."""
    return binascii.unhexlify(digest) if digest and _SHA256.fullmatch(digest) else digest


def moment_of(number: int) -> datetime:
    """Give microseconds since 1970 as an aware time."""
    return _EPOCH + timedelta(microseconds=number)


def record_of(stored: bytes | str) -> str:
    """Give a stored record id as its URN; :func:`record_sql` in Python, which is ten times as fast."""
    if isinstance(stored, str):
        return stored
    digits = stored.hex()
    return f"urn:uuid:{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def digest_of(stored: bytes | str | None) -> str | None:
    """Give a stored payload digest with its algorithm, None for an empty one; :func:`digest_sql` in Python."""
    if not isinstance(stored, bytes):
        return stored
    return "sha1:" + base64.b32encode(stored).decode() if stored else None


def hex_of(stored: bytes | str | None) -> str | None:
    """Give a stored SHA-256 in hexadecimal."""
    return stored.hex() if isinstance(stored, bytes) else stored


def time_sql(number: str) -> str:
    """Give the SQL that writes microseconds as the ISO 8601 text that :func:`storage.records.iso` writes."""
    # Rounded down for times before 1970 too.
    seconds = f"(({number}) - ((({number}) % 1000000) + 1000000) % 1000000) / 1000000"
    return (
        f"strftime('%Y-%m-%dT%H:%M:%S', {seconds}, 'unixepoch') || "
        f"printf('.%06d+00:00', ((({number}) % 1000000) + 1000000) % 1000000)"
    )


def ticks_sql(text: str) -> str:
    """Give the SQL that reads such an ISO 8601 text as microseconds."""
    # strftime rounds: of 06.9996 it makes 07.
    return (
        f"(CAST(strftime('%s', substr({text}, 1, 19)) AS INTEGER) * 1000000 + CAST(substr({text}, 21, 6) AS INTEGER))"
    )


def record_sql(value: str) -> str:
    """Give the SQL that writes a stored record id as its URN."""
    parts = " || '-' || ".join(
        f"substr(lower(hex({value})), {start}, {length})"
        for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    )
    return f"CASE typeof({value}) WHEN 'blob' THEN 'urn:uuid:' || {parts} ELSE {value} END"


def digest_sql(value: str) -> str:
    """Give the SQL that writes a stored payload digest with its algorithm, SHA-1 in Base32 (RFC 4648)."""
    # Each Base32 letter stands for five bits, which lie in two neighbouring hexadecimal digits.
    letters = " || ".join(
        f"substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 1 + (((instr('123456789ABCDEF', substr(h, {bit // 4 + 1}, 1))"
        f" << 4) + instr('123456789ABCDEF', substr(h, {bit // 4 + 2}, 1))) >> {3 - bit % 4} & 31), 1)"
        for bit in range(0, 160, 5)
    )
    return (
        f"(SELECT CASE WHEN typeof(d) <> 'blob' THEN d WHEN h <> '' THEN 'sha1:' || {letters} END"  # noqa: S608  # no value
        f" FROM (SELECT d, hex(d) AS h FROM (SELECT {value} AS d LIMIT 1) LIMIT 1))"
    )
