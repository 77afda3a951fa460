"""The open API of data.go.kr: what one call asks, what an answer holds, and what each of its refusals means.

Its answers come in two shapes of error (``resultCode`` of the service, ``cmmMsgHeader`` of the gateway before it),
the second with status 200 at times. The service key is a secret: here and everywhere it is written as asterisks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote, unquote, urlencode
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from crawler.cleaning import fold
from crawler.portal import Portal
from crawler.secret import Secret
from crawler.windows import Days
from storage.records import KST
from storage.signals import Signal

REAL = "https://apis.data.go.kr/1371000"
SERVICES = ("policyNewsService2/policyNewsList2",)
"""Services of the base address that are asked; ``pressReleaseService/pressReleaseList`` is another, if it still is."""
LONGEST = 3
"""Days that one call may ask for."""
ROWS = 100
"""Articles on a page of an answer; three days have about sixty."""
LARGEST = 32 * 1024 * 1024
"""Bytes of an answer."""
_LONGEST_TITLE = 2000

# The key as data.go.kr offers it encoded: "abc%2Bdef%3D%3D"; decoded it is Base64 and has no per cent sign.
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_NAME = b"serviceKey="
# 148971946, 21, 60
_NUMBER = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class OpenApi:
    """The API at ``base`` and the user's key, which appears in no text made of this object.

    Args:
        base: Address of the services, without a slash at its end.
        key: The service key, in either of the forms in which data.go.kr offers it; empty for no API.
        services: Paths of the services under ``base``.
    """

    base: str
    key: str
    services: tuple[str, ...] = SERVICES

    def __repr__(self) -> str:
        """Name the API without its key."""
        return f"OpenApi({self.base!r})"

    @property
    def _quoted(self) -> bytes:
        """The key as it goes out in an address."""
        plain = unquote(self.key) if _ENCODED.search(self.key) else self.key
        return quote(plain.strip(), safe="").encode()

    def secret_for(self, url: str) -> Secret | None:
        """Give what a call hides, None for any other request."""
        secret = Secret(_NAME + b"*" * len(self._quoted), _NAME + self._quoted)
        return secret if self.allows(url) and secret.shown.decode() in url else None

    def allows(self, url: str) -> bool:
        """Say whether ``url`` is one of the API's own addresses, and a key is set."""
        return bool(self.key) and url.startswith(self.base + "/")

    def call(self, service: str, span: Days, page: int) -> str:
        """Give the address of a call, the key struck out."""
        fields = {
            "startDate": f"{span.first:%Y%m%d}",
            "endDate": f"{span.last:%Y%m%d}",
            "pageNo": str(page),
            "numOfRows": str(ROWS),
        }
        return f"{self.base}/{service}?{_NAME.decode()}{'*' * len(self._quoted)}&{urlencode(fields)}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call brought: the articles in order, and how many there are for these days on all pages."""

    signals: tuple[Signal, ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call brought nothing: a sentence that says what to do, and until when not to ask again."""

    sentence: str
    until: Literal["tomorrow", "next-run"]


_CODES = {
    "12": ("there is no such service", "Check [api] url and services in gochim.toml"),
    "20": ("the key has no access to this service", "Apply for it (활용신청) at https://www.data.go.kr"),
    "22": ("today's calls are used up", "The API is asked again tomorrow"),
    "30": ("the key is not registered", "Check [api] key in gochim.toml; a new key takes an hour or two to work"),
    "31": ("the key has expired", "Renew it at https://www.data.go.kr"),
    "32": ("this machine's address is not registered for the key", "Add it at https://www.data.go.kr"),
    "11": ("the service misses a parameter", "Its rules may have changed: please report it"),
    "97": ("the service does not read our dates", "Its rules may have changed: please report it"),
    "98": ("the service takes fewer days than we ask for", "Its rules may have changed: please report it"),
}
_NOTHING = frozenset({"3", "03"})
"""NODATA_ERROR: no article in these days."""
_BY_STATUS = {401: "30", 403: "20", 429: "22"}


def read(status: int, body: bytes, portal: Portal) -> Answer | Refusal:
    """Read the answer to a call.

    Args:
        status: HTTP status.
        body: The XML, decoded from any content coding.
        portal: Whose address rules tell the articles.
    """
    root = _parsed(body)
    refused = _refusal(root) if root is not None else None
    if refused is not None:
        return refused
    if status != 200:
        return _refused(_BY_STATUS.get(status, ""), f"HTTP status {status}")
    if root is None or (root.find(".//header/resultCode") is None and root.find(".//NewsItem") is None):
        return Refusal(
            "The open API answered with something that is none of its answers. It is asked again in the next run.",
            "next-run",
        )
    signals = tuple(signal for item in root.iter("NewsItem") if (signal := _signal(item, portal)) is not None)
    total = _text(root, ".//totalCount")
    return Answer(signals, int(total) if total and _NUMBER.fullmatch(total) else None)


def _parsed(body: bytes) -> Element | None:
    """Parse XML without entities, DTDs or anything fetched; None when it is none."""
    try:
        root: Element = fromstring(body.lstrip(b"\xef\xbb\xbf \t\r\n"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return None
    return root


def _refusal(root: Element) -> Refusal | None:
    """Find an error in either shape."""
    if (header := next(root.iter("cmmMsgHeader"), None)) is not None:
        said = _text(header, "returnAuthMsg") or _text(header, "errMsg") or "no reason given"
        return _refused(_text(header, "returnReasonCode") or "", said)
    code = _text(root, ".//header/resultCode") or _text(root, "resultCode")
    if code is None or not code.strip("0") or code in _NOTHING:
        return None
    return _refused(code, _text(root, ".//header/resultMsg") or _text(root, "resultMsg") or "no reason given")


def _refused(code: str, said: str) -> Refusal:
    code = code.lstrip("0")
    said = re.sub(r"[^\w .,:()-]", "", said)[:120]
    what, then = _CODES.get(code, ("it refuses the call", "It is asked again in the next run"))
    lasting = code in {"12", "20", "22", "30", "31", "32"}
    return Refusal(
        f"The open API: {what} ({said}). {then}; the crawl goes on without it.", "tomorrow" if lasting else "next-run"
    )


def _signal(item: Element, portal: Portal) -> Signal | None:
    number = _text(item, "NewsItemId") or ""
    if not _NUMBER.fullmatch(number):
        return None
    link = _text(item, "OriginalUrl")
    address = portal.address(link) if link else None
    if address is not None and address.article is None:
        address = None
    modify_id = _text(item, "ModifyId") or ""
    return Signal(
        news_item=number,
        article=address.article if address else None,
        url=address.url if address else link,
        modify_id=int(modify_id) if _NUMBER.fullmatch(modify_id) else None,
        modify_date=_moment(_text(item, "ModifyDate")),
        approve_date=_moment(_text(item, "ApproveDate")),
        embargo_date=_moment(_text(item, "EmbargoDate")),
        contents_status=_text(item, "ContentsStatus"),
        grouping_code=_text(item, "GroupingCode"),
        title=(_text(item, "Title") or "")[:_LONGEST_TITLE],
        source=_text(item, "MinisterCode"),
    )


def _text(element: Element, path: str) -> str | None:
    found = element.find(path)
    return fold(found.text) or None if found is not None and found.text else None


def _moment(text: str | None) -> str | None:
    """Read ``10/02/2026 17:47:23``, Korean time; None when it is no time."""
    try:
        return datetime.strptime(text or "", "%m/%d/%Y %H:%M:%S").replace(tzinfo=KST).isoformat()
    except ValueError:
        return None
