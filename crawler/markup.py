"""Parses HTML into a tree, within bounds: a page that would fill the memory gives an empty tree, so no article.

An element or attribute takes some 300 bytes in the tree, a character up to 30, so that two megabytes of hostile markup
could take half a gigabyte. What nests and multiplies takes more of both memory and time (:mod:`crawler.nesting`).
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from crawler.nesting import VOID, explodes
from storage.kept_memory import keep_freed_memory

LONGEST = 4_000_000
"""Characters; the longest pages seen have 150,000."""
MOST_BYTES = 16 * 1024 * 1024
"""Bytes that a page may unpack to; four are the most that a character takes."""
MOST_MARKS = 300_000
"""Elements and attributes; real pages have some thousands."""
_SURELY_FINE = 500_000
# <a href="x" class=y>
_TAGS = re.compile(r"<[^<>]*")
# the blanks and slashes that part attributes, but not the slash of an end tag
_BETWEEN = re.compile(r"(?<!<)[\s/]+")


# <?xml version="1.0" encoding="UTF-8"?>, <html xmlns="http://www.w3.org/1999/xhtml">
_XHTML = re.compile(
    r"\s*(?:<\?xml\s|(?:<![^>]{0,500}>\s*)*<html\s[^>]{0,500}http://www\.w3\.org/1999/xhtml)", re.IGNORECASE
)
# <title/>, <p class="x" />, <a name="t1"/>
_EMPTY = re.compile(r"<([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*)?)(?<!=)/>")

# </html>, </BODY >
_END = re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
# <html lang="ko">, <BODY>
_BEGINNING = re.compile(rb"<(?:html|body)[\s>]", re.IGNORECASE)


def breaks_off(text: str | bytes) -> bool:
    """Say whether a page begins what it nowhere ends: a server that fails while it writes may end its answer in order.

    A part of a page, that begins no ``<html>`` or ``<body>``, is taken as it is.
    """
    page = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    # Looked for from the end, where it stands.
    return page.rfind(b"</body>") < 0 and _END.search(page) is None and _BEGINNING.search(page) is not None


def parse(text: str | bytes) -> LexborHTMLParser:
    """Parse a page, bytes being UTF-8; one that is too large gives an empty tree."""
    keep_freed_memory()
    return LexborHTMLParser("" if outsized(text) else text)


def in_html(text: str) -> str:
    """Give an XHTML text as HTML: there ``<title/>`` would open a title that all the rest stands in."""
    if not _XHTML.match(text):
        return text
    return _EMPTY.sub(lambda tag: tag[0] if tag[1].lower().encode() in VOID else f"<{tag[1]}{tag[2]}></{tag[1]}>", text)


def outsized(text: str | bytes) -> bool:
    """Say whether a page is too much to be held as a tree."""
    page = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    if len(page) <= _SURELY_FINE:
        return explodes(page, MOST_MARKS)
    if isinstance(text, bytes):
        text = text.decode()
    if len(text) > LONGEST:
        return True
    marks = text.count("<")
    for tag in _TAGS.finditer(text):
        marks += sum(1 for _ in _BETWEEN.finditer(tag[0]))
        if marks > MOST_MARKS:
            return True
    return explodes(page, MOST_MARKS)
