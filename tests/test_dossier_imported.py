"""Dossiers of changes that other tools captured: in all their shapes they hold, and no lie about them does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from cli.dossier import verify
from storage.warc_reader import iter_records
from tests.foreign_files import Look, browsertrix, heritrix, wayback
from tests.runs import Desk, desk
from tests.test_dossier import resealed
from tests.test_foreign_shapes import BASE, FIRST, HOUR
from tests.test_import_apart import invoked, page, portal, told
from tests.warc_samples import raw_record, zipped

__all__ = ["page", "portal"]

Page = tuple[str, str, bytes, bytes]
Shape = Callable[[Path, list[Look]], list[Path]]


def rewritten(path: Path, change: Callable[[list[tuple[str, str]], bytes], bytes]) -> list[Path]:
    """Write a Heritrix file's responses anew, as ``change`` makes each record of its fields and block."""
    records = []
    for one in iter_records(path):
        fields = [(name, value) for name, value in one.headers if name not in {"Content-Length", "WARC-Block-Digest"}]
        if one.type == "response" and "dns:" not in (one.headers.get("WARC-Target-URI") or ""):
            records.append(change(fields, one.block))
    path.write_bytes(zipped(*records))
    return [path]


def as_heritrix(root: Path, looks: list[Look]) -> list[Path]:
    return [heritrix(root / "a.warc.gz", looks)]


def as_browsertrix(root: Path, looks: list[Look]) -> list[Path]:
    return [browsertrix(root / "a.wacz", looks)]


def as_wayback(root: Path, looks: list[Look]) -> list[Path]:
    return [wayback(root / "a.warc.gz", [one for one in looks if one.body is not None])]


def as_plain(root: Path, looks: list[Look]) -> list[Path]:
    whole = heritrix(root / "a.warc.gz", looks)
    plain = root / "plain.warc"
    plain.write_bytes(b"".join(raw_record([f for f in one.headers if f[0] != "Content-Length"], one.block)
                               for one in iter_records(whole)))  # fmt: skip
    return [plain]


def as_http2(root: Path, looks: list[Look]) -> list[Path]:
    head = b"HTTP/2 200\r\n:status: 200\r\ncontent-type: text/html;charset=UTF-8\r\n\r\n"

    def change(fields: list[tuple[str, str]], block: bytes) -> bytes:
        told = [one for one in fields if one[0] != "WARC-Payload-Digest"]
        return raw_record(told, head + block.partition(b"\r\n\r\n")[2], version="WARC/1.0")

    return rewritten(as_heritrix(root, looks)[0], change)


def as_undone(root: Path, looks: list[Look]) -> list[Path]:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: br\r\nTransfer-Encoding: chunked\r\n\r\n"
    return rewritten(
        as_heritrix(root, looks)[0], lambda fields, block: raw_record(fields, head + block.partition(b"\r\n\r\n")[2])
    )


def as_resources(root: Path, looks: list[Look]) -> list[Path]:
    def change(fields: list[tuple[str, str]], block: bytes) -> bytes:
        told = [one for one in fields if one[0] not in {"WARC-Type", "Content-Type"}]
        kind = [("WARC-Type", "resource"), ("Content-Type", "text/html;charset=UTF-8")]
        return raw_record([*kind, *told], block.partition(b"\r\n\r\n")[2])

    return rewritten(as_heritrix(root, looks)[0], change)


def as_two_files(root: Path, looks: list[Look]) -> list[Path]:
    """What repeats an answer stands in another file than the answer, and names it by address and date."""
    (whole,) = as_heritrix(root, looks)
    data = whole.read_bytes()
    parts: dict[str, list[bytes]] = {"revisit": [], "other": []}
    for one in iter_records(whole):
        kind = "revisit" if one.type == "revisit" else "other"
        parts[kind].append(data[one.offset : one.offset + one.length])
    paths = [root / f"{kind}.warc.gz" for kind in parts]
    for path, part in zip(paths, parts.values(), strict=True):
        path.write_bytes(b"".join(part))
    return paths


SHAPES = [
    as_heritrix,
    as_browsertrix,
    as_wayback,
    as_plain,
    as_http2,
    as_undone,
    as_resources,
    as_two_files,
]


def exported(watched: Desk, change: str, path: Path) -> bytes:
    done = invoked(watched, "export", "dossier", change, "-o", str(path), "--no-pdf")
    assert done.exit_code == 0, done.output
    return path.read_bytes()


@pytest.mark.parametrize("shape", SHAPES, ids=[one.__name__ for one in SHAPES])
def test_a_dossier_of_what_another_tool_captured_holds(page: Page, tmp_path: Path, shape: Shape):
    _, url, body, edited = page
    bodies = [body, None, edited, body] if shape in {as_heritrix, as_plain, as_two_files} else [body, edited, body]
    moments = [FIRST + number * (HOUR + timedelta(milliseconds=7)) for number in range(len(bodies))]
    watched = desk(tmp_path / "archive", BASE)
    looks = [Look(url, at, one) for at, one in zip(moments, bodies, strict=True)]
    told(watched, "import", *map(str, shape(tmp_path, looks)))
    found = told(watched, "changes")
    # Those written anew are written without what repeats them.
    assert len(found) == (1 if shape in {as_http2, as_undone, as_resources} else 2)
    for change in found:
        dossier = verify.judged(exported(watched, change["id"], tmp_path / f"{change['id']}.zip"), watched.root)
        assert dossier.errors == []
        assert "changed texts found in the archived pages: 2 of 2" in dossier.notes


def test_lies_about_what_another_tool_captured_are_found(page: Page, tmp_path: Path):
    _, url, body, edited = page
    looks = [Look(url, FIRST, body), Look(url, FIRST + HOUR, None), Look(url, FIRST + 2 * HOUR, edited)]
    watched = desk(tmp_path / "archive", BASE)
    told(watched, "import", *map(str, as_http2(tmp_path, looks[::2])))
    (change,) = told(watched, "changes")
    members = verify.unpacked(exported(watched, change["id"], tmp_path / "a.zip"))
    for name, value in (
        ("captured_at", "2026-03-01T01:02:04.000000+00:00"),
        ("payload_digest", "sha1:" + "A" * 32),
        ("status", 404),
        ("length", 1),
    ):

        def forge(about, name=name, value=value):  # type: ignore[no-untyped-def]
            about["captures"][0][name] = value

        assert any("says that the" in line for line in resealed(members, "dossier.json", forge).errors), name


def test_no_dossier_is_made_of_a_record_that_is_not_what_it_says(page: Page, tmp_path: Path):
    _, url, body, edited = page
    (path,) = rewritten(
        as_heritrix(tmp_path, [Look(url, FIRST, body), Look(url, FIRST + HOUR, edited)])[0],
        lambda fields, block: raw_record([*fields, ("WARC-Block-Digest", "sha1:" + "A" * 32)], block),
    )
    watched = desk(tmp_path / "archive", BASE)
    told(watched, "import", str(path))
    (change,) = told(watched, "changes")
    done = invoked(watched, "export", "dossier", change["id"], "-o", str(tmp_path / "a.zip"), "--no-pdf")
    assert done.exit_code != 0
    assert "the block does not have its WARC-Block-Digest" in str(done.exception)
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.parametrize(
    ("date", "repeats"),
    [
        ("2026-09-15T09:16:48.700Z", "late"),
        ("2026-09-15T09:16:48.100Z", "early"),
        ("2026-09-15T09:16:48Z", "early"),
        ("2026-09-15T09:16:49Z", None),
    ],
)
def test_a_revisit_repeats_the_answer_of_its_very_instant_before_another_of_that_second(date: str, repeats: str | None):
    answers = {
        name: {"name": name, "fields": {"warc-type": "response", "warc-target-uri": BASE, "warc-date": instant}}
        for name, instant in (("early", "2026-09-15T09:16:48.100Z"), ("late", "2026-09-15T09:16:48.700Z"))
    }
    fields = {"warc-type": "revisit", "warc-refers-to-target-uri": BASE, "warc-refers-to-date": date}
    found = verify.repeated({"fields": fields}, answers, verify.places(answers))
    assert (found and found["name"]) == repeats


@pytest.mark.parametrize(
    ("body", "held"),
    [
        (b"3\r\nabc\r\n2;name=value\r\nde\r\n0\r\n\r\n", b"abcde"),
        (b"3\r\nabc\r\n2\r\nd", b"abcd"),
        (b"<p>abc</p>", b"<p>abc</p>"),
    ],
    ids=["whole", "broken off", "without framing"],
)
def test_the_program_undoes_the_framing_of_chunks_where_there_is_any(body: bytes, held: bytes):
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
    assert verify.payload(head + body) == ({"transfer-encoding": "Chunked"}, held)
