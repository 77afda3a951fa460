"""A process with gochim already loaded, which forks one command after another: each a process, none slow to start.

Half of what a short command takes is Python loading Scrapy. The suite runs hundreds of commands. Each still has its own
process, arguments, exit code and streams; only the loading is shared. What a user's start shows (``python -m cli``,
``scrapy crawl``) is tested by starting it.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from cli.main import VERBS
from crawler import signals
from crawler.documents.reading import reader
from crawler.layouts import extractor
from crawler.watch import software
from diffing.edition import differ

ROOT = Path(__file__).resolve().parent.parent


class Zygote:
    """The loaded process, as the tests see it: give it words, get an exit code and what was said."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.zygote"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        self._turn = threading.Lock()

    def run(self, words: list[str], cwd: Path, timeout: float) -> tuple[int, str, str]:
        """Run ``gochim`` with ``words`` to its end; the exit code is negative when a signal ended it.

        Raises:
            TimeoutError: when it has not ended after ``timeout`` seconds; it is killed.
        """
        with self._turn, tempfile.TemporaryFile("w+b") as out, tempfile.TemporaryFile("w+b") as err:
            order = {"words": words, "cwd": str(cwd), "env": dict(os.environ), "timeout": timeout}
            order |= {"streams": [f"/proc/{os.getpid()}/fd/{one.fileno()}" for one in (out, err)]}
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            code = int(self._process.stdout.readline())
            if code == OVERDUE:
                raise TimeoutError(f"gochim {' '.join(words)} did not end within {timeout:g} seconds")
            said = []
            for stream in (out, err):
                stream.seek(0)
                said.append(stream.read().decode())
        return code, said[0], said[1]


LATE = (
    "cli.comparing", "cli.worker", "click._textwrap", "crawler.cookies", "crawler.politeness", "crawler.settings",
    "crawler.spiders", "crawler.wire", "diffing.agreement", "diffing.labels", "difflib", "encodings.idna",
    "encodings.utf_32_le", "encodings.utf_8_sig", "multiprocessing.popen_fork", "scrapy.crawler",
    "scrapy.downloadermiddlewares.cookies", "scrapy.downloadermiddlewares.defaultheaders",
    "scrapy.downloadermiddlewares.redirect", "scrapy.downloadermiddlewares.retry",
    "scrapy.downloadermiddlewares.useragent", "scrapy.dupefilters", "scrapy.logformatter", "scrapy.pqueues",
    "scrapy.squeues", "scrapy.statscollectors", "sqlite_utils", "tldextract",
)  # fmt: skip
"""What commands load when they need it, and most in the tests do."""
OVERDUE = 1000
"""No exit code is that high."""


def main() -> None:
    """Load everything, then fork once for each line of the standard input and answer with the exit code."""
    for module in (*(f"cli.{place.partition('.')[0]}" for place in VERBS.values()), *LATE):
        import_module(module)
    for known in (differ, extractor, reader, signals.reader, software):
        known()  # It is the same for each command, and takes half of what a short one does.
    assert "twisted.internet.reactor" not in sys.modules  # each command installs its own
    assert threading.active_count() == 1  # a fork would lose the others
    gc.freeze()  # What is loaded stays: to look through it would copy it into every command.
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _become(order)
        sys.stdout.write(f"{_ended(child, order['timeout'])}\n")
        sys.stdout.flush()


def _ended(child: int, seconds: float) -> int:
    """Wait for the child; one that is overdue is killed, which is told apart from any exit code."""
    overdue = threading.Event()

    def kill() -> None:
        overdue.set()
        os.kill(child, signal.SIGKILL)

    alarm = threading.Timer(seconds, kill)
    alarm.start()
    _, status = os.waitpid(child, 0)
    alarm.cancel()
    alarm.join()
    return OVERDUE if overdue.is_set() else os.waitstatus_to_exitcode(status)


def _become(order: dict) -> NoReturn:
    """Be the command: its directory, environment, streams and words; end as a fresh process would."""
    from cli.main import main as gochim

    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in enumerate(order["streams"], 1):
        os.dup2(os.open(path, os.O_RDWR | os.O_APPEND), number)
    sys.argv = ["gochim", *order["words"]]
    code: object = 1
    try:
        gochim()
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001  # as the interpreter does for what nobody catches
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
