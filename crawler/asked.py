"""What one run is to look for: settings and options of the command together, and which rows of a list are wanted."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass, field
from datetime import date

from crawler import watch as watching
from crawler.list_page import Row
from crawler.watch import Watch
from storage import articles


@dataclass(frozen=True, slots=True)
class Ministries:
    """Ministries by ``repCode`` and by name, which stand for each other as far as the archive has seen both.

    Args:
        wanted: Codes (``A00015``) and names as printed; empty for all.
        known: (code, name) pairs that articles carried.
    """

    wanted: tuple[str, ...] = ()
    known: frozenset[tuple[str, str]] = frozenset()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes to ask the portal for; none unless every ministry wanted has one."""
        found: dict[str, None] = {}
        for one in self.wanted:
            codes = [one] if watching.is_rep_code(one) else sorted(code for code, name in self.known if name == one)
            if not codes:
                return ()
            found.update(dict.fromkeys(codes))
        return tuple(found)

    def holds(self, source: str | None) -> bool:
        """Say whether a row's ministry is wanted; of a name that may belong to a wanted code, yes."""
        if not self.wanted or not source or source in self.wanted:
            return True
        codes = {code for code, name in self.known if name == source}
        if codes & set(self.wanted):
            return True
        return not codes and any(watching.is_rep_code(one) for one in self.wanted)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look for in this run.

    Attributes:
        sections: Names of the sections whose lists are walked.
        since: First day of publication wanted, None for all that the lists show.
        until: Last day wanted, None for no end.
        query: A word that the portal's own search is asked for (``srchWord``), in titles or texts as it likes.
        keywords: Words one of which a title must hold; the portal is not asked for them.
    """

    sections: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    ministries: Ministries = field(default_factory=Ministries)
    keywords: tuple[str, ...] = ()
    query: str = ""

    def wants(self, row: Row) -> bool:
        """Say whether a row passes all filters, whatever the portal made of them; what a row does not say, passes."""
        day = row.published[:10] if row.published else None
        if day and ((self.since and day < self.since.isoformat()) or (self.until and day > self.until.isoformat())):
            return False
        if not self.ministries.holds(row.source):
            return False
        return not self.keywords or any(word in row.title for word in self.keywords)

    def posted(self) -> dict[str, str]:
        """Give the list form's fields that narrow it, dates apart."""
        fields: dict[str, str] = {}
        if codes := self.ministries.codes:
            fields["repCode"] = ",".join(codes)
        if self.query:
            fields["srchWord"] = self.query
        return fields

    @property
    def narrowing(self) -> str:
        """Name the filters under which a walk is remembered: what it passed over is not done for another filter."""
        parts = ["ministries", *sorted(self.ministries.wanted)] if self.ministries.wanted else []
        parts += ["keywords", *sorted(self.keywords)] if self.keywords else []
        parts += ["query", self.query] if self.query else []
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:12] if parts else ""


def asked(watch: Watch, db: sqlite3.Connection, **given: str) -> Asked:
    """Bring settings and options together; an option that is given replaces its setting.

    Args:
        watch: The settings.
        db: The version database, for what it knows of ministries.
        given: ``section``, ``ministry`` (several parted by commas in either), ``since``, ``until``, ``query`` as text.

    Raises:
        SettingsError: A section is unknown, a day is none, or none lies between the two.
    """
    sections = watching.parted(given.get("section", ""), "--section") or watch.sections
    watching.check_sections(sections)
    ministries = watching.parted(given.get("ministry", ""), "--ministry")
    since, until = watching.period(given.get("since", ""), given.get("until", ""), watch.since)
    return Asked(
        sections=sections,
        since=since,
        until=until,
        ministries=Ministries(ministries or watch.ministries, articles.ministries(db)),
        keywords=watch.keywords,
        query=given.get("query", "").strip(),
    )
