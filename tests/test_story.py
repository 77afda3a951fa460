"""The main job, end to end: crawl, let the portal change, crawl again, report exactly what changed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from crawler.sections import SECTIONS
from replica.portal import Portal
from replica.server import RunningPortal, serve
from storage.records import LABELS
from tests.runs import Desk, desk


class Story:
    """A whole run through the replica's script, with what was reported after each moment."""

    def __init__(self, archive: Desk, portal: RunningPortal) -> None:
        self.desk = archive
        self.portal = portal
        self.reported: list[list[dict]] = []
        self.truths: list[dict[str, dict]] = []
        seen: set[str] = set()
        for number in range(len(portal.portal.moments)):
            if number:
                portal.advance()
            archive.ok("crawl", "--recheck", "all")
            changes = archive.json("changes")
            self.reported.append([one for one in changes if one["id"] not in seen])
            seen |= {one["id"] for one in changes}
            self.truths.append({one: portal.portal.truth(one) for one in portal.portal.shown()})
            if number == 0:
                self.first = {one: archive.json("show", one) for one in list(self.truths[0])[::9]}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with serve(Portal.load()) as portal:
        yield Story(desk(tmp_path_factory.mktemp("story") / "archive", portal.url, sections=list(SECTIONS)), portal)


def test_the_first_crawl_finds_every_article_and_no_change(story: Story):
    assert story.reported[0] == []
    assert len(story.truths[0]) >= 60


def test_every_moment_is_reported_exactly(story: Story):
    for number, moment in enumerate(story.portal.portal.moments):
        told = {
            (one["article"], one["kind"], frozenset(f["field"] for f in one["fields"]))
            for one in story.reported[number]
        }
        true = {(one.article, one.kind, frozenset(one.fields)) for one in moment.expected}
        assert told == true, f"moment {number}: {moment.name}"
    assert sum(len(moment.expected) for moment in story.portal.portal.moments) >= 20


def test_labels_and_weights_are_those_of_the_edits(story: Story):
    for number, moment in enumerate(story.portal.portal.moments):
        told = {one["article"]: one for one in story.reported[number]}
        for expected in moment.expected:
            one = told[expected.article]
            assert expected.where | expected.what <= set(one["labels"]), (expected, one["labels"])
            assert expected.weight in {None, one["weight"]}, (expected, one["labels"])
            assert set(one["labels"]) <= set(LABELS)


def test_an_article_is_shown_field_by_field_as_the_portal_says_it(story: Story):
    for article, shown in story.first.items():
        true = story.truths[0][article]
        for said in (true, shown):
            said["attachments"] = [
                {key: one[key] for key in ("file_id", "name", "media_type", "sha256")} for one in said["attachments"]
            ]
        assert all(one.pop("sha256") for one in shown["images"])
        assert {key: shown[key] for key in true} == true


def test_the_newest_versions_say_what_the_portal_says_now(story: Story):
    for article, true in list(story.truths[-1].items())[::5]:
        assert story.desk.json("show", article)["body"] == true["body"]


def test_an_interval_lies_between_two_looks(story: Story):
    for one in (change for moment in story.reported for change in moment):
        assert one["old_last_seen"] < one["new_first_seen"]
        assert one["evidence"]["old"]["captured_at"] == one["old_last_seen"]
        assert one["evidence"]["new"]["captured_at"] == one["new_first_seen"]


def test_evidence_points_at_the_record_that_it_names(story: Story):
    for one in (change for moment in story.reported for change in moment):
        for evidence in one["evidence"].values():
            with (story.desk.root / evidence["warc"]).open("rb") as file:
                file.seek(evidence["offset"])
                record = gzip.decompress(file.read(evidence["length"]))
            assert record.startswith(b"WARC/1.1\r\n")
            assert evidence["record_id"].encode() in record
            assert evidence["payload_digest"].encode() in record


def test_two_other_readers_accept_every_record(story: Story):
    for path in sorted((story.desk.root / "warc").glob("*.warc.gz")):
        with path.open("rb") as file:
            types = [record.rec_type for record in ArchiveIterator(file)]
        assert types[0] == "warcinfo"
        assert types.count("request") == types.count("response") + types.count("revisit")
        with path.open("rb") as file:
            assert all(record.verify_block_digest() for record in FastIterator(file, parse_http=False))


def test_an_unchanged_payload_is_a_revisit(story: Story):
    newest = max((story.desk.root / "warc").glob("*.warc.gz"))
    with newest.open("rb") as file:
        records = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI")) for record in ArchiveIterator(file)
        ]
    answers = {"response", "revisit"}
    files = [type_ for type_, url in records if url and "/common/download.do" in url and type_ in answers]
    assert files.count("revisit") > 0.9 * len(files) > 20


def test_verify_finds_that_all_agree(story: Story):
    assert "all agree" in story.desk.ok("verify")


def test_a_rebuild_gives_the_same_digest_and_the_same_changes(story: Story):
    before = story.desk.json("status"), story.desk.json("changes")
    story.desk.ok("rebuild", "--workers", "2")
    after = story.desk.json("status"), story.desk.json("changes")
    assert after[0]["content_digest"] == before[0]["content_digest"]
    assert after[0]["counts"] == before[0]["counts"]
    assert after[1] == before[1]
    assert "all agree" in story.desk.ok("verify")


def test_the_second_look_at_an_unchanged_portal_finds_nothing(story: Story):
    before = story.desk.json("status")["counts"]
    done = story.desk.run("crawl", "--recheck", "all", "-q")
    assert (done.code, done.out, done.err) == (0, "", "")
    after = story.desk.json("status")["counts"]
    assert (after["versions"], after["changes"]) == (before["versions"], before["changes"])
    assert after["captures"] > before["captures"]


def test_history_and_diff_tell_of_an_edited_article(story: Story):
    change = next(one for one in story.reported[1] if one["kind"] == "edited")
    history = story.desk.json("history", change["article"])
    assert [one["version"] for one in history["versions"]][:2] == [1, 2]
    assert {one["outcome"] for one in history["checks"]} == {"read"}
    difference = story.desk.json("diff", change["article"], "1", "2")
    assert difference["fields"] == change["fields"]


def test_a_moment_in_the_past_is_shown_as_it_stood(story: Story):
    change = next(one for one in story.reported[1] if one["kind"] == "edited")
    then = story.desk.json("show", change["article"], "--at", change["old_last_seen"])
    now = story.desk.json("show", change["article"], "--at", change["new_first_seen"])
    assert (then["version"], now["version"]) == (1, 2)


def test_reports_are_written_in_every_format(story: Story, tmp_path: Path):
    for style, start in (("html", "<!"), ("markdown", "#"), ("json", "{"), ("atom", "<?xml"), ("csv", "id,")):
        path = tmp_path / f"report.{style}"
        story.desk.ok("report", "--format", style, "-o", str(path))
        assert path.read_text(encoding="utf-8").startswith(start)


def test_filters_narrow_the_changes(story: Story):
    everything = story.desk.json("changes")
    removed = story.desk.json("changes", "--kind", "removed")
    assert {one["kind"] for one in removed} == {"removed"}
    assert len(removed) == sum(one["kind"] == "removed" for one in everything)
    heavy = story.desk.json("changes", "--min-weight", "substance")
    assert len(heavy) == sum(one["weight"] == "substance" for one in everything)
    one = everything[0]
    assert {found["article"] for found in story.desk.json("changes", "--article", one["url"])} == {one["article"]}
    assert story.desk.run("changes", "--fail-on-change").code == 1
