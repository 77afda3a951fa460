"""How ``probe`` ends, what it prints beside the verdicts, and how much it asks."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import gochim
from cli.probing import Probed, _end, choose, tell
from crawler.probe import ASSUMPTIONS
from crawler.probe.assumption import Gathered, Seen, Verdict
from replica.portal import Portal
from replica.server import serve
from storage.archive import Archive
from storage.errors import LockHeld, RunEndedEarly, SettingsError
from tests.makers import RUN
from tests.probes import PORTAL, only, probe, seen
from tests.runs import few_articles

PLACE: Any = SimpleNamespace(watch=lambda: SimpleNamespace(url=PORTAL.base))
CAME = seen("rss", "/rss/policy.xml", "<p>")


def verdict(said: Any, how: str = "so", assumption: str = "rss") -> Verdict:
    return Verdict(assumption, "It is so.", said, how)


def probed(
    *verdicts: Verdict, exchanges: tuple[Seen, ...] = (CAME,), finish: str = "finished", failed: Any = None
) -> Probed:
    return Probed(RUN, finish, Gathered(PORTAL, exchanges), verdicts, failed)


def ended(*verdicts: Verdict, **given: Any) -> str:
    with pytest.raises(RunEndedEarly) as early:
        _end(PLACE, probed(*verdicts, **given))
    return str(early.value)


def unanswered(name: str, **given: Any) -> Seen:
    return seen(name, f"/{name}", status=None, **given)


def test_a_probe_of_which_nothing_differs_ends_well():
    for finish in ("finished", "budget"):
        _end(PLACE, probed(verdict("holds"), verdict("cannot tell"), finish=finish))


def test_what_differs_is_the_exit_code_and_lists_without_a_row_are_said_to_be_no_single_difference(capsys):
    for verdicts, whole in (
        ([verdict("differs"), verdict("holds")], False),
        ([verdict("differs", assumption="list"), verdict("holds", assumption="list")], False),
        ([verdict("differs"), verdict("cannot tell", assumption="list")], False),
        ([verdict("differs", assumption="list"), verdict("holds")], True),
        ([verdict("differs", assumption="list"), verdict("cannot tell", assumption="list")], True),
    ):
        with pytest.raises(SystemExit) as end:
            _end(PLACE, probed(*verdicts))
        assert end.value.code == 1
        assert ("no list gave a row" in capsys.readouterr().err) is whole


def test_why_nothing_answered_is_the_last_that_was_asked_for():
    refused, timed_out = unanswered("a"), unanswered("b", failure="timeout", failure_detail="It took too long.")
    forbidden = unanswered("c", failure="robots", failure_detail="robots.txt forbids it.")
    for exchanges, why in (
        ((refused, timed_out, forbidden), "It took too long"),
        ((timed_out, refused), "It was refused"),
        ((refused, unanswered("d", failure_detail="")), "It was refused"),
        ((forbidden,), "nothing was asked"),
        ((), "nothing was asked"),
    ):
        told = ended(verdict("cannot tell"), exchanges=exchanges)
        assert told == f"{PORTAL.base} did not answer: {why}. Try again later."
    _end(PLACE, probed(verdict("holds"), exchanges=(refused, CAME)))


def test_a_firewall_before_all_that_was_asked_is_told_from_one_before_a_part():
    firewall = verdict("cannot tell", "A firewall's or maintenance page stood in for it.")
    assert "answers every request with a firewall's" in ended(firewall, verdict("cannot tell"))
    _end(PLACE, probed(firewall, verdict("holds")))
    _end(PLACE, probed(verdict("cannot tell")))


def test_a_run_that_ended_early_says_why():
    told = ended(verdict("differs"), finish="blocked")
    assert told == (
        "The portal refused several requests in a row. What could be told is above; try the rest again later."
    )
    assert ended(verdict("holds"), finish="no-space").startswith("The run ended early: ")
    failed = RunEndedEarly("The disk is full.")
    assert ended(verdict("differs"), failed=failed) == "The disk is full."


def test_what_is_told_counts_exchanges_and_verdicts(capsys):
    two = probed(verdict("holds"), verdict("holds"), verdict("differs", "otherwise"))
    tell(two, "text", quiet=False)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "1 exchange: 2 holds, 1 differs, 0 cannot tell."
    assert [line.split()[0] for line in lines[:-1] if not line.startswith(" ")] == ["differs", "holds"]
    tell(two, "text", quiet=True)
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("differs")
    tell(probed(), "text", quiet=True)
    assert capsys.readouterr().out == ""
    tell(probed(), "csv", quiet=True)
    tell(two, "json", quiet=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["portal"], told["run"], told["started_at"]) == (RUN.portal, RUN.run, RUN.started_at.isoformat())
    assert (told["requests"], told["finish"]) == (1, "finished")
    assert told["counts"] == {"holds": 2, "differs": 1, "cannot tell": 0}


def test_assumptions_are_chosen_by_name_in_their_own_order():
    assert [one.name for one in choose(("rss", "robots"))] == ["robots", "rss"]
    assert [one.name for one in choose(())] == list(ASSUMPTIONS)
    with pytest.raises(SettingsError, match="There is no assumption weather, tides; there are robots, "):
        choose(("weather", "rss", "tides"))


def test_no_more_is_asked_than_allowed_and_what_was_not_is_said(tmp_path: Path):
    portal = Portal.load(few_articles(tmp_path / "articles", 1))
    with serve(portal) as running:
        done = probe(tmp_path / "archive", running.url, "--max-requests", "4")
    assert 0 < len(portal.log) <= 4
    assert done.told["finish"] == "budget"
    assert any(one["how"].startswith("It was not asked: the run ended before") for one in done.told["verdicts"])


def test_what_is_asked_and_where_the_bundle_is_are_said_beside_the_verdicts(tmp_path: Path):
    with serve(Portal.load(few_articles(tmp_path / "articles", 1))) as running:
        root, bundle = tmp_path / "archive", tmp_path / "b.zip"
        alone = probe(root, running.url, *only("rss"))
        assert alone.talk.splitlines() == [f"Asking {running.url}, a request every 0 s or less often."]
        words = ["probe", *only("rss"), "--archive", str(root), "--bundle"]
        done = CliRunner().invoke(gochim, [*words, str(bundle)])
        asked = f"Asking {running.url}, a request every 0 s or less often."
        assert done.stderr.splitlines() == [
            asked, f"{bundle}: what was fetched and the verdicts; attach it to your report.",
        ]  # fmt: skip
        assert done.stdout.splitlines()[-1].startswith("2 exchanges: 1 holds, ")
        quiet = CliRunner().invoke(gochim, ["-q", *words, str(tmp_path / "c.zip")])
        assert quiet.output == ""
        assert (tmp_path / "c.zip").exists()
        with Archive(root).locked():
            assert isinstance(CliRunner().invoke(gochim, [*words, str(tmp_path / "d.zip")]).exception, LockHeld)


def test_what_the_settings_do_not_fetch_is_no_fault_of_the_portal(tmp_path: Path):
    with serve(Portal.load(few_articles(tmp_path / "articles", 1))) as running:
        done = probe(tmp_path / "archive", running.url, *only("images", "downloads"), images=False, attachments=False)
    assert done.verdict("images")["how"] == "crawl.images is false: no picture was fetched."
    assert done.verdict("downloads")["how"] == "crawl.attachments is false: no file was fetched."


def test_on_a_terminal_verdicts_stand_in_a_table(capsys, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    tell(probed(verdict("holds", "spoken so")), "text", quiet=False)
    table, counts = capsys.readouterr().out.rstrip().rsplit("\n", 1)
    assert "spoken so" in table
    assert table.count("\n") > 2
    assert counts == "1 exchange: 1 holds, 0 differs, 0 cannot tell."
