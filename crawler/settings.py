"""Scrapy settings: polite by default, robots obeyed, nothing between the wire and the archive.

What the user sets (delay, contact, budget) comes from ``gochim.toml`` through the spider; here stands only what
every run shares.
"""

from __future__ import annotations

import os
import sys

import brotlicffi

# pywb (the extra [replay]) brings a decoder that takes this name and cannot bound its output, as Scrapy must.
sys.modules["brotli"] = brotlicffi

BOT_NAME = "gochim"
SPIDER_MODULES = ["crawler.spiders"]
GOCHIM_ARCHIVE = os.environ.get("GOCHIM_ARCHIVE", "archive")

# Asyncio alone; the exact bytes are kept by a handler of our own.
TWISTED_REACTOR_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": "crawler.wire.WireDownloadHandler",
    "https": "crawler.wire.WireDownloadHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
# What fetches a page and hands it over is our own, too (decision 35).
DOWNLOADER = "crawler.downloader.Downloader"
# What Scrapy brings along is named here where it is wanted and loaded nowhere else: a middleware costs every page.
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {"crawler.archiving.ArchiveExtension": 0}
DOWNLOADER_MIDDLEWARES_BASE: dict[str, int] = {}
DOWNLOADER_MIDDLEWARES = {
    "crawler.politeness.StayHome": 90,
    "crawler.politeness.Robots": 100,
    "crawler.politeness.Firewall": 120,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": 550,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
    "crawler.cookies.Cookies": 700,
    "crawler.politeness.Patience": 970,
    "crawler.politeness.Budget": 980,
}
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": 50,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": 700,
}
STATS_CLASS = "scrapy.statscollectors.DummyStatsCollector"
WARN_ON_GENERATOR_RETURN_VALUE = False

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "gochim"
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 520, 522, 524, 525]
# Scrapy's own list names errors of Twisted too, which take a third of a second to load and cannot happen here.
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    OSError,
]
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 1024 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
COOKIES_ENABLED = True
DEFAULT_REQUEST_HEADERS = {
    # Short, for they stand in the archive with every request.
    "Accept": "text/html,*/*;q=0.8",
    "Accept-Language": "ko",
    # What the archive can always read back, and every portal can send.
    "Accept-Encoding": "gzip",
}
LOG_LEVEL = "WARNING"
