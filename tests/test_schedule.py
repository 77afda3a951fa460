"""Crontab lines and systemd units run what they say, at Korean times, whatever stands in the archive's path."""

from __future__ import annotations

import configparser
import json
import os
import pwd
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from cli.main import gochim
from cli.options import Place
from cli.scheduling import crontab, unit_word, units, without
from crawler.watch import written
from storage.archive import Archive
from storage.errors import SettingsError

TIMES = (time(7, 10), time(19, 10), time(23, 5))
HARD = """a b%c'd"$HOME\\e"""


def cron_commands(table: str) -> Iterator[str]:
    """Give what cron hands to the shell (crontab(5)): up to a bare %, of escaped ones the bare character."""
    for line in table.splitlines():
        if line and not line.startswith("#"):
            command = line.split(" ", 1)[1] if line.startswith("@") else line.split(" ", 5)[5]
            yield re.split(r"(?<!\\)%", command)[0].replace("\\%", "%")


def unit_words(line: str) -> list[str]:
    """Read the words of ExecStart as systemd does: quotes, escapes, specifiers, variables."""
    words = [re.sub(r"\\(.)", r"\1", one) for one in re.findall(r'"((?:[^"\\]|\\.)*)"', line)]
    for sign in ("%", "$"):
        assert all(sign not in word.replace(sign * 2, "") for word in words), line  # It would be replaced.
    return [word.replace("%%", "%").replace("$$", "$") for word in words]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / HARD
    root.mkdir()
    (root / "gochim.toml").write_text(written(contact="desk@example.org"), encoding="utf-8")
    return root


def run(archive: Path, *words: str) -> str:
    done = CliRunner().invoke(gochim, ["--archive", str(archive), "schedule", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_shell_runs_the_command_as_it_was_meant(tmp_path):
    program = tmp_path / HARD
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    table = crontab([str(program), "--archive", HARD, "-q", "crawl"], TIMES, datetime.now(UTC))
    for command in cron_commands(table):
        done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines() == ["--archive", HARD, "-q", "crawl"]


def test_korean_times_are_turned_into_the_machines():
    command = ["/bin/gochim", "--archive", "/a"]
    in_utc = crontab(command, TIMES, datetime(2026, 9, 20, 3, tzinfo=UTC)).splitlines()
    assert [line.split(" /bin")[0] for line in in_utc if not line.startswith("#")] == [
        "5 14 * * *", "10 10,22 * * *", "@reboot",
    ]  # fmt: skip
    india = timezone(timedelta(hours=5, minutes=30))
    assert "40 3,15 * * * /bin" in crontab(command, TIMES, datetime(2026, 9, 20, 3, tzinfo=india))


@given(st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc")), min_size=1))
def test_any_word_comes_back_from_a_unit(word):
    assert unit_words(unit_word(word)) == [word]


def test_units_hold_what_systemd_wants(archive):
    found = units(["/usr/bin/gochim", "--archive", str(archive), "-q", "crawl"], TIMES)
    service, timer = (configparser.RawConfigParser(strict=False) for _ in range(2))
    for parser in (service, timer):
        parser.optionxform = str  # type: ignore[assignment,method-assign]
    service.read_string(next(text for name, text in found.items() if name.endswith(".service")))
    text = next(text for name, text in found.items() if name.endswith(".timer"))
    timer.read_string(text)
    assert unit_words(service["Service"]["ExecStart"])[1:] == ["--archive", str(archive), "-q", "crawl"]
    assert re.findall("OnCalendar=(.*)", text) == [f"*-*-* {one:%H:%M}:00 Asia/Seoul" for one in TIMES]
    assert timer["Timer"]["Persistent"] == "true"
    assert service["Service"]["Type"] == "oneshot"


def test_units_are_named_after_the_archive_as_earlier_editions_named_them():
    """Under another name here, the timers that stand in users' homes would be neither replaced nor removed."""
    assert [sorted(units(["/bin/gochim", "--archive", one], TIMES)) for one in ("/a", "/b")] == [
        ["gochim-6a50dc85.service", "gochim-6a50dc85.timer"], ["gochim-9812b0b9.service", "gochim-9812b0b9.timer"],
    ]  # fmt: skip


def test_units_are_written_so():
    service, timer = units(["/bin/gochim", "--archive", "/a %", "crawl"], (time(7, 5), time(19, 10))).values()
    assert service.splitlines() == [
        "[Unit]",
        "Description=gochim crawl into /a %%",
        "Wants=network-online.target",
        "After=network-online.target",
        "",
        "[Service]",
        "Type=oneshot",
        'ExecStart="/bin/gochim" "--archive" "/a %%" "crawl"',
        "SuccessExitStatus=4",
    ]
    assert timer.splitlines() == [
        "[Unit]",
        "Description=gochim crawl into /a %%, by the clock of Korea",
        "",
        "[Timer]",
        "OnCalendar=*-*-* 07:05:00 Asia/Seoul",
        "OnCalendar=*-*-* 19:10:00 Asia/Seoul",
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]


def a_crontab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a crontab on PATH that keeps its table in a file and behaves like Debian's."""
    table = tmp_path / "table"
    script = tmp_path / "bin" / "crontab"
    script.parent.mkdir()
    script.write_text(
        "#!/bin/sh\n"
        f"case $1 in -l) if [ -e '{table}' ]; then cat '{table}'; else echo 'no crontab for me' >&2; exit 1; fi;;\n"
        f"-) cat > '{table}';; *) exit 2;; esac\n",
        encoding="utf-8",
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    return table


def test_installing_twice_is_installing_once_and_removing_leaves_the_rest(archive, tmp_path, monkeypatch):
    table = a_crontab(tmp_path, monkeypatch)
    run(archive, "--install")
    table.write_text("MAILTO=me\n" + table.read_text(encoding="utf-8"), encoding="utf-8")
    run(archive, "--install", "--times", "06:00")
    text = table.read_text(encoding="utf-8")
    assert text.count(": begin") == 1
    assert len(list(cron_commands(text.replace("MAILTO=me\n", "")))) == 2
    run(archive, "--remove")
    assert table.read_text(encoding="utf-8") == "MAILTO=me\n"


def test_a_timer_is_written_enabled_and_removed(archive, tmp_path, monkeypatch):
    said = tmp_path / "said"
    script = tmp_path / "bin" / "systemctl"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\necho "$@" >> "{said}"\n', encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    told = run(archive, "--systemd", "--install")
    home = tmp_path / "config" / "systemd" / "user"
    names = sorted(one.name for one in home.iterdir())
    assert [name.rpartition(".")[2] for name in names] == ["service", "timer"]
    assert told == f"Installed as {names[1]}; to have it run while you are logged out: loginctl enable-linger\n"
    printed = "\n".join(f"# {home / name}\n{(home / name).read_text(encoding='utf-8')}" for name in names)
    assert run(archive, "--systemd") == printed  # One could be put in place by hand.
    (home / names[0]).unlink()
    assert run(archive, "--systemd", "--remove") == f"{names[1]} is not installed any more.\n"
    assert list(home.iterdir()) == []
    assert said.read_text(encoding="utf-8").splitlines() == [
        "--user daemon-reload", f"--user enable --now {names[1]}", f"--user disable --now {names[1]}",
        "--user daemon-reload",
    ]  # fmt: skip


def test_a_timer_that_systemd_refuses_leaves_its_units_as_they_were(archive, tmp_path, monkeypatch):
    """Where no user's systemd runs, the units stood there for good, after "Nothing was changed"."""
    script = tmp_path / "bin" / "systemctl"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\necho 'Failed to connect to bus' >&2; exit 1\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = tmp_path / "config" / "systemd" / "user"
    with pytest.raises(SettingsError, match=r"Failed to connect to bus\. Nothing was changed"):
        gochim.main(["--archive", str(archive), "schedule", "--systemd", "--install"], standalone_mode=False)
    assert list(home.iterdir()) == []
    script.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    run(archive, "--systemd", "--install")
    before = {one.name: one.read_bytes() for one in home.iterdir()}
    assert len(before) == 2
    script.write_text("#!/bin/sh\n[ $2 = daemon-reload ] || exit 7\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"enable --now gochim-\w+\.timer failed: 7\. Nothing was changed"):
        gochim.main(
            ["--archive", str(archive), "schedule", "--systemd", "--install", "--times", "06:00"],
            standalone_mode=False,
        )
    assert {one.name: one.read_bytes() for one in home.iterdir()} == before


def test_what_is_printed_names_the_program_and_the_archive(archive):
    table, text = run(archive), run(archive, "--systemd")
    commands = list(cron_commands(table))
    assert commands
    assert all(command.startswith("/") and command.endswith(" -q crawl") for command in commands)
    assert "Asia/Seoul" in text
    assert "Persistent=true" in text


def test_what_cannot_be_scheduled_is_refused_in_words(archive, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    for words, said in (
        (["--archive", str(archive), "schedule", "--install"], "There is no crontab here. Install cron, or print"),
        (["--archive", str(archive), "schedule", "--systemd", "--install"], "no systemctl here. Install systemd, or"),
        (
            ["--archive", str(archive), "schedule", "--times", "25:00"],
            "'25:00' is no list of times of day; write it like",
        ),
        (["--archive", str(tmp_path / "none"), "schedule"], "There are no settings"),
    ):
        done = CliRunner().invoke(gochim, words)
        assert done.exit_code != 0
        assert said in done.output + str(done.exception)


def test_who_has_no_home_is_told_so(archive, monkeypatch):
    def nobody(_: int) -> None:
        raise KeyError

    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(SettingsError, match=r"no home for ~/\.config .*set HOME"):
        gochim.main(["--archive", str(archive), "schedule", "--systemd"], standalone_mode=False)
    with pytest.raises(SettingsError, match=r"gochim\.toml: there is no home for ~/gochim\.log"):
        Place(Archive(archive)).file("~/gochim.log")
    assert "crawl" in run(archive)


def test_the_other_lines_of_a_crontab_go_back_byte_for_byte(archive, tmp_path, monkeypatch):
    """A comment in EUC-KR ended the command; a form feed or a carriage return in a line cut it in two."""
    table = a_crontab(tmp_path, monkeypatch)
    before = "# 백업\n".encode("cp949") + b"5 5 * * * other a\x0cb\x1cc\r\n\n# \xe2\x80\xa8 end\n"
    table.write_bytes(before)
    run(archive, "--install")
    assert table.read_bytes().startswith(before)
    assert table.read_bytes() != before
    run(archive, "--remove")
    assert table.read_bytes() == before


def test_what_an_earlier_edition_installed_is_replaced_and_taken_out(archive, tmp_path, monkeypatch):
    """The marks are in users' crontabs: other words here would leave their old lines there, to crawl beside the new."""
    table = a_crontab(tmp_path, monkeypatch)
    installed = f"# gochim {archive}: begin\n0 7 * * * old crawl\n# gochim {archive}: end\n"
    table.write_text(installed, encoding="utf-8")
    assert run(archive, "--install") == "Installed in the crontab; see it with: crontab -l\n"
    assert "old crawl" not in table.read_text(encoding="utf-8")
    table.write_text(installed, encoding="utf-8")
    (archive / "gochim.toml").unlink()  # What is taken out need not be able to run.
    assert run(archive, "--remove") == "Not in the crontab any more.\n"
    assert table.read_text(encoding="utf-8") == ""


def test_a_crontab_that_cannot_be_read_is_not_taken_for_an_empty_one(archive, tmp_path, monkeypatch):
    """What was put in its place would have been all that is left of it."""
    table = a_crontab(tmp_path, monkeypatch)
    table.write_text("5 5 * * * other\n", encoding="utf-8")
    script = tmp_path / "bin" / "crontab"
    refusal = "#!/bin/sh\nif [ $1 = -l ]; then echo '권한 없음' >&2; exit 1; fi; cat > ".encode("cp949")
    script.write_bytes(refusal + f"'{table}'\n".encode())
    for deed in ("--install", "--remove"):
        with pytest.raises(SettingsError, match=r"crontab -l failed: \S+ \S+\. Nothing was changed"):
            gochim.main(["--archive", str(archive), "schedule", deed], standalone_mode=False)
    assert table.read_text(encoding="utf-8") == "5 5 * * * other\n"


def test_quietly_only_what_was_asked_for_is_printed(archive, tmp_path, monkeypatch):
    a_crontab(tmp_path, monkeypatch)
    assert run(archive, "-q", "--install") == run(archive, "-q", "--remove") == ""
    assert "crawl" in run(archive, "-q")


def test_times_may_come_in_any_order_and_apart(archive):
    told = json.loads(run(archive, "--times", "19:10, 7:05 ,23:00", "--format", "json"))
    assert (told["by"], told["deed"], told["times"]) == ("cron", None, ["07:05", "19:10", "23:00"])
    assert told["said"].splitlines()[1].startswith("# 07:05, 19:10, 23:00 in Korea, ")
    told = json.loads(run(archive, "--times", "19:10,7:05", "--format", "json", "--systemd"))
    assert (told["by"], told["times"]) == ("systemd", ["07:05", "19:10"])
    assert told["said"].index("07:05:00 Asia/Seoul") < told["said"].index("19:10:00 Asia/Seoul")


def test_an_archive_named_by_its_place_here_is_scheduled_by_its_place_everywhere(archive, monkeypatch):
    monkeypatch.chdir(archive.parent)
    told = json.loads(run(Path(archive.name), "--format", "json"))
    assert told["command"][1:] == ["--archive", str(archive), "-q", "crawl"]


def test_a_path_that_would_end_a_line_is_refused(tmp_path):
    root = tmp_path / "a\nb"
    root.mkdir()
    (root / "gochim.toml").write_text(written(contact="desk@example.org"), encoding="utf-8")
    with pytest.raises(SettingsError, match=r"a\\nb' holds characters that no crontab or unit can; move the archive"):
        gochim.main(["--archive", str(root), "schedule"], standalone_mode=False)


def test_the_command_that_was_called_is_scheduled_else_the_one_beside_python_else_the_one_on_path(
    archive, tmp_path, monkeypatch
):
    called, beside, on_path = (tmp_path / place / "gochim" for place in ("called", "python", "path"))
    for one in (called, beside, on_path):
        one.parent.mkdir()
        one.write_text("#!/bin/sh\n", encoding="utf-8")
        one.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(beside.with_name("python")))
    monkeypatch.setenv("PATH", str(on_path.parent))

    def program(argument: str) -> str:
        monkeypatch.setattr(sys, "argv", [argument])
        return str(json.loads(run(archive, "--format", "json"))["command"][0])

    assert program(str(called)) == str(called)
    assert program(os.path.relpath(called)) == str(called)
    gone, module = str(tmp_path / "gone" / "gochim"), tmp_path / "__main__.py"
    module.touch()
    assert program(gone) == program(str(module)) == str(beside)
    beside.unlink()
    assert program(gone) == str(on_path)
    on_path.unlink()
    with pytest.raises(SettingsError, match="gochim is not installed, so it cannot be scheduled"):
        gochim.main(["--archive", str(archive), "schedule"], standalone_mode=False)


def test_a_crontab_whose_end_mark_is_lost_is_left_alone():
    with pytest.raises(SettingsError, match="without its end"):
        without("# gochim /a: begin\n5 5 * * * other\n", "/a")
    assert without("# gochim /a: end\nx\n", "/a") == "# gochim /a: end\nx\n"
