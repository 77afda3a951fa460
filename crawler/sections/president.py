"""대통령: the president's office's briefings."""

from __future__ import annotations

from crawler.list_page import ITEM_ROWS
from crawler.section import ListPath, Section
from crawler.templates import EVERY


class President(Section):
    """The president's office's briefings."""

    name = "president"
    label = "대통령"
    lists = (ListPath("/briefing/presidentList.do", confirmed=False),)
    rows = ITEM_ROWS
    views = ("/briefing/presidentView.do",)
    layouts = EVERY
    unconfirmed = ("The address of the list and how its rows are marked up.",)
