"""국무회의: briefings after the state council's meetings."""

from __future__ import annotations

from crawler.list_page import ITEM_ROWS
from crawler.section import ListPath, Section
from crawler.templates import EVERY


class StateCouncil(Section):
    """State council briefings; their list links by script."""

    name = "state-council"
    label = "국무회의"
    lists = (ListPath("/briefing/stateCouncilList.do"),)
    rows = ITEM_ROWS
    views = ("/briefing/stateCouncilView.do",)
    layouts = EVERY
