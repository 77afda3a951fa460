"""An archive that is spread over disks by links: its WARC files on a large one, its database on a fast one."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner

from cli.main import gochim
from storage import contents
from storage.archive import Archive
from tests.drill import Drill


def test_links_to_other_disks_stay_and_all_is_read_through_them(tmp_path: Path):
    drill = Drill(tmp_path, 1)
    drill.run()
    before = contents.content_digest(drill.db)
    drill.db.close()
    root, far = drill.archive.root, tmp_path / "far"
    far.mkdir()
    for name in ("warc", "versions.db"):
        shutil.move(root / name, far / name)
        (root / name).symlink_to(far / name)
    (tmp_path / "linked").symlink_to(root)
    for words in (("changes",), ("rebuild",), ("verify",)):
        told = CliRunner().invoke(gochim, [*words, "--archive", str(tmp_path / "linked")])
        assert told.exit_code == 0, told
    assert (root / "warc").is_symlink()
    assert (root / "versions.db").is_symlink()
    assert [one.name for one in root.glob("versions.db*")] == ["versions.db"]
    with closing(Archive(root).database()) as db:
        assert contents.content_digest(db) == before
        # What SQLite keeps beside a database stands where it is opened by other programs, too.
        assert (far / "versions.db-wal").exists()
