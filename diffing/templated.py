"""What a template did to an article, done to its state before: what then still differs is the article's own change."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from typing import Any

from diffing.drift import SCALARS, Shape, as_now, items, readdressed, recast, renumbered, requoted, steps
from storage.records import Article, Block, Image


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
    if shape.what == "requoted":
        return requoted(old, new)
    if shape.what == "renumbered":
        return _with_names(shape, old, new)
    if shape.what in {"cut", "grown"}:
        source = before if shape.what == "grown" and before is not None else new
        kept = old.body[: len(new.body)]
        return replace(old, body=kept + source.body[len(kept) :] if shape.what == "grown" else kept)
    if shape.field.startswith("body:"):
        kinds = recast(old.body, new.body)
        if shape.what == "recast":
            mine = {
                at: now for at, now in kinds.items() if (f"body:{old.body[at].kind}", now) == (shape.field, shape.text)
            }
            return replace(old, body=as_now(old.body, mine))
        return replace(old, body=_kind_as_in(shape, old.body, (before or new).body, kinds.keys()))
    if shape.field.startswith("images:"):
        source = before if shape.what == "filled" and before is not None else new
        return replace(old, images=_pictures_as_in(shape, old.images, source.images))
    if shape.what in {"emptied", "filled", "supplanted", "given-back"}:
        source = before if shape.what in {"filled", "given-back"} and before is not None else new
        given: Any = {shape.field: getattr(source, shape.field)}
        made = replace(old, **given)
        return _with_lines(made, old, new) if shape.field == "subtitles" else made
    if shape.what in {"added", "removed"}:
        return _with_item(shape, old, new)
    return _with_affix(shape, old, new)


def _with_names(shape: Shape, old: Article, new: Article) -> Article:
    """Give the files, pictures or links of an article the numbers and addresses that they have now."""
    if shape.field == "links":
        now = {one.text: one for one in new.links}
        mine = {one for one, how in readdressed(old, new).items() if how == shape.text}
        return replace(old, links=tuple(now[one.text] if one in mine else one for one in old.links))
    names = renumbered(old, new, shape.field)
    return replace(
        old,
        attachments=tuple(replace(one, file_id=names.get(one.file_id, one.file_id)) for one in old.attachments),
        images=tuple(replace(one, src=names.get(one.src, one.src)) for one in old.images),
        body_file=names.get(old.body_file or "", old.body_file),
    )


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
    ahead = source[:at]
    for one in reversed(ahead):
        # The same paragraph may stand there twice; the last of those ahead is meant.
        if places := [place for place, other in enumerate(found, start=1) if other == one][: ahead.count(one)]:
            return places[-1]
    return min(at, len(found))


def _with_item(shape: Shape, old: Article, new: Article) -> Article:
    ours, theirs = list(getattr(old, shape.field)), list(getattr(new, shape.field))
    if shape.what == "removed":
        names = items(old, shape.field)
        if shape.text in names:
            del ours[names.index(shape.text)]
    else:
        names = items(new, shape.field)
        at = names.index(shape.text) if shape.text in names else None
        if at is not None:
            ours.insert(_place(ours, theirs, at), theirs[at])
    given: Any = {shape.field: tuple(ours)}
    return replace(old, **given)


def _with_affix(shape: Shape, old: Article, new: Article) -> Article:
    value = getattr(old, shape.field)
    if shape.field in SCALARS:
        texts = [_affixed(shape, value)] if _bears(shape, value or "", getattr(new, shape.field) or "") else [value]
        given: Any = {shape.field: texts[0]}
        return replace(old, **given)
    texts = items(old, shape.field)
    for at, before, after in _pairs(old, new, shape.field):
        if _bears(shape, before, after):
            texts[at] = _affixed(shape, before)
    if shape.field == "body":
        return replace(old, body=tuple(replace(one, text=text) for one, text in zip(old.body, texts, strict=True)))
    return replace(old, subtitles=tuple(texts))


def shows(shape: Shape, old: Article, new: Article) -> bool:
    """Say whether words came or went, as a shape says, though the text that they stand with was edited too."""
    if shape.what in {"added", "removed"}:
        had, has = (shape.text in items(side, shape.field) for side in (old, new))
        return (had, has) == ((False, True) if shape.what == "added" else (True, False))
    if not shape.what.endswith("-with"):
        return False
    if shape.field in SCALARS:
        return _bears(shape, getattr(old, shape.field) or "", getattr(new, shape.field) or "")
    return any(_bears(shape, before, after) for _, before, after in _pairs(old, new, shape.field))


def _pairs(old: Article, new: Article, name: str) -> Iterator[tuple[int, str, str]]:
    """Give each text that was edited, with its place in the old state."""
    for step in steps(items(old, name), items(new, name)):
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
