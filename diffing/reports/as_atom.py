"""The change report as an Atom feed (RFC 4287), one entry per change and per site change.

An entry's id is a ``tag:`` URI (RFC 4151) of portal, article and change, so that a feed made anew from the WARC files
alone tells a reader nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from xml.etree import ElementTree

from markupsafe import Markup, escape

from diffing.reports.as_html import interval, marked, text
from diffing.reports.grids import Row, cells
from diffing.reports.links import linkable, segment, written
from diffing.reports.phrases import Words
from diffing.reports.report import Report, newest_first
from diffing.reports.sentences import say
from diffing.reports.site import site_line
from diffing.reports.view import ChangeView, change_view
from diffing.reports.visible import shown
from storage.records import Change, iso
from storage.site_changes import SiteChange

MEMBERS_NAMED = 20
"""Articles that the entry of a site change names."""

_NAMESPACE = "http://www.w3.org/2005/Atom"


def render(report: Report) -> str:
    """Write the report as an Atom document, the newest first."""
    words = Words(report.lang)
    changes = newest_first(report.changes)
    feed = ElementTree.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": report.lang})
    _add(feed, "id", feed_id(report))
    _add(feed, "title", say(words, "feed-title").format(host=report.host))
    subtitle = say(words, "limit-between")
    if report.left_out:
        subtitle += " " + say(words, "feed-left-out").format(all=len(report.everything), told=len(changes))
    _add(feed, "subtitle", subtitle)
    seen = [one.new_first_seen for one in changes]
    seen += [datetime.fromisoformat(one.since) for one in report.site_changes]
    _add(feed, "updated", iso(max(seen, default=report.until or report.made_at)))
    _add(_add(feed, "author"), "name", report.software)
    if linkable(report.portal):
        _add(feed, "link", rel="alternate", type="text/html", href=written(report.portal))
    if linkable(report.home):
        _add(feed, "link", rel="self", type="application/atom+xml", href=written(f"{report.home}changes.atom"))
    entries = [(one.new_first_seen, partial(_entry, feed, report, one, words)) for one in changes]
    entries += [
        (datetime.fromisoformat(one.since), partial(_site_entry, feed, report, one, words))
        for one in report.site_changes
    ]
    for _, write in sorted(entries, key=lambda entry: entry[0], reverse=True):
        write()
    ElementTree.indent(feed, space=" ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def feed_id(report: Report) -> str:
    """Name a feed for good by portal, language and what it is narrowed to, in which two feeds differ."""
    narrowed = "&".join(f"{name}={segment(one)}" for name, wanted in report.filters.items() for one in wanted)
    return f"tag:gochim,2026:{segment(report.host)}/changes/{report.lang}" + (f"?{narrowed}" if narrowed else "")


def entry_id(report: Report, change: Change) -> str:
    """Name a change for good, ``tag:gochim,2026:www.korea.kr/148930267/148930267.2``."""
    return f"tag:gochim,2026:{segment(report.host)}/{segment(change.article)}/{segment(change.id)}"


def _entry(feed: ElementTree.Element, report: Report, change: Change, words: Words) -> None:
    view = change_view(change, words)
    entry = _add(feed, "entry")
    _add(entry, "id", entry_id(report, change))
    _add(entry, "title", f"[{view.kind}] {change.title}")
    _add(entry, "updated", iso(change.new_first_seen))
    _add(_add(entry, "author"), "name", view.source)
    if linkable(change.url):
        _add(entry, "link", rel="alternate", type="text/html", href=written(change.url))
    for scheme, term, label in (
        ("section", change.section, view.section),
        ("kind", change.kind, view.kind),
        ("weight", change.comparison.weight, view.weight),
        ("disclosure", change.comparison.disclosure, view.disclosure),
        *(("label", code, label) for code, label in view.labels),
    ):
        _add(entry, "category", scheme=f"tag:gochim,2026:{scheme}", term=term, label=label)
    _add(entry, "summary", view.summary)
    _add(entry, "content", str(_content(view, words)), type="html")


def _site_entry(feed: ElementTree.Element, report: Report, one: SiteChange, words: Words) -> None:
    """Tell what happened to many articles at once, with the first of them."""
    said = site_line(one, words)
    entry = _add(feed, "entry")
    _add(entry, "id", f"tag:gochim,2026:{segment(report.host)}/site-changes/{segment(one.id)}")
    _add(entry, "title", f"[{say(words, 'site-changes')}] {said}")
    _add(entry, "updated", iso(datetime.fromisoformat(one.since)))
    _add(_add(entry, "author"), "name", report.software)
    if linkable(report.portal):
        _add(entry, "link", rel="alternate", type="text/html", href=written(report.portal))
    for scheme, term in (("section", one.section), ("kind", "site-change"), ("verdict", one.verdict)):
        _add(entry, "category", scheme=f"tag:gochim,2026:{scheme}", term=term)
    _add(entry, "summary", said)
    articles = list(dict.fromkeys(member.article for member in one.members))
    named = ", ".join(articles[:MEMBERS_NAMED]) + (" …" if len(articles) > MEMBERS_NAMED else "")
    parts = Markup("<p>{}</p>\n<p>{}</p>\n<pre>gochim site-changes {}</pre>")
    _add(entry, "content", str(parts.format(text(said), text(named), text(one.id))), type="html")


def _content(view: ChangeView, words: Words) -> Markup:
    """Write the entry as plain HTML that reads in any feed reader, styled by none."""
    parts = [
        Markup("<p><strong>{}</strong></p>").format(text(view.summary)),
        Markup("<p>{} · {} · {} · {}</p>").format(text(view.section), text(view.source), view.weight, view.disclosure),
        Markup("<p>{}</p>").format(interval(view, words)),
    ]
    if view.reasons:
        parts.append(Markup("<p>{}: {}</p>").format(view.disclosure, text("; ".join(view.reasons))))
    for field in view.fields:
        parts.append(Markup("<h4>{}</h4>").format(text(field.name)))
        for step in field.steps:
            if step.kind in ("same", "context"):
                shape = Markup("<p><small>{}</small></p>")
                parts.append(shape.format(step.note or marked(step.runs, words)))
            else:
                led = escape(f"{say(words, step.kind)} {step.note}".strip())
                if grid := cells(step.runs):
                    parts.append(Markup("<p><b>{}</b></p>\n{}").format(led, _table(grid, words)))
                else:
                    parts.append(Markup("<p><b>{}</b> {}</p>").format(led, marked(step.runs, words)))
    parts.append(Markup("<pre>{}</pre>").format(Markup("\n").join(text(one) for one in view.commands)))
    return Markup("\n").join(parts)


def _table(grid: Sequence[Row], words: Words) -> Markup:
    """Write a table's difference as a table; as one line of text its cells would run together."""
    rows = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td>{}</td>").format(marked(cell, words)) for cell in row))
        for row in grid
    )
    return Markup('<table border="1">{}</table>').format(rows)


def _add(parent: ElementTree.Element, tag: str, said: str | None = None, **attributes: str) -> ElementTree.Element:
    """Append an element; characters XML 1.0 cannot carry are shown as their code."""
    element = ElementTree.SubElement(parent, tag, {name: shown(value) for name, value in attributes.items()})
    element.text = None if said is None else shown(said)
    return element
