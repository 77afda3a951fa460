"""The pages seen on the real portal are read exactly: an observed one, and a known text in the portal's template."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from itertools import product
from pathlib import Path

import pytest

from crawler.layouts import read_page
from crawler.portal import Portal, document_pages
from storage.records import Article, Attachment, Block

SHARED = Path(__file__).parents[2] / "shared" / "portal"
OBSERVED = SHARED / "observed" / "actuallyView_148971946.html"
NEWS = SHARED / "policy-news-page.txt"
NOW = datetime(2026, 9, 20, 2, 0, tzinfo=UTC)

pytestmark = pytest.mark.skipif(
    not OBSERVED.exists() or not NEWS.exists(),
    reason="the observed pages are not part of the repository; they stand beside it where CI runs",
)


def article_of(text: str, url: str) -> Article:
    page = read_page(text, url, NOW, Portal())
    assert page.outcome == "read"
    assert page.layout == "View2026"
    assert page.article is not None
    return page.article


@pytest.mark.parametrize("path", ["/briefing/actuallyView.do", "/news/actuallyView.do"])
def test_the_observed_fact_check_is_read_exactly(path):
    read = article_of(OBSERVED.read_text(encoding="utf-8"), f"https://www.korea.kr{path}?newsId=148971946")
    document = "e97320c87c0d2e44da1a15ef34e29ab3"
    name = (
        "(설명자료) 웨스팅하우스 지분인수 등을 포함하여 대미투자 원전 프로젝트 관련 구체적인 사항은 "
        "아직 정해진 바 없음(9.15, 한경)"
    )
    assert read == Article(
        article="148971946",
        url="https://www.korea.kr/briefing/actuallyView.do?newsId=148971946",
        section="fact-check",
        title=(
            "(설명자료)웨스팅하우스 지분인수 등을 포함하여 대미투자 원전 프로젝트 관련 구체적인 사항은 "
            "아직 정해진 바 없음"
        ),
        published="2026-09-15T18:16:48+09:00",
        source="산업통상부",
        source_code="A00015",
        author=None,
        attachments=(Attachment("198552978", f"{name}.pdf"), Attachment("198552979", f"{name}.hwpx")),
        licence="KOGL-1",
        viewer=(
            f"https://www.korea.kr/docViewer/iframe_skin/doc.html?fn={document}"
            f"&rs=/docViewer/result/2026.09/15/{document}"
        ),
    )


def test_the_observed_page_names_its_documents_and_downloads():
    page = read_page(
        OBSERVED.read_text(encoding="utf-8"),
        "https://www.korea.kr/briefing/actuallyView.do?newsId=148971946",
        NOW,
        Portal(),
    )
    assert dict(page.downloads) == {
        one: f"https://www.korea.kr/common/download.do?fileId={one}" for one in ("198552978", "198552979")
    }
    assert page.article is not None
    assert page.article.viewer is not None
    folder = "https://www.korea.kr/docViewer/result/2026.09/15/e97320c87c0d2e44da1a15ef34e29ab3"
    assert document_pages(page.article.viewer)[0] == f"{folder}/e97320c87c0d2e44da1a15ef34e29ab3.files/"


def test_the_observed_page_says_the_same_without_its_structured_data():
    text = OBSERVED.read_text(encoding="utf-8").replace('"datePublished"', '"dateSeen"')
    read = article_of(text, "https://www.korea.kr/briefing/actuallyView.do?newsId=148971946")
    assert read.published == "2026-09-15T18:16:48+09:00"
    text = text.replace("article:published_time", "article:seen_time")
    assert article_of(text, "https://www.korea.kr/briefing/actuallyView.do?newsId=148971946").published == "2026-09-15"


class News:
    """The known text, cut into its parts."""

    def __init__(self) -> None:
        lines = NEWS.read_text(encoding="utf-8").split("\n")
        at = lines.index("콘텐츠 영역")
        start, end = lines.index("목록"), lines.index("이전다음기사")
        self.title, *self.subtitles, self.info = [line for line in lines[at + 1 : start] if line]
        self.paragraphs = [line for line in lines[start + 1 : end] if line.strip("\u00a0 ")]
        self.caption = next(a for a, b in zip(self.paragraphs, self.paragraphs[1:], strict=False) if a == b)
        self.around = [line for line in lines[:at] + lines[end:] if line]

    @property
    def blocks(self) -> list[Block]:
        """What the body must be read as."""
        found: list[Block] = []
        for line in self.paragraphs:
            text = line.strip("\u00a0 ")
            block = Block("caption" if text == self.caption else "paragraph", text)
            if block not in found:
                found.append(block)
        return found


SUBTITLES = {
    "one h2 in the head": ("", "<h2>{0}<br>{1}</h2>"),
    "one h2 in the head, xhtml": ("", "<h2>\n\t{0}<br />\n\t{1}\n</h2>"),
    "two h2 in the head": ("", "<h2>{0}</h2><h2>{1}</h2>"),
    "one h2 under the title": ("<h2>{0}<br/>{1}</h2>", ""),
    "two h2 under the title": ("<h2>{0}</h2>\n<h2>{1}</h2>", ""),
    "h2 under the title and again in the head": ("<h2>{0}<br>{1}</h2>", "<h2>{0}<br>{1}</h2>"),
    "div of its own": ('<div class="sub_title">{0}<br>{1}</div>', ""),
}
IMAGE = "https://www.korea.kr/newsWeb/resources/attaches/2024.06/12/9524e8b35c606cd2ab6237fc36e6f668.jpg"
CAPTIONS = {
    "figure": '<figure><img src="{src}" alt=""><figcaption>{cap}</figcaption></figure>',
    "figure, alt repeats": '<figure><img src="{src}" alt="{cap}"/><figcaption>{cap}</figcaption></figure>',
    "figure, said twice": '<figure><img src="{src}"><figcaption>{cap}<br>{cap}</figcaption></figure>',
    "photo_caption": '<p><img src="{src}" alt="{cap}"></p><p class="photo_caption">{cap}</p>',
    "photo_caption, said twice": '<p><img src="{src}" alt=""></p><p class="photo_caption">{cap}{cap}</p>',
    "paragraph repeats alt": '<p style="text-align:center"><img src="{src}" alt="{cap}"></p>\n<p>{cap}</p>',
    "same paragraph": '<p><img src="{src}" alt="{cap}"><br>{cap}</p>',
    "paragraph says it twice": '<p><img src="{src}" alt=""></p><p>{cap}<br>{cap}</p>',
    "two paragraphs": '<p><img src="{src}" alt=""></p><p>{cap}</p><p>{cap}</p>',
    "img_desc": '<div class="img_wrap"><img src="{src}" alt=""><div class="img_desc">{cap}</div></div>',
    "span img_desc": '<p><span class="img"><img src="{src}" alt="{cap}"><span class="img_desc">{cap}</span></span></p>',
    "old table": '<table><tr><td><img src="{src}" alt=""></td></tr><tr><td>{cap}</td></tr></table>',
}
BYLINES = {
    "one span": "<span>2024.06.12</span> <span>정책브리핑 선경철</span>",
    "two spans": "<span>2024.06.12</span><span>정책브리핑</span><span>선경철</span>",
    "date and byline in one": "<span>2024.06.12 정책브리핑 선경철</span>",
    "text only": "2024.06.12 정책브리핑 선경철",
    "reporter": "<span>2024.06.12</span><span>\n\t정책브리핑&nbsp;선경철 기자\n</span>",
    "link without a code": '<span>2024.06.12</span><span><a href="/news/reporterList.do">정책브리핑</a> 선경철</span>',
}
LICENCES = {
    "none": "",
    "paragraph": "<p>{note} &lt;자료출처=정책브리핑 www.korea.kr&gt;</p>",
    "paragraphs": "<p>{note}</p><p>다만, 사진의 경우 제3자에게 저작권이 있으므로 사용할 수 없습니다.</p>"
    "<p>기사 이용 시에는 출처를 반드시 표기해야 합니다.</p><p>&lt;자료출처=정책브리핑 www.korea.kr&gt;</p>",
    "lines": "<div>{note}<br>다만, 사진의 경우 사용할 수 없습니다.<br>&lt;자료출처=정책브리핑 www.korea.kr&gt;</div>",
}
NOTE = "정책브리핑의 정책뉴스자료는 「공공누리 제1유형:출처표시」의 조건에 따라 자유롭게 이용이 가능합니다."


def page_of(news: News, subtitles: str, caption: str, byline: str, licence: str) -> str:
    """Put the text into the portal's template of 2026."""
    under, head = (one.format(*map(escape, news.subtitles)) for one in SUBTITLES[subtitles])
    body: list[str] = []
    for line in dict.fromkeys(news.paragraphs):
        if line == news.caption:
            body.append(CAPTIONS[caption].format(src=IMAGE, cap=escape(line)))
        else:
            body.append(f"<p>{escape(line)}</p>".replace("\u00a0", "&nbsp;"))
    body.append(LICENCES[licence].format(note=NOTE))
    rules = "".join(f"<li>{escape(line.strip(' •'))}</li>" for line in news.around if line.startswith("  •"))
    others = [line for line in news.around if not line.startswith("  •")]
    link = '<a href="/news/policyNewsView.do?newsId=148930001&pWise=sub&pWiseSub=R1"><span class="text">{}</span></a>'
    ranking = "".join(f"<li>{link.format(escape(line))}</li>" for line in others)
    return f"""<!DOCTYPE html>
<html lang="ko"><head><meta charset="UTF-8"><title>{escape(news.title)} - 정책뉴스 | 뉴스 | 대한민국 정책브리핑</title>
<link rel="canonical" href="https://www.korea.kr/news/policyNewsView.do?newsId=148930267"/>
<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "2024-06-12"}}</script></head>
<body><div class="accessibility"><a href="#main">{escape(others[0])}</a></div>
<header id="header"><h2>{escape(others[1])}</h2></header>
<main id="main" class="sub view"><div class="breadcrumbs"><h2 class="sr-only">사이트 이동경로</h2></div>
<section class="area_contents" id="container"><h2 class="sr-only">콘텐츠 영역</h2>
<aside class="as_sns"><ul><li>공감수</li></ul></aside>
<div class="view_title"><h1>{escape(news.title)}</h1>{under}</div>
<div class="article_wrap"><div class="container"><div class="article_head">
<input type="hidden" id="titleText" value="{escape(news.title)}" />{head}
<div class="variety"><div class="info">{BYLINES[byline]}</div>
<div class="tool"><b>글자크기 설정</b><a class="print"><i class="tooltip">인쇄하기</i></a>
<a href="#goList" class="lst"><span>목록</span></a></div></div>
</div><div class="article_body"><div class="view_cont">
{chr(10).join(body)}
</div></div><div class="article_footer">
<section class="area_page"><h2 class="sr-only">이전다음기사 영역</h2>
<a class="next"><span>다음기사</span><strong>{escape(others[-5])}</strong></a></section>
<div class="livereInfo"><p>정책브리핑 게시물 운영원칙</p><ul>{rules}</ul></div>
<div class="related"><strong>관련기사</strong>
<div class="rbody"><h2 class="hidden">x</h2><ul class="rlst"><li>&nbsp;</li></ul></div></div>
</div></div></div>
<aside class="as_side"><h2 class="title">실시간 인기뉴스 <i>09.20. 11:07 기준</i></h2><ol>{ranking}</ol></aside>
</section><section class="area_banner"><h2 class="sr-only">하단 배너 영역</h2>
<h2>추천 뉴스</h2>{ranking}</section></main>
<footer id="footer"><h2>공지사항</h2><address>정부세종청사</address></footer></body></html>"""


def variants() -> list[tuple[str, str, str, str]]:
    """Give every subtitle with every caption, and every byline and licence at least once."""
    bylines, licences = list(BYLINES), list(LICENCES)
    return [
        (subtitles, caption, bylines[number % len(bylines)], licences[number % len(licences)])
        for number, (subtitles, caption) in enumerate(product(SUBTITLES, CAPTIONS))
    ] + [("one h2 in the head", "figure", byline, licence) for byline, licence in product(bylines, licences)]


@pytest.mark.parametrize("variant", variants(), ids=" | ".join)
def test_the_known_policy_news_is_read_exactly_in_the_template(variant):
    news = News()
    read = article_of(page_of(news, *variant), "https://www.korea.kr/news/policyNewsView.do?newsId=148930267")
    assert read.title == "한-카자흐스탄, 핵심광물 탐사·채굴·제련 등 전과정 협력 강화"
    assert read.subtitles == (
        "윤 대통령, 토카예프 대통령과 정상회담…핵심광물 공급망 협력 MOU 체결",
        "경제성 있는 광물 개발에 한국 기업 우선 참여, 에너지 인프라 확충 등 협력",
    )
    assert read.published == "2024-06-12"
    assert (read.source, read.source_code, read.author) == ("정책브리핑", None, "선경철")
    assert list(read.body) == news.blocks
    assert [(one.src, one.caption) for one in read.images] == [(IMAGE, news.caption)]
    assert read.licence == (None if variant[3] == "none" else "KOGL-1")
    assert read.attachments == ()
    assert read.section == "policy-news"


def test_the_known_policy_news_has_what_the_checks_above_rest_on():
    news = News()
    assert len(news.paragraphs) == 17
    assert news.paragraphs.count(news.caption) == 2
    assert len(news.blocks) == 16
    assert any("\u00a0" in block.text for block in news.blocks)
    assert not any(block.text != block.text.strip("\u00a0 ") for block in news.blocks)
    assert news.blocks[8].kind == "caption"
