"""Files that are there whole or not at all, whatever happens while they are written, and the digest of a whole file."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from storage.errors import RunEndedEarly


@contextmanager
def written_whole(path: Path, *, fsync: bool = True) -> Iterator[BinaryIO]:
    """Give a file to write into, which takes the place of ``path`` at the end; who reads meanwhile reads the old one.

    A link stays, and the file that it names is replaced. What is no file (``/dev/stdout``, a named pipe) is written
    into as it stands. Of two programs that write the same file the second waits for the first.

    Args:
        path: Where it is to stand.
        fsync: Whether its bytes and its name are forced to the disk before it is said to be there.

    Raises:
        OSError: The disk refuses; what stood there stands there still.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    path = Path(os.path.realpath(path))
    unfinished = path.with_name(path.name + ".tmp")
    with _begun(unfinished) as file:
        try:
            yield file
            file.flush()
            if fsync:
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    if fsync:
        sync_directory(path.parent)


@contextmanager
def _begun(unfinished: Path) -> Iterator[BinaryIO]:
    """Open a file under the name that it has while it is written, and let nobody else write it until it is closed."""
    while True:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666), "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            # Who had it before has put it in its place, or taken it away: then this is no file of that name.
            if _is_called(file, unfinished):
                file.truncate(0)
                yield file
                return


def _is_called(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


@contextmanager
def written_for_user(path: Path) -> Iterator[BinaryIO]:
    """Give a file that a user asked for, to write into as :func:`written_whole` does; its directory is made.

    Where it is a pipe that nobody reads on (``-o /dev/stdout | head``), what is left is not wanted.

    Raises:
        RunEndedEarly: It cannot be written; what stood there stands there still.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path, fsync=False) as file:
            yield file
    except BrokenPipeError:
        return
    except OSError as error:
        raise RunEndedEarly(
            f"{path} cannot be written ({error.strerror or error}). Make room or choose another place with -o."
        ) from error


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file's bytes in hexadecimal; memory does not grow with the file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync_directory(path: Path) -> None:
    """Force a directory's names to the disk."""
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
