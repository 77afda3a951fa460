"""The requests of a run: in order, within bounds, each told to the one who asked, and ended when the run is to end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import CloseSpider, IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError, HttpErrorMiddleware
from scrapy.spidermiddlewares.referer import RefererMiddleware
from scrapy.utils.request import RequestFingerprinter

from crawler.downloader import Downloader, Turnstile
from crawler.errands import BATCH, ONE_BY_ONE, TAKEN_IN, Errands
from crawler.ongoing import ongoing

BASE = "http://127.0.0.1:1/"


class Answers:
    """In the place of the network: notes what is asked for, and how many of it at once."""

    lazy = False
    statuses: dict[str, int] = {}  # noqa: RUF012  # set anew by each test
    asked: list[str] = []  # noqa: RUF012
    under_way = most = 0

    @classmethod
    def from_crawler(cls, _crawler: Any) -> Answers:
        return cls()

    async def download_request(self, request: Request) -> Response:
        Answers.asked.append(request.url.removeprefix(BASE))
        Answers.under_way += 1
        Answers.most = max(Answers.most, Answers.under_way)
        await asyncio.sleep(0.001)
        Answers.under_way -= 1
        if request.url.endswith("refused"):
            raise ConnectionError("refused")
        status = Answers.statuses.get(request.url.removeprefix(BASE), 200)
        return Response(request.url, status=status, headers={"Location": "/error.html"} if status == 302 else {})

    async def close(self) -> None:
        """Hold nothing."""


class Run:
    """A crawl's settings, downloader and errands, without its spider."""

    def __init__(self, concurrency: int = 1, **settings: object) -> None:
        Answers.statuses, Answers.asked, Answers.under_way, Answers.most = {}, [], 0, 0
        self.stumbled: list[tuple[str, str]] = []
        given = Settings()
        given.setdict(
            {
                "TWISTED_REACTOR_ENABLED": False,
                "DOWNLOADER_MIDDLEWARES_BASE": {},
                "DOWNLOAD_HANDLERS": {"http": "tests.test_errands.Answers", "https": None},
                "CONCURRENT_REQUESTS": concurrency,
                "CONCURRENT_REQUESTS_PER_DOMAIN": concurrency,
                "DOWNLOAD_DELAY": 0,
                "DOWNLOADER_MIDDLEWARES": {"scrapy.downloadermiddlewares.retry.RetryMiddleware": 1},
                **settings,
            }
        )
        self._settings = given
        self.is_full: Callable[[], bool] = lambda: False

    def __call__(self, requests: Callable[[Errands, Any], Iterable[Request]]) -> list[str]:
        """See to the requests, and give what was asked for in order."""

        async def run() -> None:
            from scrapy.crawler import Crawler
            from scrapy.spiders import Spider

            crawler = Crawler(Spider, self._settings)
            crawler._apply_settings()
            crawler.spider = Spider.from_crawler(crawler, name="tests")
            crawler.request_fingerprinter = RequestFingerprinter()
            downloader = Downloader(crawler)
            kinds = {one: one.from_crawler(crawler) for one in (HttpErrorMiddleware, RefererMiddleware)}
            crawler.engine = SimpleNamespace(downloader=downloader)  # type: ignore[assignment]
            crawler.get_spider_middleware = lambda kind: next(  # type: ignore[method-assign]
                one for one in kinds.values() if isinstance(one, kind)
            )
            stumbled = self.stumbled
            errands = Errands(crawler, lambda error, request: stumbled.append((str(error), request.url)), self.is_full)
            await errands.run(iter(requests(errands, crawler)))

        asyncio.run(run())
        return Answers.asked


def ask(*names: str, callback: Any = None, **given: Any) -> Iterator[Request]:
    return (Request(BASE + name, callback, **{"dont_filter": True, **given}) for name in names)


def test_what_is_urgent_comes_first_and_of_equals_what_came_first():
    def parts(response: Response) -> Iterator[Request]:
        name = response.url.removeprefix(BASE)
        yield from ask(f"{name}/1", f"{name}/2", priority=30)

    asked = Run()(lambda *_: ask("a", "b", callback=parts, priority=20))
    assert asked == ["a", "a/1", "a/2", "b", "b/1", "b/2"]


def test_what_is_tried_again_comes_after_its_batch_and_before_the_next():
    run = Run()
    names = [str(number) for number in range(BATCH + 1)]

    def requests(*_: object) -> Iterator[Request]:
        Answers.statuses["3"] = 503
        yield from ask(*names, priority=20)

    assert run(requests) == [*names[:BATCH], "3", "3", names[BATCH]]


def test_an_address_is_asked_for_once_unless_that_is_wanted_however_its_query_is_ordered():
    assert Run()(lambda *_: ask("a?x=1&y=2", "a?y=2&x=1", "b", "b", dont_filter=False)) == ["a?x=1&y=2", "b"]
    assert Run()(lambda *_: ask("b", "b")) == ["b", "b"]


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_are_under_way_than_the_settings_allow(concurrency):
    Run(concurrency)(lambda *_: ask(*map(str, range(20))))
    assert Answers.most == concurrency


class Reads:
    """Takes a moment over each answer, as a page is read beside."""

    waiting = most = 0

    async def process_response(self, request: Request, response: Response) -> Response:
        Reads.waiting += 1
        Reads.most = max(Reads.most, Reads.waiting)
        await asyncio.sleep(0.02)
        Reads.waiting -= 1
        return response


@pytest.mark.parametrize(
    ("concurrency", "full_at", "most"),
    [(1, 99, 1 + ONE_BY_ONE), (2, 99, 2 * (1 + TAKEN_IN)), (2, 5, 6)],
    ids=["one by one", "side by side", "until memory is full"],
)
def test_others_are_asked_for_while_answers_are_taken_in_up_to_a_bound(concurrency, full_at, most):
    Reads.waiting = Reads.most = 0
    run = Run(concurrency, DOWNLOADER_MIDDLEWARES={Reads: 1})
    run.is_full = lambda: Reads.waiting >= full_at
    names = [str(number) for number in range(60)]
    assert run(lambda *_: ask(*names)) == names
    assert concurrency < Reads.most <= most


def test_a_run_that_is_to_end_finishes_what_is_under_way_and_asks_for_nothing_more():
    run = Run(4)
    finished: list[str] = []

    def requests(_: Errands, crawler: Any) -> Iterator[Request]:
        def seen(response: Response) -> Iterator[Request]:
            finished.append(response.url)
            ongoing(crawler).end("budget")
            ongoing(crawler).end("too late to be the reason")
            return ask("further")

        return ask(*map(str, range(20)), callback=seen)

    with pytest.raises(CloseSpider) as raised:
        run(requests)
    assert raised.value.reason == "budget"
    assert len(finished) == len(Answers.asked) < 20
    assert "further" not in Answers.asked


def test_a_status_that_is_not_wanted_and_a_failure_are_told_to_the_one_who_asked():
    run = Run(RETRY_TIMES=0)
    told: list[tuple[str, type[Exception], int | None]] = []

    def requests(*_: object) -> Iterator[Request]:
        Answers.statuses |= {"gone": 404, "gone/wanted": 404}

        def failed(failure: Any) -> Iterator[Request]:
            response = failure.value.response if failure.check(HttpError) else None
            told.append((failure.request.url, type(failure.value), response and response.status))
            return ask("elsewhere")

        yield from ask("gone", "refused", callback=pytest.fail, errback=failed)
        yield from ask("gone/wanted", meta={"handle_httpstatus_list": [404]}, errback=pytest.fail)

    assert run(requests).count("elsewhere") == 2
    assert told == [(BASE + "gone", HttpError, 404), (BASE + "refused", ConnectionError, None)]


def test_what_follows_a_page_says_where_it_comes_from():
    run, seen = Run(), []

    def requests(*_: object) -> Iterator[Request]:
        def then(_: Response) -> Iterator[Request]:
            return ask("b", callback=lambda response: seen.append(response.request.headers.get("Referer")))

        return ask("a", callback=then)

    run(requests)
    assert seen == [BASE.encode() + b"a"]


def test_a_page_that_the_crawler_fails_on_is_named_and_the_run_goes_on():
    run = Run()

    def fails(response: Response) -> Iterator[Request]:
        yield from ask("before")
        raise ValueError(f"no good: {response.status}")

    assert run(lambda *_: [*ask("a", callback=fails), *ask("b")]) == ["a", "b", "before"]
    assert run.stumbled == [("no good: 200", BASE + "a")]


class Mends:
    """Refuses one address before it is asked for, and makes another of what failed."""

    def process_request(self, request: Request) -> None:
        if request.url.endswith("forbidden"):
            raise IgnoreRequest("forbidden")

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        return Request(BASE + "instead") if isinstance(exception, ConnectionError) else None


def test_middlewares_refuse_and_mend():
    run, told = Run(DOWNLOADER_MIDDLEWARES={Mends: 1}), []
    asked = run(lambda *_: ask("forbidden", "refused", errback=lambda failure: told.append(str(failure.value))))
    assert (asked, told) == (["refused", "instead"], ["forbidden"])


def test_all_that_are_led_to_one_address_hear_what_stands_there():
    run, told = Run(DOWNLOADER_MIDDLEWARES={"scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 1}), []

    def requests(*_: object) -> Iterator[Request]:
        Answers.statuses |= {"1": 302, "2": 302}
        return ask("1", "2", dont_filter=False, callback=lambda answer: told.append(answer.meta["redirect_urls"]))

    assert run(requests) == ["1", "error.html", "2", "error.html"]
    assert told == [[BASE + "1"], [BASE + "2"]]


def test_between_two_requests_to_a_host_lies_what_the_pace_says_when_the_later_one_goes():
    interval, passed = [0.02], []

    async def run() -> None:
        turnstile = Turnstile(3, lambda: interval[0])

        async def one(number: int) -> None:
            await turnstile.enter()
            passed.append(monotonic())
            if number == 1:
                interval[0] = 0.08  # It becomes longer while others wait already.
            turnstile.leave()

        await asyncio.gather(*map(one, range(4)))

    asyncio.run(run())
    gaps = [later - earlier for earlier, later in pairwise(passed)]
    assert gaps[0] >= 0.019
    assert min(gaps[1:]) >= 0.079


def test_nobody_passes_during_a_pause_that_begins_while_they_wait():
    waited: list[float] = []

    async def run() -> None:
        pauses = iter([0.0, 40.0, 40.0, 0.0])

        async def wait(seconds: float) -> None:
            waited.append(seconds)

        turnstile = Turnstile(2, lambda: 0.0, wait, lambda: next(pauses))
        await turnstile.enter()
        await turnstile.enter()

    asyncio.run(run())
    assert waited == [40.0, 40.0]


def test_one_that_gives_up_waiting_leaves_its_place_to_others():
    async def run() -> None:
        turnstile = Turnstile(1, lambda: 0.05)

        async def pass_by() -> None:
            await turnstile.enter()
            turnstile.leave()

        await pass_by()
        waiting = asyncio.create_task(pass_by())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait_for(pass_by(), 60)
        assert waiting.cancelled()

    asyncio.run(run())
