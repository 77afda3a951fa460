"""연설문: speeches of the president and of ministers."""

from __future__ import annotations

from crawler.list_page import TABLE_ROWS
from crawler.section import ListPath, Section
from crawler.templates import EVERY


class Speech(Section):
    """Speeches; their list is a table of speaker, title and date."""

    name = "speech"
    label = "연설문"
    lists = (ListPath("/briefing/speechList.do"),)
    rows = TABLE_ROWS
    views = ("/briefing/speechView.do",)
    layouts = EVERY
