"""Whatever bytes, markup, settings, texts and words come: an outcome, a finding or a sentence, never a crash.

The suite tries a few of each where they are made; here each is tried thousands of times, from sound samples damaged in
many ways. A crash that is found becomes a case of the module that crashed.
"""

from __future__ import annotations

import gzip
import os
import shutil
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.endings import ending
from cli.main import gochim
from crawler import watch
from crawler.layouts import read_document, read_page
from crawler.list_page import ListPage
from crawler.portal import Portal
from diffing.labels import compare
from replica.actions import EditTitle
from storage.archive import Archive
from storage.charsets import text_of
from storage.content_coding import ContentError, decode_content
from storage.errors import GochimError, WarcError
from storage.http_message import dechunk
from storage.warc_index import captures_in
from storage.warc_repair import repair_open_files
from tests import fuzz_targets, golden_cases
from tests.drill import BASE, Drill
from tests.makers import article
from tests.steps import apply
from tests.test_documents import SAMPLES
from tests.warc_samples import check_file, exchange, failure, written

OFTEN = settings(max_examples=1_500, deadline=None, suppress_health_check=list(HealthCheck))
RARELY = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
TOKENS = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\r\n",
    b"\r\n\r\n",
    b"<",
    b">",
    b"<!--",
    b"<script>",
    b"</body>",
    b"<table><tr>",
    b"&#x110000;",
    b"-1",
    b"99999999999999999999",
    b"WARC/1.1\r\n",
    b"Content-Length: 9\r\n",
    b"WARC-Type: revisit\r\n",
    b"\x1f\x8b\x08",
    "\u202e".encode(),
    "가".encode("cp949"),
    b"<meta charset=euc-kr>",
    b"<base href=//[>",
    b"Transfer-Encoding: chunked\r\n",
]


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Damage bytes: overwrite, insert, cut out, double, flip, cut off."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        match draw(st.integers(0, 5)):
            case 0:
                data[at : at + 1] = draw(st.sampled_from(TOKENS))
            case 1:
                data[at:at] = draw(st.binary(max_size=12) | st.sampled_from(TOKENS))
            case 2:
                del data[at : at + draw(st.integers(1, 400))]
            case 3:
                data[at:at] = data[at : at + draw(st.integers(1, 400))]
            case 4 if data:
                data[at] ^= 1 << draw(st.integers(0, 7))
            case _:
                del data[draw(st.integers(len(data) * 3 // 4, len(data))) :]
    return bytes(data)


@cache
def pages() -> list[tuple[bytes, str, str]]:
    """Give golden pages with the address and media type of their captures, one of each layout."""
    found = {}
    for case in golden_cases.cases():
        capture = golden_cases.json.loads((case / "capture.json").read_text(encoding="utf-8"))
        found[case.parent] = (
            (case / "page.html").read_bytes(),
            capture["url"],
            capture.get("media_type") or "text/html",
        )
    return list(found.values())


@pytest.mark.torture
@OFTEN
@given(st.data())
def test_damaged_pages_are_read_or_not_and_break_nothing(data: st.DataObject):
    page, url, media_type = data.draw(st.sampled_from(pages()))
    text = text_of(data.draw(damaged(page)), data.draw(st.sampled_from([media_type, "", "text/html;charset=x", ";;="])))
    reading = read_page(text, url, datetime(2026, 11, 1, tzinfo=UTC), Portal())
    assert (reading.article is not None) == (reading.outcome == "read")
    if reading.article is not None:
        assert reading.article.title.strip()
        assert compare(reading.article, reading.article).fields == ()
    read_document([text], Portal())
    for row in ListPage(text).rows():
        assert row.link


@pytest.mark.torture
@OFTEN
@given(st.data())
def test_damaged_warc_files_are_read_up_to_the_damage_and_named(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
):
    base = tmp_path_factory.getbasetemp() / "fuzzed"
    if not base.exists():
        written(base, exchange(1), exchange(2, b"<p>" + bytes(range(256))), exchange(1), failure(4))
    (path,) = (base / "warc").glob("gochim*.warc.gz")
    broken = base / "broken.warc.gz"

    plain = gzip.decompress(path.read_bytes())
    zipped = data.draw(st.booleans())
    broken.write_bytes(data.draw(damaged(path.read_bytes())) if zipped else data.draw(damaged(plain)))
    said = broken.name
    try:
        assert len(list(captures_in(broken, base))) <= 40
    except WarcError as error:
        said = str(error)
    assert broken.name in said
    for finding in check_file(broken):
        assert finding.sentence
    folder = base / "open"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(broken, folder / "gochim-1.warc.gz.open")
    repair_open_files(folder)
    assert not list(folder.glob("*.open"))


@pytest.mark.torture
@OFTEN
@given(
    st.binary(max_size=400),
    st.sampled_from(["gzip", "br", "deflate", "zstd", "gzip, br", "x-gzip", "identity", "none of these", ","]),
)
def test_any_coding_is_undone_or_refused(body: bytes, coding: str):
    dechunk(body)
    try:
        assert len(decode_content(body, coding, 1_000_000)) <= 1_000_000
    except ContentError:
        return


@pytest.mark.torture
@OFTEN
@given(st.data())
def test_damaged_settings_load_or_are_refused_in_words(data: st.DataObject):
    fuzz_targets.settings_file(data.draw(damaged(watch.written(url=BASE, contact="a@example.kr").encode())))


@pytest.mark.torture
@OFTEN
@given(st.data())
def test_damaged_documents_have_an_outcome(data: st.DataObject):
    fuzz_targets.document(data.draw(damaged(data.draw(st.sampled_from(sorted(SAMPLES.values()))))))


@pytest.mark.parametrize("name", fuzz_targets.TARGETS)
def test_the_laws_that_fuzzing_tries_hold_for_its_samples(name: str):
    samples = list(fuzz_targets.seeds(name))
    assert len(samples) >= 3
    for one in samples:
        fuzz_targets.TARGETS[name](one)


HANGUL = st.text(
    st.sampled_from("가나다라마 0123456789,.%조억만원명일월년△▲-()[]“”'\"·~ \u00a0\u1112\u1161\u11ab\n않없못"),
    max_size=60,
)


@pytest.mark.torture
@OFTEN
@given(st.lists(HANGUL, max_size=8), st.lists(HANGUL, max_size=8), HANGUL, HANGUL)
def test_any_two_texts_compare_and_what_is_told_applies(old: list[str], new: list[str], title: str, other: str):
    def of(texts: list[str], said: str) -> Any:
        one = article(title=said or "제목")
        blocks = tuple(type(one.body[0])("paragraph", text) for text in texts)
        return article(title=said or "제목", body=blocks)

    found = compare(of(old, title), of(new, other))
    for change in found.fields:
        if change.field == "body":
            assert apply(old, change.ops) == new
    assert compare(of(old, title), of(new, other)) == found


# --- words of commands

HARMLESS = (
    "changes", "site-changes", "history", "show", "diff", "search", "report", "status", "verify", "schedule", "import",
    "export",
)  # fmt: skip
"""Commands that ask no portal, open no port and end by themselves."""
LASTING = frozenset("--install --remove -o --output --archive --cluster --work".split())
"""Options that write elsewhere or go elsewhere."""
WORDS = [
    "",
    "-",
    "--",
    "-h",
    "148955021",
    "expdoc:41730",
    "0",
    "-1",
    "1e9",
    "99999999999999999999",
    "2026-02-30",
    "2026-11-01",
    "가",
    "\x1b[2J",
    "a\x00b",
    "%",
    "'",
    '"; DROP TABLE articles; --',
    "*",
    "\ud800",
    "../..",
    "/dev/null",
    "json",
    "csv",
    "html",
    "policy-news",
    "A00015",
    "substance",
    "silent",
    "edited",
    "cdxj",
    "wacz",
    "parquet",
    "dossier",
    "NEAR(",
    "정책 AND",
    "23:61",
    "9999-12-31T23:59:59+14:00",
    "0001-01-01",
]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    drill = Drill(tmp_path_factory.mktemp("told"), 1)
    drill.run()
    EditTitle(next(iter(drill.articles.values())), "고친 제목이 여기 있다").apply(drill.portal.state)
    drill.run()
    drill.db.close()
    return drill.archive


def options(command: click.Command) -> list[str]:
    return [
        name for one in command.params if isinstance(one, click.Option) for name in (*one.opts, *one.secondary_opts)
    ]


def says_a_sentence(told: Archive, data: st.DataObject) -> None:
    verb = data.draw(st.sampled_from(HARMLESS))
    command = gochim.get_command(click.Context(gochim), verb)
    assert command
    words = [verb]
    if isinstance(command, click.Group):
        words.append(data.draw(st.sampled_from(sorted(command.commands))))
        command = command.commands[words[-1]]
    allowed = [
        one
        for one in options(command)
        if one not in {"--install", "--remove", "-o", "--output", "--archive", "--cluster", "--work"}
    ]
    bytes_as_words = st.binary(max_size=6).map(os.fsdecode)  # what a shell passes need not be UTF-8
    drawn = st.lists(
        st.sampled_from(allowed) | st.sampled_from(WORDS) | st.text(max_size=6) | bytes_as_words, max_size=6
    )
    words += [one for one in data.draw(drawn) if "=" not in one or not one.startswith("-")]
    done = CliRunner().invoke(gochim, ["--archive", str(told.root), *words], catch_exceptions=True)
    error = done.exception
    if error is None or isinstance(error, SystemExit):
        assert done.exit_code in {0, 1, 2, 3, 4, 5}, words
    else:
        assert ending(error) is not None or isinstance(error, GochimError), (words, repr(error))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("verify", "a\0b"), "NUL byte"),
        (("\0",), "NUL byte"),
        (("history", os.fsdecode(b"\x80")), "not UTF-8"),
        (("search", os.fsdecode("예산".encode("cp949"))), "not UTF-8"),
    ],
)
def test_a_word_that_is_no_text_is_a_mistake_of_use(told: Archive, words: tuple[str, ...], said: str):
    done = CliRunner().invoke(gochim, ["--archive", str(told.root), *words])
    assert (done.exit_code, said in done.output) == (2, True)


@RARELY
@given(data=st.data())
def test_any_words_end_in_a_sentence(told: Archive, data: st.DataObject):
    says_a_sentence(told, data)


@pytest.mark.torture
@OFTEN
@given(data=st.data())
def test_many_words_end_in_a_sentence(told: Archive, data: st.DataObject):
    says_a_sentence(told, data)
    with closing(told.database()) as db:
        assert db.execute("SELECT count(*) FROM changes").fetchone()[0] == 1
