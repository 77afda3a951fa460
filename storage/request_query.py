"""A request's method and body as a query, so that an index can tell apart what was posted to one address.

The portal's lists are paged by POST: without this, every page of a list would be the same entry. Source:
Webrecorder's Request Body Canonicalization, as pywb and cdxj-indexer carry it out.
"""

from __future__ import annotations

import base64
import io
import json
from urllib.parse import unquote_plus, urlencode

from storage.http_message import field, is_chunked, parse_head, parse_number, payload_pieces, split_message

_LONGEST = 4096


def with_request(url: str, method: str, request: bytes) -> tuple[str, str]:
    """Add method and body to an address as an index does.

    Args:
        url: The address requested.
        method: The request's method; for GET nothing is added.
        request: The whole request message, request line first; may be empty where it was not kept.

    Returns:
        The address to make the key of, ``https://k.kr/list.do?__wb_method=POST&pageIndex=2``, and what was added
        for the body, ``pageIndex=2``.
    """
    if method.upper() == "GET":
        return url, ""
    query = body_query(request) if method.upper() in {"POST", "PUT"} else ""
    mark = "&" if "?" in url else "?"
    return f"{url}{mark}__wb_method={method.upper()}{'&' if query else ''}{query}", query


def body_query(request: bytes) -> str:
    """Give a request message's body as a query of at most 4,096 characters, empty where there is no body.

    Forms are decoded, JSON is flattened to its leaves, anything else is Base64 in ``__wb_post_data``. Multipart
    forms, which no reader of the portal sends, are taken as "anything else".
    """
    head, rest = split_message(request)
    fields = parse_head(head).fields
    body = b"".join(payload_pieces(io.BytesIO(rest), chunked=is_chunked(fields)))
    body = body[: parse_number(field(fields, "Content-Length"))]
    if not body:
        return ""
    return _query(body, field(fields, "Content-Type") or "")[:_LONGEST]


def _query(body: bytes, content_type: str) -> str:
    if content_type.startswith("application/x-www-form-urlencoded"):
        try:
            # "pageIndex=2&srchWord=%EC%A3%BC%EA%B1%B0" -> "pageIndex=2&srchWord=주거"
            return unquote_plus(body.decode())
        except UnicodeDecodeError:
            return _opaque(body)
    if content_type.startswith("application/json"):
        return _leaves(body) or ""
    if content_type.startswith("text/plain"):
        leaves = _leaves(body)
        return _opaque(body) if leaves is None else leaves
    return _opaque(body)


def _opaque(body: bytes) -> str:
    return "__wb_post_data=" + base64.b64encode(body).decode()


def _leaves(body: bytes) -> str | None:
    """Give the leaves of a JSON document as a query, ``{"a": [1, 2]}`` -> ``a=1&a.2_=2``; None where it is none."""
    try:
        return _flattened(json.loads(body))
    except (ValueError, RecursionError):  # what is nested beyond sense is no form that anyone posts
        return None


def _flattened(document: object) -> str:
    found: dict[str, str] = {}
    seen: dict[str, int] = {}

    def visit(value: object, name: str) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                visit(inner, key)
        elif isinstance(value, list):
            for inner in value:
                visit(inner, name)
        elif name:
            seen[name] = seen.get(name, 0) + 1
            found[name if seen[name] == 1 else f"{name}.{seen[name]}_"] = _leaf(value)

    visit(document, "")
    # Half of a surrogate pair ("\\ud83d" alone, of a text that was cut in a picture sign) is no character.
    return urlencode(found, errors="replace")


def _leaf(value: object) -> str:
    """Write a JSON leaf as JavaScript would, ``true``, ``null``, ``44`` for 44.0."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value)
