"""브리핑: transcripts of ministries' briefings (e-브리핑), often hundreds of paragraphs long."""

from __future__ import annotations

from crawler.page import Section
from crawler.templates import EVERY


class Briefing(Section):
    """Briefings; their list is a table of ministry, title, date and presenter."""

    name = "briefing"
    label = "브리핑"
    list_path = "/briefing/policyBriefingList.do"
    views = ("/briefing/policyBriefingView.do", "/news/policyBriefingView.do")
    layouts = EVERY
