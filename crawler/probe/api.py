"""Assumptions about the open API of data.go.kr, held only where the settings have a service key."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.open_api import Answer, Refusal, read
from crawler.probe.assumption import CannotTellError, Finding, Gathered, Seen, assume, differs, holds, report, unclear


@assume("api", "The open API answers with the articles of the last three days.", "api")
def api(gathered: Gathered) -> Iterator[Finding]:
    """Read the answer as a crawl does."""
    for seen, came in _answers(gathered):
        if isinstance(came, Refusal):
            yield differs(came.sentence, seen, "What it says is to be done; without the API nothing is lost.")
        elif came.signals:
            yield holds(f"{len(came.signals)} of {came.total} articles.", seen)
        else:
            yield unclear("No article of these days.", seen)


@assume("api-fields", "The open API says of each article its address, title, ministry and time of approval.", "api")
def api_fields(gathered: Gathered) -> Iterator[Finding]:
    """See what is not said, or said in another form."""
    for seen, came in _answers(gathered):
        if isinstance(came, Refusal) or not came.signals:
            continue
        lacking = [
            name
            for name in ("article", "title", "source", "approve_date")
            if any(not getattr(one, name) for one in came.signals)
        ]
        if lacking:
            yield differs(f"Not every article has {' and '.join(lacking)}.", seen, report())
        else:
            yield holds(f"{came.signals[0].article}: {came.signals[0].source}", seen)


@assume("api-modify", "The open API counts the edits of each article (ModifyId, ModifyDate).", "api")
def api_modify(gathered: Gathered) -> Iterator[Finding]:
    """Look for the publisher's own signal of an edit."""
    for seen, came in _answers(gathered):
        if isinstance(came, Refusal) or not came.signals:
            continue
        if any(one.modify_id is None or one.modify_date is None for one in came.signals):
            yield differs(
                "Not every article has both.", seen, "Nothing to mend: edits are found by looking, with or without it."
            )
        else:
            most = max(one.modify_id or 0 for one in came.signals)
            yield holds(f"up to {most} edits", seen)


def _answers(gathered: Gathered) -> Iterator[tuple[Seen, Answer | Refusal]]:
    if not gathered.api_key:
        raise CannotTellError("The settings hold no service key ([api] key).")
    seen = gathered.asked("api")
    if seen is None or seen.status is None:
        seen = gathered.answer("api")  # It says why there is none.
    yield seen, read(seen.status or 0, seen.body, gathered.portal)
