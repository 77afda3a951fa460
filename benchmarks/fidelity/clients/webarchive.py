"""Make the requests with Scrapy under scrapy-webarchive; called with a folder and a file of requests."""

import base64
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import scrapy
from scrapy.crawler import CrawlerProcess
from twisted.python.failure import Failure

folder, jobs_file = sys.argv[1:]
jobs = json.loads(Path(jobs_file).read_text())


class Probe(scrapy.Spider):
    """Makes the given requests one after the other."""

    name = "probe"

    def start_requests(self) -> Iterator[scrapy.Request]:
        """Make the requests in order."""
        for number, job in enumerate(jobs):
            yield scrapy.Request(
                job["url"], self.seen, method=job["method"], headers=job["headers"], body=base64.b64decode(job["body"]),
                errback=self.seen, dont_filter=True, priority=-number, meta={"handle_httpstatus_all": True},
            )  # fmt: skip

    def seen(self, outcome: object) -> None:
        """Say what failed."""
        if isinstance(outcome, Failure):
            print(repr(outcome.value), file=sys.stderr)


os.chdir(folder)
process = CrawlerProcess(
    {
        "EXTENSIONS": {"scrapy_webarchive.extensions.WaczExporter": 543},
        "SW_EXPORT_URI": str(Path(folder) / "out") + "/",
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "DOWNLOAD_TIMEOUT": 4,
        "CONCURRENT_REQUESTS": 1,
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
    }
)
process.crawl(Probe)
process.start()
