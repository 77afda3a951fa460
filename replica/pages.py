"""Render the portal's pages from their templates."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from replica.article import KOGL_TYPES, Article, Attachment, Block
from replica.listing import Listing
from replica.noise import Noise
from replica.sections import MINISTRIES, MIXED, SECTIONS, Section
from replica.switches import Switches
from replica.truth import picture_address

PER_DOCUMENT_PAGE = 12
"""Blocks on one text page of the document viewer."""

ICONS = {
    "pdf": ("/images/common/icon/icon_ipdf.gif", "PDF파일"),
    "hwp": ("/images/common/icon/icon_ihangul.gif", "한글파일"),
    "hwpx": ("/images/common/icon/icon_ihangul.gif", "한글파일"),
}
OTHER_ICON = ("/images/icon/icon_isetup.gif", "첨부파일")

RULES = (
    "1. 타인의 메일주소, 전화번호, 주민등록번호 등의 개인정보 또는 해당 정보를 게재하는 경우",
    "2. 확인되지 않은 내용으로 타인의 명예를 훼손시키는 경우",
    "3. 공공질서 및 미풍양속에 위반되는 내용을 유포하거나 링크시키는 경우",
    "4. 욕설 및 비속어의 사용 및 특정 인종, 성별, 지역 또는 특정한 정치적 견해를 비하하는 용어를 게시하는 경우",
    "5. 불법복제, 바이러스, 해킹 등을 조장하는 내용인 경우",
    "6. 영리를 목적으로 하는 광고 또는 특정 개인(단체)의 홍보성 글인 경우",
    "7. 타인의 저작물(기사, 사진 등 링크)을 무단으로 게시하여 저작권 침해에 해당하는 글",
    "8. 범죄와 관련있거나 범죄를 유도하는 행위 및 관련 내용을 게시한 경우",
    "9. 공인이나 특정이슈와 관련된 당사자 및 당사자의 주변인, 지인 등을 가장 또는 사칭하여 글을 게시하는 경우",
    "10. 해당 기사나 게시글의 내용과 관련없는 특정 의견, 주장, 정보 등을 게시하는 경우",
    "11. 동일한 제목, 내용의 글 또는 일부분만 변경해서 글을 반복 게재하는 경우",
    "12. 기타 관계법령에 위배된다고 판단되는 경우",
    "13. 수사기관 등의 공식적인 요청이 있는 경우",
)
"""The portal's rules for comments, which stand on every article page."""

_TEMPLATES = {
    "2026": "article_2026.html",
    "classic": "article_classic.html",
    "inline2022": "article_classic.html",
    "viewcont": "article_viewcont.html",
    "archive": "article_archive.html",
    "mobile": "article_mobile.html",
    "next": "article_next.html",
}
_LISTS = {
    "list_type": "list.html",
    "detail_calls": "list_detail.html",
    "speech_table": "list_speech.html",
    "briefing_table": "list_table.html",
    "council": "list_council.html",
    "grid": "list_grid.html",
}
_TABLE_KEYS = {"press-release": "GMN", "recruit": "GBD", "expert-document": "GMN"}
_FORMS = ("figure", "photo_caption", "img_desc")
"""The three ways in which a caption stands by its picture."""


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds an article or a list on its page: the rendering, the origin, the other articles."""

    noise: Noise
    origin: str
    others: Sequence[Article]

    @property
    def context(self) -> dict[str, Any]:
        """The names every template knows."""
        return {
            "noise": self.noise,
            "origin": self.origin,
            "ranking": self.noise.some(self.others, 6),
            "popular": self.noise.some(self.others, 5, 3),
            "newest": list(self.others[:5]),
            "media": self.noise.some(self.others, 4, 5),
            "banner": self.noise.some(self.others, 3, 2),
            "sections": SECTIONS,
            "others": self.others,
        }


class Pages:
    """The portal's templates."""

    def article(
        self, article: Article, around: Around, switches: Switches, *, place: Section, mobile: bool = False
    ) -> str:
        """Render an article's page in the template it was published in, or in the one that the switches order.

        Args:
            article: What the page says.
            around: What surrounds it.
            switches: How the page is built where that is open.
            place: The section it is shown in.
            mobile: Whether the mobile host was asked.
        """
        section = [one for one in around.others if one.section == article.section]
        at = next((number for number, one in enumerate(section) if one.id == article.id), 0)
        newer = section[at - 1] if at > 0 and around.noise.n % 4 else None
        own = switches.shared_canonical == "own" and place.name != article.section
        return self._render(
            _TEMPLATES[_template(article, place, switches, mobile=mobile)],
            around,
            article=article,
            place=place,
            canonical=f"{place.view}?{place.key}={article.number}" if own else article.address,
            pieces=pieces_of(article, around.origin, switches.captions),
            linked_data=_linked_data(article, place),
            files=[(one, *icon_of(one)) for one in article.attachments],
            table_key=_TABLE_KEYS.get(article.section, ""),
            licence_words=KOGL_TYPES.get(article.licence, ""),
            subtitles_in=switches.subtitles_in,
            viewer=switches.viewer,
            older=section[at + 1] if at + 1 < len(section) else None,
            newer=newer,
            rules=RULES,
        )

    def list(self, place: Section, found: Listing, around: Around, switches: Switches) -> str:
        """Render one page of a list."""
        rows = place.rows if switches.rows == "own" else switches.rows
        shown = [one for one in found.rows for _ in range(2 if place.repeats else 1)]
        return self._render(_LISTS[rows], around, place=place, found=found, shown=shown, switches=switches)

    def ways_in(self, place: Section, around: Around) -> str:
        """Render the home of focuses or of ministry news: links to the lists of one package or one ministry each."""
        packages: dict[str, Article] = {}
        for one in around.others:
            if one.package:
                packages.setdefault(one.package, one)
        codes = {one.source_code for one in around.others if one.section in MIXED}
        ministries = [(code, name) for code, name in MINISTRIES.items() if code in codes]
        name = "focus_home.html" if place.name == "policy-focus" else "ministry_home.html"
        return self._render(name, around, place=place, packages=list(packages.values()), ministries=ministries)

    def contents(self, article: Article, around: Around) -> str:
        """Render the body alone, as the open API carries it."""
        pieces = pieces_of(article, around.origin, "mixed")
        return self._render("body.html", around, article=article, pieces=pieces, licence_words="", told=False)

    def document(self, article: Article, blocks: Sequence[Block], around: Around, *, whole: bool) -> str:
        """Render text of the document viewer; ``whole`` for its XHTML form that holds all pages."""
        words = [(one, _spans(one.plain), [[_spans(cell) for cell in row] for row in one.rows]) for one in blocks]
        return self._render("document.html", around, article=article, words=words, whole=whole)

    def plain(self, name: str, around: Around, **context: object) -> str:
        """Render a page that needs nothing computed: front page, errors, robots, sitemaps, viewer frames."""
        return self._render(name, around, **context)

    def _render(self, name: str, around: Around, **context: object) -> str:
        return _environment().get_template(name).render(**around.context, **context)


@cache
def _environment() -> Environment:
    """Give the templates, compiled once for all portals of a process: that takes longer than most pages."""
    made = Environment(
        loader=PackageLoader("replica"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False}
    return made


def document_pages(article: Article) -> list[tuple[Block, ...]]:
    """Cut an article's text into the viewer's pages."""
    blocks = tuple(one for one in article.body if one.plain)
    return [blocks[at : at + PER_DOCUMENT_PAGE] for at in range(0, len(blocks), PER_DOCUMENT_PAGE)]


def _template(article: Article, place: Section, switches: Switches, *, mobile: bool) -> str:
    """Name the template of an article's page: archive pages keep theirs unless a new one is ordered."""
    ordered = not switches.template_sections or place.name in switches.template_sections
    if ordered and switches.template != "own" and (switches.template == "next" or article.template != "archive"):
        return switches.template
    return "mobile" if mobile and article.template != "archive" else article.template


def icon_of(attachment: Attachment) -> tuple[str, str]:
    """Give address and alternative text of the icon before an attachment's name."""
    return ICONS.get(attachment.suffix, OTHER_ICON)


def pieces_of(article: Article, origin: str, captions: str) -> list[dict[str, Any]]:
    """Group neighbouring list items, and let photos take the portal's forms in turn, or the one form ordered."""
    pieces: list[dict[str, Any]] = []
    photos = int(article.number)
    for block in article.body:
        if block.kind == "list-item" and pieces and pieces[-1]["kind"] == "list-item":
            pieces[-1]["items"].append(block.text)
            continue
        piece: dict[str, Any] = {"kind": block.kind, "block": block, "items": [block.text]}
        if block.kind == "photo":
            piece["form"] = _FORMS[photos % 3] if captions == "mixed" else captions
            piece["src"] = picture_address(block, origin)
            photos += 1
        pieces.append(piece)
    return pieces


def _spans(text: str) -> list[str]:
    """Split text into runs of 1 to 8 characters, in the middle of words, as the viewer's converter does."""
    lengths = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    parts: list[str] = []
    at = 0
    while at < len(text):
        length = lengths[len(parts) % len(lengths)] % 8 + 1
        parts.append(text[at : at + length])
        at += length
    return parts


def _linked_data(article: Article, place: Section) -> dict[str, Any]:
    """Describe the article as schema.org's NewsArticle; there is no ``dateModified``, as on the portal."""
    time = f"{article.published}+09:00" if "T" in article.published else article.published
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": f"https://www.korea.kr{article.address}"},
        "headline": article.title,
        "keyword": place.label,
        "datePublished": time,
        "author": {"@type": "Organization", "name": article.source},
        "publisher": {
            "@type": "Organization",
            "name": "대한민국 정책브리핑",
            "logo": {"@type": "ImageObject", "url": "https://www.korea.kr/images/v5/common/og_logo.png"},
        },
        "description": article.lead,
    }
