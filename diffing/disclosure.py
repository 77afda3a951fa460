"""Whether the publisher says that something was changed: silent, stamped, explained, or a stamp and nothing else.

Only what the new version gained counts: a notice that stood there before discloses an earlier change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from diffing.forms import plain, squeezed
from storage.http_message import moment_of
from storage.records import Article, Attachment, Block, Disclosure, Reason, Signals

_OWN = (
    r"(?:본문|기사|자료|표(?=[의에는가와\s\d]|$)|그래프|도표|통계|수치|제목|사진|첨부|붙임|파일|문단|일부|내용|오탈자|오타|오기|숫자|금액|날짜|일자|명칭"
    r"|문구|이름|인용)"
)
"""What a release is made of: ``본문``, ``수치``; a notice speaks of these."""

_ERROR = r"(?:오류|오기|착오|오타|오탈자|잘못\s?(?:되[어었]|돼|됐|표기|기재|안내|게재|알려|적|입력|전달|기술|인용))"
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

_STAMP_WORD = r"(?:최종\s?)?(?:재?수정|정정|재배포|수정\s?배포|정정\s?배포)(?:본|판|자료|보도|완료|\s?사항)?"
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
    rf"|{_MARK}[^\n]{{0,40}}{_OWN}[^\n]{{0,20}}(?:수정|정정)\W*$"
    rf"|{_OWN}\s?(?:수정|정정|교체)\s?안내|^\W*(?:수정|정정)\s?(?:(?:사항|내용)\s?[:：]|안내\W*$)"
    r"|(?:자료|기사|파일)[^.\n]{0,20}(?:수정|정정)본(?:입니다|임)"
    # 위 자료는 오류 수정 후 재배포된 자료입니다 / 수정 전: 시청, 수정 후: 도청
    rf"|{_ERROR}[^.\n]{{0,10}}(?:수정|정정)\s?(?:후|뒤)\s?(?:재?배포|재?게시|다시)|^\W*(?:수정|정정)\s?전\s?[:：)\]].*(?:수정|정정)\s?후"
    # ※ 수정: 3쪽 120억 원 → 102억 원 / * 사업비 정정(120억 원→102억 원), of which 전망 수정: 2.1% → 2.3% is none
    rf"|{_MARK}[^.\n]{{0,40}}(?<!전망\s)(?<!전망치\s)(?<!목표\s)(?<!계획\s)(?:수정|정정)\s?[:：(].{{1,80}}(?:→|->|⇒)"
    # 당초 자료의 사업비는 잘못 적은 것이어서 바로잡는다
    rf"|(?:당초|최초|앞서|앞선)\s[^.\n]{{0,12}}(?:자료|기사)[^.\n]{{0,30}}{_ERROR}[^.\n]{{0,20}}(?:바로\s?잡|정정|수정)(?:는다|았다|한다|했다)"
    # 당초 12일로 안내한 시작일을 14일로 바로잡습니다
    rf"|(?:당초|최초|앞서)\s{_SAID}{{1,40}}(?:안내|배포|공지|게시|게재|표기|기재)(?:했던|하였던|한|된|됐던)\s{_SAID}{{1,40}}{_MENDED}"
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

_STAMP = re.compile(_bracketed(rf"{_STAMP_WORD}|(?:사진|표|그림|도표|그래프|파일|첨부)\s?(?:수정|정정|교체)"))
"""``(수정)``, ``[정정]``, ``(수정본 2)``, ``(6.12. 16:00 수정)``, ``(사진 교체)``"""

_NAME_STAMP = re.compile(
    # 보도자료(수정안).hwpx, 보도자료_수정.hwpx; 국가재정법 수정안.hwpx is about a motion
    rf"{_bracketed(f'{_STAMP_WORD}|수정안')}|[_\s\-]{_STAMP_WORD}(?:\s?{_MOMENT})?(?=\.[A-Za-z]{{2,5}}$|$)"
)
_DAY = r"[\d.\-/:시분년월일 ()월화수목금토일오전후]"
_UPDATED = r"(?:최종\s?)?(?:수정|정정|갱신|업데이트|재배포)"
_STAMP_LINE = re.compile(
    # 수정일: 2024.06.12 15:00 / ※ 최종수정 2024-06-12 / ※ 자료 수정(6.12.) / 입력 2024.06.12. 수정 2024.06.13.
    r"^\W*(?:(?:기사\s)?(?:최초\s?)?(?:입력|등록|게재|작성)\s?일?시?\s?[:：]?\s?[\d.\-/:시분년월일 ]+[|,/]?\s?)?"
    rf"(?:(?:(?:기사|자료|본문|내용)\s?)?{_UPDATED}|(?:첨부|붙임)\s?(?:파일|자료|문서)?\s?(?:수정|교체|변경))\s?(?:일|일시|일자|시각)?\s?[:：]?\s?{_DAY}+"
    rf"(?:[|,/]?\s?(?:최초\s?)?(?:입력|등록|게재|작성)\s?일?시?\s?[:：]?\s?{_DAY}+)?$"
    # * 본 자료는 9월 2일 수정되었습니다
    rf"|^\W*(?:본|이|위|동|해당)?\s?(?:보도\s?)?(?:참고\s?)?(?:자료|기사|글|게시물)[은는이가]\s(?=.*\d){_DAY}{{1,60}}(?:에\s)?"
    rf"{_UPDATED}(?:되었습니다|됐습니다|하였습니다|했습니다|되었음|됨|하였음|함)\W*$"
    # 6월 12일 18시 업데이트 / 2024.6.12. 수정됨
    rf"|^\W{{0,9}}(?=.*\d){_DAY}{{1,60}}{_UPDATED}(?:됨|함|완료|본|판)?\W*$"
    r"|^\W*재배포\W*$"
    r"|^\W*(?:Last\s)?(?:Updated?|Modified|Revised|Corrected)(?:\son)?[)\]]?\s?:?\s?[\d.\-/: ]+$"  # Updated 2024.6.12.
)
_ONLY_A_DAY = re.compile(r"[\W\d년월일시분]*")
"""What may be left of a paragraph without its stamp: ``2024-06-12``, ``6월 12일 15시``."""

_RECORDS: tuple[Literal["modify-id", "modify-date", "last-modified"], ...] = (
    "modify-id", "modify-date", "last-modified",
)  # fmt: skip
"""The publisher's own records of an edit: two from the open API, one from the page's header."""
CLOCK = timedelta(seconds=5)
"""A Last-Modified this close to the request is the server's clock and dates nothing."""


class FileWords(NamedTuple):
    """What an attachment no longer says, and what it says now; of a file that came, all that it says."""

    name: str
    gone: Sequence[str]
    come: Sequence[str]


def judge(
    old: Article, new: Article, signals: tuple[Signals, Signals] | None = None, files: Sequence[FileWords] = ()
) -> tuple[Disclosure, tuple[Reason, ...]]:
    """Say how the change from ``old`` to ``new`` is disclosed, and by what.

    Args:
        old: the state last seen.
        new: the state first seen after it.
        signals: what the publisher said of either state beside the page, where that is known.
        files: what differs in attachments whose texts were read.

    Returns:
        ``explained`` when a notice of correction came, ``stamped`` when a stamp came with other changes (on the page,
        in an attachment's name or text, or in the publisher's own records), ``stamp-only`` when a stamp came and
        nothing else changed, ``silent`` when none came, ``unknown`` when the two say the same. Every verdict has its
        reasons.
    """
    moved = _moved_records(signals) if signals else []
    if old == new:
        return ("stamp-only", tuple(moved)) if moved else ("unknown", (Reason("no-difference", ""),))
    notices = [Reason("notice", one) for one in _notices(_gained(new, old), _gained(old, new))]
    notices += _in_files(files, _notices)
    stamps = [*_new_stamps(old, new), *_in_files(files, _marks)]
    reasons = (*notices, *stamps, *moved)
    if notices:
        return "explained", reasons
    if stamps and _unstamped(old, new) == _unstamped(new, old):
        return "stamp-only", reasons
    if reasons:
        return "stamped", reasons
    looked = ["title", "subtitles", "body", "attachment names", *(["attachment texts"] if files else [])]
    if signals:
        looked += [name for name in _RECORDS if all(_recorded(one, name) for one in signals)]
    return "silent", (Reason("none", ", ".join(looked)),)


def _notices(gone: Iterable[str], come: Iterable[str]) -> Iterable[str]:
    """Give the sentences of texts that came in which they say what is corrected, without those that went."""
    before = {squeezed(sentence) for text in gone for sentence in _sentences(text)}
    gained = [sentence for text in come for sentence in _sentences(text)]
    found = [one for one in gained if squeezed(one) not in before and _is_notice(one)]
    return dict.fromkeys(one.strip() for one in found)


def _in_files(
    files: Sequence[FileWords], find: Callable[[Sequence[str], Sequence[str]], Iterable[str]]
) -> list[Reason]:
    """Give what is found among what each file says now, by the file's name."""
    return [Reason("attachment-text", f"{name}: {one}") for name, gone, come in files for one in find(gone, come)]


def _marks(gone: Iterable[str], come: Iterable[str]) -> Iterable[str]:
    """Give the stamps on texts that came, without those that texts had that went."""
    before = _stamped(gone)
    return dict.fromkeys(stamp for key, stamp in _stamped(come).items() if key not in before)


def _is_notice(sentence: str) -> bool:
    """Tell whether a sentence says that the release itself was mended."""
    stamp = _STAMP_LINE.match(sentence.strip())
    own = _OF_OTHERS.search(sentence) is None or _OF_ITSELF.match(sentence) is not None
    return stamp is None and own and _NOTICE.search(sentence) is not None


def _new_stamps(old: Article, new: Article) -> list[Reason]:
    """Give the stamps that came, on the page first, then in the names of attachments."""
    before = _stamps(new, old)
    came = [reason for key, reason in _stamps(old, new).items() if key not in before]
    return sorted(came, key=lambda one: (one.signal != "stamp", one.text))


def _moved_records(signals: tuple[Signals, Signals]) -> list[Reason]:
    """Give what moved in the publisher's own records between the two states."""
    old, new = signals
    moved = []
    for name in _RECORDS:
        before, after = _recorded(old, name), _recorded(new, name)
        if name == "modify-date" and after and old.told_at is None and new.told_at:
            # nothing was told of the old state, and the record was modified after it was last seen
            moved.append(Reason(name, f"{after} (seen {_moment(new.told_at)})"))
        if before is None or after is None or before == after:
            continue
        moved.append(Reason(name, f"{before} -> {after}{_when(old, new, name)}"))
    return moved


def _when(old: Signals, new: Signals, name: str) -> str:
    """Say when each of two values was seen, where that is known."""
    times = [one.seen_at if name == "last-modified" else one.told_at for one in (old, new)]
    seen = [_moment(one) for one in times if one is not None]
    return f" (seen {' and '.join(seen)})" if len(seen) == 2 else ""


def _moment(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _recorded(signals: Signals, name: str) -> int | str | None:
    """Give what one of the publisher's records says, None where it says nothing of the state."""
    if name == "last-modified" and _is_clock(signals):
        return None
    value: int | str | None = getattr(signals, name.replace("-", "_"))
    return value


def _is_clock(signals: Signals) -> bool:
    """Tell whether Last-Modified is only the time of the answer, as of pages made at every request."""
    if signals.seen_at is None or signals.last_modified is None:
        return False
    stamped = moment_of(signals.last_modified)
    return stamped is None or abs(stamped - signals.seen_at) <= CLOCK


def _gained(old: Article, new: Article) -> list[str]:
    """Give the texts of ``new`` that ``old`` has not word for word."""
    known = {old.title, *old.subtitles, *(block.text for block in old.body)}
    return [text for text in (new.title, *new.subtitles, *(block.text for block in new.body)) if text not in known]


def _sentences(text: str) -> list[str]:
    # the stops of 9. 2. 10:00 end nothing
    return re.split(r"(?<=[.!?])(?!(?<=\d\.)\s+[\d(])\s+|\n", plain(text))


def _stamps(old: Article, new: Article) -> dict[str, Reason]:
    """Give every stamp on what ``new`` gained, by where it stands, so that a second one is a new one."""
    found = {key: Reason("stamp", text) for key, text in _stamped(_gained(old, new)).items()}
    for name in [plain(one.name) for one in new.attachments]:
        for hit in _NAME_STAMP.finditer(name):
            found[f"{_bare_name(name)[:40]} {hit.group().strip()}"] = Reason("attachment-name", name)
    return found


def _stamped(texts: Iterable[str]) -> dict[str, str]:
    """Give every stamp on texts, by the text it stands on."""
    found = {}
    for text in [plain(one).strip() for one in texts]:
        for hit in _STAMP.finditer(text):
            found[f"{_bare(text)[:40]} {hit.group().strip()}"] = hit.group().strip()
        if _STAMP_LINE.match(text):
            found[text] = text
    return found


def _bare(text: str) -> str:
    return squeezed(_STAMP.sub("", plain(text)))


def _without_stamp(text: str) -> str:
    """Give a text without its stamps; a space that came or went elsewhere is a change beside them."""
    return " ".join(_STAMP.sub("", plain(text)).split())


def _bare_name(name: str) -> str:
    return squeezed(_NAME_STAMP.sub("", plain(name)))


def _only_a_stamp(text: str) -> bool:
    """Tell whether a paragraph is a stamp and at most its day: ``[수정] 2024-06-12``, or nothing at all."""
    bare = _bare(text)
    return not bare or (bare != squeezed(plain(text)) and _ONLY_A_DAY.fullmatch(bare) is not None)


def _unstamped(article: Article, beside: Article) -> Article:
    """Give the article without its stamps; what one side did not read of a file is taken from the other."""
    twins = {_bare_name(one.name): one.sha256 for one in reversed(beside.attachments)}
    return replace(
        article,
        title=_without_stamp(article.title),
        subtitles=tuple(map(_without_stamp, article.subtitles)),
        body=tuple(
            Block(block.kind, _without_stamp(block.text))
            for block in article.body
            if not _STAMP_LINE.match(plain(block.text).strip()) and not _only_a_stamp(block.text)
        ),
        attachments=tuple(_known(one, twins) for one in article.attachments),
        viewer=None,
    )


def _known(one: Attachment, twins: Mapping[str, str | None]) -> Attachment:
    name = _bare_name(one.name)
    return Attachment("", name, None, one.sha256 or twins.get(name), None)
