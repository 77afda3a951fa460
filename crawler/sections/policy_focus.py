"""정책포커스: policy news gathered in packages; each package has a list of its own."""

from __future__ import annotations

from crawler.list_page import GRID_ROWS
from crawler.section import ListPath, Section
from crawler.templates import EVERY


class PolicyFocus(Section):
    """Policy focus; its page of packages leads to a list for each, and many of its articles are policy news too."""

    name = "policy-focus"
    label = "정책포커스"
    leads_to = ("policy-news",)
    lists = (ListPath("/news/policyFocusHome.do"), ListPath("/news/policyFocusList.do", key="pkgId", begins=False))
    rows = GRID_ROWS
    views = ("/news/policyFocusView.do", "/special/policyFocusView.do")
    layouts = EVERY
    unconfirmed = (
        "Whether the page of packages links to their lists by address or by script.",
        "Whether the page names the policy-news address as canonical.",
    )
