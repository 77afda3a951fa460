"""The matrix as a page: written from verdicts, and read back so that a test can hold it against a fresh run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.fidelity.judge import EXACT, Verdict
from benchmarks.fidelity.situations import GROUPS, SITUATIONS

Matrix = Mapping[str, Mapping[str, Verdict]]
"""Column, then situation, then verdict."""
DIRECTIONS = {"response": "What the server sent", "request": "What the client sent"}

_HEAD = """# What crosses the wire, and what archives keep of it

Each row is one thing that a server or a client can say. A raw socket server of the test suite says it, byte for
byte as scripted, and notes byte for byte what it was asked; each program makes the same requests of it and writes WARC
files; one judge reads those files without a WARC library and compares. **exact** means that the record's block is what
crossed the socket, to the byte, that a cut answer is marked `WARC-Truncated` with the right reason, and that a whole
one is not. Everything else is said in a word. Every program answers for its own requests: they are compared with what
the server received from it. A body ends where its framing says (RFC 9112, 6.3); bytes that follow may be kept or not.

This page is written by `make bench-fidelity`. The test suite makes gochim's column anew at every run, with the
product's own settings, download handler and WARC writer, and fails when this page says anything else.
"""

_WORDS = """## The words

- *first line*: status line or request line differ (a reason phrase made up, a version or a query string lost).
- *header case*, *order*, *spacing*, *unfolded*, *header bytes*, *line ends*: the lines are there, not as they came.
- *... dropped*, *repeats merged or dropped*, *header added*: lines are missing or were never sent.
- *de-chunked*: chunk framing, its extensions and trailer fields are gone; *decoded*: so is the content coding.
- *body lost*, *body cut short*, *body changed*, *chunk framing*, *end of chunk framing lost*: what is left of the body.
- *interim answer lost*: a 1xx answer left no trace in the archive; *interim answer taken for the answer*: nothing else
  did.
- *truncation unmarked*: the answer broke off and the record does not say so; *truncation called ...*: it says something
  else than what happened; *marked truncated, is whole*.
- *revisit's cut unmarked*: no `WARC-Truncated: length` on a revisit without payload (WARC/1.1, 6.7.2).
- *wrongly a revisit*: the record says that its payload was captured before, and it was not; the bytes are lost.
- *header made up*: a header block stands before a page that had none.
- *missing*: no record; *n of m missing*: fewer records than exchanges; *refused*: the request was never sent.
"""


def render(matrix: Matrix, versions: Mapping[str, str], footer: str) -> str:
    """Write the page.

    Args:
        matrix: The verdicts; its columns are those of the page.
        versions: What each column ran.
        footer: Further sections, Markdown.
    """
    parts = [_HEAD]
    for direction, heading in DIRECTIONS.items():
        parts.append(f"## {heading}\n\n" + table(matrix, direction))
    parts.append(_WORDS)
    ran = "\n".join(f"- {name}: {version}" for name, version in versions.items())
    parts.append(f"## What was run\n\n{ran}\n\n{_HOW}")
    return "\n".join([*parts, footer])


_HOW = """\
Wget makes one call for each row; capture_http is used with requests; warcprox and pywb record as proxies between the
servers and Python's http.client, each with a proxy's freedom to speak to the server in its own way. Redirects and
retries are off for all peers, their timeouts are 4 seconds where they have one, and they do not check certificates.
warcprox refuses loopback addresses unless its class attribute `allow_localhost` is set, and refuses a server for a
minute after an answer that made no sense to it; both are switched off here. scrapy-webarchive runs on the newest Scrapy
it admits.

`make bench-fidelity` makes the page again; it installs the peers on first use but Wget, which is Debian's.
`python -m benchmarks.fidelity --peers none` prints gochim's column alone, `--peers wget,warcprox` those two beside it.
"""


def table(matrix: Matrix, direction: str) -> str:
    """Write the table of one direction, rows in groups, the count of exact cells last."""
    columns = list(matrix)
    lines = [_row(["", *columns]), _row(["---"] * (len(columns) + 1))]
    for group, situations in GROUPS.items():
        lines.append(_row([f"**{group}**", *[""] * len(columns)]))
        lines += [
            _row([one.means, *(matrix[name][one.name].cell(direction) for name in columns)]) for one in situations
        ]
    counts = [sum(matrix[name][one.name].cell(direction) == EXACT for one in SITUATIONS) for name in columns]
    lines.append(_row(["**exact**", *(f"**{count} of {len(SITUATIONS)}**" for count in counts)]))
    return "\n".join(lines) + "\n"


def column(page: str, name: str) -> dict[str, dict[str, str]]:
    """Read one column's cells back from a page: direction, then the row's words, then the cell."""
    found: dict[str, dict[str, str]] = {}
    for direction, heading in DIRECTIONS.items():
        rows = [
            _cells(line) for line in page.partition(f"## {heading}\n")[2].partition("\n## ")[0].splitlines() if line
        ]
        place = rows[0].index(name)
        found[direction] = {row[0]: row[place] for row in rows[2:] if row[place] and not row[0].startswith("**")}
    return found


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
