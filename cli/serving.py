"""``gochim serve``: the archive in a browser."""

from __future__ import annotations

from contextlib import ExitStack, closing, nullcontext

import click

from cli import database
from cli.options import Place, archive_option
from cli.printing import aside
from storage.standing import Standing


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port; 0 takes a free one."
)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; anyone who reaches it reads."
)
@click.option("--replay", is_flag=True, help="Replay archived pages too, with pywb beside it.")
@archive_option
def serve(place: Place, port: int, host: str, replay: bool) -> None:  # noqa: FBT001  # click's flag
    """Show the archive in a browser, read-only.

    \b
    Example: gochim serve --port 8001
    """
    # Datasette takes half a second to load, which only serving needs.
    from reader import replaying, server

    with ExitStack() as kept:
        db = kept.enter_context(closing(database.opened(place.archive, place.portal())))
        read = db.path if isinstance(db, Standing) else place.archive.database_path
        if read == place.archive.database_path:
            db.close()  # Else no run would begin as long as the archive is served.
        taken = kept.enter_context(server.listening(host, port))
        shown = f"[{host}]" if ":" in host else host
        base = f"http://{shown}:{taken.getsockname()[1]}"
        beside = replaying.replaying(place.archive) if replay else nullcontext(None)
        with beside as replayed:
            made = server.reader(place.archive, place.portal(), host, base, replayed, read)
            if not place.quiet:
                aside(f"Reading {place.archive.root} at {base}/ (stop with Ctrl-C)")
                if replayed:
                    aside(f"Archived pages are replayed at {replayed}/")
            server.serve(made, taken)
