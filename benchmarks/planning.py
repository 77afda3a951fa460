"""What the whole portal and fifty ministries would cost: unit costs measured here, times as many as there would be.

Run with ``make bench-planning``, which puts both tables into ``docs/planning.md``, or with
``python -m benchmarks.planning [NAME=NUMBER]...``, which prints them; a name is one of :class:`Plan`'s. ``--plans``
makes the plans alone, from the unit costs that the page tells.
"""

from __future__ import annotations

import os
import platform
import re
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from benchmarks.corpus import BASE
from benchmarks.paired import ROOT, keep, parser
from benchmarks.rebuild.corpus import FIRST, exchange, models
from cli import database, holdings, proving
from cli.workers import Workers
from crawler.documents.guard import Guard
from crawler.holding import heard, holding
from crawler.portal import Portal
from storage import checks
from storage.archive import Archive
from storage.cdxj import finished_warcs
from storage.inspected import Inspected, inspected
from storage.parquet_lake import write_lake
from storage.warc_exchange import Original
from storage.warc_writer import WarcWriter
from tests.document_samples import hwpx, p, pdf, t
from tests.makers import START

PAGE = ROOT / "docs" / "planning.md"
ARTICLES, LOOKS = 1_000, 20
"""The archive that is measured: so many articles, each looked at so often after its first capture."""
FILES = 40
PORTAL = Portal(BASE)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Costs:
    """What one page that is captured whole costs, and one look that finds it unchanged: bytes, and CPU milliseconds.

    ``read`` is a worker's time for a WARC file, ``file`` that of the one machine that files, judges and compares.
    """

    warc: float
    database: float
    read: float
    file: float
    inspect: float
    verify: float
    export: float
    lake: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be archived.

    ``viewed`` (pages of the document viewer), ``pictures`` and ``files`` are those of an article: a look asks for them,
    too, as for its page. ``delay`` is the seconds between two requests to a host.
    """

    name: str
    articles: float
    looks: float
    hosts: float
    edited: float = 0.02
    viewed: float = 0.6
    pictures: float = 1.0
    picture_bytes: float = 150_000.0
    files: float = 0.5
    file_bytes: float = 400_000.0
    rows_a_list: float = 20.0
    delay: float = 1.0
    cores: float = 64.0

    @property
    def parts(self) -> float:
        """What a look asks for beside the article's page."""
        return self.viewed + self.pictures + self.files


PLANS = (
    Plan("one desk's watch", articles=2e4, looks=6e5, hosts=1, cores=2),
    Plan("the portal's whole history", articles=1e6, looks=1e8, hosts=1),
    Plan("fifty ministries' sites", articles=2e6, looks=2e8, hosts=50),
)


def fill(archive: Archive, looks: int) -> int:
    """Capture every article once and look at each so often again, unchanged; give the bytes of WARC."""
    archive.create()
    shown = models()
    originals: dict[int, Original] = {}
    for look in range(looks + 1):
        begin = START + timedelta(days=look)
        told = {"portal": BASE, "removal-checks": "3", "removal-days": "2"}
        with WarcWriter(archive.warcs, run=f"{begin:%Y%m%dT%H%M%SZ}-made", software="gochim", fields=told) as writer:
            for one in range(ARTICLES):
                name, bodies = shown[one % len(shown)]
                target = f"/news/policyNewsView.do?newsId={FIRST + one}"
                body = bodies[0].replace(name, str(FIRST + one)).encode()
                kept = writer.write(exchange(begin + timedelta(seconds=one), target, body), originals.get(one))
                originals.setdefault(one, Original.of(kept))
    return sum(path.stat().st_size for path in archive.warcs.iterdir())


def _spent(what: Callable[[], T]) -> tuple[float, T]:
    """Do something; give the CPU milliseconds of this process, and what came of it."""
    before = time.process_time()
    found = what()
    return (time.process_time() - before) * 1000, found


def verified(archive: Archive, db: sqlite3.Connection, seen: list[Inspected]) -> list[str]:
    """Hold an archive whose files were inspected against its database, and that against one made anew."""
    with proving.beside(archive, PORTAL, db, 1, apart=True) as proof:
        judged = checks.verify(archive, db, lambda _: None, each=proof.filing(lambda *_: seen))
        return [*judged.errors, *proof.told(db, lambda *_: None).errors]


def measured(looks: int) -> Costs:
    """Give what an archive of so many looks at each article costs as a whole."""
    with tempfile.TemporaryDirectory() as directory:
        archive = Archive(Path(directory) / "archive")
        warc = fill(archive, looks)
        paths = finished_warcs(archive)
        read, held = _spent(lambda: [holding(path, archive.root, PORTAL) for path in paths])

        def given(readers: Workers, *_: object, **__: object) -> Iterator[object]:
            return holdings._taken(readers.desk, zip(paths, held, strict=True))

        with patch.object(holdings, "each", given):
            file, _ = _spent(lambda: database.rebuild(archive, PORTAL, 1))
        hear = partial(heard, portal=PORTAL)
        inspect, seen = _spent(lambda: [inspected(path, archive.root, hear) for path in paths])
        with closing(archive.database()) as db:
            verify, errors = _spent(lambda: verified(archive, db, seen))
            assert errors == [], errors[:3]
            export, _ = _spent(lambda: write_lake(db, Path(directory) / "lake"))
            db.execute("VACUUM")
        lake = sum(one.stat().st_size for one in Path(directory, "lake").rglob("*.parquet"))
        return Costs(warc, archive.database_path.stat().st_size, read, file, inspect, verify, export, lake)


def units() -> tuple[Costs, Costs]:
    """Give what a page costs, and what an unchanged look costs: the difference that looks make."""
    pages, all_of_it = measured(0), measured(LOOKS)
    page = Costs(**{one.name: getattr(pages, one.name) / ARTICLES for one in fields(Costs)})
    more = {one.name: getattr(all_of_it, one.name) - getattr(pages, one.name) for one in fields(Costs)}
    return page, Costs(**{name: value / (ARTICLES * LOOKS) for name, value in more.items()})


def file_cost() -> float:
    """Give the CPU milliseconds of reading a file of 120 paragraphs, HWPX and PDF in turn; starting counts."""
    texts = [f"{number}. 이 문단은 비용을 재기 위해 지은 글이며 {number}억 원을 말한다." for number in range(120)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with Guard() as guard:
        for number in range(FILES // 2):
            pages = [[f"{number}: {one}" for one in texts[first : first + 30]] for first in range(0, 120, 30)]
            for payload in (hwpx("".join(p(t(one)) for page in pages for one in page)), pdf(pages)):
                document = guard.read(payload)
                assert document.text_sha256, document.outcome
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000 / FILES


def cost_lines(page: Costs, look: Costs, file: float) -> Iterator[str]:
    """Give the table of unit costs."""
    yield (
        f"Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; "
        f"{datetime.now(UTC):%Y-%m-%d}. {ARTICLES:,} articles of the replica, {LOOKS} looks at each that found nothing "
        "new."
    )
    yield from ("", "| | a page captured whole | a look that finds it unchanged |", "|---|---|---|")
    for name, what, unit in (
        ("warc", "W: WARC", "bytes"),
        ("database", "D: database, with the text index", "bytes"),
        ("lake", "L: Parquet", "bytes"),
        ("read", "R: a WARC file read by a worker", "CPU ms"),
        ("file", "F: filed, judged, compared and indexed on one machine", "CPU ms"),
        ("inspect", "I: a WARC file inspected by a worker", "CPU ms"),
        ("verify", "V: held against the database on one machine", "CPU ms"),
        ("export", "E: written as Parquet", "CPU ms"),
    ):
        one, two = getattr(page, name), getattr(look, name)
        style = ",.0f" if unit == "bytes" and one > 100 else ".3f"
        yield f"| {what}, {unit} | {one:{style}} | {two:{',.0f' if unit == 'bytes' else '.3f'}} |"
    yield f"| X: a file of 120 paragraphs, its text read by a worker, CPU ms | {file:.1f} | |"


def told_costs(page: str) -> tuple[Costs, Costs, float]:
    """Read the unit costs that a page tells."""
    rows = re.findall(r"^\| ([A-Z]): .*? \| ([\d,.]+) \|(?: ([\d,.]+))? \|$", page, re.MULTILINE)
    told = {name: [float(one.replace(",", "") or 0) for one in values] for name, *values in rows}
    names = dict(zip("WDLRFIVE", _COSTS, strict=True))
    one, two = ({said: told[letter][at] for letter, said in names.items()} for at in range(2))
    return Costs(**one), Costs(**two), told["X"][0]


_COSTS = ("warc", "database", "lake", "read", "file", "inspect", "verify", "export")


def figures(plan: Plan, page: Costs, look: Costs, file: float) -> list[tuple[str, str]]:
    """Give what a plan comes to, as docs/planning.md writes it in formulas."""
    versions = plan.articles * (1 + plan.edited)
    first = plan.articles * (1 + plan.parts + 1 / plan.rows_a_list)
    later = plan.looks * (1 + plan.parts)
    a_day = plan.hosts * 86_400 / plan.delay
    files = plan.articles * (plan.pictures * plan.picture_bytes + plan.files * plan.file_bytes)

    def together(name: str) -> float:
        return float(versions * getattr(page, name) + (plan.articles * plan.parts + later) * getattr(look, name))

    reading = together("read") + plan.articles * plan.files * file

    def hours(milliseconds: float, cores: float = 1) -> str:
        return f"{milliseconds / 3.6e6 / cores:,.1f} h"

    return [
        ("articles; looks at each", f"{plan.articles:,.0f}; {plan.looks / plan.articles:,.0f}"),
        ("requests a day, at most", f"{a_day:,.0f}"),
        ("first crawl: requests", f"{first:,.0f}"),
        ("first crawl: days", f"{first / a_day:,.1f}"),
        ("all looks: requests", f"{later:,.0f}"),
        ("all looks: days", f"{later / a_day:,.0f}"),
        ("WARC: pages and looks", f"{together('warc') / 1e9:,.0f} GB"),
        ("WARC: pictures and files", f"{files / 1e9:,.0f} GB"),
        ("WARC files of 1 GiB, so tasks", f"{(together('warc') + files) / 2**30:,.0f}"),
        ("database", f"{together('database') / 1e9:,.1f} GB"),
        ("Parquet", f"{together('lake') / 1e9:,.1f} GB"),
        ("cores of a cluster", f"{plan.cores:,.0f}"),
        ("rebuild: reading, one core", hours(reading)),
        ("rebuild: reading, all cores", hours(reading, plan.cores)),
        ("rebuild: filing, one machine", hours(together("file"))),
        ("verify: inspecting, all cores", hours(together("inspect"), plan.cores)),
        ("verify: comparing, one machine", hours(together("verify"))),
        ("export to Parquet, one machine", hours(together("export"))),
    ]


def plan_lines(plans: Iterable[Plan], page: Costs, look: Costs, file: float) -> Iterator[str]:
    """Give the table of plans."""
    columns = [(plan.name, figures(plan, page, look, file)) for plan in plans]
    yield "| | " + " | ".join(name for name, _ in columns) + " |"
    yield "|---|" + "---|" * len(columns)
    for rows in zip(*(rows for _, rows in columns), strict=True):
        yield f"| {rows[0][0]} | " + " | ".join(value for _, value in rows) + " |"


def _chosen(said: str) -> tuple[str, float]:
    name, _, number = said.partition("=")
    if name not in {one.name for one in fields(Plan)} - {"name"}:
        raise ValueError(name)
    return name, float(number)


def main() -> None:
    """Measure and print; with ``--write`` into the page as well."""
    reader = parser(__doc__)
    reader.add_argument("chosen", type=_chosen, nargs="*", metavar="NAME=NUMBER", help="what of the plans is otherwise")
    reader.add_argument("--plans", action="store_true", help="make the plans alone, from the costs that the page tells")
    asked = reader.parse_args()
    chosen = dict(asked.chosen)
    if asked.plans:
        costs = PAGE.read_text(encoding="utf-8")
    else:
        lines = list(cost_lines(*units(), file_cost()))
        keep("costs", lines, PAGE)
        print()
        costs = "\n".join(lines)
    keep("plans", list(plan_lines([replace(plan, **chosen) for plan in PLANS], *told_costs(costs))), PAGE)


if __name__ == "__main__":
    main()
