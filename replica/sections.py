"""The sections of the portal: their addresses, the words of their breadcrumbs, and how their lists look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SectionName = Literal[
    "policy-news", "policy-focus", "ministry-news", "reporter", "opinion", "keyword-news", "media-news", "card-news",
    "photo", "video", "press-release", "fact-check", "briefing", "state-council", "president", "speech",
    "expert-document", "recruit", "notice",
]  # fmt: skip

Rows = Literal["list_type", "detail_calls", "speech_table", "briefing_table", "council", "grid"]
"""How a list writes its rows.

- ``list_type``: ``div.list_type > ul > li > a[href]`` with thumb, lead and source.
- ``detail_calls``: ``div.list_type.type2``, whose links call ``goDetailView``.
- ``speech_table``: ``.table_list tbody tr``: speaker, title, date.
- ``briefing_table``: ``.table_list tbody tr``: ministry, title, date, presenter.
- ``council``: ``li > a[onclick="goView(…)"] strong``, ``.source span``.
- ``grid``: pictures with a title each.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the portal.

    Attributes:
        name: The section's name.
        label: Its name as printed.
        group: The group it stands in, as printed.
        group_list: The list that the group's name leads to.
        lists: Paths of its lists; the first is the one that breadcrumbs lead to.
        views: Paths of its articles' pages; the first is canonical.
        category: The ``cateId`` of its forms.
        key: The field of the query that names an article.
        prefix: What stands before the number in an article's id where the key is not ``newsId``.
        rows: How its list writes rows.
        page_size: Rows on a page of its list.
        list_date: How its list prints days (``strftime``).
        repeats: Whether its list says every row twice.
        confirmed: Whether anybody has seen the list.
        api_code: Its ``GroupingCode`` in the open API, empty where no service offers it.
    """

    name: SectionName
    label: str
    group: str
    group_list: str
    lists: tuple[str, ...]
    views: tuple[str, ...]
    category: str
    key: str = "newsId"
    prefix: str = ""
    rows: Rows = "list_type"
    page_size: int = 20
    list_date: str = "%Y.%m.%d"
    repeats: bool = False
    confirmed: bool = True
    api_code: str = ""

    @property
    def list(self) -> str:
        """The path of the list that breadcrumbs lead to."""
        return self.lists[0]

    @property
    def view(self) -> str:
        """The canonical path of the section's articles."""
        return self.views[0]

    @property
    def banner_view(self) -> str:
        """The path under which the banner at the bottom links to articles: the old one where there is one."""
        return next((one for one in self.views[1:] if one.startswith("/news/")), self.view)


_NEWS = ("뉴스", "/news/policyNewsList.do")
_MULTI = ("멀티미디어", "/multi/mediaNewsList.do")
_ROOM = ("브리핑룸", "/briefing/pressReleaseList.do")
_ARCHIVE = ("정책자료", "/archive/expDocMainList.do")
_ETC = ("구독&참여", "/etc/noticeList.do")

SECTIONS: dict[str, Section] = {
    one.name: one
    for one in (
        Section(
            "policy-news", "정책뉴스", *_NEWS, ("/news/policyNewsList.do",),
            ("/news/policyNewsView.do", "/policy/mainView.do", "/news/top50View.do"), "policy", api_code="policy",
        ),
        Section(
            "press-release", "보도자료", *_ROOM, ("/briefing/pressReleaseList.do",),
            ("/briefing/pressReleaseView.do", "/news/pressReleaseView.do"), "press", list_date="%Y-%m-%d",
            api_code="gov",
        ),
        Section(
            "fact-check", "사실은 이렇습니다", *_ROOM, ("/briefing/actuallyList.do",),
            ("/briefing/actuallyView.do", "/news/actuallyView.do"), "fact", api_code="fact",
        ),
        Section(
            "briefing", "브리핑", *_ROOM, ("/briefing/policyBriefingList.do", "/briefing/briefingHomeList.do"),
            ("/briefing/policyBriefingView.do", "/news/policyBriefingView.do"), "ebrief", rows="briefing_table",
            api_code="brief",
        ),
        Section(
            "policy-focus", "정책포커스", *_NEWS, ("/news/policyFocusHome.do", "/news/policyFocusList.do"),
            ("/news/policyFocusView.do", "/special/policyFocusView.do"), "focus",
        ),
        Section(
            "ministry-news", "부처별 뉴스", *_NEWS, ("/news/ministryNewsHome.do", "/news/ministryNewsList.do"), (),
            "ministry", rows="detail_calls",
        ),
        Section(
            "reporter", "국민이 말하는 정책", *_NEWS, ("/news/reporterList.do",), ("/news/reporterView.do",),
            "reporter",
        ),
        Section(
            "opinion", "오피니언", *_NEWS, ("/news/celebrityList.do",),
            ("/news/celebrityView.do", "/news/columnView.do", "/news/gigoView.do"), "column",
        ),
        Section(
            "keyword-news", "키워드 뉴스", *_NEWS, ("/news/customizedNewsList.do",), ("/news/customizedNewsView.do",),
            "keyword",
        ),
        Section(
            "media-news", "멀티미디어", *_MULTI, ("/multi/mediaNewsList.do",), ("/multi/mediaNewsView.do",), "media",
            rows="grid", page_size=12,
        ),
        Section(
            "card-news", "카드·한컷", *_MULTI, ("/multi/visualNewsList.do",),
            ("/multi/visualNewsView.do", "/news/visualNewsView.do"), "cardnews", rows="grid", page_size=12,
            confirmed=False,
        ),
        Section(
            "photo", "사진", *_MULTI, ("/multi/policyPhotoList.do",), ("/multi/policyPhotoView.do",), "photo",
            key="bbsKey", prefix="photo:", rows="grid", page_size=12, confirmed=False, api_code="photo",
        ),
        Section(
            "video", "영상", *_MULTI, ("/video/index.html",), ("/video/index.html",), "shorts", rows="grid",
            page_size=12, confirmed=False,
        ),
        Section(
            "state-council", "국무회의", *_ROOM, ("/briefing/stateCouncilList.do",), ("/briefing/stateCouncilView.do",),
            "cabinet", rows="council",
        ),
        Section(
            "president", "대통령", *_ROOM, ("/briefing/presidentList.do",), ("/briefing/presidentView.do",),
            "president", confirmed=False,
        ),
        Section(
            "speech", "연설문", *_ROOM, ("/briefing/speechList.do",), ("/briefing/speechView.do",), "speech",
            rows="speech_table", page_size=30,
        ),
        Section(
            "expert-document", "전문자료", *_ARCHIVE, ("/archive/expDocList.do", "/archive/expDocMainList.do"),
            ("/archive/expDocView.do",), "exp", key="docId", prefix="expdoc:", list_date="%Y-%m-%d",
        ),
        Section(
            "recruit", "채용정보", *_ARCHIVE, ("/archive/recruitInfoList.do",), ("/archive/recruitInfoView.do",),
            "recruit", key="dataId", prefix="recruit:", rows="detail_calls", repeats=True,
        ),
        Section("notice", "공지사항", *_ETC, ("/etc/noticeList.do",), ("/etc/noticeView.do",), "notice"),
    )
}  # fmt: skip
"""Every section by name."""

MIXED = frozenset({"policy-news", "press-release", "fact-check", "card-news"})
"""What the list of one ministry's news is made of."""

MINISTRIES: dict[str, str] = {
    "A00016": "청와대", "A00004": "국무조정실", "A00001": "고용노동부", "A00033": "과학기술정보통신부",
    "A00002": "교육부", "A00038": "국가데이터처", "A00037": "국가보훈부", "A00005": "국방부", "A00006": "국토교통부",
    "A00040": "기획예산처", "A00019": "기후에너지환경부", "A00008": "농림축산식품부", "A00009": "문화체육관광부",
    "A00010": "법무부", "A00011": "법제처", "A00012": "보건복지부", "A00015": "산업통상부", "A00013": "성평등가족부",
    "A00027": "식품의약품안전처", "A00014": "외교부", "A00030": "인사혁신처", "A00041": "재정경제부",
    "A00032": "중소벤처기업부", "A00039": "지식재산처", "A00017": "통일부", "A00023": "해양수산부",
    "A00031": "행정안전부",
    "B00001": "검찰청", "B00002": "경찰청", "B00003": "관세청", "B00025": "국가유산청", "B00004": "국세청",
    "B00005": "기상청", "B00006": "농촌진흥청", "B00008": "방위사업청", "B00009": "병무청", "B00010": "산림청",
    "B00021": "새만금개발청",
}  # fmt: skip
"""Ministries by ``repCode``, as the home of ministry news links to them."""
