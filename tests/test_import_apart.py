"""What belongs together and stands in several files, or several times: revisits, repeated records, runs, segments."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.main import gochim
from replica.exchange import Request
from replica.portal import Portal
from storage.warc_reader import iter_records
from tests.foreign_files import Look, browsertrix, heritrix
from tests.runs import Desk, desk, few_articles
from tests.test_foreign_shapes import BASE, FIRST, HOUR
from tests.warc_samples import raw_record, zipped


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    return Portal.load(few_articles(tmp_path_factory.mktemp("portal") / "articles", 2), sections=["policy-news"])


@pytest.fixture(scope="module")
def page(portal: Portal) -> tuple[str, str, bytes, bytes]:
    """Give an article's id and address, its page, and the page with another title."""
    name = min(portal.shown())
    truth = portal.truth(name)
    target = "/" + truth["url"].split("/", 3)[3]
    body = portal.answer(Request("GET", target, {}, origin=BASE)).body
    title = truth["title"]
    return name, BASE + target, body, body.replace(title.encode(), f"{title} 고침".encode())


def invoked(watched: Desk, *words: str) -> Result:
    return CliRunner().invoke(gochim, [*words, "--archive", str(watched.root)])


def told(watched: Desk, *words: str) -> Any:
    done = invoked(watched, *words, "--format", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def verified(watched: Desk) -> list[str]:
    """Give what a verification that finds nothing wrong warns of, apart from how other tools write."""
    found = told(watched, "verify")
    assert found["errors"] == []
    return [one for one in found["warnings"] if "made so by another tool" not in one]


def rebuilt(watched: Desk) -> tuple[str, str]:
    """Give the content digest before and after the database is made anew."""
    before = told(watched, "status")["content_digest"]
    assert invoked(watched, "rebuild").exit_code == 0
    return before, told(watched, "status")["content_digest"]


def apart(whole: Path, root: Path) -> list[Path]:
    """Put each capture of a file, with what belongs to it, into a file of its own."""
    data = whole.read_bytes()
    parts: list[list[bytes]] = []
    for one in iter_records(whole):
        if one.type in {"response", "revisit"}:
            parts.append([])
        if parts:
            parts[-1].append(data[one.offset : one.offset + one.length])
    paths = [root / f"part{number}.warc.gz" for number in range(len(parts))]
    for path, part in zip(paths, parts, strict=True):
        path.write_bytes(b"".join(part))
    return paths


def outcomes(watched: Desk, article: str) -> list[tuple[str, str, int | None]]:
    return [(one["checked_at"], one["outcome"], one["version"]) for one in told(watched, "history", article)["checks"]]


def test_revisits_find_what_they_name_by_address_and_date_in_another_file_whatever_the_order(page, tmp_path):
    name, url, body, edited = page
    moments = [FIRST + number * HOUR for number in range(5)]
    bodies = [body, body, edited, body, None]
    looks = [Look(url, at, one) for at, one in zip(moments, bodies, strict=True)]
    whole = heritrix(tmp_path / "whole.warc.gz", looks)
    together = desk(tmp_path / "together", BASE)
    told(together, "import", str(whole))
    expected = [("read", version) for version in (1, 1, 2, 3, 3)]
    assert [(outcome, version) for _, outcome, version in outcomes(together, name)] == expected
    # The first part holds the address's DNS record, which no import is made for.
    parts = [one for one in apart(whole, tmp_path) if b"dns:" not in b"".join(r.raw_header for r in iter_records(one))]
    digests = set()
    for number, order in enumerate([parts, parts[::-1], [parts[1], parts[4], parts[0], parts[3], parts[2]]]):
        watched = desk(tmp_path / f"apart{number}", BASE)
        for part in order:
            told(watched, "import", str(part))
        assert outcomes(watched, name) == outcomes(together, name)
        assert verified(watched) == []
        digests |= set(rebuilt(watched))
    assert len(digests) == 1


def test_a_revisit_that_names_its_digest_alone_repeats_what_has_it_at_the_same_address(page, tmp_path):
    name, url, body, edited = page
    looks = [Look(url, FIRST, body), Look(url, FIRST + HOUR, edited), Look(url, FIRST + 2 * HOUR, body)]
    whole = heritrix(tmp_path / "whole.warc.gz", looks)
    records = []
    for one in iter_records(whole):
        kept = [field for field in one.headers if not field[0].startswith("WARC-Refers-To")]
        records.append(raw_record([field for field in kept if field[0] != "Content-Length"], one.block))
    (tmp_path / "old.warc.gz").write_bytes(zipped(*records))
    watched = desk(tmp_path / "archive", BASE)
    told(watched, "import", str(tmp_path / "old.warc.gz"))
    assert [version for _, _, version in outcomes(watched, name)] == [1, 2, 3]
    assert len(set(rebuilt(watched))) == 1


def test_a_revisit_whose_digest_is_not_that_of_what_stands_at_its_date_repeats_nothing(page, tmp_path):
    name, url, body, edited = page
    early = heritrix(tmp_path / "early.warc.gz", [Look(url, FIRST, body), Look(url, FIRST + HOUR, body)])
    other = heritrix(tmp_path / "other.warc.gz", [Look(url, FIRST, edited)])
    again = apart(early, tmp_path)[-1]
    watched = desk(tmp_path / "archive", BASE)
    told(watched, "import", str(other), str(again))
    assert [outcome for _, outcome, _ in outcomes(watched, name)] == ["read", "incomplete"]


def test_dates_that_one_program_cuts_to_seconds_and_another_does_not_are_the_same(page, tmp_path):
    name, url, body, edited = page
    moment = FIRST + timedelta(milliseconds=345)
    looks = [Look(url, moment, body), Look(url, moment + HOUR, edited), Look(url, moment + 2 * HOUR, body)]
    packed = browsertrix(tmp_path / "crawl.wacz", looks)
    first, second = desk(tmp_path / "first", BASE), desk(tmp_path / "second", BASE)
    told(first, "import", str(packed))
    (copy,) = (first.root / "warc").glob("import-*")
    records = []
    for one in iter_records(copy):
        fields = [
            (field, value.replace(".345Z", "Z") if field == "WARC-Refers-To-Date" else value)
            for field, value in one.headers
        ]
        records.append(raw_record([field for field in fields if field[0] != "Content-Length"], one.block))
    (tmp_path / "cut.warc.gz").write_bytes(zipped(*records))
    told(second, "import", str(tmp_path / "cut.warc.gz"))
    assert [version for _, _, version in outcomes(second, name)] == [1, 2, 3]
    assert verified(second) == []


def spans(watched: Desk) -> list[tuple[str, str, str]]:
    """Give the runs with their beginning and their end."""
    with closing(sqlite3.connect(watched.root / "versions.db")) as db:
        return db.execute("SELECT run, started_at, ended_at FROM runs ORDER BY run").fetchall()


def test_records_that_stand_in_two_files_are_filed_from_the_same_one_in_any_order(page, tmp_path):
    _, url, body, edited = page
    whole = heritrix(tmp_path / "whole.warc.gz", [Look(url, FIRST, body), Look(url, FIRST + HOUR, edited)])
    data = whole.read_bytes()
    grown_to = [one.offset for one in iter_records(whole) if one.type == "response"][-1]
    (tmp_path / "half.warc.gz").write_bytes(data[:grown_to])
    files = [str(whole), str(tmp_path / "half.warc.gz")]
    digests, evidence = set(), []
    for number, order in enumerate(itertools.permutations(files)):
        watched = desk(tmp_path / f"archive{number}", BASE)
        for one in order:
            told(watched, "import", one)
        (change,) = told(watched, "changes")
        evidence.append(change["evidence"])
        (warning,) = verified(watched)
        assert "captures of it that stand in another file too" in warning
        runs = spans(watched)
        digests |= set(rebuilt(watched))
        assert told(watched, "changes")[0]["evidence"] == change["evidence"]
        assert spans(watched) == runs
    assert evidence[0] == evidence[1]
    assert len(digests) == 1


@pytest.mark.parametrize("seed", range(3))
def test_files_that_overlap_make_the_same_in_any_order_and_number_of_passes(page, tmp_path, seed):
    _, url, body, edited = page
    drawn = random.Random(seed)
    looks = [Look(url, FIRST + number * HOUR, drawn.choice([body, edited])) for number in range(6)]
    parts = apart(heritrix(tmp_path / "whole.warc.gz", looks), tmp_path)[1:]
    files = [tmp_path / f"file{number}.warc.gz" for number in range(4)]
    for file in files:
        some = drawn.sample(parts, drawn.randint(2, 5)) if file is not files[-1] else parts
        file.write_bytes(b"".join(one.read_bytes() for one in some))
    made = set()
    for number in range(2):
        watched = desk(tmp_path / f"archive{number}", BASE)
        left = drawn.sample(files, len(files))
        while left:
            taken = drawn.randint(1, 2)
            some, left = left[:taken], left[taken:]
            told(watched, "import", *map(str, some))
        runs = spans(watched)
        made |= set(rebuilt(watched))
        assert spans(watched) == runs
        verified(watched)
    assert len(made) == 1


def info(**fields: str) -> bytes:
    head = [
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", f"<urn:uuid:00000000-0000-4000-8000-{abs(hash(str(fields))) % 10**12:012d}>"),
        ("WARC-Date", "2026-03-01T00:00:00Z"),
        ("Content-Type", "application/warc-fields"),
    ]
    return raw_record(head, "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode())


def test_each_run_of_files_strung_together_keeps_its_own_rule_for_removals(page, tmp_path):
    name, url, body, _ = page
    gone = Look(url, FIRST + HOUR, b"<p>x</p>")
    records = [[raw_record([f for f in one.headers if f[0] != "Content-Length"], one.block)
                for one in iter_records(heritrix(tmp_path / "one.warc.gz", [look])) if one.type == "response"
                and "dns:" not in (one.headers.get("WARC-Target-URI") or "")]
               for look in (Look(url, FIRST, body), gone)]  # fmt: skip
    absent = records[1][0].replace(b"200 OK", b"404 NF")
    software = "gochim/0.1"
    strict = info(software=software, isPartOf="20260301T010203Z-aaaa", **{"removal-checks": "5", "removal-days": "9"})
    quick = info(software=software, isPartOf="20260301T020203Z-bbbb", **{"removal-checks": "1", "removal-days": "0"})
    for name_of, order in (
        ("a", (strict, records[0][0], quick, absent)),
        ("b", (quick, absent, strict, records[0][0])),
    ):
        path = tmp_path / f"{name_of}.warc.gz"
        path.write_bytes(zipped(*order))
        watched = desk(tmp_path / name_of, BASE)
        told(watched, "import", str(path))
        assert [(one["article"], one["kind"]) for one in told(watched, "changes")] == [(name, "removed")]
        assert len(set(rebuilt(watched))) == 1


@pytest.mark.parametrize("rule", ["many", "nan", "-1", "1e999", ""])
def test_a_rule_that_is_no_number_is_none(page, tmp_path, rule):
    _, url, body, _ = page
    file = heritrix(tmp_path / "one.warc.gz", [Look(url, FIRST, body)])
    path = tmp_path / "odd.warc.gz"
    odd = info(**{"removal-checks": rule, "removal-days": rule})
    path.write_bytes(zipped(odd) + apart(file, tmp_path)[-1].read_bytes())
    watched = desk(tmp_path / "archive", BASE)
    assert told(watched, "import", str(path))["new_articles"] == 1


def test_the_first_segment_of_a_page_is_no_page(page, tmp_path):
    name, url, body, _ = page
    file = heritrix(tmp_path / "one.warc.gz", [Look(url, FIRST + number * HOUR, body) for number in range(3)])
    for place in (3000, 5500, 9000):
        records = []
        for one in iter_records(file):
            fields = [field for field in one.headers if field[0] not in {"Content-Length", "WARC-Block-Digest"}]
            if one.type == "response" and one.headers.get("WARC-Target-URI") == url:
                own = one.headers.get("WARC-Record-ID") or ""
                records.append(raw_record(fields, one.block))
                later = [
                    (n, v.replace("T01:", "T04:"))
                    for n, v in fields
                    if n not in {"WARC-Record-ID", "WARC-Payload-Digest"}
                ]
                mine = ("WARC-Record-ID", "<urn:uuid:00000000-0000-4000-8000-000000000001>")
                records.append(raw_record([*later, mine, ("WARC-Segment-Number", "1")], one.block[:place]))
                rest = [("WARC-Type", "continuation"), *(f for f in later if f[0] != "WARC-Type")]
                rest += [("WARC-Record-ID", own.replace("urn:uuid:", "urn:uuid:f")), ("WARC-Segment-Number", "2")]
                rest += [("WARC-Segment-Origin-ID", mine[1]), ("WARC-Segment-Total-Length", str(one.block_length))]
                records.append(raw_record(rest, one.block[place:]))
        path = tmp_path / f"{place}.warc.gz"
        path.write_bytes(zipped(*records))
        watched = desk(tmp_path / f"archive{place}", BASE)
        told(watched, "import", str(path))
        assert [version for _, _, version in outcomes(watched, name)] == [1, None]
        assert told(watched, "changes") == []


def chunked(data: bytes, size: int) -> bytes:
    pieces = (data[first : first + size] for first in range(0, len(data), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize("form", ["length", "chunks", "coded"])
def test_a_page_that_breaks_off_before_its_head_says_is_no_page(page, tmp_path, form):
    name, url, body, _ = page
    looks = [Look(url, FIRST, body), Look(url, FIRST + 2 * HOUR, body)]
    _, first, last = apart(heritrix(tmp_path / "whole.warc.gz", looks), tmp_path)
    fields = {"length": b"Content-Length: %d" % len(body), "chunks": b"Transfer-Encoding: chunked", "coded": b""}
    sent = {"length": body, "chunks": chunked(body, 3000), "coded": gzip.compress(body)}[form]
    if form == "coded":
        fields["coded"] = b"Content-Encoding: gzip\r\nContent-Length: %d" % len(sent)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html;charset=UTF-8\r\n" + fields[form] + b"\r\n\r\n"
    ends = [len(sent) * part // 10 for part in range(2, 10)] + [len(sent) - 1, len(sent)]
    records = []
    for number, end in enumerate(ends):
        told_of = [
            ("WARC-Type", "response"),
            ("WARC-Record-ID", f"<urn:uuid:00000000-0000-4000-8000-{number:012d}>"),
            ("WARC-Date", f"2026-03-01T02:{number:02d}:00Z"),
            ("WARC-Target-URI", url),
            ("Content-Type", "application/http; msgtype=response"),
        ]
        records.append(raw_record(told_of, head + sent[:end]))
    (tmp_path / "cut.warc.gz").write_bytes(zipped(*records))
    watched = desk(tmp_path / "archive", BASE)
    told(watched, "import", str(first), str(tmp_path / "cut.warc.gz"), str(last))
    assert told(watched, "changes") == []
    found = [version for _, _, version in outcomes(watched, name)]
    # Of chunks the end of the last line may be lacking, and all is there.
    assert found == [1, *[None] * 8, 1 if form == "chunks" else None, 1, 1]
    assert verified(watched) == []
