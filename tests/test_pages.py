"""Pages read ahead of their looks, or as the look before was: never another capture's, at another address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from crawler.pages import Pages
from crawler.payloads import Payloads
from crawler.portal import REAL, Portal
from storage import capture_rows
from storage.content_coding import ContentError
from storage.records import Capture
from tests.golden_cases import ROOT
from tests.makers import RUN, archive_at
from tests.warc_samples import HEAD, exchange, writer

CASES = [ROOT / "policy-news" / "View2026" / name for name in ("list", "table-and-subtitles")]
HTML = [(case / "page.html").read_bytes() for case in CASES]
SAID = [json.loads((case / "capture.json").read_text(encoding="utf-8")) for case in CASES]
TITLES = [json.loads((case / "article.json").read_text(encoding="utf-8"))["title"] for case in CASES]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[tuple[Pages, list[Capture]]]:
    """Give what reads pages, and the captures of two of them and of one in a coding that nobody knows."""
    archive, db = archive_at(tmp_path)
    unknown = HEAD[:-2] + b"Content-Encoding: x-own\r\n\r\n"
    answers = [(HTML[0], HEAD, SAID[0]["url"]), (b"?", unknown, f"{SAID[0]['url']}1"), (HTML[1], HEAD, SAID[1]["url"])]
    with closing(db):
        with writer(tmp_path, run=RUN.run) as open_writer, db:
            made = [
                open_writer.write(exchange(number, body, head, url=url), None)._replace(role="article")
                for number, (body, head, url) in enumerate(answers)
            ]
            capture_rows.add(db, made)
        seen = datetime.fromisoformat(SAID[0]["captured_at"])
        made = [
            one._replace(evidence=one.evidence._replace(captured_at=seen + timedelta(minutes=number)))
            for number, one in enumerate(made)
        ]
        yield Pages(Payloads(archive, db), db, Portal(REAL)), made


def title(pages: Pages, capture: Capture) -> str | None:
    article = pages.of(capture).article
    return article.title if article else None


def test_a_page_in_an_unknown_coding_keeps_no_other_from_being_read_ahead(kept, tmp_path):
    pages, (first, coded, second) = kept
    pages.read_ahead([first, coded, second])
    for path in (tmp_path / "warc").iterdir():
        path.unlink()  # What was read ahead is read no more.
    assert [title(pages, one) for one in (second, first)] == [TITLES[1], TITLES[0]]


def test_a_coding_that_nobody_knows_is_told_at_the_look(kept):
    pages, (_, coded, _) = kept
    with pytest.raises(ContentError, match="x-own"):
        pages.of(coded)


def test_the_same_record_at_another_address_is_another_page(kept):
    pages, (first, _, second) = kept
    there = first._replace(url=second.url)
    # The page says whose it is, and that is not whose address it was answered at.
    assert [title(pages, one) for one in (first, there, first)] == [TITLES[0], None, TITLES[0]]


def test_two_records_of_one_id_are_two_pages(kept):
    pages, (first, _, second) = kept
    other = second._replace(evidence=second.evidence._replace(record_id=first.evidence.record_id))
    pages.read(first, HTML[0])
    pages.read(other, HTML[1])
    assert [title(pages, one) for one in (first, other)] == TITLES
