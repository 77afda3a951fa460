"""What the publisher's own records say on either side of a step: the open API's answers and the pages' Last-Modified.

Which answers count depends on when they were asked for and on the ModifyDate they hold, never on when they were filed,
so that an answer which comes after the change was found leads to the verdict that a rebuild would give.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime, timedelta

from storage.records import Check, Signals, Told

LAG = timedelta(minutes=10)
"""How long a page may show its old state after the record of it was modified: they are written apart."""


def signals(answers: Sequence[Told], old: Check, new: Check) -> tuple[Signals, Signals]:
    """Give what is known of the state last seen by ``old`` and of the state first seen by ``new``.

    For the old state the last answer counts that was asked for before ``old``. For the new state the highest ModifyId
    counts that the record had when ``new`` saw it; an answer that was asked for later counts if its ModifyDate is not
    later than ``new``. Where the record was modified before ``old``, both states have the same answer. A record that
    did not move is given only where an answer from after ``new`` confirms it; else nothing is known of either state.
    A ModifyDate after which a lower ModifyId was still told stood while the number rose: it dates nothing. If it moved
    with the number, the answers lag, as of a store that is filled once a day: it counts if it lies between the looks.
    """
    false = {one for one in answers if _is_false(one, answers)}
    late = {one for one in false if _moved(one, answers) and not _modified(one, old.checked_at - LAG)}
    before = next((one for one in reversed(answers) if one.told_at <= old.checked_at), None)
    after = _after(answers, false - late, old, new)
    if after is not None and after not in false and _modified(after, old.checked_at - LAG):
        before = after
    if before is not None and after is not None and _same(before, after):
        stands = any(_same(one, after) and one.told_at >= new.checked_at for one in answers)
        before, after = (before, after) if stands else (None, None)
    return _signals(before, old), _signals(after, new)


def _is_false(one: Told, answers: Sequence[Told]) -> bool:
    """Tell whether an answer's ModifyDate is older than the change that its ModifyId counts."""
    lower = (other.told_at for other in answers if (other.modify_id or 0) < (one.modify_id or 0))
    return any(_modified(one, told_at - LAG) for told_at in lower)


def _moved(one: Told, answers: Sequence[Told]) -> bool:
    """Tell whether an answer's ModifyDate was told with no lower ModifyId."""
    return all(
        other.modify_date != one.modify_date for other in answers if (other.modify_id or 0) < (one.modify_id or 0)
    )


def _after(answers: Sequence[Told], false: Container[Told], old: Check, new: Check) -> Told | None:
    """Choose what was told of the new state; of equal answers the first."""
    found = [
        one
        for one in answers
        if one.told_at > old.checked_at
        # what was told before the look is so whatever the publisher's clock says
        and (one.told_at <= new.checked_at or (one not in false and _modified(one, new.checked_at)))
    ]
    return max(found, key=lambda one: (one.modify_id or 0, one.modify_date or ""), default=None)


def _modified(one: Told, by: datetime) -> bool:
    """Tell whether the record was modified at that time or before; one without a date never was."""
    return one.modify_date is not None and datetime.fromisoformat(one.modify_date) <= by


def _same(one: Told, other: Told) -> bool:
    return (one.modify_id, one.modify_date) == (other.modify_id, other.modify_date)


def _signals(told: Told | None, look: Check) -> Signals:
    return Signals(
        modify_id=told.modify_id if told else None,
        modify_date=told.modify_date if told else None,
        told_at=told.told_at if told else None,
        last_modified=look.last_modified,
        seen_at=look.checked_at,
    )
