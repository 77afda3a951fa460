"""What tests of faults count: faults injected, captures lost, edits invented, edits missed; summed up at the end.

A test takes the fixture ``ledger`` and enters what came of each fault before it asserts anything, so that the sums at
the end of ``make torture`` are counted and not assumed. They travel with the test's report, from workers too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

ENTRY = "ledger"
COLUMNS = ("faults injected", "captures lost", "edits invented", "edits missed")


@dataclass(slots=True)
class Ledger:
    """One test's entries: each a kind of fault and its four numbers."""

    entries: list[tuple[str, int, int, int, int]] = field(default_factory=list)

    def enter(
        self, fault: str, times: int = 1, *, lost: Iterable[object] = (), found: Iterable[object] = (),
        true: Iterable[object] = (),
    ) -> None:  # fmt: skip
        """Enter a fault, then hold it to its promise.

        Args:
            fault: Its kind.
            times: How often it was injected.
            lost: Captures that were there, or were answered, and are not whole in the archive.
            found: The edits that were told.
            true: The edits that were made.
        """
        lost, found, true = list(lost), set(found), set(true)
        self.entries.append((fault, times, len(lost), len(found - true), len(true - found)))
        assert times > 0, f"{fault}: nothing was injected"
        assert lost == [], f"{fault}: captures lost"
        assert found - true == set(), f"{fault}: edits invented"
        assert true - found == set(), f"{fault}: edits missed"


def summed(entries: Iterable[tuple[str, int, int, int, int]]) -> list[str]:
    """Give the lines of the summary: each kind of fault with its numbers, then the sums."""
    by_fault: dict[str, list[int]] = {}
    for fault, *numbers in entries:
        before = by_fault.setdefault(fault, [0] * len(COLUMNS))
        by_fault[fault] = [one + other for one, other in zip(before, numbers, strict=True)]
    width = max(map(len, by_fault), default=0)
    told = [
        f"{fault:<{width}}  " + ", ".join(f"{number} {name}" for number, name in zip(numbers, COLUMNS, strict=True))
        for fault, numbers in sorted(by_fault.items())
    ]
    sums = [sum(numbers) for numbers in zip(*by_fault.values(), strict=True)] or [0] * len(COLUMNS)
    return [*told, "; ".join(f"{name}: {number}" for name, number in zip(COLUMNS, sums, strict=True))]
