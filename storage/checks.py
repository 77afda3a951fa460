"""Prove that archive and database agree: every record, every row, every version's digest.

What is wrong is said with file and byte offset and with the command that mends it; nothing is mended here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storage import strays, watched
from storage.archive import Archive
from storage.captures import files, in_file, is_filed
from storage.cdxj import finished_warcs
from storage.chain_check import check_chain
from storage.command_line import gochim
from storage.contents import content_digest, digest_anew
from storage.errors import WarcError
from storage.index_check import check_index, stray_indexes
from storage.inspected import Inspected, inspected
from storage.lost_originals import lost
from storage.row_check import Compared, compare, rebuild
from storage.schema import strangers
from storage.versions import article_of
from storage.warc_check import Checked, judged_together
from storage.warc_index import captures_in
from storage.warc_rules import REVISIT_TARGET, Finding

_DISAGREEMENTS = (
    (
        "SELECT 'article ' || a.article FROM articles a LEFT JOIN outlooks o USING (article)"
        " WHERE o.due_from IS NULL OR o.due_from > CAST(strftime('%s', a.last_checked) AS INTEGER) + 86400 *"
        " (SELECT json_extract(value, '$.every_days') FROM about WHERE name = 'outlook')",
        "would not be looked at again when the settings promise",
    ),
    (
        "SELECT 'version ' || v.version || ' of ' || v.article FROM versions v LEFT JOIN (SELECT article, version,"
        " min(checked_at) AS first, max(checked_at) AS last FROM checks WHERE version IS NOT NULL"
        " GROUP BY article, version) k USING (article, version)"
        " WHERE v.first_seen IS NOT k.first OR v.last_seen IS NOT k.last",
        "was not first and last seen when its checks say",
    ),
    (
        "SELECT 'the check of ' || k.article || ' at ' || k.checked_at"
        " FROM checks k WHERE k.version IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM versions v WHERE v.article = k.article AND v.version = k.version)",
        "read a version that is not there",
    ),
    (
        "SELECT 'article ' || a.article FROM articles a LEFT JOIN versions v USING (article, version)"
        " WHERE v.title IS NOT a.title OR v.last_seen IS NOT a.last_seen OR v.url IS NOT a.url"
        " OR v.section IS NOT a.section OR v.source IS NOT a.source OR v.source_code IS NOT a.source_code"
        " OR a.version <> (SELECT max(version) FROM versions WHERE article = a.article)"
        " OR a.last_checked IS NOT (SELECT max(checked_at) FROM checks WHERE article = a.article)",
        "is not what its newest version and check say",
    ),
    (
        "SELECT 'change ' || h.id FROM changes h JOIN captures o ON o.id = h.old_capture"
        " JOIN captures n ON n.id = h.new_capture LEFT JOIN versions f ON f.article = h.article AND"
        " f.version = h.from_version LEFT JOIN versions t ON t.article = h.article AND t.version = h.to_version"
        " WHERE h.old_last_seen <> o.captured_at OR h.new_first_seen <> n.captured_at OR f.version IS NULL"
        " OR t.version IS NOT h.to_version OR (h.title, h.url, h.section, h.source) IS NOT"
        " (SELECT title, url, section, source FROM versions WHERE article = h.article AND"
        " version = coalesce(h.to_version, h.from_version))",
        "is not what its captures and versions say",
    ),
    (
        "SELECT 'article ' || a.article FROM articles a WHERE a.article NOT IN (SELECT article FROM to_compare)"
        " AND a.state IS NOT (SELECT CASE WHEN state IN ('restored', 'moved') THEN 'live' ELSE state END"
        " FROM state_steps WHERE article = a.article ORDER BY step DESC LIMIT 1)",
        "is in another state than its newest step says",
    ),
    (
        "SELECT 'step ' || s.step || ' of the states of ' || s.article FROM state_steps s LEFT JOIN state_steps b"
        " ON b.article = s.article AND b.step = s.step - 1 WHERE s.article NOT IN (SELECT article FROM to_compare)"
        " AND ((b.step IS NULL AND s.step <> 1) OR s.since > s.reached OR NOT CASE s.state"
        " WHEN 'live' THEN coalesce(b.state = 'suspect', 1) WHEN 'restored' THEN b.state IS 'removed'"
        " WHEN 'moved' THEN coalesce(b.state <> 'removed', 0)"
        " WHEN 'suspect' THEN b.state IN ('live', 'restored', 'moved') ELSE coalesce(b.state <> 'removed', 0) END"
        " OR NOT EXISTS (SELECT 1 FROM checks k WHERE k.capture = s.capture AND k.article = s.article"
        " AND k.checked_at = s.reached AND (k.version IS NOT NULL) = (s.state NOT IN ('suspect', 'removed'))))",
        "does not follow from the step before it and its look",
    ),
    (
        "SELECT 'the number of captures said to be ' || w.outcome FROM outcomes w LEFT JOIN (SELECT outcome AS id,"
        " count(*) AS found FROM capture_rows GROUP BY outcome) k USING (id) WHERE w.captures <> coalesce(k.found, 0)",
        "is not how many there are",
    ),
)
"""Queries for what tells two stories within the database, and what is then wrong with what they name.

They hold for every database, whoever made it: a fault of the program would make one that is made anew wrong alike.
"""


@dataclass(slots=True)
class Judged:
    """What a verification found: how much was looked at, what disagrees, what is only odd, what was known before.

    ``provable`` says that the WARC files are whole and filed, so that a database made of them can be compared;
    ``damaged`` that some are not what they were, or gone, which nothing made from them mends.
    """

    files: int = 0
    captures: int = 0
    manifests: int = 0
    provable: bool = field(default=False, compare=False)
    damaged: bool = field(default=False, compare=False)
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Each = Callable[[Callable[[Path, Path], Inspected], list[Path], Path], Iterable[Inspected]]
"""Inspects files, in their order: a function of a file and the archive's directory, the files, the directory."""


def here(inspect: Callable[[Path, Path], Inspected], paths: list[Path], root: Path) -> Iterator[Inspected]:
    """Inspect files one after the other in this process."""
    return (inspect(path, root) for path in paths)


def verify(  # noqa: PLR0913  # what is judged, against what, who reads and who watches
    archive: Archive,
    db: sqlite3.Connection,
    progress: Callable[[str], None],
    head: str | None = None,
    each: Each = here,
    read_by: str | None = None,
) -> Judged:
    """Hold WARC files and database against each other.

    Args:
        archive: The archive.
        db: Its database.
        progress: Called with each WARC file's name when it has been read.
        head: The head of the run log as it was noted elsewhere.
        each: Inspects the WARC files; one after the other here, where nothing else is said.
        read_by: The extractor whose versions are held against their digests; those of an older one, whose articles had
            other fields, wait to be read again. All are, where none is named.
    """
    judged = Judged()
    paths = sorted(archive.warcs.glob("*.warc*"))
    finished = finished_warcs(archive, strays.remembered(archive, db))
    judged.errors += strays.sentences(archive, db)
    judged.warnings += strays.others(archive)
    judged.files = len(finished)
    digests: dict[str, tuple[int, str]] = {}
    try:
        rows, index = _files(
            judged, archive, db, zip(finished, each(inspected, finished, archive.root), strict=True), digests, progress
        )
        _missing_files(judged, archive, db)
        judged.errors += [
            f"{path}: left open by a run that was killed. Mend it with: {gochim('verify', '--repair')}"
            for path in paths
            if path.name.endswith(".open") and not archive.read_only
        ]
        judged.provable = not judged.errors and rows.whole
        judged.errors += rows.errors
        _schema(judged, db)
        _database(judged, db, read_by)
        _run_log(judged, archive, db, head, digests)
    except sqlite3.DatabaseError as error:
        judged.errors.append(f"versions.db: {error}. {rebuild()}")
        judged.provable, index = False, []
    judged.errors += [*index, *stray_indexes(archive)]
    return judged


def _run_log(
    judged: Judged, archive: Archive, db: sqlite3.Connection, head: str | None, digests: dict[str, tuple[int, str]]
) -> None:
    """Add what the chain of manifests says."""
    chain = check_chain(archive, db, head, digests)
    judged.manifests = chain.manifests
    judged.damaged |= chain.altered
    judged.errors += chain.errors
    judged.warnings += chain.warnings
    judged.notes += chain.notes


def _files(  # noqa: PLR0913  # each is one thing that a file is held against
    judged: Judged,
    archive: Archive,
    db: sqlite3.Connection,
    files: Iterable[tuple[Path, Inspected]],
    digests: dict[str, tuple[int, str]],
    progress: Callable[[str], None],
) -> tuple[Compared, list[str]]:
    """Hold each file against the standard, its index and its rows; give what disagrees with these and with that."""
    imported: dict[Path, bool | None] = {}
    rows = Compared()
    index: list[str] = []

    def compared() -> Iterator[tuple[Path, Checked]]:
        for path, one in files:
            imported[path] = one.imported
            digests[path.relative_to(archive.root).as_posix()] = one.size, one.sha256
            compare(rows, archive, db, path, one)
            index.extend(check_index(path, archive, one.lines))
            progress(path.name)
            yield path, one.checked

    lacking = _conformance(judged, judged_together(compared()), imported)
    judged.errors += lost(archive, db, [one for one in lacking if one[1].severity == "error"])
    judged.warnings += lost(archive, db, [one for one in lacking if one[1].severity == "warning"])
    judged.captures = rows.captures
    judged.warnings += rows.warnings
    judged.notes += rows.notes
    return rows, index


def _conformance(
    judged: Judged, found: dict[Path, list[Finding]], imported: dict[Path, bool | None]
) -> list[tuple[Path, Finding]]:
    """Add what breaks the standard; give the revisits that lack their originals, which are told together."""
    lacking = []
    for path, findings in found.items():
        whole = imported[path]
        if whole:
            judged.notes += [f"{path}: {line}" for line in _peculiarities(findings)]
            continue
        judged.damaged |= whole is False or any(one.severity == "error" for one in findings)
        if whole is False:
            judged.errors.append(
                f"{path}: is not the file that was imported. Put that one back, or import it again from where it came."
            )
        for finding in findings:
            if finding.rule == REVISIT_TARGET:
                lacking.append((path, finding))
            else:
                (judged.errors if finding.severity == "error" else judged.warnings).append(f"{path}: {finding}")
    return lacking


def _peculiarities(findings: list[Finding]) -> Iterator[str]:
    """Say in a line for each rule how often the maker of a file that is as it was imported departs from it."""
    by_rule: dict[str, list[Finding]] = {}
    for one in findings:
        if one.rule != "filename":  # An import gives each file another name.
            by_rule.setdefault(one.rule, []).append(one)
    for found in by_rule.values():
        more = f" (and {len(found) - 1} more such)" if len(found) > 1 else ""
        yield f"made so by another tool: {found[0]}{more}"


def _missing_files(judged: Judged, archive: Archive, db: sqlite3.Connection) -> None:
    for name in sorted(files(db)):
        path = archive.root / name
        if not path.exists() and not path.with_name(path.name + ".open").exists():
            held = len(in_file(db, name))
            judged.damaged = True
            judged.errors.append(
                f"{path}: is gone, though {held} captures point into it. Put it back, or run: {gochim('rebuild')}"
            )


def _database(judged: Judged, db: sqlite3.Connection, read_by: str | None) -> None:
    """Check SQLite's own integrity, the foreign keys, and the versions' digests over their own columns."""
    for (line,) in db.execute("PRAGMA integrity_check"):
        if line != "ok":
            judged.errors.append(f"versions.db: {line}. {rebuild()}")
    for row in db.execute("PRAGMA foreign_key_check"):
        judged.errors.append(f"versions.db: row {row[1]} of {row[0]} points at nothing in {row[2]}. {rebuild()}")
    for row in db.execute("SELECT * FROM version_detail"):
        if read_by in {None, row["extractor"]} and not _as_digested(row):
            judged.errors.append(
                f"versions.db: version {row['version']} of {row['article']} is not what its digest says. {rebuild()}"
            )
    _remembered(judged, db)
    if not watched.agrees(db):
        judged.errors.append(f"versions.db: seen_moments does not say what the looks would have shown. {rebuild()}")
    for query, wrong_with_it in _DISAGREEMENTS:
        for (what,) in db.execute(query):
            judged.errors.append(f"versions.db: {what} {wrong_with_it}. {rebuild()}")


def _remembered(judged: Judged, db: sqlite3.Connection) -> None:
    """Work the content digest out anew, for which every version and change is read."""
    try:
        fits = content_digest(db) == digest_anew(db)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        judged.errors.append(f"versions.db: a change holds what none is filed with ({error}). {rebuild()}")
        return
    if not fits:
        judged.errors.append(f"versions.db: the content digest it remembers is not that of what it holds. {rebuild()}")


def _schema(judged: Judged, db: sqlite3.Connection) -> None:
    for name in strangers(db):
        judged.errors.append(f"versions.db: the {name} is not as this program makes it. {rebuild()}")


def _as_digested(row: sqlite3.Row) -> bool:
    try:
        return bool(article_of(row).content_digest == row["content_digest"])
    except (KeyError, TypeError, AttributeError):
        return False  # JSON of another shape than was filed.


def captures_missing(archive: Archive, db: sqlite3.Connection) -> list[Path]:
    """List the finished WARC files that hold captures which the database has lost."""
    found: list[Path] = []
    for path in finished_warcs(archive, strays.remembered(archive, db)):
        name = path.relative_to(archive.root).as_posix()
        filed = {row.evidence.record_id for row in in_file(db, name)}
        try:
            lost = (one.evidence for one in captures_in(path, archive.root) if one.evidence.record_id not in filed)
            if any(not is_filed(db, one) for one in lost):
                found.append(path)
        except WarcError:
            continue  # All that can be read of it is filed; verify says where it breaks.
    return found
