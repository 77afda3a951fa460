"""The portal's pages for what it does not give: unknown articles, failures, the firewall, the board of an outage."""

from __future__ import annotations

from replica.exchange import Answer, Request
from replica.pages import Around, Pages
from replica.state import Fault

_SORRY = ("서비스 이용에 불편을 드려 죄송합니다.", "잠시 후 다시 이용해 주시기 바랍니다.")
_NOT_FOUND = ("페이지를 찾을 수 없습니다.", "주소가 바뀌었거나 없는 페이지입니다.")


class Refusals:
    """Make the pages that stand where something else was asked for."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def missing(self, _: Request, around: Around) -> Answer:
        """Say with status 404 that there is no such page."""
        return self._error(around, 404, _NOT_FOUND)

    def gone(self, how: str, request: Request, around: Around) -> Answer:
        """Say that there is no such article: status 404, an alert with status 200, or a way to the front page."""
        if how == "alert":
            return Answer(self._pages.plain("alert.html", around).encode())
        if how == "redirect":
            return self.elsewhere("/", request)
        return self.missing(request, around)

    def elsewhere(self, target: str, request: Request) -> Answer:
        """Send the client to another address of the portal, or of another host."""
        to = target if "://" in target else request.origin + target
        return Answer(b"", status=302, headers=(("Location", to),))

    def failure(self, fault: Fault, request: Request, around: Around) -> Answer:
        """Fail as ``fault`` says."""
        if fault.kind == "firewall":
            return self.blocked(around)
        if fault.kind == "redirect":
            return self.elsewhere(fault.location, request)
        wait = () if fault.retry_after is None else (("Retry-After", str(fault.retry_after)),)
        return self._error(around, fault.status, _SORRY, wait)

    def blocked(self, around: Around) -> Answer:
        """Give the firewall's page, with status 200."""
        return Answer(self._pages.plain("firewall.html", around).encode())

    def outage(self, how: str, around: Around) -> Answer:
        """Give what the whole portal answers while it is down: an error, or the substitute board with status 200."""
        if how == "substitute":
            return Answer(self._pages.plain("substitute.html", around).encode())
        return self._error(around, 503, _SORRY)

    def error_file(self, around: Around) -> Answer:
        """Give the error page that stands in for a file, with status 200."""
        return self._error(around, 200, ("파일을 찾을 수 없습니다.", "관리자에게 문의하시기 바랍니다."))

    def _error(
        self, around: Around, status: int, said: tuple[str, str], headers: tuple[tuple[str, str], ...] = ()
    ) -> Answer:
        page = self._pages.plain("error.html", around, heading=said[0], text=said[1])
        return Answer(page.encode(), status=status, headers=headers)
