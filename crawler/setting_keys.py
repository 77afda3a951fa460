"""The settings: one table of every key, from which the commented file, the checks and the defaults all come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from crawler import open_api
from crawler.portal import REAL
from crawler.sections import SECTIONS
from crawler.setting_checks import (
    REPORT_FORMATS,
    Check,
    are_formats,
    are_services,
    are_watched,
    are_weights,
    is_day,
    is_flag,
    is_key,
    is_language,
    is_path,
    is_ping,
    is_published_at,
    is_rotation,
    is_service_base,
    is_text,
    is_textfile,
    is_texts,
    is_tsa,
    is_url,
    number,
)


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: where it stands, its default, what it means, how it is checked, whether it is never repeated."""

    table: str
    name: str
    default: Any
    meaning: str
    check: Check
    secret: bool = False

    @property
    def field(self) -> str:
        """The name of the field of :class:`Watch` that holds it: ``api_url`` is not the portal's ``url``."""
        return f"{self.table}_{self.name}" if self.table in _OWN_NAMES else self.name


_OWN_NAMES = frozenset({"api", "alerts", "report", "log", "metrics"})
"""Tables whose name is part of the field's."""

KEYS: tuple[Key, ...] = (
    Key("portal", "url", REAL, "The portal to watch.", is_url),
    Key(
        "portal", "contact", "",
        "How the portal's operators can reach you: a mail address or a page. It goes into the User-Agent.", is_text,
    ),
    Key("portal", "sections", list(SECTIONS), "Which sections to watch; at least one.", are_watched),
    Key(
        "portal", "ministries", [],
        "Only articles of these ministries, by repCode (A00015) or by name as printed; empty for all.", is_texts,
    ),
    Key(
        "portal", "keywords", [],
        "Only articles whose title holds one of these, whatever their text says (for texts, see crawl --query); "
        "empty for all.", is_texts,
    ),
    Key(
        "portal", "since", "",
        "How far back to look for articles, a day (Korean time); empty for all that the lists show, newest first.",
        is_day,
    ),
    Key(
        "crawl", "delay", 1.0, "Seconds between two requests; at least 1 for a portal that is not on loopback.",
        number(0, 3600, whole=False),
    ),
    Key("crawl", "concurrency", 1, "Requests under way at once.", number(1, 16, whole=True)),
    Key("crawl", "max_requests", 3000, "The most requests one run may make.", number(1, 10_000_000, whole=True)),
    Key(
        "crawl", "daily_requests", 0, "The most requests of one day (Korean time), all runs together; 0 for no limit.",
        number(0, 100_000_000, whole=True),
    ),
    Key(
        "crawl", "max_minutes", 0, "The most minutes one run may take; 0 for no limit.",
        number(0, 100_000, whole=False),
    ),
    Key(
        "crawl", "max_bytes", 0, "The most bytes one run may fetch, as they come over the wire; 0 for no limit.",
        number(0, 10**15, whole=True),
    ),
    Key("crawl", "attachments", True, "Fetch the files offered with an article.", is_flag),  # noqa: FBT003
    Key("crawl", "images", True, "Fetch the pictures of an article.", is_flag),  # noqa: FBT003
    Key("crawl", "max_images", 30, "The most pictures of one article to fetch.", number(1, 10_000, whole=True)),
    Key(
        "crawl", "full_fetch_hours", 24,
        "Ask only for what has changed, where the portal allows it (ETag, Last-Modified), but fetch every address "
        "whole at least this often; 0 always fetches whole.", number(0, 24 * 365, whole=False),
    ),
    Key(
        "crawl", "sitemap", False,  # noqa: FBT003
        "Find articles through the portal's sitemaps too, at most once a day. Without it they are read only where the "
        "lists do not reach back to since.", is_flag,
    ),
    Key(
        "api", "key", "",
        "The service key of data.go.kr (https://www.data.go.kr/data/15095335/openapi.do), better given as "
        "$GOCHIM_SERVICE_KEY; it is written to no archive, log or message. Empty: the API is not asked.",
        is_key, secret=True,
    ),
    Key("api", "url", open_api.REAL, "Where the services stand.", is_service_base),
    Key(
        "api", "services", list(open_api.SERVICES),
        "Which services are asked; pressReleaseService/pressReleaseList is one more, if the key is registered for it.",
        are_services,
    ),
    Key(
        "api", "daily_calls", 1000, "The most calls of each service a day, Korean time.",
        number(0, 10_000_000, whole=True),
    ),
    Key(
        "recheck", "removal_checks", 3, "How many looks must find an article absent before it counts as removed ...",
        number(1, 1000, whole=True),
    ),
    Key(
        "recheck", "removal_days", 2, "... and over how many days these looks must reach.",
        number(0, 365, whole=False),
    ),
    Key(
        "recheck", "least_chance", 0.01,
        "An article is due another look when the chance that it was edited since the last one is this: the larger it "
        "is, the longer articles wait and the later their edits are seen.",
        number(0.0001, 1, whole=False),
    ),
    Key(
        "recheck", "every_days", 60, "The longest that an article goes without a look, in days.",
        number(1, 36_500, whole=False),
    ),
    Key(
        "recheck", "importance", [],
        'What counts more than the rest, or less: a section, a ministry (code or name) or a word of the title, and how '
        'many times, such as ["press-release = 2", "A00015 = 5"].', are_weights,
    ),
    Key(
        "report", "formats", [],
        f"Which reports to write after each run, of {', '.join(REPORT_FORMATS)}: reports/changes.html and so on of the "
        "last days, and of what the run found reports/runs/RUN.html and so on. Empty: only gochim report writes any.",
        are_formats,
    ),
    Key("report", "language", "ko", "Language of reports, ko or en.", is_language),
    Key("report", "days", 30, "How many days up to now reports/changes.* cover.", number(1, 36_500, whole=True)),
    Key(
        "report", "keep", 100, "How many runs keep their reports in reports/runs; those of older runs are removed.",
        number(1, 1_000_000, whole=True),
    ),
    Key(
        "report", "csv_bom", False,  # noqa: FBT003
        "Begin CSV files with a byte order mark, without which a Korean Excel misreads them.", is_flag,
    ),
    Key(
        "report", "url", "",
        "The address under which you publish reports/, with a slash at its end; the feed then names its own address.",
        is_published_at,
    ),
    Key("alerts", "language", "ko", "Language of messages, ko or en.", is_language),
    Key("alerts", "max_length", 4000, "The most characters of a message.", number(500, 1_000_000, whole=True)),
    Key(
        "alerts", "silent_hours", 26, "Alarm when no run has ended well for so many hours; 0 never does.",
        number(0, 24 * 365, whole=False),
    ),
    Key(
        "alerts", "blind_share", 0.05,
        "Alarm when this share of a section's articles has a page that no layout recognises.",
        number(0.001, 1, whole=False),
    ),
    Key(
        "alerts", "ping", "",
        "An address to be asked after every run that ended well, of a service that alarms when it is not "
        "(healthchecks and the like); better given as $GOCHIM_PING.",
        is_ping, secret=True,
    ),
    Key(
        "log", "file", "",
        "A file for the log of runs, under the archive unless the path is absolute; empty for none.", is_path,
    ),
    Key(
        "log", "rotate", "size", "When a new log is begun and the old one renamed: size, day or week.", is_rotation,
    ),
    Key(
        "log", "max_size", 10_000_000, "With rotate = \"size\": how large a log grows, in bytes.",
        number(10_000, 10**12, whole=True),
    ),
    Key("log", "keep", 10, "How many old logs are kept.", number(1, 10_000, whole=True)),
    Key(
        "metrics", "textfile", "",
        "A file, its name ending in .prom, for the figures of the last run, as Prometheus reads them through "
        "node_exporter's textfile collector; under the archive unless the path is absolute; empty for none.",
        is_textfile,
    ),
    Key(
        "evidence", "tsa", "",
        "The time-stamp authority (RFC 3161) that stamps dossiers, an address; empty: none is asked.", is_tsa,
    ),
)  # fmt: skip
