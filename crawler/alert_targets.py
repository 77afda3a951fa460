"""Who is to be told of changes: the ``[[alerts.target]]`` tables of ``gochim.toml``, each with filters of its own."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from crawler.setting_checks import Check, are_sections, is_flag, is_text, is_texts
from storage.errors import SettingsError
from storage.records import CHANGE_KINDS, DISCLOSURES, LABELS, WEIGHTS


@dataclass(frozen=True, slots=True)
class Target:
    """One receiver of alerts; an empty filter lets everything through."""

    name: str
    url: str = field(default="", repr=False)
    url_env: str = ""
    url_file: str = ""
    send: str = "digest"
    alarms: bool = True
    min_weight: str = "cosmetic"
    labels: tuple[str, ...] = ()
    ministries: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    def address(self) -> str:
        """Give the Apprise address, which holds secrets, from where the settings say it stands.

        Raises:
            SettingsError: It is not there; no part of an address is ever repeated.
        """
        where = f"alerts.target {self.name}"
        if self.url_env:
            found = os.environ.get(self.url_env, "").strip()
            missing = f"{where}: ${self.url_env} is not set. Set it where gochim runs, or name another url_env."
        elif self.url_file:
            try:
                found = Path(self.url_file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"{where}: {self.url_file} cannot be read ({type(error).__name__}).") from error
            missing = f"{where}: {self.url_file} is empty. Write the address into it."
        else:
            found, missing = self.url, f"{where} has no url."
        if not found:
            raise SettingsError(missing)
        return found


def _one_of(*choices: str) -> Check:
    said = f"must be one of {', '.join(choices)}"
    return lambda value: None if value in choices else said


def _some_of(*choices: str) -> Check:
    def check(value: Any) -> str | None:
        if message := is_texts(value):
            return message
        unknown = [one for one in value if one not in choices]
        return f"has {', '.join(unknown)}, and there are {', '.join(choices)}" if unknown else None

    return check


def _is_address(value: Any) -> str | None:
    # slack://token/#desk; mailtos://user:password@example.org
    good = isinstance(value, str) and value.isprintable() and re.match(r"[a-z][a-z0-9+.-]*://\S", value)
    return None if good else "must be an address of Apprise, such as mailtos:// or slack://"


def _is_name(value: Any) -> str | None:
    good = isinstance(value, str) and re.fullmatch(r"[\w-]{1,40}", value)
    return None if good else "must be a word of letters, digits, - and _"


_CHECKS: Mapping[str, Check] = {
    "name": _is_name,
    "url": _is_address,
    "url_env": is_text,
    "url_file": is_text,
    "send": _one_of("digest", "each"),
    "alarms": is_flag,
    "min_weight": _one_of(*WEIGHTS),
    "labels": _some_of(*LABELS),
    "ministries": is_texts,
    "keywords": is_texts,
    "disclosures": _some_of(*DISCLOSURES),
    "kinds": _some_of(*CHANGE_KINDS),
    "sections": are_sections,
}

EXAMPLE = f"""# Who is told of changes, one table for each; needs: pip install 'gochim[alerts]'.
# Try it with: gochim alerts test
# An address is any of Apprise (https://github.com/caronc/apprise): mail, Slack, Telegram, webhooks and many more. Give
# each receiver a table of its own: what one of several in an address has missed is sent again to all of them.
# [[alerts.target]]
# name = "desk"
# url_env = "GOCHIM_DESK"       # the variable that holds the address; or url_file = "/etc/gochim/desk", or url = "..."
# send = "digest"               # one message a run; "each" sends one message a change
# alarms = true                 # also when the watch itself fails
# min_weight = "substance"      # {", ".join(WEIGHTS)}
# labels = ["money", "percent"] # any of these; see docs/labels.md
# ministries = []               # by name or repCode
# keywords = []                 # in the title or in what was changed
# disclosures = ["silent"]      # {", ".join(DISCLOSURES)}
# kinds = []                    # {", ".join(CHANGE_KINDS)}
# sections = []
"""


def read_targets(tables: Any) -> tuple[tuple[Target, ...], tuple[str, str] | None]:
    """Read the tables; give the targets, and None or else the name of a key that is off and what is wrong with it."""
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        return (), ("target", "must be written as tables [[alerts.target]]")
    found: list[Target] = []
    for table in tables:
        for name, value in table.items():
            check = _CHECKS.get(name)
            if check is None:
                return (), (
                    name,
                    f"is not a setting; [[alerts.target]] has {', '.join(one.name for one in fields(Target))}",
                )
            if message := check(value):
                return (), (name, message)
        if "name" not in table:
            return (), ("target", "has no name")
        if sum(bool(table.get(one)) for one in ("url", "url_env", "url_file")) != 1:
            return (), ("name", f'"{table["name"]}" needs one of url, url_env and url_file')
        if any(one.name == table["name"] for one in found):
            return (), ("name", f'"{table["name"]}" stands there twice')
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in table.items()
        }
        found.append(Target(**given))
    return tuple(found), None
