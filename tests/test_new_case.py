"""A page of the archive becomes a golden case, byte for byte, with what to do next."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace

import pytest
from click.testing import CliRunner

from cli.main import gochim
from replica.portal import Portal
from replica.server import serve
from storage import captures
from storage.archive import Archive
from storage.errors import SettingsError
from storage.records import kst
from storage.warc_reader import payload_of
from tests.golden_cases import reading
from tests.runs import ARTICLES, desk, few_articles


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    root = tmp_path_factory.mktemp("case")
    articles = few_articles(root / "articles", 1)
    release = next((ARTICLES / "press-release").glob("*.toml")).stem
    with serve(Portal.load(articles)) as running:
        watched = desk(root / "archive", running.url, sections=["press-release"])
        done = CliRunner().invoke(gochim, ["crawl", "-q", "--archive", str(watched.root)])
        assert done.exit_code == 0, done
        yield watched, running.url, release


def cut(watched, *words):
    return CliRunner().invoke(gochim, ["new-case", *words, "--archive", str(watched.root)])


def pages(watched):
    archive = Archive(watched.root)
    db = archive.database()
    found = [one for row in db.execute("SELECT id FROM captures WHERE role = 'article' AND status = 200")
             if (one := captures.by_id(db, row["id"]))]  # fmt: skip
    return archive, db, found


def test_a_case_is_cut_by_number_record_and_address_and_reads_as_the_page_did(crawled, tmp_path):
    watched, _, _ = crawled
    archive, db, found = pages(watched)
    page = next(one for one in found if one.role == "article")
    payload = payload_of(archive.root, page, lambda record: captures.by_record(db, record))
    for number, named in enumerate((str(page.id), page.evidence.record_id, page.url)):
        into = tmp_path / str(number)
        done = cut(watched, named, "--into", str(into))
        assert done.exit_code == 0, done
        (case,) = [one.parent for one in into.glob("*/*/*/page.html")]
        assert str(case) in done.stdout
        assert case.relative_to(into).parts[0] == "press-release"
        assert (case / "page.html").read_bytes() == payload
        read = reading(case)
        assert read["layout"] == case.parent.name
        assert read["article"] == page.article
        assert read["body"]
        told = json.loads((case / "capture.json").read_text(encoding="utf-8"))
        assert told["url"] == page.url
        size = sum(one.stat().st_size for one in case.glob("*.html"))
        assert f"{size:,} bytes" in done.stderr
        assert "move it there, below tests/golden/sections." in done.stderr


def test_a_case_holds_the_document_of_a_release(crawled, tmp_path):
    watched, _, _ = crawled
    _, db, found = pages(watched)
    with_document = 0
    for page in found:
        into = tmp_path / str(page.id)
        assert cut(watched, str(page.id), "--into", str(into)).exit_code == 0
        (case,) = [one.parent for one in into.glob("*/*/*/page.html")]
        documents = sorted(case.glob("document-*.html"))
        captured = [
            row["url"]
            for row in db.execute("SELECT url FROM captures WHERE role = 'document' AND status = 200 ORDER BY url")
        ]
        if documents:
            with_document += 1
            assert len(documents) <= len(captured)
            assert reading(case)["body_from"] == "viewer"
    assert with_document


def test_a_name_is_taken_once(crawled, tmp_path):
    watched, _, _ = crawled
    _, db, found = pages(watched)
    db.close()
    words = (str(found[0].id), "--into", str(tmp_path), "--name", "first")
    assert cut(watched, *words).exit_code == 0
    again = cut(watched, *words)
    assert isinstance(again.exception, SettingsError)
    assert "is there already" in str(again.exception)


@pytest.mark.parametrize(
    ("named", "words", "said"),
    [
        ("999999", [], "There is no whole capture"),
        ("9" * 30, [], "There is no whole capture"),
        ("²", [], "There is no whole capture"),
        ("urn:uuid:00000000-0000-4000-8000-000000000000", [], "There is no whole capture"),
        ("https://www.korea.kr/news/policyNewsView.do?newsId=1", [], "There is no whole capture"),
        ("1", ["--name", "../away"], "is no name for a directory"),
    ],
)
def test_what_cannot_be_cut_is_said(crawled, tmp_path, named, words, said):
    done = cut(crawled[0], named, "--into", str(tmp_path), *words)
    assert isinstance(done.exception, SettingsError)
    assert said in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_is_not_whole_is_told_with_its_time_in_korea(crawled, tmp_path):
    watched, url, _ = crawled
    absent = f"{url}/briefing/pressReleaseView.do?newsId=156999999"
    crawled = CliRunner().invoke(gochim, ["crawl", "-q", "--url", absent, "--archive", str(watched.root)])
    assert crawled.exit_code == 0, crawled
    with closing(Archive(watched.root).database()) as db:
        ((number, at),) = db.execute("SELECT id, captured_at FROM captures WHERE url = ? AND status = 404", (absent,))
    done = cut(watched, str(number), "--into", str(tmp_path))
    assert f" at {kst(at)} is no whole page (status 404)." in str(done.exception)


def test_a_list_is_no_case(crawled, tmp_path):
    watched, url, _ = crawled
    done = cut(watched, url + "/briefing/pressReleaseList.do", "--into", str(tmp_path))
    assert "is no article's page" in str(done.exception)


def test_an_unrecognised_page_says_what_to_do_next(tmp_path):
    articles = few_articles(tmp_path / "articles", 1)
    portal = Portal.load(articles)
    with serve(portal) as running:
        watched = desk(tmp_path / "archive", running.url, sections=["policy-news"])
        router = portal._router
        answered = router.answer

        def otherwise(request, noise):
            answer = answered(request, noise)
            return replace(answer, body=answer.body.replace(b"view_cont", b"text2027").replace(b"viewCont", b"t2027"))

        router.answer = otherwise
        CliRunner().invoke(gochim, ["crawl", "-q", "--archive", str(watched.root)])
    _, db, found = pages(watched)
    db.close()
    done = cut(watched, str(found[0].id), "--into", str(tmp_path / "cases"))
    assert done.exit_code == 0, done
    assert "/policy-news/unrecognised/" in done.stdout
    assert "no layout reads it" in done.stderr
    assert "write a layout in crawler/templates.py" in done.stderr


def test_cases_go_to_the_source_tree_or_to_golden(crawled, tmp_path, monkeypatch):
    watched, _, _ = crawled
    _, db, found = pages(watched)
    db.close()
    monkeypatch.chdir(tmp_path)
    assert cut(watched, str(found[0].id), "--name", "one").stdout.startswith("golden/press-release/")
    (tmp_path / "tests" / "golden" / "sections").mkdir(parents=True)
    (tmp_path / "crawler").mkdir()
    (tmp_path / "crawler" / "layouts.py").touch()
    assert cut(watched, str(found[0].id), "--name", "two").stdout.startswith("tests/golden/sections/press-release/")
