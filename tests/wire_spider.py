"""A crawl of its own process: the given addresses through the wire handler, without Twisted's reactor.

Called with an authority file and addresses; prints, as JSON, what the spider saw and what the archive was given.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from twisted.python.failure import Failure

from crawler.ongoing import ongoing
from storage.records import Exchange


class Archive:
    """Keeps exchanges in memory; a capture is just the address here."""

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []

    async def keep(self, exchange: Exchange) -> str:
        assert exchange.response is None or exchange.response.tell() == 0
        self.kept.append(
            {
                "url": exchange.url,
                "request": exchange.request.hex(),
                "response": exchange.response.read().hex() if exchange.response else None,
                "truncated": exchange.truncated,
                "failure": exchange.failure,
            }
        )
        return exchange.url


class WireSpider(scrapy.Spider):
    name = "wire"
    addresses: list[str] = []  # noqa: RUF012 - one crawl per process
    seen: dict[str, dict[str, Any]] = {}  # noqa: RUF012

    async def start(self) -> AsyncIterator[scrapy.Request]:
        for address in self.addresses:
            yield scrapy.Request(address, self.parse, errback=self.failed)

    def parse(self, response: scrapy.http.Response) -> None:
        self.seen[response.url] = {
            "status": response.status,
            "body": response.body.decode(),
            "flags": response.flags,
            "captured": response.meta["capture"],
            "latency": response.meta["download_latency"],
            "ip": str(response.ip_address),
            "protocol": response.protocol,
            "error": None,
        }

    def failed(self, failure: Failure) -> None:
        self.seen[failure.request.url] = {
            "error": type(failure.value).__name__,
            "captured": failure.request.meta["capture"],
        }


def main() -> None:
    """Crawl and print."""
    authority, *WireSpider.addresses = sys.argv[1:]
    handler = "crawler.wire.WireDownloadHandler"
    process = AsyncCrawlerProcess(
        {
            "TWISTED_REACTOR_ENABLED": False,
            "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
            "WIRE_CA_FILE": authority,
            "WIRE_IDLE_TIMEOUT": 0.3,
            "RETRY_TIMES": 1,
            "HTTPERROR_ALLOW_ALL": True,
            "DOWNLOAD_DELAY": 0,
            "LOG_LEVEL": "WARNING",
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    crawler = process.create_crawler(WireSpider)
    archive = Archive()
    ongoing(crawler).intake = archive  # type: ignore[assignment]
    process.crawl(crawler)
    process.start()
    json.dump([WireSpider.seen, archive.kept], sys.stdout)


if __name__ == "__main__":
    main()
