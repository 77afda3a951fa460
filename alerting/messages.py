"""The texts of alerts, plain in every service: nothing that an article says becomes a link, a mention or markup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from diffing.reports.links import linkable, written
from diffing.reports.phrases import WEIGHT_WORDS, WEIGHTS_SHORT, Pair, Words, capitalised
from diffing.reports.report import HEAVIEST_FIRST
from diffing.reports.view import change_view
from diffing.reports.visible import shortened, shown
from storage.records import Change

_SPACE = "\u200b"
# "[here](https://...)", "<!channel>", "@everyone", "`", "**", "https://", "www.", "#channel"
_LIVE = re.compile(r"(?<=\])(?=\()|(?<=[<@`*_~#|])|(?<=:)(?=//)|(?<=www)(?=\.)")

_TITLE: Pair = ("[고침] 변경 {n}건", "[gochim] {n} change{s}")
_ONE: Pair = ("[고침] {weight}: {title}", "[gochim] {weight}: {title}")
_MORE: Pair = ("그 밖에 {n}건. 모두 보기: gochim changes", "{n} more. See them all with: gochim changes")
_MORE_ALARMS: Pair = (
    "그 밖에 {n}건. 모두 보기: gochim alerts check",
    "{n} more. See them all with: gochim alerts check",
)
_AGAIN: Pair = (
    "보내던 중에 멈춘 알림입니다. 이미 받으셨을 수 있습니다.",
    "The run that sent this was cut short: you may have had it before.",
)
_ALARM: Pair = ("[고침] 감시 알림 {n}건", "[gochim] {n} notice{s} about the watch")
_NUMBER: Pair = ("알림 번호", "message")


def inert(text: str, length: int = 300) -> str:
    """Make text from the web one plain line: what is unseen is shown, and no service makes anything live of it."""
    return _LIVE.sub(_SPACE, shown(shortened(text, length)))


def title_of(changes: Sequence[Change], words: Words) -> str:
    """Give a message's title, ``[고침] 변경 3건: 내용 2, 표현 1``, of a single change what it is about."""
    if len(changes) == 1:
        (one,) = changes
        return words.pick(_ONE).format(
            weight=words.word(WEIGHT_WORDS, one.comparison.weight), title=inert(one.title, 80)
        )
    counts = Counter(one.comparison.weight for one in changes)
    weights = ", ".join(f"{words.pick(pair)} {counts[code]}" for code, pair in WEIGHTS_SHORT.items() if counts[code])  # type: ignore[index]  # the table is keyed by weights
    return f"{_counted(_TITLE, len(changes), words)}: {weights}"


def of_changes(changes: Sequence[Change], words: Words, limit: int, message: str, *, again: bool) -> str:
    """Give the body of a message of at most ``limit`` characters, the heaviest first: what does not fit is counted."""
    foot = _foot(words, message, again=again)
    heaviest = sorted(changes, key=lambda one: HEAVIEST_FIRST.index(one.comparison.weight))
    said = (_change(one, words) for one in heaviest)
    return "\n\n".join([*_fitting(said, len(changes), limit - len(foot), "\n\n", words.pick(_MORE)), foot])


def of_alarms(texts: Sequence[str], words: Words, limit: int, message: str, *, again: bool) -> tuple[str, str]:
    """Give title and body of a message about the watch itself; what does not fit is counted."""
    foot = _foot(words, message, again=again)
    said = (f"- {one}" for one in texts)
    lines = _fitting(said, len(texts), limit - len(foot), "\n", words.pick(_MORE_ALARMS))
    return _counted(_ALARM, len(texts), words), "\n".join(lines) + "\n\n" + foot


def _fitting(parts: Iterable[str], number: int, room: int, between: str, more: str) -> list[str]:
    """Give of so many parts those that there is room for, one at least, and how many ``more`` there are."""
    found: list[str] = []
    room -= 80
    for part in parts:
        if found and len(part) + len(between) > room:
            break
        found.append(shortened_lines(part, max(1, room)))
        room -= len(part) + len(between)
    return [*found, more.format(n=number - len(found))] if len(found) < number else found


def shortened_lines(text: str, limit: int) -> str:
    """Cut a text of several lines, an ellipsis where it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _counted(pair: Pair, n: int, words: Words) -> str:
    return words.pick(pair).format(n=n, s="" if n == 1 else "s")


def _foot(words: Words, message: str, *, again: bool) -> str:
    number = f"gochim · {words.pick(_NUMBER)} {message}"
    return f"{words.pick(_AGAIN)}\n{number}" if again else number


def _change(change: Change, words: Words) -> str:
    view = change_view(change, words)
    interval = view.interval.format(
        old=words.moment(change.old_last_seen), new=words.moment(change.new_first_seen), span=view.span
    )
    address = [written(change.url)] if linkable(change.url) else []
    near = words.reasons(one for one in change.comparison.reasons if one.signal == "perhaps")
    return "\n".join(
        [
            f"■ {inert(change.title)}",
            f"{view.weight} · {view.kind} · {view.disclosure}",
            *(inert(capitalised(one)) for one in near),
            f"{inert(view.source)} · {inert(view.section)}",
            inert(view.summary, 600),
            interval,
            *address,
            inert(view.commands[0]),
        ]
    )
