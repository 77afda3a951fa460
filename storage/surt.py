"""The sort-friendly form of an address, under which web archives are indexed and looked up.

Two addresses that mean the same page have one key: scheme, ``www.``, default port, case, session identifiers and the
order of parameters do not count. The rules are those of the Wayback canonicaliser (IIPC webarchive-commons), which
pywb, OpenWayback and cdxj-indexer share; keys must equal theirs, or nothing is found again.
"""

from __future__ import annotations

import contextlib
import re
from functools import lru_cache

_DEFAULT_PORTS = {b"http": b"80", b"https": b"443"}

# A scheme with an authority, perhaps without its scheme: "https://www.korea.kr/", "http:/korea.kr", "//korea.kr/a".
_AUTHORITY = re.compile(rb"(?:([A-Za-z][A-Za-z0-9+.-]*):)?/+([^/?#]+)(.*)", re.DOTALL)

# A scheme alone, whose addresses have no host: "urn:uuid:...", "dns:www.korea.kr", "data:text/plain,x".
_OPAQUE = re.compile(rb"[A-Za-z][A-Za-z0-9+-]*:")

# The host's first label when it says nothing: "www.korea.kr", "www2.korea.kr"; but not "www-2.korea.kr".
_WWW = re.compile(rb"www\d*\.")

# A port behind a host, perhaps an empty one: "korea.kr:8443", "korea.kr:".
_PORT = re.compile(rb"(.*):([0-9]*)", re.DOTALL)

# An IPv4 address written as one number, or with octal parts: "2130706433", "0177.0.0.01".
_ONE_NUMBER = re.compile(rb"[0-9]{1,10}")
_FOUR_NUMBERS = re.compile(rb"([0-9]{1,32})\.([0-9]{1,32})\.([0-9]{1,32})\.([0-9]{1,32})")

# Session identifiers between the folders of an ASP.NET address: "/(S(4hqa0555fwsecu455xqckv45))/page.aspx".
_PATH_SESSIONS = (
    re.compile(rb"(.*/)\((?:[a-z]\([0-9a-z]{24}\))+\)/([^?]+\.aspx.*)", re.DOTALL),
    re.compile(rb"(.*/)\([0-9a-z]{24}\)/([^?]+\.aspx.*)", re.DOTALL),
)

# Session identifiers in a query, each with the "&" behind it; the last one in it counts: "jsessionid=0123...&x=1".
_QUERY_SESSIONS = (
    re.compile(rb"(.*)jsessionid=[0-9a-z]{32}(?:&(.*))?", re.DOTALL),
    re.compile(rb"(.*)phpsessid=[0-9a-z]{32}(?:&(.*))?", re.DOTALL),
    re.compile(rb"(.*)sid=[0-9a-z]{32}(?:&(.*))?", re.DOTALL),
    re.compile(rb"(.*)aspsessionid[a-z]{8}=[a-z]{24}(?:&(.*))?", re.DOTALL),
    re.compile(rb"(.*)cfid=[^&]+&cftoken=[^&]+(?:&(.*))?", re.DOTALL),
)

_SOUGHT = 1 << 13
"""Bytes of a path or a query in which session identifiers are sought, as much as servers take of an address: what is
longer came with an import, and to seek in a megabyte took minutes."""

_HEX = frozenset(b"0123456789abcdefABCDEF")

# Bytes that a key cannot hold as they are: controls, space, "#", "%", and everything beyond ASCII.
_UNSAFE = re.compile(rb"[\x00-\x20#%\x7f-\xff]")


def surt(url: str) -> str:
    """Give an address's key, ``https://www.korea.kr/News?b=2&a=1`` -> ``kr,korea)/news?a=1&b=2``.

    The key is ASCII without spaces. An address without a host is its own key, in lower case.
    """
    # White space around an address and line breaks in it come from sloppy markup, "\thttp://korea.kr/\n".
    raw = re.sub(rb"[\t\r\n]", b"", url.encode("utf-8", "replace").strip())
    raw = raw.partition(b"#")[0]
    match = _AUTHORITY.fullmatch(raw)
    if match is None:
        if _OPAQUE.match(raw):
            return _escaped(raw).lower().decode()
        match = _AUTHORITY.fullmatch(b"http://" + raw)
        if match is None:
            return _escaped(raw).lower().decode()
    scheme, authority, rest = match.groups()
    path, mark, query = rest.partition(b"?")
    key = _host(authority, (scheme or b"http").lower()) + b")" + _path(path)
    asked = _query(query) if mark else b""
    return (key + b"?" + asked if asked else key).decode()


@lru_cache(maxsize=1024)
def _host(authority: bytes, scheme: bytes) -> bytes:
    """Give host and port, the host's labels reversed: ``www.korea.kr:8443`` -> ``kr,korea:8443``."""
    host = authority.rpartition(b"@")[2]
    port = b""
    if found := _PORT.fullmatch(host) if not host.endswith(b"]") else None:
        host, digits = found.groups()
        port = digits.lstrip(b"0") or digits[-1:]  # "0443" is 443, "00" is 0
    literal = host.startswith(b"[")  # An IPv6 address, "[::1]", stays in order.
    name = _escaped(host.strip(b"[]").lower()) if literal else b",".join(reversed(_name(host).split(b".")))
    return name if port in {b"", _DEFAULT_PORTS.get(scheme)} else name + b":" + port


def _name(host: bytes) -> bytes:
    name = _unescaped(host).lower()
    if not name.isascii():
        # What is no name at all, "\x80.kr", is kept apart from others by its bytes.
        with contextlib.suppress(UnicodeError):
            name = name.decode().encode("idna")
    name = re.sub(rb"\.{2,}", b".", name).strip(b".")
    if _ONE_NUMBER.fullmatch(name) and int(name) < 1 << 32:
        return b".".join(b"%d" % part for part in int(name).to_bytes(4, "big"))
    if numbers := _FOUR_NUMBERS.fullmatch(name):
        parts = [_number(part) for part in numbers.groups()]
        return b".".join(b"%d" % part for part in parts if part is not None) if _is_address(parts) else name
    return _escaped(name[found.end() :] if (found := _WWW.match(name)) else name)


def _number(digits: bytes) -> int | None:
    """Read a part of an IPv4 address; a leading zero makes it octal, and ``08`` no number."""
    octal = len(digits) > 1 and digits.startswith(b"0")
    return None if octal and set(digits) & set(b"89") else int(digits, 8 if octal else 10)


def _is_address(parts: list[int | None]) -> bool:
    return all(part is not None and part < 256 for part in parts)


def _path(path: bytes) -> bytes:
    """Resolve dots, drop empty folders, the last slash and session identifiers."""
    kept: list[bytes] = []
    for part in _unescaped(path).split(b"/")[1:]:
        # A ".." leaves an empty folder too, and with nothing to leave it stays, as in other tools' indexes:
        # "/a//../b" is "/a/b", "/../b" is "/../b".
        if part == b".." and kept:
            kept.pop()
        elif part != b".":
            kept.append(part)
    plain = _escaped(b"/" + b"/".join(part for part in kept if part)).lower()
    return _without_session(plain, _PATH_SESSIONS)


def _query(query: bytes) -> bytes:
    """Drop session identifiers and put the parameters in order of name, then value."""
    plain = _escaped(_unescaped(query)).lower()
    parameters = _without_session(plain, _QUERY_SESSIONS).split(b"&")
    parameters.sort(key=_name_and_value)
    return b"&".join(parameters)


def _without_session(plain: bytes, patterns: tuple[re.Pattern[bytes], ...]) -> bytes:
    """Leave out session identifiers, each pattern's last."""
    for pattern in patterns if len(plain) <= _SOUGHT else ():
        if found := pattern.fullmatch(plain):
            plain = found[1] + (found[2] or b"")
    return plain


def _name_and_value(parameter: bytes) -> tuple[bytes, bytes, bytes]:
    return parameter.partition(b"=")


def _unescaped(text: bytes) -> bytes:
    """Undo percent-encoding until nothing is left of it, ``%2541`` -> ``A``."""
    if b"%" not in text:
        return text
    plain = bytearray()
    for byte in text:
        plain.append(byte)
        # What is undone may end what was begun before it, "%4%31" -> "%41" -> "A".
        while plain[-3:-2] == b"%" and _HEX.issuperset(plain[-2:]):
            plain[-3:] = bytes.fromhex(plain[-2:].decode())
    return bytes(plain)


def _escaped(text: bytes) -> bytes:
    return _UNSAFE.sub(lambda found: b"%%%02x" % ord(found[0]), text)
