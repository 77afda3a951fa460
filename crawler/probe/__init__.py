"""The catalogue of assumptions: every :class:`Assumption` of this package's modules; adding one is writing one."""

from __future__ import annotations

from crawler.probe import access, api, articles, files, lists
from crawler.probe.assumption import Assumption

_MODULES = (access, lists, articles, files, api)

ASSUMPTIONS: dict[str, Assumption] = {
    value.name: value for module in _MODULES for value in vars(module).values() if isinstance(value, Assumption)
}
"""By name, in the order in which they are judged and shown."""

QUESTIONS = (
    "sitemap", "lists", "paging", "filters", "articles", "again", "unknown", "rss", "mobile", "handshake", "api",
    "texts",
)  # fmt: skip
"""The kinds of questions that a probe asks; robots.txt is always asked for first.

``texts`` asks for nothing: the attachments that came are read.
"""
