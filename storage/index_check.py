"""Hold index files against the WARC files that they are of: what is missing, out of order or points elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from storage.archive import Archive
from storage.cdxj import finished_warcs, index_directory, opened_index, parts_of, told
from storage.command_line import gochim


def stray_indexes(archive: Archive) -> list[str]:
    """Say in sentences which index files belong to no WARC file of the archive."""
    directory = index_directory(archive)
    known = {path.name for path in finished_warcs(archive)}
    known |= {path.name.removesuffix(".open") for path in archive.warcs.glob("*.open")}
    own = {path for name in known for path in parts_of(directory, name)}
    return [
        f"index/{index.name} belongs to no WARC file of the archive; put {index.stem} back or remove it."
        for index in sorted(set(directory.glob("*.cdxj")) - own)
    ]


def check_index(path: Path, archive: Archive, true: Iterable[str] | None) -> list[str]:
    """Compare the index of a finished WARC file with that and say in sentences what disagrees.

    Args:
        path: The WARC file.
        archive: The archive.
        true: The lines that :func:`storage.cdxj.cdxj_of` gives for it; None where it breaks off, which others tell of.
    """
    indexes = parts_of(index_directory(archive), path.name)
    if not indexes:
        return [f"index/{path.name}.cdxj is missing: {path.name} cannot be replayed. Run `{gochim('rebuild')}`."]
    said: list[str] = []
    held: set[str] = set()
    for index in indexes:
        with opened_index(index) as file:
            lines = list(file)
        fault = next((number for number in range(1, len(lines)) if lines[number - 1] > lines[number]), None)
        if fault is not None:
            said.append(
                f"index/{index.name}, line {fault + 1:,}: not in order, so lookups miss what is there. "
                f"Run `{gochim('rebuild')}`."
            )
        held |= set(lines)
    if true is None:
        return said
    return [*said, *_differences(f"index/{path.name}.cdxj", path.name, set(true), held)]


def _differences(index: str, warc: str, true: set[str], held: set[str]) -> list[str]:
    """Say what is missing, extra, or points elsewhere; a line with the same key and time is the same capture."""
    missing, extra = sorted(true - held), sorted(held - true)
    said, again = [], f"Run `{gochim('rebuild')}`."
    wrong = {_capture_in(line): line for line in extra}
    for line in missing:
        other = wrong.pop(_capture_in(line), None)
        where = f"the capture of {told(line, 'url')} at byte {told(line, 'offset')} of {warc}"
        if other is None:
            said.append(f"{index}: {where} is missing. {again}")
        elif told(other, "offset") != told(line, "offset"):
            said.append(f"{index}: {where} is said to stand at byte {told(other, 'offset')}. {again}")
        else:
            said.append(f"{index}: {where} is described otherwise than it is. {again}")
    said += [
        f"{index}: a line for {told(line, 'url')} at byte {told(line, 'offset')} points at no capture of {warc}. "
        + again
        for line in wrong.values()
    ]
    return said


def _capture_in(line: str) -> str:
    return " ".join(line.split(" ", 2)[:2])
