"""The report page in a browser: it fits, it asks the network for nothing, and its changes are seen without colour."""

from __future__ import annotations

import shutil
from itertools import pairwise

import pytest
from playwright.sync_api import Page, sync_playwright

from diffing.reports import as_html
from tests.accessibility import faults
from tests.report_samples import all_changes, hostile, many, report

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")]


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(as_html.render(report(*all_changes(), hostile(), *many(2))), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def opened(browser, address):
    """Open the page at a width, without scripts; every request and every word on the console is kept."""
    contexts = []

    def at(width: int = 1280, scheme: str = "light", *, scripts: bool = False) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.asked, page.talk = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.talk.append(message.text))
        page.on("pageerror", lambda error: page.talk.append(str(error)))
        page.on("dialog", lambda dialog: page.talk.append(dialog.message))
        page.goto(address)
        return page

    yield at
    for context in contexts:
        context.close()


HEADS = """[...document.querySelectorAll(".counts thead th")].map(one => {
  const text = document.createRange();
  text.selectNodeContents(one);
  const {left, right} = text.getBoundingClientRect();
  return [left, right];
})"""


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_heads_of_the_counts_stand_apart_on_a_phone(browser, lang):
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.set_content(as_html.render(report(*all_changes(), lang=lang)))
    heads = page.evaluate(HEADS)
    page.close()
    assert len(heads) == 5
    assert all(before[1] + 6 <= after[0] for before, after in pairwise(heads))


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_the_page_fits_the_screen_open_and_closed(opened, width):
    page = opened(width)
    fits = "document.documentElement.scrollWidth <= window.innerWidth"
    assert page.evaluate(fits)
    page.evaluate(OPEN_ALL)
    assert page.evaluate(fits)
    past_the_edge = page.evaluate(
        """[...document.querySelectorAll('body *')].filter(one =>
             !one.matches('.unseen, .skip') && one.getBoundingClientRect().right > window.innerWidth + 0.5
           ).map(one => one.outerHTML.slice(0, 80))"""
    )
    assert past_the_edge == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_asks_for_nothing_and_says_nothing_on_the_console(opened, address, width):
    page = opened(width)
    page.evaluate(OPEN_ALL)
    page.emulate_media(media="print")
    page.wait_for_load_state("networkidle")
    assert [url for url in page.asked if not url.startswith("data:")] == [address]
    assert page.talk == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_added_is_underlined_and_deleted_is_struck(opened, scheme):
    page = opened(1280, scheme)
    lines = "all => [...new Set(all.map(one => getComputedStyle(one).textDecorationLine))]"
    assert page.locator("ins").evaluate_all(lines) == ["underline"]
    assert page.locator("del").evaluate_all(lines) == ["line-through"]


def test_a_changed_space_carries_a_sign(opened):
    page = opened()
    page.evaluate(OPEN_ALL)
    sign = "one => getComputedStyle(one, '::before').content"
    assert page.locator("del .code").first.evaluate(sign) == '"−"'
    assert page.locator("ins .code").first.evaluate(sign) == '"+"'


def test_dark_and_light_differ_and_print_is_light(opened):
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = opened(scheme="light"), opened(scheme="dark")
    assert light.evaluate(ground) == "rgb(252, 251, 248)"
    assert dark.evaluate(ground) == "rgb(22, 23, 25)"
    dark.emulate_media(media="print", color_scheme="dark")
    assert dark.evaluate(ground) == "rgb(255, 255, 255)"


def test_what_is_folded_on_screen_is_open_on_paper(opened):
    page = opened()
    evidence = page.locator("details.evidence pre").first
    cosmetic = page.locator("details.fold article").first
    assert not evidence.is_visible()
    assert not cosmetic.is_visible()
    page.emulate_media(media="print")
    assert evidence.is_visible()
    assert cosmetic.is_visible()
    assert "https://www.korea.kr/" in page.locator("h3 a").first.evaluate(
        "one => getComputedStyle(one, '::after').content.replace('attr(href)', one.href)"
    )


def test_the_keyboard_reaches_the_skip_link_first_and_it_leads_to_the_changes(opened):
    page = opened()
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("one => one === document.activeElement && one.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "changes"


def test_a_fold_opens_by_keyboard_without_a_script(opened):
    page = opened()
    page.locator("details.evidence summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.evidence pre").first.is_visible()


def test_screen_readers_get_headings_and_named_articles(opened):
    page = opened()
    tree = page.locator("main").aria_snapshot()
    assert 'heading "내용 변경 6" [level=2]' in tree
    assert 'article "가을철 산불 예방 합동 점검 결과"' in tree
    assert "[삭제:" in tree


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_axe_finds_no_serious_fault(opened, scheme, width):
    page = opened(width, scheme, scripts=True)
    page.evaluate(OPEN_ALL)
    assert faults(page) == []


def test_pictures_turn_dark_with_the_page_and_their_letters_stay_legible_on_a_phone(opened):
    bar = "getComputedStyle(document.querySelector('.picture .series rect')).fill"
    light, dark = opened(360), opened(360, "dark")
    assert light.evaluate(bar) == "rgb(20, 71, 125)"
    assert dark.evaluate(bar) != light.evaluate(bar)
    tall = "[...document.querySelectorAll('.picture svg text')].map(one => one.getBoundingClientRect().height)"
    assert min(one for one in light.evaluate(tall) if one) > 9
