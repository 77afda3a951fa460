"""What the judges of the probe make of answers that no replica gives, and what else they say beside the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crawler.probe.assumption import Gathered, Handshake, Seen
from crawler.sections import SECTIONS
from tests.probes import PORTAL, judged, said, seen

REPORT = "Report it, with the bundle: "
LIST = "/briefing/pressReleaseList.do"


ROBOTS = "User-agent: *\nDisallow: {}\nSitemap: https://www.korea.kr/sitemapindex.xml\n"


def robots(*paths: str) -> Seen:
    return seen("robots", "/robots.txt", ROBOTS.format("\nDisallow: ".join(paths)), fields={})


def test_robots_txt_is_judged_once_by_what_it_forbids():
    (one,) = said("robots", robots("/nothing"))
    assert (one[0], one[2]) == ("holds", "")
    for path, number in (
        ("/common/download.do", 1), ("/docViewer/", 1), (LIST, 1), ("/news/policyNewsView.do", 1),
    ):  # fmt: skip
        (one,) = said("robots", robots(path))
        assert one[0] == "differs"
        assert one[1].startswith(f"It forbids {number} of "), path
        assert one[2].startswith("Leave those sections out of portal.sections")
    polite = "User-agent: *\nDisallow: /nothing\n# access denied to the rest"
    assert said("robots", seen("robots", "/robots.txt", polite, fields={"Content-Type": "text/plain"}))[0][0] == "holds"
    (one,) = said("robots", robots("/"))
    assert one[1].count(",") == 4
    (one,) = said("robots", seen("robots", "/robots.txt", "<html><body>없는 주소</body></html>"))
    assert one[:2] == ("differs", "What stands there is no robots.txt: “없는 주소”")
    (one,) = said("robots", seen("robots", "/robots.txt", status=404))
    assert one == ("differs", "It answers 404: all is allowed.", "Nothing to mend: without one all is allowed.")


def test_what_robots_txt_forbids_on_other_sites_is_nothing_to_the_portal():
    """Some write whole addresses into it; those of the portal are read as their paths."""
    (own,) = said("robots", robots(f"{PORTAL.base}{LIST}"))
    (others,) = said("robots", robots(f"https://elsewhere.example{LIST}"))
    assert (own[0], others[0]) == ("differs", "holds")


def test_the_sitemap_that_robots_txt_names_is_told():
    (one,) = said("robots-sitemap", seen("robots", "/robots.txt", "User-agent: *\nSitemap: https://www.korea.kr/a.xml"))
    assert one[:2] == ("differs", "It names https://www.korea.kr/a.xml.")
    two = "User-agent: *\nSitemap: https://www.korea.kr/a.xml\nSitemap: https://www.korea.kr/sitemapindex.xml"
    (one,) = said("robots-sitemap", seen("robots", "/robots.txt", two))
    assert one[:2] == ("holds", "https://www.korea.kr/sitemapindex.xml")
    assert said("crawl-delay", robots("/a")) == [("holds", "None is asked for.", "")]
    (one,) = said("crawl-delay", seen("robots", "/robots.txt", "User-agent: *\nCrawl-delay: 20"))
    assert one == ("differs", "It asks for 20 seconds.", "crawl.delay = 20")


def sitemap(question: str, *pairs: tuple[str, str], kind: str = "url") -> Seen:
    each = "".join(
        f"<{kind}><loc>{path if path.startswith('http') else PORTAL.base + path}</loc>{more}</{kind}>"
        for path, more in pairs
    )
    whole = {"url": "urlset", "sitemap": "sitemapindex"}[kind]
    return seen(question, "/sitemapindex.xml", f"<{whole}>{each}</{whole}>", fields={"Content-Type": "text/xml"})


def test_sitemaps_are_counted_by_section_and_by_date():
    index = sitemap("sitemap-index", ("/a.xml", ""), ("/b.xml", ""), kind="sitemap")
    assert said("sitemap-index", index) == [("holds", "2 sitemaps.", "")]
    news, release = "/news/policyNewsView.do?newsId=14893001", "/briefing/pressReleaseView.do?newsId=15678201"
    dated = "<lastmod>2026-03-0{}</lastmod>"
    whole = sitemap(
        "sitemap", (news + "1", dated.format(2)), (news + "2", dated.format(3)), (release + "1", dated.format(1)),
        ("/guide/faq.do", dated.format(1)), ("/news/policyNewsList.do", dated.format(1)),
        ("https://elsewhere.example" + news, dated.format(1)),
    )  # fmt: skip
    assert said("sitemap", index, whole) == [("holds", "6 addresses: 2 policy-news, 1 press-release.", "")]
    assert said("sitemap-lastmod", index, whole) == [("holds", "6 of 6; the newest is 2026-03-03.", "")]
    alone = replace(whole, question="sitemap-index")  # It is a sitemap itself.
    assert said("sitemap", alone) == said("sitemap", index, whole)
    part = sitemap("sitemap", (news + "1", dated.format(2)), (news + "2", ""))
    (one,) = said("sitemap-lastmod", index, part)
    assert one[:2] == ("differs", "1 of 2 say it.")
    (one,) = said("sitemap-lastmod", index, sitemap("sitemap"))
    assert one[:2] == ("differs", "0 of 0 say it.")
    (one,) = said("sitemap-index", seen("sitemap-index", "/sitemapindex.xml", "<html><body>x</body></html>"))
    assert one[:2] == ("differs", "It is no sitemap: “x”")
    assert one[2].startswith(REPORT)
    (one,) = said("sitemap-index", seen("sitemap-index", "/sitemapindex.xml", status=404))
    assert one[:2] == ("differs", "It answers 404.")
    assert said("sitemap", seen("sitemap-index", "/sitemapindex.xml", "x"))[0][0] == "cannot tell"


def a_list(body: str | bytes = "", section: str = "press-release", **given: Any) -> Seen:
    fields = {"Content-Type": "text/html;charset=UTF-8"} | given.pop("fields", {})
    return seen(f"list:{section}", LIST, body, fields=fields, **given)


META = "<html><head><meta charset={}></head><body>고침</body></html>"


def test_a_charset_is_what_header_page_and_bytes_say():
    good, other = a_list(META.format("utf-8")), a_list(META.format("euc-kr"), section="speech")
    assert said("charset", good) == [("holds", "1 pages.", "")]
    (one,) = judged("charset", other, good)
    assert one.how == f"{PORTAL.base}{LIST}: the header says utf-8, the page says euc-kr, the bytes are UTF-8."
    assert one.mend == "Nothing to mend: the page can be read as it is."
    assert one.evidence == other.capture.evidence
    # A page that says UTF-8 twice and is none is the one that cannot be read.
    broken = a_list(META.format("utf-8").encode() + b"\xff")
    (one,) = judged("charset", good, replace(broken, question="list:speech"))
    assert one.how.endswith("the header says utf-8, the page says utf-8, the bytes are not UTF-8.")
    assert one.mend.startswith(REPORT)
    late = a_list(" " * 4096 + META.format("utf-8"))  # Browsers look no further either.
    assert "the header says utf-8, the page says nothing" in said("charset", late)[0][1]
    silent = seen("list:speech", LIST, META.format("utf-8"), fields={})
    assert "the header says nothing, the page says utf-8" in said("charset", silent)[0][1]
    assert said("charset")[0][:2] == ("cannot tell", "No page was fetched.")
    blocked = a_list("<body>비정상적인 접근이 감지되어 차단되었습니다.</body>", section="speech")
    unread = replace(a_list("", section="speech"), unread="gzip is cut off")
    for one in (blocked, unread, a_list("", section="speech", status=404)):
        assert said("charset", one, good) == [("holds", "1 pages.", "")]


def test_coding_and_framing_are_told_as_they_are_spelt():
    assert said("compression", a_list("12345", fields={"Content-Encoding": "GZip"})) == [
        ("holds", "5 bytes for 5.", "")
    ]
    assert said("compression", a_list(fields={"Content-Encoding": "br"}))[0][1] == "It comes with br."
    assert said("framing", a_list(fields={"Transfer-Encoding": "Chunked"})) == [("holds", "HTTP/1.1, in chunks.", "")]
    assert said("framing", a_list())[0][1] == "HTTP/1.1, until the connection ends."
    failed = a_list(status=500, section="policy-news")
    assert said("framing", failed, a_list(fields={"Content-Length": "7"}))[0][1] == "HTTP/1.1, with a length of 7."


def test_the_first_page_with_a_validator_is_named():
    both = a_list("x", section="speech", fields={"ETag": '"a"', "Last-Modified": "Tue, 03 Mar 2026 00:00:00 GMT"})
    (one,) = judged("validators-pages", a_list("x"), both)
    assert one.how == f"{PORTAL.base}{LIST} carries ETag and Last-Modified."
    assert one.evidence == both.capture.evidence
    assert said("validators-pages", a_list("x")) == [("holds", "1 pages without.", "")]
    assert said("validators-pages")[0][0] == "cannot tell"


@pytest.mark.parametrize(("days", "verdict"), [(13, "differs"), (14, "holds")])
def test_a_certificate_is_worth_a_word_in_its_last_two_weeks(days, verdict):
    hand = Handshake(tls="TLSv1.3", alpn="h2", not_after="2026-03-03", days_left=days)
    assert said("tls", handshake=hand)[0][0] == verdict


def test_what_a_handshake_chose_is_quoted():
    for alpn, how in (("http/1.1", "It chose http/1.1."), (None, "It chose none.")):
        assert said("http2", handshake=Handshake(alpn=alpn))[0][:2] == ("differs", how)
    assert said("http2", handshake=Handshake(alpn="h2"))[0][0] == "holds"
    for reached, how in ((True, "The handshake failed: no."), (False, "No connection: no.")):
        assert said("http2", handshake=Handshake(failure="no", reached=reached)) == [("cannot tell", how, "")]
    assert said("http2")[0][1] == "The portal of the settings is not asked by https."


@pytest.mark.parametrize(("status", "how"), [(300, "300, on to "), (399, "399, on to "), (400, "400, with a page ")])
def test_what_leads_on_is_told_from_what_is_shown(status, how):
    (one,) = said("unknown", seen("unknown", "/x", "<body>오늘의 날씨</body>", status, location="/"))
    assert one[1].startswith(how)


@pytest.mark.parametrize(
    ("status", "location", "body", "verdict", "mend"),
    [
        (404, None, "", "holds", ""),
        (410, None, "", "holds", ""),
        (302, "/", "", "differs", "Nothing to mend: a redirect to the front page or a list"),
        (302, LIST, "", "differs", "Nothing to mend: a redirect to the front page or a list"),
        (302, "/guide/faq.do", "", "differs", REPORT),
        (302, "https://elsewhere.example/", "", "differs", REPORT),
        (302, None, "", "differs", REPORT),
        (
            200,
            None,
            "<body>존재하지 않는 게시물입니다.</body>",
            "differs",
            "Nothing to mend: its notice is understood.",
        ),
        (200, None, "<body>오늘의 날씨</body>", "differs", REPORT),
    ],
)
def test_an_id_that_nobody_has_is_judged_as_a_look_would_be(status, location, body, verdict, mend):
    path = "/news/policyNewsView.do?newsId=000"
    (one,) = said("unknown", seen("unknown", path, body, status, location=location))
    assert one[0] == verdict
    assert one[2].startswith(mend)
    assert bool(one[2]) is bool(mend)


@pytest.mark.parametrize(
    ("body", "status", "verdict"),
    [("<rss>", 200, "differs"), ("<feed>", 200, "differs"), ("<rss>", 404, "holds"), ("<html>", 200, "holds"),
     (" " * 2000 + "<rss>", 200, "holds")],
)  # fmt: skip
def test_a_feed_is_one_that_is_given_and_begins_as_one(body, status, verdict):
    assert said("rss", seen("rss", "/rss/policy.xml", body, status))[0][0] == verdict


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"status": None}, "It was refused."),
        ({"status": 401}, "was refused with status 401."),
        ({"status": 403}, "was refused with status 403."),
        ({"status": 429}, "was refused with status 429."),
        ({"status": 451}, "was refused with status 451."),
        ({"status": 499}, "answered with status 499."),
        ({"status": 500}, "failed with status 500."),
        ({"status": 503}, "failed with status 503."),
        (
            {"body": "<body>비정상적인 접근이 감지되어 차단되었습니다.</body>"},
            "A firewall's or maintenance page stood in",
        ),
        ({"status": 404}, "answered with status 404."),
        ({"truncated": "length"}, "did not come whole (length)."),
    ],
)
def test_why_an_answer_shows_nothing_is_said(given, why):
    (one,) = said("compression", a_list(**{"body": "x", **given}, section="policy-news"))
    assert (one[0], why in one[1]) == ("cannot tell", True), one
    assert said("compression")[0][1].startswith("It was not asked: ")
    unread = replace(a_list("x"), unread="gzip is cut off")
    assert said("compression", unread)[0][1].endswith(" did not come whole (gzip is cut off).")
    broken = a_list("", status=None, failure_detail="", failure=None)
    assert said("rss", replace(broken, question="rss"))[0][1].endswith("List.do: it broke off.")


def test_sections_are_judged_in_their_own_order_and_what_is_none_before_them():
    lists = [a_list("x", section=name) for name in ("speech", "press-release", "policy-news", "unheard-of")]
    assert list(Gathered(PORTAL, tuple(lists)).of_kind("list")) == [
        "unheard-of", *(name for name in SECTIONS if name in {"speech", "press-release", "policy-news"}),
    ]  # fmt: skip


def test_a_verdict_as_json_says_what_is_missing_by_none():
    (one,) = judged("rss", seen("rss", "/rss/policy.xml", "<html>"))
    told = one.as_json()
    assert one.evidence
    assert told["evidence"] == one.evidence.as_json()
    assert {name: told[name] for name in ("assumption", "subject", "verdict", "mend")} == {
        "assumption": "rss", "subject": None, "verdict": "holds", "mend": None,
    }  # fmt: skip
    (one,) = judged("rss")
    assert one.as_json()["evidence"] is None


def test_of_exchanges_that_asked_the_same_the_last_counts():
    first = seen("rss", "/rss/policy.xml", status=302)
    assert judged("rss", first, seen("rss", "/moved", "<rss>"))[0].how == f"{PORTAL.base}/moved is a feed again."


def test_what_a_start_quotes_is_cut_after_sixty_letters():
    for length, end in ((60, "가”"), (61, "가…”")):
        body = f"<body>{'가' * length}</body>"
        assert said("robots", seen("robots", "/robots.txt", body))[0][1].endswith("“" + "가" * 59 + end)
