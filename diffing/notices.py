"""What publishers write when they mend a release: sentences that say so, and stamps that only mark it.

Pure patterns over one text. What of it is new, and what that means for a change, is judged in
:mod:`diffing.disclosure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from diffing.forms import plain, squeezed

_OWN = (
    r"(?:본문|기사|자료|표(?=[의에는가와\s\d]|$)|그래프|도표|통계|수치|제목|사진|첨부|붙임|파일|문단|일부|내용|오탈자|오타|오기|숫자|금액|날짜|일자|명칭"
    r"|문구|이름|인용)"
)
"""What a release is made of: ``본문``, ``수치``; a notice speaks of these."""

_ERROR = (
    r"(?:오류|오기|착오|오타|오탈자"
    r"|잘못\s?(?:되[어었]|돼|됐|표기|기재|안내|게재|알려|적|입력|전달|기술|인용|계산|집계))"
)
_SAID = r"(?:[^.\n]|(?<=\d)\.)"
"""A letter of one sentence, the stops of ``9.30.에서`` included."""
_THEN = r"[^.\n]{0,40}(?:배포|알려|알립|안내(?:합|드)|양해|사과|죄송|게시|게재|정정|바로\s?잡)"
_MENDED = (
    r"(?:바로\s?잡(?:습니다|았습니다|고자\s?합|음(?!니))"
    r"|정정(?:드립니다|하고자\s?합)"
    r"|(?:수정|정정|교체|재배포|다시\s?배포)(?:합니다|하오니|하였음|했음|되었음|됐음|함|(?:하였|했|되었|됐)(?:습니다|으[니므]|기에))"
    # 정정하여 다시 배포합니다, of which 수정하여 다시 신고하도록 is none
    rf"|(?:바로\s?잡아|(?:수정|정정|교체|변경)(?:하여|해|되어|돼)){_THEN}"
    # 자격 요건을 보완하여 다시 게시합니다
    r"|보완(?:하여|해)\s다시\s(?:게시|게재|배포|올|안내)[가-힣]{0,4}(?:니다|오니|함|음))"
)
_MARK = r"^\W*[※*†\[<(【〈◆◈▣☞]"
"""What a note begins with; ○, □ and - begin what the release itself has to say."""

_STAMP_WORD = (
    r"(?:최종\s?)?(?:재?수정|정정|재배포|재송부|재게시|수정\s?배포|정정\s?배포)(?:본|판|자료|보도|완료|\s?사항)?"
)
_MOMENT = r"[\d.:/\-~시분년월일차 ]{1,40}"


def _bracketed(words: str) -> str:
    return rf"[(\[【<〈{{]\s{{0,3}}(?:{_MOMENT})?(?:{words})(?:\s?{_MOMENT})?\s{{0,3}}[)\]】>〉}}]"


_NOTICE = re.compile(
    # 바로잡습니다. / 다음과 같이 정정합니다. / 장관이 아니라 차관이기에 바로잡습니다.
    rf"^\W*(?:(?:다음과|아래와|이와)\s같이\s|이에\s|이를\s)?{_MENDED}|정정\s?보도|아니라[^.\n]{{0,40}}{_MENDED}"
    # 본문 수치를 수정하였습니다 / 자료 일부가 수정되었습니다 / ※ 가로등 수를 바로잡습니다
    rf"|{_OWN}{_SAID}{{0,30}}{_MENDED}|{_MARK}{_SAID}{{0,60}}{_MENDED}"
    # 수치에 오류가 있어 다시 배포합니다 / 잘못 기재되어 바로잡습니다 / ※ 오탈자 수정
    rf"|{_ERROR}[^.\n]{{0,40}}{_MENDED}|{_ERROR}\s?(?:수정|정정)(?:\W*$|\s?[:：])"
    # 본문 수치에 오류가 있어 / ※ 본문의 120억 원은 102억 원의 오기임
    rf"|{_OWN}[^.\n]{{0,20}}{_ERROR}(?:가|를|로|이|된\s것)?\s?(?:있어|있었|있음|발견|확인(?!\s?시))"
    rf"|{_MARK}[^\n]{{0,60}}(?:오기|오류|오타|착오)(?:임|이므로|입니다|로[\s,])"
    # 감면율 15%는 오타이며 25%로 고쳤습니다 / ‘3년’은 오기로, ‘5년’이 맞습니다
    rf"|(?:오기|오타|착오)(?:이며|이고|이므로|이어서|여서|로서|로),?\s{_SAID}{{0,40}}(?:고쳤(?:습니다|음)|맞습니다|맞음|{_MENDED})"
    # 착오로 잘못 안내되었으며, 21일이 올바른 날짜입니다
    rf"|{_ERROR}[^.\n]{{0,20}},\s{_SAID}{{1,30}}(?:올바른|맞는|정확한)\s(?:{_OWN}|일시|장소|시간|주소|단위|(?:전화)?번호)(?:입니다|임)"
    # ※ 확인을 위해 한 문장을 삭제했습니다 / 본문 중 명단을 삭제하였음
    rf"|(?:{_MARK}{_SAID}{{0,40}}(?:문장|문단|단락|대목|문구|내용|부분|사진|표|파일)[을를은]?|(?:본문|기사|자료)(?:의|에서|\s중)\s{_SAID}{{1,30}})"
    r"\s?삭제(?:하였|했|되었|됐)(?:습니다|음)"
    # ※ 9월 1일 내용 수정 / 내용 정정 안내 / 수정사항: 3쪽 / 위 보도자료는 수정본입니다
    rf"|{_MARK}[^\n]{{0,40}}{_OWN}[^\n]{{0,20}}(?:수정|정정)(?:\s?[(\[][\d.\s월일:시]+[)\]])?\W*$"
    # 자료 내용 일부가 변경되었습니다, of which 일정 일부가 변경되었습니다 is none
    r"|(?:자료|기사|게시물|게시글|본문)(?:의|\s중)?\s(?:내용|일부)[^.\n]{0,12}변경(?:하였|했|되었|됐)(?:습니다|음(?!니))"
    # (물량을 1,170만에서 1,207만 명분으로 정정, 10.8.)
    r"|[(\[][^()\[\]\n]{2,60}(?:을|를|에서)\s[^()\[\]\n]{1,40}로\s(?:정정|바로잡음)(?:함|하였음|했음|됨)?(?:,?\s[\d.\s월일:시]+)?[)\]]"
    # [10월 9일 11시 수정: 참가국 수 정정] / (오) 세종컨벤션센터 → (정) 대전컨벤션센터
    rf"|[(\[]\s?(?=[^)\]]{{0,20}}\d){_MOMENT}(?:수정|정정)\s?[:：]\s?[^)\]\d\n][^)\]\n]{{1,60}}[)\]]|[(\[]오[)\]]\s.{{1,60}}[(\[]정[)\]]\s"
    # 이 기사는 사업비를 고쳐 다시 실었습니다 / 독자의 지적에 따라 이름을 고쳤습니다 / 수정 자료로 대체합니다
    rf"|^\W*(?:본|이|위|동)\s?(?:보도|참고)?\s?(?:자료|기사|글)[은는]\s{_SAID}{{1,60}}(?:고쳐|바로잡아|수정해|수정하여)\s다시\s(?:실|올|게시|게재|배포)"
    rf"|(?:독자|이용자|누리꾼)(?:의|들의)?\s?(?:지적|제보)[^.\n]{{0,10}}\s{_SAID}{{1,40}}(?:고쳤|수정했|수정하였)(?:습니다|음(?!니))"
    r"|(?:수정|정정)\s?(?:자료|본)(?:으)?로\s(?:대체|교체)(?:합니다|했습니다|하였습니다|하오니|함|하였음)"
    # 잘못 계산되어 다시 올립니다 / 자료의 ‘120억 원’은 ‘102억 원’을 잘못 쓴 것입니다
    rf"|{_ERROR}[^.\n]{{0,40}}다시\s(?:올립니다|올렸습니다|게시합니다|게시했습니다|싣습니다|실었습니다)"
    rf"|(?:자료|기사|본문)[^.\n]{{0,60}}잘못\s(?:쓴|적은|표기한|기재한)\s것(?:입니다|임|이므로|이어서)"
    # 정정: 사업비는 102억 원입니다 / [수정사항] 사업비 102억 원
    rf"|^\W*정정\s?[:：]\s.{{4,}}(?:입니다|임)\W*$|^\W*[(\[【<]\s?(?:수정|정정)\s?(?:사항|내용)\s?[)\]】>]\s?\S"
    # ※ 개인정보 보호를 위해 이름을 가림 처리하였습니다 / ※ 확정치에 따라 본문 수치를 갱신하였습니다
    rf"|{_MARK}{_SAID}{{0,40}}(?:이름|성명|연락처|얼굴|주소|실명)[을를은는]?\s(?:가림|비식별|익명|모자이크)\s?처리(?:하였|했|되었|됐)(?:습니다|음)"
    rf"|{_MARK}{_SAID}{{0,40}}(?:본문|자료|기사)[^.\n]{{0,12}}(?:갱신|업데이트)(?:하였|했|되었|됐)(?:습니다|음)"
    # 사진 설명의 이름이 틀려 고쳤습니다
    rf"|{_OWN}[^.\n]{{0,12}}(?:틀려서?|틀렸기에|달라서?)\s(?:고쳤(?:습니다|음(?!니))|{_MENDED})"
    # 정정 자료를 배포하였으니
    r"|(?:수정|정정)\s?(?:자료|본)를?\s(?:다시\s)?(?:재?배포|재?게시|게재)(?:하오니|하였으니|했으니|하였음|했음|합니다|했습니다|하였습니다)"
    # ※ 신청 자격에 관한 내용을 추가하였습니다(10.8.)
    rf"|{_MARK}{_SAID}{{0,40}}(?:문장|문단|단락|대목|문구|내용|부분|사진|표|파일)[을를이가]?\s?(?:추가|보완|보충|변경)(?:하였|했|되었|됐)(?:습니다|음)"
    r"\s?[(\[][\d.\s월일:시분]+[)\]]"
    rf"|{_OWN}\s?(?:수정|정정|교체)\s?안내|^\W*(?:수정|정정)\s?(?:(?:사항|내용)\s?[:：]|안내\W*$)"
    r"|(?:자료|기사|파일)[^.\n]{0,20}(?:수정|정정)본(?:입니다|임)"
    # Correction: an earlier version of this release gave ... / This article has been corrected
    r"|^\W*(?:Correction|CORRECTION|Erratum|Corrigendum)\b\s?[:：-]"
    r"|\b(?:[Aa]n\s|[Tt]he\s)?(?:[Ee]arlier|[Pp]revious)\sversions?\sof\sthis\s(?:press\s)?(?:release|article|story|page|statement)\b"
    r"|\b[Tt]his\s(?:press\s)?(?:release|article|story|page|statement)\s(?:has\sbeen|was)\s(?:corrected|revised|amended)\b"
    # 위 자료는 오류 수정 후 재배포된 자료입니다 / 수정 전: 시청, 수정 후: 도청
    rf"|{_ERROR}[^.\n]{{0,10}}(?:수정|정정)\s?(?:후|뒤)\s?(?:재?배포|재?게시|다시)|^\W*(?:수정|정정)\s?전\s?[:：)\]].*(?:수정|정정)\s?후"
    # ※ 수정: 3쪽 120억 원 → 102억 원 / * 사업비 정정(120억 원→102억 원), of which 전망 수정: 2.1% → 2.3% is none
    rf"|{_MARK}[^.\n]{{0,40}}(?<!전망\s)(?<!전망치\s)(?<!목표\s)(?<!계획\s)(?:수정|정정)\s?[:：(].{{1,80}}(?:→|->|⇒)"
    # 당초 자료의 사업비는 잘못 적은 것이어서 바로잡는다
    rf"|(?:당초|최초|앞서|앞선)\s[^.\n]{{0,12}}(?:자료|기사)[^.\n]{{0,30}}{_ERROR}[^.\n]{{0,20}}(?:바로\s?잡|정정|수정)(?:는다|았다|한다|했다)"
    # 당초 12일로 안내한 시작일을 14일로 바로잡습니다
    rf"|(?:당초|최초|앞서)\s{_SAID}{{1,40}}(?:안내|배포|공지|게시|게재|표기|기재)(?:했던|하였던|한|된|됐던|(?:하였|했|되었|됐)으나)\s{_SAID}{{1,40}}{_MENDED}"
    # 참가비를 잘못 안내해 드려 죄송합니다 / 정오표
    rf"|{_ERROR}[^.\n]{{0,30}}(?:죄송합니다|사과드립니다|양해\s?(?:부탁|바랍))|^\W*정오표\W*$"
    # 쪽 | 수정 전 | 수정 후, 오 | 정: what stands above a table of what was mended
    r"|^(?:[^\t\n]{0,10}\t)*(?:(?:수정|정정)\s?전\t(?:수정|정정)\s?후|오\t정)(?:\t|$)"
    # [수정] 참가비가 1만 원에서 5천 원으로 바뀌었습니다 / (정정) 3쪽 100명 → 120명
    rf"|^\W*{_bracketed(_STAMP_WORD)}[^.\n]{{1,80}}?(?:에서\s[^.\n]{{1,40}}로\s|[을를]\s[^.\n]{{1,40}}로\s(?:수정|정정|변경)|→|->|⇒)"
)
_OF_OTHERS = re.compile(
    # 보도 내용을 바로잡습니다, in an answer to the press; 법안 일부를 수정했습니다, of which the article tells
    r"언론|신문|일보|방송|매체|(?<!정정)(?<!정정\s)보도(?!\s?(?:참고)?\s?자료|시점|일시|문|에\s(?:참고|활용))"
    # 신청 내용을 잘못 기재하면
    r"|신청(?!\s?(?:기한|기간|방법|자격|대상|마감|인원))|신고|서류|제출|등기|등록부|주민등록|발언"
    # 오기재 사례 34건을 정정했습니다
    r"|(?:오류|오기재?|오타|착오)\s?(?:사례|신고|\d+\s?건)"
    # 논문의 오류를 수정했습니다, 책의 오타를, but ※ 사업비의 오기를 바로잡음; 누리집 오류를 수정했습니다
    rf"|(?<![가-힣])(?![가-힣]*{_OWN}의)[가-힣]+의\s오류[가를]"
    rf"|^(?!{_MARK[1:]}).*(?<![가-힣])(?![가-힣]*{_OWN}의)[가-힣]+의\s(?:오기|오타)[가를]"
    r"|(?:누리집|홈페이지|시스템|프로그램|전산|서버|[가-힣]앱|소프트웨어|장비|설비|통신)의?\s?오류[가를]"
    r"|(?:법|법률|개정|조례|예산|결의|계획|수정|합의)안|법률|조례|헌법|규정|지침|교과서|표지판"
)
"""Texts that are not the release itself: what is mended in them is no correction of it."""

_OF_ITSELF = re.compile(
    r"^\W*(?:본문|(?:본|이|위|동)\s?(?:보도|참고|설명)?\s?(?:자료|기사))\s?(?:가운데|중|의|에서|내)\s"
    r".*(?:바로\s?잡|정정(?:합|했|하였|드립))"
)
"""``※ 본문 가운데 신고 건수를 바로잡았습니다``: it is the release itself, whatever it is about."""

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
_FIRST = r"(?:최초\s?)?(?:입력|등록|게재|작성|게시|배포)\s?일?시?\s?[:：]?\s?"
"""``입력``, ``최초 등록일시:``: what stands before the day on which a text was first put up."""
_DAY = r"[\d.\-/:시분년월일 ()월화수목금토일오전후]"
_UPDATED = r"(?:(?:최종|최근|마지막)\s?)?(?:(?:수정|정정)\s?재?배포|수정|정정|갱신|업데이트|재배포)"
_STAMP_LINE = re.compile(
    # 수정일: 2024.06.12 15:00 / ※ 최종수정 2024-06-12 / ※ 자료 수정(6.12.) / 입력 2024.06.12. 수정 2024.06.13.
    rf"^\W*(?:(?:기사\s)?{_FIRST}[\d.\-/:시분년월일 ]+[|,/]?\s?)?"
    rf"(?:(?:(?:기사|자료|본문|내용)\s?)?{_UPDATED}|(?:첨부|붙임)\s?(?:파일|자료|문서)?\s?(?:수정|교체|변경))\s?(?:일|일시|일자|시각)?\s?[:：]?\s?{_DAY}+"
    # 최종 수정일시 2026-10-09 14:00 (대변인실)
    rf"(?:[|,/]?\s?{_FIRST}{_DAY}+)?(?:\([가-힣]{{2,8}}[실과팀관국]\))?$"
    # * 본 자료는 9월 2일 수정되었습니다
    rf"|^\W*(?:본|이|위|동|해당)?\s?(?:보도\s?)?(?:참고\s?)?(?:자료|기사|글|게시물)[은는이가]\s(?=.*\d){_DAY}{{1,60}}(?:에\s)?"
    rf"{_UPDATED}(?:되었습니다|됐습니다|하였습니다|했습니다|되었음|됨|하였음|함)\W*$"
    # 6월 12일 18시 업데이트 / 2024.6.12. 수정됨 / 6월 12일 15시 기준으로 업데이트
    rf"|^\W{{0,9}}(?=.*\d){_DAY}{{1,60}}(?:기준(?:으로)?\s)?{_UPDATED}(?:됨|함|완료|본|판)?\W*$"
    r"|^\W*(?:재배포|(?:수정|정정)[본판])\W*$"
    r"|^\W*(?:Last\s)?(?:Updated?|Modified|Revised|Corrected)(?:\son)?[)\]]?\s?:?\s?[\d.\-/: ]+$"  # Updated 2024.6.12.
)
_ONLY_A_DAY = re.compile(r"[\W\d년월일시분]*")
"""What may be left of a paragraph without its stamp: ``2024-06-12``, ``6월 12일 15시``."""

_NAMED = re.compile(
    r"[‘'“\"「『<《](?P<title>[^’'”\"」』>》]{4,80})[’'”\"」』>》]\s?(?:이?라는\s|제하의?\s|제목의\s)?(?:보도|설명|참고|해명)\s?자료"
)
"""``‘가을 책 축제’ 보도자료의``: a release called by its title."""
_SAME_WORDS = 0.5
"""Share of a title's words that a release must have in its own, to be the one that is meant."""


def is_notice(sentence: str, titles: Iterable[str] = ()) -> bool:
    """Tell whether a sentence says that the release itself was mended.

    Args:
        sentence: what was written.
        titles: the titles of the release it stands in; a notice that names another release is about that one.
    """
    if is_stamp(sentence) or _NOTICE.search(sentence) is None:
        return False
    named = _NAMED.search(sentence)
    if named and titles and not any(_is_called(named["title"], title) for title in titles):
        return False
    return _OF_OTHERS.search(sentence) is None or _OF_ITSELF.match(sentence) is not None


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


def without_stamps(text: str) -> str:
    """Give a text without its stamps; a space that came or went elsewhere is a change beside them."""
    kept = [_STAMP.sub("", plain(line)) for line in text.split("\n") if not is_stamp(line)]
    return " ".join("\n".join(kept).split())


def name_without_stamps(name: str) -> str:
    """Give the name of a file without stamps."""
    return _NAME_STAMP.sub("", plain(name))


def only_stamps(text: str) -> bool:
    """Tell whether a text is stamps and at most their day: ``[수정] 2024-06-12``, or nothing at all."""
    bare = squeezed(without_stamps(text))
    return not bare or (bare != squeezed(plain(text)) and _ONLY_A_DAY.fullmatch(bare) is not None)


def _spaced(line: str) -> str:
    """Give a line with spaces for tabs, as a row of a table reads."""
    return plain(line).replace("\t", " ").strip()
