"""The last touch before an answer leaves: its charset, and the validators that let a client ask whether it changed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from replica.exchange import Answer, Request
from replica.noise import KST, Noise
from replica.switches import Switches

_FILES = ("/common/download.do", "/newsWeb/", "/docViewer/result/")
_META = b'<meta charset="UTF-8">'


class Delivery:
    """Encode pages as the switches say, and add ETag and Last-Modified (RFC 9110, 8.8)."""

    def __init__(self, switches: Switches) -> None:
        self._switches = switches
        self._known: dict[str, tuple[str, datetime]] = {}

    def finished(self, request: Request, answer: Answer, noise: Noise) -> Answer:
        """Give the answer as it is to leave, or 304 where the client knows it already."""
        return self._validated(request, _encoded(answer, self._switches.charset), noise)

    def _validated(self, request: Request, answer: Answer, noise: Noise) -> Answer:
        everything = self._switches.validated == "everything"
        if answer.status != 200 or not (everything or request.path.startswith(_FILES)):
            return answer
        headers = self._validators(request, answer, noise)
        known = (("if-none-match", "ETag"), ("if-modified-since", "Last-Modified"))
        # If-None-Match outweighs If-Modified-Since where both are sent (RFC 9110, 13.1.3).
        for asked, name in known:
            if name in headers and asked in request.headers:
                if request.headers[asked] == headers[name]:
                    return Answer(b"", answer.media_type, status=304, headers=tuple(headers.items()))
                break
        return replace(answer, headers=(*answer.headers, *headers.items()))

    def _validators(self, request: Request, answer: Answer, noise: Noise) -> dict[str, str]:
        headers: dict[str, str] = {}
        if self._switches.validators != "none":
            of = request.target.encode() if self._switches.validators == "lying" else answer.body
            headers["ETag"] = f'"{hashlib.sha256(of).hexdigest()[:16]}"'
        if self._switches.last_modified != "none":
            digest = hashlib.sha256(answer.body).hexdigest()
            told, since = self._known.get(request.target, (digest, noise.now - timedelta(hours=1)))
            if told != digest and self._switches.last_modified == "honest":
                since = noise.now
            self._known[request.target] = (digest, since)
            headers["Last-Modified"] = format_datetime(since.replace(tzinfo=KST).astimezone(UTC), usegmt=True)
        return headers


def _encoded(answer: Answer, charset: str) -> Answer:
    """Encode an HTML page as ``charset`` says; other answers stay as they are."""
    if charset == "utf-8" or not answer.media_type.startswith("text/html"):
        return answer
    body = answer.body
    if charset == "utf-8-said-euc-kr":
        return replace(answer, body=body.replace(_META, _said("EUC-KR")), media_type="text/html;charset=EUC-KR")
    if charset == "euc-kr":
        body, said = body.replace(_META, _said("EUC-KR")), "text/html;charset=EUC-KR"
    elif charset == "euc-kr-unsaid":
        body, said = body.replace(_META, b""), "text/html"
    else:
        said = answer.media_type
    return replace(answer, body=body.decode().encode("cp949", "xmlcharrefreplace"), media_type=said)


def _said(charset: str) -> bytes:
    return f'<meta charset="{charset}">'.encode()
