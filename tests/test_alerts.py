"""Alerts reach real servers on loopback once, wait while the network is down, and are never told twice."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from apprise.conversion import text_to_html, text_to_markdown
from click.testing import CliRunner
from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from alerting import messages
from alerting.alarms import Thresholds, alarms
from alerting.channel import Channel, Undelivered
from alerting.courier import Courier, notice
from cli import announcing
from cli.main import gochim
from cli.options import Place
from crawler import watch
from crawler.alert_targets import Target
from diffing.reports.phrases import Words
from replica.portal import Portal
from replica.server import serve
from storage import changes
from storage.change_query import Query
from storage.changes import Sighting
from storage.errors import LockHeld, RunEndedEarly, SettingsError
from storage.outbox import Outbox
from storage.records import Block, DocumentChange, Op, Reason, iso
from tests.babbler import babbling
from tests.makers import archive_at, article, at, file_readings, found_and_filed, reading, readings
from tests.report_samples import all_changes, hostile, many
from tests.runs import desk, few_articles
from tests.serving import free_port, serving

KO = Words("ko")
NOW = at(1000)
BEFORE = at(-1)


class Hook(BaseHTTPRequestHandler):
    """A webhook that keeps what it is sent, and refuses while ``status`` says so."""

    got: list[tuple[dict[str, str], dict[str, str]]]
    status: int

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status == 200:
            self.server.got.append((json.loads(body), dict(self.headers)))
        self.send_response(self.server.status)
        self.end_headers()

    def do_GET(self) -> None:
        self.server.got.append((self.path, {}))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Hook)
    server.got, server.status = [], 200
    with serving(server):
        yield server


def target(server: HTTPServer, name: str = "desk", **rest: object) -> Target:
    return Target(name, f"json://127.0.0.1:{server.server_port}/secret-path", **rest)


class Watched:
    """An archive with one edited article, its outbox, and a courier that does not wait."""

    def __init__(self, root: Path) -> None:
        self.archive, self.db = archive_at(root)
        self.outbox = Outbox(self.archive.alerts_path)
        self.courier = Courier(self.db, self.outbox, KO, 4000, pauses=(0,))

    def edit(self, name: str = "148930267", text: str = "도서관은 20곳이다.") -> None:
        both = [article(name=name, text="도서관은 10곳이다."), article(name=name, text=text)]
        file_readings(self.db, name, readings(self.db, both, name))
        found_and_filed(self.db, name)

    def begin(self, *targets: Target, when: datetime = BEFORE) -> None:
        self.outbox.begin([one.name for one in targets], when)

    def run(self, *targets: Target) -> list[str]:
        notice(self.db, self.outbox, targets, NOW)
        return self.courier.send(targets)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    made = Watched(tmp_path / "archive")
    yield made
    made.outbox.close()
    made.db.close()


def test_a_webhook_is_told_once_however_often_it_is_run(watched: Watched, hook: HTTPServer):
    desk = target(hook)
    watched.begin(desk)
    watched.edit()
    assert watched.run(desk) == []
    assert watched.run(desk) == []
    ((body, headers),) = hook.got
    assert body["title"] == "[고침] 내용 변경: 마을 도서관 열두 곳이 새로 문을 연다"
    assert "10곳→20곳" in body["message"]
    assert "https://" in body["message"]
    assert headers["Idempotency-Key"] in body["message"]


def test_a_rebuilt_database_announces_nothing_twice_though_ids_are_others(watched: Watched, hook: HTTPServer):
    desk = target(hook)
    watched.begin(desk)
    watched.edit()
    watched.run(desk)
    (known,) = changes.find(watched.db, Query())
    changes.take_back(watched.db, known.article)
    changes.put(watched.db, changes.rows_of(watched.db, replace(known, id=f"{known.article}.7")))
    assert watched.run(desk) == []
    assert len(hook.got) == 1


def test_changes_that_were_noted_are_not_asked_for_again_however_many_there_are(watched: Watched, hook: HTTPServer):
    asked = [0, 0]

    def step() -> int:
        asked[1] += 1
        return 0

    def run() -> int:
        asked[1] = 0
        watched.db.set_progress_handler(step, 1)
        assert watched.run(target(hook)) == []
        watched.db.set_progress_handler(None, 1)
        return asked[1]

    watched.begin(target(hook))
    watched.edit()
    run()
    asked[0] = run()
    for number in range(200):
        watched.edit(str(148_940_000 + number))
    run()
    assert abs(run() - asked[0]) < 5  # steps of SQLite, whose versions take one more or fewer
    assert len(hook.got) == 2


@pytest.mark.parametrize("deed", ["an older outbox is put back", "a target begins before all others"])
def test_what_was_noted_for_others_is_asked_for_again_where_it_was_not_noted_here(
    watched: Watched, hook: HTTPServer, tmp_path: Path, deed: str
):
    watched.begin(target(hook), when=BEFORE if deed.startswith("an") else NOW)
    older = shutil.copy(watched.archive.alerts_path, tmp_path / "older.db")
    watched.edit()
    watched.run(target(hook))
    if deed.startswith("an"):
        watched.outbox.close()
        shutil.copy(older, watched.archive.alerts_path)
        watched.outbox = Outbox(watched.archive.alerts_path)
        watched.courier = Courier(watched.db, watched.outbox, KO, 4000, pauses=(0,))
    hook.got.clear()
    watched.begin(target(hook, "early"))
    watched.run(target(hook), target(hook, "early"))
    assert "20곳" in json.dumps(hook.got[-1], ensure_ascii=False)


def test_what_was_seen_before_a_target_began_is_not_told_to_it(watched: Watched, hook: HTTPServer):
    old, new = target(hook, "old"), target(hook, "new")
    watched.begin(old)
    watched.edit()
    watched.run(old)
    watched.begin(new, when=NOW)
    watched.run(old, new)
    assert len(hook.got) == 1


@pytest.mark.parametrize(("later", "told"), [(timedelta(0), 1), (timedelta(microseconds=1), 0)])
def test_what_is_first_seen_as_a_target_begins_is_told_to_it_and_nothing_earlier(
    watched: Watched, hook: HTTPServer, later: timedelta, told: int
):
    watched.edit()
    (change,) = changes.find(watched.db, Query())
    watched.begin(target(hook), when=change.new_first_seen + later)
    watched.run(target(hook))
    assert len(hook.got) == told


@pytest.mark.parametrize(("most", "fits"), [(900, 900), (20_000, 4000)], ids=["the settings", "the service"])
def test_a_message_is_no_longer_than_settings_and_service_allow(
    watched: Watched, hook: HTTPServer, most: int, fits: int
):
    desk = Target("desk", f"mmost://127.0.0.1:{hook.server_port}/aaaabbbbccccddddeeeeffff")
    watched.courier = Courier(watched.db, watched.outbox, KO, most, pauses=())
    watched.begin(desk)
    for number in range(30):
        watched.edit(str(148_940_000 + number))
    assert watched.run(desk) == []
    ((body, _),) = hook.got
    assert fits // 2 < len(body["text"]) <= fits


def test_nothing_is_lost_while_the_network_is_down(watched: Watched, hook: HTTPServer):
    desk = target(hook)
    watched.begin(desk)
    watched.edit()
    hook.status = 503
    (problem,) = watched.run(desk)
    assert "desk was not delivered" in problem
    assert "secret-path" not in problem
    watched.edit("148930268")
    watched.run(desk)
    assert [one.failures for one in watched.outbox.waiting()] == [2, 1]
    hook.status = 200
    assert watched.run(desk) == []
    assert [body["title"] for body, _ in hook.got] == ["[고침] 변경 2건: 내용 2"]
    assert watched.outbox.waiting() == []


def test_a_second_try_within_the_run_delivers(watched: Watched, hook: HTTPServer):
    desk = target(hook)
    watched.begin(desk)
    watched.edit()
    hook.status = 503
    watched.courier._pauses = (0,)
    real, tries = Channel.send, []

    def flaky(self: Channel, *words: str) -> None:
        tries.append(words)
        if len(tries) > 1:
            hook.status = 200
        real(self, *words)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Channel, "send", flaky)
        assert watched.run(desk) == []
    assert len(tries) == 2
    assert tries[0] == tries[1]
    assert len(hook.got) == 1


@pytest.mark.parametrize("sent", [False, True])
def test_killed_while_sending_it_is_sent_again_under_the_same_id_and_says_so(
    watched: Watched, hook: HTTPServer, sent: bool
):
    desk = target(hook)
    watched.begin(desk)
    watched.edit()
    real = Channel.send

    def killed(self: Channel, *words: str) -> None:
        if sent:
            real(self, *words)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Channel, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            watched.run(desk)
    (left,) = watched.outbox.waiting()
    assert left.state == "sending"
    watched.edit("148930268")
    with closing(Outbox(watched.archive.alerts_path)) as later:
        notice(watched.db, later, [desk], NOW)
        assert Courier(watched.db, later, KO, 4000).send([desk]) == []
        assert later.waiting() == []
    ids = [headers["Idempotency-Key"] for _, headers in hook.got]
    assert ids[-2] == left.message
    assert "이미 받으셨을 수 있습니다" in hook.got[-2][0]["message"]
    assert "이미 받으셨을" not in hook.got[-1][0]["message"]
    assert len(ids) == 2 + sent


def narrowed(watched: Watched, hours: float) -> None:
    """Let the change that is known fall into a smaller interval, as an imported look makes it."""
    (known,) = changes.find(watched.db, Query())
    seen = reading(watched.db, hours, article(text="도서관은 20곳이다.")).capture.evidence
    changes.take_back(watched.db, known.article)
    narrow = replace(known, new_first_seen=seen.captured_at, evidence_new=seen)
    changes.put(watched.db, changes.rows_of(watched.db, narrow))


def test_an_interval_that_an_import_narrows_is_told_to_nobody_again(watched: Watched, hook: HTTPServer):
    desk = target(hook)
    watched.begin(desk)
    watched.edit()
    watched.run(desk)
    for hours in (12, 6):
        narrowed(watched, hours)
        assert watched.run(desk) == []
    assert len(hook.got) == 1
    watched.edit("148930268")
    watched.run(desk)
    assert len(hook.got) == 2


def test_what_waits_is_told_though_its_interval_was_narrowed_meanwhile(watched: Watched, hook: HTTPServer):
    desk = target(hook)
    watched.begin(desk)
    watched.edit()
    hook.status = 503
    watched.run(desk)
    narrowed(watched, 12)
    hook.status = 200
    assert watched.run(desk) == []
    assert [body["title"] for body, _ in hook.got] == ["[고침] 내용 변경: 마을 도서관 열두 곳이 새로 문을 연다"]


def test_a_state_that_an_import_brings_to_light_is_told(watched: Watched, hook: HTTPServer):
    desk = target(hook)
    watched.begin(desk)
    watched.edit()
    watched.run(desk)
    (known,) = changes.find(watched.db, Query())
    between = reading(watched.db, 12, article(text="도서관은 15곳이다.")).capture.evidence
    first = replace(known, id=f"{known.article}.9", new_first_seen=between.captured_at, evidence_new=between)
    changes.put(watched.db, changes.rows_of(watched.db, first))
    watched.run(desk)
    watched.run(desk)
    assert len(hook.got) == 2


def test_an_outbox_of_before_learns_intervals_and_repeats_nothing(watched: Watched, hook: HTTPServer):
    desk = target(hook)
    watched.begin(desk)
    watched.edit()
    watched.run(desk)
    watched.outbox.close()
    with closing(sqlite3.connect(watched.archive.alerts_path)) as old:
        old.executescript(
            "ALTER TABLE noted DROP COLUMN old_last_seen; ALTER TABLE noted DROP COLUMN new_first_seen;"
            " PRAGMA user_version = 1"
        )
    watched.outbox = Outbox(watched.archive.alerts_path)
    watched.courier = Courier(watched.db, watched.outbox, KO, 4000, pauses=(0,))
    narrowed(watched, 12)
    assert watched.run(desk) == []
    assert len(hook.got) == 1


def test_what_waits_for_a_target_that_is_no_more_is_taken_back(watched: Watched, hook: HTTPServer):
    old = target(hook, "old")
    watched.begin(old)
    watched.edit()
    hook.status = 503
    watched.run(old)
    watched.archive.settings_path.write_text(watch.written(), encoding="utf-8")
    root = watched.archive.root
    assert "gochim alerts drop old" in invoke(root, "alerts").stdout
    assert "Something waits for: old" in str(invoke(root, "alerts", "drop", "other", code=1).exception)
    assert "1 message to old taken back" in invoke(root, "alerts", "drop", "old").stdout
    assert watched.outbox.waiting() == []
    assert "Nothing waits for old." in str(invoke(root, "alerts", "drop", "old", code=1).exception)


def test_a_change_taken_back_while_it_waits_is_not_told(watched: Watched, hook: HTTPServer):
    desk = target(hook)
    watched.begin(desk)
    watched.edit()
    hook.status = 500
    watched.run(desk)
    changes.take_back(watched.db, "148930267")
    hook.status = 200
    assert watched.run(desk) == []
    assert hook.got == []
    assert [one.state for one in watched.outbox.ended(9)] == ["withdrawn"]


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({}, True),
        ({"min_weight": "substance", "labels": ("quantity", "money")}, True),
        ({"labels": ("money",)}, False),
        ({"ministries": ("A00012",), "keywords": ("20곳",)}, True),
        ({"ministries": ("국세청",)}, False),
        ({"keywords": ("없는 말",)}, False),
        ({"disclosures": ("explained",)}, False),
        ({"kinds": ("removed",)}, False),
        ({"sections": ("briefing",)}, False),
    ],
)
def test_a_filter_lets_through_what_it_names(watched: Watched, hook: HTTPServer, filters: dict, told: bool):
    desk = target(hook, **filters)
    watched.begin(desk)
    watched.edit()
    watched.run(desk)
    assert bool(hook.got) == told
    watched.run(target(hook))
    assert len(hook.got) == told, "a filter widened later does not tell old changes"


@pytest.mark.parametrize("filters", [{"labels": ("quantity",)}, {"disclosures": ("silent",)}])
def test_what_a_filter_keeps_back_hides_nothing_that_comes_after_it(watched: Watched, hook: HTTPServer, filters: dict):
    desk = target(hook, **filters)
    watched.begin(desk)
    kept_back = "어린이집은 10곳이다. 바로잡습니다: 도서관을 어린이집으로 고쳤습니다."
    for name, text in (("148930261", kept_back), ("148930262", "도서관은 20곳이다."), ("148930263", kept_back)):
        watched.edit(name, text)
    watched.run(desk)
    assert len(changes.find(watched.db, Query())) == 3
    ((body, _),) = hook.got
    assert "newsId=148930262" in body["message"]
    assert "14893026" not in body["message"].replace("148930262", "")


@pytest.mark.parametrize(
    ("keyword", "told"),
    [("열두", True), ("20곳", True), ("10곳", True), ("첨부 예산", True), ("그대로", False), ("읍면", False)],
)
def test_a_keyword_is_sought_in_the_title_and_in_what_was_changed_alone(
    watched: Watched, hook: HTTPServer, keyword: str, told: bool
):
    desk = target(hook, keywords=(keyword,))
    watched.begin(desk)
    same = Block("paragraph", "이 문단은 그대로 있다.")
    both = [article(body=(same, Block("paragraph", f"도서관은 {number}곳이다."))) for number in (10, 20)]
    file_readings(watched.db, "148930267", readings(watched.db, both))
    found_and_filed(watched.db, "148930267")
    (known,) = changes.find(watched.db, Query())
    file = DocumentChange("1", "2", "가.hwpx", "나.hwpx", (Op("insert", None, "첨부 예산은 3억 원이다."),))
    changes.take_back(watched.db, known.article)
    changes.put(
        watched.db,
        changes.rows_of(watched.db, replace(known, comparison=replace(known.comparison, documents=(file,)))),
    )
    watched.run(desk)
    assert bool(hook.got) == told


def test_a_target_whose_address_is_not_to_be_had_keeps_nothing_from_the_others(watched: Watched, hook: HTTPServer):
    targets = [Target("lost", url_env="NO_SUCH_ADDRESS"), target(hook)]
    watched.begin(*targets)
    watched.edit()
    (problem,) = watched.run(*targets)
    assert problem.startswith("alert lost was not delivered and waits for the next run: ")
    assert len(hook.got) == 1
    assert [one.target for one in watched.outbox.waiting()] == ["lost"]


def test_what_was_being_sent_is_sent_again_in_the_messages_in_which_it_was(watched: Watched, hook: HTTPServer):
    desk = target(hook)
    watched.begin(desk)
    for number in range(3):
        watched.edit(f"14893030{number}")
    notice(watched.db, watched.outbox, [desk], NOW)
    one, two, three = watched.outbox.open("desk")
    ids = watched.outbox.sending([one, three]), watched.outbox.sending([two])
    assert watched.courier.send([desk]) == []
    sent = {headers["Idempotency-Key"]: re.findall(r"newsId=(\d+)", body["message"]) for body, headers in hook.got}
    assert {message: set(found) for message, found in sent.items()} == {
        ids[0]: {changes.article_in(one.key), changes.article_in(three.key)},
        ids[1]: {changes.article_in(two.key)},
    }
    assert len(hook.got) == 2


def test_one_message_a_change_and_a_digest_of_what_is_more(watched: Watched, hook: HTTPServer, monkeypatch):
    monkeypatch.setattr("alerting.courier.MOST_MESSAGES", 2)
    desk = target(hook, send="each")
    watched.begin(desk)
    for number in range(4):
        watched.edit(f"14893030{number}")
    watched.run(desk)
    assert [body["title"][:9] for body, _ in hook.got] == ["[고침] 내용 변", "[고침] 내용 변", "[고침] 변경 2"]


def test_a_mail_is_received_by_a_real_server(watched: Watched):
    mails: list[Message] = []

    class Keeper:
        async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802  # as aiosmtpd calls it
            mails.append(message_from_bytes(envelope.content))
            return "250 OK"

    port = free_port()
    controller = Controller(Keeper(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        mail = f"mailto://127.0.0.1:{port}?from=gochim@example.org&to=desk@example.org&mode=insecure&format=text"
        desk = Target("mail", mail)
        watched.begin(desk)
        watched.edit()
        assert watched.run(desk) == []
    finally:
        controller.stop()
    (mail,) = mails
    assert str(make_header(decode_header(mail["Subject"]))) == "[고침] 내용 변경: 마을 도서관 열두 곳이 새로 문을 연다"
    part = next(one for one in mail.walk() if one.get_content_type() == "text/plain")
    text = part.get_payload(decode=True).decode()
    assert "10곳→20곳" in text
    assert mail["X-Gochim-Message"] in text


def test_an_address_that_is_not_known_is_refused_without_repeating_it():
    with pytest.raises(SettingsError) as caught:
        Channel("nosuch://hush-hush@nowhere")
    assert "hush" not in str(caught.value)


def test_an_address_of_several_receivers_is_refused_since_one_may_take_a_message_that_another_does_not():
    with pytest.raises(SettingsError, match="its address is none that Apprise knows"):
        Channel("json://127.0.0.1:1/, json://127.0.0.1:2/")


def test_a_message_is_not_carried_to_wherever_a_receiver_leads(hook: HTTPServer):
    class Leading(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(307)
            self.send_header("Location", f"http://127.0.0.1:{hook.server_port}/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with serving(HTTPServer(("127.0.0.1", 0), Leading)) as server, pytest.raises(Undelivered, match="307"):
        Channel(f"json://127.0.0.1:{server.server_port}/").send("[고침] 내용 변경", "도서관은 20곳이다.", "0123")
    assert hook.got == []


def test_a_secret_that_stands_in_another_leaves_nothing_of_it_and_a_short_word_is_none():
    channel = Channel("json://127.0.0.1/token/0-token-1/ab")
    assert channel._without_secrets("cannot reach 0-token-1 by token:\n a table") == "cannot reach *** by ***: a table"


def test_a_portal_down_and_a_server_that_is_not_there_leave_no_secret(hook: HTTPServer):
    channel = Channel("json://someuser:hush-hush@127.0.0.1:9/token-of-mine")
    with pytest.raises(Undelivered) as caught:
        channel.send("t", "b", "1")
    assert "hush" not in str(caught.value)
    assert "token" not in str(caught.value)


def test_what_a_service_without_titles_would_find_too_long_comes_in_several_messages(hook: HTTPServer):
    channel = Channel(f"mmost://127.0.0.1:{hook.server_port}/{'a' * 26}")
    title, body = messages.of_alarms(["목록에 글이 없습니다."] * 400, KO, channel.limit, "abc", again=False)
    assert channel.limit - 80 < len(body) <= channel.limit
    listed, left = body.count("목록에 글이 없습니다."), int(re.findall(r"그 밖에 (\d+)건", body)[0])
    assert listed + left == 400
    channel.send(title, body, "abc")
    texts = [told["text"] for told, _ in hook.got]
    assert max(map(len, texts)) <= channel.limit
    assert texts[0].startswith("[고침] 감시 알림 400건")
    assert texts[-1].endswith("알림 번호 abc")


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_message_keeps_to_any_length_that_services_have(language: str, again: bool):
    words, number = Words(language), "0123456789abcdef"
    for limit in (160, 280, 500, 1000, 1001, 4000):
        for changes_told in (many(1), many(2), many(50)):
            body = messages.of_changes(changes_told, words, limit, number, again=again)
            assert len(body) <= limit
            assert body.endswith(number)
            assert len(changes_told) > 1 or "gochim changes" not in body, "of one there is always something"
        for line in ("가" * 30, "x" * limit):
            _, body = messages.of_alarms([line] * 3, words, limit, number, again=again)
            assert len(body) <= limit
            assert body.endswith(number)


def test_a_title_counts_in_both_languages():
    english = Words("en")
    assert messages.title_of(many(2), english) == "[gochim] 2 changes: Substance 2"
    assert messages.title_of(many(2), KO) == "[고침] 변경 2건: 내용 2"
    assert messages.of_alarms(["a"], english, 500, "abc", again=False)[0] == "[gochim] 1 notice about the watch"


def test_a_message_keeps_to_its_length_and_counts_what_it_leaves_out():
    body = messages.of_changes(many(50), KO, 3000, "abc", again=False)
    shown = body.count("■")
    assert len(body) <= 3000
    assert 1 < shown < 50
    assert f"그 밖에 {50 - shown}건" in body
    assert len(messages.of_changes(many(1), KO, 500, "abc", again=True)) <= 500


def test_what_weighs_most_stands_first_so_that_no_length_hides_it():
    light = [replace(one, comparison=replace(one.comparison, weight="cosmetic")) for one in many(50)]
    heavy = replace(
        light[-1], title="벌금이 열 배가 된다", comparison=replace(light[-1].comparison, weight="substance")
    )
    told = [*light[:-1], heavy]
    body = messages.of_changes(told, KO, 3000, "abc", again=False)
    assert body.startswith("■ 벌금이 열 배가 된다\n내용 변경")
    assert messages.title_of(told, KO) == "[고침] 변경 50건: 내용 1, 형식 49"


def test_whoever_is_told_of_an_edit_without_notice_is_told_what_is_like_one():
    (made,) = many(1)
    reasons = (Reason("none", "title, body"), Reason("perhaps", "※ 표를 @all 고쳤습니다."))
    made = replace(made, comparison=replace(made.comparison, reasons=reasons))
    lines = messages.of_changes([made], Words("en"), 3000, "abc", again=False).splitlines()
    place = lines.index("Changed in substance · edited · Edited without notice")
    assert lines[place + 1] == "But read for yourself: “※ 표를 @\u200ball 고쳤습니다.”"


@pytest.mark.parametrize(
    ("words", "said"), [(KO, "[고침] 내용 변경: "), (Words("en"), "[gochim] Changed in substance: ")]
)
def test_the_title_of_a_single_change_says_what_it_is_about(words: Words, said: str):
    told = replace(
        hostile(), comparison=replace(hostile().comparison, weight="substance"), title="@everyone " + "가" * 200
    )
    title = messages.title_of([told], words)
    assert title.startswith(f"{said}@\u200beveryone 가")
    assert len(title) < 120


def test_hostile_text_stays_text_in_every_format():
    evil = replace(hostile(), title="[여기](https://evil.example) <!channel> @everyone <b>x</b> www.evil.example")
    body = messages.of_changes([evil, *all_changes()], KO, 20_000, "abc", again=False)
    html = LexborHTMLParser(text_to_html(body))
    assert {node.tag for node in html.body.traverse()} <= {"body", "br", "p", "-text"}
    for rendered in (MarkdownIt("commonmark").render(body), MarkdownIt("commonmark").render(text_to_markdown(body))):
        page = LexborHTMLParser(rendered)
        assert page.css("script, img, b") == []
        assert [one for one in page.css("a") if "korea.kr" not in (one.attributes["href"] or "")] == []
    assert "<!channel" not in body
    assert "@everyone" not in body
    assert "https://evil" not in body
    assert "\u202e" not in body


WELL = {"clock_behind": None, "outages": [], "blind_sections": [], "unrecognised": [], "shrunken": []}
LIMITS = Thresholds(26, 0.05)


def test_alarms_are_what_status_tells_and_a_run_that_does_not_come():
    told = {
        "clock_behind": {"newest": "2036-09-15T00:00:00+00:00", "run": "r"},
        "outages": [
            {"kind": "outage", "section": "*", "since": "2026-09-15T00:00:00+00:00", "over_since": None},
            {"kind": "site-change", "section": "speech", "since": "2026-09-14T00:00:00+00:00", "over_since": "later"},
            {"kind": "site-change", "section": "photo", "since": "2026-09-15T00:00:00+00:00", "over_since": None},
        ],
        "blind_sections": [{"section": "briefing", "since": "2026-09-15T00:00:00+00:00", "gave": True}],
        "unrecognised": [
            {"section": "speech", "articles": 5, "captures": [1]},
            {"section": "photo", "articles": 5, "captures": [2]},
        ],
        "shrunken": [
            {"section": "speech", "run": "r", "kind": "shrunken", "read": 20, "articles": [{}, {}]},
            {"section": "speech", "run": "a look at one alone", "kind": "shrunken", "read": 1, "articles": [{}]},
            {"section": "speech", "run": "later", "kind": "shrunken", "read": 50, "articles": [{}, {}, {}]},
            {"section": "photo", "run": "r", "kind": "empty", "read": 200, "articles": [{}, {}]},
            {"section": "briefing", "run": "r", "kind": "empty", "read": 1, "articles": [{}]},
            {"section": "opinion", "run": "r", "kind": "empty", "read": 40, "articles": [{}, {}]},
            {"section": "notice", "run": "its articles stand elsewhere now", "read": 0, "articles": [{}, {}]},
        ],
    }
    found = alarms(told, {"speech": 100, "photo": 101}, NOW - timedelta(hours=27), NOW, LIMITS, KO)
    assert list(found) == [
        "no-run", "clock", "outage *", "site-change photo", "silent briefing", "blind speech", "shrunken notice",
        "shrunken opinion", "shrunken speech",
    ]  # fmt: skip
    assert found["site-change photo"][0] == "사진: 2026-09-15 09:00:00 (KST)부터 글의 화면 구성이 달라졌습니다."
    assert found["silent briefing"][1] == "브리핑: 목록에 다시 글이 있습니다."
    assert found["outage *"][0] == "포털 전체: 2026-09-15 09:00:00 (KST)부터 글이 열리지 않습니다."
    assert "글 20건 가운데 2건" in found["shrunken speech"][0]
    assert "글 5건" in found["blind speech"][0]
    unread = {**WELL, "unrecognised": [{"section": "speech", "articles": 1, "captures": [1]}]}
    assert list(alarms(unread, {}, None, NOW, LIMITS, KO)) == ["blind speech"], "nothing was ever recognised"
    assert alarms(unread, {"photo": 99}, None, NOW, LIMITS, KO) == {}
    assert alarms(WELL, {}, NOW - timedelta(hours=26), NOW, LIMITS, KO) == {}
    assert alarms(WELL, {}, None, NOW, LIMITS, KO) == {}
    assert alarms(WELL, {}, NOW - timedelta(days=99), NOW, Thresholds(0, 1), KO) == {}


def test_an_alarm_is_told_once_when_it_begins_and_once_when_it_ends(watched: Watched, hook: HTTPServer):
    desk = target(hook)
    watched.begin(desk)
    lasts = {"x": ("it begins", "it ends")}
    for current, told in ((lasts, 1), (lasts, 1), ({}, 2), ({}, 2), ({"x": ("again", "over")}, 3)):
        watched.outbox.alarm(current, ["desk"], NOW)
        watched.run(desk)
        assert len(hook.got) == told
    assert [body["message"].splitlines()[0] for body, _ in hook.got] == ["- it begins", "- it ends", "- again"]
    assert [name for name, _ in watched.outbox.lasting()] == ["x"]


def invoke(root: Path, *words: str, code: int = 0):
    done = CliRunner().invoke(gochim, [*words, "--archive", str(root)])
    assert done.exit_code == code, (done.output, done.exception)
    return done


def test_the_commands_test_check_and_list(watched: Watched, hook: HTTPServer, monkeypatch):
    monkeypatch.setenv("DESK_ADDRESS", f"json://127.0.0.1:{hook.server_port}")
    path = watched.archive.settings_path
    path.write_text(
        watch.written() + '\n[[alerts.target]]\nname = "desk"\nurl_env = "DESK_ADDRESS"\n', encoding="utf-8"
    )
    root = watched.archive.root
    assert "desk: delivered" in invoke(root, "alerts", "test").stdout
    assert invoke(root, "alerts", "test", "-q").stdout == ""
    watched.begin(Target("desk"))
    watched.db.execute("UPDATE runs SET ended_at = started_at, finish = 'finished'")
    watched.db.commit()
    assert "2026-09-15" in invoke(root, "alerts", "check", "--fail-on-alarm", code=1).stdout
    assert [body["title"] for body, _ in hook.got] == ["[고침] gochim"] * 2 + ["[고침] 감시 알림 1건"]
    told = json.loads(invoke(root, "alerts", "--format", "json").stdout)
    assert [one["name"] for one in told["alarms"]] == ["no-run"]
    assert "DESK" not in json.dumps(told)
    listed = invoke(root, "alerts").stdout
    assert "0 waiting" in listed
    status = json.loads(invoke(root, "status", "--format", "json").stdout)
    assert status["alerts"] == {"waiting": 0, "alarms": ["no-run"]}
    hook.status = 500
    assert isinstance(invoke(root, "alerts", "test", code=1).exception, Exception)


def with_targets(watched: Watched, hook: HTTPServer, **alarms: bool) -> Path:
    """Let the settings name targets and whether each is told of alarms; give the archive."""
    path = watched.archive.settings_path
    tables = (
        f'\n[[alerts.target]]\nname = "{name}"\nurl = "json://127.0.0.1:{hook.server_port}/{name}"\n'
        f"alarms = {str(told).lower()}\n"
        for name, told in alarms.items()
    )
    path.write_text(watch.written() + "".join(tables), encoding="utf-8")
    return watched.archive.root


def test_whoever_sends_is_told_who_could_not_be_reached_and_that_nothing_is_lost(
    watched: Watched, hook: HTTPServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("alerting.courier.time.sleep", lambda _: None)
    root = with_targets(watched, hook, desk=True, calm=False)
    watched.begin(Target("desk"), Target("calm"))
    watched.edit()
    watched.db.commit()
    hook.status = 500
    for words in (["send"], ["check"], ["send", "-q"]):
        done = invoke(root, "alerts", *words, code=1)
        assert isinstance(done.exception, RunEndedEarly)
        assert str(done.exception).startswith("2 of 2 targets could not be told. Nothing is lost: it is sent again")
        assert "gochim: alert desk was not delivered" in done.stderr
        assert f":{hook.server_port}" not in done.output + str(done.exception)
    assert not isinstance(invoke(root, "alerts", "check", "--fail-on-alarm", code=1).exception, RunEndedEarly)
    hook.status = 200
    assert invoke(root, "alerts", "send").stdout == "Nothing waits.\n"
    assert len(hook.got) == 3  # the change twice, and to one that no run ended well


def test_an_alarm_is_told_to_those_alone_who_want_alarms(watched: Watched, hook: HTTPServer):
    root = with_targets(watched, hook, desk=True, calm=False)
    watched.begin(Target("desk"), Target("calm"))
    assert "2026-09-15" in invoke(root, "alerts", "check").stdout
    assert [(one.target, one.kind, one.state) for one in watched.outbox.ended(9)] == [("desk", "alarm", "delivered")]
    assert len(hook.got) == 1


def test_an_archive_that_is_named_before_what_is_done_with_alerts_is_the_one_that_is_meant(
    watched: Watched, hook: HTTPServer
):
    root = with_targets(watched, hook, desk=True)
    for words in (["alerts", "--archive", str(root)], ["--archive", "elsewhere", "alerts", "--archive", str(root)]):
        done = CliRunner().invoke(gochim, [*words, "test"])
        assert (done.exit_code, done.stdout) == (0, "desk: delivered\n")
        assert CliRunner().invoke(gochim, [*words, "-q", "test"]).output == ""


def test_while_one_process_sends_another_does_not(watched: Watched, hook: HTTPServer):
    root = with_targets(watched, hook, desk=True)
    watched.begin(Target("desk"))
    watched.edit()
    watched.db.commit()
    with watched.archive.locked(announcing.LOCK):
        assert isinstance(invoke(root, "alerts", "send", code=1).exception, LockHeld)
    assert hook.got == []
    invoke(root, "alerts", "send")
    assert len(hook.got) == 2  # the change, and that no run ended well


def test_without_targets_a_run_makes_no_outbox(tmp_path: Path):
    archive, db = archive_at(tmp_path / "archive")
    archive.settings_path.write_text(watch.written(), encoding="utf-8")
    with closing(db):
        announcing.before_run(Place(archive), db)
        announcing.after_run(Place(archive), db, well=True)
    assert not archive.alerts_path.exists()


def test_an_outbox_that_lost_a_table_ends_no_run(watched: Watched, hook: HTTPServer, capsys):
    with_targets(watched, hook, desk=True)
    with closing(sqlite3.connect(watched.archive.alerts_path)) as db:
        db.execute("DROP TABLE targets")
    announcing.before_run(Place(watched.archive), watched.db)
    announcing.after_run(Place(watched.archive), watched.db, well=True)
    assert capsys.readouterr().err.count("gochim: alerts wait for the next run: no such table: ") == 2


def test_a_watch_of_which_no_run_ever_ended_well_is_not_called_well(watched: Watched):
    watched.archive.settings_path.write_text(watch.written(), encoding="utf-8")
    root, check = watched.archive.root, ("alerts", "check", "--fail-on-alarm")
    assert invoke(root, *check, code=1).stdout.startswith("2026-09-15")
    (found,) = json.loads(invoke(root, "alerts", "check", "--format", "json").stdout)
    assert found["name"] == "no-run"
    watched.db.execute("UPDATE runs SET started_at = ?", (iso(datetime.now(UTC)),))
    watched.db.commit()
    assert invoke(root, *check).stdout == "No run has ended well yet.\n"
    watched.db.execute("UPDATE runs SET ended_at = started_at, finish = 'finished'")
    watched.db.commit()
    assert invoke(root, *check).stdout == "The watch is well.\n"


def test_a_target_that_takes_nothing_for_days_is_what_is_wrong_and_said_once(
    watched: Watched, hook: HTTPServer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("alerting.courier.time.sleep", lambda _: None)
    path = watched.archive.settings_path
    path.write_text(
        watch.written() + f'\n[[alerts.target]]\nname = "desk"\nurl = "json://127.0.0.1:{hook.server_port}"\n',
        encoding="utf-8",
    )
    root = watched.archive.root
    watched.begin(Target("desk"))
    watched.edit()
    watched.db.commit()
    hook.status = 500
    told = invoke(root, "-q", "alerts", "check", code=1)
    # Neither Apprise nor Python's logging say it once more.
    (line,) = [one for one in told.stderr.splitlines() if "Failed to send" in one]
    assert line.startswith("gochim: alert desk was not delivered and waits for the next run: ")
    status = json.loads(invoke(root, "status", "--format", "json").stdout)
    (wrong,) = [one for one in status["wrong"] if "Alerts" in one]
    assert wrong.startswith("Alerts to desk wait since ")
    assert "sent 1 time in vain: " in wrong
    assert wrong.endswith(f"See: gochim alerts --archive {root}")
    number = status["alerts"]["waiting"]
    waiting = f"  alerts that wait: {number}; see: gochim alerts --archive {root}\n"
    assert waiting in invoke(root, "status").stdout
    sent = invoke(root, "alerts", "send", code=1)
    assert sent.stdout == f"{number} still waiting; see: gochim alerts --archive {root}\n"
    assert "sent 2 times in vain: " in invoke(root, "status").stdout
    hook.status = 200
    assert invoke(root, "alerts", "send").stdout == "Nothing waits.\n"
    assert invoke(root, "-q", "alerts", "send").stdout == ""
    assert "Alerts to" not in invoke(root, "status").stdout


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('name = "a b"\nurl = "json://x"', "line 2: alerts.target.name must be a word"),
        ('name = "a"\nurl = "hush"', "line 3: alerts.target.url must be an address"),
        ('name = "a"\nurl = "json://x"\nlabels = ["cost"]', "line 4: alerts.target.labels has cost"),
        ('name = "a"\nurl = "json://x"\nmin_weight = "big"', "line 4: alerts.target.min_weight must be one of"),
        ('name = "a"\nurl = "json://x"\nmail = "x"', "line 4: alerts.target.mail is not a setting"),
        ('name = "a"', "needs one of url, url_env and url_file"),
        ('name = "a"\nurl = "json://x"\n[[alerts.target]]\nname = "a"\nurl = "json://y"', "stands there twice"),
    ],
)
def test_a_target_that_is_off_is_refused_with_line_and_key(tmp_path: Path, table: str, said: str):
    path = tmp_path / "gochim.toml"
    path.write_text(f"[[alerts.target]]\n{table}\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        watch.load(path)
    assert said in str(caught.value)
    assert "hush" not in str(caught.value)


def test_an_address_comes_from_the_settings_a_variable_or_a_file(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("THE_DESK", "json://a")
    kept = tmp_path / "desk"
    kept.write_text("json://b\n", encoding="utf-8")
    assert Target("x", url_env="THE_DESK").address() == "json://a"
    assert Target("x", url_file=str(kept)).address() == "json://b"
    assert "json" not in repr(Target("x", "json://hush"))
    for one in (Target("x", url_env="NO_SUCH"), Target("x", url_file=str(tmp_path / "none")), Target("x")):
        with pytest.raises(SettingsError, match=r"alerts\.target x"):
            one.address()


def test_a_damaged_outbox_is_named_and_not_taken_for_the_database_beside_it(tmp_path: Path):
    """It was said that a rebuild makes it anew, which no rebuild does."""
    path = tmp_path / "alerts.db"
    with closing(Outbox(path)) as outbox:
        outbox.begin(["desk"], NOW)
    kept = path.read_bytes()
    path.write_bytes(kept[:4096] + b"\xee" * (len(kept) - 4096))
    with pytest.raises(SettingsError, match=r"alerts\.db cannot be used .* mend it, or move it away"):
        Outbox(path)


def test_an_outbox_of_another_program_is_refused(tmp_path: Path):
    path = tmp_path / "alerts.db"
    path.write_bytes(b"no database" * 200)
    with pytest.raises(SettingsError, match="cannot be used"):
        Outbox(path)


@pytest.mark.parametrize(
    ("days", "told_before"),
    [((3, 6), True), ((3, 5), True), ((4, 6), True), ((2, 7), True), ((2, 5), False), ((4, 7), False), ((7, 9), False)],
)
def test_a_change_that_lies_between_other_looks_is_the_one_told_before_where_one_interval_holds_the_other(
    tmp_path: Path, days: tuple[int, int], told_before: bool
):
    def seen(name: str, first: int, last: int) -> dict[str, Sighting]:
        key = f"148930001 edited {name}"
        return {key: Sighting(name, "148930001", "edited", f"2026-09-{first:02}", f"2026-09-{last:02}")}

    now = datetime.fromisoformat("2026-10-01T00:00:00+00:00")
    other = {"148930002 edited c": Sighting("c", "148930002", "edited", "2026-09-03", "2026-09-06")}
    with closing(Outbox(tmp_path / "alerts.db")) as outbox:
        outbox.note(seen("a", 3, 6), [("desk", key, "예산") for key in seen("a", 3, 6)], now)
        found = seen("b", *days)
        assert outbox.unnoted(found | other) == {*({} if told_before else found), *other}
        assert [one.key for one in outbox.open("desk")] == list(found if told_before else seen("a", 3, 6))
        assert outbox.unnoted(found) == ({} if told_before else found).keys()


def sighting(article: str) -> dict[str, Sighting]:
    return {f"{article} edited a": Sighting("a", article, "edited", "2026-09-03", "2026-09-06")}


def test_what_ended_last_stands_first_and_what_was_in_vain_is_forgotten_once_it_was_taken(tmp_path: Path):
    first, second = (f"{name} edited a" for name in ("148930001", "148930002"))
    with closing(Outbox(tmp_path / "alerts.db")) as outbox:
        outbox.note(sighting("148930001") | sighting("148930002"), [("desk", first, "가"), ("desk", second, "나")], NOW)
        one, other = outbox.open("desk")
        outbox.sending([one])
        outbox.failed([one], "nobody answers")
        (again,) = (found for found in outbox.waiting() if found.key == first)
        assert (again.state, again.message, again.failures, again.error) == ("waiting", None, 1, "nobody answers")
        message = outbox.sending([other])
        outbox.delivered([other], NOW)
        assert outbox.sending([again]) != message
        outbox.delivered([again], NOW + timedelta(hours=1))
        assert [found.key for found in outbox.ended(9)] == [first, second]
        (newest,) = outbox.ended(1)
        assert (newest.key, newest.failures, newest.error) == (first, 1, "")


def test_what_cannot_be_noted_whole_is_not_noted_and_the_next_is(tmp_path: Path):
    with closing(Outbox(tmp_path / "alerts.db")) as outbox:
        found = sighting("148930001")
        wanted = ("desk", "148930001 edited a", "예산")

        def broken_off() -> Iterator[tuple[str, str, str]]:
            yield wanted
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            outbox.note(found, broken_off(), NOW)
        assert outbox.waiting() == []
        assert outbox.unnoted(found) == found.keys()
        outbox.note(found, [wanted], NOW)
        assert [one.title for one in outbox.waiting()] == ["예산"]
        assert outbox.unnoted(found) == set()


def test_an_outbox_of_a_newer_gochim_is_left_alone(tmp_path: Path):
    path = tmp_path / "alerts.db"
    Outbox(path).close()
    with closing(sqlite3.connect(path)) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        db.execute(f"PRAGMA user_version = {version + 1}")
    with pytest.raises(SettingsError, match="was made by a newer gochim"):
        Outbox(path)


@pytest.mark.parametrize("at_once", [True, False])
def test_of_two_changes_in_the_place_of_one_that_was_told_the_other_is_told(tmp_path: Path, at_once: bool):
    now = datetime.fromisoformat("2026-10-01T00:00:00+00:00")
    told, first, second = (
        {f"148930001 edited {name}": Sighting(name, "148930001", "edited", f"2026-09-{old:02}", f"2026-09-{new:02}")}
        for name, old, new in (("a", 3, 6), ("b", 3, 4), ("c", 4, 6))
    )
    with closing(Outbox(tmp_path / "alerts.db")) as outbox:
        outbox.note(told, [], now)
        assert at_once or outbox.unnoted(first) == set()
        assert outbox.unnoted(first | second) == second.keys()


def test_a_ping_that_something_else_answers_is_said_and_ends_no_run(capsys, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    with babbling() as address:
        announcing._ping(address)
    assert capsys.readouterr().err == "gochim: the address of alerts.ping did not answer (BadStatusLine).\n"


def test_a_ping_that_is_refused_is_tried_three_times(hook: HTTPServer, capsys, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _: None)
    hook.status = 503
    announcing._ping(f"http://127.0.0.1:{hook.server_port}/ping")
    assert hook.got == [("/ping", {})] * 3
    assert capsys.readouterr().err == "gochim: the address of alerts.ping did not answer (HTTPError).\n"


def test_a_first_crawl_floods_nobody_and_pings_when_it_went_well(tmp_path: Path, hook: HTTPServer):
    with serve(Portal.load(few_articles(tmp_path / "articles", 1))) as portal:
        made = desk(tmp_path / "archive", portal.url, alerts_ping=f"http://127.0.0.1:{hook.server_port}/ping")
        path = made.root / "gochim.toml"
        address = f"json://127.0.0.1:{hook.server_port}"
        table = f'\n[[alerts.target]]\nname = "desk"\nalarms = false\nurl = "{address}"\n'
        path.write_text(path.read_text(encoding="utf-8") + table, encoding="utf-8")
        made.ok("crawl", "--max-requests", "12")
    assert hook.got == [("/ping", {})]
    told = made.json("alerts")
    assert told["targets"][0]["begun_at"]
    assert told["waiting"] == []
    done = made.run("crawl")  # the portal is gone
    assert done.code == 5
    assert hook.got == [("/ping", {})]
    (made.root / "alerts.db").write_bytes(b"no database" * 200)
    done = made.run("crawl")
    assert done.code == 5, "what is wrong with alerts ends no run otherwise"
    assert "gochim: alerts wait for the next run: " in done.err
