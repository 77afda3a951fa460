"""What parsel and BeautifulSoup are told of the portal's templates: where fields stand, and how their text is read."""

from __future__ import annotations

import re

TITLE = ".view_title h1, .article_head h1, .view_head h1, .tit_area h1"
ARCHIVE_TITLE = ".article_head h2"
SUBTITLES = ".view_title h2, .article_head h2"
INFO = ".article_head .info, .view_head .info, .tit_area .info"
BODY = "#viewCont, .view_cont"
ARCHIVE_BODY = ".article_body, .article_cont"
BLOCKS = ("p", "h3", "li", "figcaption", "table", "div")
FILES = ".filedown a, .article_wrap .file a, .article_wrap a[href*='/download.do']"
LICENCE = ".kogl img, .law_copy_wrap img"

# "datePublished": "2026-09-15T18:16:48+09:00"
PUBLISHED = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')
# 2026.09.15
DAY = re.compile(r"(\d{4})\.(\d{2})\.(\d{2})")
# fileId=198552978
FILE = re.compile(r"fileId=(\d+)")
# 1유형
TYPE = re.compile(r"([0-4])\s*유형")
NOTE = "정책브리핑의 정책뉴스자료는"


def folded(text: str) -> str:
    """Fold white space."""
    return " ".join(text.split())


def moment(text: str) -> str:
    """Read the portal's stamp as Korean time."""
    return text.removesuffix("Z") + ("+09:00" if text.endswith("Z") else "")


def day(text: str) -> str | None:
    """Read a printed day."""
    found = DAY.search(text)
    return "-".join(found.groups()) if found else None


def byline(words: list[str]) -> tuple[str | None, str | None]:
    """Part what the line under the headline says beside the day into source and author."""
    said = [word for word in words if word and not DAY.fullmatch(word)]
    if len(said) == 1 and len(parts := said[0].rsplit(" ", 1)) == 2 and 2 <= len(parts[1]) <= 3:
        said = parts
    return (said[0] if said else None), (said[1] if len(said) > 1 else None)
