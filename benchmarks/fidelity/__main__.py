"""Fill the matrix: let every archiver make the same requests of the same raw server, and judge what it kept.

Example: python -m benchmarks.fidelity --peers none
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import large_body
from benchmarks.fidelity import page
from benchmarks.fidelity.judge import Verdict, judge
from benchmarks.fidelity.peers import PEERS, ROOT, captured, version_of
from benchmarks.fidelity.situations import SITUATIONS
from benchmarks.fidelity.wire import wire

PAGE = ROOT / "docs" / "capture-matrix.md"


def verdicts(name: str, folder: Path) -> dict[str, Verdict]:
    """Run one archiver against servers of its own and judge every situation."""
    folder.mkdir(parents=True, exist_ok=True)
    with wire(folder) as running:
        records = captured(name, running, folder / "work")
        return {one.name: judge(one, running.received(one), records) for one in SITUATIONS}


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fidelity", description=__doc__)
    parser.add_argument("--peers", default="all", help="names parted by commas, 'all' or 'none' (gochim always runs)")
    parser.add_argument("--keep", type=Path, help="folder for WARC files and logs (default: a temporary one)")
    parser.add_argument("--write", action="store_true", help=f"write docs/{PAGE.name}, the size table included")
    return parser.parse_args()


def main() -> None:
    """Run what was asked for and print or write the page."""
    asked = _asked()
    wanted = {"all": list(PEERS), "none": []}.get(asked.peers, asked.peers.split(","))
    if unknown := set(wanted) - set(PEERS):
        raise SystemExit(f"no archiver is called {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}")
    names = [name for name in PEERS if name in {*wanted, "gochim"}]
    with tempfile.TemporaryDirectory(prefix="fidelity-") as temporary:
        keep = (asked.keep or Path(temporary) / "runs").resolve()
        matrix = {name: verdicts(name, keep / name.replace(" ", "-")) for name in names}
    if not asked.write:
        for direction, heading in page.DIRECTIONS.items():
            print(f"{heading}\n\n{page.table(matrix, direction)}")
        return
    versions = {name: version_of(name) for name in names} | {"Day of the run": f"{datetime.now(UTC):%Y-%m-%d}"}
    PAGE.write_text(page.render(matrix, versions, large_body.section()), encoding="utf-8")


if __name__ == "__main__":
    main()
