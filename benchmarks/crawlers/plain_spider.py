"""What the peers built on Scrapy run: a spider that fetches a list of addresses and takes each page's title.

Run ``PYTHON plain_spider.py FILE plain|webarchive|warcio OUT``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response

SETTINGS = {
    "plain": {},
    "webarchive": {
        "EXTENSIONS": {"scrapy_webarchive.extensions.WaczExporter": 543},
    },
    "warcio": {},
}


class Warcio:
    """The downloader middleware that scrapy-warcio's own pages tell its users to write."""

    def __init__(self) -> None:
        import scrapy_warcio

        wanted = ("collection", "description", "operator", "robots", "user_agent", "warc_prefix", "warc_spec")
        told = "".join(f"{name}: a\n" for name in wanted)
        Path(out, "warcio.yml").write_text(f"{told}max_warc_size: 1000000000\nwarc_dest: {out}\n", encoding="utf-8")
        os.environ["SCRAPY_WARCIO_SETTINGS"] = f"{out}/warcio.yml"
        self._date, self._warcio = scrapy_warcio.warc_date, scrapy_warcio.ScrapyWarcIo()

    def process_request(self, request: scrapy.Request) -> None:
        """Note when it was asked for."""
        request.meta["WARC-Date"] = self._date()

    def process_response(self, request: scrapy.Request, response: Response) -> Response:
        """Write both records."""
        self._warcio.write(response, request)
        return response


class Titles(scrapy.Spider):
    """Fetch every address of the list."""

    name = "titles"

    def start_requests(self) -> Iterator[scrapy.Request]:
        """Ask for each address."""
        for url in Path(sys.argv[1]).read_text(encoding="utf-8").split():
            yield scrapy.Request(url)

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """Ask for each address, as newer Scrapy does it."""
        for request in self.start_requests():
            yield request

    def parse(self, response: Response) -> Iterator[dict[str, str | None]]:
        """Give the page's title."""
        yield {"title": response.css("title::text").get()}


kind, out = sys.argv[2], sys.argv[3]
settings = {"LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": False, "TELNETCONSOLE_ENABLED": False, **SETTINGS[kind]}
if kind == "webarchive":
    settings |= {"SW_EXPORT_URI": f"{out}/", "SW_WACZ_TITLE": "a", "SW_WACZ_DESCRIPTION": "a"}
if kind == "warcio":
    settings |= {"DOWNLOADER_MIDDLEWARES": {Warcio: 50}}
process = CrawlerProcess(settings)
process.crawl(Titles)
process.start()
