"""An article's states as its looks show them: live, suspect, removed, restored, moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from diffing.detect import Transition, moves, tells_absence, walk
from storage.records import Check, State, Step, Version


def states(checks: Sequence[Check], versions: Mapping[int, Version]) -> Iterator[Step]:
    """Yield the steps of an article's state, the first of which is its first sight.

    A look that could not tell, an absence during an outage too, makes no step and undoes none.

    Args:
        checks: Every check of the article, oldest first.
        versions: Its versions by number.
    """
    state: State | None = None
    for check, transition in walk(checks):
        read = check.version is not None
        entered = _read(state, transition, versions) if read else _missed(state, check, transition)
        if entered is not None:
            state = entered
            since = transition.new if entered == "removed" and transition is not None else check
            yield Step(entered, since, check)


def _read(state: State | None, transition: Transition | None, versions: Mapping[int, Version]) -> State | None:
    """Name the state that a look which read the article leads to; None when it stays as it was."""
    if state == "removed":
        return "restored"
    if transition is not None and transition.to_version is not None:
        old, new = versions[transition.from_version].article, versions[transition.to_version].article
        if moves(old, new):
            return "moved"
    return "live" if state in {None, "suspect"} else None


def _missed(state: State | None, check: Check, transition: Transition | None) -> State | None:
    """Name the state that a look which did not read the article leads to; None when it stays as it was."""
    if state is None or not tells_absence(check):
        return None
    if transition is not None:
        return "removed"
    return None if state in {"suspect", "removed"} else "suspect"
