"""The open API of data.go.kr: articles as XML, by days, under a service key with a limit of calls a day."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from replica.article import Article, Block
from replica.exchange import Answer, Request
from replica.pages import Around, Pages
from replica.sections import SECTIONS
from replica.state import State

_XML = "text/xml;charset=UTF-8"
_SERVICES = {
    "/1371000/policyNewsService2/policyNewsList2": ("policy-news", "fact-check", "briefing"),
    "/1371000/pressReleaseService/pressReleaseList": ("press-release",),
    "/1371000/photoNewsService/photoNewsList": ("photo",),
}
_ENDED = "/1371000/policyNewsService/policyNewsList"
_GATEWAY = {
    "12": "NO_OPENAPI_SERVICE_ERROR",
    "20": "SERVICE_ACCESS_DENIED_ERROR",
    "22": "LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR",
    "30": "SERVICE_KEY_IS_NOT_REGISTERED_ERROR",
    "31": "DEADLINE_HAS_EXPIRED_ERROR",
    "32": "UNREGISTERED_IP_ERROR",
}
_REFUSED = {"no-service": "12", "denied": "20", "expired": "31", "unregistered-address": "32"}
_ERRORS = {
    "11": "NO_MANDATORY_REQUEST_PARAMETERS_ERROR",
    "97": "DATE_FORMAT_ERROR",
    "98": "THREE_DAYS_OVER_ERROR",
}
LONGEST = 3
"""Days that one call may ask for."""
# 20260915
_DAY = re.compile(r"\d{8}")


@dataclass(frozen=True, slots=True)
class Item:
    """One article as the API tells it; times are written ``MM/DD/YYYY HH24:MI:SS`` in KST."""

    article: Article
    code: str
    status: str
    modify_id: int
    modified: str
    approved: str
    contents: str
    photos: tuple[Block, ...]


class OpenApi:
    """Answer calls of the open API."""

    def __init__(self, state: State, pages: Pages) -> None:
        self._state = state
        self._pages = pages
        self._calls = Counter[date]()

    def answer(self, request: Request, around: Around) -> Answer:
        """Answer one call: the gateway looks at the key and the day's calls, the service at the dates."""
        refused = self._gateway(request, around)
        if refused is not None:
            return refused
        fields = request.fields
        start, end = fields.get("startDate", ""), fields.get("endDate", "")
        if not start or not end:
            return self._error("11", around)
        days = _day(start), _day(end)
        if days[0] is None or days[1] is None:
            return self._error("97", around)
        if not 0 <= (days[1] - days[0]).days < LONGEST:
            return self._error("98", around)
        sections = _SERVICES[request.path]
        found = [one for one in around.others if one.section in sections and days[0] <= one.day <= days[1]]
        page, size = _number(fields.get("pageNo", ""), 1), _number(fields.get("numOfRows", ""), 10)
        items = [self._item(one, around) for one in found[(page - 1) * size : page * size]]
        return self._xml("api_items.html", around, items=items, page=page, size=size, total=len(found))

    def _gateway(self, request: Request, around: Around) -> Answer | None:
        """Refuse a call as the gateway does, with status 200; None where it lets the call pass."""
        switches = self._state.switches
        if request.path == _ENDED:
            return self._refusal("30", around, status=400)
        if request.path not in _SERVICES:
            return self._refusal("12", around)
        if switches.api == "down":
            return Answer(b"Unexpected errors", "text/plain", status=500)
        if switches.api in _REFUSED:
            return self._refusal(_REFUSED[switches.api], around)
        if request.fields.get("serviceKey", "") != switches.api_key:
            return self._refusal("30", around)
        today = around.noise.now.date()
        self._calls[today] += 1
        return self._refusal("22", around) if self._calls[today] > switches.api_limit else None

    def _item(self, article: Article, around: Around) -> Item:
        edited, times = self._state.changed.get(article.id, (None, 0))
        approved = datetime.fromisoformat(article.published)
        return Item(
            article,
            SECTIONS[article.section].api_code,
            "U" if times else "I",
            times + 1,
            _written(edited or approved),
            _written(approved),
            self._pages.contents(article, around).strip().replace("]]>", "]]]]><![CDATA[>"),
            tuple(one for one in article.body if one.kind == "photo"),
        )

    def _refusal(self, code: str, around: Around, status: int = 200) -> Answer:
        return self._xml("api_gateway.html", around, status, code=code, said=_GATEWAY[code])

    def _error(self, code: str, around: Around) -> Answer:
        return self._xml("api_error.html", around, code=code, said=_ERRORS[code])

    def _xml(self, name: str, around: Around, status: int = 200, **context: Any) -> Answer:
        return Answer(self._pages.plain(name, around, **context).encode(), _XML, status=status)


def _written(time: datetime) -> str:
    return time.strftime("%m/%d/%Y %H:%M:%S")


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _number(text: str, default: int) -> int:
    return int(text) if text.isdecimal() and int(text) > 0 else default
