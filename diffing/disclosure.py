"""Whether the publisher says that something was changed: silent, stamped, explained, or a stamp and nothing else.

Only what the new version gained counts: a notice that stood there before discloses an earlier change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice, pairwise
from typing import Literal, NamedTuple

from diffing import notices
from diffing.forms import plain, squeezed
from diffing.named import Edit
from storage.http_message import moment_of
from storage.records import Article, Attachment, Block, Disclosure, Reason, Signals

_RECORDS: tuple[Literal["modify-id", "modify-date", "last-modified"], ...] = (
    "modify-id", "modify-date", "last-modified",
)  # fmt: skip
"""The publisher's own records of an edit: two from the open API, one from the page's header."""
_NEWS = {"policy-news", "policy-focus", "reporter"}
"""Sections in which the publisher reports by itself."""
CLOCK = timedelta(seconds=5)
"""A Last-Modified this close to the request is the server's clock and dates nothing."""

MOST_LIKE_ONE = 3
"""Sentences told of those that are like a notice: of a text that was rewritten there may be many."""

_REMARK = re.compile(r"\([^()\n]{5,60}\)")
"""``(사진 설명 수정)``, on a line of which other words change"""


class FileWords(NamedTuple):
    """What an attachment no longer says, and what it says now; of a file that came, all that it says.

    Of a ZIP file also what its members, and the folders they lie in, were called and are called.
    """

    name: str
    gone: Sequence[str]
    come: Sequence[str]
    old_names: Sequence[str] = ()
    new_names: Sequence[str] = ()


class Came(NamedTuple):
    """The sentences that came, all letters that stood there before, and the edit between them."""

    new: list[str]
    known: str
    edit: Edit


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
        reasons; those of a silent one name sentences that came and are like a notice.
    """
    moved = _moved_records(signals) if signals else []
    if old == new:
        return ("stamp-only", tuple(moved)) if moved else ("unknown", (Reason("no-difference", ""),))
    explains = partial(_notices, titles=(old.title, new.title), reports=new.section in _NEWS)
    page, in_files = _came(_gained(new, old), _gained(old, new)), [(one, _came(one.gone, one.come)) for one in files]
    told = [Reason("notice", one) for one in explains(page)]
    told += [Reason("attachment-text", f"{file.name}: {one}") for file, came in in_files for one in explains(came)]
    stamps = [*_new_stamps(old, new), *_marks_in(files), *_member_stamps(files)]
    reasons = (*told, *stamps, *moved)
    if told:
        return "explained", reasons
    if stamps and _unstamped(old, new) == _unstamped(new, old):
        return "stamp-only", reasons
    if reasons:
        return "stamped", reasons
    looked = ["title", "subtitles", "body", "attachment names", *(["attachment texts"] if files else [])]
    if signals:
        looked += [name for name in _RECORDS if all(_recorded(one, name) for one in signals)]
    return "silent", (Reason("none", ", ".join(looked)), *_perhaps(page, in_files))


def _perhaps(page: Came, in_files: Iterable[tuple[FileWords, Came]]) -> Iterable[Reason]:
    """Give the first sentences that came and are like a notice, so that nobody need trust that they are none."""
    near = dict.fromkeys(_like_notices(page))
    near |= dict.fromkeys(f"{file.name}: {one}" for file, came in in_files for one in _like_notices(came))
    return (Reason("perhaps", one) for one in islice(near, MOST_LIKE_ONE))


def _like_notices(came: Came) -> Iterable[str]:
    # nearly every edit is one of sentences that stood there, which is seen sooner than what a notice is like
    new = (one for one in came.new if not came.edit.stood(one))
    return (one.strip() for one in new if notices.is_like_a_notice(one) or came.edit.is_named_in(one))


def _notices(came: Came, titles: Sequence[str], *, reports: bool) -> Iterable[str]:
    """Give the sentences that came in which texts say what is corrected."""
    new, known, edit = came

    def tells(sentence: str) -> bool:
        said, names_edit = _without_remarks(sentence, known), partial(edit.is_named_in, sentence)
        return notices.is_notice(said, titles, reports=reports, names_edit=names_edit)

    if found := dict.fromkeys(one.strip() for one in new if tells(one)):
        return found
    # 이름을 바로잡습니다. 김민수 → 김민주
    pairs = (" ".join(pair) for pair in pairwise(new) if not any(map(edit.stood, pair)))
    return dict.fromkeys(pair for pair in pairs if edit.is_named_in(pair) and tells(pair))


def _came(gone: Iterable[str], come: Iterable[str]) -> Came:
    """Tell the sentences that came from those that went or stand in both texts."""
    before, after = ({squeezed(one): one for text in side for one in _sentences(text)} for side in (gone, come))
    new = [one for key, one in after.items() if key not in before]
    return Came(new, "\n".join(before), Edit([one for key, one in before.items() if key not in after], new))


def _without_remarks(sentence: str, known: str) -> str:
    """Give a sentence without what stands in brackets in it and stood so before."""
    return _REMARK.sub(lambda hit: "" if squeezed(hit.group()) in known else hit.group(), sentence)


def _marks_in(files: Sequence[FileWords]) -> list[Reason]:
    """Give the stamps on what each file says now, by the file's name."""
    return [Reason("attachment-text", f"{file.name}: {one}") for file in files for one in _marks(file.gone, file.come)]


def _member_stamps(files: Sequence[FileWords]) -> Iterable[Reason]:
    """Give the stamps that came in the names of members, each by the name of its ZIP file and its own."""
    for one in files:
        before = _name_stamps(one.new_names, one.old_names)
        for key, name in _name_stamps(one.old_names, one.new_names).items():
            if key not in before:
                yield Reason("attachment-name", f"{one.name}/{name}")


def _marks(gone: Iterable[str], come: Iterable[str]) -> Iterable[str]:
    """Give the stamps on texts that came, without those that texts had that went."""
    before = _stamped(gone)
    return dict.fromkeys(stamp for key, stamp in _stamped(come).items() if key not in before)


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
    known = set(_texts(old))
    return [text for text in _texts(new) if text not in known]


def _texts(article: Article) -> Iterable[str]:
    """Give all that an article says to readers, and what stands for its pictures."""
    beside = [text for one in article.images for text in (one.alt, one.caption) if text]
    return article.title, *article.subtitles, *(block.text for block in article.body), *beside


def _sentences(text: str) -> list[str]:
    # the stops of 9. 2. 10:00 end nothing
    return re.split(
        r"(?<=[.!?])(?!(?<=\d\.)\s+[\d(])(?<!\d[.]\d[.])(?<!\d[.]\d\d[.])(?<!\d[.] \d[.])(?<!\d[.] \d\d[.])\s+|\n",
        plain(text),
    )


def _stamps(old: Article, new: Article) -> dict[str, Reason]:
    """Give every stamp on what ``new`` gained, by where it stands, so that a second one is a new one."""
    found = {key: Reason("stamp", text) for key, text in _stamped(_gained(old, new)).items()}
    if notices.title_without_stamps(old.title) == notices.title_without_stamps(new.title):
        found |= {f"title {one}": Reason("stamp", one) for one in notices.title_editions(new.title)}
    names = _name_stamps([one.name for one in old.attachments], [one.name for one in new.attachments])
    return found | {key: Reason("attachment-name", name) for key, name in names.items()}


def _name_stamps(old: Sequence[str], new: Sequence[str]) -> dict[str, str]:
    """Give every name of the new ones that has a stamp, by what it says without it; some are none of a first edition.

    >>> _name_stamps(["표.hwp"], ["표.hwp", "정오표.hwp"])
    {'정오표.hwp 정오표': '정오표.hwp'}
    """
    names = [plain(one) for one in new]
    later = {name: editions for name in names if (editions := notices.editions(name))}
    stood = {_without_ending(_bare_name(one)) for one in old} if later else set()
    found = {}
    for name in names:
        editions = later[name] if name in later and _without_ending(_bare_name(name)) in stood else []
        for stamp in [*notices.name_stamps(name), *editions]:
            found[f"{_bare_name(name)[:40]} {stamp}"] = name
    return found


def _stamped(texts: Iterable[str]) -> dict[str, str]:
    """Give every stamp on texts, by the line it stands on."""
    found = {}
    for line in [plain(line).strip() for text in texts for line in text.split("\n")]:
        for stamp in notices.stamps(line):
            found[f"{squeezed(notices.without_stamps(line))[:40]} {stamp}"] = stamp
        if notices.is_stamp(line):
            found[line] = line
    return found


def _bare_name(name: str) -> str:
    return squeezed(notices.name_without_stamps(name))


def _without_ending(name: str) -> str:
    return re.sub(r"\.[A-Za-z]{2,5}$", "", name)


def _unstamped(article: Article, beside: Article) -> Article:
    """Give the article without its stamps; what one side did not read of a file is taken from the other."""
    twins = {_bare_name(one.name): one.sha256 for one in reversed(beside.attachments)}
    return replace(
        article,
        title=notices.title_without_stamps(article.title),
        subtitles=tuple(map(notices.without_stamps, article.subtitles)),
        body=tuple(
            Block(block.kind, notices.without_stamps(block.text))
            for block in article.body
            if not notices.only_stamps(block.text)
        ),
        attachments=tuple(_known(one, twins) for one in article.attachments),
        viewer=None,
    )


def _known(one: Attachment, twins: Mapping[str, str | None]) -> Attachment:
    name = _bare_name(one.name)
    return Attachment("", name, None, one.sha256 or twins.get(name), None)
