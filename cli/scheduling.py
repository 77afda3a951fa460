"""``gochim schedule``: a crontab line or a systemd timer that runs the crawl, printed, installed or removed."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path

import click

from cli import printing
from cli.options import DOCUMENT, Place, archive_option, at_home, format_option
from storage.errors import SettingsError
from storage.records import KST

DEFAULT_TIMES = "07:10,11:10,15:10,19:10"


class Times(click.ParamType[tuple[time, ...]]):
    """Times of day parted by commas."""

    name = "times"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[time, ...]:
        """Read the times or refuse them."""
        if isinstance(value, tuple):
            return value
        try:
            found = {datetime.strptime(one.strip(), "%H:%M").time() for one in str(value).split(",")}  # noqa: DTZ007
        except ValueError:
            self.fail(f"{value!r} is no list of times of day; write it like {DEFAULT_TIMES} (Korean time).", param, ctx)
        return tuple(sorted(found))


@click.command(short_help="Print or install a crontab line or a systemd timer.")
@click.option(
    "--times", type=Times(), default=DEFAULT_TIMES, show_default=True, metavar="T", help="When to run, Korean time."
)
@click.option("--systemd", is_flag=True, help="A user timer of systemd instead of a crontab line.")
@click.option("--install", "deed", flag_value="install", help="Put it in place.")
@click.option("--remove", "deed", flag_value="remove", help="Take out what --install put in place for this archive.")
@format_option(*DOCUMENT)
@archive_option
def schedule(place: Place, *, times: tuple[time, ...], systemd: bool, deed: str | None, style: str) -> None:
    """Print a crontab line or systemd timer that crawls by itself, or install it.

    \b
    Example: gochim schedule --systemd --install
    """
    if deed != "remove":
        place.watch()  # What cannot run now is not scheduled.
    command = [_program(), "--archive", str(place.archive.root.resolve()), "-q", "crawl"]
    if any(not one.isprintable() for one in command):
        raise SettingsError(f"{command[2]!r} holds characters that no crontab or unit can; move the archive.")
    told = _by_systemd(command, times, deed) if systemd else _by_cron(command, times, deed)
    shape = {"by": "systemd" if systemd else "cron", "command": command, "deed": deed, "said": told}
    shape["times"] = [f"{one:%H:%M}" for one in times]
    if not printing.document(style, shape) and (deed is None or not place.quiet):
        printing.data(told)


def _program() -> str:
    """Give the absolute path of the command that is running."""
    called = Path(sys.argv[0])
    beside = Path(sys.executable).with_name("gochim")
    found = called if called.name == "gochim" and called.is_file() else beside if beside.is_file() else None
    chosen = str(found) if found else shutil.which("gochim")
    if chosen is None:
        raise SettingsError("The command gochim is not installed, so it cannot be scheduled. Install it: pip install .")
    return os.path.abspath(chosen)  # noqa: PTH100  # a link stays a link: an upgrade may move what it leads to


# --- cron


def crontab(command: Sequence[str], times: tuple[time, ...], today: datetime) -> str:
    """Give the lines for a crontab, in the machine's own time.

    Debian's cron knows no ``CRON_TZ`` (crontab(5), "Limitations"), so that the times are turned into those of the
    machine, as they are today; a run at start-up makes up for those that were missed while it was off.

    Args:
        command: Program and arguments.
        times: When to run, Korean time.
        today: Any time of the day for which the times are turned, in the machine's zone.
    """
    # A bare % ends the command for cron, whatever quotes stand around it.
    line = shlex.join(command).replace("%", "\\%")
    by_minute: dict[int, list[int]] = defaultdict(list)
    for one in times:
        there = datetime.combine(today.astimezone(KST), one, KST).astimezone(today.tzinfo)
        by_minute[there.minute].append(there.hour)
    begin, end = _marks(command[2])
    korean = ", ".join(f"{one:%H:%M}" for one in times)
    lines = [
        f"{minute} {','.join(str(hour) for hour in sorted(hours))} * * * {line}"
        for minute, hours in sorted(by_minute.items())
    ]
    return "\n".join(
        [begin, f"# {korean} in Korea, as long as this machine keeps its time zone", *lines, f"@reboot {line}", end]
    )


def _marks(archive: str) -> tuple[str, str]:
    return f"# gochim {archive}: begin", f"# gochim {archive}: end"


def without(table: str, archive: str) -> str:
    """Give a crontab without the lines of an archive; all others stay as they are."""
    begin, end = _marks(archive)
    kept: list[str] = []
    inside = False
    # By line feeds alone, as cron reads it: a form feed or a carriage return in a line is part of it.
    for line in table.removesuffix("\n").split("\n") if table else []:
        if line == begin:
            inside = True
        elif line == end and inside:
            inside = False
        elif not inside:
            kept.append(line)
    if inside:
        raise SettingsError(f"The crontab has {begin!r} without its end. Mend it with: crontab -e")
    return "".join(f"{line}\n" for line in kept)


def _by_cron(command: list[str], times: tuple[time, ...], deed: str | None) -> str:
    lines = crontab(command, times, datetime.now().astimezone())
    if deed is None:
        return lines
    before = _crontab("-l", may_fail=True)
    after = without(before, command[2])
    if deed == "install":
        after += f"{lines}\n"
    if after != before:
        _crontab("-", given=after)
    return "Installed in the crontab; see it with: crontab -l" if deed == "install" else "Not in the crontab any more."


def _crontab(argument: str, *, given: str | None = None, may_fail: bool = False) -> str:
    return _run(["crontab", argument], "cron", given=given, may_fail=may_fail)


def _run(words: list[str], what: str, *, given: str | None = None, may_fail: bool = False) -> str:
    """Run a program of the system.

    Raises:
        SettingsError: It is not there or refuses.
    """
    program = shutil.which(words[0])
    if program is None:
        raise SettingsError(f"There is no {words[0]} here. Install {what}, or print the lines without --install.")
    # As bytes: what of a crontab is not UTF-8, as a comment in EUC-KR, goes back as it came, and so do its line ends.
    asked = given.encode("utf-8", "surrogateescape") if given is not None else None
    done = subprocess.run([program, *words[1:]], input=asked, capture_output=True, check=False)  # noqa: S603
    if done.returncode == 0:
        return done.stdout.decode("utf-8", "surrogateescape")
    said = done.stderr.decode("utf-8", "replace").strip()
    # Of a user who has none yet, crontab says so and fails.
    if may_fail and "no crontab for" in said:
        return ""
    raise SettingsError(f"{' '.join(words)} failed: {said or done.returncode}. Nothing was changed by it.")


# --- systemd


def units(command: Sequence[str], times: tuple[time, ...]) -> dict[str, str]:
    """Give the units by file name: a service that crawls once and the timer that starts it.

    Args:
        command: Program and arguments.
        times: When to run, Korean time, which systemd itself keeps.
    """
    name = f"gochim-{hashlib.sha256(command[2].encode()).hexdigest()[:8]}"
    about = command[2].replace("%", "%%")
    when = "".join(f"OnCalendar=*-*-* {one:%H:%M}:00 Asia/Seoul\n" for one in times)
    return {
        f"{name}.service": (
            f"[Unit]\nDescription=gochim crawl into {about}\n"
            "Wants=network-online.target\nAfter=network-online.target\n\n"
            # 4: another run holds the lock, and does what this one would.
            f"[Service]\nType=oneshot\nExecStart={' '.join(map(unit_word, command))}\nSuccessExitStatus=4\n"
        ),
        f"{name}.timer": (
            f"[Unit]\nDescription=gochim crawl into {about}, by the clock of Korea\n\n"
            # Runs missed while the machine was off are made up for by one.
            f"[Timer]\n{when}Persistent=true\n\n[Install]\nWantedBy=timers.target\n"
        ),
    }


def unit_word(word: str) -> str:
    """Quote one word of ``ExecStart=`` (systemd.service(5), "Command lines"; systemd.syntax(7), "Quoting")."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'


def _by_systemd(command: list[str], times: tuple[time, ...], deed: str | None) -> str:
    found = units(command, times)
    home = Path(os.environ.get("XDG_CONFIG_HOME") or at_home(Path("~/.config"), "systemd")) / "systemd" / "user"
    timer = next(name for name in found if name.endswith(".timer"))
    if deed is None:
        return "\n".join(f"# {home / name}\n{text}" for name, text in found.items()).rstrip()
    if deed == "install":
        home.mkdir(parents=True, exist_ok=True)
        before = {name: (home / name).read_bytes() if (home / name).exists() else None for name in found}
        for name, text in found.items():
            (home / name).write_text(text, encoding="utf-8")
        try:
            _run(["systemctl", "--user", "daemon-reload"], "systemd")
            _run(["systemctl", "--user", "enable", "--now", timer], "systemd")
        except SettingsError:
            _put_back(home, before)
            raise
        return f"Installed as {timer}; to have it run while you are logged out: loginctl enable-linger"
    if (home / timer).exists():
        _run(["systemctl", "--user", "disable", "--now", timer], "systemd")
        for name in found:
            (home / name).unlink(missing_ok=True)
        _run(["systemctl", "--user", "daemon-reload"], "systemd")
    return f"{timer} is not installed any more."


def _put_back(home: Path, before: dict[str, bytes | None]) -> None:
    """Leave units as they were: left behind, they would run from the next login on, or be taken for installed."""
    for name, text in before.items():
        if text is None:
            (home / name).unlink()
        else:
            (home / name).write_bytes(text)
