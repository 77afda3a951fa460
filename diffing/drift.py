"""What a page's template does to an article, told from what its publisher does: shapes that many articles can share.

A template adds, takes away or cuts the same thing everywhere, puts it in the place of all that was said, or prints it
as another kind; whoever edits replaces words. So a substitution, however many articles share it, is no shape
(:mod:`diffing.campaigns`), but for two that say nothing new: quotation marks by others of their kind, and numbers and
addresses of files that stay what they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from storage.records import Article, Block, BlockKind, Link, Op, without_document

What = Literal[
    "added", "removed", "emptied", "filled", "cut", "grown", "begun-with", "not-begun-with", "ended-with",
    "not-ended-with", "recast", "recut", "requoted", "renumbered", "supplanted", "given-back",
]  # fmt: skip
_OPPOSITES: dict[What, What] = {
    "added": "removed", "emptied": "filled", "cut": "grown", "begun-with": "not-begun-with",
    "ended-with": "not-ended-with", "recut": "recut", "requoted": "requoted", "renumbered": "renumbered",
    "supplanted": "given-back",
}  # fmt: skip
_OPPOSITES |= {two: one for one, two in _OPPOSITES.items()}

SCALARS = ("title", "published", "source", "source_code", "author", "licence")
_KINDS = ("heading", "caption", "quote", "list-item", "table")
# "청년", “청년”, ＂청년＂; '청년', ‘청년’
_MARKS = {**dict.fromkeys('"“”„＂', '"'), **dict.fromkeys("'‘’‚＇", "'")}
_MARK = re.compile(f"[{''.join(_MARKS)}]")
_OF_PICTURES: tuple[Literal["caption", "alt"], ...] = ("caption", "alt")


@dataclass(frozen=True, slots=True, order=True)
class Shape:
    """What can happen to many articles in the same way.

    ``field`` is a field of the article, ``body:table`` for the blocks of one kind, or ``images:caption`` for what is
    said of its pictures. ``text`` is what was added or taken away, word for word, and empty where each article has its
    own; of blocks that were ``recast`` it is their kind now, of a body that was ``supplanted`` all that stands in its
    place, of one that was ``given-back`` all that stood there meanwhile, and of links that lead elsewhere what went
    from their addresses and what came, a tab between.
    """

    field: str
    what: What
    text: str = ""

    @property
    def opposite(self) -> Shape:
        """The shape that undoes this one."""
        if self.what == "recast":
            return Shape(f"body:{self.text}", "recast", self.field.removeprefix("body:"))
        if self.field == "links" and self.what == "renumbered":
            return Shape("links", "renumbered", "\t".join(reversed(self.text.split("\t"))))
        return Shape(self.field, _OPPOSITES[self.what], self.text)

    @property
    def is_loss(self) -> bool:
        """Whether something no longer stands that stood before."""
        return self.what in {"removed", "emptied", "supplanted", "cut", "not-begun-with", "not-ended-with", "recast"}


def shapes(old: Article, new: Article) -> frozenset[Shape]:
    """Give the shapes of what differs between two states of an article."""
    if "unread" in {old.body_from, new.body_from}:
        old, new = without_document(old), without_document(new)
    found = (_of_scalars(old, new), _of_lists(old, new), _of_body(old.body, new.body), _of_marks(old, new))
    return frozenset(chain.from_iterable(found))


def _of_scalars(old: Article, new: Article) -> Iterator[Shape]:
    for name in SCALARS:
        before, after = getattr(old, name), getattr(new, name)
        if bool(before) != bool(after):
            yield Shape(name, "emptied" if before else "filled")
        elif before != after:
            yield from _affix(name, before, after)


def _of_lists(old: Article, new: Article) -> Iterator[Shape]:
    for name in ("subtitles", "images", "attachments"):
        before, after = items(old, name), items(new, name)
        if bool(before) != bool(after):
            yield Shape(name, "emptied" if before else "filled")
        else:
            yield from _of_items(name, before, after)
        if name in {"images", "attachments"} and renumbered(old, new, name):
            yield Shape(name, "renumbered")
    if bool(old.links) != bool(new.links):
        yield Shape("links", "emptied" if old.links else "filled")
    else:
        yield from (Shape("links", "renumbered", one) for one in set(readdressed(old, new).values()))
    for part in _OF_PICTURES if old.images and new.images else ():
        had, has = (any(getattr(one, part) for one in side.images) for side in (old, new))
        if had != has:
            yield Shape(f"images:{part}", "emptied" if had else "filled")


def _of_marks(old: Article, new: Article) -> Iterator[Shape]:
    if requoted(old, new) != old:
        yield Shape("body", "requoted")


def requoted(old: Article, new: Article) -> Article:
    """Give an article with the quotation marks of another state of it, wherever these are of the same kinds in turn."""
    if not (marks := _marks(old)) or marks == _marks(new):
        return old
    lists = {name: items(old, name) for name in ("subtitles", "body")}
    for name, texts in lists.items():
        for step in steps(texts, items(new, name)):
            if step.op == "replace" and step.old_index is not None:
                texts[step.old_index] = _marked_as(step.old or "", step.new or "")
    captions = {one.src: one.caption or "" for one in new.images}
    return replace(
        old,
        title=_marked_as(old.title, new.title),
        subtitles=tuple(lists["subtitles"]),
        body=tuple(replace(one, text=text) for one, text in zip(old.body, lists["body"], strict=True)),
        images=tuple(
            replace(one, caption=_marked_as(one.caption, captions.get(one.src, ""))) if one.caption else one
            for one in old.images
        ),
    )


def _marks(article: Article) -> list[str]:
    said = [article.title, *article.subtitles, *items(article, "body"), *(one.caption or "" for one in article.images)]
    return _MARK.findall("".join(said))


def _marked_as(text: str, other: str) -> str:
    mine, theirs = (_MARK.findall(side) for side in (text, other))
    if [_MARKS[one] for one in mine] != [_MARKS[one] for one in theirs]:
        return text
    given = iter(theirs)
    return "".join(next(given) if one in _MARKS else one for one in text)


def items(article: Article, name: str) -> list[str]:
    """Give what tells the parts of a field apart."""
    if name == "images":
        return [one.src for one in article.images]
    if name == "attachments":
        return [one.file_id for one in article.attachments]
    return [one.text for one in article.body] if name == "body" else list(article.subtitles)


def renumbered(old: Article, new: Article, name: str) -> dict[str, str]:
    """Give the new numbers of files, or addresses of pictures, that hold the bytes of before and are called the same.

    Args:
        old: The state before.
        new: The state after.
        name: ``attachments`` or ``images``.
    """
    ours, theirs = (dict(zip(items(side, name), _held(side, name), strict=True)) for side in (old, new))
    free = {held: one for one, held in theirs.items() if one not in ours and held[0]}
    return {one: free[held] for one, held in ours.items() if one not in theirs and held in free}


def readdressed(old: Article, new: Article) -> dict[Link, str]:
    """Give the links whose words lead elsewhere now, with what went from the address and what came, parted by a tab."""
    now = {one.text: one.address for one in new.links}
    led = {one: now.get(one.text, one.address) for one in old.links}
    return {one: _replaced(one.address, address) for one, address in led.items() if address != one.address}


def _replaced(old: str, new: str) -> str:
    """Give the part in which two texts differ, of both."""
    from diffing.forms import shared  # As with steps.

    ahead = shared(old, new, min(len(old), len(new)))
    rests = old[ahead:][::-1], new[ahead:][::-1]
    behind = shared(*rests, min(map(len, rests)))
    return f"{old[ahead : len(old) - behind]}\t{new[ahead : len(new) - behind]}"


def _held(article: Article, name: str) -> list[tuple[str | None, ...]]:
    if name == "images":
        return [(one.sha256, one.alt, one.caption) for one in article.images]
    return [(one.sha256, one.name) for one in article.attachments]


def _of_items(name: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Shape]:
    if before == after:
        return
    if name in {"images", "attachments"}:  # An address is no text that could have been edited.
        ours, theirs = Counter(before), Counter(after)
        yield from (Shape(name, "added", one) for one in theirs - ours)
        yield from (Shape(name, "removed", one) for one in ours - theirs)
        return
    for step in steps(before, after):
        if step.op == "insert":
            yield Shape(name, "added", step.new or "")
        elif step.op == "delete":
            yield Shape(name, "removed", step.old or "")
        elif step.op == "replace":
            yield from _affix(name, step.old or "", step.new or "")


def steps(before: Sequence[str], after: Sequence[str]) -> Sequence[Op]:
    """Give what was done to a list of texts, a step each."""
    from diffing import align  # Most runs see no two states of an article that differ, and do without.

    return align.ops(before, after, marked=False)


def _affix(name: str, before: str, after: str) -> Iterator[Shape]:
    """Say what stands before or behind an otherwise equal text, or no longer does."""
    if after.endswith(before):
        yield Shape(name, "begun-with", after.removesuffix(before))
    elif after.startswith(before):
        yield Shape(name, "ended-with", after.removeprefix(before))
    elif before.endswith(after):
        yield Shape(name, "not-begun-with", before.removesuffix(after))
    elif before.startswith(after):
        yield Shape(name, "not-ended-with", before.removeprefix(after))


def _of_body(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Shape]:
    if bool(old) != bool(new):
        yield Shape("body", "emptied" if old else "filled")
        return
    before, after = [one.text for one in old], [one.text for one in new]
    if before != after and _letters(before) == _letters(after):
        yield Shape("body", "recut")
        return
    if _is_beginning(after, before):
        yield Shape("body", "cut")
    elif _is_beginning(before, after):
        yield Shape("body", "grown")
    elif _nothing_stays(before, after):
        yield Shape("body", "supplanted", "\n".join(after))
        yield Shape("body", "given-back", "\n".join(before))
        return
    else:
        yield from _of_items("body", before, after)
    kinds = recast(old, new)
    yield from {Shape(f"body:{old[at].kind}", "recast", now) for at, now in kinds.items()}
    for kind in _KINDS:
        had, has = (any(one.kind == kind for one in blocks) for blocks in (as_now(old, kinds), new))
        if had != has:
            yield Shape(f"body:{kind}", "emptied" if had else "filled")


def recast(old: Sequence[Block], new: Sequence[Block]) -> dict[int, BlockKind]:
    """Give the kinds that blocks are printed as now, by their places in ``old``: a heading as plain text.

    Only blocks count that were kept, edited or moved.
    """
    if Counter(one.kind for one in old) == Counter(one.kind for one in new):
        return {}
    done = steps([one.text for one in old], [one.text for one in new])
    pairs = [(step.old_index, step.new_index) for step in done if step.op in {"keep", "replace", "move"}]
    return {i: new[j].kind for i, j in pairs if i is not None and j is not None and old[i].kind != new[j].kind}


def as_now(old: Sequence[Block], kinds: dict[int, BlockKind]) -> tuple[Block, ...]:
    """Give ``old`` with some of its blocks of other kinds, by their places."""
    return tuple(replace(one, kind=kinds.get(at, one.kind)) for at, one in enumerate(old))


def _is_beginning(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether one body is at most the first half of the other, its paragraphs as they were or edited."""
    if len(short) * 2 > len(long):
        return False
    return all(step.op in {"keep", "replace"} for step in steps(long[: len(short)], short))


def _nothing_stays(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether no paragraph of a body stands in the other one, as it was or edited: a notice in the place of a text."""
    return before != after and all(step.op in {"insert", "delete"} for step in steps(before, after))


def _letters(texts: Sequence[str]) -> str:
    return "".join("".join(texts).split())


def admits(shape: Shape, article: Article) -> bool:
    """Say whether a shape could have happened to an article as it stood: nobody can empty what is empty."""
    if shape.what == "requoted":
        return bool(_marks(article))
    if shape.field.startswith("body:"):
        has = any(one.kind == shape.field.removeprefix("body:") for one in article.body)
    elif shape.field.startswith("images:"):
        has = any(getattr(one, shape.field.removeprefix("images:")) for one in article.images)
    else:
        has = bool(getattr(article, shape.field))
    match shape.what:
        case "filled":
            return not has
        case "cut":
            return len(article.body) > 1
        case "given-back":
            return shape.text == "\n".join(items(article, "body"))
        case "added" | "removed":
            return (shape.text in items(article, shape.field)) == (shape.what == "removed")
        case "not-begun-with":
            return any(one.startswith(shape.text) for one in _texts(article, shape.field))
        case "not-ended-with":
            return any(one.endswith(shape.text) for one in _texts(article, shape.field))
    return has


def _texts(article: Article, name: str) -> list[str]:
    value = getattr(article, name)
    return ([value] if value else []) if name in SCALARS else items(article, name)


# 본 기사는 삭제되었습니다, 비공개 처리, 서비스 종료, 게시 중단, 철회, 취소: why a text may rightly be gone
_REMOVAL = re.compile(r"삭제|비공개|종료|중단|철회|취소|내려졌")
_LEAST_BLOCKS, _LEAST_LETTERS, _LEFT = 5, 300, 10
"""An article of so many blocks or letters shrinks when one block, or one in so many letters, is left."""


def shrinks(old: Article, new: Article) -> bool:
    """Say whether nearly all that an article said is gone, and not a word says why."""
    before, after = (sum(len(block.text) for block in one.body) for one in (old, new))
    few = len(old.body) >= _LEAST_BLOCKS and len(new.body) <= 1
    little = before >= _LEAST_LETTERS and after * _LEFT <= before
    told = " ".join([new.title, *new.subtitles, *(one.text for one in new.body)])
    return (few or little) and not _REMOVAL.search(told)


def is_empty(article: Article) -> bool:
    """Say whether an article was read that says and shows nothing but its title."""
    return not (article.body or article.images or article.attachments or article.body_from == "unread")
