"""Hold the differ against the gold set and print precision and recall of every label, of weights and of facts.

Run ``python -m benchmarks.bench_diff`` from the project's root; ``--faults`` names the edits of the learnt half that
were called something else. The held-out half is only ever printed as figures, so that no rule is tuned on it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks import gold
from benchmarks.gold.score import Score, score


def share(value: float | None) -> str:
    """Write a share as a percentage, ``-`` of nothing."""
    return "-" if value is None else f"{100 * value:.1f}"


def show(total: Score) -> None:
    """Print one line for each label, those under the aim marked."""
    print(f"{'label':20}{'true':>6}{'precision %':>13}{'recall %':>10}")
    for name, true, precision, recall in total.rows():
        low = any(value is not None and value < gold.AIM for value in (precision, recall))
        print(f"{name:20}{true:6}{share(precision):>13}{share(recall):>10}{'  under the aim' if low else ''}")


def main() -> int:
    """Print both halves; 1 when something lies under its floor."""
    fallen = []
    for held_out, title in ((False, "Learnt"), (True, "Held out")):
        total, faults = score(gold.pairs(held_out=held_out))
        print(f"{title}: {total.pairs} edits, {total.exact} named, weighed and read exactly")
        show(total)
        print()
        if not held_out and "--faults" in sys.argv[1:]:
            for pair, wrong in faults:
                print(f"{pair.name}: {'; '.join(wrong)}")
        fallen += gold.below_floor(total, held_out=held_out)
    for line in fallen:
        print(f"FALLEN: {line} (see {gold.FLOORS.relative_to(Path.cwd())})")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
