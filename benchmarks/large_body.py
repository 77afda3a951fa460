"""How much memory one large download takes: handler, keeper and WARC writer, real files, a raw server beside them.

Run ``python -m benchmarks.large_body`` from the project's root. Each size has a process of its own, whose peak memory
is read when it ends; the bytes cannot be compressed.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.paired import ROOT, peak

MIB = 1024 * 1024
SIZES = {"1 MiB": MIB, "64 MiB": 64 * MIB, "1 GiB": 1024 * MIB}


def fetch(url: str, folder: Path) -> None:
    """Download one address into an archive and print, as JSON, what it came to and the peak memory of this process."""
    from scrapy import Request
    from scrapy.settings import Settings

    from crawler import watch as watching
    from crawler.archiving import Keeper
    from crawler.intake import Intake
    from crawler.ongoing import ongoing
    from crawler.portal import Portal
    from crawler.wire import WireDownloadHandler
    from storage.archive import Archive

    archive = Archive(folder)
    archive.create()
    archive.settings_path.write_text(watching.written(url=url, delay=0), encoding="utf-8")
    db = archive.database()
    keeper = Keeper(archive, db, Portal(url), watching.load(archive.settings_path))
    settings = Settings({"DOWNLOAD_MAXSIZE": 0, "DOWNLOAD_TIMEOUT": 600})
    request = Request(f"{url}/file")

    async def run() -> None:
        crawler: Any = SimpleNamespace(settings=settings)
        ongoing(crawler).intake = Intake(keeper)
        handler = WireDownloadHandler(crawler)
        await handler.download_request(request)
        await handler.close()

    began = time.monotonic()
    asyncio.run(run())
    keeper.close("finished")
    seconds = time.monotonic() - began
    db.close()
    capture = request.meta["capture"]
    print(json.dumps({"payload": capture.payload_length, "seconds": seconds, "peak": peak()}))


def measured(size: int) -> dict[str, float]:
    """Serve ``size`` bytes, fetch them in a process of its own, give payload (bytes), seconds and peak (MiB)."""
    sys.path.insert(0, str(ROOT))
    from tests.wire_answers import OK, Step
    from tests.wire_server import wire_server

    piece = os.urandom(MIB)

    def steps() -> Iterator[Step]:
        yield OK + b"Content-Type: application/x-hwp\r\nContent-Length: %d\r\n\r\n" % size
        for _ in range(size // MIB):
            yield piece
        yield "keep"

    with wire_server() as server, tempfile.TemporaryDirectory() as folder:
        server.generate("file", steps)
        command = [sys.executable, "-m", "benchmarks.large_body", server.url("").rstrip("/"), folder]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
        if ran.returncode:
            raise SystemExit(ran.stderr)
        written = sum(path.stat().st_size for path in Path(folder).glob("warc/*"))
    said: dict[str, float] = json.loads(ran.stdout)
    if said["payload"] != size or written < size:
        raise SystemExit(f"{size} bytes were sent, {said['payload']:.0f} captured, {written} written")
    return said


def table() -> str:
    """Measure every size and give a Markdown table."""
    lines = ["| one download | seconds | peak memory of the process |", "| --- | --- | --- |"]
    for name, size in SIZES.items():
        said = measured(size)
        lines.append(f"| {name} | {said['seconds']:.1f} | {said['peak']:.0f} MiB |")
    return "\n".join(lines) + "\n"


def section() -> str:
    """Give the page's section on large bodies."""
    return (
        "## Large bodies\n\n"
        "One download through download handler, keeper and WARC writer onto the disk, in a process of\n"
        "its own (`python -m benchmarks.large_body`); the bytes cannot be compressed:\n\n" + table()
    )


if __name__ == "__main__":
    if len(sys.argv) == 3:
        fetch(sys.argv[1], Path(sys.argv[2]))
    else:
        print(table(), end="")
