"""What stands in a body about its licence and source: a field of its own, not the article's words."""

from __future__ import annotations

import re

from crawler.cleaning import fold

# "정책브리핑의 정책뉴스자료는 「공공누리 제1유형:출처표시」의 조건에 따라 자유롭게 이용이 가능합니다. ..."
_LICENCE_NOTE = re.compile(
    r"^\W{0,3}(?:정책브리핑의|이 (?:자료|기사|게시물|저작물)[은는]|본 (?:공공)?저작물은|'?텍스트'?에 한하여)"
    r".{0,60}공공누리.{0,80}이용"
)
# "... 강조했다. 정책브리핑의 정책뉴스자료는 「공공누리 제1유형:출처표시」의 조건에 따라 ...": behind a text
_LICENCE_TAIL = re.compile(
    r"(?<=[.!?”\"』」)\]\s])\s*정책브리핑의 ?[(\[]?[가-힣·, ]{0,20}[)\]]? ?자료는 ?\W?공공누리.{0,80}이용.*$"
)
# "다만, 사진의 경우 제3자에게 저작권이 있으므로 ...", "기사 이용 시에는 출처를 반드시 표기해야 하며, ...": on after it
_LICENCE_MORE = re.compile(r"^(?:다만|단),? ?(?:사진|텍스트를 제외한)|^기사 이용 시에는 출처를")
# "<자료출처=정책브리핑 www.korea.kr>"
_SOURCE_NOTE = re.compile(r"\s*(?:^[<(\[]?|[<(\[])\s*자료\s*출처\s*[=:]\s*정책브리핑[^가-힣]{0,40}$")
_LICENCE, _PORTAL, _SOURCE = "공공누리", "정책브리핑", "출처"
"""Words of notes. A line without both of the first two holds no note, unless it continues the note above it."""


def may_be_note(line: str) -> bool:
    """Say whether a line may be, or hold, what is said about the licence."""
    return _LICENCE in line or _PORTAL in line


class LicenceNotes:
    """Takes what is said about the licence out of lines, in reading order, for it may go on from line to line.

    Args:
        said: Where the notes are kept.
    """

    def __init__(self, said: list[str]) -> None:
        self._said = said
        self.under_one = False
        """Whether a note stood right above, which the next line may go on."""

    def without(self, lines: list[str]) -> list[str]:
        """Give the lines without what they say about the licence."""
        kept: list[str] = []
        for said in lines:
            line = said
            if not self.under_one and not may_be_note(line):
                kept.append(line)
            elif _LICENCE_NOTE.match(line):
                self._said.append(line)
                self.under_one = True
            elif not (self.under_one and _LICENCE_MORE.match(line)):
                tail = _LICENCE_TAIL.search(line) if _LICENCE in line else None
                if tail is not None:
                    self._said.append(tail.group())
                    line = _LICENCE_TAIL.sub("", line)
                if text := fold(_SOURCE_NOTE.sub("", line) if _SOURCE in line else line):
                    kept.append(text)
                    self.under_one = tail is not None
        return kept
