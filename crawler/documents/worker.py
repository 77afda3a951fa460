"""The process that reads documents: one file in, one document out, until its input ends.

With the argument ``listing`` it only lists what ZIP files hold.

It is started by :mod:`crawler.documents.guard` and holds itself to limits on memory and on processor time, so that a
hostile file can end this process and nothing else. On either side a message is its length in eight bytes, then itself.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
from typing import IO

from crawler.documents.reading import listed, read
from crawler.interrupts import leave_interrupts_to_parent
from storage.records import Block, Document, canonical_json

MEMORY = 1024 * 1024 * 1024
"""Bytes of address space."""
PROCESSOR_SECONDS = 30
"""For one file; of the processor, so that a busy machine does not change what is read."""
OUT_OF_MEMORY = 77
"""Exit status."""
LISTING = "listing"
"""Argument."""
LENGTH = struct.Struct(">Q")


def main() -> None:
    """Serve until the input ends; what interrupts the run is for that one to heed, which then ends this process."""
    leave_interrupts_to_parent()
    reading = listed if LISTING in sys.argv[1:] else read
    given, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # What a library prints must not be taken for an answer.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while (payload := receive(given)) is not None:
        _allow_seconds()
        try:
            answer = canonical_json(as_json(reading(payload)))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)  # What is left of its memory is in pieces: the next file gets another process.
        send(answers, answer)
        del payload, answer


def _allow_seconds() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = int(used.ru_utime + used.ru_stime) + PROCESSOR_SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, most))


def receive(source: IO[bytes]) -> bytes | None:
    """Take one message; None when the other side has gone."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    message = source.read(length)
    return message if len(message) == length else None


def send(target: IO[bytes], message: bytes) -> None:
    """Give one message."""
    target.write(LENGTH.pack(len(message)))
    target.write(message)
    target.flush()


def as_json(document: Document) -> list[object]:
    """Give a document as plain data."""
    blocks = [[block.kind, block.text] for block in document.blocks]
    return [document.sha256, document.outcome, document.media_type, blocks, list(document.lost), document.detail]


def from_json(message: bytes) -> Document:
    """Read :func:`as_json` back."""
    sha256, outcome, media_type, blocks, lost, detail = json.loads(message)
    return Document(sha256, outcome, media_type, tuple(Block(*one) for one in blocks), tuple(lost), detail)


if __name__ == "__main__":
    main()
