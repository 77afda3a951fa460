"""What stands in the place of an article or a document: that it is gone, that it is withheld, that the portal fails."""

from __future__ import annotations

import re

from crawler.body import Body
from crawler.cleaning import fold
from crawler.elements import visible
from crawler.markup import parse
from storage.records import Article, Outcome

# "비정상적인 접근이 감지되어 차단되었습니다", "The requested URL was rejected ... support ID", "잠시 후 다시 시도"
_BLOCKED = re.compile(
    r"차단(?!막)|방화벽|비정상적인? (?:접근|접속|요청)|접속이? (?:원활하지|제한|폭주)|보안 ?정책|잠시 ?후 ?다시"
    r"|이용자가 많아|(?:서비스|시스템|서버) ?점검"
    r"|request(?:ed url)? (?:was )?rejected|access denied|forbidden|web ?application ?firewall|support ?id|captcha"
    r"|too many requests|rate limit|temporarily unavailable|blocked",
    re.IGNORECASE,
)
# "삭제된 게시물입니다", "존재하지 않는 기사입니다", "요청하신 페이지를 찾을 수 없습니다"
_GONE = re.compile(
    r"삭제(?:된|되었|됐|하였)|존재하지 ?않|찾을 ?수 ?없|없는 (?:기사|게시물|게시글|페이지|뉴스|글)"
    r"|(?:기사|게시물|게시글|페이지)[가이] ?없습니다|비공개 ?(?:처리|된|되었)|게시가? ?(?:종료|중단)"
    r"|(?:서비스|제공)[가이]? ?(?:종료|중단)되었|not found|no longer (?:available|exists)|has been (?:removed|deleted)",
    re.IGNORECASE,
)
# "해당 기사는 작성 부처의 요청으로 삭제되었습니다.", "존재하지 않는 게시물입니다.": alone in an article's frame
_GONE_SENTENCE = re.compile(
    r"(?:(?:해당|본|이|요청하신|찾으시는|삭제된|삭제되었거나|존재하지 ?않는|없는|비공개(?: ?(?:처리|전환))?(?:된)?"
    r"|(?:게시|서비스|제공)(?: ?기간)?[가이]? ?(?:종료|중단|만료)된) )+"
    r"(?:기사|게시물|게시글|뉴스|자료|페이지|콘텐츠|보도자료|글)(?:입니다|[이가] 없습니다|[은는이가을를]? "
    r"(?:[가-힣]+ ){0,5}?"
    r"(?:삭제 ?(?:처리)? ?(?:되었|됐|하였)습|비공개 ?(?:처리)? ?(?:되었습|됐습|입)|(?:종료|중단)(?:되었|됐)습"
    r"|존재하지 ?않습|찾을 ?수 ?없습)니다)[.!]?(?:\s|$)"
)
# "문서 변환 중입니다.", "시스템 오류가 발생하였습니다.", "HTTP Status 500": where the text of a release should stand;
# "일시적인 장애로 본문을 불러올 수 없습니다.", "기사를 표시하지 못했습니다.", "내용을 불러오는 중입니다."
_FAILING = re.compile(
    r"(?:오류|장애|에러)(?:로|로 인해|로 인하여|[가이]? ?발생(?:하여|해)) (?:[가-힣]+ ){0,6}(?:수 없|못했|못하였)습니다"
    r"|(?:본문|기사|내용|뉴스|게시물|게시글|페이지|콘텐츠|데이터|정보)[을를]? ?"
    r"(?:불러오|불러올|표시하|표시할|조회하|조회할|가져오|가져올|읽어오|읽어올)"
    r"(?: ?수 없습|지 못했습|지 못하였습|는 ?중입|는 ?데 ?실패)"
    r"|변환(?:하는)? ?중(?:입니다|이니|이오니)|변환에 ?실패|변환할 ?수 ?없습"
    r"|http status \d{3}|internal server error|bad gateway"
    r"|(?:시스템|서버|내부|일시적인|알 수 없는) ?오류(?:가? ?발생(?:하였|했)습|입)니다",
    re.IGNORECASE,
)
# "본문을 불러올 수 없습니다.": so speaks no notice that is there
_TEXTLESS = re.compile(
    r"본문[을를]? ?(?:(?:불러올|표시할|조회할|가져올|읽어올) ?수 없"
    r"|(?:불러오|표시하|조회하|가져오|읽어오)(?:지 못|는 ?데 ?실패|는 ?중입))"
)
# "시스템 점검 중입니다. 잠시 후 다시 이용해 주십시오.", "요청이 차단되었습니다": alone in an article's frame
_REFUSAL = re.compile(
    r"차단 ?되었습니다|support ?id|request(?:ed url)? was rejected|잠시 ?후 ?다시 ?(?:시도|이용|접속)", re.IGNORECASE
)
# "요청이 차단되었습니다", "Support ID: 4710…", "페이지를 찾을 수 없습니다": said by no document
_FRAMELESS = re.compile(
    r"차단 ?되었습니다|support ?id|request(?:ed url)? was rejected|access denied|too many requests|<title>\s*error"
    r"|잠시 ?후 ?다시 ?(?:시도|이용|접속)|(?:페이지|파일|문서)를 찾을 ?수 ?없습니다|not found</(?:title|h1)>",
    re.IGNORECASE,
)
# "시스템 오류가 발생하였습니다", "문서 변환 중입니다", "HTTP Status 500": all that stands where a document should
_BROKEN = re.compile(
    r"오류가? ?(?:발생|입니다)|장애가? ?발생|변환 ?(?:중|에 ?실패|할 ?수 ?없)|존재하지 ?않"
    r"|(?:서비스|제공)[가이]? ?(?:일시 ?)?중단"
    r"|http status \d|internal server error|bad gateway|unavailable|time-?out|not ?found|welcome to nginx|\berror\b",
    re.IGNORECASE,
)
# alert("존재하지 않는 게시물입니다.");
_ALERT = re.compile(r"alert\(\s*[\"']([^\"']{1,300})")
# What stands around a notice on a page of the portal: menus, rankings, banners
_CHROME = frozenset("header footer nav aside form breadcrumbs accessibility eg_info area_banner as_side".split())
_NOTICE_AT = ("main", "#container", "body")
_LONGEST_NOTICE = 1000
_LONGEST_PASTED = 300
_LONGEST_SENTENCE = 120
"""Characters; what says more is no notice."""


def what_else(text: str | bytes) -> Outcome:
    """Tell a page that says the article is gone from a firewall's and from one never seen before.

    A page that says both is taken as blocked, and one that says more than a notice does is a page of an unknown
    layout: a removal must never rest on a guess.
    """
    tree = parse(text)
    scripts = " ".join(node.text() for node in tree.css("script"))
    heading = fold(title.text()) if (title := tree.css_first("title")) is not None else ""
    notice = next((found for one in _NOTICE_AT if (found := tree.css_first(one)) is not None), None)
    said = fold(visible(notice, without=_CHROME)) if notice is not None else ""
    if len(said) > _LONGEST_NOTICE:
        return "unrecognised"
    said = " ".join((said, heading, *_ALERT.findall(scripts)))
    if _BLOCKED.search(said):
        return "blocked"
    return "gone" if _GONE.search(said) else "unrecognised"


def says_gone(text: str | bytes) -> bool:
    """Whether a page says no more than that something is not there; the text of a document may say so, too."""
    return what_else(text) == "gone"


# "HTTP Status 500 – Internal Server Error": what servers say of themselves, and no article does
_SERVERS_OWN = re.compile(r"http status \d{3}|internal server error|bad gateway|service unavailable", re.IGNORECASE)

# Looked through once: most pages have none of it behind <body>.
_PAGE, _PAGE_END = re.compile(b"<[hH][tT][mM][lL]"), re.compile(b"</[hH][tT][mM][lL]")


def holds_failure(page: bytes) -> bool:
    """Say whether another page stands in the midst of a page, and is a firewall's or an error's.

    Who pastes a text may bring a page of it along, but none that says so.
    """
    begun = next((at for one in (b"<body", b"<BODY") if (at := page.find(one)) >= 0), len(page))
    if (found := _PAGE.search(page, begun)) is None:
        return False
    end = _PAGE_END.search(page, found.end())
    text = page[found.start() : end.start() if end else len(page)].decode(errors="replace")
    body = parse(text).body
    short = body is not None and len(fold(visible(body))) <= _LONGEST_PASTED
    return short and (is_frameless(text) or _SERVERS_OWN.search(text) is not None)


# "정부24 시스템 오류로 민원 300건 지연": the words of a headline
_WORD = re.compile(r"(?<![0-9.])[가-힣][가-힣0-9]+")
# "시스템이", "오전", "화재로": words that a notice consists of; 정부24 is none
_OF_NOTICES = re.compile(
    r"(?:가져|감지|결과|고객|관리|국민|기다|기사|내용|뉴스|누리집|다시|대한민국|데이터|로그인|못했|문서|문의|바랍|반려|발생|방화벽"
    r"|변환|보도|보안|복구|본문|불러|불편|브리핑|비정상|사용|사이트|삭제|서버|서비스|시도|시스템|실패|안내|양해|에러|오류|요청|원활"
    r"|읽어|이용|인해|일시|임시|자료|작업|잠시|장애|재시도|점검|접근|접속|정보|정부|정상|정책|조회|존재|죄송|주소|주시|주십|주세|준비"
    r"|전산|화재|자원|국가|오전|오후|오늘|내일|새벽|주말|시간|기간|부터|까지|예정|공지|알림|긴급|담당|전화|이후|통신|네트워크"
    r"|중단|중입|지연|차단|찾을|처리|첨부|콘텐츠|클릭|파일|페이지|폭주|표시|현재|홈페이지|확인|화면)[가-힣]*"
)


def _is_of(article: Article, said: str) -> bool:
    """Whether a text speaks of what the headline speaks of, which a notice in the text's place does not."""
    words = _WORD.findall(" ".join((article.title, *article.subtitles)))
    own = {one for one in words if not _OF_NOTICES.fullmatch(one)}
    # 예매를, 예매가: the headline's word may bear another ending than the text's.
    return any(one in said or (len(one) > 2 and one.isalpha() and one[:-1] in said) for one in own)


def notice_of(article: Article) -> Outcome | None:
    """Tell a sentence that is all that stands in the article's frame: it is gone, or the portal or its viewer fails.

    Headline, date and ministry stand around such a notice as around a text: a frame is filled in though the text is
    not. But a notice says nothing of what its headline says. The portal's own notices may say that something is down,
    if not that their text is.
    """
    if article.images or article.viewer or len(article.body) > 2:
        return None
    said = " ".join(block.text for block in article.body)
    if len(said) > _LONGEST_SENTENCE:
        return None
    if article.section != "notice" and not _is_of(article, said):
        if _REFUSAL.search(said):
            return "blocked"
        if _FAILING.search(said):
            return "error"
    if article.section == "notice" and _TEXTLESS.search(said) and not _is_of(article, said):
        return "error"
    # What has files is no article that is gone.
    return "gone" if not article.attachments and _GONE_SENTENCE.match(said) else None


# ‘요청하신 페이지를 찾을 수 없습니다’
_QUOTED = re.compile(r"‘[^’<]{1,200}’|“[^”<]{1,200}”")


def is_frameless(text: str) -> bool:
    """Say whether a page holds words of a firewall or of an error, in its markup too, that no document says but quotes.

    What says little beside such a quotation is taken for the notice itself.
    """
    if _FRAMELESS.search(text) is None:
        return False
    without = _QUOTED.sub("", text)
    if _FRAMELESS.search(without) is not None:
        return True
    body = parse(without).body
    return body is None or len(fold(visible(body))) <= _LONGEST_SENTENCE


# "문서를 변환하는 중입니다. 잠시만 기다려 주세요.": how a portal speaks to who reads, and hardly a release
_POLITE = re.compile(r"(?:니다|세요|시오)[.!]?$")


def is_spoken(part: Body) -> bool:
    """Whether all that a page of a document says may be a portal's word to who reads; what it quotes is its own."""
    said = " ".join(block.text for block in part.blocks)
    if len(said) > _LONGEST_SENTENCE or any(mark in said for mark in "“”‘’\"'"):
        return False
    return _POLITE.search(said) is not None or said.isascii()


def says_failing(part: Body) -> bool:
    """Whether one page among a document's says nothing but that the viewer fails."""
    return is_spoken(part) and _FAILING.search(" ".join(block.text for block in part.blocks)) is not None


def says_more(body: Body) -> bool:
    """Whether a page of a document says more than any notice does."""
    return sum(len(block.text) for block in body.blocks) > _LONGEST_NOTICE


def says_broken(body: Body) -> bool:
    """Whether all that a document, or a page of one, says is that something is broken."""
    said = " ".join(block.text for block in body.blocks)
    return len(said) <= _LONGEST_SENTENCE and _BROKEN.search(said) is not None
