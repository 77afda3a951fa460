"""A client of the replica that keeps its connection and its cookie, as a browser would."""

from __future__ import annotations

import http.client
import re
from urllib.parse import urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser

from replica import RunningPortal

# newsId=148000001, bbsKey=73389
_KEY = re.compile(r"(?:newsId|docId|dataId|bbsKey)=(\d+)")


class Client:
    """A client that keeps its connection and its cookie."""

    def __init__(self, running: RunningPortal) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=60)
        self.url = running.url

    def get(self, target: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
        return self.ask("GET", target, None, headers)

    def post(self, target: str, **form: str) -> tuple[http.client.HTTPResponse, bytes]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", target, urlencode(form).encode(), kind)

    def ask(
        self, method: str, target: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        self.connection.request(method, target, body, {name.replace("_", "-"): one for name, one in headers.items()})
        response = self.connection.getresponse()
        return response, response.read()

    def page(self, target: str, method: str = "get", **form: str) -> LexborHTMLParser:
        _, body = self.post(target, **form) if method == "post" else self.get(target)
        return LexborHTMLParser(body.decode())

    def rows(self, tree: LexborHTMLParser) -> list[str]:
        """Read the numbers that a list's rows lead to, from links and from script calls alike."""
        links = tree.css(".list_type li a, .table_list tbody a")
        told = [(one.attributes["href"] or "") + (one.attributes.get("onclick") or "") for one in links]
        return [found for text in told for found in _KEY.findall(text)]

    def view(self, target: str) -> tuple[str, int, LexborHTMLParser]:
        """Fetch an article's page, following redirects; give its path, status and tree."""
        response, body = self.get(target)
        while response.status == 302:
            target = (response.getheader("Location") or "").removeprefix(self.url)
            response, body = self.get(target)
        return target, response.status, LexborHTMLParser(body.decode())
