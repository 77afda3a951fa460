"""Reads documents in a process of their own, which lives on from file to file and is started anew when one kills it."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from crawler.documents.formats import MAX_BYTES
from crawler.documents.worker import LISTING, MEMORY, OUT_OF_MEMORY, PROCESSOR_SECONDS, from_json, receive, send
from crawler.interrupts import INTERRUPTS
from storage.magic import media_type_of
from storage.records import ZIP_TYPE, Document, DocumentOutcome

PATIENCE = 8.0 * PROCESSOR_SECONDS
"""Seconds on the clock after which a process that answers nothing is killed, however little it worked."""
_LAST_BREATH = 5.0
_HEAD = 65_536
"""Bytes that tell the type of a file which must not be opened here."""
_ROOT = Path(__file__).resolve().parents[2]
_FROM_OUTSIDE = {-one for one in (signal.SIGKILL, *INTERRUPTS)}
"""Exit statuses of which no file is the cause: memory ran out, or systemd stops all processes of a run at once."""


class Guard:
    """Reads documents one after another; whatever a file does to its reader comes back as an outcome.

    Args:
        patience: Seconds to wait for one document.
        command: The process that reads; another one in tests.
    """

    def __init__(self, patience: float = PATIENCE, command: tuple[str, ...] = ()) -> None:
        self._patience = patience
        self._command = command or (sys.executable, "-m", "crawler.documents.worker")
        self._process: subprocess.Popen[bytes] | None = None
        self._status: int | None = None
        self._late = threading.Event()

    def __enter__(self) -> Guard:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, payload: bytes) -> Document:
        """Read a file's text.

        The time spent does not depend on other programs unless the machine is so busy that ``patience`` runs out: the
        process counts its own seconds of work.
        """
        if len(payload) > MAX_BYTES:
            return _unread(payload, "too-large", f"larger than {MAX_BYTES} bytes")
        used = self._process is not None
        document = self._read(payload)
        if document is None and used:
            document = self._read(payload)  # What earlier files left behind must not decide over this one.
        return document or self._listed(payload, self._death(payload))

    def _listed(self, payload: bytes, death: Document) -> Document:
        """Have the members of a ZIP file listed, one of which ended the process; what else ended it stays unread."""
        if death.media_type != ZIP_TYPE:
            return death
        document = self._read(payload, LISTING)
        self.close()
        listed = document is not None and document.outcome == "read"
        return replace(document, detail=f"its members are not read: {death.detail}") if document and listed else death

    def _read(self, payload: bytes, *told: str) -> Document | None:
        """Have the process read it; None when it died of it, and how is then noted."""
        process = self._process = self._process or self._start(*told)
        self._late.clear()

        def lose_patience() -> None:
            self._late.set()
            process.kill()

        timer = threading.Timer(self._patience, lose_patience)
        timer.start()
        answer = None
        try:
            answer = self._exchange(process, payload)
            if answer is None:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_LAST_BREATH)  # Its pipes are closed: it is ending, and its exit status says why.
        finally:
            timer.cancel()
            if answer is None:
                self.close()
        self._status = process.returncode
        return from_json(answer) if answer is not None else None

    def _exchange(self, process: subprocess.Popen[bytes], payload: bytes) -> bytes | None:
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        try:
            send(process.stdin, payload)
            return receive(process.stdout)
        except BrokenPipeError:
            return None

    def _start(self, *told: str) -> subprocess.Popen[bytes]:
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        environment |= {"PYTHONPATH": str(_ROOT), "PYTHONSAFEPATH": "1", "PYTHONHASHSEED": "0"}
        return subprocess.Popen(  # noqa: S603 - our own program
            (*self._command, *told),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # Ctrl-C ends the run, which then ends this process.
        )

    def _death(self, payload: bytes) -> Document:
        """Say what a reader's death means: too slow is not known, anything else is a file that breaks its reader."""
        if self._late.is_set() or self._status == -signal.SIGXCPU:
            return _unread(payload, "timed-out", f"not read within {PROCESSOR_SECONDS} seconds of work")
        if self._status in _FROM_OUTSIDE:
            return _unread(payload, "timed-out", "the process that read it was killed from outside")
        if self._status == OUT_OF_MEMORY:
            return _unread(payload, "too-large", f"it takes more than {MEMORY} bytes of memory")
        return _unread(payload, "corrupt", f"its reader died of it (exit status {self._status})")

    def close(self) -> None:
        """End the process, if there is one; the next file starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):  # What it still should have read is of no use to a dead process.
                if pipe is not None:
                    pipe.close()


def _unread(payload: bytes, outcome: DocumentOutcome, detail: str) -> Document:
    return Document(hashlib.sha256(payload).hexdigest(), outcome, media_type_of(payload[:_HEAD]), detail=detail)
