"""The record's small fields: title, subtitles, date, source, images, attachments ...

deepdiff finds which fields and which items differ; its answer is turned into our own changes here and goes no further.
Images are known by address, attachments by file id, and one that was replaced is paired with its successor by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from diffing import align, words
from diffing.align import Alignment
from diffing.chain import heaviest_chain
from diffing.forms import plain, squeezed
from diffing.gaps import Match
from storage.records import WORD_TYPES, Article, Attachment, FieldChange, Image, Link, Op, Weight, to_the_time

Item = TypeVar("Item")

_PICTURE = "\0"
"""Stands for the words of a link that has none."""
SCALARS = ("title", "source", "source_code", "published", "author", "licence", "url", "section")
ORDER = (
    "title", "subtitles", "body", "source", "source_code", "published", "author",
    "images", "attachments", "links", "licence", "url", "section",
)  # fmt: skip
"""Every field that a change can name, in the order in which they are printed."""


def compare(old: Article, new: Article) -> list[FieldChange]:
    """Give the small fields that differ, each with its steps; the body is not looked at.

    Images are written as address, alternative text and caption, and SHA-256 where the picture at one address is
    another; attachments as name, file id and SHA-256; links as words and address; tabs between. A digest that one side
    did not read is not a difference.
    """
    one, other = record(old, new), record(new, old)
    if one == other:
        return []
    # As long to load as all the rest, and most edits are of the body.
    from deepdiff import DeepDiff

    touched = set(DeepDiff(one, other).affected_root_keys)
    changes = []
    for field in ORDER:
        if field not in touched:
            continue
        if field in SCALARS:
            changes.append(FieldChange(field, (_scalar_op(getattr(old, field), getattr(new, field)),)))
        elif field == "subtitles":
            changes.append(FieldChange(field, tuple(align.ops(old.subtitles, new.subtitles))))
        else:
            lines = list(one[field].values()), list(other[field].values())
            pairs = _PAIRS[field](old, new)
            changes.append(FieldChange(field, tuple(_list_ops(*lines, pairs))))
    return changes


def record(article: Article, beside: Article) -> dict[str, Any]:
    """Give the small fields as plain data, items keyed by identity and place, digests completed from ``beside``."""
    return {
        **{field: getattr(article, field) for field in SCALARS},
        "published": to_the_time(article.published, beside.published),
        "subtitles": list(article.subtitles),
        "images": {
            f"{place} {one.src}": line
            for place, (one, line) in enumerate(zip(article.images, _image_lines(article, beside), strict=True))
        },
        "attachments": {
            f"{place} {one.file_id}": line
            for place, (one, line) in enumerate(
                zip(article.attachments, _attachment_lines(article, beside), strict=True)
            )
        },
        # Where they only came or went with their words, these tell it.
        "links": {
            f"{place} {one.text}": f"{one.text}\t{one.address}"
            for place, one in enumerate(article.links if link_weight(article, beside) else ())
        },
    }


def image_pairs(old: Article, new: Article) -> list[tuple[int, int]]:
    """Pair images by address, by digest, by caption or alternative text, then one left over with one left over."""
    pairs = paired(old.images, new.images, lambda one: one.src, lambda one: one.sha256 or "", _image_words)
    return _last_pair(pairs, range(len(old.images)), range(len(new.images)))


def attachment_pairs(old: Article, new: Article) -> list[tuple[int, int]]:
    """Pair attachments by file id and name, by name and digest, by either alone, then those left over.

    Of these, one that a word processor wrote is paired with one of the same name in another format, and then one of a
    type with one of its type.
    """
    sides = (old.attachments, new.attachments)
    pairs = paired(
        *sides,
        lambda one: f"{one.file_id}\t{one.name}",
        lambda one: f"{one.sha256}\t{one.name}" if one.sha256 else "",
        lambda one: one.file_id,
        lambda one: one.sha256 or "",
        lambda one: squeezed(plain(one.name)),
        _stem,
    )
    endings = [ending_of(one.name) for one in old.attachments], [ending_of(one.name) for one in new.attachments]
    return sorted(pairs + left_by_ending(*endings, pairs))


def link_pairs(old: Article, new: Article) -> list[tuple[int, int]]:
    """Pair links by words and address, then by words: several may say 바로가기."""
    return sorted(paired(old.links, new.links, lambda one: f"{_link_words(one)}\t{one.address}", _link_words))


def link_weight(old: Article, new: Article) -> Weight | None:
    """Weigh what became of the links of words that stayed, None where nothing did.

    It is ``substance`` where one leads elsewhere, ``wording`` where words lead somewhere on one side alone, and
    ``cosmetic`` where an address only has https for http.
    """
    if old.links == new.links:
        return None
    pairs = link_pairs(old, new)
    led = [(old.links[i].address, new.links[j].address) for i, j in pairs]
    if any(_place(one) != _place(other) for one, other in led):
        return "substance"
    taken = {i for i, _ in pairs}, {j for _, j in pairs}
    for side, beside, known in ((old, new, taken[0]), (new, old, taken[1])):
        alone = {_link_words(one) for at, one in enumerate(side.links) if at not in known}
        if alone and _stand_free(alone, beside):
            return "wording"
    # Whatever differs is told, by its words where they came or went.
    told_by_words = (old.body, old.images) != (new.body, new.images)
    return None if told_by_words and all(one == other for one, other in led) else "cosmetic"


def _link_words(link: Link) -> str:
    """Give what links are paired by; those around pictures, which say nothing, in turn."""
    return squeezed(plain(link.text)) or _PICTURE


def _stand_free(which: Iterable[str], article: Article) -> bool:
    """Whether any of these words stand in a body oftener than they lead somewhere there."""
    said = squeezed(plain("".join(block.text for block in article.body)))
    led = Counter(map(_link_words, article.links))
    return any(said.count(words) > led[words] for words in which)


def _place(address: str) -> str:
    return _schemeless(address).rstrip("/")


def _schemeless(address: str) -> str:
    return address.removeprefix("http:").removeprefix("https:")


_PAIRS: Mapping[str, Callable[[Article, Article], list[tuple[int, int]]]] = {
    "images": image_pairs, "attachments": attachment_pairs, "links": link_pairs,
}  # fmt: skip


def same_file(old: Attachment, new: Attachment) -> bool:
    """Tell whether nothing shows that two attachments differ in words: same bytes, same text, or one of them unread."""
    if old.sha256 is None or new.sha256 is None or old.sha256 == new.sha256:
        return True
    return old.text_sha256 is not None and old.text_sha256 == new.text_sha256


def left_by_ending(old: Sequence[str], new: Sequence[str], pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pair the one file of a type that is in no pair with the one of its type, by the endings of their names."""
    left: list[dict[str, int]] = [{}, {}]
    for at, endings in enumerate((old, new)):
        taken = {pair[at] for pair in pairs}
        for k, ending in enumerate(endings):
            if ending and k not in taken:
                left[at][ending] = -1 if ending in left[at] else k
    ours, theirs = left
    return [(i, theirs[ending]) for ending, i in ours.items() if min(i, theirs.get(ending, -1)) >= 0]


def _stem(attachment: Attachment) -> str:
    """Give the name of what a word processor wrote without its ending: it may be offered in another format next."""
    return squeezed(plain(attachment.name.rpartition(".")[0])) if attachment.media_type in WORD_TYPES else ""


def ending_of(name: str) -> str:
    """Give what a file's name ends in, in small letters; empty where it has no ending."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _image_words(image: Image) -> str:
    return squeezed(plain(image.caption or image.alt))


def paired(old: Sequence[Item], new: Sequence[Item], *keys: Callable[[Item], str]) -> list[tuple[int, int]]:
    """Pair items by the first key, those left over by the next, and so on."""
    pairs: list[tuple[int, int]] = []
    for key in keys:
        taken_old, taken_new = {i for i, _ in pairs}, {j for _, j in pairs}
        pairs += _by_key(
            ["" if i in taken_old else key(one) for i, one in enumerate(old)],
            ["" if j in taken_new else key(one) for j, one in enumerate(new)],
        )
    return pairs


def _by_key(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Pair equal keys, the first with the first; empty keys are no keys."""
    numbered_old, numbered_new = _numbered(old), _numbered(new)
    places = {key: place for place, key in enumerate(numbered_new) if key[0]}
    return [(place, places[key]) for place, key in enumerate(numbered_old) if key in places]


def _numbered(keys: Sequence[str]) -> list[tuple[str, int]]:
    seen: Counter[str] = Counter()
    numbered = []
    for key in keys:
        numbered.append((key, seen[key]))
        seen[key] += 1
    return numbered


def _last_pair(pairs: list[tuple[int, int]], old: Iterable[int], new: Iterable[int]) -> list[tuple[int, int]]:
    """Add the pair of the one old place and the one new place that are left, where there is one on each side."""
    left_old = sorted(set(old) - {i for i, _ in pairs})
    left_new = sorted(set(new) - {j for _, j in pairs})
    if len(left_old) == len(left_new) == 1:
        pairs = [*pairs, (left_old[0], left_new[0])]
    return sorted(pairs)


def other_picture(old: Image, new: Image) -> bool:
    """Tell whether other bytes stand at one address, as far as both sides were read."""
    return old.src == new.src and None not in {old.sha256, new.sha256} and old.sha256 != new.sha256


def same_picture(old: Image, new: Image) -> bool:
    """Tell whether the same bytes stand at both addresses, or these differ in http and https alone."""
    if old.sha256 is not None and new.sha256 is not None:
        return old.sha256 == new.sha256
    return _schemeless(old.src) == _schemeless(new.src)


def _image_lines(article: Article, beside: Article) -> Iterator[str]:
    known: dict[str, set[str | None]] = {}
    for one in beside.images:
        known.setdefault(one.src, set()).add(one.sha256)
    for one in article.images:
        swapped = one.sha256 is not None and bool(known.get(one.src, set()) - {None, one.sha256})
        yield "\t".join([one.src, one.alt, one.caption or "", *([f"sha256:{one.sha256}"] if swapped else [])])


def _attachment_lines(article: Article, beside: Article) -> Iterator[str]:
    known = {one.file_id: one.sha256 for one in reversed(beside.attachments)}
    for one in article.attachments:
        digest = one.sha256 or known.get(one.file_id)
        yield "\t".join([one.name, one.file_id, f"sha256:{digest}" if digest else ""])


def _scalar_op(old: str | None, new: str | None) -> Op:
    marked = words.diff(old or "", new or "")
    if old is None:
        return Op("insert", None, new, marked, new_index=0)
    if new is None:
        return Op("delete", old, None, marked, old_index=0)
    return Op("replace", old, new, marked, old_index=0, new_index=0)


def _list_ops(old: Sequence[str], new: Sequence[str], pairs: Sequence[tuple[int, int]]) -> list[Op]:
    stays = set(heaviest_chain((i, j, 1.0) for i, j in pairs))
    return align.ops(old, new, Alignment([], [Match((i,), (j,), moved=(i, j) not in stays) for i, j in pairs]))
