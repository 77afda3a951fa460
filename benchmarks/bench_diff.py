"""Hold the differ against the hand-made edits: precision and recall of each label, facts, and time.

Run ``python -m benchmarks.bench_diff`` from the project's root. The edits were written together with the rules, so the
figures show what still holds, not what an unseen release would give.
"""

from __future__ import annotations

import random
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

from diffing.labels import compare
from storage.records import LABELS, Article, Block

PAIRS = Path(__file__).parent.parent / "tests" / "golden" / "changes" / "pairs.toml"


def article(paragraphs: list[str]) -> Article:
    """Give an article whose body is these paragraphs."""
    body = tuple(Block("paragraph", text) for text in paragraphs)
    return Article("1", "https://www.korea.kr/1", "policy-news", "제목", body=body)


def share(part: int, whole: int) -> str:
    """Write a share as a percentage, ``-`` of nothing."""
    return f"{100 * part / whole:6.1f}" if whole else "     -"


def score() -> bool:
    """Print precision and recall of labels, weights and facts; tell whether every pair is as expected."""
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    true: Counter[str] = Counter()
    weights = 0
    pairs = tomllib.loads(PAIRS.read_text(encoding="utf-8"))["pair"]
    for pair in pairs:
        found = compare(article(pair["old"]), article(pair["new"]))
        facts = {(one.kind, one.old, one.new) for one in found.facts}
        expected = {(one["kind"], one["old"], one["new"]) for one in pair.get("facts", [])}
        for names, count in ((set(found.labels), said), (set(pair["labels"]), true)):
            count.update(names)
        right.update(set(found.labels) & set(pair["labels"]))
        said["facts"] += len(facts)
        true["facts"] += len(expected)
        right["facts"] += len(facts & expected)
        weights += found.weight == pair["weight"]
    print(f"{len(pairs)} pairs; weight right in {weights}")
    print(f"{'label':20}{'true':>6}{'precision %':>13}{'recall %':>10}")
    for label in (*LABELS, "facts"):
        if said[label] or true[label]:
            print(
                f"{label:20}{true[label]:6}{share(right[label], said[label]):>13}{share(right[label], true[label]):>10}"
            )
    return weights == len(pairs) and right == said == true


def clock(name: str, old: list[str], new: list[str]) -> None:
    """Print the best of seven times of one comparison, in milliseconds."""
    one, other = article(old), article(new)
    times = []
    for _ in range(7):
        start = time.perf_counter()
        compare(one, other)
        times.append(time.perf_counter() - start)
    print(f"{name:44}{1000 * min(times):8.2f} ms")


def clock_all() -> None:
    """Time the shapes that made other differs slow."""
    dice = random.Random(11)
    syllables = [chr(code) for code in range(0xAC00, 0xD7A4, 37)]

    def paragraph() -> str:
        return " ".join("".join(dice.choices(syllables, k=dice.randint(2, 5))) for _ in range(25)) + "."

    long = [paragraph() for _ in range(400)]
    edited = list(long)
    edited[10] = edited[10][:40] + "변경" + edited[10][42:]
    edited[200] = "3조 원 " + edited[200]
    edited[300] = paragraph()
    edited.insert(350, paragraph())
    del edited[20]
    clock("30 paragraphs, 1 word", long[:30], [*long[:15], long[15] + " 추가", *long[16:30]])
    clock("30 paragraphs, all other", long[:30], long[30:60])
    clock("400 paragraphs, 5 edits", long, edited)
    clock("400 paragraphs, reversed", long, long[::-1])
    clock("500 times one paragraph, one less", [long[0]] * 500, [long[0]] * 499)


if __name__ == "__main__":
    clean = score()
    clock_all()
    sys.exit(0 if clean else 1)
