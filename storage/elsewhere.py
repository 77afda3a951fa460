"""Archives that lie elsewhere, such as in an S3 bucket: read through fsspec by the names of files, never written."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from storage.errors import RunEndedEarly, SettingsError

_MARK = "://"
_BLOCK = 1 << 20
_NEEDS = "An archive at such an address needs more than gochim alone. Install it with: pip install 'gochim[cluster]'"


def is_address(text: str) -> bool:
    """Say whether a name is an address (``s3://bucket/archive``) and no directory of this machine."""
    return _MARK in text


def at(address: str) -> Path:
    """Give what lies at an address as a path, which reads as one of this machine does.

    Access is as the S3 clients of this machine have it: ``AWS_ENDPOINT_URL``, ``AWS_ACCESS_KEY_ID``,
    ``AWS_SECRET_ACCESS_KEY``, or their files.

    Raises:
        SettingsError: Nothing here reads such addresses.
    """
    try:
        from upath import UPath
    except ImportError as error:
        raise SettingsError(_NEEDS) from error
    try:
        # Records are read by their place: what is fetched ahead of one must not be fifty times as long.
        options: Any = {"default_block_size": _BLOCK} if address.startswith("s3:") else {}
        return cast("Path", UPath(address, **options))
    except (ImportError, ValueError) as error:
        raise SettingsError(f"{address} cannot be read ({error}). Name it like s3://bucket/archive.") from error


def is_elsewhere(path: Path) -> bool:
    """Say whether a path was made by :func:`at`."""
    return not isinstance(path, Path)


def lacking(root: Path) -> str:
    """Say that no WARC files are where an archive is said to lie, and whether the bucket itself is not there."""
    there = cast("Any", root)
    bucket = there.path.strip("/").partition("/")[0]
    if bucket and not there.fs.exists(bucket):
        return f"There is no bucket {bucket} for {root}."
    return f"There are no WARC files at {root / 'warc'}."


def from_anywhere(path: Path) -> Path:
    """Give a path as processes with another working directory name it."""
    return path if is_elsewhere(path) else path.absolute()


@contextmanager
def near(path: Path, root: Path) -> Iterator[tuple[Path, Path]]:
    """Give a file and the root it stands under on this machine; what lies elsewhere is copied for as long, in one read.

    Args:
        path: A file under ``root``.
        root: The archive's directory.
    """
    if not is_elsewhere(path):
        yield path, root
        return
    with tempfile.TemporaryDirectory(prefix="gochim-") as directory:
        copy = Path(directory) / path.relative_to(root).as_posix()
        copy.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as source, copy.open("wb") as target:
            shutil.copyfileobj(source, target, 8 << 20)
        yield copy, Path(directory)


@contextmanager
def reached(root: Path) -> Iterator[None]:
    """Turn what a store elsewhere answers into a sentence that a user can act on.

    Raises:
        RunEndedEarly: It cannot be reached, or refuses.
    """
    if not is_elsewhere(root):
        yield
        return
    refused: tuple[type[Exception], ...] = (*refusals(), PermissionError, ConnectionError, TimeoutError)
    try:
        yield
    except refused as error:
        raise RunEndedEarly(
            f"{root} cannot be read ({error}). Check the address, AWS_ENDPOINT_URL and the keys, then run the same "
            "command again; nothing there was touched."
        ) from error


def refusals() -> tuple[type[Exception], ...]:
    """Name what S3's client raises on its own, beside errors of the system; another's may be installed alone."""
    try:
        from botocore import exceptions
    except ImportError:
        return ()
    return exceptions.BotoCoreError, exceptions.ClientError
