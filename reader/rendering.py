"""Templates filled: the report's own parts, words and style, and the pages that the reader builds of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from diffing.reports.as_html import environment, filled, interval, marked, sentence, timed
from diffing.reports.phrases import (
    DISCLOSURES,
    KINDS,
    LABELS,
    LICENCES,
    SECTIONS,
    WEIGHT_WORDS,
    Pair,
    Words,
    capitalised,
)
from diffing.reports.report import HEAVIEST_FIRST
from reader.answers import Page
from reader.asking import Ask
from reader.codes import FINISHES, OUTCOMES, STATES
from reader.sentences import SENTENCES
from storage import records

_PAGES = "pages"
"""Where the templates stand. In ``templates``, Datasette would take them for its own of the same name: it looks for
that beside the module of a plugin, and finds it from Python 3.12 on.
"""
_NOTICE = {
    code: (korean.replace("{kind}", "수정"), english.replace("{kind}", "edited"))
    for code, (korean, english) in DISCLOSURES.items()
}
_TABLES: Mapping[str, Mapping[str, Pair]] = {
    "kind": KINDS,
    "weight": WEIGHT_WORDS,
    "label": LABELS,
    "disclosure": _NOTICE,
    "section": SECTIONS,
    "licence": LICENCES,
    "state": STATES,
    "outcome": OUTCOMES,
    "finish": FINISHES,
}
_ALONE = frozenset({"disclosure", "kind", "label"})
"""Tables whose words stand alone, in lists and choices, and never within a sentence."""
CHOICES = {
    "weight": HEAVIEST_FIRST,
    "kind": records.CHANGE_KINDS,
    "disclosure": records.DISCLOSURES,
    "label": records.LABELS,
}


def rendered(page: Page, ask: Ask) -> str:
    """Fill a page's template in the language that is asked for."""
    words = Words(ask.lang)

    def told(key: str, **fill: object) -> Markup:
        return filled(words, SENTENCES[key], s="" if str(fill.get("n")) == "1" else "s", **fill)

    def word(table: str, code: str | None) -> str:
        if code is None:
            return str(told("no-source"))
        known = _TABLES.get(table, {})
        said = words.pick(known[code]) if code in known else code
        return capitalised(said) if table in _ALONE else said

    def moment(value: datetime | str) -> Markup:
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        return timed(at, words)

    return (
        _templates()
        .get_template(page.template)
        .render(
            ask=ask,
            lang=ask.lang,
            words=words,
            t=told,
            word=word,
            moment=moment,
            choices=CHOICES,
            say=lambda key, **fill: sentence(words, key, **fill),
            runs=lambda given: marked(given, words),
            interval=lambda view: interval(view, words),
            **page.values,
        )
    )


@cache
def style() -> str:
    """Give the style sheet: the report's, and what the reader's pages add to it."""
    report = files("diffing.reports").joinpath("templates/report.css").read_text(encoding="utf-8")
    own = files("reader").joinpath(_PAGES, "reader.css").read_text(encoding="utf-8")
    return f"{report}\n{own}"


@cache
def data_part(name: str) -> str:
    """Give what is added to Datasette's own pages, so that everybody can use them: ``data.css``, ``data.js``."""
    return files("reader").joinpath(_PAGES, name).read_text(encoding="utf-8")


@cache
def _templates() -> Environment:
    return environment(PackageLoader("reader", _PAGES))
