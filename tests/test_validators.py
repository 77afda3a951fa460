"""Validators that lied, and captures counted by outcome: kept as captures are filed, whatever the order."""

from __future__ import annotations

import itertools
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import capture_rows, captures, contents, looks, repeats, validators
from storage.records import Capture, Evidence
from tests.makers import RUN, START, archive_at, capture

A, B = "https://www.example.kr/a", "https://www.example.kr/b"
PAYLOADS = ("sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "sha1:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB", None)

_DEFINITION = """SELECT DISTINCT url FROM (
    SELECT url, coalesce(etag, last_modified) AS validator, payload_digest FROM captures
     WHERE status = 200 AND truncated IS NULL AND method = 'GET' AND payload_digest IS NOT NULL)
 WHERE validator NOT LIKE 'W/%' GROUP BY url, validator HAVING count(DISTINCT payload_digest) > 1 ORDER BY url"""
"""What a lie is, asked of all captures as a reader of the database sees them."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    _, db = archive_at(tmp_path_factory.mktemp("archive"))
    with closing(db):
        yield db


def answer(number: int, url: str, payload: str | None, **told: object) -> Capture:
    moment = START + timedelta(seconds=number)
    evidence = Evidence("warc/a.warc.gz", number * 100, 90, f"urn:uuid:{number:032}", payload, moment)
    given = {"url": url, "role": "image", "article": None, "payload_sha256": payload and payload[-1] * 64}
    return capture(moment)._replace(evidence=evidence, **(given | told))


@st.composite
def answers(draw: st.DrawFn) -> list[Capture]:
    """Some answers of two addresses, revisits of one another among them, in any order."""
    made: list[Capture] = []
    for number in range(draw(st.integers(2, 7))):
        told = {
            "etag": draw(st.sampled_from([None, None, '"1"', '"2"', 'W/"1"'])),
            "last_modified": draw(st.sampled_from([None, "Tue, 15 Sep 2026 09:00:00 GMT"])),
            "status": draw(st.sampled_from([200, 200, 200, 404])),
            "method": draw(st.sampled_from(["GET", "GET", "HEAD"])),
            "truncated": draw(st.sampled_from([None, None, None, "time"])),
        }
        url, payload = draw(st.sampled_from([A, B])), draw(st.sampled_from(PAYLOADS))
        one = answer(number, url, payload, **told)
        if (repeated := [two for two in made if two.kind == "response"]) and draw(st.booleans()):
            first = draw(st.sampled_from(repeated))
            known = {} if draw(st.booleans()) else {"etag": first.etag, "last_modified": first.last_modified}
            same = draw(st.sampled_from([first.evidence.payload_digest, None, payload]))
            one = one._replace(kind="revisit", refers_to=first.evidence.record_id, payload_sha256=None,
                evidence=one.evidence._replace(payload_digest=same), **known,
            )  # fmt: skip
        made.append(one)
    return draw(st.permutations(made))


@given(filed=answers())
@settings(max_examples=150, deadline=None)
def test_the_addresses_that_lied_are_those_of_all_captures_in_whatever_order_they_are_filed(opened, filed):
    opened.execute("SAVEPOINT filed")
    try:
        for one in filed:
            capture_rows.add(opened, [one])
        repeats.resolve(opened, "warc/a.warc.gz")
        assert validators.lied(opened) == [row[0] for row in opened.execute(_DEFINITION)]
        opened.execute("DELETE FROM false_validators")
        opened.execute(validators.ALL_FALSE)
        assert validators.lied(opened) == [row[0] for row in opened.execute(_DEFINITION)]
        told = {one.evidence.record_id: (one.etag, one.last_modified) for one in captures.of_run(opened, RUN.run)}
        assert told == {one.evidence.record_id: (one.etag, one.last_modified) for one in filed}
    finally:
        opened.execute("ROLLBACK TO filed")
        opened.execute("RELEASE filed")


def test_an_address_is_asked_for_alone(opened):
    opened.execute("SAVEPOINT alone")
    capture_rows.add(opened, [answer(1, A, PAYLOADS[0], etag='"1"'), answer(2, A, PAYLOADS[1], etag='"1"')])
    capture_rows.add(opened, [answer(3, B, PAYLOADS[0], etag='"1"'), answer(4, B, PAYLOADS[1], etag='"2"')])
    assert [validators.has_lied(opened, url) for url in (A, B, "https://www.example.kr/never")] == [True, False, False]
    opened.execute("ROLLBACK TO alone")
    opened.execute("RELEASE alone")


def counted(db: sqlite3.Connection) -> dict[str, int]:
    rows = db.execute("SELECT w.outcome, count(*) FROM capture_rows k JOIN outcomes w ON w.id = k.outcome GROUP BY 1")
    return {row[0]: row[1] for row in rows}


@given(steps=st.lists(st.sampled_from(["add", "read", "gone", "forget", "mark", "other"]), max_size=12))
@settings(max_examples=40, deadline=None)
def test_captures_are_counted_by_outcome_whatever_becomes_of_them(opened, steps):
    opened.execute("SAVEPOINT counted")
    try:
        for number, step in zip(itertools.count(1), steps, strict=False):
            one = answer(number, A, PAYLOADS[0])._replace(role="article", article="1")
            if step == "add":
                capture_rows.add(opened, [one])
            elif step == "other":  # what the address is was learned anew
                capture_rows.add(opened, [one._replace(role="list", article=None)])
            elif step == "forget":
                looks.forget_looks(opened, "1")
            elif step == "mark":
                looks.mark_read(opened, "1")
            elif row := opened.execute("SELECT max(id) FROM capture_rows").fetchone()[0]:
                looks.file_looks(opened, [(row, step, None)])
        kept = {row[0]: row[1] for row in opened.execute("SELECT outcome, captures FROM outcomes WHERE captures > 0")}
        assert kept == counted(opened)
        assert contents.counts(opened)["captures"] == sum(kept.values())
        assert looks.outcomes(opened) == {name: kept[name] for name in ("gone", "read") if name in kept}
    finally:
        opened.execute("ROLLBACK TO counted")
        opened.execute("RELEASE counted")
