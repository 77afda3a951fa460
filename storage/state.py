"""What the crawler remembers between runs: ``state.json``, which may be deleted at the cost of asking again.

Nothing here is evidence and nothing of it is rebuilt: how far a walk came, how many calls were made today, when the
host may be asked again. A file that is missing, torn or of another program is an empty memory, never a failed run.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from storage.whole_files import written_whole

logger = logging.getLogger(__name__)

FORMAT = 1
"""Raised when a part changes its shape; a file of another format is read as empty."""
_LARGEST = 16 * 1024 * 1024
"""Bytes; a larger file was not written here."""


class State:
    """The parts of ``state.json`` by name, each a JSON object that its owner alone reads and writes.

    Args:
        path: The file; see :meth:`load`.
        parts: What it held.
    """

    def __init__(self, path: Path, parts: dict[str, dict[str, Any]] | None = None) -> None:
        self.path = path
        self._parts = parts or {}
        self._saved = ""
        self.unsaved = ""
        """Why the memory could not be kept, in a sentence; empty while it could."""

    @classmethod
    def load(cls, path: Path) -> State:
        """Read the file, or begin with an empty memory and say why in a warning."""
        try:
            if path.stat().st_size > _LARGEST:
                return cls._empty(path, "is too large")
            told = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls(path)
        except OSError as error:
            return cls._empty(path, f"cannot be read ({error.strerror or error})")
        except (ValueError, RecursionError):  # torn, not UTF-8, or nested beyond sense
            return cls._empty(path, "is no JSON")
        if not isinstance(told, dict) or told.get("format") != FORMAT or not isinstance(told.get("parts"), dict):
            return cls._empty(path, "was not written by this version of gochim")
        return cls(path, {name: part for name, part in told["parts"].items() if isinstance(part, dict)})

    @classmethod
    def _empty(cls, path: Path, why: str) -> State:
        logger.warning("%s %s; what earlier runs remembered is asked for again", path, why)
        return cls(path)

    def part(self, name: str) -> dict[str, Any]:
        """Give the part ``name``, empty at first. What is changed in it is kept by the next :meth:`save`.

        Its values may be of any JSON type, whatever was expected: whoever reads a part checks what it finds.
        """
        return self._parts.setdefault(name, {})

    def save(self) -> None:
        """Write the file anew where it would say something else, whole or not at all.

        A disk that takes nothing more is only warned of.
        """
        text = json.dumps(
            {"format": FORMAT, "parts": {name: part for name, part in sorted(self._parts.items()) if part}},
            ensure_ascii=False,
            indent=1,
            sort_keys=True,
        )
        if text == self._saved:
            return  # Several save at the end of a run, and to be sure of the disk takes a while.
        try:
            with written_whole(self.path) as file:
                # Half a surrogate pair becomes its JSON escape.
                file.write(f"{text}\n".encode(errors="backslashreplace"))
        except OSError as error:
            self._saved = ""
            self.unsaved = f"{self.path} cannot be written ({error.strerror or error}); the next run asks again."
        else:
            self._saved = text
