"""Every section's pages, frozen, are read field by field as they were reviewed."""

from __future__ import annotations

import json
import shutil
from functools import cache

import pytest

from crawler.sections import SECTIONS
from tests.accuracy import Measure, as_toml, floors, measured, table
from tests.golden_cases import FIELDS, ROOT, SERVED, cases, expected, reading

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


@pytest.mark.parametrize("how", SERVED)
@pytest.mark.parametrize("case", cases(), ids=lambda one: str(one.relative_to(ROOT)))
def test_a_page_served_otherwise_says_the_same(case, how):
    page = (case / "page.html").read_text(encoding="utf-8")
    assert SERVED[how](page) != page or how == "a script in front"
    assert reading(case, SERVED[how]) == read_once(case)


def test_every_layout_of_every_section_has_a_golden_page_and_no_other_has():
    places = {case.relative_to(ROOT).parts[:2] for case in cases()}
    assert places == {(section.name, one.__name__) for section in SECTIONS.values() for one in section.layouts}


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


def test_the_accuracy_is_that_of_the_floors_and_no_floor_was_lowered_silently():
    found = measured()
    pinned = floors()
    assert set(found) == set(pinned)
    for place, one in found.items():
        floor = pinned[place]
        assert (one.pages, one.fields, one.exact) == (floor["pages"], floor["fields"], floor["exact"]), (
            f"{place} is read otherwise than tests/golden/floors.toml says; run: make accuracy"
        )
        assert one.exact == one.fields or floor.get("because"), f"the floor of {place} is not whole and says no reason"


def test_a_field_read_wrongly_lowers_the_accuracy(tmp_path):
    case = tmp_path / "policy-news" / "View2026" / "list"
    shutil.copytree(ROOT / "policy-news" / "View2026" / "list", case)
    (whole,) = measured(tmp_path).values()
    assert whole.exact == whole.fields == whole.pages * (1 + len(SERVED)) * len(FIELDS)
    article = json.loads((case / "article.json").read_text(encoding="utf-8"))
    (case / "article.json").write_text(json.dumps(article | {"title": "다른 제목"}), encoding="utf-8")
    found = measured(tmp_path)
    assert found == {("policy-news", "View2026"): Measure(1, whole.fields, whole.exact - 1 - len(SERVED))}
    (tmp_path / "floors.toml").write_text(as_toml(found), encoding="utf-8")
    assert floors(tmp_path / "floors.toml") == {
        ("policy-news", "View2026"): {"pages": 1, "fields": whole.fields, "exact": whole.exact - 1 - len(SERVED)}
    }
    assert "94.44%" in table(found)
