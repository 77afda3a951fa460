"""The difference as PDF: the report's own HTML, printed by WeasyPrint with a Korean font of the system."""

from __future__ import annotations

import logging
import re

from storage.errors import SettingsError

_WITHOUT = "or make the dossier without it: --no-pdf"

_PIECE = re.compile(r"<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)[^>]*>|[^<]+")
"""A tag of the report's own pages, or the text before the next."""
_WORD = re.compile(r"(?<!\S)(?=\S*[가-힣])\S{2,12}(?!\S)")
"""A Korean word, ``사람도``, that a line of text has room for."""
_AS_THEY_ARE = frozenset({"head", "table", "pre", "svg"})
"""Where a line may be narrower than a word, or no line is broken."""


def pdf(page: str) -> bytes:
    """Print a page; the pictures that it holds are shown, and no address in it is fetched.

    Raises:
        SettingsError: WeasyPrint, Pango or a Korean font is not there.
    """
    try:
        import weasyprint
    except ImportError as error:
        raise SettingsError(f"The PDF needs WeasyPrint (pip install 'gochim[dossier]'), {_WITHOUT}.") from error
    except OSError as error:
        raise SettingsError(
            f"The PDF needs Pango (Debian: apt install libpangoft2-1.0-0), {_WITHOUT} ({error})."
        ) from error
    # it warns of each rule of the style that is for screens; a reader of the command could do nothing about them
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    within = weasyprint.URLFetcher(allowed_protocols=["data"])
    document = weasyprint.HTML(string=whole_words(page), url_fetcher=within).render()
    printed = bytes(document.write_pdf(pdf_tags=True))  # for who has the page read aloud
    # Hangul syllables, U+AC00 to U+D7A3
    if any(0xAC00 <= code <= 0xD7A3 for font in document.fonts.values() for code in font.missing):
        raise SettingsError(f"The PDF needs a Korean font (Debian: apt install fonts-noto-cjk), {_WITHOUT}.")
    return printed


def whole_words(page: str) -> str:
    """Mark the Korean words of a page as whole: WeasyPrint breaks lines within them, and knows no ``keep-all``."""
    depth = 0

    def told(piece: re.Match[str]) -> str:
        nonlocal depth
        if piece["tag"] in _AS_THEY_ARE:
            depth += -1 if piece["end"] else 1
        if piece["tag"] or depth:
            return piece[0]
        return _WORD.sub(r'<span style="white-space: nowrap">\g<0></span>', piece[0])

    return _PIECE.sub(told, page)
