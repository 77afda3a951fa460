"""A request as the replica reads it and the answer it gives, before either touches a socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from replica.state import Fault

HTML = "text/html;charset=UTF-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One request: header names in lower case, ``origin`` the scheme and host the client spoke to."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    origin: str = ""

    @property
    def path(self) -> str:
        """The path of the target, without its query and a session's name (``;JSESSIONID_KOREA=…``)."""
        return urlsplit(self.target).path.partition(";")[0]

    @property
    def fields(self) -> dict[str, str]:
        """The query's fields, and over them those of a posted form; the first of each name counts."""
        pairs = parse_qsl(urlsplit(self.target).query, keep_blank_values=True)
        if self.method == "POST" and "x-www-form-urlencoded" in self.headers.get("content-type", ""):
            pairs = parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True) + pairs
        found: dict[str, str] = {}
        for name, value in pairs:
            found.setdefault(name, value)
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. ``fault`` tells the server to stall or to drop the connection while it gives it."""

    body: bytes
    media_type: str = HTML
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    chunked: bool = False
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One line of the request log; ``at`` is an aware time of the machine's clock."""

    method: str
    path: str
    user_agent: str
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
