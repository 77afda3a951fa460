"""What leaves the machine with a probe holds neither a secret nor what nobody can look into."""

from __future__ import annotations

import gzip
import io
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from urllib.parse import quote_plus

import pytest

from storage import capture_rows, runs, warc_cut
from storage.records import Exchange
from storage.warc_exchange import Original
from storage.warc_reader import iter_records
from tests.makers import RUN, archive_at
from tests.warc_samples import HEAD, exchange, writer

SECRET = "desk+1@example.kr"
CODED = HEAD[:-2] + b"Content-Encoding: gzip\r\n\r\n"


def cut(root: Path, *exchanges: Exchange, secret: str = SECRET) -> tuple[set[str], dict[str, tuple[str, str]]]:
    """Cut a run of these out of an archive: the addresses of the answers copied, and by record what was left out."""
    archive, db = archive_at(root)
    with closing(db):
        with writer(root, run=RUN.run, fields={"hostname": "a machine of ours"}) as open_writer, db:
            capture_rows.add(db, [open_writer.write(one, None) for one in exchanges])
        target = io.BytesIO()
        left = warc_cut.cut_run(archive.root, db, RUN.run, target, [secret, ""])
    (root / "cut.warc.gz").write_bytes(target.getvalue())
    records = list(iter_records(root / "cut.warc.gz"))
    assert [one.type for one in records].count("warcinfo") == 1
    texts = b"".join(one.raw_header + one.block for one in records)
    assert b"a machine of ours" not in texts
    assert SECRET.encode() not in texts
    copied = {one.headers.get("WARC-Target-URI") or "" for one in records if one.type == "response"}
    return copied, {one.kind: (one.url, one.why) for one in left}


@pytest.mark.parametrize("form", [SECRET, "desk%2B1%40example.kr", "desk%2b1@example.kr", "d%65sk+1%40example%2ekr"])
def test_a_page_that_holds_the_contact_stays_behind_packed_or_not(tmp_path, form):
    page = f"<p>{form}</p>".encode()
    url = exchange(2).url
    copied, left = cut(tmp_path / "1", exchange(1), exchange(2, page))
    assert (copied, left) == (
        {exchange(1).url},
        {"response": (url, "it holds the contact or the service key of the settings")},
    )
    copied, left = cut(tmp_path / "2", exchange(1), exchange(2, gzip.compress(page), CODED))
    assert (copied, left) == (
        {exchange(1).url},
        {"response": (url, "its page holds the contact or the service key of the settings")},
    )


@pytest.mark.parametrize(
    ("secret", "said"), [("편집부 desk@example.kr", quote_plus("편집부 desk@example.kr")), ("a%2Bb%3D%3D", "a+b==")]
)
def test_a_secret_is_known_with_plus_signs_for_spaces_and_where_it_was_given_encoded(tmp_path, secret, said):
    _, left = cut(tmp_path, exchange(1, f"<p>{said}</p>".encode()), secret=secret)
    assert set(left) == {"response"}


def test_an_address_that_holds_the_contact_is_not_named_either(tmp_path):
    asked = replace(exchange(2), url="https://www.example.kr/news?to=desk%2B1%40example.kr")
    copied, left = cut(tmp_path, exchange(1), asked)
    assert copied == {exchange(1).url}
    assert {one: url for one, (url, _) in left.items()} == {"request": "", "response": ""}


def test_what_cannot_be_unpacked_or_is_too_large_stays_behind(tmp_path, monkeypatch):
    own = exchange(2, b"of a coding of its own", HEAD[:-2] + b"Content-Encoding: x-own\r\n\r\n")
    copied, left = cut(tmp_path / "1", exchange(1), own)
    assert copied == {exchange(1).url}
    assert left == {
        "response": (exchange(2).url, "its content cannot be decoded, so that nobody can say what it holds")
    }
    # Where there is no secret nothing has to be looked into.
    assert cut(tmp_path / "2", own, secret="") == ({exchange(2).url}, {})
    monkeypatch.setattr(warc_cut, "LARGEST", 2000)
    film = exchange(2, Random(1).randbytes(4000))
    copied, left = cut(tmp_path / "3", exchange(1), film)
    assert copied == {exchange(1).url}
    assert set(left) == {"response"}
    assert left["response"][1].startswith("it takes ")


def test_a_revisit_brings_the_record_it_repeats_from_an_earlier_run_once(tmp_path):
    archive, db = archive_at(tmp_path)
    before = replace(RUN, run="20260914T090000Z-made")
    with closing(db), db:
        runs.add(db, before)
        with writer(tmp_path, run=before.run) as earlier:
            first = earlier.write(exchange(1), None)
        with writer(tmp_path, run=RUN.run) as later:
            again = [later.write(exchange(number), Original.of(first)) for number in (2, 3)]
            own = later.write(exchange(4, b"<p>another</p>"), None)
            again += [own, later.write(exchange(5, b"<p>another</p>"), Original.of(own))]
        capture_rows.add(db, [first, *again])
        target = io.BytesIO()
        assert warc_cut.cut_run(archive.root, db, RUN.run, target, [SECRET]) == []
    (tmp_path / "cut.warc.gz").write_bytes(target.getvalue())
    found = [one.record_id for one in iter_records(tmp_path / "cut.warc.gz") if one.type != "request"][1:]
    assert found == [*(one.evidence.record_id for one in again), first.evidence.record_id]
