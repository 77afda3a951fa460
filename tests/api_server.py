"""A small stand-in for the open API of data.go.kr: answers by what is asked, and notes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.serving import serving

KEY = "a+Secret/Key=="
PATH = "/1371000/policyNewsService2/policyNewsList2"
Reply = tuple[int, bytes]


def item(number: str, **fields: str) -> str:
    """One article of an answer."""
    said = {
        "NewsItemId": number,
        "ContentsStatus": "I",
        "ModifyId": "1",
        "ModifyDate": "11/18/2026 10:00:00",
        "ApproveDate": "11/18/2026 10:00:00",
        "EmbargoDate": "11/18/2026 10:00:00",
        "GroupingCode": "policy",
        "Title": "제목",
        "MinisterCode": "문화체육관광부",
        "OriginalUrl": f"https://www.korea.kr/news/policyNewsView.do?newsId={number}&amp;call_from=openData",
    } | fields
    return "<NewsItem>" + "".join(f"<{name}>{text}</{name}>" for name, text in said.items()) + "</NewsItem>"


def answer(*items: str, total: int | None = None) -> bytes:
    """A good answer."""
    return (
        "<response><header><resultCode>0</resultCode><resultMsg>NORMAL_SERVICE</resultMsg></header><body>"
        f"{''.join(items)}<totalCount>{len(items) if total is None else total}</totalCount></body></response>"
    ).encode()


def gateway(code: str, said: str) -> bytes:
    """An error of the gateway before the services."""
    return (
        "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg>"
        f"<returnAuthMsg>{said}</returnAuthMsg><returnReasonCode>{code}</returnReasonCode></cmmMsgHeader>"
        "</OpenAPI_ServiceResponse>"
    ).encode()


class Api:
    """The server. ``reply`` is asked for each answer; ``calls`` are the fields of each call, ``lines`` its address."""

    def __init__(self) -> None:
        self.calls: list[dict[str, str]] = []
        self.lines: list[str] = []
        self.reply: Callable[[dict[str, str]], Reply] = lambda _: (200, answer())
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                api.lines.append(self.path)
                fields = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                api.calls.append(fields)
                status, body = api.reply(fields) if urlsplit(self.path).path == PATH else (404, b"")
                self.send_response(status)
                self.send_header("Content-Type", "text/xml;charset=UTF-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/1371000"

    def days(self, number: int = -1) -> list[str]:
        """The days that a call asked for."""
        fields = self.calls[number]
        start = datetime.strptime(fields["startDate"], "%Y%m%d")  # noqa: DTZ007 - a day
        end = datetime.strptime(fields["endDate"], "%Y%m%d")  # noqa: DTZ007
        return [f"{start + timedelta(days=n):%Y-%m-%d}" for n in range((end - start).days + 1)]


@contextmanager
def api_server() -> Iterator[Api]:
    api = Api()
    with serving(api.server):
        yield api
