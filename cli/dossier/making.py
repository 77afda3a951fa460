"""Gather what proves a change: its exchanges as they stand in the WARC files, looks, versions, difference, run log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from cli.dossier import printing
from cli.dossier.cutting import Cut
from cli.dossier.verify import (
    FORMAT,
    MANIFEST,
    SEAL,
    SEAL_FORMAT,
    STAMP,
    WARC,
    Members,
    canonical,
    judged,
    packed,
    sha256,
)
from cli.drift import held_parts
from cli.progress import Step
from crawler.extract import Extractor
from crawler.layouts import extractor
from crawler.payloads import Payloads
from crawler.portal import Portal
from crawler.watch import software
from diffing.detect import changes as detected
from diffing.reports import as_html
from diffing.reports.report import Lang, Report
from storage import captures, changes, contents, documents, manifests, signals, versions
from storage.album import Album
from storage.archive import Archive
from storage.change_query import Query
from storage.command_line import gochim
from storage.errors import ArchiveDisagrees, SettingsError
from storage.records import ABSENT, Capture, Change, Check, Evidence, iso
from storage.wacz_signing import load_key, signed_data


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a dossier is to hold beside the evidence: a PDF, whose time stamp, whose signature, in which language."""

    pdf: bool = True
    tsa: str = ""
    key: Path | None = None
    lang: Lang = "ko"


class _Traced(Payloads):
    """Notes every capture that a reading rests on, in order."""

    def __init__(self, archive: Archive, db: sqlite3.Connection) -> None:
        super().__init__(archive, db)
        self.used: list[Capture] = []

    def payload(self, capture: Capture) -> bytes:
        """Note the capture, and give its payload."""
        self.used.append(capture)
        return super().payload(capture)

    def start(self, capture: Capture) -> bytes | None:
        """Note the capture of a large file, and give its beginning."""
        self.used.append(capture)
        return super().start(capture)


class Maker:
    """Makes the dossier of a change.

    Args:
        archive: The archive, under its lock.
        db: Its database, brought up to date.
        portal: Whose address rules hold.
        progress: Called with a stage, the WARC file or statement that it has come to, and how many there are.
    """

    def __init__(
        self, archive: Archive, db: sqlite3.Connection, portal: Portal, progress: Step = lambda *_: None
    ) -> None:
        self._archive = archive
        self._db = db
        self._portal = portal
        self._progress = progress

    def dossier(self, change_id: str, wishes: Wishes) -> bytes:
        """Give the ZIP file; the same archive, change and wishes give the same bytes but for a time stamp.

        Raises:
            SettingsError: There is no such change, or what a wish needs is not there.
            ArchiveDisagrees: The run log is broken, or a record is not where the database says or not what it says.
        """
        change = self._change(change_id)
        chain = self._chain()
        members = [*_program(), *self._statements(change, chain), *self._difference(change, chain, wishes)]
        members += [(f"manifests/{one.path.name}", one.path.read_bytes()) for one in chain]
        members.sort()
        listed = [{"name": name, "bytes": len(data), "sha256": sha256(data)} for name, data in members]
        manifest = canonical({"format": FORMAT, "members": listed})
        made = packed([*members, (MANIFEST, manifest), *_sealed(manifest, chain[-1], wishes)])
        if faults := judged(made).errors:
            raise ArchiveDisagrees(f"A dossier of {change_id} would not hold: {faults[0]}. See: {gochim('verify')}")
        return made

    def _change(self, wanted: str) -> Change:
        found = changes.find(self._db, Query(ids=[wanted]))
        if not found:
            known = self._db.execute("SELECT 1 FROM articles WHERE article = ?", (wanted,)).fetchone()
            listed = gochim("changes", *(["--article", wanted] if known else []))
            raise SettingsError(f"There is no change {wanted} in this archive. The ids are listed by: {listed}")
        return self._whole(found[0])

    def _whole(self, change: Change) -> Change:
        """Give the change with what the whole site did to the article in the same moment, which is told apart.

        It stands between the two pages, too, and a dossier proves all that differs.
        """
        states = {one.version: one for one in versions.versions(self._db, change.article)}
        if change.to_version not in held_parts(self._db, change.article, states):
            return change
        looks = versions.checks(self._db, change.article, turning=True)
        texts, answers = partial(documents.blocks_of, self._db), signals.told(self._db, change.article)
        found = detected(looks, states, texts=texts, answers=answers)
        return next((one for one in found if one.id == change.id), change)

    def _chain(self) -> tuple[manifests.Manifest, ...]:
        chain = manifests.read(self._archive)
        if chain.faults or not chain.manifests:
            raise ArchiveDisagrees(
                f"{chain.faults[0] if chain.faults else 'There is no run log.'} A dossier needs a whole run log; "
                f"see: {gochim('verify')}"
            )
        return chain.manifests

    def _statements(self, change: Change, chain: Sequence[manifests.Manifest]) -> Members:
        """Give what the dossier states, and the records that it rests on."""
        looks = self._looks(change)
        used = {side: self._rests_on(one) for side, one in (("old", change.evidence_old), ("new", change.evidence_new))}
        states = {one.version: one for one in versions.versions(self._db, change.article)}
        if looks[0].version != change.from_version:
            # What was replaced was last seen in an earlier version, or was gone: the page of the old one is another.
            used["old"] += self._rests_on(states[change.from_version or 0].evidence)
        numbered = [captures.number_of(self._db, one.evidence) for one in looks]
        rests = [captures.by_id(self._db, number) for number in numbered] + used["old"] + used["new"]
        wanted = {one.evidence.record_id: one for one in self._with_originals(rests)}
        cut = Cut(self._archive, wanted, self._progress)
        vouched = {name for one in chain for name in one.files}
        if missing := sorted({one.evidence.warc for one in wanted.values()} - vouched):
            raise ArchiveDisagrees(f"No manifest vouches for {missing[0]}. See: {gochim('verify')}")
        sides = [("old", change.from_version), ("new", change.to_version)]
        said: Members = [
            (f"{side}/version.json", canonical(states[number].as_json())) for side, number in sides if number
        ]
        about = {
            "format": FORMAT,
            "software": software(),
            "extractor": extractor(),
            "head": chain[-1].digest,
            "change": change.as_json(),
            "looks": [_look(one) for one in looks],
            "captures": [cut.told(one) for one in wanted.values()],
            "pages": {side: list(dict.fromkeys(one.evidence.record_id for one in found if _is_page(one)))
                      for side, found in used.items()},
            "content_fields": sorted(next(iter(states.values())).article.content()),
        }  # fmt: skip
        return [*said, ("dossier.json", canonical(about)), (WARC, cut.data)]

    def _looks(self, change: Change) -> list[Check]:
        """Give the looks from the last at the old state to the first at the new; of a removal, also its proof."""
        looks = versions.checks(self._db, change.article)
        places = [one.evidence.record_id for one in looks]
        start, end = places.index(change.evidence_old.record_id), places.index(change.evidence_new.record_id)
        while change.kind == "removed" and end + 1 < len(looks) and looks[end + 1].version is None:
            end += 1
        while change.kind == "removed" and looks[end].outcome not in ABSENT:
            end -= 1
        return looks[start : end + 1]

    def _rests_on(self, evidence: Evidence) -> list[Capture]:
        """Give the captures that were read for one look: page, document, files, pictures."""
        page = captures.by_id(self._db, captures.number_of(self._db, evidence))
        traced = _Traced(self._archive, self._db)
        reader = Extractor(self._archive, self._db, self._portal, traced)
        with reader.guarded():
            reader.read(page)
        return list({one.id: one for one in [page, *traced.used]}.values())

    def _with_originals(self, found: Iterable[Capture]) -> Iterator[Capture]:
        """Add to revisits the captures that they repeat."""
        waiting, seen = list(found), set()
        while waiting:
            one = waiting.pop(0)
            if one.id in seen:
                continue
            seen.add(one.id)
            yield one
            if one.refers_to:
                original = captures.by_record(self._db, one.refers_to)
                if original is None:
                    raise ArchiveDisagrees(
                        f"{one.evidence.warc}: the record {one.refers_to}, which the capture of {one.url} repeats, is "
                        "not in the archive. Import the file that holds it."
                    )
                waiting.append(captures.by_id(self._db, captures.number_of(self._db, original)))

    def _difference(self, change: Change, chain: Sequence[manifests.Manifest], wishes: Wishes) -> Members:
        """Give the difference as people read it."""
        report = Report(
            changes=[change],
            since=None,
            until=None,
            made_at=datetime.fromisoformat(chain[-1].content["written_at"]),
            portal=self._portal.base,
            counts=contents.counts(self._db),
            content_digest=contents.content_digest(self._db),
            software=software(),
            lang=wishes.lang,
            album=Album(self._archive, self._db),
        )
        self._progress("difference", "PDF" if wishes.pdf else "HTML", 1)
        page = as_html.render(report)
        shown: Members = [("difference.html", page.encode())]
        return [*shown, ("difference.pdf", printing.pdf(page))] if wishes.pdf else shown


def _is_page(capture: Capture) -> bool:
    # Whatever type it is sent as: it was read as one.
    return capture.kind != "failure" and capture.role in {"article", "document"}


def _look(check: Check) -> dict[str, Any]:
    return {
        "checked_at": iso(check.checked_at),
        "outcome": check.outcome,
        "version": check.version,
        "unread": sorted(check.unread),
        "held": check.held,
        "removal_checks": check.removal_checks,
        "removal_days": check.removal_days,
        "record_id": check.evidence.record_id,
    }


def _sealed(manifest: bytes, newest: manifests.Manifest, wishes: Wishes) -> Members:
    """Give the time stamp, where one is wished for, and the seal over manifest and stamp."""
    from cli.dossier import stamping

    stamp = stamping.stamp(manifest, wishes.tsa) if wishes.tsa else None
    signature = None
    if wishes.key is not None:
        signed = signed_data(
            load_key(wishes.key), f"sha256:{sha256(manifest)}", newest.content["written_at"], software()
        )
        signature = {"algorithm": "ECDSA-P384-SHA256"} | {name: signed[name] for name in ("publicKey", "signature")}
    seal = {
        "format": SEAL_FORMAT,
        "manifest": sha256(manifest),
        "stamp": sha256(stamp) if stamp is not None else None,
        "signature": signature,
    }
    stamped: Members = [(STAMP, stamp)] if stamp is not None else []
    return [*stamped, (SEAL, canonical(seal))]


def _program() -> Members:
    """Give the checking program and what a reader should know."""
    here = Path(__file__).parent
    return [(name, (here / name).read_bytes()) for name in ("README.en.txt", "README.ko.txt", "verify.py")]


def program_digest() -> str:
    """Digest the checking program, to be compared with the one in a dossier."""
    return sha256((Path(__file__).parent / "verify.py").read_bytes())
