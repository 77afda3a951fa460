"""What to watch and how: the settings in ``gochim.toml``, each with a default, a meaning and a check.

One table describes every key; the commented file that ``gochim init`` writes, the checks and the defaults all come
from it, so none of them can say anything else.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from unicodedata import category
from urllib.parse import urlsplit

from crawler import open_api
from crawler.portal import REAL
from crawler.sections import SECTIONS
from storage.errors import SettingsError

Check = Callable[[Any], str | None]
"""Gives a sentence that says what is wrong with a value, None when nothing is."""


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: where it stands, its default, what it means, how it is checked, whether it is never repeated."""

    table: str
    name: str
    default: Any
    meaning: str
    check: Check
    secret: bool = False

    @property
    def field(self) -> str:
        """The name of the field of :class:`Watch` that holds it: ``api_url`` is not the portal's ``url``."""
        return f"{self.table}_{self.name}" if self.table == "api" else self.name


def _is_url(value: Any) -> str | None:
    wrong = 'must be an address such as "https://www.korea.kr"'
    if not isinstance(value, str) or any(one.isspace() or not one.isprintable() for one in value):
        return wrong
    try:
        parts = urlsplit(value)
        known = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:  # a broken port or IPv6 host
        return wrong
    if not known or parts.username is not None:
        return wrong
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        return "must name the portal alone, without a path"
    return None


def _is_service_base(value: Any) -> str | None:
    if _is_url(value) not in {None, "must name the portal alone, without a path"}:
        return f'must be an address such as "{open_api.REAL}"'
    if urlsplit(value).query or urlsplit(value).fragment:
        return "must have no query"
    safe = urlsplit(value).scheme == "https" or is_loopback(value)
    return None if safe else "must be an https address: the key would travel in the open"


def _are_services(value: Any) -> str | None:
    if message := _is_texts(value):
        return message
    good = all(re.fullmatch(r"\w+/\w+", one) for one in value)
    return None if good else f'must be a list of services such as ["{open_api.SERVICES[0]}"]'


def _is_key(value: Any) -> str | None:
    good = isinstance(value, str) and re.fullmatch(r"[!-~]*", value)
    return None if good else "must be the service key as data.go.kr shows it, without spaces"


def _is_text(value: Any) -> str | None:
    good = isinstance(value, str) and not any(category(one) in {"Cc", "Cs", "Zl", "Zp"} for one in value)
    return None if good else "must be one line of text, without control characters"


def _is_texts(value: Any) -> str | None:
    good = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
    return None if good else 'must be a list of texts, such as ["A00015"]'


def _are_sections(value: Any) -> str | None:
    if message := _is_texts(value):
        return message
    unknown = [one for one in value if one not in SECTIONS]
    return f"has no section {', '.join(unknown)}; there are {', '.join(SECTIONS)}" if unknown else None


def _is_day(value: Any) -> str | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return None
    good = value == "" or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) and _parses(value))
    return None if good else 'must be a day such as "2026-09-01", or "" for all that the lists show'


def _parses(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _number(least: float, most: float, *, whole: bool) -> Check:
    kind = "a whole number" if whole else "a number"

    def check(value: Any) -> str | None:
        good = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
        return None if good and least <= value <= most else f"must be {kind} from {least:g} to {most:g}"

    return check


KEYS: tuple[Key, ...] = (
    Key("portal", "url", REAL, "The portal to watch.", _is_url),
    Key(
        "portal", "contact", "",
        "How the portal's operators can reach you: a mail address or a page. It goes into the User-Agent.", _is_text,
    ),
    Key("portal", "sections", list(SECTIONS), "Which sections to watch.", _are_sections),
    Key(
        "portal", "ministries", [],
        "Only articles of these ministries, by repCode (A00015) or by name as printed; empty for all.", _is_texts,
    ),
    Key(
        "portal", "keywords", [],
        "Only articles whose title holds one of these, whatever their text says (for texts, see crawl --query); "
        "empty for all.", _is_texts,
    ),
    Key(
        "portal", "since", "",
        "How far back to look for articles, a day (Korean time); empty for all that the lists show, newest first.",
        _is_day,
    ),
    Key(
        "crawl", "delay", 1.0, "Seconds between two requests; at least 1 for a portal that is not on loopback.",
        _number(0, 3600, whole=False),
    ),
    Key("crawl", "concurrency", 1, "Requests under way at once.", _number(1, 16, whole=True)),
    Key("crawl", "max_requests", 3000, "The most requests one run may make.", _number(1, 10_000_000, whole=True)),
    Key("crawl", "attachments", True, "Fetch the files offered with an article.", _is_flag),  # noqa: FBT003
    Key("crawl", "images", True, "Fetch the pictures of an article.", _is_flag),  # noqa: FBT003
    Key("crawl", "max_images", 30, "The most pictures of one article to fetch.", _number(1, 10_000, whole=True)),
    Key(
        "crawl", "full_fetch_hours", 24,
        "Ask only for what has changed, where the portal allows it (ETag, Last-Modified), but fetch every address "
        "whole at least this often; 0 always fetches whole.", _number(0, 24 * 365, whole=False),
    ),
    Key(
        "crawl", "sitemap", False,  # noqa: FBT003
        "Find articles through the portal's sitemaps too, at most once a day. Without it they are read only where the "
        "lists do not reach back to since.", _is_flag,
    ),
    Key(
        "api", "key", "",
        "The service key of data.go.kr (https://www.data.go.kr/data/15095335/openapi.do), better given as "
        "$GOCHIM_SERVICE_KEY; it is written to no archive, log or message. Empty: the API is not asked.",
        _is_key, secret=True,
    ),
    Key("api", "url", open_api.REAL, "Where the services stand.", _is_service_base),
    Key(
        "api", "services", list(open_api.SERVICES),
        "Which services are asked; pressReleaseService/pressReleaseList is one more, if the key is registered for it.",
        _are_services,
    ),
    Key(
        "api", "daily_calls", 1000, "The most calls of each service a day, Korean time.",
        _number(0, 10_000_000, whole=True),
    ),
    Key(
        "recheck", "removal_checks", 3, "How many looks must find an article absent before it counts as removed ...",
        _number(1, 1000, whole=True),
    ),
    Key(
        "recheck", "removal_days", 2, "... and over how many days these looks must reach.",
        _number(0, 365, whole=False),
    ),
)  # fmt: skip


def check_sections(names: Iterable[str]) -> None:
    """Refuse sections that are not in the catalogue.

    Raises:
        SettingsError: One is not; the message names those there are.
    """
    if message := _are_sections(list(names)):
        raise SettingsError(f"--section {message}.")


def day(text: str, option: str) -> date | None:
    """Read a day that an option gives; None when it gives none.

    Raises:
        SettingsError: It is no day.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise SettingsError(f"{option} {text} is no day; write it like 2026-09-01.") from error


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

    @property
    def on_loopback(self) -> bool:
        """Whether the portal is a replica on this machine."""
        return is_loopback(self.url)


def is_loopback(url: str) -> bool:
    """Say whether an address leads to this machine."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def load(path: Path) -> Watch:
    """Read and check ``gochim.toml``.

    Raises:
        SettingsError: It is absent, is not TOML, or a key is unknown or off; the message names file, line and key.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # Some editors put a byte order mark first.
    except FileNotFoundError as error:
        raise SettingsError(
            f"There are no settings at {path}. Write them with: gochim init --archive {path.parent}"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read ({error}). It must be a UTF-8 text file.") from error
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{path} is not valid TOML: {error}. Mend that line, or write it anew with: gochim init"
        ) from error
    except RecursionError as error:
        raise SettingsError(f"{path} nests too deep to be settings. Write it anew with: gochim init") from error
    return _checked(tables, path, text)


def _checked(tables: Mapping[str, Any], path: Path, text: str) -> Watch:
    known = {(key.table, key.name): key for key in KEYS}
    values = {key.field: key.default for key in KEYS}
    for table, entries in tables.items():
        if not isinstance(entries, dict):
            _refuse(path, text, "", table, f"is no table of settings; there are {_tables()}")
        for name, value in entries.items():
            key = known.get((table, name))
            if key is None:
                names = ", ".join(one.name for one in KEYS if one.table == table)
                _refuse(path, text, table, name, f"is not a setting; [{table}] has {names or 'none'}")
            elif message := key.check(value):
                _refuse(path, text, table, name, message if key.secret else f"{message} (it is {value!r})")
            else:
                values[key.field] = value
    if values["delay"] < 1 and not is_loopback(values["url"]):
        _refuse(path, text, "crawl", "delay", "must be at least 1 second for a portal that is not on loopback")
    values["api_key"] = values["api_key"] or _key_given()
    since = values["since"]
    values["since"] = date.fromisoformat(since) if isinstance(since, str) and since else since or None
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return Watch(**fields)


def _tables() -> str:
    return ", ".join(dict.fromkeys(f"[{key.table}]" for key in KEYS))


def _key_given() -> str:
    """Read the service key from the environment.

    Raises:
        SettingsError: It is none; what it is, is not said.
    """
    key = os.environ.get("GOCHIM_SERVICE_KEY", "").strip()
    if message := _is_key(key):
        raise SettingsError(f"$GOCHIM_SERVICE_KEY {message}.")
    return key


def _refuse(path: Path, text: str, table: str, name: str, message: str) -> None:
    """Raise the error that names file, line and key."""
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
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's escapes are TOML's too.
    return '""' if value is None else str(value)


def software() -> str:
    """Name this program and its version, as WARC files and the User-Agent say it."""
    try:
        return f"gochim/{version('gochim')}"
    except PackageNotFoundError:
        return "gochim/0"


def user_agent(watch: Watch) -> str:
    """Say honestly who asks and how to reach them."""
    contact = f"; {watch.contact}" if watch.contact else ""
    return f"{software()} (archive of corrections{contact})"
