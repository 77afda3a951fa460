"""Every exchange to the WARC, before anything can decode or drop it, and then to the database.

The download handler hands each exchange over as soon as it has ended, whatever came of it. Records are forced to the
disk before the capture's row is written, so that a row never points at nothing, and before anyone is told of it; those
that end at the same time together (:mod:`crawler.intake`).
"""

from __future__ import annotations

import logging
import platform
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from crawler.layouts import extractor
from crawler.ongoing import ongoing
from crawler.portal import Portal, placed
from crawler.watch import Watch, settings_digest, software, user_agent
from storage import capture_rows, chain_head, manifests, originals, runs
from storage.archive import Archive
from storage.cdxj import index_directory
from storage.cdxj_keeper import CdxjKeeper
from storage.command_line import gochim
from storage.errors import RunEndedEarly, unwritable
from storage.records import Capture, Exchange, Run, iso, kst
from storage.warc_exchange import Original
from storage.warc_record import encoded_uri
from storage.warc_writer import WarcWriter

logger = logging.getLogger(__name__)


class Keeper:
    """Keeps the exchanges of one run.

    Args:
        archive: Where to.
        db: The version database.
        portal: Whose address rules hold.
        watch: The settings in force; the removal rule goes into the WARC files, so that a rebuild knows it.
    """

    def __init__(self, archive: Archive, db: sqlite3.Connection, portal: Portal, watch: Watch) -> None:
        self._archive = archive
        self._db = db
        self._portal = portal
        self._settings = settings_digest(watch)
        self._newest = runs.newest_capture(db)
        started = self._begin()
        self.run = Run(
            run=f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}",
            started_at=started,
            portal=portal.base,
            software=software(),
            removal_checks=watch.removal_checks,
            removal_days=watch.removal_days,
        )
        runs.add(db, self.run)
        db.commit()
        fields = {
            "portal": portal.base,
            "removal-checks": str(watch.removal_checks),
            "removal-days": str(watch.removal_days),
            "robots": "obey",
            "http-header-user-agent": user_agent(watch),
            "hostname": platform.node(),
            manifests.CHAIN_HEAD: newest.digest if (newest := manifests.head(archive)) else manifests.NO_HEAD,
        }
        if watch.contact:
            fields["operator"] = watch.contact
        self._writer = WarcWriter(archive.warcs, run=self.run.run, software=software(), fields=fields)
        self._index = CdxjKeeper(index_directory(archive))
        self.kept = 0
        self.received = 0
        """Bytes of answers, as they came over the wire."""
        self.failed: RunEndedEarly | None = None

    def _begin(self) -> datetime:
        """Give the time at which the run begins, which no earlier run may have reached already.

        Raises:
            RunEndedEarly: The clock is behind the newest capture by more than can be waited for.
        """
        now = datetime.now(UTC)
        if self._newest is not None and timedelta(0) <= self._newest[0] - now <= runs.SLIP:
            time.sleep((self._newest[0] - now).total_seconds() + 0.001)
            now = datetime.now(UTC)
        self._hold_against_clock(now)
        return now

    def _hold_against_clock(self, moment: datetime) -> None:
        """Refuse a time before the newest capture: an old state would look like a new one.

        Raises:
            RunEndedEarly: It is; the message says what to do.
        """
        if self._newest is not None and moment <= self._newest[0]:
            at, run = self._newest
            raise RunEndedEarly(
                f"The clock says {kst(moment)}, but the newest capture in the archive is of {kst(at)}. Nothing is "
                "fetched while the clock is behind: an old state of an article would look like a new one. Set the "
                f"clock, then run the same command again. If the clock is right, it was wrong in run {run}: move that "
                f"run's files (*-{run.rpartition('-')[2]}.warc.gz* in warc/ and index/) into {self._archive.withdrawn} "
                f"and make the database anew with: {gochim('rebuild')}"
            )

    def keep(self, exchange: Exchange) -> Capture:
        """Keep one exchange alone: write its records, force them to the disk, then file it.

        Raises:
            RunEndedEarly: The disk is full or cannot be written, or the clock was set back behind earlier runs; all
                that was kept before stays.
            ValueError: The exchange holds neither a response nor a failure.
        """
        (kept,) = self.file([exchange], self.write([exchange], self.originals([exchange])))
        if isinstance(kept, Exception):
            raise kept
        return kept

    def originals(self, exchanges: list[Exchange]) -> list[Original | None]:
        """Find the record that each exchange repeats, or that a 304 answer speaks of.

        Raises:
            RunEndedEarly: The database cannot be read.
        """
        with self._noting():
            return [self._repeats(exchange) for exchange in exchanges]

    def write(self, exchanges: list[Exchange], originals: list[Original | None]) -> list[Capture | Exception]:
        """Write the records of exchanges and force them to the disk, all at once; it touches no database.

        Gives each exchange's capture, or why it has none; what could not be written leaves nothing in the file.

        Raises:
            RunEndedEarly: The disk refuses to take over what was written; none of it counts as kept.
        """
        written: list[Capture | Exception] = []
        fresh: dict[bytes, Original] = {}
        with self._noting():
            for exchange, known in zip(exchanges, originals, strict=True):
                wanted = exchange.payload_sha256 if _may_repeat(exchange) else b""
                try:
                    with self._noting():
                        self._hold_against_clock(exchange.started_at)
                        capture = self._writer.write(exchange, known or fresh.get(wanted))
                except (RunEndedEarly, ValueError) as error:
                    written.append(error)
                    continue
                if wanted and capture.kind == "response":
                    fresh.setdefault(wanted, Original.of(capture))
                written.append(capture)
            self._writer.sync()
        return written

    def file(self, exchanges: list[Exchange], written: list[Capture | Exception]) -> list[Capture | Exception]:
        """Write the rows and the lines of the index of what is on the disk, in one transaction.

        Raises:
            RunEndedEarly: The database cannot be written.
        """
        kept = [one if isinstance(one, Exception) else placed(one, self._portal) for one in written]
        with self._noting():
            with self._db:
                capture_rows.add(self._db, [one for one in kept if isinstance(one, Capture)])
            for exchange, one in zip(exchanges, kept, strict=True):
                if isinstance(one, Capture):
                    self._index.add(one, exchange.request)
                    self.kept += 1
                    self.received += exchange.response_length
        return kept

    def give_up(self, error: RunEndedEarly) -> None:
        """Remember that nothing more can be kept; the first reason is why the run ends."""
        self.failed = self.failed or error

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Remember the first failure: it is why the run ends."""
        try:
            yield
        except RunEndedEarly as error:
            self.give_up(error)
            raise
        except sqlite3.Error as error:
            # The records are in the WARC file; the row is made from them at the next start.
            failed = unwritable(error)
            self.give_up(failed)
            raise failed from error

    def _repeats(self, exchange: Exchange) -> Original | None:
        """Find the response that this exchange brings again, or that a 304 answer speaks of."""
        if exchange.status == 304:
            return originals.unmodified(self._db, encoded_uri(exchange.url))
        if _may_repeat(exchange):
            return originals.by_payload(self._db, exchange.payload_sha256)
        return None

    def close(self, finish: str) -> None:
        """Close the WARC file and say how the run ended; ``failed`` tells when that could not be done.

        A run in which anything failed is left without an end: the next start then holds its rows against its files.
        """
        # Each is tried, whatever became of the other, and _noting has kept the reason.
        with suppress(RunEndedEarly), self._noting():
            self._writer.close()
        with suppress(RunEndedEarly), self._noting():
            self._index.roll()
        at = datetime.now(UTC)
        if not self.failed:
            with suppress(RunEndedEarly), self._noting():
                self._vouch(finish, at)
        with suppress(RunEndedEarly), self._noting(), self._db:
            chain_head.remember(self._db, self._archive)
            ended = replace(self.run, ended_at=at, finish=finish, requests=self.kept)
            runs.add(self._db, replace(ended, ended_at=None, finish="not-kept") if self.failed else ended)

    def _vouch(self, finish: str, at: datetime) -> None:
        """Write the manifest of the run, which ended then: all its files are whole and have their final names."""
        written = {*self._writer.finished}
        told = {
            "id": self.run.run,
            "started_at": iso(self.run.started_at),
            "ended_at": iso(at),
            "finish": finish,
            "requests": self.kept,
        }
        manifests.extend(
            self._archive,
            self._db,
            "run",
            files=[one for one in manifests.kept_files(self._archive) if one.name in written],
            author=manifests.Author(software(), extractor()),
            at=at,
            run=told,
            settings=self._settings,
        )


def _may_repeat(exchange: Exchange) -> bool:
    return exchange.status == 200 and exchange.payload_length > 0 and not exchange.truncated


class Closing(Protocol):
    """Whoever has to come to an end before the archive is closed."""

    async def close(self) -> None:
        """Come to an end."""


class ArchiveExtension:
    """Closes the keeper after the last exchange."""

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
        ongoing(self._crawler).finish = reason
        logger.debug("the run of %s ended: %s", spider.name, reason)

    async def engine_stopped(self) -> None:
        """Close the keeper once nothing more can be fetched, and keep what the next run is to know."""
        run = ongoing(self._crawler)
        if run.intake is not None:
            await run.intake.close()
        ahead: Closing | None = getattr(self._crawler.spider, "ahead", None)
        if ahead is not None:
            await ahead.close()
        if run.state is not None:
            run.state.save()
        if run.keeper is not None:
            run.keeper.close(run.finish)
