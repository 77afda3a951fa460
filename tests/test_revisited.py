"""What a revisit says that it repeats, and what it is joined to once that is filed."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest

from storage import captures, repeats
from storage.revisited import Named, name_of_original, named
from storage.warc_record import Fields
from tests.makers import archive_at, at, capture, filed

URL = "https://www.example.kr/news/policyNewsView.do?newsId=1"
SAME, NOT_MODIFIED = (
    f"http://netpreserve.org/warc/1.1/revisit/{one}" for one in ("identical-payload-digest", "server-not-modified")
)
DIGEST = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"WARC-Refers-To": "<urn:uuid:1>", "WARC-Payload-Digest": DIGEST, "WARC-Profile": SAME}, "urn:uuid:1"),
        ({"WARC-Payload-Digest": DIGEST, "WARC-Profile": SAME}, f"{DIGEST} {URL}"),
        ({"WARC-Payload-Digest": DIGEST, "WARC-Profile": SAME.replace("1.1", "1.0")}, f"{DIGEST} {URL}"),
        ({"WARC-Payload-Digest": DIGEST, "WARC-Profile": NOT_MODIFIED}, None),
        ({"WARC-Payload-Digest": DIGEST}, None),
        ({"WARC-Profile": SAME}, None),
        # An address without its date, or a date without its address, names nothing; the digest does.
        ({"WARC-Refers-To-Target-URI": URL, "WARC-Payload-Digest": DIGEST, "WARC-Profile": SAME}, f"{DIGEST} {URL}"),
        ({"WARC-Refers-To-Date": "2026-09-15T09:16:48Z", "WARC-Profile": SAME}, None),
        ({"WARC-Refers-To-Target-URI": URL, "WARC-Refers-To-Date": "yesterday", "WARC-Profile": SAME}, None),
    ],
)
def test_a_revisit_names_its_original_by_id_or_by_the_digest_of_the_same_payload(said, name):
    assert name_of_original(Fields([("WARC-Target-URI", URL), *said.items()])) == name


def test_a_name_is_a_date_or_a_digest_and_an_id_is_none():
    moment = datetime(2026, 9, 15, 9, 16, 48, tzinfo=UTC)
    assert named(f"2026-09-15T09:16:48+00:00 {URL}") == Named(URL, moment, None)
    # Of old some wrote a digest without its algorithm, and this one is a day as well.
    assert named(f"20260915 {URL}") == Named(URL, None, "20260915")
    assert named("urn:uuid:0f2c") is None


def test_what_a_revisit_is_joined_to_late_is_found_by_its_id_from_then_on(tmp_path):
    with closing(archive_at(tmp_path / "archive")[1]) as db, db:
        known = capture(at(0), url=URL)
        again = capture(at(1), url=f"{URL}&page=2", kind="revisit", refers_to=known.evidence.record_id)
        number = filed(db, again).id
        assert captures.repeated(db, known.evidence.record_id) is None
        filed(db, known)
        assert repeats.resolve(db, known.evidence.warc) == {known.run}
        assert captures.by_id(db, number).refers_to == known.evidence.record_id
        found = captures.repeated(db, known.evidence.record_id)
        assert found is not None
        assert (found.url, found.captured_at) == (URL, at(0))
