"""WARC files as a watch leaves them, mostly of revisit records: ``python -m benchmarks.growth.filling N DIR``.

A tenth as many articles are looked at ten times over, once a day, by runs of a thousand looks. Every fifth is edited
once; every other look finds the page as it was, byte for byte.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from benchmarks.corpus import BASE
from benchmarks.rebuild import corpus
from storage.archive import Archive
from storage.warc_exchange import Original
from storage.warc_writer import WarcWriter
from tests.makers import START

LOOKS = 10
"""Looks at each article, a day apart."""
EDITED = 5
"""One in so many articles is edited, in the middle of its looks."""
RUN = 1_000
"""Looks of one run, and so in one WARC file."""


def fill(root: Path, captured: int) -> None:
    """Make an archive of so many captures; every WARC file is a run's."""
    archive = Archive(root)
    archive.create()
    shown, articles = corpus.models(), captured // LOOKS
    known: dict[tuple[int, bool], Original] = {}
    for look in range(LOOKS):
        for first in range(0, articles, RUN):
            begin = START + timedelta(days=look, seconds=first * 80_000 / articles)
            fields = {"portal": BASE, "removal-checks": "3", "removal-days": "2"}
            run = f"{begin:%Y%m%dT%H%M%S}-{first:08x}"
            with WarcWriter(archive.warcs, run=run, software="gochim", fields=fields, fsync=False) as writer:
                for one in range(first, min(first + RUN, articles)):
                    name, bodies = shown[one % len(shown)]
                    edited = one % EDITED == 0 and look >= LOOKS // 2
                    text = bodies[0].replace(name, str(corpus.FIRST + one))
                    body = (corpus.edited(text) if edited else text).encode()
                    moment = begin + timedelta(seconds=(one - first) * 80_000 / articles)
                    target = f"/news/policyNewsView.do?newsId={corpus.FIRST + one}"
                    exchange = corpus.exchange(moment, target, body)
                    filed = writer.write(exchange, known.get((one, edited)))
                    known.setdefault((one, edited), Original.of(filed))


if __name__ == "__main__":
    fill(Path(sys.argv[2]), int(sys.argv[1]))
