"""Keeps the cookies that a session needs; Scrapy's code for them is loaded only when the portal sets one.

A portal that sets thousands fills neither the memory nor the requests, which servers refuse when they grow too long.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response

if TYPE_CHECKING:
    from scrapy.downloadermiddlewares.cookies import CookiesMiddleware

MOST = 50
"""Cookies that are remembered, as many as RFC 6265 (6.1) asks of any client."""
LONGEST = 4096
"""Bytes of a cookie, attributes included, as there."""


class Cookies:
    """Scrapy's cookies, loaded when there is one; of a new name none is kept beyond :data:`MOST`."""

    @cached_property
    def _scrapys(self) -> CookiesMiddleware:
        # With it come requests, urllib3 and two guessers of charsets: an eighth of a second before the first page.
        from scrapy.downloadermiddlewares import cookies
        from tldextract import TLDExtract

        # The list of public suffixes that comes with the package: a crawl asks no third party for it. Read anew each
        # time: under cron there may be no home to keep a copy in, of which every run would complain.
        cookies._split_domain = TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)
        return cookies.CookiesMiddleware()

    def process_request(self, request: Request) -> None:
        """Add what was set before to a request."""
        known = "_scrapys" in self.__dict__ and any(len(jar) for jar in self._scrapys.jars.values())
        if known or request.cookies:
            self._scrapys.process_request(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep what a response sets, within bounds; the response itself is left as it is."""
        if b"Set-Cookie" in response.headers and not request.meta.get("dont_merge_cookies"):
            bare = Response(response.url)
            bare.headers.setlist("Set-Cookie", self._within_bounds(request, response.headers.getlist("Set-Cookie")))
            self._scrapys.process_response(request, bare)
        return response

    def _within_bounds(self, request: Request, given: list[bytes]) -> list[bytes]:
        known = {cookie.name for cookie in self._scrapys.jars[request.meta.get("cookiejar")]}
        kept = []
        for one in given:
            name = one.partition(b"=")[0].strip().decode("latin-1")
            if len(one) <= LONGEST and (name in known or len(known) < MOST):
                known.add(name)
                kept.append(one)
        return kept
