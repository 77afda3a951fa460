"""What changed between two articles, named from a closed list and weighed.

A label names what changed and nothing else. The weight is the heaviest of its parts: ``substance`` when what is
asserted changes, ``wording`` when the same is said otherwise, ``cosmetic`` when the words and their order are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from diffing import align, disclosure, facts, fields, members, passages, scales
from diffing.blocks import compare_blocks
from diffing.finding import Finding
from diffing.forms import plain, squeezed
from diffing.tally import SUBSTANCE, WORDING, Tally
from storage.records import (
    LABELS,
    WEIGHTS,
    ZIP_TYPE,
    Article,
    Attachment,
    Block,
    Comparison,
    DocumentChange,
    Fact,
    FieldChange,
    Signals,
    Weight,
    with_body,
)

_WHERE = {
    "title": "title", "subtitles": "subtitle", "source": "source", "source_code": "source", "published": "date",
    "author": "byline", "licence": "licence", "url": "link", "section": "link",
}  # fmt: skip

Texts = Callable[[str], Sequence[Block] | None]
"""What files say, by digest."""


def unread(_: str) -> None:
    """Know of no file what it says."""


def compare(
    old: Article, new: Article, signals: tuple[Signals, Signals] | None = None, texts: Texts = unread
) -> Comparison:
    """Compare two articles read by the same extractor.

    Args:
        old: the state last seen.
        new: the state first seen after it.
        signals: what the publisher said of either state beside the page, where that is known.
        texts: gives what a file says by the hex SHA-256 of its bytes, None where its text was not read.

    Returns:
        The fields that differ with their steps, the facts in reading order (title, subtitles, body, then the rest), the
        labels in the order of ``storage.records.LABELS``, the weight and the disclosure. Of two equal articles an empty
        comparison. ``revert`` is not among the labels: it takes more than two versions.
    """
    tally = Tally()
    # A document that one side did not read is not a difference.
    old, new = with_body(old, new), with_body(new, old)
    small = fields.compare(old, new)
    named = {change.field for change in small}
    for name in ("title", "subtitles"):
        if name in named:
            _tally_small(tally, name, old, new)
    body = _compare_body(tally, old, new)
    files = fields.attachment_pairs(old, new)
    documents = list(_compare_documents(tally, old, new, files, texts))
    for name in fields.ORDER:
        if name == "attachments" and name in named:
            _tally_attachments(tally, old, new, files, {one.file_id_new for one in documents})
        elif name in named - {"title", "subtitles"}:
            _tally_small(tally, name, old, new)
    changes = [*small, *body]
    if not changes:
        return Comparison()
    verdict, reasons = disclosure.judge(old, new, signals, list(_file_words(old, new, files, documents, texts)))
    return Comparison(
        fields=tuple(sorted(changes, key=lambda change: fields.ORDER.index(change.field))),
        facts=tuple(scales.replaced(tally.facts)),
        labels=tuple(label for label in LABELS if label in tally.labels),
        weight=WEIGHTS[tally.weight],
        disclosure=verdict,
        reasons=reasons,
        documents=tuple(documents),
    )


def _tally_small(tally: Tally, name: str, old: Article, new: Article) -> None:
    """Name what differs in one small field."""
    if name == "images":
        _tally_images(tally, old, new)
    elif name == "subtitles":
        _tally_subtitles(tally, old, new)
    elif name == "title":
        tally.add("title", passages.compare(old.title, new.title))
    elif name in {"source", "author"}:
        tally.add(_WHERE[name], _attribution(getattr(old, name), getattr(new, name)))
    elif name == "published":
        was, now = old.published, new.published
        tally.add("date", Finding({"date-value"}, [Fact("date-value", was, now, was, now)] if was and now else []))
    elif name == "links":
        tally.note("link", fields.link_weight(old, new) or "cosmetic")
    else:
        tally.note(_WHERE[name], "substance" if name == "licence" else "cosmetic")


def _tally_subtitles(tally: Tally, old: Article, new: Article) -> None:
    ours, theirs = old.subtitles, new.subtitles
    found = align.aligned(ours, theirs)
    for match in found.matches:
        one, other = " ".join(ours[i] for i in match.old), " ".join(theirs[j] for j in match.new)
        if one != other:
            tally.add("subtitle", passages.compare(one, other))
        if match.moved:
            tally.note("subtitle", "wording")
    gone, come = found.unmatched(len(ours), len(theirs))
    for lines, beside in (([ours[i] for i in gone], new), ([theirs[j] for j in come], old)):
        said = squeezed(plain("\n".join([_headlines(beside), *(block.text for block in beside.body)]))) if lines else ""
        for line in lines:
            tally.add("subtitle", Finding({"wording"}, said=squeezed(plain(line)) not in said))
    tally.note("subtitle", "cosmetic")


def _headlines(article: Article) -> str:
    return "\n".join((article.title, *article.subtitles))


def _attribution(old: str | None, new: str | None) -> Finding:
    """Name a changed source or author: a name, unless only its spelling differs."""
    finding = passages.compare(old or "", new or "")
    if finding.labels <= {"spacing", "punctuation", "unicode-form"}:
        return finding
    return Finding({"name"}, [facts.name_fact(old, new)] if old and new else [])


def _tally_images(tally: Tally, old: Article, new: Article) -> None:
    pairs = fields.image_pairs(old, new)
    for i, j in pairs:
        one, other = old.images[i], new.images[j]
        if one.caption != other.caption:
            tally.add("caption", passages.compare(one.caption or "", other.caption or ""))
        if fields.other_picture(one, other) or (one.src != other.src and not fields.same_picture(one, other)):
            tally.note("image", "substance")
        elif one.src != other.src:
            tally.note("image", "cosmetic")  # The same bytes elsewhere.
        if one.alt != other.alt:
            finding = passages.compare(one.alt, other.alt)
            worded: Weight = "wording" if finding.labels & WORDING else "cosmetic"
            tally.note("image", "substance" if finding.labels & SUBSTANCE or finding.said else worded)
    if len(pairs) < max(len(old.images), len(new.images)):
        tally.note("image", "substance")
    elif sorted(pairs, key=lambda pair: pair[1]) != pairs:
        tally.note("image", "wording")


def _tally_attachments(
    tally: Tally, old: Article, new: Article, pairs: Sequence[tuple[int, int]], compared: set[str]
) -> None:
    """Weigh what happened to attachments: other words in a file are substance, another name or file id is less.

    ``compared`` are the new file ids of the files whose texts were compared: what differs in these was weighed there.
    """
    tally.note(
        "attachment", "substance" if len(pairs) < max(len(old.attachments), len(new.attachments)) else "cosmetic"
    )
    for i, j in pairs:
        one, other = old.attachments[i], new.attachments[j]
        if not fields.same_file(one, other) and other.file_id not in compared:
            tally.note("attachment", "substance")
        elif squeezed(plain(one.name)) != squeezed(plain(other.name)):
            tally.note("attachment", "wording")


def _compare_documents(
    tally: Tally, old: Article, new: Article, pairs: Sequence[tuple[int, int]], texts: Texts
) -> Iterator[DocumentChange]:
    """Compare what the files say whose bytes differ and whose texts were read, pair by pair."""
    for one, other, said, says in _replaced(old, new, pairs, texts):
        if one.media_type == other.media_type == ZIP_TYPE:
            yield from members.compare(tally, (one, other), said, says)
        else:
            steps = (step for step in compare_blocks(tally, said, says, "attachment") if step.op != "keep")
            yield DocumentChange(one.file_id, other.file_id, one.name, other.name, tuple(steps))


def _replaced(
    old: Article, new: Article, pairs: Sequence[tuple[int, int]], texts: Texts
) -> Iterator[tuple[Attachment, Attachment, Sequence[Block], Sequence[Block]]]:
    """Give the files in whose place others stand, with these, and what both say, where their texts were read."""
    for i, j in pairs:
        one, other = old.attachments[i], new.attachments[j]
        if one.sha256 is None or other.sha256 is None or one.sha256 == other.sha256:
            continue
        said, says = texts(one.sha256), texts(other.sha256)
        if said is not None and says is not None:
            yield one, other, said, says


def _file_words(
    old: Article, new: Article, pairs: Sequence[tuple[int, int]], documents: Sequence[DocumentChange], texts: Texts
) -> Iterator[disclosure.FileWords]:
    """Give what went from the files that were compared and what came, and all that a file or member says that came."""
    lists = set()
    for one, other, before, after in _replaced(old, new, pairs, texts):
        if one.media_type == other.media_type == ZIP_TYPE:
            lists.add((other.file_id, other.name))
            yield disclosure.FileWords(other.name, [], [], members.names(before), members.names(after))
            for came in members.came(before, after):
                yield disclosure.FileWords(f"{other.name}/{came.name}", [], [block.text for block in came.blocks])
    for change in documents:
        if (change.file_id_new, change.name_new) not in lists:
            steps = [step for step in change.ops if step.op != "move"]
            gone, come = [step.old or "" for step in steps], [step.new or "" for step in steps]
            yield disclosure.FileWords(change.name_new, gone, come)
    known = {j for _, j in pairs}
    for j, other in enumerate(new.attachments):
        if j not in known and other.sha256 is not None and (says := texts(other.sha256)) is not None:
            yield disclosure.FileWords(other.name, [], [block.text for block in says])


def _compare_body(tally: Tally, old: Article, new: Article) -> list[FieldChange]:
    """Give the body's steps, none when nothing differs."""
    beside = _headlines(old), _headlines(new)
    return [FieldChange("body", steps)] if (steps := compare_blocks(tally, old.body, new.body, "body", beside)) else []
