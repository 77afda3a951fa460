"""The text of a page: which charset its bytes are in, by what the server, the page and the bytes themselves say."""

from __future__ import annotations

import codecs
import re

# A charset parameter: "text/html; charset=UTF-8", "text/html;charset='euc-kr'".
_CHARSET = re.compile(r"charset\s*=\s*(?:[\"']\s*)?([A-Za-z0-9_.:-]+)", re.IGNORECASE)

# A charset declared in the page: <meta charset="utf-8">, <meta http-equiv=... content="text/html; charset=euc-kr">,
# <?xml version="1.0" encoding="utf-8"?>.
_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,500}?(?:charset|encoding)\s*=\s*(?:[\"']\s*)?([\w.:-]+)", re.IGNORECASE
)

# Korean pages say euc-kr and mean its superset; "latin-1" likewise means windows-1252 (WHATWG Encoding).
_MEANT = {
    "euc-kr": "cp949", "euc_kr": "cp949", "euckr": "cp949", "ks_c_5601-1987": "cp949", "ksc5601": "cp949",
    "ks_c_5601": "cp949", "x-windows-949": "cp949", "windows-949": "cp949", "ms949": "cp949",
    "utf8": "utf-8", "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
}  # fmt: skip

# What Python can decode besides charsets; of punycode the time grows with the square of the length.
_NO_CHARSETS = frozenset("idna mbcs oem punycode raw-unicode-escape undefined unicode-escape utf-7".split())

# Byte order marks and what they prove.
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# UTF-16 without a mark, told by the first sign of markup as XML 1.0, appendix F, tells it; blanks may stand before it.
_MARKUP_IN_UTF_16 = (
    (re.compile(rb"(?:[\t\n\r ]\0)*<\0"), "utf-16-le"),
    (re.compile(rb"(?:\0[\t\n\r ])*\0<"), "utf-16-be"),
)


def text_of(payload: bytes, content_type: str | None) -> str:
    """Read a page's bytes as text; never raises, bytes without meaning become U+FFFD.

    The order is: byte order mark or markup in UTF-16, the charset of ``content_type``, the one declared in the page's
    first 4096 bytes, then UTF-8, then CP949. A declared charset that the bytes contradict gives way to UTF-8 where that
    fits.
    """
    return _text_of(payload, content_type)[0]


def utf8_of(payload: bytes, content_type: str | None) -> bytes:
    """Read a page's bytes like :func:`text_of` and give the text in UTF-8: the bytes themselves where they are that."""
    text, encoding = _text_of(payload, content_type)
    return payload if encoding == "utf-8" else text.encode()


def _text_of(payload: bytes, content_type: str | None) -> tuple[str, str]:
    """Give a page's text, and the charset of which its bytes are, empty where some have no meaning in it."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if payload.startswith(mark):
            return payload.decode(encoding, "replace"), ""
    for markup, encoding in _MARKUP_IN_UTF_16:
        if markup.match(payload):
            return payload.decode(encoding, "replace"), ""
    declared = _CHARSET.search(content_type or "")
    meta = _META_CHARSET.search(payload[:4096])
    named = [declared[1]] if declared else []
    if meta:
        # What could be read as ASCII is not in UTF-16: "utf-16", "UTF16LE" (WHATWG HTML, 13.2.3.2).
        said = meta[1].decode("latin-1")
        named.append("utf-8" if said.lower().startswith(("utf-16", "utf16", "utf_16")) else said)
    named = [_MEANT.get(one.lower(), one.lower()) for one in named]
    # A server that was told nothing says Latin-1 (Java's default), in which no page of Korean is written.
    by_default = [one for one in named if one == "cp1252"]
    for encoding in [*(one for one in named if one != "cp1252"), "utf-8", "cp949", *by_default]:
        text = decoded(payload, encoding, "strict")
        if text is not None:
            return text, encoding
    for encoding in named:
        text = decoded(payload, encoding, "replace")
        if text is not None:
            return text, ""
    return payload.decode("utf-8", "replace"), ""


def decoded(payload: bytes, encoding: str, errors: str) -> str | None:
    """Decode bytes; None where they are not of that charset, nobody knows it, or it is none."""
    try:
        if codecs.lookup(encoding).name.replace("_", "-") in _NO_CHARSETS:
            return None
        return payload.decode(encoding, errors)
    except (LookupError, UnicodeError, ValueError):
        return None
