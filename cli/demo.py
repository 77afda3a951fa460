"""``gochim demo``: the replica portal and the main job on it, checked against what the replica really changed."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.options import from_here
from cli.printing import tell
from crawler import watch as watching
from storage.archive import Archive
from storage.command_line import gochim, naming
from storage.errors import ArchiveDisagrees, SettingsError

if TYPE_CHECKING:
    from replica.server import RunningPortal

MARK = ".gochim-demo"
_QUERY = "SELECT kind, title FROM change_detail"


@click.command(short_help="Serve the replica portal and crawl it while it changes.")
@click.option(
    "--into",
    "directory",
    metavar="DIR",
    default="demo-archive",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to leave the archive.",
)
def demo(directory: Path) -> None:
    """Serve the replica portal, crawl it while it changes, and leave an archive to look at.

    \b
    Example: gochim demo --into ./demo-archive
    """
    # The portal's templates take time to load, which no other command needs.
    from replica.portal import Portal
    from replica.server import serve

    _clear(from_here(directory))
    with serve(Portal.load()) as portal:
        _begin(directory, portal)
        right = _first_crawl(directory, portal)
        known: list[dict[str, Any]] = []
        for number in range(1, len(portal.portal.moments)):
            portal.advance()
            now = _crawl_again(directory)
            right = _is_exact(known, now, portal, number) and right
            known = now
    right = _rebuilds(directory) and right
    _report(directory, known)
    if not right:
        raise ArchiveDisagrees("gochim reported other changes than the portal made; see the lines marked ✗ above.")


def _clear(directory: Path) -> None:
    """Make room for the archive; only what an earlier demo left may be removed."""
    if directory.exists() and not (directory / MARK).exists() and any(directory.iterdir()):
        raise SettingsError(f"{directory} holds something else. Choose an empty place with --into.")
    shutil.rmtree(directory, ignore_errors=True)
    Archive(directory).create()
    (directory / MARK).write_text("made by gochim demo; it may be removed\n", encoding="utf-8")


def _begin(directory: Path, portal: RunningPortal) -> None:
    settings = watching.written(url=portal.url, contact="demo@example.org", delay=0, removal_checks=1, removal_days=0)
    Archive(directory).settings_path.write_text(settings, encoding="utf-8")
    number = len(portal.portal.shown())
    tell(
        f"A replica of the policy briefing portal is served at {portal.url} with {number} articles.\n"
        "It changes in moments; after each, gochim crawls it again. ✓ is reported just as the portal changed it."
    )


def _gochim(directory: Path, *words: str) -> str:
    """Run one gochim command as a user would, and give what it prints."""
    command = [sys.executable, "-m", "cli", *words, "--archive", str(directory)]
    root = Path(__file__).resolve().parent.parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603  # our own command
    if done.returncode:
        raise ArchiveDisagrees(
            f"gochim {' '.join(words)} ended with exit code {done.returncode}: {done.stderr.strip()}"
        )
    return done.stdout


def _first_crawl(directory: Path, portal: RunningPortal) -> bool:
    _gochim(directory, "crawl", "--recheck", "all")
    counts = json.loads(_gochim(directory, "status", "--format", "json"))["counts"]
    shown = len(portal.portal.shown())
    right: bool = counts["articles"] == shown and counts["changes"] == 0
    tell(
        f"{_mark(right)} First crawl: {counts['captures']} captures, {counts['articles']} of {shown} articles, "
        f"{counts['attachments']} attachments, no changes."
    )
    return right


def _crawl_again(directory: Path) -> list[dict[str, Any]]:
    """Crawl after a moment has passed, and give all changes found so far."""
    _gochim(directory, "crawl", "--recheck", "all")
    found: list[dict[str, Any]] = json.loads(_gochim(directory, "changes", "--format", "json"))
    return found


def _is_exact(known: list[dict[str, Any]], now: list[dict[str, Any]], portal: RunningPortal, number: int) -> bool:
    """Compare what is newly reported with what the portal did, and say both."""
    before = {one["id"] for one in known}
    told = {_told(one) for one in now if one["id"] not in before}
    true = {(one.article, one.kind, frozenset(one.fields)) for one in portal.expected()}
    tell(f"\nMoment {number}: {portal.portal.moments[number].name}")
    for article, kind, fields in sorted(told & true, key=str):
        tell(f"  ✓ {kind:<19} {article}  {', '.join(sorted(fields))}".rstrip())
    for article, kind, fields in sorted(true - told, key=str):
        tell(f"  ✗ missed: {kind} {article} {sorted(fields)}")
    for article, kind, fields in sorted(told - true, key=str):
        tell(f"  ✗ invented: {kind} {article} {sorted(fields)}")
    return told == true


def _told(change: dict[str, Any]) -> tuple[str, str, frozenset[str]]:
    return change["article"], change["kind"], frozenset(one["field"] for one in change["fields"])


def _rebuilds(directory: Path) -> bool:
    """Rebuild the database from the WARC files and compare the digests."""
    before: str = json.loads(_gochim(directory, "status", "--format", "json"))["content_digest"]
    _gochim(directory, "verify")
    _gochim(directory, "rebuild")
    after: str = json.loads(_gochim(directory, "status", "--format", "json"))["content_digest"]
    tell(f"\n{_mark(before == after)} Rebuilt from the WARC files alone: {after}")
    return before == after


def _report(directory: Path, found: list[dict[str, Any]]) -> None:
    report = _gochim(directory, "report").strip()
    change = next(one for one in found if one["kind"] == "edited")
    tell(f"\nThe change report: {report}")
    tell(f"The archive:       {directory}")
    tell("\nTry next:")
    with naming(str(directory)):
        tell(f"  {gochim('changes', '--min-weight', 'substance')}")
        tell(f"  {gochim('diff', change['article'])}")
        tell(f"  {gochim('history', change['article'])}")
    if shutil.which("sqlite3"):
        tell(f"  sqlite3 {shlex.quote(str(directory / 'versions.db'))} '{_QUERY}'")


def _mark(right: bool) -> str:  # noqa: FBT001  # a mark is of one truth
    return "✓" if right else "✗"
