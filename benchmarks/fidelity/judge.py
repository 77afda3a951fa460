"""What an archive did to the bytes of the wire: nothing, or a short list of what was altered.

Compares what the raw server sent and received with what a WARC file holds, and names each difference in a word.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from benchmarks.fidelity.situations import Situation
from benchmarks.fidelity.warc_blocks import Record

EXACT = "exact"
# The empty line that ends a header block: "\r\n\r\n", "\n\n".
_END = re.compile(rb"\r?\n\r?\n")
# A chunk-size line: "1a2b\r\n", "5;a=b\r\n".
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]+)[ \t]*(;[^\n]*)?\r?\n")
# A metadata line that holds the bytes of 1xx answers: "http-interim: HTTP/1.1 103 Early Hints%0D%0A...".
_INTERIM = re.compile(rb"^http-interim: (.*)\r$", re.MULTILINE)


@dataclass(frozen=True)
class Verdict:
    """What was altered in one situation, per direction; empty tuples mean that every byte is there."""

    request: tuple[str, ...]
    response: tuple[str, ...]

    def cell(self, direction: str) -> str:
        """Give a cell of the matrix: ``exact``, or the alterations in a fixed order."""
        told: tuple[str, ...] = getattr(self, direction)
        return "; ".join(told) or EXACT


def judge(situation: Situation, received: Sequence[bytes], records: Iterable[Record]) -> Verdict:
    """Compare a situation's records with the truth.

    Args:
        situation: What the server sent.
        received: The requests that the server read from its socket, in order.
        records: All records of the archive; those of other addresses are passed over.
    """
    if not received:
        return Verdict(("refused",), ("refused",))
    mine = [one for one in records if one.path == f"/{situation.name}"]
    requests = [one for one in mine if one.type == "request"]
    answers = [one for one in mine if one.type in {"response", "revisit"}]
    request = [*_missing(len(requests), len(received))]
    for record in requests:
        readings = [altered(truth, record.block) for truth in received]
        nearest = min(readings, key=len)
        request += nearest
    response = [*_missing(len(answers), len(received))]
    repeated = situation.times > 1 and any(one.type == "response" for one in answers)
    for record in answers:
        response += ["wrongly a revisit"] if record.type == "revisit" and not repeated else _answer(situation, record)
    if situation.interim and answers and not _interim_kept(situation.interim, mine):
        response.append("interim answer lost")
    return Verdict(tuple(dict.fromkeys(request)), tuple(dict.fromkeys(response)))


def _missing(there: int, due: int) -> Iterable[str]:
    if not there:
        return ["missing"]
    return [f"{due - there} of {due} missing"] if there < due else []


def _answer(situation: Situation, record: Record) -> list[str]:
    """Judge one response or revisit record, its truncation mark included."""
    block = record.block.removeprefix(situation.interim)
    mark = record.fields.get("warc-truncated", "").lower()
    head = _split(situation.answer)[0]
    if record.type == "revisit" and not _split(block)[1]:
        return [*altered(head, block), *([] if mark == "length" else ["revisit's cut unmarked"])]
    if situation.interim and not block:
        return ["interim answer taken for the answer"]
    found = [] if _with_stray(situation, block) else altered(situation.answer, block)
    # What the tool itself cut off or left out is another matter than what the server did not send.
    if situation.truncated and not mark:
        found.append("truncation unmarked")
    elif situation.truncated and mark not in situation.truncated:
        found.append(f"truncation called {mark}")
    elif mark and not situation.truncated:
        found.append("marked truncated, is whole")
    return found


def _with_stray(situation: Situation, block: bytes) -> bool:
    """Say whether the block is the answer, with or without bytes that followed it on the wire."""
    whole = situation.answer + situation.stray
    return len(block) >= len(situation.answer) and whole.startswith(block)


def _interim_kept(interim: bytes, records: Iterable[Record]) -> bool:
    """Say whether 1xx answers stand before the response, in a record of their own, or in a metadata field."""
    for record in records:
        if record.block.startswith(interim):
            return True
        found = _INTERIM.search(record.block) if record.type == "metadata" else None
        if found and unquote_to_bytes(found[1]) == interim:
            return True
    return False


def altered(truth: bytes, block: bytes) -> list[str]:
    """Name how ``block`` differs from the message ``truth``; nothing when it does not."""
    if truth == block:
        return []
    head, body = _split(truth)
    kept_head, kept_body = _split(block)
    if not _END.search(truth):  # no header block to compare line by line
        return ["header made up" if _END.search(block) else "bytes changed"]
    found = _head(head, kept_head) if head != kept_head else []
    return [*found, *(_body(head, body, kept_body) if body != kept_body else [])]


def _split(message: bytes) -> tuple[bytes, bytes]:
    end = _END.search(message)
    return (message[: end.end()], message[end.end() :]) if end else (message, b"")


def _head(truth: bytes, kept: bytes) -> list[str]:
    first, lines = _lines(truth)
    kept_first, kept_lines = _lines(kept)
    found = ["first line"] if first != kept_first else []
    if lines != kept_lines:
        found += _fields(lines, kept_lines)
    return found or ["line ends"]


def _lines(head: bytes) -> tuple[bytes, list[bytes]]:
    """Give first line and header lines, a folded one as one piece with its continuation."""
    first, *rest = head.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")
    lines: list[bytes] = []
    for line in rest:
        if line[:1] in {b" ", b"\t"} and lines:
            lines[-1] += b"\n" + line
        else:
            lines.append(line)
    return first, lines


def _fields(lines: list[bytes], kept: list[bytes]) -> list[str]:
    """Name what happened to the header lines: each is sought first as it was, then in looser and looser readings."""
    left = dict(enumerate(kept))
    place: dict[int, int] = {}
    for alike in (_exactly, _loosely, _by_name):
        for number, line in enumerate(lines):
            match = next((at for at, one in left.items() if number not in place and alike(line, one)), None)
            if match is not None:
                place[number] = match
                del left[match]
    found = [told for number in sorted(place) for told in _line(lines[number], kept[place[number]])]
    found += _lost([line for number, line in enumerate(lines) if number not in place], lines)
    found += ["header added"] if left else []
    places = [place[number] for number in sorted(place)]
    found += ["order"] if places != sorted(places) else []
    return list(dict.fromkeys(found))


def _lost(lost: list[bytes], lines: list[bytes]) -> Iterable[str]:
    """Name what became of lines that are not there."""
    times = Counter(_name(line) for line in lines)
    for line in lost:
        if b":" not in line:
            yield "colon-less line dropped"
        elif times[_name(line)] > 1:
            yield "repeats merged or dropped"
        else:
            yield f"{line.partition(b':')[0].decode('latin-1').strip()} dropped"


def _line(line: bytes, kept: bytes) -> Iterable[str]:
    """Name how one header line differs from what became of it."""
    if line == kept:
        return
    name, _, value = line.partition(b":")
    kept_name, _, kept_value = kept.partition(b":")
    if name.strip() != kept_name.strip():
        yield "header case"
    if b"\n" in line and b"\n" not in kept:
        yield "unfolded"
    elif _squeezed(value) != _squeezed(kept_value):
        yield "header bytes"
    elif value != kept_value or (name != kept_name and name.strip() == kept_name.strip()):
        yield "spacing"


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()


def _squeezed(value: bytes) -> bytes:
    return b" ".join(value.split())


def _exactly(line: bytes, kept: bytes) -> bool:
    return line == kept


def _loosely(line: bytes, kept: bytes) -> bool:
    return _by_name(line, kept) and _squeezed(line.partition(b":")[2]) == _squeezed(kept.partition(b":")[2])


def _by_name(line: bytes, kept: bytes) -> bool:
    return b":" in line and _name(line) == _name(kept)


def _body(head: bytes, truth: bytes, kept: bytes) -> list[str]:
    """Name what happened to the body."""
    # "Transfer-Encoding: chunked", "transfer-encoding: CHUNKED"
    chunked = re.search(rb"^transfer-encoding:[^\n]*chunked", head, re.IGNORECASE | re.MULTILINE) is not None
    payload = _dechunked(truth) if chunked else truth
    found = ["de-chunked"] if chunked and _dechunked(kept) == kept else []
    bare = kept if found else (_dechunked(kept) if chunked else kept)
    if bare == payload:
        return found or ["end of chunk framing lost" if truth.startswith(kept) else "chunk framing"]
    if (decoded := _unzipped(payload)) and decoded == bare:
        return [*found, "decoded"]
    if not bare:
        return ["body lost"]
    if payload.startswith(bare):
        return [*found, "body cut short"]
    return [*found, "body changed"]


def _dechunked(body: bytes) -> bytes:
    """Take chunk framing off; a body that has none comes back as it is."""
    parts: list[bytes] = []
    at = 0
    while size := _SIZE.match(body, at):
        length = int(size[1], 16)
        parts.append(body[size.end() : size.end() + length])
        at = size.end() + length
        at += 2 if body[at : at + 2] == b"\r\n" else 0
        if not length:
            return b"".join(parts)
    return b"".join(parts) + body[at:]


def _unzipped(payload: bytes) -> bytes:
    """Undo gzip; empty where there is none."""
    try:
        return zlib.decompressobj(wbits=31).decompress(payload) if payload.startswith(b"\x1f\x8b") else b""
    except zlib.error:
        return b""
