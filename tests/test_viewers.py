"""A document in a viewer that has no last page, or whose pages the budget left out: what is asked for, and told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.parts import MAX_DOCUMENT_PAGES
from crawler.turned import LONG
from tests.runs import Desk, desk
from tests.shelf import Shelf, page, shelf

RELEASE = "/briefing/pressReleaseView.do?newsId=156700001"
FOLDER = "/docViewer/result/2026.11/09/ab12"
FRAME = (
    f'<div class="docConversion" id="content"><iframe id="content_press"'
    f' src="/docViewer/iframe_skin/doc.html?fn=ab12&amp;rs={FOLDER}"></iframe></div>'
)


@pytest.fixture
def portal() -> Iterator[Shelf]:
    with shelf() as one:
        one.shown[RELEASE] = page(own=RELEASE).replace("<div class='view_cont'>", f"<div class='view_cont'>{FRAME}")
        yield one


@pytest.fixture
def archive(tmp_path: Path, portal: Shelf) -> Desk:
    return desk(tmp_path / "archive", portal.url)


def fill(portal: Shelf, pages: int) -> None:
    """Let the document have so many pages, each with words of its own."""
    for number in range(1, pages + 1):
        portal.shown[f"{FOLDER}/ab12.files/{number}.html"] = (
            f"<p>{number}번째 쪽은 {'가나다라마바사'[number % 7] * number}이다.</p>"
        )


def crawl(archive: Desk, portal: Shelf, *words: str) -> list[str]:
    portal.asked.clear()
    archive.ok("crawl", "--url", portal.url + RELEASE, *words)
    return [one for one in portal.asked if one.startswith(FOLDER)]


def test_a_viewer_that_has_new_words_for_every_number_is_asked_for_two_dozen_pages_at_each_look(archive, portal):
    fill(portal, 500)
    for _ in range(2):
        assert len(crawl(archive, portal)) == LONG + 1
    status = archive.json("status")
    assert (status["counts"]["versions"], status["outcomes"]) == (0, {"incomplete": 2})
    assert [one for one in status["wrong"] if "has no last page" in one]
    assert not [one for one in status["wrong"] if "budget" in one]


@pytest.mark.parametrize("pages", [LONG - 1, LONG, LONG + 1, 60])
def test_a_document_that_has_an_end_is_had_whole_however_long_it_is(archive, portal, pages):
    fill(portal, pages)
    asked = crawl(archive, portal)
    assert len(asked) == pages + (1 if pages < LONG else 2)
    assert (f"{FOLDER}/ab12.files/{MAX_DOCUMENT_PAGES}.html" in asked) == (pages >= LONG)
    shown = archive.json("show", "156700001")
    assert [block["text"].split()[0] for block in shown["body"]] == [f"{number}번째" for number in range(1, pages + 1)]


def test_status_says_that_the_budget_may_have_cut_a_look_short(archive, portal):
    fill(portal, 5)
    crawl(archive, portal, "--max-requests", "4")
    wrong = archive.json("status")["wrong"]
    assert [
        one
        for one in wrong
        if one.startswith("Of the articles not read whole 1 stood at the end of a run whose budget was spent")
    ]
    crawl(archive, portal)
    assert archive.json("status")["wrong"] == []
    assert archive.json("changes") == []
