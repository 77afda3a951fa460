"""Scripted edits over the replica's articles, each label alone and several together.

Which article, which place and which edit come from one seed, so the set is the same wherever it is made. Articles at
odd places are the held-out half: the rules were never tuned on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import TypeVar

from benchmarks.gold import sources, speech, structure, style, values
from benchmarks.gold.edit import Edit, Editor, Pair, Replaced, heaviest
from storage.records import Article, Block, Weight

AnyEditor = TypeVar("AnyEditor")

SEED = 20240612

TEXT: Mapping[str, tuple[Editor, int]] = {
    "money": (values.money, 16), "foreign money": (values.foreign, 6), "percent": (values.percent, 12),
    "times": (values.times, 6), "quantity": (values.quantity, 14), "bound": (values.bound, 8), "cell": (values.cell, 6),
    "ordinal": (values.ordinal, 6), "lost sign": (values.lost_sign, 5), "lost point": (values.lost_point, 8),
    "day": (values.day, 12), "year": (values.year, 10), "hour": (values.hour, 8), "relative date": (values.relative, 8),
    "person": (values.person, 10), "ministry": (values.body, 10), "negation": (speech.negation, 16),
    "hedge": (speech.hedge, 18), "quoted word": (speech.quoted_word, 12), "speaker": (speech.speaker, 10),
    "lost marks": (speech.lost_marks, 8), "synonym": (style.synonym, 14), "typing error": (style.typing_error, 10),
    "sentence cut": (style.sentence_cut, 12), "sentence added": (style.sentence_added, 8),
    "particle": (style.particle, 12), "ending": (style.ending, 12), "spacing": (style.spacing, 12),
    "punctuation": (style.punctuation, 12), "decomposed": (style.decomposed, 6), "odd space": (style.odd_space, 6),
    "full width": (style.full_width, 6),
}  # fmt: skip
"""Editor and number of pairs of each kind of edit to a text."""

WHOLE: Mapping[str, tuple[structure.Editor, int]] = {
    "added": (structure.added, 10), "removed": (structure.removed, 12), "moved": (structure.moved, 12),
    "split": (structure.split, 10), "merged": (structure.merged, 10), "source": (structure.source, 4),
    "byline": (structure.byline, 4), "published": (structure.published, 4), "licence": (structure.licence, 4),
    "attachment renamed": (structure.attachment_renamed, 4), "attachment replaced": (structure.attachment_replaced, 4),
    "attachment added": (structure.attachment_added, 4), "image replaced": (structure.image_replaced, 4),
    "image added": (structure.image_added, 4), "address": (structure.address, 4),
}  # fmt: skip

TOGETHER = 120
"""Pairs that combine two to four edits."""


@dataclass
class Draft:
    """An article under the pen: what was done to it so far, and which blocks are still untouched."""

    article: Article
    touched: set[int]
    labels: frozenset[str] = frozenset()
    weights: tuple[Weight, ...] = ()
    facts: tuple[Replaced, ...] | None = ()
    unweighed: bool = False

    def note(self, labels: frozenset[str], weight: Weight | None, facts: tuple[Replaced, ...] | None) -> None:
        """Add what one edit did."""
        self.labels |= labels
        self.weights += (weight,) if weight else ()
        self.unweighed |= weight is None
        self.facts = None if facts is None or self.facts is None else self.facts + facts

    @property
    def weight(self) -> Weight | None:
        """The heaviest of the edits, None where an edit of unfixed weight could decide."""
        if not self.weights:
            return None
        found = heaviest(list(self.weights))
        return None if self.unweighed and found != "substance" else found


def edit_text(draft: Draft, editor: Editor, dice: Random) -> bool:
    """Apply a text edit to an untouched block, or to the title or a subtitle, and tell whether a place was found."""
    slots = [("body", k) for k in range(len(draft.article.body)) if k not in draft.touched]
    if "title" not in draft.labels and "subtitle" not in draft.labels:
        slots += [("title", 0)] + [("subtitle", k) for k in range(len(draft.article.subtitles))]
    dice.shuffle(slots)
    for where, k in slots:
        if where == "body":
            block = draft.article.body[k]
            text = block.text
        else:
            text = draft.article.title if where == "title" else draft.article.subtitles[k]
        edit = editor(text, dice)
        if edit is None or edit.text == text:
            continue
        _place(draft, where, k, edit)
        return True
    return False


def _place(draft: Draft, where: str, k: int, edit: Edit) -> None:
    article = draft.article
    label = where
    if where == "title":
        article = replace(article, title=edit.text)
    elif where == "subtitle":
        article = replace(article, subtitles=(*article.subtitles[:k], edit.text, *article.subtitles[k + 1 :]))
    else:
        block = article.body[k]
        label = "caption" if block.kind == "caption" else "body"
        article = replace(article, body=(*article.body[:k], Block(block.kind, edit.text), *article.body[k + 1 :]))
        if block.kind == "caption":
            article = replace(
                article,
                images=tuple(
                    replace(one, caption=edit.text) if one.caption == block.text else one for one in article.images
                ),
            )
        draft.touched |= {k - 1, k, k + 1}
    draft.article = article
    draft.note(edit.labels | {label}, edit.weight, edit.facts)


def edit_whole(draft: Draft, editor: structure.Editor, dice: Random) -> bool:
    """Apply an edit of paragraphs or fields, away from the blocks already touched."""
    free = [k for k in range(1, len(draft.article.body) - 1) if k not in draft.touched]
    change = editor(draft.article, free, dice)
    if change is None:
        return False
    draft.article, labels, weight, facts = change
    draft.note(labels, weight, facts)
    return True


def pairs() -> Iterator[Pair]:
    """Make the whole set, the same at every call."""
    stock = sources.articles()
    for name, (text_editor, count) in TEXT.items():
        yield from _alone(name, stock, count, edit_text, text_editor)
    for name, (whole_editor, count) in WHOLE.items():
        yield from _alone(name, stock, count, edit_whole, whole_editor)
    yield from _together(stock)


def _alone(
    name: str, stock: list[Article], count: int, edit: Callable[[Draft, AnyEditor, Random], bool], editor: AnyEditor
) -> Iterator[Pair]:
    """Make pairs with one kind of edit, as many in either half."""
    dice = Random(f"{SEED} {name}")
    order = list(range(len(stock)))
    made: dict[bool, int] = {False: 0, True: 0}
    for _ in range(6):
        dice.shuffle(order)
        for k in order:
            held_out = bool(k % 2)
            if made[held_out] * 2 >= count:
                continue
            draft = Draft(stock[k], set())
            if edit(draft, editor, dice):
                made[held_out] += 1
                yield _pair(f"{name} in {stock[k].article}", stock[k], draft, held_out=held_out)


def _together(stock: list[Article]) -> Iterator[Pair]:
    dice = Random(f"{SEED} together")
    for number in range(TOGETHER):
        k = number % len(stock)
        draft = Draft(stock[k], set())
        wanted = dice.sample(sorted(TEXT), dice.choice([2, 2, 3]))
        names = [name for name in wanted if edit_text(draft, TEXT[name][0], dice)]
        if dice.random() < 0.5:
            name = dice.choice(sorted(WHOLE))
            if edit_whole(draft, WHOLE[name][0], dice):
                names.append(name)
        if len(names) > 1:
            yield _pair(f"{' + '.join(names)} in {stock[k].article}", stock[k], draft, held_out=bool(k % 2))


def _pair(name: str, old: Article, draft: Draft, *, held_out: bool) -> Pair:
    return Pair(name, old, draft.article, draft.labels, draft.weight, draft.facts, held_out)
