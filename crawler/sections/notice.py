"""공지사항: what the portal itself announces."""

from __future__ import annotations

from crawler.section import ListPath, Section
from crawler.templates import EVERY


class Notice(Section):
    """Site notices."""

    name = "notice"
    label = "공지사항"
    lists = (ListPath("/etc/noticeList.do"),)
    views = ("/etc/noticeView.do",)
    layouts = EVERY
