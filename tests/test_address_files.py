"""A file of addresses is read line by line: good ones are done, bad ones are named with their number."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from crawler.address_files import BadLine, read
from crawler.portal import Address, Portal
from replica.portal import Portal as Replica
from replica.server import serve
from tests.runs import desk

PORTAL = Portal("https://www.korea.kr")
FILE = """\ufeff# articles to watch
https://www.korea.kr/news/policyNewsView.do?newsId=148930001

m.korea.kr is no address alone
http://m.korea.kr/news/policyNewsView.do?pWise=sub&amp;newsId=148930001  # the same again
javascript:goView('/briefing/pressReleaseView.do?newsId=156782001', '')
https://example.org/news/policyNewsView.do?newsId=1
https://www.korea.kr/news/policyNewsList.do#goList
"""


def test_any_form_of_link_is_read_and_bad_lines_are_named():
    found = list(read(FILE.splitlines(), PORTAL))
    assert [one.article for one in found if isinstance(one, Address)] == ["148930001", "156782001"]
    assert [one.number for one in found if isinstance(one, BadLine)] == [4, 7, 8]
    assert "is no address of https://www.korea.kr" in next(
        one.why for one in found if isinstance(one, BadLine) and one.number == 7
    )


@given(lines=st.lists(st.text(max_size=60), max_size=8))
def test_no_line_makes_the_reader_fail_or_speaks_to_the_terminal(lines: list[str]):
    for one in read(lines, PORTAL):
        assert isinstance(one, Address) or one.why.isprintable()


def test_the_command_does_the_good_lines_and_says_the_bad_ones(tmp_path: Path):
    with serve(Replica.load()) as portal:
        archive = desk(tmp_path / "archive", portal.url)
        number = next(one.id for one in portal.portal.state.visible() if one.section == "policy-news")
        (tmp_path / "list.txt").write_text(
            f"{portal.url}/news/policyNewsView.do?newsId={number}\nnonsense\n", encoding="utf-8"
        )
        done = archive.run("crawl", "--urls", str(tmp_path / "list.txt"))
        assert done.code == 0, done
        assert "list.txt, line 2 is no" in done.err
        assert archive.json("status")["counts"]["articles"] == 1
        (tmp_path / "list.txt").write_text("# nothing\n", encoding="utf-8")
        done = archive.run("crawl", "--urls", str(tmp_path / "list.txt"))
        assert done.code == 2
        assert "holds no address" in done.err


def test_two_addresses_of_one_article_are_both_given():
    """It may have moved from the one to the other."""
    lines = [
        "https://www.korea.kr/news/policyNewsView.do?newsId=148930001",
        "https://www.korea.kr/briefing/actuallyView.do?newsId=148930001",
    ]
    assert [one.url for one in read(lines, PORTAL) if isinstance(one, Address)] == lines
