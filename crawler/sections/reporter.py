"""국민이 말하는 정책: what citizen reporters (정책기자단) write; the byline names them."""

from __future__ import annotations

from crawler.section import ListPath, Section
from crawler.templates import EVERY


class Reporter(Section):
    """Citizen reporters' articles."""

    name = "reporter"
    label = "국민이 말하는 정책"
    lists = (ListPath("/news/reporterList.do"),)
    views = ("/news/reporterView.do",)
    layouts = EVERY
