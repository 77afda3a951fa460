"""Foreign WARC and WACZ files, made by other tools: looks at their own dates, in whatever order they come."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import subprocess
import time
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest

from cli.options import Place
from replica.portal import Portal
from replica.server import RunningPortal, serve
from storage.archive import Archive
from storage.imports import as_imported, is_imported
from storage.records import iso
from storage.site_changes import SiteChange, word_fields, word_on
from tests.runs import Desk, desk, few_articles
from tests.warc_samples import raw_record, sha1, zipped

WGET = shutil.which("wget")


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[RunningPortal]:
    with serve(Portal.load(few_articles(tmp_path / "articles", 6))) as running:
        yield running


@pytest.fixture
def watched(portal: RunningPortal, tmp_path: Path) -> Desk:
    return desk(tmp_path / "archive", portal.url)


def news(portal: RunningPortal) -> dict[str, str]:
    """Give the addresses of the articles whose text stands in their page."""
    told = {one: portal.portal.truth(one) for one in portal.portal.shown()}
    return {one: truth["url"] for one, truth in told.items() if truth["section"] == "policy-news"}


def fetched(directory: Path, name: str, *urls: str) -> Path:
    """Have wget fetch addresses into a WARC file."""
    assert WGET, "wget is needed: apt-get install wget"
    command = [WGET, "-q", "--no-config", "-O", str(directory / "out"), f"--warc-file={directory / name}", *urls]
    subprocess.run(command, check=False, cwd=directory, timeout=60)
    return directory / f"{name}.warc.gz"


def test_what_another_tool_did_not_fetch_is_no_outage_of_the_portal(portal, watched, tmp_path):
    """Wget asks for no page of a document's viewer, so that of a press release it has the headline and no text."""
    watched.ok("crawl")
    time.sleep(1.1)  # wget's dates are whole seconds
    truths = (portal.portal.truth(one) for one in portal.portal.shown())
    told = watched.json("import", str(fetched(tmp_path, "releases", *(
        one["url"] for one in truths if one["section"] == "press-release"
    ))))  # fmt: skip
    assert told["looks"]["incomplete"] >= 5
    with closing(Archive(watched.root).database()) as db, db:
        assert not [one for (one,) in db.execute("SELECT verdict FROM judgements") if one == "outage"]
        # As it was judged before migration 30, which has it judged anew.
        (run,) = db.execute("SELECT run FROM runs WHERE software LIKE 'Wget%'").fetchone()
        db.execute("INSERT INTO judgements VALUES (?, 'press-release', 'outage', 5, 5, '{}', '', '')", (run,))
        db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE 'm030%'")
    assert "Outage" not in watched.ok("status")


def test_two_fetches_by_wget_become_versions_and_a_change_in_any_order(portal, watched, tmp_path):
    urls = news(portal)
    early = fetched(tmp_path, "early", *urls.values())
    time.sleep(1.1)  # wget's dates are whole seconds
    portal.portal.advance()
    late = fetched(tmp_path, "late", *urls.values())
    told = watched.json("import", str(late))
    assert told["new_articles"] > 2
    assert told["changes"] == []
    told = watched.json("import", str(early))
    edited = {one.article for one in portal.portal.expected() if one.kind == "edited"} & set(urls)
    assert {change.split(".")[0] for change in told["changes"]} == edited
    assert edited
    for one in watched.json("changes"):
        assert one["old_last_seen"] < one["new_first_seen"]
        assert one["evidence"]["old"]["warc"].endswith("early.warc.gz")
    before = watched.json("status")
    again = watched.json("import", str(early), str(late))
    assert (again["files"], again["new_captures"]) == ([], 0)
    for kept in sorted((watched.root / "warc").glob("import-*")):
        renamed = tmp_path / f"copy-{kept.name}"
        renamed.write_bytes(kept.read_bytes())
        assert watched.json("import", str(renamed))["files"] == []
    copies = [path.read_bytes() for path in (watched.root / "warc").glob("import-*")]
    assert sorted(copies) == sorted([early.read_bytes(), late.read_bytes()])
    watched.ok("rebuild", "--workers", "2")
    after = watched.json("status")
    assert (after["content_digest"], after["counts"]) == (before["content_digest"], before["counts"])


def test_an_import_between_live_runs_stands_between_them(portal, watched, tmp_path):
    watched.ok("crawl", "--section", "policy-news")
    time.sleep(1.1)  # wget's dates are whole seconds
    file = fetched(tmp_path, "between", *news(portal).values())
    time.sleep(1.1)
    portal.portal.advance()
    watched.ok("crawl", "--section", "policy-news", "--recheck", "all")
    before = watched.json("changes")
    watched.ok("import", str(file))
    after = watched.json("changes")
    assert [(one["id"], one["labels"]) for one in after] == [(one["id"], one["labels"]) for one in before]
    assert any(new["old_last_seen"] > old["old_last_seen"] for new, old in zip(after, before, strict=True))


def page(url: str, body: bytes, date: str = "2026-01-02T03:04:05Z") -> bytes:
    """Write a WARC file of one page."""
    fields = [
        ("WARC-Type", "response"),
        ("WARC-Record-ID", "<urn:uuid:5f0c2a4e-6c1b-4b6e-9d4e-0a7a4a1f3b52>"),
        ("WARC-Date", date),
        ("WARC-Target-URI", url),
        ("Content-Type", "application/http;msgtype=response"),
    ]
    return zipped(raw_record(fields, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body))


def test_a_wacz_package_gives_up_its_warc_files(portal, watched, tmp_path):
    urls = news(portal)
    file = fetched(tmp_path, "packed", *urls.values())
    with zipfile.ZipFile(tmp_path / "one.wacz", "w") as package:
        package.write(file, "archive/data.warc.gz")
        package.writestr("datapackage.json", "{}")
    told = watched.json("import", str(tmp_path / "one.wacz"))
    assert told["new_articles"] == len(urls)
    assert len(told["files"]) == 1


def test_captures_of_other_sites_become_no_articles(portal, watched, tmp_path):
    other = tmp_path / "other.warc.gz"
    other.write_bytes(page("https://elsewhere.example/news/policyNewsView.do?newsId=1", b"<p>x</p>"))
    done = watched.run("import", str(other))
    assert done.code == 2
    assert "holds no capture of the portal that this archive watches. It was not imported. Name an archive" in done.err
    assert list((watched.root / "warc").iterdir()) == []
    urls = news(portal)
    mixed = tmp_path / "mixed.warc.gz"
    mixed.write_bytes(other.read_bytes() + fetched(tmp_path, "some", *urls.values()).read_bytes())
    assert watched.json("import", str(mixed))["new_articles"] == len(urls)


EMPTY_ZIP = b"PK\x05\x06" + bytes(18)


@pytest.mark.parametrize("content", [b"", b"no archive at all", b"\x1f\x8b broken", EMPTY_ZIP])
def test_what_is_no_archive_is_refused_and_leaves_nothing(watched, tmp_path, content):
    for name in ("bad.warc.gz", "bad.wacz", "bad.txt"):
        (tmp_path / name).write_bytes(content)
        done = watched.run("import", str(tmp_path / name))
        assert done.code == 2, done
        assert "Traceback" not in done.err
        assert name in done.err
        assert name == "bad.warc.gz" or "no WACZ package" in done.err
    assert list((watched.root / "warc").iterdir()) == []


def test_what_somebody_is_downloading_into_the_archive_stays_there(watched, tmp_path):
    (watched.root / "warc").mkdir(exist_ok=True)
    (watched.root / "warc" / "early.warc.gz.part").write_bytes(b"half")
    (watched.root / "warc" / "import.warc.gz.part").write_bytes(b"left by an import that was killed")
    (tmp_path / "bad.txt").touch()
    assert watched.run("import", str(tmp_path / "bad.txt")).code == 2
    assert [one.name for one in (watched.root / "warc").iterdir()] == ["early.warc.gz.part"]


def test_korean_time_that_is_said_to_be_utc_is_refused_and_a_clock_a_little_ahead_is_not(tmp_path):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    for hours, code in ((9, 2), (0.1, 0)):
        date = f"{datetime.now(UTC) + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"
        (tmp_path / "a.warc.gz").write_bytes(
            page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>", date)
        )
        assert watched.run("import", str(tmp_path / "a.warc.gz")).code == code


def test_a_file_that_cannot_be_imported_is_named_and_the_others_are(tmp_path):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    whole = page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>no article</p>")
    (tmp_path / "cut.warc.gz").write_bytes(whole[:-9])
    (tmp_path / "whole.warc.gz").write_bytes(whole)
    names = ["cut.warc.gz", "whole.warc.gz", "whole.warc.gz"]
    done = watched.run("import", *(str(tmp_path / name) for name in names))
    assert done.code == 2
    assert done.err.startswith(f"gochim: {tmp_path / 'cut.warc.gz'} was not imported: byte 0: ")
    assert "gochim verify" not in done.err  # Nothing of it is in the archive.
    assert done.out.startswith("1 file imported: 1 capture, 0 articles")
    first, known = done.out.splitlines()
    assert first.endswith("; 1 look could not tell (1 unrecognised)")
    assert known == f"The archive has all of this already: {tmp_path / 'whole.warc.gz'}"
    again = watched.run("import", str(tmp_path / "whole.warc.gz"), "--format", "json")
    assert json.loads(again.out) == {
        "files": [],
        "changes": [],
        "left_out": 0,
        "known": [str(tmp_path / "whole.warc.gz")],
        "doubtful": [],
        "looks": {},
        "new_captures": 0,
        "new_articles": 0,
        "new_versions": 0,
    }


def test_a_package_of_which_one_file_is_broken_gives_up_those_before_it(tmp_path):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    whole = page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>no article</p>")
    with zipfile.ZipFile(tmp_path / "one.wacz", "w") as package:
        package.writestr("archive/b.warc.gz", whole[:-9])
        package.writestr("archive/a.warc.gz", whole)
    done = watched.run("import", str(tmp_path / "one.wacz"), "--format", "json")
    assert done.code == 2
    assert f"{tmp_path / 'one.wacz'}: b.warc.gz was not imported: byte 0: " in done.err
    told = json.loads(done.out)
    assert [name.partition("-a.")[2] for name in told["files"]] == ["warc.gz"]
    assert told["new_captures"] == 1
    assert [one.name for one in (watched.root / "warc").iterdir()] == told["files"]


def test_an_import_waits_for_nobody_and_writes_into_no_archive_that_another_holds(tmp_path):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    file = tmp_path / "a.warc.gz"
    file.write_bytes(page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>"))
    with Archive(watched.root).locked():
        assert watched.run("import", str(file)).code == 4
    assert list((watched.root / "warc").iterdir()) == []
    assert watched.json("import", str(file))["new_captures"] == 1


def test_the_run_log_vouches_for_an_imported_file_at_once(tmp_path):
    """What was altered before the next run would stand in it as if it had come so."""
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    file = tmp_path / "a.warc.gz"
    file.write_bytes(page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>"))
    (name,) = watched.json("import", str(file))["files"]
    (manifest,) = (watched.root / "manifests").iterdir()
    assert name in manifest.read_text(encoding="utf-8")


def test_what_stands_in_the_archive_already_is_not_asked_what_it_holds(tmp_path):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    other = tmp_path / "other.warc.gz"
    other.write_bytes(page("https://elsewhere.example/news/policyNewsView.do?newsId=1", b"<p>x</p>"))
    (watched.root / "warc").mkdir(exist_ok=True)
    shutil.copy(other, watched.root / "warc")
    assert watched.json("import", str(other))["files"] == []
    assert [one.name for one in (watched.root / "warc").iterdir()] == ["other.warc.gz"]


def test_half_a_copy_of_a_file_is_not_taken_for_the_file(tmp_path):
    """Somebody copies the archive's file of that name back into it, and it is imported meanwhile."""
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    file = tmp_path / "a.warc.gz"
    file.write_bytes(page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>"))
    name = f"import-{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}-a.warc.gz"
    (watched.root / "warc").mkdir(exist_ok=True)
    (watched.root / "warc" / f"{name}.part").write_bytes(b"half")
    assert watched.json("import", str(file))["files"] == [name]


def test_an_imported_file_is_known_by_its_name_and_held_against_it(tmp_path):
    data = page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>")
    named = f"import-{hashlib.sha256(data).hexdigest()[:16]}"
    for name, known in ((f"{named}-a.warc.gz", True), (f"{named}-.warc", True), ("a.warc.gz", None), (named, None)):
        (tmp_path / name).write_bytes(data)
        assert (is_imported(tmp_path / name), as_imported(tmp_path / name)) == (known is True, known)
        (tmp_path / name).write_bytes(data + b"x")
        assert as_imported(tmp_path / name) is (known and False)


def test_quietly_it_is_said_what_came_in_and_nothing_of_what_was_there(tmp_path):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    file = tmp_path / "a.warc.gz"
    file.write_bytes(page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>"))
    assert watched.ok("import", "-q", str(file)).startswith("1 file imported: 1 capture, ")
    assert watched.ok("import", str(file)).startswith("0 files imported: 0 captures, ")
    assert watched.ok("import", "-q", str(file)) == ""


@pytest.mark.parametrize("names", [[], ["none.warc.gz"], ["."]])
def test_what_is_no_file_is_not_imported(tmp_path, names):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    done = watched.run("import", *(str(tmp_path / name) for name in names))
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err


def test_an_archive_takes_its_own_package_for_files_that_it_has(watched, tmp_path):
    watched.ok("crawl")
    before = {one.name: one.read_bytes() for one in (watched.root / "warc").iterdir()}
    watched.ok("export", "wacz", "-o", str(tmp_path / "own.wacz"))
    told = watched.json("import", str(tmp_path / "own.wacz"), *(str(watched.root / "warc" / one) for one in before))
    assert told["files"] == []
    assert {one.name: one.read_bytes() for one in (watched.root / "warc").iterdir()} == before
    assert "all agree" in watched.ok("verify")


def test_packages_within_a_package_give_up_their_files(tmp_path):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    inner = tmp_path / "one.wacz"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "archive/rec-0.warc.gz", page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>")
        )
    with zipfile.ZipFile(tmp_path / "all.wacz", "w") as package:
        package.write(inner, "one.wacz")
        package.writestr("datapackage.json", '{"profile": "multi-wacz-package"}')
    assert len(watched.json("import", str(tmp_path / "all.wacz"))["files"]) == 1


def test_packages_many_deep_are_not_gone_through(tmp_path):
    path = tmp_path / "0.wacz"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "archive/rec-0.warc.gz", page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>")
        )
    for depth in range(1, 5):
        with zipfile.ZipFile(tmp_path / f"{depth}.wacz", "w") as package:
            package.write(path, path.name)
        path = tmp_path / f"{depth}.wacz"
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    done = watched.run("import", str(path))
    assert done.code == 2
    assert "packages stand within packages more than 3 deep. Take out the one that you want" in done.err
    assert len(watched.json("import", str(tmp_path / "3.wacz"))["files"]) == 1


def test_a_file_is_there_once_whatever_it_is_called_and_keeps_its_name_in_another_archive(tmp_path):
    one, other = (desk(tmp_path / name, "http://127.0.0.1:8123") for name in ("one", "other"))
    seen = page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>")
    for name in ("early.warc.gz", "late.warc.gz"):
        (tmp_path / name).write_bytes(seen)
    (name,) = one.json("import", *(str(tmp_path / name) for name in ("early.warc.gz", "late.warc.gz")))["files"]
    assert name.endswith("-early.warc.gz")
    assert other.json("import", str(one.root / "warc" / name))["files"] == [name]


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_package_that_cannot_be_unpacked_is_refused(tmp_path, encrypted):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    path = tmp_path / "one.wacz"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("archive/rec-0.warc.gz", b"some bytes of a file")
    data = path.read_bytes()
    if encrypted:  # bit 0 of the flags, in both headers
        central = data.rindex(b"PK\x01\x02")
        data = data[:6] + b"\x01" + data[7 : central + 8] + b"\x01" + data[central + 9 :]
    else:
        data = data.replace(b"some bytes", b"same bytes")
    path.write_bytes(data)
    done = watched.run("import", str(path))
    assert done.code == 2
    assert f"{path}: rec-0.warc.gz was not imported: it cannot be unpacked" in done.err
    assert list((watched.root / "warc").iterdir()) == []


def test_a_package_that_is_cut_off_is_one_that_is_damaged(tmp_path):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    path = tmp_path / "one.wacz"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("archive/rec-0.warc.gz", b"some bytes of a file")
    path.write_bytes(path.read_bytes()[:60])
    done = watched.run("import", str(path))
    assert done.code == 2
    assert f"{path} was not imported: it cannot be unpacked (" in done.err


@pytest.mark.parametrize(
    ("name", "advice"),
    [("a.arc.gz", "warcio recompress"), ("a.arc", "warcio recompress"), ("a.warc.zst", "zstd -d"),
     ("a.warc.gz.open", "import it when it has")],
)  # fmt: skip
def test_a_file_in_another_format_is_refused_with_what_can_be_done(tmp_path, name, advice):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    (tmp_path / name).write_bytes(b"filedesc://a.arc 0.0.0.0 20260301010203 text/plain 76\n")
    done = watched.run("import", str(tmp_path / name))
    assert done.code == 2
    assert advice in done.err


def test_a_refused_import_leaves_nothing_where_no_archive_was(tmp_path):
    file = tmp_path / "bad.warc.gz"
    file.write_bytes(b"no WARC file")
    there = tmp_path / "there"
    there.mkdir()
    for root in (tmp_path / "a" / "b", there):
        done = Desk(root).run("import", str(file))
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"gochim: {file} was not imported: byte 0: ")
    assert sorted(tmp_path.rglob("*")) == [file, there]
    file.write_bytes(page("https://www.korea.kr/news/policyNewsView.do?newsId=148930011", b"<p>x</p>"))
    assert Desk(there).json("import", str(file))["new_captures"] == 1


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2999-01-01T00:00:00Z", "yesterday"])
def test_a_date_at_which_nobody_captured_is_refused_with_its_place(tmp_path, date):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    file = tmp_path / "dated.warc.gz"
    file.write_bytes(page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>", date))
    done = watched.run("import", str(file))
    assert done.code == 2
    assert done.err.startswith(f"gochim: {file} was not imported: byte 0: ")
    assert date[:4] in done.err
    assert list((watched.root / "warc").iterdir()) == []
    assert watched.json("status")["counts"]["captures"] == 0


@pytest.mark.parametrize(("year", "code"), [("1989-12-31T23:59:59Z", 2), ("1990-01-01T00:00:00Z", 0)])
def test_the_first_date_that_is_believed_is_that_of_the_first_web(tmp_path, year, code):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    file = tmp_path / "dated.warc.gz"
    file.write_bytes(page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>", year))
    assert watched.run("import", str(file)).code == code


@pytest.mark.parametrize("ending", [".warc", ".warc.gz"])
def test_a_name_is_kept_as_far_as_a_terminal_obeys_none_of_it_and_a_disk_takes_it(tmp_path, ending):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    seen = page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>")
    with zipfile.ZipFile(tmp_path / "one.wacz", "w") as package:
        package.writestr(
            f"archive/가\x1b[31m{'나' * 50}{'a' * 100}{ending}", seen if ending == ".warc.gz" else gzip.decompress(seen)
        )
    (name,) = watched.json("import", str(tmp_path / "one.wacz"))["files"]
    assert name.partition("-")[2].partition("-")[2] == f"가-[31m{'나' * 50}{'a' * 22}{ending}"
    assert [one.name for one in (watched.root / "warc").iterdir()] == [name]


def test_of_a_package_the_files_below_archive_are_taken(tmp_path):
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    seen = page("http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011", b"<p>x</p>")
    for names in (("other/a.warc.gz", "archive/b.txt"), ("x.warc.gz",)):
        with zipfile.ZipFile(tmp_path / "one.wacz", "w") as package:
            for name in names:
                package.writestr(name, seen)
        done = watched.run("import", str(tmp_path / "one.wacz"))
        assert done.code == 2
        assert f"{tmp_path / 'one.wacz'} is no WACZ package: there are no WARC files below archive/ in it." in done.err


def test_two_records_of_one_id_that_say_different_things_are_refused_and_the_same_one_twice_is_not(tmp_path):
    """One of them was lost, and no rebuild brought file and database to agree again."""
    watched = desk(tmp_path / "archive", "http://127.0.0.1:8123")
    told = {"WARC-Type": "response", "WARC-Record-ID": f"<urn:uuid:{uuid.uuid4()}>"}
    told |= {"WARC-Target-URI": "http://127.0.0.1:8123/news/policyNewsView.do?newsId=148930011"}
    told |= {"WARC-Date": "2026-03-01T00:00:00Z", "Content-Type": "application/http;msgtype=response"}
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    first, other = (zipped(raw_record(told.items(), head + body)) for body in (b"<p>x</p>", b"<p>y</p>"))
    (tmp_path / "odd.warc.gz").write_bytes(first + other)
    done = watched.run("import", str(tmp_path / "odd.warc.gz"))
    assert (done.code, list((watched.root / "warc").iterdir())) == (2, []), done
    assert f"odd.warc.gz was not imported: byte {len(first)}: its id, urn:uuid:" in done.err
    (tmp_path / "twice.warc.gz").write_bytes(first + first)
    assert watched.json("import", str(tmp_path / "twice.warc.gz"))["new_captures"] == 1


def test_two_files_that_use_one_id_for_two_looks_come_to_what_a_rebuild_makes(portal, watched, tmp_path):
    address = next(iter(news(portal).values()))
    with urlopen(address) as answer:
        page = answer.read().decode()
    told = {"WARC-Type": "response", "WARC-Record-ID": f"<urn:uuid:{uuid.uuid4()}>", "WARC-Target-URI": address}
    told["Content-Type"] = "application/http;msgtype=response"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html;charset=UTF-8\r\n\r\n"
    for day, text in ((1, page), (2, page.replace("다.", "다!"))):
        dated = {**told, "WARC-Date": f"2026-03-0{day}T00:00:00Z"}
        file = tmp_path / f"day-{3 - day}.warc.gz"
        file.write_bytes(zipped(raw_record(dated.items(), head + text.encode())))
        assert watched.json("import", str(file))["new_versions"] == 1
    before = watched.json("status")
    (change,) = watched.json("changes")
    watched.ok("rebuild")
    assert watched.json("status")["content_digest"] == before["content_digest"]
    assert watched.json("changes") == [change]


def claiming(file: Path, address: str, **fields: str) -> Path:
    """Write a WARC file that holds one look at an address, behind a warcinfo with these fields."""
    info = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
    record = "application/http;msgtype=response", address, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    parts = [("warcinfo", "application/warc-fields", None, info), ("response", *record)]
    with file.open("wb") as out:
        for kind, media_type, url, block in parts:
            told = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:{uuid.uuid4()}>", "Content-Type": media_type}
            told |= {"WARC-Date": "2026-03-01T00:00:00Z"} | ({"WARC-Target-URI": url} if url else {})
            out.write(zipped(raw_record(told.items(), block)))
    return file


def test_what_an_imported_file_says_of_a_site_change_is_no_word_of_the_archives_keeper(portal, watched, tmp_path):
    since = datetime(2026, 3, 1, tzinfo=UTC)
    one = SiteChange("made", "policy-news", "body", "added", "알림", iso(since), (5, 5), "edits", "person")
    word = word_fields(one, "held", since)
    watched.ok("import", str(claiming(tmp_path / "forged.warc.gz", next(iter(news(portal).values())), **word)))
    for _ in range(2):
        with closing(Archive(watched.root).database()) as db:
            assert word_on(db, one) is None
        watched.ok("rebuild")


def test_a_file_whose_captures_claim_to_be_of_a_run_of_this_archive_is_refused(portal, watched, tmp_path):
    address = next(iter(news(portal).values()))
    watched.ok("crawl", "--url", address)
    (run,) = (one["run"] for one in watched.json("status")["runs"])
    file = claiming(tmp_path / "forged.warc.gz", address, isPartOf=run)
    done = watched.run("import", str(file))
    assert (done.code, done.out) == (2, "")
    assert f"is said to be of run {run}, a run of this archive which made no such capture" in done.err
    (own,) = (watched.root / "warc").iterdir()
    assert watched.json("import", str(own))["new_captures"] == 0  # what it did make may be had twice
    plain = tmp_path / "unpacked.warc"
    plain.write_bytes(gzip.decompress(own.read_bytes()))
    told = watched.json("import", str(plain))
    assert (len(told["files"]), told["new_captures"]) == (1, 0)


def test_a_rule_of_no_checks_for_removals_is_none(portal, watched, tmp_path):
    address = next(iter(news(portal).values()))
    file = claiming(tmp_path / "odd.warc.gz", address, **{"removal-checks": "0", "removal-days": "0"})
    assert watched.json("import", str(file))["new_captures"] == 1


@pytest.mark.parametrize("forged", ["WARC-Payload-Digest", "WARC-Block-Digest"])
def test_a_record_that_is_not_what_its_digest_says_is_taken_and_named(watched, tmp_path, forged):
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n" + "고침".encode()

    def record(second: int, **fields: str) -> bytes:
        told = {"WARC-Block-Digest": sha1(block), "WARC-Payload-Digest": sha1("고침".encode()), **fields}
        dated = {"WARC-Date": f"2026-03-01T00:00:0{second}Z", "WARC-Record-ID": f"<urn:uuid:{uuid.uuid4()}>"}
        url = f"{Place(Archive(watched.root)).portal().base}/news/policyNewsView.do?newsId=148930012"
        kind = {"WARC-Type": "response", "WARC-Target-URI": url, "Content-Type": "application/http;msgtype=response"}
        return raw_record([*(kind | dated | told).items()], block)

    sound, odd = tmp_path / "sound.warc.gz", tmp_path / "odd.warc.gz"
    first = record(1)
    sound.write_bytes(zipped(record(0), first))
    odd.write_bytes(zipped(first, record(2, **{forged: sha1(b"another")}), record(3, **{forged: sha1(b"another")})))
    assert watched.json("import", str(sound))["doubtful"] == []
    done = watched.run("import", str(odd))
    assert (done.code, done.out.startswith("1 file imported")) == (0, True), done
    named = f"odd.warc.gz, byte {len(zipped(first))}: The "
    assert named in done.err
    assert f"{forged} was made of" in done.err
    assert "(and 1 more such) It was altered, or badly written" in done.err
    odd.write_bytes(zipped(record(4, **{forged: sha1(b"another")})))
    assert "more such)" not in watched.run("import", str(odd)).err
