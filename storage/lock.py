"""The lock that keeps two runs apart: a file, held by the process that is named in it for as long as that lives.

It says, a line each: the process, what it does, and ``reads`` where it is held only to read the archive. Who only reads
is waited for a while; a run is not, for it may take hours.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

from storage.errors import LockHeld, SettingsError

PATIENCE = 120.0
"""Seconds to wait for others that only read: longer than a search takes, but not than a catch-up after an upgrade."""
_STEP, _UNNAMED = 0.1, 1.0
"""Seconds between two attempts, and how long one who has just taken it may need to write who it is."""

_locks: set[FileIO] = set()


def _let_go() -> None:
    """Close a forked worker's copies of the locks: they would outlive a run that was killed."""
    for handle in _locks:
        handle.close()
    _locks.clear()


os.register_at_fork(after_in_child=_let_go)


@contextmanager
def held(path: Path, deed: str, *, reading: bool, wait: bool) -> Iterator[None]:
    """Hold a lock alone.

    Args:
        path: Its file; it is made when it is not there, and stays.
        deed: What is done meanwhile, a command's name.
        reading: Whether that only reads.
        wait: Whether to wait for others that only read.

    Raises:
        LockHeld: Another holds it; the message names its process and what that does.
        SettingsError: The file cannot be written.
    """
    try:
        handle = path.open("a+b", buffering=0)
    except OSError as error:
        raise SettingsError(f"{path} cannot be written ({error.strerror}). Check the directory's rights.") from error
    with handle:
        _take(handle, path, wait=wait)
        _say(handle, "\n".join([str(os.getpid()), deed, "reads" if reading else ""]).rstrip())
        _locks.add(handle)
        try:
            yield
        finally:
            _locks.discard(handle)
            _say(handle, "")


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold a lock beside others that only read, where its file cannot be written; none can hold one that is not there.

    Raises:
        LockHeld: A run holds it.
    """
    if not path.exists():
        yield
        return
    with path.open("rb", buffering=0) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _refusal(handle, path) from error
        yield


def _take(handle: FileIO, path: Path, *, wait: bool) -> None:
    begun = time.monotonic()
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            waited = time.monotonic() - begun
            unnamed = waited < _UNNAMED and not _said(handle)[0]
            if not wait or waited > PATIENCE or not (unnamed or _only_read(handle)):
                raise _refusal(handle, path) from error
            time.sleep(_STEP)
        else:
            return


def _only_read(handle: FileIO) -> bool:
    """Say whether whoever holds the lock only reads: several share it, or the file says so."""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _said(handle)[2] == "reads"
    fcntl.flock(handle, fcntl.LOCK_UN)
    return True


def _said(handle: FileIO) -> tuple[str, str, str]:
    """Give what the file says: the process, its deed, whether it only reads; each may be empty."""
    lines = [*os.pread(handle.fileno(), 1000, 0).decode(errors="replace").splitlines(), "", "", ""]
    return lines[0].strip(), lines[1], lines[2]


def _say(handle: FileIO, text: str) -> None:
    handle.truncate(0)
    # On a full disk the lock is as good without its words, which only say who holds it.
    with suppress(OSError):
        handle.write(text.encode())


def _refusal(handle: FileIO, path: Path) -> LockHeld:
    process, deed, _ = _said(handle)
    who = f"process {process or 'unknown'}{f', gochim {deed}' if deed else ''}"
    return LockHeld(f"Another run ({who}) holds {path}. Wait for it to end, then run the command again.")
