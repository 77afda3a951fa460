"""What the crawler remembers between runs survives, or is forgotten without harm."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.state import State


def test_what_a_part_holds_is_there_in_the_next_run(tmp_path: Path):
    state = State.load(tmp_path / "state.json")
    state.part("walks")["press-release"] = {"until": "2026-01-01", "부처": ["A00015"]}
    state.part("host")["slowdown"] = 2.5
    state.save()
    again = State.load(tmp_path / "state.json")
    assert again.part("walks") == {"press-release": {"until": "2026-01-01", "부처": ["A00015"]}}
    assert again.part("host") == {"slowdown": 2.5}
    assert again.part("never") == {}
    assert [one.name for one in tmp_path.iterdir()] == ["state.json"]


def test_a_memory_that_says_nothing_new_is_not_written_again(tmp_path: Path):
    state = State.load(tmp_path / "state.json")
    state.part("host")["slowdown"] = 2.5
    state.save()
    first = state.path.stat()
    state.save()
    assert state.path.stat() == first  # a file that is written takes the place of the one before
    state.part("host")["slowdown"] = 2.0
    state.save()
    assert state.path.stat().st_ino != first.st_ino
    assert State.load(state.path).part("host") == {"slowdown": 2.0}


def test_without_a_file_the_memory_is_empty_and_nothing_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    assert State.load(tmp_path / "state.json").part("walks") == {}
    assert not caplog.records


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'{"format": 1, "parts": {"walks"',
        b"\xff\xfe\x00",
        b"[]",
        b"null",
        b'{"format": 2, "parts": {}}',
        b'{"format": 1}',
        b'{"format": 1, "parts": []}',
        b"[" * 200_000,
        b'"' + b"a" * (17 * 1024 * 1024) + b'"',
    ],
)
def test_a_broken_file_is_an_empty_memory_with_a_warning(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
):
    path = tmp_path / "state.json"
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        state = State.load(path)
    assert state.part("walks") == {}
    assert str(path) in caplog.text
    state.part("walks")["a"] = 1
    state.save()
    assert State.load(path).part("walks") == {"a": 1}


def test_a_part_of_another_shape_is_left_out(tmp_path: Path):
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"format": 1, "parts": {"walks": [1], "host": {"a": 1}}}), encoding="utf-8")
    state = State.load(path)
    assert (state.part("walks"), state.part("host")) == ({}, {"a": 1})


def test_a_directory_in_its_place_is_warned_of_and_harms_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "state.json").mkdir()
    state = State.load(tmp_path / "state.json")
    state.part("walks")["a"] = 1
    state.save()
    assert "state.json" in caplog.text
    assert "state.json cannot be written" in state.unsaved


def test_a_torn_write_leaves_the_file_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    state = State.load(tmp_path / "state.json")
    state.part("walks")["a"] = 1
    state.save()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    state.part("walks")["a"] = 2
    state.save()
    assert State.load(tmp_path / "state.json").part("walks") == {"a": 1}


_TEXT = st.text(st.characters(codec=None))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(parts=st.dictionaries(st.text(min_size=1), st.dictionaries(st.text(), _JSON, min_size=1), max_size=4))
def test_any_json_is_read_back_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, parts: dict):
    path = tmp_path_factory.mktemp("state") / "state.json"
    state = State.load(path)
    for name, part in parts.items():
        state.part(name).update(part)
    state.save()
    again = State.load(path)
    assert {name: again.part(name) for name in parts} == parts
