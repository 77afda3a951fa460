"""Pages of one article: its timeline, a version as it stood, two versions compared, the text of a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from diffing.detect import replaced
from diffing.labels import compare
from diffing.reports.phrases import Words
from diffing.reports.site import site_line
from diffing.reports.summary import as_published
from diffing.reports.view import change_view
from reader.answers import Answer, Desk, Moved, Page
from reader.archived import archived
from reader.asking import Ask, Refused
from storage import changes, documents, findings, site_changes, versions
from storage import states as stored_states
from storage import stood as standing
from storage.album import Album
from storage.change_query import Query
from storage.records import Change, Version

_PICTURE = 8 << 20
"""Bytes of a picture up to which a page shows it."""
LOOKS = 100
"""Looks on one page of a timeline."""


def timeline(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:
    """Show an article's states, versions, changes and looks; with ``at``, as it stood then."""
    if ask.one("at"):
        return _as_it_stood(db, ask, desk)
    name, found = _versions(db, ask)
    words, same = Words(ask.lang), _same_as(found)
    (total,) = db.execute("SELECT count(*) FROM article_timeline WHERE article = ?", (name,)).fetchone()
    at, pages = ask.page(total, LOOKS)
    looks = db.execute(
        "SELECT * FROM article_timeline WHERE article = ? ORDER BY checked_at DESC LIMIT ? OFFSET ?",
        (name, LOOKS, (at - 1) * LOOKS),
    ).fetchall()
    (state,) = db.execute("SELECT state FROM articles WHERE article = ?", (name,)).fetchone()
    return Page(
        "timeline.html",
        {
            "article": found[-1].article,
            "state": state,
            "last_checked": stored_states.last_checked(db, name),
            "steps": stored_states.shortened(stored_states.told(db, name)),
            "versions": [(one, archived(db, one, desk), same[one.version]) for one in reversed(found)],
            "held": _held(db, name, words),
            "views": [change_view(one, words) for one in changes.page(db, Query(articles=[name]), LOOKS)],
            "looks": looks,
            "total": total,
            "page": at,
            "pages": pages,
            "findings": findings.of_article(db, name),
        },
    )


def version(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:
    """Show one version of an article."""
    _, found = _versions(db, ask)
    return _shown(db, found, _numbered(found, ask.parts["version"]), desk, None)


def _as_it_stood(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:
    name, found = _versions(db, ask)
    moment = ask.at()
    assert moment is not None  # noqa: S101  # asked for only where there is one
    stood = versions.version_at(db, name, moment)
    if stood is None:
        raise Refused(404, "not-yet-seen", article=name, moment=Words(ask.lang).moment(found[0].first_seen))
    state = stored_states.at(db, name, moment)
    if stored_states.absent(state):
        # Of the time after the last look nobody can say that it was absent.
        moment = min(moment, stored_states.last_checked(db, name))
    return _shown(db, found, stood, desk, moment, state)


def _shown(  # noqa: PLR0913  # a version, and where and when it stood
    db: sqlite3.Connection,
    found: Sequence[Version],
    one: Version,
    desk: Desk,
    at: datetime | None,
    state: dict[str, Any] | None = None,
) -> Page:
    article, published = one.article, as_published(one.article.published or "")
    texts = {document.sha256 for _, _, document in documents.of_version(db, one.article.article, one.version)}
    after = next((other.first_seen for other in found if other.version == one.version + 1), None)
    stretch = standing.at(standing.stretches(db, article.article), at) if at else None
    return Page(
        "version.html",
        {
            "article": article,
            "version": one,
            "byline": [
                published or article.published,
                article.source,
                article.author,
            ],
            "count": len(found),
            "at": at,
            "absent": state if stored_states.absent(state) else None,
            "stretch": stretch,
            "next": "next" if stretch and stretch.ended_before == after else "gone",
            "texts": texts,
            "lacking": versions.not_read_since(versions.checks(db, article.article)).get(one.version, {}),
            "archived": archived(db, one, desk),
            "album": Album(desk.archive, db, _PICTURE),
        },
    )


def diff(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:
    """Compare two versions of an article, the newest two by default."""
    name, found = _versions(db, ask)
    if len(found) == 1 and not ask.one("old"):
        raise Refused(404, "one-version", article=name)
    newest = found[-1].version
    old, new = ask.number("old", max(1, newest - 1)), ask.number("new", newest)
    if old > new:
        return Moved(ask.here(old=new, new=old))
    before, after = _numbered(found, str(old)), _numbered(found, str(new))
    if old == new:
        raise Refused(400, "same-version", version=old)
    words, filed = Words(ask.lang), _filed(db, before, after)
    borne = _held(db, name, words)
    held = dict.fromkeys(line for number in sorted(borne) if old < number <= new for line in borne[number])
    return Page(
        "diff.html",
        {
            "article": after.article,
            "view": change_view(filed or _compared(db, before, after), words, Album(desk.archive, db, _PICTURE)),
            "held": list(held),
            # Of what the site did to all its pages no publisher was silent.
            "told": filed is not None or not held,
            "old": before,
            "new": after,
            "versions": [one.version for one in found],
            "beside": ask.one("view") == "beside",
            "archived": (archived(db, before, desk), archived(db, after, desk)),
        },
    )


def file_text(db: sqlite3.Connection, ask: Ask, desk: Desk) -> Answer:  # noqa: ARG001  # every view takes the same
    """Show what an attached file says."""
    document = documents.find(db, ask.parts["sha256"])
    if document is None:
        raise Refused(404, "no-file", sha256=ask.parts["sha256"])
    rows = db.execute(
        "SELECT DISTINCT a.name, v.article, v.title FROM attachments a JOIN versions v ON v.id = a.version_id"
        " WHERE a.sha256 = ? ORDER BY v.article LIMIT 20",
        (document.sha256,),
    ).fetchall()
    return Page("file.html", {"document": document, "rows": rows})


def _versions(db: sqlite3.Connection, ask: Ask) -> tuple[str, list[Version]]:
    name = ask.parts["article"]
    found = versions.versions(db, name)
    if not found:
        raise Refused(404, "no-article", article=name)
    return name, found


def _numbered(found: Sequence[Version], number: str) -> Version:
    for one in found:
        if str(one.version) == number:
            return one
    raise Refused(404, "no-version", article=found[0].article.article, version=number, newest=found[-1].version)


def _held(db: sqlite3.Connection, article: str, words: Words) -> dict[int, list[str]]:
    """Say by the number of a version which site changes came with it that count as no edit."""
    said: dict[int, list[str]] = {}
    for number, one in site_changes.borne(db, article):
        said.setdefault(number, []).append(site_line(one, words))
    return said


def _same_as(found: Sequence[Version]) -> dict[int, int | None]:
    """Give by the number of each version that of the first earlier one that said the same."""
    first: dict[str, int] = {}
    same = {one.version: first.setdefault(one.article.content_digest, one.version) for one in found}
    return {number: known if known != number else None for number, known in same.items()}


def _filed(db: sqlite3.Connection, before: Version, after: Version) -> Change | None:
    """Find the change that is filed from one version to the other, which knows the publisher's signals too."""
    found = changes.page(db, Query(articles=[before.article.article]), 10_000)
    steps = [one for one in found if (one.from_version, one.to_version) == (before.version, after.version)]
    return next((one for one in steps if one.comparison.fields), None)


def _compared(db: sqlite3.Connection, before: Version, after: Version) -> Change:
    """Compare two versions between which no change is filed."""
    checks = versions.checks(db, before.article.article)
    swapped = replaced(before.article, after.article)
    lacking = versions.not_read_since(checks).get(before.version, {})
    # A look that read the page and not the file that was replaced could not tell.
    seen = min((last for part, last in lacking.items() if part in swapped), default=before.last_seen)
    between = [one for one in checks if seen < one.checked_at < after.first_seen]
    known: dict[str, Any] = {name: getattr(after.article, name) for name in ("article", "url", "section", "title")}
    return Change(
        **known,
        id=f"{after.article.article}.{before.version}-{after.version}",
        source=after.article.source,
        kind="edited",
        from_version=before.version,
        to_version=after.version,
        old_last_seen=seen,
        new_first_seen=after.first_seen,
        checks_between=sum(one.version is None or bool(swapped & one.unread) for one in between),
        comparison=compare(before.article, after.article, texts=partial(documents.blocks_of, db)),
        evidence_old=before.evidence,
        evidence_new=after.evidence,
    )
