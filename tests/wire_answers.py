"""What servers say on the wire, as they should and as they should not: the raw bytes, and what they come to."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

After = Literal["keep", "close", "cut", "reset", "hold"]
"""What the server does last: wait for another request, close in order (TLS: with close_notify), close without it,
reset the connection, or fall silent until the client hangs up."""
Step = bytes | float | After
"""Send these bytes, pause for these seconds, or do this last."""

PAGE = "<p>정책브리핑 본문입니다.</p>".encode()
OK = b"HTTP/1.1 200 OK\r\n"


def sized(body: bytes, *fields: bytes, status: bytes = OK) -> bytes:
    """Write a message with Content-Length, ``fields`` verbatim before it."""
    return status + b"".join(fields) + b"Content-Length: %d\r\n\r\n" % len(body) + body


def chunked(framed: bytes, *fields: bytes) -> bytes:
    """Write a message whose body is ``framed`` already."""
    return OK + b"".join(fields) + b"Transfer-Encoding: chunked\r\n\r\n" + framed


@dataclass(frozen=True)
class Resource:
    """An answer that a client can read to its end: what goes out and what it says."""

    message: bytes
    payload: bytes = PAGE
    status: int = 200
    interim: bytes = b""
    stray: bytes = b""
    after: After = "keep"
    method: str = "GET"
    reusable: bool = True

    def steps(self) -> Iterable[Step]:
        """Give the script."""
        return [self.interim + self.message + self.stray, self.after]


ZIPPED = gzip.compress(PAGE * 20, mtime=0)
PARTS = b"5\r\n" + PAGE[:5] + b"\r\n" + b"%x\r\n" % (len(PAGE) - 5) + PAGE[5:] + b"\r\n"

RESOURCES: dict[str, Resource] = {
    "plain": Resource(sized(PAGE)),
    "odd-header-case": Resource(sized(PAGE, b"x-UPPER-lower: A\r\nCONTENT-type: text/html\r\n")),
    "double-spaces": Resource(sized(PAGE, b"Server:   two  spaces  \r\nX-Tab:\ttab\t\r\nNoSpace:x\r\nSpaced : y\r\n")),
    "repeated-headers": Resource(sized(PAGE, b"Set-Cookie: a=1\r\nVia: x\r\nSet-Cookie: b=2\r\nset-cookie: a=1\r\n")),
    "folded-header": Resource(sized(PAGE, b"X-Long: first\r\n  second\r\n\tthird\r\n")),
    "folded-content-length": Resource(OK + b"Content-Length:\r\n %d\r\n\r\n" % len(PAGE) + PAGE),
    "fold-without-header": Resource(sized(PAGE, b" Content-Length: 3\r\n")),
    "line-without-colon": Resource(sized(PAGE, b"this is no header\r\n  nor this: one\r\n: nameless\r\n")),
    "bytes-beyond-ascii": Resource(sized(PAGE, b"X-Name: \xff\xfe\xb0\xed\r\n\xffName: x\r\nX-Nul: a\x00b\r\n")),
    "odd-reason": Resource(sized(PAGE, status="HTTP/1.1 200 그래  \xff\t!\r\n".encode())),
    "no-reason": Resource(sized(PAGE, status=b"HTTP/1.1 200\r\n")),
    "odd-status-line": Resource(sized(PAGE, status=b"HTTP/1.1  299 \t Odd\r\n"), status=299),
    "line-feeds-only": Resource(sized(PAGE).replace(b"\r\n", b"\n")),
    "chunks": Resource(chunked(PARTS + b"0\r\n\r\n")),
    "chunk-extensions": Resource(
        chunked(
            b'0005;name="a;b";x\r\n' + PAGE[:5] + b"\r\n%X ;y\r\n" % (len(PAGE) - 5) + PAGE[5:] + b"\r\n000;z\r\n\r\n"
        )
    ),
    "trailers": Resource(chunked(PARTS + b"0\r\nX-Digest:  abc\r\nno colon\r\n\r\n", b"Trailer: X-Digest\r\n")),
    "trailer-longer-than-a-size-may-be": Resource(chunked(PARTS + b"0\r\nX-Long: " + b"y" * 20_000 + b"\r\n\r\n")),
    "chunks-with-line-feeds": Resource(chunked((PARTS + b"0\r\n\r\n").replace(b"\r\n", b"\n"))),
    "chunks-of-one-byte": Resource(chunked(b"".join(b"1\r\n%c\r\n" % byte for byte in PAGE) + b"0\r\n\r\n")),
    "chunks-and-length": Resource(chunked(PARTS + b"0\r\n\r\n", b"Content-Length: 3\r\n"), reusable=False),
    "chunks-in-http-1.0": Resource(chunked(PARTS + b"0\r\n\r\n").replace(b"1.1", b"1.0", 1), reusable=False),
    "chunks-in-http-1.0-kept-alive": Resource(
        chunked(PARTS + b"0\r\n\r\n", b"Connection: keep-alive\r\n").replace(b"1.1", b"1.0", 1), reusable=False
    ),
    "last-chunk-without-end": Resource(chunked(PARTS + b"0\r\n"), after="close"),
    "zipped": Resource(sized(ZIPPED, b"Content-Encoding: gzip\r\n"), payload=ZIPPED),
    "zipped-chunks": Resource(
        chunked(b"%x\r\n" % len(ZIPPED) + ZIPPED + b"\r\n0\r\n\r\n", b"Content-Encoding: gzip\r\n"), payload=ZIPPED
    ),
    "until-close": Resource(OK + b"Content-Type: text/html\r\n\r\n" + PAGE, after="close"),
    "http-1.0": Resource(b"HTTP/1.0 200 OK\r\n\r\n" + PAGE, after="close"),
    "http-1.0-with-length": Resource(sized(PAGE, status=b"HTTP/1.0 200 OK\r\n"), reusable=False),
    "http-1.0-kept-alive": Resource(sized(PAGE, b"Connection: Keep-Alive\r\n", status=b"HTTP/1.0 200 OK\r\n")),
    "coding-unknown": Resource(OK + b"Transfer-Encoding: x\r\nContent-Length: 1\r\n\r\n" + PAGE, after="close"),
    "identity-coding": Resource(sized(PAGE, b"Transfer-Encoding: identity\r\n"), reusable=False),
    "same-length-twice": Resource(sized(PAGE, b"Content-Length: %d\r\n" % len(PAGE))),
    "same-length-listed": Resource(OK + b"Content-Length: %d, 0%d\r\n\r\n" % (len(PAGE), len(PAGE)) + PAGE),
    "empty": Resource(sized(b""), payload=b""),
    "head": Resource(OK + b"Content-Length: 99999\r\n\r\n", payload=b"", method="HEAD"),
    "head-of-chunks": Resource(chunked(b""), payload=b"", method="HEAD"),
    "no-content": Resource(b"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n", payload=b"", status=204),
    "not-modified": Resource(
        b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 7\r\n\r\n', payload=b"", status=304
    ),
    "early-hints": Resource(
        sized(PAGE), interim=b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103  Early Hints\r\nLink: </a.css>\r\n\r\n"
    ),
    "switching-protocols": Resource(
        b"HTTP/1.1 101 Switching\r\n\r\n", payload=b"", status=101, stray=b"\x00\x01", after="hold", reusable=False
    ),
    "stray-bytes": Resource(sized(PAGE), stray=b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", reusable=False),
    "stray-bytes-after-no-body": Resource(
        b"HTTP/1.1 304 Not Modified\r\n\r\n", payload=b"", status=304, stray=PAGE, reusable=False
    ),
    "length-too-short": Resource(
        OK + b"Content-Length: 5\r\n\r\n" + PAGE[:5], payload=PAGE[:5], stray=PAGE[5:], reusable=False
    ),
    "says-close": Resource(sized(PAGE, b"Connection: foo, CLOSE\r\n"), after="hold", reusable=False),
    "resets-after-the-end": Resource(sized(PAGE), after="reset"),
    "not-found": Resource(sized(PAGE, status=b"HTTP/1.1 404 Not Found\r\n"), status=404),
}
"""Everything that comes to an end as its framing says."""

HALF = len(PAGE) // 2
HEAD_OF_PAGE = OK + b"Content-Length: %d\r\n\r\n" % len(PAGE)
CUT_OFF: dict[str, tuple[bytes, int | None, bytes, str | None]] = {
    # name: bytes sent, status, payload, and what an early end comes to: a truncation once a head was read, or a failure
    "before-anything": (b"", None, b"", None),
    "in-the-status-line": (b"HTTP/1.1 2", None, b"", None),
    "in-the-head": (OK + b"Content-Le", None, b"", None),
    "after-interim-only": (b"HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n", None, b"", None),
    "before-the-body": (HEAD_OF_PAGE, 200, b"", "truncated"),
    "in-the-body": (HEAD_OF_PAGE + PAGE[:HALF], 200, PAGE[:HALF], "truncated"),
    "in-a-chunk-size": (chunked(b"1"), 200, b"", "truncated"),
    "in-a-chunk": (chunked(b"a\r\n" + PAGE[:7]), 200, PAGE[:7], "truncated"),
    "after-a-chunk": (chunked(b"7\r\n" + PAGE[:7] + b"\r"), 200, PAGE[:7], "truncated"),
    "before-the-last-chunk": (chunked(b"7\r\n" + PAGE[:7] + b"\r\n"), 200, PAGE[:7], "truncated"),
    "in-the-trailers": (chunked(b"7\r\n" + PAGE[:7] + b"\r\n0\r\nX: y\r\n"), 200, PAGE[:7], "truncated"),
}
"""Answers that break off at every stage: how far a client gets."""

BROKEN: dict[str, tuple[bytes, int | None, bytes]] = {
    # name: bytes sent, status, payload read before the fault
    "page-without-head": (PAGE, None, b""),
    "another-protocol": (b"SSH-2.0-x\r\n\r\nrest", None, b""),
    "status-not-a-number": (b"HTTP/1.1 abc OK\r\nA: b\r\n\r\nrest", None, b""),
    "status-of-two-digits": (b"HTTP/1.1 20\r\n\r\nrest", None, b""),
    "empty-line-first": (b"\r\n" + sized(PAGE), None, b""),
    "conflicting-lengths": (OK + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\n" + PAGE, 200, PAGE),
    "length-not-a-number": (OK + b"Content-Length: -4\r\n\r\n" + PAGE, 200, PAGE),
    "length-beyond-reason": (OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n" + PAGE, 200, PAGE),
    "chunk-size-not-hex": (chunked(b"2\r\nab\r\nxyz\r\nabc\r\n0\r\n\r\n"), 200, b"ab"),
    "chunk-size-negative": (chunked(b"-2\r\nab\r\n"), 200, b""),
    "chunk-size-beyond-reason": (chunked(b"f" * 300 + b"\r\nab\r\n"), 200, b""),
    "chunk-longer-than-said": (chunked(b"2\r\nabc\r\n0\r\n\r\n"), 200, b"ab"),
    "trailers-endless": (chunked(b"2\r\nab\r\n0\r\n" + (b"X: " + b"y" * 9_000 + b"\r\n") * 30), 200, b"ab"),
    "chunk-line-endless": (chunked(b"2\r\nab\r\n3;" + b"x" * 300_000), 200, b"ab"),
}
"""Answers that break the rules."""

ANSWERS = {
    **{name: one.interim + one.message + one.stray for name, one in RESOURCES.items() if one.method == "GET"},
    **{name: said for name, (said, *_) in BROKEN.items()},
    **{name: said for name, (said, *_) in CUT_OFF.items()},
}
