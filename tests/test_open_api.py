"""The open API is asked politely and safely, its signals are kept, and its key is a secret."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.database import rebuild
from crawler import open_api
from crawler.open_api import Answer, OpenApi, Refusal, read
from crawler.portal import Portal
from crawler.windows import Days
from replica.portal import Portal as Replica
from replica.server import RunningPortal, serve
from replica.state import Fault
from replica.switches import Switches
from storage import changes, contents, signals
from storage.archive import Archive
from storage.change_query import Query
from storage.records import KST
from storage.state import State
from storage.warc_reader import iter_records
from tests.api_server import KEY, Api, answer, api_server, gateway, item
from tests.crawls import crawl
from tests.runs import Desk, desk

PORTAL = Portal("https://www.korea.kr")


def refusal(code: str) -> bytes:
    return f"<response><header><resultCode>{code}</resultCode><resultMsg>SAID</resultMsg></header></response>".encode()


def test_an_answer_is_read_with_every_signal():
    found = read(
        200,
        answer(item("148972963", ContentsStatus="U", ModifyId="21", ModifyDate="10/02/2026 17:47:23"), total=7),
        PORTAL,
    )
    assert isinstance(found, Answer)
    assert found.total == 7
    one = found.signals[0]
    assert (one.article, one.url) == ("148972963", "https://www.korea.kr/news/policyNewsView.do?newsId=148972963")
    assert (one.modify_id, one.modify_date, one.contents_status) == (21, "2026-10-02T17:47:23+09:00", "U")


@pytest.mark.parametrize(
    ("status", "body", "said", "until"),
    [
        (200, gateway("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR"), "[api] key", "tomorrow"),
        (200, gateway("22", "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR"), "used up", "tomorrow"),
        (200, gateway("31", "DEADLINE_HAS_EXPIRED_ERROR"), "expired", "tomorrow"),
        (400, gateway("12", "NO_OPENAPI_SERVICE_ERROR"), "no such service", "tomorrow"),
        (200, gateway("20", "SERVICE_ACCESS_DENIED_ERROR"), "활용신청", "tomorrow"),
        (200, gateway("32", "UNREGISTERED_IP_ERROR"), "address", "tomorrow"),
        (200, refusal("98"), "fewer days", "next-run"),
        (200, refusal("97"), "dates", "next-run"),
        (200, refusal("77"), "refuses", "next-run"),
        (401, b"Unauthorized", "not registered", "tomorrow"),
        (500, b"Unexpected errors", "HTTP status 500", "next-run"),
        (200, b"", "none of its answers", "next-run"),
        (200, b"<html><body>Error</body></html>", "none of its answers", "next-run"),
        (200, b'{"response": 1}', "none of its answers", "next-run"),
    ],
)  # fmt: skip
def test_each_refusal_is_a_sentence_that_says_what_to_do(status: int, body: bytes, said: str, until: str):
    found = read(status, body, PORTAL)
    assert isinstance(found, Refusal)
    assert said in found.sentence
    assert found.until == until


def test_no_article_in_these_days_is_no_error():
    assert read(200, refusal("03"), PORTAL) == Answer((), None)
    assert read(200, answer(), PORTAL) == Answer((), 0)


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><response>&b;</response>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><response>&a;</response>',
        b"<a>" * 100_000,
        answer(item("148972963"))[:-40],
        b"\xff\xfe\x00\x00",
    ],
)
def test_hostile_xml_is_no_answer(body: bytes):
    assert isinstance(read(200, body, PORTAL), Refusal)


@given(
    body=st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: answer(item("1", Title=text.replace("<", ""))))
)
def test_no_bytes_make_the_reader_fail(body: bytes):
    assert isinstance(read(200, body, PORTAL), Answer | Refusal)


def test_what_an_item_says_wrongly_is_left_out_of_its_signal():
    found = read(
        200,
        answer(item("148972963", ModifyId="x", ModifyDate="yesterday", OriginalUrl="http://evil/"), item("abc")),
        PORTAL,
    )
    assert isinstance(found, Answer)
    (one,) = found.signals
    assert (one.modify_id, one.modify_date, one.article, one.url) == (None, None, None, "http://evil/")


@pytest.mark.parametrize("key", [KEY, quote(KEY, safe="")])
def test_the_key_goes_out_once_encoded_whichever_form_was_given(key: str):
    api = OpenApi(open_api.REAL, key)
    url = api.call("a/b", Days(date(2026, 11, 1), date(2026, 11, 3)), 1)
    secret = api.secret_for(url)
    assert secret is not None
    assert KEY not in url
    assert quote(KEY, safe="").encode() in secret.unveiled(url.encode())
    assert len(secret.unveiled(url.encode())) == len(url)
    assert KEY not in repr(api) + repr(secret)
    assert api.secret_for("https://elsewhere.example/" + url) is None
    assert OpenApi(open_api.REAL, "").allows(url) is False


@pytest.fixture
def portal() -> Iterator[RunningPortal]:
    with serve(Replica.load(switches=Switches())) as running:
        yield running


@pytest.fixture
def api() -> Iterator[Api]:
    with api_server() as running:
        yield running


@pytest.fixture
def watched(portal: RunningPortal, api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("GOCHIM_SERVICE_KEY", KEY)
    return desk(
        tmp_path / "archive", portal.url, sections=["policy-news"], attachments=False, images=False, api_url=api.url
    )


def policy_news(portal: RunningPortal) -> list[str]:
    return sorted(one.id for one in portal.portal.state.visible() if one.section == "policy-news")


def everything_in(root: Path) -> bytes:
    """All bytes of an archive, those of WARC files unpacked."""
    parts = [path.read_bytes() for path in root.rglob("*") if path.is_file()]
    parts += [gzip.decompress(path.read_bytes()) for path in root.rglob("*.gz")]
    return b"\n".join(parts)


def test_the_key_stands_nowhere_in_the_archive_and_in_no_log(
    portal: RunningPortal, api: Api, watched: Desk, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    api.reply = lambda _: (200, answer(item(policy_news(portal)[0])))
    done = crawl(watched, portal)
    assert {call["serviceKey"] for call in api.calls} == {KEY}
    told = everything_in(watched.root) + caplog.text.encode() + "\n".join(done.outcome.problems).encode()
    for form in (KEY, quote(KEY, safe=""), quote(KEY)):
        assert form.encode() not in told
    assert b"serviceKey=" + b"*" * len(quote(KEY, safe="")) in told


def test_an_answer_that_repeats_the_key_is_withheld(portal: RunningPortal, api: Api, watched: Desk):
    api.reply = lambda fields: (200, gateway("30", f"NO KEY {fields['serviceKey']}"))
    done = crawl(watched, portal)
    assert KEY.encode() not in everything_in(watched.root)
    assert any("could not be asked" in one for one in done.outcome.problems)
    assert done.outcome.finish == "finished"
    assert len(done.articles) == len(policy_news(portal))
    with closing(Archive(watched.root).database()) as db:
        kept = db.execute(
            "SELECT DISTINCT failure, status, truncated FROM captures WHERE url LIKE '%/1371000/%'"
        ).fetchall()
    assert [tuple(row) for row in kept] == [("withheld", None, None)]


def test_requests_and_answers_are_kept_and_the_answers_bytes_are_exact(portal: RunningPortal, api: Api, watched: Desk):
    body = answer(item("148000001"))
    api.reply = lambda _: (200, body)
    crawl(watched, portal)
    found = [
        (record.type, record.block)
        for path in (watched.root / "warc").glob("*.warc.gz")
        for record in iter_records(path)
        if "/1371000/" in (record.headers.get("WARC-Target-URI") or "")
    ]
    assert [block.endswith(body) for type_, block in found if type_ == "response"] == [True]
    types = [type_ for type_, _ in found]
    assert types.count("request") == types.count("response") + types.count("revisit") == len(api.calls)


def test_signals_are_kept_and_rebuilt_from_the_archive(portal: RunningPortal, api: Api, watched: Desk):
    number = policy_news(portal)[0]
    api.reply = lambda _: (200, answer(item(number, ModifyId="4", ContentsStatus="U")))
    crawl(watched, portal)
    archive = Archive(watched.root)
    db = archive.database()
    before = signals.newest(db, number)
    assert before is not None
    assert (before.modify_id, before.contents_status) == (4, "U")
    db.close()
    rebuild(archive, Portal(portal.url), workers=1)
    db = archive.database()
    assert signals.newest(db, number) == before
    db.close()


def test_articles_that_the_api_tells_of_are_looked_at_though_no_list_shows_them(
    portal: RunningPortal, api: Api, watched: Desk
):
    portal.portal.fail("/news/policyNewsList.do", Fault("status", status=404))
    number = policy_news(portal)[3]
    api.reply = lambda _: (200, answer(item(number), item("156000000", OriginalUrl="https://elsewhere.example/x")))
    done = crawl(watched, portal)
    assert [one.rpartition("=")[2] for one in done.articles] == [number]


def test_a_raised_modify_id_makes_an_article_due_now(portal: RunningPortal, api: Api, watched: Desk):
    number = policy_news(portal)[0]
    api.reply = lambda _: (200, answer(item(number, ModifyId="1")))
    crawl(watched, portal)
    assert crawl(watched, portal).articles == []
    api.reply = lambda _: (200, answer(item(number, ModifyId="2")))
    assert [one.rpartition("=")[2] for one in crawl(watched, portal).articles] == [number]
    assert crawl(watched, portal).articles == []


def test_calls_ask_for_three_days_at_most_and_recent_ones_once_a_day(portal: RunningPortal, api: Api, watched: Desk):
    crawl(watched, portal)
    assert len(api.calls) == 11
    assert all(len(api.days(number)) <= 3 for number in range(len(api.calls)))
    today = datetime.now(KST).date()
    assert {day for number in range(11) for day in api.days(number)} == {
        (today - timedelta(days=n)).isoformat() for n in range(31)
    }
    crawl(watched, portal)
    assert len(api.calls) == 12


def test_pages_are_turned_until_all_are_read_or_one_comes_again(portal: RunningPortal, api: Api, watched: Desk):
    api.reply = lambda fields: (200, answer(item(fields["startDate"] + fields["pageNo"]), total=250))
    crawl(watched, portal)
    assert [call["pageNo"] for call in api.calls[:3]] == ["1", "2", "3"]
    api.calls.clear()
    api.reply = lambda _: (200, answer(item("148000001"), total=250))
    crawl(watched, portal)
    assert len(api.calls) <= 2


def test_calls_of_a_day_are_counted_across_runs(portal: RunningPortal, api: Api, watched: Desk):
    path = watched.root / "gochim.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("daily_calls = 1000", "daily_calls = 13"), encoding="utf-8"
    )
    for _ in range(4):
        crawl(watched, portal, since="2025-01-01")
    assert len(api.calls) == 13


@pytest.mark.parametrize(
    ("reply", "again"),
    [
        ((200, gateway("22", "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR")), 0),
        ((200, gateway("30", "SERVICE_KEY_IS_NOT_REGISTERED_ERROR")), 0),
        ((500, b"Unexpected errors"), 1),
    ],
)
def test_a_refusal_stops_the_api_and_not_the_crawl(
    portal: RunningPortal, api: Api, watched: Desk, reply: tuple[int, bytes], again: int
):
    api.reply = lambda _: reply
    done = crawl(watched, portal)
    assert len(api.calls) == 1
    assert sum("open API" in one for one in done.outcome.problems) == 1
    assert len(done.articles) == len(policy_news(portal))
    assert done.outcome.finish == "finished"
    crawl(watched, portal)
    assert len(api.calls) == 1 + again


def test_without_a_key_the_api_is_not_asked(
    portal: RunningPortal, api: Api, watched: Desk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("GOCHIM_SERVICE_KEY")
    crawl(watched, portal)
    assert api.calls == []


def test_old_days_are_asked_for_once(portal: RunningPortal, api: Api, watched: Desk):
    since = (datetime.now(KST).date() - timedelta(days=60)).isoformat()
    crawl(watched, portal, since=since)
    days = [day for number in range(len(api.calls)) for day in api.days(number)]
    assert min(days) == since
    api.calls.clear()
    crawl(watched, portal, since=since)
    assert len(api.calls) <= 2
    assert State.load(watched.root / "state.json").part("api")


def edit(portal: RunningPortal, number: str, words: str) -> None:
    state = portal.portal.state
    state.articles[number] = replace(state.articles[number], title=words)


def verdicts(root: Path) -> list[tuple[str, list[str]]]:
    db = Archive(root).database()
    found = changes.find(db, Query())
    db.close()
    return [(one.comparison.disclosure, [why.signal for why in one.comparison.reasons]) for one in found]


def digests(watched: Desk, portal: RunningPortal) -> tuple[str, str]:
    """Digest the archive as it grew, and as it is rebuilt from its WARC files."""
    archive = Archive(watched.root)
    found = []
    for _ in range(2):
        db = archive.database()
        found.append(contents.content_digest(db))
        db.close()
        rebuild(archive, Portal(portal.url), workers=1)
    return found[0], found[1]


def moment() -> str:
    return f"{datetime.now(KST):%m/%d/%Y %H:%M:%S}"


def edited(portal: RunningPortal, api: Api, watched: Desk) -> str:
    """Edit an article that was looked at; give what the API tells of it from then on."""
    number = policy_news(portal)[0]
    api.reply = lambda _: (200, answer(item(number)))
    crawl(watched, portal)
    edit(portal, number, "제목을 고쳤다")
    return item(number, ModifyId="2", ModifyDate=moment())


def test_an_edit_of_which_the_api_told_first_is_stamped_after_a_rebuild_too(
    portal: RunningPortal, api: Api, watched: Desk
):
    modified = edited(portal, api, watched)
    api.reply = lambda _: (200, answer(modified))
    crawl(watched, portal)
    assert verdicts(watched.root) == [("stamped", ["modify-id", "modify-date"])]
    grown, rebuilt = digests(watched, portal)
    assert grown == rebuilt


def test_a_verdict_follows_what_the_api_tells_after_the_change_was_filed(
    portal: RunningPortal, api: Api, watched: Desk
):
    modified = edited(portal, api, watched)
    crawl(watched, portal, recheck="all")
    assert verdicts(watched.root) == [("silent", ["none", "perhaps"])]
    api.reply = lambda _: (200, answer(modified))
    crawl(watched, portal)
    assert verdicts(watched.root) == [("stamped", ["modify-id", "modify-date"])]
    grown, rebuilt = digests(watched, portal)
    assert grown == rebuilt
