"""Documents are read in a process apart: whatever a file does to it is an outcome, and the next file is read."""

from __future__ import annotations

import os
import signal
import sys
import zlib

import pytest

from crawler.documents.formats import MAX_BYTES
from crawler.documents.guard import Guard
from crawler.documents.reading import read
from tests import document_samples as made

GOOD = made.hwpx(made.p(made.t("글")))
KEEP = "import sys, os, signal, time\n"


def acting(script: str) -> tuple[str, ...]:
    return (sys.executable, "-c", KEEP + script)


def test_the_process_gives_what_the_reader_gives():
    with Guard() as guard:
        for payload in (GOOD, made.pdf([["A line."]]), b"", b"<html></html>", b"PK\x03\x04"):
            assert guard.read(payload) == read(payload)


def test_one_process_reads_many_files_and_ends_with_the_guard():
    with Guard() as guard:
        guard.read(GOOD)
        process = guard._process
        guard.read(GOOD)
        assert guard._process is process
    assert process is not None
    assert process.poll() is not None


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        ("time.sleep(60)", "timed-out"),
        ("os.kill(os.getpid(), signal.SIGXCPU)", "timed-out"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "timed-out"),
        ("os.kill(os.getpid(), signal.SIGTERM)", "timed-out"),
        ("os.abort()", "corrupt"),
        ("sys.exit(77)", "too-large"),
        ("sys.stdin.buffer.read(8); sys.stdout.buffer.write(b'half')", "corrupt"),
    ],
)
def test_a_process_that_dies_or_hangs_is_an_outcome(script: str, outcome: str):
    patience = 1.0 if "sleep" in script else 60.0
    with Guard(patience, command=acting(script)) as guard:
        document = guard.read(GOOD)
    assert (document.outcome, document.text_sha256, document.media_type) == (outcome, None, "application/hwp+zip")


def test_after_a_death_the_next_file_is_read_by_another_process():
    with Guard() as guard:
        guard.read(GOOD)
        assert guard._process is not None
        guard._process.kill()
        assert guard.read(GOOD).outcome == "read"


def test_what_stops_all_processes_of_a_run_says_nothing_of_a_file():
    with Guard() as guard:
        guard.read(GOOD)
        process = guard._process
        assert process is not None
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            process.send_signal(number)  # systemd sends it to every process
        assert guard.read(GOOD).outcome == "read"
        assert guard._process is process


def test_a_process_in_which_earlier_files_were_read_does_not_decide_over_a_file():
    once = f"path = {os.devnull!r}\nfrom crawler.documents.worker import *\nsend(sys.stdout.buffer, canonical_json("
    once += "as_json(read(receive(sys.stdin.buffer)))))"
    with Guard(command=acting(once)) as guard:
        assert [guard.read(GOOD).outcome for _ in range(3)] == ["read"] * 3


def test_a_pdf_whose_streams_unpack_without_end_is_an_outcome():
    packed = zlib.compress(zlib.compress(bytes(700_000_000), 1), 9)
    payload = made.pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%b\nendstream" % (len(packed), packed),
        ]
    )
    with Guard() as guard:
        assert guard.read(payload).text_sha256 is None
        assert guard.read(GOOD).outcome == "read"


def test_xml_of_countless_elements_is_too_large():
    with Guard() as guard:
        assert guard.read(made.hwpx("<a/>" * 1_000_001)).outcome == "too-large"


def test_a_file_that_is_too_large_is_never_handed_over():
    with Guard(command=("/nonexistent",)) as guard:
        assert guard.read(GOOD + bytes(MAX_BYTES)).outcome == "too-large"
