"""The pinned packages: each can be installed on the oldest Python that pyproject.toml allows."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

_ROOT = Path(__file__).parents[1]


def _pins() -> dict[str, str]:
    lines = (_ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}


def test_every_pinned_package_can_be_installed_on_the_oldest_python_that_is_enough():
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=") + ".0"
    pins = _pins()
    installed = {canonicalize_name(one.name): one for one in metadata.distributions()}
    held = {name: installed[name].metadata.get("Requires-Python") for name in pins.keys() & installed.keys()}
    assert len(held) > 100
    assert {name: asked for name, asked in held.items() if asked and oldest not in SpecifierSet(asked)} == {}
    assert {name: installed[name].version for name in held} == {name: pins[name] for name in held}


def test_a_source_distribution_takes_no_tests_along_without_what_they_need():
    rules = (_ROOT / "MANIFEST.in").read_text(encoding="utf-8").splitlines()
    assert [one for one in rules if not one.startswith("#")] == ["prune tests"]
