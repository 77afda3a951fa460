"""What the second pass reads of an article's page: the rows themselves say what the view of all captures does."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from itertools import product

from storage import capture_rows, captures, page_captures
from storage.records import Capture
from tests.makers import PORTAL, START, archive_at, capture, filed

ID = "148930267"
DIGESTS = ("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", "md5:0cc175b9c0f1b6a831c399e269772661", None)
SHA256 = ("a" * 64, "no digest that is known", None)


def kinds_of_captures() -> list[Capture]:
    """Give captures of one page of every kind of value, revisits of one another and of what is not there among them."""
    made: list[Capture] = []
    for number, (digest, sha256, etag) in enumerate(product(DIGESTS, SHA256, ('"1"', "", None))):
        first = capture(START + timedelta(microseconds=number // 3))
        record = f"urn:uuid:{number:08x}-0000-4000-8000-000000000000" if number % 4 else f"<of another tool {number}>"
        evidence = first.evidence._replace(record_id=record, payload_digest=digest, offset=9_000 - number)
        one = first._replace(evidence=evidence, payload_sha256=sha256, etag=etag, last_modified=etag, retry=number % 2)
        if number % 3 == 1:
            one = one._replace(kind="revisit", refers_to=made[-1].evidence.record_id, payload_length=0)
        elif number % 3 == 2:
            one = one._replace(kind="revisit", status=304, refers_to="urn:uuid:of no record here")
        made.append(one)
    made.append(made[0]._replace(evidence=made[0].evidence._replace(record_id="x"), kind="failure", status=None,
                        failure="timeout", failure_detail="nothing came", payload_length=0))  # fmt: skip
    return made


def test_an_article_s_captures_are_those_of_the_view_in_its_order(tmp_path):
    _, db = archive_at(tmp_path)
    with closing(db):
        for one in kinds_of_captures():
            assert capture_rows.add(db, [one])
        rows = db.execute("SELECT * FROM captures WHERE article = ? ORDER BY captured_at, warc, offset", (ID,))
        told = [captures.from_row(row) for row in rows]
        assert len(told) == len(kinds_of_captures())
        assert {one.refers_to is None for one in told} == {True, False}
        assert page_captures.of_article(db, ID, pending=False) == told
        assert page_captures.of_article(db, ID, pending=True) == told
        db.execute("UPDATE capture_rows SET outcome = 3 WHERE id = ?", (told[5].id,))
        assert page_captures.of_article(db, ID, pending=True) == [*told[:5], *told[6:]]


def test_a_document_s_page_that_repeats_an_article_s_keeps_its_digest_when_a_newer_page_stands_there(tmp_path):
    """A firewall answers every address alike, an article's and its document's."""
    _, db = archive_at(tmp_path)
    with closing(db):
        notice = filed(db, capture(START))
        later = notice.evidence._replace(record_id="urn:uuid:00000002-0000-4000-8000-000000000000", offset=7_000)
        repeated = filed(
            db,
            capture(
                START + timedelta(seconds=1), evidence=later, url=f"{PORTAL}/docViewer/result/1.html", kind="revisit",
                refers_to=notice.evidence.record_id, role="document", article=None,
            ),
        )  # fmt: skip
        assert repeated.payload_sha256 == notice.payload_sha256 == "ab" * 32
        filed(db, capture(START + timedelta(hours=1), payload_sha256="cd" * 32))
        assert captures.by_id(db, captures.number_of(db, repeated.evidence)) == repeated
