"""Whether the publisher says that something was changed: silent, stamped, explained, or a stamp and nothing else.

Only what the new version gained counts: a notice that stood there before discloses an earlier change.
"""

from __future__ import annotations

import re
from dataclasses import replace

from diffing.forms import plain, squeezed
from storage.records import Article, Attachment, Block, Disclosure

_NOTICE = re.compile(
    # 바로잡습니다. / 정정합니다. / 다음과 같이 바로잡아
    r"바로\s?잡(?:습니다|았습니다|고자|아\s|음)|정정(?:합니다|하였습니다|했습니다|드립니다|하오니|하고자|함[.\s]|보도)"
    # 본문 수치를 수정하였습니다 / 자료 일부가 수정되었습니다
    r"|(?:본문|내용|기사|자료|표|그래프|수치|제목|사진|첨부|파일|일부|오탈자|오타|오기|숫자|금액|날짜|일자|명칭|문구|이름|인용)[^.\n]{0,30}"
    r"(?:수정|정정|교체)(?:합니다|하였습니다|했습니다|되었습니다|됐습니다|하였음|했음|함|하여|해|되어)"
    # 오류가 있어, 잘못 기재되어
    r"|(?:오류|오기|착오|오타|오탈자)(?:가|를|로)?\s?(?:있어|있었|발견|확인|인하여|인해|정정|수정|바로)"
    r"|잘못\s?(?:표기|기재|안내|게재|알려|적|입력|전달)"
)
_STAMP_WORD = (
    r"(?:최종\s?)?(?:재?수정|정정|재배포|수정\s?배포|정정\s?배포)(?:본|판|자료|보도|안)?(?:\s?[\d.:/\-~시분월일 ]+)?"
)
_STAMP = re.compile(
    rf"\s*[(\[【<〈{{]\s*{_STAMP_WORD}\s*[)\]】>〉}}]"  # (수정), [정정], (수정본 2)
    rf"|[_\s\-]{_STAMP_WORD}(?=\.[A-Za-z]{{2,5}}$|$)"  # 보도자료_수정.hwpx
)
_STAMP_LINE = re.compile(
    # 수정일: 2024.06.12 15:00 / ※ 최종수정 2024-06-12 / 입력 2024.06.12. 수정 2024.06.13.
    r"^\W*(?:(?:최초\s?)?(?:입력|등록|게재|작성)\s?일?시?\s?[:：]?\s?[\d.\-/:시분년월일 ]+[|,/]?\s?)?"
    r"(?:최종\s?)?(?:수정|정정|갱신|업데이트)\s?(?:일|일시|일자|시각)?\s?[:：]?\s?"
    r"[\d.\-/:시분년월일 ()월화수목금토일]+$"
)


def judge(old: Article, new: Article) -> Disclosure:
    """Say how the change from ``old`` to ``new`` is disclosed.

    Returns:
        ``unknown`` when the two say the same, ``explained`` when a notice of correction came, ``stamp-only`` when a
        stamp came and nothing else changed, ``stamped`` when a stamp came with other changes, else ``silent``.
    """
    if old == new:
        return "unknown"
    before = {squeezed(sentence) for text in _gained(new, old) for sentence in _sentences(text)}
    gained = [sentence for text in _gained(old, new) for sentence in _sentences(text)]
    if any(_NOTICE.search(sentence) for sentence in gained if squeezed(sentence) not in before):
        return "explained"
    if not (_stamps(old, new) - _stamps(new, old)):
        return "silent"
    return "stamp-only" if _unstamped(old, new) == _unstamped(new, old) else "stamped"


def _gained(old: Article, new: Article) -> list[str]:
    """Give the texts of ``new`` that ``old`` has not word for word."""
    known = {old.title, *old.subtitles, *(block.text for block in old.body)}
    return [text for text in (new.title, *new.subtitles, *(block.text for block in new.body)) if text not in known]


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+|\n", plain(text))


def _stamps(old: Article, new: Article) -> set[str]:
    """Give every stamp on what ``new`` gained, with where it stands, so that a second one is a new one."""
    texts = [plain(text).strip() for text in _gained(old, new)]
    texts += [plain(one.name) for one in new.attachments]
    found = {f"{_bare(text)[:40]} {hit.group().strip()}" for text in texts for hit in _STAMP.finditer(text)}
    return found | {text for text in texts if _STAMP_LINE.match(text)}


def _bare(text: str) -> str:
    return squeezed(_STAMP.sub("", plain(text)))


def _unstamped(article: Article, beside: Article) -> Article:
    """Give the article without its stamps; what one side did not read of a file is taken from the other."""
    return replace(
        article,
        title=_bare(article.title),
        subtitles=tuple(_bare(one) for one in article.subtitles),
        body=tuple(
            Block(block.kind, _bare(block.text))
            for block in article.body
            if not _STAMP_LINE.match(plain(block.text).strip()) and _bare(block.text)
        ),
        attachments=tuple(_known(one, beside) for one in article.attachments),
        viewer=None,
    )


def _known(one: Attachment, beside: Article) -> Attachment:
    twin = next((other for other in beside.attachments if _bare(other.name) == _bare(one.name)), one)
    digest = one.sha256 or twin.sha256
    return Attachment("", _bare(one.name), None, digest, None)
