"""On replicas that differ in each open point the probe says so, and says that it holds where it does."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest

from crawler.portal import Portal as Addresses
from crawler.probe import ASSUMPTIONS
from crawler.probe.assumption import Gathered, Handshake
from crawler.probe.handshake import shake_hands
from crawler.probe.lists import ROWS_A_PAGE
from replica.exchange import Answer, Request
from replica.noise import Noise
from replica.portal import Portal
from replica.server import serve
from replica.switches import Switches
from storage.errors import RunEndedEarly
from storage.warc_reader import iter_records
from tests import api_server as api
from tests.probes import Probe, only, probe
from tests.wire_server import make_authority, wire_server

PORTALS = {
    "as assumed": {"page_size": 2},
    "otherwise": {
        "page_size": 2, "sitemap": "single", "charset": "euc-kr", "compression": "none",
        "framing": "length", "validators": "honest", "validated": "everything", "unknown": "alert",
        "subtitles_in": "view_title", "captions": "inline", "viewer": "view.xhtml", "paging": "both",
        "filters": "ignored", "rows": "speech_table", "unconfirmed_lists": "missing", "download_type": "own",
        "download_name": "none", "template": "2026",
    },
    "older": {
        "robots": "missing", "sitemap": "missing", "template": "classic", "paging": "get", "page_size": 2,
        "unknown": "redirect", "charset": "utf-8-said-euc-kr", "files": "error-page", "viewer": "broken",
        "download_name": "euc-kr",
    },
    "never seen": {"template": "next", "missing_sections": ("press-release",)},
    "broken": {"files": "truncated"},
    "forbidding": {"robots": "forbidding"},
    "spoilt": {},
    "lying": {"validators": "lying", "files": "other-format", "download_name": "star"},
}  # fmt: skip
"""Replicas by name: the switches that are turned."""
SECTIONS = ("policy-news", "press-release", "photo", "speech")


SPOILT = {
    "/robots.txt": (r"Sitemap:.*", "Crawl-delay: 0.05"),
    "/rss/policy.xml": (r"(?s).*", "<?xml version='1.0'?><rss version='2.0'></rss>"),
    "/sitemapindex.xml": (r"(?s).*", "<urlset><url><loc>https://www.korea.kr/guide/faq.do</loc></url></urlset>"),
    "/news/policyNewsList.do": (r"총 [\d,]+ 건|20\d\d[.-]\d\d[.-]\d\d", ""),
    "/news/policyNewsView.do": (r'("datePublished"\s*:\s*")[^"]*', r"\1어제"),
    "/briefing/pressReleaseView.do": (
        r"(?s)<div class=\"info\">.*?</div>|(?<=og:url\" content=\")[^\"]*",
        '<div class="info"></div>',
    ),
    "/newsWeb/resources/": (rb"(?s).*", b"<html><body>none</body></html>"),
}
"""By path: what the replica's answer says otherwise."""


def spoil(portal: Portal) -> None:
    """Make a replica answer as no switch of it does."""
    answered = portal._router.answer

    def otherwise(request: Request, noise: Noise) -> Answer:
        answer = answered(request, noise)
        if request.path.startswith("/docViewer/result/") and answer.status == 404:
            return replace(answer, status=403)
        for path, (pattern, instead) in SPOILT.items():
            if request.path.startswith(path):
                if isinstance(pattern, bytes):
                    return replace(answer, body=re.sub(pattern, instead, answer.body, count=1))
                text = re.sub(pattern, instead, answer.body.decode(), count=1 if pattern == "(?s).*" else 0)
                return replace(answer, body=text.encode(), status=200)
        return answer

    portal._router.answer = otherwise  # type: ignore[method-assign]


@cache
def probed(name: str) -> Probe:
    """Probe a replica once for all that is asked about it."""
    switches = Switches()
    for switch, value in PORTALS[name].items():
        switches.turn(switch, value)
    portal = Portal.load(switches=switches, sections=SECTIONS)
    if name == "spoilt":
        spoil(portal)
    with TemporaryDirectory() as root, serve(portal) as running:
        return probe(Path(root) / "archive", running.url)


POINTS = [
    ("as assumed", "robots", None, "holds", "all "),
    ("older", "robots", None, "differs", "404: all is allowed"),
    ("forbidding", "robots", None, "differs", "It forbids"),
    ("as assumed", "robots-sitemap", None, "holds", "/sitemapindex.xml"),
    ("spoilt", "robots-sitemap", None, "differs", "It names none"),
    ("as assumed", "crawl-delay", None, "holds", "None"),
    ("spoilt", "crawl-delay", None, "differs", "0.05 seconds"),
    ("as assumed", "sitemap-index", None, "holds", "sitemaps"),
    ("spoilt", "sitemap-index", None, "differs", "a sitemap itself"),
    ("older", "sitemap-index", None, "differs", "404"),
    ("as assumed", "sitemap", None, "holds", "policy-news"),
    ("spoilt", "sitemap", None, "differs", "None of its 1 addresses"),
    ("spoilt", "sitemap-lastmod", None, "differs", "0 of 1"),
    ("as assumed", "sitemap-lastmod", None, "holds", "newest"),
    ("as assumed", "charset", None, "holds", "pages"),
    ("otherwise", "charset", None, "differs", "euc-kr"),
    ("older", "charset", None, "differs", "euc-kr"),
    ("as assumed", "compression", None, "holds", "bytes"),
    ("otherwise", "compression", None, "differs", "no coding"),
    ("as assumed", "framing", None, "holds", "chunks"),
    ("otherwise", "framing", None, "differs", "length"),
    ("as assumed", "validators-pages", None, "holds", "without"),
    ("otherwise", "validators-pages", None, "differs", "ETag"),
    ("as assumed", "unknown", None, "holds", "404"),
    ("otherwise", "unknown", None, "differs", "taken as gone"),
    ("older", "unknown", None, "differs", "on to "),
    ("as assumed", "rss", None, "holds", "no feed"),
    ("spoilt", "rss", None, "differs", "a feed again"),
    ("as assumed", "list", "photo", "holds", "rows"),
    ("otherwise", "list", "photo", "differs", "404"),
    ("as assumed", "rows", "speech", "holds", "table"),
    ("otherwise", "rows", "policy-news", "differs", "table"),
    ("as assumed", "row-fields", "policy-news", "holds", " to "),
    ("as assumed", "total", "policy-news", "holds", ""),
    ("spoilt", "row-fields", "policy-news", "differs", "no date"),
    ("spoilt", "total", "policy-news", "differs", "no total"),
    ("as assumed", "page-size", "press-release", "differs", "2 rows a page"),
    ("as assumed", "paging-post", "policy-news", "holds", "other rows"),
    ("older", "paging-post", "policy-news", "differs", "stood on page 1"),
    ("as assumed", "paging-get", "policy-news", "holds", "page 1 again"),
    ("otherwise", "paging-get", "policy-news", "differs", "It works"),
    ("as assumed", "filter-ministry", "POST", "holds", "rows"),
    ("as assumed", "filter-ministry", "GET", "holds", "rows"),
    ("otherwise", "filter-ministry", "GET", "differs", "ignored"),
    ("as assumed", "filter-dates", "POST", "holds", "rows"),
    ("otherwise", "filter-dates", "POST", "differs", "ignored"),
    ("as assumed", "filter-word", "GET", "holds", "rows"),
    ("otherwise", "filter-word", "GET", "differs", "ignored"),
    ("as assumed", "layout", "policy-news", "holds", "View2026"),
    ("as assumed", "layout", "notice", "cannot tell", "No list showed an article of it."),
    ("older", "layout", "policy-news", "differs", "ViewClassic"),
    ("never seen", "layout", "policy-news", "differs", "No layout recognises"),
    ("as assumed", "fields", "press-release", "holds", "+09:00"),
    ("spoilt", "fields", "press-release", "differs", "without source"),
    ("as assumed", "subtitles", "policy-news", "holds", "line"),
    ("otherwise", "subtitles", "policy-news", "differs", ".view_title"),
    ("as assumed", "captions", "policy-news", "holds", ""),
    ("otherwise", "captions", "policy-news", "differs", "(사진"),
    ("as assumed", "canonical", "press-release", "holds", "newsId="),
    ("spoilt", "canonical", "press-release", "differs", "og:url is "),
    ("as assumed", "published", "policy-news", "holds", "+09:00"),
    ("spoilt", "published", "policy-news", "differs", "JSON-LD says"),
    ("spoilt", "images", None, "differs", "text/html"),
    ("as assumed", "images", None, "holds", "pictures"),
    ("as assumed", "viewer", "press-release", "holds", "pages"),
    ("otherwise", "viewer", "press-release", "differs", ".view.xhtml"),
    ("older", "viewer", "press-release", "differs", "Neither form"),
    ("as assumed", "viewer-end", "press-release", "holds", "404"),
    ("spoilt", "viewer-end", "press-release", "differs", "answers 403"),
    ("as assumed", "downloads", None, "holds", "files"),
    ("older", "downloads", None, "differs", "a page of HTML"),
    ("as assumed", "download-type", None, "holds", "application/x-download"),
    ("otherwise", "download-type", None, "differs", "They come as"),
    ("as assumed", "download-name", None, "holds", "percent-encoded"),
    ("as assumed", "attachment-text", "HWPX", "holds", "blocks"),
    ("as assumed", "attachment-text", "PDF", "holds", "blocks"),
    ("broken", "attachment-text", None, "differs", "is not read"),
    ("lying", "download-name", None, "holds", "filename*"),
    ("otherwise", "download-name", None, "differs", "says nothing"),
    ("as assumed", "download-again", None, "differs", "neither"),
    ("otherwise", "download-again", None, "holds", "304"),
]


@pytest.mark.parametrize(("portal", "assumption", "subject", "said", "how"), POINTS)
def test_the_probe_says_what_the_replica_does(portal, assumption, subject, said, how):
    verdict = probed(portal).verdict(assumption, subject)
    assert (verdict["verdict"], how in verdict["how"]) == (said, True), verdict
    if said == "differs":
        assert verdict["mend"]
        assert verdict["evidence"]["offset"] > 0


def test_the_portal_is_asked_little_for_all_that(tmp_path):
    portal = Portal.load(sections=SECTIONS)
    with serve(portal) as running:
        probe(tmp_path / "archive", running.url)
    assert len(portal.log) < 120
    asked = [visit.path for visit in portal.log if visit.method == "GET"]
    # Where a document ends is asked once more.
    twice = {one for one in asked if asked.count(one) > 1 and not one.startswith("/docViewer/")}
    assert not twice


def test_every_assumption_is_seen_to_hold_and_to_differ():
    elsewhere = {"tls", "http2", "mobile", "page-size", "api", "api-fields", "api-modify"}
    for said in ("holds", "differs"):
        shown = {name for _, name, _, verdict, _ in POINTS if verdict == said}
        assert set(ASSUMPTIONS) - shown - elsewhere == set(), said


def test_a_page_of_as_many_rows_as_reported_holds(tmp_path, monkeypatch):
    monkeypatch.setitem(ROWS_A_PAGE, "press-release", 3)
    with serve(Portal.load(switches=Switches(page_size=3), sections=("press-release",))) as running:
        done = probe(tmp_path / "archive", running.url, *only("page-size"))
    assert done.verdict("page-size", "press-release")["how"] == "3 rows"
    assert done.said("page-size", "press-release") == "holds"


def judged(name: str, hand: Handshake | None) -> tuple[str, str]:
    (verdict,) = ASSUMPTIONS[name].verdicts(Gathered(Addresses(), (), handshake=hand))
    return verdict.said, verdict.how


@pytest.mark.parametrize(
    ("offered", "said"), [(["h2", "http/1.1"], "holds"), (["http/1.1"], "differs"), ([], "differs")]
)
def test_a_handshake_tells_of_tls_and_http_2_without_a_request(tmp_path, offered, said):
    authority, context = make_authority(tmp_path)
    if offered:
        context.set_alpn_protocols(offered)
    with wire_server(context) as server:
        hand = shake_hands(f"https://127.0.0.1:{server.port}", authority)
        distrusted = shake_hands(f"https://127.0.0.1:{server.port}")
        assert [one for one in server.requests if one] == []
    assert hand is not None
    assert hand.tls.startswith("TLSv1.")
    assert hand.issuer == "Test authority"
    assert judged("http2", hand)[0] == said
    assert judged("tls", hand) == ("differs", f"The certificate ends on {hand.not_after}, in {hand.days_left} days.")
    assert judged("tls", replace(hand, days_left=90))[0] == "holds"
    assert distrusted is not None
    assert judged("tls", distrusted)[0] == "differs"
    assert "does not hold" in judged("tls", distrusted)[1]
    assert judged("http2", distrusted)[0] == "cannot tell"


def test_a_server_without_tls_fails_the_handshake(monkeypatch):
    monkeypatch.setattr("crawler.probe.handshake.SECONDS", 1.0)  # it waits for a line that a handshake never ends
    with wire_server() as server:
        hand = shake_hands(f"https://127.0.0.1:{server.port}")
    assert hand is not None
    assert hand.failure
    assert judged("tls", hand)[0] == "differs"
    assert shake_hands("http://127.0.0.1:1") is None
    assert judged("tls", None)[0] == "cannot tell"


def test_a_server_that_is_not_there_says_nothing_of_its_tls():
    with wire_server() as server:
        address = f"https://127.0.0.1:{server.port}"
    hand = shake_hands(address)
    assert hand is not None
    assert judged("tls", hand) == judged("http2", hand) == ("cannot tell", f"No connection: {hand.failure}.")


@pytest.mark.parametrize("sections", [SECTIONS, ("speech",)])
def test_the_mobile_host_is_asked_for_one_list(tmp_path, monkeypatch, sections):
    main, mobile = Portal.load(sections=SECTIONS), Portal.load(sections=sections)
    with serve(main) as running, serve(mobile) as other:
        monkeypatch.setattr("crawler.probe.spider.mobile_of", lambda _: other.url)
        done = probe(tmp_path / "archive", running.url, *only("mobile"))
    assert [visit.path for visit in mobile.log] == ["/robots.txt", "/briefing/pressReleaseList.do"]
    assert done.said("mobile") == ("holds" if "press-release" in sections else "differs")


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (api.answer(api.item("148930011")), ("holds", "holds", "holds")),
        (api.answer(api.item("148930011", ModifyId="", Title="")), ("holds", "differs", "differs")),
        (api.gateway("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR"), ("differs", "cannot tell", "cannot tell")),
        (api.answer(), ("cannot tell", "cannot tell", "cannot tell")),
        (b"<html>maintenance</html>", ("differs", "cannot tell", "cannot tell")),
    ],
)
def test_the_api_is_asked_once_where_there_is_a_key(tmp_path, reply, said):
    names = ("api", "api-fields", "api-modify")
    with api.api_server() as server, serve(Portal.load(sections=("speech",))) as running:
        server.reply = lambda _: (200, reply)
        root, zipped = tmp_path / "archive", tmp_path / "b.zip"
        settings = {"api_url": server.url, "api_key": api.KEY}
        done = probe(root, running.url, *only(*names), "--bundle", str(zipped), **settings)
        assert len(server.calls) == 1
    assert tuple(done.said(name) for name in names) == said
    kept = b"".join(
        record.raw_header + record.block for path in root.glob("warc/*.gz") for record in iter_records(path)
    )
    with zipfile.ZipFile(zipped) as bundle:
        packed = b"".join(bundle.read(one) for one in bundle.namelist() if one != "probe.warc.gz")
        bundle.extract("probe.warc.gz", tmp_path)
    kept += texts_of(tmp_path / "probe.warc.gz")
    for form in (api.KEY, quote(api.KEY, safe=""), quote(api.KEY)):
        assert form.encode() not in kept + packed


def texts_of(*paths):
    return b"".join(record.raw_header + record.block for path in paths for record in iter_records(path))


def test_without_a_key_the_api_is_not_asked(tmp_path):
    with serve(Portal.load(sections=("speech",))) as running:
        done = probe(tmp_path / "archive", running.url, *only("api"))
    assert "no service key" in done.verdict("api")["how"]


@pytest.mark.parametrize(
    ("switches", "said"),
    [
        (Switches(blocked=True), "answers every request with a firewall's or maintenance page"),
        (Switches(outage="503"), "The portal's robots.txt could not be had"),
        (Switches(outage="refused"), "did not answer"),
    ],
)
def test_a_portal_that_gives_nothing_ends_the_probe_with_a_sentence(tmp_path, switches, said):
    with serve(Portal.load(switches=switches, sections=("policy-news",))) as running:
        done = probe(tmp_path / "archive", running.url)
    assert isinstance(done.error, RunEndedEarly)
    assert said in str(done.error)
    assert {one["verdict"] for one in done.told["verdicts"]} == {"cannot tell"}


def test_a_substitute_for_the_portal_is_told_from_single_differences(tmp_path):
    with serve(Portal.load(switches=Switches(outage="substitute"), sections=("policy-news",))) as running:
        done = probe(tmp_path / "archive", running.url, *only("list", "robots"))
    assert done.code == 1
    assert "no list gave a row. The portal is out of order, or it was built anew" in done.talk


def test_a_bomb_among_the_attachments_is_an_outcome(tmp_path):
    with serve(Portal.load(switches=Switches(files="bomb"), sections=("press-release",))) as running:
        done = probe(tmp_path / "archive", running.url, *only("attachment-text"))
    assert done.said("attachment-text") == "differs"
    assert "too-large" in done.verdict("attachment-text")["how"]
