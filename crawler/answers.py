"""What an answer of a look holds: its text, which for one that says that nothing has changed is in the archive."""

from __future__ import annotations

import logging

from scrapy import Request
from scrapy.http import Response

from crawler.payloads import Payloads
from storage.charsets import text_of
from storage.content_coding import ContentError
from storage.errors import WarcError
from storage.records import Capture

logger = logging.getLogger(__name__)


class NothingToRepeat(Exception):  # no failure: the page is asked for whole
    """A page is said to be unchanged since a capture that cannot be read."""


class Answers:
    """Gives the texts of answers.

    Args:
        payloads: Where unchanged pages are read from.
    """

    def __init__(self, payloads: Payloads) -> None:
        self._payloads = payloads

    def text(self, response: Response) -> str:
        """Give a page's text; that of a 304 answer is in the archive.

        Raises:
            NothingToRepeat: What the answer says is unchanged is not there, or cannot be read.
        """
        if response.status != 304:
            return text_of(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))
        capture: Capture = response.meta["capture"]
        try:
            return self._payloads.text(capture)
        except (WarcError, ContentError, OSError) as error:
            raise NothingToRepeat(str(error)) from error


def asked(response: Response) -> Request:
    """Give the request that a response answers; Scrapy hands none over without."""
    assert response.request is not None  # noqa: S101
    return response.request


def asked_whole(response: Response) -> Request | None:
    """Ask for the page itself where it was only said to be unchanged since one that is not there; only once."""
    request = asked(response)
    if request.meta.get("whole"):
        logger.warning("%s: said to be unchanged, though it was asked for whole.", response.url)
        return None
    again = request.replace(dont_filter=True, meta=request.meta | {"whole": True})
    for name in ("If-None-Match", "If-Modified-Since"):
        again.headers.pop(name, None)
    return again
