"""전문자료: studies and statistics, mostly files with a few words on them (docId)."""

from __future__ import annotations

from crawler.section import ListPath, Section
from crawler.templates import ARCHIVE


class ExpertDocument(Section):
    """Expert documents; a group (``group=S``) may have a list of its own."""

    name = "expert-document"
    label = "전문자료"
    lists = (ListPath("/archive/expDocList.do", key="group"), ListPath("/archive/expDocMainList.do", confirmed=False))
    views = ("/archive/expDocView.do",)
    key = "docId"
    prefix = "expdoc:"
    layouts = ARCHIVE
    unconfirmed = (
        "The page's markup: the archive's template is reported of recruit notices only.",
        "Whether expDocMainList lists articles of its own.",
    )
