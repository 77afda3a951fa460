"""What publishers write when they mend a release: sentences that say so, and stamps that only mark it.

Pure patterns over one text; what a sentence must say to be a notice stands in :mod:`diffing.corrections`. What of it is
new, and what that means for a change, is judged in :mod:`diffing.disclosure`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from diffing import corrections
from diffing.forms import plain, squeezed

_OWN = (
    r"(?:본문|기사|자료|표(?=[의에는가와\s\d]|$)|그래프|도표|통계|수치|제목|사진|첨부|붙임|파일|문단|일부|내용|오탈자|오타|오기|숫자|금액|날짜|일자|명칭"
    r"|문구|이름|인용)"
)
"""What a release is made of: ``본문``, ``수치``; a notice speaks of these."""
_MARK = r"^\W*[※*†\[<(【〈◆◈▣☞]"
"""What a note begins with; ○, □ and - begin what the release itself has to say."""

_STAMP_WORD = (
    r"(?:최종\s?)?(?:재?수정|정정|재배포|재송부|재게시|수정\s?배포|정정\s?배포)(?:본|판|자료|보도|완료|\s?사항)?"
)
_MOMENT = r"[\d.:/\-~시분년월일차 ]{1,40}"


def _bracketed(words: str) -> str:
    return rf"[(\[【<〈{{]\s{{0,3}}(?:{_MOMENT})?(?:{words})(?:\s?{_MOMENT})?\s{{0,3}}[)\]】>〉}}]"


_OF_OTHERS = re.compile(
    # 보도 내용을 바로잡습니다, in an answer to the press; 법안 일부를 수정했습니다, of which the article tells
    r"잘못\s알려진\s|언론|신문|일보|방송|매체|(?<!정정)(?<!정정\s)보도(?!\s?(?:참고)?\s?자료|\s?시점|일시|문|에\s(?:참고|활용))"
    # 오기재 사례 34건을 정정했습니다
    r"|(?:오류|오기재?|오타|착오)\s?(?:사례|신고|[\d,]+\s?건)"
    # 논문의 오류를 수정했습니다, 책의 오타를, but ※ 사업비의 오기를 바로잡음; 누리집 오류를 수정했습니다
    rf"|(?<![가-힣])(?![가-힣]*{_OWN}의)[가-힣]+의\s오류[가를]"
    rf"|^(?!{_MARK[1:]}).*(?<![가-힣])(?![가-힣]*{_OWN}의)[가-힣]+의\s(?:오기|오타)[가를]"
    r"|(?:누리집|홈페이지|시스템|프로그램|전산|서버|[가-힣]앱|소프트웨어|장비|설비|통신)의?\s?오류[가를]"
    r"|(?:법|법률|개정|조례|예산|결의|계획|수정|합의)안(?!내)|법률|조례|헌법|규정|지침|교과서|표지판"
)
"""Texts that are not the release itself: what is mended in them is no correction of it."""

_OF_APPLICANTS = re.compile(
    r"신청(?!\s?(?:기한|기간|방법|자격|대상|마감|인원|누리집|주소))|신고|서류|제출|등기|등록부|주민등록|(?<!인용한\s)발언(?!자)"
)
"""``신청 내용을 잘못 기재하면``: it is theirs, unless the sentence speaks of this release or names its edit."""

_OF_ITSELF = re.compile(
    r"^\W*(?:본문|(?:본|이|위|동)\s?(?:보도|참고|설명)?\s?(?:자료|기사))\s?(?:가운데|중|의|에서|내)\s"
    r".*(?:바로\s?잡|정정(?:합|했|하였|드립))"
)
"""``※ 본문 가운데 신고 건수를 바로잡았습니다``: it is the release itself, whatever it is about."""

_OWN_REPORT = re.compile(r"(?:처음|앞서|최초|애초|당초)(?:에)?\s?보도(?:한|했던|된)")
"""``처음 보도한 11건``, in a section in which the publisher reports."""

_STAMP = re.compile(
    _bracketed(rf"{_STAMP_WORD}|(?:사진|표|그림|도표|그래프|파일|첨부)\s?(?:수정|정정|교체)")
    + r"|[(\[]\s?(?i:updated?|revised|corrected|amended)"
    # Oct. 7 / on 7 October 2026 / 2026-10-07 09:00
    r"(?:\s(?:on\s)?(?:[A-Z][a-z]{2,8}\.?\s)?[\d.,:/\- ]{0,30}(?:\s?[A-Z][a-z]{2,8}\.?)?[\d ]{0,9})?[)\]]"
)
"""``(수정)``, ``[정정]``, ``(수정본 2)``, ``(6.12. 16:00 수정)``, ``(사진 교체)``, ``(Updated Oct. 7)``"""

_NAME_STAMP = re.compile(
    # 보도자료(수정안).hwpx, 보도자료_수정.hwpx; 국가재정법 수정안.hwpx is about a motion
    # 정오표.hwpx
    rf"{_bracketed(f'{_STAMP_WORD}|수정안')}|(?<![가-힣])(?:정오표|정정표)(?![가-힣])|[_\s\-]{_STAMP_WORD}(?:\s?{_MOMENT})?(?=\.[A-Za-z]{{2,5}}$|$)"
)
_EDITION = re.compile(
    r"[_\s\-(\[]+(?:(?i:v(?:er)?\.?\s?\d{1,2}(?:\.\d{1,2})?|r(?:ev\.?\s?\d{0,2}|\d{1,2})|updated|revised|corrected|final)"
    r"|최종본?\d?|\d{1,2}차|업데이트|확정본?"
    # 개요(오타수정), 개요_최종_수정, 개요_1007수정, 개요_수정_1007
    rf"|(?:\d{{4,8}}[_\s]?)?(?:(?:{_OWN}|최종)[_\s]?)?(?:수정|정정|교체|보완|갱신|변경)본?\d?(?:[_\s]?\d{{4,8}})?)"
    r"[)\]]?(?=\.[A-Za-z]{2,5}$|$)"
    r"|(?<=[가-힣])[vV]\d{1,2}(?:\.\d{1,2})?(?=\.[A-Za-z]{2,5}$|$)"
)
"""``v2``, ``_최종``, ``(교체)``: of an update they tell only where the file stood without them or with another."""
_FIRST_EDITION = re.compile(r"\W*(?:(?i:v(?:er)?\.?\s?)0?1(?:\.0{1,2})?|1차)\W*")
"""``v1``, ``(1차)``: nothing came before it."""
_TITLE_EDITION = re.compile(
    r"[(\[](?:최종|업데이트|갱신|교체|보완|변경|[2-9]보|종합(?:\s?[2-9]보)?|[2-9]보[·,]\s?종합)[)\]]"
)
"""``(2보)``, ``(종합)``: a later edition where the title stood without it; ``(설명자료)`` says only what a text is."""
_FIRST = r"(?:최초\s?)?(?:입력|등록|게재|작성|게시|배포)\s?일?시?\s?[:：]?\s?"
"""``입력``, ``최초 등록일시:``: what stands before the day on which a text was first put up."""
_DAY = r"[\d.\-/:시분년월일 ()월화수목금토일오전후]"
_UPDATED = r"(?:(?:최종|최근|마지막|\d{1,2}차)\s?)?(?:(?:수정|정정)\s?재?배포|수정|정정|갱신|업데이트|재배포)"
_STAMP_LINE = re.compile(
    # 수정일: 2024.06.12 15:00 / ※ 최종수정 2024-06-12 / ※ 자료 수정(6.12.) / 입력 2024.06.12. 수정 2024.06.13.
    rf"^\W*(?:(?:기사\s?)?{_FIRST}[\d.\-/:시분년월일 ]+[|,/]?\s?)?"
    rf"(?:(?:(?:기사|자료|본문|내용)\s?)?{_UPDATED}|(?:첨부|붙임)\s?(?:파일|자료|문서)?\s?(?:수정|교체|변경))\s?(?:일|일시|일자|시각)?[)\]]?\s?[:：]?\s?{_DAY}+"
    # 최종 수정일시 2026-10-09 14:00 (대변인실)
    rf"(?:[|,/]?\s?{_FIRST}{_DAY}+)?(?:\([가-힣]{{2,8}}[실과팀관국]\))?$"
    # * 본 자료는 9월 2일 수정되었습니다
    rf"|^\W*(?:본|이|위|동|해당)?\s?(?:보도\s?)?(?:참고\s?)?(?:자료|기사|글|게시물)[은는이가]\s(?=.*\d){_DAY}{{1,60}}(?:에\s)?"
    rf"{_UPDATED}(?:되었습니다|됐습니다|하였습니다|했습니다|되었음|됨|하였음|함)\W*$"
    # 6월 12일 18시 업데이트 / 2024.6.12. 수정됨 / 6월 12일 15시 기준으로 업데이트
    rf"|^\W{{0,9}}(?=.*\d){_DAY}{{1,60}}(?:기준(?:으로)?\s)?{_UPDATED}(?:됨|함|완료|본|판)?\W*$"
    r"|^\W*(?:재배포|(?:수정|정정)[본판])\W*$"
    r"|^\W*(?i:(?:Last\s)?(?:Updated?|Modified|Revised|Corrected)(?:\son)?)[)\]]?\s?:?\s?[\d.\-/: ]+(?:KST)?$"
)
_ONLY_A_DAY = re.compile(r"[\W\d년월일시분]*")
"""What may be left of a paragraph without its stamp: ``2024-06-12``, ``6월 12일 15시``."""

_NAMED = re.compile(
    r"[‘'“\"「『<《](?P<title>[^’'”\"」』>》]{4,80})[’'”\"」』>》]\s?(?:이?라는\s|제하의?\s|제목의\s)?(?:보도|설명|참고|해명)\s?자료"
)
"""``‘가을 책 축제’ 보도자료의``: a release called by its title."""
_SAME_WORDS = 0.5
"""Share of a title's words that a release must have in its own, to be the one that is meant."""


def is_notice(
    sentence: str, titles: Iterable[str] = (), *, reports: bool = False, names_edit: Callable[[], bool] = bool
) -> bool:
    """Tell whether a sentence says that the release itself was mended.

    Args:
        sentence: what was written.
        titles: the titles of the release it stands in; a notice that names another release is about that one.
        reports: whether the publisher itself reports there, as in its news: elsewhere a report is another's.
        names_edit: tells whether the sentence names what went in this edit and what came in its place.
    """
    if is_stamp(sentence):
        return False
    text = _OWN_REPORT.sub("당초 배포한", plain(sentence)) if reports else plain(sentence)
    correction = corrections.is_correction(*_parted(text), names_edit)
    if only_stamps(text) or not (corrections.is_heading(text) or correction):
        return False
    named = _NAMED.search(sentence)
    if named and titles and not any(_is_called(named["title"], title) for title in titles):
        return False
    if _OF_APPLICANTS.search(text) and not (_OF_ITSELF.match(text) or corrections.admits(text) or names_edit()):
        return False
    return _OF_OTHERS.search(text) is None or _OF_ITSELF.match(text) is not None


def is_like_a_notice(sentence: str) -> bool:
    """Tell whether a sentence is like a notice, though it may speak of another text: somebody is to read it."""
    text = plain(sentence)
    return corrections.is_heading(text) or corrections.is_like_one(*_parted(text))


def _parted(text: str) -> tuple[str, str]:
    """Give a text without its stamps, and them."""
    return _STAMP.sub(" ", text), " ".join(stamps(text))


def _is_called(named: str, title: str) -> bool:
    """Tell whether a quoted title may be this one: most of its words are in it, whatever their 조사."""
    whole = squeezed(plain(title))
    words = [word[:2] for word in re.findall(r"\w+", plain(named))]
    return sum(word in whole for word in words) >= _SAME_WORDS * len(words)


def is_stamp(line: str) -> bool:
    """Tell whether a line, or a row of a table, is a mark of an update with its time and nothing else."""
    return _STAMP_LINE.match(_spaced(line)) is not None


def stamps(line: str) -> list[str]:
    """Give the stamps that stand on a line: ``(수정)``, ``[6.12. 정정]``."""
    return [hit.group().strip() for hit in _STAMP.finditer(plain(line))]


def name_stamps(name: str) -> list[str]:
    """Give the stamps in the name of a file: the ``(수정)`` of ``보도자료(수정).hwpx``."""
    return [hit.group().strip() for hit in _NAME_STAMP.finditer(plain(name))]


def editions(name: str) -> list[str]:
    """Give what names a later edition of a file at the end of its name: the ``(v2)`` of ``보도자료(v2).hwpx``."""
    found = [hit.group().strip("_- ") for hit in _EDITION.finditer(plain(name))]
    return [one for one in found if not _FIRST_EDITION.fullmatch(one)]


def title_editions(title: str) -> list[str]:
    """Give what names a later edition of an article in its title: ``(2보)``, ``[업데이트]``."""
    return [hit.group() for hit in _TITLE_EDITION.finditer(plain(title))]


def title_without_stamps(title: str) -> str:
    """Give a title without its stamps and without its edition."""
    return without_stamps(_TITLE_EDITION.sub("", plain(title)))


def without_stamps(text: str) -> str:
    """Give a text without its stamps; a space that came or went elsewhere is a change beside them."""
    kept = [_STAMP.sub("", plain(line)) for line in text.split("\n") if not is_stamp(line)]
    return " ".join("\n".join(kept).split())


def name_without_stamps(name: str) -> str:
    """Give the name of a file without stamps and without its edition."""
    return _EDITION.sub("", _NAME_STAMP.sub("", plain(name)))


def only_stamps(text: str) -> bool:
    """Tell whether a text is stamps and at most their day: ``[수정] 2024-06-12``, or nothing at all."""
    bare = squeezed(without_stamps(text))
    return not bare or (bare != squeezed(plain(text)) and _ONLY_A_DAY.fullmatch(bare) is not None)


def _spaced(line: str) -> str:
    """Give a line with spaces for tabs, as a row of a table reads."""
    return plain(line).replace("\t", " ").strip()
