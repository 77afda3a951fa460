"""Every exchange to the WARC, before anything can decode or drop it, and then to the database.

The download handler hands each exchange over as soon as it has ended, whatever came of it. Records are written and
flushed before the capture's row, so that a row never points at nothing.
"""

from __future__ import annotations

import logging
import platform
import secrets
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from crawler.portal import Portal
from crawler.watch import Watch
from storage import captures
from storage.archive import Archive
from storage.errors import RunEndedEarly
from storage.records import Capture, Exchange, Run
from storage.warc_exchange import Original
from storage.warc_writer import WarcWriter

logger = logging.getLogger(__name__)


def software() -> str:
    """Name this program and its version, as WARC files and the User-Agent say it."""
    try:
        return f"gochim/{version('gochim')}"
    except PackageNotFoundError:
        return "gochim/0"


def user_agent(watch: Watch) -> str:
    """Say honestly who asks and how to reach them."""
    contact = f"; {watch.contact}" if watch.contact else ""
    return f"{software()} (archive of corrections{contact})"


def placed(capture: Capture, portal: Portal) -> Capture:
    """Add what the address says of a capture: its role and its article."""
    address = portal.address(capture.url)
    if address is None:
        return capture
    return replace(capture, role=address.role, article=address.article)


class Keeper:
    """Keeps the exchanges of one run.

    Args:
        archive: Where to.
        db: The version database.
        portal: Whose address rules hold.
        watch: The settings in force; the removal rule goes into the WARC files, so that a rebuild knows it.
    """

    def __init__(self, archive: Archive, db: sqlite3.Connection, portal: Portal, watch: Watch) -> None:
        self._db = db
        self._portal = portal
        started = datetime.now(UTC)
        self.run = Run(
            run=f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}",
            started_at=started,
            portal=portal.base,
            software=software(),
            removal_checks=watch.removal_checks,
            removal_days=watch.removal_days,
        )
        captures.add_run(db, self.run)
        db.commit()
        fields = {
            "portal": portal.base,
            "removal-checks": str(watch.removal_checks),
            "removal-days": str(watch.removal_days),
            "robots": "obey",
            "http-header-user-agent": user_agent(watch),
            "hostname": platform.node(),
        }
        if watch.contact:
            fields["operator"] = watch.contact
        self._writer = WarcWriter(archive.warcs, run=self.run.run, software=software(), fields=fields)
        self.kept = 0
        self.failed: RunEndedEarly | None = None

    def keep(self, exchange: Exchange) -> Capture:
        """Write an exchange's records, then its row.

        Raises:
            RunEndedEarly: The disk is full or cannot be written; all that was kept before stays.
        """
        sha256 = exchange.payload_sha256.hex()
        known = captures.original(self._db, sha256) if exchange.payload_length and not exchange.truncated else None
        refers_to = None
        if known is not None and exchange.status == 200:
            refers_to = Original(known["record_id"], known["url"], datetime.fromisoformat(known["captured_at"]))
        try:
            capture = placed(self._writer.write(exchange, refers_to), self._portal)
            with self._db:
                captures.add(self._db, [capture])
        except RunEndedEarly as error:
            self.failed = error
            raise
        except sqlite3.OperationalError as error:
            # The records are in the WARC file; the row is made from them at the next start.
            self.failed = RunEndedEarly(f"The database cannot be written ({error}). Free space, then run again.")
            raise self.failed from error
        self.kept += 1
        return capture

    def close(self, finish: str) -> None:
        """Close the WARC file and say how the run ended."""
        self._writer.close()
        with self._db:
            captures.add_run(self._db, replace(self.run, ended_at=datetime.now(UTC), finish=finish, requests=self.kept))


class ArchiveExtension:
    """Opens the keeper with the spider and closes it after the last exchange."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveExtension:
        """Hook into the run's beginning and end."""
        extension = cls(crawler)
        crawler.signals.connect(extension.engine_stopped, signal=signals.engine_stopped)
        crawler.signals.connect(extension.spider_closed, signal=signals.spider_closed)
        return extension

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Remember why the run ended."""
        self._crawler.gochim_finish = reason  # type: ignore[attr-defined]  # Scrapy's crawler carries the run's state
        logger.debug("the run of %s ended: %s", spider.name, reason)

    def engine_stopped(self) -> None:
        """Close the keeper once nothing more can be fetched."""
        keeper: Keeper | None = getattr(self._crawler, "gochim_archive", None)
        if keeper is not None:
            keeper.close(getattr(self._crawler, "gochim_finish", "failed"))
