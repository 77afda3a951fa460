"""Whether the publisher says that something was changed: silent, stamped, explained, or a stamp and nothing else.

Only what the new version gained counts: a notice that stood there before discloses an earlier change.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from diffing.forms import plain, squeezed
from storage.records import Article, Attachment, Block, Disclosure, Reason, Signals

_NOTICE = re.compile(
    # 바로잡습니다. / 정정합니다. / 다음과 같이 바로잡아
    r"바로\s?잡(?:습니다|았습니다|고자|아\s|음)|정정(?:합니다|하였습니다|했습니다|드립니다|하오니|하고자|함[.\s]|보도)"
    # 본문 수치를 수정하였습니다 / 자료 일부가 수정되었습니다
    r"|(?:본문|내용|기사|자료|표|그래프|수치|제목|사진|첨부|파일|일부|오탈자|오타|오기|숫자|금액|날짜|일자|명칭|문구|이름|인용)[^.\n]{0,30}"
    r"(?:수정|정정|교체)(?:합니다|하였습니다|했습니다|되었습니다|됐습니다|하였음|했음|되었음|됐음|함|하여|해|되어)"
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


def judge(
    old: Article, new: Article, signals: tuple[Signals, Signals] | None = None
) -> tuple[Disclosure, tuple[Reason, ...]]:
    """Say how the change from ``old`` to ``new`` is disclosed, and by what.

    Args:
        old: the state last seen.
        new: the state first seen after it.
        signals: what the publisher said of either state beside the page, where that is known.

    Returns:
        ``explained`` when a notice of correction came, ``stamped`` when a stamp came with other changes (on the page,
        in an attachment's name, or in the publisher's own records), ``stamp-only`` when a stamp came and nothing else
        changed, ``silent`` when none came, ``unknown`` when the two say the same. Every verdict has its reasons.
    """
    kept = _records(signals) if signals else []
    if old == new:
        return ("stamp-only", tuple(kept)) if kept else ("unknown", (Reason("no-difference", ""),))
    notices = _notices(old, new)
    stamps = _new_stamps(old, new)
    reasons = (*notices, *stamps, *kept)
    if notices:
        return "explained", reasons
    if stamps and _unstamped(old, new) == _unstamped(new, old):
        return "stamp-only", reasons
    if reasons:
        return "stamped", reasons
    looked = ["title", "subtitles", "body", "attachment names"]
    if signals:
        looked += [name for name in _RECORDS if all(_dates(one, name) for one in signals)]
    return "silent", (Reason("none", ", ".join(looked)),)


_RECORDS: tuple[Literal["modify-id", "modify-date", "last-modified"], ...] = (
    "modify-id", "modify-date", "last-modified",
)  # fmt: skip
CLOCK = timedelta(seconds=5)
"""A Last-Modified this close to the request is the server's clock and dates nothing."""


def _notices(old: Article, new: Article) -> list[Reason]:
    """Give the sentences in which the new version says what it corrects, those of the old one left out."""
    before = {squeezed(sentence) for text in _gained(new, old) for sentence in _sentences(text)}
    gained = [sentence for text in _gained(old, new) for sentence in _sentences(text)]
    found = [one for one in gained if squeezed(one) not in before and _NOTICE.search(one)]
    return [Reason("notice", shortest.strip()) for shortest in dict.fromkeys(found)]


def _new_stamps(old: Article, new: Article) -> list[Reason]:
    """Give the stamps that came, on the page first, then in the names of attachments."""
    before = _stamps(new, old)
    came = [reason for key, reason in _stamps(old, new).items() if key not in before]
    return sorted(came, key=lambda one: (one.signal != "stamp", one.text))


def _records(signals: tuple[Signals, Signals]) -> list[Reason]:
    """Give what moved in the publisher's own records between the two states."""
    old, new = signals
    moved = []
    for name in _RECORDS:
        before, after = _dates(old, name), _dates(new, name)
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


def _dates(signals: Signals, name: str) -> int | str | None:
    """Give what one of the publisher's records says, None where it says nothing of the state."""
    if name == "last-modified" and _is_clock(signals):
        return None
    value: int | str | None = getattr(signals, name.replace("-", "_"))
    return value


def _is_clock(signals: Signals) -> bool:
    """Tell whether Last-Modified is only the time of the answer, as of pages made at every request."""
    if signals.seen_at is None or signals.last_modified is None:
        return False
    try:
        stamped = parsedate_to_datetime(signals.last_modified)
    except ValueError:
        return True
    return abs(stamped.astimezone(UTC) - signals.seen_at) <= CLOCK


def _gained(old: Article, new: Article) -> list[str]:
    """Give the texts of ``new`` that ``old`` has not word for word."""
    known = {old.title, *old.subtitles, *(block.text for block in old.body)}
    return [text for text in (new.title, *new.subtitles, *(block.text for block in new.body)) if text not in known]


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+|\n", plain(text))


def _stamps(old: Article, new: Article) -> dict[str, Reason]:
    """Give every stamp on what ``new`` gained, by where it stands, so that a second one is a new one."""
    found = {}
    pages = [plain(text).strip() for text in _gained(old, new)]
    for signal, texts in (("stamp", pages), ("attachment-name", [plain(one.name) for one in new.attachments])):
        for text in texts:
            for hit in _STAMP.finditer(text):
                printed = text if signal == "attachment-name" else hit.group().strip()
                found[f"{_bare(text)[:40]} {hit.group().strip()}"] = Reason(signal, printed)  # type: ignore[arg-type]
    return found | {text: Reason("stamp", text) for text in pages if _STAMP_LINE.match(text)}


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
