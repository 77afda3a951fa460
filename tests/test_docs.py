"""The pages that are made from the program say what the program says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from benchmarks import planning
from cli.main import VERBS, gochim
from docs import generate
from docs.generate import PAGES, ROOT
from docs.tables import schema_script
from tests.runs import Desk


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_the_program_is_up_to_date(name: str):
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == PAGES[name](), f"docs/{name} is old; run: make docs"


def test_the_tables_of_a_new_database_are_those_of_the_migrations():
    assert (ROOT / "storage" / "schema.sql").read_text(encoding="utf-8") == schema_script(), "run: make docs"


def test_make_help_names_every_target():
    targets = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1].split()
    told = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert sorted(line.split()[0] for line in told.splitlines()) == sorted(targets)


def test_a_layout_without_a_floor_is_told_with_what_makes_one(monkeypatch: pytest.MonkeyPatch):
    known = {key: floor for key, floor in generate.floors().items() if key != ("policy-news", "View2026")}
    monkeypatch.setattr(generate, "floors", lambda: known)
    with pytest.raises(SystemExit, match=r"^policy-news has no floor for View2026 in .* run: make accuracy docs$"):
        generate.sections()


def test_every_command_of_the_readme_exists():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    verbs = set(re.findall(r"(?:\$ |&& |`)gochim ([a-z-]+)\b", readme))
    shown = subprocess.run(
        [sys.executable, "-m", "cli", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    assert verbs >= {"init", "crawl"}
    assert {verb for verb in verbs if f"\n  {verb} " not in shown} == set()


def _commands(group: click.Group) -> dict[str, click.Command]:
    found = dict(group.commands)
    for name, one in group.commands.items():
        if isinstance(one, click.Group):
            found |= {f"{name} {under}": command for under, command in one.commands.items()}
    return found


def test_the_help_of_every_command_has_an_example_of_it():
    wanting = [name for name, one in _commands(gochim).items() if f"Example: gochim {name}" not in (one.help or "")]
    assert wanting == []


def _named(page: str) -> dict[str, set[str] | list[str]]:
    text = (ROOT / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[a-z-]+`(?:, `[a-z-]+`)*) \|", text, re.MULTILINE)
    return {
        "the table": [name for row in rows for name in re.findall(r"`([a-z-]+)`", row)],
        "the examples": re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL),
        "the commands between": set(re.findall(r"`(?:gochim|make) [^`]+`", text)),
        "the options": set(re.findall(r"--[a-z-]+", text)),
        "the pages": set(re.findall(r"\]\((docs/[^)]*|[A-Z]+\.md)\)", text)) - {"README.md"},
    }


def test_the_korean_readme_names_what_the_english_one_names():
    english = _named("README.md")
    assert _named("README.ko.md") == english
    assert set(english["the table"]) == set(VERBS)


def test_the_settings_in_the_readme_line_are_written(tmp_path):
    out = Desk(tmp_path / "archive").ok("init", "--contact", "desk@example.org")
    assert out.startswith("Wrote ")
    assert "Next: gochim crawl" in out


def _typed(page: Path) -> list[list[str]]:
    lines = re.findall(r"^\$ (?:.* && )?gochim (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [shlex.split(line) for line in lines]


def _parsed(arguments: list[str]) -> None:
    command: click.Command = gochim
    context = click.Context(gochim, info_name="gochim")
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        name, found, arguments = command.resolve_command(context, arguments)
        assert found is not None, name
        command = found
    if arguments not in (["--help"], ["--version"]):
        command.make_context(command.name, arguments, parent=context)


@pytest.mark.parametrize(
    "page", ["README.md", "README.ko.md", "docs/tutorial.md", "docs/citing.md", "docs/adding-a-section.md"]
)
def test_what_a_page_tells_to_type_is_understood(page: str):
    typed = _typed(ROOT / page)
    assert typed
    for arguments in typed:
        _parsed(arguments)
    with pytest.raises(click.UsageError):
        _parsed([*typed[-1], "--no-such-option"])


def test_a_command_below_another_has_its_own_place_in_the_reference():
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    every = (gochim.get_command(click.Context(gochim), name) for name in VERBS)
    groups = [one for one in every if isinstance(one, click.Group)]
    below = {f"### gochim {group.name} {name}" for group in groups for name in group.commands}
    assert below >= {"### gochim alerts test", "### gochim export wacz"}
    assert below <= set(page.splitlines())


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def _dead(page: Path) -> list[str]:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    found = []
    for link in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text):
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            found.append(f"{page}: {link}")
    return found


def test_no_link_between_pages_is_dead(tmp_path):
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert [one for page in pages for one in _dead(page)] == []
    (tmp_path / "page.md").write_text("[gone](none.md)", encoding="utf-8")
    assert _dead(tmp_path / "page.md") == [f"{tmp_path / 'page.md'}: none.md"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_given_a_script_that_completes(shell):
    script = CliRunner().invoke(gochim, ["completion", shell]).output
    assert f"_GOCHIM_COMPLETE={shell}_complete" in script
    found = ShellComplete(gochim, {}, "gochim", "_GOCHIM_COMPLETE").get_completions(["changes"], "--min-")
    assert [one.value for one in found] == ["--min-weight"]


def test_the_plans_are_what_the_unit_costs_beside_them_make():
    page = planning.PAGE.read_text(encoding="utf-8")
    told = page.partition("<!-- plans -->\n")[2].partition("<!-- end of plans -->")[0].splitlines()
    assert told == list(planning.plan_lines(planning.PLANS, *planning.told_costs(page)))
    costs = page.partition("<!-- costs -->\n")[2].partition("<!-- end of costs -->")[0].splitlines()
    assert costs[1:] == list(planning.cost_lines(*planning.told_costs(page)))[1:]  # The first line is of the machine.


def test_a_plan_counts_what_a_look_asks_for_beside_the_page():
    alone = planning.Plan("", articles=100, looks=1_000, hosts=1, viewed=0, pictures=0, files=0)
    told = planning.told_costs(planning.PAGE.read_text(encoding="utf-8"))
    few, many = (dict(planning.figures(one, *told)) for one in (alone, replace(alone, viewed=2, pictures=1)))
    assert (few["first crawl: requests"], few["all looks: requests"]) == ("105", "1,000")
    assert (many["first crawl: requests"], many["all looks: requests"]) == ("405", "4,000")


def test_every_test_that_the_page_of_faults_names_exists():
    rows = [line for line in (ROOT / "docs" / "faults.md").read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    for row in rows[1:]:
        file, *names = re.findall(r"`([a-z0-9_.]+)`", row.rpartition("|")[0].rpartition("|")[2])
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert names
        assert [one for one in names if f"def test_{one}(" not in text] == []
    assert len(rows) > 15
