"""What is done to an archive while it is killed, and how it is judged afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from cli import database
from crawler import archiving, watch
from crawler.archiving import Keeper
from crawler.portal import Portal
from storage import captures, checks, contents, warc_writer
from storage.archive import Archive
from storage.cdxj import finished_warcs
from storage.records import Exchange
from storage.warc_index import captures_in
from storage.warc_reader import read_record
from storage.warc_record import parse_digest
from tests.crash_child import Fault, Manner, install
from tests.warc_samples import HEAD, exchange, failure

PORTAL = Portal("https://www.example.kr")
LOST, INVENTED, MISSED = "reported as kept", "an edit invented", "an edit missed"
"""How what is wrong afterwards begins, where it is one of what the ledger counts."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Case:
    """A deed on a copy of an archive, with a fault at one of its writes."""

    template: Path
    deed: str
    number: int
    manner: Manner
    digest: str = ""
    told: frozenset[str] = frozenset()


def settings(root: Path) -> Archive:
    """Make an archive with settings and nothing in it."""
    archive = Archive(root)
    archive.create()
    text = watch.written(url=PORTAL.base, contact="desk@example.kr", removal_checks=1, removal_days=0)
    archive.settings_path.write_text(text, encoding="utf-8")
    return archive


def exchanges() -> Iterator[Exchange]:
    """Give one exchange of each kind: pages, the same page again, none, a cut one, one too large for the memory."""
    page = f"{PORTAL.base}/news/policyNewsView.do?newsId=14893000"
    yield exchange(1, url=f"{page}1")
    yield exchange(2, b"<p>" + bytes(range(256)) * 8, url=f"{page}2")
    yield exchange(3, url=f"{page}1")
    yield failure(4, url=f"{page}3")
    yield exchange(5, b"<p>cut", url=f"{page}4", truncated="disconnect", failure="disconnected", failure_detail="cut")
    yield exchange(6, os.urandom(9_000), HEAD[:-2] + b"X-Size: large\r\n\r\n", url=f"{PORTAL.base}/file.pdf")
    yield exchange(7, b"<p>last", url=f"{page}5")


def keep(archive: Archive, say: Say, days: int = 0) -> None:
    """Keep the exchanges in small WARC files, and say each record's id once it is reported as kept."""
    archiving.WarcWriter = partial(warc_writer.WarcWriter, max_size=4_000)  # type: ignore[misc,assignment]
    warc_writer._IN_MEMORY, warc_writer._STEP = 5_000, 2_000
    with closing(archive.database()) as db, archive.locked():
        keeper = Keeper(archive, db, PORTAL, watch.load(archive.settings_path))
        for one in exchanges():
            one.started_at += timedelta(days=days)
            say(keeper.keep(one).evidence.record_id)
        keeper.close("finished")
        if keeper.failed:
            raise keeper.failed


def make(archive: Archive, say: Say) -> None:
    """Make the archive itself."""
    archive.create()
    archive.database().close()


def recover(archive: Archive, say: Say) -> None:
    """Start as every command does."""
    database.opened(archive, portal_of(archive)).close()


def rebuild(archive: Archive, say: Say) -> None:
    """Make the database anew."""
    with archive.locked():
        database.rebuild(archive, portal_of(archive), 1)


DEEDS: dict[str, Callable[[Archive, Say], None]] = {
    "first": partial(keep, days=-1),
    "keep": keep,
    "later": partial(keep, days=1),
    "make": make,
    "recover": recover,
    "rebuild": rebuild,
}


def portal_of(archive: Archive) -> Portal:
    """Give the portal that an archive watches."""
    return Portal(watch.load(archive.settings_path).url if archive.settings_path.exists() else PORTAL.base)


@dataclass(frozen=True, slots=True)
class Ended:
    """How the child ended: its signal or exit code, the records it had reported, the writes it had done."""

    code: int
    reported: tuple[str, ...]
    seen: tuple[str, ...]
    err: str


def fork(root: Path, deed: str, number: int, manner: Manner) -> Ended:
    """Do a deed in a child of this process with a fault."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _child(root, deed, number, manner, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        lines = told.read().splitlines()
    _, status = os.waitpid(child, 0)
    said = {key: tuple(one[2:] for one in lines if one.startswith(key)) for key in "kws"}
    return Ended(os.waitstatus_to_exitcode(status), said["k"], said["w"], "\n".join(said["s"]))


def _child(root: Path, deed: str, number: int, manner: Manner, out: int) -> None:
    fault, code = Fault(root, number, manner), 1
    try:
        install(fault)
        DEEDS[deed](Archive(root), lambda record: _say(out, "k", record))
        code = 0
    except BaseException:  # noqa: BLE001 - told to the parent
        _say(out, "s", traceback.format_exc())
    for one in fault.seen:
        _say(out, "w", one)
    os._exit(code)


def _say(out: int, key: str, text: str) -> None:
    os.write(out, "".join(f"{key} {line}\n" for line in text.splitlines()).encode())


def writes_of(template: Path, deed: str) -> list[str]:
    """Name every write of a deed, in order."""
    with _copy(template) as root:
        ended = fork(root, deed, 0, "count")
    assert ended.code == 0, ended.err
    return list(ended.seen)


class _copy:  # noqa: N801 - used as a function
    """A copy of an archive for the time of one case."""

    def __init__(self, template: Path) -> None:
        self._template = template

    def __enter__(self) -> Path:
        self._temporary = tempfile.TemporaryDirectory()
        root = Path(self._temporary.name) / "archive"
        if self._template.exists():
            shutil.copytree(self._template, root)
        return root

    def __exit__(self, *_: object) -> None:
        self._temporary.cleanup()


def killed(case: Case) -> list[str]:
    """Kill a deed, recover, and say what is wrong then."""
    with _copy(case.template) as root:
        ended = fork(root, case.deed, case.number, case.manner)
        if ended.code != -signal.SIGKILL and (ended.code or case.number <= len(ended.seen)):
            return [f"ended with {ended.code} instead of being killed: {ended.err}"]
        try:
            return JUDGES[case.deed](case, Archive(root), ended)
        except BaseException:  # noqa: BLE001 - told to the test
            return [traceback.format_exc()]


def agrees(case: Case, archive: Archive, ended: Ended) -> list[str]:
    """Recover an archive, and say where it is not whole; a second recovery must find nothing to do."""
    portal = portal_of(archive)
    database.opened(archive, portal).close()
    wrong = whole(archive, ended.reported)
    before = state(archive)
    database.opened(archive, portal).close()
    if state(archive) != before:
        wrong.append("a second recovery changed something")
    if case.digest and digest(archive) != case.digest:
        wrong.append("the versions and changes are other than undisturbed")
    found = told(archive)
    wrong += [f"{INVENTED}: {one}" for one in found - case.told]
    wrong += [f"{MISSED}: {one}" for one in case.told - found]
    return wrong


def made(case: Case, archive: Archive, ended: Ended) -> list[str]:
    """Make the archive again, as ``init`` and ``crawl`` do."""
    archive.create()
    return agrees(case, archive, ended)


def stands(case: Case, archive: Archive, ended: Ended) -> list[str]:
    """Say whether the database is whole as it was found, before anything recovers it."""
    wrong = [] if digest(archive) == case.digest else ["the database was not left whole"]
    return wrong + agrees(case, archive, ended)


def goes_on(case: Case, archive: Archive, ended: Ended) -> list[str]:
    """Recover an archive, and after every sixth kill let another run go on in it."""
    wrong = agrees(case, archive, ended)
    if case.number % 6:
        return wrong
    after = fork(archive.root, "later", 0, "count")
    if after.code:
        wrong.append(f"the next run failed: {after.err}")
    database.opened(archive, portal_of(archive)).close()
    return wrong + whole(archive, (*ended.reported, *after.reported))


def whole(archive: Archive, reported: Sequence[str]) -> list[str]:
    """Say where WARC files, database and what was reported do not agree."""
    left = ("*.open", "*.rebuild*", "*.2.tail", "*.tmp")
    wrong = [f"left over: {path.name}" for pattern in left for path in archive.root.rglob(pattern)]
    with closing(archive.database()) as db:
        wrong += checks.verify(archive, db, lambda _: None).errors
        rows = {row["record_id"]: captures.from_row(row) for row in db.execute("SELECT * FROM captures")}
    found = {one.evidence.record_id: one for path in finished_warcs(archive) for one in captures_in(path, archive.root)}
    if {one: (row.evidence, row.kind) for one, row in rows.items()} != {
        one: (capture.evidence, capture.kind) for one, capture in found.items()
    }:
        wrong.append(f"{len(rows)} rows are not the {len(found)} captures of the files")
    for record_id in reported:
        if record_id not in rows:
            wrong.append(f"{LOST}, and not in the database: {record_id}")
            continue
        place = rows[record_id].evidence
        with read_record(archive.root, place.warc, place.offset, place.length) as record:
            right = parse_digest(record.headers.get("WARC-Block-Digest") or "")
            if record.record_id != record_id or right is None or record.block_hash(right[0]) != right[1]:
                wrong.append(f"{LOST}, and not whole: {record_id}")
    return wrong


def state(archive: Archive) -> tuple[object, ...]:
    """Give all that an archive holds."""
    with closing(archive.database()) as db:
        dump = tuple(db.iterdump())
    files = {path.name: path.read_bytes() for path in archive.warcs.iterdir()}
    return files, dump, {path.name for path in archive.root.iterdir()}


def told(archive: Archive) -> frozenset[str]:
    """Give the ids of all changes that are told."""
    with closing(archive.database()) as db:
        return frozenset(row["id"] for row in db.execute("SELECT id FROM changes"))


def digest(archive: Archive) -> str:
    """Give the digest over all versions and changes."""
    with closing(archive.database()) as db:
        return contents.content_digest(db)


JUDGES: dict[str, Callable[[Case, Archive, Ended], list[str]]] = {
    "keep": goes_on,
    "make": made,
    "recover": agrees,
    "rebuild": stands,
}
