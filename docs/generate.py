"""Write the pages that are made from the program, so that they cannot say anything else."""

from __future__ import annotations

import ast
from pathlib import Path

from cli.probe_page import probe_page
from cli.reference import reference

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("crawler", "storage", "diffing", "cli", "replica")

_HEAD = """# Architecture

Data flows one way, imports point down: fetch -> WARC record -> capture -> article -> version -> change -> report.

1. **Data flows one way.** Nothing to the left knows of what stands to its right.
2. **The WARC is the truth.** Everything to its right can be thrown away and rebuilt from it, to the same digest.
3. **A parser change must never look like an article change.** When the extractor changes, old captures are read again
   first.
4. **The past is append-only.** A new page template is a new layout with its own `since`; nothing old is edited.
5. **A section of the portal is one file.**

Who may import whom is checked by import-linter (`.importlinter`). The captions below are the modules' own first
sentences; this page is written by `make docs` and a test keeps it true.
"""


def caption(path: Path) -> str:
    """Give the first sentence of a module's docstring."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def architecture() -> str:
    """Give the page of rooms and captions."""
    parts = [_HEAD]
    for room in ROOMS:
        parts.append(f"\n## {room}/\n")
        parts += [
            f"- `{path.relative_to(ROOT).as_posix()}` {said}"
            for path in sorted((ROOT / room).rglob("*.py"))
            if (said := caption(path))
        ]
    return "\n".join(parts) + "\n"


PAGES = {"architecture.md": architecture, "commands.md": reference, "probe.md": probe_page}


def main() -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (ROOT / "docs" / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
