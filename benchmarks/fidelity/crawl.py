"""gochim's own column: a crawl with the product's settings, handler, keeper and writer, in a process of its own.

Called with a folder for the archive, an authority file and a file of requests; no Twisted reactor runs.
"""

from __future__ import annotations

import base64
import json
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from crawler import watch as watching
from crawler.archiving import Keeper
from crawler.errands import Errands
from crawler.intake import Intake
from crawler.ongoing import ongoing
from crawler.open_api import OpenApi
from crawler.portal import Portal
from storage.archive import Archive

CHANGED = {
    "DOWNLOAD_DELAY": 0,
    "WIRE_IDLE_TIMEOUT": 1.0,
    # A retry comes last; several failed ones in a row would end the run, as they should on a portal.
    "RETRY_TIMES": 0,
}
"""The only settings that differ from the product's."""


class FidelitySpider(Spider):
    """Makes the given requests one after the other; everything that keeps them is the product's."""

    name = "fidelity"
    max_requests = 10_000

    def __init__(self, jobs: list[dict[str, Any]], portal: Portal, **rest: Any) -> None:
        super().__init__(**rest)
        self._jobs = jobs
        self.portal = portal
        self.api = OpenApi("", "")

    async def start(self) -> AsyncIterator[Request]:
        """Make the requests in order."""
        await Errands(self.crawler, self.stumbled).run(self.requests())
        nothing: tuple[Request, ...] = ()
        for one in nothing:
            yield one

    def requests(self) -> Iterator[Request]:
        """Give the requests in order."""
        for job in self._jobs:
            yield Request(
                job["url"], self.seen, method=job["method"], headers=job["headers"], body=base64.b64decode(job["body"]),
                errback=self.seen, dont_filter=True, meta={"verbatim_url": True},
            )  # fmt: skip

    def stumbled(self, error: Exception, request: Request) -> None:
        """Let nobody miss it."""
        raise RuntimeError(request.url) from error

    def seen(self, _outcome: Response | Failure) -> None:
        """Nothing follows: the archive has it."""


def prepared(process: AsyncCrawlerProcess, root: Path, url: str) -> tuple[Crawler, Portal]:
    """Make an archive below ``root`` and a crawler whose exchanges go into it."""
    archive = Archive(root)
    archive.create()
    archive.settings_path.write_text(watching.written(url=url, delay=0), encoding="utf-8")
    portal = Portal(url)
    crawler = process.create_crawler(FidelitySpider)
    keeper = Keeper(archive, archive.database(), portal, watching.load(archive.settings_path))
    run = ongoing(crawler)
    run.keeper, run.intake = keeper, Intake(keeper)
    return crawler, portal


def main() -> None:
    """Crawl the requests of one server."""
    folder, authority, jobs_file = sys.argv[1:]
    jobs = json.loads(Path(jobs_file).read_text())
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.setdict({**CHANGED, "WIRE_CA_FILE": authority, "LOG_LEVEL": "ERROR"}, priority="cmdline")
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    process = AsyncCrawlerProcess(settings)
    base = "/".join(jobs[0]["url"].split("/", 3)[:3])
    crawler, portal = prepared(process, Path(folder), base)
    process.crawl(crawler, jobs=jobs, portal=portal)
    process.start()


if __name__ == "__main__":
    main()
