"""Serve the archive: the reader on its socket, for as long as nobody stops it."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from types import FrameType

import datasette.handle_exception
import uvicorn
from datasette.plugins import pm

from crawler.portal import Portal
from reader import plugin
from reader.answers import Desk
from reader.database import ArchiveDatabase
from reader.plugin import Reader
from storage.archive import Archive
from storage.errors import SettingsError

_SETTINGS = {
    "sql_time_limit_ms": 3000,
    "facet_time_limit_ms": 500,
    "num_sql_threads": 4,
    "max_returned_rows": 1000,
    "allow_download": False,
}


def listening(host: str, port: int) -> socket.socket:
    """Take a port, 0 for any that is free.

    Raises:
        SettingsError: The port is taken, or the host is no address of this machine.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise SettingsError(
            f"{host} port {port} cannot be served on ({said}). Choose another --port or --host."
        ) from error


def reader(  # noqa: PLR0913  # what is read, and by which names
    archive: Archive, portal: Portal, host: str, base: str, replay: str | None = None, database: Path | None = None
) -> Reader:
    """Make the reader of an archive.

    Args:
        archive: The archive, its database already migrated.
        portal: The portal's address rules.
        host: The name it is asked for by.
        base: Its own origin, ``http://127.0.0.1:8001``.
        replay: pywb's collection, None where no replay runs.
        database: Where its database is read, where that is a copy.
    """
    if not pm.is_registered(plugin):
        pm.register(plugin, name="gochim")
        # Datasette's own prints a traceback with all values for every page that is not found; ours says all there is.
        pm.unregister(datasette.handle_exception)
    made = Reader(Desk(archive, portal, base, replay), host, settings=_SETTINGS, metadata={"title": "gochim"})
    made.remove_database("_memory")
    made.add_database(ArchiveDatabase(made, database or archive.database_path))
    return made


def serve(made: Reader, taken: socket.socket) -> None:
    """Answer until SIGINT or SIGTERM, then end what is under way."""
    signal.signal(signal.SIGTERM, _stopped)
    config = uvicorn.Config(made.app(), log_level="warning", access_log=False, lifespan="on", server_header=False)
    try:
        uvicorn.Server(config).run(sockets=[taken])
    except KeyboardInterrupt:
        return


def _stopped(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # as the signal module calls it
    raise KeyboardInterrupt
