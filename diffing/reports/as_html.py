"""The change report as one HTML file that needs nothing else: no script, no request, no font of its own.

Everything quoted is the portal's, hence hostile until escaped: Jinja escapes it, unseen characters become their code,
and each run of changed text is isolated so that its direction cannot reach its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from diffing.reports.frame import (
    drawn,
    filters,
    finding_line,
    kinds,
    lead,
    overview,
    period,
    rest_command,
    uncounted,
    weighing,
)
from diffing.reports.grids import cells
from diffing.reports.items import WordRun
from diffing.reports.links import linkable, written
from diffing.reports.meanings import LABELS_MEAN
from diffing.reports.phrases import WEIGHT_WORDS, WEIGHTS_MEAN, WEIGHTS_SHORT, Pair, Words
from diffing.reports.pictures import picture
from diffing.reports.report import HEAVIEST_FIRST, Report
from diffing.reports.sentences import SENTENCES, say
from diffing.reports.site import site_line
from diffing.reports.summary import campaign_line
from diffing.reports.tallies import Tally, for_people
from diffing.reports.view import ChangeView, change_view, versions
from diffing.reports.visible import shortened, shown, shown_change

CONTENTS_FROM = 6
"""From this many articles changed in substance or wording on, the report opens with a list of them."""

OVERVIEW_ROWS = 12
"""A table of more rows is folded: on a phone it would stand between a reader and the changes."""

_NO_ANCHOR = re.compile(r"[^A-Za-z0-9.:-]")
"""What a fragment cannot carry unescaped: the space in ``a b``, the quotation mark in ``a"b``."""


_DELETED = Markup('<span class="unseen" lang="{}">[{}: </span><bdi><del>{}</del></bdi><span class="unseen">]</span>')
_INSERTED = Markup('<span class="unseen" lang="{}">[{}: </span><bdi><ins>{}</ins></bdi><span class="unseen">]</span>')


def render(report: Report) -> str:
    """Write the report as an HTML document (HTML Living Standard), styled for screen, dark screen, phone and print."""
    words = Words(report.lang)
    groups = [
        (weight, [change_view(one, words, report.album) for one in report.by_weight(weight)])
        for weight in HEAVIEST_FIRST
    ]
    return (
        _templates()
        .get_template("report.html")
        .render(
            report=report,
            words=words,
            say=lambda key, **fill: sentence(words, key, **fill),
            runs=lambda given: marked(given, words),
            groups=[(weight, views) for weight, views in groups if views],
            contents=_contents(view for weight, views in groups if weight != "cosmetic" for view in views),
            contents_from=CONTENTS_FROM,
            lead=lead(report, words),
            filters=filters(report, words),
            rest_command=rest_command(report) if report.left_out else "",
            weighing=weighing(report),
            pictures=[_picture(one, words) for one in for_people(report, words)],
            findings=[(one, finding_line(one, words)) for one in report.findings],
            glossary=_glossary(groups, words),
            overview=(counted := overview(report, words)),
            long_overview=sum(len(rows) for _, rows in counted) > OVERVIEW_ROWS,
            kinds=kinds(report, words),
            period=period(report, words),
            weights=HEAVIEST_FIRST,
            weight_words=lambda weight: words.word(WEIGHT_WORDS, weight),
            weight_short=lambda weight: words.word(WEIGHTS_SHORT, weight),
            weight_means=lambda weight: words.word(WEIGHTS_MEAN, weight),
            interval=lambda view: interval(view, words),
            timed=lambda moment: timed(moment, words),
            site_changes=[site_line(one, words) for one in report.site_changes],
            campaigns=[(campaign_line(one, words), one.members) for one in report.campaigns],
            told={one.id for one in report.changes},
            versions=lambda change: versions(change, words),
        )
    )


def _contents(views: Iterable[ChangeView]) -> list[tuple[ChangeView, list[ChangeView]]]:
    """Put the changes of one article together, at the place of its first: its title would stand there each time."""
    found: dict[str, list[ChangeView]] = {}
    for view in views:
        found.setdefault(view.change.article, []).append(view)
    return [(first, more) for first, *more in found.values()]


@dataclass(frozen=True, slots=True)
class _Picture:
    """A tally as the page shows it: drawn, in numbers, and what it could not count."""

    tally: Tally
    title: str
    axis: str
    svg: Markup
    without: str


def _picture(tally: Tally, words: Words) -> _Picture:
    title, axis = say(words, tally.subject), say(words, f"{tally.subject}-axis")
    svg = picture(tally, title, drawn(tally, words), axis) if tally.total else Markup("")
    return _Picture(tally, title, axis, svg, uncounted(tally, words))


def _glossary(groups: Iterable[tuple[str, list[ChangeView]]], words: Words) -> list[tuple[str, str, str]]:
    """Explain each label that the report uses, in the order of the closed list."""
    used = dict(label for _, views in groups for view in views for label in view.labels)
    return [(code, used[code], words.pick(means)) for code, means in LABELS_MEAN.items() if code in used]


def text(value: object) -> Markup:
    """Escape ``value`` and show its unseen characters as ``<span class="code">U+202E</span>``."""
    return Markup(shown(str(escape(value)), _code))  # noqa: S704 - escaped in the same breath


def marked(runs: Iterable[WordRun], words: Words) -> Markup:
    """Mark deleted and added text with ``<del>`` and ``<ins>``; screen readers and copied text get a word with each."""
    return Markup("").join(_run(tag, run, words) for tag, run in runs)


def sentence(words: Words, key: str, **fill: object) -> Markup:
    """Fill the placeholders of a frame sentence, escaping what is put in."""
    return filled(words, SENTENCES[key], **fill)


def filled(words: Words, pair: Pair, **fill: object) -> Markup:
    """Fill the placeholders of a sentence in the language of ``words``, escaping what is put in."""
    return escape(words.pick(pair)).format(**fill)


def interval(view: ChangeView, words: Words) -> Markup:
    """State between which two looks a change fell, and how many looks between could not tell."""
    change = view.change
    stated = escape(view.interval).format(
        old=_time(change.old_last_seen, words),
        new=_time(change.new_first_seen, words),
        span=view.span,
    )
    return Markup("{} {}").format(stated, view.checks)


def anchor(change_id: str) -> str:
    """Give the place of a change on the page, ``change-148930267.2``; other characters become their number."""
    return "change-" + _NO_ANCHOR.sub(lambda hit: f"_{ord(hit[0]):x}_", change_id)


def _run(tag: str, run: str, words: Words) -> Markup:
    if tag == "keep":
        return text(run)
    changed = Markup(shown_change(str(escape(run)), _code))  # noqa: S704 - escaped in the same breath
    if tag == "delete":
        return _DELETED.format(words.lang, sentence(words, "delete"), changed)
    return _INSERTED.format(words.lang, sentence(words, "insert"), changed)


def timed(moment: datetime, words: Words) -> Markup:
    """Write a time for people and programs; HTML takes no finer one than milliseconds."""
    return Markup('<time datetime="{}">{}</time>').format(
        moment.isoformat(timespec="milliseconds"), words.moment(moment)
    )


def _time(moment: datetime, words: Words) -> Markup:
    """Write a time within a sentence; the word joiner behind it keeps a Korean particle on its line."""
    return timed(moment, words) + Markup("&#8288;")


def _code(name: str) -> str:
    return f'<span class="code">{name}</span>'


@cache
def _templates() -> Environment:
    return environment()


def environment(*more: BaseLoader) -> Environment:
    """Make the environment of the report's templates, and of ``more`` that build on their parts and filters."""
    environment = Environment(
        loader=ChoiceLoader([*more, PackageLoader("diffing.reports")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["text"] = text
    environment.filters["cells"] = cells
    environment.filters["written"] = written
    environment.filters["shortened"] = shortened
    environment.filters["anchor"] = anchor
    environment.tests["linkable"] = linkable
    return environment
