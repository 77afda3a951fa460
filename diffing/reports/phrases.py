"""The words of a report, Korean and English side by side.

Codes (``paragraph-added``, ``silent``) come from the records; a code without words here is printed as it is, so that a
section added tomorrow still reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby

from diffing.reports.report import Lang
from storage.records import KST, Reason, kst

"""Korea has kept UTC+9 without summer time since 1988, before the portal was."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""English months, whatever the locale of the machine says."""

Pair = tuple[str, str]

KINDS: Mapping[str, Pair] = {
    "edited": ("수정", "edited"),
    "removed": ("삭제", "removed"),
    "restored": ("복원", "restored"),
    "moved": ("이동", "moved"),
    "attachment-replaced": ("첨부 교체", "attachment replaced"),
}
WEIGHT_WORDS: Mapping[str, Pair] = {
    "substance": ("내용 변경", "Changed in substance"),
    "wording": ("표현 변경", "Changed in wording"),
    "cosmetic": ("형식 변경", "Changed in form"),
}
WEIGHTS_SHORT: Mapping[str, Pair] = {
    "substance": ("내용", "Substance"),
    "wording": ("표현", "Wording"),
    "cosmetic": ("형식", "Form"),
}
WEIGHTS_MEAN: Mapping[str, Pair] = {
    "substance": (
        "숫자·날짜·이름·부정·약속·인용처럼 글이 말하는 내용이 달라졌습니다.",
        "What is asserted differs: figures, dates, names, polarity, commitment, attribution.",
    ),
    "wording": ("같은 내용을 다른 말이나 순서로 적었습니다.", "The same is said in other words or order."),
    "cosmetic": (
        "낱말과 순서는 같고 띄어쓰기·문장부호·문자 표기만 다릅니다.",
        "The same words in the same order; only spaces, marks or encoding differ.",
    ),
}
DISCLOSURES: Mapping[str, Pair] = {
    "silent": ("알림 없는 {kind}", "{kind} without notice"),
    "stamped": ("수정 표시 있음", "marked as updated"),
    "explained": ("수정 사유를 밝힘", "explained"),
    "stamp-only": ("수정 표시만 바뀜", "only the update mark differs"),
    "unknown": ("알림 여부 알 수 없음", "notice unknown"),
}
REASONS: Mapping[str, Pair] = {
    "notice": ("고침을 밝힌 문장: {text}", "a sentence that says so: {text}"),
    "stamp": ("글에 붙은 수정 표시: {text}", "a mark on the page: {text}"),
    "attachment-text": ("첨부파일 본문의 수정 표시: {text}", "words of it in an attachment: {text}"),
    "attachment-name": ("첨부파일 이름의 수정 표시: {text}", "a mark in an attachment's name: {text}"),
    "modify-id": ("공공데이터의 수정 번호: {text}", "the open API's ModifyId: {text}"),
    "modify-date": ("공공데이터의 수정 일시: {text}", "the open API's ModifyDate: {text}"),
    "last-modified": ("서버가 알린 수정 시각: {text}", "Last-Modified: {text}"),
    "none": ("{where}에 고침을 알리는 말이 없음", "no word of it in {where}"),
    "none-recorded": (
        "{where}에 고침을 알리는 말이 없고 발행 기록도 그대로임 ({text})",
        "no word of it in {where}, and unmoved records ({text})",
    ),
    "perhaps": ("다만 직접 읽어 볼 문장: {text}", "but read for yourself: {text}"),
    "no-difference": ("두 판이 같은 내용임", "both versions say the same"),
}
_SENTENCES = frozenset({"notice", "perhaps"})
"""Signals whose text is a sentence of the article, which is quoted."""
_LOOKED: tuple[Pair, Pair] = (
    ("제목·부제·본문·첨부파일 이름", "title, subtitles, body or attachment names"),
    ("제목·부제·본문·첨부파일 이름과 내용", "title, subtitles, body, attachment names or texts"),
)
"""What was looked through in vain, and where files were read beside."""
LICENCES: Mapping[str, Pair] = {
    "KOGL-0": ("공공누리 제0유형(조건 없음)", "KOGL type 0 (no conditions)"),
    "KOGL-1": ("공공누리 제1유형(출처표시)", "KOGL type 1 (attribution)"),
    "KOGL-2": ("공공누리 제2유형(출처표시, 상업적 이용금지)", "KOGL type 2 (attribution, no commercial use)"),
    "KOGL-3": ("공공누리 제3유형(출처표시, 변경금지)", "KOGL type 3 (attribution, no derivatives)"),
    "KOGL-4": (
        "공공누리 제4유형(출처표시, 상업적 이용금지, 변경금지)",
        "KOGL type 4 (attribution, no commercial use, no derivatives)",
    ),
}
SECTIONS: Mapping[str, Pair] = {
    "policy-news": ("정책뉴스", "Policy news"),
    "press-release": ("보도자료", "Press releases"),
    "fact-check": ("사실은 이렇습니다", "Fact checks"),
    "briefing": ("브리핑", "Briefings"),
    "state-council": ("국무회의", "State council"),
    "president": ("대통령", "The President"),
    "speech": ("연설문", "Speeches"),
    "reporter": ("국민이 말하는 정책", "Citizen reporters"),
    "opinion": ("오피니언", "Opinion"),
    "policy-focus": ("정책포커스", "Policy focus"),
    "card-news": ("카드·한컷", "Card news"),
    "keyword-news": ("키워드 뉴스", "Keyword news"),
    "media-news": ("멀티미디어", "Multimedia"),
    "video": ("영상", "Videos"),
    "photo": ("사진", "Photos"),
    "expert-document": ("전문자료", "Expert documents"),
    "recruit": ("채용정보", "Recruitment"),
    "notice": ("공지사항", "Notices"),
}
LABELS: Mapping[str, Pair] = {
    "title": ("제목", "title"),
    "subtitle": ("부제", "subtitle"),
    "body": ("본문", "body"),
    "caption": ("사진 설명", "caption"),
    "byline": ("작성자", "byline"),
    "date": ("게재일", "date"),
    "source": ("출처", "source"),
    "licence": ("이용 조건", "licence"),
    "attachment": ("첨부파일", "attachment"),
    "image": ("사진", "image"),
    "link": ("링크", "link"),
    "number": ("숫자", "number"),
    "money": ("금액", "money"),
    "percent": ("비율", "percentage"),
    "quantity": ("수량", "quantity"),
    "date-value": ("날짜·시각", "date or time"),
    "name": ("이름", "name"),
    "quote": ("인용", "quotation"),
    "negation": ("부정", "negation"),
    "hedge": ("확정 정도", "commitment"),
    "paragraph-added": ("문단 추가", "paragraph added"),
    "paragraph-removed": ("문단 삭제", "paragraph removed"),
    "paragraph-moved": ("문단 이동", "paragraph moved"),
    "paragraph-split": ("문단 나눔", "paragraph split"),
    "paragraph-merged": ("문단 합침", "paragraphs merged"),
    "wording": ("표현", "wording"),
    "particle": ("조사·어미", "particle"),
    "spacing": ("띄어쓰기", "spacing"),
    "punctuation": ("문장부호", "punctuation"),
    "unicode-form": ("문자 표기 방식", "Unicode form"),
    "revert": ("이전 상태로 되돌림", "reverted"),
}
FIELDS: Mapping[str, Pair] = {
    "title": ("제목", "Title"),
    "subtitles": ("부제", "Subtitles"),
    "body": ("본문", "Body"),
    "published": ("게재일", "Published"),
    "source": ("출처", "Source"),
    "source_code": ("출처 코드", "Source code"),
    "author": ("작성자", "Author"),
    "licence": ("이용 조건", "Licence"),
    "attachments": ("첨부파일", "Attachments"),
    "images": ("사진", "Images"),
    "links": ("링크", "Links"),
    "url": ("주소", "Address"),
    "section": ("갈래", "Section"),
}


def capitalised(said: str) -> str:
    """Let words begin with a capital, and leave the others as they are."""
    return said[:1].upper() + said[1:]


class Words:
    """The words of one language.

    Args:
        lang: ``ko`` or ``en``.
    """

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self._column = 0 if lang == "ko" else 1

    def pick(self, pair: Pair) -> str:
        """Choose this language's half of ``pair``."""
        return pair[self._column]

    def counted(self, pair: Pair, n: float, said: str = "") -> str:
        """Fill ``{n}`` of a half with a number, or with how it is ``said``, and ``{s}`` where a noun behind it asks."""
        return self.pick(pair).format(n=said or n, s="" if n == 1 else "s")

    def word(self, table: Mapping[str, Pair], code: str) -> str:
        """Look ``code`` up in ``table``; a code without words is its own word."""
        return self.pick(table[code]) if code in table else code

    def disclosure(self, code: str, kind: str) -> str:
        """Say whether readers were told, ``알림 없는 수정`` for a silent edit."""
        said = self.word(DISCLOSURES, code).format(kind=self.word(KINDS, kind))
        return capitalised(said)

    def reasons(self, reasons: Iterable[Reason]) -> tuple[str, ...]:
        """Say what a verdict on disclosure rests on; sentences that say the same of it are quoted side by side."""
        told: list[str] = []
        for signal, group in groupby(reasons, key=lambda one: one.signal):
            alike = tuple(group)
            told += [self.reason(*alike)] if signal in _SENTENCES else map(self.reason, alike)
        return tuple(told)

    def reason(self, reason: Reason, *more: Reason) -> str:
        """Say one thing that it rests on, ``공공데이터의 수정 번호: 7``; of a sentence, ``more`` are quoted with it."""
        if reason.signal in _SENTENCES:
            quoted = " ".join(f"“{one.text}”" for one in (reason, *more))
            return self.word(REASONS, reason.signal).format(text=quoted)
        if reason.signal != "none":
            return self.word(REASONS, reason.signal).format(text=reason.text)
        looked = reason.text.split(", ")
        where = self.pick(_LOOKED["attachment texts" in looked])
        recorded = ", ".join(one for one in looked if one in REASONS)
        return self.word(REASONS, "none-recorded" if recorded else "none").format(where=where, text=recorded)

    def same(self, field: str, n: int) -> str:
        """Say that ``n`` units of ``field`` are equal, ``… 문단 3개 같음 …``."""
        body, other = (
            ("… {n}문단 같음 …", "… {n} paragraph{s} unchanged …"),
            ("… {n}개 같음 …", "… {n} item{s} unchanged …"),
        )
        return self.counted(body if field == "body" else other, n)

    def position(self, old: int | None, new: int | None) -> str:
        """Say from where a unit moved and to where; indexes count from 0, places from 1."""
        if old is None or new is None:
            return ""
        if self.lang == "ko":
            return f"{old + 1}번째에서 {new + 1}번째로"
        return f"from place {old + 1} to {new + 1}"

    def moment(self, moment: datetime) -> str:
        """Write an aware time in Korean time to the second, ``2026-09-15 18:16:48 (KST)``."""
        return kst(moment)

    def day(self, moment: datetime, *, end: bool = False) -> str:
        """Write the Korean day of an aware time, ``2026년 9월 15일``; the time too unless it is midnight.

        With ``end`` a midnight is told as the day that ends then: a period until there does not cover the next.
        """
        here = moment.astimezone(KST)
        at_midnight = (here.hour, here.minute, here.second) == (0, 0, 0)
        time = "" if at_midnight else f" {here:%H:%M} (KST)"
        here -= timedelta(days=1 if at_midnight and end else 0)
        if self.lang == "ko":
            return f"{here.year}년 {here.month}월 {here.day}일{time}"
        return f"{here.day} {MONTHS[here.month - 1]} {here.year}{time}"

    def span(self, length: timedelta) -> str:
        """Write a length of time in its two largest units, ``3시간 12분``."""
        minutes = max(0, int(length.total_seconds())) // 60
        units = (minutes // 1440, ("일", "d")), (minutes // 60 % 24, ("시간", "h")), (minutes % 60, ("분", "min"))
        parts = [f"{n}{'' if self.lang == 'ko' else ' '}{self.pick(unit)}" for n, unit in units if n]
        return " ".join(parts[:2]) or self.pick(("1분 미만", "under a minute"))
