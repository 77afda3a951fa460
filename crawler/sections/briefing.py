"""브리핑: transcripts of ministries' briefings (e-브리핑), often hundreds of paragraphs long."""

from __future__ import annotations

from crawler.list_page import TABLE_ROWS
from crawler.section import ListPath, Section
from crawler.templates import EVERY


class Briefing(Section):
    """Briefings; their list is a table of ministry, title, date and presenter."""

    name = "briefing"
    label = "브리핑"
    lists = (ListPath("/briefing/policyBriefingList.do"), ListPath("/briefing/briefingHomeList.do", confirmed=False))
    rows = TABLE_ROWS
    views = ("/briefing/policyBriefingView.do", "/news/policyBriefingView.do")
    layouts = EVERY
    unconfirmed = ("Whether briefingHomeList lists articles of its own.",)
