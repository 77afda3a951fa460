"""``gochim export``: the archive in the formats that other tools read."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from cli import database, printing, progress
from cli.narrowing import SINCE
from cli.options import DOCUMENT, MadePath, Place, archive_option, cluster_options, format_option
from cli.streams import while_read
from crawler.setting_checks import is_tsa
from crawler.watch import software
from diffing.reports.report import LANGUAGES, Lang
from storage import captures, cdxj, contents, strays, versions
from storage.errors import LockHeld, RunEndedEarly, SettingsError
from storage.records import Article
from storage.standing import Standing
from storage.wacz import Page, write_wacz
from storage.whole_files import written_for_user


@click.group()
def export() -> None:
    """Write the archive in the formats that other tools read.

    \b
    Example: gochim export wacz -o archive.wacz
    """


def _named(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:  # noqa: ARG001  # click's own
    """Refuse ``-``, which elsewhere is stdout, where files are written that must be whole or not there."""
    if value is not None and str(value) == "-":
        raise click.BadParameter("- stands for stdout, and this is not written there. Name a file or directory.")
    return value


@export.command("cdxj", short_help="Write one sorted CDXJ index of all WARC files.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default="-",
    type=MadePath(dir_okay=False, allow_dash=True),
    help="Where to; - is stdout (the default).",
)
@archive_option
def export_cdxj(place: Place, output: str) -> None:
    """Write one sorted CDXJ index of all WARC files, as pywb and other replay tools read it.

    \b
    Example: gochim export cdxj -o index.cdxj
    """
    more: list[str] = []
    # A run that is under way keeps its own index; what stands in it is what there is.
    with (
        closing(database.opened(place.archive, place.portal())) as db,
        suppress(LockHeld),
        database.kept_still(place.archive, db),
    ):
        left_out = strays.remembered(place.archive, db)
        if isinstance(db, Standing):
            more = cdxj.lines_lacking(place.archive, left_out)
        else:
            cdxj.complete_index(place.archive, left_out)
    lines = cdxj.merged(cdxj.index_directory(place.archive), more)
    if output == "-":
        sys.stdout.writelines(while_read(lines))
        return
    try:
        cdxj.write_lines(Path(output), lines)
    except OSError as error:
        raise RunEndedEarly(f"{output} cannot be written ({error.strerror}). Choose another place with -o.") from error
    if not place.quiet:
        printing.data(output)


@export.command("dossier", short_help="Make one ZIP that proves a change.")
@click.argument("change")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=MadePath(dir_okay=False, path_type=Path),
    callback=_named,
    help="Where to (default: dossier-CHANGE.zip).",
)
@click.option("--tsa", metavar="URL", help="Ask this time-stamp authority (RFC 3161; default: that of the settings).")
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="PEM",
    help="Sign with this ECDSA key on P-384.",
)
@click.option("--no-pdf", is_flag=True, help="Leave out the PDF.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="ko", show_default=True, help="Of the difference.")
@archive_option
def export_dossier(  # noqa: PLR0913  # one argument an option
    place: Place, change: str, output: Path | None, tsa: str | None, key: Path | None, *, no_pdf: bool, lang: Lang
) -> None:
    """Make one ZIP that proves CHANGE, an id that `changes` shows, to someone who trusts nobody.

    It holds the program that checks it: python3 -I verify.py.

    \b
    Example: gochim export dossier 148930267.2 -o dossier.zip
    """
    from cli.dossier.making import Maker, Wishes, program_digest

    portal = place.portal()
    authority = tsa if tsa is not None else (place.watch().tsa if place.archive.settings_path.exists() else "")
    if message := is_tsa(authority):
        raise SettingsError(f"--tsa {message}.")
    wishes = Wishes(pdf=not no_pdf, tsa=authority, key=key, lang=lang)
    with (
        closing(database.opened(place.archive, portal)) as db,
        database.kept_still(place.archive, db),
        progress.shown(quiet=place.quiet) as step,
    ):
        data = Maker(place.archive, db, portal, step).dossier(change, wishes)
    # "photo:73389.1": a colon is no character for a file's name everywhere
    path = output or Path(f"dossier-{change.replace(':', '-')}.zip")
    with written_for_user(path) as file:
        file.write(data)
    if not place.quiet:
        printing.data(str(path))
        printing.aside(f"its verify.py has the SHA-256 {program_digest()}")


@export.command("wacz", short_help="Package the archive as one WACZ file.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=MadePath(dir_okay=False, path_type=Path),
    callback=_named,
    help="Where to.",
)
@click.option(
    "--key",
    metavar="KEY.pem",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Sign with this ECDSA key on P-384.",
)
@click.option("--title", help="Title of the collection (default: the portal's address).")
@click.option("--description", default="", help="What it holds, in Markdown.")
@click.option("--created", type=SINCE, help="The time stated in it (default: now); for the same bytes a second time.")
@archive_option
def export_wacz(  # noqa: PLR0913  # one argument an option
    place: Place, output: Path, key: Path | None, title: str | None, description: str, created: datetime | None
) -> None:
    """Package the archive as one WACZ file that browsers replay, every version a page with its full text.

    \b
    Example: gochim export wacz -o archive.wacz --key key.pem
    """
    portal = place.portal()
    with closing(database.opened(place.archive, portal)) as db, database.kept_still(place.archive, db):
        left_out = strays.remembered(place.archive, db)
        if not isinstance(db, Standing):
            cdxj.complete_index(place.archive, left_out)
        of = contents.counts(db)["versions"]
        with progress.shown(quiet=place.quiet) as step:
            write_wacz(
                place.archive,
                output,
                pages=progress.counting(pages(db), "versions", of, step, lambda page: page.title),
                title=title or f"gochim: {portal.base}",
                description=description,
                key=key,
                software=software(),
                left_out=left_out,
                created=created or datetime.now(UTC),
            )
    if not place.quiet:
        printing.data(str(output))


@export.command("parquet", short_help="Write the database as Parquet files.")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    required=True,
    type=MadePath(path_type=Path),
    callback=_named,
    help="The lake: a new directory, or one that an earlier export of this archive made.",
)
@click.option("--replace", is_flag=True, help="Write over a lake of another archive.")
@cluster_options
@format_option(*DOCUMENT)
@archive_option
def export_parquet(place: Place, output: Path, cluster: str | None, style: str, *, replace: bool) -> None:
    """Write the database as Parquet files by month, for DuckDB, pandas and Spark; again, only what is new or changed.

    \b
    Example: gochim export parquet -o lake && cd lake && duckdb -init lake.sql
    """
    try:
        from storage.parquet_lake import write_lake
    except ImportError as error:
        raise SettingsError("Parquet files need pyarrow. Install it with: pip install 'gochim[parquet]'") from error
    with (
        closing(database.opened(place.archive, place.portal(), cluster)) as db,
        progress.shown(quiet=place.quiet) as step,
    ):
        done = write_lake(db, output, lambda name, of: step("Parquet files", name, of), replace=replace)
    if not printing.document(style, {"lake": str(output), **asdict(done)}) and not place.quiet:
        printing.tell(
            f"{output}: {printing.counted(done.written, 'file')} written ({printing.counted(done.rows, 'row')}), "
            f"{done.kept} kept, {done.removed} removed"
        )


def pages(db: sqlite3.Connection) -> Iterator[Page]:
    """Give every version as a page, article by article, at the address and instant of the capture it was read from."""
    names = [row["article"] for row in db.execute("SELECT DISTINCT article FROM versions ORDER BY article")]
    for name in names:
        for version in versions.versions(db, name):
            url, article = captures.url_of(db, version.evidence), version.article
            yield Page(url, version.evidence.captured_at, article.title, full_text(article))


def full_text(article: Article) -> str:
    """Give all that an article says as text, one block a line."""
    captions = [image.caption for image in article.images if image.caption]
    return "\n".join([article.title, *article.subtitles, *(block.text for block in article.body), *captions])
