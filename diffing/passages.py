"""What differs between two forms of one passage: labels, facts, and whether something is said or no longer said.

Sentences are paired first, then the tokens of paired sentences; each stretch of differing tokens is named by what it
holds and by nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from diffing import (
    align,
    clauses,
    counterparts,
    credited,
    facts,
    foreigners,
    lists,
    order,
    parties,
    pointing,
    sentences,
    shorthand,
    spaces,
    speakers,
    stretches,
)
from diffing.anchors import anchored
from diffing.endings import stem
from diffing.finding import Finding
from diffing.forms import differs_in_form, plain, reprinted, squeezed
from diffing.likeness import alike, features
from diffing.quoted import Quotations
from diffing.stretches import Stretch, Verdict
from diffing.subsequence import LARGEST_TABLE, numbered
from diffing.tokens import Token, dated_alike, named_alike, named_by_shape, read

REWRITTEN = 0.2
"""Likeness (0 to 1) below which two sentences have only their place in common: one was replaced by the other."""

NEXT = 4
"""Tokens behind a stretch in which it can be seen what its words are to the sentence."""

SENTENCE = 4
"""Words, names and figures from which it can be told that all were replaced; ``<자료: 국토연구원>`` names one."""

RECAST = 0.6
"""Likeness below which so much of a sentence is other words that other 조사 are not named beside them."""

ELSEWHERE = 0.5
"""A clause only moved within its sentence when at least this share of its content words stands in the other form."""

MORE_SAID = 1.4
"""A sentence told in other words says more when it has over this many times the tokens of the other form."""


def compare(old: str, new: str, whole: Callable[[], tuple[str, str]] = lambda: ("", "")) -> Finding:
    """Name what differs between two texts that stand for one another.

    ``whole`` gives both bodies that the texts are parts of, without white space: a sentence that is gone here and
    stands elsewhere in the new body only moved.
    """
    if old == new:
        return Finding()
    found = _as_printed(_compared(old, new, whole), old, new)
    # whatever differs has a name
    return found if found.labels else replace(found, labels={"wording"})


def _as_printed(found: Finding, old: str, new: str) -> Finding:
    """Have facts say what the texts print, for they were read in the plain spelling of both."""
    if not found.facts or (plain(old) == old and plain(new) == new):
        return found
    ours = reprinted([one.old for one in found.facts], old)
    theirs = reprinted([one.new for one in found.facts], new)
    both = zip(found.facts, ours, theirs, strict=True)
    return replace(found, facts=[replace(fact, old=one, new=other) for fact, one, other in both])


def _compared(old: str, new: str, whole: Callable[[], tuple[str, str]]) -> Finding:
    one, other = plain(old), plain(new)
    if one == other:
        return Finding({"unicode-form"})
    found = Finding({"unicode-form"} if differs_in_form(old, new) else set(), asked=one.count("?") != other.count("?"))
    if squeezed(one) == squeezed(other):
        found.labels.add("spacing")
        return found
    one, other, wider = spaces.narrowed(one, other)
    one, other, starred = pointing.unstarred(one, other)
    one, other, titled = pointing.titled_alike(one, other)
    found.labels |= wider | starred | titled
    old_quoted, new_quoted = Quotations(one), Quotations(other)
    old_parts, new_parts = sentences.cut(one, old_quoted), sentences.cut(other, new_quoted)
    if len(old_parts) == len(new_parts) == 1 or not old_parts or not new_parts:
        found.add(_pair(read(one), read(other)))
        return found
    alignment = align.aligned([text for _, text in old_parts], [text for _, text in new_parts])
    for match in alignment.matches:
        old_span, new_span = sentences.span(old_parts, match.old), sentences.span(new_parts, match.new)
        if one[slice(*old_span)] != other[slice(*new_span)]:
            found.add(_pair(_within(one, old_span, old_quoted), _within(other, new_span, new_quoted)))
        if match.moved:
            found.labels.add("wording")
    if _spaced_otherwise(alignment, sentences.between(one, old_parts), sentences.between(other, new_parts)):
        found.labels.add("spacing")
    gone, come = alignment.unmatched(len(old_parts), len(new_parts))
    pairs, gone, come = credited.paired(gone, come, old_parts, new_parts)
    found.add(_each([(read(old_parts[i][1]), read(new_parts[j][1])) for i, j in pairs]))
    letters = squeezed(one), squeezed(other)
    for start, sentence in [old_parts[i] for i in gone]:
        found.add(_alone(sentence, letters[1], lambda: whole()[1], quoted=bool(old_quoted.over(start, start + 1))))
    for start, sentence in [new_parts[j] for j in come]:
        finding = _alone(sentence, letters[0], lambda: whole()[0], quoted=bool(new_quoted.over(start, start + 1)))
        found.add(replace(finding, gone=[], come=finding.gone))
    return found


def _each(pairs: Sequence[tuple[Sequence[Token], Sequence[Token]]]) -> Finding:
    found = Finding()
    for old, new in pairs:
        found.add(_pair(old, new))
    return found


def _alone(sentence: str, beside: str, body: Callable[[], str], *, quoted: bool) -> Finding:
    """Name a sentence that is gone from one side; ``beside`` and ``body`` are what the other side says, squeezed."""
    finding = lone_sentence(sentence, beside)
    if finding.said and len(sentence) >= counterparts.OWN_WORDS:
        finding = lone_sentence(sentence, body())
    if finding.said:
        finding.gone.append(sentence)
        finding.labels = {"quote"} if quoted else finding.labels
    return finding


def _spaced_otherwise(alignment: align.Alignment, old: Sequence[str], new: Sequence[str]) -> bool:
    """Tell whether the space between two sentences that stayed neighbours differs."""
    stayed = [(one.old, one.new) for one in alignment.matches if not one.moved]
    pairs = sorted([*(((i,), (j,)) for i, j in alignment.kept), *stayed])
    return any(
        i[0] == before[-1] + 1 and j[0] == behind[-1] + 1 and old[i[0]] != new[j[0]]
        for (before, behind), (i, j) in pairwise(pairs)
    )


def _within(text: str, span: tuple[int, int], quoted: Quotations) -> list[Token]:
    """Read one sentence of a text, knowing what of it stands in quotation marks that open or close elsewhere."""
    start, end = span
    return read(text[start:end], [(low - start, high - start) for low, high in quoted.over(start, end)])


def lone_sentence(sentence: str, elsewhere: str) -> Finding:
    """Name a sentence that came or went; one that the other side (squeezed) still says is only out of place."""
    if not re.search(r"\w", sentence):
        return Finding({"punctuation"})
    return Finding({"wording"}, said=squeezed(sentence) not in elsewhere)


def _pair(old: Sequence[Token], new: Sequence[Token]) -> Finding:
    """Compare the tokens of two sentences that stand for one another."""
    if min(map(_content, (old, new))) >= SENTENCE and _likeness(old, new) < REWRITTEN:
        return Finding({"wording"}, said=True)
    old, new = shorthand.spelled_alike(*dated_alike(*named_alike(old, new)))
    for in_order in (order.in_place, lists.relisted, order.reordered):
        if (told := in_order(old, new)) is not None:
            return told
    found = Finding()
    left_old: list[Token] = []
    left_new: list[Token] = []
    judged: list[tuple[Sequence[Token], Sequence[Token]]] = []
    reverse = opened = False
    reports = cache(lambda: (speakers.reports(old), speakers.reports(new)))
    for stretch in _stretches(old, new, _blocks(old, new)):
        if stretch.equal:
            found.labels |= order.same_but_printed(stretch.old, stretch.new)
            continue
        if opened and stretches.closes(stretch):
            continue
        opened = stretches.opens(stretch)
        ours, theirs = parties.named(*named_by_shape(stretch.old, stretch.new, stretch.before, stretch.after), old)
        ours, theirs = foreigners.named(ours, theirs, old, new)
        stretch = replace(stretch, old=ours, new=theirs)  # noqa: PLW2901 - the same stretch, its names read
        verdict = stretches.judge(stretch)
        unnamed = speakers.is_speaker(old, new, stretch)
        speaks = unnamed or ("name" in verdict.labels and speakers.is_reported(stretch, reports()))
        said = unnamed or ((verdict.said or verdict.more) and not _said_elsewhere(stretch, verdict, old, new))
        found.add(Finding(verdict.labels | ({"quote"} if speaks else set()), verdict.facts, said))
        judged.append((ours, theirs))
        reverse |= verdict.reverse or ("wording" in verdict.labels and clauses.fills_in(old, ours, theirs))
        left_old += verdict.left_old
        left_new += verdict.left_new
    for one, other in (returned := order.returned(old, new)):
        found.add(Finding(*facts.replaced(one, other)))
    held = {id(token) for pair in returned for token in pair}
    found.add(_left_over(*([one for one in side if id(one) not in held] for side in (left_old, left_new))))
    _settle(found, judged, old, new)
    found.said |= reverse
    if order.exchanged(old, new):
        # 남자와 여자가 각각 3명과 5명이다: the 조사 only followed their words
        found.labels = {"wording" if one == "particle" else one for one in found.labels}
        found.said = True
    return order.only_places(found) if order.carried(old, new) else found


def _settle(
    found: Finding,
    judged: Sequence[tuple[Sequence[Token], Sequence[Token]]],
    old: Sequence[Token],
    new: Sequence[Token],
) -> None:
    """Take back what was named of one stretch and is seen otherwise beside all others."""
    if _only_moved(judged):
        # a word beside a name that only moved stands in no name's place
        named = tuple(one.text for sides in judged for side in sides for one in side if one.kind == "name")
        found.facts = [
            one
            for one in found.facts
            if one.kind != "name" or (one.old.startswith(named) and one.new.startswith(named))
        ]
        if not any(one.kind == "name" for one in found.facts):
            found.labels = found.labels - {"name"} | {"wording"}
        marks = [Counter(one.text for sides in judged for one in sides[k] if one.kind == "mark") for k in (0, 1)]
        if marks[0] == marks[1]:
            found.labels.discard("punctuation")  # the ▲ before each went along
    if "wording" in found.labels and any(pointing.says_span(*sides) for sides in judged):
        found.labels.discard("particle")  # the 까지 of 부터 and 까지
    if "wording" in found.labels and _likeness(old, new) < RECAST:
        found.labels.discard("particle")
        # a clause that went here came back there in other words, unless one side is much the longer
        found.said &= max(len(old), len(new)) > MORE_SAID * min(len(old), len(new))


def _blocks(old: Sequence[Token], new: Sequence[Token]) -> list[tuple[bool, int, int, int, int]]:
    """Give equal and differing runs of tokens: along a longest common subsequence, of huge sentences along anchors."""
    ours, theirs = numbered([token.key for token in old], [token.key for token in new])
    if len(ours) * len(theirs) <= LARGEST_TABLE:
        return [
            (block.tag == "equal", block.src_start, block.src_end, block.dest_start, block.dest_end)
            for block in LCSseq.opcodes(ours, theirs)
        ]
    kept, _, _ = anchored([str(number) for number in ours], [str(number) for number in theirs])
    blocks: list[tuple[bool, int, int, int, int]] = []
    at = (0, 0)
    for i, j in [*sorted(kept), (len(ours), len(theirs))]:
        if (i, j) != at:
            blocks.append((False, at[0], i, at[1], j))
        if i < len(ours):
            blocks.append((True, i, i + 1, j, j + 1))
        at = (i + 1, j + 1)
    return blocks


def _said_elsewhere(stretch: Stretch, verdict: Verdict, old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether words that came or went without a counterpart stand elsewhere in the other form of the sentence."""
    if stretch.old and stretch.new and not verdict.more:
        return False
    here, there = (stretch.old, new) if len(stretch.old) > len(stretch.new) else (stretch.new, old)
    content = [stem(token.text) for token in here if token.kind in {"word", "name"}]
    others = {stem(token.text) for token in there}
    return bool(content) and sum(one in others for one in content) >= ELSEWHERE * len(content)


def _content(tokens: Sequence[Token]) -> int:
    """Count what is no mark and no 조사."""
    return sum(one.kind not in {"mark", "quote-mark", "tail"} for one in tokens)


def _likeness(old: Sequence[Token], new: Sequence[Token]) -> float:
    return alike(features(" ".join(t.text for t in old)), features(" ".join(t.text for t in new)))


def _stretches(
    old: Sequence[Token], new: Sequence[Token], blocks: Sequence[tuple[bool, int, int, int, int]]
) -> list[Stretch]:
    """Join neighbouring deletions and insertions, and give each stretch the word before and after it."""
    joined: list[list[int | bool]] = []
    for equal, *bounds in blocks:
        if joined and not equal and not joined[-1][0]:
            joined[-1][2], joined[-1][4] = bounds[1], bounds[3]
        else:
            joined.append([equal, *bounds])
    return [
        Stretch(
            bool(equal),
            old[i1:i2],
            new[j1:j2],
            before=old[i1 - 1].text if i1 else "",
            after=old[i2].text if i2 < len(old) else "",
            behind=[one.text for one in old[i2 : i2 + NEXT]],
        )
        for equal, i1, i2, j1, j2 in joined
    ]


def _only_moved(stretches: Sequence[tuple[Sequence[Token], Sequence[Token]]]) -> bool:
    """Tell whether all names that went without another in their place came back elsewhere."""
    lone: tuple[Counter[Hashable], Counter[Hashable]] = (Counter(), Counter())
    for sides in stretches:
        names = [[one.key for one in side if one.kind == "name"] for side in sides]
        if not all(names):
            lone[0].update(names[0])
            lone[1].update(names[1])
    return bool(lone[0]) and lone[0] == lone[1]


def _left_over(old: Sequence[Token], new: Sequence[Token]) -> Finding:
    """Pair figures that lost their partner to another stretch; those that only changed places are wording."""
    found = Finding()
    if {one.key for one in old} & {one.key for one in new}:
        found.labels.add("wording")
    pairs, alone = facts.paired(old, new)
    for one, other in pairs:
        labels, replaced = facts.replaced(one, other)
        found.add(Finding(labels, replaced))
    for one in alone:
        found.labels |= facts.labels_of(one)
    if found.labels - {"wording"} and any(one.quoted for one in (*old, *new)):
        found.labels.add("quote")
    return found
