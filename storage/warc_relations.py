"""How the records of a WARC file stand to each other: ids, references, capture events, segments.

What they refer to in other files is told, for those who know the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from storage.http_message import parse_number
from storage.warc_forms import Sound
from storage.warc_parser import Record
from storage.warc_record import Fields, bare_uri, parse_date
from storage.warc_rules import ALL_TYPES, Breach, Finding


class Link(NamedTuple):
    """A reference from one record to others, kept until all records are known."""

    offset: int
    record_id: str
    type: str
    target: str
    by_date: tuple[str, str] | None = None


@dataclass(slots=True)
class _Segments:
    """What is known of a segmented record: the lengths by segment number, and the total its last one states."""

    lengths: dict[int, int] = field(default_factory=dict)
    total: int | None = None
    offset: int = 0


@dataclass(slots=True)
class Records:
    """What one file holds, as far as its records refer to each other."""

    blocks: dict[str, bytes] = field(default_factory=dict)
    dates: set[tuple[str, str]] = field(default_factory=set)
    date_of: dict[str, str] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    segments: dict[str, _Segments] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def find(self, record_id: str, offset: int, breaches: Iterable[Breach]) -> None:
        """Keep breaches as findings of a record, or of a place where there is none."""
        self.findings += [
            Finding(one.severity, offset, record_id, one.rule, one.clause, one.sentence) for one in breaches
        ]


def note(file: Records, record: Record, headers: Fields | Sound) -> None:
    """Remember what other records may refer to in this one, and judge its id against those before it (5.2)."""
    offset, block = record.offset, record.block_hash("sha1")
    record_id, type_ = _bare(headers.get("WARC-Record-ID")), _type_of(record, headers)
    if record_id in file.blocks:
        # The same record twice, as in files put together from others, is untidy; two records with one id are worse.
        copied = file.blocks[record_id] == block
        sentence = f"WARC-Record-ID {record_id} was used before in this file; give each record its own."
        file.find(record_id, offset, [Breach("warning" if copied else "error", "duplicate-id", "5.2", sentence)])
    elif record_id:
        file.blocks[record_id] = block
    date = headers.get("WARC-Date") or ""
    own = file.date_of.setdefault(record_id, date)
    if type_ in {"response", "resource"}:
        file.dates.add((_bare(headers.get("WARC-Target-URI")), _moment(date)))
    for name in _LINKS if type_ == "revisit" else (*_LINKS, "WARC-Refers-To"):
        for target in map(bare_uri, filter(None, headers.all(name))):
            # One that names what stands there already, and of the same instant, is right and done with.
            if target not in file.blocks or (name == "WARC-Concurrent-To" and file.date_of[target] != own):
                file.links.append(Link(offset, record_id, name, target))
    if type_ == "revisit":
        dated = (_bare(headers.get("WARC-Refers-To-Target-URI")), _moment(headers.get("WARC-Refers-To-Date") or ""))
        target = _bare(headers.get("WARC-Refers-To"))
        if target or dated[0]:
            file.links.append(Link(offset, record_id, "revisit", target, dated))
    if isinstance(headers, Fields):
        _note_segment(file, record)


_LINKS = ("WARC-Concurrent-To", "WARC-Warcinfo-ID")


def _type_of(record: Record, headers: Fields | Sound) -> str:
    return headers.type if isinstance(headers, Sound) else record.type


def _bare(value: str | None) -> str:
    return bare_uri(value or "")


@lru_cache(maxsize=1024)
def _moment(date: str) -> str:
    try:
        return parse_date(date).isoformat()
    except ValueError:
        return date


def _note_segment(file: Records, record: Record) -> None:
    number = parse_number(record.headers.get("WARC-Segment-Number"))
    origin = _bare(record.headers.get("WARC-Segment-Origin-ID")) if record.type == "continuation" else record.record_id
    if number is None or record.type not in ALL_TYPES:
        return
    segments = file.segments.setdefault(origin, _Segments())
    segments.offset = record.offset
    if number in segments.lengths:
        sentence = f"Segment {number} of {origin} stands here a second time; number segments one by one."
        file.find(record.record_id, record.offset, [Breach("error", "segment-order", "7", sentence)])
    segments.lengths[number] = record.block_length
    total = parse_number(record.headers.get("WARC-Segment-Total-Length"))
    segments.total = segments.total if total is None else total


def check_dates(file: Records) -> None:
    """Judge whether the records of one capture event have one date (5.4)."""
    for link in file.links:
        theirs = file.date_of.get(link.target)
        if link.type == "WARC-Concurrent-To" and theirs is not None and theirs != file.date_of[link.record_id]:
            sentence = "Records of one capture event have different WARC-Dates; give all the instant it began."
            file.find("", link.offset, [Breach("warning", "event-date", "5.4", sentence)])


def check_segments(file: Records) -> None:
    """Judge segmented records of which every part is in the file (clause 7)."""
    for origin, segments in file.segments.items():
        if origin not in file.blocks or len(segments.lengths) < 2:
            continue
        gaps = sorted(segments.lengths) != list(range(1, len(segments.lengths) + 1))
        if gaps:
            sentence = f"Segments of {origin} are missing; look for them in the files written next."
            file.find("", segments.offset, [Breach("warning", "segment-missing", "7", sentence)])
        elif segments.total is None:
            sentence = "The last segment has no WARC-Segment-Total-Length; add it."
            file.find("", segments.offset, [Breach("error", "segment-total", "5.22", sentence)])
        elif segments.total != sum(segments.lengths.values()):
            sentence = f"The segments have {sum(segments.lengths.values()):,} bytes, not {segments.total:,} as stated."
            file.find("", segments.offset, [Breach("error", "segment-total", "5.22", sentence)])
