"""A small archive held against its database: whole, and then with each kind of damage."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from crawler.outlook import Rules, look_ahead
from storage import capture_rows, captures, contents, looks, page_captures, runs
from storage.archive import Archive
from storage.cdxj import complete_index
from storage.checks import Judged, captures_missing, verify
from storage.lost_originals import lost
from storage.records import Capture, Reading
from storage.troubles import wrong
from storage.warc_reader import iter_records
from storage.warc_rules import Finding
from tests.makers import RUN, alter, archive_at, article, attachment, file_readings, found_and_filed, readings
from tests.warc_samples import exchange, failure, writer, written

ID = "148930267"
KEPT = replace(RUN, run="20260915T091648Z-ab12")


@dataclass
class Kept:
    """An archive of two WARC files: an article read twice and missed once, a file, a revisit, an empty answer."""

    archive: Archive
    db: sqlite3.Connection
    paths: list[Path]
    captures: list[Capture]

    def verified(self) -> Judged:
        return verify(self.archive, self.db, lambda _: None)

    def at(self, number: int) -> str:
        """Say where a capture stands, the way a finding does."""
        evidence = self.captures[number].evidence
        return f"{self.archive.root / evidence.warc} at byte {evidence.offset}"


def place(number: int, one: Capture) -> Capture:
    return one._replace(role="article", article=ID) if number in {0, 3, 4} else one


def kept_at(root: Path) -> Kept:
    """Write and file the archive."""
    archive = Archive(root)
    archive.create()
    page, edited = "<p>예산은 3억 원이다.</p>".encode(), "<p>예산은 5억 원이다.</p>".encode()
    first, early = written(root, exchange(0, page), exchange(1, b"%PDF-1.7"), exchange(2, b""))
    second, late = written(root, exchange(3, edited), failure(4), exchange(5, b"%PDF-1.7"), originals=early)
    db = archive.database()
    found = [place(number, one) for number, one in enumerate([*early, *late])]
    with db:
        runs.add(db, KEPT)
        capture_rows.add(db, found)
        known = page_captures.of_article(db, ID, pending=True)
        files = (attachment(sha256="aa" * 32),)
        states = [
            article("예산은 3억 원이다.", attachments=files),
            article("예산은 5억 원이다.", attachments=files),
            None,
        ]
        file_readings(
            db,
            ID,
            [
                Reading(one, "read" if state else "unreachable", state, "MadeLayout", "made:1")
                for one, state in zip(known, states, strict=True)
            ],
        )
        assert len(found_and_filed(db)) == 1
    return Kept(archive, db, [first, second], found)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    kept = kept_at(tmp_path_factory.mktemp("original") / "archive")
    complete_index(kept.archive)
    kept.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept.db.close()
    return kept


@pytest.fixture
def kept(original, tmp_path):
    """A copy of the archive, to be damaged."""
    archive = Archive(Path(shutil.copytree(original.archive.root, tmp_path / "archive")))
    with closing(archive.database()) as db:
        yield Kept(archive, db, [archive.warcs / path.name for path in original.paths], original.captures)


def test_an_archive_that_agrees_is_said_to_agree(kept):
    named = []
    judged = verify(kept.archive, kept.db, named.append)
    log = f"{kept.archive.root}: has no run log yet; the next run begins one over the files that are there."
    assert judged == Judged(files=2, captures=6, errors=[], warnings=[log])
    assert named == sorted(path.name for path in kept.paths)


def test_an_empty_archive_agrees(tmp_path):
    archive = Archive(tmp_path)
    archive.create()
    with closing(archive.database()) as db:
        assert verify(archive, db, lambda _: None) == Judged()


def test_looking_changes_nothing(kept):
    before = list(kept.db.iterdump()), [path.read_bytes() for path in kept.paths]
    kept.paths[0].rename(kept.paths[0].with_name(kept.paths[0].name + ".open"))
    kept.verified()
    assert kept.archive.warcs.joinpath(kept.paths[0].name + ".open").read_bytes() == before[1][0]
    assert list(kept.db.iterdump()) == before[0]


def lose(kept: Kept, number: int) -> None:
    kept.db.execute(
        "DELETE FROM capture_rows WHERE id = ?", (captures.number_of(kept.db, kept.captures[number].evidence),)
    )


def test_a_row_that_was_deleted_is_named_by_its_record(kept):
    with kept.db:
        lose(kept, 2)
    assert kept.verified().errors == [
        f"{kept.at(2)}: {kept.captures[2].url} is not in the database. File it with: gochim verify --repair"
    ]
    assert captures_missing(kept.archive, kept.db) == [kept.paths[0]]


ALTERED = {
    "evidence": [{"offset": 5}, {"length": 3}, {"payload_digest": "sha1:X"}, {"record_id": "urn:uuid:none"}],
    "url": [{"url": "https://www.example.kr/other"}],
    "run": [{"run": "another run"}],
    "method": [{"method": "POST"}],
    "kind": [{"kind": "failure"}],
    "status": [{"status": 404}, {"status": None}],
    "media_type": [{"media_type": "text/plain"}],
    "location": [{"location": "/elsewhere"}],
    "truncated": [{"truncated": "length"}],
    "failure": [{"failure": "timeout"}],
    "failure_detail": [{"failure_detail": "never happened"}],
    "refers_to": [{"refers_to": "urn:uuid:other"}],
    "payload_sha256": [{"payload_sha256": "ff"}],
    "payload_length": [{"payload_length": 1}],
}  # fmt: skip


@pytest.mark.parametrize(("difference", "change"), [(name, one) for name, those in ALTERED.items() for one in those])
@pytest.mark.parametrize("number", [1, 5])
def test_a_row_that_was_altered_is_named_with_what_differs(kept, number, difference, change):
    runs.add(kept.db, replace(KEPT, run="another run"))
    alter(kept.db, kept.captures[number].evidence, **change)
    # What is said of an original is said of its revisit too.
    error, *_ = (error for error in kept.verified().errors if error.startswith(f"{kept.at(number)}: "))
    if "record_id" in change:
        assert "is not in the database" in error
        return
    assert f"says otherwise of its {difference}. " in error
    assert "gochim rebuild" in error


def test_a_payload_made_up_for_an_empty_answer_is_found(kept):
    for change in ({"payload_sha256": "ff"}, {"payload_length": 9}):
        alter(kept.db, kept.captures[2].evidence, **change)
        (error,) = kept.verified().errors
        assert error.startswith(kept.at(2))


def test_a_row_of_a_record_that_never_was_is_named(kept):
    with kept.db:
        made_up = kept.captures[1].evidence._replace(record_id="urn:uuid:none", offset=77)
        capture_rows.add(kept.db, [kept.captures[1]._replace(evidence=made_up)])
    assert kept.verified().errors == [
        f"{kept.paths[0]} at byte 77: no record urn:uuid:none, though the database has {kept.captures[1].url}. "
        "Make the database anew with: gochim rebuild"
    ]


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("part", [0.0, 0.3, 0.6, 0.95])
def test_a_flipped_byte_is_found_at_its_record(kept, number, part):
    evidence = kept.captures[number].evidence
    path = kept.archive.root / evidence.warc
    data = bytearray(path.read_bytes())
    data[evidence.offset + int(part * evidence.length)] ^= 0x20
    path.write_bytes(data)
    named = [error for error in kept.verified().errors if path.name in error]
    assert any(re.search(rf"byte {evidence.offset:,}\b|byte {evidence.offset}\b", error) for error in named), named


def test_a_file_that_is_gone_is_named_with_how_much_it_held(kept):
    kept.paths[1].unlink()
    errors = kept.verified().errors
    assert f"{kept.paths[1]}: is gone, though 3 captures point into it. Put it back, or run: gochim rebuild" in errors
    assert [error for error in errors if kept.paths[1].name not in error] == []


def test_what_repeats_a_damaged_record_is_told_once_with_the_file_in_which_that_stood(kept):
    path, original, revisit = kept.paths[0], kept.captures[1].evidence, kept.captures[5].evidence
    data = bytearray(path.read_bytes())
    data[original.offset + 20] ^= 0x20
    path.write_bytes(data)
    (error,) = [error for error in kept.verified().errors if "[revisit-target" in error]
    assert error == (
        f"{path}: revisits that repeat what can no longer be read of it: 1, the first at byte {revisit.offset:,} of "
        f"{kept.paths[1].name}. Put the file back from a copy. [revisit-target, WARC/1.1 clause 6.7.2]"
    )
    such = [
        (kept.paths[1], Finding("error", offset, "", "revisit-target", "6.7.2", "It is not there.", original.record_id))
        for offset in (7, 9, 11)
    ]
    (told,) = lost(kept.archive, kept.db, such)
    assert told.startswith(f"{path}: revisits that repeat what can no longer be read of it: 3, the first at byte 7 of ")
    unknown = [(one, replace(finding, refers_to="urn:uuid:0")) for one, finding in such]
    (told,) = lost(kept.archive, kept.db, unknown)
    assert told == f"{kept.paths[1]}: {such[0][1]} (and 2 more such)"


def test_a_file_that_was_cut_is_named_once_with_how_much_is_behind_the_place_and_what_to_do(kept):
    evidence = [one.evidence for one in kept.captures[3:]]
    cut = evidence[1].offset + 20
    kept.paths[1].write_bytes(kept.paths[1].read_bytes()[:cut])
    found = kept.verified()
    assert [error for error in found.errors if "captures" in error] == [
        f"{kept.paths[1]}: byte {evidence[1].offset:,}: the file ends inside a gzip member; captures that the "
        f"database has from there on: 2, the first at byte {evidence[1].offset}: {kept.captures[4].url}. Put back a "
        "copy of the file, or make the database from what is left with: gochim rebuild --salvage"
    ]
    assert not any("no record" in error or "gochim verify" in error for error in found.errors)
    assert not any(kept.paths[0].name in error for error in found.errors)


def test_a_file_cut_between_two_exchanges_is_missed_by_the_database(kept):
    offset = next(one.offset for one in iter_records(kept.paths[1]) if one.offset > kept.captures[3].evidence.offset)
    kept.paths[1].write_bytes(kept.paths[1].read_bytes()[:offset])
    errors = kept.verified().errors
    (error,) = (error for error in errors if "no record" in error)
    assert error.startswith(f"{kept.at(4)}: ")
    assert error.endswith("gochim rebuild (and 1 more such)")


def test_a_file_that_was_left_open_is_named_with_how_to_mend_it(kept):
    left = kept.paths[1].rename(kept.paths[1].with_name(kept.paths[1].name + ".open"))
    errors = kept.verified().errors
    assert f"{left}: left open by a run that was killed. Mend it with: gochim verify --repair" in errors
    assert not any("is gone" in error for error in errors)


def test_a_file_that_the_database_knows_nothing_of_is_named_once_however_much_it_holds(kept):
    with writer(kept.archive.root) as other:
        extra = [other.write(exchange(number, b"<p>%d</p>" % number), None) for number in (20, 21)]
    complete_index(kept.archive)
    judged = kept.verified()
    assert judged.errors == [
        f"{kept.archive.root / extra[0].evidence.warc} at byte {extra[0].evidence.offset}: {extra[0].url} is not in "
        "the database. File it with: gochim verify --repair (and 1 more such)"
    ]
    assert (judged.files, judged.captures) == (3, 8)
    assert captures_missing(kept.archive, kept.db) == [kept.archive.root / extra[0].evidence.warc]


@pytest.mark.parametrize(
    "change",
    [
        "title = '다른 제목'",
        "body = '[]'",
        """body = '[{"kind":"paragraph","text":"예산은 4억 원이다."}]'""",
        "body = '{}'",
        "body = '[1]'",
        "subtitles = 'null'",
        "published = NULL",
        "url = 'https://www.example.kr/other'",
        "content_digest = 'sha256:00'",
    ],
)
def test_a_version_that_was_altered_is_named(kept, change):
    kept.db.execute(f"UPDATE versions SET {change} WHERE version = 1")
    assert kept.verified().errors == [
        f"versions.db: version 1 of {ID} is not what its digest says. Make the database anew with: gochim rebuild"
    ]


@pytest.mark.parametrize(
    "change",
    ["UPDATE attachments SET sha256 = 'bb'", "UPDATE attachments SET name = 'x'", "DELETE FROM attachments"],
)
def test_a_version_whose_files_were_altered_is_named(kept, change):
    kept.db.execute(change)
    assert [error.split(" is ")[0] for error in kept.verified().errors] == [
        f"versions.db: version {number} of {ID}" for number in (1, 2)
    ]


UNREACHABLE = "(SELECT id FROM outcomes WHERE outcome = 'unreachable')"
LATER = "'2026-09-15T10:00:00.000000+00:00'"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (f"UPDATE versions SET first_seen = {LATER} WHERE version = 2", [f"version 2 of {ID}"]),
        (f"UPDATE versions SET last_seen = {LATER} WHERE version = 1", [f"version 1 of {ID}"]),
        (
            "UPDATE capture_rows SET outcome = 3, version = -1 WHERE version = 1",
            [f"version 1 of {ID}", f"step 1 of the states of {ID}"],
        ),
        ("UPDATE capture_rows SET version = 7 WHERE version = 2", [f"version 2 of {ID}", f"the check of {ID}"]),
        (f"UPDATE capture_rows SET outcome = 3 WHERE outcome = {UNREACHABLE}", [f"article {ID}"]),
        ("UPDATE articles SET title = 'x'", [f"article {ID}"]),
        ("UPDATE articles SET version = 1", [f"article {ID}"]),
        (f"UPDATE articles SET last_checked = {LATER}", [f"article {ID}"]),
        (f"UPDATE changes SET old_last_seen = {LATER}", [f"change {ID}.1"]),
        (f"UPDATE changes SET new_first_seen = {LATER}", [f"change {ID}.1"]),
        ("UPDATE changes SET to_version = 9", [f"change {ID}.1"]),
        ("UPDATE changes SET from_version = NULL", [f"change {ID}.1"]),
        ("UPDATE changes SET title = 'x'", [f"change {ID}.1"]),
        ("UPDATE changes SET url = 'x'", [f"change {ID}.1"]),
        ("UPDATE changes SET section = 'x'", [f"change {ID}.1"]),
        ("UPDATE changes SET source = 'x'", [f"change {ID}.1"]),
        ("UPDATE articles SET section = 'x'", [f"article {ID}"]),
        ("UPDATE articles SET source = 'x'", [f"article {ID}"]),
        ("UPDATE articles SET source_code = 'x'", [f"article {ID}"]),
        ("UPDATE articles SET state = 'removed'", [f"article {ID}"]),
        ("UPDATE articles SET state = 'suspect'", [f"article {ID}"]),
        ("DELETE FROM state_steps", [f"article {ID}"]),
        ("UPDATE state_steps SET state = 'removed'", [f"article {ID}", f"step 1 of the states of {ID}"]),
        ("UPDATE state_steps SET state = 'moved'", [f"step 1 of the states of {ID}"]),
        ("UPDATE state_steps SET step = 2", [f"step 2 of the states of {ID}"]),
        (f"UPDATE state_steps SET reached = {LATER}", [f"step 1 of the states of {ID}"]),
    ],
)
def test_what_tells_two_stories_within_the_database_is_named(kept, statement, named):
    kept.db.execute(statement)
    # Where a look is tampered with, the sums over all looks differ as well.
    errors = [one for one in kept.verified().errors if "seen_moments" not in one]
    assert len(errors) == len(named)
    for error, what in zip(errors, named, strict=True):
        assert error.startswith(f"versions.db: {what} ")
        assert error.endswith("gochim rebuild")


@pytest.mark.parametrize("name", ["fields", "facts", "old_last_seen"])
@pytest.mark.parametrize("value", ['["x"]', "[1]"])
def test_a_change_of_a_shape_that_none_has_is_a_finding_and_no_crash(kept, name, value):
    kept.db.execute(f"UPDATE changes SET {name} = ?", [value])
    errors = kept.verified().errors
    assert any(one.startswith("versions.db: a change holds what none is filed with (") for one in errors), errors


STATES = ("live", "suspect", "removed", "restored", "suspect", "live")


@pytest.mark.parametrize("wrong_at", [None, *range(len(STATES))])
def test_a_flipped_state_is_named_wherever_it_stands_among_the_steps(tmp_path, wrong_at):
    archive, db = archive_at(tmp_path)
    with closing(db):
        file_readings(db, ID, readings(db, [article(), "gone", "gone", "gone", article(), "gone", article()]))
        db.execute("UPDATE runs SET removal_checks = 3, removal_days = 2")
        found_and_filed(db)
        steps = [row["state"] for row in db.execute("SELECT state FROM state_steps ORDER BY step")]
        assert steps == list(STATES)
        if wrong_at is None:
            assert states_told_wrong(archive, db) == []
            return
        for flipped in {"live", "suspect", "removed"} - {STATES[wrong_at]}:
            db.execute("UPDATE state_steps SET state = ? WHERE step = ?", (flipped, wrong_at + 1))
            assert states_told_wrong(archive, db), flipped


def states_told_wrong(archive: Archive, db: sqlite3.Connection) -> list[str]:
    errors = verify(archive, db, lambda _: None).errors
    return [one for one in errors if " step " in one or "newest step" in one]


def test_an_article_that_waits_to_be_compared_is_not_held_against_its_old_steps(kept):
    kept.db.execute("UPDATE articles SET state = 'suspect'")
    kept.db.execute("INSERT INTO to_compare VALUES (?, 1)", (ID,))
    assert kept.verified().errors == []


def test_a_remembered_digest_that_is_not_that_of_what_the_database_holds_is_named(kept):
    contents.remember_digest(kept.db)
    assert kept.verified().errors == []
    kept.db.execute("UPDATE about SET value = value || '0' WHERE name = 'content-digest'")
    (error,) = kept.verified().errors
    assert "the content digest it remembers" in error


def test_a_removal_agrees_with_its_captures_and_versions(kept):
    kept.db.execute(
        "INSERT INTO changes SELECT '148930267.2', article, url, section, title, source, 'removed', to_version, NULL,"
        " new_first_seen, new_first_seen, 0, weight, disclosure, '[]', '[]', new_capture, new_capture FROM changes"
    )
    assert kept.verified().errors == []


def test_a_row_that_points_at_nothing_is_named(kept):
    kept.db.commit()
    kept.db.execute("PRAGMA foreign_keys = OFF")
    kept.db.execute("UPDATE versions SET capture = 4711 WHERE version = 1")
    assert any("versions points at nothing in capture_rows" in error for error in kept.verified().errors)


def test_a_database_with_a_torn_page_is_a_finding_and_no_crash(original, tmp_path):
    archive = Archive(Path(shutil.copytree(original.archive.root, tmp_path / "archive")))
    with closing(archive.database()) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'versions'").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
        db.execute("PRAGMA journal_mode = DELETE")
    data = bytearray(archive.database_path.read_bytes())
    data[(page - 1) * size : page * size] = b"\xa5" * size
    archive.database_path.write_bytes(data)
    with closing(archive.database()) as db:
        errors = verify(archive, db, lambda _: None).errors
    assert errors
    assert all(error.startswith("versions.db: ") and error.endswith("gochim rebuild") for error in errors)


def test_a_damaged_file_does_not_keep_the_others_from_being_searched_for_lost_captures(kept):
    kept.paths[0].write_bytes(b"nothing that was ever a record")
    with kept.db:
        lose(kept, 5)
    assert captures_missing(kept.archive, kept.db) == [kept.paths[1]]


def test_nothing_is_wrong_with_an_archive_whose_last_looks_were_answered(kept):
    with kept.db:
        runs.add(kept.db, replace(KEPT, finish="finished"))
        kept.db.execute(f"UPDATE capture_rows SET outcome = 3 WHERE outcome = {UNREACHABLE}")
    assert wrong(kept.db) == []


def test_a_run_that_ended_early_and_a_look_that_told_nothing_are_said(kept):
    with kept.db:
        runs.add(kept.db, replace(KEPT, finish="blocked"))
    assert wrong(kept.db) == [
        f"The newest run {KEPT.run} ended early: the portal refused.",
        f"1 article could not be reached at the last look, such as {kept.captures[4].url}.",
    ]


def test_every_outcome_that_could_not_tell_has_its_words(kept):
    for outcome in ("blocked", "error", "unreachable", "unrecognised", "incomplete", "other-article", "away"):
        looks.file_looks(kept.db, [(captures.number_of(kept.db, kept.captures[4].evidence), outcome, None)])
        (line,) = wrong(kept.db)
        assert re.fullmatch(r"1 article \w+( \w+){2,}.* at the last look, such as \S+\.", line), outcome


@pytest.mark.parametrize("ask", [looks.newest_outcomes, looks.unrecognised])
def test_what_the_newest_looks_came_to_is_found_without_reading_every_look(kept, ask):
    asked: list[str] = []
    kept.db.set_trace_callback(asked.append)
    ask(kept.db)
    kept.db.set_trace_callback(None)
    plan = [row["detail"] for row in kept.db.execute(f"EXPLAIN QUERY PLAN {asked[0]}")]
    assert any(step.startswith("SEARCH k USING") for step in plan)
    assert not any(step.startswith("SCAN k") for step in plan), plan


def test_looks_are_counted_by_what_they_came_to(kept):
    assert looks.outcomes(kept.db) == {"read": 2, "unreachable": 1}
    assert looks.newest_outcomes(kept.db) == [("unreachable", 1, kept.captures[4].url)]


def test_an_article_that_no_run_would_look_at_again_is_named(kept):
    look_ahead(kept.db, Rules())
    assert kept.verified().errors == []
    kept.db.execute("UPDATE outlooks SET due_from = due_from + 70 * 86400")
    late = kept.verified().errors
    kept.db.execute("DELETE FROM outlooks")
    gone = kept.verified().errors
    assert late == gone
    assert "would not be looked at again when the settings promise" in late[0]


def test_sums_and_counts_that_are_not_those_of_the_captures_are_named(kept):
    kept.db.execute("INSERT OR REPLACE INTO seen_moments VALUES (24, 1, 7)")
    kept.db.execute("UPDATE outcomes SET captures = captures + 1 WHERE outcome = 'read'")
    told = kept.verified().errors
    assert ["seen_moments does not say" in told[0], "said to be read is not how many" in told[1], len(told)] == [
        1,
        1,
        2,
    ]
