"""One run of a spider in this process, with one beside it that reads, and how it went."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any

from cli import progress, streams
from cli.loading import loading
from cli.options import Place
from cli.printing import counted
from cli.workers import Desk, Workers
from storage.errors import RunEndedEarly

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.archiving import Keeper
    from crawler.spiders import PortalSpider


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a crawl went."""

    finish: str
    kept: int
    listed: int
    looked: int
    problems: tuple[str, ...]
    failed: RunEndedEarly | None
    standing: str | None = None
    run: str = ""
    received: int = 0


_GIVES_WAY = 5
"""The crawl's niceness: where both want one core the process beside goes first, for it is waited for more often."""


def beside(place: Place) -> Workers:
    """Start a process that reads beside the crawl; it comes before the database is opened and any thread begun."""
    workers = Workers(Desk(place.archive, place.portal(), place.archive.database_path), apart=True)
    os.setpriority(os.PRIO_PROCESS, 0, max(_GIVES_WAY, os.getpriority(os.PRIO_PROCESS, 0)))
    return workers


def run(place: Place, asked: dict[str, Any], workers: Workers | None = None) -> Outcome:
    """Crawl once, in this process; pages are read in the one beside it where there is one."""
    with loading():
        from crawler.ongoing import ongoing
        from crawler.spiders import PortalSpider

    with shown_progress(place) as told:
        crawler, keeper = run_spider(
            place,
            PortalSpider,
            progress=told,
            beside=workers,
            section=asked["section"],
            since=asked["since"],
            until=asked["until"],
            ministry=",".join(asked["ministries"]),
            query=asked["query"],
            urls=asked["urls"],
            sitemap="yes" if asked["sitemap"] else "",
            recheck=asked["recheck"] or "",
            max_requests=str(asked["max_requests"] or ""),
            max_minutes=str(asked["max_minutes"] or ""),
        )
    spider = crawler.spider
    assert isinstance(spider, PortalSpider)  # noqa: S101
    return Outcome(
        finish=ongoing(crawler).finish,
        kept=keeper.kept,
        listed=spider.lists.listed,
        looked=len(spider.looks.looked),
        problems=tuple(dict.fromkeys(spider.problems)),
        failed=keeper.failed,
        standing=spider.standing(),
        run=keeper.run.run,
        received=keeper.received,
    )


@contextmanager
def shown_progress(place: Place) -> Iterator[Callable[[PortalSpider], None] | None]:
    """Show one line on a terminal that is renewed in place; nothing under cron, in a pipe or with ``-q``."""
    console = None if place.quiet else progress.terminal()
    if console is None:
        yield None
        return
    from rich.markup import escape

    begun = monotonic()
    with console.status("asking the portal") as status:
        yield lambda spider: status.update(escape(standing(spider, monotonic() - begun)))


def standing(spider: PortalSpider, seconds: float) -> str:
    """Say how far a run has come and how long it may take yet: ``12 looks, 1.4/s, 61 of at most 10,000 requests``."""
    looks, kept = len(spider.looks.looked), spider.keeper.kept
    line = f"{counted(looks, 'look')}, {looks / max(seconds, 0.001):.1f}/s, {kept:,} of at most"
    line += f" {counted(spider.max_requests, 'request')}"
    if kept:
        left = timedelta(seconds=round(max(0, spider.max_requests - kept) * seconds / kept))
        line += f" (at most {left} left)"
    return f"{line}; {told}" if (told := spider.standing()) else line


@contextmanager
def _own_signals() -> Iterator[None]:
    """Take back the signals that Scrapy listens to: what comes after a crawl is to be interrupted, too."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run_spider(place: Place, spider: type[PortalSpider], **arguments: Any) -> tuple[Crawler, Keeper]:
    """Run a spider once, in this process, and give what its run left.

    Raises:
        RunEndedEarly: It could not be started.
    """
    with loading():
        from scrapy.crawler import AsyncCrawlerProcess
        from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("GOCHIM_ARCHIVE", str(place.archive.root), priority="cmdline")
    settings.set("GOCHIM_LOCKED", True, priority="cmdline")  # noqa: FBT003
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")  # noqa: FBT003
    settings.set("LOG_VERSIONS", [], priority="cmdline")  # Ten packages would be asked, for a log that nobody reads.
    process = AsyncCrawlerProcess(settings)
    # Scrapy logs failures with tracebacks; what matters of them is in the archive and among the spider's problems.
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)
    streams.warn_on_stderr()
    crawler = process.create_crawler(spider)
    task = process.crawl(crawler, **arguments)
    with _own_signals():
        process.start()
    if not isinstance(crawler.spider, spider):
        failure = task.exception() if task is not None and task.done() else None
        raise failure if failure is not None else RunEndedEarly("The crawl could not be started.")
    return crawler, crawler.spider.keeper
