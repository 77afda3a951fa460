"""What a server can say on the wire, one awkward thing at a time, and what a faithful archive must hold of it.

Every body is different, so that only the situation about repeated payloads can bring a revisit record.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import partial

from tests.wire_answers import OK, Step, sized

PORTAL_HEADERS = (("x-gochim-Probe", "a  b"), ("Accept-Language", "ko,en;q=0.5"))
"""Sent with every request by every client that can be told what to send: odd case, two spaces."""


@dataclass(frozen=True)
class Situation:
    """One row of the matrix.

    ``answer`` is the final message as the server sends it and the archive must hold it. ``stray`` follows it on the
    wire without belonging to it (RFC 9112, 6.3); it may be kept or not. ``truncated`` lists the right values of
    WARC-Truncated, empty where the answer is whole or its end cannot be known.
    """

    name: str
    means: str
    answer: bytes
    interim: bytes = b""
    stray: bytes = b""
    after: tuple[Step, ...] = ("keep",)
    method: str = "GET"
    target: str = ""
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = PORTAL_HEADERS
    truncated: tuple[str, ...] = ()
    times: int = 1
    tls: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        """Give the server's script: everything in one piece, then the end."""
        said = self.interim + self.answer + self.stray
        return ((said,) if said else ()) + self.after


def _page(name: str) -> bytes:
    return f"<html><title>{name}</title><p>{name}: 정책브리핑 본문입니다.</p></html>\n".encode()


def _zipped(name: str) -> bytes:
    return gzip.compress(_page(name) * 20, mtime=0)


def _answer(name: str, *fields: bytes, status: bytes = OK) -> bytes:
    return sized(_page(name), *fields, status=status)


def _framed(payload: bytes, size_end: bytes = b"\r\n") -> bytes:
    """Frame a payload in two chunks, without the last one."""
    parts = (payload[:7], payload[7:])
    return b"".join(b"%x%b%b\r\n" % (len(part), size_end, part) for part in parts)


def _chunked(payload: bytes, *fields: bytes, end: bytes = b"0\r\n\r\n", size_end: bytes = b"\r\n") -> bytes:
    head = OK + b"".join(fields) + b"Transfer-Encoding: chunked\r\n\r\n"
    return head + _framed(payload, size_end) + end


_ZIP = b"Content-Encoding: gzip\r\n"
_S = Situation
_cut = partial(Situation, after=(0.2, "close"), truncated=("disconnect",))

HEADERS = (
    _S("plain", "plain page with Content-Length", _answer("plain", b"Content-Type: text/html\r\n")),
    _S(
        "header-case",
        "header names in odd case",
        _answer("header-case", b"x-UPPER-lower: A\r\nCONTENT-type: text/html\r\neTag: a\r\n"),
    ),
    _S(
        "header-order",
        "header order, two fields interleaved",
        _answer("header-order", b"Zeta: 1\r\nVia: 1.1 a\r\nAlpha: 2\r\nVia: 1.1 b\r\nDate: never\r\n"),
    ),
    _S(
        "spacing",
        "two spaces, tab and no space after the colon, space before it and at the end",
        _answer("spacing", b"Server:   two  spaces  \r\nX-Tab:\ttab\t\r\nNoSpace:x\r\nSpaced : y\r\n"),
    ),
    _S(
        "repeats",
        "repeated Set-Cookie",
        _answer("repeats", b"Set-Cookie: a=1\r\nVia: x\r\nSet-Cookie: b=2\r\nSet-Cookie: a=1\r\n"),
    ),
    _S("folded", "folded header line", _answer("folded", b"X-Long: first\r\n  second\r\n\tthird\r\n")),
    _S("colon-less", "header line without a colon", _answer("colon-less", b"this is no header\r\nX-After: 1\r\n")),
    _S("beyond-ascii", "header bytes that are no UTF-8", _answer("beyond-ascii", b"X-Name: \xff\xfe\xb0\xed\r\n")),
    _S(
        "korean-name",
        "Korean file name, raw UTF-8",
        _answer("korean-name", 'Content-Disposition: attachment; filename="보도자료.hwp"\r\n'.encode()),
    ),
    _S("long-header", "header line of 20,000 bytes", _answer("long-header", b"X-Long: " + b"a" * 20_000 + b"\r\n")),
    _S("line-feeds", "line feeds instead of CRLF", _answer("line-feeds", b"A: b\r\n").replace(b"\r\n", b"\n")),
    _S("reason", "odd reason phrase", _answer("reason", status="HTTP/1.1 200 그래 Tres  Bien!\r\n".encode())),
    _S("empty-reason", "empty reason phrase", _answer("empty-reason", status=b"HTTP/1.1 200 \r\n")),
    _S("no-reason", "no reason phrase, no space either", _answer("no-reason", status=b"HTTP/1.1 200\r\n")),
    _S("lower-status", "status line in lower case", _answer("lower-status", status=b"http/1.1 200 ok\r\n")),
    _S("http-1.0", "HTTP/1.0, ended by closing", b"HTTP/1.0 200 OK\r\n\r\n" + _page("http-1.0"), after=("close",)),
)

BODIES = (
    _S("until-close", "HTTP/1.1 body ended by closing", OK + b"A: b\r\n\r\n" + _page("until-close"), after=("close",)),
    _S("binary", "binary body with NULs", sized(b"\x00\xff\r\n\r\n\x00" * 999, b"Content-Type: image/png\r\n")),
    _S("empty", "Content-Length: 0", sized(b"")),
    _S("chunks", "chunked body", _chunked(_page("chunks"))),
    _S("extensions", "chunk extensions", _chunked(_page("extensions"), size_end=b';name="a;b";x\r\n')),
    _S("trailers", "trailer fields", _chunked(_page("trailers"), b"Trailer: X-D\r\n", end=b"0\r\nX-D:  abc\r\n\r\n")),
    _S(
        "coding-case",
        "transfer-encoding: CHUNKED, sizes in upper case with leading zeros",
        OK + b"transfer-encoding: CHUNKED\r\n\r\n00%X\r\n%b\r\n0\r\n\r\n" % (len(_page("c-case")), _page("c-case")),
    ),
    _S("gzip", "gzip content coding", sized(_zipped("gzip"), _ZIP)),
    _S("gzip-chunks", "gzip content coding in chunks", _chunked(_zipped("gzip-chunks"), _ZIP)),
)

EXCHANGES = (
    _S("head", "HEAD", OK + b"Content-Length: 99999\r\n\r\n", method="HEAD"),
    _S("no-content", "204", b"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"),
    _S(
        "not-modified",
        "304 with a Content-Length",
        b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 7\r\n\r\n',
    ),
    _S("continue", "100 before the answer", _answer("continue"), interim=b"HTTP/1.1 100 Continue\r\n\r\n"),
    _S(
        "early-hints",
        "103 before the answer",
        _answer("early-hints"),
        interim=b"HTTP/1.1 103  Early Hints\r\nLink: </a.css>\r\n\r\n",
    ),
    _S(
        "redirect",
        "302 with a body",
        _answer("redirect", b"Location: /elsewhere\r\n", status=b"HTTP/1.1 302 Found\r\n"),
    ),
    _S("not-found", "404 with a body", _answer("not-found", status=b"HTTP/1.1 404 Not Found\r\n")),
    _S(
        "post",
        "POST with a body",
        _answer("post"),
        method="POST",
        body=b"pageIndex=1&srchKeyword=%EC%98%88%EC%82%B0&empty=",
        headers=(*PORTAL_HEADERS, ("Content-Type", "application/x-www-form-urlencoded")),
    ),
    _S("query", "query string, odd order and case", _answer("query"), target="?b=2&a=1&a=&c=%ea%b0%80%2F;x+y"),
    _S("again", "the same payload twice (revisit)", _answer("again"), times=2),
)

FAULTS = (
    _S(
        "cut-length",
        "connection reset within Content-Length",
        OK + b"Content-Length: 99999\r\n\r\n" + _page("cut-length"),
        after=(0.3, "reset"),
        truncated=("disconnect",),
    ),
    _cut(
        "length-too-long", "Content-Length too long, then closed", OK + b"Content-Length: 500\r\n\r\n" + _page("long")
    ),
    _cut("cut-chunk", "closed within a chunk", _chunked(_page("cut-chunk"), end=b"ff\r\nabc")),
    _cut("no-last-chunk", "closed before the last chunk", _chunked(_page("no-last-chunk"), end=b"")),
    _S(
        "silent",
        "server falls silent within the body",
        OK + b"Content-Length: 99999\r\n\r\n" + _page("silent"),
        after=("hold",),
        truncated=("time",),
    ),
    _S(
        "length-too-short",
        "Content-Length too short",
        OK + b"Content-Length: 20\r\n\r\n" + _page("short")[:20],
        stray=_page("short")[20:],
        after=("close",),
    ),
    _S(
        "bad-chunk-size",
        "chunk size that is no number",
        _chunked(_page("bad-chunk-size"), end=b"xyz\r\nabc\r\n0\r\n\r\n"),
        after=("close",),
    ),
    _S(
        "two-lengths",
        "two different Content-Lengths",
        OK + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\n" + _page("two-lengths"),
        after=("close",),
    ),
    _S("no-status-line", "a page without status line or header", _page("no-status-line"), after=("close",)),
)

TLS = (
    _S("tls", "TLS: odd headers", _answer("tls", b"x-UPPER:  A\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n"), tls=True),
    _S(
        "tls-gzip-chunks",
        "TLS: gzip, chunk extensions",
        _chunked(_zipped("tls-gzip-chunks"), _ZIP, size_end=b" ;x=1\r\n"),
        tls=True,
    ),
    _S(
        "tls-cut",
        "TLS: ended without close_notify",
        OK + b"A: b\r\n\r\n" + _page("tls-cut"),
        after=(0.2, "cut"),
        truncated=("disconnect",),
        tls=True,
    ),
)

SITUATIONS: tuple[Situation, ...] = HEADERS + BODIES + EXCHANGES + FAULTS + TLS
"""Every row, in the order of the page."""
GROUPS = {"Header block": HEADERS, "Body": BODIES, "Exchange": EXCHANGES, "Faults": FAULTS, "TLS": TLS}
