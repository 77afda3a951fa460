"""What a page's template does to an article, told from what its publisher does: shapes that many articles can share.

A template adds, takes away or cuts the same thing everywhere, or prints it as another kind; whoever edits replaces
words. So a substitution, however many articles share it, is no shape (:mod:`diffing.campaigns`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from diffing import recasts
from storage.records import Article, Block, Image, Op

What = Literal[
    "added", "removed", "emptied", "filled", "cut", "grown", "begun-with", "not-begun-with", "ended-with",
    "not-ended-with", "recast", "recut",
]  # fmt: skip
_OPPOSITES: dict[What, What] = {
    "added": "removed", "emptied": "filled", "cut": "grown", "begun-with": "not-begun-with",
    "ended-with": "not-ended-with", "recut": "recut",
}  # fmt: skip
_OPPOSITES |= {two: one for one, two in _OPPOSITES.items()}

_SCALARS = ("title", "published", "source", "source_code", "author", "licence")
_KINDS = ("heading", "caption", "quote", "list-item", "table")
_OF_PICTURES: tuple[Literal["caption", "alt"], ...] = ("caption", "alt")


@dataclass(frozen=True, slots=True, order=True)
class Shape:
    """What can happen to many articles in the same way.

    ``field`` is a field of the article, ``body:table`` for the blocks of one kind, or ``images:caption`` for what is
    said of its pictures. ``text`` is what was added or taken away, word for word, and empty where each article has its
    own; of blocks that were ``recast`` it is their kind now.
    """

    field: str
    what: What
    text: str = ""

    @property
    def opposite(self) -> Shape:
        """The shape that undoes this one."""
        if self.what == "recast":
            return Shape(f"body:{self.text}", "recast", self.field.removeprefix("body:"))
        return Shape(self.field, _OPPOSITES[self.what], self.text)

    @property
    def is_loss(self) -> bool:
        """Whether something no longer stands that stood before."""
        return self.what in {"removed", "emptied", "cut", "not-begun-with", "not-ended-with", "recast"}


def shapes(old: Article, new: Article) -> frozenset[Shape]:
    """Give the shapes of what differs between two states of an article."""
    return frozenset([*_of_scalars(old, new), *_of_lists(old, new), *_of_body(old.body, new.body)])


def _of_scalars(old: Article, new: Article) -> Iterator[Shape]:
    for name in _SCALARS:
        before, after = getattr(old, name), getattr(new, name)
        if bool(before) != bool(after):
            yield Shape(name, "emptied" if before else "filled")
        elif before != after:
            yield from _affix(name, before, after)


def _of_lists(old: Article, new: Article) -> Iterator[Shape]:
    for name in ("subtitles", "images", "attachments"):
        before, after = _items(old, name), _items(new, name)
        if bool(before) != bool(after):
            yield Shape(name, "emptied" if before else "filled")
        else:
            yield from _of_items(name, before, after)
    for part in _OF_PICTURES if old.images and new.images else ():
        had, has = (any(getattr(one, part) for one in side.images) for side in (old, new))
        if had != has:
            yield Shape(f"images:{part}", "emptied" if had else "filled")


def _items(article: Article, name: str) -> list[str]:
    """Give what tells the parts of a field apart."""
    if name == "images":
        return [one.src for one in article.images]
    if name == "attachments":
        return [one.file_id for one in article.attachments]
    return [one.text for one in article.body] if name == "body" else list(article.subtitles)


def _of_items(name: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Shape]:
    if before == after:
        return
    if name in {"images", "attachments"}:  # An address is no text that could have been edited.
        ours, theirs = Counter(before), Counter(after)
        yield from (Shape(name, "added", one) for one in theirs - ours)
        yield from (Shape(name, "removed", one) for one in ours - theirs)
        return
    for step in _steps(before, after):
        if step.op == "insert":
            yield Shape(name, "added", step.new or "")
        elif step.op == "delete":
            yield Shape(name, "removed", step.old or "")
        elif step.op == "replace":
            yield from _affix(name, step.old or "", step.new or "")


def _steps(before: Sequence[str], after: Sequence[str]) -> Sequence[Op]:
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
    else:
        yield from _of_items("body", before, after)
    kinds = recasts.recast(old, new)
    yield from {Shape(f"body:{old[at].kind}", "recast", now) for at, now in kinds.items()}
    for kind in _KINDS:
        had, has = (any(one.kind == kind for one in blocks) for blocks in (recasts.as_now(old, kinds), new))
        if had != has:
            yield Shape(f"body:{kind}", "emptied" if had else "filled")


def _is_beginning(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether one body is at most the first half of the other, its paragraphs as they were or edited."""
    if len(short) * 2 > len(long):
        return False
    return all(step.op in {"keep", "replace"} for step in _steps(long[: len(short)], short))


def _letters(texts: Sequence[str]) -> str:
    return "".join("".join(texts).split())


def admits(shape: Shape, article: Article) -> bool:
    """Say whether a shape could have happened to an article as it stood: nobody can empty what is empty."""
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
        case "added":
            return shape.text not in _items(article, shape.field)
        case "removed":
            return shape.text in _items(article, shape.field)
        case "not-begun-with":
            return any(one.startswith(shape.text) for one in _texts(article, shape.field))
        case "not-ended-with":
            return any(one.endswith(shape.text) for one in _texts(article, shape.field))
    return has


def _texts(article: Article, name: str) -> list[str]:
    value = getattr(article, name)
    return ([value] if value else []) if name in _SCALARS else _items(article, name)


def shared(shape: Shape, old: Article, new: Article, before: Article | None) -> Article:
    """Give the old state as it would read if nothing but a shape had happened to it.

    What differs between that and the new state is the article's own change.

    Args:
        shape: The shape, one of those between ``old`` and ``new``.
        old: The state before.
        new: The state after.
        before: The state in which the article stood before the opposite of this shape happened to it, None when that
            never did. What comes back is compared with what went then, so that an edit made meanwhile is seen.
    """
    if shape.what == "recut":
        return replace(old, body=new.body)
    if shape.what in {"cut", "grown"}:
        source = before if shape.what == "grown" and before is not None else new
        kept = old.body[: len(new.body)]
        return replace(old, body=kept + source.body[len(kept) :] if shape.what == "grown" else kept)
    if shape.field.startswith("body:"):
        kinds = recasts.recast(old.body, new.body)
        if shape.what == "recast":
            mine = {
                at: now for at, now in kinds.items() if (f"body:{old.body[at].kind}", now) == (shape.field, shape.text)
            }
            return replace(old, body=recasts.as_now(old.body, mine))
        return replace(old, body=_kind_as_in(shape, old.body, (before or new).body, kinds.keys()))
    if shape.field.startswith("images:"):
        source = before if shape.what == "filled" and before is not None else new
        return replace(old, images=_pictures_as_in(shape, old.images, source.images))
    if shape.what in {"emptied", "filled"}:
        source = before if shape.what == "filled" and before is not None else new
        given: Any = {shape.field: getattr(source, shape.field)}
        made = replace(old, **given)
        return _with_lines(made, old, new) if shape.field == "subtitles" else made
    if shape.what in {"added", "removed"}:
        return _with_item(shape, old, new)
    return _with_affix(shape, old, new)


def _with_lines(made: Article, old: Article, new: Article) -> Article:
    """Put into the body the lines that are printed there and no longer under the headline, or take them out of it."""
    ours, theirs = {one.text for one in old.body}, {one.text for one in new.body}
    body = [one for one in made.body if one.text in theirs or one.text not in new.subtitles]
    for at, one in enumerate(new.body):
        if one.text in old.subtitles and one.text not in ours:
            body.insert(_place(body, new.body, at), one)
    return replace(made, body=tuple(body))


def _kind_as_in(
    shape: Shape, blocks: Sequence[Block], source: Sequence[Block], recast: Container[int]
) -> tuple[Block, ...]:
    """Give blocks with those of a kind gone, but for those that are only printed as another now, or there."""
    kind = shape.field.removeprefix("body:")
    found = [one for at, one in enumerate(blocks) if one.kind != kind or at in recast]
    if shape.what == "filled":
        for at, one in enumerate(source):
            if one.kind == kind:
                found.insert(_place(found, source, at), one)
    return tuple(found)


def _pictures_as_in(shape: Shape, pictures: Sequence[Image], source: Sequence[Image]) -> tuple[Image, ...]:
    """Give pictures with nothing said of them in one way, or with what is said of them elsewhere."""
    captions = {one.src: one.caption for one in source}
    alts = {one.src: one.alt for one in source}
    if shape.field == "images:caption":
        return tuple(replace(one, caption=captions.get(one.src, one.caption)) for one in pictures)
    return tuple(replace(one, alt=alts.get(one.src, one.alt)) for one in pictures)


def _place(found: Sequence[Any], source: Sequence[Any], at: int) -> int:
    """Where a part belongs among others: behind that which stands before it in its source."""
    for one in reversed(source[:at]):
        if one in found:
            return found.index(one) + 1
    return min(at, len(found))


def _with_item(shape: Shape, old: Article, new: Article) -> Article:
    ours, theirs = list(getattr(old, shape.field)), list(getattr(new, shape.field))
    if shape.what == "removed":
        names = _items(old, shape.field)
        if shape.text in names:
            del ours[names.index(shape.text)]
    else:
        names = _items(new, shape.field)
        at = names.index(shape.text) if shape.text in names else None
        if at is not None:
            ours.insert(_place(ours, theirs, at), theirs[at])
    given: Any = {shape.field: tuple(ours)}
    return replace(old, **given)


def _with_affix(shape: Shape, old: Article, new: Article) -> Article:
    value = getattr(old, shape.field)
    if shape.field in _SCALARS:
        texts = [_affixed(shape, value)] if _bears(shape, value or "", getattr(new, shape.field) or "") else [value]
        given: Any = {shape.field: texts[0]}
        return replace(old, **given)
    texts = _items(old, shape.field)
    for at, before, after in _pairs(old, new, shape.field):
        if _bears(shape, before, after):
            texts[at] = _affixed(shape, before)
    if shape.field == "body":
        return replace(old, body=tuple(replace(one, text=text) for one, text in zip(old.body, texts, strict=True)))
    return replace(old, subtitles=tuple(texts))


def shows(shape: Shape, old: Article, new: Article) -> bool:
    """Say whether words came or went before or behind a text, as a shape says, though the text was edited too."""
    if not shape.what.endswith("-with"):
        return False
    if shape.field in _SCALARS:
        return _bears(shape, getattr(old, shape.field) or "", getattr(new, shape.field) or "")
    return any(_bears(shape, before, after) for _, before, after in _pairs(old, new, shape.field))


def _pairs(old: Article, new: Article, name: str) -> Iterator[tuple[int, str, str]]:
    """Give each text that was edited, with its place in the old state."""
    for step in _steps(_items(old, name), _items(new, name)):
        if step.op == "replace":
            yield step.old_index or 0, step.old or "", step.new or ""


def _bears(shape: Shape, before: str, after: str) -> bool:
    """Whether the words of a shape stand before or behind one of two texts and not the other."""
    long, short = (before, after) if shape.what.startswith("not-") else (after, before)
    stands = str.startswith if "begun" in shape.what else str.endswith
    return bool(short) and stands(long, shape.text) and not stands(short, shape.text)


def _affixed(shape: Shape, text: str) -> str:
    match shape.what:
        case "begun-with":
            return shape.text + text
        case "ended-with":
            return text + shape.text
        case "not-begun-with":
            return text.removeprefix(shape.text)
    return text.removesuffix(shape.text)


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
    return not (article.body or article.images or article.attachments)
