"""One line that says what happened to many articles at once, and whether it is held or counts as edits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from diffing.reports.phrases import FIELDS, SECTIONS, Pair, Words
from diffing.reports.visible import shortened
from storage.site_changes import SiteChange

_DONE: Mapping[str, Pair] = {
    "added": ("{field}에 “{text}” 생김", "{field} gained “{text}”"),
    "removed": ("{field}에서 “{text}” 없어짐", "{field} lost “{text}”"),
    "emptied": ("{field} 없어짐", "{field} gone"),
    "filled": ("{field} 생김", "{field} there now"),
    "supplanted": ("{field} 전체가 없어지고 “{text}”만 있음", "{field} gone, with “{text}” in its place"),
    "given-back": ("“{text}” 자리에 {field} 돌아옴", "{field} back in the place of “{text}”"),
    "cut": ("{field} 앞부분만 남음", "{field} cut to its beginning"),
    "grown": ("{field} 뒷부분 생김", "{field} has a continuation now"),
    "begun-with": ("{field} 앞에 “{text}” 붙음", "“{text}” put before {field}"),
    "not-begun-with": ("{field} 앞의 “{text}” 없어짐", "“{text}” no longer before {field}"),
    "ended-with": ("{field} 뒤에 “{text}” 붙음", "“{text}” put behind {field}"),
    "not-ended-with": ("{field} 뒤의 “{text}” 없어짐", "“{text}” no longer behind {field}"),
    "recut": ("{field}의 문단 나눔이 바뀜", "{field} parted into other paragraphs"),
    "requoted": ("따옴표가 다른 모양으로 바뀜", "quotation marks printed in another form"),
    "renumbered": ("{field} 번호나 주소만 바뀜", "{field} under other numbers or addresses, the same in content"),
    "recast": ("{field} → {text} 형식으로 바뀜", "{field} printed as {text} now"),
}
_KINDS: Mapping[str, Pair] = {
    "body:paragraph": ("본문 문단", "paragraphs"),
    "body:heading": ("본문 소제목", "headings"),
    "body:caption": ("사진 설명", "captions"),
    "body:quote": ("본문 인용", "quotations"),
    "body:list-item": ("본문 목록", "lists"),
    "body:table": ("본문 표", "tables"),
    "images:caption": ("사진에 딸린 설명", "captions of pictures"),
    "images:alt": ("사진의 대체 글", "alternative texts of pictures"),
}
_VERDICTS: Mapping[str, Pair] = {
    "same-shape": (
        "틀이 바뀐 것으로 보아 글별 고침으로 세지 않음",
        "taken for a new template, not told article by article",
    ),
    "publisher": ("게시자가 고쳤다고 밝혀 글별 고침으로 셈", "the publisher says that it edited them: told as edits"),
    "person": ("사람이 정함", "decided by a person"),
}
_HELD: Mapping[str, Pair] = {"held": ("글별 고침 아님", "no edits"), "edits": ("글별 고침", "edits")}


def site_line(one: SiteChange, words: Words) -> str:
    """Say a site change in one line, ``보도자료 글 41건에 같은 변화: 부제 없어짐 (...)``."""
    field = words.pick(_KINDS[one.field]) if one.field in _KINDS else words.word(FIELDS, one.field)
    text = words.pick(_KINDS[f"body:{one.text}"]) if one.what == "recast" else shortened(one.text.strip(), 60)
    done = words.pick(_DONE[one.what]).format(field=field, text=text)
    why = words.pick(_VERDICTS[one.because])
    if one.because == "person":
        why = f"{why}: {words.pick(_HELD[one.verdict])}"
    return words.pick(
        (
            "{section} 글 {n}건에 같은 변화: {done} ({since} 처음 봄, 하루 안에 살펴본 {could}건 가운데 {showed}건;"
            " {why})",
            "The same in {n} articles of {section}: {done} (first seen {since}; {showed} of {could} looked at within a"
            " day; {why})",
        )
    ).format(
        section=words.word(SECTIONS, one.section),
        n=len({member.article for member in one.members}),
        done=done,
        since=words.moment(datetime.fromisoformat(one.since)),
        could=one.share[1],
        showed=one.share[0],
        why=why,
    )
