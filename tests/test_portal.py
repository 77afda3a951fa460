"""Any link of the portal has one filing address and one article id, and no link leads out of the portal."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.portal import Address, Portal, document_pages
from crawler.sections import SECTIONS

REAL = Portal()
REPLICA = Portal("http://127.0.0.1:8080")
CANONICAL = "https://www.korea.kr/briefing/actuallyView.do?newsId=148971946"

HOSTS = (
    "https://www.korea.kr",
    "http://www.korea.kr",
    "https://m.korea.kr",
    "http://m.korea.kr",
    "https://korea.kr",
    "https://admin.korea.kr",
    "https://admin2.korea.kr",
    "https://WWW.Korea.KR",
    "https://www.korea.kr:443",
    "http://www.korea.kr:80",
    "//www.korea.kr",
    "",
)
NOISE = (
    *(f"pWise={one}" for one in ("main", "sub", "mSub", "mostViewNewsSub")),
    "pWiseMain=F1",
    *(f"pWiseSub={one}" for one in ("J1", "J2", "R1", "R6", "B1", "C1", "D1", "I1", "O1")),
    "pWiseMinistry=ministryNews",
    *(f"call_from={one}" for one in ("rsslink", "openData", "naver_news", "media_daum_bottom")),
    "pageIndex=3",
    "repCode=A00015",
    "repCode=",
    "repCodeType=정부부처",
    "srchWord=%EC%98%88%EC%82%B0",
    "startDate=2025-09-20",
    "endDate=2026-09-20",
    "period=direct",
    "gubun=",
    "cateId=fact",
    "smenu=EDS01",
    "1=1",
)

noise = st.lists(st.sampled_from(NOISE), max_size=6)
hosts = st.sampled_from(HOSTS)
views = st.sampled_from([(section, view) for section in SECTIONS.values() for view in section.views])
ids = st.integers(100_000_000, 999_999_999).map(str)


@pytest.mark.parametrize("host", HOSTS)
def test_every_host_of_the_portal_is_the_canonical_one(host):
    assert REAL.address(f"{host}/briefing/actuallyView.do?newsId=148971946") == Address(
        CANONICAL, "article", "148971946", "fact-check"
    )


@pytest.mark.parametrize("parameter", NOISE)
@pytest.mark.parametrize("ampersand", ["&", "&amp;", "&#38;", "&#x26;"])
def test_noise_before_and_after_the_id_is_dropped(parameter, ampersand):
    link = f"/briefing/actuallyView.do?{parameter}{ampersand}newsId=148971946{ampersand}{parameter}#goList"
    address = REAL.address(link)
    assert address is not None
    assert address.url == CANONICAL


@pytest.mark.parametrize(
    "link",
    [
        "goView('/briefing/actuallyView.do?newsId=148971946&pWise=sub&pWiseSub=J1')",
        "javascript:goView('/briefing/actuallyView.do?newsId=148971946','');",
        'goView( "/briefing/actuallyView.do?newsId=148971946" )',
        "goDetailView('https://www.korea.kr/briefing/actuallyView.do?newsId=148971946&amp;pWise=main')",
        "  /briefing/actuallyView.do?newsId=148971946 \n",
        "/briefing/actuallyView.do;jsessionid=A1B2C3.node10?newsId=148971946",
        "/briefing/actuallyView.do;JSESSIONID_KOREA=x9!-21?newsId=148971946&pWise=sub",
        "/news/actuallyView.do?newsId=148971946",
        "/news/actuallyView.do?newsId=%20148971946%0A",
        "/briefing/actuallyView.do?newsId=148971946&newsId=148971947",
        "/briefing/actuallyView.do?newsId=148971946?call_from=rsslink",
        "/policy/actuallyView.do?newsId=148971946",
        "'/briefing/actuallyView.do?newsId=148971946'",
        "&quot;/briefing/actuallyView.do?newsId=148971946&quot;".replace("&quot;", '"'),
        "location.href='/briefing/actuallyView.do?newsId=148971946&pWise=main'",
        "javascript:window.open('/briefing/actuallyView.do?newsId=148971946')",
        "<https://www.korea.kr/briefing/actuallyView.do?newsId=148971946>",
        "https://www.korea.kr/briefing/actuallyView.do?newsId=148971946\u200b",
        "https://www.korea.kr./briefing/actuallyView.do?newsId=148971946",
        "https://www.korea。kr/briefing/actuallyView.do?newsId=148971946",
        "https://ｗｗｗ.Korea.kr:443/briefing/actuallyView.do?newsId=148971946",
        "/briefing/%61ctually%56iew.do?newsId=148971946",
    ],
)
def test_scripts_old_paths_and_session_ids_lead_to_the_same_article(link):
    address = REAL.address(link)
    assert address is not None
    assert (address.url, address.article) == (CANONICAL, "148971946")


def test_a_relative_link_is_read_from_its_page():
    address = REAL.address("actuallyView.do?newsId=148971946", "https://m.korea.kr/briefing/actuallyList.do")
    assert address is not None
    assert address.url == CANONICAL


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/news/policyNewsView.do", "policy-news"),
        ("/policy/mainView.do", "policy-news"),
        ("/news/top50View.do", "policy-news"),
        ("/news/policyFocusView.do", "policy-focus"),
        ("/special/policyFocusView.do", "policy-focus"),
        ("/multi/visualNewsView.do", "card-news"),
        ("/news/visualNewsView.do", "card-news"),
        ("/video/index.html", "video"),
        ("/etc/noticeView.do", "notice"),
        ("/briefing/pressReleaseView.do", "press-release"),
        ("/news/pressReleaseView.do", "press-release"),
        ("/briefing/actuallyView.do", "fact-check"),
        ("/news/actuallyView.do", "fact-check"),
        ("/briefing/policyBriefingView.do", "briefing"),
        ("/news/policyBriefingView.do", "briefing"),
    ],
)
def test_the_section_comes_from_the_path_and_never_from_the_id(path, section):
    for article in ("148971946", "156782518", "132038885", "140069635"):
        address = REAL.address(f"{path}?newsId={article}")
        assert address is not None
        assert (address.section, address.article) == (section, article)
        assert urlsplit(address.url).path == SECTIONS[section].views[0]


@pytest.mark.parametrize(
    ("link", "article", "url"),
    [
        ("/archive/expDocView.do?group=S&amp;docId=41730", "expdoc:41730", "/archive/expDocView.do?docId=41730"),
        ("/archive/recruitInfoView.do?dataId=393231", "recruit:393231", "/archive/recruitInfoView.do?dataId=393231"),
        ("/multi/policyPhotoView.do?bbsKey=73389", "photo:73389", "/multi/policyPhotoView.do?bbsKey=73389"),
        (
            "/news/policyFocusView.do?pkgId=49500845&newsId=148971946",
            "148971946",
            "/news/policyFocusView.do?newsId=148971946",
        ),
        ("/news/columnView.do?newsId=148971946", "148971946", "/news/columnView.do?newsId=148971946"),
        (
            "/policy/mainView.do;JSESSIONID_KOREA=a!1?newsId=148764392",
            "148764392",
            "/news/policyNewsView.do?newsId=148764392",
        ),
    ],
)
def test_every_key_names_an_article_of_its_own_numbering(link, article, url):
    address = REAL.address(link)
    assert address is not None
    assert (address.article, address.url) == (article, REAL.base + url)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/news/policyFocusList.do?1=1&pkgId=49500845&pageIndex=2", "/news/policyFocusList.do?pkgId=49500845"),
        ("/news/ministryNewsList.do?repCodeType=&amp;repCode=A00015", "/news/ministryNewsList.do?repCode=A00015"),
        ("/news/ministryNewsList.do?repCode=", "/news/ministryNewsList.do"),
        ("/archive/expDocList.do?group=S", "/archive/expDocList.do?group=S"),
        ("/briefing/actuallyList.do?pageIndex=2&repCode=A00015", "/briefing/actuallyList.do"),
        ("/video/index.html?pWise=main", "/video/index.html"),
        ("pageLink(2); return false;", "/briefing/actuallyList.do"),
        ("javascript:pageLink('3');", "/briefing/actuallyList.do"),
        ("#goList", "/briefing/actuallyList.do"),
    ],
)
def test_a_list_keeps_of_its_query_only_what_tells_it_from_other_lists(link, url):
    address = REAL.address(link, "https://www.korea.kr/briefing/actuallyList.do?pageIndex=1")
    assert address is not None
    assert (address.role, address.url) == ("list", REAL.base + url)


@pytest.mark.parametrize(
    ("link", "role"),
    [
        ("/", "front"),
        ("/main.do", "front"),
        ("/robots.txt", "robots"),
        ("/common/download.do?fileId=198552978&tblKey=GMN", "attachment"),
        ("/docViewer/iframe_skin/doc.html?fn=e9&rs=/docViewer/result/2026.09/15/e9", "document"),
        ("/newsWeb/resources/attaches/2026.09/18/d3ee8b5ebe233f22.jpg", "image"),
        ("/briefing/actuallyList.do?pageIndex=2", "list"),
        ("/news/policyFocusList.do?pkgId=49500845&pWise=sub", "list"),
        ("/sitemapindex.xml", "sitemap"),
        ("/sitemap/news_sitemap_1.xml.gz", "other"),
        ("/sitemap/sitemap_news_1.xml.gz", "sitemap"),
        ("/1371000/policyNewsService2/policyNewsList2?serviceKey=k&startDate=20261001", "api"),
        ("/common/docViewer.do?fileId=198552978&amp;tblKey=GMN", "document"),
        ("/news/ministryNewsList.do?repCode=A00015", "list"),
        ("/multi/policyPhotoView.do?newsId=73389", "other"),
        ("/briefing/actuallyView.do", "other"),
        ("/briefing/actuallyView.do?newsId=", "other"),
        ("/briefing/actuallyView.do?newsId=../../etc", "other"),
        ("/briefing/actuallyView.do?newsId=1%0A2", "other"),
    ],
)
def test_what_is_no_article_gets_its_role(link, role):
    address = REAL.address(link)
    assert address is not None
    assert address.role == role
    assert address.article is None


def test_other_parameters_of_a_file_keep_their_names():
    assert REAL.local("/common/download.do?a=1&section=2&copy=3&amp;fileId=4") == (
        "https://www.korea.kr/common/download.do?a=1&section=2&copy=3&fileId=4"
    )


@pytest.mark.parametrize(
    "link",
    [
        "https://korea.kr.evil.com/briefing/actuallyView.do?newsId=148971946",
        "https://www.korea.kr@evil.com/briefing/actuallyView.do?newsId=148971946",
        "https://user:pass@www.korea.kr/briefing/actuallyView.do?newsId=148971946",
        "https://@www.korea.kr/",
        "https://www.korea.kr\\@evil.com/",
        "https://evil.com\\@www.korea.kr/",
        "https://www.korea.kr:8443/briefing/actuallyView.do?newsId=148971946",
        "https://www.korea.kr:0/",
        "https://www.korea.kr:port/",
        "https://www.korea.kr:99999/",
        "https://gonggam.korea.kr/",
        "https://reporter.korea.kr/news/1",
        "https://evilkorea.kr/",
        "//evil.com/briefing/actuallyView.do?newsId=148971946",
        "///evil.com//x",
        "ftp://www.korea.kr/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "javascript:goView('//evil.com/briefing/actuallyView.do?newsId=1')",
        "data:text/html,x",
        "mailto:webmaster@korea.kr",
        "http://[::1]/",
        "http://[::1",
        "http://[v1.x]/",
        "https://www.korea.kr\uff0fevil.com/",
        "https://www.korea.kr。evil.com/",
        "/\ud800",
        "/?" + "a" * 5000,
    ],
)
def test_a_hostile_link_is_no_link_of_the_portal(link):
    found = REAL.local(link)
    # A link of slashes alone names no host; it may only stay inside.
    assert found is None or (link.startswith("///") and found.startswith("https://www.korea.kr/"))


@pytest.mark.parametrize(
    "link", ["/\\evil.com", "\\\\evil.com", "https:\\\\evil.com", "/\x00\x1b[2J", "/a\tb\nc", "/<>\"'`{}"]
)
def test_backslashes_and_control_characters_are_quoted_away(link):
    found = REAL.local(link)
    assert found is not None
    assert found.startswith("https://www.korea.kr/")
    assert found.isascii()
    assert found.isprintable()
    assert "\\" not in found


def test_the_real_hosts_on_a_replica_page_are_the_replica():
    address = REPLICA.address("https://m.korea.kr/news/policyNewsView.do?newsId=148930011&pWise=sub")
    assert address is not None
    assert address.url == "http://127.0.0.1:8080/news/policyNewsView.do?newsId=148930011"
    assert REPLICA.local("http://127.0.0.1:8081/") is None
    assert REPLICA.local("http://127.0.0.1/") is None


def test_an_ipv6_replica_has_its_own_links():
    portal = Portal("http://[::1]:8080")
    assert portal.local("/robots.txt") == "http://[::1]:8080/robots.txt"
    assert portal.local("http://[::2]:8080/") is None


@pytest.mark.parametrize(
    "base", ["https://m.korea.kr", "https://korea.kr/", "https://www.korea.kr:443", "http://www.korea.kr"]
)
def test_the_real_portal_by_any_of_its_names_files_under_one(base):
    assert Portal(base).base == "https://www.korea.kr"


@pytest.mark.parametrize(
    ("base", "asked"),
    [
        ("https://정책.한국", "https://xn--2y5bq0f.xn--3e0b707e"),
        ("https://xn--2y5bq0f.xn--3e0b707e.", "https://xn--2y5bq0f.xn--3e0b707e"),
        ("HTTP://LocalHost:8080/", "http://localhost:8080"),
        ("http://localhost:80", "http://localhost:80"),
    ],
)
def test_a_portal_is_asked_under_its_host_as_it_goes_over_the_wire(base, asked):
    portal = Portal(base)
    for link in (base, asked):
        address = portal.address(f"{link.rstrip('/')}/news/policyNewsView.do?newsId=148971946")
        assert address is not None
        assert address.url == f"{asked}/news/policyNewsView.do?newsId=148971946"
        assert portal.allows(address.url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:80801/",
        "http://127.0.0.1:8080.evil.com/",
        "http://127.0.0.1:8080@evil.com/",
        "https://127.0.0.1:8080/",
    ],
)
def test_a_request_goes_only_to_the_configured_origin(url):
    assert not REPLICA.allows(url)
    assert REPLICA.allows("http://127.0.0.1:8080")
    assert REPLICA.allows("http://127.0.0.1:8080/robots.txt")


def test_a_viewer_names_the_addresses_of_its_text():
    numbered, single = document_pages(
        "https://www.korea.kr/docViewer/iframe_skin/doc.html?fn=e9&rs=/docViewer/result/2026.09/15/e9"
    )
    assert numbered == "https://www.korea.kr/docViewer/result/2026.09/15/e9/e9.files/"
    assert single == "https://www.korea.kr/docViewer/result/2026.09/15/e9/e9.view.xhtml"


@pytest.mark.parametrize(
    "folder", ["@evil.com/x", "//evil.com/x", "https://evil.com/x", ".evil.com", ":80@evil.com", "//[", ""]
)
def test_a_viewer_address_cannot_name_another_host(folder):
    for url in document_pages(f"https://www.korea.kr/docViewer/iframe_skin/doc.html?fn=e9&rs={folder}"):
        assert urlsplit(url).netloc == "www.korea.kr"
        assert REAL.allows(url)


@given(hosts, views, ids, noise, noise, st.sampled_from(["&", "&amp;"]))
def test_noise_never_changes_article_or_address(host, view, article, before, after, ampersand):
    section, path = view
    query = ampersand.join((*before, f"{section.key}={article}", *after))
    address = REAL.address(f"{host}{path}?{query}")
    canonical = f"https://www.korea.kr{section.views[0]}?{section.key}={article}"
    assert address == Address(canonical, "article", section.prefix + article, section.name)


KEYS = ("newsId", "docId", "dataId", "bbsKey", "pkgId", "repCode", "group")
every_path = st.sampled_from(
    [path for one in SECTIONS.values() for path in (*one.views, *one.own_views, *(listed.path for listed in one.lists))]
)
links = st.one_of(
    st.text(max_size=60),
    st.builds(
        "{}{}?{}".format, hosts, st.sampled_from(["/", "//x", "/a;jsessionid=1", "/a b", "/é"]), st.text(max_size=30)
    ),
    st.builds("{}{}?{}={}".format, hosts, every_path, st.sampled_from(KEYS), st.text(max_size=12)),
    st.builds("{}{}?{}={}&{}".format, hosts, every_path, st.sampled_from(KEYS), ids, st.text(max_size=12)),
    st.builds("goView('{}?{}={}','')".format, every_path, st.sampled_from(KEYS), ids),
)


@given(links)
@example("https://www.korea.kr//evil.com//x")
@example("/?a=&amp;amp;b")
@example("/?a=goView('/b')")
@example("goView('goView('/b')')")
@example("/?srchWord=" + 1_000 * "가")
@example("/" + 4_090 * "a")
def test_a_canonical_address_is_its_own_canonical_address(link):
    for portal in (REAL, REPLICA):
        address = portal.address(link)
        if address is not None:
            assert portal.address(address.url) == address


@given(links, st.one_of(st.none(), st.just("https://www.korea.kr/news/x.do"), st.just("http://127.0.0.1:8080/a/b")))
@example("https://www.korea.kr\\@evil.com", None)
def test_no_link_leads_out_of_the_portal(link, page):
    for portal in (REAL, REPLICA):
        found = portal.local(link, page)
        if found is not None:
            assert portal.allows(found)
            assert urlsplit(found).netloc == urlsplit(portal.base).netloc
            assert found.isascii()
            assert portal.local(found) == found


@given(
    st.sampled_from((*HOSTS, "http://127.0.0.1:8080", "http://127.0.0.1:8081", "https://www.korea.kr.example.com")),
    st.text(alphabet=st.sampled_from("/a9.?=&-_%;#~ 가"), max_size=14),
    st.sampled_from((None, "https://www.korea.kr/news/x.do", "http://127.0.0.1:8080/a/b", "https://example.com/a/b")),
)
def test_a_link_that_is_read_at_one_glance_is_read_as_any_other(host, rest, page):
    # With a blank in front, which counts for nothing, it is taken apart as every unusual link is.
    for portal in (REAL, REPLICA):
        assert portal.local(host + rest, page) == portal.local(f" {host}{rest}", page)
