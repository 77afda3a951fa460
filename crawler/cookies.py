"""Cookies, kept as Scrapy keeps them, at no cost as long as the portal sets none."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares import cookies
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http import Response
from tldextract import TLDExtract

# The list of public suffixes that comes with the package: a crawl asks no third party for it.
cookies._split_domain = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)


class Cookies(CookiesMiddleware):
    """Scrapy's cookies, looked through only when there are some."""

    def process_request(self, request: Request) -> None:  # type: ignore[override]  # the base has a spider argument
        """Add what was set before to a request."""
        if request.cookies or any(len(jar) for jar in self.jars.values()):
            super().process_request(request)

    def process_response(self, request: Request, response: Response) -> Response:  # type: ignore[override]
        """Keep what a response sets."""
        if b"Set-Cookie" in response.headers:
            super().process_response(request, response)
        return response
