"""Do one deed on an archive in a process of its own, and kill it, or fail its disk, at the n-th write.

A write is whatever changes the archive's directory: a file made, written, cut, forced to the disk, renamed or removed,
by Python or by SQLite (whose system calls can be replaced one by one, as its own tests do).

As a command: ``python -m tests.crash_child NUMBER MANNER -- crawl --archive DIR`` is gochim with that fault.
"""

from __future__ import annotations

import builtins
import ctypes
import errno
import io
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Manner = Literal["count", "before", "torn", "after", "eio", "enospc"]
"""Killed before the write, in its middle or after it; or the write fails with an error, that one or all from it on."""

_FAULTS = {"eio": errno.EIO, "enospc": errno.ENOSPC}


@dataclass(slots=True)
class Fault:
    """What happens at the n-th write of those that are counted, from 1; ``seen`` tells what each of them was."""

    root: Path
    number: int = 0
    manner: Manner = "count"
    only: str = ""
    seen: list[str] = field(default_factory=list)

    def counts(self, path: str) -> bool:
        return path.startswith(str(self.root)) and not path.endswith("/lock")

    def around(self, what: str, path: str, whole: Callable[[], Any], half: Callable[[], Any] | None = None) -> Any:
        """Do a write, or what is to happen instead of it."""
        name = f"{what} {os.path.relpath(path, self.root)}"
        if not self.counts(path) or not name.startswith(self.only):
            return whole()
        self.seen.append(name)
        if len(self.seen) < self.number or self.manner == "count":
            return whole()
        if self.manner in _FAULTS:
            # A disk that is full stays full; the kernel tells a failed write-back once.
            if len(self.seen) == self.number or self.manner == "enospc":
                raise OSError(_FAULTS[self.manner], os.strerror(_FAULTS[self.manner]), path)
            return whole()
        try:
            if self.manner == "after":
                whole()
            elif self.manner == "torn" and half is not None:
                half()
        finally:  # what is removed may not be there
            os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("SIGKILL does not return")


def install(fault: Fault) -> None:
    """Put the fault between this process and its disk, for good."""
    _in_python(fault)
    _in_files(fault)
    _in_sqlite(fault)


def _path_of(file: int) -> str:
    return str(Path(f"/proc/self/fd/{file}").readlink())


def _in_python(fault: Fault) -> None:
    write, opened = os.write, os.open

    def writes(file: int, data: Any) -> int:
        half = memoryview(data)[: len(data) // 2]
        return int(fault.around("write", _path_of(file), lambda: write(file, data), lambda: write(file, half)))

    def opens(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if flags & os.O_CREAT and not Path(path).exists():
            return int(fault.around("make", os.fspath(path), lambda: opened(path, flags, *rest, **more)))
        return opened(path, flags, *rest, **more)

    os.write, os.open = writes, opens  # type: ignore[assignment]
    for name in ("fsync", "ftruncate"):
        _by_number(fault, name)
    for name in ("rename", "replace", "unlink", "mkdir"):
        _by_name(fault, name)


def _by_number(fault: Fault, name: str) -> None:
    real = getattr(os, name)

    def counted(file: int, *rest: Any) -> Any:
        return fault.around(name, _path_of(file), lambda: real(file, *rest))

    setattr(os, name, counted)


def _by_name(fault: Fault, name: str) -> None:
    real = getattr(os, name)

    def counted(path: Any, *rest: Any, **more: Any) -> Any:
        return fault.around(name, str(Path(path).absolute()), lambda: real(path, *rest, **more))

    setattr(os, name, counted)


def _in_files(fault: Fault) -> None:
    """Let ``open`` give files whose writes are counted where they leave Python's buffer."""
    real = io.open

    class Counted(io.FileIO):
        def write(self, data: Any) -> Any:
            data = bytes(data)
            whole, half = super().write, data[: len(data) // 2]
            return fault.around("write", str(self.name), lambda: whole(data), lambda: whole(half))

        def truncate(self, size: int | None = None) -> int:
            whole = super().truncate
            return int(fault.around("ftruncate", str(self.name), lambda: whole(size)))

    def opens(file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, *rest: Any, **more: Any) -> Any:
        path = "" if isinstance(file, int) else str(Path(file).absolute())
        if not fault.counts(path) or not set(mode) & set("wxa+"):
            return real(file, mode, buffering, encoding, *rest, **more)
        bare = mode.replace("b", "")
        raw = Counted(path, bare) if Path(path).exists() else fault.around("make", path, lambda: Counted(path, bare))
        binary = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return binary if "b" in mode else io.TextIOWrapper(binary, encoding, *rest, **more)

    io.open = builtins.open = opens  # type: ignore[assignment]


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", ctypes.c_int), ("file_size", ctypes.c_int), ("longest", ctypes.c_int), ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p), ("data", ctypes.c_void_p), ("methods", ctypes.c_void_p * 13),
        ("set_system_call", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)),
        ("get_system_call", ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)),
    )  # fmt: skip


_WRITE = ctypes.CFUNCTYPE(
    ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int64, use_errno=True
)
_CUT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_int64, use_errno=True)
_UNLINK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, use_errno=True)
_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_int, use_errno=True)
_held: list[Any] = []


def _in_sqlite(fault: Fault) -> None:
    """Replace the system calls of the SQLite that Python uses (``sqlite3_vfs.xSetSystemCall``)."""
    import _sqlite3

    library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
    library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    vfs = library.sqlite3_vfs_find(None)

    def told(deed: Callable[[], Any]) -> int:
        try:
            return int(deed() or 0)
        except OSError as error:
            ctypes.set_errno(error.errno or errno.EIO)
            return -1

    def pwrite(file: int, data: int, length: int, offset: int) -> int:
        block = ctypes.string_at(data, length)
        half = block[: length // 2]
        return told(
            lambda: fault.around(
                "write", _path_of(file), lambda: os.pwrite(file, block, offset), lambda: os.pwrite(file, half, offset)
            )
        )

    cut, gone, made = os.ftruncate, os.unlink, os.open
    calls = {
        b"pwrite64": _WRITE(pwrite),
        b"pwrite": _WRITE(pwrite),
        b"ftruncate": _CUT(lambda file, size: told(lambda: cut(file, size))),
        b"unlink": _UNLINK(lambda path: told(lambda: gone(os.fsdecode(path)))),
        b"open": _OPEN(lambda path, flags, mode: told(lambda: made(os.fsdecode(path), flags, mode))),
    }
    for name, call in calls.items():
        if vfs.contents.get_system_call(ctypes.addressof(vfs.contents), name):
            address = ctypes.cast(call, ctypes.c_void_p)
            assert vfs.contents.set_system_call(ctypes.addressof(vfs.contents), name, address) == 0
    _held.extend([calls, vfs])


def main() -> None:
    """Be gochim, with a fault."""
    number, manner, only, _, *words = sys.argv[1:]
    root = Path(words[words.index("--archive") + 1]).resolve()
    install(Fault(root, int(number), manner, "" if only == "any" else only))  # type: ignore[arg-type]
    from cli.main import main as gochim

    sys.argv = ["gochim", *words]
    gochim()


if __name__ == "__main__":
    main()
