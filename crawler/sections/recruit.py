"""채용정보: posts that ministries offer, with a last day to apply (dataId)."""

from __future__ import annotations

from crawler.section import ListPath, Section
from crawler.templates import ARCHIVE


class Recruit(Section):
    """Recruit notices; their list repeats its rows and links by script."""

    name = "recruit"
    label = "채용정보"
    lists = (ListPath("/archive/recruitInfoList.do"),)
    views = ("/archive/recruitInfoView.do",)
    key = "dataId"
    prefix = "recruit:"
    layouts = ARCHIVE
    unconfirmed = (
        "What goDetailView is called with in the rows.",
        "Whether the page is served in the template of 2026 by now.",
    )
