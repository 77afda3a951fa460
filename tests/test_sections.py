"""Every section's pages, frozen, are read field by field as they were reviewed."""

from __future__ import annotations

import json
import re
import shutil
from functools import cache

import pytest

from crawler.sections import SECTIONS
from tests.golden_cases import FIELDS, ROOT, cases, expected, reading

read_once = cache(reading)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("case", cases(), ids=lambda one: str(one.relative_to(ROOT)))
def test_a_golden_page_is_read_as_reviewed(case, field):
    reviewed = expected(case)
    read = read_once(case)
    assert set(reviewed) == set(FIELDS) == set(read)
    assert read[field] == reviewed[field]


@pytest.mark.parametrize("case", cases(), ids=lambda one: str(one.relative_to(ROOT)))
def test_a_golden_page_stands_under_its_section_and_layout(case):
    read = read_once(case)
    assert case.relative_to(ROOT).parts[:2] == (read["section"], read["layout"])


def upper_case(text: str) -> str:
    # <p class="x">, </p>; not <?xml and not the comparison in a script
    return re.sub(r"(</?)([a-z][a-z0-9]*)(?=[\s>/])", lambda tag: tag[1] + tag[2].upper(), text)


SERVED = {
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "upper case": upper_case,
    "one line": lambda text: re.sub(r"\s*\n\s*", "\n", text).replace(">\n<", "><"),
    "comments": lambda text: re.sub(r"(</p>|</li>|<td>|<br ?/?>|</span>)(?! -->)", r"\1<!-- <p>지운 글</p> -->", text),
    "blank lines": lambda text: text.replace(">\n", ">\n \n\t\n"),
    "a script in front": lambda text: text.replace(
        "<body>", "<body><script>var a = '<div class=\"view_cont\">';</script>"
    ),
}


@pytest.mark.parametrize("how", SERVED)
@pytest.mark.parametrize("case", cases(), ids=lambda one: str(one.relative_to(ROOT)))
def test_a_page_served_otherwise_says_the_same(case, how, tmp_path):
    for one in case.iterdir():
        text = one.read_text(encoding="utf-8")
        served = SERVED[how](text) if one.suffix == ".html" else text
        (tmp_path / one.name).write_text(served, encoding="utf-8", newline="")
        assert served != text or one.suffix != ".html" or how == "a script in front"
    assert reading(tmp_path) == read_once(case)


def test_every_section_has_a_golden_page_and_every_layout_too():
    places = {case.relative_to(ROOT).parts[:2] for case in cases()}
    assert {section for section, _ in places} <= set(SECTIONS)
    assert {layout for _, layout in places} <= {
        one.__name__ for section in SECTIONS.values() for one in section.layouts
    }


def test_a_golden_page_is_small():
    for case in cases():
        assert sum(one.stat().st_size for one in case.glob("*.html")) < 60_000, case


def test_a_case_without_article_is_written_and_fails(tmp_path):
    case = tmp_path / "fact-check" / "View2026" / "new"
    shutil.copytree(cases()[0], case)
    (case / "article.json").unlink()
    with pytest.raises(pytest.fail.Exception, match="review it, then run the tests again"):
        expected(case)
    assert json.loads((case / "article.json").read_text(encoding="utf-8")) == reading(case)
    assert expected(case) == reading(case)
    assert cases(tmp_path) == [case]


def test_a_golden_page_spoilt_is_noticed(tmp_path):
    case = tmp_path / "case"
    shutil.copytree(cases()[0], case)
    page = case / "page.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace("view_cont", "view_text").replace("viewCont", "x"), encoding="utf-8"
    )
    assert reading(case) == {"outcome": "unrecognised"}


def test_sections_have_their_own_names_paths_and_lists():
    views = [view for section in SECTIONS.values() for view in (*section.views, *section.own_views)]
    assert len(views) == len(set(views))
    lists = [one.path for section in SECTIONS.values() for one in section.lists]
    assert len(lists) == len(set(lists))
    assert all(section.entries() for section in SECTIONS.values())
    assert all(name == section.name for name, section in SECTIONS.items())
