"""What to watch and how: the settings in ``gochim.toml``, read, checked and written."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, NoReturn

from crawler.alert_targets import EXAMPLE, Target, read_targets
from crawler.setting_checks import Check, are_sections, is_key, is_loopback, is_ping, weight
from crawler.setting_keys import KEYS
from crawler.spans import no_time_between, span
from storage.command_line import gochim
from storage.errors import SettingsError
from storage.records import KST


def check_option(name: str, value: str) -> None:
    """Refuse what an option named like a setting gives for it.

    Raises:
        SettingsError: The setting cannot be that.
    """
    key = next(one for one in KEYS if one.field == name)
    if message := key.check(value):
        raise SettingsError(f"--{name} {message} (it is {value!r}).")


def check_sections(names: Iterable[str]) -> None:
    """Refuse sections that are not in the catalogue.

    Raises:
        SettingsError: One is not; the message names those there are.
    """
    if message := are_sections(list(names)):
        raise SettingsError(f"--section {message}.")


def parted(text: str, option: str) -> tuple[str, ...]:
    """Read the names that an option gives, parted by commas; none where it is not given.

    Raises:
        SettingsError: It names none: what is meant is not all there are.
    """
    found = tuple(one.strip() for one in text.split(",") if one.strip())
    if text and not found:
        raise SettingsError(f"{option} {text} names nothing; write what is meant, or leave it out.")
    return found


def day(text: str, option: str) -> date | None:
    """Read a day that an option gives, of a longer time ``--until`` its last day and others its first; None for none.

    Raises:
        SettingsError: It is no day.
    """
    if not text:
        return None
    try:
        found = span(text)
        return (found.last if option == "--until" else found.begin).astimezone(KST).date()
    except ValueError as error:
        raise SettingsError(f"{option} {text} is no day; write it like 2026-09-01.") from error


def period(since: str, until: str, setting: date | None) -> tuple[date | None, date | None]:
    """Read the first and the last day of publication that options give; without ``--since`` the setting's is the first.

    Raises:
        SettingsError: One is no day, or no day lies between them.
    """
    first, last = day(since, "--since") or setting, day(until, "--until")
    if first and last and first > last:
        begin = f"--since {since}" if since else f"portal.since of the settings ({first})"
        raise no_time_between(begin, f"--until {until}")
    return first, last


def is_rep_code(text: str) -> bool:
    """Say whether a ministry is named by its ``repCode`` (A00015)."""
    return re.fullmatch(r"[A-Z]\d{5}", text) is not None


@dataclass(frozen=True, slots=True)
class Watch:
    """The settings of an archive, checked. Field names are the keys of ``gochim.toml``."""

    url: str
    contact: str
    sections: tuple[str, ...]
    ministries: tuple[str, ...]
    keywords: tuple[str, ...]
    since: date | None
    delay: float
    concurrency: int
    max_requests: int
    daily_requests: int
    max_minutes: float
    max_bytes: int
    attachments: bool
    images: bool
    max_images: int
    full_fetch_hours: float
    sitemap: bool
    api_key: str = field(repr=False)
    api_url: str
    api_services: tuple[str, ...]
    api_daily_calls: int
    removal_checks: int
    removal_days: float
    least_chance: float
    every_days: float
    importance: tuple[str, ...]
    report_formats: tuple[str, ...]
    report_language: Literal["ko", "en"]
    report_days: int
    report_keep: int
    report_csv_bom: bool
    report_url: str
    alerts_language: Literal["ko", "en"]
    alerts_max_length: int
    alerts_silent_hours: float
    alerts_blind_share: float
    alerts_ping: str = field(repr=False)
    log_file: str
    log_rotate: Literal["size", "day", "week"]
    log_max_size: int
    log_keep: int
    metrics_textfile: str
    tsa: str
    targets: tuple[Target, ...] = ()

    @property
    def weights(self) -> tuple[tuple[str, float], ...]:
        """What counts how many times the rest."""
        return tuple(found for one in self.importance if (found := weight(one)) is not None)

    @property
    def on_loopback(self) -> bool:
        """Whether the portal is a replica on this machine."""
        return is_loopback(self.url)


def load(path: Path) -> Watch:
    """Read and check ``gochim.toml``.

    Raises:
        SettingsError: It is absent, is not TOML, or a key is unknown or off; the message names file, line and key.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # Some editors put a byte order mark first.
    except FileNotFoundError as error:
        raise SettingsError(
            f"There are no settings at {path}. Write them with: {gochim('init', '--archive', str(path.parent))}"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read ({error}). It must be a UTF-8 text file.") from error
    return read(text, path)


def read(text: str, path: Path) -> Watch:
    """Read and check the text of ``gochim.toml``, which stands or is to stand at ``path``.

    Raises:
        SettingsError: As :func:`load`.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{path} is not valid TOML: {error}. Mend that line, or move the file away and write it anew with: "
            + gochim("init")
        ) from error
    except RecursionError as error:
        raise SettingsError(
            f"{path} nests too deep to be settings. Move it away and write it anew with: {gochim('init')}"
        ) from error
    return _checked(tables, path, text)


def _checked(tables: Mapping[str, Any], path: Path, text: str) -> Watch:
    known = {(key.table, key.name): key for key in KEYS}
    values = {key.field: key.default for key in KEYS}
    for table, entries in tables.items():
        if not isinstance(entries, dict):
            _refuse(path, text, "", table, f"is no table of settings; there are {_tables()}")
        for name, value in entries.items():
            if (table, name) == ("alerts", "target"):
                values["targets"], wrong = read_targets(value)
                if wrong:
                    _refuse(path, text, "alerts" if wrong[0] == "target" else "alerts.target", *wrong)
                continue
            key = known.get((table, name))
            if key is None:
                _refuse(path, text, table, name, f"is not a setting; {_there_are(table)}")
            if message := key.check(value):
                _refuse(path, text, table, name, message if key.secret else f"{message} (it is {value!r})")
            values[key.field] = value
    if values["delay"] < 1 and not is_loopback(values["url"]):
        _refuse(path, text, "crawl", "delay", "must be at least 1 second for a portal that is not on loopback")
    values["api_key"] = values["api_key"] or _given("GOCHIM_SERVICE_KEY", is_key)
    values["alerts_ping"] = values["alerts_ping"] or _given("GOCHIM_PING", is_ping)
    since = values["since"]
    values["since"] = date.fromisoformat(since) if isinstance(since, str) and since else since or None
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return Watch(**fields)


def _there_are(table: str) -> str:
    """Name the settings of a table, or the tables where there is no such one."""
    names = ", ".join(one.name for one in KEYS if one.table == table)
    return f"[{table}] has {names}" if names else f"there is no [{table}], but there are {_tables()}"


def _tables() -> str:
    return ", ".join(dict.fromkeys(f"[{key.table}]" for key in KEYS))


def _given(variable: str, check: Check) -> str:
    """Read a secret from the environment.

    Raises:
        SettingsError: It is none; what it is, is not said.
    """
    secret = os.environ.get(variable, "").strip()
    if message := check(secret):
        raise SettingsError(f"${variable} {message}.")
    return secret


def _refuse(path: Path, text: str, table: str, name: str, message: str) -> NoReturn:
    """Say in which file and line which key is off.

    Raises:
        SettingsError: Always.
    """
    here, line = "", 0
    for number, content in enumerate(text.split("\n"), start=1):  # as TOML counts lines; U+2028 ends none
        if found := re.match(r"\s*\[+\s*([\w.-]+)\s*\]+", content):
            here = found.group(1)
        # "delay = 0" in its table, "crawl.delay = 0" or "crawl = { delay = 0 }" before any
        inside = rf"[\"']?{re.escape(name)}[\"']?\s*[=.]"
        before = rf"\s*{re.escape(table)}\s*(?:\.|=.*[{{,])\s*{inside}" if table else rf"\s*\[+\s*{re.escape(name)}\b"
        if (here == table and re.match(rf"\s*{inside}", content)) or re.match(before, content):
            line = line or number
    where = f"{path}, line {line}" if line else str(path)
    raise SettingsError(f"{where}: {table + '.' if table else ''}{name} {message}.")


def written(**given: object) -> str:
    """Give the text of a commented ``gochim.toml``, every key at its default but for those given."""
    lines = ["# gochim: what to watch and how. Every key may be left out; it then has the value shown here.", ""]
    table = ""
    for key in KEYS:
        if key.table != table:
            table = key.table
            lines += [f"[{table}]"]
        value = given.get(key.field, key.default)
        lines += [f"# {key.meaning}", f"{key.name} = {_toml(value)}", ""]
    return "\n".join(lines) + "\n" + EXAMPLE


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's escapes are TOML's too.
    return '""' if value is None else str(value)


@cache
def software() -> str:
    """Name this program and its version, as WARC files and the User-Agent say it."""
    try:
        return f"gochim/{version('gochim')}"
    except PackageNotFoundError:
        return "gochim/0"


def settings_digest(watch: Watch) -> str:
    """Digest the settings but for what is secret: ``sha256:`` and hex."""
    told = {key.field: getattr(watch, key.field) for key in KEYS if not key.secret}
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def user_agent(watch: Watch) -> str:
    """Say honestly who asks and how to reach them."""
    contact = f"; {watch.contact}" if watch.contact else ""
    return f"{software()} (archive of corrections{contact})"
