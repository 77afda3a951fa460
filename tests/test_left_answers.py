"""An interrupted run leaves an answer that does not end: what has come of it is kept as cut short, and nothing else."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.archive import Archive
from tests.runs import desk
from tests.shelf import NEWS, page

BEGUN = page("도서관 열두 곳이 문을 연다.").encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html;charset=UTF-8\r\nContent-Length: %d\r\n\r\n"
PATIENCE = 120
"""Seconds. A run that waited for the answer would keep it as timed out, not as left."""


class Slow:
    """Answers robots.txt with 404, and the article's page with its beginning or nothing; then waits to be left."""

    def __init__(self) -> None:
        self.says = b""
        self.whole = False
        self.asked, self.left = threading.Event(), threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            while request := connection.recv(65_536):
                if NEWS.encode() not in request:
                    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                    continue
                connection.sendall(self.says)
                if not self.whole:
                    self.asked.set()
            self.left.set()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@pytest.fixture
def portal() -> Iterator[Slow]:
    with closing(Slow()) as one:
        yield one


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        (HEAD % len(BEGUN) + BEGUN[: len(BEGUN) // 2], [(200, "unspecified", None)]),
        (HEAD[:40], []),
        (b"", []),
    ],
    ids=["half a page", "half a head", "nothing"],
)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_has_come_of_an_answer_is_kept_when_the_run_is_interrupted(
    portal: Slow, tmp_path: Path, came, kept, number
):
    archive = desk(tmp_path / "archive", portal.url)
    portal.says, portal.whole = HEAD % len(BEGUN) + BEGUN, True
    archive.ok("crawl", "--url", portal.url + NEWS)
    portal.says, portal.whole = came, False
    portal.left.clear()
    process = archive.start("crawl", "--url", portal.url + NEWS)
    assert portal.asked.wait(PATIENCE)
    process.send_signal(number)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 5
    assert "interrupted" in err
    assert portal.left.wait(PATIENCE)
    with closing(Archive(archive.root).database()) as db:
        rows = db.execute(
            "SELECT status, truncated, failure FROM captures WHERE role = 'article' ORDER BY captured_at"
        ).fetchall()
    assert [tuple(row) for row in rows] == [(200, None, None), *kept]
    assert archive.ok("verify")
    assert archive.json("changes") == []
    digest = archive.json("status")["content_digest"]
    archive.ok("rebuild")
    assert archive.json("status")["content_digest"] == digest
