"""The portal's addresses: any link -> its one filing address and article id.

A link of the portal comes with the mobile or the bare host, old paths, navigation noise in its query, HTML
entities, or inside a script call. All of them are one address here, and canonical addresses are their own
canonical form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlencode, urljoin, urlsplit

from crawler.section import ListPath, Section
from crawler.sections import SECTIONS
from storage.records import Capture

REAL = "https://www.korea.kr"
_REAL_HOSTS = frozenset({"www.korea.kr", "m.korea.kr", "korea.kr", "admin.korea.kr", "admin2.korea.kr"})
_VIEWS: dict[str, tuple[type[Section], str]] = {
    path: (section, path if path in section.own_views else section.views[0])
    for section in SECTIONS.values()
    for path in (*section.views, *section.own_views)
}
"""By path: the section whose articles it serves, and the path under which they are filed."""
_NAMES: dict[str, tuple[type[Section], str]] = {
    path.rpartition("/")[2]: found for path, found in _VIEWS.items() if path.endswith("View.do") and "main" not in path
}
"""The same by a view's name alone: old addresses have it in other folders (``/policy/pressReleaseView.do``)."""
_LISTS: dict[str, tuple[type[Section], ListPath]] = {
    one.path: (section, one) for section in SECTIONS.values() for one in section.lists
}
_FRONT = frozenset({"", "/", "/main.do", "/index.do", "/index.html", "/main/main.do"})
# goView('/briefing/actuallyView.do?newsId=148971943&pWise=sub'), javascript:goDetailView("…"), location.href='…'
_SCRIPT = re.compile(
    r"(?:javascript:)?\s*(?:return\s+)?(?:(?:go\w*|window\.open)\(|(?:\w+\.)?location(?:\.href)?\s*=)"
    r"\s*['\"]([^'\"/?]*[/?][^'\"]*)['\"]",
    re.IGNORECASE,
)
# pageLink(2); return false;
_PAGING = re.compile(r"(?:javascript:)?\s*(?:return\s+)?pageLink\(", re.IGNORECASE)
# href='"/news/policyNewsView.do?newsId=148971946"', and from a mail: <https://www.korea.kr/...>, with marks of no width
_QUOTED = " \t\r\n\f'\"<>\u200b\u2060\ufeff"
# 148971946, and what follows a second question mark: 148971946?call_from=rsslink
_ID = re.compile(r"\s*([0-9A-Za-z_-]{1,32})\s*(?:\?.*)?", re.DOTALL)
# /sitemapindex.xml, /sitemap/sitemap_news_1.xml.gz
_SITEMAP = re.compile(r"/(?:\w+/)*sitemap[^/]*\.xml(?:\.gz)?", re.IGNORECASE)
# /1371000/policyNewsService2/policyNewsList2
_API = re.compile(r"/1371000/\w+Service\w*/\w+")
# href="…&amp;pWise=sub" copied from the page's source; other entities are left alone, for &section= is none
_AMPERSAND = re.compile(r"&(?:(?:amp|#38|#[xX]26);)+")
# "https://www.korea.kr" of an address, "//www.korea.kr"
_ORIGIN = re.compile(r"(?:[a-z]+:)?//[^/]*", re.IGNORECASE)
# The number of /common/download.do?fileId=198580011&tblKey=GMN, else the library of /attaches/2026.11/library.png
_NUMBERED = re.compile(r"(?<=[?&]fileId=)[^&#]+|(?<=/)[^/?#.]+(?=[^/?#]*(?:$|[?#](?!.*fileId=)))")
_LONGEST = 4096
"""Characters of a link; a longer one is no link of the portal."""

Role = Literal["article", "list", "sitemap", "api", "document", "attachment", "image", "robots", "front", "other"]
# "https://www.korea.kr/news/policyNewsView.do?newsId=148930267", "/common/download.do?fileId=1": used as it stands
_PLAIN = re.compile(r"(?:https?://([a-z0-9.-]+(?::[0-9]+)?))?(/(?!/)[A-Za-z0-9/._-]*(?:\?[A-Za-z0-9=&./_-]+)?)")
# "http://127.0.0.1:8080" of a page's address
_HTTP = re.compile(r"https?://([^/?#]*)")
_KNOWN = 10_000
"""Addresses remembered with what they are."""


@dataclass(frozen=True, slots=True)
class Address:
    """One filing address: where it is fetched, what stands there, which article and section it is of."""

    url: str
    role: Role
    article: str | None = None
    section: str | None = None


class Portal:
    """The portal at ``base``, the real one or a replica.

    Args:
        base: Scheme, host and port, such as ``https://www.korea.kr`` or ``http://127.0.0.1:8080``.
    """

    def __init__(self, base: str = REAL) -> None:
        parts = urlsplit(base)
        self._netloc = _netloc(parts)
        self.is_real = _host(parts) in _REAL_HOSTS and parts.port in {None, 80, 443}
        self.base = REAL if self.is_real else f"{parts.scheme}://{self._netloc}"
        self._known: dict[str, Address | None] = {}

    def local(self, link: str, page: str | None = None) -> str | None:
        """Turn a link into the absolute address to fetch it from, None when it leaves the portal.

        Links to the real portal's hosts that a replica's pages carry are those of the replica.
        """
        if (plain := _PLAIN.fullmatch(link)) and "/." not in link and len(link) <= _LONGEST:
            host = plain[1]
            if host is None:
                above = _HTTP.match(page or self.base)
                host = above[1] if above else ""
            if host == self._netloc or host in _REAL_HOSTS:
                return _bounded(self.base + plain[2])
        link = _AMPERSAND.sub("&", link.strip(_QUOTED))
        if len(link) > _LONGEST:
            return None
        if script := _SCRIPT.match(link):
            link = script.group(1).strip(_QUOTED)
        elif _PAGING.match(link):
            link = "?"  # Pages are turned by POST to the list itself.
        try:
            parts = urlsplit(urljoin(page or self.base + "/", link))
            host, netloc = _host(parts), _netloc(parts)
            path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
            query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
        except ValueError:  # a broken host or port, or half a surrogate pair
            return None
        if parts.scheme not in {"http", "https"} or parts.username is not None:
            return None
        if netloc != self._netloc and not (host in _REAL_HOSTS and parts.port in {None, 80, 443}):
            return None
        return _bounded(f"{self.base}{path}?{query}" if query else self.base + path)

    def allows(self, url: str) -> bool:
        """Say whether a request may go to ``url``: the configured scheme, host and port, nothing else."""
        return url == self.base or url.startswith(self.base + "/")

    def address(self, link: str, page: str | None = None) -> Address | None:
        """Give the one filing address of a link, None when it leaves the portal."""
        if page is not None:
            return self._address(link, page)
        # A fetched address is asked about by everything that its answer passes.
        if link not in self._known:
            if len(self._known) >= _KNOWN:
                self._known.clear()
            self._known[link] = self._address(link, None)
        return self._known[link]

    def _address(self, link: str, page: str | None) -> Address | None:
        url = self.local(link, page)
        if url is None:
            return None
        parts = urlsplit(url)
        # "/news/%70olicyNewsView.do" is the same path.
        path = re.sub(r";jsessionid[^/?]*", "", unquote(parts.path), flags=re.IGNORECASE)
        query = parse_qs(parts.query)
        if found := _VIEWS.get(path) or _NAMES.get(path.rpartition("/")[2]):
            section, filed = found
            if value := _key_of(query.get(section.key, [""])[0]):
                canonical = f"{self.base}{filed}?{urlencode({section.key: value})}"
                return Address(canonical, "article", section.prefix + value, section.name)
        if path in _LISTS:
            section, one = _LISTS[path]
            listed = self.base + path
            if one.key is not None and (value := _key_of(query.get(one.key, [""])[0])):
                listed = f"{listed}?{urlencode({one.key: value})}"
            return Address(listed, "list", section=section.name)
        return Address(url, _role(path))


def _host(parts: SplitResult) -> str:
    """Give an address's host as it is asked for: lower case, in ASCII (IDNA), without the root's dot.

    Raises:
        ValueError: It is no host.
    """
    # "WWW.Korea.kr", "www.korea.kr.", "정책.한국" or "xn--2y5bq0f.xn--3e0b707e", "ｗｗｗ.korea。kr"
    host = parts.hostname or ""
    return (host if host.isascii() else host.encode("idna").decode("ascii")).removesuffix(".")


def _netloc(parts: SplitResult) -> str:
    """Give an address's host and, where it names one, port; errors are those of :func:`_host`."""
    host = _host(parts)
    host = f"[{host}]" if ":" in host else host
    return host if parts.port is None else f"{host}:{parts.port}"


def _bounded(url: str) -> str | None:
    """Give an address, None when what it is quoted to is longer than a link may be: it would be no address later."""
    return url if len(url) <= _LONGEST else None


def _key_of(value: str) -> str | None:
    found = _ID.fullmatch(value)
    return found.group(1) if found else None


def _role(path: str) -> Role:
    if path in _FRONT:
        return "front"
    if path == "/robots.txt":
        return "robots"
    if _SITEMAP.fullmatch(path):
        return "sitemap"
    if _API.match(path):
        return "api"
    if path == "/common/download.do":
        return "attachment"
    if path.startswith("/docViewer/") or path == "/common/docViewer.do":
        return "document"
    if path.startswith("/newsWeb/resources/"):
        return "image"
    if path.endswith("List.do"):
        return "list"
    return "other"


def of_no_file(url: str) -> str:
    """Give the address that a file or picture would have of whose number or name there is none."""
    return _NUMBERED.sub("0" * 9, url, count=1)


def document_pages(viewer: str) -> tuple[str, str]:
    """Give the addresses under which a viewer's text stands: the prefix of its numbered pages, and its one-page form.

    ``…/docViewer/iframe_skin/doc.html?fn=H&rs=/docViewer/result/2026.09/15/H`` has its text at
    ``…/docViewer/result/2026.09/15/H/H.files/1.html``, ``2.html``, … or at ``…/H/H.view.xhtml``.
    """
    parts = urlsplit(viewer)
    query = parse_qs(parts.query)
    name, folder = query.get("fn", [""])[0], _ORIGIN.sub("", query.get("rs", [""])[0]).strip("/")
    stem = f"{parts.scheme}://{parts.netloc}/{quote(folder)}/{quote(name, safe='')}"
    return f"{stem}.files/", f"{stem}.view.xhtml"


def placed(capture: Capture, portal: Portal) -> Capture:
    """Add what the address says of a capture: its role and its article."""
    address = portal.address(capture.url)
    if address is None:  # The open API stands on a host of its own.
        path = _ORIGIN.sub("", capture.url, count=1).partition("?")[0]
        return capture._replace(role="api") if _API.fullmatch(path) else capture
    return capture._replace(role=address.role, article=address.article)
