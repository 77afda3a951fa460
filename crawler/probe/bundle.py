"""The bundle to attach to a report: what one probe fetched, its verdicts, the settings without contact and key."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from crawler import watch as watching
from crawler.watch import Watch
from storage.archive import Archive
from storage.errors import RunEndedEarly
from storage.warc_cut import cut_run

SECRET = ("contact", "api_key", "alerts_ping")
"""Settings that stay behind."""
README = """A probe of {portal} by {software}, run {run}.

probe.warc.gz  what was fetched, record by record as archived; without what holds the contact or the service key
verdicts.json  the verdicts, each with the place of its evidence in the archive, and what was left out above
settings.toml  the settings, without contact, service key and receivers of alerts
"""


def write_bundle(path: Path, archive: Archive, db: sqlite3.Connection, told: dict[str, Any], watch: Watch) -> None:
    """Write the bundle.

    Raises:
        RunEndedEarly: It cannot be written there.
        WarcError: A record of the run cannot be read.
    """
    given = asdict(watch)
    secrets = [str(given[name]) for name in SECRET if given.get(name)]
    settings = watching.written(**{**given, **dict.fromkeys(SECRET, "")})
    try:
        with zipfile.ZipFile(path, "x", zipfile.ZIP_DEFLATED) as bundle, tempfile.TemporaryFile() as cut:
            left = cut_run(archive.root, db, told["run"], cut, secrets)
            cut.seek(0)
            with bundle.open("probe.warc.gz", "w") as target:
                while piece := cut.read(1 << 20):
                    target.write(piece)
            verdicts = {**told, "left_out": [asdict(one) for one in left]}
            bundle.writestr("verdicts.json", json.dumps(verdicts, ensure_ascii=False, indent=2) + "\n")
            bundle.writestr("settings.toml", settings)
            bundle.writestr("README", README.format(**told))
    except OSError as error:
        raise RunEndedEarly(
            f"{path} cannot be written ({error.strerror}). Name another place with --bundle."
        ) from error
