"""The Datasette plugin: our pages' addresses, our errors, our bounds, put into Datasette by its hooks."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Base400, Request, Response
from datasette.views.base import DatasetteError
from markupsafe import Markup

from reader import archived, article_pages, change_pages, health_page, memento, search_page
from reader.answers import Answer, Desk, Moved, Page, Plain, Saved
from reader.asking import Ask, Refused
from reader.database import bounded
from reader.guard import OWN_POLICY, App, guarded
from reader.rendering import data_part, rendered, style
from storage.errors import GochimError

SECONDS = 5.0
"""How long the queries of one page may take."""
_PATIENCE = 3 * SECONDS
"""How long a page may take in all; its thread then ends by itself, and the browser is not kept waiting."""

View = Callable[[sqlite3.Connection, Ask, Desk], Answer]
_ARTICLE = r"/articles/(?P<article>[^/]+)"
VIEWS: tuple[tuple[str, View], ...] = (
    (r"/$", change_pages.front),
    (r"/changes\.csv$", change_pages.table),
    (r"/counts$", change_pages.counts),
    (r"/removals$", change_pages.removals),
    (r"/articles$", change_pages.by_address),
    (rf"{_ARTICLE}$", article_pages.timeline),
    (rf"{_ARTICLE}/diff$", article_pages.diff),
    (rf"{_ARTICLE}/versions/(?P<version>\d{{1,6}})$", article_pages.version),
    (r"/files/(?P<sha256>[0-9a-f]{64})$", article_pages.file_text),
    (r"/captures/(?P<capture>\d{1,18})$", archived.capture),
    (r"/records/(?P<capture>\d{1,18})$", archived.record),
    (r"/search$", search_page.found),
    (r"/health$", health_page.health),
    (r"/timemap/link/(?P<url>.+)$", memento.timemap),
    (r"/timegate/(?P<url>.+)$", memento.timegate),
)


class Reader(Datasette):  # type: ignore[misc]  # Datasette carries no types
    """Datasette with the desk that our views work at.

    Args:
        desk: The archive and what stands beside it.
        host: The name under which it may be asked for, beside addresses in figures and ``localhost``.
        rest: What Datasette takes.
    """

    def __init__(self, desk: Desk, host: str, **rest: Any) -> None:
        self.desk, self.host = desk, host
        super().__init__([], **rest)


@hookimpl  # type: ignore[untyped-decorator]  # the same
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Give our pages' addresses, which go before Datasette's own."""
    if not isinstance(datasette, Reader):
        return []
    own = [(r"/-/reader\.css$", _style), (r"/-/data\.css$", _data_style)]
    return [*own, *((pattern, _routed(view)) for pattern, view in VIEWS)]


@hookimpl  # type: ignore[untyped-decorator]  # the same
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    """Bound every connection to the archive's database."""
    if isinstance(datasette, Reader) and database == datasette.desk.archive.database_path.stem:
        bounded(conn)


@hookimpl  # type: ignore[untyped-decorator]  # the same
def extra_css_urls(datasette: Datasette) -> list[str]:
    """Mend what of Datasette's own pages is hard to see."""
    return ["/-/data.css"] if isinstance(datasette, Reader) else []


@hookimpl  # type: ignore[untyped-decorator]  # the same
def extra_body_script(datasette: Datasette) -> str:
    """Name the fields of Datasette's own pages for who cannot see them."""
    return data_part("data.js") if isinstance(datasette, Reader) else ""


@hookimpl  # type: ignore[untyped-decorator]  # the same
def asgi_wrapper(datasette: Datasette) -> Callable[[App], App]:
    """Stand before every page."""
    return lambda app: guarded(app, datasette.host) if isinstance(datasette, Reader) else app


@hookimpl  # type: ignore[untyped-decorator]  # the same
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Any:
    """Say in plain words what went wrong on any page."""
    if not isinstance(datasette, Reader):
        return None
    status = getattr(exception, "status", 500)
    if request.path.endswith(".json"):
        said = str(exception) if status < 500 else "The server made a mistake."
        return Response.json({"ok": False, "error": said, "status": status}, status=status)
    ask = _ask(request, {})
    if isinstance(exception, Base400 | DatasetteError) and status != 404:
        said = getattr(exception, "message", None) or str(exception)
        return _error(status, "said", ask, {"said": _bare(said)})
    if status == 404:
        return _error(404, "no-page", ask, {"path": request.path})
    sys.stderr.write(f"gochim: {request.path}: {type(exception).__name__}: {exception}\n")
    return _error(500, "mistake", ask, {})


def _bare(said: str) -> str:
    return Markup(said).striptags()  # noqa: S704  # read, to take its tags away


def _style() -> Response:
    return _css(style())


def _data_style() -> Response:
    return _css(data_part("data.css"))


def _css(text: str) -> Response:
    return Response(text, headers={"Cache-Control": "no-cache"}, content_type="text/css; charset=utf-8")


def _routed(view: View) -> Callable[..., Any]:
    async def routed(request: Request, datasette: Reader) -> Response:
        ask = _ask(request, request.url_vars)
        try:
            answer = await asyncio.wait_for(_asked(datasette, view, ask), _PATIENCE)
            return _response(answer, ask)
        except Refused as error:
            return _error(error.status, error.key, ask, error.fill)
        except TimeoutError:
            return _error(503, "too-long", ask, {})
        except sqlite3.OperationalError as error:
            long = "interrupted" in str(error)
            return _error(503, "too-long" if long else "said", ask, {"said": str(error)})
        except GochimError as error:
            return _error(500, "said", ask, {"said": str(error)})

    return routed


async def _asked(datasette: Reader, view: View, ask: Ask) -> Answer:
    def within(db: sqlite3.Connection) -> Answer:
        with sqlite_timelimit(db, SECONDS * 1000):
            return view(db, ask, datasette.desk)

    answer: Answer = await datasette.get_database(datasette.desk.archive.database_path.stem).execute_fn(within)
    return answer


def _ask(request: Request, parts: dict[str, str]) -> Ask:
    query = parse_qs(request.query_string, max_num_fields=100) if request.query_string.count("&") < 100 else {}
    found = {name: unquote(value) for name, value in parts.items()}
    if "url" in found:
        # The address's own query is not ours: /timemap/link/https://www.korea.kr/a?newsId=1
        found["url"] = parts["url"] + (f"?{request.query_string}" if request.query_string else "")
        given = request.headers.get("accept-datetime")
        query = {"accept-datetime": [given]} if given else {}
    return Ask(unquote(request.path), found, query)


def _response(answer: Answer, ask: Ask) -> Response:
    match answer:
        case Page():
            return _page(answer, ask)
        case Moved(to, headers):
            return Response("", status=302, headers={"Location": to, **_own(), **headers})
        case Plain(text, media_type, headers):
            return Response(text, headers={**_own(), **headers}, content_type=media_type)
        case Saved(name, data, media_type, headers):
            disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
            return Response(data, headers={**_own(), **disposition, **headers}, content_type=media_type)


def _error(status: int, key: str, ask: Ask, fill: dict[str, object]) -> Response:
    return _page(Page("error.html", {"status": status, "key": key, "fill": fill}, status), ask)


def _page(page: Page, ask: Ask) -> Response:
    text = rendered(page, ask).encode("utf-8", "replace")
    headers = {**_own(), "Cache-Control": "no-store", "Vary": "Accept", **page.headers}
    return Response(text, status=page.status, headers=headers, content_type="text/html; charset=utf-8")


def _own() -> dict[str, str]:
    return {"Content-Security-Policy": OWN_POLICY}
