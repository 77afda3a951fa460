"""Files that are there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written_whole(path: Path, *, fsync: bool = True) -> Iterator[BinaryIO]:
    """Give a file to write into, which takes the place of ``path`` at the end; who reads meanwhile reads the old one.

    Args:
        path: Where it is to stand.
        fsync: Whether its bytes and its name are forced to the disk before it is said to be there.

    Raises:
        OSError: The disk refuses; what stood there stands there still.
    """
    unfinished = path.with_name(path.name + ".tmp")
    try:
        with unfinished.open("wb") as file:
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


def sync_directory(path: Path) -> None:
    """Force a directory's names to the disk."""
    directory = os.open(path, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
