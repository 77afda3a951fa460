"""Histories of articles as portals make them, each held against what really became of it: nothing invented or lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.document_samples import hwpx, p, t
from tests.runs import desk
from tests.shelf import Shelf, page, shelf

A, B, C = (f"지원 대상은 {number}만 가구이며 다음 달부터 신청을 받는다." for number in (120, 150, 180))
REST = "정부는 신청이 몰리는 첫 주에 창구를 더 열고 상담 인력을 두 배로 늘리기로 했다."
BLOCK = "<title>Request Rejected</title><body>The requested URL was rejected. Support ID: 47</body>"
NOTICE = "시스템 점검 중입니다. 잠시 후 다시 이용해 주시기 바랍니다."
OLD, NEW = (hwpx(p(t(f"지원 규모는 {amount}억 원이다."))) for amount in (1200, 1500))
ROUNDS = 6
"""Looks at every article, one after the other."""

Reply = Any
Told = list[tuple[str, str, str, int]]
"""Of each change its kind, the text that went, the text that came, and the looks between that could not tell."""


class Story:
    """One article: what its address answers in each round, and what a keeper who saw all would tell."""

    def __init__(self, number: int, rounds: Callable[[Story], list[Reply]], truth: Told) -> None:
        self.article = str(148971900 + number)
        self.url = f"/news/policyNewsView.do?newsId={self.article}"
        self.moved = f"/news/policyFocusView.do?newsId={self.article}"
        self.file = f"/common/download.do?fileId={198580100 + number}"
        self.rounds, self.truth = rounds(self), truth
        assert len(self.rounds) == ROUNDS

    def says(self, text: str, **more: str) -> str:
        return page(text, REST, **{"own": self.url, "at": self.file, **more})


def down(_: Story) -> tuple[int, dict[str, str], bytes]:
    return 503, {}, b"<h1>503</h1>"


def leads(to: str) -> tuple[int, dict[str, str], bytes]:
    return 302, {"Location": to}, b""


def sent(text: str, charset: str, said: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": f"text/html;charset={said}"}, text.encode(charset)


def stamped(text: str, **fields: str) -> tuple[int, dict[str, str], bytes]:
    return 200, {name.replace("_", "-"): value for name, value in fields.items()}, text.encode()


def edit(old: str, new: str, between: int = 0) -> tuple[str, str, str, int]:
    return "edited", old, new, between


MONDAY, SUNDAY = "Mon, 09 Nov 2026 09:00:00 GMT", "Sun, 08 Nov 2026 09:00:00 GMT"
STORIES: dict[str, tuple[Callable[[Story], list[Reply]], Told]] = {
    "an edit during an outage": (
        lambda s: [s.says(A), down(s), down(s), s.says(B), s.says(B), s.says(B)],
        [edit(A, B, 2)],
    ),
    "a redirect loop": (
        lambda s: [s.says(A), leads(s.url), s.says(A), leads(s.url), s.says(B), s.says(B)],
        [edit(A, B, 1)],
    ),
    "half a page": (
        lambda s: [s.says(A), s.says(A)[:-60], s.says(B), s.says(B).partition(REST)[0], s.says(B), s.says(B)],
        [edit(A, B, 1)],
    ),
    "a block page between two edits": (
        lambda s: [s.says(A), BLOCK, s.says(B), page(NOTICE, own=s.url), s.says(C), s.says(C)],
        [edit(A, B, 1), edit(B, C, 1)],
    ),
    "a charset that is not the page's": (
        lambda s: [sent(s.says(A), *how) for how in (("utf-8", "UTF-8"), ("euc-kr", "UTF-8"), ("utf-8", "EUC-KR"),
                   ("euc-kr", "EUC-KR"), ("euc-kr", "ISO-8859-1"))] + [sent(s.says(B), "euc-kr", "UTF-8")],
        [edit(A, B)],
    ),
    "an ETag that stays": (
        lambda s: [stamped(s.says(A), ETag='"1"'), stamped(s.says(A), ETag='"1"'), stamped(s.says(B), ETag='W/"1"'),
                   stamped(s.says(B), ETag='"1"'), stamped(s.says(C), ETag='"2"'), stamped(s.says(C), ETag='"2"')],
        [edit(A, B), edit(B, C)],
    ),
    "a Last-Modified that goes back": (
        lambda s: [stamped(s.says(text), Last_Modified=day) for text, day in ((A, MONDAY), (A, SUNDAY), (B, SUNDAY),
                   (B, MONDAY), (C, SUNDAY), (C, MONDAY))],
        [edit(A, B), edit(B, C)],
    ),
    "an edit undone": (
        lambda s: [s.says(A), s.says(B), s.says(A), down(s), s.says(A), s.says(A)],
        [edit(A, B), edit(B, A)],
    ),
    "a file renamed": (
        lambda s: [s.says(A, file=name) for name in ("지원 안내.hwpx",) * 3 + ("지원 안내(수정).hwpx",) * 3],
        [("edited", "지원 안내.hwpx", "지원 안내(수정).hwpx", 0)],
    ),
    "another file of the same name": (
        lambda s: [s.says(A, file="지원 안내.hwpx")] * 6,
        [("attachment-replaced", "지원 안내.hwpx", "지원 안내.hwpx", 1)],
    ),
    "moved and edited at once": (
        lambda s: [s.says(A), s.says(A), *[leads(s.moved)] * 4],
        [("moved", A, B, 0)],
    ),
    "nothing at all in the page": (
        lambda s: [s.says(A), "", "<html></html>", (200, {}, b"\x00" * 200), page(own=s.url), s.says(A)],
        [],
    ),
    "gone and back, edited": (
        lambda s: [s.says(A), (404, {}, b""), (404, {}, b""), s.says(B), s.says(B), s.says(B)],
        [("removed", "", "", 0), ("restored", A, B, 0)],
    ),
    "another article in its place": (
        lambda s: [s.says(A), page(B, own="/news/policyNewsView.do?newsId=148971899"), *[s.says(A)] * 4],
        [],
    ),
    "still": (lambda s: [s.says(A)] * 6, []),
}  # fmt: skip


def told(changes: list[dict[str, Any]]) -> Told:
    """Give of each change its kind, what went and what came, as far as an article's body or files say it."""
    found = []
    for change in changes:
        steps = [op for field in change["fields"] if field["field"] in {"body", "attachments"} for op in field["ops"]]
        turned = [op for op in steps if op["op"] != "keep"]
        # A file is told by its name, its number and its digest.
        old, new = ("".join((op[side] or "").partition("\t")[0] for op in turned) for side in ("old", "new"))
        found.append((change["kind"], old, new, change["checks_between"]))
    return found


def test_what_is_told_of_every_history_is_what_became_of_the_article(tmp_path: Path):
    with shelf() as portal:
        archive = desk(tmp_path / "archive", portal.url)
        stories = {name: Story(number, *story) for number, (name, story) in enumerate(STORIES.items())}
        for number in range(ROUNDS):
            put(portal, list(stories.values()), number)
            asked = [word for one in stories.values() for word in ("--url", portal.url + one.url)]
            archive.run("crawl", "--recheck", "none", *asked)
        found = {name: told(archive.json("changes", "--article", one.article)) for name, one in stories.items()}
        assert found == {name: one.truth for name, one in stories.items()}
        before = archive.json("status")["content_digest"]
        archive.ok("rebuild")
        assert archive.json("status")["content_digest"] == before


def put(portal: Shelf, stories: list[Story], number: int) -> None:
    """Let each address answer as in a round; one story's file cannot be had in the third, and is another after it."""
    portal.shown = {one.url: one.rounds[number] for one in stories}
    for name, one in zip(STORIES, stories, strict=True):
        portal.shown[one.file] = OLD
        if name == "another file of the same name":
            portal.shown[one.file] = (OLD, OLD, (500, {}, b""), NEW, NEW, NEW)[number]
        if name == "moved and edited at once" and number > 1:
            portal.shown[one.moved] = one.says(B, own=one.moved)
