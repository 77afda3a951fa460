"""보도자료: the ministries' press releases; the text stands in the document viewer, in 2022 in the page."""

from __future__ import annotations

from crawler.section import ListPath, Section
from crawler.templates import EVERY


class PressRelease(Section):
    """Press releases with their files."""

    name = "press-release"
    label = "보도자료"
    lists = (ListPath("/briefing/pressReleaseList.do"),)
    views = ("/briefing/pressReleaseView.do", "/news/pressReleaseView.do")
    layouts = EVERY
    unconfirmed = ("Whether the viewer's text stands in numbered pages or in one.", "tblKey of the downloads.")
