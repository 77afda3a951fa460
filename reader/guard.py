"""What stands before every page: who may ask and how, and the headers under which a browser shows the answer."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

OWN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
"""For our own pages, which carry no script and no style of their own."""

DATASETTE_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For Datasette's pages, whose templates carry scripts within."""

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def guarded(app: App, host: str) -> App:
    """Let through only GET and HEAD for a host that is ours, and put the headers on every answer.

    A page of the web can have its own name resolve to 127.0.0.1 (DNS rebinding) and then read what we answer; a
    request for a name that is neither an address in figures, nor ``localhost``, nor ``host`` is refused.
    """

    async def asgi(scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def secured(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message.get("headers", [])}
                policy = [] if b"content-security-policy" in given else [_policy(DATASETTE_POLICY)]
                message = dict(message, headers=[*message.get("headers", []), *_HEADERS, *policy])
            await send(message)

        if scope["method"] not in {"GET", "HEAD"}:
            await _refuse(secured, 405, "The archive is read-only: only GET and HEAD are answered.\n")
        elif not _ours(scope, host):
            await _refuse(
                secured, 421, f"This server answers for its own address only. Open http://{host}/ with its port.\n"
            )
        else:
            await app(scope, receive, secured)

    return asgi


def _policy(text: str) -> tuple[bytes, bytes]:
    return b"content-security-policy", text.encode()


def _ours(scope: Scope, host: str) -> bool:
    names = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if len(names) != 1:
        return False
    # 127.0.0.1:8001, [::1]:8001, localhost
    given = names[0].rpartition(":")[0] if names[0].rpartition(":")[2].isdigit() else names[0]
    if given.lower() in {"localhost", host.lower()}:
        return True
    try:
        ipaddress.ip_address(given.strip("[]"))
    except ValueError:
        return False
    return True


async def _refuse(send: Send, status: int, text: str) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind, _policy(OWN_POLICY)]})
    await send({"type": "http.response.body", "body": text.encode()})
