"""Whitespace, dates and licences: the small readings that every page needs.

Nothing here rewrites what an article says. Only what HTML itself calls white space is folded; a no-break space, a
full-width digit or a decomposed syllable stays as it was sent, so that a change of it can be seen.
"""

from __future__ import annotations

import re
from datetime import datetime

from storage.records import KST

# HTML's own white space (WHATWG HTML, "ASCII whitespace"); U+00A0 is not part of it.
WHITE_SPACE = " \t\n\r\f"
# "\t", "\n ", "  ", but not the single space that most words have between them
_FOLDED = re.compile(rf"[{WHITE_SPACE}]{{2,}}|[{WHITE_SPACE.strip(' ')}]")
# What shows nothing at the edge of a line: every space of Unicode, the zero-width space, the byte order mark
_EDGES = "".join(map(chr, [*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C)])) + (
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)

# "2026.09.15", "2026.09.15 18:16", "2026-09-15", "2026. 9. 15.", "2026년 9월 15일"
_DAY = re.compile(
    r"(?<![0-9])([0-9]{4})\s*[.\-/년]\s*([0-9]{1,2})\s*[.\-/월]\s*([0-9]{1,2})(?![0-9])[.일]?"
    r"(?:\s+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?"
)

# "2026-09-15T18:16:48Z", "2026-09-15T18:16:48+09:00", "2026-09-15T18:16"
_STAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def fold(text: str) -> str:
    """Fold runs of HTML white space into one space and strip invisible edges."""
    if not text.isprintable() or "  " in text:
        text = _FOLDED.sub(" ", text)
    return text.strip(_EDGES)


def fold_lines(text: str) -> str:
    """Fold like :func:`fold`, line by line; empty lines go, a ``<br>`` stays a line feed."""
    return "\n".join(line for lines in paragraphs(text) for line in lines)


def paragraphs(text: str) -> list[list[str]]:
    """Fold like :func:`fold`, line by line, and part the lines where one or more are blank."""
    if "\n" not in text:
        line = fold(text)
        return [[line]] if line else []
    found: list[list[str]] = [[]]
    for part in text.split("\n"):
        if line := fold(part):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [lines for lines in found if lines]


def day(text: str) -> str | None:
    """Read the portal's printed date as ``YYYY-MM-DD``, with ``THH:MM:SS+09:00`` when a time stands with it.

    >>> day("2024.06.12")
    '2024-06-12'
    """
    found = _DAY.search(text)
    if not found:
        return None
    year, month, date_, hour, minute, second = found.groups()
    try:
        moment = datetime(
            int(year), int(month), int(date_), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=KST
        )
    except ValueError:
        return None
    return moment.isoformat() if hour else moment.date().isoformat()


# "선경철 기자 (kc@korea.kr)"; sought from where a word begins alone, for a long one may be followed by no "@"
_MAIL = re.compile(r"[(<\[]?\s*(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+\s*[)>\]]?")


def without_day(text: str) -> str:
    """Leave out a printed date (and time) and a mail address, as in ``2024.06.12 정책브리핑 선경철``."""
    undated = _DAY.sub(" ", text)
    return fold(_MAIL.sub(" ", undated) if "@" in undated else undated).strip(" |·,:()")


def stamp(text: str) -> str | None:
    """Read a machine time stamp of the portal as Korean time.

    The portal prints Korean wall time with a false ``Z`` in ``article:published_time``; a ``Z`` is therefore read
    as ``+09:00``. Other offsets are converted.

    >>> stamp("2026-09-15T18:16:48Z")
    '2026-09-15T18:16:48+09:00'
    """
    found = _STAMP.fullmatch(text.strip())
    if not found:
        return day(text)
    date_, time_, offset = found.groups()
    zone = "+09:00" if offset in (None, "Z") else offset
    try:
        return datetime.fromisoformat(f"{date_}T{time_}{zone}").astimezone(KST).isoformat()
    except (ValueError, OverflowError):
        return None


# "공공누리 공공저작물 자유이용허락 1유형 출처표시", "공공누리 제1유형(출처표시)", "open_type_01.png", "open_type01.jpg"
_LICENCE = re.compile(r"공공누리[^0-9]{0,30}?(?:제\s*)?([0-4])\s*유형|open_?type_?0?([0-4])(?![0-9])")
# "'텍스트'에 한하여 공공누리 출처표시+상업적 이용금지+변경금지의 조건에 따라 ...": the number is left unsaid
_NOT_FOR_TRADE = re.compile(r"비\s?상업|상업적\s?이용\s?금지")
_NO_DERIVATIVES = re.compile(r"변경\s?금지")


def licence(text: str) -> str | None:
    """Name the KOGL type (공공누리, Korea Open Government License) that ``text`` states, ``KOGL-0`` to ``KOGL-4``."""
    found = _LICENCE.search(text)
    if found:
        return f"KOGL-{found.group(1) or found.group(2)}"
    if "공공누리" not in text:
        return None
    if "출처표시" in text:
        return f"KOGL-{1 + bool(_NOT_FOR_TRADE.search(text)) + 2 * bool(_NO_DERIVATIVES.search(text))}"
    # "공공누리의 조건 없이 자유이용이 가능합니다."
    return "KOGL-0" if re.search(r"조건\s?없이", text) else None
