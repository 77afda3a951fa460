"""A probe is a run like any other: archived, polite, and told in words, lines, a table and a bundle."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.cells import cell_len
from rich.console import Console

from cli.main import gochim
from cli.probe_page import probe_page
from cli.probe_table import plain, table
from crawler.portal import Portal as Addresses
from crawler.probe import ASSUMPTIONS, QUESTIONS
from crawler.probe.assumption import Gathered, Verdict
from replica.portal import Portal
from replica.server import serve
from replica.state import Fault
from storage import captures
from storage.archive import Archive
from storage.errors import RunEndedEarly, SettingsError
from storage.warc_reader import iter_records
from tests.probes import only, probe
from tests.runs import ARTICLES, few_articles
from tests.serving import free_port
from tests.warc_samples import check_file

CONTACT = "desk+probe@example.org"


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    root = tmp_path_factory.mktemp("bundled")
    portal = Portal.load(few_articles(root / "articles", 1))
    with serve(portal) as running:
        done = probe(
            root / "archive", running.url, "--bundle", str(root / "probe.zip"), contact=CONTACT, attachments=True
        )
        return root, done, portal


def test_every_assumption_is_judged_and_every_verdict_has_its_evidence(bundled):
    root, done, _ = bundled
    assert done.error is None
    assert {one["assumption"] for one in done.told["verdicts"]} == set(ASSUMPTIONS)
    archive = Archive(root / "archive")
    db = archive.database()
    kept = {one.evidence.record_id for one in captures.of_run(db, done.told["run"])}
    differing = [one for one in done.told["verdicts"] if one["verdict"] == "differs"]
    assert all(one["mend"] for one in differing)
    assert all(one["evidence"]["record_id"] in kept for one in done.told["verdicts"] if one["evidence"])
    db.close()


def test_a_probe_is_a_run_of_its_own_that_says_who_asks(bundled):
    root, done, portal = bundled
    archive = Archive(root / "archive")
    db = archive.database()
    (run,) = db.execute("SELECT run, finish, requests FROM runs").fetchall()
    assert (run["run"], run["finish"]) == (done.told["run"], "finished")
    assert run["requests"] == len(captures.of_run(db, run["run"])) == done.told["requests"]
    assert len(portal.log) == done.told["requests"]
    assert portal.log[0].path == "/robots.txt"
    assert all(CONTACT in visit.user_agent for visit in portal.log)
    assert [str(one) for path in archive.warcs.glob("*.warc.gz") for one in check_file(path)] == []
    db.close()


def test_what_a_probe_looked_at_is_filed_by_the_next_command_and_is_no_change(bundled):
    root, _, _ = bundled
    done = CliRunner().invoke(gochim, ["status", "--format", "json", "--archive", str(root / "archive")])
    counts = json.loads(done.stdout)["counts"]
    assert counts["versions"] == counts["articles"] > 2
    assert counts["changes"] == 0
    assert "incomplete" not in json.loads(done.stdout)["outcomes"]


def test_nobodys_id_leaves_no_trace_among_the_articles(bundled):
    root, done, _ = bundled
    assert done.said("unknown") == "holds"
    db = Archive(root / "archive").database()
    assert not [one for one in captures.of_run(db, done.told["run"]) if "999999999" in (one.article or "")]
    db.close()


def test_the_bundle_holds_the_records_byte_for_byte_and_neither_contact_nor_machine(bundled, tmp_path):
    root, done, _ = bundled
    with zipfile.ZipFile(root / "probe.zip") as bundle:
        assert sorted(bundle.namelist()) == ["README", "probe.warc.gz", "settings.toml", "verdicts.json"]
        bundle.extractall(tmp_path)
    told = json.loads((tmp_path / "verdicts.json").read_text(encoding="utf-8"))
    here = f" --archive {root / 'archive'}"
    printed = [one | {"mend": one["mend"] and one["mend"].replace(here, "")} for one in done.told["verdicts"]]
    assert told["verdicts"] == printed != done.told["verdicts"]
    assert told["python"]
    assert told["software"].startswith("gochim/")
    cut, whole = tmp_path / "probe.warc.gz", b"".join(
        path.read_bytes() for path in (root / "archive" / "warc").glob("*.gz")
    )  # fmt: skip
    data, copied, seen = cut.read_bytes(), set(), b""
    for record in iter_records(cut):
        if record.type != "warcinfo":
            assert data[record.offset : record.offset + record.length] in whole
            copied.add(record.record_id)
        seen += record.raw_header + record.block
    left = {one["record_id"]: one for one in told["left_out"]}
    assert {one["evidence"]["record_id"] for one in told["verdicts"] if one["evidence"]} <= copied
    assert {one["kind"] for one in left.values()} <= {"request"}
    assert left
    assert not copied & set(left)
    texts = seen + b"".join((tmp_path / one).read_bytes() for one in ("README", "settings.toml", "verdicts.json"))
    for secret in (
        CONTACT,
        CONTACT.replace("+", "%2B"),
        CONTACT.replace("@", "%40"),
        "hostname:",
        "operator:",
        str(root),
    ):
        assert secret.encode() not in texts
    assert [str(one) for one in check_file(cut) if one.severity == "error"] == []


def test_a_second_probe_carries_the_records_that_its_revisits_refer_to(tmp_path):
    with serve(Portal.load(few_articles(tmp_path / "articles", 1))) as running:
        words = [*only("downloads"), "--bundle"]
        probe(tmp_path / "archive", running.url, *words, str(tmp_path / "1.zip"))
        probe(tmp_path / "archive", running.url, *words, str(tmp_path / "2.zip"))
    with zipfile.ZipFile(tmp_path / "2.zip") as bundle:
        bundle.extract("probe.warc.gz", tmp_path)
    records = [
        (one.type, one.record_id, one.headers.get("WARC-Refers-To")) for one in iter_records(tmp_path / "probe.warc.gz")
    ]
    referred = {refers.strip("<>") for kind, _, refers in records if kind == "revisit"}
    assert referred
    assert referred <= {record for kind, record, _ in records if kind == "response"}


def test_only_what_is_asked_about_is_asked(tmp_path):
    portal = Portal.load(few_articles(tmp_path / "articles", 1))
    with serve(portal) as running:
        done = probe(tmp_path / "archive", running.url, *only("unknown", "rss"))
        assert [one["assumption"] for one in done.told["verdicts"]] == ["unknown", "rss"]
        assert len(portal.log) == 3
        done = probe(tmp_path / "archive", running.url, *only("robots"))
        assert done.said("robots") == "holds"
        assert len(portal.log) == 4
    assert done.code == 0


def test_what_differs_gives_exit_code_1(tmp_path):
    portal = Portal.load(few_articles(tmp_path / "articles", 1))
    portal.switches.unknown = "alert"
    with serve(portal) as running:
        done = probe(tmp_path / "archive", running.url, *only("unknown"))
    assert done.code == 1
    assert done.error is None
    assert done.verdict("unknown")["mend"] == "Nothing to mend: its notice is understood."


def test_a_name_that_is_none_is_refused(tmp_path):
    done = probe(tmp_path / "archive", "http://127.0.0.1:9", *only("weather"))
    assert isinstance(done.error, SettingsError)
    assert "There is no assumption weather; there are robots," in str(done.error)


def test_a_bundle_is_never_overwritten(tmp_path):
    (tmp_path / "b.zip").write_text("mine")
    done = probe(tmp_path / "archive", "http://127.0.0.1:9", "--bundle", str(tmp_path / "b.zip"))
    assert isinstance(done.error, SettingsError)
    assert (tmp_path / "b.zip").read_text() == "mine"


def test_a_portal_that_is_not_there_ends_with_a_sentence_and_code_5(tmp_path):
    port = free_port()
    done = probe(tmp_path / "archive", f"http://127.0.0.1:{port}")
    assert isinstance(done.error, RunEndedEarly)
    assert f"http://127.0.0.1:{port} did not answer: 127.0.0.1:{port} (127.0.0.1) refused the connection" in str(
        done.error
    )
    assert {one["verdict"] for one in done.told["verdicts"]} == {"cannot tell"}


def test_a_firewall_before_everything_tells_nothing_and_says_so(tmp_path):
    portal = Portal.load(few_articles(tmp_path / "articles", 1))
    with serve(portal) as running:
        for path in ("/robots.txt", "/news/policyNewsView.do", "/rss/policy.xml"):
            portal.state.faults[path] = Fault("firewall")
        done = probe(tmp_path / "archive", running.url, *only("robots", "unknown", "rss"))
    assert isinstance(done.error, RunEndedEarly)
    assert "firewall" in str(done.error)
    assert {one["verdict"] for one in done.told["verdicts"]} == {"cannot tell"}


def test_a_list_that_breaks_off_or_fails_cannot_be_told(tmp_path):
    portal = Portal.load(few_articles(tmp_path / "articles", 1))
    with serve(portal) as running:
        portal.state.faults["/news/policyNewsList.do"] = Fault("drop")
        portal.state.faults["/briefing/actuallyList.do"] = Fault("status", status=500)
        done = probe(tmp_path / "archive", running.url, *only("list"))
    assert done.said("list", "policy-news") == "cannot tell"
    assert "status 500" in done.verdict("list", "fact-check")["how"]
    assert done.said("list", "press-release") == "holds"


def verdicts():
    return [
        Verdict("layout", "…", "holds", "View2026", "policy-news"),
        Verdict("layout", "…", "holds", "View2026", "speech"),
        Verdict(
            "layout", "…", "differs", "“정책브리핑 | 대한민국” \x1b[31m을 읽지 못했다.", "notice", "gochim new-case 7"
        ),
        Verdict("tls", "…", "cannot tell", "The portal of the settings is not asked by https."),
    ]


def test_the_table_keeps_its_edges_under_korean_text():
    out = io.StringIO()
    Console(file=out, width=90, force_terminal=False).print(table(verdicts()))
    lines = out.getvalue().splitlines()
    assert {cell_len(line) for line in lines} == {90} or {cell_len(line) for line in lines} == {cell_len(lines[0])}
    assert any("정책브리핑" in line for line in lines)


def test_lines_put_together_what_is_the_same_and_obey_no_control_character():
    lines = list(plain(verdicts()))
    assert [line.split()[0] for line in lines] == ["differs", "->", "holds", "cannot"]
    assert "policy-news, speech: View2026" in lines[2]
    assert "\x1b" not in "".join(lines)
    assert "gochim new-case 7" in lines[1]


def test_quietly_only_what_differs_is_said(tmp_path):
    with serve(Portal.load(few_articles(tmp_path / "articles", 1))) as running:
        probe(tmp_path / "archive", running.url, *only("rss"))
        words = ["probe", "-q", "--archive", str(tmp_path / "archive"), *only("rss", "robots")]
        assert CliRunner().invoke(gochim, words).output == ""


def test_the_catalogue_is_whole():
    for name, one in ASSUMPTIONS.items():
        assert one.name == name
        assert one.statement.endswith(".")
        assert one.judge.__doc__
        assert one.needs <= {*QUESTIONS, "robots"}
    assert len({one.statement for one in ASSUMPTIONS.values()}) == len(ASSUMPTIONS)


def test_nothing_gathered_is_told_of_every_assumption_without_a_fault():
    nothing = Gathered(Addresses(), ())
    for one in ASSUMPTIONS.values():
        assert {verdict.said for verdict in one.verdicts(nothing)} == {"cannot tell"}
    assert replace(nothing, files=False).files is False


def test_the_path_of_a_bundle_that_cannot_be_written_is_named(tmp_path):
    with serve(Portal.load(few_articles(tmp_path / "articles", 1))) as running:
        missing = tmp_path / "no" / "such" / "probe.zip"
        done = probe(tmp_path / "archive", running.url, *only("rss"), "--bundle", str(missing))
    assert isinstance(done.error, RunEndedEarly)
    assert str(missing) in str(done.error)
    assert not Path(missing).exists()


def test_the_page_on_the_probe_says_how_many_requests_it_makes(tmp_path):
    portal = Portal.load(ARTICLES)
    with serve(portal) as running:
        done = probe(tmp_path / "archive", running.url, attachments=True, images=True)
    numbers = re.search(r"up to (\d+) requests.*asked\sfor (\d+) in all", probe_page(), re.DOTALL)
    assert numbers
    assert int(numbers[2]) == done.told["requests"]
    parts = [
        one for one in portal.log if any(place in one.path for place in ("download.do", "/docViewer/", "/attaches/"))
    ]
    assert 0 < len(portal.log) - len(parts) <= int(numbers[1])
