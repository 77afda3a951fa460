"""A git repository filled by commits, asked as its users ask: with git's own commands."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

Files = dict[str, bytes]


class GitStore:
    """A bare repository at a path, whose objects lie loose until :meth:`gc`, as they do after ``git commit``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
        self.run("config", "fastimport.unpackLimit", "1000000000")
        self.run("config", "gc.auto", "0")

    def run(self, *words: str, told: bytes = b"") -> bytes:
        """Run a command of git in the repository and give what it prints.

        Raises:
            CalledProcessError: It fails.
        """
        return subprocess.run(["git", *words], cwd=self.path, input=told, check=True, capture_output=True).stdout

    def commit_all(self, commits: Iterable[tuple[datetime, Files]]) -> list[str]:
        """Make commits one after another; give their ids."""
        marks = self.path / "marks"
        command = ["git", "fast-import", "--quiet", f"--export-marks={marks}"]
        with subprocess.Popen(command, cwd=self.path, stdin=subprocess.PIPE) as importing:
            if importing.stdin is None:
                raise RuntimeError("git fast-import takes no input")
            for mark, (moment, files) in enumerate(commits, 1):
                head = (
                    f"commit refs/heads/main\nmark :{mark}\ncommitter a <a@example.kr> {moment.timestamp():.0f} +0000\n"
                )
                importing.stdin.write(head.encode() + b"data 0\n")
                for name, content in files.items():
                    importing.stdin.write(b"M 100644 inline %s\ndata %d\n" % (name.encode(), len(content)))
                    importing.stdin.write(content + b"\n")
        if importing.returncode:
            raise RuntimeError("git fast-import failed")
        told = (line.split() for line in marks.read_text().splitlines())
        ids = {int(mark[1:]): commit for mark, commit in told}
        marks.unlink()
        return [ids[mark] for mark in sorted(ids)]

    def gc(self) -> float:
        """Pack everything; give the seconds."""
        start = time.perf_counter()
        self.run("gc", "-q", "--prune=now")
        return time.perf_counter() - start

    def contents(self, names: Iterable[str]) -> list[bytes]:
        """Give the contents of objects (``COMMIT:PATH``), all read by one process."""
        told = self.run("cat-file", "--batch", told="".join(f"{one}\n" for one in names).encode())
        found, at = [], 0
        while at < len(told):
            end = told.index(b"\n", at)
            length = int(told[at:end].rsplit(b" ", 1)[1])
            found.append(told[end + 1 : end + 1 + length])
            at = end + length + 2
        return found
