"""A database from what is left of damaged WARC files: every whole record, and the loss named."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.main import gochim
from replica.actions import EditTitle
from storage import losses, versions
from storage.archive import Archive
from storage.cdxj import write_index
from storage.errors import ArchiveDisagrees, WarcError
from storage.records import Version, kst, local
from storage.warc_index import captures_in
from storage.warc_scan import Damage
from tests.drill import Drill
from tests.warc_samples import exchange, written


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Drill]:
    """Give an archive of two runs between which the title of its first article changed."""
    made = Drill(tmp_path, 1)
    with closing(made.db):
        made.run()
        EditTitle(edited(made), "고친 제목이 여기 있다").apply(made.portal.state)
        made.run()
        yield made


def edited(drill: Drill) -> str:
    return next(iter(drill.articles.values()))


def run(drill: Drill, *words: str) -> Result:
    return CliRunner().invoke(gochim, [*words, "--archive", str(drill.archive.root)])


def status(drill: Drill) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run(drill, "status", "--format", "json").stdout)
    return told


def spoil(drill: Drill, of: Version) -> Path:
    path = drill.archive.root / of.evidence.warc
    data = bytearray(path.read_bytes())
    data[of.evidence.offset + of.evidence.length // 2] ^= 0xFF
    path.write_bytes(data)
    return path


def filed(drill: Drill) -> list[Version]:
    with closing(Archive(drill.archive.root).database()) as db:
        return list(versions.versions(db, edited(drill)))


def test_all_that_is_whole_is_filed_and_what_is_lost_is_named(drill):
    first, second = filed(drill)
    before = status(drill)
    path = spoil(drill, first)
    refused = run(drill, "rebuild")
    assert isinstance(refused.exception, WarcError)
    assert "gochim rebuild --salvage" in str(refused.exception)
    assert len(filed(drill)) == 2
    told = run(drill, "rebuild", "--salvage")
    assert isinstance(told.exception, ArchiveDisagrees)
    assert told.exception.exit_code == 3
    assert f"{path} is damaged from byte {first.evidence.offset:,} to byte" in told.stderr
    assert f"without 1 capture that its index names there of 1 article ({edited(drill)})" in told.stderr
    assert [one.article.title for one in filed(drill)] == [second.article.title]
    assert isinstance(run(drill, "status").exception, ArchiveDisagrees)
    after = status(drill)
    assert any(f"of 1 article ({edited(drill)})" in one for one in after["wrong"])
    assert after["content_digest"] != before["content_digest"]
    assert after["counts"]["captures"] == before["counts"]["captures"] - 1
    assert isinstance(run(drill, "rebuild", "--salvage", "--workers", "2").exception, ArchiveDisagrees)
    assert status(drill)["content_digest"] == after["content_digest"]
    assert any(f"of 1 article ({edited(drill)})" in one for one in status(drill)["wrong"])


def test_a_whole_copy_put_back_gives_all_again(drill):
    first, second = filed(drill)
    before = status(drill)
    whole = (drill.archive.root / first.evidence.warc).read_bytes()
    path = spoil(drill, first)
    drill.db.close()
    (drill.archive.root / "versions.db").unlink()
    assert isinstance(run(drill, "rebuild", "--salvage").exception, ArchiveDisagrees)
    path.write_bytes(whole)
    assert run(drill, "rebuild").exit_code == 0
    after = status(drill)
    assert (after["content_digest"], after["counts"]) == (before["content_digest"], before["counts"])
    assert not any("is damaged" in one for one in after["wrong"])
    assert [one.article.title for one in filed(drill)] == [first.article.title, second.article.title]


def test_a_file_without_one_whole_record_is_named_with_all_its_captures(drill):
    path = drill.archive.root / filed(drill)[0].evidence.warc
    held = sum(1 for _ in captures_in(path, drill.archive.root))
    path.write_bytes(b"")
    assert f"{path.name}: it is empty. Put back a copy" in str(run(drill, "rebuild").exception)
    told = run(drill, "rebuild", "--salvage")
    assert isinstance(told.exception, ArchiveDisagrees)
    assert f"{path} is damaged from byte 0 on (it is empty)" in told.stderr
    assert f"the database was made without {held} captures" in told.stderr


def test_where_no_index_of_a_damaged_file_is_left_no_number_is_given(drill):
    path = spoil(drill, filed(drill)[0])
    (drill.archive.root / "index" / f"{path.name}.cdxj").unlink()
    told = run(drill, "rebuild", "--salvage")
    assert isinstance(told.exception, ArchiveDisagrees)
    assert "the database was made without what stood there; its index names no capture of it. Put a" in told.stderr


def test_what_was_read_in_a_damaged_stretch_is_not_lost_and_the_lost_stand_in_order_of_time(tmp_path):
    urls = [f"https://www.example.kr/news/{9 - number}" for number in range(6)]
    path, found = written(tmp_path, *(exchange(number, b"<p>%d" % number, url=url) for number, url in enumerate(urls)))
    archive = Archive(tmp_path)
    write_index(path, archive)
    at = [one.evidence.offset for one in found]
    damages = [Damage(at[1], at[4], "torn"), Damage(at[5], None, "torn")]
    loss = losses.of_file(archive, path, damages, [found[0], found[2]])
    assert [one.url for one in loss.missing] == [urls[1], urls[3], urls[5]]
    said = loss.sentence(tmp_path, ["1", "2", "3", "4"])
    assert "(torn) and at 1 more, and" in said
    assert "without 3 captures that its index names there of 4 articles, such as 1, 2, 3, made from" in said
    assert f"made from {local(found[1].captured_at)} to {kst(found[5].captured_at)}. Put" in said
    assert "there of 3 articles (1, 2, 3), made from" in loss.sentence(tmp_path, ["1", "2", "3"])


def test_an_intact_archive_is_rebuilt_with_code_0(drill):
    assert run(drill, "rebuild", "--salvage").exit_code == 0


@pytest.mark.parametrize("upset", ["middle", "start", "end", "zeros"])
def test_reading_goes_on_at_the_next_record_that_is_whole(tmp_path, upset):
    path, found = written(tmp_path, *(exchange(number) for number in range(8)))
    whole = [one.evidence for one in found]
    data = bytearray(path.read_bytes())
    half = len(whole) // 2
    begin, stop = {
        "middle": (whole[half].offset + 40, whole[half].offset + 44),
        "start": (0, 3),
        "end": (len(data) - 30, len(data)),
        "zeros": (whole[half].offset + 5, whole[half + 2].offset + 2),
    }[upset]
    data[begin:stop] = b"" if upset == "end" else bytes(stop - begin)
    path.write_bytes(data)
    with pytest.raises(WarcError):
        list(captures_in(path, tmp_path))
    around: list[Damage] = []
    left = [one.evidence for one in captures_in(path, tmp_path, around=around)]
    assert left == [one for one in whole if one.offset >= stop or one.offset + one.length <= begin]
    (damage,) = around
    assert damage.start <= begin
    assert (damage.end is None) == (upset == "end")


def test_a_file_packed_anew_as_one_member_is_lost_whole_and_the_others_are_filed(drill):
    first, second = filed(drill)
    path = drill.archive.root / first.evidence.warc
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
    assert "gochim rebuild --salvage" in str(run(drill, "rebuild").exception)
    told = run(drill, "rebuild", "--salvage")
    assert isinstance(told.exception, ArchiveDisagrees)
    assert f"{path} is damaged from byte 0 on (several records share one gzip member" in told.stderr
    assert [one.article.title for one in filed(drill)] == [second.article.title]
