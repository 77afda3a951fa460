"""What damaged WARC files held that the database was made without, by a rebuild that was told to go on.

Which captures stood in a damaged stretch, the file's index tells: it was made when the file was whole, and stays.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from storage import about
from storage.archive import Archive
from storage.cdxj import captures_told
from storage.command_line import gochim
from storage.records import Capture, canonical_json, iso, kst, local
from storage.warc_scan import Damage

_NAMED = 3
"""Articles that a sentence names; all of them stand in the database."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A capture that stood in a damaged stretch: when it was made and of which address."""

    captured_at: str
    url: str


@dataclass(frozen=True, slots=True)
class Loss:
    """What one WARC file lost; of what stood there without being in the index (failures, requests) nobody knows."""

    warc: str
    damages: tuple[Damage, ...]
    missing: tuple[Missing, ...]

    def sentence(self, root: Path, articles: Sequence[str]) -> str:
        """Say what was lost, and what to do; ``articles`` are those of the captures."""
        first = self.damages[0]
        where = f"from byte {first.start:,}{f' to byte {first.end:,}' if first.end is not None else ' on'}"
        more = f" and at {len(self.damages) - 1} more" if self.damages[1:] else ""
        captures = f"{len(self.missing)} capture{'' if len(self.missing) == 1 else 's'}"
        named = f" of {len(articles)} article{'' if len(articles) == 1 else 's'}" if articles else ""
        such = f", such as {', '.join(articles[:_NAMED])}" if len(articles) > _NAMED else ""
        such = f" ({', '.join(articles)})" if articles and not such else such
        lost = "what stood there; its index names no capture of it"
        if self.missing:
            span = f"made from {local(self.missing[0].captured_at)} to {kst(self.missing[-1].captured_at)}"
            lost = f"{captures} that its index names there{named}{such}, {span}"
        return (
            f"{root / self.warc} is damaged {where} ({first.reason}){more}, and the database was made without {lost}. "
            f"Put a whole copy in its place, then run: {gochim('rebuild')}"
        )


def of_file(archive: Archive, path: Path, damages: Sequence[Damage], read: Iterable[Capture]) -> Loss:
    """Give what a WARC file lost, from its index.

    Args:
        archive: The archive.
        path: The file.
        damages: The stretches of it that cannot be read.
        read: The captures that were read from it all the same.
    """
    there = {one.evidence.offset for one in read}
    missing = {
        Missing(iso(moment), url)
        for offset, moment, url in captures_told(archive, path.name)
        if offset not in there and any(one.start <= offset and (one.end is None or offset < one.end) for one in damages)
    }
    ordered = sorted(missing, key=lambda one: (one.captured_at, one.url))
    return Loss(path.relative_to(archive.root).as_posix(), tuple(damages), tuple(ordered))


def remember(db: sqlite3.Connection, losses: Sequence[Loss]) -> None:
    """Keep what a database was made without, in a transaction of the caller's."""
    if losses:
        told = canonical_json([asdict(one) for one in losses]).decode()
        about.put(db, "losses", told)


def remembered(db: sqlite3.Connection) -> Iterator[Loss]:
    """Give what this database was made without."""
    told = about.value(db, "losses")
    for one in json.loads(told) if told else ():
        damages = tuple(Damage(**each) for each in one["damages"])
        yield Loss(one["warc"], damages, tuple(Missing(**each) for each in one["missing"]))
