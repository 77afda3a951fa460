"""Cookies as a session needs them, at no cost as long as the portal sets none.

A portal that sets thousands fills neither the memory nor the requests, which servers refuse when they grow too long.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http import Response
from tldextract import TLDExtract

# The list of public suffixes that comes with the package: a crawl asks no third party for it.
cookies._split_domain = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)

MOST = 50
"""Cookies that are remembered, as many as RFC 6265 (6.1) asks of any client."""
LONGEST = 4096
"""Bytes of a cookie, attributes included, as there."""


class Cookies(CookiesMiddleware):
    """Scrapy's cookies, looked through only when there are some; of a new name none is kept beyond :data:`MOST`."""

    def process_request(self, request: Request) -> None:  # type: ignore[override]  # the base has a spider argument
        """Add what was set before to a request."""
        if request.cookies or any(len(jar) for jar in self.jars.values()):
            super().process_request(request)

    def process_response(self, request: Request, response: Response) -> Response:  # type: ignore[override]
        """Keep what a response sets, within bounds; the response itself is left as it is."""
        if b"Set-Cookie" in response.headers and not request.meta.get("dont_merge_cookies"):
            bare = Response(response.url)
            bare.headers.setlist("Set-Cookie", self._within_bounds(request, response.headers.getlist("Set-Cookie")))
            super().process_response(request, bare)
        return response

    def _within_bounds(self, request: Request, given: list[bytes]) -> list[bytes]:
        known = {cookie.name for cookie in self.jars[request.meta.get("cookiejar")]}
        kept = []
        for one in given:
            name = one.partition(b"=")[0].strip().decode("latin-1")
            if len(one) <= LONGEST and (name in known or len(known) < MOST):
                known.add(name)
                kept.append(one)
        return kept
