"""The dossier of a change: whole, checked by its own program, and no byte of it can be altered unseen."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from ctypes import create_string_buffer
from dataclasses import dataclass, replace
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner, Result
from lxml import html

from cli.dossier import printing, verify
from cli.dossier.making import Maker, Wishes, program_digest
from cli.main import gochim as cli
from diffing.reports import as_html
from replica.actions import EditTitle, ReplaceAttachment
from replica.events import Remove, Restore
from storage import changes, manifests
from storage.archive import Archive
from storage.change_query import Query
from storage.errors import ArchiveDisagrees, RunEndedEarly, SettingsError
from storage.records import Change
from tests.babbler import babbling
from tests.drill import Drill
from tests.report_samples import edited as figures
from tests.report_samples import report
from tests.runs import ROOT, Desk
from tests.tsa_server import stamping
from tests.warc_samples import raw_record, zipped

PLAIN = Wishes(pdf=False)


@dataclass(frozen=True, slots=True)
class Told:
    """A drill after which changes of several kinds are filed, and these by kind."""

    drill: Drill
    by_kind: dict[str, Change]

    def made(self, kind: str, wishes: Wishes = PLAIN) -> bytes:
        maker = Maker(self.drill.archive, self.drill.db, self.drill.addresses)
        return maker.dossier(self.by_kind[kind].id, wishes)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    drill = Drill(tmp_path_factory.mktemp("told"), 2, files=True)
    state, of = drill.portal.state, drill.articles
    (edited, removed), (filed, _) = drill.section("policy-news")[:2], drill.section("press-release")[:2]
    drill.run()
    drill.weather = lambda url: "down" if edited in url else None
    drill.run()
    drill.weather = lambda url: None
    EditTitle(of[edited], "고친 제목이 여기 있다").apply(state)
    Remove(of[removed]).apply(state)
    replace_file(drill, of[filed])
    drill.run()
    Restore(of[removed]).apply(state)
    EditTitle(of[removed], "고쳐서 다시 올린 제목").apply(state)
    drill.run()
    return Told(drill, {one.kind: one for one in changes.find(drill.db, Query())})


def replace_file(drill: Drill, article: str) -> None:
    old = drill.portal.state.article(article).attachments[0]
    new = replace(old, text=(*old.text, "붙임에 한 줄이 더해졌다."))
    ReplaceAttachment(article, old.file_id, new).apply(drill.portal.state)


KINDS = ("edited", "removed", "restored", "attachment-replaced")


@pytest.mark.parametrize("kind", KINDS)
def test_a_dossier_of_every_kind_of_change_holds(told: Told, kind: str):
    dossier = verify.judged(told.made(kind), told.drill.archive.root)
    assert dossier.errors == []
    said = " ".join(dossier.notes)
    assert "the digests are those that they state" in said
    if kind == "edited":
        assert "1 look between that could not tell" in said
    if kind in {"edited", "restored"}:
        assert "changed texts found in the archived pages: 2 of 2" in said
    if kind == "removed":
        assert "came to: gone (404)" in said
        assert "new/version.json" not in dossier.members
    if kind == "attachment-replaced":
        assert re.search(r"pictures of the old version that are here, byte for byte: (\d+) of \1\b", said), said
        assert re.search(r"pictures of the new version that are here, byte for byte: (\d+) of \1\b", said), said


def test_what_a_file_says_of_the_machine_that_wrote_it_stays_in_the_archive(told: Told):
    kept = (told.drill.archive.root / told.by_kind["edited"].evidence_old.warc).read_bytes()
    assert next(verify.warc_records(kept))["fields"]["warc-type"] == "warcinfo"
    records = list(verify.warc_records(verify.judged(told.made("edited")).members[verify.WARC]))
    assert "warcinfo" not in {one["fields"]["warc-type"] for one in records}
    assert {"request", "response"} <= {one["fields"]["warc-type"] for one in records}


def test_a_removal_is_proved_by_each_look_up_to_the_last_at_which_the_article_was_gone(tmp_path: Path):
    drill = Drill(tmp_path, 2, removal_checks=2)
    url = drill.section("policy-news")[0]
    # Whatever a portal calls its pages, they are read as such.
    shown = replace(drill._answer(url), media_type="application/xhtml+xml")
    drill.weather = lambda asked: shown if asked == url else None
    drill.run()
    Remove(drill.articles[url]).apply(drill.portal.state)
    for weather in ("down", None, None, None, "down"):
        drill.weather = lambda asked, weather=weather: weather if asked == url else None  # type: ignore[misc]
        drill.run(lists=False)
    (change,) = changes.find(drill.db, Query())
    made = Maker(drill.archive, drill.db, drill.addresses).dossier(change.id, PLAIN)
    dossier = verify.judged(made, drill.archive.root)
    assert dossier.errors == []
    told = "the looks after the last at the old state came to: unreachable, gone (404), gone (404), gone (404)"
    assert told in dossier.notes


def test_a_warc_file_that_was_altered_since_is_named_where_the_archive_is_at_hand(told: Told, tmp_path: Path):
    evidence = told.by_kind["edited"].evidence_old
    whole = (told.drill.archive.root / evidence.warc).read_bytes()
    shutil.copytree(told.drill.archive.warcs, tmp_path / "warc")
    for at, held in ((len(whole) - 1, True), (evidence.offset + 30, False)):
        (tmp_path / evidence.warc).write_bytes(flipped(whole, at, 0))
        found = verify.judged(told.made("edited"), tmp_path).errors
        assert found[0] == f"{tmp_path / evidence.warc}: is not the file that the run log vouches for"
        assert (f"{tmp_path / evidence.warc}: does not hold {evidence.record_id}" in found) is not held
    (tmp_path / evidence.warc).unlink()
    gone = f"{tmp_path / evidence.warc}: is not there; name the archive that the dossier was made from"
    assert verify.judged(told.made("edited"), tmp_path).errors == [gone]


def test_an_archive_at_hand_that_agrees_is_told_of(told: Told):
    of_files = "WARC files of the archive that are those that the run log vouches for: "
    with_it, without = (verify.judged(told.made("edited"), root) for root in (told.drill.archive.root, None))
    (said,) = set(with_it.notes) - set(without.notes)
    assert re.fullmatch(of_files + r"([1-9]\d*) of \1", said)


def test_the_same_change_gives_the_same_bytes(told: Told):
    assert told.made("edited") == told.made("edited")


def test_any_zip_program_reads_it(told: Told, tmp_path: Path):
    (tmp_path / "d.zip").write_bytes(told.made("edited"))
    with zipfile.ZipFile(tmp_path / "d.zip") as package:
        assert package.testzip() is None
        assert {"README.ko.txt", "README.en.txt", "verify.py", "dossier.json", verify.WARC} <= {*package.namelist()}
        assert verify.sha256(package.read("verify.py")) == program_digest()


def flipped(data: bytes, at: int, bit: int) -> bytes:
    return data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify the same signature over the same text once: in Python alone that takes a fortieth of a second."""
    known: dict[tuple[str, ...], bool] = {}
    real = verify.signed_by

    def signed_by(signature: dict[str, str], text: str) -> bool:
        asked = (*sorted(map(str, signature.items())), text)
        if asked not in known:
            known[asked] = real(signature, text)
        return known[asked]

    monkeypatch.setattr(verify, "signed_by", signed_by)


def owners(members: verify.Members) -> list[tuple[int, int, str]]:
    """Say from where to where the contents of each member stand in the ZIP file."""
    found, at = [], 0
    for name, data in members:
        at += 30 + len(name.encode())
        found.append((at, at + len(data), name))
        at += len(data)
    return found


@pytest.mark.parametrize("number", [500, pytest.param(10_000, marks=pytest.mark.torture)])
def test_every_flipped_byte_is_found_and_named(told: Told, tmp_path: Path, quick: None, number: int):
    data = told.made("removed", Wishes(pdf=False, key=key(tmp_path)))
    assert verify.judged(data).errors == []
    places = owners(verify.unpacked(data))
    dice = random.Random(20261127)
    for at in dice.sample(range(len(data)), number):
        changed = flipped(data, at, dice.randrange(8))
        errors = verify.judged(changed).errors
        names = [name for start, end, name in places if start <= at < end]
        named = names[0] if names else "the ZIP file: "
        assert any(named in line for line in errors), (at, names, errors)


@pytest.mark.torture
def test_the_program_alone_finds_flipped_bytes_wherever_they_stand(told: Told, tmp_path: Path):
    data = told.made("removed", Wishes(pdf=False, key=key(tmp_path)))
    program, dossier = tmp_path / "verify.py", tmp_path / "dossier.zip"
    program.write_bytes(dict(verify.unpacked(data))["verify.py"])
    dice = random.Random(5)
    for at in (0, len(data) - 1, *dice.sample(range(len(data)), 38)):
        dossier.write_bytes(flipped(data, at, dice.randrange(8)))
        command = [sys.executable, "-I", "-S", str(program), str(dossier)]
        done = subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (3, ""), at
        assert "WRONG: " in done.stdout


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.torture)])
def test_every_flipped_byte_of_an_unpacked_file_is_found_and_the_file_named(
    told: Told, tmp_path: Path, quick: None, step: int
):
    members = verify.unpacked(told.made("removed", Wishes(pdf=False, key=key(tmp_path))))
    dice = random.Random(7)
    for number, (name, data) in enumerate(members):
        ends = (
            range(0, len(data), step)
            if name == verify.SEAL
            else [0, len(data) - 1, *dice.choices(range(len(data)), k=5)]
        )
        for at in ends:
            changed = [*members[:number], (name, flipped(data, at, dice.randrange(8))), *members[number + 1 :]]
            dossier = verify.Dossier(changed)
            dossier.check()
            assert any(name in line for line in dossier.errors), (name, at, dossier.errors)


def test_files_added_or_taken_away_are_named(told: Told):
    members = verify.unpacked(told.made("edited"))
    for changed, said in (
        ([*members, ("extra.txt", b"")], "extra.txt: does not belong"),
        ([one for one in members if one[0] != "difference.html"], "difference.html: is missing"),
        ([one for one in members if one[0] != verify.SEAL], "seal.json: is missing"),
        ([*members, (verify.STAMP, b"0")], "manifest.tsr: is missing, was altered or does not belong"),
    ):
        dossier = verify.Dossier(changed)
        dossier.check()
        assert any(said in line for line in dossier.errors), dossier.errors


def resealed(members: verify.Members, name: str, forge: Callable[[dict[str, object]], None]) -> verify.Dossier:
    """Judge what a liar would hand over."""
    return verify.judged(forged_as(members, name, forge))


def forged_as(members: verify.Members, name: str, forge: Callable[[dict[str, object]], None]) -> bytes:
    """Forge what a member says and make every digest fit again, as a liar would."""
    about = json.loads(dict(members)[name])
    forge(about)
    forged = [(one, verify.canonical(about) if one == name else data) for one, data in members]
    forged = [one for one in forged if one[0] not in {verify.MANIFEST, verify.SEAL}]
    listed = [{"name": one, "bytes": len(data), "sha256": verify.sha256(data)} for one, data in forged]
    manifest = verify.canonical({"format": verify.FORMAT, "members": listed})
    seal = {"format": verify.SEAL_FORMAT, "manifest": verify.sha256(manifest), "stamp": None, "signature": None}
    return verify.packed([*forged, (verify.MANIFEST, manifest), (verify.SEAL, verify.canonical(seal))])


def lies() -> dict[str, tuple[Callable[[dict[str, object]], None], str]]:
    def other_words(about):  # type: ignore[no-untyped-def]
        about["change"]["fields"][0]["ops"][0]["old"] = "이런 제목은 없었다"

    def narrower(about):  # type: ignore[no-untyped-def]
        about["change"]["checks_between"] = 0

    def fewer(about):  # type: ignore[no-untyped-def]
        del about["looks"][1]

    def earlier(about):  # type: ignore[no-untyped-def]
        about["change"]["new_first_seen"] = about["change"]["old_last_seen"]

    def elsewhere(about):  # type: ignore[no-untyped-def]
        about["captures"][0]["url"] += "0"

    def unlinked(about):  # type: ignore[no-untyped-def]
        about["captures"][0]["warc"] = "warc/other.warc.gz"

    def other_head(about):  # type: ignore[no-untyped-def]
        about["head"] = "sha256:" + "0" * 64

    def no_page(about):  # type: ignore[no-untyped-def]
        about["pages"]["old"].append(about["looks"][1]["record_id"])

    def other_page(about):  # type: ignore[no-untyped-def]
        about["pages"]["old"] = about["pages"]["new"]

    return {
        "other words": (other_words, "does not hold this text of title"),
        "a narrower interval": (narrower, "looks between: there are 1, stated are 0"),
        "a look left out": (fewer, "looks between: there are 0, stated are 1"),
        "another time": (earlier, "does not begin and end with its looks"),
        "another address": (elsewhere, "says that the address of"),
        "another file": (unlinked, "none vouches for warc/other.warc.gz"),
        "a page that is none": (no_page, " is no page"),
        "a page that is not the one": (other_page, "the old page is not among those of its state"),
        "another head": (other_head, "do not lead to the head"),
    }


def lies_of_two_parts() -> dict[str, tuple[Callable[[dict[str, object]], None], str]]:
    """Give lies about what stands twice, or in records and versions, too."""

    def earlier_look(about):  # type: ignore[no-untyped-def]
        about["change"]["old_last_seen"] = about["looks"][0]["checked_at"] = "2026-01-01T00:00:00.000000+00:00"

    def other_file(about):  # type: ignore[no-untyped-def]
        about["change"]["evidence"]["old"]["warc"] = "warc/other.warc.gz"

    def both_pages(about):  # type: ignore[no-untyped-def]
        about["pages"] = dict.fromkeys(("old", "new"), about["pages"]["old"] + about["pages"]["new"])

    def other_ministry(about):  # type: ignore[no-untyped-def]
        about["change"]["source"] = "다른 부처"

    def other_article(about):  # type: ignore[no-untyped-def]
        about["change"]["article"] = "1"

    def other_steps(about):  # type: ignore[no-untyped-def]
        about["change"]["fields"][0]["ops"][0]["words"] = [["delete", "이런 말은"], ["insert", "없었다"]]

    def none_left(about):  # type: ignore[no-untyped-def]
        about["change"]["fields"][0]["ops"] = []

    def field_left_out(about):  # type: ignore[no-untyped-def]
        about["change"]["fields"] = []

    def no_removal(about):  # type: ignore[no-untyped-def]
        about["change"]["kind"] = "removed"

    return {
        "another time, of the look too": (earlier_look, "a look was not made when its record says"),
        "evidence elsewhere": (other_file, "the old state does not stand where its record does"),
        "the pages of both sides as each": (both_pages, "the new page is said to be the old one"),
        "another ministry": (other_ministry, "the source is not that of new/version.json"),
        "another article": (other_article, "old/version.json: is of another article"),
        "other steps": (other_steps, "the words of a step are not those of its old text"),
        "steps left out": (none_left, "the old title is not that of old/version.json"),
        "a field left out": (field_left_out, "does not tell that the title changed"),
        "another kind": (no_removal, "it is no change of its kind"),
    }


def lies_about_looks() -> dict[str, tuple[Callable[[dict[str, object]], None], str]]:
    def later(about):  # type: ignore[no-untyped-def]
        about["change"]["old_last_seen"] = about["looks"][1]["checked_at"]

    def other_order(about):  # type: ignore[no-untyped-def]
        about["looks"].reverse()

    def could_tell(about):  # type: ignore[no-untyped-def]
        about["looks"][1]["version"] = 1

    def other_end(about):  # type: ignore[no-untyped-def]
        about["looks"][-1]["version"] = 1

    def other_start(about):  # type: ignore[no-untyped-def]
        about["looks"][0]["version"] = None

    def no_record(about):  # type: ignore[no-untyped-def]
        between = about["looks"][1]["record_id"]
        about["captures"] = [one for one in about["captures"] if one["record_id"] != between]

    def made_up(about):  # type: ignore[no-untyped-def]
        about["captures"][1]["record_id"] = about["looks"][1]["record_id"] = "urn:uuid:none"

    def other_extractor(about):  # type: ignore[no-untyped-def]
        about["extractor"] = "0" * 16

    def other_version(about):  # type: ignore[no-untyped-def]
        about["change"]["from_version"] = about["looks"][0]["version"] = 3

    return {
        "another last time": (later, "does not begin and end with its looks"),
        "looks in another order": (other_order, "the looks are not in order of time"),
        "a look between that read the article": (could_tell, "a look between could tell"),
        "a last look that read what stood before": (other_end, "did not read the versions that it leads from and to"),
        "a first look that read nothing": (other_start, "did not read the versions that it leads from and to"),
        "a look without a record": (no_record, "a look has no record"),
        "a record that is nowhere": (made_up, "the record urn:uuid:none is not in evidence.warc.gz"),
        "another extractor": (other_extractor, "old/version.json: is another version, or another extractor read it"),
        "another version": (other_version, "old/version.json: is another version, or another extractor read it"),
    }


LIES = {**lies(), **lies_of_two_parts(), **lies_about_looks()}


@pytest.mark.parametrize("lie", LIES)
def test_a_dossier_that_lies_with_fitting_digests_is_found_out(told: Told, lie: str):
    forge, said = LIES[lie]
    found = resealed(verify.unpacked(told.made("edited")), "dossier.json", forge).errors
    assert any(said in line for line in found), found


def test_a_version_that_says_other_than_its_digest_is_found(told: Told):
    found = resealed(
        verify.unpacked(told.made("edited")), "old/version.json", lambda one: one.update(title="다른 제목")
    ).errors
    assert "old/version.json: is not what its content digest says" in found


@pytest.mark.parametrize(
    ("kind", "side", "field"),
    [("attachment-replaced", "old", "title"), ("removed", "old", "body"), ("restored", "old", "subtitles"),
     ("restored", "new", "body")],
)  # fmt: skip
def test_a_version_that_its_page_does_not_hold_is_found_though_its_digest_fits(
    told: Told, kind: str, side: str, field: str
):
    members = verify.unpacked(told.made(kind))
    fields = json.loads(dict(members)["dossier.json"])["content_fields"]
    never = "이런 글은 없었다"

    def forge(version):  # type: ignore[no-untyped-def]
        if field == "body":
            version["body"][-1]["text"] = never
        else:
            version[field] = never if field == "title" else [never]
        said = verify.canonical({name: version[name] for name in fields})[:-1]
        version["content_digest"] = "sha256:" + verify.sha256(said)

    found = resealed(members, f"{side}/version.json", forge).errors
    named = f"the {side} page does not hold this {field} of {side}/version.json: {never}"
    assert any(named in line for line in found), found


def test_of_a_page_in_a_coding_that_python_cannot_read_it_is_said_that_nothing_was_looked_for(told: Told):
    dossier = verify.Dossier(verify.unpacked(told.made("removed")))
    dossier._stated_texts(json.loads(dossier.members["dossier.json"]), {"old": None, "new": ""})
    assert (dossier.errors, dossier.notes) == ([], ["the old page is in a coding that Python cannot read"])


def test_what_stands_in_a_script_alone_is_no_text_of_a_page():
    page = "<title>제목</title><style>p { color: red }</style><p>백 곳<script>let x = '천 곳'</script>을 연다.</p>"
    assert verify.page_text(page) == "제목백 곳을 연다."


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/evil.txt", "C:\\evil.txt", "old/../../evil.txt", "a\nThe dossier holds"]
)
def test_a_member_that_would_be_unpacked_elsewhere_or_write_lines_of_its_own_is_named(
    told: Told, tmp_path: Path, name: str
):
    members = [*verify.unpacked(told.made("edited"))[:-2], (name, b"")]
    listed = [{"name": one, "bytes": len(data), "sha256": verify.sha256(data)} for one, data in members]
    manifest = verify.canonical({"format": verify.FORMAT, "members": listed})
    seal = {"format": verify.SEAL_FORMAT, "manifest": verify.sha256(manifest), "stamp": None, "signature": None}
    made = verify.packed([*members, (verify.MANIFEST, manifest), (verify.SEAL, verify.canonical(seal))])
    (tmp_path / "d.zip").write_bytes(made)
    command = [sys.executable, "-I", verify.__file__, str(tmp_path / "d.zip")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done
    assert done.stdout.splitlines()[0] == f"WRONG: {verify.visible(name)}: does not belong to the dossier"
    assert not any(line.startswith("The dossier holds") for line in done.stdout.splitlines())


def test_links_and_pipes_in_an_unpacked_dossier_are_named(told: Told, tmp_path: Path):
    root = tmp_path / "out"
    for name, data in verify.unpacked(told.made("edited")):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    assert verify.judged_directory(root).errors == []
    (root / "folder").symlink_to("/etc")
    (root / "nothing").symlink_to(tmp_path / "none")
    os.mkfifo(root / "pipe")
    wrong = [f"{name}: is no file and does not belong" for name in ("folder", "nothing", "pipe")]
    assert verify.judged_directory(root).errors == wrong
    (root / "difference.html").rename(tmp_path / "elsewhere.html")
    (root / "difference.html").symlink_to(tmp_path / "elsewhere.html")
    assert "difference.html: is no file and does not belong" in verify.judged_directory(root).errors


def test_broken_and_growing_gzip_among_the_payloads_is_passed_over():
    def page(body: bytes) -> dict[str, object]:
        block = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + body
        return {"fields": {"warc-type": "response"}, "block": block}

    whole = gzip.compress("고침".encode())
    assert verify._plain(page(whole + whole)) == "고침고침".encode()
    assert verify._plain(page(whole[:-8] + bytes(8))) is None
    assert verify._plain(page(whole[:-9])) is None
    assert verify._plain(page(gzip.compress(bytes(70_000_000)))) is None


@pytest.mark.parametrize("members", [1, 40])
def test_records_that_would_fill_the_memory_are_taken_for_a_bomb(told: Told, tmp_path: Path, members: int):
    fields = [("WARC-Type", "resource"), ("WARC-Record-ID", "<urn:uuid:1>"), ("WARC-Date", "2026-09-15T09:16:48Z")]
    bomb = zipped(raw_record(fields, bytes(200_000_000 // members))) * members
    swapped = [(name, bomb if name == verify.WARC else data) for name, data in verify.unpacked(told.made("edited"))]
    (tmp_path / "dossier.zip").write_bytes(forged_as(swapped, "dossier.json", lambda _: None))
    command = [sys.executable, str(ROOT / "cli" / "dossier" / "verify.py"), str(tmp_path / "dossier.zip")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (3, "")
    assert "decompression bomb" in done.stdout


def key(root: Path) -> Path:
    path = root / "key.pem"
    command = ["openssl", "ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path


def test_a_signature_holds_for_its_key_and_dossier_alone(told: Told, tmp_path: Path):
    made = verify.unpacked(told.made("edited", Wishes(pdf=False, key=key(tmp_path))))
    dossier = verify.Dossier(made)
    dossier.check()
    assert dossier.errors == []
    assert any(line.startswith("signed by the holder of the key") for line in dossier.notes)
    seal = json.loads(dict(made)[verify.SEAL])
    other = dict(verify.unpacked(told.made("edited", Wishes(pdf=False, key=key(tmp_path)))))[verify.SEAL]
    seal["signature"]["publicKey"] = json.loads(other)["signature"]["publicKey"]
    dossier = verify.Dossier([*made[:-1], (verify.SEAL, verify.canonical(seal))])
    dossier.check()
    assert dossier.errors == ["seal.json: the signature is not one of this key over this dossier"]


def test_a_time_stamp_says_when_and_openssl_says_by_whom(told: Told, tmp_path: Path):
    with stamping(tmp_path / "tsa") as (url, certificate):
        members = verify.unpacked(told.made("edited", Wishes(pdf=False, tsa=url)))
        with pytest.raises(RunEndedEarly, match="cannot be reached"):
            told.made("edited", Wishes(pdf=False, tsa=url.replace("/tsr", "/none")))
        with babbling() as other, pytest.raises(RunEndedEarly, match="cannot be reached"):
            told.made("edited", Wishes(pdf=False, tsa=other))
    dossier = verify.Dossier(members)
    dossier.check()
    assert dossier.errors == []
    assert re.search(r"time stamp: 20\d{12}Z\.", " ".join(dossier.notes))
    for name in (verify.MANIFEST, verify.STAMP):
        (tmp_path / name).write_bytes(dossier.members[name])
    command = ["openssl", "ts", "-verify", "-data", verify.MANIFEST, "-in", verify.STAMP, "-CAfile", str(certificate)]
    assert (
        "Verification: OK" in subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    )


INFO = bytes.fromhex("060b2a864886f70d0109100104")
"""What stands before the digest and time that are stamped: id-ct-TSTInfo."""


@pytest.mark.parametrize("stamp", [b"", INFO, INFO + bytes.fromhex("a0053003020101"), INFO + bytes(50)])
def test_what_is_no_time_stamp_is_named_though_its_digest_fits(told: Told, stamp: bytes):
    members = verify.unpacked(told.made("edited"))
    seal = json.loads(members[-1][1]) | {"stamp": verify.sha256(stamp)}
    dossier = verify.Dossier([*members[:-1], (verify.STAMP, stamp), (verify.SEAL, verify.canonical(seal))])
    dossier.check()
    assert dossier.errors == ["manifest.tsr: is no time stamp"]


def test_the_difference_is_a_pdf_with_korean_letters(told: Told):
    made = told.made("edited", Wishes())
    assert made == told.made("edited", Wishes())
    with pypdfium2.PdfDocument(dict(verify.unpacked(made))["difference.pdf"]) as document:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert "고친 제목이 여기 있다" in " ".join(text.split())


def test_the_pdf_has_its_title_above_all_headings_and_its_words_whole(told: Told):
    with pypdfium2.PdfDocument(dict(verify.unpacked(told.made("edited", Wishes())))["difference.pdf"]) as document:
        page = document[0].get_textpage()

        def boxes(words: str) -> list[tuple[float, ...]]:
            at, count = page.search(words).get_next()
            return [page.get_charbox(at + n, loose=True) for n in range(count)]

        (_, low, _, high), (_, below, _, above) = boxes("발행한 뒤 바뀐 글")[0], boxes("한눈에 보기")[0]
        assert high - low > above - below
        assert len({round(bottom) for _, bottom, _, _ in boxes("기간")}) == 1
        texts = [one.get_textpage().get_text_bounded() for one in document]
    assert re.search(r"\b수집 \d{2,}\b.*\b판 \d+\b.*\b첨부파일 \d+\b", texts[-1])


def test_a_screen_reader_finds_the_headings_and_tables_of_the_pdf():
    raw = pypdfium2.raw
    with pypdfium2.PdfDocument(printing.pdf(as_html.render(report(figures())))) as document:
        assert raw.FPDFCatalog_IsTagged(document)
        tree = raw.FPDF_StructTree_GetForPage(document[0])
        waiting = [raw.FPDF_StructTree_GetChildAtIndex(tree, n) for n in range(raw.FPDF_StructTree_CountChildren(tree))]
        kinds = []
        while waiting:
            if element := waiting.pop():
                size = raw.FPDF_StructElement_GetType(element, None, 0)
                kind = create_string_buffer(size)
                raw.FPDF_StructElement_GetType(element, kind, size)
                kinds.append(kind.raw.decode("utf-16-le").rstrip("\0"))
                below = range(raw.FPDF_StructElement_CountChildren(element))
                waiting += [raw.FPDF_StructElement_GetChildAtIndex(element, n) for n in below]
        raw.FPDF_StructTree_Close(tree)
    assert {"H1", "H2", "Table", "TH", "TD"} <= set(kinds)


def test_no_line_of_the_pdf_ends_within_a_word():
    page = as_html.render(report(figures(), *[replace(figures(), id=f"1.{n}") for n in range(3)]))
    shown, marked = (html.document_fromstring(one) for one in (page, printing.whole_words(page)))
    assert shown.text_content() == marked.text_content()
    assert not marked.xpath("//head//span[@style] | //table//span[@style] | //pre//span[@style] | //svg//span[@style]")
    with pypdfium2.PdfDocument(printing.pdf(page)) as document:
        lines = "".join(leaf.get_textpage().get_text_bounded() + "\r\n" for leaf in document).split("\r\n")
    known = set(shown.text_content().replace("\u2060", "").split())
    ends = [line.split()[-1] for line in lines if len(line) > 40 and line.split()]
    assert len(ends) > 20
    assert [one for one in ends if re.search("[가-힣]$", one) and one not in known] == []


def test_the_command_that_prints_the_pdf_says_nothing_of_its_style(told: Told, tmp_path: Path):
    desk, path = Desk(told.drill.archive.root), tmp_path / "d.zip"
    done = desk.fresh("export", "dossier", told.by_kind["edited"].id, "-o", str(path))
    assert (done.code, done.out) == (0, f"{path}\n")
    assert done.err == f"its verify.py has the SHA-256 {program_digest()}\n"


def test_without_the_tool_the_pdf_is_refused_and_nothing_is_written(told: Told, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(SettingsError, match="--no-pdf"):
        printing.pdf("<p>고침")


def test_it_is_checked_in_a_clean_directory_by_python_alone(told: Told, tmp_path: Path):
    data = told.made("edited")
    (tmp_path / "dossier.zip").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "dossier.zip") as package:
        package.extractall(tmp_path / "out")

    def checked(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(tmp_path / "out" / "verify.py"), *words]
        return subprocess.run(command, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)

    for done in (checked(), checked("dossier.zip")):
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith("The dossier holds: every byte of it was checked.\n")
        assert program_digest() in done.stdout
    (tmp_path / "dossier.zip").write_bytes(flipped(data, len(data) // 2, 3))
    done = checked("dossier.zip")
    assert done.returncode == 3
    assert "WRONG: the ZIP file: was altered at byte" in done.stdout
    gone = checked("nowhere.zip")
    assert (gone.returncode, "Traceback" in gone.stderr) == (2, False)
    assert "nowhere.zip cannot be read" in gone.stderr


def test_what_is_wrong_is_named_where_korean_cannot_be_printed(told: Told, tmp_path: Path):
    forge, _ = lies()["other words"]
    (tmp_path / "dossier.zip").write_bytes(forged_as(verify.unpacked(told.made("edited")), "dossier.json", forge))
    command = [sys.executable, str(ROOT / "cli" / "dossier" / "verify.py"), str(tmp_path / "dossier.zip")]
    done = subprocess.run(command, env={"PYTHONIOENCODING": "cp1252"}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout.endswith("The dossier does NOT hold.\n")
    assert "\\u" in done.stdout


def gochim(archive: Archive, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--archive", str(archive.root)])


def test_the_command_writes_a_dossier_and_names_what_is_wrong(told: Told, tmp_path: Path):
    shutil.copytree(told.drill.archive.root, tmp_path / "archive")
    archive, change = Archive(tmp_path / "archive"), told.by_kind["edited"].id
    done = gochim(archive, "export", "dossier", change, "--no-pdf", "-o", str(tmp_path / "d.zip"))
    assert done.exit_code == 0, done
    assert verify.judged((tmp_path / "d.zip").read_bytes(), archive.root).errors == []
    assert "There is no change 1.1" in str(gochim(archive, "export", "dossier", "1.1", "--no-pdf").exception)
    # Ids of changes and of articles are mixed up with each other.
    of_article = gochim(archive, "export", "dossier", change.rpartition(".")[0], "--no-pdf").exception
    assert f"gochim changes --article {change.rpartition('.')[0]} --archive" in str(of_article)
    assert f"{change} is a change of article {change.rpartition('.')[0]}. " in str(
        gochim(archive, "show", change).exception
    )
    refused = gochim(archive, "export", "dossier", change, "--no-pdf", "--tsa", "ftp://x")
    assert "must be an address such as" in str(refused.exception)
    newest = manifests.head(archive)
    assert newest is not None
    newest.path.write_bytes(newest.path.read_bytes() + b" ")
    broken = gochim(archive, "export", "dossier", change, "--no-pdf").exception
    assert isinstance(broken, ArchiveDisagrees)
    assert "A dossier needs a whole run log" in str(broken)


def test_the_checker_holds_one_of_thousands_of_records_at_a_time_and_copies_no_others():
    dice = random.Random(3)
    fields = [("WARC-Type", "response"), ("WARC-Record-ID", "<urn:uuid:1>"), ("WARC-Date", "2026-09-15T09:16:48Z")]
    data = zipped(*(raw_record(fields, dice.randbytes(200_000)) for _ in range(100)))
    tracemalloc.start()
    assert sum(len(one["data"]) for one in verify.warc_records(data)) == len(data)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
