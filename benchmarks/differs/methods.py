"""The differs: of each what it takes of a text, what it makes of two, and how its answer reads as runs.

Only the making is timed: a page for one differ, paragraphs for another and runs for marks are the benchmark's work.
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.differs.pairs import Run

Found = tuple[list[Run], int]
"""Runs, and how many moves were named."""


@dataclass(frozen=True)
class Method:
    """A differ: ``take`` makes of a text what it compares, ``make`` compares two, ``read`` reads what that gave."""

    make: Callable[[Any, Any], Any]
    take: Callable[[str], Any] = str
    read: Callable[[Any], Found] = lambda made: made


_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
"""``정부는``, `` ``, ``.``"""
_SENTENCE = re.compile(r"[^\n.!?]*[.!?]?\s*|\n")
"""``정부가 밝혔다. ``"""
_TAGGED = re.compile(r"<(?P<tag>ins|del)\b[^>]*>(?P<in>.*?)</(?P=tag)>", re.DOTALL)
"""``<ins class='wm-diff'>새 글</ins>``"""
_MARK = re.compile(r"<[^>]+>")
"""``</p>``"""
SIGNS = {0: "keep", 1: "insert", -1: "delete", "=": "keep", "+": "insert", "-": "delete"}


def gochim(old: list[str], new: list[str]) -> Any:
    """Paragraphs aligned, words marked."""
    from diffing import align
    from diffing.likeness import features

    features.cache_clear()  # what the round before remembered is no merit of this one
    return align.ops(old, new)


def _steps(made: Any) -> Found:
    runs: list[Run] = []
    for step in made:
        runs += [*step.words, ("keep" if step.op in {"keep", "replace", "move"} else step.op, "\n")]
    return runs, sum(step.op == "move" for step in made)


def _article(text: str) -> Any:
    from storage.records import Article, Block

    return Article("1", "", "policy-news", "제목", body=tuple(Block("paragraph", one) for one in text.splitlines()))


def gochim_named(old: Any, new: Any) -> Any:
    """The same with labels, facts, weight and disclosure."""
    from diffing.endings import stem
    from diffing.labels import compare
    from diffing.likeness import features

    features.cache_clear()
    stem.cache_clear()
    return compare(old, new).fields[0].ops


def _matched(old: list[str] | str, new: list[str] | str) -> Found:
    runs: list[Run] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new).get_opcodes():
        gone, come = "".join(old[i1:i2]), "".join(new[j1:j2])
        runs += [("keep", gone)] if tag == "equal" else [("delete", gone), ("insert", come)]
    return runs, 0


def difflib_letters(old: str, new: str) -> Found:
    """Run difflib.SequenceMatcher as it is over letters."""
    return _matched(old, new)


def difflib_words(old: str, new: str) -> Found:
    """Run difflib.SequenceMatcher as it is over words."""
    return _matched(_TOKEN.findall(old), _TOKEN.findall(new))


def diff_match_patch(old: str, new: str) -> Any:
    """Run diff-match-patch with its default timeout and semantic clean-up."""
    from diff_match_patch import diff_match_patch as engine  # type: ignore[import-not-found]

    differ = engine()
    found = differ.diff_main(old, new)
    differ.diff_cleanupSemantic(found)
    return found


def _signed(made: Any) -> Found:
    return [(SIGNS[tag], text) for tag, text in made], 0


def fast_diff_match_patch(old: str, new: str) -> Any:
    """Run the C++ diff-match-patch with semantic clean-up."""
    from fast_diff_match_patch import diff  # type: ignore[import-not-found]

    return diff(old, new, cleanup="Semantic", counts_only=False)


def _page(text: str) -> str:
    return f"<html><body>{''.join(f'<p>{html.escape(one)}</p>' for one in text.splitlines())}</body></html>"


def web_monitoring_text(old: str, new: str) -> Any:
    """Run web-monitoring-diff's html_text_diff over the paragraphs as a page."""
    from web_monitoring_diff import html_text_diff  # type: ignore[import-not-found]

    return html_text_diff(old, new)["diff"]


def web_monitoring_tokens(old: str, new: str) -> Any:
    """Run web-monitoring-diff's html_diff_render, its token differ."""
    from web_monitoring_diff import html_diff_render

    return html_diff_render(old, new, include="combined")["combined"]


def _rendered(combined: Any) -> Found:
    body = combined[combined.index("<body") :]
    runs: list[Run] = []
    at = 0
    for hit in _TAGGED.finditer(body):
        runs += [
            ("keep", html.unescape(_MARK.sub("", body[at : hit.start()]))),
            ("insert" if hit["tag"] == "ins" else "delete", html.unescape(_MARK.sub("", hit["in"]))),
        ]
        at = hit.end()
    return [*runs, ("keep", html.unescape(_MARK.sub("", body[at:])))], 0


def deepdiff_alone(old: str, new: str) -> Found:
    """Run DeepDiff over the lists of paragraphs; it marks whole ones."""
    from deepdiff import DeepDiff

    ours, theirs = old.splitlines(), new.splitlines()
    tree = DeepDiff(ours, theirs, view="tree")
    gone = {
        level.path(output_format="list")[-1]
        for kind in ("values_changed", "iterable_item_removed")
        for level in tree.get(kind, ())
    }
    come = {
        (level.path(output_format="list", force="fake") or [0])[-1]
        if kind == "iterable_item_added"
        else theirs.index(level.t2)
        for kind in ("values_changed", "iterable_item_added")
        for level in tree.get(kind, ())
    }
    runs: list[Run] = []
    i = j = 0
    while i < len(ours) or j < len(theirs):
        if i in gone and i < len(ours):
            runs.append(("delete", ours[i] + "\n"))
            i += 1
        elif j in come and j < len(theirs):
            runs.append(("insert", theirs[j] + "\n"))
            j += 1
        else:
            runs.append(("keep", (ours[i : i + 1] or theirs[j : j + 1])[0] + "\n"))
            i, j = i + 1, j + 1
    return runs, 0


def news_edits(old: str, new: str) -> Found:
    """Match sentences by shared words as NewsEdits does (Spangher et al. 2022), then difflib inside a pair.

    Every sentence is held against every other; one that finds no partner with half of its words was added or deleted,
    and pairs whose order crosses are moves.
    """
    ours = [one for one in _SENTENCE.findall(old) if one.strip()]
    theirs = [one for one in _SENTENCE.findall(new) if one.strip()]
    bags = [set(one.split()) for one in ours], [set(one.split()) for one in theirs]
    partner: dict[int, int] = {}
    for j, bag in enumerate(bags[1]):
        best = max(range(len(ours)), key=lambda i: len(bag & bags[0][i]), default=-1)
        if (
            best >= 0
            and best not in partner.values()
            and len(bag & bags[0][best]) * 2 >= max(len(bag), len(bags[0][best]))
        ):
            partner[j] = best
    chain = _longest_rise([partner[j] for j in sorted(partner)])
    runs: list[Run] = []
    i = 0
    for j, sentence in enumerate(theirs):
        at = partner.get(j, -1)
        if at < 0 or at not in chain:
            runs.append(("insert", sentence))
            continue
        runs += [("delete", one) for one in ours[i:at]]
        runs += _matched(_TOKEN.findall(ours[at]), _TOKEN.findall(sentence))[0]
        i = at + 1
    return [*runs, *(("delete", one) for one in ours[i:])], len(partner) - len(chain)


def _longest_rise(numbers: list[int]) -> set[int]:
    from bisect import bisect_left

    tails: list[int] = []
    places: list[int] = []
    before: list[int] = []
    for k, one in enumerate(numbers):
        at = bisect_left(tails, one)
        before.append(places[at - 1] if at else -1)
        tails[at : at + 1] = [one]
        places[at : at + 1] = [k]
    found: set[int] = set()
    k = places[-1] if places else -1
    while k >= 0:
        found.add(numbers[k])
        k = before[k]
    return found


METHODS: dict[str, Method] = {
    "gochim: steps and words": Method(gochim, str.splitlines, _steps),
    "gochim: labels and facts too": Method(gochim_named, _article, _steps),
    "difflib, letters": Method(difflib_letters),
    "difflib, words": Method(difflib_words),
    "diff-match-patch": Method(diff_match_patch, read=_signed),
    "fast-diff-match-patch": Method(fast_diff_match_patch, read=_signed),
    "web-monitoring-diff, text": Method(web_monitoring_text, _page, _signed),
    "web-monitoring-diff, tokens": Method(web_monitoring_tokens, _page, _rendered),
    "DeepDiff": Method(deepdiff_alone),
    "sentence matching (NewsEdits)": Method(news_edits),
}
